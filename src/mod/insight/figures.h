/* figures: what a log says: how often and how fast one step follows another, the ways cases went, how long they took,
 * what was done again. Exact: medians are of all values, not of samples. Knows no database. */
#ifndef MOD_INSIGHT_FIGURES_H
#define MOD_INSIGHT_FIGURES_H

#include "mod/insight/log.h"

/* How often, and how long: µs, INT64_MIN where there is nothing to measure. */
struct spread {
	size_t count;
	int64_t median_us, p90_us, mean_us;
};

/* Directly one after the other. The time is from the end of one to the beginning of the next. */
struct edge {
	uint32_t from, to; /* activities */
	struct spread gap;
};
struct variant {
	uint32_t item; /* a case that went this way; its events are the steps */
	size_t count;
};
struct tally {
	uint32_t activity;
	size_t count;
};

struct figures {
	const struct log *log;
	size_t cases, events;
	struct edge *edges; /* the most frequent first, as all lists */
	size_t edges_len;
	struct variant *variants;
	size_t variants_len;
	struct tally *starts, *ends, *rework; /* rework: cases in which it was done more than once */
	size_t starts_len, ends_len, rework_len;
	struct tally *activities;
	size_t activities_len;
	struct spread throughput; /* first to last event of each case */
};

/* The log must be sorted. */
void figures_make(struct ctx *c, const struct log *g, struct figures *out);
/* The JSON of `huodan analyse`, piece by piece to `put`. */
void figures_json(
	struct ctx *c, const struct figures *f, void (*put)(void *who, const char *data, size_t len), void *who);

/* Of len values, which it reorders. */
struct spread spread_of(int64_t *values, size_t len);
/* "1234.5": µs as seconds, for JSON; "null" if there are none. */
const char *seconds_str(struct arena *a, int64_t us);

/* ---- for those who walk the events ---- */
static inline size_t case_len(const struct log *g, uint32_t item)
{
	return g->from[item + 1] - g->from[item];
}
static inline uint32_t case_event(const struct log *g, uint32_t item, size_t i)
{
	return g->order[g->from[item] + i];
}
/* Whether both cases went through the same activities, one after the other. */
bool same_way(const struct log *g, uint32_t a, uint32_t b);
/* Between two events that follow each other in a case; never negative. */
int64_t log_gap(const struct log *g, uint32_t before, uint32_t after);

#endif
