-- include: mod/money/money_int.h
-- include: mod/order/order_view.h

-- name: entry_insert() :each account_entry
INSERT INTO account_entry (id, customer_id, kind, amount, day, method, reference, note, order_id, source, source_id, added_by, at)
VALUES (:id, :customer_id, :kind, :amount, :day, :method, :reference, :note, :order_id, :source, :source_id, :by, :at);

-- name: entry_of_source(source str, source_id i64) :i64
SELECT id FROM account_entry WHERE source = :source AND source_id = :source_id;

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
-- name: money_check_owed() :many order_broken
SELECT k.code AS what, k.credit_receivable AS have, CAST(COALESCE(s.goods, 0) + COALESCE(e.booked, 0) AS BIGINT) AS want
  FROM customer k
  LEFT JOIN (SELECT customer_id, SUM(amount - less) AS goods FROM shipment WHERE state <> 'packing' GROUP BY customer_id) AS s
    ON s.customer_id = k.id
  LEFT JOIN (SELECT customer_id, SUM(amount) AS booked FROM account_entry GROUP BY customer_id) AS e ON e.customer_id = k.id
 WHERE k.credit_receivable <> COALESCE(s.goods, 0) + COALESCE(e.booked, 0) LIMIT 10;
