-- The events of all orders once more, packed: a piece is up to 2048 steps of 24 bytes (history.c), in the order of their chain.
-- Whole years are read in one go; the events themselves stay where they are and remain the record.
CREATE TABLE insight_piece (
  piece INTEGER PRIMARY KEY,
  from_at INTEGER NOT NULL,
  to_at INTEGER NOT NULL,
  steps INTEGER NOT NULL,
  data BLOB NOT NULL
) STRICT;
CREATE INDEX insight_piece_at ON insight_piece (to_at);
-- How far each audit chain was read.
CREATE TABLE insight_seen (chain INTEGER PRIMARY KEY, seq INTEGER NOT NULL) STRICT;
-- What the numbers in a step mean: kinds of events, people with their role, changes of state, classes of orders.
CREATE TABLE insight_word (
  book TEXT NOT NULL,
  number INTEGER NOT NULL,
  word TEXT NOT NULL,
  PRIMARY KEY (book, number)
) STRICT, WITHOUT ROWID;
