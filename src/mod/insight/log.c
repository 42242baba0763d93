/* log: words, columns and their order. */
#include "mod/insight/log.h"

#include <string.h>

/* ---- words ---- */

static uint32_t hash_of(const char *s, size_t len)
{
	uint64_t h = UINT64_C(0x9e3779b97f4a7c15) ^ len;
	uint64_t part;

	for (; len >= sizeof(part); s += sizeof(part), len -= sizeof(part)) {
		memcpy(&part, s, sizeof(part));
		h = (h ^ part) * UINT64_C(0xff51afd7ed558ccd);
		h ^= h >> 32;
	}
	part = 0;
	memcpy(&part, s, len);
	h = (h ^ part) * UINT64_C(0xc4ceb9fe1a85ec53);
	return (uint32_t)(h ^ (h >> 29));
}

const char *words_get(const struct words *w, uint32_t i)
{
	return w->text.data + u32s(&w->at)[i];
}

static bool is_word(const struct words *w, uint32_t i, const char *s, size_t len)
{
	const char *word = words_get(w, i);

	return memcmp(word, s, len) == 0 && word[len] == '\0';
}

static size_t slots_of(const struct words *w)
{
	return w->slots.len / sizeof(uint32_t);
}

/* Where the word stands or would stand. */
static size_t slot_find(const struct words *w, const char *s, size_t len)
{
	size_t mask = slots_of(w) - 1, i = hash_of(s, len) & mask;

	for (; u32s(&w->slots)[i] != 0; i = (i + 1) & mask) {
		uint32_t at = u32s(&w->at)[u32s(&w->slots)[i] - 1];
		/* never reads behind the last word */
		if (at + len < w->text.len && is_word(w, u32s(&w->slots)[i] - 1, s, len))
			break;
	}
	return i;
}

static void slots_grow(struct words *w)
{
	size_t want = slots_of(w) == 0 ? 256 : slots_of(w) * 2;
	static const uint32_t empty[256] = { 0 };

	w->slots.len = 0;
	for (size_t i = 0; i < want; i += ARRAY_LEN(empty))
		buf_add(&w->slots, empty, sizeof(empty));
	if (w->slots.failed)
		return;
	for (uint32_t i = 0; i < w->len; i++) {
		const char *s = words_get(w, i);
		u32s(&w->slots)[slot_find(w, s, strlen(s))] = i + 1;
	}
}

bool words_find(const struct words *w, const char *s, size_t len, uint32_t *out)
{
	uint32_t found = w->len == 0 ? 0 : u32s(&w->slots)[slot_find(w, s, len)];

	*out = found - 1;
	return found != 0;
}

static bool words_failed(const struct words *w)
{
	return w->text.failed || w->at.failed || w->slots.failed;
}

void words_init(struct words *w, struct arena *a)
{
	*w = (struct words){ 0 };
	buf_init(&w->text, a);
	buf_init(&w->at, a);
	buf_init(&w->slots, a);
}

uint32_t words_add(struct words *w, const char *s, size_t len)
{
	const char *nul = memchr(s, '\0', len);
	uint32_t begins = (uint32_t)w->text.len;
	size_t slot;

	len = nul != NULL ? (size_t)(nul - s) : len;
	if (words_failed(w) || w->text.len + len + 1 > UINT32_MAX) {
		w->text.failed = true;
		return 0;
	}
	/* The same case usually comes many times in a row. */
	if (w->len > 0 && u32s(&w->at)[w->last] + len < w->text.len && is_word(w, w->last, s, len))
		return w->last;
	if ((size_t)w->len * 2 >= slots_of(w))
		slots_grow(w);
	if (words_failed(w))
		return 0;
	slot = slot_find(w, s, len);
	if (u32s(&w->slots)[slot] == 0) {
		buf_add(&w->text, s, len);
		buf_char(&w->text, '\0');
		buf_add(&w->at, &begins, sizeof(begins));
		u32s(&w->slots)[slot] = ++w->len;
	}
	w->last = u32s(&w->slots)[slot] - 1;
	return w->last;
}

void words_free(struct words *w)
{
	buf_free(&w->text);
	buf_free(&w->at);
	buf_free(&w->slots);
	*w = (struct words){ 0 };
}

/* ---- events ---- */

/* Columns that nobody fills stay away: they are filled up when the first value comes. */
static void put_number(struct buf *column, size_t row, uint32_t n)
{
	static const uint32_t none = LOG_NONE;

	if (n == LOG_NONE && column->len == 0)
		return;
	while (column->len < row * sizeof(n) && !column->failed)
		buf_add(column, &none, sizeof(none));
	buf_add(column, &n, sizeof(n));
}

static void put_start(struct log *g, int64_t start)
{
	static const int64_t none = INT64_MIN;

	if (start == INT64_MIN && !g->has_start)
		return;
	g->has_start = true;
	while (g->start.len < g->len * sizeof(start) && !g->start.failed)
		buf_add(&g->start, &none, sizeof(none));
	buf_add(&g->start, &start, sizeof(start));
}

void log_add_numbers(struct log *g, const struct log_numbers *n)
{
	buf_add(&g->item, &n->item, sizeof(n->item));
	buf_add(&g->activity, &n->activity, sizeof(n->activity));
	buf_add(&g->at, &n->at, sizeof(n->at));
	put_number(&g->person, g->len, n->person);
	put_number(&g->role, g->len, n->role);
	put_start(g, n->start);
	g->len++;
}

static void reserve(struct ctx *c, struct buf *b, size_t size)
{
	*b = (struct buf){ .data = arena_alloc(c->arena, size + 1), .len = size, .cap = size + 1, .arena = c->arena };
}

void log_reserve(struct ctx *c, struct log *g, size_t n)
{
	reserve(c, &g->activity, n * sizeof(uint32_t));
	reserve(c, &g->person, n * sizeof(uint32_t));
	reserve(c, &g->at, n * sizeof(int64_t));
	g->order = ARENA_ARRAY(c->arena, n + 1, uint32_t);
}

static uint32_t number_of(struct words *w, struct piece p)
{
	return p.s == NULL || p.len == 0 ? LOG_NONE : words_add(w, p.s, p.len);
}

void log_add(struct log *g, const struct log_event *e)
{
	struct log_numbers n = { .item = words_add(&g->items, e->item.s, e->item.len),
		.activity = words_add(&g->activities, e->activity.s, e->activity.len),
		.person = number_of(&g->people, e->person),
		.role = number_of(&g->roles, e->role),
		.at = e->at,
		.start = e->start };

	log_add_numbers(g, &n);
}

static bool log_failed(const struct log *g)
{
	return words_failed(&g->items) || words_failed(&g->activities) || words_failed(&g->people) ||
	       words_failed(&g->roles) || g->item.failed || g->activity.failed || g->at.failed || g->person.failed ||
	       g->role.failed || g->start.failed || g->len >= UINT32_MAX;
}

/* ---- order ---- */

static bool in_order(const int64_t *at, const uint32_t *e, size_t len)
{
	for (size_t i = 1; i < len; i++)
		if (at[e[i - 1]] > at[e[i]])
			return false;
	return true;
}

static void merge(const int64_t *at, const uint32_t *from, uint32_t *to, size_t mid, size_t len)
{
	size_t a = 0, b = mid;

	for (size_t i = 0; i < len; i++)
		to[i] = b == len || (a < mid && at[from[a]] <= at[from[b]]) ? from[a++] : from[b++];
}

/* Merges runs of doubling length; equal times keep their order. */
static void by_time(const int64_t *at, uint32_t *e, uint32_t *spare, size_t len)
{
	uint32_t *from = e, *to = spare;

	for (size_t run = 1; run < len; run *= 2) {
		for (size_t i = 0; i < len; i += 2 * run) {
			size_t part = len - i < 2 * run ? len - i : 2 * run;
			merge(at, from + i, to + i, part < run ? part : run, part);
		}
		from = from == e ? spare : e;
		to = to == e ? spare : e;
	}
	if (from != e)
		memcpy(e, from, len * sizeof(*e));
}

static void by_item(struct log *g, size_t items)
{
	const uint32_t *item = u32s(&g->item);

	for (size_t i = 0; i < g->len; i++)
		g->from[item[i] + 1]++;
	for (size_t i = 0; i < items; i++)
		g->from[i + 1] += g->from[i];
	for (size_t i = 0; i < g->len; i++)
		g->order[g->from[item[i]]++] = (uint32_t)i;
	for (size_t i = items; i > 0; i--)
		g->from[i] = g->from[i - 1];
	g->from[0] = 0;
}

bool log_sort(struct ctx *c, struct log *g)
{
	uint32_t *spare = NULL;

	if (log_failed(g))
		return fail(c, E_TOO_LARGE, T_insight_no_memory);
	g->order = ARENA_ARRAY(c->arena, g->len + 1, uint32_t);
	g->from = ARENA_ARRAY(c->arena, (size_t)g->items.len + 2, uint32_t);
	by_item(g, g->items.len);
	for (size_t i = 0; i < g->items.len; i++) {
		uint32_t *e = g->order + g->from[i];
		size_t len = g->from[i + 1] - g->from[i];
		if (in_order(i64s_of(&g->at), e, len))
			continue;
		if (spare == NULL)
			spare = ARENA_ARRAY(c->arena, g->len, uint32_t);
		by_time(i64s_of(&g->at), e, spare, len);
	}
	return true;
}

void log_free(struct log *g)
{
	struct buf *const columns[] = { &g->item, &g->activity, &g->person, &g->role, &g->at, &g->start };

	words_free(&g->items);
	words_free(&g->activities);
	words_free(&g->people);
	words_free(&g->roles);
	for (size_t i = 0; i < ARRAY_LEN(columns); i++)
		buf_free(columns[i]);
	*g = (struct log){ 0 };
}
