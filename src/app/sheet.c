/* sheet: see sheet.h. Here: which kind of file it is, and text files in all their encodings and separators.
 */
#include "app/sheet.h"

#include "app/grid.h"
#include "base/buf.h"
#include "base/utf8.h"

#include <errno.h>
#include <iconv.h>
#include <string.h>

static bool starts(const char *data, size_t len, const char *with, size_t with_len)
{
	return len >= with_len && memcmp(data, with, with_len) == 0;
}

/* ---- CSV ---- */

struct csv_in {
	struct grid *g;
	const char *at, *end;
	char delimiter;
	struct buf field;
};

/* The candidate seen most often outside quotes in the first line. */
static char delimiter_of(const char *s, const char *end)
{
	static const char candidates[] = { ',', '\t', ';' };
	size_t seen[ARRAY_LEN(candidates)] = { 0 };
	size_t best = 0;
	bool quoted = false;

	for (; s < end && (quoted || (*s != '\n' && *s != '\r')); s++) {
		if (*s == '"')
			quoted = !quoted;
		for (size_t i = 0; i < ARRAY_LEN(candidates); i++)
			if (!quoted && *s == candidates[i])
				seen[i]++;
	}
	for (size_t i = 1; i < ARRAY_LEN(candidates); i++)
		if (seen[i] > seen[best])
			best = i;
	return candidates[best];
}

/* Excel's first line "sep=;" names the delimiter and is no row of the table. */
static void delimiter_find(struct csv_in *in)
{
	const char *first = in->at;

	if (starts(in->at, (size_t)(in->end - in->at), "sep=", 4) && in->end - in->at > 5) {
		in->delimiter = in->at[4];
		in->at += 5;
		return;
	}
	while (first < in->end && (*first == '\n' || *first == '\r'))
		first++;
	in->delimiter = delimiter_of(first, in->end);
}

/* After the opening quote, up to behind the closing one. */
static bool quoted(struct csv_in *in)
{
	while (in->at < in->end) {
		const char *quote = memchr(in->at, '"', (size_t)(in->end - in->at));

		if (quote == NULL)
			break;
		buf_add(&in->field, in->at, (size_t)(quote - in->at));
		in->at = quote + 1;
		if (in->at == in->end || *in->at != '"')
			return true;
		buf_char(&in->field, '"');
		in->at++;
	}
	return fail(in->g->c, E_INVALID, T_sheet_quote, in->g->filename,
		arena_printf(in->g->c->arena, "%zu", in->g->number));
}

static bool field(struct csv_in *in, size_t col)
{
	const char *from;

	in->field.len = 0;
	if (in->at < in->end && *in->at == '"') {
		in->at++;
		if (!quoted(in))
			return false;
	}
	for (from = in->at; in->at < in->end; in->at++)
		if (*in->at == in->delimiter || *in->at == '\n' || *in->at == '\r')
			break;
	buf_add(&in->field, from, (size_t)(in->at - from));
	return grid_cell(in->g, col, in->field.data, in->field.len);
}

static bool record(struct csv_in *in)
{
	for (size_t col = 0;; col++) {
		if (!field(in, col))
			return false;
		if (in->at == in->end || *in->at != in->delimiter)
			break;
		in->at++;
	}
	if (in->at < in->end && *in->at++ == '\r' && in->at < in->end && *in->at == '\n')
		in->at++;
	return true;
}

bool csv_read(struct grid *g, const char *data, size_t len)
{
	struct csv_in in = { .g = g, .at = data, .end = data + len };

	buf_init(&in.field, g->c->arena);
	delimiter_find(&in);
	for (size_t number = 1; in.at < in.end; number++)
		if (!grid_row(g, number) || !record(&in))
			return false;
	return grid_end(g);
}

/* ---- encodings ---- */

static bool recode(struct ctx *c, const char *from, const char *data, size_t len, const char **out, size_t *out_len)
{
	iconv_t cd = iconv_open("UTF-8", from);
	size_t room = 2 * len + 16; /* GB18030 and UTF-16 grow by half at most */
	char *to = arena_alloc(c->arena, room);
	char *in = (char *)data, *put = to;
	bool good;

	if (cd == (iconv_t)-1)
		return false;
	good = iconv(cd, &in, &len, &put, &room) != (size_t)-1 && len == 0;
	iconv_close(cd);
	*out = to;
	*out_len = (size_t)(put - to);
	return good;
}

static bool utf8_valid(const char *s, size_t len)
{
	const char *end = s + len;

	while (s < end) {
		const char *at = s;
		uint32_t cp = utf8_next(&s);

		if (cp == 0 || s > end || (cp == 0xFFFD && (s - at != 3 || memcmp(at, "\xEF\xBF\xBD", 3) != 0)))
			return false;
	}
	return true;
}

/* utf8_next stops at a NUL, which no table has, so the copy's own one ends it. */
static bool to_utf8(struct ctx *c, const char *data, size_t len, const char **out, size_t *out_len)
{
	if (starts(data, len, "\xFF\xFE", 2))
		return recode(c, "UTF-16LE", data + 2, len - 2, out, out_len);
	if (starts(data, len, "\xFE\xFF", 2))
		return recode(c, "UTF-16BE", data + 2, len - 2, out, out_len);
	if (memchr(data, '\0', len) != NULL)
		return false;
	*out = arena_strndup(c->arena, data, len);
	*out_len = len;
	if (utf8_valid(*out, len))
		return true;
	return recode(c, "GB18030", data, len, out, out_len);
}

static bool text_read(struct grid *g, const char *data, size_t len)
{
	const char *text;
	size_t text_len;

	if (!to_utf8(g->c, data, len, &text, &text_len))
		return fail(g->c, E_INVALID, T_sheet_encoding, g->filename);
	if (starts(text, text_len, "\xEF\xBB\xBF", 3)) {
		text += 3;
		text_len -= 3;
	}
	return csv_read(g, text, text_len);
}

bool sheet_read(struct ctx *c, const char *filename, const void *data, size_t len, struct sheet *out)
{
	struct grid g;
	bool good;

	if (len > SHEET_BYTES_MAX)
		return fail(c, E_TOO_LARGE, T_sheet_too_large, filename);
	if (len == 0)
		return fail(c, E_INVALID, T_sheet_empty, filename);
	if (starts(data, len, "\xD0\xCF\x11\xE0", 4))
		return fail(c, E_INVALID, T_sheet_old_format, filename);
	grid_init(&g, c, filename);
	if (starts(data, len, "PK\3\4", 4) || starts(data, len, "PK\5\6", 4))
		good = xlsx_read(&g, data, len);
	else
		good = text_read(&g, data, len);
	return good && grid_sheet(&g, out);
}
