-- A customer that may sign in to the shop with its code; the password as argon2id makes it.
CREATE TABLE shop_login (
  customer_id INTEGER PRIMARY KEY,
  password TEXT NOT NULL,
  set_by INTEGER NOT NULL,
  set_at INTEGER NOT NULL
) STRICT;
