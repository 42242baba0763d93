/* link: making, opening and taking back. */
#include "mod/link/link.h"

#include "app/serve.h"
#include "base/rand.h"
#include "base/sha256.h"
#include "gen/link_sql.h"

#include <string.h>

#define TOKEN_BYTES 16 /* 128 bits */

const struct field link_fields[] = {
	FIELD(struct link, id, T_none),
	FIELD(struct link, purpose, T_none),
	FIELD(struct link, entity_id, T_none),
	FIELD(struct link, made_at, T_none),
	FIELD(struct link, until_at, T_none),
	FIELD_END,
};

bool link_make(struct ctx *c, const char *purpose, int64_t entity_id, struct instant until, const char **token)
{
	char *made = arena_alloc(c->arena, 2 * TOKEN_BYTES + 1);
	uint8_t hash[32];
	int64_t id;

	rng_hex(c->rng, made, TOKEN_BYTES);
	sha256(made, strlen(made), hash);
	*token = made;
	return id_new(c, &id) && link_insert(c, id, (struct bytes){ hash, sizeof(hash) }, purpose, entity_id,
					 c->actor->id, c->now, until);
}

const char *link_url(struct ctx *c, const char *path, const char *token)
{
	return arena_printf(c->arena, "%s%s/%s", setting_str(c, "company.web"), path, token);
}

const char *link_address(struct ctx *c, struct req *r, const char *url)
{
	const char *host = req_header(r, "Host");

	if (url[0] != '/')
		return url;
	return arena_printf(
		c->arena, "%s://%s%s", req_https(r) ? "https" : "http", host != NULL ? host : "localhost", url);
}

static bool looks_right(const char *token)
{
	return token != NULL && strlen(token) == (size_t)2 * TOKEN_BYTES &&
	       strspn(token, "0123456789abcdef") == (size_t)2 * TOKEN_BYTES;
}

bool link_open(struct ctx *c, const char *address, const char *purpose, const char *token, struct link *out)
{
	struct guard *guard = c->app != NULL ? &c->app->guard : NULL;
	uint8_t hash[32];
	bool found = false;

	if (!guard_free(c, guard, address))
		return false;
	if (looks_right(token)) {
		sha256(token, strlen(token), hash);
		if (!link_find(c, (struct bytes){ hash, sizeof(hash) }, purpose, c->now, out, &found))
			return false;
	}
	if (found)
		return true;
	guard_miss(c, guard, address);
	return fail(c, E_NOT_FOUND, T_link_none);
}

bool link_revoke(struct ctx *c, const char *purpose, int64_t entity_id)
{
	return link_take_back(c, purpose, entity_id, c->now);
}

bool link_end(struct ctx *c, int64_t id)
{
	return link_end_one(c, id, c->now);
}

/* Whose facts are erased, nobody looks at through an old address. */
static bool forget_person(struct ctx *c, const struct event *e)
{
	return link_take_back_all(c, e->entity_id, c->now);
}

static const struct listen listens[] = {
	{ "customer.erased", forget_person },
	{ NULL, NULL },
};

const struct module link_module = { .name = "link", .listens = listens };
