-- include: mod/money/money_int.h
-- include: mod/order/order_view.h

-- name: entry_insert() :each account_entry
INSERT INTO account_entry (id, customer_id, kind, amount, day, method, reference, note, order_id, source, source_id, added_by, at)
VALUES (:id, :customer_id, :kind, :amount, :day, :method, :reference, :note, :order_id, :source, :source_id, :by, :at);

-- name: entry_of_source(source str, source_id i64) :i64
SELECT id FROM account_entry WHERE source = :source AND source_id = :source_id;

-- What these orders were credited, whichever returns and cases it was for.
-- name: entry_credited(orders i64s) :i64
SELECT CAST(COALESCE(-SUM(amount), 0) AS BIGINT) FROM account_entry WHERE order_id IN (:orders) AND kind = 'credit';

-- name: entry_page(customer_id i64, before_id i64, n i64) :many payment_item
SELECT e.id, e.kind, k.code AS customer, k.name AS customer_name, e.amount, e.day AS "date", e.method, e.reference, e.note, u.name AS who, e.at
  FROM account_entry e JOIN customer k ON k.id = e.customer_id LEFT JOIN user_account u ON u.id = e.added_by
 WHERE e.id < :before_id AND (:customer_id IS NULL OR e.customer_id = :customer_id)
 ORDER BY e.id DESC LIMIT :n;

-- name: entry_item(id i64) :get payment_item
SELECT e.id, e.kind, k.code AS customer, k.name AS customer_name, e.amount, e.day AS "date", e.method, e.reference, e.note, u.name AS who, e.at
  FROM account_entry e JOIN customer k ON k.id = e.customer_id LEFT JOIN user_account u ON u.id = e.added_by WHERE e.id = :id;

-- name: entry_count() :i64
SELECT COUNT(*) FROM account_entry;

-- Verify 6: goods that left less what was refused, with payments and credits, are what is owed.
-- name: money_check_owed() :many broken
SELECT k.code AS what, k.credit_receivable AS have, CAST(COALESCE(s.goods, 0) + COALESCE(e.booked, 0) AS BIGINT) AS want
  FROM customer k
  LEFT JOIN (SELECT customer_id, SUM(amount - less) AS goods FROM shipment WHERE state <> 'packing' GROUP BY customer_id) AS s
    ON s.customer_id = k.id
  LEFT JOIN (SELECT customer_id, SUM(amount) AS booked FROM account_entry GROUP BY customer_id) AS e ON e.customer_id = k.id
 WHERE k.credit_receivable <> COALESCE(s.goods, 0) + COALESCE(e.booked, 0) LIMIT 10;

-- Goods by the day they left, refusals by the day they were refused, bookings by their own day. The day an instant falls on is the
-- company's, so statement.c fills it in and puts all in its order.
-- name: account_lines(customer_id i64, from_at time, to_at time, from_day date, to_day date) :many account_line
SELECT x.kind, x.at, x.day AS "date", x.document, x.amount, x.id FROM (
  SELECT 'goods' AS kind, s.dispatched_at AS at, NULL AS day, s.number AS document, s.amount AS amount, s.id AS id FROM shipment s
   WHERE s.customer_id = :customer_id AND s.state <> 'packing' AND s.dispatched_at >= :from_at AND s.dispatched_at < :to_at
  UNION ALL
  SELECT 'refused', s.receipt_at, NULL, s.number, -s.less, s.id FROM shipment s
   WHERE s.customer_id = :customer_id AND s.less > 0 AND s.receipt_at >= :from_at AND s.receipt_at < :to_at
  UNION ALL
  SELECT e.kind, e.at, e.day, COALESCE(e.note, e.reference, e.method), e.amount, e.id FROM account_entry e
   WHERE e.customer_id = :customer_id AND e.day >= :from_day AND e.day <= :to_day) AS x;

-- name: account_before(customer_id i64, at time, day date) :i64
SELECT CAST((SELECT COALESCE(SUM(amount), 0) FROM shipment WHERE customer_id = :customer_id AND state <> 'packing' AND dispatched_at < :at)
     - (SELECT COALESCE(SUM(less), 0) FROM shipment WHERE customer_id = :customer_id AND state <> 'packing' AND receipt_at < :at)
     + (SELECT COALESCE(SUM(amount), 0) FROM account_entry WHERE customer_id = :customer_id AND day < :day) AS BIGINT);

-- name: statement_insert() :each statement
INSERT INTO statement (id, number, customer_id, from_day, to_day, opening, closing, lines, state, made_by, made_at)
VALUES (:id, :number, :customer_id, :from_day, :to_day, :opening, :closing, :lines, :state, :by, :at);

-- name: statement_get(id i64) :get statement
SELECT id, number, customer_id, from_day, to_day, opening, closing, lines, state, person, disputes, answered_at, made_by AS by, made_at AS at
  FROM statement WHERE id = :id;

-- name: statement_answer(id i64, state str, person str, disputes str, at time) :count
UPDATE statement SET state = :state, person = :person, disputes = :disputes, answered_at = :at WHERE id = :id AND state = 'open';

-- name: statement_list(customer_id i64) :many statement
SELECT id, number, customer_id, from_day, to_day, opening, closing, state, person, disputes, answered_at, made_by AS by, made_at AS at
  FROM statement WHERE customer_id = :customer_id ORDER BY id DESC LIMIT 50;

-- name: statement_count() :i64
SELECT COUNT(*) FROM statement;

-- name: statement_check_numbers() :many broken
SELECT n.series AS what, COUNT(s.id) AS have, CAST(MAX(n.next) - 1 AS BIGINT) AS want
  FROM series n LEFT JOIN statement s ON SUBSTR(s.number, 1, 10) = n.series
 WHERE n.series LIKE 'DZ%' GROUP BY n.series HAVING COUNT(s.id) <> MAX(n.next) - 1 LIMIT 10;

-- The sums, days and references are the books; what somebody wrote beside them is not. Credits name a paper, nobody's words.
-- name: entry_forget(customer_id i64) :exec
UPDATE account_entry SET note = NULL WHERE customer_id = :customer_id AND source IS NULL;

-- name: statement_texts(customer_id i64) :many statement
SELECT id, lines, person, disputes FROM statement WHERE customer_id = :customer_id ORDER BY id;

-- name: statement_forget() :each statement
UPDATE statement SET lines = :lines, person = :person, disputes = :disputes WHERE id = :id;
