-- What a private link of the purpose "confirm" was given for, and what the customer answered.
CREATE TABLE confirm_link (
  link_id INTEGER PRIMARY KEY,
  order_id INTEGER NOT NULL,
  snapshot TEXT NOT NULL,
  until_at INTEGER NOT NULL,
  created_by INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  answer TEXT,
  person TEXT,
  note TEXT,
  answered_at INTEGER
) STRICT;
CREATE INDEX confirm_link_of ON confirm_link (order_id);
