-- The call after the delivery, once for every delivered order. state: due, answered, unreachable.
CREATE TABLE follow_up (
  order_id INTEGER PRIMARY KEY,
  customer_id INTEGER NOT NULL,
  state TEXT NOT NULL,
  tries INTEGER NOT NULL DEFAULT 0,
  due_at INTEGER NOT NULL,
  score INTEGER,
  comment TEXT,
  -- why nobody was asked
  reason TEXT,
  source TEXT,
  done_by INTEGER,
  created_at INTEGER NOT NULL,
  done_at INTEGER
) STRICT;
CREATE INDEX follow_up_due ON follow_up (due_at) WHERE state = 'due';
CREATE INDEX follow_up_customer ON follow_up (customer_id);
-- A complaint. origin: what it is about, always of an order.
CREATE TABLE care_case (
  id INTEGER PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  version INTEGER NOT NULL DEFAULT 1,
  state TEXT NOT NULL,
  kind TEXT NOT NULL,
  origin TEXT NOT NULL,
  order_id INTEGER NOT NULL,
  shipment_id INTEGER,
  line INTEGER,
  product_id INTEGER,
  lot TEXT,
  customer_id INTEGER NOT NULL,
  summary TEXT NOT NULL,
  detail TEXT,
  wish TEXT,
  source TEXT NOT NULL,
  owner_id INTEGER,
  due_at INTEGER NOT NULL,
  escalated INTEGER NOT NULL DEFAULT 0,
  -- who or what caused it, and what it cost us
  cause TEXT,
  cost INTEGER,
  decision TEXT,
  amount INTEGER,
  decision_note TEXT,
  decided_by INTEGER,
  return_id INTEGER,
  new_order_id INTEGER,
  opened_by INTEGER NOT NULL,
  opened_at INTEGER NOT NULL,
  resolved_at INTEGER,
  closed_at INTEGER
) STRICT;
CREATE INDEX care_case_state ON care_case (state, due_at);
CREATE INDEX care_case_order ON care_case (order_id);
CREATE INDEX care_case_customer ON care_case (customer_id, id);
CREATE INDEX care_case_opened ON care_case (opened_at);
