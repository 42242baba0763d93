/* log_scan: JSON token by token, so that a file of any length needs no memory. */
#include "mod/insight/log_in.h"

#include "base/utf8.h"

#include <string.h>

#define DEPTH_MAX 64
#define TEXT_MAX  (1024 * 1024)

static int hex4(struct source *s)
{
	int n = 0;

	for (int i = 0; i < 4; i++) {
		int ch = source_next(s), v;
		if (ch >= '0' && ch <= '9')
			v = ch - '0';
		else if ((ch | 32) >= 'a' && (ch | 32) <= 'f')
			v = (ch | 32) - 'a' + 10;
		else
			return -1;
		n = n * 16 + v;
	}
	return n;
}

/* Behind \u; a pair of halves makes one character, a half alone none. */
static bool unicode(struct scan *j)
{
	int low, n = hex4(j->source);
	char out[4];

	if (n < 0)
		return false;
	if (n >= 0xd800 && n < 0xdc00) {
		if (source_next(j->source) != '\\' || source_next(j->source) != 'u' ||
			(low = hex4(j->source)) < 0xdc00 || low > 0xdfff)
			return false;
		n = 0x10000 + ((n - 0xd800) << 10) + (low - 0xdc00);
	} else if (n == 0 || (n >= 0xdc00 && n < 0xe000)) {
		n = '?';
	}
	buf_add(&j->text, out, utf8_put(out, (uint32_t)n));
	return true;
}

static bool escape(struct scan *j)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	int ch = source_next(j->source);
	const char *at = ch > 0 ? strchr(from, ch) : NULL;

	if (ch == 'u')
		return unicode(j);
	if (at != NULL)
		buf_char(&j->text, to[at - from]);
	return at != NULL;
}

static enum token string(struct scan *j)
{
	int ch;

	while ((ch = source_next(j->source)) != '"') {
		if (ch < 0 || j->text.len > TEXT_MAX || (ch == '\\' && !escape(j)))
			return J_BAD;
		if (ch != '\\')
			buf_char(&j->text, (char)ch);
	}
	return J_STR;
}

static enum token other(struct scan *j, int ch)
{
	static const char good[] = "0123456789+-.eEtrufalsnINy";

	for (;; ch = source_next(j->source)) {
		if (ch <= 0 || strchr(good, ch) == NULL || j->text.len > 100)
			return J_BAD;
		buf_char(&j->text, (char)ch);
		ch = source_peek(j->source);
		if (ch <= ' ' || ch == ',' || ch == '}' || ch == ']')
			return J_OTHER;
	}
}

enum token scan_next(struct scan *j)
{
	int ch;

	j->text.len = 0;
	do
		ch = source_next(j->source);
	while (ch == ' ' || ch == '\t' || ch == '\n' || ch == '\r' || ch == ',' || ch == ':');
	switch (ch) {
	case -1: return j->depth == 0 ? J_END : J_BAD;
	case '{':
	case '[':
		if (++j->depth > DEPTH_MAX)
			return J_BAD;
		return ch == '{' ? J_OBJ : J_ARR;
	case '}':
	case ']':
		if (--j->depth < 0)
			return J_BAD;
		return ch == '}' ? J_END_OBJ : J_END_ARR;
	case '"': return string(j);
	case 0: return J_BAD;
	default: return other(j, ch);
	}
}

bool scan_over(struct scan *j, enum token first)
{
	int outside = j->depth - 1;

	if (first == J_STR || first == J_OTHER)
		return true;
	if (first != J_OBJ && first != J_ARR)
		return false;
	while (j->depth > outside) {
		enum token t = scan_next(j);
		if (t == J_BAD || t == J_END)
			return false;
	}
	return true;
}

bool scan_is(const struct scan *j, const char *word)
{
	return strcmp(buf_cstr(&j->text), word) == 0;
}
