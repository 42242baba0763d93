CREATE TABLE house_count (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL DEFAULT 1,
  number TEXT NOT NULL UNIQUE,
  state TEXT NOT NULL,
  warehouse TEXT,
  zone TEXT,
  created_by INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  closed_by INTEGER,
  closed_at INTEGER
) STRICT;
-- seen: what the books said when it was counted. A difference is counted − seen, whatever moved before or after.
CREATE TABLE house_count_line (
  count_id INTEGER NOT NULL,
  line INTEGER NOT NULL,
  product_id INTEGER NOT NULL,
  warehouse TEXT NOT NULL,
  location TEXT NOT NULL,
  lot TEXT NOT NULL,
  seen INTEGER,
  counted INTEGER,
  counted_by INTEGER,
  counted_at INTEGER,
  again INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (count_id, line)
) STRICT, WITHOUT ROWID;
CREATE INDEX house_count_line_lot ON house_count_line (product_id, warehouse, location, lot);
-- Below this, in base units over all warehouses, a product stands in the list of what runs out.
CREATE TABLE house_minimum (
  product_id INTEGER PRIMARY KEY,
  quantity INTEGER NOT NULL
) STRICT;
