CREATE TABLE user_account (
  id INTEGER PRIMARY KEY,
  login TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  role TEXT NOT NULL,
  password TEXT NOT NULL,
  -- '' until a person chooses: then the browser's own language holds
  lang TEXT NOT NULL DEFAULT '',
  active INTEGER NOT NULL DEFAULT 1,
  version INTEGER NOT NULL DEFAULT 1,
  created_at INTEGER NOT NULL
) STRICT;
CREATE TABLE session (
  token BLOB PRIMARY KEY,
  user_id INTEGER NOT NULL REFERENCES user_account (id),
  csrf TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  seen_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  address TEXT NOT NULL,
  agent TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX session_by_user ON session (user_id);
CREATE TABLE api_key (
  id INTEGER PRIMARY KEY,
  token BLOB NOT NULL UNIQUE,
  prefix TEXT NOT NULL,
  user_id INTEGER NOT NULL REFERENCES user_account (id),
  note TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER,
  revoked_at INTEGER,
  used_at INTEGER
) STRICT;
CREATE TABLE login_try (who TEXT PRIMARY KEY, failures INTEGER NOT NULL, until_at INTEGER NOT NULL, last_at INTEGER NOT NULL) STRICT;
