/* buf: a byte buffer that only grows and remembers when it failed, so writers need no checks. */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/must.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

struct buf {
	char *data; /* always NUL-terminated once something was written */
	size_t len; /* bytes, without the NUL */
	size_t cap;
	bool failed;         /* too large; asked once, by whoever sends it */
	struct arena *arena; /* NULL: malloc, free with buf_free */
};

void buf_init(struct buf *b, struct arena *a);
void buf_free(struct buf *b);
void buf_add(struct buf *b, const void *data, size_t len);
void buf_str(struct buf *b, const char *s);
void buf_char(struct buf *b, char c);
/* len more bytes for the caller to fill, all of them; NULL when it failed. */
char *buf_more(struct buf *b, size_t len);
void buf_int(struct buf *b, int64_t n);
/* The digits of n end at `end`, at least `least` of them, zeros in front; at most 20. Returns where they start. */
char *digits_before(char *end, uint64_t n, int least);
void buf_printf(struct buf *b, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* HTML text and attribute values: & < > " ' are escaped. */
void buf_html(struct buf *b, const char *s);
/* A URL component: everything but unreserved characters is %-encoded. */
void buf_url(struct buf *b, const char *s);
/* The content as a C string, "" when empty. */
const char *buf_cstr(const struct buf *b);

#endif
