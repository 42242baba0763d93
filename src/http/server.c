/* server: from the socket to the app and back. libmicrohttpd calls on_uri when the first line is there,
 * on_request when the head is there, again for each piece of the body, once at its end and once more when the
 * app has answered, and on_completed when the answer is out. In between the connection is suspended and costs
 * no thread. */
#include "base/clock.h"
#include "http/inside.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define THREADS         2
#define CONNECTIONS_MAX 15000
/* One buffer per connection for the heads of request and answer; 10000 idle ones shall fit in 200 MB. */
#define HEAD_MAX      ((size_t)12 * 1024)
#define FREE_REQS_MAX 256
#define WRITE_S       30
#define WRITE_RATE    (16 * 1024) /* bytes a second that a reader must take at least */

static const char csp[] = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
			  "connect-src 'self'; font-src 'self'; manifest-src 'self'; form-action 'self'; "
			  "base-uri 'none'; frame-ancestors 'none'";

/* ---- requests and their memory ---- */

static struct req *req_take(struct http *h)
{
	struct req *r;

	pthread_mutex_lock(&h->lock);
	h->active++;
	r = h->free_reqs;
	if (r) {
		h->free_reqs = r->next_free;
		h->free_reqs_len--;
	}
	pthread_mutex_unlock(&h->lock);
	if (r)
		return r;
	r = calloc(1, sizeof(*r));
	must(r);
	r->arena = arena_new();
	return r;
}

static void req_give_back(struct http *h, struct req *r)
{
	bool keep;

	if (r->done.stream)
		stream_close(h, r->done.stream);
	buf_free(&r->body);
	arena_reset(r->arena);
	pthread_mutex_lock(&h->lock);
	keep = h->free_reqs_len < FREE_REQS_MAX;
	if (keep) {
		r->next_free = h->free_reqs;
		h->free_reqs = r;
		h->free_reqs_len++;
	}
	if (--h->active == 0)
		pthread_cond_broadcast(&h->idle);
	pthread_mutex_unlock(&h->lock);
	if (keep)
		return;
	arena_free(r->arena);
	free(r);
}

static struct req *req_new(struct http *h, struct conn *k, struct MHD_Connection *mhd)
{
	struct req *r = req_take(h);
	struct arena *a = r->arena;

	*r = (struct req){ .http = h, .conn = k, .mhd = mhd, .arena = a, .version = INT64_MIN };
	r->ctx = (struct ctx){ .arena = a, .app = h->hooks.app, .actor = h->hooks.nobody, .rng = &r->rng };
	r->ctx.now = clock_now();
	r->started_us = clock_monotonic_us();
	r->path = r->query = r->method_name = "";
	buf_init(&r->body, NULL);
	return r;
}

static void *on_uri(void *cls, const char *uri, struct MHD_Connection *mhd)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
	struct conn *k = info ? info->socket_context : NULL;
	struct req *r;

	if (!k)
		return NULL;
	conn_limit(k, HEAD_S);
	r = req_new(cls, k, mhd);
	r->raw_target = uri;
	r->target = arena_strdup(r->arena, uri);
	return r;
}

/* ---- the answer ---- */

static void put_header(struct MHD_Response *m, const char *name, const char *value)
{
	if (value)
		MHD_add_response_header(m, name, value);
}

static void put_headers(struct MHD_Response *m, const struct header *list)
{
	for (; list; list = list->next)
		put_header(m, list->name, list->value);
}

static void put_security(const struct req *r, struct MHD_Response *m)
{
	put_header(m, "Content-Security-Policy", csp);
	put_header(m, "X-Content-Type-Options", "nosniff");
	put_header(m, "Referrer-Policy", "same-origin");
	put_header(m, "Cross-Origin-Opener-Policy", "same-origin");
	if (r->https)
		put_header(m, "Strict-Transport-Security", "max-age=63072000; includeSubDomains");
}

static struct MHD_Response *make_response(struct req *r, struct done *d)
{
	struct MHD_Response *m;

	if (d->stream)
		m = stream_response(d->stream);
	else
		m = MHD_create_response_from_buffer(d->body.len, d->body.data, MHD_RESPMEM_PERSISTENT);
	if (!m)
		return NULL;
	put_security(r, m);
	put_header(m, "Cache-Control", d->cache ? d->cache : "no-store");
	put_header(m, "Content-Type", d->type);
	put_header(m, "Location", d->location);
	put_header(m, "ETag", d->etag);
	put_headers(m, d->headers);
	put_headers(m, r->kept);
	if (r->close || r->http->stopping)
		put_header(m, "Connection", "close");
	return m;
}

static enum MHD_Result answer(struct req *r)
{
	struct done *d = &r->done;
	struct MHD_Response *m;
	enum MHD_Result result;

	if (d->body.failed) {
		r->ctx.err = (struct err){ .code = E_INTERNAL };
		d = reply_error(r);
	}
	r->stage = ANSWERED;
	conn_limit(r->conn, d->stream ? 0 : WRITE_S + (int)(d->body.len / WRITE_RATE));
	m = make_response(r, d);
	if (!m)
		return MHD_NO;
	result = MHD_queue_response(r->mhd, (unsigned)d->status, m);
	MHD_destroy_response(m);
	return result;
}

void req_finish(struct req *r, struct done *d)
{
	must(d == &r->done && r->stage == WORKING);
	MHD_resume_connection(r->mhd);
}

static enum MHD_Result refuse(struct req *r)
{
	reply_error(r);
	return answer(r);
}

/* ---- the request ---- */

static void set_method(struct req *r, const char *name)
{
	static const char *const names[] = { "GET", "POST", "PUT", "DELETE" };

	r->method_name = arena_strdup(r->arena, name);
	r->head_only = strcmp(name, "HEAD") == 0;
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (strcmp(r->head_only ? "GET" : name, names[i]) == 0) {
			r->method = (enum method)i;
			r->method_known = true;
		}
}

static bool is_asset(const struct req *r)
{
	for (const struct asset *f = assets; f->path; f++)
		if (r->method_known && r->method == GET && strcmp(f->path, r->path) == 0)
			return true;
	return false;
}

static bool too_large(struct req *r)
{
	return fail(&r->ctx, E_TOO_LARGE, T_http_too_large, arena_printf(r->arena, "%zu", r->body_max));
}

static bool check_length(struct req *r)
{
	const char *length = req_header(r, "Content-Length");
	bool files = r->route && (r->route->flags & ROUTE_FILES);

	r->body_max = files ? FILES_MAX : BODY_MAX;
	if (length && strtoull(length, NULL, 10) > r->body_max)
		return too_large(r);
	conn_limit(r->conn, files ? FILES_S : BODY_S);
	return true;
}

static bool has_body(const struct req *r)
{
	const char *length = req_header(r, "Content-Length");

	return req_header(r, "Transfer-Encoding") || (length && strspn(length, "0") != strlen(length));
}

/* A refusal waits for the end of a request without a body, so that the connection can go on; with a body it
 * comes at once and closes the connection: nobody has to send megabytes to hear that they are too many. */
static enum MHD_Result on_head(struct req *r, const char *method, const char *version)
{
	r->raw_method = method;
	set_method(r, method);
	req_begin(r);
	if (!head_check(r, version)) {
		r->close = true;
		return refuse(r);
	}
	if (target_split(r) && !is_asset(r) && !router_find(r))
		r->route = NULL;
	if (!check_length(r) || (!ok(&r->ctx) && has_body(r))) {
		r->close = true;
		return refuse(r);
	}
	r->stage = READING_BODY;
	return MHD_YES;
}

/* A chunked body tells its length only at the end; what is too much is read and dropped for a while, then
 * cut. */
static enum MHD_Result on_body(struct req *r, const char *data, size_t *len)
{
	r->body_seen += *len;
	if (r->body_seen <= r->body_max)
		buf_add(&r->body, data, *len);
	else if (r->body_seen > 4 * r->body_max)
		return MHD_NO;
	*len = 0;
	return MHD_YES;
}

static bool read_input(struct req *r)
{
	if (!ok(&r->ctx))
		return false;
	if (r->body_seen > r->body_max || r->body.failed) {
		r->close = true;
		return too_large(r);
	}
	return r->route ? form_read(r) : true;
}

static enum MHD_Result on_end(struct req *r)
{
	bool good = read_input(r);

	conn_limit(r->conn, 0);
	if (!r->route)
		return good && asset_reply(r) ? answer(r) : refuse(r);
	r->input_err = r->ctx.err;
	r->stage = WORKING;
	MHD_suspend_connection(r->mhd);
	arena_guard(r->arena, NULL);
	r->http->hooks.dispatch(r);
	return MHD_YES;
}

static enum MHD_Result step(struct req *r, const char *method, const char *version, const char *data, size_t *len)
{
	switch (r->stage) {
	case READING_HEAD: return on_head(r, method, version);
	case READING_BODY: return *len ? on_body(r, data, len) : on_end(r);
	case WORKING: return answer(r);
	default: return MHD_NO;
	}
}

static enum MHD_Result on_request(void *cls, struct MHD_Connection *mhd, const char *url, const char *method,
	const char *version, const char *data, size_t *len, void **req_cls)
{
	struct req *r = *req_cls;
	enum MHD_Result result;
	jmp_buf out_of_memory;

	(void)cls, (void)mhd, (void)url;
	if (!r || setjmp(out_of_memory))
		return MHD_NO;
	arena_guard(r->arena, &out_of_memory);
	result = step(r, method, version, data, len);
	if (r->stage != WORKING)
		arena_guard(r->arena, NULL);
	return result;
}

/* ---- the end of a request ---- */

static void write_log(struct req *r)
{
	struct buf b;
	struct json j;

	buf_init(&b, r->arena);
	json_start(&j, &b);
	json_obj(&j, NULL);
	json_instant(&j, "at", r->ctx.now);
	json_str(&j, "method", r->method_name);
	/* The route, not the path: paths can hold names and secrets. */
	json_str(&j, "route", r->route ? r->route->path : NULL);
	if (r->id)
		json_int(&j, "id", r->id);
	json_int(&j, "status", r->stage == ANSWERED ? r->done.status : 0);
	json_int(&j, "us", clock_monotonic_us() - r->started_us);
	json_int(&j, "in", (int64_t)r->body_seen);
	json_int(&j, "out", (int64_t)r->done.body.len);
	json_int(&j, "who", r->who);
	json_end_obj(&j);
	if (r->http->hooks.log)
		r->http->hooks.log(r->http->hooks.user, buf_cstr(&b));
	else
		fprintf(stderr, "%s\n", buf_cstr(&b));
}

static void on_completed(void *cls, struct MHD_Connection *mhd, void **req_cls, enum MHD_RequestTerminationCode why)
{
	struct req *r = *req_cls;

	(void)mhd, (void)why;
	if (!r)
		return;
	write_log(r);
	conn_limit(r->conn, IDLE_S);
	req_give_back(cls, r);
	*req_cls = NULL;
}

static enum MHD_Result on_accept(void *cls, const struct sockaddr *addr, socklen_t len)
{
	(void)len;
	return conn_admit(cls, addr) ? MHD_YES : MHD_NO;
}

static void on_connection(
	void *cls, struct MHD_Connection *mhd, void **context, enum MHD_ConnectionNotificationCode what)
{
	if (what == MHD_CONNECTION_NOTIFY_STARTED) {
		int fd = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;

		*context = conn_open(
			cls, fd, MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CLIENT_ADDRESS)->client_addr);
	} else if (*context) {
		conn_close(cls, *context);
		*context = NULL;
	}
}

/* ---- start and stop ---- */

static bool complain(struct buf *why, const char *what, const char *listen_at)
{
	buf_printf(why, "%s %s: %s", what, listen_at, strerror(errno));
	return false;
}

/* "HOST:PORT" with an IPv6 host in brackets; no host means every address. */
static bool listen_split(const char *s, char *host, size_t size, const char **port)
{
	const char *colon = strrchr(s, ':');
	size_t len = colon ? (size_t)(colon - s) : 0;

	if (!colon || len >= size)
		return false;
	if (len > 1 && s[0] == '[' && s[len - 1] == ']') {
		s++;
		len -= 2;
	}
	memcpy(host, s, len);
	host[len] = '\0';
	*port = colon + 1;
	return **port != '\0';
}

static bool socket_listen(int fd, const struct addrinfo *at)
{
	int on = 1, off = 0;

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (at->ai_family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off));
	return bind(fd, at->ai_addr, at->ai_addrlen) == 0 && listen(fd, 1024) == 0;
}

static bool open_listener(struct http *h, const char *listen_at, struct buf *why)
{
	const struct addrinfo hints = { .ai_flags = AI_PASSIVE, .ai_socktype = SOCK_STREAM };
	struct addrinfo *at;
	char host[256];
	const char *port;

	errno = EINVAL;
	if (!listen_split(listen_at, host, sizeof(host), &port) ||
		getaddrinfo(*host ? host : NULL, port, &hints, &at) != 0)
		return complain(why, "no such address", listen_at);
	h->listen_fd = socket(at->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (h->listen_fd < 0 || !socket_listen(h->listen_fd, at)) {
		freeaddrinfo(at);
		return complain(why, "cannot listen on", listen_at);
	}
	freeaddrinfo(at);
	return true;
}

static int port_of(int fd)
{
	struct sockaddr_storage addr = { 0 };
	socklen_t len = sizeof(addr);

	getsockname(fd, (struct sockaddr *)&addr, &len);
	if (addr.ss_family == AF_INET6)
		return ntohs(((struct sockaddr_in6 *)&addr)->sin6_port);
	return ntohs(((struct sockaddr_in *)&addr)->sin_port);
}

/* As many connections as the system lets us have, some descriptors kept for the database and files. */
static unsigned connections_max(void)
{
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files) != 0)
		return 500;
	files.rlim_cur = files.rlim_max;
	setrlimit(RLIMIT_NOFILE, &files);
	if (files.rlim_cur > CONNECTIONS_MAX + 256)
		return CONNECTIONS_MAX;
	return files.rlim_cur > 512 ? (unsigned)files.rlim_cur - 256 : 128;
}

static struct MHD_Daemon *start_daemon(struct http *h)
{
	const unsigned flags = MHD_USE_EPOLL | MHD_USE_INTERNAL_POLLING_THREAD | MHD_ALLOW_SUSPEND_RESUME;

	return MHD_start_daemon(flags, 0, on_accept, h, on_request, h, MHD_OPTION_LISTEN_SOCKET, h->listen_fd,
		MHD_OPTION_THREAD_POOL_SIZE, (unsigned)THREADS, MHD_OPTION_CONNECTION_LIMIT, connections_max(),
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, HEAD_MAX, MHD_OPTION_CONNECTION_TIMEOUT, 0U,
		MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_URI_LOG_CALLBACK, on_uri, h, MHD_OPTION_NOTIFY_COMPLETED,
		on_completed, h, MHD_OPTION_NOTIFY_CONNECTION, on_connection, h, MHD_OPTION_END);
}

static struct http *http_new(const struct route *const *tables, const struct http_hooks *hooks)
{
	struct arena *a = arena_new();
	struct http *h = ARENA_NEW(a, struct http);
	pthread_condattr_t monotonic;

	*h = (struct http){ .hooks = *hooks, .tables = tables, .arena = a, .listen_fd = -1, .sweeping = true };
	h->routes = router_make(a, tables);
	h->peers = peers_new(a);
	pthread_mutex_init(&h->lock, NULL);
	pthread_mutex_init(&h->stream_lock, NULL);
	pthread_cond_init(&h->idle, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&h->tick, &monotonic);
	pthread_condattr_destroy(&monotonic);
	return h;
}

static void http_free(struct http *h)
{
	struct req *r;

	if (h->listen_fd >= 0)
		close(h->listen_fd);
	while ((r = h->free_reqs) != NULL) {
		h->free_reqs = r->next_free;
		arena_free(r->arena);
		free(r);
	}
	arena_free(h->arena);
}

static void stop_sweeper(struct http *h)
{
	pthread_mutex_lock(&h->lock);
	h->sweeping = false;
	pthread_cond_broadcast(&h->tick);
	pthread_mutex_unlock(&h->lock);
	pthread_join(h->sweeper, NULL);
}

static bool start_threads(struct http *h, const char *listen_at, struct buf *why)
{
	errno = pthread_create(&h->sweeper, NULL, conn_sweep, h);
	if (errno)
		return complain(why, "cannot start a thread for", listen_at);
	h->daemon = start_daemon(h);
	if (h->daemon)
		return true;
	complain(why, "cannot serve on", listen_at);
	stop_sweeper(h);
	return false;
}

bool http_start(struct http **out, const char *listen_at, const struct route *const *tables,
	const struct http_hooks *hooks, struct buf *why)
{
	struct http *h;

	must(hooks->dispatch && sodium_init() >= 0);
	h = http_new(tables, hooks);
	if (!open_listener(h, listen_at, why)) {
		http_free(h);
		return false;
	}
	h->port = port_of(h->listen_fd);
	if (!start_threads(h, listen_at, why)) {
		http_free(h);
		return false;
	}
	*out = h;
	return true;
}

int http_port(const struct http *h)
{
	return h->port;
}

/* The sweeper goes on until the end: it bounds how long a half-sent request can hold us up. */
void http_stop(struct http *h)
{
	h->stopping = true;
	MHD_quiesce_daemon(h->daemon);
	streams_end(h);
	conns_hurry(h, STOP_S);
	pthread_mutex_lock(&h->lock);
	while (h->active)
		pthread_cond_wait(&h->idle, &h->lock);
	pthread_mutex_unlock(&h->lock);
	MHD_stop_daemon(h->daemon);
	stop_sweeper(h);
	http_free(h);
}
