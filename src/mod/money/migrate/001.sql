-- What changes the sum a customer owes, besides goods that leave. Nothing is changed or deleted: a mistake is booked
-- back. Only the note of a customer whose facts are erased goes.
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
CREATE INDEX account_entry_order ON account_entry (order_id) WHERE order_id IS NOT NULL;
-- What a return or a case credits, it credits once.
CREATE UNIQUE INDEX account_entry_source ON account_entry (source, source_id) WHERE source IS NOT NULL;
-- 对账单: what both sides agreed on for a period; lines are frozen as JSON. state: open, confirmed, disputed.
CREATE TABLE statement (
  id INTEGER PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  customer_id INTEGER NOT NULL,
  from_day TEXT NOT NULL,
  to_day TEXT NOT NULL,
  opening INTEGER NOT NULL,
  closing INTEGER NOT NULL,
  lines TEXT NOT NULL,
  state TEXT NOT NULL,
  person TEXT,
  disputes TEXT,
  answered_at INTEGER,
  made_by INTEGER NOT NULL,
  made_at INTEGER NOT NULL
) STRICT;
CREATE INDEX statement_customer ON statement (customer_id, id);
