#include "http/parts.h"

#include "base/utf8.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

char *url_decode(struct arena *a, const char *s, size_t len, bool plus)
{
	char *out = arena_alloc(a, len + 1), *to = out;

	for (size_t i = 0; i < len; i++) {
		if (s[i] == '%') {
			if (len - i < 3 || hex_value(s[i + 1]) < 0 || hex_value(s[i + 2]) < 0)
				return NULL;
			*to++ = (char)(hex_value(s[i + 1]) << 4 | hex_value(s[i + 2]));
			i += 2;
		} else {
			*to++ = plus && s[i] == '+' ? ' ' : s[i];
		}
	}
	*to = '\0';
	/* A NUL would hide the rest from everything that reads C strings. */
	return strlen(out) == (size_t)(to - out) ? out : NULL;
}

/* Room for one more in an arena array that doubles. */
static void *more(struct arena *a, void *at, size_t len, size_t *cap, size_t size)
{
	void *wider;

	if (len < *cap)
		return at;
	*cap = *cap ? 2 * *cap : 16;
	wider = arena_array(a, *cap, size);
	if (len)
		memcpy(wider, at, len * size);
	return wider;
}

/* Browsers end the lines of a text area with CR LF; inside a line is only ever LF. */
static void unix_lines(char *s)
{
	char *to = s;

	for (; *s; s++)
		if (s[0] != '\r' || s[1] != '\n')
			*to++ = *s;
	*to = '\0';
}

static bool add(struct ctx *c, struct parts *p, const char *name, char *value)
{
	if (!name || !value)
		return fail(c, E_BAD_REQUEST, T_http_bad_form, "%");
	unix_lines(value);
	if (!utf8_clean(name, strlen(name)) || !utf8_clean(value, strlen(value)))
		return fail(c, E_BAD_REQUEST, T_http_not_utf8);
	if (p->len >= PARTS_MAX)
		return fail(c, E_TOO_LARGE, T_http_bad_form, "> 30000");
	p->at = more(c->arena, p->at, p->len, &p->cap, sizeof(*p->at));
	p->at[p->len] = (struct part){ name, value, false, p->len };
	p->len++;
	return true;
}

static int by_name(const void *a, const void *b)
{
	const struct part *x = a, *y = b;
	int d = strcmp(x->name, y->name);

	return d ? d : (x->order > y->order) - (x->order < y->order);
}

static bool sorted(struct parts *p)
{
	if (p->len)
		qsort(p->at, p->len, sizeof(*p->at), by_name);
	return true;
}

static bool add_pair(struct ctx *c, struct parts *out, const char *s, size_t len)
{
	const char *eq = memchr(s, '=', len);
	size_t name_len = eq ? (size_t)(eq - s) : len;
	char *name = url_decode(c->arena, s, name_len, true);
	char *value = eq ? url_decode(c->arena, eq + 1, len - name_len - 1, true) : arena_strdup(c->arena, "");

	return add(c, out, name, value);
}

bool parts_urlencoded(struct ctx *c, const char *s, size_t len, struct parts *out)
{
	const char *end = s + len, *amp;

	for (; s < end; s = amp + 1) {
		amp = memchr(s, '&', (size_t)(end - s));
		if (!amp)
			amp = end;
		if (amp > s && !add_pair(c, out, s, (size_t)(amp - s)))
			return false;
	}
	return sorted(out);
}

const char *parts_find(const struct parts *p, const char *name)
{
	size_t lo = 0, hi = p->len;

	/* The first name that is greater; the one before it is the last of the equal ones. */
	while (lo < hi) {
		size_t mid = (lo + hi) / 2;

		if (strcmp(p->at[mid].name, name) <= 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	hi = lo;
	while (hi > 0 && strcmp(p->at[hi - 1].name, name) == 0)
		p->at[--hi].used = true;
	return hi < lo ? p->at[lo - 1].value : NULL;
}

void parts_add_file(struct ctx *c, struct parts *p, const struct upload *u)
{
	p->files = more(c->arena, p->files, p->files_len, &p->files_cap, sizeof(*p->files));
	p->files[p->files_len++] = *u;
}

/* ---- multipart/form-data (RFC 7578) ---- */

/* The value of name="..." in a header line, NULL if it is not there. */
static const char *param(struct arena *a, const char *line, const char *name)
{
	size_t len = strlen(name);
	const char *at = line, *end;

	while ((at = strchr(at, ';')) != NULL) {
		at++;
		at += strspn(at, " \t");
		if (strncasecmp(at, name, len) != 0 || at[len] != '=')
			continue;
		at += len + 1;
		end = *at == '"' ? strchr(at + 1, '"') : at + strcspn(at, "; \t");
		if (!end)
			return NULL;
		at += *at == '"';
		return arena_strndup(a, at, (size_t)(end - at));
	}
	return NULL;
}

/* Browsers send a path's last part; anything before a slash is not ours to keep. */
static const char *base_name(const char *s)
{
	for (const char *p = s; *p; p++)
		if (*p == '/' || *p == '\\')
			s = p + 1;
	return s;
}

struct part_head {
	const char *name, *filename, *type;
};

static void head_line(struct arena *a, const char *line, struct part_head *h)
{
	if (strncasecmp(line, "content-disposition:", 20) == 0) {
		h->name = param(a, line, "name");
		h->filename = param(a, line, "filename");
	} else if (strncasecmp(line, "content-type:", 13) == 0) {
		h->type = line + 13 + strspn(line + 13, " \t");
	}
}

static bool part_take(struct ctx *c, const char *head, size_t head_len, const char *data, size_t len, struct parts *out)
{
	struct part_head h = { .type = "application/octet-stream" };
	char *lines = arena_strndup(c->arena, head, head_len), *next;

	for (; lines; lines = next) {
		next = strstr(lines, "\r\n");
		if (next) {
			*next = '\0';
			next += 2;
		}
		head_line(c->arena, lines, &h);
	}
	if (!h.name)
		return fail(c, E_BAD_REQUEST, T_http_bad_form, "Content-Disposition");
	if (!h.filename)
		return memchr(data, '\0', len) ? fail(c, E_BAD_REQUEST, T_http_not_utf8)
					       : add(c, out, h.name, arena_strndup(c->arena, data, len));
	if (!utf8_clean(h.filename, strlen(h.filename)) || !utf8_clean(h.type, strlen(h.type)))
		return fail(c, E_BAD_REQUEST, T_http_not_utf8);
	/* A file input left empty is sent as a file without name and content. */
	if (*h.filename || len)
		parts_add_file(c, out, &(struct upload){ base_name(h.filename), h.type, data, len, NULL });
	return true;
}

bool parts_multipart(struct ctx *c, const char *content_type, const char *data, size_t len, struct parts *out)
{
	const char *boundary = param(c->arena, content_type, "boundary"), *end = data + len, *at, *next, *body, *mark;
	size_t mark_len;

	if (!boundary || !*boundary || strlen(boundary) > 70)
		return fail(c, E_BAD_REQUEST, T_http_bad_form, "boundary");
	mark = arena_printf(c->arena, "\r\n--%s", boundary);
	mark_len = strlen(mark);
	if (len < mark_len - 2 || memcmp(data, mark + 2, mark_len - 2) != 0)
		return fail(c, E_BAD_REQUEST, T_http_bad_form, "boundary");
	for (at = data + mark_len - 2; end - at < 2 || memcmp(at, "--", 2) != 0; at = next + mark_len) {
		body = memmem(at, (size_t)(end - at), "\r\n\r\n", 4);
		body = body ? body + 4 : NULL;
		next = body ? memmem(body, (size_t)(end - body), mark, mark_len) : NULL;
		if (!next || memcmp(at, "\r\n", 2) != 0)
			return fail(c, E_BAD_REQUEST, T_http_bad_form, "multipart");
		if (!part_take(c, at + 2, (size_t)(body - at - 2), body, (size_t)(next - body), out))
			return false;
	}
	return sorted(out);
}
