-- include: mod/home/home.h

-- What waits for the clerks: from each state the oldest, so that it costs the same at a million orders.
-- name: home_clerk(n i64) :many home_row
SELECT o.id, o.number, o.state, k.name AS customer, o.total, o.delivery_date, o.due_at, o.on_hold AS flag, o.confirmed_person AS extra, 'order' AS what
  FROM orders o JOIN customer k ON k.id = o.customer_id
 WHERE o.id IN (SELECT id FROM (SELECT id FROM orders WHERE state = 'rejected' ORDER BY id LIMIT :n) AS a)
    OR o.id IN (SELECT id FROM (SELECT id FROM orders WHERE state = 'awaiting_confirmation' ORDER BY id LIMIT :n) AS b)
    OR o.id IN (SELECT id FROM (SELECT id FROM orders WHERE state = 'draft' ORDER BY id LIMIT :n) AS d)
 ORDER BY o.due_at, o.id;

-- name: home_warehouse(n i64) :many home_row
SELECT o.id, o.number, o.state, k.name AS customer, o.total, o.delivery_date, o.due_at,
       CASE WHEN o.stock_confirmed_at IS NULL THEN 0 ELSE 1 END AS flag, o.remarks AS extra, 'order' AS what
  FROM orders o JOIN customer k ON k.id = o.customer_id
 WHERE o.state = 'approved' AND o.on_hold = 0
   AND (o.stock_confirmed_at IS NOT NULL
     OR NOT EXISTS (SELECT 1 FROM order_line l WHERE l.order_id = o.id
                       AND l.ordered - l.cancelled - l.shipped - l.reserved - l.picked - l.packed > 0))
 ORDER BY o.id LIMIT :n;

-- name: home_picks(n i64) :many home_row
SELECT p.id, o.number, 'picking' AS state, k.name AS customer, o.total, o.delivery_date, o.due_at, 0 AS flag, p.state AS extra, 'pick' AS what
  FROM pick p JOIN orders o ON o.id = p.order_id JOIN customer k ON k.id = o.customer_id
 WHERE p.state IN ('open', 'picking')
 ORDER BY p.id LIMIT :n;

-- name: home_shipments(n i64) :many home_row
SELECT s.id, s.number, s.state, k.name AS customer, o.total, o.delivery_date, o.due_at, 0 AS flag, o.number AS extra, 'shipment' AS what
  FROM shipment s JOIN orders o ON o.id = s.order_id JOIN customer k ON k.id = s.customer_id
 WHERE s.state = 'packing'
 ORDER BY s.id LIMIT :n;

-- name: home_shipped(n i64) :many home_row
SELECT s.id, s.number, s.state, k.name AS customer, o.total, o.delivery_date, o.due_at, 0 AS flag, s.carrier AS extra, 'shipment' AS what
  FROM shipment s JOIN orders o ON o.id = s.order_id JOIN customer k ON k.id = s.customer_id
 WHERE s.state = 'dispatched'
 ORDER BY s.id LIMIT :n;

-- name: home_reviews(n i64) :many home_row
SELECT r.id, o.number, 'in_review' AS state, k.name AS customer, o.total, o.delivery_date, r.due_at, 0 AS flag, r.worst AS extra, 'review' AS what
  FROM review r JOIN orders o ON o.id = r.order_id JOIN customer k ON k.id = o.customer_id
 WHERE r.state IN ('open', 'claimed')
 ORDER BY r.due_at, r.id LIMIT :n;

-- name: home_tasks(role str, n i64) :many home_row
SELECT t.id, o.number, o.state, k.name AS customer, o.total, o.delivery_date, t.due_at, 0 AS flag, t.kind AS extra, 'task' AS what,
       t.order_id AS order_id, t.entity_id AS entity_id, t.data AS data
  FROM task t JOIN orders o ON o.id = t.order_id JOIN customer k ON k.id = o.customer_id
 WHERE t.role = :role AND t.state = 'open'
 ORDER BY t.due_at, t.id LIMIT :n;

-- name: home_named(ids i64s) :many home_hit
SELECT o.id, 'order' AS kind, o.number AS title, k.name AS note
  FROM orders o JOIN customer k ON k.id = o.customer_id WHERE o.id IN (:ids);

-- name: home_find_orders(low str, high str) :many home_hit
SELECT o.id, 'order' AS kind, o.number AS title, k.name AS note
  FROM orders o JOIN customer k ON k.id = o.customer_id WHERE o.number >= :low AND o.number < :high ORDER BY o.number DESC LIMIT 10;

-- name: home_find_shipments(low str, high str) :many home_hit
SELECT s.id, 'shipment' AS kind, s.number AS title, k.name AS note
  FROM shipment s JOIN customer k ON k.id = s.customer_id WHERE s.number >= :low AND s.number < :high ORDER BY s.number DESC LIMIT 10;

-- name: home_find_tracking(number str) :many home_hit
SELECT s.id, 'shipment' AS kind, s.number AS title, s.tracking_number AS note
  FROM shipment s WHERE s.tracking_number = :number LIMIT 10;

-- name: home_find_returns(low str, high str) :many home_hit
SELECT g.id, 'return' AS kind, g.number AS title, k.name AS note
  FROM goods_return g JOIN customer k ON k.id = g.customer_id WHERE g.number >= :low AND g.number < :high ORDER BY g.number DESC LIMIT 10;

-- name: home_find_cases(low str, high str) :many home_hit
SELECT c.id, 'case' AS kind, c.number AS title, c.summary AS note
  FROM care_case c WHERE c.number >= :low AND c.number < :high ORDER BY c.number DESC LIMIT 10;

-- name: home_find_customers(low str, high str) :many home_hit
SELECT k.id, 'customer' AS kind, k.name AS title, k.code AS note
  FROM customer k WHERE k.id IN (SELECT customer_id FROM customer_key WHERE key >= :low AND key < :high LIMIT 50) ORDER BY k.code LIMIT 10;

-- name: home_find_products(low str, high str) :many home_hit
SELECT p.id, 'product' AS kind, p.name AS title, p.sku AS note
  FROM product p WHERE p.id IN (SELECT product_id FROM product_key WHERE key >= :low AND key < :high LIMIT 50) ORDER BY p.sku LIMIT 10;
