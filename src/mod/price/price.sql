-- include: mod/price/price.h
-- include: mod/price/price_row.h
-- include: mod/price/price_view.h

-- Everything that could price these products for this customer on that day; the first that fits wins. Of two that begin on
-- one day the later made does; ids do not tell, they are handed out in blocks.
-- name: price_rules_for(customer_id i64, tier str, product_ids i64s, day date) :many price_rule
SELECT id, kind, tier, customer_id, product_id, price_unit, min_qty, price, valid_from, valid_to, contract_no, made_at
  FROM price_rule
 WHERE product_id IN (:product_ids)
   AND ((kind = 'contract' AND customer_id = :customer_id) OR (kind = 'tier' AND tier = :tier))
   AND valid_from <= :day AND (valid_to IS NULL OR valid_to >= :day)
 ORDER BY product_id, kind, min_qty DESC, valid_from DESC, made_at DESC, id DESC;

-- name: price_rule_get(id i64) :get price_rule
SELECT id, kind, tier, customer_id, product_id, price_unit, min_qty, price, valid_from, valid_to, contract_no, made_at
  FROM price_rule WHERE id = :id;

-- Nothing may be asked for by NULL. A customer's prices are its contracts, and of one product its tier's too.
-- name: price_page_of(product_id i64, customer_id i64, tier str, after_id i64, limit i64) :many price_view
SELECT r.id, r.kind, r.tier, u.code AS customer, u.name AS customer_name, p.sku, p.name, p.base_unit, r.price_unit,
       r.min_qty, r.price, r.valid_from, r.valid_to, r.contract_no
  FROM price_rule r JOIN product p ON p.id = r.product_id LEFT JOIN customer u ON u.id = r.customer_id
 WHERE (:product_id IS NULL OR r.product_id = :product_id)
   AND (:customer_id IS NULL OR r.customer_id = :customer_id
        OR (r.kind = 'tier' AND r.tier = :tier AND :product_id IS NOT NULL))
   AND r.id > :after_id
 ORDER BY r.id LIMIT :limit;

-- name: price_view_get(id i64) :get price_view
SELECT r.id, r.kind, r.tier, u.code AS customer, u.name AS customer_name, p.sku, p.name, p.base_unit, r.price_unit,
       r.min_qty, r.price, r.valid_from, r.valid_to, r.contract_no
  FROM price_rule r JOIN product p ON p.id = r.product_id LEFT JOIN customer u ON u.id = r.customer_id
 WHERE r.id = :id;

-- name: price_rule_insert :each price_rule
INSERT INTO price_rule (id, kind, tier, customer_id, product_id, price_unit, min_qty, price, valid_from, valid_to, contract_no,
                        made_at)
VALUES (:id, :kind, :tier, :customer_id, :product_id, :price_unit, :min_qty, :price, :valid_from, :valid_to, :contract_no, :made_at);

-- name: price_rule_delete(id i64) :exec
DELETE FROM price_rule WHERE id = :id;

-- The same rule as this one: an import puts the new price in its place.
-- name: price_rule_replaced :each price_rule
DELETE FROM price_rule
 WHERE product_id = :product_id AND kind = :kind AND min_qty = :min_qty AND valid_from = :valid_from
   AND COALESCE(tier, '') = COALESCE(:tier, '') AND COALESCE(customer_id, 0) = COALESCE(:customer_id, 0);

-- The range of keys is walked in order and cut, so that one letter does not read half the catalogue.
-- name: offer_hits(q str, q_hi str, customer str, customer_id i64) :many offer_hit
WITH who AS (SELECT id, tier FROM customer WHERE code = :customer OR id = :customer_id),
     hit AS (SELECT k.key, k.rank, k.product_id
               FROM (SELECT key, rank, product_id FROM product_key WHERE key >= :q AND key < :q_hi
                      ORDER BY key LIMIT 200) k
              UNION ALL
             SELECT a.alias, -1, p.id
               FROM who JOIN customer_alias a ON a.customer_id = who.id JOIN product p ON p.sku = a.sku
              WHERE LOWER(a.alias) >= :q AND LOWER(a.alias) < :q_hi AND p.active = 1)
SELECT hit.key, CAST(hit.rank AS BIGINT) AS rank, (SELECT id FROM who) AS customer_id, (SELECT tier FROM who) AS tier,
       p.id, p.version, p.sku, p.name, p.spec, p.origin, p.base_unit, p.price_unit, p.list_price, p.floor_price
  FROM hit JOIN product p ON p.id = hit.product_id;
