-- What lies where. bound: promised to pick lines or already picked, still lying in the house.
CREATE TABLE stock_lot (
  product_id INTEGER NOT NULL,
  warehouse TEXT NOT NULL,
  location TEXT NOT NULL,
  lot TEXT NOT NULL,
  expires TEXT,
  on_hand INTEGER NOT NULL CHECK (on_hand >= 0),
  bound INTEGER NOT NULL DEFAULT 0,
  quarantined INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (product_id, warehouse, location, lot),
  CHECK (bound >= 0 AND bound <= on_hand)
) STRICT, WITHOUT ROWID;
CREATE INDEX stock_lot_expires ON stock_lot (expires) WHERE expires IS NOT NULL AND on_hand > 0;
-- The sums a reservation locks and checks. committed: reserved, picked or packed for orders, not yet dispatched.
CREATE TABLE stock_level (
  product_id INTEGER NOT NULL,
  warehouse TEXT NOT NULL,
  on_hand INTEGER NOT NULL,
  committed INTEGER NOT NULL CHECK (committed >= 0),
  PRIMARY KEY (product_id, warehouse),
  CHECK (committed <= on_hand)
) STRICT, WITHOUT ROWID;
-- Who holds it. One row per order line and warehouse; gone when nothing is held any more. bound: the part that has its lots.
CREATE TABLE stock_reservation (
  order_id INTEGER NOT NULL,
  line INTEGER NOT NULL,
  warehouse TEXT NOT NULL,
  product_id INTEGER NOT NULL,
  quantity INTEGER NOT NULL,
  bound INTEGER NOT NULL DEFAULT 0,
  at INTEGER NOT NULL,
  PRIMARY KEY (order_id, line, warehouse),
  CHECK (bound >= 0 AND bound <= quantity)
) STRICT, WITHOUT ROWID;
CREATE INDEX stock_reservation_product ON stock_reservation (product_id);
CREATE TABLE stock_movement (
  id INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  product_id INTEGER NOT NULL,
  warehouse TEXT NOT NULL,
  location TEXT NOT NULL,
  lot TEXT NOT NULL,
  quantity INTEGER NOT NULL,
  reason TEXT NOT NULL,
  order_id INTEGER,
  shipment_id INTEGER,
  line INTEGER,
  actor_id INTEGER NOT NULL,
  note TEXT
) STRICT;
CREATE INDEX stock_movement_product ON stock_movement (product_id, id);
CREATE INDEX stock_movement_shipment ON stock_movement (shipment_id) WHERE shipment_id IS NOT NULL;
