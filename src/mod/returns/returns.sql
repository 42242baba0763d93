-- include: mod/returns/returns_int.h
-- include: mod/order/order_view.h

-- name: return_insert(id i64, number str, customer_id i64, order_id i64, kind str, state str, shipment_id i64, note str, value money, late bool, by i64, at time) :exec
INSERT INTO goods_return (id, number, customer_id, order_id, kind, state, shipment_id, note, value, late, created_by, created_at)
VALUES (:id, :number, :customer_id, :order_id, :kind, :state, :shipment_id, :note, :value, :late, :by, :at);

-- name: return_line_insert() :each return_line
INSERT INTO return_line (return_id, line, order_id, order_line, product_id, quantity, amount, reason)
VALUES (:return_id, :line, :order, :order_line, :product_id, :quantity, :amount, :reason);

-- name: return_wish_insert() :each return_wish
INSERT INTO return_wish (return_id, line, sku, quantity, unit, price) VALUES (:return_id, :line, :sku, :quantity, :unit, :price);

-- name: return_by_id(id i64) :get goods_return
SELECT id, version, number, customer_id, order_id, kind, state, shipment_id, note, value, credited, late, settlement, fate, missing_value, replacement_id,
       created_by, created_at, approved_at, settled_at, closed_at
  FROM goods_return WHERE id = :id;

-- name: return_lock(id i64) :get goods_return
SELECT id, version, number, customer_id, order_id, kind, state, shipment_id, note, value, credited, late, settlement, fate, missing_value, replacement_id,
       created_by, created_at, approved_at, settled_at, closed_at
  FROM goods_return WHERE id = :id FOR UPDATE;

-- name: return_save() :each goods_return
UPDATE goods_return
   SET version = :version, state = :state, note = :note, credited = :credited, settlement = :settlement, fate = :fate, missing_value = :missing_value,
       replacement_id = :replacement_id, approved_at = :approved_at, settled_at = :settled_at, closed_at = :closed_at
 WHERE id = :id;

-- name: return_approved_by(id i64, by i64) :exec
UPDATE goods_return SET approved_by = :by WHERE id = :id;

-- name: return_settled_by(id i64, by i64) :exec
UPDATE goods_return SET settled_by = :by WHERE id = :id;

-- name: return_line_list(return_id i64) :many return_line
SELECT l.return_id, l.line, l.order_id AS "order", l.order_line, l.product_id, o.number AS order_number, k.sku, k.name, p.base_unit AS unit,
       l.quantity, l.received, l.good, l.second, l.scrap, l.missing, l.amount, l.reason
  FROM return_line l JOIN order_line k ON k.order_id = l.order_id AND k.line = l.order_line
  JOIN orders o ON o.id = l.order_id JOIN product p ON p.id = l.product_id
 WHERE l.return_id = :return_id ORDER BY l.line;

-- name: return_line_save() :each return_line
UPDATE return_line SET received = :received, good = :good, second = :second, scrap = :scrap, missing = :missing
 WHERE return_id = :return_id AND line = :line;

-- name: return_wish_list(return_id i64) :many return_wish
SELECT return_id, line, sku, quantity, unit, price FROM return_wish WHERE return_id = :return_id ORDER BY line;

-- What was asked for of an order's lines, without what was refused at the door.
-- name: return_asked(order_id i64) :many asked_before
SELECT l.order_line AS line, CAST(SUM(CASE WHEN g.state IN ('received', 'inspected', 'settled', 'closed') THEN l.received ELSE l.quantity END) AS BIGINT) AS quantity
  FROM return_line l JOIN goods_return g ON g.id = l.return_id
 WHERE l.order_id = :order_id AND g.kind <> 'door' AND g.state NOT IN ('rejected', 'cancelled')
 GROUP BY l.order_line;

-- name: return_last_receipt(order_id i64) :i64
SELECT MAX(receipt_at) FROM shipment WHERE order_id = :order_id AND state = 'delivered';

-- Where the goods of these orders left from; the first lot of a line counts.
-- name: return_left_from(order_ids i64s) :many left_from
SELECT s.order_id, t.line, t.warehouse, t.location, t.lot, k.expires
  FROM shipment s JOIN shipment_lot t ON t.shipment_id = s.id
  LEFT JOIN stock_lot k ON k.product_id = t.product_id AND k.warehouse = t.warehouse AND k.location = t.location AND k.lot = t.lot
 WHERE s.order_id IN (:order_ids) AND s.state <> 'packing' ORDER BY s.order_id, t.line, t.shipment_id, t.warehouse, t.location, t.lot;

-- name: return_of_replacement(order_id i64) :many goods_return
SELECT id, version, state FROM goods_return WHERE replacement_id = :order_id;

-- name: return_page(state str, before_id i64, n i64) :many return_item
SELECT g.id, g.version, g.number, g.state, g.kind, k.code AS customer, k.name AS customer_name, o.number AS order_number,
       g.order_id AS "order", g.value, g.created_at, (SELECT COUNT(*) FROM return_line l WHERE l.return_id = g.id) AS lines_n
  FROM goods_return g JOIN customer k ON k.id = g.customer_id JOIN orders o ON o.id = g.order_id
 WHERE g.id < :before_id AND (:state IS NULL OR g.state = :state
       OR (:state = 'open' AND g.state NOT IN ('closed', 'rejected', 'cancelled')))
 ORDER BY g.id DESC LIMIT :n;

-- name: return_page_of_order(order_id i64) :many return_item
SELECT g.id, g.version, g.number, g.state, g.kind, k.code AS customer, k.name AS customer_name, o.number AS order_number,
       g.order_id AS "order", g.value, g.created_at, (SELECT COUNT(*) FROM return_line l WHERE l.return_id = g.id) AS lines_n
  FROM goods_return g JOIN customer k ON k.id = g.customer_id JOIN orders o ON o.id = g.order_id
 WHERE g.id IN (SELECT return_id FROM return_line WHERE order_id = :order_id) ORDER BY g.id DESC;

-- Verify 3: the order's lines count what their returns say.
-- name: return_check_lines() :many broken
SELECT o.number AS what, l.ret_received AS have, CAST(COALESCE(r.received, 0) AS BIGINT) AS want
  FROM order_line l JOIN orders o ON o.id = l.order_id
  LEFT JOIN (SELECT x.order_id, x.order_line,
                    SUM(CASE WHEN g.state IN ('received', 'inspected', 'settled', 'closed') THEN x.received ELSE x.quantity END) AS asked, SUM(x.received) AS received,
                    SUM(x.good + x.second) AS kept, SUM(x.scrap) AS scrap
               FROM return_line x JOIN goods_return g ON g.id = x.return_id WHERE g.state NOT IN ('rejected', 'cancelled')
              GROUP BY x.order_id, x.order_line) AS r ON r.order_id = l.order_id AND r.order_line = l.line
 WHERE l.ret_requested <> COALESCE(r.asked, 0) OR l.ret_received <> COALESCE(r.received, 0)
    OR l.restocked <> COALESCE(r.kept, 0) OR l.scrapped <> COALESCE(r.scrap, 0)
 LIMIT 10;

-- name: return_check_inspected() :many broken
SELECT g.number AS what, l.good + l.second + l.scrap AS have, l.received AS want
  FROM return_line l JOIN goods_return g ON g.id = l.return_id
 WHERE l.received > l.quantity OR (g.state IN ('inspected', 'settled', 'closed') AND l.good + l.second + l.scrap <> l.received)
    OR (g.state NOT IN ('inspected', 'settled', 'closed') AND l.good + l.second + l.scrap <> 0) LIMIT 10;

-- What came back into the books for returns is what the inspections say.
-- name: return_check_stock() :many broken
SELECT o.number AS what, CAST(COALESCE(m.moved, 0) AS BIGINT) AS have, CAST(r.back AS BIGINT) AS want
  FROM (SELECT order_id, order_line, SUM(good + second + scrap) AS back FROM return_line GROUP BY order_id, order_line) AS r
  JOIN orders o ON o.id = r.order_id
  LEFT JOIN (SELECT order_id, line, SUM(quantity) AS moved FROM stock_movement WHERE reason = 'return' AND order_id IS NOT NULL
              GROUP BY order_id, line) AS m ON m.order_id = r.order_id AND m.line = r.order_line
 WHERE COALESCE(m.moved, 0) <> r.back LIMIT 10;

-- name: return_check_numbers() :many broken
SELECT n.series AS what, COUNT(g.id) AS have, CAST(MAX(n.next) - 1 AS BIGINT) AS want
  FROM series n LEFT JOIN goods_return g ON SUBSTR(g.number, 1, 10) = n.series
 WHERE n.series LIKE 'TH%' GROUP BY n.series HAVING COUNT(g.id) <> MAX(n.next) - 1 LIMIT 10;

-- name: return_count_all() :i64
SELECT COUNT(*) FROM goods_return;

-- name: return_check_steps() :many check_step
SELECT g.id, g.number, g.state, e.from_state, e.to_state
  FROM goods_return g JOIN event e ON e.order_id = g.order_id AND e.entity = 'return' AND e.entity_id = g.id
 WHERE e.to_state IS NOT NULL ORDER BY g.id, e.step, e.id;

-- name: return_check_credits() :many broken
SELECT g.number AS what, CAST(COALESCE(g.credited, 0) AS BIGINT) AS have, CAST(COALESCE(-e.amount, 0) AS BIGINT) AS want
  FROM goods_return g LEFT JOIN account_entry e ON e.source = 'return' AND e.source_id = g.id
 WHERE COALESCE(g.credited, 0) <> COALESCE(-e.amount, 0) LIMIT 10;

-- name: return_forget(customer_id i64) :exec
UPDATE goods_return SET note = NULL, settlement = NULL WHERE customer_id = :customer_id;

-- name: return_lines_forget(customer_id i64) :exec
UPDATE return_line SET reason = '-' WHERE return_id IN (SELECT id FROM goods_return WHERE customer_id = :customer_id);

-- What was refused at the door is on a return, and once that is over all of it came back or somebody answered for it.
-- name: return_check_door() :many broken
SELECT x.what, x.have, x.want FROM (
  SELECT o.number AS what, l.refused AS want, CAST(COALESCE(d.quantity, 0) AS BIGINT) AS have
    FROM order_line l JOIN orders o ON o.id = l.order_id
    LEFT JOIN (SELECT r.order_id, r.order_line, SUM(r.quantity) AS quantity FROM return_line r JOIN goods_return g ON g.id = r.return_id
                WHERE g.kind = 'door' GROUP BY r.order_id, r.order_line) AS d ON d.order_id = l.order_id AND d.order_line = l.line
  UNION ALL
  SELECT g.number, CASE WHEN g.kind = 'door' AND g.state NOT IN ('awaiting', 'part_received') THEN r.quantity - r.received ELSE 0 END,
         r.missing
    FROM return_line r JOIN goods_return g ON g.id = r.return_id) AS x
 WHERE x.have <> x.want LIMIT 10;

-- What the customer kept after all is charged again, once; what is lost is not.
-- name: return_check_charges() :many broken
SELECT g.number AS what, CAST(COALESCE(e.amount, 0) AS BIGINT) AS have, CASE WHEN g.fate = 'kept' THEN g.missing_value ELSE 0 END AS want
  FROM goods_return g LEFT JOIN account_entry e ON e.source = 'door' AND e.source_id = g.id
 WHERE COALESCE(e.amount, 0) <> CASE WHEN g.fate = 'kept' THEN g.missing_value ELSE 0 END LIMIT 10;
