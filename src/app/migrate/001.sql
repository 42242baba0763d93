-- What every module stands on: ids, numbers, events (the audit chain), outbox, stored answers, settings.

-- ids come in blocks: one row per space, a block taken per lane or job.
CREATE TABLE id_block (space TEXT PRIMARY KEY, next INTEGER NOT NULL) STRICT;
INSERT INTO id_block (space, next) VALUES ('all', 1000);

-- gapless numbers: the row is taken in the transaction that uses the number.
CREATE TABLE series (series TEXT PRIMARY KEY, next INTEGER NOT NULL) STRICT;

-- Every change writes one event in its own transaction. The rows of a chain are hashed one over the other,
-- so the same row is the audit entry; nothing updates or deletes it.
CREATE TABLE event (
  id INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  actor_id INTEGER NOT NULL,
  actor TEXT NOT NULL,
  role TEXT NOT NULL,
  kind TEXT NOT NULL,
  entity TEXT NOT NULL,
  entity_id INTEGER NOT NULL,
  order_id INTEGER,
  -- its place in the order's own history: neither clocks nor ids of several nodes decide that
  step INTEGER NOT NULL,
  from_state TEXT,
  to_state TEXT,
  data TEXT NOT NULL,
  chain INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  hash BLOB NOT NULL
) STRICT;
CREATE INDEX event_order ON event (order_id, step, id) WHERE order_id IS NOT NULL;
CREATE INDEX event_entity ON event (entity, entity_id, id) WHERE order_id IS NULL;
-- A chain is read in its own order: ids come in blocks, and several servers have several blocks.
CREATE UNIQUE INDEX event_chain ON event (chain, seq);
CREATE TABLE audit_chain (chain INTEGER PRIMARY KEY, seq INTEGER NOT NULL, head BLOB NOT NULL) STRICT;

-- What has to be done outside: written with the change, done by the workers. state: waiting, done, given_up. While
-- lease_until is in the future a worker has it in hand.
CREATE TABLE outbox (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  event_id INTEGER NOT NULL,
  recipient TEXT NOT NULL,
  payload TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'waiting',
  attempts INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  next_at INTEGER NOT NULL,
  lease_until INTEGER,
  last_error TEXT,
  done_at INTEGER,
  UNIQUE (event_id, kind, recipient)
) STRICT;
CREATE INDEX outbox_due ON outbox (kind, next_at) WHERE state = 'waiting';
-- What one recipient is told keeps its order.
CREATE INDEX outbox_queue ON outbox (kind, recipient, created_at, id) WHERE state = 'waiting';
CREATE INDEX outbox_given_up ON outbox (id) WHERE state = 'given_up';

-- The first answer to an idempotency key, kept to be given again; written with the effect.
CREATE TABLE answer (
  actor_id INTEGER NOT NULL,
  key TEXT NOT NULL,
  request BLOB NOT NULL,
  status INTEGER NOT NULL,
  type TEXT,
  location TEXT,
  body BLOB NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (actor_id, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX answer_at ON answer (at);

CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE tick (name TEXT PRIMARY KEY, next_at INTEGER NOT NULL) STRICT;
