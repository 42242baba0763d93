/* form: the body (or the query of a GET) becomes the struct that the route's field table describes, the same
 * one whether it came as JSON, as a form or as a form with files. All bad fields are found at once. */
#include "base/utf8.h"
#include "http/inside.h"

#include <ctype.h>
#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ---- parts → struct ---- */

struct fill {
	struct ctx *c;
	const struct parts *parts;
	bool good;
};

static void fill_struct(struct fill *w, const struct field *f, const char *prefix, const char *pointer, void *out);

static bool input(const struct field *f)
{
	return !(f->flags & (F_READONLY | F_HIDDEN));
}

static const char *part_of(const struct fill *w, const char *prefix, const struct field *f)
{
	return parts_find(w->parts, arena_printf(w->c->arena, "%s%s", prefix, f->name));
}

/* The first part whose name is not before s. */
static size_t lower_bound(const struct parts *p, const char *s)
{
	size_t lo = 0, hi = p->len;

	while (lo < hi) {
		size_t mid = (lo + hi) / 2;

		if (strcmp(p->at[mid].name, s) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

/* An empty last row is how a page offers another line. Used or not, its parts are known by name. */
static bool row_empty(const struct fill *w, const struct field *f, const char *prefix)
{
	bool empty = true;

	for (; f->name; f++) {
		const char *name = arena_printf(w->c->arena, "%s%s", prefix, f->name), *value;

		if (f->type == F_LIST || f->type == F_OBJ) {
			size_t at = lower_bound(w->parts, name);

			empty = empty &&
				(at == w->parts->len || strncmp(w->parts->at[at].name, name, strlen(name)) != 0);
		} else if (input(f)) {
			value = parts_find(w->parts, name);
			empty = empty && (!value || !*value);
		}
	}
	return empty;
}

static int64_t list_max(const struct field *f)
{
	return f->max > 0 ? f->max : 2000;
}

/* Rows are counted by the greatest number in "lines.N.…"; more than allowed is one error, not a huge array.
 */
static bool list_count(struct fill *w, const struct field *f, const char *prefix, const char *pointer, size_t *count)
{
	const char *head = arena_printf(w->c->arena, "%s%s.", prefix, f->name);
	size_t head_len = strlen(head);

	*count = 0;
	for (size_t i = lower_bound(w->parts, head); i < w->parts->len; i++) {
		const char *name = w->parts->at[i].name + head_len;
		long n;
		char *end;

		if (strncmp(w->parts->at[i].name, head, head_len) != 0)
			break;
		if (!isdigit((unsigned char)*name) || (*name == '0' && isdigit((unsigned char)name[1])))
			continue;
		errno = 0;
		n = strtol(name, &end, 10);
		if (*end != '.')
			continue;
		if (errno || n >= list_max(f))
			return fail_field(w->c, pointer, E_RANGE, T_err_field_range, text_get(w->c->lang, f->label));
		if ((size_t)n >= *count)
			*count = (size_t)n + 1;
	}
	return true;
}

static void fill_list(struct fill *w, const struct field *f, const char *prefix, const char *pointer, char *out)
{
	struct arena *a = w->c->arena;
	size_t count, len = 0;
	char *rows;

	if (!list_count(w, f, prefix, pointer, &count)) {
		w->good = false;
		return;
	}
	rows = arena_array(a, count ? count : 1, f->size);
	for (size_t i = 0; i < count; i++) {
		const char *row = arena_printf(a, "%s%s.%zu.", prefix, f->name, i);

		if (row_empty(w, f->sub, row))
			continue;
		fill_struct(w, f->sub, row, arena_printf(a, "%s/%zu", pointer, i), rows + len++ * f->size);
	}
	if (len == 0 && (f->flags & F_REQUIRED))
		w->good = fail_field(w->c, pointer, E_REQUIRED, T_err_field_required, text_get(w->c->lang, f->label));
	*(void **)(void *)(out + f->offset) = rows;
	*(size_t *)(void *)(out + f->len_offset) = len;
}

static void fill_struct(struct fill *w, const struct field *f, const char *prefix, const char *pointer, void *out)
{
	struct arena *a = w->c->arena;

	fields_clear(f, out);
	for (; f->name; f++) {
		const char *at = arena_printf(a, "%s/%s", pointer, f->name), *value;

		if (!input(f))
			continue;
		if (f->type == F_LIST) {
			fill_list(w, f, prefix, at, out);
		} else if (f->type == F_OBJ) {
			fill_struct(w, f->sub, arena_printf(a, "%s%s.", prefix, f->name), at, (char *)out + f->offset);
		} else {
			value = part_of(w, prefix, f);
			w->good &= field_from_text(w->c, f, value ? value : "", at, out);
		}
	}
}

static bool ours(const char *name)
{
	static const char *const names[] = { "csrf", "idempotency_key", "version" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

static const char *as_pointer(struct arena *a, const char *name)
{
	char *s = arena_printf(a, "/%s", name);

	for (char *p = s; *p; p++)
		if (*p == '.')
			*p = '/';
	return s;
}

bool form_fill(struct ctx *c, const struct field *f, const struct parts *p, bool strict, void *out)
{
	struct fill w = { c, p, true };

	fill_struct(&w, f, "", "", out);
	for (size_t i = 0; strict && i < p->len; i++)
		if (!p->at[i].used && !ours(p->at[i].name))
			w.good = fail_field(c, as_pointer(c->arena, p->at[i].name), E_UNKNOWN_FIELD,
				T_http_unknown_field, p->at[i].name);
	return w.good;
}

/* ---- version and paging ---- */

static bool positive(const char *s, int64_t *out)
{
	char *end;

	if (!isdigit((unsigned char)*s))
		return false;
	errno = 0;
	*out = strtoll(s, &end, 10);
	return *end == '\0' && errno == 0 && *out > 0;
}

/* If-Match: "7", or what a proxy made of it: W/"7". The header wins over the body. */
static bool version_from_head(struct req *r)
{
	const char *s = req_header(r, "If-Match");
	char *bare;

	if (!s || strcmp(s, "*") == 0)
		return true;
	s += strncmp(s, "W/", 2) == 0 ? 2 : 0;
	bare = arena_strdup(r->arena, s + (*s == '"'));
	bare[strcspn(bare, "\"")] = '\0';
	return positive(bare, &r->version) || fail(&r->ctx, E_VERSION, T_http_bad_version);
}

static bool bad_version(struct req *r)
{
	return fail_field(&r->ctx, "/version", E_TYPE, T_http_bad_version);
}

static bool version_from_json(struct req *r, json_t *obj)
{
	json_t *v = json_object_get(obj, "version");

	if (!v || json_is_null(v))
		return true;
	if (!json_is_integer(v) || json_integer_value(v) <= 0)
		return bad_version(r);
	r->version = json_integer_value(v);
	return true;
}

static bool version_from_form(struct req *r)
{
	const char *s = parts_find(&r->sent, "version");

	return !s || !*s || positive(s, &r->version) || bad_version(r);
}

static bool cursor_read(struct req *r, const char *s)
{
	size_t max = strlen(s), len;
	char *plain = arena_alloc(r->arena, max + 1), *mark;

	if (sodium_base642bin((unsigned char *)plain, max, s, max, NULL, &len, NULL,
		    sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0)
		return false;
	mark = memchr(plain, ':', len);
	if (!mark || !utf8_clean(plain, len))
		return false;
	*mark = '\0';
	r->paging.after_key = mark + 1;
	return positive(plain, &r->paging.after_id);
}

static bool paging_read(struct req *r)
{
	const char *limit = req_query(r, "limit"), *cursor = req_query(r, "cursor");

	r->paging = (struct paging){ .limit = 50, .after_id = 0, .after_key = "" };
	if (limit && *limit && (!positive(limit, &r->paging.limit) || r->paging.limit > 200))
		fail_field(&r->ctx, "/limit", E_RANGE, T_http_bad_limit);
	if (cursor && *cursor && !cursor_read(r, cursor))
		fail_field(&r->ctx, "/cursor", E_TYPE, T_http_bad_cursor);
	return ok(&r->ctx);
}

/* ---- the body ---- */

static bool media_is(const char *type, const char *what)
{
	size_t len = strlen(what);

	return strncasecmp(type, what, len) == 0 && strchr("; \t", type[len]);
}

static bool read_json(struct req *r)
{
	const struct route *route = r->route;
	json_t *obj;
	bool good;

	if (!json_read(&r->ctx, r->body.data, r->body.len, &obj))
		return false;
	if (!json_is_object(obj)) {
		json_decref(obj);
		return fail(&r->ctx, E_BAD_REQUEST, T_http_not_object);
	}
	good = version_from_json(r, obj);
	if (route->in) {
		if (!field_find(route->in, "version"))
			json_object_del(obj, "version");
		good = fields_from_json(&r->ctx, route->in, obj, "", r->in) && good;
	}
	json_decref(obj);
	return good;
}

static bool fill_in(struct req *r, const struct parts *p, bool strict)
{
	return !r->route->in || form_fill(&r->ctx, r->route->in, p, strict, r->in);
}

static bool read_parts(struct req *r, bool read)
{
	r->is_form = true;
	if (!read || !version_from_form(r))
		return false;
	return fill_in(r, &r->sent, true);
}

/* A route that takes files takes a bare one too: `curl --data-binary @list.xlsx`. */
static bool read_bare_file(struct req *r, const char *type)
{
	parts_add_file(&r->ctx, &r->sent, &(struct upload){ "", type, r->body.data, r->body.len, NULL });
	return fill_in(r, &r->sent, true);
}

static bool read_body(struct req *r)
{
	const char *type = req_header(r, "Content-Type");
	bool files = r->route->flags & ROUTE_FILES;

	if (r->body.len == 0) {
		r->is_form = type && media_is(type, "application/x-www-form-urlencoded");
		return fill_in(r, &r->sent, true);
	}
	if (!type)
		type = "?";
	if (media_is(type, "application/json"))
		return read_json(r);
	if (media_is(type, "application/x-www-form-urlencoded"))
		return read_parts(r, parts_urlencoded(&r->ctx, r->body.data, r->body.len, &r->sent));
	if (media_is(type, "multipart/form-data") && files)
		return read_parts(r, parts_multipart(&r->ctx, type, r->body.data, r->body.len, &r->sent));
	if (files && *type != '?')
		return read_bare_file(r, type);
	return fail(&r->ctx, E_MEDIA_TYPE, T_http_media_type, type);
}

static bool key_ok(struct req *r)
{
	const char *key = req_idempotency_key(r);
	size_t len = key ? strlen(key) : 1;

	if (len < 1 || len > 200)
		return fail(&r->ctx, E_BAD_REQUEST, T_http_bad_key);
	for (; key && *key; key++)
		if (*key <= ' ' || *key > '~')
			return fail(&r->ctx, E_BAD_REQUEST, T_http_bad_key);
	return true;
}

/* A decision without a version is refused as such; its bad fields are named all the same. */
static bool version_there(struct req *r)
{
	struct err *e = &r->ctx.err;

	if ((r->route->flags & ROUTE_NEEDS_VERSION) == 0 || r->version != INT64_MIN ||
		(e->code != E_NONE && e->code != E_INVALID) || err_names(e, "/version"))
		return ok(&r->ctx);
	e->code = E_NONE;
	return fail(&r->ctx, E_NEED_VERSION, T_http_need_version);
}

bool form_read(struct req *r)
{
	bool reads = r->method == GET;

	if (r->route->in)
		r->in = arena_alloc(r->arena, r->route->in_size);
	if (!parts_urlencoded(&r->ctx, r->query, strlen(r->query), &r->asked) || !paging_read(r))
		return false;
	if (!version_from_head(r) || !(reads ? fill_in(r, &r->asked, false) : read_body(r)))
		return version_there(r);
	if (!reads && !key_ok(r))
		return false;
	return version_there(r);
}
