CREATE TABLE review (
  id INTEGER PRIMARY KEY,
  order_id INTEGER NOT NULL,
  order_version INTEGER NOT NULL,
  version INTEGER NOT NULL DEFAULT 1,
  state TEXT NOT NULL,
  decision TEXT,
  due_at INTEGER NOT NULL,
  escalated INTEGER NOT NULL DEFAULT 0,
  claimed_by INTEGER,
  claimed_at INTEGER,
  checks TEXT NOT NULL,
  worst TEXT NOT NULL,
  overrides TEXT,
  note TEXT,
  rule_id INTEGER,
  created_at INTEGER NOT NULL,
  decided_by INTEGER,
  decided_at INTEGER
) STRICT;
CREATE INDEX review_order ON review (order_id);
CREATE INDEX review_open ON review (due_at, id) WHERE state IN ('open', 'claimed');
-- A reviewer's standing decision: orders like these pass when every check does.
CREATE TABLE review_rule (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL DEFAULT 1,
  name TEXT NOT NULL,
  max_total INTEGER NOT NULL,
  tier TEXT,
  channel TEXT,
  active INTEGER NOT NULL DEFAULT 1,
  created_by INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  stopped_by INTEGER,
  stopped_at INTEGER
) STRICT;
