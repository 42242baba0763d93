-- include: mod/demo/demo.h

-- Goods that are there in plenty, so that every demo order can go its whole way.
-- name: demo_goods(day date, n i64) :many demo_goods
SELECT p.sku, p.integer_only, u.unit
  FROM product p
  JOIN product_unit u ON u.product_id = p.id AND u.default_sales = 1
 WHERE (SELECT SUM(l.on_hand) FROM stock_lot l WHERE l.product_id = p.id AND (l.expires IS NULL OR l.expires >= :day)) * u.den >= 12000 * u.num
 ORDER BY p.sku LIMIT :n;

-- name: demo_customers(n i64) :many demo_customer
SELECT code FROM customer WHERE active = 1 AND credit_limit >= 1000000 ORDER BY code LIMIT :n;
