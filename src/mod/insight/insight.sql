-- include: app/ledger.h
-- include: mod/insight/ocel.h

-- What `huodan export ocel` takes: whole orders that had an event in the period, everything that hangs on them, and whoever
-- had to do with them. Each page goes on behind the last row of the one before.

-- name: ocel_order_page(after i64, from_at i64, to_at i64) :many ocel_order
SELECT o.id AS row, o.id, o.number, o.state, o.channel, o.delivery_date, o.total, o.customer_id, o.created_at AS at
  FROM orders o
 WHERE o.id > :after AND EXISTS (SELECT 1 FROM event e WHERE e.order_id = o.id AND e.at >= :from_at AND e.at < :to_at)
 ORDER BY o.id LIMIT 1000;

-- name: ocel_line_page(after i64, from_at i64, to_at i64) :many ocel_line
SELECT o.id AS row, l.order_id || '-' || l.line AS id, l.sku, l.name, l.quantity, l.unit, l.price, l.amount, l.order_id, o.created_at AS at
  FROM (SELECT q.id, q.created_at FROM orders q
         WHERE q.id > :after AND EXISTS (SELECT 1 FROM event e WHERE e.order_id = q.id AND e.at >= :from_at AND e.at < :to_at)
         ORDER BY q.id LIMIT 500) AS o
  JOIN order_line l ON l.order_id = o.id
 ORDER BY o.id, l.line;

-- name: ocel_review_page(after i64, from_at i64, to_at i64) :many ocel_review
SELECT r.id AS row, r.id, r.state, r.decision, r.worst, r.order_id, r.created_at AS at
  FROM review r
 WHERE r.id > :after AND EXISTS (SELECT 1 FROM event e WHERE e.order_id = r.order_id AND e.at >= :from_at AND e.at < :to_at)
 ORDER BY r.id LIMIT 1000;

-- name: ocel_wave_page(after i64, from_at i64, to_at i64) :many ocel_wave
SELECT w.id AS row, w.id, w.number, w.state, w.created_at AS at
  FROM wave w
 WHERE w.id > :after
   AND EXISTS (SELECT 1 FROM pick p JOIN event e ON e.order_id = p.order_id WHERE p.wave_id = w.id AND e.at >= :from_at AND e.at < :to_at)
 ORDER BY w.id LIMIT 1000;

-- name: ocel_pick_page(after i64, from_at i64, to_at i64) :many ocel_pick
SELECT p.id AS row, p.id, p.state, p.wave_id, p.order_id, p.picker_id AS user_id, p.created_at AS at
  FROM pick p
 WHERE p.id > :after AND EXISTS (SELECT 1 FROM event e WHERE e.order_id = p.order_id AND e.at >= :from_at AND e.at < :to_at)
 ORDER BY p.id LIMIT 1000;

-- name: ocel_shipment_page(after i64, from_at i64, to_at i64) :many ocel_shipment
SELECT s.id AS row, s.id, s.number, s.state, s.carrier, s.tracking_number, s.order_id, s.customer_id, s.created_at AS at
  FROM shipment s
 WHERE s.id > :after AND EXISTS (SELECT 1 FROM event e WHERE e.order_id = s.order_id AND e.at >= :from_at AND e.at < :to_at)
 ORDER BY s.id LIMIT 1000;

-- name: ocel_package_page(after i64, from_at i64, to_at i64) :many ocel_package
SELECT g.id AS row, g.id, g.sscc, g.weight AS weight_kg, g.shipment_id, g.created_at AS at
  FROM package g JOIN shipment s ON s.id = g.shipment_id
 WHERE g.id > :after AND EXISTS (SELECT 1 FROM event e WHERE e.order_id = s.order_id AND e.at >= :from_at AND e.at < :to_at)
 ORDER BY g.id LIMIT 1000;

-- name: ocel_task_page(after i64, from_at i64, to_at i64) :many ocel_task
SELECT t.id AS row, t.id, t.kind, t.role AS for_role, t.state, t.order_id, t.created_at AS at
  FROM task t
 WHERE t.id > :after AND EXISTS (SELECT 1 FROM event e WHERE e.order_id = t.order_id AND e.at >= :from_at AND e.at < :to_at)
 ORDER BY t.id LIMIT 1000;

-- name: ocel_customer_page(after i64) :many ocel_customer
SELECT id AS row, id, code, name, tier, created_at AS at FROM customer WHERE id > :after ORDER BY id LIMIT 1000;

-- name: ocel_user_page(after i64) :many ocel_user
SELECT id AS row, id, login, name, role, created_at AS at FROM user_account WHERE id > :after ORDER BY id LIMIT 1000;

-- name: ocel_kinds(from_at i64, to_at i64) :many ocel_kind
SELECT DISTINCT kind FROM event WHERE at >= :from_at AND at < :to_at AND order_id IS NOT NULL ORDER BY kind;

-- name: ocel_event_page(after i64, from_at i64, to_at i64) :many event_row
SELECT id, at, actor_id, actor, role, kind, entity, entity_id, order_id, from_state, to_state
  FROM event WHERE id > :after AND at >= :from_at AND at < :to_at AND order_id IS NOT NULL ORDER BY id LIMIT 1000;
