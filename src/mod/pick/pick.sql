-- include: mod/pick/pick_int.h

-- name: wave_insert(id i64, number str, by i64, at time) :exec
INSERT INTO wave (id, number, state, created_by, created_at) VALUES (:id, :number, 'open', :by, :at);

-- name: wave_by_id(id i64) :get wave
SELECT id, number, state, created_at FROM wave WHERE id = :id;

-- name: wave_list(before_id i64, n i64) :many wave
SELECT w.id, w.number, w.state, w.created_at, (SELECT COUNT(*) FROM pick p WHERE p.wave_id = w.id) AS picks_n,
       (SELECT COUNT(*) FROM pick p WHERE p.wave_id = w.id AND p.state = 'open') AS open_n
  FROM wave w WHERE w.id < :before_id ORDER BY w.id DESC LIMIT :n;

-- name: pick_insert() :each pick
INSERT INTO pick (id, wave_id, order_id, state, created_at) VALUES (:id, :wave_id, :order_id, :state, :created_at);

-- name: pick_by_id(id i64) :get pick
SELECT p.id, p.version, p.wave_id, p.order_id, p.picker_id, p.shipment_id, p.state, o.number AS order_number, k.name AS customer, o.delivery_date
  FROM pick p JOIN orders o ON o.id = p.order_id JOIN customer k ON k.id = o.customer_id
 WHERE p.id = :id;

-- name: pick_of_wave(wave_id i64) :many pick
SELECT p.id, p.version, p.wave_id, p.order_id, p.picker_id, p.shipment_id, p.state, o.number AS order_number, k.name AS customer, o.delivery_date
  FROM pick p JOIN orders o ON o.id = p.order_id JOIN customer k ON k.id = o.customer_id
 WHERE p.wave_id = :wave_id ORDER BY p.id;

-- name: pick_list_state(state str, after_id i64, n i64) :many pick
SELECT p.id, p.version, p.wave_id, p.order_id, p.picker_id, p.shipment_id, p.state, o.number AS order_number, k.name AS customer, o.delivery_date
  FROM pick p JOIN orders o ON o.id = p.order_id JOIN customer k ON k.id = o.customer_id
 WHERE p.state = :state AND p.id > :after_id ORDER BY p.id LIMIT :n;

-- name: pick_line_insert() :each pick_line
INSERT INTO pick_line (pick_id, line, order_id, order_line, product_id, warehouse, location, lot, quantity)
VALUES (:pick_id, :line, :order_id, :order_line, :product_id, :warehouse, :location, :lot, :quantity);

-- name: pick_lines_of(pick_id i64) :many pick_line
SELECT l.pick_id, l.line, l.order_id, l.order_line, l.product_id, p.sku, p.name, p.base_unit AS unit, p.barcode, l.warehouse, l.location, l.lot,
       s.expires, l.quantity, l.picked, l.short_reason, l.net, l.gross, l.tare, l.crates, l.crate, l.weight_reason,
       o.nominal_kg, p.weight_tolerance,
       COALESCE(u.unit, o.unit) AS case_unit, COALESCE(u.num, o.num) AS num, COALESCE(u.den, o.den) AS den
  FROM pick_line l JOIN product p ON p.id = l.product_id
  JOIN order_line o ON o.order_id = l.order_id AND o.line = l.order_line
  LEFT JOIN product_unit u ON u.product_id = l.product_id AND u.default_sales = 1
  LEFT JOIN stock_lot s ON s.product_id = l.product_id AND s.warehouse = l.warehouse AND s.location = l.location AND s.lot = l.lot
 WHERE l.pick_id = :pick_id ORDER BY l.line;

-- name: pick_line_of(pick_id i64, line i64) :find pick_line
SELECT l.pick_id, l.line, l.order_id, l.order_line, l.product_id, p.sku, p.name, p.base_unit AS unit, p.barcode, l.warehouse, l.location, l.lot,
       l.quantity, l.picked, l.short_reason, l.picked_by, u.name AS picker, o.nominal_kg, p.weight_tolerance
  FROM pick_line l JOIN product p ON p.id = l.product_id LEFT JOIN user_account u ON u.id = l.picked_by
  JOIN order_line o ON o.order_id = l.order_id AND o.line = l.order_line
 WHERE l.pick_id = :pick_id AND l.line = :line;

-- name: pick_lines_of_wave(wave_id i64) :many pick_line
SELECT l.pick_id, l.line, l.order_id, l.order_line, l.product_id, p.sku, p.name, p.base_unit AS unit, p.barcode, l.warehouse, l.location, l.lot,
       s.expires, l.quantity, l.picked, l.short_reason, l.net, l.gross, l.tare, l.crates, l.crate, l.weight_reason,
       o.nominal_kg, p.weight_tolerance,
       COALESCE(u.unit, o.unit) AS case_unit, COALESCE(u.num, o.num) AS num, COALESCE(u.den, o.den) AS den
  FROM pick k JOIN pick_line l ON l.pick_id = k.id JOIN product p ON p.id = l.product_id
  JOIN order_line o ON o.order_id = l.order_id AND o.line = l.order_line
  LEFT JOIN product_unit u ON u.product_id = l.product_id AND u.default_sales = 1
  LEFT JOIN stock_lot s ON s.product_id = l.product_id AND s.warehouse = l.warehouse AND s.location = l.location AND s.lot = l.lot
 WHERE k.wave_id = :wave_id ORDER BY l.pick_id, l.line;

-- name: pick_line_answer() :each pick_line
UPDATE pick_line SET picked = :picked, short_reason = :short_reason, net = :net, gross = :gross, tare = :tare, crates = :crates, crate = :crate,
       weight_reason = :weight_reason, picked_by = :picked_by, picked_at = :picked_at
 WHERE pick_id = :pick_id AND line = :line;

-- name: pick_close(id i64, state str, shipment_id i64, by i64, at time) :count
UPDATE pick SET state = :state, shipment_id = :shipment_id, picker_id = :by, done_at = :at, version = version + 1
 WHERE id = :id AND state = 'open';

-- name: pick_take(id i64) :count
UPDATE pick SET version = version + 1 WHERE id = :id AND state = 'open';

-- What lacks something and is not confirmed waits for the clerk or for goods; what is left of a split order comes back here.
-- name: pick_waiting(n i64) :many pick_order
SELECT o.id, o.number, k.name AS customer, o.delivery_date, o.total, o.remarks,
       CASE WHEN o.stock_confirmed_at IS NULL THEN 0 ELSE 1 END AS confirmed
  FROM orders o JOIN customer k ON k.id = o.customer_id
 WHERE o.state IN ('approved', 'picking', 'partly_shipped', 'partly_delivered', 'shipped') AND o.decision = 'approved'
   AND o.on_hold = 0 AND o.picks = 0
   AND EXISTS (SELECT 1 FROM order_line l WHERE l.order_id = o.id AND l.reserved > 0)
   AND (o.stock_confirmed_at IS NOT NULL
     OR NOT EXISTS (SELECT 1 FROM order_line l WHERE l.order_id = o.id
                       AND l.ordered - l.cancelled - l.shipped - l.reserved - l.picked - l.packed > 0))
 ORDER BY o.id LIMIT :n;

-- What an approved order lacks, by the time of its approval: those wait for goods to come in.
-- Where the clerk still decides nothing is taken: the books say the goods are there, the shelf said they are not.
-- name: pick_lacking(product_id i64, n i64) :many pick_lack
SELECT l.order_id, l.line, l.product_id, o.delivery_date,
       l.ordered - l.cancelled - l.shipped - l.reserved - l.picked - l.packed AS quantity
  FROM orders o JOIN order_line l ON l.order_id = o.id
 WHERE o.state IN ('approved', 'picking', 'partly_shipped', 'partly_delivered') AND o.decision = 'approved' AND o.on_hold = 0
   AND NOT EXISTS (SELECT 1 FROM task t WHERE t.kind = 'shortage' AND t.entity = 'order' AND t.entity_id = o.id AND t.state = 'open')
   AND (:product_id IS NULL OR l.product_id = :product_id)
   AND l.ordered - l.cancelled - l.shipped - l.reserved - l.picked - l.packed > 0
 ORDER BY o.approved_at, l.order_id, l.line LIMIT :n;

-- name: pick_check_lines() :i64
SELECT COUNT(*) FROM pick_line l JOIN pick p ON p.id = l.pick_id
 WHERE l.picked > l.quantity OR (p.state = 'done' AND l.picked IS NULL);

-- What was weighed at a pick is what its shipment says, and net is gross less the crates.
-- name: pick_check_weights() :many broken
SELECT s.number AS what, COALESCE(k.net, 0) AS have, CAST(SUM(l.net) AS BIGINT) AS want
  FROM pick p JOIN shipment s ON s.id = p.shipment_id JOIN pick_line l ON l.pick_id = p.id
  LEFT JOIN shipment_line k ON k.shipment_id = s.id AND k.line = l.order_line
 WHERE p.state = 'done' AND l.picked > 0
 GROUP BY s.number, l.order_line, k.net
HAVING COALESCE(k.net, 0) <> COALESCE(SUM(l.net), 0)
    OR SUM(CASE WHEN l.net <> l.gross - COALESCE(l.crates, 0) * COALESCE(l.tare, 0) THEN 1 ELSE 0 END) > 0
 LIMIT 10;

-- name: pick_check_shipments() :i64
SELECT COUNT(*) FROM pick WHERE state = 'done' AND shipment_id IS NULL;

-- name: pick_check_orders() :i64
SELECT COUNT(*) FROM orders o
 WHERE o.picks <> (SELECT COUNT(*) FROM pick p WHERE p.order_id = o.id AND p.state = 'open');

-- name: pick_total() :i64
SELECT COUNT(*) FROM pick;
