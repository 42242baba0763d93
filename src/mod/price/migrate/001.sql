-- Prices beyond the list price: by tier with quantity breaks, and dated contracts of one customer.
CREATE TABLE price_rule (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  tier TEXT,
  customer_id INTEGER,
  product_id INTEGER NOT NULL,
  price_unit TEXT NOT NULL,
  min_qty INTEGER NOT NULL DEFAULT 0,
  price INTEGER NOT NULL,
  valid_from TEXT NOT NULL,
  valid_to TEXT,
  contract_no TEXT,
  made_at INTEGER NOT NULL
) STRICT;
CREATE INDEX price_rule_product ON price_rule (product_id, kind);
CREATE INDEX price_rule_customer ON price_rule (customer_id) WHERE customer_id IS NOT NULL;
