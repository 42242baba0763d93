/* stock_place: goods that change their place or are set aside; how much there is stays. */
#include "mod/stock/stock_int.h"

#include "gen/stock_sql.h"

#include <string.h>

static struct stock_change change_at(struct ctx *c, int64_t product_id, const char *warehouse, const char *location,
	const char *lot, struct qty quantity)
{
	return (struct stock_change){ .product_id = product_id,
		.warehouse = warehouse,
		.location = location,
		.lot = lot,
		.order_id = INT64_MIN,
		.line = INT64_MIN,
		.on_hand = quantity,
		.at = c->now,
		.shipment_id = INT64_MIN,
		.actor_id = c->actor->id };
}

/* The levels stay locked until the commit, so nobody promises what is moving. */
static bool lots_locked(struct ctx *c, struct i64s products, struct stock_lot **lots, size_t *len,
	struct stock_part **levels, size_t *levels_len)
{
	return stock_level_lock(c, products, levels, levels_len) && stock_lots(c, products, lots, len);
}

/* What of a warehouse is neither promised nor set aside. */
static int64_t free_in(const char *warehouse, const struct stock_part *levels, size_t levels_len,
	const struct stock_lot *lots, size_t len)
{
	int64_t left = 0;

	for (size_t i = 0; i < levels_len; i++)
		if (strcmp(levels[i].warehouse, warehouse) == 0)
			left += levels[i].on_hand.milli - levels[i].committed.milli;
	for (size_t i = 0; i < len; i++)
		if (strcmp(lots[i].warehouse, warehouse) == 0)
			left -= lots[i].quarantined.milli;
	return left;
}

static int64_t movable(const struct stock_lot *l)
{
	return l == NULL ? 0 : l->on_hand.milli - l->bound.milli - l->quarantined.milli;
}

static bool only(struct ctx *c, int64_t product_id, const char *location, int64_t room)
{
	struct product p;

	return product_get(c, product_id, &p) &&
	       fail(c, E_OUT_OF_STOCK, T_stock_only_free, p.name, location,
		       qty_str(c->arena, (struct qty){ room > 0 ? room : 0 }), p.base_unit);
}

bool stock_shift(struct ctx *c, const struct stock_shift *s)
{
	const char *to = s->to_warehouse != NULL ? s->to_warehouse : s->warehouse;
	struct stock_change ch[2] = { change_at(c, s->product_id, s->warehouse, s->location, s->lot,
					      (struct qty){ -s->quantity.milli }),
		change_at(c, s->product_id, to, s->to_location, s->lot, s->quantity) };
	struct stock_part *levels;
	struct stock_lot *lots, *from;
	struct product p;
	size_t len, levels_len;
	int64_t room;

	if (!product_get(c, s->product_id, &p) ||
		!lots_locked(c, (struct i64s){ &s->product_id, 1 }, &lots, &len, &levels, &levels_len))
		return false;
	from = stock_lot_find(lots, len, &ch[0]);
	room = movable(from);
	if (strcmp(to, s->warehouse) != 0 && free_in(s->warehouse, levels, levels_len, lots, len) < room)
		room = free_in(s->warehouse, levels, levels_len, lots, len);
	if (s->quantity.milli > room)
		return only(c, s->product_id, s->location, room);
	ch[0].expires = ch[1].expires = from->expires;
	ch[0].reason = ch[1].reason = "move";
	ch[0].note = ch[1].note = s->note;
	if (!stock_lot_dated(stock_lot_find(lots, len, &ch[1]), from->expires))
		return fail(c, E_CONFLICT, T_stock_other_date, s->lot, from->expires != NULL ? from->expires : "-");
	return stock_write_goods(c, ch, 2) && stock_say(c, "stock.moved", &p, &ch[1]);
}

bool stock_set_aside(struct ctx *c, int64_t product_id, const char *warehouse, const char *location, const char *lot,
	struct qty quantity, const char *reason)
{
	struct stock_change ch = change_at(c, product_id, warehouse, location, lot, quantity);
	struct event ev = { .kind = quantity.milli > 0 ? "stock.set_aside" : "stock.let_go",
		.entity = "product",
		.entity_id = product_id };
	struct stock_part *levels;
	struct stock_lot *lots, *l;
	struct buf b;
	struct json j;
	size_t len, levels_len;
	int64_t room;

	if (!lots_locked(c, (struct i64s){ &product_id, 1 }, &lots, &len, &levels, &levels_len))
		return false;
	l = stock_lot_find(lots, len, &ch);
	room = quantity.milli < 0 ? (l != NULL ? l->quarantined.milli : 0) : movable(l);
	if (quantity.milli > 0 && free_in(warehouse, levels, levels_len, lots, len) < room)
		room = free_in(warehouse, levels, levels_len, lots, len);
	if ((quantity.milli < 0 ? -quantity.milli : quantity.milli) > room)
		return only(c, product_id, location, room);
	buf_init(&b, c->arena);
	json_start(&j, &b);
	json_obj(&j, NULL);
	json_str(&j, "warehouse", warehouse);
	json_str(&j, "location", location);
	json_str(&j, "lot", lot);
	json_qty(&j, "quantity", quantity);
	json_str(&j, "reason", reason);
	json_end_obj(&j);
	ev.data = buf_cstr(&b);
	return stock_lot_set_aside(c, &ch, 1) && event_add(c, &ev);
}

/* ---- counted ---- */

static struct stock_part *level_of(struct stock_part *levels, size_t len, const struct stock_change *ch)
{
	for (size_t i = 0; i < len; i++)
		if (levels[i].product_id == ch->product_id && strcmp(levels[i].warehouse, ch->warehouse) == 0)
			return &levels[i];
	return NULL;
}

/* The books in memory follow each difference, so that the next one meets what the ones before it left. */
static bool difference_fits(struct ctx *c, const struct stock_change *ch, struct stock_lot *l, struct stock_part *level)
{
	int64_t room = l != NULL ? l->on_hand.milli - l->bound.milli : 0;

	if (level != NULL && level->on_hand.milli - level->committed.milli < room)
		room = level->on_hand.milli - level->committed.milli;
	if (-ch->on_hand.milli > room)
		return only(c, ch->product_id, ch->location, room);
	if (l != NULL)
		l->on_hand.milli += ch->on_hand.milli;
	if (level != NULL)
		level->on_hand.milli += ch->on_hand.milli;
	return true;
}

static const struct product *product_in(const struct product *p, size_t len, int64_t id)
{
	size_t i = 0;

	while (i < len && p[i].id != id)
		i++;
	must(i < len);
	return &p[i];
}

/* What was found first, so that one shelf's find makes up for another's loss. */
static size_t found_first(
	struct ctx *c, const struct stock_found *f, size_t len, const char *note, struct stock_change *ch)
{
	size_t n = 0;

	for (int sign = 1; sign >= -1; sign -= 2)
		for (size_t i = 0; i < len; i++)
			if (sign * f[i].difference.milli > 0) {
				ch[n] = change_at(
					c, f[i].product_id, f[i].warehouse, f[i].location, f[i].lot, f[i].difference);
				ch[n].reason = "count";
				ch[n++].note = note;
			}
	return n;
}

bool stock_recount(struct ctx *c, const struct stock_found *f, size_t len, const char *note)
{
	struct stock_change *ch = ARENA_ARRAY(c->arena, len + 1, struct stock_change);
	int64_t *ids = ARENA_ARRAY(c->arena, len + 1, int64_t);
	size_t n = found_first(c, f, len, note, ch), lots_len, levels_len, products_len;
	struct stock_part *levels;
	struct stock_lot *lots;
	struct product *products;

	for (size_t i = 0; i < n; i++)
		ids[i] = ch[i].product_id;
	if (!lots_locked(c, (struct i64s){ ids, n }, &lots, &lots_len, &levels, &levels_len) ||
		!product_list_by_id(c, (struct i64s){ ids, n }, &products, &products_len))
		return false;
	for (size_t i = 0; i < n; i++)
		if (!difference_fits(
			    c, &ch[i], stock_lot_find(lots, lots_len, &ch[i]), level_of(levels, levels_len, &ch[i])))
			return false;
	if (!stock_write_goods(c, ch, n))
		return false;
	for (size_t i = 0; i < n; i++)
		if (!stock_say(c, "stock.booked", product_in(products, products_len, ch[i].product_id), &ch[i]))
			return false;
	return true;
}
