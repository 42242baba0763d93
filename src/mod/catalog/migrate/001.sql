CREATE TABLE product (
  id INTEGER PRIMARY KEY,
  sku TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  spec TEXT,
  origin TEXT,
  category TEXT,
  base_unit TEXT NOT NULL,
  price_unit TEXT NOT NULL,
  list_price INTEGER NOT NULL,
  floor_price INTEGER,
  barcode TEXT,
  integer_only INTEGER NOT NULL DEFAULT 0,
  catch_weight INTEGER NOT NULL DEFAULT 0,
  nominal_kg INTEGER,
  -- percent a weight may be off; NULL: as the setting says
  weight_tolerance INTEGER,
  shelf_life_days INTEGER,
  location TEXT,
  supplier_lead_days INTEGER,
  min_order_qty INTEGER,
  aliases TEXT,
  pinyin TEXT,
  initials TEXT,
  active INTEGER NOT NULL DEFAULT 1,
  version INTEGER NOT NULL DEFAULT 1,
  created_at INTEGER NOT NULL
) STRICT;
-- One row: a random number that changes with every change of the tables here.
CREATE TABLE catalog_stamp (
  id INTEGER PRIMARY KEY,
  stamp INTEGER NOT NULL
) STRICT;
INSERT INTO catalog_stamp (id, stamp) VALUES (1, 0);
-- One unit = num/den base units, exactly.
CREATE TABLE product_unit (
  product_id INTEGER NOT NULL,
  unit TEXT NOT NULL,
  num INTEGER NOT NULL,
  den INTEGER NOT NULL,
  barcode TEXT,
  default_sales INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (product_id, unit)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX product_unit_default ON product_unit (product_id) WHERE default_sales = 1;
CREATE UNIQUE INDEX product_unit_barcode ON product_unit (barcode) WHERE barcode IS NOT NULL;
-- Everything a product is found by; rank 0 code or barcode, 1 name or alias, 2 initials, 3 pinyin.
CREATE TABLE product_key (
  key TEXT NOT NULL,
  product_id INTEGER NOT NULL,
  rank INTEGER NOT NULL,
  PRIMARY KEY (key, product_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX product_key_of ON product_key (product_id, key);
