/* utf8: what may come in as text, and how people count it. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include "base/must.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Well-formed (RFC 3629), without NUL and without control characters other than tab, newline and
 * carriage return (browsers end the lines of a textarea with both). */
bool utf8_clean(const char *s, size_t len);
size_t utf8_count(const char *s); /* code points */
/* How many of its len bytes may stay where at most `most` have room: never half a character. */
size_t utf8_cut(const char *s, size_t len, size_t most);
/* The next code point; *s moves on. 0 at the end, U+FFFD for a bad byte. */
uint32_t utf8_next(const char **s);
/* Bytes written (1..4). */
size_t utf8_put(char out[4], uint32_t cp);
bool utf8_is_han(uint32_t cp);

#endif
