CREATE TABLE carrier (
  code TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  lead_days INTEGER NOT NULL,
  cutoff TEXT,
  active INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE TABLE shipment (
  id INTEGER PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  order_id INTEGER NOT NULL,
  customer_id INTEGER NOT NULL,
  pick_id INTEGER NOT NULL,
  state TEXT NOT NULL,
  version INTEGER NOT NULL DEFAULT 1,
  carrier TEXT,
  service TEXT,
  tracking_number TEXT,
  driver TEXT,
  -- billed at dispatch; less: refused and therefore not owed
  amount INTEGER,
  less INTEGER NOT NULL DEFAULT 0,
  prints INTEGER NOT NULL DEFAULT 0,
  created_by INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  dispatched_by INTEGER,
  dispatched_at INTEGER,
  promised_on TEXT,
  track_state TEXT,
  track_at INTEGER,
  receipt_signer TEXT,
  receipt_at INTEGER,
  receipt_by INTEGER,
  receipt_note TEXT
) STRICT;
CREATE INDEX shipment_order ON shipment (order_id);
CREATE INDEX shipment_state ON shipment (state, id);
-- A customer's account is read by the day its goods left.
CREATE INDEX shipment_customer ON shipment (customer_id, dispatched_at);
CREATE INDEX shipment_tracking ON shipment (tracking_number) WHERE tracking_number IS NOT NULL;
-- line is the order's line; lots stand apart
CREATE TABLE shipment_line (
  shipment_id INTEGER NOT NULL,
  line INTEGER NOT NULL,
  product_id INTEGER NOT NULL,
  quantity INTEGER NOT NULL,
  packed INTEGER NOT NULL DEFAULT 0,
  received INTEGER,
  refused INTEGER,
  amount INTEGER,
  -- kg on the scale; NULL: not billed by it; gross and tare where they were read
  net INTEGER,
  gross INTEGER,
  tare INTEGER,
  PRIMARY KEY (shipment_id, line)
) STRICT, WITHOUT ROWID;
CREATE TABLE shipment_lot (
  shipment_id INTEGER NOT NULL,
  line INTEGER NOT NULL,
  product_id INTEGER NOT NULL,
  warehouse TEXT NOT NULL,
  location TEXT NOT NULL,
  lot TEXT NOT NULL,
  quantity INTEGER NOT NULL,
  PRIMARY KEY (shipment_id, line, warehouse, location, lot)
) STRICT, WITHOUT ROWID;
CREATE TABLE package (
  id INTEGER PRIMARY KEY,
  shipment_id INTEGER NOT NULL,
  no INTEGER NOT NULL,
  sscc TEXT NOT NULL UNIQUE,
  weight INTEGER,
  created_by INTEGER NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX package_shipment ON package (shipment_id, no);
CREATE TABLE package_line (
  package_id INTEGER NOT NULL,
  line INTEGER NOT NULL,
  quantity INTEGER NOT NULL,
  PRIMARY KEY (package_id, line)
) STRICT, WITHOUT ROWID;
CREATE TABLE tracking (
  id INTEGER PRIMARY KEY,
  shipment_id INTEGER NOT NULL,
  state TEXT NOT NULL,
  at INTEGER NOT NULL,
  place TEXT,
  note TEXT,
  source TEXT NOT NULL,
  actor_id INTEGER NOT NULL,
  recorded_at INTEGER NOT NULL
) STRICT;
CREATE INDEX tracking_shipment ON tracking (shipment_id, at);
CREATE TABLE receipt_file (
  id INTEGER PRIMARY KEY,
  shipment_id INTEGER NOT NULL,
  name TEXT NOT NULL,
  type TEXT NOT NULL,
  sha256 BLOB NOT NULL,
  content BLOB NOT NULL,
  at INTEGER NOT NULL
) STRICT;
CREATE INDEX receipt_file_shipment ON receipt_file (shipment_id);
