/* What the files of this module share. */
#ifndef MOD_USER_INT_H
#define MOD_USER_INT_H

#include "mod/user/user.h"

/* Who a token belongs to. */
struct caller {
	int64_t id;
	const char *login, *name, *role, *lang, *csrf;
	struct instant seen_at;
};
extern const struct field caller_fields[];

struct login_try {
	int64_t failures;
	struct instant until_at;
};
extern const struct field login_try_fields[];

struct session_item {
	struct instant created_at, seen_at;
	const char *address, *agent;
};
extern const struct field session_item_fields[];

#define TOKEN_BYTES   32
#define SESSION_IDLE  (30 * MINUTE_US)
#define SESSION_WHOLE (12 * HOUR_US)

/* What is stored of a session's or a key's token. */
void token_hash(const char *token, uint8_t out[32]);

struct login_in {
	const char *login, *password, *next;
};
struct opened {
	struct user user;
	const char *token, *csrf;
	const char *address, *agent;
};
/* Checks a login and opens a session: throttled by account and address, the same time and words for an unknown name.
 * From a reading handler; the writes go through app_write(). */
NODISCARD bool login_check(struct ctx *c, const struct login_in *in, const char *address, struct user *out);
NODISCARD bool session_open(struct ctx *c, struct opened *o);

extern const struct auth user_auth;

/* ---- pages ---- */
struct login_page {
	const char *next, *error;
};
struct me_page {
	const char *login, *name, *role, *csrf, *lang;
	int64_t id;
	struct session_item *sessions;
	size_t sessions_len;
};
extern const struct field me_fields[];
struct people_page {
	struct user *people;
	size_t people_len;
};
struct person_page {
	struct user u;
};
struct keys_page {
	struct api_key *keys;
	size_t keys_len;
	struct user *people;
	size_t people_len;
	const char *made;
};
struct setting_row {
	const char *name, *value, *label;
	bool changed, secret;
};
extern const struct field setting_row_fields[];
struct settings_page {
	struct setting_row *rows;
	size_t rows_len;
};
struct right_row {
	const char *label;
	bool clerk, reviewer, warehouse, service, admin;
};
struct rights_page {
	struct right_row *rows;
	size_t rows_len;
};

#endif
