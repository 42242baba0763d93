-- include: mod/customer/customer.h
-- include: mod/customer/customer_row.h
-- include: mod/customer/customer_view.h

-- name: customer_get(id i64) :get customer
SELECT id, version, code, name, short_name, contact, phone, email, address, tier, credit_limit, credit_days,
       delivery_window, payment, salesperson, aliases, remarks, active, credit_open, credit_receivable, created_at
  FROM customer WHERE id = :id;

-- name: customer_find(code str) :find customer
SELECT id, version, code, name, short_name, contact, phone, email, address, tier, credit_limit, credit_days,
       delivery_window, payment, salesperson, aliases, remarks, active, credit_open, credit_receivable, created_at
  FROM customer WHERE code = :code;

-- name: customer_by_codes(codes strs) :many customer
SELECT id, version, code, name, short_name, contact, phone, email, address, tier, credit_limit, credit_days,
       delivery_window, payment, salesperson, aliases, remarks, active, credit_open, credit_receivable, created_at
  FROM customer WHERE code IN (:codes);

-- name: customer_page(after_code str, limit i64) :many customer
SELECT id, version, code, name, short_name, contact, phone, email, address, tier, credit_limit, credit_days,
       delivery_window, payment, salesperson, aliases, remarks, active, credit_open, credit_receivable, created_at
  FROM customer WHERE code > :after_code ORDER BY code LIMIT :limit;

-- name: customer_page_found(q str, q_hi str, after_code str, limit i64) :many customer
SELECT id, version, code, name, short_name, contact, phone, email, address, tier, credit_limit, credit_days,
       delivery_window, payment, salesperson, aliases, remarks, active, credit_open, credit_receivable, created_at
  FROM customer
 WHERE id IN (SELECT customer_id FROM customer_key WHERE key >= :q AND key < :q_hi) AND code > :after_code
 ORDER BY code LIMIT :limit;

-- Nobody else changes it until the end of the transaction.
-- name: customer_lock(id i64) :i64
SELECT version FROM customer WHERE id = :id FOR UPDATE;

-- name: customer_insert :each customer
INSERT INTO customer (id, version, code, name, short_name, contact, phone, email, address, tier, credit_limit,
       credit_days, delivery_window, payment, salesperson, aliases, remarks, active, created_at)
VALUES (:id, :version, :code, :name, :short_name, :contact, :phone, :email, :address, :tier, :credit_limit,
       :credit_days, :delivery_window, :payment, :salesperson, :aliases, :remarks, :active, :created_at);

-- The sums of its credit are moved by customer_credit_add alone.
-- name: customer_update :each customer
UPDATE customer SET version = :version, name = :name, short_name = :short_name, contact = :contact, phone = :phone,
       email = :email, address = :address, tier = :tier, credit_limit = :credit_limit, credit_days = :credit_days,
       delivery_window = :delivery_window, payment = :payment, salesperson = :salesperson, aliases = :aliases,
       remarks = :remarks, active = :active
 WHERE id = :id;

-- name: customer_key_put :each customer_key
INSERT INTO customer_key (key, customer_id) VALUES (:key, :customer_id) ON CONFLICT (key, customer_id) DO NOTHING;

-- name: customer_key_delete(customer_ids i64s) :exec
DELETE FROM customer_key WHERE customer_id IN (:customer_ids);

-- The range is walked in the order of the keys and cut, so that one letter does not read half the table; every
-- customer stands there once, with the key that is nearest to what was typed.
-- name: customer_hits(q str, q_hi str, limit i64) :many customer_hit
SELECT id, code, name, short_name, contact, phone, address, tier, delivery_window, hit.matched
  FROM (SELECT k.customer_id, MIN(k.key) AS matched
          FROM (SELECT key, customer_id FROM customer_key WHERE key >= :q AND key < :q_hi ORDER BY key LIMIT 300) k
         GROUP BY k.customer_id) hit
  JOIN customer ON id = hit.customer_id
 ORDER BY hit.matched, code LIMIT :limit;

-- Personal facts go; code and name of the firm stay with its accounts.
-- name: customer_forget(id i64) :exec
UPDATE customer SET contact = NULL, phone = NULL, email = NULL, address = NULL, remarks = NULL, version = version + 1 WHERE id = :id;

-- name: customer_address_forget(customer_id i64) :exec
DELETE FROM customer_address WHERE customer_id = :customer_id;

-- name: customer_address_list(customer_id i64) :many customer_address
SELECT id, customer_id, label, address, contact, phone FROM customer_address WHERE customer_id = :customer_id ORDER BY id;

-- name: customer_address_insert :each customer_address
INSERT INTO customer_address (id, customer_id, label, address, contact, phone)
VALUES (:id, :customer_id, :label, :address, :contact, :phone);

-- name: customer_address_delete(customer_id i64, id i64) :count
DELETE FROM customer_address WHERE customer_id = :customer_id AND id = :id;

-- name: customer_alias_list(customer_id i64) :many customer_alias
SELECT a.customer_id, a.alias, a.sku, p.name
  FROM customer_alias a LEFT JOIN product p ON p.sku = a.sku
 WHERE a.customer_id = :customer_id ORDER BY a.alias;

-- name: customer_alias_put :each customer_alias
INSERT INTO customer_alias (customer_id, alias, sku) VALUES (:customer_id, :alias, :sku)
    ON CONFLICT (customer_id, alias) DO UPDATE SET sku = excluded.sku;

-- name: customer_alias_delete(customer_id i64, alias str) :count
DELETE FROM customer_alias WHERE customer_id = :customer_id AND alias = :alias;

-- What is owed and promised; exposure with this order on top, and how much of the limit that is.
-- name: credit_sums(id i64, order_total money, today date) :get credit_row
SELECT k.credit_limit, k.receivable, k.open, k.exposure, k.overdue, k.oldest_due,
       CAST(CASE WHEN k.credit_limit > 0 AND k.exposure > 0 THEN k.exposure * 100 / k.credit_limit
                 WHEN k.credit_limit <= 0 AND k.exposure > 0 THEN 100 ELSE 0 END AS BIGINT) AS percent,
       CASE WHEN k.exposure > k.credit_limit THEN 1 ELSE 0 END AS over_limit
  FROM (SELECT u.credit_limit, u.credit_receivable AS receivable, u.credit_open AS open,
               u.credit_receivable + u.credit_open + CAST(:order_total AS BIGINT) AS exposure,
               (SELECT CAST(COALESCE(SUM(amount - settled), 0) AS BIGINT) FROM receivable
                 WHERE customer_id = u.id AND settled < amount AND due_on < :today) AS overdue,
               (SELECT MIN(due_on) FROM receivable WHERE customer_id = u.id AND settled < amount) AS oldest_due
          FROM customer u WHERE u.id = :id) k;

-- name: customer_credit_add(id i64, open money, receivable money) :count
UPDATE customer SET credit_open = credit_open + :open, credit_receivable = credit_receivable + :receivable WHERE id = :id;

-- name: receivable_open_list(customer_id i64) :many receivable
SELECT id, customer_id, order_id, shipment_id, amount, settled, due_on
  FROM receivable WHERE customer_id = :customer_id AND settled < amount ORDER BY due_on, id;

-- Paid and not yet laid against a bill: negative, or a bill that became smaller after it was paid.
-- name: receivable_waiting(customer_id i64) :many receivable
SELECT id, customer_id, order_id, shipment_id, amount, settled, due_on
  FROM receivable WHERE customer_id = :customer_id AND settled > amount ORDER BY id;

-- name: receivable_settle() :each receivable
UPDATE receivable SET settled = :settled WHERE id = :id;

-- name: receivable_insert :each receivable
INSERT INTO receivable (id, customer_id, order_id, shipment_id, amount, due_on, settled)
VALUES (:id, :customer_id, :order_id, :shipment_id, :amount, :due_on, 0);

-- name: receivable_of(customer_id i64, shipment_id i64) :find receivable
SELECT id, customer_id, order_id, shipment_id, amount, settled, due_on
  FROM receivable WHERE shipment_id = :shipment_id AND customer_id = :customer_id LIMIT 1 FOR UPDATE;

-- name: receivable_delete(id i64) :exec
DELETE FROM receivable WHERE id = :id;

-- name: receivable_less(id i64, amount money) :exec
UPDATE receivable SET amount = amount - :amount WHERE id = :id;

-- name: customer_count() :i64
SELECT COUNT(*) FROM customer;

-- Customers whose sum is not what their receivables say (invariant 6).
-- name: credit_broken_count() :i64
SELECT COUNT(*) FROM customer u
  LEFT JOIN (SELECT customer_id, CAST(SUM(amount - settled) AS BIGINT) AS owed FROM receivable GROUP BY customer_id) r
         ON r.customer_id = u.id
 WHERE u.credit_receivable <> COALESCE(r.owed, 0);

-- name: credit_broken_first() :str
SELECT u.code FROM customer u
  LEFT JOIN (SELECT customer_id, CAST(SUM(amount - settled) AS BIGINT) AS owed FROM receivable GROUP BY customer_id) r
         ON r.customer_id = u.id
 WHERE u.credit_receivable <> COALESCE(r.owed, 0) ORDER BY u.code LIMIT 1;

-- name: customer_crates(customer_id i64) :many customer_crate
SELECT b.crate, k.name, b.count, b.amount
  FROM crate_balance b JOIN crate_kind k ON k.code = b.crate WHERE b.customer_id = :customer_id AND b.count <> 0 ORDER BY b.crate;
