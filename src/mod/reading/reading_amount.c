/* What an amount means of one ware: which of its units, how many, and what is doubtful about it. */
#include "mod/reading/reading_int.h"

#include <string.h>

#define MILLI 1000

static const char *const *options_of(struct reader *r, uint32_t from, uint32_t to)
{
	if (r->unit_options == NULL || r->unit_from != from || r->unit_to != to)
		r->unit_options = unit_options(r->a, &r->t, from, to);
	r->unit_from = from;
	r->unit_to = to;
	return r->unit_options;
}

/* As the ware itself calls it; else what everybody knows, by the name it usually has. */
const char *ware_unit_at(struct reader *r, const struct ware *w, uint32_t from, uint32_t to, struct ratio *out)
{
	const char *const *options;

	if (from == to)
		return NULL;
	options = options_of(r, from, to);
	for (size_t k = 0; options[k] != NULL; k++)
		if (ware_unit_listed(r->g, w, options[k], out))
			return options[k];
	for (size_t k = 1; options[k] != NULL; k++)
		if (ware_unit_ratio(r->g, w, options[k], out))
			return options[k];
	return ware_unit_ratio(r->g, w, options[0], out) ? options[0] : NULL;
}

bool counted_base(const struct counted *n, int64_t *milli)
{
	int64_t num;

	if (n->ratio.den == 0 || __builtin_mul_overflow(n->milli, n->ratio.num, &num))
		return false;
	*milli = num / n->ratio.den;
	return num % n->ratio.den == 0;
}

/* So many times what is told in thousandths; false where it does not come out or is too much. */
static bool product(int64_t milli, int64_t times, int64_t *out)
{
	int64_t all;

	if (__builtin_mul_overflow(milli, times, &all))
		return false;
	*out = all / MILLI;
	return all % MILLI == 0;
}

/* So many thousandths are just one of num/den. */
static bool is_of_ratio(int64_t milli, int64_t num, int64_t den)
{
	int64_t here, there;

	return !__builtin_mul_overflow(num, INT64_C(1000), &here) && !__builtin_mul_overflow(milli, den, &there) &&
	       here == there;
}

static struct counted usual(struct reader *r, const struct ware *w, int64_t milli)
{
	struct counted n = { .milli = milli, .unit = wares_str(r->g, w->usual) };

	if (!ware_unit_ratio(r->g, w, n.unit, &n.ratio))
		n.ratio = (struct ratio){ 1, 1 };
	return n;
}

static struct counted in_unit(
	struct reader *r, const struct ware *w, int64_t milli, uint32_t from, uint32_t to, unsigned *doubts)
{
	struct counted n = { .milli = milli };

	n.unit = ware_unit_at(r, w, from, to, &n.ratio);
	if (n.unit != NULL) {
		*doubts |= unit_is_weight(n.unit) && !w->weight ? DOUBT_WEIGHT : 0;
		return n;
	}
	*doubts |= from == to ? DOUBT_NO_UNIT : DOUBT_BAD_UNIT;
	return usual(r, w, milli);
}

/* ---- 12×5 ---- */

/* The unit of which one holds so many base units. */
static bool unit_of_size(struct reader *r, const struct ware *w, int64_t base_milli, struct counted *out)
{
	for (uint32_t i = 0; i < w->units_len; i++) {
		const struct ware_unit *u = &r->g->units[w->units + i];

		if (base_milli > MILLI && is_of_ratio(base_milli, u->num, u->den)) {
			out->unit = wares_str(r->g, u->name);
			out->ratio = (struct ratio){ u->num, u->den };
			return true;
		}
	}
	return false;
}

static struct counted times(struct reader *r, const struct ware *w, const struct amount *a, unsigned *doubts)
{
	unsigned other = 0;
	struct counted each = in_unit(r, w, a->n.milli, a->unit_from, a->unit_to, &other), n;
	int64_t base = a->n.milli;
	bool unit = a->unit_from < a->unit_to, by_unit = a->by_from < a->by_to;

	if (unit && !counted_base(&each, &base))
		*doubts |= DOUBT_UNCLEAR;
	if (by_unit) {
		n = in_unit(r, w, a->by.milli, a->by_from, a->by_to, doubts);
		/* 24×3箱: right where a 箱 holds 24, else nobody knows. */
		if (!is_of_ratio(base, n.ratio.num, n.ratio.den) || (unit && other))
			*doubts |= DOUBT_UNCLEAR;
		return n;
	}
	*doubts |= DOUBT_NO_UNIT;
	n = usual(r, w, a->by.milli);
	if (unit_of_size(r, w, base, &n))
		return n;
	n = unit && !other ? each : usual(r, w, a->n.milli);
	*doubts |= DOUBT_UNCLEAR | (product(a->n.milli, a->by.milli, &n.milli) ? 0U : DOUBT_PIECE);
	return n;
}

struct counted amount_count(struct reader *r, const struct ware *w, const struct amount *a, unsigned *doubts)
{
	struct counted n;
	int64_t base;

	*doubts |= a->n.approx || a->by.approx ? DOUBT_ABOUT : 0;
	*doubts |= a->n.exact && (!a->times || a->by.exact) ? 0 : DOUBT_PIECE;
	n = a->times ? times(r, w, a, doubts) : in_unit(r, w, a->n.milli, a->unit_from, a->unit_to, doubts);
	if (n.milli <= 0 || n.milli > QTY_MAX)
		*doubts |= DOUBT_UNCLEAR;
	if (!counted_base(&n, &base) || (w->integer_only && base % MILLI != 0))
		*doubts |= DOUBT_PIECE;
	return n;
}
