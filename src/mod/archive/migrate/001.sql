-- A finished order as it was. Nothing updates or deletes a row.
CREATE TABLE archive_record (
  order_id INTEGER PRIMARY KEY,
  number TEXT NOT NULL,
  customer_id INTEGER NOT NULL,
  state TEXT NOT NULL,
  day TEXT NOT NULL,
  record TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  archived_by INTEGER NOT NULL,
  archived_at INTEGER NOT NULL
) STRICT;
CREATE INDEX archive_record_day ON archive_record (day, order_id);
CREATE INDEX archive_record_customer ON archive_record (customer_id, order_id);
-- Personal facts of a record, which holds only their salted hashes; they can be erased.
CREATE TABLE archive_person (
  order_id INTEGER NOT NULL,
  n INTEGER NOT NULL,
  field TEXT NOT NULL,
  salt TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (order_id, n)
) STRICT, WITHOUT ROWID;
-- What a record is found by: pairs of Han characters, words, numbers. Read backwards, so that the newest come first. personal: it
-- stands in the record's personal facts alone, and goes when they are erased.
CREATE TABLE archive_word (
  word TEXT NOT NULL,
  order_id INTEGER NOT NULL,
  personal INTEGER NOT NULL,
  PRIMARY KEY (word, order_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX archive_word_personal ON archive_word (order_id) WHERE personal = 1;
-- Signs proofs; made once.
CREATE TABLE archive_key (id INTEGER PRIMARY KEY, public_key TEXT NOT NULL, secret BLOB NOT NULL, made_at INTEGER NOT NULL) STRICT;
-- Whose personal facts were erased, when and why.
CREATE TABLE erasure (
  customer_id INTEGER PRIMARY KEY,
  reason TEXT NOT NULL,
  erased_by INTEGER NOT NULL,
  at INTEGER NOT NULL
) STRICT;
