/* log_read: which kind of log it is, and what all kinds have in common. */
#include "mod/insight/log_in.h"

#include "base/utf8.h"

#include <string.h>

bool reading_failed(struct reading *r, size_t line, enum text why, const char *what)
{
	struct arena *a = r->c->arena;

	return fail(r->c, E_INVALID, T_insight_line, r->path, arena_printf(a, "%zu", line),
		text_fill(a, r->c->lang, why, (const char *const[]){ what != NULL ? what : "", NULL }));
}

bool reading_lacks(struct reading *r, const char *wanted, const char *option, const struct words *there)
{
	struct buf b;

	buf_init(&b, r->c->arena);
	for (uint32_t i = 0; i < there->len && i < 100; i++)
		buf_printf(&b, "%s%s", i > 0 ? ", " : "", words_get(there, i));
	return fail(r->c, E_INVALID, T_insight_lacks, r->path, wanted, buf_cstr(&b), option);
}

static bool is_given(const struct piece *p)
{
	return p->s != NULL && p->len > 0;
}

/* Cut for a sentence, and without what would break its line. */
static const char *shown(struct reading *r, const struct piece *p)
{
	char *s = arena_strndup(r->c->arena, p->s, utf8_cut(p->s, p->len, 60));

	for (char *at = s; *at != '\0'; at++)
		if ((unsigned char)*at < ' ')
			*at = ' ';
	return s;
}

static bool time_read(struct reading *r, const struct piece *p, int64_t *us, size_t line)
{
	if (!log_time_parse(p->s, p->len, &r->style, us))
		return reading_failed(r, line, T_insight_no_time, shown(r, p));
	if (r->style.wrong && r->style.flipped)
		return reading_failed(r, line, T_insight_mixed_dates, shown(r, p));
	r->again = r->style.wrong;
	return true;
}

bool reading_event(struct reading *r, const struct piece *item, const struct piece *activity, const struct piece *at,
	const struct piece *start, const struct piece *person, const struct piece *role, size_t line)
{
	struct log_event e = { *item, *activity, *person, *role, 0, INT64_MIN };

	if (!is_given(item) || !is_given(activity) || !is_given(at)) {
		r->log->skipped_at = r->log->skipped++ == 0 ? line : r->log->skipped_at;
		return true;
	}
	if (!time_read(r, at, &e.at, line) || (is_given(start) && !time_read(r, start, &e.start, line)))
		return false;
	log_add(r->log, &e);
	return true;
}

enum kind { K_EMPTY, K_CSV, K_XML, K_JSON, K_SQLITE };

static enum kind kind_of(struct source *s)
{
	static const char sqlite[] = "SQLite format 3";
	const unsigned char *at;

	if (source_peek(s) < 0)
		return K_EMPTY;
	at = s->at;
	if (s->stop - at >= 16 && memcmp(at, sqlite, sizeof(sqlite)) == 0)
		return K_SQLITE;
	if (s->stop - at >= 3 && memcmp(at, "\xef\xbb\xbf", 3) == 0)
		at += 3;
	while (at < s->stop && (*at == ' ' || *at == '\t' || *at == '\r' || *at == '\n'))
		at++;
	/* "<" with a zero beside it is XML in UTF-16. */
	if (at < s->stop && (*at == '<' || (s->stop - at > 3 && (at[2] == '<' || at[3] == '<') && *at >= 0xfe)))
		return K_XML;
	return at < s->stop && (*at == '{' || *at == '[') ? K_JSON : K_CSV;
}

static bool read_as(struct reading *r, enum kind kind)
{
	bool good;

	if (kind == K_EMPTY)
		return fail(r->c, E_INVALID, T_insight_empty, r->path);
	if (kind == K_SQLITE)
		return ocel_file_log(r);
	if (!source_open(r->c, r->source, r->path, kind == K_XML))
		return false;
	good = kind == K_XML ? xes_log(r) : kind == K_JSON ? ocel_log(r) : csv_log(r);
	if (good && r->is_ocel)
		good = ocel_xml_log(r);
	if (good && r->source->broken)
		good = fail(r->c, E_INVALID, T_insight_broken, r->path);
	source_close(r->source);
	return good;
}

/* Dates like 03/04 are first read as usual; if one of them cannot be, all are read the other way round. */
static bool read_twice(struct reading *r, enum kind kind)
{
	if (!read_as(r, kind))
		return false;
	if (!r->again)
		return true;
	log_free(r->log);
	r->style = (struct time_style){ .flipped = true };
	r->again = false;
	return read_as(r, kind);
}

bool log_read(struct ctx *c, const char *path, const struct log_columns *columns, struct log *out)
{
	struct reading r = {
		.c = c, .path = path, .columns = columns, .log = out, .source = ARENA_NEW(c->arena, struct source)
	};
	enum kind kind;

	*out = (struct log){ 0 };
	if (!source_open(c, r.source, path, true))
		return false;
	kind = kind_of(r.source);
	source_close(r.source);
	if (!read_twice(&r, kind)) {
		log_free(out);
		return false;
	}
	return true;
}
