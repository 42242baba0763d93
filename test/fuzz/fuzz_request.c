/* A request that is past its head: path, query, cookie, version, paging and body against all real routes. Lines of the
 * input are method and target, then headers, then after an empty line the body. */
#include "../sim/fake.h"

#include "app/app.h"
#include "base/utf8.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct http *server(void)
{
	static const struct route *tables[64];
	static struct http *h;
	size_t n = 0;

	if (h)
		return h;
	for (size_t i = 0; modules[i]; i++)
		if (modules[i]->routes)
			tables[n++] = modules[i]->routes;
	h = fake_http(tables, &(struct http_hooks){ 0 });
	return h;
}

static char *next_line(char **at)
{
	char *line = *at, *end = line + strcspn(line, "\n");

	*at = *end ? end + 1 : end;
	*end = '\0';
	return line;
}

static void add_header(struct arena *a, struct fake_ask *ask, char *line)
{
	char *colon = strchr(line, ':');

	if (!colon)
		return;
	*colon = '\0';
	header_add(a, &ask->headers, line, colon + 1 + strspn(colon + 1, " "));
}

static void look_at(struct req *r)
{
	const char *cookie = req_cookie(r, SESSION_COOKIE), *address = req_address(r);

	must(address && (!cookie || !strpbrk(cookie, "; \t")));
	must(utf8_clean(req_path(r), strlen(req_path(r))));
	must(ok(&r->ctx) || r->ctx.err.code != E_INTERNAL);
	(void)req_same_origin(r);
	if (!r->route)
		must(!ok(&r->ctx));
	if (r->route && ok(&r->ctx))
		must(strlen(req_body_hash(r)) == 64 && req_paging(r).limit >= 1 && req_paging(r).limit <= 200);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new();
	char *at = arena_strndup(a, (const char *)data, size), *first, *line;
	struct fake_ask ask = { .method = "GET", .target = "/" };
	struct req *r;

	first = next_line(&at);
	if (strchr(first, ' ')) {
		ask.method = arena_strndup(a, first, strcspn(first, " "));
		ask.target = strchr(first, ' ') + 1;
	}
	while (*at && *(line = next_line(&at)))
		add_header(a, &ask, line);
	ask.body = at;
	ask.len = strlen(at);
	r = fake_req(server(), &ask, 1);
	look_at(r);
	fake_req_free(r);
	arena_free(a);
	return 0;
}
