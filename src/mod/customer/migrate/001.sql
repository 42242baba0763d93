CREATE TABLE customer (
  id INTEGER PRIMARY KEY,
  code TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  short_name TEXT,
  contact TEXT,
  phone TEXT,
  email TEXT,
  address TEXT,
  tier TEXT,
  credit_limit INTEGER,
  credit_days INTEGER,
  delivery_window TEXT,
  payment TEXT,
  salesperson TEXT,
  aliases TEXT,
  remarks TEXT,
  active INTEGER NOT NULL DEFAULT 1,
  -- what credit counts, kept in the transaction that moves it; verify recounts both (invariant 6)
  credit_open INTEGER NOT NULL DEFAULT 0,
  credit_receivable INTEGER NOT NULL DEFAULT 0,
  version INTEGER NOT NULL DEFAULT 1,
  created_at INTEGER NOT NULL
) STRICT;
CREATE TABLE customer_address (
  id INTEGER PRIMARY KEY,
  customer_id INTEGER NOT NULL REFERENCES customer (id),
  label TEXT NOT NULL,
  address TEXT NOT NULL,
  contact TEXT,
  phone TEXT
) STRICT;
CREATE INDEX customer_address_of ON customer_address (customer_id);
-- Everything a customer is found by: code, phone, name and its suffixes, initials, pinyin, aliases.
CREATE TABLE customer_key (key TEXT NOT NULL, customer_id INTEGER NOT NULL, PRIMARY KEY (key, customer_id)) STRICT, WITHOUT ROWID;
CREATE INDEX customer_key_of ON customer_key (customer_id);
-- What one customer calls a product; wins over the catalogue's own names.
CREATE TABLE customer_alias (
  customer_id INTEGER NOT NULL,
  alias TEXT NOT NULL,
  sku TEXT NOT NULL,
  PRIMARY KEY (customer_id, alias)
) STRICT, WITHOUT ROWID;
-- What is owed, since when, until when: goods dispatched (shipment_id), other charges (0), and below zero what was paid and waits.
CREATE TABLE receivable (
  id INTEGER PRIMARY KEY,
  customer_id INTEGER NOT NULL,
  order_id INTEGER NOT NULL,
  shipment_id INTEGER NOT NULL,
  amount INTEGER NOT NULL,
  due_on TEXT NOT NULL,
  settled INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX receivable_open ON receivable (customer_id, due_on) WHERE settled < amount;
CREATE INDEX receivable_waiting ON receivable (customer_id) WHERE settled > amount;
CREATE INDEX receivable_shipment ON receivable (shipment_id);
