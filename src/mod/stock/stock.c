/* stock: the rules. Every change locks the levels of its products first, in product order. */
#include "mod/stock/stock_int.h"

#include "gen/stock_sql.h"

#include <stdlib.h>
#include <string.h>

const struct field stock_free_fields[] = {
	FIELD(struct stock_free, product_id, T_none, .flags = F_HIDDEN),
	FIELD(struct stock_free, on_hand, T_stock_on_hand),
	FIELD(struct stock_free, committed, T_stock_committed),
	FIELD(struct stock_free, expired, T_stock_expired),
	FIELD(struct stock_free, quarantined, T_stock_quarantined),
	FIELD(struct stock_free, available, T_stock_available),
	FIELD_END,
};

const struct field stock_part_fields[] = {
	FIELD(struct stock_part, product_id, T_none, .flags = F_HIDDEN),
	FIELD(struct stock_part, warehouse, T_stock_warehouse),
	FIELD(struct stock_part, on_hand, T_stock_on_hand),
	FIELD(struct stock_part, committed, T_stock_committed),
	FIELD(struct stock_part, expired, T_stock_expired),
	FIELD(struct stock_part, quarantined, T_stock_quarantined),
	FIELD_END,
};

const struct field stock_lot_fields[] = {
	FIELD(struct stock_lot, product_id, T_none, .flags = F_HIDDEN),
	FIELD(struct stock_lot, warehouse, T_stock_warehouse),
	FIELD(struct stock_lot, location, T_stock_location),
	FIELD(struct stock_lot, lot, T_stock_lot),
	FIELD(struct stock_lot, expires, T_stock_expires),
	FIELD(struct stock_lot, on_hand, T_stock_on_hand),
	FIELD(struct stock_lot, bound, T_stock_bound),
	FIELD(struct stock_lot, quarantined, T_stock_quarantined),
	FIELD(struct stock_lot, expired, T_stock_expired),
	FIELD_END,
};

const struct field stock_hold_fields[] = {
	FIELD(struct stock_hold, order_id, T_none),
	FIELD(struct stock_hold, line, T_stock_line),
	FIELD(struct stock_hold, product_id, T_none),
	FIELD(struct stock_hold, warehouse, T_stock_warehouse),
	FIELD(struct stock_hold, quantity, T_stock_quantity),
	FIELD(struct stock_hold, bound, T_stock_bound),
	FIELD(struct stock_hold, at, T_stock_since),
	FIELD_END,
};

const struct field stock_place_fields[] = {
	FIELD(struct stock_place, order_id, T_none),
	FIELD(struct stock_place, line, T_stock_line),
	FIELD(struct stock_place, product_id, T_none),
	FIELD(struct stock_place, warehouse, T_stock_warehouse),
	FIELD(struct stock_place, location, T_stock_location),
	FIELD(struct stock_place, lot, T_stock_lot),
	FIELD(struct stock_place, expires, T_stock_expires),
	FIELD(struct stock_place, quantity, T_stock_quantity),
	FIELD_END,
};

const struct field stock_change_fields[] = {
	FIELD(struct stock_change, product_id, T_none),
	FIELD(struct stock_change, warehouse, T_none),
	FIELD(struct stock_change, location, T_none),
	FIELD(struct stock_change, lot, T_none),
	FIELD(struct stock_change, expires, T_none),
	FIELD(struct stock_change, order_id, T_none),
	FIELD(struct stock_change, line, T_none),
	FIELD(struct stock_change, on_hand, T_none),
	FIELD(struct stock_change, bound, T_none),
	FIELD(struct stock_change, committed, T_none),
	FIELD(struct stock_change, at, T_none),
	FIELD(struct stock_change, movement_id, T_none),
	FIELD(struct stock_change, shipment_id, T_none),
	FIELD(struct stock_change, actor_id, T_none),
	FIELD(struct stock_change, reason, T_none),
	FIELD(struct stock_change, note, T_none),
	FIELD_END,
};

bool lot_expired(const char *expires, struct date ship)
{
	struct date last;

	return expires != NULL && date_parse(expires, &last) && ship.day > last.day;
}

/* ---- what is free ---- */

/* The parts of some products with what each can still promise. */
static bool parts_of(struct ctx *c, struct i64s product_ids, struct date ship, struct stock_part **out, size_t *len)
{
	if (!stock_parts(c, product_ids, ship, out, len))
		return false;
	for (size_t i = 0; i < *len; i++) {
		struct stock_part *p = &(*out)[i];
		int64_t left = p->on_hand.milli - p->quarantined.milli - p->expired.milli - p->committed.milli;

		p->available.milli = left > 0 ? left : 0;
	}
	return true;
}

bool stock_free_all(struct ctx *c, struct i64s product_ids, struct date ship, struct stock_free **out, size_t *len)
{
	struct stock_part *p;
	struct stock_free *f;
	size_t parts, n = 0;

	if (!parts_of(c, product_ids, ship, &p, &parts))
		return false;
	f = ARENA_ARRAY(c->arena, parts + 1, struct stock_free);
	for (size_t i = 0; i < parts; i++) {
		if (n == 0 || f[n - 1].product_id != p[i].product_id)
			f[n++].product_id = p[i].product_id;
		f[n - 1].on_hand.milli += p[i].on_hand.milli;
		f[n - 1].committed.milli += p[i].committed.milli;
		f[n - 1].expired.milli += p[i].expired.milli;
		f[n - 1].quarantined.milli += p[i].quarantined.milli;
		f[n - 1].available.milli += p[i].available.milli;
	}
	*out = f;
	*len = n;
	return true;
}

/* ---- reserving ---- */

/* By product, the warehouse with most of it first. */
static int by_room(const void *a, const void *b)
{
	const struct stock_part *x = a, *y = b;
	int d = (x->product_id > y->product_id) - (x->product_id < y->product_id);

	d = d ? d : qty_cmp(y->available, x->available);
	return d ? d : strcmp(x->warehouse, y->warehouse);
}

static struct stock_part *first_part(struct stock_part *p, size_t len, int64_t product_id)
{
	size_t lo = 0, hi = len;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (p[mid].product_id < product_id)
			lo = mid + 1;
		else
			hi = mid;
	}
	return &p[lo];
}

/* Takes what the warehouses still have; every pair ends the wish or empties the warehouse, so there are few.
 */
static size_t hold_wish(struct ctx *c, int64_t order_id, struct stock_wish *w, struct stock_part *p,
	struct stock_part *end, struct stock_change *out)
{
	size_t n = 0;

	w->got = QTY_ZERO;
	for (; p < end && p->product_id == w->product_id && w->got.milli < w->quantity.milli; p++) {
		struct qty take = qty_min(p->available, (struct qty){ w->quantity.milli - w->got.milli });

		if (take.milli <= 0)
			continue;
		p->available.milli -= take.milli;
		w->got.milli += take.milli;
		out[n++] = (struct stock_change){
			.product_id = w->product_id,
			.warehouse = p->warehouse,
			.order_id = order_id,
			.line = w->line,
			.committed = take,
			.at = c->now,
		};
	}
	return n;
}

static bool too_little(struct ctx *c, const struct stock_wish *w)
{
	struct product p;

	return product_get(c, w->product_id, &p) &&
	       fail(c, E_OUT_OF_STOCK, T_stock_short, arena_printf(c->arena, "%lld", (long long)w->line), p.name,
		       qty_str(c->arena, w->got), p.base_unit, qty_str(c->arena, w->quantity));
}

static struct i64s products_of(struct ctx *c, const struct stock_wish *w, size_t len)
{
	int64_t *ids = ARENA_ARRAY(c->arena, len + 1, int64_t);

	for (size_t i = 0; i < len; i++)
		ids[i] = w[i].product_id;
	return (struct i64s){ ids, len };
}

bool stock_reserve(struct ctx *c, int64_t order_id, struct date ship, struct stock_wish *wishes, size_t len)
{
	struct i64s products = products_of(c, wishes, len);
	struct stock_part *parts;
	struct stock_change *ch;
	size_t parts_len, n = 0;

	if (!stock_level_lock(c, products, &parts, &parts_len) || !parts_of(c, products, ship, &parts, &parts_len))
		return false;
	ch = ARENA_ARRAY(c->arena, len + parts_len + 1, struct stock_change);
	if (parts_len > 0)
		qsort(parts, parts_len, sizeof(*parts), by_room);
	for (size_t i = 0; i < len; i++) {
		n += hold_wish(c, order_id, &wishes[i], first_part(parts, parts_len, wishes[i].product_id),
			parts + parts_len, &ch[n]);
		if (qty_cmp(wishes[i].got, wishes[i].quantity) < 0)
			return too_little(c, &wishes[i]);
	}
	return stock_hold_open(c, ch, n) && stock_level_move(c, ch, n) && stock_hold_move(c, ch, n);
}

/* Gives back up to `left` of these; what already has its lots stays until they are unbound or issued. */
static bool give_back(struct ctx *c, const struct stock_hold *h, size_t len, int64_t left)
{
	struct stock_change *ch = ARENA_ARRAY(c->arena, len + 1, struct stock_change);
	struct i64s order = { len ? &h[0].order_id : NULL, len ? 1 : 0 };
	size_t n = 0;

	for (size_t i = 0; i < len && left > 0; i++) {
		struct qty give = qty_min((struct qty){ left }, (struct qty){ h[i].quantity.milli - h[i].bound.milli });

		left -= give.milli;
		if (give.milli > 0)
			ch[n++] = (struct stock_change){
				.product_id = h[i].product_id,
				.warehouse = h[i].warehouse,
				.order_id = h[i].order_id,
				.line = h[i].line,
				.committed = { -give.milli },
			};
	}
	return n == 0 || (stock_level_move(c, ch, n) && stock_hold_move(c, ch, n) && stock_hold_sweep(c, order));
}

static bool lock_orders(struct ctx *c, struct i64s order_ids)
{
	struct stock_part *levels;
	size_t len;

	return stock_level_lock_orders(c, order_ids, &levels, &len);
}

bool stock_release(struct ctx *c, int64_t order_id, int64_t line, struct qty quantity)
{
	struct stock_hold *h;
	size_t len;

	return lock_orders(c, (struct i64s){ &order_id, 1 }) && stock_holds_of_line(c, order_id, line, &h, &len) &&
	       give_back(c, h, len, qty_is(quantity) ? quantity.milli : INT64_MAX);
}

bool stock_release_order(struct ctx *c, int64_t order_id)
{
	struct stock_hold *h;
	size_t len;

	return lock_orders(c, (struct i64s){ &order_id, 1 }) && stock_holds_of_order(c, order_id, &h, &len) &&
	       give_back(c, h, len, INT64_MAX);
}

/* ---- binding lots ---- */

static int by_key(int64_t a, int64_t b, const char *x, const char *y)
{
	int d = (a > b) - (a < b);

	return d ? d : strcmp(x, y);
}

/* Both lists run by product and warehouse, so one walk over each is enough. */
static size_t bind_hold(
	const struct stock_hold *h, struct stock_lot **at, struct stock_lot *end, struct stock_place *out)
{
	int64_t left = h->quantity.milli - h->bound.milli;
	size_t n = 0;

	while (*at < end && by_key((*at)->product_id, h->product_id, (*at)->warehouse, h->warehouse) < 0)
		(*at)++;
	while (left > 0 && *at < end && by_key((*at)->product_id, h->product_id, (*at)->warehouse, h->warehouse) == 0) {
		struct stock_lot *l = *at;
		struct qty room = { l->on_hand.milli - l->bound.milli - l->quarantined.milli };
		struct qty take = qty_min(room, (struct qty){ left });

		if (room.milli <= 0) {
			(*at)++;
			continue;
		}
		l->bound.milli += take.milli;
		left -= take.milli;
		out[n++] = (struct stock_place){ h->order_id, h->line, h->product_id, l->warehouse, l->location, l->lot,
			l->expires, take };
	}
	return n;
}

static int by_walk(const void *a, const void *b)
{
	const struct stock_place *x = a, *y = b;
	int d = strcmp(x->warehouse, y->warehouse);

	d = d ? d : strcmp(x->location, y->location);
	d = d ? d : by_key(x->product_id, y->product_id, x->lot, y->lot);
	d = d ? d : (x->order_id > y->order_id) - (x->order_id < y->order_id);
	return d ? d : (x->line > y->line) - (x->line < y->line);
}

/* Places as differences: how often each member is added. */
static struct stock_change *changes_of(
	struct ctx *c, const struct stock_place *p, size_t len, int on_hand, int bound, int committed)
{
	struct stock_change *ch = ARENA_ARRAY(c->arena, len + 1, struct stock_change);

	for (size_t i = 0; i < len; i++)
		ch[i] = (struct stock_change){
			.product_id = p[i].product_id,
			.warehouse = p[i].warehouse,
			.location = p[i].location,
			.lot = p[i].lot,
			.expires = p[i].expires,
			.order_id = p[i].order_id,
			.line = p[i].line,
			.on_hand = { on_hand * p[i].quantity.milli },
			.bound = { bound * p[i].quantity.milli },
			.committed = { committed * p[i].quantity.milli },
			.at = c->now,
			.shipment_id = INT64_MIN,
			.actor_id = c->actor->id,
		};
	return ch;
}

static struct i64s held_products(struct ctx *c, const struct stock_hold *h, size_t len)
{
	int64_t *ids = ARENA_ARRAY(c->arena, len + 1, int64_t);
	size_t n = 0;

	for (size_t i = 0; i < len; i++)
		if (n == 0 || ids[n - 1] != h[i].product_id)
			ids[n++] = h[i].product_id;
	return (struct i64s){ ids, n };
}

bool stock_bind(struct ctx *c, const int64_t *order_ids, size_t orders_len, struct date ship, struct stock_place **out,
	size_t *len)
{
	struct i64s orders = { order_ids, orders_len };
	struct stock_change *ch;
	struct stock_hold *h;
	struct stock_lot *lots, *at;
	size_t holds, lots_len;

	if (!lock_orders(c, orders) || !stock_holds_of_orders(c, orders, &h, &holds) ||
		!stock_lots_usable(c, held_products(c, h, holds), ship, &lots, &lots_len))
		return false;
	*out = ARENA_ARRAY(c->arena, holds + lots_len + 1, struct stock_place);
	*len = 0;
	at = lots;
	for (size_t i = 0; i < holds; i++)
		*len += bind_hold(&h[i], &at, lots + lots_len, &(*out)[*len]);
	ch = changes_of(c, *out, *len, 0, 1, 0);
	qsort(*out, *len, sizeof(**out), by_walk);
	return stock_lot_move(c, ch, *len) && stock_hold_move(c, ch, *len);
}

static int by_lot(const void *a, const void *b)
{
	const struct stock_lot *x = a, *y = b;
	int d = by_key(x->product_id, y->product_id, x->warehouse, y->warehouse);

	d = d ? d : strcmp(x->location, y->location);
	return d ? d : strcmp(x->lot, y->lot);
}

struct stock_lot *stock_lot_find(struct stock_lot *lots, size_t len, const struct stock_change *ch)
{
	struct stock_lot key = {
		.product_id = ch->product_id, .warehouse = ch->warehouse, .location = ch->location, .lot = ch->lot
	};

	return len ? bsearch(&key, lots, len, sizeof(*lots), by_lot) : NULL;
}

static bool lock_places(
	struct ctx *c, const struct stock_place *p, size_t len, struct stock_lot **lots, size_t *lots_len)
{
	int64_t *ids = ARENA_ARRAY(c->arena, len + 1, int64_t);
	struct stock_part *levels;
	size_t levels_len;

	for (size_t i = 0; i < len; i++)
		ids[i] = p[i].product_id;
	return stock_level_lock(c, (struct i64s){ ids, len }, &levels, &levels_len) &&
	       stock_lots(c, (struct i64s){ ids, len }, lots, lots_len);
}

/* The lots really hold so much for orders; their products are locked. */
static bool must_be_bound(struct ctx *c, const struct stock_place *p, const struct stock_change *ch, size_t len)
{
	struct stock_lot *lots;
	size_t lots_len;

	if (!lock_places(c, p, len, &lots, &lots_len))
		return false;
	for (size_t i = 0; i < len; i++) {
		struct stock_lot *l = stock_lot_find(lots, lots_len, &ch[i]);

		if (l == NULL || qty_cmp(l->bound, p[i].quantity) < 0)
			return fail(c, E_CONFLICT, T_stock_not_bound, p[i].location, p[i].lot);
		l->bound.milli -= p[i].quantity.milli;
	}
	return true;
}

bool stock_unbind(struct ctx *c, const struct stock_place *p, struct qty quantity)
{
	struct stock_place part = *p;
	struct stock_change *ch;

	part.quantity = quantity;
	if (quantity.milli <= 0)
		return true;
	ch = changes_of(c, &part, 1, 0, -1, 0);
	return must_be_bound(c, &part, ch, 1) && stock_hold_move(c, ch, 1) && stock_lot_move(c, ch, 1);
}

/* ---- goods leave and come back ---- */

static bool number_movements(struct ctx *c, struct stock_change *ch, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!id_new(c, &ch[i].movement_id))
			return false;
	return true;
}

static bool move_goods(struct ctx *c, struct stock_change *ch, size_t len)
{
	return number_movements(c, ch, len) && stock_lot_move(c, ch, len) && stock_level_move(c, ch, len) &&
	       stock_movement_add(c, ch, len);
}

bool stock_write_goods(struct ctx *c, struct stock_change *ch, size_t len)
{
	return stock_lot_open(c, ch, len) && stock_level_open(c, ch, len) && move_goods(c, ch, len);
}

static void say_shipment(struct stock_change *ch, size_t len, int64_t shipment_id, const char *reason)
{
	for (size_t i = 0; i < len; i++) {
		ch[i].shipment_id = shipment_id;
		ch[i].reason = reason;
	}
}

bool stock_issue(struct ctx *c, int64_t shipment_id, const struct stock_place *places, size_t len)
{
	struct stock_change *ch = changes_of(c, places, len, -1, -1, -1);
	int64_t *orders = ARENA_ARRAY(c->arena, len + 1, int64_t);

	for (size_t i = 0; i < len; i++)
		orders[i] = places[i].order_id;
	say_shipment(ch, len, shipment_id, "dispatch");
	return must_be_bound(c, places, ch, len) && stock_hold_move(c, ch, len) && move_goods(c, ch, len) &&
	       stock_hold_sweep(c, (struct i64s){ orders, len });
}

bool stock_unissue(struct ctx *c, int64_t shipment_id, const struct stock_place *places, size_t len)
{
	struct stock_change *ch = changes_of(c, places, len, 1, 1, 1);
	struct stock_lot *lots;
	size_t lots_len;

	say_shipment(ch, len, shipment_id, "undo_dispatch");
	return lock_places(c, places, len, &lots, &lots_len) && stock_write_goods(c, ch, len) &&
	       stock_hold_open(c, ch, len) && stock_hold_move(c, ch, len);
}

/* ---- booking ---- */

static struct stock_change booking_of(struct ctx *c, const struct stock_booking *b, const struct product *p)
{
	const char *expires = date_is(b->expires) ? date_str(c->arena, b->expires) : NULL;

	return (struct stock_change){
		.product_id = b->product_id,
		.warehouse = b->warehouse ? b->warehouse : "main",
		.location = b->location   ? b->location
			    : p->location ? p->location
					  : "-",
		.lot = b->lot ? b->lot : "",
		.expires = expires,
		.order_id = INT64_MIN,
		.line = INT64_MIN,
		.on_hand = b->quantity,
		.at = c->now,
		.shipment_id = INT64_MIN,
		.actor_id = c->actor->id,
		.reason = b->reason,
		.note = b->note,
	};
}

bool stock_lot_dated(const struct stock_lot *l, const char *expires)
{
	return l == NULL || l->on_hand.milli == 0 || expires == NULL ||
	       (l->expires && strcmp(l->expires, expires) == 0);
}

/* What is free of a lot: neither promised there nor needed for promises on the whole warehouse. */
static int64_t room_of(const struct stock_lot *l, const char *warehouse, const struct stock_part *levels, size_t len)
{
	int64_t room = l ? l->on_hand.milli - l->bound.milli : 0;

	for (size_t i = 0; i < len; i++)
		if (strcmp(levels[i].warehouse, warehouse) == 0 &&
			levels[i].on_hand.milli - levels[i].committed.milli < room)
			room = levels[i].on_hand.milli - levels[i].committed.milli;
	return room;
}

static bool may_book(
	struct ctx *c, const struct stock_change *ch, const struct product *p, struct stock_lot *lots, size_t lots_len)
{
	struct stock_lot *l = stock_lot_find(lots, lots_len, ch);
	struct stock_part *levels;
	size_t len;
	int64_t room;

	if (!stock_level_lock(c, (struct i64s){ &p->id, 1 }, &levels, &len))
		return false;
	room = room_of(l, ch->warehouse, levels, len);
	if (-ch->on_hand.milli > room)
		return fail(c, E_OUT_OF_STOCK, T_stock_only_free, p->name, ch->location,
			qty_str(c->arena, (struct qty){ room }), p->base_unit);
	return stock_lot_dated(l, ch->expires) ||
	       fail(c, E_CONFLICT, T_stock_other_date, ch->lot, l->expires ? l->expires : "-");
}

/* Goods that go and nobody says from where: from the lot that expires first and has enough. */
static void find_place(struct stock_change *ch, const struct stock_lot *lots, size_t len)
{
	const struct stock_lot *best = NULL;

	for (size_t i = 0; i < len; i++)
		if (strcmp(lots[i].warehouse, ch->warehouse) == 0 &&
			lots[i].on_hand.milli - lots[i].bound.milli >= -ch->on_hand.milli &&
			(best == NULL ||
				(lots[i].expires && (!best->expires || strcmp(lots[i].expires, best->expires) < 0))))
			best = &lots[i];
	if (best == NULL)
		return;
	ch->location = best->location;
	ch->lot = best->lot;
}

bool stock_say(struct ctx *c, const char *kind, const struct product *p, const struct stock_change *ch)
{
	struct event e = { .kind = kind, .entity = "product", .entity_id = p->id };
	struct buf b;
	struct json j;

	buf_init(&b, c->arena);
	json_start(&j, &b);
	json_obj(&j, NULL);
	json_str(&j, "sku", p->sku);
	json_str(&j, "warehouse", ch->warehouse);
	json_str(&j, "location", ch->location);
	json_str(&j, "lot", ch->lot);
	json_str(&j, "expires", ch->expires);
	json_qty(&j, "quantity", ch->on_hand);
	json_str(&j, "unit", p->base_unit);
	json_str(&j, "reason", ch->reason);
	json_int(&j, "movement", ch->movement_id);
	json_end_obj(&j);
	e.data = buf_cstr(&b);
	return event_add(c, &e);
}

bool stock_book(struct ctx *c, const struct stock_booking *b, int64_t *movement_id)
{
	struct stock_part *levels;
	struct stock_change ch;
	struct stock_lot *lots;
	struct product p;
	size_t len;

	if (!product_get(c, b->product_id, &p) || !stock_level_lock(c, (struct i64s){ &p.id, 1 }, &levels, &len) ||
		!stock_lots(c, (struct i64s){ &p.id, 1 }, &lots, &len))
		return false;
	ch = booking_of(c, b, &p);
	if (b->quantity.milli < 0 && b->location == NULL && b->lot == NULL)
		find_place(&ch, lots, len);
	if (!may_book(c, &ch, &p, lots, len) || !stock_write_goods(c, &ch, 1))
		return false;
	*movement_id = ch.movement_id;
	return stock_say(c, "stock.booked", &p, &ch);
}
