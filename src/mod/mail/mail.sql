-- include: mod/mail/mail_int.h

-- name: mail_box_find(name str) :find mail_box
SELECT name, uidvalidity, last_uid, first_at, stuck_uid, stuck_n, checked_at, failed_at, error FROM mail_box WHERE name = :name;

-- name: mail_boxes() :many mail_box
SELECT name, uidvalidity, last_uid, first_at, stuck_uid, stuck_n, checked_at, failed_at, error FROM mail_box ORDER BY name;

-- name: mail_box_begin(name str, at time) :exec
INSERT INTO mail_box (name, uidvalidity, last_uid, first_at) VALUES (:name, 0, 0, :at) ON CONFLICT (name) DO NOTHING;

-- name: mail_box_stuck(name str, uidvalidity i64, uid i64) :exec
UPDATE mail_box SET stuck_n = CASE WHEN stuck_uid = :uid AND uidvalidity = :uidvalidity THEN stuck_n + 1 ELSE 1 END, stuck_uid = :uid,
       last_uid = CASE WHEN uidvalidity = :uidvalidity THEN last_uid ELSE 0 END, uidvalidity = :uidvalidity
 WHERE name = :name;

-- name: mail_box_read(name str, uidvalidity i64, last_uid i64) :exec
INSERT INTO mail_box (name, uidvalidity, last_uid) VALUES (:name, :uidvalidity, :last_uid)
    ON CONFLICT (name) DO UPDATE SET last_uid = CASE WHEN mail_box.uidvalidity = excluded.uidvalidity
       AND mail_box.last_uid > excluded.last_uid THEN mail_box.last_uid ELSE excluded.last_uid END,
       uidvalidity = excluded.uidvalidity;

-- name: mail_box_well(name str, uidvalidity i64, at time) :exec
INSERT INTO mail_box (name, uidvalidity, last_uid, checked_at) VALUES (:name, :uidvalidity, 0, :at)
    ON CONFLICT (name) DO UPDATE SET checked_at = excluded.checked_at, error = NULL, failed_at = NULL;

-- name: mail_box_failed(name str, error str, at time) :exec
INSERT INTO mail_box (name, uidvalidity, last_uid, failed_at, error) VALUES (:name, 0, 0, :at, :error)
    ON CONFLICT (name) DO UPDATE SET error = excluded.error, failed_at = COALESCE(mail_box.failed_at, excluded.failed_at);

-- name: mail_insert(id i64, box str, uidvalidity i64, uid i64, message_id str, hash str, content_hash str, size i64, sender str, sender_name str, subject str, sent_at time, state str, problem str, intake_id i64, order_id i64, answered bool, flagged bool, at time) :count
INSERT INTO mail (id, box, uidvalidity, uid, message_id, hash, content_hash, size, sender, sender_name, subject, sent_at, state, problem,
                  intake_id, order_id, answered, flagged, created_at)
VALUES (:id, :box, :uidvalidity, :uid, :message_id, :hash, :content_hash, :size, :sender, :sender_name, :subject, :sent_at, :state, :problem,
        :intake_id, :order_id, :answered, :flagged, :at)
    ON CONFLICT (box, uidvalidity, uid) DO NOTHING;

-- name: mail_is_here(box str, uidvalidity i64, uid i64) :i64
SELECT COUNT(*) FROM mail WHERE box = :box AND uidvalidity = :uidvalidity AND uid = :uid;

-- The same mail: the same number and the same words, or without a number the same bytes.
-- name: mail_same(message_id str, content_hash str, hash str) :i64
SELECT intake_id FROM mail
 WHERE state <> 'duplicate' AND ((message_id = :message_id AND content_hash = :content_hash) OR (:message_id IS NULL AND hash = :hash))
 ORDER BY id LIMIT 1;

-- name: mail_same_number(message_id str) :i64
SELECT COUNT(*) FROM mail WHERE message_id = :message_id AND state <> 'duplicate';

-- name: mail_unflagged_uids(box str, uidvalidity i64) :many mail
SELECT uid FROM mail WHERE box = :box AND uidvalidity = :uidvalidity AND flagged = 0 ORDER BY uid LIMIT 500;

-- name: mail_flagged(box str, uidvalidity i64, uids i64s) :exec
UPDATE mail SET flagged = 1 WHERE box = :box AND uidvalidity = :uidvalidity AND uid IN (:uids);

-- name: mail_answers_since(sender str, since time) :i64
SELECT COUNT(*) FROM mail WHERE sender = :sender AND created_at >= :since AND answered = 1;

-- name: mail_order_numbered(number str) :i64
SELECT id FROM orders WHERE number = :number;

-- name: mail_page(state str, before_id i64, n i64) :many mail
SELECT m.id, m.box, m.uidvalidity, m.uid, m.size, m.intake_id, m.order_id, m.message_id, m.hash, m.sender, m.sender_name, m.subject, m.state,
       m.problem, m.sent_at, m.created_at, m.flagged, m.answered, o.number
  FROM mail m LEFT JOIN orders o ON o.id = m.order_id
 WHERE m.id < :before_id AND (:state IS NULL OR m.state = :state) ORDER BY m.id DESC LIMIT :n;

-- Verify 9: a mail that was kept stands in the inbox.
-- name: mail_check_kept() :many mail
SELECT m.uid, m.subject FROM mail m LEFT JOIN intake i ON i.id = m.intake_id WHERE i.id IS NULL LIMIT 10;

-- name: mail_count_all() :i64
SELECT COUNT(*) FROM mail;

-- The bytes stand with the inbox entry and go there.
-- name: mail_forget(customer_id i64) :exec
UPDATE mail SET sender = NULL, sender_name = NULL, subject = NULL
 WHERE intake_id IN (SELECT id FROM intake WHERE customer_id = :customer_id);
