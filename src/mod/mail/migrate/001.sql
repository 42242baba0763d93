-- How far each mailbox was read. A mailbox that was made anew (another uidvalidity) is read from its beginning; what was
-- here before is known by its Message-ID and its words.
CREATE TABLE mail_box (
  name TEXT PRIMARY KEY,
  uidvalidity INTEGER NOT NULL,
  last_uid INTEGER NOT NULL,
  -- when it was looked into first: what lay there before is read, but its senders are not told
  first_at INTEGER,
  -- a mail that could not be fetched, and how often that was tried
  stuck_uid INTEGER,
  stuck_n INTEGER NOT NULL DEFAULT 0,
  checked_at INTEGER,
  failed_at INTEGER,
  error TEXT
) STRICT;
-- Every mail that was fetched; the bytes are with its entry in the inbox. state: kept, duplicate, set_aside.
CREATE TABLE mail (
  id INTEGER PRIMARY KEY,
  box TEXT NOT NULL,
  uidvalidity INTEGER NOT NULL,
  uid INTEGER NOT NULL,
  message_id TEXT,
  hash TEXT NOT NULL,
  content_hash TEXT NOT NULL,
  size INTEGER NOT NULL,
  sender TEXT,
  sender_name TEXT,
  subject TEXT,
  sent_at INTEGER,
  state TEXT NOT NULL,
  problem TEXT,
  intake_id INTEGER,
  order_id INTEGER,
  answered INTEGER NOT NULL DEFAULT 0,
  flagged INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  UNIQUE (box, uidvalidity, uid)
) STRICT;
CREATE INDEX mail_message ON mail (message_id, content_hash) WHERE message_id IS NOT NULL;
CREATE INDEX mail_intake ON mail (intake_id) WHERE intake_id IS NOT NULL;
CREATE INDEX mail_hash ON mail (hash);
CREATE INDEX mail_unflagged ON mail (box, uidvalidity, uid) WHERE flagged = 0;
CREATE INDEX mail_sender ON mail (sender, created_at);
