-- include: mod/notice/notice_int.h
-- include: mod/notice/notice_view.h

-- name: notice_subject_get(order_id i64, shipment_id i64, event_id i64) :get notice_subject
SELECT k.id AS customer_id, k.code, k.name AS customer, k.contact, k.email, k.phone, COALESCE(h.lang, 'zh-CN') AS lang,
       COALESCE(h.by_email, 1) AS by_email, COALESCE(h.by_webhook, 1) AS by_webhook, COALESCE(h.by_wecom, 1) AS by_wecom,
       COALESCE(h.by_sms, 0) AS by_sms, o.id AS order_id, o.number, o.decision, o.address, o.delivery_date, o.total,
       s.id AS shipment_id, s.number AS shipment, COALESCE(r.name, s.carrier) AS carrier, s.tracking_number, s.driver,
       s.receipt_signer AS signer, s.promised_on,
       (SELECT t.note FROM tracking t WHERE t.shipment_id = s.id AND t.state = 'exception' ORDER BY t.at DESC, t.id DESC LIMIT 1) AS note,
       e.at AS event_at, CASE WHEN e.kind = 'order.shared_short' THEN e.data END AS event_data
  FROM orders o JOIN customer k ON k.id = o.customer_id
  LEFT JOIN notice_choice h ON h.customer_id = k.id
  LEFT JOIN shipment s ON s.id = :shipment_id
  LEFT JOIN carrier r ON r.code = s.carrier
  LEFT JOIN event e ON e.id = :event_id
 WHERE o.id = :order_id;

-- name: notice_goods_ordered(order_id i64) :many notice_goods
SELECT p.name, l.unit, l.quantity FROM order_line l JOIN product p ON p.id = l.product_id
 WHERE l.order_id = :order_id ORDER BY l.line;

-- name: notice_goods_shipped(shipment_id i64) :many notice_goods
SELECT p.name, p.base_unit AS unit, l.quantity FROM shipment_line l JOIN product p ON p.id = l.product_id
 WHERE l.shipment_id = :shipment_id ORDER BY l.line;

-- name: notice_insert() :each notice
INSERT INTO notice (id, event_id, about, channel, customer_id, order_id, shipment_id, endpoint_id, recipient, subject, body, message_id,
                    in_reply_to, state, resend_of, created_at)
VALUES (:id, :event_id, :about, :channel, :customer_id, :order_id, :shipment_id, :endpoint_id, :recipient, :subject, :body, :message_id,
        :in_reply_to, :state, :resend_of, :created_at)
    ON CONFLICT (event_id, channel, recipient) DO NOTHING;

-- name: notice_one(id i64) :get notice
SELECT id, event_id, about, channel, customer_id, order_id, shipment_id, endpoint_id, recipient, subject, body, message_id, in_reply_to,
       state, tries, answer, resend_of, created_at, done_at
  FROM notice WHERE id = :id;

-- name: notice_tried(id i64, tries i64, state str, answer str, done_at time) :exec
UPDATE notice SET tries = :tries, state = :state, answer = :answer, done_at = :done_at WHERE id = :id;

-- name: notice_try_insert(notice_id i64, n i64, at time, went bool, answer str) :exec
INSERT INTO notice_try (notice_id, n, at, went, answer) VALUES (:notice_id, :n, :at, :went, :answer)
    ON CONFLICT (notice_id, n) DO NOTHING;

-- name: notice_try_list(notice_id i64) :many notice_try
SELECT notice_id, n, at, went, answer FROM notice_try WHERE notice_id = :notice_id ORDER BY n;

-- name: notice_told(shipment_id i64, about str, event_id i64) :i64
SELECT COUNT(*) FROM notice WHERE shipment_id = :shipment_id AND about = :about AND event_id <> :event_id;

-- name: notice_by_message(message_id str) :find notice_thread
SELECT order_id, in_reply_to FROM notice WHERE message_id = :message_id LIMIT 1;

-- What waits for an endpoint that is closed goes no further.
-- name: notice_endpoint_over(endpoint_id i64, why str, now time) :exec
UPDATE notice SET state = 'failed', answer = :why, done_at = :now WHERE endpoint_id = :endpoint_id AND state = 'waiting';

-- name: notice_endpoints(customer_id i64) :many notice_endpoint
SELECT e.id, e.version, e.customer_id, e.channel, e.url, e.secret, e.old_secret, e.old_until, e.active, e.why, e.created_at, e.disabled_at,
       k.name AS customer
  FROM notice_endpoint e JOIN customer k ON k.id = e.customer_id
 WHERE e.customer_id = :customer_id ORDER BY e.id;

-- name: notice_endpoint_get(id i64) :get notice_endpoint
SELECT e.id, e.version, e.customer_id, e.channel, e.url, e.secret, e.old_secret, e.old_until, e.active, e.why, e.created_at, e.disabled_at,
       k.name AS customer
  FROM notice_endpoint e JOIN customer k ON k.id = e.customer_id WHERE e.id = :id FOR UPDATE;

-- name: notice_endpoint_insert(id i64, customer_id i64, channel str, url str, secret str, by i64, at time) :exec
INSERT INTO notice_endpoint (id, customer_id, channel, url, secret, created_by, created_at)
VALUES (:id, :customer_id, :channel, :url, :secret, :by, :at);

-- name: notice_endpoint_state(id i64, active bool, why str, at time) :exec
UPDATE notice_endpoint SET active = :active, why = :why, disabled_at = :at, version = version + 1 WHERE id = :id;

-- name: notice_endpoint_secret(id i64, secret str, old_secret str, old_until time) :exec
UPDATE notice_endpoint SET secret = :secret, old_secret = :old_secret, old_until = :old_until, version = version + 1 WHERE id = :id;

-- name: notice_choice_put(customer_id i64, by_email bool, by_webhook bool, by_wecom bool, by_sms bool, lang str) :exec
INSERT INTO notice_choice (customer_id, by_email, by_webhook, by_wecom, by_sms, lang)
VALUES (:customer_id, :by_email, :by_webhook, :by_wecom, :by_sms, :lang)
    ON CONFLICT (customer_id) DO UPDATE SET by_email = excluded.by_email, by_webhook = excluded.by_webhook,
       by_wecom = excluded.by_wecom, by_sms = excluded.by_sms, lang = excluded.lang;

-- name: notice_choice_find(customer_id i64) :find notice_choice
SELECT by_email, by_webhook, by_wecom, by_sms, lang FROM notice_choice WHERE customer_id = :customer_id;

-- name: notice_template_find(about str, lang str) :find notice_words
SELECT about, lang, subject, body, brief, 1 AS changed FROM notice_template WHERE about = :about AND lang = :lang;

-- name: notice_template_put(about str, lang str, subject str, body str, brief str, by i64, at time) :exec
INSERT INTO notice_template (about, lang, subject, body, brief, changed_by, changed_at)
VALUES (:about, :lang, :subject, :body, :brief, :by, :at)
    ON CONFLICT (about, lang) DO UPDATE SET subject = excluded.subject, body = excluded.body, brief = excluded.brief,
       changed_by = excluded.changed_by, changed_at = excluded.changed_at;

-- name: notice_template_drop(about str, lang str) :exec
DELETE FROM notice_template WHERE about = :about AND lang = :lang;

-- name: notice_confirm_links(order_id i64) :i64
SELECT COUNT(*) FROM confirm_link l JOIN orders o ON o.id = l.order_id AND o.snapshot = l.snapshot WHERE l.order_id = :order_id;

-- name: notice_latest_shipment() :i64
SELECT MAX(id) FROM shipment WHERE state <> 'packing';

-- name: notice_order_shipped(shipment_id i64) :i64
SELECT order_id FROM shipment WHERE id = :shipment_id;

-- name: notice_page(state str, order_id i64, customer_id i64, before_id i64, n i64) :many notice_item
SELECT n.id, n.about, n.channel, n.recipient, n.subject, n.state, n.tries AS tries_n, n.answer, n.created_at, n.done_at, n.order_id, n.resend_of,
       o.number, k.code AS customer, k.name AS customer_name,
       (SELECT x.next_at FROM outbox x WHERE x.event_id = n.event_id AND x.kind = n.channel AND x.recipient = n.recipient AND x.state = 'waiting') AS next_at
  FROM notice n LEFT JOIN orders o ON o.id = n.order_id LEFT JOIN customer k ON k.id = n.customer_id
 WHERE n.id < :before_id AND (:state IS NULL OR n.state = :state) AND (:order_id IS NULL OR n.order_id = :order_id)
   AND (:customer_id IS NULL OR n.customer_id = :customer_id)
 ORDER BY n.id DESC LIMIT :n;

-- name: notice_item_get(id i64) :get notice_item
SELECT n.id, n.about, n.channel, n.recipient, n.subject, n.body, n.state, n.tries AS tries_n, n.answer, n.created_at, n.done_at, n.order_id, n.resend_of,
       o.number, k.code AS customer, k.name AS customer_name,
       (SELECT x.next_at FROM outbox x WHERE x.event_id = n.event_id AND x.kind = n.channel AND x.recipient = n.recipient AND x.state = 'waiting') AS next_at
  FROM notice n LEFT JOIN orders o ON o.id = n.order_id LEFT JOIN customer k ON k.id = n.customer_id WHERE n.id = :id;

-- A tab shows 999+ beyond a thousand, as with the orders.
-- name: notice_counts() :many notice_count
SELECT 'failed' AS state, COUNT(*) AS n FROM (SELECT 1 FROM notice WHERE state = 'failed' LIMIT 1000) AS a
UNION ALL SELECT 'unsent', COUNT(*) FROM (SELECT 1 FROM notice WHERE state = 'unsent' LIMIT 1000) AS b
UNION ALL SELECT 'waiting', COUNT(*) FROM (SELECT 1 FROM notice WHERE state = 'waiting' LIMIT 1000) AS d
UNION ALL SELECT 'sent', COUNT(*) FROM (SELECT 1 FROM notice WHERE state = 'sent' LIMIT 1000) AS e;

-- Verify 8: what waits stands in the outbox, and what is over does not.
-- name: notice_check_outbox() :many notice_broken
SELECT n.id AS n, n.state AS what
  FROM notice n LEFT JOIN outbox x ON x.event_id = n.event_id AND x.kind = n.channel AND x.recipient = n.recipient
 WHERE n.state <> 'unsent' AND COALESCE(x.state, 'missing') <>
       CASE n.state WHEN 'waiting' THEN 'waiting' WHEN 'sent' THEN 'done' ELSE 'given_up' END
 LIMIT 10;

-- name: notice_count_all() :i64
SELECT COUNT(*) FROM notice;

-- name: notice_of_customer(customer_id i64) :many notice
SELECT id, event_id, channel, recipient, state FROM notice WHERE customer_id = :customer_id ORDER BY id;

-- That something was told, when and how stays; to whom and in which words goes.
-- name: notice_forget(customer_id i64, now time) :exec
UPDATE notice SET recipient = '-' || CAST(id AS TEXT), subject = '-', body = '-', answer = NULL,
       done_at = CASE WHEN state = 'waiting' THEN :now ELSE done_at END,
       state = CASE WHEN state = 'waiting' THEN 'failed' ELSE state END
 WHERE customer_id = :customer_id;

-- name: notice_tries_forget(customer_id i64) :exec
UPDATE notice_try SET answer = NULL WHERE notice_id IN (SELECT id FROM notice WHERE customer_id = :customer_id);

-- name: notice_endpoint_forget(customer_id i64, now time) :exec
UPDATE notice_endpoint SET url = '-', secret = NULL, old_secret = NULL, active = 0, disabled_at = COALESCE(disabled_at, :now),
       version = version + 1
 WHERE customer_id = :customer_id;
