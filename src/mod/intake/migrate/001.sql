-- Whatever came in, kept as it came, with what became of it.
CREATE TABLE intake (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL DEFAULT 1,
  channel TEXT NOT NULL,
  -- the sender's own number of it: Message-ID, order number of a platform
  external_id TEXT,
  -- what the same thing would say again; NULL where somebody insisted that it is another
  once TEXT,
  sender TEXT,
  sender_name TEXT,
  subject TEXT,
  in_reply_to TEXT,
  content_type TEXT NOT NULL,
  filename TEXT,
  hash TEXT NOT NULL,
  text TEXT NOT NULL,
  problem TEXT,
  -- a table's columns by what they mean, where it came as one
  columns TEXT,
  customer_id INTEGER,
  intent TEXT,
  delivery_date TEXT,
  address TEXT,
  remarks TEXT,
  state TEXT NOT NULL,
  worker_id INTEGER,
  worker_at INTEGER,
  -- why it is another order although it looks like one that is here
  kept_reason TEXT,
  order_id INTEGER,
  reason TEXT,
  received_at INTEGER NOT NULL,
  created_by INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  decided_by INTEGER,
  decided_at INTEGER
) STRICT;
CREATE UNIQUE INDEX intake_external ON intake (channel, external_id) WHERE external_id IS NOT NULL;
CREATE UNIQUE INDEX intake_once ON intake (once) WHERE once IS NOT NULL;
CREATE INDEX intake_queue ON intake (state, received_at, id);
CREATE INDEX intake_of_customer ON intake (customer_id, received_at) WHERE customer_id IS NOT NULL;
CREATE INDEX intake_of_sender ON intake (sender, channel, state) WHERE sender IS NOT NULL;
CREATE INDEX intake_of_order ON intake (order_id) WHERE order_id IS NOT NULL;
-- The bytes of what came as a file, apart so that lists stay small.
CREATE TABLE intake_bytes (
  intake_id INTEGER PRIMARY KEY,
  bytes BLOB NOT NULL
) STRICT;
-- What was read from it: a line of goods, or words that became none. Places count in characters of the text.
CREATE TABLE intake_line (
  intake_id INTEGER NOT NULL,
  line INTEGER NOT NULL,
  raw TEXT NOT NULL,
  start_at INTEGER,
  end_at INTEGER,
  op TEXT NOT NULL,
  sku TEXT,
  called TEXT,
  quantity INTEGER,
  unit TEXT,
  price INTEGER,
  price_unit TEXT,
  price_taken INTEGER NOT NULL DEFAULT 0,
  remarks TEXT,
  confidence INTEGER,
  why TEXT,
  state TEXT NOT NULL,
  candidates TEXT NOT NULL DEFAULT '[]',
  place TEXT,
  customer TEXT,
  delivery_date TEXT,
  PRIMARY KEY (intake_id, line)
) STRICT, WITHOUT ROWID;
-- Which columns a customer's order lists have, by the head of the list; said once, known from then on.
CREATE TABLE intake_columns (
  customer_id INTEGER NOT NULL,
  head TEXT NOT NULL,
  columns TEXT NOT NULL,
  PRIMARY KEY (customer_id, head)
) STRICT, WITHOUT ROWID;
