CREATE TABLE attachment (
  id INTEGER PRIMARY KEY,
  entity TEXT NOT NULL,
  entity_id INTEGER NOT NULL,
  name TEXT NOT NULL,
  type TEXT NOT NULL,
  size INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  content BLOB NOT NULL,
  added_by INTEGER NOT NULL,
  at INTEGER NOT NULL
) STRICT;
CREATE INDEX attachment_of ON attachment (entity, entity_id);
