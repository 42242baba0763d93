-- include: mod/ship/ship_int.h

-- name: carrier_event_take(shipment_id i64, hash str, at time) :count
INSERT INTO carrier_event (shipment_id, hash, at) VALUES (:shipment_id, :hash, :at) ON CONFLICT (shipment_id, hash) DO NOTHING;

-- name: carrier_call_take(id str, at time) :count
INSERT INTO carrier_call (id, at) VALUES (:id, :at) ON CONFLICT (id) DO NOTHING;

-- name: carrier_call_forget(before time) :exec
DELETE FROM carrier_call WHERE at < :before;

-- name: track_by_number(carrier str, number str) :many shipment
SELECT id, number, carrier FROM shipment WHERE tracking_number = :number AND (carrier = :carrier OR carrier IS NULL) ORDER BY id DESC LIMIT 2;

-- On the road past the promised day; each is told once.
-- name: track_late(today date, n i64) :many shipment
SELECT s.id, s.number, s.order_id FROM shipment s
 WHERE s.state = 'dispatched' AND s.promised_on < :today
   AND NOT EXISTS (SELECT 1 FROM task t WHERE t.kind = 'late' AND t.entity = 'shipment' AND t.entity_id = s.id)
 ORDER BY s.id LIMIT :n;

-- On the road and nobody said anything for a while, nor did a person look into it.
-- name: track_silent(since time, n i64) :many shipment
SELECT s.id, s.number, s.order_id FROM shipment s
 WHERE s.state = 'dispatched' AND COALESCE(s.track_at, s.dispatched_at) < :since
   AND NOT EXISTS (SELECT 1 FROM task t WHERE t.kind IN ('silent', 'late') AND t.entity = 'shipment' AND t.entity_id = s.id
                    AND (t.state = 'open' OR t.done_at > :since))
 ORDER BY s.id LIMIT :n;
