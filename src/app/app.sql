-- include: app/ledger.h
-- include: app/outbox.h

-- name: schema_there() :i64
-- sqlite:
SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = 'schema_version';
-- pg:
SELECT COUNT(*) FROM information_schema.tables WHERE table_name = 'schema_version' AND table_schema = ANY (current_schemas(false));

-- name: id_block_take(size i64) :i64
UPDATE id_block SET next = next + :size WHERE space = 'all' RETURNING next;

-- name: series_take(series str) :i64
INSERT INTO series (series, next) VALUES (:series, 2)
    ON CONFLICT (series) DO UPDATE SET next = series.next + 1
RETURNING next - 1;

-- name: series_set(series str, next i64) :exec
UPDATE series SET next = :next WHERE series = :series;

-- name: chain_find(chain i64) :find chain_head
SELECT seq, head FROM audit_chain WHERE chain = :chain FOR UPDATE;

-- name: chain_start(chain i64, head blob) :exec
INSERT INTO audit_chain (chain, seq, head) VALUES (:chain, 0, :head) ON CONFLICT (chain) DO NOTHING;

-- name: chain_advance(chain i64, seq i64, head blob) :exec
UPDATE audit_chain SET seq = :seq, head = :head WHERE chain = :chain;

-- name: chain_all() :many chain_head
SELECT chain, seq, head FROM audit_chain ORDER BY chain;

-- name: event_insert() :each event_row
INSERT INTO event (id, at, actor_id, actor, role, kind, entity, entity_id, order_id, step, from_state, to_state, data, chain, seq, hash)
VALUES (:id, :at, :actor_id, :actor, :role, :kind, :entity, :entity_id, :order_id,
        (SELECT COALESCE(MAX(step), 0) + 1 FROM event WHERE order_id = :order_id), :from_state, :to_state, :data, :chain, :seq, :hash);

-- name: event_of_order(order_id i64) :many event_row
SELECT id, at, actor_id, actor, role, kind, entity, entity_id, order_id, from_state, to_state, data
  FROM event WHERE order_id = :order_id ORDER BY step, id;

-- name: event_latest(n i64) :many event_row
SELECT id, at, actor_id, actor, role, kind, entity, entity_id, order_id, from_state, to_state, data
  FROM event WHERE order_id IS NOT NULL ORDER BY id DESC LIMIT :n;

-- name: event_page(after_id i64, from_at i64, to_at i64) :many event_row
SELECT id, at, actor_id, actor, role, kind, entity, entity_id, order_id, from_state, to_state, data, chain, seq, hash
  FROM event WHERE id > :after_id AND at >= :from_at AND at < :to_at ORDER BY id LIMIT 1000;

-- name: event_chain_page(chain i64, after_seq i64) :many event_row
SELECT id, at, actor_id, actor, role, kind, entity, entity_id, order_id, from_state, to_state, data, chain, seq, hash
  FROM event WHERE chain = :chain AND seq > :after_seq ORDER BY seq LIMIT 2000;

-- name: event_count() :i64
SELECT COUNT(*) FROM event;

-- name: outbox_insert(id i64, kind str, event_id i64, recipient str, payload str, now time, next_at time) :exec
INSERT INTO outbox (id, kind, event_id, recipient, payload, created_at, next_at)
VALUES (:id, :kind, :event_id, :recipient, :payload, :now, :next_at)
    ON CONFLICT (event_id, kind, recipient) DO NOTHING;

-- Which couriers have something to do. What waits behind an earlier row for the same recipient is not due.
-- name: outbox_kinds_due(now time) :many outbox_row
SELECT DISTINCT o.kind FROM outbox o
 WHERE o.state = 'waiting' AND o.next_at <= :now AND (o.lease_until IS NULL OR o.lease_until <= :now)
   AND NOT EXISTS (SELECT 1 FROM outbox p WHERE p.state = 'waiting' AND p.kind = o.kind AND p.recipient = o.recipient
                      AND (p.created_at, p.id) < (o.created_at, o.id));

-- name: outbox_claim(kind str, now time, lease time) :find outbox_row
UPDATE outbox SET lease_until = :lease, attempts = attempts + 1
 WHERE state = 'waiting' AND (lease_until IS NULL OR lease_until <= :now)
   AND id = (SELECT o.id FROM outbox o
              WHERE o.kind = :kind AND o.state = 'waiting' AND o.next_at <= :now AND (o.lease_until IS NULL OR o.lease_until <= :now)
                AND NOT EXISTS (SELECT 1 FROM outbox p WHERE p.state = 'waiting' AND p.kind = o.kind AND p.recipient = o.recipient
                                   AND (p.created_at, p.id) < (o.created_at, o.id))
              ORDER BY o.next_at, o.id LIMIT 1)
RETURNING id, event_id, kind, recipient, payload, attempts, created_at;

-- The very row, where nobody else has claimed it since.
-- name: outbox_claim_again(id i64, attempts i64, now time) :count
UPDATE outbox SET attempts = :attempts
 WHERE id = :id AND attempts = :attempts - 1 AND state = 'waiting' AND (lease_until IS NULL OR lease_until <= :now);

-- A worker that was too slow for its lease settles nothing: the row is another's by then.
-- name: outbox_settle(id i64, attempts i64, state str, next_at time, last_error str, done_at time) :count
UPDATE outbox SET state = :state, next_at = :next_at, lease_until = NULL, last_error = :last_error, done_at = :done_at
 WHERE id = :id AND attempts = :attempts AND state = 'waiting';

-- Who waits behind it need not be looked at before it.
-- name: outbox_hold_back(kind str, recipient str, next_at time) :exec
UPDATE outbox SET next_at = :next_at
 WHERE kind = :kind AND recipient = :recipient AND state = 'waiting' AND next_at < :next_at;

-- name: outbox_forget(kind str, recipient str, why str, now time) :exec
UPDATE outbox SET state = 'given_up', last_error = :why, done_at = :now, lease_until = NULL
 WHERE kind = :kind AND recipient = :recipient AND state = 'waiting';

-- payload is the recipient's new name, so that whoever made the row finds it again.
-- name: outbox_rename() :each outbox_row
UPDATE outbox SET recipient = :payload, done_at = COALESCE(done_at, :created_at), lease_until = NULL,
       last_error = NULL, state = CASE WHEN state = 'waiting' THEN 'given_up' ELSE state END
 WHERE event_id = :event_id AND kind = :kind AND recipient = :recipient;

-- name: answer_find(actor_id i64, key str) :find answer
SELECT request, status, type, location, body FROM answer WHERE actor_id = :actor_id AND key = :key;

-- name: answer_keep(actor_id i64, key str, request blob, status i64, type str, location str, body blob, at time) :exec
INSERT INTO answer (actor_id, key, request, status, type, location, body, at)
VALUES (:actor_id, :key, :request, :status, :type, :location, :body, :at);

-- A few at a time: whoever waits for the lane meanwhile must not notice.
-- name: answer_forget(before time, n i64) :count
DELETE FROM answer WHERE (actor_id, key) IN (SELECT actor_id, key FROM answer WHERE at < :before ORDER BY at LIMIT :n);

-- name: setting_find(name str) :str
SELECT value FROM setting WHERE name = :name;

-- name: setting_put(name str, value str) :exec
INSERT INTO setting (name, value) VALUES (:name, :value) ON CONFLICT (name) DO UPDATE SET value = excluded.value;

-- name: tick_take(name str, now time, next time) :count
INSERT INTO tick (name, next_at) VALUES (:name, :next)
    ON CONFLICT (name) DO UPDATE SET next_at = excluded.next_at WHERE tick.next_at <= :now;

-- name: tick_next(name str, next time) :exec
UPDATE tick SET next_at = :next WHERE name = :name;

-- name: database_alive() :i64
SELECT next FROM id_block WHERE space = 'all';

-- name: order_is_there(id i64) :i64
SELECT COUNT(*) FROM orders WHERE id = :id;

-- Whole orders, so a page ends with the last line of its last order.
-- name: export_order_page(after_id i64, from_at i64, to_at i64) :many export_order
SELECT o.id, o.number, o.state, o.channel, k.code AS customer, k.name AS customer_name, o.delivery_date, o.created_at,
       l.line, l.sku, l.name, l.quantity, l.unit, l.price, l.price_unit, l.amount
  FROM (SELECT id, number, state, channel, customer_id, delivery_date, created_at FROM orders
         WHERE id > :after_id AND created_at >= :from_at AND created_at < :to_at ORDER BY id LIMIT 500) AS o
  JOIN customer k ON k.id = o.customer_id
  JOIN order_line l ON l.order_id = o.id
 ORDER BY o.id, l.line;
