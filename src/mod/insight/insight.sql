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

-- name: ocel_return_page(after i64, from_at i64, to_at i64) :many ocel_return
SELECT r.id AS row, r.id, r.number, r.kind, r.state, r.order_id, r.shipment_id, r.customer_id, r.created_at AS at
  FROM goods_return r
 WHERE r.id > :after AND EXISTS (SELECT 1 FROM event e WHERE e.order_id = r.order_id AND e.at >= :from_at AND e.at < :to_at)
 ORDER BY r.id LIMIT 1000;

-- name: ocel_case_page(after i64, from_at i64, to_at i64) :many ocel_case
SELECT k.id AS row, k.id, k.number, k.kind, k.state, k.cause, k.lot, k.order_id, k.shipment_id, k.return_id, k.customer_id,
       k.opened_at AS at
  FROM care_case k
 WHERE k.id > :after AND EXISTS (SELECT 1 FROM event e WHERE e.order_id = k.order_id AND e.at >= :from_at AND e.at < :to_at)
 ORDER BY k.id LIMIT 1000;

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

-- ---- the history: packed events ----
-- include: mod/insight/history.h

-- name: insight_words() :many history_word
SELECT book, number, word FROM insight_word ORDER BY book, number;

-- name: insight_word_add() :each history_word
INSERT INTO insight_word (book, number, word) VALUES (:book, :number, :word);

-- name: insight_chains() :many history_chain
SELECT a.chain, a.seq AS head, COALESCE(s.seq, 0) AS seq
  FROM audit_chain a LEFT JOIN insight_seen s ON s.chain = a.chain ORDER BY a.chain;

-- name: insight_next(chain i64, after i64, n i64) :many history_event
SELECT e.seq, e.order_id, e.at, e.actor_id, e.actor, e.role, e.kind, e.from_state, e.to_state, o.channel, k.tier
  FROM event e LEFT JOIN orders o ON o.id = e.order_id LEFT JOIN customer k ON k.id = o.customer_id
 WHERE e.chain = :chain AND e.seq > :after ORDER BY e.seq LIMIT :n;

-- name: insight_seen_put(chain i64, seq i64) :exec
INSERT INTO insight_seen (chain, seq) VALUES (:chain, :seq) ON CONFLICT (chain) DO UPDATE SET seq = excluded.seq;

-- name: insight_piece_open() :find history_piece
SELECT piece, from_at, to_at, steps, data FROM insight_piece WHERE piece = (SELECT MAX(piece) FROM insight_piece);

-- name: insight_piece_put(piece i64, from_at time, to_at time, steps i64, data blob) :exec
INSERT INTO insight_piece (piece, from_at, to_at, steps, data) VALUES (:piece, :from_at, :to_at, :steps, :data)
    ON CONFLICT (piece) DO UPDATE SET from_at = excluded.from_at, to_at = excluded.to_at, steps = excluded.steps, data = excluded.data;

-- name: insight_pieces(from_at time) :many history_piece
SELECT piece, from_at, to_at, steps, data FROM insight_piece WHERE to_at >= :from_at ORDER BY piece;

-- ---- the pages and the board ----
-- include: mod/insight/insight_view.h

-- name: insight_orders(ids i64s) :many insight_order
SELECT o.id, o.number, o.state, k.name AS customer, o.total, o.created_at
  FROM orders o JOIN customer k ON k.id = o.customer_id WHERE o.id IN (:ids);

-- Orders due on these days, by the day on which the last of them was received and whether nothing was missing.
-- name: insight_due(from_day date, to_day date, zone_us i64, channel str, tier str) :many board_due
SELECT d.delivery_date, d.received_day, d.in_full, COUNT(*) AS n
  FROM (SELECT o.delivery_date,
               (SELECT (MAX(s.receipt_at) + :zone_us) / 86400000000 FROM shipment s WHERE s.order_id = o.id) AS received_day,
               CASE WHEN EXISTS (SELECT 1 FROM order_line l WHERE l.order_id = o.id AND l.delivered < l.ordered) THEN 0 ELSE 1 END AS in_full
          FROM orders o JOIN customer k ON k.id = o.customer_id
         WHERE o.delivery_date >= :from_day AND o.delivery_date <= :to_day
           AND o.state NOT IN ('draft', 'awaiting_confirmation', 'rejected', 'cancelled')
           AND (:channel IS NULL OR o.channel = :channel) AND (:tier IS NULL OR k.tier = :tier)) AS d
 GROUP BY d.delivery_date, d.received_day, d.in_full;

-- Of the lines of these orders that had their turn: how many left whole, arrived whole.
-- name: insight_lines(from_day date, to_day date, channel str, tier str) :get insight_lines
SELECT CAST(COALESCE(SUM(CASE WHEN l.shipped > 0 OR l.cancelled > 0 THEN 1 ELSE 0 END), 0) AS BIGINT) AS lines,
       CAST(COALESCE(SUM(CASE WHEN (l.shipped > 0 OR l.cancelled > 0) AND l.shipped >= l.ordered THEN 1 ELSE 0 END), 0) AS BIGINT) AS filled,
       CAST(COALESCE(SUM(CASE WHEN l.delivered + l.refused > 0 THEN 1 ELSE 0 END), 0) AS BIGINT) AS received,
       CAST(COALESCE(SUM(CASE WHEN l.delivered + l.refused > 0 AND l.refused = 0 AND l.delivered >= l.shipped THEN 1 ELSE 0 END), 0) AS BIGINT) AS accepted
  FROM orders o JOIN customer k ON k.id = o.customer_id JOIN order_line l ON l.order_id = o.id
 WHERE o.delivery_date >= :from_day AND o.delivery_date <= :to_day
   AND o.state NOT IN ('draft', 'awaiting_confirmation', 'rejected', 'cancelled')
   AND (:channel IS NULL OR o.channel = :channel) AND (:tier IS NULL OR k.tier = :tier);

-- name: insight_picked(from_at time, to_at time, channel str, tier str) :get insight_picked
SELECT COUNT(*) AS lines, CAST(COALESCE(SUM(CASE WHEN p.picked >= p.quantity THEN 1 ELSE 0 END), 0) AS BIGINT) AS whole
  FROM pick k JOIN pick_line p ON p.pick_id = k.id JOIN orders o ON o.id = k.order_id JOIN customer m ON m.id = o.customer_id
 WHERE k.done_at >= :from_at AND k.done_at < :to_at AND p.picked IS NOT NULL
   AND (:channel IS NULL OR o.channel = :channel) AND (:tier IS NULL OR m.tier = :tier);

-- name: board_counts(now time) :many board_count
SELECT state, COUNT(*) AS n, CAST(SUM(CASE WHEN due_at < :now THEN 1 ELSE 0 END) AS BIGINT) AS late
  FROM orders WHERE state IN ('draft', 'awaiting_confirmation', 'in_review', 'rejected', 'approved', 'picking', 'partly_shipped', 'shipped', 'partly_delivered')
 GROUP BY state;

-- name: board_trucks(from_at time) :many board_truck
SELECT COALESCE(s.carrier, '') AS carrier,
       CAST(SUM(CASE WHEN s.state = 'packing' THEN 1 ELSE 0 END) AS BIGINT) AS packing,
       CAST(SUM(CASE WHEN s.dispatched_at >= :from_at THEN 1 ELSE 0 END) AS BIGINT) AS gone,
       CAST(SUM(CASE WHEN s.dispatched_at >= :from_at THEN (SELECT COUNT(*) FROM package p WHERE p.shipment_id = s.id) ELSE 0 END) AS BIGINT) AS packages
  FROM shipment s WHERE s.state = 'packing' OR (s.state <> 'packing' AND s.dispatched_at >= :from_at)
 GROUP BY COALESCE(s.carrier, '') ORDER BY 1;

-- name: board_latest(now time, n i64) :many board_late
SELECT o.id, o.number, o.state, k.name AS customer, o.due_at
  FROM orders o JOIN customer k ON k.id = o.customer_id
 WHERE o.due_at < :now AND o.state IN ('draft', 'awaiting_confirmation', 'in_review', 'rejected', 'approved', 'picking')
 ORDER BY o.due_at, o.id LIMIT :n;

-- name: insight_tiers() :many insight_tier
SELECT DISTINCT tier FROM customer WHERE tier IS NOT NULL AND tier <> '' ORDER BY tier LIMIT 50;

-- name: insight_pieces_count() :i64
SELECT COUNT(*) FROM insight_piece;

-- Shipments of orders due in the period, and those that somebody complained of.
-- name: insight_blamed_carriers(from_day date, to_day date, channel str, tier str) :many insight_blamed
SELECT COALESCE(c.name, s.carrier) AS who, COUNT(*) AS n,
       CAST(SUM(CASE WHEN EXISTS (SELECT 1 FROM care_case k WHERE k.order_id = s.order_id AND (k.shipment_id IS NULL OR k.shipment_id = s.id))
                     THEN 1 ELSE 0 END) AS BIGINT) AS blamed
  FROM orders o JOIN customer m ON m.id = o.customer_id JOIN shipment s ON s.order_id = o.id LEFT JOIN carrier c ON c.code = s.carrier
 WHERE o.delivery_date >= :from_day AND o.delivery_date <= :to_day AND s.carrier IS NOT NULL
   AND (:channel IS NULL OR o.channel = :channel) AND (:tier IS NULL OR m.tier = :tier)
 GROUP BY COALESCE(c.name, s.carrier) ORDER BY 3 DESC, 2 DESC, 1;

-- name: insight_blamed_pickers(from_day date, to_day date, channel str, tier str) :many insight_blamed
SELECT u.name AS who, COUNT(*) AS n,
       CAST(SUM(CASE WHEN EXISTS (SELECT 1 FROM care_case k WHERE k.order_id = s.order_id AND (k.shipment_id IS NULL OR k.shipment_id = s.id))
                     THEN 1 ELSE 0 END) AS BIGINT) AS blamed
  FROM orders o JOIN customer m ON m.id = o.customer_id JOIN shipment s ON s.order_id = o.id JOIN pick p ON p.id = s.pick_id JOIN user_account u ON u.id = p.picker_id
 WHERE o.delivery_date >= :from_day AND o.delivery_date <= :to_day AND s.carrier IS NOT NULL
   AND (:channel IS NULL OR o.channel = :channel) AND (:tier IS NULL OR m.tier = :tier)
 GROUP BY u.name ORDER BY 3 DESC, 2 DESC, 1;

-- name: insight_blamed_lots(from_at time, to_at time, channel str, tier str) :many insight_blamed
SELECT p.name || ' ' || k.lot AS who, 0 AS n, COUNT(*) AS blamed
  FROM care_case k JOIN product p ON p.id = k.product_id JOIN orders o ON o.id = k.order_id JOIN customer m ON m.id = o.customer_id
 WHERE k.opened_at >= :from_at AND k.opened_at < :to_at AND k.lot IS NOT NULL
   AND (:channel IS NULL OR o.channel = :channel) AND (:tier IS NULL OR m.tier = :tier)
 GROUP BY p.name, k.lot ORDER BY 3 DESC, 1 LIMIT 20;
