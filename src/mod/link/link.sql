-- include: mod/link/link.h

-- name: link_insert(id i64, hash blob, purpose str, entity_id i64, made_by i64, made_at time, until_at time) :exec
INSERT INTO private_link (hash, id, purpose, entity_id, made_by, made_at, until_at)
VALUES (:hash, :id, :purpose, :entity_id, :made_by, :made_at, :until_at);

-- name: link_find(hash blob, purpose str, now time) :find link
SELECT id, purpose, entity_id, made_at, until_at
  FROM private_link WHERE hash = :hash AND purpose = :purpose AND until_at > :now AND revoked_at IS NULL;

-- name: link_take_back(purpose str, entity_id i64, now time) :exec
UPDATE private_link SET revoked_at = :now WHERE purpose = :purpose AND entity_id = :entity_id AND revoked_at IS NULL;

-- name: link_end_one(id i64, now time) :exec
UPDATE private_link SET revoked_at = :now WHERE id = :id AND revoked_at IS NULL;

-- Whatever opens something of this customer: its orders, how they are confirmed, its loads, its statements.
-- name: link_take_back_all(customer_id i64, now time) :exec
UPDATE private_link SET revoked_at = :now
 WHERE revoked_at IS NULL
   AND ((purpose IN ('order', 'confirm') AND entity_id IN (SELECT id FROM orders WHERE customer_id = :customer_id))
     OR (purpose = 'driver' AND entity_id IN (SELECT id FROM shipment WHERE customer_id = :customer_id))
     OR (purpose = 'statement' AND entity_id IN (SELECT id FROM statement WHERE customer_id = :customer_id)));
