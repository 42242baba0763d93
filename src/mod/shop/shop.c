/* shop: who comes in, the goods as the customer sees them, days and places, and what a basket costs. */
#include "mod/shop/shop_int.h"

#include "app/calendar.h"
#include "app/page.h"
#include "app/serve.h"
#include "gen/shop_sql.h"
#include "mod/catalog/catalog.h"
#include "mod/link/link.h"
#include "mod/price/price.h"
#include "mod/stock/stock.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

const struct field shop_unit_fields[] = {
	FIELD(struct shop_unit, unit, T_order_line_unit),
	FIELD_END,
};

const struct field shop_good_fields[] = {
	FIELD(struct shop_good, sku, T_order_line_sku),
	FIELD(struct shop_good, name, T_order_line_name),
	FIELD(struct shop_good, spec, T_product_spec),
	FIELD(struct shop_good, origin, T_product_origin),
	FIELD(struct shop_good, price, T_order_line_price),
	FIELD(struct shop_good, price_unit, T_order_line_price_unit),
	FIELD(struct shop_good, price_words, T_order_line_price_source),
	FIELD(struct shop_good, stock, T_shop_stock),
	FIELD(struct shop_good, unit, T_order_line_unit),
	FIELD(struct shop_good, holds, T_shop_holds),
	FIELD_LIST(struct shop_good, units, shop_unit_fields, T_product_units),
	FIELD(struct shop_good, quantity, T_order_line_quantity),
	FIELD(struct shop_good, last, T_shop_last_time),
	FIELD(struct shop_good, problem, T_shop_problem),
	FIELD_END,
};

const struct field shop_day_fields[] = {
	FIELD(struct shop_day, day, T_order_delivery_date),
	FIELD(struct shop_day, words, T_order_delivery_date),
	FIELD_END,
};

const struct field shop_place_fields[] = {
	FIELD(struct shop_place, id, T_none),
	FIELD(struct shop_place, words, T_order_address),
	FIELD_END,
};

/* ---- who came in ---- */

/* The cookie opens what signing in opened; a page of another site cannot press its buttons. */
static bool signed_in(struct ctx *c, struct req *r, struct link *l)
{
	const char *token = req_cookie(r, SHOP_COOKIE);

	if (token == NULL || *token == '\0')
		return fail(c, E_UNAUTHORIZED, T_shop_sign_in_first);
	if (req_method(r) != GET && !req_same_origin(r))
		return fail(c, E_CSRF, T_app_csrf);
	if (link_open(c, req_address(r), SHOP_SIGNED, token, l))
		return true;
	if (c->err.code == E_NOT_FOUND) {
		c->err = (struct err){ 0 };
		return fail(c, E_UNAUTHORIZED, T_shop_sign_in_first);
	}
	return false;
}

bool shop_open(struct ctx *c, struct req *r, struct shop *out)
{
	struct link l;

	*out = (struct shop){ .signed_in = strcmp(req_name(r), "me") == 0 };
	if (out->signed_in ? !signed_in(c, r, &l) : !link_open(c, req_address(r), SHOP_LINK, req_name(r), &l))
		return false;
	if (!customer_get(c, l.entity_id, &out->who))
		return false;
	if (!out->who.active)
		return fail(c, E_FORBIDDEN, T_shop_closed, setting_str(c, "company.phone"));
	out->link_id = l.id;
	out->at = arena_printf(c->arena, "/shop/%s", req_name(r));
	return true;
}

/* ---- goods ---- */

/* Units a product is sold in: what it is counted in, then the others, and what the row says already. */
static void units_of(struct ctx *c, const struct goods *g, const char *chosen, struct shop_good *out)
{
	bool there = strcmp(chosen, g->product->base_unit) == 0;

	out->units = ARENA_ARRAY(c->arena, g->units_len + 2, struct shop_unit);
	out->units[out->units_len++] = (struct shop_unit){ g->product->base_unit, there };
	for (size_t i = 0; i < g->units_len; i++) {
		const char *unit = g->units[i].unit;
		if (strcmp(unit, g->product->base_unit) == 0)
			continue;
		out->units[out->units_len++] = (struct shop_unit){ unit, strcmp(unit, chosen) == 0 };
		there = there || strcmp(unit, chosen) == 0;
	}
	if (!there)
		out->units[out->units_len++] = (struct shop_unit){ chosen, true };
}

static const char *holds_of(struct ctx *c, const struct goods *g, const char *unit)
{
	struct qty one = { 1000 }, base;
	struct ratio r;

	if (strcmp(unit, g->product->base_unit) == 0 || !unit_ratio(g->product, g->units, g->units_len, unit, &r) ||
		!qty_to_base(&base, one, r, NULL))
		return NULL;
	return arena_printf(c->arena, "1 %s = %s %s", unit, qty_str(c->arena, base), g->product->base_unit);
}

static bool sold(const struct goods *g)
{
	struct ratio r;

	return g->product != NULL && g->product->active &&
	       unit_ratio(g->product, g->units, g->units_len, g->product->price_unit, &r);
}

static void good_of(struct ctx *c, const struct goods *g, const struct shop_want *w, struct shop_good *out)
{
	const struct product *p = g->product;
	struct ratio r;

	*out = (struct shop_good){ .sku = w->sku,
		.name = p != NULL ? p->name : w->sku,
		.price = PRICE_NONE,
		.quantity = w->quantity,
		.last = w->last,
		.problem = w->problem };
	if (!sold(g)) {
		out->quantity = QTY_NONE;
		out->problem = text_get(c->lang, T_shop_not_sold);
		return;
	}
	out->spec = p->spec;
	out->origin = p->origin;
	out->unit = w->unit;
	if (w->unit == NULL || !unit_ratio(p, g->units, g->units_len, w->unit, &r)) {
		out->unit = unit_default(p, g->units, g->units_len);
		out->quantity =
			w->unit == NULL ? w->quantity : QTY_NONE; /* so much of another unit is something else */
	}
	out->holds = holds_of(c, g, out->unit);
	units_of(c, g, out->unit, out);
}

static bool add_prices(
	struct ctx *c, const struct shop *s, struct date on, const struct goods *g, struct shop_good *rows, size_t len)
{
	struct price_question *q = ARENA_ARRAY(c->arena, len + 1, struct price_question);
	struct price_answer *a = ARENA_ARRAY(c->arena, len + 1, struct price_answer);
	size_t *of = ARENA_ARRAY(c->arena, len + 1, size_t), n = 0;

	for (size_t i = 0; i < len; i++)
		if (sold(&g[i])) {
			of[n] = i;
			q[n++] = (struct price_question){ g[i].product, g[i].units, g[i].units_len, QTY_ZERO };
		}
	if (!price_all(c, &s->who, on, q, n, a))
		return false;
	for (size_t i = 0; i < n; i++) {
		rows[of[i]].price = a[i].price;
		rows[of[i]].price_unit = a[i].price_unit;
		rows[of[i]].price_words = price_source_text(c, a[i].source);
	}
	return true;
}

/* How much lies there is nobody's business outside: enough, a little (fewer than shop.little of the usual unit), none. */
static const char *stock_word(struct ctx *c, const struct goods *g, struct qty available)
{
	struct ratio r;
	struct qty little = { setting_int(c, "shop.little") * 1000 }, base;

	if (available.milli <= 0)
		return "none";
	if (!unit_ratio(g->product, g->units, g->units_len, unit_default(g->product, g->units, g->units_len), &r) ||
		!qty_to_base(&base, little, r, NULL))
		return "plenty";
	return qty_cmp(available, base) < 0 ? "little" : "plenty";
}

static bool add_stock(struct ctx *c, struct date on, const struct goods *g, struct shop_good *rows, size_t len)
{
	int64_t *ids = ARENA_ARRAY(c->arena, len + 1, int64_t);
	struct stock_free *free_of = NULL;
	size_t n = 0, free_len = 0;

	for (size_t i = 0; i < len; i++)
		if (sold(&g[i]))
			ids[n++] = g[i].product->id;
	if (n > 0 && !stock_free_all(c, (struct i64s){ ids, n }, on, &free_of, &free_len))
		return false;
	for (size_t i = 0; i < len; i++) {
		struct qty available = QTY_ZERO;
		for (size_t k = 0; sold(&g[i]) && k < free_len; k++)
			if (free_of[k].product_id == g[i].product->id)
				available = free_of[k].available;
		rows[i].stock = sold(&g[i]) ? stock_word(c, &g[i], available) : "none";
	}
	return true;
}

bool shop_goods(struct ctx *c, const struct shop *s, struct date on, const struct shop_want *want, size_t len,
	struct shop_good **out, size_t *out_len)
{
	const char **skus = ARENA_ARRAY(c->arena, len + 1, const char *);
	struct shop_good *rows = ARENA_ARRAY(c->arena, len + 1, struct shop_good);
	struct goods *g;

	for (size_t i = 0; i < len; i++)
		skus[i] = want[i].sku;
	if (!goods_find_all(c, (struct strs){ skus, len }, &g))
		return false;
	for (size_t i = 0; i < len; i++)
		good_of(c, &g[i], &want[i], &rows[i]);
	if (!add_prices(c, s, on, g, rows, len) || !add_stock(c, on, g, rows, len))
		return false;
	*out = rows;
	*out_len = 0;
	for (size_t i = 0; i < len; i++)
		if (sold(&g[i]) || qty_is(want[i].quantity))
			rows[(*out_len)++] = rows[i];
	return true;
}

/* ---- days ---- */

static int minutes_now(const struct ctx *c)
{
	return (int)((c->now.us / SECOND_US + zone_s(c)) % 86400 / 60);
}

struct date shop_first_day(struct ctx *c)
{
	int cutoff = 0, rush = 0, now = minutes_now(c);

	must(clock_parse(setting_str(c, "ship.cutoff"), &cutoff) &&
		clock_parse(setting_str(c, "ship.rush_cutoff"), &rush));
	return (struct date){ today(c).day + (now > cutoff ? 2 : now > rush ? 1 : 0) };
}

bool shop_day_check(struct ctx *c, struct date day)
{
	struct date first = shop_first_day(c);

	if (day.day < first.day)
		return fail_field(c, "/delivery_date", E_PAST, T_shop_too_early, show_date(c, first));
	if (day.day >= first.day + SHOP_DAYS)
		return fail_field(c, "/delivery_date", E_RANGE, T_shop_too_late);
	return true;
}

/* ---- places ---- */

bool shop_places(
	struct ctx *c, const struct shop *s, int64_t chosen, struct shop_place **out, size_t *len, const char **address)
{
	struct customer_address *all;
	struct shop_place *rows;
	size_t n, k = 0;

	if (!customer_address_list(c, s->who.id, &all, &n))
		return false;
	rows = ARENA_ARRAY(c->arena, n + 1, struct shop_place);
	*address = chosen <= 0 ? s->who.address : NULL;
	if (s->who.address != NULL)
		rows[k++] = (struct shop_place){ 0, s->who.address, chosen <= 0 };
	for (size_t i = 0; i < n; i++) {
		const char *words = arena_printf(c->arena, "%s %s", all[i].label, all[i].address);
		rows[k++] = (struct shop_place){ all[i].id, words, all[i].id == chosen };
		if (all[i].id == chosen)
			*address = all[i].address;
	}
	*out = rows;
	*len = k;
	return chosen <= 0 || *address != NULL || fail_field(c, "/place", E_UNKNOWN, T_shop_no_place);
}

/* ---- what it costs ---- */

/* The rules speak of the lines of the order; the form has rows without a quantity between them. */
static void name_rows(struct ctx *c, const size_t *row, size_t len)
{
	for (struct field_err *f = c->err.fields; f != NULL; f = f->next) {
		char *end;
		size_t at;

		if (strncmp(f->pointer, "/lines/", 7) != 0)
			continue;
		at = strtoul(f->pointer + 7, &end, 10);
		if (at < len)
			f->pointer = arena_printf(c->arena, "/lines/%zu%s", row[at], end);
	}
}

static bool sum(struct ctx *c, struct shop_quote *q)
{
	q->total = (struct money){ 0 };
	for (size_t i = 0; i < q->lines_len; i++)
		if (!money_add(&q->total, q->total, q->lines[i].amount))
			return fail(c, E_INVALID, T_order_total_too_large);
	return true;
}

bool shop_quote(struct ctx *c, const struct shop *s, const struct shop_in *in, struct shop_quote *out)
{
	struct order_line_in *lines = ARENA_ARRAY(c->arena, in->lines_len + 1, struct order_line_in);
	struct order o = { .customer_id = s->who.id, .who = &s->who, .delivery_date = in->delivery_date };
	struct shop_place *places;
	bool fine;
	size_t len;

	*out = (struct shop_quote){ .row = ARENA_ARRAY(c->arena, in->lines_len + 1, size_t) };
	for (size_t i = 0; i < in->lines_len; i++) {
		const struct shop_line_in *l = &in->lines[i];
		if (!qty_is(l->quantity) || l->quantity.milli == 0)
			continue;
		out->row[out->lines_len] = i;
		lines[out->lines_len++] = (struct order_line_in){
			.sku = l->sku, .quantity = l->quantity, .unit = l->unit, .price = PRICE_NONE
		};
	}
	fine = shop_day_check(c, in->delivery_date);
	fine = shop_places(c, s, in->place, &places, &len, &out->address) && fine;
	if (out->lines_len == 0)
		fine = fail_field(c, "/lines", E_REQUIRED, T_shop_nothing);
	else if (!order_lines_price(c, &o, lines, out->lines_len, &out->lines))
		name_rows(c, out->row, out->lines_len);
	return fine && ok(c) && sum(c, out);
}
