-- Goods coming back from a customer. kind: door (refused when they were delivered), return, exchange.
CREATE TABLE goods_return (
  id INTEGER PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  version INTEGER NOT NULL DEFAULT 1,
  customer_id INTEGER NOT NULL,
  -- the order it was asked for with; lines may be of other orders of this customer
  order_id INTEGER NOT NULL,
  kind TEXT NOT NULL,
  state TEXT NOT NULL,
  shipment_id INTEGER,
  note TEXT,
  -- what the approved goods were sold for, and what was credited in the end
  value INTEGER NOT NULL,
  credited INTEGER,
  late INTEGER NOT NULL DEFAULT 0,
  settlement TEXT,
  -- of what was refused at the door: where it is if it does not come back (lost, kept), and what it was sold for
  fate TEXT,
  missing_value INTEGER,
  replacement_id INTEGER,
  created_by INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  approved_by INTEGER,
  approved_at INTEGER,
  settled_by INTEGER,
  settled_at INTEGER,
  closed_at INTEGER
) STRICT;
CREATE INDEX goods_return_state ON goods_return (state, id);
CREATE INDEX goods_return_order ON goods_return (order_id);
CREATE INDEX goods_return_customer ON goods_return (customer_id, id);
CREATE INDEX goods_return_replacement ON goods_return (replacement_id) WHERE replacement_id IS NOT NULL;
-- All in base units. received = good + second + scrap once it is inspected.
CREATE TABLE return_line (
  return_id INTEGER NOT NULL,
  line INTEGER NOT NULL,
  order_id INTEGER NOT NULL,
  order_line INTEGER NOT NULL,
  product_id INTEGER NOT NULL,
  quantity INTEGER NOT NULL,
  received INTEGER NOT NULL DEFAULT 0,
  good INTEGER NOT NULL DEFAULT 0,
  second INTEGER NOT NULL DEFAULT 0,
  scrap INTEGER NOT NULL DEFAULT 0,
  -- refused at the door and never seen again
  missing INTEGER NOT NULL DEFAULT 0,
  -- what was charged for it
  amount INTEGER NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (return_id, line)
) STRICT, WITHOUT ROWID;
CREATE INDEX return_line_order ON return_line (order_id, order_line);
-- What is to be sent instead: becomes an order of its own when the exchange is approved.
CREATE TABLE return_wish (
  return_id INTEGER NOT NULL,
  line INTEGER NOT NULL,
  sku TEXT NOT NULL,
  quantity INTEGER NOT NULL,
  unit TEXT,
  price INTEGER,
  PRIMARY KEY (return_id, line)
) STRICT, WITHOUT ROWID;
