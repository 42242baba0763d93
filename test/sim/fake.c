/* fake: what libmicrohttpd is asked for a request stands here; the linker takes these before the library's. */
#include "fake.h"

#include "base/clock.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct MHD_Connection {
	struct header *headers;
	bool answered;
};

const char *MHD_lookup_connection_value(struct MHD_Connection *connection, enum MHD_ValueKind kind, const char *key)
{
	(void)kind;
	for (const struct header *h = connection->headers; h; h = h->next)
		if (strcasecmp(h->name, key) == 0)
			return h->value;
	return NULL;
}

void MHD_resume_connection(struct MHD_Connection *connection)
{
	must(!connection->answered);
	connection->answered = true;
}

bool fake_answered(const struct req *r)
{
	return r->mhd->answered;
}

struct http *fake_http(const struct route *const *tables, const struct http_hooks *hooks)
{
	struct http *h = calloc(1, sizeof(*h));

	must(h);
	*h = (struct http){ .hooks = *hooks, .tables = tables, .arena = arena_new() };
	h->routes = router_make(h->arena, tables);
	return h;
}

void fake_http_free(struct http *h)
{
	arena_free(h->arena);
	free(h);
}

static void set_method(struct req *r, const char *name)
{
	static const char *const names[] = { "GET", "POST", "PUT", "DELETE" };

	r->method_name = name;
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (strcmp(name, names[i]) == 0) {
			r->method = (enum method)i;
			r->method_known = true;
		}
}

struct req *fake_req(struct http *h, const struct fake_ask *ask, uint64_t seed)
{
	struct req *r = calloc(1, sizeof(*r));
	struct arena *a = arena_new();

	must(r);
	r->arena = r->ctx.arena = a;
	r->http = h;
	r->conn = ARENA_NEW(a, struct conn);
	r->mhd = ARENA_NEW(a, struct MHD_Connection);
	for (const struct header *one = ask->headers; one; one = one->next)
		header_add(a, &r->mhd->headers, arena_strdup(a, one->name), arena_strdup(a, one->value));
	r->version = INT64_MIN;
	r->path = r->query = "";
	r->rng.seed = seed;
	r->ctx.app = h->hooks.app;
	r->ctx.actor = h->hooks.nobody;
	r->ctx.rng = &r->rng;
	r->ctx.now = clock_now();
	r->target = arena_strdup(a, ask->target);
	buf_init(&r->body, NULL);
	buf_add(&r->body, ask->body, ask->len);
	set_method(r, arena_strdup(a, ask->method));
	req_begin(r);
	if (target_split(r) && router_find(r) && !form_read(r))
		must(!ok(&r->ctx));
	r->input_err = r->ctx.err;
	r->stage = WORKING;
	return r;
}

void fake_req_free(struct req *r)
{
	buf_free(&r->body);
	arena_free(r->arena);
	free(r);
}
