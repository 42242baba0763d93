-- include: mod/archive/archive_int.h
-- include: app/ledger.h

-- name: archive_insert() :each archive_record
INSERT INTO archive_record (order_id, number, customer_id, state, day, record, sha256, archived_by, archived_at)
VALUES (:order_id, :number, :customer_id, :state, :day, :record, :sha256, :by, :at);

-- name: archive_person_insert() :each archive_person
INSERT INTO archive_person (order_id, n, field, salt, value) VALUES (:order_id, :n, :field, :salt, :value);

-- name: archive_word_insert() :each archive_word
INSERT INTO archive_word (word, order_id, personal) VALUES (:word, :order_id, :personal) ON CONFLICT (word, order_id) DO NOTHING;

-- name: archive_find(order_id i64) :find archive_record
SELECT order_id, number, customer_id, state, day, record, sha256, archived_by AS by, archived_at AS at
  FROM archive_record WHERE order_id = :order_id;

-- name: archive_people(order_id i64) :many archive_person
SELECT order_id, n, field, salt, value FROM archive_person WHERE order_id = :order_id ORDER BY n;

-- name: archive_forget(customer_id i64) :exec
DELETE FROM archive_person WHERE order_id IN (SELECT order_id FROM archive_record WHERE customer_id = :customer_id);

-- name: archive_words_forget(customer_id i64) :exec
DELETE FROM archive_word
 WHERE personal = 1 AND order_id IN (SELECT order_id FROM archive_record WHERE customer_id = :customer_id);

-- name: erasure_insert(customer_id i64, reason str, by i64, at time) :exec
INSERT INTO erasure (customer_id, reason, erased_by, at) VALUES (:customer_id, :reason, :by, :at)
    ON CONFLICT (customer_id) DO UPDATE SET reason = excluded.reason, erased_by = excluded.erased_by, at = excluded.at;

-- What there is of a customer, for whoever is about to erase it.
-- name: erase_page_make(id i64) :get erase_page
SELECT k.id, k.code, k.name,
       (SELECT COUNT(*) FROM orders WHERE customer_id = k.id) AS orders,
       (SELECT COUNT(*) FROM archive_record WHERE customer_id = k.id) AS records,
       (SELECT COUNT(*) FROM intake WHERE customer_id = k.id) AS messages,
       (SELECT COUNT(*) FROM notice WHERE customer_id = k.id) AS notices,
       (SELECT COUNT(*) FROM care_case WHERE customer_id = k.id) AS cases,
       (SELECT COUNT(*) FROM goods_return WHERE customer_id = k.id) AS returns,
       (SELECT COUNT(*) FROM receipt_file f JOIN shipment s ON s.id = f.shipment_id WHERE s.customer_id = k.id)
     + (SELECT COUNT(*) FROM attachment a JOIN care_case x ON x.id = a.entity_id WHERE a.entity = 'case' AND x.customer_id = k.id) AS photos,
       e.at AS erased_at, e.reason, u.name AS erased_by
  FROM customer k LEFT JOIN erasure e ON e.customer_id = k.id LEFT JOIN user_account u ON u.id = e.erased_by
 WHERE k.id = :id;

-- What somebody is still working on.
-- name: archive_open_work(customer_id i64) :i64
SELECT (SELECT COUNT(*) FROM orders WHERE customer_id = :customer_id
           AND decision IN ('draft', 'awaiting_confirmation', 'in_review', 'rejected', 'approved'))
     + (SELECT COUNT(*) FROM intake WHERE customer_id = :customer_id AND state IN ('new', 'proposed', 'waiting'))
     + (SELECT COUNT(*) FROM goods_return WHERE customer_id = :customer_id AND state NOT IN ('closed', 'rejected', 'cancelled'))
     + (SELECT COUNT(*) FROM care_case WHERE state <> 'closed' AND customer_id = :customer_id);

-- name: erasure_of(customer_id i64) :i64
SELECT at FROM erasure WHERE customer_id = :customer_id;

-- What must be there, counted from the raw rows.
-- name: archive_count(order_id i64) :get archive_counts
SELECT (SELECT COUNT(*) FROM shipment WHERE order_id = :order_id) AS shipments,
       (SELECT COUNT(*) FROM shipment WHERE order_id = :order_id AND state = 'delivered') AS delivered,
       (SELECT COUNT(*) FROM shipment WHERE order_id = :order_id AND receipt_signer IS NOT NULL AND receipt_at IS NOT NULL) AS signed_n,
       (SELECT COUNT(*) FROM receipt_file f JOIN shipment s ON s.id = f.shipment_id WHERE s.order_id = :order_id) AS photos,
       (SELECT COUNT(*) FROM care_case WHERE order_id = :order_id AND state <> 'closed') AS cases,
       (SELECT COUNT(DISTINCT g.id) FROM return_line l JOIN goods_return g ON g.id = l.return_id
         WHERE l.order_id = :order_id AND g.state NOT IN ('closed', 'rejected', 'cancelled')) AS returns,
       (SELECT COUNT(*) FROM follow_up WHERE order_id = :order_id) AS asked,
       (SELECT COUNT(*) FROM follow_up WHERE order_id = :order_id AND state <> 'due') AS answered,
       (SELECT reason FROM follow_up WHERE order_id = :order_id) AS reason;

-- name: archive_reviews(order_id i64) :many archive_review
SELECT r.id, r.state, r.decision, r.checks, r.overrides, r.note, u.name AS reviewer, r.decided_at
  FROM review r LEFT JOIN user_account u ON u.id = r.decided_by WHERE r.order_id = :order_id ORDER BY r.id;

-- name: archive_receipts(order_id i64) :many archive_file
SELECT f.id, s.number AS of, f.name, f.type, f.sha256 FROM receipt_file f JOIN shipment s ON s.id = f.shipment_id
 WHERE s.order_id = :order_id ORDER BY f.id;

-- name: archive_photos(order_id i64) :many archive_file
SELECT a.id, k.number AS of, a.name, a.type, a.sha256 AS hex FROM attachment a JOIN care_case k ON k.id = a.entity_id
 WHERE a.entity = 'case' AND k.order_id = :order_id ORDER BY a.id;

-- name: archive_events(order_id i64) :many archive_event
SELECT id, at, actor, role, kind, entity, from_state, to_state, chain, seq, hash FROM event WHERE order_id = :order_id ORDER BY step, id;

-- name: archive_notices(order_id i64) :many archive_notice
SELECT x.id, x.kind, x.recipient, x.state, x.done_at FROM outbox x JOIN event e ON e.id = x.event_id
 WHERE e.order_id = :order_id ORDER BY x.id;

-- name: archive_shipment_ids(order_id i64) :many archive_word
SELECT number AS word, id AS order_id FROM shipment WHERE order_id = :order_id ORDER BY id;

-- name: archive_event_of(order_id i64) :find event_row
SELECT id, at, actor_id, actor, role, kind, entity, entity_id, order_id, from_state, to_state, data, chain, seq, hash
  FROM event WHERE order_id = :order_id AND kind = 'order.archived' ORDER BY step DESC LIMIT 1;

-- name: archive_event_before(chain i64, seq i64) :find event_row
SELECT id, at, actor_id, actor, role, kind, entity, entity_id, order_id, from_state, to_state, data, chain, seq, hash
  FROM event WHERE chain = :chain AND seq = :seq;

-- name: archive_key_find() :find archive_key
SELECT public_key, secret FROM archive_key ORDER BY id LIMIT 1;

-- name: archive_key_insert(id i64, public_key str, secret blob, at time) :exec
INSERT INTO archive_key (id, public_key, secret, made_at) VALUES (:id, :public_key, :secret, :at);

-- Finished long ago and nothing in the way.
-- name: archive_waiting(before time, n i64) :many archive_record
SELECT o.id AS order_id, o.number FROM orders o
 WHERE o.state IN ('completed', 'cancelled') AND o.changed_at < :before
   AND NOT EXISTS (SELECT 1 FROM task t WHERE t.kind = 'archive_missing' AND t.entity = 'order' AND t.entity_id = o.id AND t.state = 'open')
 ORDER BY o.id LIMIT :n;

-- name: archive_page(before_id i64, from_day date, to_day date, n i64) :many archive_hit
SELECT r.order_id AS "order", r.number, k.code AS customer, k.name AS customer_name, r.state, r.day, o.total, r.archived_at
  FROM archive_record r JOIN orders o ON o.id = r.order_id JOIN customer k ON k.id = r.customer_id
 WHERE r.order_id < :before_id AND (:from_day IS NULL OR r.day >= :from_day) AND (:to_day IS NULL OR r.day <= :to_day)
 ORDER BY r.order_id DESC LIMIT :n;

-- The first word is read backwards, newest first; the others are looked up.
-- name: archive_search_one(word str, before_id i64, n i64) :many archive_hit
SELECT r.order_id AS "order", r.number, k.code AS customer, k.name AS customer_name, r.state, r.day, o.total, r.archived_at
  FROM archive_word w JOIN archive_record r ON r.order_id = w.order_id JOIN orders o ON o.id = w.order_id JOIN customer k ON k.id = r.customer_id
 WHERE w.word = :word AND w.order_id < :before_id ORDER BY w.order_id DESC LIMIT :n;

-- name: archive_search_all(word str, words strs, words_n i64, before_id i64, n i64) :many archive_hit
SELECT r.order_id AS "order", r.number, k.code AS customer, k.name AS customer_name, r.state, r.day, o.total, r.archived_at
  FROM archive_word w JOIN archive_record r ON r.order_id = w.order_id JOIN orders o ON o.id = w.order_id JOIN customer k ON k.id = r.customer_id
 WHERE w.word = :word AND w.order_id < :before_id
   AND (SELECT COUNT(*) FROM archive_word x WHERE x.order_id = w.order_id AND x.word IN (:words)) = :words_n
 ORDER BY w.order_id DESC LIMIT :n;

-- The rarest word leads: counted only as far as it matters.
-- name: archive_word_count(word str) :i64
SELECT COUNT(*) FROM (SELECT 1 FROM archive_word WHERE word = :word LIMIT 1000) AS few;

-- Verify.
-- name: archive_check_page(after_id i64) :many archive_record
SELECT order_id, number, record, sha256 FROM archive_record WHERE order_id > :after_id ORDER BY order_id LIMIT 200;

-- name: archive_check_missing() :many broken
SELECT o.number AS what, 0 AS have, 1 AS want FROM orders o LEFT JOIN archive_record r ON r.order_id = o.id
 WHERE o.decision = 'archived' AND r.order_id IS NULL LIMIT 10;

-- name: archive_check_complete() :many broken
SELECT o.number AS what, 0 AS have, 1 AS want FROM orders o JOIN archive_record r ON r.order_id = o.id
 WHERE o.decision = 'archived' AND r.state = 'completed'
   AND (EXISTS (SELECT 1 FROM shipment s WHERE s.order_id = o.id AND (s.state <> 'delivered' OR s.receipt_at IS NULL))
     OR NOT EXISTS (SELECT 1 FROM shipment s WHERE s.order_id = o.id)
     OR NOT EXISTS (SELECT 1 FROM follow_up f WHERE f.order_id = o.id AND f.state <> 'due')
     OR EXISTS (SELECT 1 FROM care_case k WHERE k.order_id = o.id AND k.state <> 'closed')
     OR EXISTS (SELECT 1 FROM return_line l JOIN goods_return g ON g.id = l.return_id
                 WHERE l.order_id = o.id AND g.state NOT IN ('closed', 'rejected', 'cancelled'))) LIMIT 10;

-- name: archive_count_all() :i64
SELECT COUNT(*) FROM archive_record;
