-- include: mod/platform/platform_view.h

-- name: platform_list() :many platform
SELECT id, version, name, title, active, created_at FROM platform ORDER BY name;

-- name: platform_get(id i64) :get platform
SELECT id, version, name, title, secret, paths, active, created_at FROM platform WHERE id = :id;

-- name: platform_named(name str) :find platform
SELECT id, version, name, title, secret, paths, active, created_at FROM platform WHERE name = :name;

-- name: platform_insert(id i64, name str, title str, secret str, paths str, now time) :exec
INSERT INTO platform (id, name, title, secret, paths, created_at) VALUES (:id, :name, :title, :secret, :paths, :now);

-- name: platform_save(id i64, version i64, title str, paths str, active bool) :count
UPDATE platform SET version = version + 1, title = :title, paths = :paths, active = :active WHERE id = :id AND version = :version;

-- name: platform_secret_set(id i64, secret str) :exec
UPDATE platform SET version = version + 1, secret = :secret WHERE id = :id;

-- name: platform_message_find(platform_id i64, message_id str) :find platform_message
SELECT hash, intake_id FROM platform_message WHERE platform_id = :platform_id AND message_id = :message_id;

-- name: platform_message_insert(platform_id i64, message_id str, hash str, intake_id i64, now time) :exec
INSERT INTO platform_message (platform_id, message_id, hash, intake_id, received_at) VALUES (:platform_id, :message_id, :hash, :intake_id, :now);

-- name: platform_answer(intake_id i64) :get platform_answer
SELECT i.id AS intake, i.state, i.order_id AS "order", o.number, o.state AS order_state
  FROM intake i LEFT JOIN orders o ON o.id = i.order_id WHERE i.id = :intake_id;
