/* buf: grows by doubling; in an arena the old bytes stay behind until the arena goes. */
#include "base/buf.h"

#include "base/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* No answer is larger; below it doubling cannot overflow. */
#define BUF_MAX ((size_t)PTRDIFF_MAX / 2)

void buf_init(struct buf *b, struct arena *a)
{
	*b = (struct buf){ .arena = a };
}

void buf_free(struct buf *b)
{
	if (b->arena == NULL)
		free(b->data);
	*b = (struct buf){ .arena = b->arena };
}

static bool grow(struct buf *b, size_t more)
{
	size_t need, cap;
	char *data;

	if (b->failed || more > BUF_MAX - b->len) {
		b->failed = true;
		return false;
	}
	need = b->len + more + 1;
	cap = b->cap < 256 ? 256 : b->cap * 2;
	while (cap < need)
		cap *= 2;
	data = b->arena != NULL ? arena_alloc(b->arena, cap) : realloc(b->data, cap);
	if (data == NULL) {
		b->failed = true;
		return false;
	}
	if (b->arena != NULL && b->len > 0)
		memcpy(data, b->data, b->len);
	b->data = data;
	b->cap = cap;
	return true;
}

static inline bool room(struct buf *b, size_t more)
{
	return (more < b->cap - b->len && !b->failed) || grow(b, more);
}

char *buf_more(struct buf *b, size_t len)
{
	char *at;

	if (!room(b, len))
		return NULL;
	at = b->data + b->len;
	b->len += len;
	b->data[b->len] = '\0';
	return at;
}

void buf_add(struct buf *b, const void *data, size_t len)
{
	char *at = buf_more(b, len);

	if (at != NULL && len > 0)
		memcpy(at, data, len);
}

void buf_str(struct buf *b, const char *s)
{
	buf_add(b, s, strlen(s));
}

void buf_char(struct buf *b, char c)
{
	if (!room(b, 1))
		return;
	b->data[b->len++] = c;
	b->data[b->len] = '\0';
}

char *digits_before(char *end, uint64_t n, int least)
{
	for (; n > 0 || least > 0; n /= 10, least--)
		*--end = (char)('0' + n % 10);
	return end;
}

void buf_int(struct buf *b, int64_t n)
{
	char text[24], *end = text + sizeof(text), *from = digits_before(end, n < 0 ? -(uint64_t)n : (uint64_t)n, 1);

	if (n < 0)
		*--from = '-';
	buf_add(b, from, (size_t)(end - from));
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list ap;
	int len;

	va_start(ap, fmt);
	len = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (len < 0 || !room(b, (size_t)len)) {
		b->failed = true;
		return;
	}
	va_start(ap, fmt);
	(void)vsnprintf(b->data + b->len, (size_t)len + 1, fmt, ap);
	va_end(ap);
	b->len += (size_t)len;
}

static const char *html_entity(char c)
{
	switch (c) {
	case '&': return "&amp;";
	case '<': return "&lt;";
	case '>': return "&gt;";
	case '"': return "&quot;";
	case '\'': return "&#39;";
	default: return NULL;
	}
}

void buf_html(struct buf *b, const char *s)
{
	const char *from = s;

	for (; *s != '\0'; s++) {
		const char *entity = html_entity(*s);
		if (entity == NULL)
			continue;
		buf_add(b, from, (size_t)(s - from));
		buf_str(b, entity);
		from = s + 1;
	}
	buf_add(b, from, (size_t)(s - from));
}

void buf_url(struct buf *b, const char *s)
{
	static const char keep[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

	for (; *s != '\0'; s++) {
		if (strchr(keep, *s) != NULL)
			buf_char(b, *s);
		else
			buf_printf(b, "%%%02X", (unsigned)(unsigned char)*s);
	}
}

const char *buf_cstr(const struct buf *b)
{
	return b->len > 0 ? b->data : "";
}
