/* user: people, passwords, sessions, keys. */
#include "mod/user/user_int.h"

#include "app/serve.h"
#include "base/rand.h"
#include "base/sha256.h"
#include "gen/user_sql.h"

#include <pthread.h>
#include <sodium.h>
#include <string.h>

#define ARGON_MEMORY   (19 * 1024 * 1024)
#define ARGON_PASSES   2
#define HASHES_AT_ONCE 2
#define HASHES_WAITING 20
#define PASSWORD_MIN   8

const struct field user_fields[] = {
	FIELD(struct user, id, T_none),
	FIELD(struct user, version, T_none),
	FIELD(struct user, login, T_user_login),
	FIELD(struct user, name, T_user_name),
	FIELD(struct user, role, T_user_role),
	FIELD(struct user, lang, T_user_lang),
	FIELD(struct user, active, T_user_active),
	FIELD(struct user, created_at, T_user_created_at),
	FIELD(struct user, password, T_none, .flags = F_HIDDEN),
	FIELD_END,
};

const struct field api_key_fields[] = {
	FIELD(struct api_key, id, T_none),
	FIELD(struct api_key, login, T_user_login),
	FIELD(struct api_key, prefix, T_user_key_prefix),
	FIELD(struct api_key, note, T_user_key_note),
	FIELD(struct api_key, key, T_user_key),
	FIELD(struct api_key, created_at, T_user_created_at),
	FIELD(struct api_key, revoked_at, T_user_key_revoked_at),
	FIELD(struct api_key, user_id, T_none, .flags = F_HIDDEN),
	FIELD_END,
};

const struct field caller_fields[] = {
	FIELD(struct caller, id, T_none),
	FIELD(struct caller, login, T_none),
	FIELD(struct caller, name, T_none),
	FIELD(struct caller, role, T_none),
	FIELD(struct caller, lang, T_none),
	FIELD(struct caller, csrf, T_none),
	FIELD(struct caller, seen_at, T_none),
	FIELD_END,
};

const struct field login_try_fields[] = {
	FIELD(struct login_try, failures, T_none),
	FIELD(struct login_try, until_at, T_none),
	FIELD_END,
};

const struct field session_item_fields[] = {
	FIELD(struct session_item, created_at, T_user_created_at),
	FIELD(struct session_item, seen_at, T_user_seen_at),
	FIELD(struct session_item, address, T_user_address),
	FIELD(struct session_item, agent, T_user_agent),
	FIELD_END,
};

/* ---- passwords: a few hashes at once, so that a flood of logins cannot take the memory ---- */

static struct {
	pthread_mutex_t lock;
	pthread_cond_t free;
	int running, waiting;
} hashing = { PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0, 0 };

static bool hashing_enter(struct ctx *c)
{
	bool in = false;

	pthread_mutex_lock(&hashing.lock);
	if (hashing.waiting < HASHES_WAITING) {
		hashing.waiting++;
		while (hashing.running == HASHES_AT_ONCE)
			pthread_cond_wait(&hashing.free, &hashing.lock);
		hashing.waiting--;
		hashing.running++;
		in = true;
	}
	pthread_mutex_unlock(&hashing.lock);
	return in || fail(c, E_TOO_MANY, T_user_too_many);
}

static void hashing_leave(void)
{
	pthread_mutex_lock(&hashing.lock);
	hashing.running--;
	pthread_cond_signal(&hashing.free);
	pthread_mutex_unlock(&hashing.lock);
}

bool password_hash(struct ctx *c, const char *password, const char **out)
{
	char *hash = arena_alloc(c->arena, crypto_pwhash_STRBYTES);
	bool made;

	if (strlen(password) < PASSWORD_MIN)
		return fail_field(c, "/password", E_RANGE, T_user_password_short);
	if (!hashing_enter(c))
		return false;
	made = crypto_pwhash_str(hash, password, strlen(password), ARGON_PASSES, ARGON_MEMORY) == 0;
	hashing_leave();
	*out = hash;
	return made || fail(c, E_BUSY, T_user_too_many);
}

bool password_fits(struct ctx *c, const char *password, const char *hash, bool *fits)
{
	if (!hashing_enter(c))
		return false;
	*fits = crypto_pwhash_str_verify(hash, password, strlen(password)) == 0;
	hashing_leave();
	return true;
}

/* ---- people ---- */

bool user_find(struct ctx *c, const char *login, struct user *out, bool *found)
{
	return user_by_login(c, login, out, found);
}

bool user_count(struct ctx *c, int64_t *out)
{
	return user_total(c, out);
}

bool user_add(struct ctx *c, const struct user_in *in, const char *hash, struct user *out)
{
	struct event ev = { .kind = "user.added", .entity = "user" };
	bool there;

	if (!user_by_login(c, in->login, out, &there))
		return false;
	if (there)
		return fail_field(c, "/login", E_CONFLICT, T_user_login_taken, in->login);
	if (!id_new(c, &ev.entity_id) ||
		!user_insert(c, ev.entity_id, in->login, in->name != NULL ? in->name : in->login, role_names[in->role],
			hash, c->now))
		return false;
	return user_by_id(c, ev.entity_id, out) && event_add(c, &ev);
}

bool user_key_add(struct ctx *c, int64_t user_id, const char *note, struct api_key *out)
{
	struct event ev = { .kind = "key.added", .entity = "api_key" };
	char hex[41];
	uint8_t hash[32];
	struct user u;

	rng_hex(c->rng, hex, 20);
	if (!user_by_id(c, user_id, &u) || !id_new(c, &ev.entity_id))
		return false;
	*out = (struct api_key){ .id = ev.entity_id,
		.user_id = user_id,
		.login = u.login,
		.note = note != NULL ? note : "",
		.key = arena_printf(c->arena, "hd_%s", hex),
		.created_at = c->now,
		.revoked_at = INSTANT_NONE };
	out->prefix = arena_strndup(c->arena, out->key, 9);
	token_hash(out->key, hash);
	return key_insert(c, out->id, (struct bytes){ hash, sizeof(hash) }, out->prefix, user_id, out->note, c->now) &&
	       event_add(c, &ev);
}

/* ---- who a token belongs to ---- */

void token_hash(const char *token, uint8_t out[32])
{
	sha256(token, strlen(token), out);
}

static bool caller_read(struct ctx *c, const struct caller *k, struct actor *out, enum lang *lang)
{
	int role = enum_find(role_names, k->role);

	must(role > 0);
	(void)c;
	*out = (struct actor){
		.id = k->id, .login = k->login, .name = k->name, .role = (enum role)role, .csrf = k->csrf
	};
	if (k->lang[0] != '\0')
		*lang = lang_parse(k->lang);
	return true;
}

struct touch {
	struct bytes token;
};

static bool touch(struct ctx *c, void *arg)
{
	return session_touch(c, ((struct touch *)arg)->token, c->now);
}

static bool by_session(struct ctx *c, const char *token, struct actor *out, enum lang *lang, bool *found)
{
	uint8_t *hash = arena_alloc(c->arena, 32);
	struct touch t = { { hash, 32 } };
	struct caller k;

	token_hash(token, hash);
	if (!session_who(c, t.token, c->now, (struct instant){ c->now.us - SESSION_IDLE }, &k, found) || !*found)
		return ok(c);
	/* Once a minute is enough to know who is there; the write must not be in the way of every click. */
	if (c->now.us - k.seen_at.us > MINUTE_US && !app_write(c, touch, &t))
		c->err = (struct err){ 0 };
	return caller_read(c, &k, out, lang);
}

static bool by_key(struct ctx *c, const char *token, struct actor *out, enum lang *lang, bool *found)
{
	uint8_t hash[32];
	struct caller k;

	token_hash(token, hash);
	if (!key_who(c, (struct bytes){ hash, 32 }, c->now, &k, found) || !*found)
		return ok(c);
	return caller_read(c, &k, out, lang);
}

const struct auth user_auth = { by_session, by_key };

/* ---- logging in ---- */

/* The account and the address together: a stranger who guesses locks out himself, not the person. */
static const char *try_name(struct ctx *c, const char *login, const char *address)
{
	return arena_printf(c->arena, "%s|%s", login, address);
}

static bool not_throttled(struct ctx *c, const char *who)
{
	struct login_try t;
	bool found;

	if (!try_find(c, who, &t, &found))
		return false;
	return !found || t.until_at.us <= c->now.us || fail(c, E_TOO_MANY, T_user_throttled);
}

struct failure {
	const char *one, *all;
};

/* 5 tries are free, then 2, 4, 8 ... seconds, a quarter of an hour at most; the address alone is slowed after 50. */
static struct instant pause_after(struct ctx *c, int64_t failures, int64_t allowed)
{
	int64_t over = failures - allowed, s = over <= 0 ? 0 : over >= 10 ? 900 : INT64_C(1) << over;

	return (struct instant){ c->now.us + (s < 900 ? s : 900) * SECOND_US };
}

/* One more failure of an account or an address, with the pause that follows it. */
static bool count_failure(struct ctx *c, const char *who, int64_t allowed)
{
	struct login_try t;
	bool found;

	if (!try_find(c, who, &t, &found))
		return false;
	return try_failed(c, who, pause_after(c, (found ? t.failures : 0) + 1, allowed), c->now);
}

static bool note_failure(struct ctx *c, void *arg)
{
	const struct failure *f = arg;

	return count_failure(c, f->one, 5) && count_failure(c, f->all, 50);
}

static bool forget_failures(struct ctx *c, void *arg)
{
	return try_forget(c, arg);
}

/* A hash of nobody's password, so that an unknown name, and one that has no password yet, take the same time. */
static const char *dummy_hash(struct ctx *c)
{
	static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	static char hash[crypto_pwhash_STRBYTES];

	(void)c;
	pthread_mutex_lock(&lock);
	if (hash[0] == '\0')
		must(crypto_pwhash_str(hash, "nobody", 6, ARGON_PASSES, ARGON_MEMORY) == 0);
	pthread_mutex_unlock(&lock);
	return hash;
}

bool password_try(struct ctx *c, const char *who, const char *password, const char *hash, const char *address)
{
	struct failure f = { .one = try_name(c, who, address), .all = try_name(c, "*", address) };
	bool known = hash != NULL && hash[0] == '$', fits;
	union {
		const char *from;
		void *to;
	} one = { .from = f.one };

	if (!not_throttled(c, f.one) || !not_throttled(c, f.all) ||
		!password_fits(c, password, known ? hash : dummy_hash(c), &fits))
		return false;
	if (known && fits)
		return app_write(c, forget_failures, one.to);
	if (!app_write(c, note_failure, &f))
		return false;
	return fail(c, E_UNAUTHORIZED, T_user_wrong_password);
}

bool login_check(struct ctx *c, const struct login_in *in, const char *address, struct user *out)
{
	bool found;

	return user_by_login(c, in->login, out, &found) &&
	       password_try(c, in->login, in->password, found && out->active ? out->password : NULL, address);
}

static bool open_it(struct ctx *c, void *arg)
{
	struct opened *o = arg;
	struct event ev = { .kind = "session.opened", .entity = "user", .entity_id = o->user.id };
	uint8_t hash[32];

	token_hash(o->token, hash);
	return session_insert(c, (struct bytes){ hash, 32 }, o->user.id, o->csrf, c->now,
		       (struct instant){ c->now.us + SESSION_WHOLE }, o->address, o->agent) &&
	       event_add(c, &ev);
}

bool session_open(struct ctx *c, struct opened *o)
{
	char *token = arena_alloc(c->arena, 2 * TOKEN_BYTES + 1), *csrf = arena_alloc(c->arena, 33);

	rng_hex(c->rng, token, TOKEN_BYTES);
	rng_hex(c->rng, csrf, 16);
	o->token = token;
	o->csrf = csrf;
	return app_write(c, open_it, o);
}
