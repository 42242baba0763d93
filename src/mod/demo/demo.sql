-- include: mod/demo/demo.h

-- Goods that are there in plenty, so that every demo order can go its whole way.
-- name: demo_goods(day date, n i64) :many demo_goods
SELECT p.sku, p.integer_only, u.unit
  FROM product p
  JOIN product_unit u ON u.product_id = p.id AND u.default_sales = 1
 WHERE (SELECT SUM(l.on_hand) FROM stock_lot l WHERE l.product_id = p.id AND (l.expires IS NULL OR l.expires >= :day)) * u.den >= 12000 * u.num
 ORDER BY p.sku LIMIT :n;

-- Fresh goods that lie in one place only: when something of them is missing there, it is missing.
-- name: demo_scarce(day date) :find demo_scarce
SELECT p.id AS product_id, p.sku, u.unit, l.warehouse, l.location, l.lot, l.on_hand, l.on_hand * u.den / u.num AS in_unit
  FROM product p
  JOIN product_unit u ON u.product_id = p.id AND u.default_sales = 1
  JOIN stock_lot l ON l.product_id = p.id AND l.on_hand > 0
 WHERE (SELECT COUNT(*) FROM stock_lot k WHERE k.product_id = p.id AND k.on_hand > 0) = 1
   AND p.shelf_life_days > 0 AND l.quarantined = 0 AND l.expires >= :day AND l.on_hand * u.den BETWEEN 10000 * u.num AND 40000 * u.num
 ORDER BY p.shelf_life_days, p.sku LIMIT 1;

-- name: demo_customers(n i64) :many demo_customer
SELECT code FROM customer WHERE active = 1 AND credit_limit >= 1000000 ORDER BY code LIMIT :n;
