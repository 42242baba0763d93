-- Only the hash of a link's 128 random bits is kept.
CREATE TABLE private_link (
  hash BLOB PRIMARY KEY,
  id INTEGER NOT NULL,
  purpose TEXT NOT NULL,
  entity_id INTEGER NOT NULL,
  made_by INTEGER NOT NULL,
  made_at INTEGER NOT NULL,
  until_at INTEGER NOT NULL,
  revoked_at INTEGER
) STRICT;
CREATE INDEX private_link_id ON private_link (id);
CREATE INDEX private_link_of ON private_link (purpose, entity_id);
