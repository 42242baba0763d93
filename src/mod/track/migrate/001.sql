-- Pushes are whole lists and repeat: what was taken once.
CREATE TABLE carrier_event (
  shipment_id INTEGER NOT NULL,
  hash TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (shipment_id, hash)
) STRICT, WITHOUT ROWID;
-- Ids of signed calls, kept as long as their time is believed.
CREATE TABLE carrier_call (id TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT;
