-- Work that waits for a role: a shortage to settle, a shipment that went silent.
CREATE TABLE task (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  role TEXT NOT NULL,
  order_id INTEGER,
  entity TEXT NOT NULL,
  entity_id INTEGER NOT NULL,
  state TEXT NOT NULL,
  data TEXT NOT NULL,
  due_at INTEGER NOT NULL,
  assigned_to INTEGER,
  created_by INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  done_by INTEGER,
  done_at INTEGER,
  outcome TEXT,
  version INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE INDEX task_open ON task (role, due_at, id) WHERE state = 'open';
CREATE INDEX task_order ON task (order_id) WHERE order_id IS NOT NULL;
-- The same thing waits only once.
CREATE UNIQUE INDEX task_once ON task (kind, entity, entity_id) WHERE state = 'open';
