/* ways: three ways to share what is short, computed from numbers alone. All amounts are thousandths of the base unit. */
#include "mod/shortage/shortage.h"

#include <stdlib.h>
#include <string.h>

const char *const share_way_names[] = { "proportion", "class", "time", NULL };

/* A line while goods are handed out. */
struct claim {
	size_t at; /* its place in the queue */
	const char *tier;
	int64_t wanted, got;
	__int128 rest; /* of its quota after rounding down */
};

static int64_t least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* Whole units of what all of them order in; where they count differently, whole base units. */
static int64_t step_of(const struct short_line *l, size_t len)
{
	for (size_t i = 1; i < len; i++)
		if (l[i].num * l[0].den != l[0].num * l[i].den)
			return 1000;
	return len > 0 && l[0].num * 1000 % l[0].den == 0 ? l[0].num * 1000 / l[0].den : 1000;
}

static int by_rest(const void *a, const void *b)
{
	const struct claim *x = a, *y = b;

	if (x->rest != y->rest)
		return x->rest > y->rest ? -1 : 1;
	return (x->at > y->at) - (x->at < y->at);
}

static int by_tier(const void *a, const void *b)
{
	const struct claim *x = a, *y = b;
	int d = (x->tier == NULL) - (y->tier == NULL);

	if (d == 0 && x->tier != NULL)
		d = strcmp(x->tier, y->tier);
	return d != 0 ? d : (x->at > y->at) - (x->at < y->at);
}

static int64_t wanted_by(const struct claim *k, size_t len)
{
	int64_t sum = 0;

	for (size_t i = 0; i < len; i++)
		sum += k[i].wanted;
	return sum;
}

static int64_t in_turn(struct claim *k, size_t len, int64_t left)
{
	for (size_t i = 0; i < len; i++) {
		k[i].got = least(k[i].wanted, left);
		left -= k[i].got;
	}
	return left;
}

/* Quotas are rounded down to whole units; the units that are left go to the largest rests, the earlier order first, and what is
 * left of a unit to the next one. */
static int64_t in_proportion(struct claim *k, size_t len, int64_t left, int64_t step)
{
	int64_t all = wanted_by(k, len), amount = left;

	if (all <= left)
		return in_turn(k, len, left);
	for (size_t i = 0; i < len; i++) {
		__int128 quota = (__int128)k[i].wanted * amount;
		k[i].got = (int64_t)(quota / all) / step * step;
		k[i].rest = quota - (__int128)k[i].got * all;
		left -= k[i].got;
	}
	qsort(k, len, sizeof(*k), by_rest);
	while (left > 0)
		for (size_t i = 0; i < len; i++) {
			int64_t more = least(least(step, left), k[i].wanted - k[i].got);
			k[i].got += more;
			left -= more;
		}
	return 0;
}

/* Class by class; the one that cannot be served whole shares in proportion. */
static void by_classes(struct claim *k, size_t len, int64_t left, int64_t step)
{
	qsort(k, len, sizeof(*k), by_tier);
	for (size_t from = 0, n; from < len; from += n) {
		for (n = 1; from + n < len &&
			    (k[from].tier == NULL
					    ? k[from + n].tier == NULL
					    : k[from + n].tier != NULL && strcmp(k[from].tier, k[from + n].tier) == 0);)
			n++;
		left = in_proportion(&k[from], n, left, step);
	}
}

static void claims_of(struct claim *k, const struct short_line *l, size_t len)
{
	for (size_t i = 0; i < len; i++)
		k[i] = (struct claim){ .at = i, .tier = l[i].tier, .wanted = l[i].wanted.milli };
}

void shortage_ways(struct arena *a, struct short_line *l, size_t len, struct qty amount)
{
	struct claim *k = ARENA_ARRAY(a, len + 1, struct claim);
	int64_t step = step_of(l, len);

	if (len == 0)
		return;
	claims_of(k, l, len);
	(void)in_turn(k, len, amount.milli);
	for (size_t i = 0; i < len; i++)
		l[k[i].at].by_time.milli = k[i].got;
	claims_of(k, l, len);
	(void)in_proportion(k, len, amount.milli, step);
	for (size_t i = 0; i < len; i++)
		l[k[i].at].proportion.milli = k[i].got;
	claims_of(k, l, len);
	by_classes(k, len, amount.milli, step);
	for (size_t i = 0; i < len; i++)
		l[k[i].at].by_class.milli = k[i].got;
}
