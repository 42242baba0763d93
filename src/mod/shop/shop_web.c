/* shop_web: the customer's pages. One form holds the basket, so that it works without scripts: searching, leafing through the
 * price list and checking carry it along; only sending writes. */
#include "mod/shop/shop_int.h"

#include "app/calendar.h"
#include "app/page.h"
#include "app/serve.h"
#include "gen/order_sql.h"
#include "gen/shop_sql.h"
#include "gen/tmpl.h"
#include "mod/catalog/catalog.h"
#include "mod/link/link.h"
#include "mod/order/order_view.h"
#include "mod/price/price.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define LINES_MAX  2000
#define PAGE_GOODS 20 /* of the price list at once */
#define PAGE_LAST  5  /* orders on the first page */
#define ORDER_DAYS 30 /* an order's own page, opened from here */

/* ---- what is shown ---- */

const struct field shop_order_fields[] = {
	FIELD(struct shop_order, id, T_none),
	FIELD(struct shop_order, number, T_order_number),
	FIELD(struct shop_order, state, T_order_state),
	FIELD(struct shop_order, delivery_date, T_order_delivery_date),
	FIELD(struct shop_order, total, T_order_total),
	FIELD(struct shop_order, created_at, T_order_created_at),
	FIELD(struct shop_order, lines_n, T_order_lines),
	FIELD_END,
};

const struct field shop_page_fields[] = {
	FIELD(struct shop_page, company, T_shop_company),
	FIELD(struct shop_page, customer_name, T_order_customer_name),
	FIELD(struct shop_page, delivery_date, T_order_delivery_date),
	FIELD(struct shop_page, remarks, T_order_remarks),
	FIELD_LIST(struct shop_page, basket, shop_good_fields, T_shop_basket),
	FIELD_LIST(struct shop_page, usual, shop_good_fields, T_shop_usual),
	FIELD_LIST(struct shop_page, found, shop_good_fields, T_shop_found),
	FIELD(struct shop_page, next, T_shop_more),
	FIELD_LIST(struct shop_page, days, shop_day_fields, T_order_delivery_date),
	FIELD_LIST(struct shop_page, places, shop_place_fields, T_order_address),
	FIELD_LIST(struct shop_page, orders, shop_order_fields, T_shop_orders),
	FIELD_END,
};

const struct field shop_check_line_fields[] = {
	FIELD(struct shop_check_line, sku, T_order_line_sku),
	FIELD(struct shop_check_line, name, T_order_line_name),
	FIELD(struct shop_check_line, quantity, T_order_line_quantity),
	FIELD(struct shop_check_line, unit, T_order_line_unit),
	FIELD(struct shop_check_line, price, T_order_line_price),
	FIELD(struct shop_check_line, price_unit, T_order_line_price_unit),
	FIELD(struct shop_check_line, price_words, T_order_line_price_source),
	FIELD(struct shop_check_line, stock, T_shop_stock),
	FIELD(struct shop_check_line, amount, T_order_line_amount),
	FIELD_END,
};

const struct field shop_quote_fields[] = {
	FIELD(struct shop_check, customer_name, T_order_customer_name),
	FIELD(struct shop_check, delivery_date, T_order_delivery_date),
	FIELD(struct shop_check, address, T_order_address),
	FIELD(struct shop_check, remarks, T_order_remarks),
	FIELD_LIST(struct shop_check, lines, shop_check_line_fields, T_order_lines),
	FIELD(struct shop_check, total, T_order_total),
	FIELD_END,
};

const struct field shop_sent_page_fields[] = {
	FIELD(struct shop_sent_page, number, T_order_number),
	FIELD(struct shop_sent_page, state, T_order_state),
	FIELD(struct shop_sent_page, delivery_date, T_order_delivery_date),
	FIELD(struct shop_sent_page, total, T_order_total),
	FIELD(struct shop_sent_page, lines_n, T_order_lines),
	FIELD_END,
};

static const struct view home_view = { shop_page_fields, PAGE(tmpl_shop_home) };
static const struct view check_view = { shop_quote_fields, PAGE(tmpl_shop_check) };
static const struct view sent_view = { shop_sent_page_fields, PAGE(tmpl_shop_sent) };
static const struct view order_item = { shop_order_fields, NULL };

/* ---- what is sent ---- */

static const struct field seen_line_fields[] = {
	FIELD(struct shop_line_in, sku, T_order_line_sku, .flags = F_REQUIRED, .max = 64),
	FIELD(struct shop_line_in, quantity, T_order_line_quantity, .flags = F_UNSIGNED, .max = QTY_MAX),
	FIELD(struct shop_line_in, unit, T_order_line_unit, .max = 16),
	FIELD(struct shop_line_in, price, T_order_line_price, .flags = F_UNSIGNED, .max = PRICE_MAX),
	FIELD_END,
};

#define HEAD                                                                                                           \
	FIELD(struct shop_in, place, T_order_address),                                                                 \
		FIELD(struct shop_in, remarks, T_order_remarks, .max = 500, .flags = F_LINES)
#define BASKET(flag)                                                                                                   \
	FIELD_LIST(struct shop_in, lines, seen_line_fields, T_order_lines, .flags = (flag), .max = LINES_MAX)

const struct field shop_basket_fields[] = {
	HEAD,
	FIELD(struct shop_in, delivery_date, T_order_delivery_date),
	FIELD(struct shop_in, q, T_shop_search, .max = 60),
	FIELD(struct shop_in, after, T_shop_more, .max = 64),
	FIELD(struct shop_in, whole, T_shop_whole_list),
	FIELD(struct shop_in, again, T_shop_again_said),
	BASKET(0),
	FIELD_END,
};

const struct field shop_send_fields[] = {
	HEAD,
	FIELD(struct shop_in, delivery_date, T_order_delivery_date, .flags = F_REQUIRED),
	FIELD(struct shop_in, q, T_shop_search, .max = 60),
	FIELD(struct shop_in, again, T_shop_again_said),
	BASKET(F_REQUIRED),
	FIELD_END,
};

struct home_in {
	const char *q, *after;
	int64_t again;
};
static const struct field home_fields[] = {
	FIELD(struct home_in, q, T_shop_search, .max = 60),
	FIELD(struct home_in, after, T_shop_more, .max = 64),
	FIELD(struct home_in, again, T_shop_do_again),
	FIELD_END,
};

static bool orders_of(
	struct ctx *c, const struct shop *s, int64_t before_id, int64_t n, struct shop_order **out, size_t *len)
{
	if (!shop_order_list(c, s->who.id, before_id, n, out, len))
		return false;
	for (size_t i = 0; i < *len; i++)
		(*out)[i].at = s->at;
	return true;
}

/* ---- the first page ---- */

/* Goods in one of the lists above stand in none below. */
static bool listed(const struct shop_good *rows, size_t len, const char *sku)
{
	for (size_t i = 0; i < len; i++)
		if (strcmp(rows[i].sku, sku) == 0)
			return true;
	return false;
}

static void number_rows(struct shop_good *rows, size_t len, int64_t *n)
{
	for (size_t i = 0; i < len; i++)
		rows[i].n = (*n)++;
}

/* What the rules had against a row of the form. */
static const char *problem_of(struct ctx *c, const struct err *e, size_t row)
{
	const char *head = arena_printf(c->arena, "/lines/%zu/", row);

	for (const struct field_err *f = e->fields; f != NULL; f = f->next)
		if (strncmp(f->pointer, head, strlen(head)) == 0)
			return f->detail;
	return NULL;
}

static bool add_basket(
	struct ctx *c, const struct shop *s, const struct shop_in *in, const struct err *e, struct shop_page *p)
{
	struct shop_want *want = ARENA_ARRAY(c->arena, in->lines_len + 1, struct shop_want);
	size_t n = 0;

	for (size_t i = 0; i < in->lines_len; i++)
		if (qty_is(in->lines[i].quantity) && in->lines[i].quantity.milli > 0)
			want[n++] = (struct shop_want){ .sku = in->lines[i].sku,
				.unit = in->lines[i].unit,
				.quantity = in->lines[i].quantity,
				.problem = problem_of(c, e, i) };
	return shop_goods(c, s, p->delivery_date, want, n, &p->basket, &p->basket_len);
}

static bool add_usual(struct ctx *c, const struct shop *s, struct shop_page *p)
{
	struct shop_want *want;
	struct order_usual *all;
	size_t len, n = 0;

	if (!order_usual_list(c, s->who.id, &all, &len))
		return false;
	want = ARENA_ARRAY(c->arena, len + 1, struct shop_want);
	for (size_t i = 0; i < len; i++)
		if (!listed(p->basket, p->basket_len, all[i].sku))
			want[n++] = (struct shop_want){ .sku = all[i].sku,
				.unit = all[i].unit,
				.quantity = QTY_NONE,
				.last = text_fill(c->arena, c->lang, T_shop_last,
					(const char *const[]){ show_qty(c, all[i].quantity), all[i].unit,
						show_date(c, all[i].delivery_date), NULL }) };
	return shop_goods(c, s, p->delivery_date, want, n, &p->usual, &p->usual_len);
}

static void want_one(struct shop_page *p, struct shop_want *want, size_t *n, const char *sku)
{
	if (!listed(p->basket, p->basket_len, sku) && !listed(p->usual, p->usual_len, sku))
		want[(*n)++] = (struct shop_want){ .sku = sku, .quantity = QTY_NONE };
}

/* What was searched for is shown wherever it stands above, so the usual list gives way to it. */
static bool add_searched(struct ctx *c, const struct shop *s, struct shop_page *p)
{
	struct shop_want want[OFFERS_MAX];
	struct offer *offers;
	size_t len, n = 0;

	p->usual_len = 0;
	if (!offers_find(c, p->q, s->who.code, p->delivery_date, &offers, &len))
		return false;
	for (size_t i = 0; i < len; i++)
		want_one(p, want, &n, offers[i].sku);
	return shop_goods(c, s, p->delivery_date, want, n, &p->found, &p->found_len);
}

static bool add_price_list(struct ctx *c, const struct shop *s, const char *after, struct shop_page *p)
{
	struct shop_want want[PAGE_GOODS];
	struct product *all;
	size_t len, n = 0;

	if (!product_list(c, NULL, after != NULL ? after : "", PAGE_GOODS + 1, &all, &len))
		return false;
	if (len > PAGE_GOODS)
		p->next = all[PAGE_GOODS - 1].sku;
	for (size_t i = 0; i < len && i < PAGE_GOODS; i++)
		want_one(p, want, &n, all[i].sku);
	return shop_goods(c, s, p->delivery_date, want, n, &p->found, &p->found_len);
}

static void add_days(struct ctx *c, struct shop_page *p)
{
	struct date first = shop_first_day(c);

	p->days = ARENA_ARRAY(c->arena, SHOP_DAYS, struct shop_day);
	for (int i = 0; i < SHOP_DAYS; i++) {
		struct date day = { first.day + i };
		const char *holiday = day_holiday(day), *words = show_date(c, day);
		if (holiday != NULL)
			words = arena_printf(c->arena, "%s · %s", words, holiday);
		p->days[p->days_len++] = (struct shop_day){ day, words, day.day == p->delivery_date.day };
	}
}

/* Tomorrow, if it can still be promised. */
static struct date usual_day(struct ctx *c)
{
	struct date first = shop_first_day(c);

	return (struct date){ first.day > today(c).day ? first.day : today(c).day + 1 };
}

static bool page_make(
	struct ctx *c, const struct shop *s, const struct shop_in *in, const struct err *e, struct shop_page *p)
{
	const char *address;
	int64_t n = 0;

	*p = (struct shop_page){ .at = s->at,
		.company = setting_str(c, "company.name"),
		.company_phone = setting_str(c, "company.phone"),
		.customer_name = s->who.name,
		.signed_in = s->signed_in,
		.remarks = in->remarks,
		.q = in->q,
		.delivery_date = date_is(in->delivery_date) && in->delivery_date.day >= shop_first_day(c).day
					 ? in->delivery_date
					 : usual_day(c) };
	if (!add_basket(c, s, in, e, p) || !add_usual(c, s, p) ||
		!(in->q != NULL ? add_searched(c, s, p) : add_price_list(c, s, in->after, p)) ||
		!shop_places(c, s, in->place, &p->places, &p->places_len, &address) ||
		!orders_of(c, s, INT64_MAX, PAGE_LAST, &p->orders, &p->orders_len))
		return false;
	number_rows(p->basket, p->basket_len, &n);
	number_rows(p->usual, p->usual_len, &n);
	number_rows(p->found, p->found_len, &n);
	add_days(c, p);
	return true;
}

/* The lines of an earlier order as a basket. */
static bool lines_again(struct ctx *c, const struct shop *s, int64_t id, struct shop_in *in)
{
	struct shop_order mine;
	struct order_line *lines;
	bool found;

	if (!shop_order_find(c, id, s->who.id, &mine, &found))
		return false;
	if (!found)
		return fail(c, E_NOT_FOUND, T_shop_no_order);
	if (!order_line_list(c, id, &lines, &in->lines_len))
		return false;
	in->lines = ARENA_ARRAY(c->arena, in->lines_len + 1, struct shop_line_in);
	for (size_t i = 0; i < in->lines_len; i++)
		in->lines[i] = (struct shop_line_in){ lines[i].sku, lines[i].unit, lines[i].quantity, PRICE_NONE };
	return true;
}

static struct done *stranger(struct ctx *c, struct req *r)
{
	if (c->err.code == E_UNAUTHORIZED && req_wants_page(r) && req_method(r) == GET)
		return reply_redirect(r, "/shop");
	return reply_error(r);
}

static struct done *home_get(struct ctx *c, struct req *r)
{
	const struct home_in *q = req_in(r);
	struct shop_in in = { .delivery_date = DATE_NONE, .place = INT64_MIN, .q = q->q, .after = q->after };
	struct err none = { 0 };
	struct shop_page p;
	struct shop s;

	if (!shop_open(c, r, &s))
		return stranger(c, r);
	if ((q->again > 0 && !lines_again(c, &s, q->again, &in)) || !page_make(c, &s, &in, &none, &p))
		return reply_error(r);
	return reply_view(r, &home_view, &p);
}

/* The form again, with what there is to say of it. */
static struct done *form_again(
	struct ctx *c, struct req *r, const struct shop *s, const struct shop_in *in, const struct err *e)
{
	struct shop_in kept = *in;
	struct shop_page p;

	c->err = (struct err){ 0 };
	if (err_names(e, "/place"))
		kept.place = INT64_MIN;
	if (!page_make(c, s, &kept, e, &p))
		return reply_error(r);
	for (const struct field_err *f = e->fields; f != NULL && p.problem == NULL; f = f->next)
		p.problem = f->detail;
	if (p.problem == NULL && e->code != E_NONE)
		p.problem = e->detail;
	return reply_view(r, &home_view, &p);
}

static struct done *basket_post(struct ctx *c, struct req *r)
{
	struct shop_in in = *(const struct shop_in *)req_in(r);
	struct err none = { 0 };
	struct shop s;

	if (!shop_open(c, r, &s))
		return stranger(c, r);
	if (in.whole || in.after != NULL)
		in.q = NULL;
	return form_again(c, r, &s, &in, &none);
}

/* Reloaded, or come back to after changing the language: what a form made is not there without it. */
static struct done *start_get(struct ctx *c, struct req *r)
{
	struct shop s;

	return shop_open(c, r, &s) ? reply_redirect(r, s.at) : stranger(c, r);
}

/* ---- checking ---- */

static bool check_stock(struct ctx *c, const struct shop *s, const struct shop_in *in, struct shop_check *k)
{
	struct shop_want *want = ARENA_ARRAY(c->arena, k->lines_len + 1, struct shop_want);
	struct shop_good *goods;
	size_t len;

	for (size_t i = 0; i < k->lines_len; i++)
		want[i] = (struct shop_want){ .sku = k->lines[i].sku, .quantity = k->lines[i].quantity };
	if (!shop_goods(c, s, in->delivery_date, want, k->lines_len, &goods, &len))
		return false;
	for (size_t i = 0; i < len; i++)
		k->lines[i].stock = goods[i].stock;
	return true;
}

static void check_lines(struct ctx *c, const struct shop_in *in, const struct shop_quote *q, struct shop_check *k)
{
	k->lines = ARENA_ARRAY(c->arena, q->lines_len + 1, struct shop_check_line);
	k->lines_len = q->lines_len;
	for (size_t i = 0; i < q->lines_len; i++) {
		const struct order_line *l = &q->lines[i];
		struct price seen = in->lines[q->row[i]].price;
		bool other = price_is(seen) && price_cmp(seen, l->price) != 0;
		k->changed = k->changed || other;
		k->lines[i] = (struct shop_check_line){ .n = (int64_t)i,
			.sku = l->sku,
			.name = l->name,
			.quantity = l->quantity,
			.unit = l->unit,
			.price = l->price,
			.was = other ? seen : PRICE_NONE,
			.price_unit = l->price_unit,
			.price_words = price_source_text(c, l->price_source),
			.amount = l->amount };
	}
}

static bool check_make(struct ctx *c, const struct shop *s, const struct shop_in *in, struct shop_check *k)
{
	struct shop_quote q;

	if (!shop_quote(c, s, in, &q))
		return false;
	*k = (struct shop_check){ .at = s->at,
		.company = setting_str(c, "company.name"),
		.company_phone = setting_str(c, "company.phone"),
		.customer_name = s->who.name,
		.signed_in = s->signed_in,
		.address = q.address,
		.place = in->place,
		.remarks = in->remarks,
		.delivery_date = in->delivery_date,
		.total = q.total };
	check_lines(c, in, &q, k);
	return check_stock(c, s, in, k);
}

/* A page goes back to the form with what is wrong; a program hears it. */
static struct done *check_answer(
	struct ctx *c, struct req *r, const struct shop *s, const struct shop_in *in, const char *twin)
{
	struct shop_check k;
	struct err e;

	if (check_make(c, s, in, &k)) {
		k.twin = twin;
		return reply_view(r, &check_view, &k);
	}
	e = c->err;
	return req_wants_page(r) && err_status(e.code) < 500 ? form_again(c, r, s, in, &e) : reply_error(r);
}

static struct done *check_post(struct ctx *c, struct req *r)
{
	struct shop s;

	return shop_open(c, r, &s) ? check_answer(c, r, &s, req_in(r), NULL) : stranger(c, r);
}

/* ---- sending ---- */

static bool sent_make(struct ctx *c, const struct shop *s, int64_t id, struct shop_sent_page *p)
{
	struct shop_sent sent;
	struct shop_order o;
	bool found;

	*p = (struct shop_sent_page){ .at = s->at,
		.company = setting_str(c, "company.name"),
		.company_phone = setting_str(c, "company.phone"),
		.customer_name = s->who.name,
		.signed_in = s->signed_in,
		.id = INT64_MIN,
		.state = "waiting",
		.delivery_date = DATE_NONE,
		.total = MONEY_NONE,
		.lines_n = INT64_MIN };
	if (!shop_sent_find(c, id, s->who.id, &sent, &found))
		return false;
	if (!found)
		return fail(c, E_NOT_FOUND, T_shop_no_order);
	if (sent.order_id == INT64_MIN)
		return true;
	if (!shop_order_find(c, sent.order_id, s->who.id, &o, &found))
		return false;
	if (!found)
		return true;
	p->id = o.id;
	p->number = o.number;
	p->state = o.state;
	p->delivery_date = o.delivery_date;
	p->total = o.total;
	p->lines_n = o.lines_n;
	return true;
}

static struct done *sent_get(struct ctx *c, struct req *r)
{
	struct shop_sent_page p;
	struct shop s;

	if (!shop_open(c, r, &s))
		return stranger(c, r);
	return sent_make(c, &s, req_id(r), &p) ? reply_view(r, &sent_view, &p) : reply_error(r);
}

/* Not on the lane: the answer holds the address of the shop, and the lane keeps answers for repeats. A repeat finds the order
 * by its own key instead. */
static struct done *send_post(struct ctx *c, struct req *r)
{
	const struct shop_in *in = req_in(r);
	struct shop_sent_page p;
	struct shop s;
	int64_t id;

	if (!shop_open(c, r, &s))
		return stranger(c, r);
	if (!shop_send(c, &s, in, req_idempotency_key(r), &id)) {
		const char *twin = c->err.fields == NULL ? c->err.detail : NULL;
		if (!req_wants_page(r) || (c->err.code != E_CONFLICT && c->err.fields == NULL))
			return reply_error(r);
		c->err = (struct err){ 0 };
		return check_answer(c, r, &s, in, twin);
	}
	if (!sent_make(c, &s, id, &p))
		return reply_error(r);
	return reply_moved(r, &sent_view, &p, "%s/sent/%" PRId64, s.at, id);
}

/* ---- earlier orders ---- */

static struct done *orders_get(struct ctx *c, struct req *r)
{
	struct paging at = req_paging(r);
	struct shop_orders_page p;
	struct shop s;
	int64_t next;
	size_t len;

	if (!shop_open(c, r, &s))
		return stranger(c, r);
	p = (struct shop_orders_page){ .at = s.at,
		.company = setting_str(c, "company.name"),
		.company_phone = setting_str(c, "company.phone"),
		.customer_name = s.who.name,
		.signed_in = s.signed_in };
	if (!orders_of(c, &s, at.after_id > 0 ? at.after_id : INT64_MAX, at.limit + 1, &p.rows, &len))
		return reply_error(r);
	p.rows_len = len > (size_t)at.limit ? (size_t)at.limit : len;
	next = len > p.rows_len ? p.rows[p.rows_len - 1].id : 0;
	p.next_url = req_next(r, next, "");
	return reply_list(r, &order_item, p.rows, p.rows_len, next, "", PAGE(tmpl_shop_orders), &p);
}

struct opening {
	int64_t order_id;
	const char *token;
};

static bool open_write(struct ctx *c, void *arg)
{
	struct opening *o = arg;

	return link_make(c, "order", o->order_id, (struct instant){ c->now.us + ORDER_DAYS * DAY_US }, &o->token);
}

/* The order's own page, with its goods, the road, the receipt and what the customer has to say of it (mod/portal). */
static struct done *open_post(struct ctx *c, struct req *r)
{
	struct opening o = { .order_id = req_id(r) };
	struct shop_order mine;
	struct shop s;
	bool found;

	if (!shop_open(c, r, &s))
		return stranger(c, r);
	if (!shop_order_find(c, o.order_id, s.who.id, &mine, &found))
		return reply_error(r);
	if (!found) {
		(void)fail(c, E_NOT_FOUND, T_shop_no_order);
		return reply_error(r);
	}
	if (!app_write(c, open_write, &o))
		return reply_error(r);
	return reply_moved(r, &order_item, &mine, "/o/%s", o.token);
}

/* ---- records the build reads ---- */

#define IN(f, s) (f), sizeof(s)
static const struct route routes[] = {
	{ GET, "/customers/:id/shop", RIGHT_look, NULL, 0, shop_door_get, T_shop_door, 0, &shop_door_view },
	{ POST, "/customers/:id/shop/link", RIGHT_customer_edit, NULL, 0, shop_link_post, T_shop_make, ROUTE_READS,
		&shop_door_view },
	{ POST, "/customers/:id/shop/end", RIGHT_customer_edit, NULL, 0, shop_end_post, T_shop_end, 0,
		&shop_door_view },
	{ POST, "/customers/:id/shop/password", RIGHT_customer_edit, IN(shop_password_fields, struct shop_password_in),
		shop_password_post, T_shop_set_password, ROUTE_READS, &shop_door_view },
	{ POST, "/customers/:id/shop/no-password", RIGHT_customer_edit, NULL, 0, shop_no_password_post,
		T_shop_drop_password, 0, &shop_door_view },
	{ GET, "/shop", RIGHT_none, NULL, 0, shop_login_get, T_shop_sign_in, ROUTE_PUBLIC | ROUTE_PAGE_ONLY, NULL },
	{ POST, "/shop/session", RIGHT_none, IN(shop_login_in_fields, struct shop_login_in), shop_login_post,
		T_shop_sign_in, ROUTE_PUBLIC | ROUTE_READS, &shop_login_view },
	{ GET, "/shop/:name", RIGHT_none, IN(home_fields, struct home_in), home_get, T_shop_page, ROUTE_PUBLIC,
		&home_view },
	{ POST, "/shop/:name/basket", RIGHT_none, IN(shop_basket_fields, struct shop_in), basket_post, T_shop_page,
		ROUTE_PUBLIC | ROUTE_READS, &home_view },
	{ POST, "/shop/:name/check", RIGHT_none, IN(shop_send_fields, struct shop_in), check_post, T_shop_do_check,
		ROUTE_PUBLIC | ROUTE_READS, &check_view },
	{ POST, "/shop/:name/send", RIGHT_none, IN(shop_send_fields, struct shop_in), send_post, T_shop_do_send,
		ROUTE_PUBLIC | ROUTE_READS, &sent_view },
	{ GET, "/shop/:name/basket", RIGHT_none, NULL, 0, start_get, T_shop_page, ROUTE_PUBLIC | ROUTE_PAGE_ONLY,
		NULL },
	{ GET, "/shop/:name/check", RIGHT_none, NULL, 0, start_get, T_shop_page, ROUTE_PUBLIC | ROUTE_PAGE_ONLY, NULL },
	{ GET, "/shop/:name/send", RIGHT_none, NULL, 0, start_get, T_shop_page, ROUTE_PUBLIC | ROUTE_PAGE_ONLY, NULL },
	{ GET, "/shop/:name/sent/:id", RIGHT_none, NULL, 0, sent_get, T_shop_sent, ROUTE_PUBLIC, &sent_view },
	{ GET, "/shop/:name/orders", RIGHT_none, NULL, 0, orders_get, T_shop_orders, ROUTE_PUBLIC | ROUTE_LIST,
		&order_item },
	{ POST, "/shop/:name/orders/:id/open", RIGHT_none, NULL, 0, open_post, T_shop_open, ROUTE_PUBLIC | ROUTE_READS,
		&order_item },
	{ POST, "/shop/:name/logout", RIGHT_none, NULL, 0, shop_logout_post, T_user_sign_out,
		ROUTE_PUBLIC | ROUTE_READS, &shop_login_view },
	ROUTE_END,
};

/* Who is to be forgotten can be reached no more, and reaches nothing more. */
static bool forget(struct ctx *c, const struct event *e)
{
	int64_t dropped;

	return shop_login_drop(c, e->entity_id, &dropped) && link_revoke(c, SHOP_LINK, e->entity_id) &&
	       link_revoke(c, SHOP_SIGNED, e->entity_id);
}

static const struct listen listens[] = {
	{ "customer.erased", forget },
	{ NULL, NULL },
};

const struct module shop_module = {
	.name = "shop",
	.routes = routes,
	.listens = listens,
};
