/* inside: what the files of http share and nobody else sees. */
#ifndef HTTP_INSIDE_H
#define HTTP_INSIDE_H

#include "base/rand.h"
#include "http/parts.h"
#include "http/server.h"

#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>

#define API_PREFIX  "/api/v1"
#define BODY_MAX    ((size_t)JSON_BODY_MAX)
#define FILES_MAX   ((size_t)32 * 1024 * 1024)
#define HEAD_S      10
#define BODY_S      30
#define FILES_S     120
#define IDLE_S      120
#define STOP_S      5
#define NO_DEADLINE INT64_MAX

/* One connection, from accept to close. Its deadline is an instant of the monotonic clock. */
struct conn {
	int fd;
	_Atomic int64_t deadline;
	unsigned char key[16]; /* whom it counts for */
	bool local;            /* from this machine: the proxy, or a developer */
	char address[46];
	struct conn *prev, *next;
};

struct header {
	const char *name, *value;
	struct header *next;
};

struct stream;

struct done {
	int status;
	const char *type;
	const char *location;
	const char *etag;
	const char *cache; /* NULL: no-store */
	struct buf body;
	struct header *headers;
	struct stream *stream;
};

enum stage { READING_HEAD, READING_BODY, WORKING, ANSWERED };

struct req {
	struct http *http;
	struct conn *conn;
	struct MHD_Connection *mhd;
	struct arena *arena;
	struct ctx ctx;
	struct rng rng;
	enum stage stage;
	int64_t started_us;

	/* the head */
	const char *raw_method, *raw_target; /* where the head lies, see head.c */
	const char *target;                  /* as it came, later the path alone */
	const char *path, *query;
	const char *method_name;
	enum method method;
	bool method_known, head_only;
	bool api, wants_page, https;
	bool close;         /* the connection cannot be used again */
	struct parts asked; /* the query */

	/* the route */
	const struct route *route;
	int64_t id, n;
	const char *name;

	/* the body */
	struct buf body; /* malloc: grows to megabytes and is given back at once */
	size_t body_max, body_seen;
	struct parts sent; /* a form's fields and files */
	bool is_form;
	void *in;
	int64_t version;
	struct paging paging;
	struct err input_err; /* what was wrong with all this; E_NONE if nothing */

	/* the answer */
	struct done done;
	struct header *kept; /* headers that a second run does not take away: cookies, Allow */
	void *own;
	int64_t who;
	struct req *next_free;
};

struct node;

struct http {
	struct http_hooks hooks;
	const struct route *const *tables;
	struct arena *arena; /* as long as the server */
	struct node *routes;
	struct MHD_Daemon *daemon;
	int listen_fd, port;
	atomic_bool stopping;

	pthread_mutex_t lock; /* everything down to the streams */
	pthread_cond_t idle;  /* active came to 0 */
	pthread_cond_t tick;  /* wakes the sweeper early, to end */
	struct conn *conns;
	struct peers *peers;
	struct req *free_reqs;
	size_t free_reqs_len;
	size_t active; /* requests between their first line and the end of their answer */
	bool sweeping;
	pthread_t sweeper;

	pthread_mutex_t stream_lock;
	struct stream *streams;
	size_t streams_len;
};

/* conn.c */
struct peers *peers_new(struct arena *a);
bool conn_admit(struct http *h, const struct sockaddr *addr);
struct conn *conn_open(struct http *h, int fd, const struct sockaddr *addr);
void conn_close(struct http *h, struct conn *k);
void conn_limit(struct conn *k, int seconds);
void conns_hurry(struct http *h, int seconds);
void *conn_sweep(void *http);

/* head.c: false with c->err when the head is not one we take. */
NODISCARD bool head_check(struct req *r, const char *version);

/* router.c */
struct node *router_make(struct arena *a, const struct route *const *tables);
NODISCARD bool router_find(struct req *r);
NODISCARD bool target_split(struct req *r);

/* form.c: the body and the query into the input struct. */
NODISCARD bool form_read(struct req *r);
NODISCARD bool form_fill(struct ctx *c, const struct field *f, const struct parts *p, bool strict, void *out);

/* req.c */
void req_begin(struct req *r);
bool wants_page(const struct req *r);

/* static.c: NULL if the path is no asset. */
struct done *asset_reply(struct req *r);

/* sse.c */
struct MHD_Response *stream_response(struct stream *s);
void stream_close(struct http *h, struct stream *s);
void streams_beat(struct http *h);
void streams_end(struct http *h);

/* reply.c */
struct done *done_new(struct req *r, int status, const char *type);
void header_add(struct arena *a, struct header **list, const char *name, const char *value);

#endif
