/* buf: grows by doubling; in an arena the old bytes stay behind until the arena goes. */
#include "base/buf.h"

#include "base/arena.h"

#include <inttypes.h>
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

static bool room(struct buf *b, size_t more)
{
	size_t need, cap;
	char *data;

	if (b->failed || more > BUF_MAX - b->len) {
		b->failed = true;
		return false;
	}
	need = b->len + more + 1;
	if (need <= b->cap)
		return true;
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

void buf_add(struct buf *b, const void *data, size_t len)
{
	if (!room(b, len))
		return;
	if (len > 0)
		memcpy(b->data + b->len, data, len);
	b->len += len;
	b->data[b->len] = '\0';
}

void buf_str(struct buf *b, const char *s)
{
	buf_add(b, s, strlen(s));
}

void buf_char(struct buf *b, char c)
{
	buf_add(b, &c, 1);
}

void buf_int(struct buf *b, int64_t n)
{
	char digits[24];
	int len = snprintf(digits, sizeof(digits), "%" PRId64, n);

	buf_add(b, digits, (size_t)len);
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
