/* The web layer with toy routes over real sockets: what is refused, what arrives, what goes out. */
#include "base/clock.h"
#include "http/parts.h"
#include "http/server.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cmocka.h>

const struct asset assets[] = {
	{ "/ui/toy.css", "text/css; charset=utf-8", "abc123", (const unsigned char *)"body{}", 6 },
	{ 0 },
};

/* ---- toy routes ---- */

struct line {
	const char *sku;
	struct qty quantity;
};
static const struct field line_fields[] = {
	FIELD(struct line, sku, T_none, .flags = F_REQUIRED),
	FIELD(struct line, quantity, T_none, .flags = F_REQUIRED | F_POSITIVE),
	FIELD_END,
};
struct thing {
	int64_t id, version;
	const char *name;
	bool urgent;
	struct line *lines;
	size_t lines_len;
};
static const struct field thing_in[] = {
	FIELD(struct thing, name, T_none, .flags = F_REQUIRED, .max = 20),
	FIELD(struct thing, urgent, T_none),
	FIELD_LIST(struct thing, lines, line_fields, T_none, .max = 50),
	FIELD_END,
};
static const struct field thing_fields[] = {
	FIELD(struct thing, id, T_none),
	FIELD(struct thing, version, T_none),
	FIELD(struct thing, name, T_none),
	FIELD(struct thing, urgent, T_none),
	FIELD_LIST(struct thing, lines, line_fields, T_none),
	FIELD_END,
};

static void thing_page(struct buf *b, struct ctx *c, const struct thing *v)
{
	(void)c;
	buf_str(b, "<p>");
	buf_html(b, v->name);
}
static const struct view thing_view = { thing_fields, PAGE(thing_page) };

static struct done *thing_get(struct ctx *c, struct req *r)
{
	struct thing t = { .id = req_id(r), .version = 7, .name = "<apple>" };

	if (t.id == 404) {
		/* cmocka has a fail() of its own. */
		fail_with(c, E_NOT_FOUND, T_err_not_found, (const char *const[]){ NULL });
		return reply_error(r);
	}
	return reply_view(r, &thing_view, &t);
}

static struct done *thing_post(struct ctx *c, struct req *r)
{
	struct thing t = *(const struct thing *)req_in(r);

	(void)c;
	t.id = 12;
	t.version = req_version(r) == INT64_MIN ? 1 : req_version(r) + 1;
	return reply_created(r, &thing_view, &t, "/things/%d", 12);
}

static struct done *things_list(struct ctx *c, struct req *r)
{
	static const struct thing rows[] = { { .id = 1, .name = "a" }, { .id = 2, .name = "b" } };
	struct paging p = req_paging(r);

	(void)c;
	if (p.after_id)
		return reply_list(r, &thing_view, rows, 0, 0, NULL, NULL, NULL);
	return reply_list(r, &thing_view, rows, 2, 2, "钥匙", NULL, NULL);
}

static struct done *upload_post(struct ctx *c, struct req *r)
{
	const struct upload *files;
	size_t len = req_files(r, &files);
	struct buf b;

	buf_init(&b, c->arena);
	buf_printf(&b, "{\"files\":%zu,\"name\":\"%s\",\"size\":%zu}", len, len ? files[0].name : "",
		len ? files[0].len : 0);
	return reply_json(r, &b);
}

static struct done *login(struct ctx *c, struct req *r)
{
	const char *had = req_cookie(r, SESSION_COOKIE);
	struct buf b;

	reply_cookie(r, SESSION_COOKIE, "first-run", 60);
	reply_cookie(r, SESSION_COOKIE, "token", 60);
	buf_init(&b, c->arena);
	buf_printf(&b, "{\"had\":\"%s\",\"address\":\"%s\",\"lang\":\"%s\"}", had ? had : "", req_address(r),
		lang_tag(c->lang));
	return reply_json(r, &b);
}

static struct done *hash_post(struct ctx *c, struct req *r)
{
	struct buf b;

	buf_init(&b, c->arena);
	buf_printf(&b, "{\"hash\":\"%s\",\"key\":\"%s\"}", req_body_hash(r),
		req_idempotency_key(r) ? req_idempotency_key(r) : "");
	return reply_json(r, &b);
}

static struct done *name_get(struct ctx *c, struct req *r)
{
	(void)c;
	return reply_bytes(r, "text/plain; charset=utf-8", "单.txt", req_name(r), strlen(req_name(r)));
}

static struct done *stream_get(struct ctx *c, struct req *r)
{
	(void)c;
	return reply_stream(r, "anna");
}

static const struct route toy_routes[] = {
	{ GET, "/things/:id", 0, NULL, 0, thing_get, T_none, ROUTE_PUBLIC, &thing_view },
	{ GET, "/things", 0, NULL, 0, things_list, T_none, ROUTE_PUBLIC | ROUTE_LIST, &thing_view },
	{ POST, "/things", 0, thing_in, sizeof(struct thing), thing_post, T_none, ROUTE_PUBLIC, &thing_view },
	{ POST, "/things/:id/decide", 0, NULL, 0, thing_get, T_none, ROUTE_PUBLIC | ROUTE_NEEDS_VERSION, &thing_view },
	{ POST, "/upload", 0, NULL, 0, upload_post, T_none, ROUTE_PUBLIC | ROUTE_FILES, NULL },
	{ POST, "/hash", 0, thing_in, sizeof(struct thing), hash_post, T_none, ROUTE_PUBLIC, NULL },
	{ GET, "/login", 0, NULL, 0, login, T_none, ROUTE_PUBLIC, NULL },
	{ GET, "/names/new", 0, NULL, 0, login, T_none, ROUTE_PUBLIC, NULL },
	{ GET, "/names/:name", 0, NULL, 0, name_get, T_none, ROUTE_PUBLIC, NULL },
	{ GET, "/events", 0, NULL, 0, stream_get, T_none, ROUTE_PUBLIC | ROUTE_API_ONLY, NULL },
	ROUTE_END,
};
static const struct route *const tables[] = { toy_routes, NULL };

/* ---- the server ---- */

static void *work(void *req)
{
	struct req *r = req;

	req_run(r); /* a lane may run a handler twice */
	req_finish(r, req_run(r));
	return NULL;
}

static void dispatch(struct req *r)
{
	pthread_t t;

	if (pthread_create(&t, NULL, work, r) == 0)
		pthread_detach(t);
}

static void log_line(void *user, const char *line)
{
	(void)user, (void)line;
}

static const struct http_hooks hooks = { .dispatch = dispatch, .log = log_line };

static int start(void **state)
{
	struct http *h;
	struct buf why;

	buf_init(&why, NULL);
	if (!http_start(&h, "127.0.0.1:0", tables, &hooks, &why)) {
		fprintf(stderr, "%s\n", buf_cstr(&why));
		return -1;
	}
	*state = h;
	return 0;
}

static int stop(void **state)
{
	http_stop(*state);
	return 0;
}

/* ---- a client that sends exactly what it is told ---- */

struct answer {
	char text[32768];
	size_t len;
	int status;
	bool closed;
	double seconds;
};

static int dial(void *h, int wait_s)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons((uint16_t)http_port(h)) };
	struct timeval wait = { wait_s, 0 };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(connect(fd, (struct sockaddr *)&at, sizeof(at)), 0);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait));
	return fd;
}

static bool complete(const struct answer *a)
{
	const char *end = strstr(a->text, "\r\n\r\n"), *len = strcasestr(a->text, "\r\nContent-Length:");

	if (!end)
		return false;
	if (a->status == 304 || a->status == 204)
		return true;
	return len && len < end && a->len >= (size_t)(end + 4 - a->text) + strtoul(len + 17, NULL, 10);
}

/* Reads one answer, and then looks a moment whether the server closes. */
static void read_answer(int fd, struct answer *a)
{
	const struct timeval moment = { 0, 60000 };
	int64_t begun = clock_monotonic_us();
	ssize_t n = 1;
	char rest;

	memset(a, 0, sizeof(*a));
	while (!complete(a) && n > 0) {
		n = recv(fd, a->text + a->len, sizeof(a->text) - 1 - a->len, 0);
		if (n > 0)
			a->len += (size_t)n;
		if (strncmp(a->text, "HTTP/1.", 7) == 0)
			a->status = atoi(a->text + 9);
	}
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &moment, sizeof(moment));
	a->closed = n == 0 || recv(fd, &rest, 1, 0) == 0;
	a->seconds = (double)(clock_monotonic_us() - begun) / 1e6;
}

static void ask_bytes(void *h, const char *bytes, size_t len, struct answer *a)
{
	int fd = dial(h, 3);

	assert_int_equal(send(fd, bytes, len, MSG_NOSIGNAL), (ssize_t)len);
	read_answer(fd, a);
	close(fd);
}

static void ask(void *h, const char *bytes, struct answer *a)
{
	ask_bytes(h, bytes, strlen(bytes), a);
}

static void post(void *h, const char *path, const char *type, const char *body, struct answer *a)
{
	char head[512], *whole;
	size_t len;

	len = (size_t)snprintf(head, sizeof(head),
		"POST %s HTTP/1.1\r\nHost: h\r\nContent-Type: %s\r\nContent-Length: %zu\r\n\r\n", path, type,
		strlen(body));
	whole = malloc(len + strlen(body) + 1);
	memcpy(whole, head, len);
	strcpy(whole + len, body);
	ask(h, whole, a);
	free(whole);
}

static const char *body_of(const struct answer *a)
{
	const char *end = strstr(a->text, "\r\n\r\n");

	return end ? end + 4 : "";
}

#define assert_has(text, part)                                                                                         \
	do {                                                                                                           \
		if (!strstr((text), (part)))                                                                           \
			fail_msg("no \"%s\" in: %s", (part), (text));                                                  \
	} while (0)

/* ---- heads ---- */

enum { STAYS, CLOSES };
struct raw {
	const char *bytes;
	int status; /* 0: closed without a word is right too */
	int after;
};
#define G       "GET /things/1 HTTP/1.1\r\nHost: h\r\n"
#define P       "POST /api/v1/things HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n"
#define BODY_OK "{\"name\":\"x\"}"
static const struct raw raws[] = {
	/* good ones */
	{ G "\r\n", 200, STAYS },
	{ "GET /things/1 HTTP/1.0\r\n\r\n", 200, CLOSES },
	{ G "Connection: close\r\n\r\n", 200, CLOSES },
	{ "HEAD /api/v1/things/1 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", 200, CLOSES },
	{ "GET http://h/things/1 HTTP/1.1\r\nHost: h\r\n\r\n", 200, STAYS },
	{ "GET /things/1?a=%E6%9E%9C HTTP/1.1\r\nHost: h\r\n\r\n", 200, STAYS },
	{ "GET /names/a%2Fb HTTP/1.1\r\nHost: h\r\n\r\n", 200, STAYS },
	{ G "X-Empty:\r\n\r\n", 200, STAYS },
	{ G "X-Tab:\ta\tb\r\n\r\n", 200, STAYS },
	{ P "Content-Length: 12\r\n\r\n" BODY_OK, 201, STAYS },
	{ P "Transfer-Encoding: chunked\r\n\r\n6\r\n{\"name\r\n6\r\n\":\"x\"}\r\n0\r\n\r\n", 201, STAYS },
	{ P "Transfer-Encoding: chunked\r\n\r\nc;x=y\r\n" BODY_OK "\r\n0\r\nT: v\r\n\r\n", 201, STAYS },
	{ P "Content-Length: 12\r\nExpect: 100-continue\r\n\r\n" BODY_OK, 100, STAYS },
	/* two readings of where the body ends */
	{ P "Content-Length: 12\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400, CLOSES },
	{ P "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n", 400, CLOSES },
	{ P "Content-Length: 12\r\nContent-Length: 12\r\n\r\n" BODY_OK, 400, CLOSES },
	{ P "Content-Length: 12\r\nContent-Length: 0\r\n\r\n" BODY_OK, 400, CLOSES },
	{ P "Content-Length: 12, 12\r\n\r\n" BODY_OK, 400, CLOSES },
	{ P "Content-Length: +12\r\n\r\n" BODY_OK, 400, CLOSES },
	{ P "Content-Length: -1\r\n\r\n", 400, CLOSES },
	{ P "Content-Length: 0x0c\r\n\r\n" BODY_OK, 400, CLOSES },
	{ P "Content-Length: 12 1\r\n\r\n" BODY_OK, 400, CLOSES },
	{ P "Content-Length:\r\n\r\n" BODY_OK, 400, CLOSES },
	{ P "Content-Length: 99999999999999999999999\r\n\r\n", 0, CLOSES },
	{ P "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 400, CLOSES },
	{ P "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 400, CLOSES },
	{ P "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n", 400, CLOSES },
	{ P "Transfer-Encoding: identity\r\n\r\n", 400, CLOSES },
	{ P "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400, CLOSES },
	{ P "Transfer-Encoding:\013chunked\r\n\r\n0\r\n\r\n", 400, CLOSES },
	{ P "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n", 400, CLOSES },
	{ "POST /api/v1/things HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400, CLOSES },
	/* lines */
	{ "GET /things/1 HTTP/1.1\nHost: h\n\n", 400, CLOSES },
	{ "GET /things/1 HTTP/1.1\r\nHost: h\nX: y\r\n\r\n", 400, CLOSES },
	{ "GET /things/1 HTTP/1.1\nHost: h\r\n\r\n", 400, CLOSES },
	{ G "X: y\n\r\n", 400, CLOSES },
	{ G "\n", 400, CLOSES },
	{ P "Content-Length: 12\r\n\n" BODY_OK, 400, CLOSES },
	{ "GET /things/1 HTTP/1.1\r\nHost: h\rX: y\r\n\r\n", 400, CLOSES },
	{ G "X: a\r\n b\r\n\r\n", 400, CLOSES },
	{ G "X: a\r\n\tb\r\n\r\n", 400, CLOSES },
	{ G " X: a\r\n\r\n", 400, CLOSES },
	{ P "Content-Length: 1\r\n 2\r\n\r\n" BODY_OK, 400, CLOSES },
	/* names and values */
	{ G "Bad name: a\r\n\r\n", 400, CLOSES },
	{ G "Name : a\r\n\r\n", 400, CLOSES },
	{ G ": a\r\n\r\n", 400, CLOSES },
	{ G "no colon\r\n\r\n", 400, CLOSES },
	{ G "X\x01Y: a\r\n\r\n", 400, CLOSES },
	{ G "N\xc3\xa9: a\r\n\r\n", 400, CLOSES },
	{ G "X: a\001b\r\n\r\n", 400, CLOSES },
	{ G "X(y): a\r\n\r\n", 400, CLOSES },
	/* hosts */
	{ "GET /things/1 HTTP/1.1\r\n\r\n", 400, CLOSES },
	{ G "Host: other\r\n\r\n", 400, CLOSES },
	{ G "host: h\r\n\r\n", 400, CLOSES },
	{ G "Host:\r\n\r\n", 400, CLOSES },
	{ "GET /things/1 HTTP/1.1\r\nHost : h\r\n\r\n", 400, CLOSES },
	{ "GET /things/1 HTTP/1.1\r\nHost: h\r\n .evil\r\n\r\n", 400, CLOSES },
	{ "GET /things/1 HTTP/1.1\r\nHost: a/b@c\r\n\r\n", 400, CLOSES },
	{ "GET /things/1 HTTP/1.1\r\nHost: a, b\r\n\r\n", 400, CLOSES },
	/* first lines */
	{ "GET /things/1 x HTTP/1.1\r\nHost: h\r\n\r\n", 0, CLOSES },
	{ "GET  /things/1 HTTP/1.1\r\nHost: h\r\n\r\n", 0, CLOSES },
	{ "GET /things/1  HTTP/1.1\r\nHost: h\r\n\r\n", 0, CLOSES },
	{ "GET /things/1 HTTP/2.0\r\nHost: h\r\n\r\n", 0, CLOSES },
	{ "GET /things/1 HTTP/1.2\r\nHost: h\r\n\r\n", 400, CLOSES },
	{ "GET /things/1\r\nHost: h\r\n\r\n", 0, CLOSES },
	{ "GET\t/things/1\tHTTP/1.1\r\nHost: h\r\n\r\n", 0, CLOSES },
	{ " GET /things/1 HTTP/1.1\r\nHost: h\r\n\r\n", 0, CLOSES },
	{ "GET /things/1 HTTP/1.1 \r\nHost: h\r\n\r\n", 0, CLOSES },
	{ "GET /things/1 http/1.1\r\nHost: h\r\n\r\n", 0, CLOSES },
	{ "GET /things/1 HTTP/0.9\r\n\r\n", 0, CLOSES },
	{ "GET /things/\x01 HTTP/1.1\r\nHost: h\r\n\r\n", 400, STAYS },
	{ "GET /things/1\r HTTP/1.1\r\nHost: h\r\n\r\n", 400, STAYS },
	{ "GET things/1 HTTP/1.1\r\nHost: h\r\n\r\n", 400, STAYS },
	{ "GET /%00 HTTP/1.1\r\nHost: h\r\n\r\n", 400, STAYS },
	{ "GET /%zz HTTP/1.1\r\nHost: h\r\n\r\n", 400, STAYS },
	{ "GET /%ff HTTP/1.1\r\nHost: h\r\n\r\n", 400, STAYS },
	{ "GET /things/1?q=%ff HTTP/1.1\r\nHost: h\r\n\r\n", 400, STAYS },
	{ "G(T /things/1 HTTP/1.1\r\nHost: h\r\n\r\n", 400, CLOSES },
	{ "PATCH /things/1 HTTP/1.1\r\nHost: h\r\n\r\n", 405, STAYS },
	{ "DELETE /things/1 HTTP/1.1\r\nHost: h\r\n\r\n", 405, STAYS },
	{ "GET /nowhere HTTP/1.1\r\nHost: h\r\n\r\n", 404, STAYS },
	{ "GET /things/1x HTTP/1.1\r\nHost: h\r\n\r\n", 404, STAYS },
	{ "GET /things/ HTTP/1.1\r\nHost: h\r\n\r\n", 404, STAYS },
	{ "GET /../things HTTP/1.1\r\nHost: h\r\n\r\n", 404, STAYS },
	{ "GET /events HTTP/1.1\r\nHost: h\r\n\r\n", 404, STAYS },
	{ "GET * HTTP/1.1\r\nHost: h\r\n\r\n", 400, STAYS },
	/* chunks */
	{ P "Transfer-Encoding: chunked\r\n\r\nzz\r\n", 0, CLOSES },
	{ P "Transfer-Encoding: chunked\r\n\r\n-1\r\n", 0, CLOSES },
	{ P "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n", 0, CLOSES },
	{ P "Transfer-Encoding: chunked\r\n\r\n3\r\nabcdef\r\n0\r\n\r\n", 0, CLOSES },
	{ P "Transfer-Encoding: chunked\r\n\r\n3\r\nabcXX0\r\n\r\n", 0, CLOSES },
	{ P "Transfer-Encoding: chunked\r\n\r\n3\r\nabc0\r\n\r\n", 0, CLOSES },
	{ P "Transfer-Encoding: chunked\r\n\r\n0x3\r\nabc\r\n0\r\n\r\n", 0, CLOSES },
	{ P "Transfer-Encoding: chunked\r\n\r\n 3\r\nabc\r\n0\r\n\r\n", 0, CLOSES },
	{ P "Transfer-Encoding: chunked\r\n\r\n+3\r\nabc\r\n0\r\n\r\n", 0, CLOSES },
	{ P "Transfer-Encoding: chunked\r\n\r\n\r\nabc\r\n0\r\n\r\n", 0, CLOSES },
	{ P "Transfer-Encoding: chunked\r\n\r\n;x\r\nabc\r\n0\r\n\r\n", 0, CLOSES },
	/* bodies */
	{ P "Content-Length: 5\r\n\r\nnope!", 400, STAYS },
	{ P "Content-Length: 2\r\n\r\n[]", 400, STAYS },
	{ P "Content-Length: 13\r\n\r\n{\"name\":\"\xff\xfe\"}", 400, STAYS },
	{ P "Content-Length: 2\r\n\r\n{}", 422, STAYS },
	{ "POST /api/v1/things HTTP/1.1\r\nHost: h\r\nContent-Type: text/csv\r\nContent-Length: 1\r\n\r\nx", 415,
		STAYS },
	{ "POST /api/v1/things HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\nx", 415, STAYS },
	{ "POST /nowhere HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\nx", 404, CLOSES },
	{ P "Content-Length: 4194305\r\n\r\n", 413, CLOSES },
};

static void raw_requests(void **state)
{
	struct answer a;
	int bad = 0;

	for (size_t i = 0; i < ARRAY_LEN(raws); i++) {
		const struct raw *t = &raws[i];
		bool good;

		ask(*state, t->bytes, &a);
		good = t->status ? a.status == t->status
				 : a.status == 0 || a.status == 400 || a.status == 413 || a.status == 505;
		if (good && a.closed == (t->after == CLOSES))
			continue;
		bad++;
		print_message("%d %s, wanted %d %s: %s\n", a.status, a.closed ? "closed" : "open", t->status,
			t->after == CLOSES ? "closed" : "open", t->bytes);
	}
	assert_int_equal(bad, 0);
}

static void nul_in_head(void **state)
{
	static const char bytes[] = G "X: a\0b\r\nY: c\r\n\r\n";
	struct answer a;

	ask_bytes(*state, bytes, sizeof(bytes) - 1, &a);
	assert_int_equal(a.status, 400);
	assert_true(a.closed);
}

static void huge_head(void **state)
{
	static char bytes[70000];
	struct answer a;
	size_t len = (size_t)snprintf(bytes, sizeof(bytes), "%sX: ", G);

	memset(bytes + len, 'x', 60000);
	strcpy(bytes + len + 60000, "\r\n\r\n");
	ask(*state, bytes, &a);
	assert_true(a.status == 0 || a.status == 413 || a.status == 431);
	assert_true(a.closed);
}

/* Nothing of the second request may be answered: it stands where a proxy saw a body. */
static void smuggled_is_not_answered(void **state)
{
	struct answer a;

	ask(*state,
		P "Content-Length: 40\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /things/9 "
		  "HTTP/1.1\r\nHost: h\r\n\r\n",
		&a);
	assert_int_equal(a.status, 400);
	assert_null(strstr(a.text + 1, "HTTP/1.1 200"));
}

static void kept_alive(void **state)
{
	struct answer a;
	int fd = dial(*state, 3);

	for (int i = 0; i < 3; i++) {
		assert_true(send(fd, G "\r\n", strlen(G "\r\n"), 0) > 0);
		read_answer(fd, &a);
		assert_int_equal(a.status, 200);
		assert_false(a.closed);
	}
	close(fd);
}

static void truncated_body_is_no_request(void **state)
{
	struct answer a;
	int fd = dial(*state, 1);
	const char *part = P "Content-Length: 50\r\n\r\n{\"name\":";

	assert_true(send(fd, part, strlen(part), 0) > 0);
	shutdown(fd, SHUT_WR);
	read_answer(fd, &a);
	assert_int_equal(a.status, 0);
	close(fd);
}

static void slow_head_is_cut(void **state)
{
	int64_t begun = clock_monotonic_us();
	int fd = dial(*state, 1);
	bool cut = false;
	char c;

	/* A byte a second keeps libmicrohttpd's own timeout from ever coming. */
	for (int i = 0; i < 60 && !cut; i++)
		cut = send(fd, i ? "x" : "G", 1, MSG_NOSIGNAL) < 0 || recv(fd, &c, 1, 0) == 0;
	close(fd);
	assert_true(cut);
	assert_true(clock_monotonic_us() - begun > 8 * SECOND_US); /* ten seconds are given */
}

/* ---- bodies ---- */

static void form_and_json_are_equal(void **state)
{
	struct answer form, json, multi;

	post(*state, "/api/v1/things", "application/json",
		"{\"name\":\"红 "
		"果\",\"urgent\":true,\"version\":4,\"lines\":[{\"sku\":\"A&1\",\"quantity\":\"2.5\"},"
		"{\"sku\":\"B\",\"quantity\":3}]}",
		&json);
	post(*state, "/api/v1/things", "application/x-www-form-urlencoded; charset=utf-8",
		"name=%E7%BA%A2+%E6%9E%9C&urgent=true&csrf=t&idempotency_key=k&version=4&lines.1.sku=B&lines."
		"1.quantity=3"
		"&lines.0.quantity=2.5&lines.0.sku=A%261&lines.2.sku=&lines.2.quantity=",
		&form);
	post(*state, "/api/v1/hash", "multipart/form-data; boundary=b", "--b\r\n\r\n--b--", &multi);
	assert_int_equal(json.status, 201);
	assert_int_equal(form.status, 201);
	assert_string_equal(body_of(&json), body_of(&form));
	assert_has(body_of(&form), "\"version\":5");
	assert_int_equal(multi.status, 415);
}

static void all_bad_fields_at_once(void **state)
{
	struct answer a;

	post(*state, "/api/v1/things", "application/json",
		"{\"urgent\":7,\"lines\":[{\"sku\":\"A\",\"quantity\":1.5}],\"x\":1}", &a);
	assert_int_equal(a.status, 422);
	assert_has(a.text, "Content-Type: application/problem+json");
	assert_has(body_of(&a), "\"code\":\"INVALID\"");
	assert_has(body_of(&a), "\"pointer\":\"/name\"");
	assert_has(body_of(&a), "\"pointer\":\"/urgent\"");
	assert_has(body_of(&a), "\"pointer\":\"/lines/0/quantity\"");
	assert_has(body_of(&a), "\"pointer\":\"/x\"");
	post(*state, "/api/v1/things", "application/x-www-form-urlencoded",
		"urgent=maybe&lines.0.quantity=x&lines.99.sku=a&y=1", &a);
	assert_int_equal(a.status, 422);
	assert_has(body_of(&a), "\"pointer\":\"/name\"");
	assert_has(body_of(&a), "\"pointer\":\"/lines\"");
	assert_has(body_of(&a), "\"pointer\":\"/y\"");
}

static void form_post_sends_browser_on(void **state)
{
	struct answer a;

	post(*state, "/things", "application/x-www-form-urlencoded", "name=x", &a);
	assert_int_equal(a.status, 303);
	assert_has(a.text, "Location: /things/12\r\n");
	post(*state, "/api/v1/things", "application/x-www-form-urlencoded", "name=x", &a);
	assert_int_equal(a.status, 201);
	assert_has(a.text, "Location: /api/v1/things/12\r\n");
	assert_has(a.text, "ETag: \"1\"\r\n");
}

static void version_is_asked_for(void **state)
{
	struct answer a;

	ask(*state, "POST /api/v1/things/3/decide HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n", &a);
	assert_int_equal(a.status, 428);
	assert_has(body_of(&a), "NEED_VERSION");
	ask(*state,
		"POST /api/v1/things/3/decide HTTP/1.1\r\nHost: h\r\nIf-Match: \"3\"\r\nContent-Length: "
		"0\r\n\r\n",
		&a);
	assert_int_equal(a.status, 200);
	post(*state, "/api/v1/things/3/decide", "application/json", "{\"version\":3}", &a);
	assert_int_equal(a.status, 200);
	post(*state, "/api/v1/things/3/decide", "application/json", "{\"version\":\"x\"}", &a);
	assert_int_equal(a.status, 422);
}

static void files_arrive(void **state)
{
	struct answer a;

	post(*state, "/api/v1/upload", "multipart/form-data; boundary=XX",
		"--XX\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nhi\r\n"
		"--XX\r\nContent-Disposition: form-data; name=\"f\"; "
		"filename=\"../dir/单.csv\"\r\nContent-Type: text/csv\r\n\r\n"
		"a,b\r\n1,2\r\n--XX\r\n"
		"Content-Disposition: form-data; name=\"g\"; filename=\"\"\r\n\r\n\r\n--XX--\r\n",
		&a);
	assert_int_equal(a.status, 200);
	assert_string_equal(body_of(&a), "{\"files\":1,\"name\":\"单.csv\",\"size\":8}");
	post(*state, "/api/v1/upload", "text/csv", "a,b\n", &a);
	assert_string_equal(body_of(&a), "{\"files\":1,\"name\":\"\",\"size\":4}");
	post(*state, "/api/v1/upload", "multipart/form-data; boundary=XX", "--XX\r\nbroken", &a);
	assert_int_equal(a.status, 400);
	post(*state, "/api/v1/upload", "multipart/form-data", "--XX--", &a);
	assert_int_equal(a.status, 400);
}

static void hash_is_of_what_was_meant(void **state)
{
	struct answer one, same, other;

	post(*state, "/api/v1/hash", "application/x-www-form-urlencoded", "name=a&csrf=1&idempotency_key=k1", &one);
	post(*state, "/api/v1/hash", "application/x-www-form-urlencoded", "idempotency_key=k1&csrf=2&name=a", &same);
	post(*state, "/api/v1/hash", "application/x-www-form-urlencoded", "name=b&csrf=1&idempotency_key=k1", &other);
	assert_has(body_of(&one), "\"key\":\"k1\"");
	assert_string_equal(body_of(&one), body_of(&same));
	assert_string_not_equal(body_of(&one), body_of(&other));
}

static void paging_goes_round(void **state)
{
	struct answer a;
	char next[512];
	const char *cursor;

	ask(*state, "GET /api/v1/things?limit=2 HTTP/1.1\r\nHost: h\r\n\r\n", &a);
	assert_has(body_of(&a), "{\"items\":[{\"id\":1,");
	cursor = strstr(body_of(&a), "\"next_cursor\":\"");
	assert_non_null(cursor);
	cursor += 15;
	snprintf(next, sizeof(next), "GET /api/v1/things?cursor=%.*s HTTP/1.1\r\nHost: h\r\n\r\n",
		(int)strcspn(cursor, "\""), cursor);
	ask(*state, next, &a);
	assert_string_equal(body_of(&a), "{\"items\":[],\"next_cursor\":null}");
	ask(*state, "GET /api/v1/things?limit=201 HTTP/1.1\r\nHost: h\r\n\r\n", &a);
	assert_int_equal(a.status, 422);
	ask(*state, "GET /api/v1/things?cursor=%21%21 HTTP/1.1\r\nHost: h\r\n\r\n", &a);
	assert_int_equal(a.status, 422);
}

/* ---- answers ---- */

static void page_and_api_are_one_route(void **state)
{
	struct answer a;

	ask(*state, G "Accept: text/html\r\n\r\n", &a);
	assert_string_equal(body_of(&a), "<p>&lt;apple&gt;");
	ask(*state, G "Accept: application/json\r\n\r\n", &a);
	assert_has(body_of(&a), "\"name\":\"<apple>\"");
	assert_has(a.text, "ETag: \"7\"\r\n");
	ask(*state, "GET /api/v1/things/404 HTTP/1.1\r\nHost: h\r\nAccept-Language: en\r\n\r\n", &a);
	assert_int_equal(a.status, 404);
	assert_has(body_of(&a), "\"code\":\"NOT_FOUND\"");
	ask(*state, "PUT /api/v1/things HTTP/1.1\r\nHost: h\r\n\r\n", &a);
	assert_has(a.text, "Allow: ");
	ask(*state, "GET /names/%E5%8D%95 HTTP/1.1\r\nHost: h\r\n\r\n", &a);
	assert_string_equal(body_of(&a), "单");
	assert_has(a.text, "Content-Disposition: inline; filename*=UTF-8''%E5%8D%95.txt\r\n");
}

static void every_answer_is_guarded(void **state)
{
	static const char *const requests[] = {
		G "\r\n",
		"GET /nowhere HTTP/1.1\r\nHost: h\r\n\r\n",
		P "Content-Length: 9999999\r\n\r\n",
		G "Host: twice\r\n\r\n",
		"GET /ui/toy.css HTTP/1.1\r\nHost: h\r\n\r\n",
	};
	struct answer a;

	for (size_t i = 0; i < ARRAY_LEN(requests); i++) {
		ask(*state, requests[i], &a);
		assert_has(a.text, "Content-Security-Policy: default-src 'none'; script-src 'self'");
		assert_has(a.text, "X-Content-Type-Options: nosniff");
		assert_has(a.text, "Referrer-Policy: same-origin");
		assert_has(a.text, "Cross-Origin-Opener-Policy: same-origin");
		assert_has(a.text, "Cache-Control: ");
	}
}

static void cookies_know_the_proxy(void **state)
{
	struct answer a;

	ask(*state,
		"GET /login HTTP/1.1\r\nHost: h\r\nCookie: a=b; huodan_session=old\r\nAccept-Language: "
		"en-GB\r\n\r\n",
		&a);
	assert_has(a.text, "Set-Cookie: huodan_session=token; Path=/; HttpOnly; SameSite=Lax; Max-Age=60\r\n");
	assert_null(strstr(a.text, "first-run"));
	assert_has(body_of(&a), "\"had\":\"old\",\"address\":\"127.0.0.1\",\"lang\":\"en\"");
	ask(*state,
		"GET /login HTTP/1.1\r\nHost: h\r\nCookie: huodan_lang=zh-CN; huodan_session=old\r\nAccept-Language: "
		"en\r\n\r\n",
		&a);
	assert_has(body_of(&a), "\"lang\":\"zh-CN\"");
	ask(*state,
		"GET /login HTTP/1.1\r\nHost: h\r\nCookie: huodan_session=evil; __Host-huodan_session=old\r\n"
		"X-Forwarded-Proto: https\r\nX-Forwarded-For: 1.1.1.1, 203.0.113.9\r\n\r\n",
		&a);
	assert_has(a.text, "Set-Cookie: __Host-huodan_session=token; Path=/; HttpOnly; SameSite=Lax; Secure; "
			   "Max-Age=60\r\n");
	assert_has(a.text, "Strict-Transport-Security: max-age=");
	assert_has(body_of(&a), "\"had\":\"old\",\"address\":\"203.0.113.9\"");
}

static void assets_are_kept(void **state)
{
	struct answer a;

	ask(*state, "GET /ui/toy.css HTTP/1.1\r\nHost: h\r\n\r\n", &a);
	assert_string_equal(body_of(&a), "body{}");
	assert_has(a.text, "Cache-Control: no-cache\r\n");
	ask(*state, "GET /ui/toy.css?v=abc123 HTTP/1.1\r\nHost: h\r\n\r\n", &a);
	assert_has(a.text, "immutable\r\n");
	ask(*state, "GET /ui/toy.css HTTP/1.1\r\nHost: h\r\nIf-None-Match: \"abc123\"\r\n\r\n", &a);
	assert_int_equal(a.status, 304);
	assert_string_equal(body_of(&a), "");
}

/* ---- events ---- */

static bool is_for(const void *who, const void *event)
{
	return strcmp(who, event) == 0;
}

static void read_until(int fd, char *text, size_t size, const char *what)
{
	size_t len = strlen(text);
	ssize_t n = 1;

	while (!strstr(text, what) && n > 0) {
		n = recv(fd, text + len, size - 1 - len, 0);
		len += n > 0 ? (size_t)n : 0;
	}
	assert_has(text, what);
}

static void events_reach_their_readers(void **state)
{
	const char *request = "GET /api/v1/events HTTP/1.1\r\nHost: h\r\n\r\n";
	char text[8192] = "";
	int fd = dial(*state, 3);

	assert_true(send(fd, request, strlen(request), 0) > 0);
	read_until(fd, text, sizeof(text), "retry: 3000");
	assert_has(text, "Content-Type: text/event-stream");
	sse_publish(*state, is_for, "bert", 5, "queue", "{\"not\":\"yours\"}");
	sse_publish(*state, is_for, "anna", 6, "queue", "one\ntwo");
	read_until(fd, text, sizeof(text), "data: two\n\n");
	assert_has(text, "id: 6\nevent: queue\ndata: one\ndata: two\n\n");
	assert_null(strstr(text, "yours"));
	for (int i = 7; i < 20; i++)
		sse_publish(*state, NULL, NULL, i, "n", "x");
	read_until(fd, text, sizeof(text), "id: 19\nevent: n\ndata: x\n\n");
	close(fd);
}

/* A reader that does not read is cut, and nobody waits for it. */
static void slow_reader_is_cut(void **state)
{
	static char big[60000];
	const char *request = "GET /api/v1/events HTTP/1.1\r\nHost: h\r\n\r\n";
	int fd;

	/* Who went away before is noticed by the next event; until then it would be taken for the one of this test. */
	for (int i = 0; i < 60000 && sse_count(*state) > 0; i++) {
		sse_publish(*state, NULL, NULL, i, "n", "x");
		usleep(1000);
	}
	assert_int_equal(sse_count(*state), 0);
	fd = dial(*state, 3);
	memset(big, 'x', sizeof(big) - 1);
	assert_true(send(fd, request, strlen(request), 0) > 0);
	while (sse_count(*state) == 0)
		usleep(1000);
	for (int i = 0; i < 400; i++) /* 24 MB: no socket takes that, so a publisher that waited would wait for ever */
		sse_publish(*state, NULL, NULL, i, "n", big);
	for (int i = 0; i < 60000 && sse_count(*state) > 0; i++)
		usleep(1000);
	assert_int_equal(sse_count(*state), 0);
	close(fd);
}

/* ---- OpenAPI ---- */

static void openapi_is_json(void **state)
{
	struct buf b;
	struct json j;
	json_t *doc, *paths;
	json_error_t error;

	(void)state;
	buf_init(&b, NULL);
	json_start(&j, &b);
	openapi_write(&j, tables, NULL);
	doc = json_loadb(b.data, b.len, JSON_REJECT_DUPLICATES, &error);
	if (!doc)
		fail_msg("%s at %d: %s", error.text, error.position, buf_cstr(&b));
	paths = json_object_get(doc, "paths");
	assert_non_null(json_object_get(json_object_get(paths, "/things"), "post"));
	assert_non_null(json_object_get(json_object_get(paths, "/things/{id}"), "get"));
	json_decref(doc);
	buf_free(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(raw_requests),
		cmocka_unit_test(nul_in_head),
		cmocka_unit_test(huge_head),
		cmocka_unit_test(smuggled_is_not_answered),
		cmocka_unit_test(kept_alive),
		cmocka_unit_test(truncated_body_is_no_request),
		cmocka_unit_test(form_and_json_are_equal),
		cmocka_unit_test(all_bad_fields_at_once),
		cmocka_unit_test(form_post_sends_browser_on),
		cmocka_unit_test(version_is_asked_for),
		cmocka_unit_test(files_arrive),
		cmocka_unit_test(hash_is_of_what_was_meant),
		cmocka_unit_test(paging_goes_round),
		cmocka_unit_test(page_and_api_are_one_route),
		cmocka_unit_test(every_answer_is_guarded),
		cmocka_unit_test(cookies_know_the_proxy),
		cmocka_unit_test(assets_are_kept),
		cmocka_unit_test(events_reach_their_readers),
		cmocka_unit_test(slow_reader_is_cut),
		cmocka_unit_test(openapi_is_json),
		cmocka_unit_test(slow_head_is_cut),
	};

	return cmocka_run_group_tests_name("http", tests, start, stop);
}
