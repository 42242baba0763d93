-- include: mod/user/user_int.h

-- name: user_insert(id i64, login str, name str, role str, password str, at time) :exec
INSERT INTO user_account (id, login, name, role, password, created_at) VALUES (:id, :login, :name, :role, :password, :at);

-- name: user_by_login(login str) :find user
SELECT id, version, login, name, role, lang, active, password, created_at FROM user_account WHERE login = :login;

-- name: user_by_id(id i64) :get user
SELECT id, version, login, name, role, lang, active, password, created_at FROM user_account WHERE id = :id;

-- name: user_list() :many user
SELECT id, version, login, name, role, lang, active, created_at FROM user_account ORDER BY role, login LIMIT 1000;

-- name: user_total() :i64
SELECT COUNT(*) FROM user_account;

-- name: user_save(id i64, seen i64, name str, role str, active bool) :count
UPDATE user_account SET name = :name, role = :role, active = :active, version = version + 1 WHERE id = :id AND version = :seen;

-- Locked, so that two admins cannot close each other at the same moment.
-- name: user_admins() :many user
SELECT id, version, login, name, role, lang, active, created_at FROM user_account WHERE role = 'admin' AND active = 1 ORDER BY id FOR UPDATE;

-- name: user_password_set(id i64, password str) :exec
UPDATE user_account SET password = :password, version = version + 1 WHERE id = :id;

-- name: user_lang_set(id i64, lang str) :exec
UPDATE user_account SET lang = :lang WHERE id = :id;

-- name: session_insert(token blob, user_id i64, csrf str, at time, expires_at time, address str, agent str) :exec
INSERT INTO session (token, user_id, csrf, created_at, seen_at, expires_at, address, agent)
VALUES (:token, :user_id, :csrf, :at, :at, :expires_at, :address, :agent);

-- name: session_who(token blob, now time, idle_since time) :find caller
SELECT u.id, u.login, u.name, u.role, u.lang, s.csrf, s.seen_at
  FROM session s JOIN user_account u ON u.id = s.user_id
 WHERE s.token = :token AND s.expires_at > :now AND s.seen_at > :idle_since AND u.active = 1;

-- name: session_touch(token blob, now time) :exec
UPDATE session SET seen_at = :now WHERE token = :token;

-- name: session_end(token blob) :exec
DELETE FROM session WHERE token = :token;

-- name: session_end_all(user_id i64) :exec
DELETE FROM session WHERE user_id = :user_id;

-- name: session_sweep(now time, idle_since time) :exec
DELETE FROM session WHERE expires_at <= :now OR seen_at <= :idle_since;

-- name: session_list(user_id i64) :many session_item
SELECT created_at, seen_at, address, agent FROM session WHERE user_id = :user_id ORDER BY seen_at DESC LIMIT 50;

-- name: key_who(token blob, now time) :find caller
SELECT u.id, u.login, u.name, u.role, u.lang
  FROM api_key k JOIN user_account u ON u.id = k.user_id
 WHERE k.token = :token AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > :now) AND u.active = 1;

-- name: key_insert(id i64, token blob, prefix str, user_id i64, note str, at time) :exec
INSERT INTO api_key (id, token, prefix, user_id, note, created_at) VALUES (:id, :token, :prefix, :user_id, :note, :at);

-- name: key_list() :many api_key
SELECT k.id, k.user_id, u.login, k.prefix, k.note, k.created_at, k.revoked_at
  FROM api_key k JOIN user_account u ON u.id = k.user_id ORDER BY k.id DESC LIMIT 500;

-- name: key_revoke(id i64, at time) :count
UPDATE api_key SET revoked_at = :at WHERE id = :id AND revoked_at IS NULL;

-- name: try_find(who str) :find login_try
SELECT failures, until_at FROM login_try WHERE who = :who;

-- name: try_failed(who str, until_at time, now time) :exec
INSERT INTO login_try (who, failures, until_at, last_at) VALUES (:who, 1, :until_at, :now)
    ON CONFLICT (who) DO UPDATE SET failures = login_try.failures + 1, until_at = excluded.until_at, last_at = excluded.last_at;

-- name: try_forget(who str) :exec
DELETE FROM login_try WHERE who = :who;

-- name: try_sweep(before time) :exec
DELETE FROM login_try WHERE last_at < :before;
