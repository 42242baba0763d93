-- What changes the sum a customer owes, besides goods that leave. Nothing is changed or deleted: a mistake is booked back.
CREATE TABLE account_entry (
  id INTEGER PRIMARY KEY,
  customer_id INTEGER NOT NULL,
  kind TEXT NOT NULL,
  amount INTEGER NOT NULL,
  day TEXT NOT NULL,
  method TEXT,
  reference TEXT,
  note TEXT,
  order_id INTEGER,
  source TEXT,
  source_id INTEGER,
  added_by INTEGER NOT NULL,
  at INTEGER NOT NULL
) STRICT;
CREATE INDEX account_entry_customer ON account_entry (customer_id, day, id);
-- What a return or a case credits, it credits once.
CREATE UNIQUE INDEX account_entry_source ON account_entry (source, source_id) WHERE source IS NOT NULL;
