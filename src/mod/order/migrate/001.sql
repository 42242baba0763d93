-- Decisions are stored in decision; state is what people are shown, derived from decision and the line quantities.
CREATE TABLE orders (
  id INTEGER PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  version INTEGER NOT NULL,
  channel TEXT NOT NULL,
  external_id TEXT,
  customer_id INTEGER NOT NULL,
  decision TEXT NOT NULL,
  state TEXT NOT NULL,
  on_hold INTEGER NOT NULL DEFAULT 0,
  hold_reason TEXT,
  delivery_date TEXT NOT NULL,
  address TEXT,
  remarks TEXT,
  total INTEGER NOT NULL,
  snapshot TEXT,
  created_by INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  confirmed_by INTEGER,
  confirmed_person TEXT,
  confirmed_method TEXT,
  confirmed_at INTEGER,
  approved_at INTEGER,
  stock_confirmed_by INTEGER,
  stock_confirmed_at INTEGER,
  -- its part of the customer's credit_open: approved and not yet dispatched
  credit_held INTEGER NOT NULL DEFAULT 0,
  -- picks under way; while there are any the order is shown as picking
  picks INTEGER NOT NULL DEFAULT 0,
  due_at INTEGER,
  revision INTEGER NOT NULL DEFAULT 1,
  changed_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX orders_external ON orders (channel, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX orders_state ON orders (state, id);
CREATE INDEX orders_customer ON orders (customer_id, id);
CREATE INDEX orders_delivery ON orders (delivery_date, id);
CREATE INDEX orders_channel ON orders (channel, id);
-- The line vector (domain 4.2), all in 1/1000 base unit but quantity, which counts in the ordered unit.
CREATE TABLE order_line (
  order_id INTEGER NOT NULL,
  line INTEGER NOT NULL,
  product_id INTEGER NOT NULL,
  sku TEXT NOT NULL,
  name TEXT NOT NULL,
  quantity INTEGER NOT NULL,
  unit TEXT NOT NULL,
  num INTEGER NOT NULL,
  den INTEGER NOT NULL,
  ordered INTEGER NOT NULL,
  price INTEGER NOT NULL,
  price_unit TEXT NOT NULL,
  price_num INTEGER NOT NULL,
  price_den INTEGER NOT NULL,
  price_source TEXT NOT NULL,
  amount INTEGER NOT NULL,
  -- billed by the scale: kg of one base unit as promised (NULL: not by the scale), kg weighed so far, of that gone
  nominal_kg INTEGER,
  weight INTEGER NOT NULL DEFAULT 0,
  weight_out INTEGER NOT NULL DEFAULT 0,
  remarks TEXT,
  cancelled INTEGER NOT NULL DEFAULT 0,
  reserved INTEGER NOT NULL DEFAULT 0,
  picked INTEGER NOT NULL DEFAULT 0,
  packed INTEGER NOT NULL DEFAULT 0,
  shipped INTEGER NOT NULL DEFAULT 0,
  delivered INTEGER NOT NULL DEFAULT 0,
  refused INTEGER NOT NULL DEFAULT 0,
  -- coming back: asked for, arrived, put on the shelf again, thrown away, sent once more
  ret_requested INTEGER NOT NULL DEFAULT 0,
  ret_received INTEGER NOT NULL DEFAULT 0,
  restocked INTEGER NOT NULL DEFAULT 0,
  scrapped INTEGER NOT NULL DEFAULT 0,
  replaced INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (order_id, line)
) STRICT, WITHOUT ROWID;
