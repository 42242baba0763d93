-- include: mod/intake/intake_view.h

-- name: intake_by_external(channel str, external_id str) :i64
SELECT id FROM intake WHERE channel = :channel AND external_id = :external_id;

-- name: intake_by_once(once str) :i64
SELECT id FROM intake WHERE once = :once;

-- name: intake_insert :each intake
INSERT INTO intake (id, version, channel, external_id, once, sender, sender_name, subject, in_reply_to, content_type, filename, hash,
       text, problem, columns, customer_id, intent, delivery_date, address, remarks, state, kept_reason, order_id, received_at, created_by, created_at)
VALUES (:id, 1, :channel, :external_id, :once, :sender, :sender_name, :subject, :in_reply_to, :content_type, :filename, :hash,
       :text, :problem, :columns, :customer_id, :intent, :delivery_date, :address, :remarks, :state, :kept_reason, :order_id, :received_at, :created_by, :created_at);

-- name: intake_bytes_insert(intake_id i64, bytes blob) :exec
INSERT INTO intake_bytes (intake_id, bytes) VALUES (:intake_id, :bytes);

-- name: intake_bytes_of(intake_id i64) :find intake_bytes
SELECT bytes FROM intake_bytes WHERE intake_id = :intake_id;

-- name: intake_bytes_there(intake_id i64) :i64
SELECT COUNT(*) FROM intake_bytes WHERE intake_id = :intake_id;

-- name: intake_lock(id i64) :get intake
SELECT id, version, channel, external_id, once, sender, sender_name, subject, in_reply_to, content_type, filename, hash, text, problem,
       columns, customer_id, intent, delivery_date, address, remarks, state, worker_id, worker_at, kept_reason, order_id, reason,
       received_at, created_by, created_at, decided_by, decided_at
  FROM intake WHERE id = :id FOR UPDATE;

-- name: intake_save(id i64, version i64, problem str, columns str, customer_id i64, intent str, delivery_date date, address str, remarks str, state str, worker_id i64, worker_at time, kept_reason str, order_id i64, reason str, decided_by i64, decided_at time) :count
UPDATE intake SET version = version + 1, problem = :problem, columns = :columns, customer_id = :customer_id, intent = :intent,
       delivery_date = :delivery_date, address = :address, remarks = :remarks, state = :state, worker_id = :worker_id,
       worker_at = :worker_at, kept_reason = :kept_reason, order_id = :order_id, reason = :reason, decided_by = :decided_by, decided_at = :decided_at
 WHERE id = :id AND version = :version;

-- name: intake_line_list(intake_id i64) :many intake_line
SELECT intake_id, line, raw, start_at, end_at, op, sku, called, quantity, unit, price, price_unit, price_taken, remarks, confidence, why,
       state, candidates, place, customer, delivery_date
  FROM intake_line WHERE intake_id = :intake_id ORDER BY line;

-- name: intake_line_put :each intake_line
INSERT INTO intake_line (intake_id, line, raw, start_at, end_at, op, sku, called, quantity, unit, price, price_unit, price_taken, remarks,
       confidence, why, state, candidates, place, customer, delivery_date)
VALUES (:intake_id, :line, :raw, :start_at, :end_at, :op, :sku, :called, :quantity, :unit, :price, :price_unit, :price_taken, :remarks,
       :confidence, :why, :state, :candidates, :place, :customer, :delivery_date)
    ON CONFLICT (intake_id, line) DO UPDATE SET raw = excluded.raw, op = excluded.op, sku = excluded.sku, called = excluded.called,
       quantity = excluded.quantity, unit = excluded.unit, price = excluded.price, price_unit = excluded.price_unit,
       price_taken = excluded.price_taken, remarks = excluded.remarks, confidence = excluded.confidence, why = excluded.why,
       state = excluded.state, candidates = excluded.candidates, place = excluded.place, customer = excluded.customer, delivery_date = excluded.delivery_date;

-- name: intake_line_clear(intake_id i64) :exec
DELETE FROM intake_line WHERE intake_id = :intake_id;

-- Whose it is: the one customer with exactly this name, number or address.
-- name: intake_customer_by_key(key str) :i64
SELECT MIN(customer_id) FROM customer_key WHERE key = :key HAVING COUNT(DISTINCT customer_id) = 1;

-- name: intake_customer_by_code(code str) :i64
SELECT id FROM customer WHERE code = :code;

-- The oldest first. Who waits and who is done stand in tabs of their own.
-- name: intake_page(state str, channel str, customer_id i64, after_at i64, after_id i64, n i64) :many intake_item
SELECT i.id, i.version, i.channel, i.sender, i.sender_name, i.subject, i.filename, i.problem, i.intent, i.state, i.received_at, i.delivery_date,
       i.order_id, o.number AS order_number, k.code AS customer, k.name AS customer_name, u.name AS worker, i.worker_id, SUBSTR(i.text, 1, 120) AS begins,
       (SELECT COUNT(*) FROM intake_line l WHERE l.intake_id = i.id AND l.state IN ('accepted', 'taken')) AS sure_n,
       (SELECT COUNT(*) FROM intake_line l WHERE l.intake_id = i.id AND l.state = 'look') AS look_n,
       (SELECT COUNT(*) FROM intake_line l WHERE l.intake_id = i.id AND l.state = 'nothing') AS nothing_n
  FROM intake i LEFT JOIN customer k ON k.id = i.customer_id LEFT JOIN orders o ON o.id = i.order_id
       LEFT JOIN user_account u ON u.id = i.worker_id
 WHERE i.state = :state AND (:channel IS NULL OR i.channel = :channel) AND (:customer_id IS NULL OR i.customer_id = :customer_id)
   AND (i.received_at > :after_at OR (i.received_at = :after_at AND i.id > :after_id))
 ORDER BY i.received_at, i.id LIMIT :n;

-- What nobody has dealt with: new and proposed together.
-- name: intake_page_open(channel str, customer_id i64, after_at i64, after_id i64, n i64) :many intake_item
SELECT i.id, i.version, i.channel, i.sender, i.sender_name, i.subject, i.filename, i.problem, i.intent, i.state, i.received_at, i.delivery_date,
       i.order_id, o.number AS order_number, k.code AS customer, k.name AS customer_name, u.name AS worker, i.worker_id, SUBSTR(i.text, 1, 120) AS begins,
       (SELECT COUNT(*) FROM intake_line l WHERE l.intake_id = i.id AND l.state IN ('accepted', 'taken')) AS sure_n,
       (SELECT COUNT(*) FROM intake_line l WHERE l.intake_id = i.id AND l.state = 'look') AS look_n,
       (SELECT COUNT(*) FROM intake_line l WHERE l.intake_id = i.id AND l.state = 'nothing') AS nothing_n
  FROM intake i LEFT JOIN customer k ON k.id = i.customer_id LEFT JOIN orders o ON o.id = i.order_id
       LEFT JOIN user_account u ON u.id = i.worker_id
 WHERE i.state IN ('new', 'proposed') AND (:channel IS NULL OR i.channel = :channel) AND (:customer_id IS NULL OR i.customer_id = :customer_id)
   AND (i.received_at > :after_at OR (i.received_at = :after_at AND i.id > :after_id))
 ORDER BY i.received_at, i.id LIMIT :n;

-- A tab shows 999+ beyond a thousand: counting stops there.
-- name: intake_counts() :many intake_count
SELECT s.state, (SELECT COUNT(*) FROM (SELECT 1 FROM intake i WHERE i.state = s.state LIMIT 1000) AS few) AS n
  FROM (SELECT 'new' AS state UNION ALL SELECT 'proposed' UNION ALL SELECT 'waiting' UNION ALL SELECT 'ordered' UNION ALL SELECT 'merged'
        UNION ALL SELECT 'not_an_order') AS s;

-- Orders of the customer in the window that have goods of this list; drafts count, cancelled ones do not.
-- name: intake_twin_orders(intake_id i64, customer_id i64, since time, but i64) :many intake_twin
SELECT 'order' AS what, o.id, o.number, o.channel, o.state, o.created_at AS at, COUNT(DISTINCT ol.line) AS lines_n,
       COUNT(DISTINCT CASE WHEN l.sku IS NULL THEN NULL ELSE ol.line END) AS same,
       COUNT(DISTINCT CASE WHEN l.quantity = ol.quantity AND l.unit = ol.unit THEN ol.line END) AS exact
  FROM orders o JOIN order_line ol ON ol.order_id = o.id
       LEFT JOIN (SELECT DISTINCT sku, quantity, unit FROM intake_line WHERE intake_id = :intake_id AND sku IS NOT NULL AND state IN ('accepted', 'taken', 'look')) l
         ON l.sku = ol.sku
 WHERE o.customer_id = :customer_id AND o.created_at >= :since AND o.state <> 'cancelled' AND (:but IS NULL OR o.id <> :but)
 GROUP BY o.id, o.number, o.channel, o.state, o.created_at
HAVING SUM(CASE WHEN l.sku IS NULL THEN 0 ELSE 1 END) > 0
 ORDER BY same DESC, o.id DESC LIMIT 5;

-- The same among what waits in the inbox.
-- name: intake_twin_others(intake_id i64, customer_id i64, since time) :many intake_twin
SELECT 'intake' AS what, i.id, i.channel, i.state, i.received_at AS at, COUNT(DISTINCT x.line) AS lines_n,
       COUNT(DISTINCT CASE WHEN l.sku IS NULL THEN NULL ELSE x.line END) AS same,
       COUNT(DISTINCT CASE WHEN l.quantity = x.quantity AND l.unit = x.unit THEN x.line END) AS exact
  FROM intake i JOIN intake_line x ON x.intake_id = i.id AND x.sku IS NOT NULL AND x.state IN ('accepted', 'taken', 'look')
       LEFT JOIN (SELECT DISTINCT sku, quantity, unit FROM intake_line WHERE intake_id = :intake_id AND sku IS NOT NULL AND state IN ('accepted', 'taken', 'look')) l
         ON l.sku = x.sku
 WHERE i.customer_id = :customer_id AND i.received_at >= :since AND i.id <> :intake_id AND i.state IN ('new', 'proposed', 'waiting')
 GROUP BY i.id, i.channel, i.state, i.received_at
HAVING SUM(CASE WHEN l.sku IS NULL THEN 0 ELSE 1 END) > 0
 ORDER BY same DESC, i.id LIMIT 5;

-- name: intake_of_order(order_id i64) :i64
SELECT MIN(id) FROM intake WHERE order_id = :order_id;

-- How many orders this sender's words became.
-- name: intake_sender_orders(sender str, channel str) :i64
SELECT COUNT(*) FROM (SELECT 1 FROM intake WHERE state = 'ordered' AND sender = :sender AND channel = :channel LIMIT 1000) AS few;

-- name: intake_columns_of(customer_id i64, head str) :str
SELECT columns FROM intake_columns WHERE customer_id = :customer_id AND head = :head;

-- name: intake_columns_put(customer_id i64, head str, columns str) :exec
INSERT INTO intake_columns (customer_id, head, columns) VALUES (:customer_id, :head, :columns)
    ON CONFLICT (customer_id, head) DO UPDATE SET columns = excluded.columns;

-- The next one after this that nobody else works on.
-- name: intake_next(after_at time, after_id i64, me i64, fresh time) :i64
SELECT id FROM intake
 WHERE state IN ('new', 'proposed') AND (received_at > :after_at OR (received_at = :after_at AND id > :after_id))
   AND (worker_id IS NULL OR worker_id = :me OR worker_at < :fresh)
 ORDER BY received_at, id LIMIT 1;

-- Verify: what is an order or belongs to one has it, and what is neither has none.
-- name: intake_check_orders() :many intake_broken
SELECT i.state AS what, i.id AS n
  FROM intake i LEFT JOIN orders o ON o.id = i.order_id
 WHERE (i.state = 'ordered' AND o.id IS NULL) OR (i.order_id IS NOT NULL AND o.id IS NULL)
 LIMIT 10;

-- name: intake_count_all() :i64
SELECT COUNT(*) FROM intake;

-- name: intake_worker(id i64) :str
SELECT name FROM user_account WHERE id = :id;

-- name: intake_work(id i64, worker_id i64, worker_at time) :exec
UPDATE intake SET worker_id = :worker_id, worker_at = :worker_at WHERE id = :id;

-- Numbers that name goods, the customer's own before ours, ours before barcodes.
-- name: intake_codes(customer_id i64, codes strs) :many intake_code
SELECT a.alias AS code, a.sku, NULL AS unit FROM customer_alias a WHERE a.customer_id = :customer_id AND a.alias IN (:codes)
 UNION ALL SELECT p.sku, p.sku, NULL FROM product p WHERE p.sku IN (:codes)
 UNION ALL SELECT p.barcode, p.sku, NULL FROM product p WHERE p.barcode IN (:codes)
 UNION ALL SELECT u.barcode, p.sku, u.unit FROM product_unit u JOIN product p ON p.id = u.product_id WHERE u.barcode IN (:codes);

-- name: intake_base_units(ids i64s) :many intake_base
SELECT id, base_unit FROM product WHERE id IN (:ids);

-- What the reviewer said last.
-- name: intake_last_decision(order_id i64) :str
SELECT kind FROM event WHERE order_id = :order_id AND kind IN ('order.approved', 'order.rejected', 'order.countered')
 ORDER BY step DESC, id DESC LIMIT 1;

-- A person's words and how to reach them; that something came, when, and what became of it stays.
-- name: intake_forget(customer_id i64) :exec
UPDATE intake SET sender = NULL, sender_name = NULL, subject = NULL, filename = NULL, text = '', address = NULL, remarks = NULL,
       kept_reason = NULL, reason = NULL, version = version + 1
 WHERE customer_id = :customer_id;

-- name: intake_bytes_forget(customer_id i64) :exec
DELETE FROM intake_bytes WHERE intake_id IN (SELECT id FROM intake WHERE customer_id = :customer_id);

-- name: intake_lines_forget(customer_id i64) :exec
UPDATE intake_line SET raw = '-', start_at = NULL, end_at = NULL, called = NULL, remarks = NULL, place = NULL, customer = NULL,
       why = NULL, candidates = '[]'
 WHERE intake_id IN (SELECT id FROM intake WHERE customer_id = :customer_id);
