/* reply: the only makers of answers. A handler may run again until its transaction commits, so the last one
 * counts. */
#include "http/inside.h"

#include <sodium.h>
#include <string.h>
#include <strings.h>

#define JSON_TYPE    "application/json; charset=utf-8"
#define PROBLEM_TYPE "application/problem+json; charset=utf-8"
#define HTML_TYPE    "text/html; charset=utf-8"

struct done *done_new(struct req *r, int status, const char *type)
{
	if (r->done.stream)
		stream_close(r->http, r->done.stream);
	r->done = (struct done){ .status = status, .type = type };
	buf_init(&r->done.body, r->arena);
	return &r->done;
}

int done_status(const struct done *d)
{
	return d->status;
}

void done_header(struct req *r, struct done *d, const char *name, const char *value)
{
	header_add(r->arena, &d->headers, name, value);
}

/* ---- pages ---- */

static void page(struct req *r, struct done *d, page_fn fn, const void *data)
{
	if (r->http->hooks.layout)
		r->http->hooks.layout(&d->body, &r->ctx, r, fn, data);
	else
		fn(&d->body, &r->ctx, data);
}

/* Only a path of ours: a Referer of another site must not send anybody there. */
static const char *came_from(const struct req *r)
{
	const char *from = req_header(r, "Referer"), *host = req_header(r, "Host"), *at;

	at = from ? strstr(from, "://") : NULL;
	if (!at || !host || strncasecmp(at + 3, host, strlen(host)) != 0)
		return "/";
	at += 3 + strlen(host);
	return *at == '/' && at[1] != '/' && at[1] != '\\' ? at : "/";
}

static struct done *go(struct req *r, const char *path)
{
	struct done *d = done_new(r, MHD_HTTP_SEE_OTHER, HTML_TYPE);

	d->location = path;
	return d;
}

static bool changes(const struct req *r)
{
	return r->method != GET && !(r->route && (r->route->flags & ROUTE_READS));
}

/* ---- views ---- */

static void add_etag(struct req *r, struct done *d, const struct view *v, const void *data)
{
	const struct field *f = field_find(v->fields, "version");
	int64_t version;

	if (!f || f->type != F_INT)
		return;
	version = *(const int64_t *)(const void *)((const char *)data + f->offset);
	if (version > 0)
		d->etag = arena_printf(r->arena, "\"%lld\"", (long long)version);
}

static struct done *json_view(struct req *r, int status, const struct view *v, const void *data)
{
	struct done *d;
	struct json j;

	if (v->fields == NULL) { /* it has a page and nothing to tell a program */
		(void)fail(&r->ctx, E_NOT_FOUND, err_title(E_NOT_FOUND));
		return reply_error(r);
	}
	d = done_new(r, status, JSON_TYPE);
	json_start(&j, &d->body);
	json_obj(&j, NULL);
	fields_to_json(&j, v->fields, data);
	json_end_obj(&j);
	add_etag(r, d, v, data);
	return d;
}

struct done *reply_view(struct req *r, const struct view *v, const void *data)
{
	struct done *d;

	if (r->wants_page && changes(r))
		return go(r, came_from(r));
	if (!r->wants_page || !v->page)
		return json_view(r, MHD_HTTP_OK, v, data);
	d = done_new(r, MHD_HTTP_OK, HTML_TYPE);
	page(r, d, v->page, data);
	return d;
}

static const char *path_of(struct req *r, const char *fmt, va_list ap)
{
	return arena_vprintf(r->arena, fmt, ap);
}

struct done *reply_created(struct req *r, const struct view *v, const void *data, const char *fmt, ...)
{
	const char *path;
	struct done *d;
	va_list ap;

	va_start(ap, fmt);
	path = path_of(r, fmt, ap);
	va_end(ap);
	if (r->wants_page)
		return go(r, path);
	d = json_view(r, MHD_HTTP_CREATED, v, data);
	d->location = arena_printf(r->arena, API_PREFIX "%s", path);
	return d;
}

struct done *reply_moved(struct req *r, const struct view *v, const void *data, const char *fmt, ...)
{
	const char *path;
	struct done *d;
	va_list ap;

	va_start(ap, fmt);
	path = path_of(r, fmt, ap);
	va_end(ap);
	if (r->wants_page)
		return go(r, path);
	d = json_view(r, MHD_HTTP_OK, v, data);
	d->location = arena_printf(r->arena, API_PREFIX "%s", path); /* where a page's script goes next */
	return d;
}

static const char *cursor_of(struct arena *a, int64_t id, const char *key)
{
	const char *plain = arena_printf(a, "%lld:%s", (long long)id, key ? key : "");
	size_t len = strlen(plain), max = sodium_base64_encoded_len(len, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	char *out = arena_alloc(a, max);

	return sodium_bin2base64(out, max, (const unsigned char *)plain, len, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

const char *req_next(struct req *r, int64_t id, const char *key)
{
	struct buf b;

	if (id == 0)
		return NULL;
	buf_init(&b, r->arena);
	buf_printf(&b, "%s?", r->path);
	for (size_t i = 0; i < r->asked.len; i++) {
		const struct part *p = &r->asked.at[i];
		if (*p->value == '\0' || strcmp(p->name, "cursor") == 0)
			continue;
		buf_url(&b, p->name);
		buf_str(&b, "=");
		buf_url(&b, p->value);
		buf_str(&b, "&");
	}
	buf_printf(&b, "cursor=%s", cursor_of(r->arena, id, key));
	return buf_cstr(&b);
}

struct done *reply_rows(struct req *r, const struct view *item, const void *rows, size_t size, size_t len,
	int64_t next_id, const char *next_key, page_fn fn, const void *page_data)
{
	struct done *d = done_new(r, MHD_HTTP_OK, r->wants_page && fn ? HTML_TYPE : JSON_TYPE);
	struct json j;

	if (r->wants_page && fn) {
		page(r, d, fn, page_data);
		return d;
	}
	json_start(&j, &d->body);
	json_obj(&j, NULL);
	json_arr(&j, "items");
	for (size_t i = 0; i < len; i++) {
		json_obj(&j, NULL);
		fields_to_json(&j, item->fields, (const char *)rows + i * size);
		json_end_obj(&j);
	}
	json_end_arr(&j);
	json_str(&j, "next_cursor", next_id ? cursor_of(r->arena, next_id, next_key) : NULL);
	json_end_obj(&j);
	return d;
}

/* ---- other answers ---- */

/* What a browser may show by itself; everything else is only ever saved. */
static bool shown(const char *type)
{
	static const char *const types[] = { "application/pdf", "image/png", "image/jpeg", "image/webp", "text/plain" };

	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		if (strncmp(type, types[i], strlen(types[i])) == 0)
			return true;
	return false;
}

struct done *reply_bytes(struct req *r, const char *type, const char *filename, const void *data, size_t len)
{
	struct done *d = done_new(r, MHD_HTTP_OK, type);
	struct buf name;

	buf_add(&d->body, data, len);
	if (!filename)
		return d;
	buf_init(&name, r->arena);
	buf_printf(&name, "%s; filename*=UTF-8''", shown(type) ? "inline" : "attachment");
	buf_url(&name, filename);
	done_header(r, d, "Content-Disposition", buf_cstr(&name));
	return d;
}

struct done *reply_redirect(struct req *r, const char *path)
{
	return go(r, path);
}

struct done *reply_empty(struct req *r)
{
	return r->wants_page ? go(r, came_from(r)) : done_new(r, MHD_HTTP_NO_CONTENT, NULL);
}

struct done *reply_json(struct req *r, const struct buf *json)
{
	struct done *d = done_new(r, MHD_HTTP_OK, JSON_TYPE);

	buf_add(&d->body, json->data, json->len);
	d->body.failed |= json->failed;
	return d;
}

void done_export(
	const struct done *d, int *status, const char **type, const char **location, const void **body, size_t *len)
{
	*status = d->status;
	*type = d->type;
	*location = d->location;
	*body = d->body.data != NULL ? d->body.data : ""; /* empty, not missing */
	*len = d->body.len;
}

struct done *reply_stored(
	struct req *r, int status, const char *type, const char *location, const void *body, size_t len)
{
	struct done *d = done_new(r, status, type ? arena_strdup(r->arena, type) : NULL);

	d->location = location ? arena_strdup(r->arena, location) : NULL;
	buf_add(&d->body, body, len);
	return d;
}

/* ---- errors: RFC 9457 ---- */

static void write_fields(struct json *j, const struct err *e)
{
	json_arr(j, "errors");
	for (const struct field_err *f = e->fields; f; f = f->next) {
		json_obj(j, NULL);
		json_str(j, "pointer", f->pointer);
		json_str(j, "code", err_name(f->code));
		json_str(j, "detail", f->detail);
		json_end_obj(j);
	}
	json_end_arr(j);
}

static void problem(struct req *r, struct buf *b)
{
	const struct err *e = &r->ctx.err;
	struct json j;

	json_start(&j, b);
	json_obj(&j, NULL);
	json_str(&j, "type", arena_printf(r->arena, "urn:huodan:problem:%s", err_name(e->code)));
	json_str(&j, "title", text_get(r->ctx.lang, err_title(e->code)));
	json_int(&j, "status", err_status(e->code));
	json_str(&j, "code", err_name(e->code));
	json_str(&j, "detail", e->detail ? e->detail : text_get(r->ctx.lang, err_title(e->code)));
	if (e->fields)
		write_fields(&j, e);
	json_end_obj(&j);
}

struct done *reply_error(struct req *r)
{
	enum err_code code = r->ctx.err.code;
	bool as_page = r->wants_page && r->http->hooks.error_page;
	struct done *d;

	must(code != E_NONE);
	d = done_new(r, err_status(code), as_page ? HTML_TYPE : PROBLEM_TYPE);
	if (as_page)
		r->http->hooks.error_page(&d->body, &r->ctx, r);
	else
		problem(r, &d->body);
	if (err_retry(code))
		done_header(r, d, "Retry-After", code == E_TOO_MANY ? "5" : "1");
	return d;
}

struct done *req_run(struct req *r)
{
	r->ctx.err = r->input_err;
	return ok(&r->ctx) ? r->route->handle(&r->ctx, r) : reply_error(r);
}
