/* http: a request comes in, one handler answers. See ARCHITECTURE.md for the straight line a request takes. */
#ifndef HTTP_HTTP_H
#define HTTP_HTTP_H

#include "base/ctx.h"
#include "base/field.h"

enum method { GET, POST, PUT, DELETE };

struct req;
struct done; /* an answer; only reply_*() make one, so no path forgets to answer */

typedef struct done *(*handler_fn)(struct ctx *c, struct req *r);
typedef void (*page_fn)(struct buf *b, struct ctx *c, const void *v);

/* One view, two faces. page may be NULL: JSON only. */
struct view {
	const struct field *fields;
	page_fn page;
};
/* Wraps a generated template in the type of page_fn. */
#define PAGE(tmpl) ((page_fn)(void (*)(void))(tmpl))

enum {
	ROUTE_PUBLIC = 1,
	ROUTE_READS = 2 /* a POST that changes nothing */,
	ROUTE_NEEDS_VERSION = 4 /* 428 without */,
	ROUTE_FILES = 8 /* multipart */,
	ROUTE_PAGE_ONLY = 16,
	ROUTE_API_ONLY = 32,
	ROUTE_LIST = 64 /* ?limit= ?cursor= */,
	ROUTE_SELF = 128 /* any signed-in person */,
	ROUTE_PHONE = 256 /* a page without the menu, kept on the phone */
};

struct route {
	enum method method;
	const char *path;       /* "/orders/:id/cancel"; :id and :n are integers, :name anything */
	unsigned right;         /* enum right; 0 with ROUTE_PUBLIC or ROUTE_SELF */
	const struct field *in; /* body (POST) or query (GET) fields, may be NULL */
	size_t in_size;
	handler_fn handle;
	enum text title; /* what it does: page title, OpenAPI summary */
	unsigned flags;
	const struct view *out; /* for OpenAPI */
};
#define ROUTE_END                                                                                                      \
	{                                                                                                              \
		.path = NULL                                                                                           \
	}

/* What the request brought. */
const void *req_in(const struct req *r);                      /* the struct of route->in, checked */
int64_t req_id(const struct req *r);                          /* :id */
int64_t req_n(const struct req *r);                           /* :n */
const char *req_name(const struct req *r);                    /* :name */
const char *req_query(const struct req *r, const char *name); /* NULL if not given */
int64_t req_version(const struct req *r);                     /* If-Match or body "version"; INT64_MIN if none */
bool req_wants_page(const struct req *r);
struct upload {
	const char *name, *type;
	const char *data;
	size_t len;
	const uint8_t *sha256; /* of a photo that is ready to be kept (app/photo.h); NULL: as it came */
};
size_t req_files(const struct req *r, const struct upload **out);
/* The handler gets this one instead. */
void req_file_put(struct req *r, size_t i, const struct upload *with);
/* Paging of a list: limit 1..200 (default 50); the cursor is opaque outside and one integer and one string inside. */
struct paging {
	int64_t limit;
	int64_t after_id;
	const char *after_key;
};
struct paging req_paging(const struct req *r);
/* This page of a list once more, from the row after: its own query with the cursor of that row. NULL for id 0. */
const char *req_next(struct req *r, int64_t id, const char *key);

/* 200 with the view; for a form post the browser is sent back to where it came from. */
struct done *reply_view(struct req *r, const struct view *v, const void *data);
/* 201 with Location; a browser is sent there. The path as printf. */
struct done *reply_created(struct req *r, const struct view *v, const void *data, const char *path, ...)
	PRINTF_LIKE(4, 5);
/* 200 after a move; a browser is sent to the path. */
struct done *reply_moved(struct req *r, const struct view *v, const void *data, const char *path, ...)
	PRINTF_LIKE(4, 5);
/* {"items":[...],"next_cursor":...}; page data is given apart. next_id 0: no more. */
#define reply_list(r, item, rows, len, next_id, next_key, page, page_data)                                             \
	reply_rows((r), (item), (rows), sizeof(*(rows)), (len), (next_id), (next_key), (page), (page_data))
struct done *reply_rows(struct req *r, const struct view *item, const void *rows, size_t size, size_t len,
	int64_t next_id, const char *next_key, page_fn page, const void *page_data);
struct done *reply_bytes(struct req *r, const char *type, const char *filename, const void *data, size_t len);
struct done *reply_redirect(struct req *r, const char *path);
struct done *reply_empty(struct req *r); /* 204; a browser goes back */
struct done *reply_error(struct req *r); /* from c->err */
/* 200 with the body the handler wrote itself (JSON). */
struct done *reply_json(struct req *r, const struct buf *json);

#endif
