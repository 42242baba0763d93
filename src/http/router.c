/* router: the route tables of all modules as one tree of path segments, made once at start-up. */
#include "base/utf8.h"
#include "http/inside.h"

#include <ctype.h>
#include <string.h>

enum segment { FIXED, NUMBER, NAME };

struct choice {
	const struct route *route;
	struct choice *next;
};

struct node {
	enum segment kind;
	const char *text; /* FIXED: the segment; else the parameter's name */
	size_t len;
	struct node *children, *next;
	struct choice *choices;
};

static const char *const method_names[] = { "GET", "POST", "PUT", "DELETE" };

static enum segment kind_of(const char *s, size_t len)
{
	if (*s != ':')
		return FIXED;
	return (len == 3 && memcmp(s, ":id", 3) == 0) || (len == 2 && memcmp(s, ":n", 2) == 0) ? NUMBER : NAME;
}

/* The child for this segment, made if it is new; fixed ones stand first, so that /orders/new wins over
 * /orders/:name. */
static struct node *child(struct arena *a, struct node *parent, const char *s, size_t len)
{
	enum segment kind = kind_of(s, len);
	struct node **at = &parent->children, *made;

	for (; *at && (*at)->kind <= kind; at = &(*at)->next)
		if ((*at)->kind == kind && (*at)->len == len && memcmp((*at)->text, s, len) == 0)
			return *at;
	made = ARENA_NEW(a, struct node);
	*made = (struct node){ .kind = kind, .text = s, .len = len, .next = *at };
	*at = made;
	return made;
}

static bool faces_overlap(unsigned a, unsigned b)
{
	const unsigned faces = ROUTE_PAGE_ONLY | ROUTE_API_ONLY;

	return !(a & faces) || !(b & faces) || (a & faces) == (b & faces);
}

static void add_route(struct arena *a, struct node *root, const struct route *route)
{
	struct node *n = root;
	struct choice *made = ARENA_NEW(a, struct choice);

	must(route->path[0] == '/');
	for (const char *s = route->path + 1, *end; *s; s = end + (*end == '/')) {
		end = s + strcspn(s, "/");
		n = child(a, n, s, (size_t)(end - s));
	}
	for (const struct choice *o = n->choices; o; o = o->next)
		must(o->route->method != route->method || !faces_overlap(o->route->flags, route->flags));
	*made = (struct choice){ route, n->choices };
	n->choices = made;
}

struct node *router_make(struct arena *a, const struct route *const *tables)
{
	struct node *root = ARENA_NEW(a, struct node);

	for (; *tables; tables++)
		for (const struct route *route = *tables; route->path; route++)
			add_route(a, root, route);
	return root;
}

static bool visible(const struct req *r, const struct route *route)
{
	return !(route->flags & (r->api ? ROUTE_PAGE_ONLY : ROUTE_API_ONLY));
}

static bool any_visible(const struct req *r, const struct node *n)
{
	for (const struct choice *o = n->choices; o; o = o->next)
		if (visible(r, o->route))
			return true;
	return false;
}

static bool number(const char *s, size_t len, int64_t *out)
{
	if (len == 0 || len > 18)
		return false;
	*out = 0;
	for (size_t i = 0; i < len; i++) {
		if (!isdigit((unsigned char)s[i]))
			return false;
		*out = *out * 10 + (s[i] - '0');
	}
	return true;
}

static bool fits(struct req *r, const struct node *n, const char *s, size_t len)
{
	switch (n->kind) {
	case FIXED: return n->len == len && memcmp(n->text, s, len) == 0;
	case NUMBER: return number(s, len, n->len == 3 ? &r->id : &r->n);
	default:
		r->name = url_decode(r->arena, s, len, false);
		return len && r->name && utf8_clean(r->name, strlen(r->name));
	}
}

static const struct node *match(struct req *r, const struct node *n, const char *s)
{
	const struct node *found;
	size_t len = strcspn(s, "/");

	if (*s == '\0')
		return any_visible(r, n) ? n : NULL;
	for (const struct node *k = n->children; k; k = k->next) {
		if (!fits(r, k, s, len))
			continue;
		if (s[len] == '/' && s[len + 1] == '\0')
			continue;
		found = match(r, k, s + len + (s[len] == '/'));
		if (found)
			return found;
	}
	return NULL;
}

static bool wrong_method(struct req *r, const struct node *n)
{
	struct buf allow;

	buf_init(&allow, r->arena);
	for (const struct choice *o = n->choices; o; o = o->next)
		if (visible(r, o->route))
			buf_printf(&allow, "%s%s", allow.len ? ", " : "", method_names[o->route->method]);
	if (strstr(buf_cstr(&allow), "GET"))
		buf_str(&allow, ", HEAD");
	header_add(r->arena, &r->kept, "Allow", buf_cstr(&allow));
	return fail(&r->ctx, E_METHOD, T_http_bad_method, r->method_name, buf_cstr(&allow));
}

/* The path keeps its %XX here: only a decoded segment can tell a slash from %2F. */
bool router_find(struct req *r)
{
	size_t pre = r->api ? strlen(API_PREFIX) : 0;
	const char *path = r->target + pre;
	const struct node *n = match(r, r->http->routes, *path == '/' ? path + 1 : path);

	if (!n)
		return fail(&r->ctx, E_NOT_FOUND, T_http_no_path, r->path);
	for (const struct choice *o = n->choices; o; o = o->next)
		if (r->method_known && o->route->method == r->method && visible(r, o->route)) {
			r->route = o->route;
			return true;
		}
	return wrong_method(r, n);
}

/* A proxy may send the whole URL; the host in it says nothing that Host does not. */
static const char *origin_form(const char *target)
{
	const char *at = strstr(target, "://");

	if (*target == '/' || !at)
		return target;
	at += 3;
	return at[strcspn(at, "/?")] == '/' ? at + strcspn(at, "/") : "/";
}

static bool target_visible(const char *s)
{
	for (; *s; s++)
		if (*s <= ' ' || *s == 0x7f)
			return false;
	return true;
}

bool target_split(struct req *r)
{
	const char *whole = origin_form(r->target), *mark = strchr(whole, '?');
	size_t len = mark ? (size_t)(mark - whole) : strlen(whole), pre = strlen(API_PREFIX);

	r->query = mark ? mark + 1 : "";
	r->path = url_decode(r->arena, whole, len, false);
	if (*whole != '/' || !target_visible(whole) || !r->path || !utf8_clean(r->path, strlen(r->path))) {
		r->path = "/";
		return fail(&r->ctx, E_BAD_REQUEST, T_http_bad_path);
	}
	r->target = arena_strndup(r->arena, whole, len);
	r->api = strncmp(r->target, API_PREFIX, pre) == 0 && (r->target[pre] == '/' || r->target[pre] == '\0');
	r->wants_page = wants_page(r);
	return true;
}
