/* log_in: what the readers of the kinds of logs share: bytes, a pull reader for JSON, where to complain. */
#ifndef MOD_INSIGHT_LOG_IN_H
#define MOD_INSIGHT_LOG_IN_H

#include "mod/insight/log.h"

#include <iconv.h>
#include <zlib.h>

#define SOURCE_CHUNK 65536

/* The bytes of a file, unpacked, and as UTF-8 unless raw. */
struct source {
	gzFile file;
	bool raw, decided, end, broken; /* broken: it could not be unpacked to its end */
	iconv_t convert;                /* (iconv_t)-1: it is UTF-8 */
	size_t line;
	const unsigned char *at, *stop;
	size_t carried; /* bytes of a character that the chunk cut */
	unsigned char in[SOURCE_CHUNK], out[3 * SOURCE_CHUNK];
};
NODISCARD bool source_open(struct ctx *c, struct source *s, const char *path, bool raw);
void source_close(struct source *s);
bool source_fill(struct source *s);
static inline int source_peek(struct source *s)
{
	return s->at < s->stop || source_fill(s) ? *s->at : -1;
}
static inline int source_next(struct source *s)
{
	int ch = source_peek(s);

	s->at += ch >= 0 ? 1 : 0;
	s->line += ch == '\n' ? 1 : 0;
	return ch;
}

struct reading {
	struct ctx *c;
	const char *path;
	struct source *source;
	const struct log_columns *columns;
	struct time_style style;
	struct log *log;
	bool again;   /* dates are the other way round: read it once more */
	bool is_ocel; /* the XML is no XES but OCEL */
};

/* One event as its reader found it, all as text; what is missing is NULL or empty. False with the reason when the
 * time is no time. */
NODISCARD bool reading_event(struct reading *r, const struct piece *item, const struct piece *activity,
	const struct piece *at, const struct piece *start, const struct piece *person, const struct piece *role,
	size_t line);
bool reading_failed(struct reading *r, size_t line, enum text why, const char *what);
/* "the log has no case:concept:name; it has: a, b, c" */
bool reading_lacks(struct reading *r, const char *wanted, const char *option, const struct words *there);

NODISCARD bool csv_log(struct reading *r);
NODISCARD bool xes_log(struct reading *r);
NODISCARD bool ocel_xml_log(struct reading *r);
NODISCARD bool ocel_log(struct reading *r);
NODISCARD bool ocel_file_log(struct reading *r);

/* ---- JSON, token by token ---- */
enum token { J_END, J_OBJ, J_END_OBJ, J_ARR, J_END_ARR, J_STR, J_OTHER, J_BAD };
struct scan {
	struct source *source;
	struct buf text; /* of a string, number or word */
	int depth;
};
enum token scan_next(struct scan *j);
/* Over the rest of a value whose first token this was; false if it is broken. */
bool scan_over(struct scan *j, enum token first);
bool scan_is(const struct scan *j, const char *word);

#endif
