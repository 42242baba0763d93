/* json: writing with commas kept track of, reading with caps. */
#include "base/json.h"

#include "base/ctx.h"
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

void json_start(struct json *j, struct buf *b)
{
	j->b = b;
	j->comma = false;
}

/* How many bytes of s may stand in a string as they are. */
static size_t plain(const char *s)
{
	static const bool odd[256] = { [0 ... 0x1f] = true, ['"'] = true, ['\\'] = true };
	const char *from = s;

	while (!odd[(unsigned char)*s])
		s++;
	return (size_t)(s - from);
}

static void escape(struct buf *b, char ch)
{
	if (ch == '"' || ch == '\\')
		buf_printf(b, "\\%c", ch);
	else if (ch == '\n')
		buf_str(b, "\\n");
	else
		buf_printf(b, "\\u%04x", (unsigned)(unsigned char)ch);
}

static void escaped(struct buf *b, const char *s)
{
	buf_char(b, '"');
	for (;;) {
		size_t n = plain(s);
		buf_add(b, s, n);
		if (s[n] == '\0')
			break;
		escape(b, s[n]);
		s += n + 1;
	}
	buf_char(b, '"');
}

/* Most strings and all names of fields go into the answer in one piece: ,"name": */
static void begin(struct json *j, const char *key)
{
	size_t comma = j->comma, n = key != NULL ? plain(key) : 0;
	char *at;

	j->comma = true;
	if (key == NULL || key[n] != '\0') {
		if (comma)
			buf_char(j->b, ',');
		if (key != NULL) {
			escaped(j->b, key);
			buf_char(j->b, ':');
		}
		return;
	}
	at = buf_more(j->b, comma + n + 3);
	if (at == NULL)
		return;
	if (comma)
		*at++ = ',';
	*at++ = '"';
	at = mempcpy(at, key, n);
	*at++ = '"';
	*at = ':';
}

void json_obj(struct json *j, const char *key)
{
	begin(j, key);
	buf_char(j->b, '{');
	j->comma = false;
}

void json_end_obj(struct json *j)
{
	buf_char(j->b, '}');
	j->comma = true;
}

void json_arr(struct json *j, const char *key)
{
	begin(j, key);
	buf_char(j->b, '[');
	j->comma = false;
}

void json_end_arr(struct json *j)
{
	buf_char(j->b, ']');
	j->comma = true;
}

void json_nil(struct json *j, const char *key)
{
	begin(j, key);
	buf_str(j->b, "null");
}

void json_str(struct json *j, const char *key, const char *s)
{
	if (s == NULL) {
		json_nil(j, key);
		return;
	}
	begin(j, key);
	escaped(j->b, s);
}

void json_int(struct json *j, const char *key, int64_t n)
{
	if (n == INT64_MIN) {
		json_nil(j, key);
		return;
	}
	begin(j, key);
	buf_int(j->b, n);
}

void json_bool(struct json *j, const char *key, bool v)
{
	begin(j, key);
	buf_str(j->b, v ? "true" : "false");
}

static void quoted(struct json *j, const char *key, const char *text)
{
	if (*text == '\0') {
		json_nil(j, key);
		return;
	}
	begin(j, key);
	buf_char(j->b, '"');
	buf_str(j->b, text);
	buf_char(j->b, '"');
}

/* Decimals travel as strings. */
void json_money(struct json *j, const char *key, struct money m)
{
	char text[DECIMAL_TEXT];

	quoted(j, key, money_text(text, m));
}

void json_price(struct json *j, const char *key, struct price p)
{
	char text[DECIMAL_TEXT];

	quoted(j, key, price_text(text, p));
}

void json_qty(struct json *j, const char *key, struct qty q)
{
	char text[DECIMAL_TEXT];

	quoted(j, key, qty_text(text, q));
}

void json_instant(struct json *j, const char *key, struct instant t)
{
	quoted(j, key, instant_is(t) ? instant_str(j->b->arena, t) : "");
}

void json_date(struct json *j, const char *key, struct date d)
{
	quoted(j, key, date_is(d) ? date_str(j->b->arena, d) : "");
}

void json_raw(struct json *j, const char *key, const char *value)
{
	begin(j, key);
	buf_str(j->b, value);
}

/* Depth is counted before parsing, so that a hundred thousand brackets cost nothing. */
static bool too_deep(const char *s, size_t len)
{
	int depth = 0;
	bool in_string = false;

	for (size_t i = 0; i < len; i++) {
		if (in_string) {
			if (s[i] == '\\')
				i++;
			else if (s[i] == '"')
				in_string = false;
		} else if (s[i] == '"') {
			in_string = true;
		} else if (s[i] == '{' || s[i] == '[') {
			if (++depth > JSON_DEPTH_MAX)
				return true;
		} else if (s[i] == '}' || s[i] == ']') {
			depth--;
		}
	}
	return false;
}

static json_t *load(const char *data, size_t len, json_error_t *e)
{
	return json_loadb(data, len, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, e);
}

bool json_valid(const char *data, size_t len)
{
	json_error_t e;
	json_t *v;
	bool good;

	if (len > JSON_BODY_MAX || !utf8_clean(data, len) || too_deep(data, len))
		return false;
	v = load(data, len, &e);
	good = v != NULL;
	json_decref(v);
	return good;
}

const char *json_reason(struct arena *a, const char *reason)
{
	struct buf b;
	struct json j;

	if (reason == NULL)
		return NULL;
	buf_init(&b, a);
	json_start(&j, &b);
	json_obj(&j, NULL);
	json_str(&j, "reason", reason);
	json_end_obj(&j);
	return buf_cstr(&b);
}

const char *json_names(struct arena *a, const char *const *names)
{
	struct buf b;
	struct json j;

	buf_init(&b, a);
	json_start(&j, &b);
	json_arr(&j, NULL);
	for (; *names != NULL; names++)
		json_str(&j, NULL, *names);
	json_end_arr(&j);
	return buf_cstr(&b);
}

const char *json_text(struct arena *a, const json_t *v)
{
	char *text = json_dumps(v, JSON_COMPACT | JSON_ENCODE_ANY);
	const char *kept;

	must(text != NULL);
	kept = arena_strdup(a, text);
	free(text);
	return kept;
}

bool json_read(struct ctx *c, const char *data, size_t len, json_t **out)
{
	json_error_t e;

	if (len > JSON_BODY_MAX)
		return fail(c, E_TOO_LARGE, T_err_body_too_large);
	if (!utf8_clean(data, len))
		return fail(c, E_BAD_REQUEST, T_err_not_utf8);
	if (too_deep(data, len))
		return fail(c, E_BAD_REQUEST, T_err_json_deep);
	*out = load(data, len, &e);
	if (*out == NULL)
		return fail(c, E_BAD_REQUEST, T_err_not_json, arena_printf(c->arena, "%d", e.line),
			arena_printf(c->arena, "%d", e.column));
	return true;
}
