/* Pages and answers of stock: what there is, who holds it, and bookings. */
#include "mod/stock/stock_view.h"

#include "gen/stock_sql.h"
#include "gen/tmpl.h"

#include <string.h>

#define MOVEMENTS_SHOWN 50

const struct field stock_item_fields[] = {
	FIELD(struct stock_item, id, T_none),
	FIELD(struct stock_item, sku, T_product_sku),
	FIELD(struct stock_item, name, T_product_name),
	FIELD(struct stock_item, on_hand, T_stock_on_hand),
	FIELD(struct stock_item, reserved, T_stock_committed),
	FIELD(struct stock_item, expired, T_stock_expired),
	FIELD(struct stock_item, available, T_stock_available),
	FIELD(struct stock_item, base_unit, T_product_base_unit),
	FIELD_END,
};

const struct field stock_holder_fields[] = {
	FIELD(struct stock_holder, order, T_stock_order),
	FIELD(struct stock_holder, number, T_stock_order),
	FIELD(struct stock_holder, customer, T_stock_customer),
	FIELD(struct stock_holder, clerk, T_stock_clerk),
	FIELD(struct stock_holder, line, T_stock_line),
	FIELD(struct stock_holder, warehouse, T_stock_warehouse),
	FIELD(struct stock_holder, quantity, T_stock_quantity),
	FIELD(struct stock_holder, since, T_stock_since),
	FIELD_END,
};

const struct field stock_movement_fields[] = {
	FIELD(struct stock_movement, id, T_none),
	FIELD(struct stock_movement, at, T_stock_at),
	FIELD(struct stock_movement, sku, T_product_sku),
	FIELD(struct stock_movement, warehouse, T_stock_warehouse),
	FIELD(struct stock_movement, location, T_stock_location),
	FIELD(struct stock_movement, lot, T_stock_lot),
	FIELD(struct stock_movement, quantity, T_stock_quantity),
	FIELD(struct stock_movement, unit, T_product_base_unit),
	FIELD(struct stock_movement, reason, T_stock_reason),
	FIELD(struct stock_movement, note, T_stock_note),
	FIELD(struct stock_movement, order_id, T_none),
	FIELD(struct stock_movement, number, T_stock_order),
	FIELD(struct stock_movement, who, T_stock_who),
	FIELD_END,
};

const struct field stock_page_fields[] = {
	FIELD_AS(struct stock_page, product.id, "id", T_none),
	FIELD_AS(struct stock_page, product.sku, "sku", T_product_sku),
	FIELD_AS(struct stock_page, product.name, "name", T_product_name),
	FIELD_AS(struct stock_page, product.base_unit, "base_unit", T_product_base_unit),
	FIELD_AS(struct stock_page, free.on_hand, "on_hand", T_stock_on_hand),
	FIELD_AS(struct stock_page, free.expired, "expired", T_stock_expired),
	FIELD_AS(struct stock_page, free.quarantined, "quarantined", T_stock_quarantined),
	FIELD_AS(struct stock_page, free.committed, "reserved", T_stock_committed),
	FIELD_AS(struct stock_page, free.available, "available", T_stock_available),
	FIELD_LIST(struct stock_page, lots, stock_lot_fields, T_stock_lots),
	FIELD_LIST(struct stock_page, holders, stock_holder_fields, T_stock_holders),
	FIELD_LIST(struct stock_page, movements, stock_movement_fields, T_stock_movements),
	FIELD_END,
};

struct stock_query {
	const char *sku, *q;
};
static const struct field query_fields[] = {
	FIELD(struct stock_query, sku, T_product_sku, .max = 64),
	FIELD(struct stock_query, q, T_product_search, .max = 100),
	FIELD_END,
};

struct movement_in {
	const char *sku, *warehouse, *location, *lot;
	struct date expires;
	struct qty quantity;
	const char *unit, *reason, *note;
};
static const struct field movement_in_fields[] = {
	FIELD(struct movement_in, sku, T_product_sku, .max = 64, .flags = F_REQUIRED),
	FIELD(struct movement_in, warehouse, T_stock_warehouse, .max = 32),
	FIELD(struct movement_in, location, T_stock_location, .max = 50),
	FIELD(struct movement_in, lot, T_stock_lot, .max = 64),
	FIELD(struct movement_in, expires, T_stock_expires),
	FIELD(struct movement_in, quantity, T_stock_quantity, .max = QTY_MAX, .flags = F_REQUIRED),
	FIELD(struct movement_in, unit, T_product_unit, .max = 16),
	FIELD(struct movement_in, reason, T_stock_reason, .max = 50, .flags = F_REQUIRED),
	FIELD(struct movement_in, note, T_stock_note, .max = 200),
	FIELD_END,
};

static const struct view item_view = { stock_item_fields, NULL };
static const struct view page_view = { stock_page_fields, PAGE(tmpl_stock_product) };
static const struct view holder_view = { stock_holder_fields, NULL };
static const struct view movement_view = { stock_movement_fields, NULL };

/* ---- the list ---- */

static bool products_page(struct ctx *c, const struct stock_query *in, const char *after, int64_t limit,
	struct product **rows, size_t *len)
{
	if (in->sku)
		return product_find_all(c, (struct strs){ &in->sku, 1 }, rows, len);
	return product_list(c, in->q, after, limit, rows, len);
}

static struct stock_item item_of(const struct product *p, const struct stock_free *f)
{
	struct stock_item it = { .id = p->id, .sku = p->sku, .name = p->name, .base_unit = p->base_unit };

	if (f == NULL)
		return it;
	it.on_hand = f->on_hand;
	it.reserved = f->committed;
	it.expired = f->expired;
	it.available = f->available;
	it.rots = f->expired.milli > 0;
	it.low = f->available.milli < f->on_hand.milli / 5;
	return it;
}

static const struct stock_free *free_of(const struct stock_free *f, size_t len, int64_t product_id)
{
	for (size_t i = 0; i < len; i++)
		if (f[i].product_id == product_id)
			return &f[i];
	return NULL;
}

static bool items_of(struct ctx *c, const struct product *p, size_t len, struct stock_item **out)
{
	int64_t *ids = ARENA_ARRAY(c->arena, len + 1, int64_t);
	struct stock_free *f;
	size_t frees;

	for (size_t i = 0; i < len; i++)
		ids[i] = p[i].id;
	if (!stock_free_all(c, (struct i64s){ ids, len }, today(c), &f, &frees))
		return false;
	*out = ARENA_ARRAY(c->arena, len + 1, struct stock_item);
	for (size_t i = 0; i < len; i++)
		(*out)[i] = item_of(&p[i], free_of(f, frees, p[i].id));
	return true;
}

static struct done *list_get(struct ctx *c, struct req *r)
{
	const struct stock_query *in = req_in(r);
	struct paging at = req_paging(r);
	struct stock_list v = { .q = in->q ? in->q : in->sku };
	const struct product *last;
	struct product *p;
	int64_t next;
	size_t len;

	if (!products_page(c, in, at.after_key, at.limit + 1, &p, &len))
		return reply_error(r);
	v.rows_len = len > (size_t)at.limit ? (size_t)at.limit : len;
	if (!items_of(c, p, v.rows_len, &v.rows))
		return reply_error(r);
	last = v.rows_len > 0 ? &p[v.rows_len - 1] : &(struct product){ 0 };
	next = len > v.rows_len ? last->id : 0;
	v.next_url = req_next(r, next, last->sku);
	return reply_list(r, &item_view, v.rows, v.rows_len, next, last->sku, PAGE(tmpl_stock_list), &v);
}

/* ---- one product ---- */

static bool free_now(struct ctx *c, int64_t product_id, struct stock_free *out)
{
	struct stock_free *f;
	size_t len;

	if (!stock_free_all(c, (struct i64s){ &product_id, 1 }, today(c), &f, &len))
		return false;
	*out = len > 0 ? f[0] : (struct stock_free){ .product_id = product_id };
	return true;
}

static bool page_of(struct ctx *c, struct stock_page *v)
{
	int64_t id = v->product.id;

	if (!free_now(c, id, &v->free) || !stock_lots_here(c, id, &v->lots, &v->lots_len) ||
		!stock_holders(c, id, &v->holders, &v->holders_len) ||
		!stock_movements(c, id, MOVEMENTS_SHOWN, &v->movements, &v->movements_len))
		return false;
	for (size_t i = 0; i < v->lots_len; i++)
		v->lots[i].expired = lot_expired(v->lots[i].expires, today(c));
	for (size_t i = 0; i < v->movements_len; i++) {
		v->movements[i].sku = v->product.sku;
		v->movements[i].unit = v->product.base_unit;
	}
	return true;
}

static struct done *one_get(struct ctx *c, struct req *r)
{
	struct stock_page v = { 0 };

	if (!product_named(c, req_name(r), &v.product) || !page_of(c, &v))
		return reply_error(r);
	return reply_view(r, &page_view, &v);
}

static struct done *holders_get(struct ctx *c, struct req *r)
{
	struct stock_holder *rows;
	struct product p;
	size_t len;

	if (!product_named(c, req_name(r), &p) || !stock_holders(c, p.id, &rows, &len))
		return reply_error(r);
	return reply_list(r, &holder_view, rows, len, 0, NULL, NULL, NULL);
}

/* ---- booking ---- */

static bool base_quantity(struct ctx *c, const struct movement_in *in, const struct product *p, struct qty *out)
{
	struct product_unit *units;
	struct ratio ratio;
	size_t len;
	bool exact;

	if (!product_units(c, (struct i64s){ &p->id, 1 }, &units, &len))
		return false;
	if (!unit_ratio(p, units, len, in->unit ? in->unit : p->base_unit, &ratio))
		return fail_field(c, "/unit", E_UNKNOWN, T_catalog_no_unit, in->unit, p->name);
	if (!qty_to_base(out, in->quantity, ratio, &exact) || out->milli == 0 || out->milli > QTY_MAX ||
		out->milli < -QTY_MAX)
		return fail_field(c, "/quantity", E_RANGE, T_err_range);
	if (p->integer_only && (!exact || !qty_whole(*out)))
		return fail_field(c, "/quantity", E_WHOLE, T_err_whole);
	if (strcmp(in->reason, "receipt") == 0 && out->milli < 0)
		return fail_field(c, "/quantity", E_RANGE, T_stock_receipt_adds);
	return true;
}

/* Goods with a date and no lot number: the date is their lot, so that no two dates lie in one. */
static const char *lot_of(struct ctx *c, const struct movement_in *in)
{
	return in->lot || !date_is(in->expires) ? in->lot : date_str(c->arena, in->expires);
}

static bool book(struct ctx *c, const struct movement_in *in, struct product *p, int64_t *id)
{
	struct stock_booking b = { .warehouse = in->warehouse,
		.location = in->location,
		.lot = lot_of(c, in),
		.expires = in->expires,
		.reason = in->reason,
		.note = in->note };
	bool found;

	if (!product_find(c, in->sku, p, &found))
		return false;
	if (!found)
		return fail_field(c, "/sku", E_UNKNOWN, T_catalog_no_product, in->sku);
	b.product_id = p->id;
	return base_quantity(c, in, p, &b.quantity) && stock_book(c, &b, id);
}

static struct done *movement_post(struct ctx *c, struct req *r)
{
	struct stock_movement m;
	struct product p;
	int64_t id;

	if (!book(c, req_in(r), &p, &id) || !stock_movement_get(c, id, &m))
		return reply_error(r);
	m.sku = p.sku;
	m.unit = p.base_unit;
	return reply_created(r, &movement_view, &m, "/stock/%lld", (long long)p.id);
}

static const struct route routes[] = { { GET, "/stock", RIGHT_look, query_fields, sizeof(struct stock_query), list_get,
					       T_stock_list, ROUTE_LIST, &item_view },
	{ POST, "/stock/movements", RIGHT_stock_edit, movement_in_fields, sizeof(struct movement_in), movement_post,
		T_stock_do_book, 0, &movement_view },
	{ GET, "/stock/:name", RIGHT_look, NULL, 0, one_get, T_stock_one, 0, &page_view },
	{ GET, "/stock/:name/holders", RIGHT_look, NULL, 0, holders_get, T_stock_holders, ROUTE_API_ONLY,
		&holder_view },
	ROUTE_END };

static const struct menu menu[] = {
	{ T_stock_menu, "/stock", 80, RIGHT_look },
	{ .path = NULL },
};

static const struct import imports[] = {
	{ "stock", stock_import },
	{ NULL, NULL },
};

const struct module stock_module = {
	.name = "stock",
	.routes = routes,
	.menu = menu,
	.checks = stock_checks,
	.imports = imports,
};
