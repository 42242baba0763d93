-- include: mod/file/file_int.h

-- name: file_insert(id i64, entity str, entity_id i64, name str, type str, size i64, sha256 str, content blob, by i64, at time) :exec
INSERT INTO attachment (id, entity, entity_id, name, type, size, sha256, content, added_by, at)
VALUES (:id, :entity, :entity_id, :name, :type, :size, :sha256, :content, :by, :at);

-- name: file_of(entity str, entity_id i64) :many file
SELECT id, entity, entity_id, name, type, size, sha256, at FROM attachment
 WHERE entity = :entity AND entity_id = :entity_id ORDER BY id;

-- name: file_get(id i64, entity str, entity_id i64) :get file_content
SELECT name, type, entity, entity_id, content FROM attachment
 WHERE id = :id AND (:entity IS NULL OR entity = :entity) AND (:entity_id IS NULL OR entity_id = :entity_id);

-- name: file_drop(entity str, entity_ids i64s) :exec
DELETE FROM attachment WHERE entity = :entity AND entity_id IN (:entity_ids);

-- name: file_check_page(after_id i64) :many file
SELECT id, name, sha256 FROM attachment WHERE id > :after_id ORDER BY id LIMIT 100;
