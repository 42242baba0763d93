-- include: mod/ship/ship_int.h

-- name: ship_insert(id i64, number str, order_id i64, customer_id i64, pick_id i64, who i64, at time) :exec
INSERT INTO shipment (id, number, order_id, customer_id, pick_id, state, created_by, created_at)
VALUES (:id, :number, :order_id, :customer_id, :pick_id, 'packing', :who, :at);

-- name: ship_by_id(id i64) :get shipment
SELECT id, version, number, order_id, customer_id, pick_id, state, carrier, service, tracking_number, driver, amount, less, prints,
       created_at, dispatched_at, promised_on, track_state, track_at, receipt_signer, receipt_note, receipt_at
  FROM shipment WHERE id = :id;

-- name: ship_lock(id i64) :get shipment
SELECT id, version, number, order_id, customer_id, pick_id, state, carrier, service, tracking_number, driver, amount, less, prints,
       created_at, dispatched_at, promised_on, track_state, track_at, receipt_signer, receipt_note, receipt_at
  FROM shipment WHERE id = :id FOR UPDATE;

-- name: ship_save() :each shipment
UPDATE shipment
   SET version = :version, state = :state, carrier = :carrier, service = :service, tracking_number = :tracking_number,
       driver = :driver, amount = :amount, less = :less, dispatched_at = :dispatched_at, promised_on = :promised_on,
       track_state = :track_state, track_at = :track_at, receipt_signer = :receipt_signer, receipt_note = :receipt_note,
       receipt_at = :receipt_at
 WHERE id = :id;

-- name: ship_dispatched_by(id i64, who i64) :exec
UPDATE shipment SET dispatched_by = :who WHERE id = :id;

-- name: ship_received_by(id i64, who i64) :exec
UPDATE shipment SET receipt_by = :who WHERE id = :id;

-- A printed document counts, but it does not change the shipment: the version stays.
-- name: ship_printed(id i64) :exec
UPDATE shipment SET prints = prints + 1 WHERE id = :id;

-- name: ship_line_insert() :each shipment_line
INSERT INTO shipment_line (shipment_id, line, product_id, quantity, net, gross, tare)
VALUES (:shipment_id, :line, :product_id, :quantity, :net, :gross, :tare);

-- name: ship_line_save() :each shipment_line
UPDATE shipment_line SET packed = :packed, received = :received, refused = :refused, amount = :amount
 WHERE shipment_id = :shipment_id AND line = :line;

-- name: ship_line_list(shipment_id i64) :many shipment_line
SELECT l.shipment_id, l.line, l.product_id, p.sku, p.name, p.base_unit AS unit, l.quantity, l.packed, l.received, l.refused, l.amount,
       l.net, l.gross, l.tare
  FROM shipment_line l JOIN product p ON p.id = l.product_id
 WHERE l.shipment_id = :shipment_id ORDER BY l.line;

-- Two picks from one place for one line are one lot of the shipment.
-- name: ship_lot_put() :each ship_lot
INSERT INTO shipment_lot (shipment_id, line, product_id, warehouse, location, lot, quantity)
VALUES (:shipment_id, :line, :product_id, :warehouse, :location, :lot, :quantity)
    ON CONFLICT (shipment_id, line, warehouse, location, lot) DO UPDATE SET quantity = shipment_lot.quantity + excluded.quantity;

-- name: ship_lot_list(shipment_id i64) :many stock_place
SELECT s.order_id, t.line, t.product_id, t.warehouse, t.location, t.lot, k.expires, t.quantity
  FROM shipment_lot t JOIN shipment s ON s.id = t.shipment_id
  LEFT JOIN stock_lot k ON k.product_id = t.product_id AND k.warehouse = t.warehouse AND k.location = t.location AND k.lot = t.lot
 WHERE t.shipment_id = :shipment_id ORDER BY t.product_id, t.line, t.warehouse, t.location, t.lot;

-- name: ship_reviewer(order_id i64) :str
SELECT u.name FROM review r JOIN user_account u ON u.id = r.decided_by
 WHERE r.order_id = :order_id AND r.decision = 'approve' ORDER BY r.id DESC LIMIT 1;

-- name: package_insert(id i64, shipment_id i64, no i64, sscc str, weight qty, who i64, at time) :exec
INSERT INTO package (id, shipment_id, no, sscc, weight, created_by, created_at)
VALUES (:id, :shipment_id, :no, :sscc, :weight, :who, :at);

-- name: package_line_insert() :each package_line
INSERT INTO package_line (package_id, line, quantity) VALUES (:package_id, :line, :quantity);

-- name: package_last_no(shipment_id i64) :i64
SELECT COALESCE(MAX(no), 0) FROM package WHERE shipment_id = :shipment_id;

-- name: package_list(shipment_id i64) :many package
SELECT id AS package, no, sscc, weight AS weight_kg FROM package WHERE shipment_id = :shipment_id ORDER BY no;

-- name: package_line_list(shipment_id i64) :many package_line
SELECT g.package_id, g.line, p.name, p.base_unit AS unit, g.quantity
  FROM package k JOIN package_line g ON g.package_id = k.id
  JOIN shipment_line l ON l.shipment_id = k.shipment_id AND l.line = g.line
  JOIN product p ON p.id = l.product_id
 WHERE k.shipment_id = :shipment_id ORDER BY k.no, g.line;

-- name: package_drop(id i64, shipment_id i64) :count
DELETE FROM package WHERE id = :id AND shipment_id = :shipment_id;

-- name: package_line_drop(package_id i64) :exec
DELETE FROM package_line WHERE package_id = :package_id;

-- name: tracking_insert() :each tracking
INSERT INTO tracking (id, shipment_id, state, at, place, note, source, actor_id, recorded_at)
VALUES (:id, :shipment_id, :state, :at, :place, :text, :source, :actor_id, :recorded_at);

-- name: tracking_same(shipment_id i64, state str, at time, text str) :i64
SELECT id FROM tracking WHERE shipment_id = :shipment_id AND state = :state AND at = :at AND COALESCE(note, '') = COALESCE(:text, '') LIMIT 1;

-- name: tracking_list(shipment_id i64) :many tracking
SELECT id, shipment_id, state, at, place, note AS text, source, actor_id, recorded_at
  FROM tracking WHERE shipment_id = :shipment_id ORDER BY at DESC, id DESC;

-- name: receipt_file_insert(id i64, shipment_id i64, name str, type str, sha256 blob, content blob, at time) :exec
INSERT INTO receipt_file (id, shipment_id, name, type, sha256, content, at)
VALUES (:id, :shipment_id, :name, :type, :sha256, :content, :at);

-- name: receipt_file_list(shipment_id i64) :many receipt_file
SELECT id, shipment_id, name, type, at FROM receipt_file WHERE shipment_id = :shipment_id ORDER BY id;

-- name: ship_forget(customer_id i64) :exec
UPDATE shipment SET receipt_signer = CASE WHEN receipt_signer IS NULL THEN NULL ELSE '-' END, receipt_note = NULL, driver = NULL
 WHERE customer_id = :customer_id;

-- name: receipt_file_forget(customer_id i64) :exec
DELETE FROM receipt_file WHERE shipment_id IN (SELECT id FROM shipment WHERE customer_id = :customer_id);

-- name: tracking_forget(customer_id i64) :exec
UPDATE tracking SET note = NULL WHERE shipment_id IN (SELECT id FROM shipment WHERE customer_id = :customer_id);

-- name: receipt_file_find(shipment_id i64, id i64) :get receipt_content
SELECT name, type, content FROM receipt_file WHERE id = :id AND shipment_id = :shipment_id;

-- The reasons the approving reviewer gave for going over a block; JSON.
-- name: ship_overrides(order_id i64) :str
SELECT overrides FROM review WHERE order_id = :order_id AND decision = 'approve' ORDER BY id DESC LIMIT 1;

-- name: ship_list_page(state str, before_id i64, n i64) :many ship_item
SELECT s.id, s.version, s.number, s.state, s.order_id AS "order", o.number AS order_number, k.code AS customer, k.name AS customer_name,
       s.carrier, s.tracking_number, s.track_state, o.delivery_date, s.created_at, s.dispatched_at,
       (SELECT COUNT(*) FROM package p WHERE p.shipment_id = s.id) AS packages_n,
       (SELECT COUNT(*) FROM shipment_line l WHERE l.shipment_id = s.id) AS lines_n
  FROM shipment s JOIN orders o ON o.id = s.order_id JOIN customer k ON k.id = s.customer_id
 WHERE s.id < :before_id AND (:state IS NULL OR s.state = :state)
 ORDER BY s.id DESC LIMIT :n;

-- By the number of the shipment, of its order, or of the carrier.
-- name: ship_list_by_number(low str, high str, order_low str, order_high str, tracking str, before_id i64, n i64) :many ship_item
SELECT s.id, s.version, s.number, s.state, s.order_id AS "order", o.number AS order_number, k.code AS customer, k.name AS customer_name,
       s.carrier, s.tracking_number, s.track_state, o.delivery_date, s.created_at, s.dispatched_at,
       (SELECT COUNT(*) FROM package p WHERE p.shipment_id = s.id) AS packages_n,
       (SELECT COUNT(*) FROM shipment_line l WHERE l.shipment_id = s.id) AS lines_n
  FROM shipment s JOIN orders o ON o.id = s.order_id JOIN customer k ON k.id = s.customer_id
 WHERE s.id < :before_id AND ((s.number >= :low AND s.number < :high) OR s.tracking_number = :tracking
    OR s.order_id IN (SELECT id FROM (SELECT id FROM orders WHERE number >= :order_low AND number < :order_high ORDER BY number LIMIT 50) AS few))
 ORDER BY s.id DESC LIMIT :n;

-- name: ship_list_by_customers(customers i64s, before_id i64, n i64) :many ship_item
SELECT s.id, s.version, s.number, s.state, s.order_id AS "order", o.number AS order_number, k.code AS customer, k.name AS customer_name,
       s.carrier, s.tracking_number, s.track_state, o.delivery_date, s.created_at, s.dispatched_at,
       (SELECT COUNT(*) FROM package p WHERE p.shipment_id = s.id) AS packages_n,
       (SELECT COUNT(*) FROM shipment_line l WHERE l.shipment_id = s.id) AS lines_n
  FROM shipment s JOIN orders o ON o.id = s.order_id JOIN customer k ON k.id = s.customer_id
 WHERE s.order_id IN (SELECT id FROM (SELECT id FROM orders WHERE customer_id IN (:customers) ORDER BY id DESC LIMIT 500) AS few)
   AND s.id < :before_id
 ORDER BY s.id DESC LIMIT :n;

-- What is still to be packed, and what is packed to the unit and waits for its car.
-- name: ship_list_packing(full bool, before_id i64, n i64) :many ship_item
SELECT s.id, s.version, s.number, s.state, s.order_id AS "order", o.number AS order_number, k.code AS customer, k.name AS customer_name,
       s.carrier, s.tracking_number, s.track_state, o.delivery_date, s.created_at, s.dispatched_at,
       (SELECT COUNT(*) FROM package p WHERE p.shipment_id = s.id) AS packages_n,
       (SELECT COUNT(*) FROM shipment_line l WHERE l.shipment_id = s.id) AS lines_n
  FROM shipment s JOIN orders o ON o.id = s.order_id JOIN customer k ON k.id = s.customer_id
 WHERE s.state = 'packing' AND s.id < :before_id
   AND :full = CASE WHEN EXISTS (SELECT 1 FROM shipment_line l WHERE l.shipment_id = s.id AND l.packed < l.quantity) THEN 0 ELSE 1 END
 ORDER BY s.id DESC LIMIT :n;

-- A tab shows 999+ beyond a thousand, as with the orders.
-- name: ship_counts() :many order_count
SELECT 'to_pack' AS state, COUNT(*) AS n FROM (SELECT 1 FROM shipment s WHERE s.state = 'packing'
   AND EXISTS (SELECT 1 FROM shipment_line l WHERE l.shipment_id = s.id AND l.packed < l.quantity) LIMIT 1000) AS a
UNION ALL SELECT 'to_dispatch', COUNT(*) FROM (SELECT 1 FROM shipment s WHERE s.state = 'packing'
   AND NOT EXISTS (SELECT 1 FROM shipment_line l WHERE l.shipment_id = s.id AND l.packed < l.quantity) LIMIT 1000) AS b
UNION ALL SELECT 'dispatched', COUNT(*) FROM (SELECT 1 FROM shipment WHERE state = 'dispatched' LIMIT 1000) AS d
UNION ALL SELECT 'delivered', COUNT(*) FROM (SELECT 1 FROM shipment WHERE state = 'delivered' LIMIT 1000) AS e;

-- name: carrier_put() :each carrier
INSERT INTO carrier (code, name, kind, lead_days, cutoff, active) VALUES (:code, :name, :kind, :lead_days, :cutoff, :active)
    ON CONFLICT (code) DO UPDATE SET name = excluded.name, kind = excluded.kind, lead_days = excluded.lead_days,
       cutoff = excluded.cutoff, active = excluded.active;

-- name: carrier_list() :many carrier
SELECT code, name, kind, lead_days, cutoff, active FROM carrier ORDER BY kind DESC, code;

-- name: carrier_find(code str) :find carrier
SELECT code, name, kind, lead_days, cutoff, active FROM carrier WHERE code = :code;

-- name: carrier_count() :i64
SELECT COUNT(*) FROM carrier;

-- Verify 8: what left the stock for a shipment is what its lots say, once it is dispatched, and nothing before.
-- name: ship_check_issue() :many broken
SELECT s.number AS what, CAST(COALESCE(m.moved, 0) AS BIGINT) AS have,
       CAST(CASE WHEN s.state = 'packing' THEN 0 ELSE -t.held END AS BIGINT) AS want
  FROM shipment s
  JOIN (SELECT shipment_id, SUM(quantity) AS held FROM shipment_lot GROUP BY shipment_id) AS t ON t.shipment_id = s.id
  LEFT JOIN (SELECT shipment_id, SUM(quantity) AS moved FROM stock_movement
              WHERE shipment_id IS NOT NULL AND reason LIKE '%dispatch%' GROUP BY shipment_id) AS m ON m.shipment_id = s.id
 WHERE COALESCE(m.moved, 0) <> CASE WHEN s.state = 'packing' THEN 0 ELSE -t.held END
 LIMIT 10;

-- Every dispatch told somebody, and of the dispatches of a shipment all but one were undone. That nobody is told twice of
-- one dispatch is the outbox's own key.
-- name: ship_check_notice() :many broken
SELECT s.number AS what, COUNT(DISTINCT x.event_id) AS have, COUNT(DISTINCT e.id) AS want
  FROM shipment s
  LEFT JOIN event e ON e.order_id = s.order_id AND e.kind = 'shipment.dispatched' AND e.entity_id = s.id
  LEFT JOIN outbox x ON x.event_id = e.id AND x.kind = 'notice'
 WHERE s.state <> 'packing'
 GROUP BY s.id, s.order_id, s.number
HAVING COUNT(DISTINCT x.event_id) <> COUNT(DISTINCT e.id)
    OR COUNT(DISTINCT e.id) <> 1 + (SELECT COUNT(*) FROM event u
        WHERE u.order_id = s.order_id AND u.kind = 'shipment.undone' AND u.entity_id = s.id)
 LIMIT 10;

-- name: ship_check_packed() :many broken
SELECT s.number AS what, l.packed AS have, CAST(COALESCE(g.packed, 0) AS BIGINT) AS want
  FROM shipment s JOIN shipment_line l ON l.shipment_id = s.id
  LEFT JOIN (SELECT k.shipment_id, i.line, SUM(i.quantity) AS packed FROM package k JOIN package_line i ON i.package_id = k.id
              GROUP BY k.shipment_id, i.line) AS g ON g.shipment_id = l.shipment_id AND g.line = l.line
 WHERE l.packed <> COALESCE(g.packed, 0) OR l.packed > l.quantity OR (s.state <> 'packing' AND l.packed <> l.quantity)
 LIMIT 10;

-- Verify 6: what is owed for a shipment is its value less what was refused.
-- name: ship_check_bill() :many broken
SELECT s.number AS what, CAST(COALESCE(r.owed, 0) AS BIGINT) AS have,
       CASE WHEN s.state = 'packing' THEN 0 ELSE COALESCE(s.amount, 0) - s.less END AS want
  FROM shipment s
  LEFT JOIN (SELECT shipment_id, SUM(amount) AS owed FROM receivable GROUP BY shipment_id) AS r ON r.shipment_id = s.id
 WHERE COALESCE(r.owed, 0) <> CASE WHEN s.state = 'packing' THEN 0 ELSE COALESCE(s.amount, 0) - s.less END
 LIMIT 10;

-- What the scale said: an order's line has the weights of its shipments, and of those that left.
-- name: ship_check_weights() :many broken
SELECT o.number AS what, l.weight AS have, CAST(COALESCE(t.net, 0) AS BIGINT) AS want
  FROM order_line l JOIN orders o ON o.id = l.order_id
  LEFT JOIN (SELECT s.order_id, k.line, SUM(k.net) AS net, SUM(CASE WHEN s.state = 'packing' THEN 0 ELSE k.net END) AS gone
               FROM shipment s JOIN shipment_line k ON k.shipment_id = s.id WHERE k.net IS NOT NULL
              GROUP BY s.order_id, k.line) AS t ON t.order_id = l.order_id AND t.line = l.line
 WHERE (l.nominal_kg IS NOT NULL OR t.net IS NOT NULL)
   AND (l.weight <> COALESCE(t.net, 0) OR l.weight_out <> COALESCE(t.gone, 0))
 LIMIT 10;

-- name: ship_weight_count() :i64
SELECT COUNT(*) FROM shipment_line WHERE net IS NOT NULL;

-- Verify 10.
-- name: ship_check_numbers() :many broken
SELECT n.series AS what, COUNT(s.id) AS have, CAST(MAX(n.next) - 1 AS BIGINT) AS want
  FROM series n LEFT JOIN shipment s ON SUBSTR(s.number, 1, 10) = n.series
 WHERE n.series LIKE 'FH%' GROUP BY n.series HAVING COUNT(s.id) <> MAX(n.next) - 1 LIMIT 10;

-- name: ship_count_all() :i64
SELECT COUNT(*) FROM shipment;
