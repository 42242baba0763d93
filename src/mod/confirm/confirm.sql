-- include: mod/confirm/confirm_view.h

-- name: confirm_insert(link_id i64, order_id i64, snapshot str, until_at time, created_by i64, now time) :exec
INSERT INTO confirm_link (link_id, order_id, snapshot, until_at, created_by, created_at)
VALUES (:link_id, :order_id, :snapshot, :until_at, :created_by, :now);

-- name: confirm_get(link_id i64) :get confirm_link
SELECT link_id, order_id, snapshot, until_at, answer, person, note, answered_at FROM confirm_link WHERE link_id = :link_id;

-- Answered once, whoever else presses the button at the same moment.
-- name: confirm_answered(link_id i64, answer str, person str, note str, now time) :count
UPDATE confirm_link SET answer = :answer, person = :person, note = :note, answered_at = :now WHERE link_id = :link_id AND answer IS NULL;

-- Verify: what the system confirmed by a link was answered so, to what was read back.
-- name: confirm_check() :str
SELECT o.number FROM orders o
 WHERE o.confirmed_method = 'link' AND o.confirmed_by = 1
   AND NOT EXISTS (SELECT 1 FROM confirm_link l WHERE l.order_id = o.id AND l.answer = 'confirm')
 LIMIT 1;

-- name: confirm_count() :i64
SELECT COUNT(*) FROM confirm_link;

-- name: confirm_forget(customer_id i64) :exec
UPDATE confirm_link SET person = CASE WHEN person IS NULL THEN NULL ELSE '-' END, note = NULL
 WHERE order_id IN (SELECT id FROM orders WHERE customer_id = :customer_id);
