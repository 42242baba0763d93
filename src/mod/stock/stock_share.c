/* stock_share: what some orders hold of one product is shared among them anew. A warehouse can promise what is good there on
 * that day, less what all others hold; who holds goods somewhere keeps them there as far as the share goes. */
#include "mod/stock/stock_int.h"

#include "gen/stock_sql.h"

#include <string.h>

/* A warehouse while its goods are handed out: what the portions hold there now and shall hold. */
struct room {
	struct stock_part *part;
	int64_t left; /* what it can still promise them */
	int64_t *have, *want;
};

bool stock_lock(struct ctx *c, int64_t product_id)
{
	struct stock_part *levels;
	size_t len;

	return stock_level_lock(c, (struct i64s){ &product_id, 1 }, &levels, &len);
}

static size_t portion_of(const struct stock_portion *p, size_t len, const struct stock_hold *h)
{
	for (size_t i = 0; i < len; i++)
		if (p[i].order_id == h->order_id && p[i].line == h->line)
			return i;
	return len;
}

/* The warehouses' rooms for these orders; what they hold beyond the portions stays what others hold. */
static bool rooms_of(struct ctx *c, int64_t product_id, struct date ship, struct i64s orders,
	const struct stock_portion *p, size_t len, struct room **out, size_t *rooms)
{
	struct stock_part *parts;
	struct stock_hold *h;
	struct room *r;
	size_t holds, k = 0;

	if (!stock_parts(c, (struct i64s){ &product_id, 1 }, ship, &parts, rooms) ||
		!stock_holds_of_product(c, product_id, orders, &h, &holds))
		return false;
	*out = r = ARENA_ARRAY(c->arena, *rooms + 1, struct room);
	for (size_t w = 0; w < *rooms; w++) {
		r[w] = (struct room){ &parts[w],
			parts[w].on_hand.milli - parts[w].quarantined.milli - parts[w].expired.milli -
				parts[w].committed.milli,
			ARENA_ARRAY(c->arena, len + 1, int64_t), ARENA_ARRAY(c->arena, len + 1, int64_t) };
		for (; k < holds && strcmp(h[k].warehouse, parts[w].warehouse) == 0; k++) {
			size_t i = portion_of(p, len, &h[k]);
			if (p != NULL && i == len)
				continue;
			r[w].have[i] = h[k].quantity.milli - h[k].bound.milli;
			r[w].left += h[k].quantity.milli - h[k].bound.milli;
		}
		if (r[w].left < 0)
			r[w].left = 0;
	}
	return true;
}

bool stock_shareable(struct ctx *c, int64_t product_id, struct date ship, struct i64s order_ids, struct qty *out)
{
	struct room *r;
	size_t rooms;

	*out = QTY_ZERO;
	if (!rooms_of(c, product_id, ship, order_ids, NULL, 0, &r, &rooms))
		return false;
	for (size_t w = 0; w < rooms; w++)
		out->milli += r[w].left;
	return true;
}

static int64_t least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* First each where it holds goods already, then wherever there is room. False: there is less than was shared out. */
static bool hand_out(struct room *r, size_t rooms, const struct stock_portion *p, size_t len, int64_t *left)
{
	bool enough = true;

	for (size_t i = 0; i < len; i++)
		left[i] = p[i].share.milli;
	for (int pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < len; i++)
			for (size_t w = 0; w < rooms; w++) {
				int64_t take = least(r[w].left, left[i]);
				if (pass == 0)
					take = least(take, r[w].have[i]);
				r[w].want[i] += take;
				r[w].left -= take;
				left[i] -= take;
			}
	for (size_t i = 0; i < len; i++)
		enough = enough && left[i] == 0;
	return enough;
}

/* What is given back is written before what is taken, so that no level promises more than there is in between. */
static size_t moves_of(struct ctx *c, int64_t product_id, const struct room *r, size_t rooms,
	const struct stock_portion *p, size_t len, struct stock_change *ch)
{
	size_t n = 0;

	for (int takes = 0; takes < 2; takes++)
		for (size_t w = 0; w < rooms; w++)
			for (size_t i = 0; i < len; i++) {
				int64_t more = r[w].want[i] - r[w].have[i];
				if (more == 0 || (more > 0) != takes)
					continue;
				ch[n++] = (struct stock_change){ .product_id = product_id,
					.warehouse = r[w].part->warehouse,
					.order_id = p[i].order_id,
					.line = p[i].line,
					.committed = { more },
					.at = c->now };
			}
	return n;
}

static struct i64s orders_of(struct ctx *c, const struct stock_portion *p, size_t len)
{
	int64_t *ids = ARENA_ARRAY(c->arena, len + 1, int64_t);

	for (size_t i = 0; i < len; i++)
		ids[i] = p[i].order_id;
	return (struct i64s){ ids, len };
}

bool stock_share(struct ctx *c, int64_t product_id, struct date ship, const struct stock_portion *p, size_t len)
{
	struct i64s orders = orders_of(c, p, len);
	struct stock_change *ch;
	struct room *r;
	size_t rooms, n;

	if (!stock_lock(c, product_id) || !rooms_of(c, product_id, ship, orders, p, len, &r, &rooms))
		return false;
	if (!hand_out(r, rooms, p, len, ARENA_ARRAY(c->arena, len + 1, int64_t)))
		return fail(c, E_OUT_OF_STOCK, T_stock_share_less);
	ch = ARENA_ARRAY(c->arena, rooms * len + 1, struct stock_change);
	n = moves_of(c, product_id, r, rooms, p, len, ch);
	return stock_hold_open(c, ch, n) && stock_level_move(c, ch, n) && stock_hold_move(c, ch, n) &&
	       stock_hold_sweep(c, orders);
}
