/* Pages and answers of the work in the house. */
#include "mod/house/house_view.h"

#include "gen/house_sql.h"
#include "gen/tmpl.h"

#include <inttypes.h>
#include <string.h>

#define LIST_MAX 500

const struct field low_item_fields[] = {
	FIELD(struct low_item, id, T_none),
	FIELD(struct low_item, sku, T_product_sku),
	FIELD(struct low_item, name, T_product_name),
	FIELD(struct low_item, minimum, T_house_minimum),
	FIELD(struct low_item, free, T_stock_available),
	FIELD(struct low_item, base_unit, T_product_base_unit),
	FIELD_END,
};
const struct field expiring_item_fields[] = {
	FIELD(struct expiring_item, id, T_none),
	FIELD(struct expiring_item, sku, T_product_sku),
	FIELD(struct expiring_item, name, T_product_name),
	FIELD(struct expiring_item, base_unit, T_product_base_unit),
	FIELD(struct expiring_item, warehouse, T_stock_warehouse),
	FIELD(struct expiring_item, location, T_stock_location),
	FIELD(struct expiring_item, lot, T_stock_lot),
	FIELD(struct expiring_item, expires, T_stock_expires),
	FIELD(struct expiring_item, on_hand, T_stock_on_hand),
	FIELD(struct expiring_item, bound, T_stock_bound),
	FIELD(struct expiring_item, quarantined, T_stock_quarantined),
	FIELD_END,
};
const struct field as_of_item_fields[] = {
	FIELD(struct as_of_item, warehouse, T_stock_warehouse),
	FIELD(struct as_of_item, location, T_stock_location),
	FIELD(struct as_of_item, lot, T_stock_lot),
	FIELD(struct as_of_item, quantity, T_stock_quantity),
	FIELD_END,
};

/* ---- what comes in ---- */

struct place_in {
	const char *sku, *warehouse, *location, *lot, *to_warehouse, *to_location, *reason, *note;
	struct qty quantity;
};
#define PLACE_FIELDS                                                                                                   \
	FIELD(struct place_in, sku, T_product_sku, .flags = F_REQUIRED, .max = 64),                                    \
		FIELD(struct place_in, warehouse, T_stock_warehouse, .max = 32),                                       \
		FIELD(struct place_in, location, T_stock_location, .flags = F_REQUIRED, .max = 50),                    \
		FIELD(struct place_in, lot, T_stock_lot, .max = 64),                                                   \
		FIELD(struct place_in, quantity, T_stock_quantity, .flags = F_REQUIRED | F_POSITIVE, .max = QTY_MAX)
static const struct field move_fields[] = {
	PLACE_FIELDS,
	FIELD(struct place_in, to_warehouse, T_house_to_warehouse, .max = 32),
	FIELD(struct place_in, to_location, T_house_to_location, .flags = F_REQUIRED, .max = 50),
	FIELD(struct place_in, note, T_stock_note, .max = 200),
	FIELD_END,
};
static const struct field aside_fields[] = {
	PLACE_FIELDS,
	FIELD(struct place_in, reason, T_stock_reason, .flags = F_REQUIRED, .max = 200),
	FIELD_END,
};
static const struct field count_in_fields[] = {
	FIELD(struct count_in, warehouse, T_stock_warehouse, .max = 32),
	FIELD(struct count_in, zone, T_house_zone, .max = 50),
	FIELD(struct count_in, sku, T_product_sku, .max = 64),
	FIELD(struct count_in, oldest, T_house_oldest, .flags = F_POSITIVE, .max = 2000),
	FIELD_END,
};
struct quantity_in {
	struct qty quantity;
};
static const struct field quantity_fields[] = {
	FIELD(struct quantity_in, quantity, T_house_counted, .flags = F_REQUIRED | F_UNSIGNED, .max = QTY_MAX),
	FIELD_END,
};
struct days_in {
	int64_t days;
};
static const struct field days_fields[] = {
	FIELD(struct days_in, days, T_house_days, .flags = F_UNSIGNED, .max = 3650),
	FIELD_END,
};
struct at_in {
	struct instant at;
};
static const struct field at_fields[] = {
	FIELD(struct at_in, at, T_stock_at, .flags = F_REQUIRED),
	FIELD_END,
};

/* ---- places ---- */

static bool named(struct ctx *c, const struct place_in *in, struct product *p)
{
	bool found;

	return product_find(c, in->sku, p, &found) &&
	       (found || fail_field(c, "/sku", E_UNKNOWN, T_catalog_no_product, in->sku));
}

/* What moved is answered as the product's stock. */
static struct done *to_product(struct ctx *c, struct req *r, const struct product *p)
{
	static const struct view answer = { stock_free_fields, NULL };
	struct stock_free *f, none = { .product_id = p->id };
	size_t len;

	if (!stock_free_all(c, (struct i64s){ &p->id, 1 }, today(c), &f, &len))
		return reply_error(r);
	return reply_moved(r, &answer, len > 0 ? f : &none, "/stock/%" PRId64, p->id);
}

static struct done *move_post(struct ctx *c, struct req *r)
{
	const struct place_in *in = req_in(r);
	struct product p;
	struct stock_shift s = { .warehouse = in->warehouse != NULL ? in->warehouse : "main",
		.location = in->location,
		.lot = in->lot != NULL ? in->lot : "",
		.to_warehouse = in->to_warehouse,
		.to_location = in->to_location,
		.quantity = in->quantity,
		.note = in->note };

	if (!named(c, in, &p))
		return reply_error(r);
	s.product_id = p.id;
	return stock_shift(c, &s) ? to_product(c, r, &p) : reply_error(r);
}

static struct done *aside(struct ctx *c, struct req *r, int sign)
{
	const struct place_in *in = req_in(r);
	struct product p;

	if (!named(c, in, &p) ||
		!stock_set_aside(c, p.id, in->warehouse != NULL ? in->warehouse : "main", in->location,
			in->lot != NULL ? in->lot : "", (struct qty){ sign * in->quantity.milli }, in->reason))
		return reply_error(r);
	return to_product(c, r, &p);
}

static struct done *aside_post(struct ctx *c, struct req *r)
{
	return aside(c, r, 1);
}

static struct done *let_go_post(struct ctx *c, struct req *r)
{
	return aside(c, r, -1);
}

static struct done *as_of_get(struct ctx *c, struct req *r)
{
	static const struct view item = { as_of_item_fields, NULL };
	const struct at_in *in = req_in(r);
	struct as_of_item *rows;
	struct product p;
	size_t len;

	if (!product_named(c, req_name(r), &p) || !house_as_of(c, p.id, in->at, &rows, &len))
		return reply_error(r);
	return reply_list(r, &item, rows, len, 0, NULL, NULL, NULL);
}

/* ---- lists ---- */

static struct done *minimum_post(struct ctx *c, struct req *r)
{
	const struct quantity_in *in = req_in(r);
	struct event ev = { .kind = "stock.minimum_set", .entity = "product" };
	struct product p;

	if (!product_named(c, req_name(r), &p) || !house_minimum_set(c, p.id, in->quantity))
		return reply_error(r);
	ev.entity_id = p.id;
	ev.data = arena_printf(c->arena, "{\"minimum\":\"%s\"}", qty_str(c->arena, in->quantity));
	return event_add(c, &ev) ? to_product(c, r, &p) : reply_error(r);
}

static const struct view low_view = { low_item_fields, NULL };
static const struct view expiring_view = { expiring_item_fields, NULL };

static struct done *low_get(struct ctx *c, struct req *r)
{
	struct low_page v = { 0 };

	if (!house_low(c, LIST_MAX, &v.rows, &v.rows_len))
		return reply_error(r);
	return reply_list(r, &low_view, v.rows, v.rows_len, 0, NULL, PAGE(tmpl_house_low), &v);
}

static struct done *expiring_get(struct ctx *c, struct req *r)
{
	const struct days_in *in = req_in(r);
	struct expiring_page v = { .days = in->days != INT64_MIN ? in->days : 7 };

	if (!house_expiring(c, (struct date){ today(c).day + (int32_t)v.days }, LIST_MAX, &v.rows, &v.rows_len))
		return reply_error(r);
	for (size_t i = 0; i < v.rows_len; i++)
		v.rows[i].over = lot_expired(v.rows[i].expires, today(c));
	return reply_list(r, &expiring_view, v.rows, v.rows_len, 0, NULL, PAGE(tmpl_house_expiring), &v);
}

/* ---- counts ---- */

static const struct view count_view = { count_fields, NULL };

static struct done *counts_get(struct ctx *c, struct req *r)
{
	struct paging pg = req_paging(r);
	struct counts_page v = { 0 };
	int64_t next = 0;

	if (!count_page(c, pg.after_id > 0 ? pg.after_id : INT64_MAX, pg.limit + 1, &v.rows, &v.rows_len))
		return reply_error(r);
	if (v.rows_len > (size_t)pg.limit) {
		v.rows_len = (size_t)pg.limit;
		next = v.rows[v.rows_len - 1].id;
	}
	v.next_url = req_next(r, next, NULL);
	return reply_list(r, &count_view, v.rows, v.rows_len, next, NULL, PAGE(tmpl_house_counts), &v);
}

static struct done *counts_post(struct ctx *c, struct req *r)
{
	struct count k;

	if (!count_open(c, req_in(r), &k))
		return reply_error(r);
	return reply_created(r, &count_view, &k, "/stock-counts/%" PRId64, k.id);
}

static struct done *count_one_get(struct ctx *c, struct req *r)
{
	static const struct view page = { count_fields, PAGE(tmpl_house_count) };
	struct count_page v = { 0 };

	if (!count_get(c, req_id(r), &v.k))
		return reply_error(r);
	if (!req_wants_page(r))
		return reply_view(r, &count_view, &v.k);
	for (size_t i = 0; i < v.k.lines_len && v.now == NULL; i++) {
		const struct count_line *l = &v.k.lines[i];
		if (!qty_is(l->counted) || (l->again && l->counted_by != c->actor->id))
			v.now = &v.k.lines[i];
	}
	v.open = strcmp(v.k.state, "open") == 0;
	v.may_close = v.open && v.k.open_n == 0 && may(c, RIGHT_stock_edit);
	if (!v.open)
		v.now = NULL;
	return reply_view(r, &page, &v);
}

static struct done *count_answered(struct ctx *c, struct req *r, bool done)
{
	struct count k;

	if (!done || !count_get(c, req_id(r), &k))
		return reply_error(r);
	return reply_moved(r, &count_view, &k, "/stock-counts/%" PRId64, k.id);
}

static struct done *count_line_post(struct ctx *c, struct req *r)
{
	const struct quantity_in *in = req_in(r);

	return count_answered(c, r, count_answer(c, req_id(r), req_n(r), in->quantity));
}

static struct done *count_close_post(struct ctx *c, struct req *r)
{
	return count_answered(c, r, count_close(c, req_id(r), req_version(r)));
}

static struct done *count_cancel_post(struct ctx *c, struct req *r)
{
	return count_answered(c, r, count_cancel(c, req_id(r), req_version(r)));
}

/* ---- records the build reads ---- */

#define IN(f, s) (f), sizeof(s)
static const struct view free_view = { stock_free_fields, NULL };
static const struct view as_of_view = { as_of_item_fields, NULL };
static const struct route routes[] = {
	{ POST, "/stock-moves", RIGHT_stock_edit, IN(move_fields, struct place_in), move_post, T_house_do_move, 0,
		&free_view },
	{ POST, "/stock-aside", RIGHT_stock_edit, IN(aside_fields, struct place_in), aside_post, T_house_do_aside, 0,
		&free_view },
	{ POST, "/stock-let-go", RIGHT_stock_edit, IN(aside_fields, struct place_in), let_go_post, T_house_do_let_go, 0,
		&free_view },
	{ GET, "/stock/:name/as-of", RIGHT_look, IN(at_fields, struct at_in), as_of_get, T_house_as_of, ROUTE_API_ONLY,
		&as_of_view },
	{ POST, "/stock/:name/minimum", RIGHT_stock_edit, IN(quantity_fields, struct quantity_in), minimum_post,
		T_house_do_minimum, 0, &free_view },
	{ GET, "/stock-low", RIGHT_look, NULL, 0, low_get, T_house_low, ROUTE_LIST, &low_view },
	{ GET, "/stock-expiring", RIGHT_look, IN(days_fields, struct days_in), expiring_get, T_house_expiring,
		ROUTE_LIST, &expiring_view },
	{ GET, "/stock-counts", RIGHT_look, NULL, 0, counts_get, T_house_counts, ROUTE_LIST, &count_view },
	{ POST, "/stock-counts", RIGHT_stock_edit, IN(count_in_fields, struct count_in), counts_post, T_house_do_count,
		0, &count_view },
	{ GET, "/stock-counts/:id", RIGHT_look, NULL, 0, count_one_get, T_house_count, 0, &count_view },
	{ POST, "/stock-counts/:id/lines/:n", RIGHT_stock_edit, IN(quantity_fields, struct quantity_in),
		count_line_post, T_house_do_answer, 0, &count_view },
	{ POST, "/stock-counts/:id/close", RIGHT_stock_edit, NULL, 0, count_close_post, T_house_do_close, 0,
		&count_view },
	{ POST, "/stock-counts/:id/cancel", RIGHT_stock_edit, NULL, 0, count_cancel_post, T_house_do_cancel, 0,
		&count_view },
	ROUTE_END,
};

static bool check_closed(struct ctx *c, int64_t *counted, int64_t *broken, const char **first)
{
	*first = "closed counts";
	return count_total(c, counted) && count_check_closed(c, broken);
}

static const struct check checks[] = {
	{ 1, "closed counts are whole", check_closed },
	{ 0, NULL, NULL },
};

const struct module house_module = {
	.name = "house",
	.routes = routes,
	.checks = checks,
};
