CREATE TABLE wave (
  id INTEGER PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  state TEXT NOT NULL,
  created_by INTEGER NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE TABLE pick (
  id INTEGER PRIMARY KEY,
  wave_id INTEGER NOT NULL,
  order_id INTEGER NOT NULL,
  state TEXT NOT NULL,
  version INTEGER NOT NULL DEFAULT 1,
  picker_id INTEGER,
  shipment_id INTEGER,
  created_at INTEGER NOT NULL,
  done_at INTEGER
) STRICT;
CREATE INDEX pick_wave ON pick (wave_id);
CREATE INDEX pick_order ON pick (order_id);
CREATE INDEX pick_open ON pick (state, id) WHERE state IN ('open', 'picking');
CREATE TABLE pick_line (
  pick_id INTEGER NOT NULL,
  line INTEGER NOT NULL,
  order_id INTEGER NOT NULL,
  order_line INTEGER NOT NULL,
  product_id INTEGER NOT NULL,
  warehouse TEXT NOT NULL,
  location TEXT NOT NULL,
  lot TEXT NOT NULL,
  quantity INTEGER NOT NULL,
  picked INTEGER,
  short_reason TEXT,
  -- kg on the scale: net = gross - crates * tare; net NULL: not by the scale
  net INTEGER,
  gross INTEGER,
  tare INTEGER,
  crates INTEGER,
  crate TEXT,
  weight_reason TEXT,
  picked_by INTEGER,
  picked_at INTEGER,
  PRIMARY KEY (pick_id, line)
) STRICT, WITHOUT ROWID;
