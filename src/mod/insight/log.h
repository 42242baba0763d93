/* log: what happened to whom and when, from anywhere: a file of others or our own events. Kept in columns of plain
 * numbers, each word once, so that ten million events fit in well under a gigabyte. Knows no database. */
#ifndef MOD_INSIGHT_LOG_H
#define MOD_INSIGHT_LOG_H

#include "base/buf.h"
#include "base/ctx.h"

#define LOG_NONE UINT32_MAX /* no person, no role */

/* A piece of text that need not end with a NUL. */
struct piece {
	const char *s;
	size_t len;
};

/* Every different word has a number, in the order of its first appearance. */
struct words {
	struct buf text, at,
		slots; /* the words with their NUL; uint32_t where each begins; uint32_t number + 1 by hash */
	uint32_t len, last;
};
/* In an arena, for those who never free; a struct of zeros lives outside and is freed. */
void words_init(struct words *w, struct arena *a);
uint32_t words_add(struct words *w, const char *s, size_t len);
bool words_find(const struct words *w, const char *s, size_t len, uint32_t *out);
const char *words_get(const struct words *w, uint32_t i);
void words_free(struct words *w);

struct log_event {
	struct piece item, activity, person, role; /* item: the case; s NULL: none */
	int64_t at, start;                         /* µs; start INT64_MIN: none, the step takes no time */
};

struct log {
	struct words items, activities, people, roles;
	struct buf item, activity, person, role; /* uint32_t each */
	struct buf at, start;                    /* int64_t each */
	size_t len;
	bool has_start;
	size_t skipped, skipped_at; /* events without case, activity or time, and the line of the first */
	/* by log_sort: the events of item i are order[from[i]] .. order[from[i + 1] - 1], by time */
	uint32_t *order, *from;
};

static inline uint32_t *u32s(const struct buf *b)
{
	return (uint32_t *)(void *)b->data;
}
static inline int64_t *i64s_of(const struct buf *b)
{
	return (int64_t *)(void *)b->data;
}

void log_add(struct log *g, const struct log_event *e);
/* The same where the words have their numbers already. */
struct log_numbers {
	uint32_t item, activity, person, role;
	int64_t at, start;
};
void log_add_numbers(struct log *g, const struct log_numbers *n);
/* Columns and order for n events in the arena, to be filled by hand; such a log is not freed. */
void log_reserve(struct ctx *c, struct log *g, size_t n);
/* Orders each case by time; what happened at the same time stays in the order it came. E_TOO_LARGE if memory ran out. */
NODISCARD bool log_sort(struct ctx *c, struct log *g);
void log_free(struct log *g);

/* ---- times as people write them ---- */
struct time_style {
	bool flipped; /* read 03/04 the other way round than usual */
	bool wrong;   /* a 13 or more stood where the month was looked for */
};
/* ISO 8601 with or without zone (UTC then) and fraction, 24.11.2026 05:00, 11/24/2026 5:00 PM, seconds since 1970. */
bool log_time_parse(const char *s, size_t len, struct time_style *style, int64_t *us);

/* ---- reading ---- */

/* Which columns or attributes hold what; NULL: the usual names of XES, and case an object type for OCEL. */
struct log_columns {
	const char *item, *activity, *at, *start, *person, *role;
};
/* CSV, XES, OCEL 1.0 and 2.0 in JSON, OCEL 2.0 in SQLite, packed with gzip or not; the bytes decide which.
 * E_INVALID with a sentence that names line and reason. */
NODISCARD bool log_read(struct ctx *c, const char *path, const struct log_columns *columns, struct log *out);

#endif
