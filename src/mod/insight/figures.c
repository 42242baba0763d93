/* figures: see figures.h. Counting by number throughout; the only sorting is of results. */
#include "mod/insight/figures.h"

#include "base/json.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ---- one set of values ---- */

static void swap(int64_t *a, int64_t *b)
{
	int64_t was = *a;

	*a = *b;
	*b = was;
}

/* Brings the value that would stand at n of the sorted list there: smaller ones before it, greater behind it. */
static int64_t nth(int64_t *v, size_t len, size_t n)
{
	size_t low = 0, high = len - 1;

	while (low < high) {
		int64_t pivot = v[low + (high - low) / 2];
		size_t i = low, j = high;
		for (;;) {
			while (v[i] < pivot)
				i++;
			while (v[j] > pivot)
				j--;
			if (i >= j)
				break;
			swap(&v[i++], &v[j--]);
		}
		/* v[i] may stand between both parts */
		j = i > low && v[i] >= pivot ? i - 1 : i;
		if (n <= j)
			high = j;
		else
			low = j + 1;
	}
	return v[n];
}

static int64_t least(const int64_t *v, size_t from, size_t len)
{
	int64_t low = v[from];

	for (size_t i = from; i < len; i++)
		low = v[i] < low ? v[i] : low;
	return low;
}

/* tenths of the way from the smallest to the greatest; between two values in proportion. */
static int64_t quantile(int64_t *v, size_t len, size_t tenths)
{
	size_t at = (len - 1) * tenths / 10, rest = (len - 1) * tenths % 10;
	int64_t value = nth(v, len, at);

	if (rest == 0)
		return value;
	/* behind it stand only greater ones */
	return value + ((least(v, at + 1, len) - value) * (int64_t)rest + 5) / 10;
}

static int64_t mean(const int64_t *v, size_t len)
{
	__int128 sum = 0;

	for (size_t i = 0; i < len; i++)
		sum += v[i];
	return (int64_t)((sum + (__int128)(len / 2)) / (__int128)len);
}

struct spread spread_of(int64_t *values, size_t len)
{
	struct spread s = { len, INT64_MIN, INT64_MIN, INT64_MIN };

	if (len == 0)
		return s;
	s.mean_us = mean(values, len);
	s.median_us = quantile(values, len, 5);
	s.p90_us = quantile(values, len, 9);
	return s;
}

int64_t log_gap(const struct log *g, uint32_t before, uint32_t after)
{
	int64_t begins = i64s_of(&g->at)[after];

	if (g->has_start && i64s_of(&g->start)[after] != INT64_MIN)
		begins = i64s_of(&g->start)[after];
	return begins > i64s_of(&g->at)[before] ? begins - i64s_of(&g->at)[before] : 0;
}

/* ---- one step after the other ---- */

struct edges {
	struct buf list; /* struct edge */
	uint32_t *slots; /* number + 1 */
	size_t slots_len, len;
	uint32_t *of; /* the edge of each event and the one before it in its case */
};

static size_t edge_slot(const struct edges *e, uint32_t from, uint32_t to)
{
	const struct edge *list = (const struct edge *)(const void *)e->list.data;
	uint64_t key = (uint64_t)from << 32 | to;
	size_t mask = e->slots_len - 1, i = (size_t)((key * UINT64_C(0x9e3779b97f4a7c15)) >> 33) & mask;

	while (e->slots[i] != 0 && (list[e->slots[i] - 1].from != from || list[e->slots[i] - 1].to != to))
		i = (i + 1) & mask;
	return i;
}

static void edges_grow(struct ctx *c, struct edges *e)
{
	const struct edge *list = (const struct edge *)(const void *)e->list.data;

	e->slots_len = e->slots_len == 0 ? 1024 : e->slots_len * 4;
	e->slots = ARENA_ARRAY(c->arena, e->slots_len, uint32_t);
	for (size_t i = 0; i < e->len; i++)
		e->slots[edge_slot(e, list[i].from, list[i].to)] = (uint32_t)i + 1;
}

static uint32_t edge_add(struct ctx *c, struct edges *e, uint32_t from, uint32_t to)
{
	struct edge fresh = { .from = from, .to = to };
	size_t slot;

	if (e->len * 2 >= e->slots_len)
		edges_grow(c, e);
	slot = edge_slot(e, from, to);
	if (e->slots[slot] == 0) {
		buf_add(&e->list, &fresh, sizeof(fresh));
		e->slots[slot] = (uint32_t)++e->len;
	}
	((struct edge *)(void *)e->list.data)[e->slots[slot] - 1].gap.count++;
	return e->slots[slot] - 1;
}

/* Which edge each event came by; its first events came by none. */
static void edges_walk(struct ctx *c, const struct log *g, struct edges *e)
{
	const uint32_t *activity = u32s(&g->activity);

	for (uint32_t item = 0; item < g->items.len; item++)
		for (size_t i = 1; i < case_len(g, item); i++)
			e->of[g->from[item] + i] =
				edge_add(c, e, activity[case_event(g, item, i - 1)], activity[case_event(g, item, i)]);
}

/* All gaps of an edge side by side, then the spread of each. */
static void edges_measure(struct ctx *c, const struct log *g, struct edges *e, struct edge *list)
{
	int64_t *gaps = ARENA_ARRAY(c->arena, g->len + 1, int64_t);
	size_t *next = ARENA_ARRAY(c->arena, e->len + 1, size_t), at = 0;

	for (size_t i = 0; i < e->len; i++) {
		next[i] = at;
		at += list[i].gap.count;
	}
	for (uint32_t item = 0; item < g->items.len; item++)
		for (size_t i = 1; i < case_len(g, item); i++)
			gaps[next[e->of[g->from[item] + i]]++] =
				log_gap(g, case_event(g, item, i - 1), case_event(g, item, i));
	for (size_t i = 0; i < e->len; i++)
		list[i].gap = spread_of(gaps + next[i] - list[i].gap.count, list[i].gap.count);
}

static int compare(size_t a, size_t b)
{
	return (a < b) - (a > b); /* the greater first */
}

static int by_count_edge(const void *a, const void *b, void *log)
{
	const struct edge *x = a, *y = b;
	const struct words *w = &((const struct log *)log)->activities;
	int way = compare(x->gap.count, y->gap.count);

	if (way == 0)
		way = strcmp(words_get(w, x->from), words_get(w, y->from));
	return way != 0 ? way : strcmp(words_get(w, x->to), words_get(w, y->to));
}

static void *unconst(const void *p)
{
	union {
		const void *from;
		void *to;
	} u = { .from = p };

	return u.to;
}

static void edges_make(struct ctx *c, const struct log *g, struct figures *f)
{
	struct edges e = { .of = ARENA_ARRAY(c->arena, g->len + 1, uint32_t) };

	buf_init(&e.list, c->arena);
	edges_walk(c, g, &e);
	f->edges = (struct edge *)(void *)e.list.data;
	f->edges_len = e.len;
	edges_measure(c, g, &e, f->edges);
	if (e.len > 0)
		qsort_r(f->edges, e.len, sizeof(*f->edges), by_count_edge, unconst(g));
}

/* ---- the ways cases went ---- */

static uint64_t way_hash(const struct log *g, uint32_t item)
{
	uint64_t h = case_len(g, item);

	for (size_t i = 0; i < case_len(g, item); i++) {
		h = (h ^ u32s(&g->activity)[case_event(g, item, i)]) * UINT64_C(0xff51afd7ed558ccd);
		h ^= h >> 33;
	}
	return h;
}

bool same_way(const struct log *g, uint32_t a, uint32_t b)
{
	if (case_len(g, a) != case_len(g, b))
		return false;
	for (size_t i = 0; i < case_len(g, a); i++)
		if (u32s(&g->activity)[case_event(g, a, i)] != u32s(&g->activity)[case_event(g, b, i)])
			return false;
	return true;
}

static int by_count_way(const void *a, const void *b, void *log)
{
	const struct variant *x = a, *y = b;
	const struct log *g = log;
	int way = compare(x->count, y->count);

	for (size_t i = 0; way == 0 && i < case_len(g, x->item) && i < case_len(g, y->item); i++)
		way = strcmp(words_get(&g->activities, u32s(&g->activity)[case_event(g, x->item, i)]),
			words_get(&g->activities, u32s(&g->activity)[case_event(g, y->item, i)]));
	return way != 0 ? way : compare(case_len(g, y->item), case_len(g, x->item));
}

struct ways {
	struct buf list; /* struct variant */
	uint32_t *slots; /* number + 1 */
	size_t room, len;
};

static size_t way_slot(const struct log *g, const struct ways *w, uint32_t item)
{
	const struct variant *all = (const struct variant *)(const void *)w->list.data;
	size_t at = (size_t)way_hash(g, item) & (w->room - 1);

	while (w->slots[at] != 0 && !same_way(g, all[w->slots[at] - 1].item, item))
		at = (at + 1) & (w->room - 1);
	return at;
}

static void ways_grow(struct ctx *c, const struct log *g, struct ways *w)
{
	const struct variant *all = (const struct variant *)(const void *)w->list.data;

	w->room = w->room == 0 ? 1024 : w->room * 4;
	w->slots = ARENA_ARRAY(c->arena, w->room, uint32_t);
	for (size_t i = 0; i < w->len; i++)
		w->slots[way_slot(g, w, all[i].item)] = (uint32_t)i + 1;
}

static void variants_make(struct ctx *c, const struct log *g, struct figures *f)
{
	struct ways w = { .room = 0 };

	buf_init(&w.list, c->arena);
	for (uint32_t item = 0; item < g->items.len; item++) {
		struct variant fresh = { item, 0 };
		size_t at;
		if (case_len(g, item) == 0)
			continue;
		if (w.len * 2 >= w.room)
			ways_grow(c, g, &w);
		at = way_slot(g, &w, item);
		if (w.slots[at] == 0) {
			buf_add(&w.list, &fresh, sizeof(fresh));
			w.slots[at] = (uint32_t)++w.len;
		}
		((struct variant *)(void *)w.list.data)[w.slots[at] - 1].count++;
	}
	f->variants = (struct variant *)(void *)w.list.data;
	f->variants_len = w.len;
	if (w.len > 0)
		qsort_r(f->variants, w.len, sizeof(*f->variants), by_count_way, unconst(g));
}

/* ---- how often ---- */

static int by_count_tally(const void *a, const void *b, void *log)
{
	const struct tally *x = a, *y = b;
	const struct words *w = &((const struct log *)log)->activities;
	int way = compare(x->count, y->count);

	return way != 0 ? way : strcmp(words_get(w, x->activity), words_get(w, y->activity));
}

static struct tally *tallies(struct ctx *c, const struct log *g, const size_t *counts, size_t *len)
{
	struct tally *list = ARENA_ARRAY(c->arena, (size_t)g->activities.len + 1, struct tally);

	*len = 0;
	for (uint32_t a = 0; a < g->activities.len; a++)
		if (counts[a] > 0)
			list[(*len)++] = (struct tally){ a, counts[a] };
	if (*len > 0)
		qsort_r(list, *len, sizeof(*list), by_count_tally, unconst(g));
	return list;
}

/* Each activity once a case, however often it came back. */
static void rework_count(struct ctx *c, const struct log *g, size_t *rework)
{
	uint32_t *seen = ARENA_ARRAY(c->arena, (size_t)g->activities.len + 1, uint32_t);
	uint32_t *counted = ARENA_ARRAY(c->arena, (size_t)g->activities.len + 1, uint32_t);

	for (uint32_t item = 0; item < g->items.len; item++)
		for (size_t i = 0; i < case_len(g, item); i++) {
			uint32_t a = u32s(&g->activity)[case_event(g, item, i)];
			if (seen[a] == item + 1 && counted[a] != item + 1) {
				counted[a] = item + 1;
				rework[a]++;
			}
			seen[a] = item + 1;
		}
}

static void counts_make(struct ctx *c, const struct log *g, struct figures *f)
{
	size_t n = (size_t)g->activities.len + 1;
	size_t *starts = ARENA_ARRAY(c->arena, n, size_t), *ends = ARENA_ARRAY(c->arena, n, size_t);
	size_t *rework = ARENA_ARRAY(c->arena, n, size_t), *all = ARENA_ARRAY(c->arena, n, size_t);

	for (uint32_t item = 0; item < g->items.len; item++) {
		size_t len = case_len(g, item);
		if (len == 0)
			continue;
		f->cases++;
		starts[u32s(&g->activity)[case_event(g, item, 0)]]++;
		ends[u32s(&g->activity)[case_event(g, item, len - 1)]]++;
		for (size_t i = 0; i < len; i++)
			all[u32s(&g->activity)[case_event(g, item, i)]]++;
	}
	rework_count(c, g, rework);
	f->starts = tallies(c, g, starts, &f->starts_len);
	f->ends = tallies(c, g, ends, &f->ends_len);
	f->rework = tallies(c, g, rework, &f->rework_len);
	f->activities = tallies(c, g, all, &f->activities_len);
}

static void throughput_make(struct ctx *c, const struct log *g, struct figures *f)
{
	int64_t *took = ARENA_ARRAY(c->arena, f->cases + 1, int64_t);
	size_t n = 0;

	for (uint32_t item = 0; item < g->items.len; item++) {
		size_t len = case_len(g, item);
		uint32_t first;
		int64_t begins;
		if (len == 0)
			continue;
		first = case_event(g, item, 0);
		begins = i64s_of(&g->at)[first];
		if (g->has_start && i64s_of(&g->start)[first] != INT64_MIN && i64s_of(&g->start)[first] < begins)
			begins = i64s_of(&g->start)[first];
		took[n++] = i64s_of(&g->at)[case_event(g, item, len - 1)] - begins;
	}
	f->throughput = spread_of(took, n);
}

void figures_make(struct ctx *c, const struct log *g, struct figures *out)
{
	*out = (struct figures){ .log = g, .events = g->len };
	counts_make(c, g, out);
	edges_make(c, g, out);
	variants_make(c, g, out);
	throughput_make(c, g, out);
}

/* ---- as JSON ---- */

const char *seconds_str(struct arena *a, int64_t us)
{
	const char *sign = us < 0 ? "-" : "";
	uint64_t n = us < 0 ? 0 - (uint64_t)us : (uint64_t)us, rest = n % 1000000;
	char *s;
	size_t len;

	if (us == INT64_MIN)
		return "null";
	if (rest == 0)
		return arena_printf(a, "%s%" PRIu64, sign, n / 1000000);
	s = arena_printf(a, "%s%" PRIu64 ".%06" PRIu64, sign, n / 1000000, rest);
	for (len = strlen(s); s[len - 1] == '0'; len--)
		s[len - 1] = '\0';
	return s;
}

struct out {
	struct json j;
	struct buf b;
	struct arena *a;
	void (*put)(void *who, const char *data, size_t len);
	void *who;
};

static void flush(struct out *o)
{
	if (o->b.len > 60000) {
		o->put(o->who, o->b.data, o->b.len);
		o->b.len = 0;
	}
}

static void seconds(struct out *o, const char *key, int64_t us)
{
	json_raw(&o->j, key, seconds_str(o->a, us));
}

static void tally_json(struct out *o, const struct log *g, const char *key, const struct tally *list, size_t len)
{
	json_obj(&o->j, key);
	for (size_t i = 0; i < len; i++) {
		json_int(&o->j, words_get(&g->activities, list[i].activity), (int64_t)list[i].count);
		flush(o);
	}
	json_end_obj(&o->j);
}

static void variants_json(struct out *o, const struct figures *f)
{
	const struct log *g = f->log;

	json_arr(&o->j, "variants");
	for (size_t i = 0; i < f->variants_len; i++) {
		uint32_t item = f->variants[i].item;
		json_obj(&o->j, NULL);
		json_arr(&o->j, "activities");
		for (size_t k = 0; k < case_len(g, item); k++) {
			json_str(&o->j, NULL, words_get(&g->activities, u32s(&g->activity)[case_event(g, item, k)]));
			flush(o);
		}
		json_end_arr(&o->j);
		json_int(&o->j, "count", (int64_t)f->variants[i].count);
		json_end_obj(&o->j);
	}
	json_end_arr(&o->j);
}

static void edges_json(struct out *o, const struct figures *f)
{
	json_arr(&o->j, "dfg");
	for (size_t i = 0; i < f->edges_len; i++) {
		const struct edge *e = &f->edges[i];
		json_obj(&o->j, NULL);
		json_str(&o->j, "from", words_get(&f->log->activities, e->from));
		json_str(&o->j, "to", words_get(&f->log->activities, e->to));
		json_int(&o->j, "count", (int64_t)e->gap.count);
		seconds(o, "median_s", e->gap.median_us);
		json_end_obj(&o->j);
		flush(o);
	}
	json_end_arr(&o->j);
}

void figures_json(
	struct ctx *c, const struct figures *f, void (*put)(void *who, const char *data, size_t len), void *who)
{
	struct out o = { .a = c->arena, .put = put, .who = who };

	buf_init(&o.b, c->arena);
	json_start(&o.j, &o.b);
	json_obj(&o.j, NULL);
	json_int(&o.j, "cases", (int64_t)f->cases);
	json_int(&o.j, "events", (int64_t)f->events);
	json_int(&o.j, "activities", (int64_t)f->activities_len);
	variants_json(&o, f);
	edges_json(&o, f);
	tally_json(&o, f->log, "start", f->starts, f->starts_len);
	tally_json(&o, f->log, "end", f->ends, f->ends_len);
	json_obj(&o.j, "throughput");
	seconds(&o, "median_s", f->throughput.median_us);
	seconds(&o, "p90_s", f->throughput.p90_us);
	seconds(&o, "mean_s", f->throughput.mean_us);
	json_end_obj(&o.j);
	tally_json(&o, f->log, "rework", f->rework, f->rework_len);
	json_end_obj(&o.j);
	put(who, buf_cstr(&o.b), o.b.len);
}
