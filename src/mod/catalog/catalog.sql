-- include: mod/catalog/catalog.h
-- include: mod/catalog/catalog_keys.h

-- name: catalog_stamp_get() :i64
SELECT stamp FROM catalog_stamp WHERE id = 1;

-- name: catalog_stamp_set(stamp i64) :exec
UPDATE catalog_stamp SET stamp = :stamp WHERE id = 1;

-- name: product_get(id i64) :get product
SELECT id, version, sku, name, spec, origin, category, base_unit, price_unit, list_price, floor_price, barcode,
       integer_only, catch_weight, nominal_kg, weight_tolerance, shelf_life_days, supplier_lead_days, location, min_order_qty,
       aliases, pinyin, initials, active, created_at
  FROM product WHERE id = :id;

-- name: product_find(sku str) :find product
SELECT id, version, sku, name, spec, origin, category, base_unit, price_unit, list_price, floor_price, barcode,
       integer_only, catch_weight, nominal_kg, weight_tolerance, shelf_life_days, supplier_lead_days, location, min_order_qty,
       aliases, pinyin, initials, active, created_at
  FROM product WHERE sku = :sku;

-- name: product_find_all(skus strs) :many product
SELECT id, version, sku, name, spec, origin, category, base_unit, price_unit, list_price, floor_price, barcode,
       integer_only, catch_weight, nominal_kg, weight_tolerance, shelf_life_days, supplier_lead_days, location, min_order_qty,
       aliases, pinyin, initials, active, created_at
  FROM product WHERE sku IN (:skus);

-- name: product_list_by_id(ids i64s) :many product
SELECT id, version, sku, name, spec, origin, category, base_unit, price_unit, list_price, floor_price, barcode,
       integer_only, catch_weight, nominal_kg, weight_tolerance, shelf_life_days, supplier_lead_days, location, min_order_qty,
       aliases, pinyin, initials, active, created_at
  FROM product WHERE id IN (:ids);

-- name: product_page(after_sku str, limit i64) :many product
SELECT id, version, sku, name, spec, origin, category, base_unit, price_unit, list_price, floor_price, barcode,
       integer_only, catch_weight, nominal_kg, weight_tolerance, shelf_life_days, supplier_lead_days, location, min_order_qty,
       aliases, pinyin, initials, active, created_at
  FROM product WHERE sku > :after_sku ORDER BY sku LIMIT :limit;

-- A product is found by any of its keys that begins so. Where few do, they are put in order; where many do, the order is gone
-- along until the page is full.
-- name: product_search_few(q str, q_hi str, after_sku str, limit i64) :many product
SELECT id, version, sku, name, spec, origin, category, base_unit, price_unit, list_price, floor_price, barcode,
       integer_only, catch_weight, nominal_kg, weight_tolerance, shelf_life_days, supplier_lead_days, location, min_order_qty,
       aliases, pinyin, initials, active, created_at
  FROM product
 WHERE id IN (SELECT x.id FROM (SELECT p.id FROM product p
                                 WHERE p.id IN (SELECT product_id FROM product_key WHERE key >= :q AND key < :q_hi)
                                   AND p.sku > :after_sku
                                 ORDER BY p.sku LIMIT :limit) AS x)
 ORDER BY sku;

-- name: product_search_many(q str, q_hi str, after_sku str, limit i64) :many product
SELECT id, version, sku, name, spec, origin, category, base_unit, price_unit, list_price, floor_price, barcode,
       integer_only, catch_weight, nominal_kg, weight_tolerance, shelf_life_days, supplier_lead_days, location, min_order_qty,
       aliases, pinyin, initials, active, created_at
  FROM product p
 WHERE sku > :after_sku AND EXISTS (SELECT 1 FROM product_key k WHERE k.product_id = p.id AND k.key >= :q AND k.key < :q_hi)
 ORDER BY sku LIMIT :limit;

-- name: product_key_count(q str, q_hi str, most i64) :i64
SELECT COUNT(*) FROM (SELECT 1 FROM product_key WHERE key >= :q AND key < :q_hi LIMIT :most) AS few;

-- Nobody else changes it until the end of the transaction.
-- name: product_lock(id i64) :i64
SELECT version FROM product WHERE id = :id FOR UPDATE;

-- name: product_insert :each product
INSERT INTO product (id, version, sku, name, spec, origin, category, base_unit, price_unit, list_price, floor_price,
       barcode, integer_only, catch_weight, nominal_kg, weight_tolerance, shelf_life_days, supplier_lead_days, location, min_order_qty,
       aliases, pinyin, initials, active, created_at)
VALUES (:id, :version, :sku, :name, :spec, :origin, :category, :base_unit, :price_unit, :list_price, :floor_price,
       :barcode, :integer_only, :catch_weight, :nominal_kg, :weight_tolerance, :shelf_life_days, :supplier_lead_days, :location,
       :min_order_qty, :aliases, :pinyin, :initials, :active, :created_at);

-- name: product_update :each product
UPDATE product SET version = :version, name = :name, spec = :spec, origin = :origin, category = :category,
       price_unit = :price_unit, list_price = :list_price, floor_price = :floor_price, barcode = :barcode,
       integer_only = :integer_only, catch_weight = :catch_weight, nominal_kg = :nominal_kg, weight_tolerance = :weight_tolerance,
       shelf_life_days = :shelf_life_days, supplier_lead_days = :supplier_lead_days, location = :location,
       min_order_qty = :min_order_qty, aliases = :aliases, pinyin = :pinyin, initials = :initials, active = :active
 WHERE id = :id;

-- name: product_units(product_ids i64s) :many product_unit
SELECT product_id, unit, num, den, barcode, default_sales
  FROM product_unit WHERE product_id IN (:product_ids) ORDER BY product_id, default_sales DESC, num * 1.0 / den DESC, unit;

-- name: product_unit_put :each product_unit
INSERT INTO product_unit (product_id, unit, num, den, barcode, default_sales)
VALUES (:product_id, :unit, :num, :den, :barcode, :default_sales)
    ON CONFLICT (product_id, unit) DO UPDATE SET num = excluded.num, den = excluded.den, barcode = excluded.barcode,
       default_sales = excluded.default_sales;

-- Only one unit is the usual one: the old one steps back before another is named.
-- name: product_unit_no_default(product_ids i64s) :exec
UPDATE product_unit SET default_sales = 0 WHERE product_id IN (:product_ids) AND default_sales = 1;

-- name: product_unit_delete(product_id i64, unit str) :count
DELETE FROM product_unit WHERE product_id = :product_id AND unit = :unit;

-- name: product_unit_delete_all(product_id i64) :exec
DELETE FROM product_unit WHERE product_id = :product_id;

-- name: product_key_put :each product_key
INSERT INTO product_key (key, product_id, rank) VALUES (:key, :product_id, :rank) ON CONFLICT (key, product_id) DO NOTHING;

-- name: product_key_delete(product_ids i64s) :exec
DELETE FROM product_key WHERE product_id IN (:product_ids);

-- The unit's own barcodes are unique; a product's is looked up by its key.
-- name: product_barcode(barcode str) :find product_barcode
SELECT u.product_id, u.unit FROM product_unit u WHERE u.barcode = :barcode
 UNION ALL
SELECT p.id, NULL FROM product_key k JOIN product p ON p.id = k.product_id AND p.barcode = :barcode
 WHERE k.key = :barcode AND k.rank = 0
 LIMIT 1;
