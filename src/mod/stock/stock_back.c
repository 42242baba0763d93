/* stock_back: goods that come back, put away exactly as they were found. */
#include "mod/stock/stock_int.h"

#include "gen/stock_sql.h"

#include <stdlib.h>

struct sorted {
	struct stock_change *good, *second, *scrap, *gone;
	size_t good_len, second_len, scrap_len;
};

static struct stock_change change_of(struct ctx *c, const struct stock_back *b, const struct product *p, struct qty q)
{
	return (struct stock_change){ .product_id = b->product_id,
		.warehouse = b->warehouse ? b->warehouse : "main",
		.location = b->location   ? b->location
			    : p->location ? p->location
					  : "-",
		.lot = b->lot ? b->lot : "",
		.expires = b->expires,
		.order_id = b->order_id,
		.line = b->line,
		.on_hand = q,
		.at = c->now,
		.shipment_id = INT64_MIN,
		.actor_id = c->actor->id,
		.reason = "return",
		.note = b->note };
}

static void sort_one(struct ctx *c, const struct stock_back *b, const struct product *p, struct sorted *s)
{
	if (b->good.milli > 0)
		s->good[s->good_len++] = change_of(c, b, p, b->good);
	if (b->second.milli > 0) {
		struct stock_change *ch = &s->second[s->second_len++];
		*ch = change_of(c, b, p, b->second);
		ch->lot = arena_printf(c->arena, "%s-次", ch->lot);
	}
	if (b->scrap.milli > 0) {
		s->scrap[s->scrap_len] = change_of(c, b, p, b->scrap);
		s->gone[s->scrap_len] = change_of(c, b, p, (struct qty){ -b->scrap.milli });
		s->gone[s->scrap_len++].reason = "scrap";
	}
}

/* A lot keeps its own date: what comes back brings none of its own to a lot that is there. */
static void keep_dates(struct stock_change *ch, size_t len, struct stock_lot *lots, size_t lots_len)
{
	for (size_t i = 0; i < len; i++) {
		const struct stock_lot *l = stock_lot_find(lots, lots_len, &ch[i]);
		if (l != NULL && l->on_hand.milli > 0)
			ch[i].expires = NULL;
	}
}

static bool sorted_write(struct ctx *c, struct sorted *s)
{
	return stock_write_goods(c, s->good, s->good_len) && stock_write_goods(c, s->second, s->second_len) &&
	       stock_lot_set_aside(c, s->second, s->second_len) && stock_write_goods(c, s->scrap, s->scrap_len) &&
	       stock_write_goods(c, s->gone, s->scrap_len);
}

static const struct product *product_of(const struct product *p, size_t len, int64_t id)
{
	for (size_t i = 0; i < len; i++)
		if (p[i].id == id)
			return &p[i];
	return NULL;
}

bool stock_take_back(struct ctx *c, const struct stock_back *b, size_t len)
{
	const struct product **p = ARENA_ARRAY(c->arena, len, const struct product *);
	struct product *all;
	int64_t *ids = ARENA_ARRAY(c->arena, len + 1, int64_t);
	struct sorted s = { ARENA_ARRAY(c->arena, len, struct stock_change),
		ARENA_ARRAY(c->arena, len, struct stock_change), ARENA_ARRAY(c->arena, len, struct stock_change),
		ARENA_ARRAY(c->arena, len, struct stock_change), 0, 0, 0 };
	struct stock_part *levels;
	struct stock_lot *lots;
	size_t levels_len, lots_len, all_len;

	for (size_t i = 0; i < len; i++)
		ids[i] = b[i].product_id;
	if (!product_list_by_id(c, (struct i64s){ ids, len }, &all, &all_len))
		return false;
	for (size_t i = 0; i < len; i++) {
		p[i] = product_of(all, all_len, ids[i]);
		must(p[i] != NULL);
		sort_one(c, &b[i], p[i], &s);
	}
	if (!stock_level_lock(c, (struct i64s){ ids, len }, &levels, &levels_len) ||
		!stock_lots(c, (struct i64s){ ids, len }, &lots, &lots_len))
		return false;
	keep_dates(s.good, s.good_len, lots, lots_len);
	keep_dates(s.second, s.second_len, lots, lots_len);
	keep_dates(s.scrap, s.scrap_len, lots, lots_len);
	keep_dates(s.gone, s.scrap_len, lots, lots_len);
	if (!sorted_write(c, &s))
		return false;
	for (size_t i = 0, g = 0; i < len; i++)
		if (b[i].good.milli > 0 && !stock_say(c, "stock.booked", p[i], &s.good[g++]))
			return false;
	return true;
}
