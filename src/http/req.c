/* req: what a request brought, as the app and the handlers ask for it. */
#include "http/inside.h"

#include <sodium.h>
#include <string.h>
#include <strings.h>

struct ctx *req_ctx(const struct req *r)
{
	return (struct ctx *)&r->ctx;
}

void *http_user(const struct req *r)
{
	return r->http->hooks.user;
}

const struct route *req_route(const struct req *r)
{
	return r->route;
}

enum method req_method(const struct req *r)
{
	return r->method;
}

const char *req_path(const struct req *r)
{
	return r->path;
}

const char *req_query_text(const struct req *r)
{
	return r->query;
}

bool req_is_api(const struct req *r)
{
	return r->api;
}

bool req_is_form(const struct req *r)
{
	return r->is_form;
}

bool req_https(const struct req *r)
{
	return r->https;
}

bool req_wants_page(const struct req *r)
{
	return r->wants_page;
}

const void *req_in(const struct req *r)
{
	return r->in;
}

int64_t req_id(const struct req *r)
{
	return r->id;
}

int64_t req_n(const struct req *r)
{
	return r->n;
}

const char *req_name(const struct req *r)
{
	return r->name;
}

int64_t req_version(const struct req *r)
{
	return r->version;
}

struct paging req_paging(const struct req *r)
{
	return r->paging;
}

const char *req_query(const struct req *r, const char *name)
{
	return parts_find(&r->asked, name);
}

const char *req_form(const struct req *r, const char *name)
{
	return parts_find(&r->sent, name);
}

size_t req_files(const struct req *r, const struct upload **out)
{
	*out = r->sent.files;
	return r->sent.files_len;
}

void req_file_put(struct req *r, size_t i, const struct upload *with)
{
	must(i < r->sent.files_len);
	r->sent.files[i] = *with;
}

struct bytes req_body(const struct req *r)
{
	return (struct bytes){ (const uint8_t *)r->body.data, r->body.len };
}

void req_set_own(struct req *r, void *own)
{
	r->own = own;
}

void *req_own(const struct req *r)
{
	return r->own;
}

void req_set_who(struct req *r, int64_t who)
{
	r->who = who;
}

const char *req_header(const struct req *r, const char *name)
{
	return MHD_lookup_connection_value(r->mhd, MHD_HEADER_KIND, name);
}

const char *req_idempotency_key(const struct req *r)
{
	const char *key = req_header(r, "Idempotency-Key");

	return key ? key : req_form(r, "idempotency_key");
}

/* ---- where it comes from ---- */

/* The proxy on this machine appends who called it; what stood there before anybody may have written. */
const char *req_address(const struct req *r)
{
	const char *list = r->conn->local ? req_header(r, "X-Forwarded-For") : NULL, *last;

	if (!list || !*list)
		return r->conn->address;
	last = strrchr(list, ',');
	last = last ? last + 1 : list;
	return last + strspn(last, " ");
}

static bool origin_is_host(const struct req *r, const char *origin)
{
	const char *host = req_header(r, "Host"), *at = strstr(origin, "://");

	return host && at && strcasecmp(at + 3, host) == 0;
}

bool req_same_origin(const struct req *r)
{
	const char *site = req_header(r, "Sec-Fetch-Site"), *origin = req_header(r, "Origin");

	if (site)
		return strcmp(site, "same-origin") == 0 || strcmp(site, "none") == 0;
	return !origin || origin_is_host(r, origin);
}

/* ---- cookies ---- */

static const char *full_name(const struct req *r, const char *name)
{
	return r->https ? arena_printf(r->arena, "__Host-%s", name) : name;
}

const char *req_cookie(const struct req *r, const char *name)
{
	const char *at = req_header(r, "Cookie"), *full = full_name(r, name);
	size_t len = strlen(full);

	for (; at && *at; at = at[strcspn(at, ";")] ? at + strcspn(at, ";") + 1 : NULL) {
		at += strspn(at, " \t");
		if (strncmp(at, full, len) == 0 && at[len] == '=')
			return arena_strndup(r->arena, at + len + 1, strcspn(at + len + 1, "; \t"));
	}
	return NULL;
}

void header_add(struct arena *a, struct header **list, const char *name, const char *value)
{
	struct header *made = ARENA_NEW(a, struct header);

	*made = (struct header){ name, value, *list };
	*list = made;
}

/* A handler may run again: the cookie it set before must not be sent twice. */
static void forget_cookie(struct req *r, const char *full)
{
	size_t len = strlen(full);
	struct header **at = &r->kept;

	while (*at)
		if (strcmp((*at)->name, "Set-Cookie") == 0 && strncmp((*at)->value, full, len) == 0 &&
			(*at)->value[len] == '=')
			*at = (*at)->next;
		else
			at = &(*at)->next;
}

void reply_cookie(struct req *r, const char *name, const char *value, int64_t max_age)
{
	const char *full = full_name(r, name);
	struct buf b;

	forget_cookie(r, full);
	buf_init(&b, r->arena);
	buf_printf(&b, "%s=%s; Path=/; HttpOnly; SameSite=Lax%s", full, value, r->https ? "; Secure" : "");
	if (max_age >= 0) {
		buf_str(&b, "; Max-Age=");
		buf_int(&b, max_age);
	}
	header_add(r->arena, &r->kept, "Set-Cookie", buf_cstr(&b));
}

/* ---- what was sent, as one number ---- */

static void hash_str(crypto_generichash_state *h, const char *s)
{
	crypto_generichash_update(h, (const unsigned char *)s, strlen(s) + 1);
}

/* A form sent again carries another token but means the same. */
static void hash_parts(crypto_generichash_state *h, const struct parts *p)
{
	for (size_t i = 0; i < p->len; i++) {
		if (strcmp(p->at[i].name, "csrf") == 0 || strcmp(p->at[i].name, "idempotency_key") == 0)
			continue;
		hash_str(h, p->at[i].name);
		hash_str(h, p->at[i].value);
	}
	for (size_t i = 0; i < p->files_len; i++) {
		hash_str(h, p->files[i].name);
		crypto_generichash_update(h, (const unsigned char *)p->files[i].data, p->files[i].len);
	}
}

const char *req_body_hash(const struct req *r)
{
	crypto_generichash_state h;
	unsigned char sum[32];
	char *hex = arena_alloc(r->arena, 2 * sizeof(sum) + 1);

	crypto_generichash_init(&h, NULL, 0, sizeof(sum));
	hash_str(&h, r->method_name);
	hash_str(&h, r->path);
	if (r->sent.len || r->sent.files_len)
		hash_parts(&h, &r->sent);
	else if (r->body.len)
		crypto_generichash_update(&h, (const unsigned char *)r->body.data, r->body.len);
	crypto_generichash_final(&h, sum, sizeof(sum));
	return sodium_bin2hex(hex, 2 * sizeof(sum) + 1, sum, sizeof(sum));
}

/* ---- the start of it ---- */

/* Is the token in a comma-separated list such as Accept? Parameters after ; do not matter. */
static bool header_has(const char *list, const char *token)
{
	size_t len = strlen(token);

	for (const char *at = list; at && *at; at = at[strcspn(at, ",")] ? at + strcspn(at, ",") + 1 : NULL) {
		at += strspn(at, " \t");
		if (strncasecmp(at, token, len) == 0 && strchr(",; \t", at[len]))
			return true;
	}
	return false;
}

/* Who asks outside the API for JSON alone is a script, all others are people. */
bool wants_page(const struct req *r)
{
	const char *accept = req_header(r, "Accept");

	return !r->api && !(header_has(accept, "application/json") && !header_has(accept, "text/html"));
}

/* Everything about the caller that stands in the head. */
void req_begin(struct req *r)
{
	const char *proto = r->conn->local ? req_header(r, "X-Forwarded-Proto") : NULL;
	const char *chosen;

	r->https = proto && strcmp(proto, "https") == 0;
	chosen = req_cookie(r, LANG_COOKIE);
	r->ctx.lang = lang_parse(chosen ? chosen : req_header(r, "Accept-Language"));
}
