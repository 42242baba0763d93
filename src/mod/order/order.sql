-- include: mod/order/order.h
-- include: mod/order/order_view.h

-- name: order_insert(id i64, number str, channel str, external_id str, customer_id i64, delivery_date date, address str, remarks str, total money, created_by i64, at time, due_at time) :exec
INSERT INTO orders (id, number, version, channel, external_id, customer_id, decision, state, delivery_date, address, remarks,
                    total, created_by, created_at, changed_at, due_at)
VALUES (:id, :number, 1, :channel, :external_id, :customer_id, 'draft', 'draft', :delivery_date, :address, :remarks,
        :total, :created_by, :at, :at, :due_at);

-- name: order_line_insert() :each order_line
INSERT INTO order_line (order_id, line, product_id, sku, name, quantity, unit, num, den, ordered, price, price_unit, price_num,
                        price_den, price_source, amount, nominal_kg, weight, weight_out, remarks, cancelled, reserved, picked, packed, shipped, delivered, refused,
                        ret_requested, ret_received, restocked, scrapped, replaced)
VALUES (:order_id, :line, :product_id, :sku, :name, :quantity, :unit, :num, :den, :ordered, :price, :price_unit, :price_num,
        :price_den, :price_source, :amount, :nominal_kg, :weight, :weight_out, :remarks, :cancelled, :reserved, :picked, :packed, :shipped, :delivered, :refused,
        :ret_requested, :ret_received, :restocked, :scrapped, :replaced);

-- Of a new order: nothing has moved along its lines yet.
-- name: order_line_new() :each order_line
INSERT INTO order_line (order_id, line, product_id, sku, name, quantity, unit, num, den, ordered, price, price_unit, price_num,
                        price_den, price_source, amount, nominal_kg, remarks)
VALUES (:order_id, :line, :product_id, :sku, :name, :quantity, :unit, :num, :den, :ordered, :price, :price_unit, :price_num,
        :price_den, :price_source, :amount, :nominal_kg, :remarks);

-- name: order_line_delete_all(order_id i64) :exec
DELETE FROM order_line WHERE order_id = :order_id;

-- name: order_by_id(id i64) :get order
SELECT id, number, version, channel, external_id, customer_id, decision, state, on_hold, hold_reason, delivery_date, address, remarks,
       total, snapshot, created_by, created_at, confirmed_by, confirmed_person, confirmed_method, confirmed_at,
       approved_at, stock_confirmed_by, stock_confirmed_at, credit_held, picks, due_at, revision, changed_at
  FROM orders WHERE id = :id;

-- name: order_lock(id i64) :get order
SELECT id, number, version, channel, external_id, customer_id, decision, state, on_hold, hold_reason, delivery_date, address, remarks,
       total, snapshot, created_by, created_at, confirmed_by, confirmed_person, confirmed_method, confirmed_at,
       approved_at, stock_confirmed_by, stock_confirmed_at, credit_held, picks, due_at, revision, changed_at
  FROM orders WHERE id = :id FOR UPDATE;

-- name: order_lock_all(ids i64s) :many order
SELECT id, number, version, channel, external_id, customer_id, decision, state, on_hold, hold_reason, delivery_date, address, remarks,
       total, snapshot, created_by, created_at, confirmed_by, confirmed_person, confirmed_method, confirmed_at,
       approved_at, stock_confirmed_by, stock_confirmed_at, credit_held, picks, due_at, revision, changed_at
  FROM orders WHERE id IN (:ids) ORDER BY id FOR UPDATE;

-- name: order_lines_all(order_ids i64s) :many order_line
SELECT order_id, line, product_id, sku, name, quantity, unit, num, den, ordered, price, price_unit, price_num, price_den,
       price_source, amount, nominal_kg, weight, weight_out, remarks, cancelled, reserved, picked, packed, shipped, delivered, refused,
       ret_requested, ret_received, restocked, scrapped, replaced
  FROM order_line WHERE order_id IN (:order_ids) ORDER BY order_id, line;

-- name: order_id_by_external(channel str, external_id str) :i64
SELECT id FROM orders WHERE channel = :channel AND external_id = :external_id;

-- name: order_line_list(order_id i64) :many order_line
SELECT order_id, line, product_id, sku, name, quantity, unit, num, den, ordered, price, price_unit, price_num, price_den,
       price_source, amount, nominal_kg, weight, weight_out, remarks, cancelled, reserved, picked, packed, shipped, delivered, refused,
       ret_requested, ret_received, restocked, scrapped, replaced
  FROM order_line WHERE order_id = :order_id ORDER BY line;

-- name: order_line_save() :each order_line
UPDATE order_line
   SET amount = :amount, weight = :weight, weight_out = :weight_out, cancelled = :cancelled, reserved = :reserved, picked = :picked, packed = :packed, shipped = :shipped,
       delivered = :delivered, refused = :refused, ret_requested = :ret_requested, ret_received = :ret_received,
       restocked = :restocked, scrapped = :scrapped, replaced = :replaced
 WHERE order_id = :order_id AND line = :line;

-- name: order_save(id i64, seen i64, decision str, state str, on_hold bool, hold_reason str, delivery_date date, address str, remarks str, total money, snapshot str, confirmed_by i64, confirmed_person str, confirmed_method str, confirmed_at time, approved_at time, stock_confirmed_by i64, stock_confirmed_at time, credit_held money, picks i64, due_at time, revision i64, at time) :count
UPDATE orders
   SET version = version + 1, decision = :decision, state = :state, on_hold = :on_hold, hold_reason = :hold_reason,
       delivery_date = :delivery_date, address = :address, remarks = :remarks, total = :total, snapshot = :snapshot,
       confirmed_by = :confirmed_by, confirmed_person = :confirmed_person, confirmed_method = :confirmed_method,
       confirmed_at = :confirmed_at, approved_at = :approved_at, stock_confirmed_by = :stock_confirmed_by,
       stock_confirmed_at = :stock_confirmed_at, credit_held = :credit_held, picks = :picks, due_at = :due_at,
       revision = :revision, changed_at = :at
 WHERE id = :id AND version = :seen;

-- name: order_list_all(before_id i64, n i64) :many order_item
SELECT o.id, o.number, o.version, o.channel, o.state, o.on_hold, o.delivery_date, o.total, o.created_at, o.due_at, k.code AS customer, k.name AS customer_name,
       (SELECT COUNT(*) FROM order_line l WHERE l.order_id = o.id) AS lines_n
  FROM orders o JOIN customer k ON k.id = o.customer_id
 WHERE o.id < :before_id
 ORDER BY o.id DESC LIMIT :n;

-- name: order_list_by_state(state str, before_id i64, customer i64, day date, channel str, n i64) :many order_item
SELECT o.id, o.number, o.version, o.channel, o.state, o.on_hold, o.delivery_date, o.total, o.created_at, o.due_at, k.code AS customer, k.name AS customer_name,
       (SELECT COUNT(*) FROM order_line l WHERE l.order_id = o.id) AS lines_n
  FROM orders o JOIN customer k ON k.id = o.customer_id
 WHERE o.state = :state AND o.id < :before_id AND (:customer IS NULL OR o.customer_id = :customer)
   AND (:day IS NULL OR o.delivery_date = :day) AND (:channel IS NULL OR o.channel = :channel)
 ORDER BY o.id DESC LIMIT :n;

-- name: order_list_by_channel(channel str, before_id i64, state str, n i64) :many order_item
SELECT o.id, o.number, o.version, o.channel, o.state, o.on_hold, o.delivery_date, o.total, o.created_at, o.due_at, k.code AS customer, k.name AS customer_name,
       (SELECT COUNT(*) FROM order_line l WHERE l.order_id = o.id) AS lines_n
  FROM orders o JOIN customer k ON k.id = o.customer_id
 WHERE o.channel = :channel AND o.id < :before_id AND (:state IS NULL OR o.state = :state)
 ORDER BY o.id DESC LIMIT :n;

-- name: order_state_count(state str, most i64) :i64
SELECT COUNT(*) FROM (SELECT 1 FROM orders WHERE state = :state LIMIT :most) AS few;

-- name: order_list_by_customer(customer i64, before_id i64, state str, day date, channel str, n i64) :many order_item
SELECT o.id, o.number, o.version, o.channel, o.state, o.on_hold, o.delivery_date, o.total, o.created_at, o.due_at, k.code AS customer, k.name AS customer_name,
       (SELECT COUNT(*) FROM order_line l WHERE l.order_id = o.id) AS lines_n
  FROM orders o JOIN customer k ON k.id = o.customer_id
 WHERE o.customer_id = :customer AND o.id < :before_id AND (:state IS NULL OR o.state = :state)
   AND (:day IS NULL OR o.delivery_date = :day) AND (:channel IS NULL OR o.channel = :channel)
 ORDER BY o.id DESC LIMIT :n;

-- name: order_list_by_customers(customers i64s, before_id i64, state str, day date, channel str, n i64) :many order_item
SELECT o.id, o.number, o.version, o.channel, o.state, o.on_hold, o.delivery_date, o.total, o.created_at, o.due_at, k.code AS customer, k.name AS customer_name,
       (SELECT COUNT(*) FROM order_line l WHERE l.order_id = o.id) AS lines_n
  FROM orders o JOIN customer k ON k.id = o.customer_id
 WHERE o.id IN (SELECT p.id FROM (SELECT id FROM orders WHERE customer_id IN (:customers) AND id < :before_id AND (:state IS NULL OR state = :state)
                                     AND (:day IS NULL OR delivery_date = :day) AND (:channel IS NULL OR channel = :channel)
                                   ORDER BY id DESC LIMIT :n) AS p)
 ORDER BY o.id DESC;

-- name: order_list_by_day(day date, before_id i64, state str, channel str, n i64) :many order_item
SELECT o.id, o.number, o.version, o.channel, o.state, o.on_hold, o.delivery_date, o.total, o.created_at, o.due_at, k.code AS customer, k.name AS customer_name,
       (SELECT COUNT(*) FROM order_line l WHERE l.order_id = o.id) AS lines_n
  FROM orders o JOIN customer k ON k.id = o.customer_id
 WHERE o.delivery_date = :day AND o.id < :before_id AND (:state IS NULL OR o.state = :state)
   AND (:channel IS NULL OR o.channel = :channel)
 ORDER BY o.id DESC LIMIT :n;

-- A page goes on behind the number of the last one shown.
-- name: order_list_by_number(low str, high str, after_id i64, state str, day date, channel str, n i64) :many order_item
SELECT o.id, o.number, o.version, o.channel, o.state, o.on_hold, o.delivery_date, o.total, o.created_at, o.due_at, k.code AS customer, k.name AS customer_name,
       (SELECT COUNT(*) FROM order_line l WHERE l.order_id = o.id) AS lines_n
  FROM orders o JOIN customer k ON k.id = o.customer_id
 WHERE o.number >= :low AND o.number < :high AND o.number > COALESCE((SELECT number FROM orders WHERE id = :after_id), '')
   AND (:state IS NULL OR o.state = :state) AND (:day IS NULL OR o.delivery_date = :day) AND (:channel IS NULL OR o.channel = :channel)
 ORDER BY o.number LIMIT :n;

-- A tab shows 999+ beyond a thousand: counting stops there, so it costs the same at a million orders.
-- name: order_counts() :many order_count
SELECT s.state, (SELECT COUNT(*) FROM (SELECT 1 FROM orders o WHERE o.state = s.state LIMIT 1000) AS few) AS n
  FROM (SELECT 'draft' AS state UNION ALL SELECT 'awaiting_confirmation' UNION ALL SELECT 'in_review' UNION ALL SELECT 'rejected'
        UNION ALL SELECT 'approved' UNION ALL SELECT 'picking' UNION ALL SELECT 'partly_shipped' UNION ALL SELECT 'shipped'
        UNION ALL SELECT 'partly_delivered' UNION ALL SELECT 'delivered' UNION ALL SELECT 'completed' UNION ALL SELECT 'cancelled') AS s;

-- Among the latest of the customer: one who buys every hour must not hold up the lane.
-- name: order_same_day(customer_id i64, day date, but i64) :many order_item
SELECT o.id, o.number, o.version, o.channel, o.state, o.on_hold, o.delivery_date, o.total, o.created_at, o.due_at, k.code AS customer, k.name AS customer_name,
       (SELECT COUNT(*) FROM order_line l WHERE l.order_id = o.id) AS lines_n
  FROM (SELECT id FROM orders WHERE customer_id = :customer_id ORDER BY id DESC LIMIT 60) AS late
  JOIN orders o ON o.id = late.id JOIN customer k ON k.id = o.customer_id
 WHERE o.delivery_date = :day AND o.id <> :but
   AND o.state NOT IN ('cancelled', 'draft', 'rejected')
 ORDER BY o.id DESC LIMIT 20;

-- name: order_same_lines(order_id i64, others i64s) :many order_overlap
SELECT b.order_id, COUNT(*) AS same, SUM(CASE WHEN a.ordered = b.ordered THEN 1 ELSE 0 END) AS exact
  FROM order_line a JOIN order_line b ON b.product_id = a.product_id
 WHERE a.order_id = :order_id AND b.order_id IN (:others)
 GROUP BY b.order_id;

-- Verify: the shown totals and the line vector, from the raw rows.
-- name: order_check_totals() :many broken
SELECT o.number AS what, o.total AS have, CAST(COALESCE(SUM(l.amount), 0) AS BIGINT) AS want
  FROM orders o LEFT JOIN order_line l ON l.order_id = o.id
 GROUP BY o.id, o.number, o.total HAVING o.total <> COALESCE(SUM(l.amount), 0) LIMIT 10;

-- name: order_check_vector() :many broken
SELECT o.number AS what, l.line AS have, l.ordered AS want
  FROM order_line l JOIN orders o ON o.id = l.order_id
 WHERE l.cancelled < 0 OR l.reserved < 0 OR l.picked < 0 OR l.packed < 0 OR l.shipped < 0 OR l.delivered < 0 OR l.refused < 0
    OR l.ordered <= 0 OR l.reserved + l.picked + l.packed + l.shipped + l.cancelled > l.ordered
    OR l.delivered + l.refused > l.shipped
    OR l.ret_requested < 0 OR l.ret_received < 0 OR l.restocked < 0 OR l.scrapped < 0 OR l.replaced < 0
    OR l.ret_requested > l.delivered + l.refused OR l.ret_received > l.ret_requested
    OR l.restocked + l.scrapped > l.ret_received OR l.replaced > l.ret_requested
    OR l.weight_out < 0 OR l.weight_out > l.weight OR (l.nominal_kg IS NULL AND l.weight <> 0)
 LIMIT 10;

-- name: order_check_external() :many broken
SELECT external_id AS what, COUNT(*) AS have, 1 AS want
  FROM orders WHERE external_id IS NOT NULL GROUP BY channel, external_id HAVING COUNT(*) > 1 LIMIT 10;

-- name: order_check_credit() :many broken
SELECT k.code AS what, k.credit_open AS have, CAST(COALESCE(s.held, 0) AS BIGINT) AS want
  FROM customer k LEFT JOIN (SELECT customer_id, SUM(credit_held) AS held FROM orders WHERE credit_held <> 0 GROUP BY customer_id) AS s
    ON s.customer_id = k.id
 WHERE k.credit_open <> COALESCE(s.held, 0) LIMIT 10;

-- name: order_check_page(after_id i64) :many order
SELECT id, number, version, customer_id, decision, state, on_hold, total, credit_held, picks
  FROM orders WHERE id > :after_id ORDER BY id LIMIT 500;

-- name: order_check_lines(low i64, high i64) :many order_line
SELECT order_id, line, product_id, sku, ordered, price, price_num, price_den, amount, nominal_kg, weight, weight_out, cancelled, reserved, picked, packed, shipped, delivered, refused
  FROM order_line WHERE order_id >= :low AND order_id <= :high ORDER BY order_id, line;

-- name: order_check_moves(low i64, high i64) :many order_step
SELECT e.order_id, e.kind, e.from_state, e.to_state
  FROM event e WHERE e.order_id >= :low AND e.order_id <= :high AND e.entity = 'order' AND e.to_state IS NOT NULL ORDER BY e.order_id, e.step, e.id;

-- name: order_forget(customer_id i64) :exec
UPDATE orders SET address = NULL, remarks = NULL, confirmed_person = NULL WHERE customer_id = :customer_id;

-- name: order_lines_forget(customer_id i64) :exec
UPDATE order_line SET remarks = NULL
 WHERE remarks IS NOT NULL AND order_id IN (SELECT id FROM orders WHERE customer_id = :customer_id);

-- name: order_count_all() :i64
SELECT COUNT(*) FROM orders;

-- name: order_check_numbers() :many broken
SELECT SUBSTR(number, 1, 10) AS what, COUNT(*) AS have, CAST(MAX(s.next) - 1 AS BIGINT) AS want
  FROM orders o JOIN series s ON s.series = SUBSTR(o.number, 1, 10)
 GROUP BY SUBSTR(number, 1, 10) HAVING COUNT(*) <> MAX(s.next) - 1 LIMIT 10;

-- name: order_shipments(order_id i64) :many order_ship
SELECT id, number, state FROM shipment WHERE order_id = :order_id ORDER BY id;

-- name: order_shortage(order_id i64) :str
SELECT data FROM task WHERE kind = 'shortage' AND entity = 'order' AND entity_id = :order_id AND state = 'open' LIMIT 1;

-- Of the last twenty orders, so that it costs the same for an old customer; each product as it stood in the newest of them.
-- name: order_usual_list(customer_id i64) :many order_usual
SELECT l.sku, l.name, l.quantity, l.unit, o.delivery_date, n.times
  FROM (SELECT k.product_id, MAX(few.id) AS order_id, COUNT(DISTINCT few.id) AS times
          FROM (SELECT id FROM orders WHERE customer_id = :customer_id AND state NOT IN ('cancelled', 'draft') ORDER BY id DESC LIMIT 20) AS few
          JOIN order_line k ON k.order_id = few.id GROUP BY k.product_id) AS n
  JOIN orders o ON o.id = n.order_id
  JOIN order_line l ON l.order_id = n.order_id AND l.product_id = n.product_id
   AND l.line = (SELECT MIN(m.line) FROM order_line m WHERE m.order_id = n.order_id AND m.product_id = n.product_id)
 ORDER BY n.times DESC, n.order_id DESC, l.line LIMIT 40;

-- What still stands in the way of completing an order: a return on its way, an open case, a call nobody answered yet.
-- name: order_unfinished(order_id i64, quiet_since time) :str
SELECT w.what FROM (
  SELECT 1 AS n, 'return' AS what FROM return_line l JOIN goods_return g ON g.id = l.return_id
   WHERE l.order_id = :order_id AND g.state NOT IN ('closed', 'rejected', 'cancelled')
  UNION ALL SELECT 2, 'case' FROM care_case WHERE order_id = :order_id AND state <> 'closed'
  UNION ALL SELECT 3, 'follow_up' FROM follow_up WHERE order_id = :order_id AND state = 'due' AND created_at > :quiet_since) AS w
 ORDER BY w.n LIMIT 1;

-- name: order_finished(quiet_since time, n i64) :many order
SELECT id FROM orders o
 WHERE o.state = 'delivered'
   AND NOT EXISTS (SELECT 1 FROM return_line l JOIN goods_return g ON g.id = l.return_id
                    WHERE l.order_id = o.id AND g.state NOT IN ('closed', 'rejected', 'cancelled'))
   AND NOT EXISTS (SELECT 1 FROM care_case k WHERE k.order_id = o.id AND k.state <> 'closed')
   AND NOT EXISTS (SELECT 1 FROM follow_up f WHERE f.order_id = o.id AND f.state = 'due' AND f.created_at > :quiet_since)
 ORDER BY o.id LIMIT :n;

-- The words it was made of, where it came in through the inbox.
-- name: order_intake(order_id i64) :i64
SELECT MIN(id) FROM intake WHERE order_id = :order_id AND state IN ('ordered', 'merged');
