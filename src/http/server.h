/* server: the web layer on libmicrohttpd. It reads, checks and routes a request, fills the route's input struct, gives
 * the request to the app and sends what the app finished. It knows nothing of people, rights or the database. */
#ifndef HTTP_SERVER_H
#define HTTP_SERVER_H

#include "http/http.h"

#include <stddef.h>
#include <stdint.h>

struct http;

/* A file of ui/ inside the binary; the build makes the list, sorted by nothing, ended by path NULL. */
struct asset {
	const char *path; /* "/ui/huodan.css" */
	const char *type; /* "text/css; charset=utf-8" */
	const char *etag; /* a hash of the content, without quotes */
	const unsigned char *data;
	size_t len;
};
extern const struct asset assets[];

/* What the app adds. All functions but dispatch may be NULL. */
struct http_hooks {
	void *user;                 /* http_user() */
	struct app *app;            /* into every ctx */
	const struct actor *nobody; /* into every ctx, until the app knows better */
	/* Called on a server thread when a request is complete. Bad input is already in the ctx's error but the request comes all
	 * the same, so that the app can ask who it is first. The app hands it to a pool or a lane; there req_run() answers
	 * it, any number of times, and req_finish() sends the answer, from any thread. */
	void (*dispatch)(struct req *r);
	/* A page in its frame: menu, title, notices. */
	void (*layout)(struct buf *b, struct ctx *c, struct req *r, page_fn page, const void *data);
	/* A page that tells c->err. */
	void (*error_page)(struct buf *b, struct ctx *c, struct req *r);
	/* One JSON object per request, without a newline; NULL: standard error. */
	void (*log)(void *user, const char *line);
};

/* listen: "127.0.0.1:8080", "[::]:8080", ":8080"; port 0 picks a free one. tables ends with NULL. */
NODISCARD bool http_start(struct http **out, const char *listen, const struct route *const *tables,
	const struct http_hooks *hooks, struct buf *why);
int http_port(const struct http *h);
/* Accepts nothing more, finishes what was accepted, then frees everything. */
void http_stop(struct http *h);

/* ---- what the app needs of a request ---- */
struct ctx *req_ctx(const struct req *r);
void *http_user(const struct req *r);
const struct route *req_route(const struct req *r);
enum method req_method(const struct req *r);
const char *req_path(const struct req *r);       /* decoded, with /api/v1 if it was there */
const char *req_query_text(const struct req *r); /* after the ?, as it came; "" if none */
bool req_is_api(const struct req *r);            /* under /api/v1 */
bool req_is_form(const struct req *r);           /* a body that a browser's form makes: needs the CSRF token */
/* Browsers say where a request comes from (Sec-Fetch-Site, Origin); false if that is another site. */
bool req_same_origin(const struct req *r);
bool req_https(const struct req *r);          /* to us or to the proxy on this machine */
const char *req_address(const struct req *r); /* the caller's, seen through a proxy on this machine */
const char *req_header(const struct req *r, const char *name);
const char *req_form(const struct req *r, const char *name); /* "csrf"; NULL if not given */
struct bytes req_body(const struct req *r);                  /* as it came, for signatures */
/* Idempotency-Key header or hidden field idempotency_key; NULL if neither. */
const char *req_idempotency_key(const struct req *r);
/* Hexadecimal hash of method, path and what was sent, without CSRF token and key. */
const char *req_body_hash(const struct req *r);
/* One pointer of the app's own, e.g. its place in a queue. */
void req_set_own(struct req *r, void *own);
void *req_own(const struct req *r);
/* Who asked, for the log line; the app's number of a person. */
void req_set_who(struct req *r, int64_t who);
/* Runs the handler, or answers the bad input. Starts from a clean error each time, so a lane can run it again. */
struct done *req_run(struct req *r);
/* Sends the answer; r must not be touched afterwards. */
void req_finish(struct req *r, struct done *d);

/* ---- cookies: one name inside, `__Host-` in front of it where the connection is encrypted ---- */
#define SESSION_COOKIE "huodan_session"
#define LANG_COOKIE    "huodan_lang" /* what somebody without a login chose; before the browser's own */
const char *req_cookie(const struct req *r, const char *name);
/* HttpOnly, SameSite=Lax, Secure over TLS. max_age 0 deletes it, < 0 ends with the browser. Call before or after reply_*(). */
void reply_cookie(struct req *r, const char *name, const char *value, int64_t max_age);

/* ---- answers kept for a repeated Idempotency-Key ---- */
int done_status(const struct done *d);
void done_export(
	const struct done *d, int *status, const char **type, const char **location, const void **body, size_t *len);
struct done *reply_stored(
	struct req *r, int status, const char *type, const char *location, const void *body, size_t len);
/* One more header of the answer; call after reply_*(). */
void done_header(struct req *r, struct done *d, const char *name, const char *value);

/* ---- server-sent events ---- */
/* An endless answer. who is the app's: it is shown to `wants`, and lives in the request's arena. */
struct done *reply_stream(struct req *r, const void *who);
/* To every stream whose owner wants it (NULL: all). id is what a browser sends back as Last-Event-ID, 0 for none; data is
 * one line or several. May be called from any thread, never waits for a reader: who falls behind too far is cut. */
void sse_publish(struct http *h, bool (*wants)(const void *who, const void *event), const void *event, int64_t id,
	const char *name, const char *data);
size_t sse_count(struct http *h);

/* ---- assets ---- */
/* "/ui/huodan.css?v=HASH", which may be kept for ever; the path itself if there is no such asset. */
const char *asset_url(struct arena *a, const char *path);

/* ---- OpenAPI 3.1 of all routes; right_roles names who may use a right, NULL leaves it out ---- */
void openapi_write(struct json *j, const struct route *const *tables, const char *(*right_roles)(unsigned right));

#endif
