-- A sharing of short goods, as it was committed.
CREATE TABLE share (
  id INTEGER PRIMARY KEY,
  product_id INTEGER NOT NULL,
  day TEXT NOT NULL,
  way TEXT NOT NULL,
  corrected INTEGER NOT NULL,
  amount INTEGER NOT NULL,
  given INTEGER NOT NULL,
  at INTEGER NOT NULL,
  by_id INTEGER NOT NULL
) STRICT;
CREATE INDEX share_product ON share (product_id, id);
CREATE TABLE share_line (
  share_id INTEGER NOT NULL,
  order_id INTEGER NOT NULL,
  line INTEGER NOT NULL,
  wanted INTEGER NOT NULL,
  before INTEGER NOT NULL,
  share INTEGER NOT NULL,
  PRIMARY KEY (share_id, order_id, line)
) STRICT, WITHOUT ROWID;
CREATE INDEX share_line_order ON share_line (order_id);
