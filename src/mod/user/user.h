/* user: who works here, what they may do, and how they are known: a login with a session, or an API key for a program.
 * Clause 五 (duties).
 * Owns: user_account, session, api_key, login_try      Uses: (nothing) */
#ifndef MOD_USER_H
#define MOD_USER_H

#include "app/app.h"

struct user {
	int64_t id, version;
	const char *login, *name, *role, *lang;
	bool active;
	const char *password; /* the argon2id string; never shown */
	struct instant created_at;
};
extern const struct field user_fields[];

struct api_key {
	int64_t id, user_id;
	const char *login, *prefix, *note, *key; /* key: only in the answer that made it */
	struct instant created_at, revoked_at;
};
extern const struct field api_key_fields[];

/* Argon2id with 19 MiB, two passes: about 50 ms. At most two at once in the process, the others wait their turn;
 * E_TOO_MANY when too many wait. Outside the write lane. */
NODISCARD bool password_hash(struct ctx *c, const char *password, const char **out);
NODISCARD bool password_fits(struct ctx *c, const char *password, const char *hash, bool *fits);
/* Somebody says to be `who` (a login, "shop:" and a customer's code). Throttled by name and address; the same time and words
 * where there is no such name or no password: hash NULL. From a reading handler; the writes go through app_write(). */
NODISCARD bool password_try(
	struct ctx *c, const char *who, const char *password, const char *hash, const char *address);

struct user_in {
	const char *login, *name, *password;
	int role; /* enum role */
};
NODISCARD bool user_add(struct ctx *c, const struct user_in *in, const char *hash, struct user *out);
NODISCARD bool user_find(struct ctx *c, const char *login, struct user *out, bool *found);
struct sheet;
/* Employees (columns login, name, role) who all get this password hash. */
NODISCARD bool user_import_with(struct ctx *c, const struct sheet *s, const char *hash);
NODISCARD bool user_count(struct ctx *c, int64_t *out);
/* Makes a key for a person; out->key is shown once and stored only as a hash. */
NODISCARD bool user_key_add(struct ctx *c, int64_t user_id, const char *note, struct api_key *out);

#endif
