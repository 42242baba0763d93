-- One row per message that leaves, or should have left.
CREATE TABLE notice (
  id INTEGER PRIMARY KEY,
  event_id INTEGER NOT NULL,
  about TEXT NOT NULL,
  channel TEXT NOT NULL,
  customer_id INTEGER,
  order_id INTEGER,
  shipment_id INTEGER,
  endpoint_id INTEGER,
  recipient TEXT NOT NULL,
  subject TEXT NOT NULL,
  body TEXT NOT NULL,
  message_id TEXT,
  in_reply_to TEXT,
  state TEXT NOT NULL,
  tries INTEGER NOT NULL DEFAULT 0,
  answer TEXT,
  resend_of INTEGER,
  created_at INTEGER NOT NULL,
  done_at INTEGER,
  UNIQUE (event_id, channel, recipient)
) STRICT;
CREATE INDEX notice_state ON notice (state, id);
CREATE INDEX notice_order ON notice (order_id, id) WHERE order_id IS NOT NULL;
CREATE INDEX notice_shipment ON notice (shipment_id, about) WHERE shipment_id IS NOT NULL;
CREATE INDEX notice_customer ON notice (customer_id, id);
CREATE INDEX notice_message ON notice (message_id) WHERE message_id IS NOT NULL;
-- A number that is missing: the worker ended before it could note the answer.
CREATE TABLE notice_try (
  notice_id INTEGER NOT NULL,
  n INTEGER NOT NULL,
  at INTEGER NOT NULL,
  went INTEGER NOT NULL,
  answer TEXT,
  PRIMARY KEY (notice_id, n)
) STRICT, WITHOUT ROWID;
-- A customer's server or WeCom group.
CREATE TABLE notice_endpoint (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL DEFAULT 1,
  customer_id INTEGER NOT NULL,
  channel TEXT NOT NULL,
  url TEXT NOT NULL,
  secret TEXT,
  -- signed with as well, so that the customer can change it without a gap
  old_secret TEXT,
  old_until INTEGER,
  active INTEGER NOT NULL DEFAULT 1,
  why TEXT,
  created_by INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  disabled_at INTEGER
) STRICT;
CREATE INDEX notice_endpoint_of ON notice_endpoint (customer_id);
-- Only for customers who want it otherwise than everybody.
CREATE TABLE notice_choice (
  customer_id INTEGER PRIMARY KEY,
  by_email INTEGER NOT NULL,
  by_webhook INTEGER NOT NULL,
  by_wecom INTEGER NOT NULL,
  by_sms INTEGER NOT NULL,
  lang TEXT NOT NULL
) STRICT;
-- Words an admin changed; all others come with the program.
CREATE TABLE notice_template (
  about TEXT NOT NULL,
  lang TEXT NOT NULL,
  subject TEXT NOT NULL,
  body TEXT NOT NULL,
  brief TEXT NOT NULL,
  changed_by INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  PRIMARY KEY (about, lang)
) STRICT, WITHOUT ROWID;
