/* Pages and answers of prices, and the typeahead of order entry. */
#include "mod/price/price_view.h"

#include "gen/price_sql.h"
#include "gen/tmpl.h"

#include <stdlib.h>

const struct field price_view_fields[] = { FIELD(struct price_view, id, T_none, .flags = F_READONLY),
	FIELD(struct price_view, kind, T_price_kind), FIELD(struct price_view, tier, T_price_tier),
	FIELD(struct price_view, customer, T_price_customer), FIELD(struct price_view, customer_name, T_customer_name),
	FIELD(struct price_view, sku, T_product_sku), FIELD(struct price_view, name, T_product_name),
	FIELD(struct price_view, base_unit, T_product_base_unit),
	FIELD(struct price_view, price_unit, T_product_price_unit), FIELD(struct price_view, min_qty, T_price_min_qty),
	FIELD(struct price_view, price, T_product_price), FIELD(struct price_view, valid_from, T_price_valid_from),
	FIELD(struct price_view, valid_to, T_price_valid_to),
	FIELD(struct price_view, contract_no, T_price_contract_no), FIELD_END };

struct price_query {
	const char *sku, *customer;
};
static const struct field query_fields[] = { FIELD(struct price_query, sku, T_product_sku, .max = 64),
	FIELD(struct price_query, customer, T_price_customer, .max = 32), FIELD_END };

struct offer_query {
	const char *q, *customer;
	struct date date;
};
static const struct field offer_query_fields[] = { FIELD(struct offer_query, q, T_product_search, .max = 100,
							   .flags = F_REQUIRED),
	FIELD(struct offer_query, customer, T_price_customer, .max = 32), FIELD(struct offer_query, date, T_price_date),
	FIELD_END };

static const struct view price_item = { price_view_fields, NULL };
static const struct view offer_item = { offer_fields, NULL };

/* ---- the list ---- */

static bool take_product(struct ctx *c, const char *sku, struct product *p, struct price_page *v)
{
	if (sku == NULL)
		return true;
	if (!product_named(c, sku, p))
		return false;
	v->sku = p->sku;
	v->product_name = p->name;
	v->product_unit = p->price_unit;
	v->list_price = p->list_price;
	return true;
}

/* By code, or by id where no customer has that code. */
static bool take_customer(struct ctx *c, const char *name, struct customer *u, struct price_page *v)
{
	char *end;
	bool found;

	if (name == NULL)
		return true;
	if (!customer_find(c, name, u, &found) || (!found && !customer_get(c, strtoll(name, &end, 10), u)))
		return false;
	v->customer = u->code;
	v->customer_name = u->name;
	v->customer_id = u->id;
	return true;
}

static bool price_now(struct ctx *c, const struct product *p, const struct customer *u, struct price_page *v)
{
	struct price_answer *a = ARENA_NEW(c->arena, struct price_answer);
	struct price_question q = { .product = p, .base = QTY_ZERO };
	struct product_unit *units;

	if (v->sku == NULL || v->customer == NULL)
		return true;
	if (!product_units(c, (struct i64s){ &p->id, 1 }, &units, &q.units_len))
		return false;
	q.units = units;
	v->now = a;
	return price_all(c, u, v->today, &q, 1, a);
}

static struct done *list_get(struct ctx *c, struct req *r)
{
	const struct price_query *in = req_in(r);
	struct paging at = req_paging(r);
	struct price_page v = { .list_price = PRICE_NONE, .today = today(c) };
	struct product p = { .id = INT64_MIN };
	struct customer u = { .id = INT64_MIN };
	int64_t next;
	size_t len;

	if (!take_product(c, in->sku, &p, &v) || !take_customer(c, in->customer, &u, &v) || !price_now(c, &p, &u, &v) ||
		!price_page_of(c, p.id, u.id, u.tier, at.after_id, at.limit + 1, &v.rows, &len))
		return reply_error(r);
	v.rows_len = len > (size_t)at.limit ? (size_t)at.limit : len;
	for (size_t i = 0; i < v.rows_len; i++)
		v.rows[i].has_break = qty_cmp(v.rows[i].min_qty, QTY_ZERO) > 0;
	next = len > v.rows_len ? v.rows[v.rows_len - 1].id : 0;
	v.next_url = req_next(r, next, NULL);
	return reply_list(r, &price_item, v.rows, v.rows_len, next, NULL, PAGE(tmpl_price_list), &v);
}

/* ---- the rest ---- */

static struct done *add_post(struct ctx *c, struct req *r)
{
	struct price_view *v = ARENA_NEW(c->arena, struct price_view);
	int64_t id;

	if (!price_add(c, req_in(r), &id) || !price_view_get(c, id, v))
		return reply_error(r);
	return reply_created(r, &price_item, v, "/prices?sku=%s", v->sku);
}

static struct done *drop(struct ctx *c, struct req *r)
{
	return price_drop(c, req_id(r)) ? reply_empty(r) : reply_error(r);
}

static struct done *find_get(struct ctx *c, struct req *r)
{
	const struct offer_query *in = req_in(r);
	struct offer *rows;
	size_t len;

	if (!offers_find(c, in->q, in->customer, date_is(in->date) ? in->date : today(c), &rows, &len))
		return reply_error(r);
	return reply_list(r, &offer_item, rows, len, 0, NULL, NULL, NULL);
}

static const struct route routes[] = { { GET, "/prices", RIGHT_look, query_fields, sizeof(struct price_query), list_get,
					       T_price_list, ROUTE_LIST, &price_item },
	{ POST, "/prices", RIGHT_price_edit, price_in_fields, sizeof(struct price_in), add_post, T_price_new, 0,
		&price_item },
	{ DELETE, "/prices/:id", RIGHT_price_edit, NULL, 0, drop, T_price_drop, 0, NULL },
	{ POST, "/prices/:id/drop", RIGHT_price_edit, NULL, 0, drop, T_price_drop, 0, NULL },
	{ GET, "/products/find", RIGHT_look, offer_query_fields, sizeof(struct offer_query), find_get, T_product_search,
		ROUTE_API_ONLY, &offer_item },
	ROUTE_END };

static const struct import imports[] = {
	{ "prices", price_import },
	{ NULL, NULL },
};

const struct module price_module = {
	.name = "price",
	.routes = routes,
	.imports = imports,
};
