/* Raw bytes on a real socket. A second, strict reader of HTTP/1.1 stands beside the server: no request may reach a handler
 * that it does not see in just these bytes, whatever the first one read in between. That is what smuggling needs. */
#include "http/inside.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#define INPUT_MAX 4000

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* ---- the server: one route that takes any name ---- */

static atomic_int handled;

static struct done *seen(struct ctx *c, struct req *r)
{
	struct buf b;

	atomic_fetch_add(&handled, 1);
	buf_init(&b, c->arena);
	buf_str(&b, "{}");
	return reply_json(r, &b);
}

static const struct route routes[] = {
	{ GET, "/:any", 0, NULL, 0, seen, T_none, ROUTE_PUBLIC, NULL },
	{ POST, "/:any", 0, NULL, 0, seen, T_none, ROUTE_PUBLIC | ROUTE_FILES, NULL },
	ROUTE_END,
};

static void dispatch(struct req *r)
{
	req_finish(r, req_run(r));
}

static void no_log(void *user, const char *line)
{
	(void)user, (void)line;
}

static struct http *server(void)
{
	static const struct route *const tables[] = { routes, NULL };
	static const struct http_hooks hooks = { .dispatch = dispatch, .log = no_log };
	static struct http *h;
	struct buf why;

	buf_init(&why, NULL);
	if (!h)
		must(http_start(&h, "127.0.0.1:0", tables, &hooks, &why));
	return h;
}

/* Nothing of this input may still be on its way when the next one is counted. */
static void wait_until_alone(struct http *h)
{
	bool alone = false;

	while (!alone) {
		pthread_mutex_lock(&h->lock);
		alone = !h->conns && h->active == 0;
		pthread_mutex_unlock(&h->lock);
		if (!alone)
			usleep(50);
	}
}

static void exchange(const uint8_t *data, size_t size)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons((uint16_t)http_port(server())) };
	struct timeval wait = { 0, 4000 };
	struct linger reset = { 1, 0 };
	char answer[4096];
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	must(fd >= 0 && connect(fd, (struct sockaddr *)&at, sizeof(at)) == 0);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait));
	if (send(fd, data, size, MSG_NOSIGNAL) == (ssize_t)size)
		shutdown(fd, SHUT_WR);
	while (recv(fd, answer, sizeof(answer), 0) > 0)
		;
	/* A request cut off in its first line would be waited for until its deadline. */
	setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
	close(fd);
	wait_until_alone(server());
}

/* ---- the strict reader ---- */

struct strict {
	const char *at, *end;
	int hosts, lengths, codings;
	size_t length;
};

/* A line up to CR LF, without any CR, LF or NUL of its own. NULL: there is none. libmicrohttpd makes NULs of both, so that
 * a NUL before the LF looks the same to head.c; every proxy refuses it. */
static const char *line(struct strict *s, size_t *len)
{
	const char *begin = s->at, *p = begin;

	while (p < s->end && *p != '\r' && *p != '\n' && *p != '\0')
		p++;
	if (s->end - p < 2 || p[0] == '\n' || p[1] != '\n')
		return NULL;
	*len = (size_t)(p - begin);
	s->at = p + 2;
	return begin;
}

/* libmicrohttpd takes a bare LF in a chunked body, and nobody above it can see that. */
static const char *chunk_line(struct strict *s, size_t *len)
{
	const char *begin = s->at, *end = memchr(begin, '\n', (size_t)(s->end - begin));

	if (!end)
		return NULL;
	s->at = end + 1;
	*len = (size_t)(end - begin) - (end > begin && end[-1] == '\r');
	return begin;
}

static size_t token(const char *p, size_t len)
{
	size_t n = 0;

	while (n < len && (isalnum((unsigned char)p[n]) || memchr("!#$%&'*+-.^_`|~", p[n], 15)))
		n++;
	return n;
}

static bool first_line(const char *p, size_t len)
{
	size_t name = token(p, len), target;

	if (name == 0 || name == len || p[name] != ' ')
		return false;
	p += name + 1;
	len -= name + 1;
	target = memchr(p, ' ', len) ? (size_t)((const char *)memchr(p, ' ', len) - p) : 0;
	return target > 0 && len == target + 9 &&
	       (memcmp(p + target, " HTTP/1.1", 9) == 0 || memcmp(p + target, " HTTP/1.0", 9) == 0);
}

static bool digits(const char *p, size_t len, size_t *out)
{
	*out = 0;
	for (size_t i = 0; i < len; i++) {
		if (!isdigit((unsigned char)p[i]) || len > 15)
			return false;
		*out = *out * 10 + (size_t)(p[i] - '0');
	}
	return len > 0;
}

static bool header(struct strict *s, const char *p, size_t len)
{
	size_t name = token(p, len), from = name + 1;

	if (name == 0 || name == len || p[name] != ':')
		return false;
	while (from < len && (p[from] == ' ' || p[from] == '\t'))
		from++;
	while (len > from && (p[len - 1] == ' ' || p[len - 1] == '\t'))
		len--;
	if (name == 4 && strncasecmp(p, "Host", 4) == 0)
		s->hosts++;
	if (name == 14 && strncasecmp(p, "Content-Length", 14) == 0 && ++s->lengths)
		return digits(p + from, len - from, &s->length);
	if (name == 17 && strncasecmp(p, "Transfer-Encoding", 17) == 0 && ++s->codings)
		return len - from == 7 && strncasecmp(p + from, "chunked", 7) == 0;
	return true;
}

static bool head(struct strict *s)
{
	size_t len;
	const char *p = line(s, &len);

	s->hosts = s->lengths = s->codings = 0;
	s->length = 0;
	if (!p || !first_line(p, len))
		return false;
	while ((p = line(s, &len)) && len > 0)
		if (!header(s, p, len))
			return false;
	return p && s->hosts <= 1 && s->lengths <= 1 && s->codings <= 1 && !(s->lengths && s->codings);
}

static bool chunks(struct strict *s)
{
	size_t len, size = 1;
	const char *p;

	while (size > 0) {
		if (!(p = chunk_line(s, &len)) || !isxdigit((unsigned char)*p))
			return false;
		size = strtoul(p, NULL, 16);
		if (size > (size_t)(s->end - s->at))
			return false;
		s->at += size;
		if (size > 0 && (!chunk_line(s, &len) || len > 0))
			return false;
	}
	while ((p = chunk_line(s, &len)) && len > 0)
		;
	return p != NULL;
}

static bool body(struct strict *s)
{
	if (s->codings)
		return chunks(s);
	if (s->length > (size_t)(s->end - s->at))
		return false;
	s->at += s->length;
	return true;
}

/* Empty lines between requests are allowed by the protocol. */
static int strictly_there(const uint8_t *data, size_t size)
{
	struct strict s = { .at = (const char *)data, .end = (const char *)data + size };
	int n = 0;

	for (;;) {
		while (s.end - s.at >= 2 && s.at[0] == '\r' && s.at[1] == '\n')
			s.at += 2;
		if (!head(&s) || !body(&s))
			return n;
		n++;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size > INPUT_MAX)
		return 0;
	atomic_store(&handled, 0);
	exchange(data, size);
	must(atomic_load(&handled) <= strictly_there(data, size));
	return 0;
}
