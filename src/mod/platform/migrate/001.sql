-- A system that pushes orders: its secret, and where in its document things stand (paths, JSON).
CREATE TABLE platform (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL DEFAULT 1,
  name TEXT NOT NULL UNIQUE,
  title TEXT NOT NULL,
  secret TEXT NOT NULL,
  paths TEXT NOT NULL,
  active INTEGER NOT NULL DEFAULT 1,
  created_at INTEGER NOT NULL
) STRICT;
-- Every message once: what it said and what became of it.
CREATE TABLE platform_message (
  platform_id INTEGER NOT NULL,
  message_id TEXT NOT NULL,
  hash TEXT NOT NULL,
  intake_id INTEGER NOT NULL,
  received_at INTEGER NOT NULL,
  PRIMARY KEY (platform_id, message_id)
) STRICT, WITHOUT ROWID;
