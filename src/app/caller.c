/* caller: who asks, and whether that person or program may. */
#include "app/caller.h"

#include "app/serve.h"
#include "base/sha256.h"

#include <string.h>

static const struct auth *auth_of(void)
{
	for (size_t i = 0; modules[i] != NULL; i++)
		if (modules[i]->auth != NULL)
			return modules[i]->auth;
	return NULL;
}

static const char *key_of(const struct req *r)
{
	const char *header = req_header(r, "Authorization");

	return header != NULL && strncmp(header, "Bearer ", 7) == 0 ? header + 7 : NULL;
}

/* ---- keys of the last second ---- */

void callers_init(struct callers *k)
{
	*k = (struct callers){ 0 };
	must(pthread_mutex_init(&k->lock, NULL) == 0);
}

static struct caller_slot *slot_of(struct callers *k, const uint8_t hash[32])
{
	return &k->slots[hash[0] % CALLERS];
}

static void remember(struct ctx *c, const char *key, const struct actor *who)
{
	struct callers *k = &c->app->callers;
	struct caller_slot s = { .until = { c->now.us + SECOND_US }, .id = who->id, .role = who->role };

	if (strlen(who->login) >= sizeof(s.login) || strlen(who->name) >= sizeof(s.name))
		return;
	memcpy(s.login, who->login, strlen(who->login));
	memcpy(s.name, who->name, strlen(who->name));
	sha256(key, strlen(key), s.hash);
	pthread_mutex_lock(&k->lock);
	*slot_of(k, s.hash) = s;
	pthread_mutex_unlock(&k->lock);
}

bool caller_recall(struct ctx *c, struct req *r)
{
	const char *key = key_of(r);
	struct callers *k = &c->app->callers;
	struct caller_slot s;
	struct actor *who;
	uint8_t hash[32];

	if (key == NULL)
		return false;
	sha256(key, strlen(key), hash);
	pthread_mutex_lock(&k->lock);
	s = *slot_of(k, hash);
	pthread_mutex_unlock(&k->lock);
	if (memcmp(s.hash, hash, sizeof(hash)) != 0 || s.until.us < c->now.us)
		return false;
	who = ARENA_NEW(c->arena, struct actor);
	*who = (struct actor){ .id = s.id,
		.role = s.role,
		.login = arena_strdup(c->arena, s.login),
		.name = arena_strdup(c->arena, s.name) };
	c->actor = who;
	req_set_who(r, who->id);
	return true;
}

/* ---- who asks ---- */

static bool known_caller(struct ctx *c, struct req *r, bool *found)
{
	const char *key = key_of(r), *cookie = req_cookie(r, SESSION_COOKIE);
	struct actor *who = ARENA_NEW(c->arena, struct actor);
	const struct auth *auth = auth_of();
	enum lang lang = c->lang;

	*found = c->actor != &nobody;
	if (*found)
		return true;
	if (key != NULL) {
		if (!auth->key(c, key, who, &lang, found))
			return false;
		if (!*found)
			return fail(c, E_UNAUTHORIZED, T_app_bad_key);
		remember(c, key, who);
	} else if (cookie != NULL && !auth->session(c, cookie, who, &lang, found)) {
		return false;
	}
	if (*found) {
		c->actor = who;
		req_set_who(r, who->id);
		if (who->csrf != NULL)
			c->lang = lang; /* a person's own choice; programs say Accept-Language */
	}
	return true;
}

static bool same_token(const char *a, const char *b)
{
	unsigned char diff = 0;
	size_t n = strlen(a);

	if (b == NULL || strlen(b) != n)
		return false;
	for (size_t i = 0; i < n; i++)
		diff |= (unsigned char)(a[i] ^ b[i]);
	return diff == 0;
}

/* A browser's session may only be used from our own pages: the right origin, and for forms the session's token.
 * A JSON body cannot be sent across sites without the browser asking first, so the origin is enough there. */
static bool no_forgery(struct ctx *c, struct req *r)
{
	const char *token = req_header(r, "X-CSRF-Token");

	if (c->actor->csrf == NULL || req_method(r) == GET)
		return true;
	if (!req_same_origin(r))
		return fail(c, E_CSRF, T_app_csrf);
	if (!req_is_form(r) || same_token(c->actor->csrf, token != NULL ? token : req_form(r, "csrf")))
		return true;
	return fail(c, E_CSRF, T_app_csrf);
}

bool caller_allowed(struct ctx *c, struct req *r)
{
	const struct route *route = req_route(r);
	struct err input = c->err; /* bad input is told after who asks is known */
	bool found;

	c->err = (struct err){ 0 };
	if (!known_caller(c, r, &found))
		return false;
	if (route != NULL && (route->flags & ROUTE_PUBLIC) == 0) {
		if (!found)
			return fail(c, E_UNAUTHORIZED, T_app_sign_in);
		if (!no_forgery(c, r) || ((route->flags & ROUTE_SELF) == 0 && !need(c, (enum right)route->right)))
			return false;
	}
	c->err = input;
	return ok(c);
}
