-- include: mod/reading/reading_row.h

-- name: reading_stamp_put(what str, stamp i64) :exec
UPDATE reading_stamp SET stamp = :stamp WHERE what = :what;

-- name: reading_stamp_get(what str) :i64
SELECT stamp FROM reading_stamp WHERE what = :what;

-- name: reading_goods_page(after i64, n i64) :many goods_row
SELECT id, sku, name, spec, origin, base_unit, barcode, integer_only, aliases
  FROM product WHERE active = 1 AND id > :after ORDER BY id LIMIT :n;

-- name: reading_units_page(after i64, upto i64) :many unit_row
SELECT product_id, unit, num, den, barcode, default_sales
  FROM product_unit WHERE product_id > :after AND product_id <= :upto ORDER BY product_id, default_sales DESC, unit;

-- name: reading_people() :many person_row
SELECT id, code, name, short_name, contact, phone, aliases FROM customer WHERE active = 1 ORDER BY id;

-- name: reading_aliases(customer_id i64) :many alias_row
SELECT a.alias, p.id AS product_id
  FROM customer_alias a JOIN product p ON p.sku = a.sku
 WHERE a.customer_id = :customer_id AND p.active = 1 ORDER BY a.alias;

-- name: reading_aliases_of(customer_ids i64s) :many alias_row
SELECT a.alias, p.id AS product_id
  FROM customer_alias a JOIN product p ON p.sku = a.sku
 WHERE a.customer_id IN (:customer_ids) AND p.active = 1 ORDER BY a.alias, p.id;

-- The newest order that the customer confirmed before that moment.
-- name: reading_last_order(customer_id i64, before time) :find last_row
SELECT id, confirmed_at FROM orders
 WHERE customer_id = :customer_id AND confirmed_at < :before AND decision NOT IN ('cancelled', 'rejected')
 ORDER BY confirmed_at DESC LIMIT 1;

-- name: reading_last_lines(order_id i64) :many last_line_row
SELECT sku, quantity, unit FROM order_line WHERE order_id = :order_id AND ordered > cancelled ORDER BY line;

-- What the customer ordered lately, for the order of candidates.
-- name: reading_usual(customer_id i64, since i64) :many usual_row
SELECT DISTINCT l.product_id FROM orders o JOIN order_line l ON l.order_id = o.id
 WHERE o.customer_id = :customer_id AND o.id > :since;

-- name: reading_usual_since(customer_id i64) :i64
SELECT MIN(id) FROM (SELECT id FROM orders WHERE customer_id = :customer_id ORDER BY id DESC LIMIT 10) newest;
