CREATE TABLE crate_kind (
  code TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  form TEXT NOT NULL,
  -- kg of one, empty
  tare INTEGER NOT NULL,
  deposit INTEGER NOT NULL,
  active INTEGER NOT NULL DEFAULT 1
) STRICT;
-- What stands on a shipment.
CREATE TABLE crate_load (
  shipment_id INTEGER NOT NULL,
  crate TEXT NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (shipment_id, crate)
) STRICT, WITHOUT ROWID;
-- count and amount (deposits) as the customer's balance goes by it; booked: what the account goes by it. what: out, undo, back, lost.
CREATE TABLE crate_move (
  id INTEGER PRIMARY KEY,
  customer_id INTEGER NOT NULL,
  crate TEXT NOT NULL,
  what TEXT NOT NULL,
  count INTEGER NOT NULL,
  amount INTEGER NOT NULL,
  booked INTEGER NOT NULL,
  shipment_id INTEGER,
  note TEXT,
  moved_by INTEGER NOT NULL,
  at INTEGER NOT NULL
) STRICT;
CREATE INDEX crate_move_customer ON crate_move (customer_id, id);
CREATE INDEX crate_move_shipment ON crate_move (shipment_id) WHERE shipment_id IS NOT NULL;
-- The sum of a customer's moves.
CREATE TABLE crate_balance (
  customer_id INTEGER NOT NULL,
  crate TEXT NOT NULL,
  count INTEGER NOT NULL,
  amount INTEGER NOT NULL,
  PRIMARY KEY (customer_id, crate)
) STRICT, WITHOUT ROWID;
