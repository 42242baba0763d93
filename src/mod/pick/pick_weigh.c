/* pick_weigh: gross less crates is net, in one step, held against what the goods should weigh. */
#include "mod/pick/pick_int.h"

#include "app/gs1.h"
#include "mod/catalog/catalog.h"

#include <inttypes.h>
#include <stdlib.h>

struct qty pick_nominal(const struct pick_line *l, struct qty quantity)
{
	struct qty kg;

	if (!qty_is(l->nominal_kg) || l->nominal_kg.milli <= 0)
		return QTY_NONE;
	/* A nominal weight that was typed wrong stops no pick: the scale says what is right. */
	if (!qty_to_base(&kg, quantity, (struct ratio){ l->nominal_kg.milli, 1000 }, NULL))
		return (struct qty){ QTY_MAX };
	return qty_min(kg, (struct qty){ QTY_MAX });
}

int64_t pick_tolerance(struct ctx *c, const struct pick_line *l)
{
	return l->weight_tolerance != INT64_MIN ? l->weight_tolerance : setting_int(c, "pick.weight_percent");
}

static bool says_weight(const struct answer_in *in)
{
	return qty_is(in->net_kg) || qty_is(in->gross_kg);
}

bool pick_must_weigh(struct ctx *c, const char *base_unit)
{
	return !unit_weighs(base_unit) && setting_int(c, "pick.must_weigh") != 0;
}

/* Gross less the crates it stood in. */
static bool net_of_gross(struct ctx *c, const struct answer_in *in, struct pick_line *l)
{
	l->gross = in->gross_kg;
	l->tare = qty_is(l->tare) ? l->tare : QTY_ZERO;
	l->crates = l->crates > 0 ? l->crates : 0;
	if (l->crates == 0 && l->tare.milli > 0)
		l->crates = 1;
	l->net = (struct qty){ l->gross.milli - l->crates * l->tare.milli };
	if (l->net.milli <= 0)
		return fail_field(c, "/gross_kg", E_RANGE, T_pick_no_net, qty_str(c->arena, l->gross),
			arena_printf(c->arena, "%" PRId64, l->crates), qty_str(c->arena, l->tare));
	if (qty_is(in->net_kg) && in->net_kg.milli != l->net.milli)
		return fail_field(c, "/net_kg", E_RANGE, T_pick_net_differs, qty_str(c->arena, l->net));
	return true;
}

/* By what the picker gives, by the label of the scale, or, where goods are counted by weight, by the quantity itself. */
static bool read_scale(struct ctx *c, struct pick_line *l, const struct answer_in *in, const struct scan *s)
{
	if (qty_is(in->gross_kg))
		return net_of_gross(c, in, l);
	if (qty_is(in->net_kg))
		l->net = in->net_kg;
	else if (in->scan != NULL && qty_is(s->net_kg) && s->net_kg.milli > 0)
		l->net = s->net_kg;
	else if (pick_must_weigh(c, l->base_unit))
		return fail_field(c, "/gross_kg", E_REQUIRED, T_pick_weigh_first, l->name);
	else
		l->net = pick_nominal(l, in->quantity);
	return true;
}

/* A weight far from what it should be is a wrong key, a forgotten crate or the wrong goods, until the picker says why. */
static bool not_too_far(struct ctx *c, struct pick_line *l, const struct answer_in *in)
{
	int64_t want = pick_nominal(l, in->quantity).milli, off = llabs(l->net.milli - want);
	int64_t percent = pick_tolerance(c, l);

	l->weight_reason = NULL;
	if (off * 100 <= want * percent)
		return true;
	l->weight_reason = in->weight_reason;
	if (in->weight_reason != NULL)
		return true;
	return fail_field(c, "/weight_reason", E_REQUIRED, l->net.milli > want ? T_pick_too_heavy : T_pick_too_light,
		qty_str(c->arena, l->net), qty_str(c->arena, (struct qty){ want }),
		arena_printf(c->arena, "%" PRId64, want > 0 ? off * 100 / want : 100),
		arena_printf(c->arena, "%" PRId64, percent));
}

/* A kind of ours brings its tare and counts once where no count is given; another tare may be said. */
static bool read_crates(struct ctx *c, struct pick_line *l, const struct answer_in *in)
{
	struct crate_kind k;

	l->crate = in->crate;
	l->crates = in->crates;
	l->tare = in->tare_kg;
	if (in->crate == NULL)
		return true;
	if (!crate_kind_get(c, in->crate, "/crate", &k))
		return false;
	l->crates = l->crates >= 0 ? l->crates : 1;
	l->tare = qty_is(l->tare) ? l->tare : k.tare_kg;
	return true;
}

bool pick_weigh(struct ctx *c, struct pick_line *l, const struct answer_in *in, const struct scan *s)
{
	l->net = l->gross = QTY_NONE;
	l->weight_reason = NULL;
	if (!read_crates(c, l, in))
		return false;
	if (!qty_is(pick_nominal(l, l->quantity)))
		return !says_weight(in) || fail_field(c, "/gross_kg", E_INVALID, T_pick_not_by_scale, l->name);
	if (in->quantity.milli == 0) {
		l->net = QTY_ZERO;
		return true;
	}
	return read_scale(c, l, in, s) && not_too_far(c, l, in);
}
