/* returns_web: pages and API of returns and exchanges. */
#include "mod/returns/returns_int.h"

#include "gen/returns_sql.h"
#include "gen/tmpl.h"
#include "mod/catalog/catalog.h"

#include <inttypes.h>
#include <string.h>

static const struct view return_answer = { return_view_fields, NULL };
static const struct view item_answer = { return_item_fields, NULL };

struct list_in {
	const char *state;
	int64_t order;
};
static const struct field list_fields[] = {
	FIELD(struct list_in, state, T_returns_state, .max = 16),
	FIELD(struct list_in, order, T_returns_order, .flags = F_POSITIVE),
	FIELD_END,
};

static struct done *answer(struct ctx *c, struct req *r)
{
	struct return_view v;

	if (!return_view_make(c, req_id(r), &v))
		return reply_error(r);
	return reply_moved(r, &return_answer, &v, "/returns/%" PRId64, v.g.id);
}

static struct done *return_one_get(struct ctx *c, struct req *r)
{
	static const struct view page = { return_view_fields, PAGE(tmpl_returns_show) };
	struct return_view v;

	return return_view_make(c, req_id(r), &v) ? reply_view(r, &page, &v) : reply_error(r);
}

static struct done *returns_get(struct ctx *c, struct req *r)
{
	const struct list_in *in = req_in(r);
	struct paging pg = req_paging(r);
	struct return_list_page p = { .state = in->state != NULL ? in->state : req_wants_page(r) ? "open" : NULL };
	int64_t next = 0;
	size_t len;

	if (in->order > 0 ? !return_page_of_order(c, in->order, &p.items, &len)
			  : !return_page(c, p.state, pg.after_id > 0 ? pg.after_id : INT64_MAX, pg.limit + 1, &p.items,
				    &len))
		return reply_error(r);
	if (in->order <= 0 && len > (size_t)pg.limit) {
		len = (size_t)pg.limit;
		next = p.items[len - 1].id;
	}
	p.items_len = len;
	p.next_url = req_next(r, next, NULL);
	return reply_list(r, &item_answer, p.items, len, next, NULL, PAGE(tmpl_returns_list), &p);
}

static void required(struct ctx *c, const char *list, size_t i, const char *member, bool given)
{
	if (!given)
		(void)fail_field(
			c, arena_printf(c->arena, "/%s/%zu/%s", list, i, member), E_REQUIRED, T_err_field_required);
}

/* A form sends every line of the order; those left empty are not meant. */
static bool without_empty(struct ctx *c, const struct return_in *in, struct return_in *out)
{
	*out = *in;
	out->lines = ARENA_ARRAY(c->arena, in->lines_len, struct return_line_in);
	out->replacement = ARENA_ARRAY(c->arena, in->replacement_len, struct return_wish);
	out->lines_len = out->replacement_len = 0;
	for (size_t i = 0; i < in->lines_len; i++) {
		const struct return_line_in *l = &in->lines[i];
		if (!qty_is(l->quantity) && l->reason == NULL)
			continue;
		required(c, "lines", i, "quantity", qty_is(l->quantity));
		required(c, "lines", i, "reason", l->reason != NULL);
		out->lines[out->lines_len++] = *l;
	}
	for (size_t i = 0; i < in->replacement_len; i++) {
		const struct return_wish *w = &in->replacement[i];
		if (!qty_is(w->quantity) && w->sku == NULL)
			continue;
		required(c, "replacement", i, "quantity", qty_is(w->quantity));
		required(c, "replacement", i, "sku", w->sku != NULL);
		out->replacement[out->replacement_len++] = *w;
	}
	if (out->lines_len == 0)
		(void)fail_field(c, "/lines", E_REQUIRED, T_err_field_required);
	return ok(c);
}

static struct done *returns_post(struct ctx *c, struct req *r)
{
	struct return_in in;
	struct return_view v;
	int64_t id;

	if (!without_empty(c, req_in(r), &in) || !return_create(c, &in, &id) || !return_view_make(c, id, &v))
		return reply_error(r);
	return reply_created(r, &return_answer, &v, "/returns/%" PRId64, id);
}

/* ---- asking for a return on a page ---- */

static bool base_units(struct ctx *c, const struct order *o, struct product **out, size_t *len)
{
	int64_t *ids = ARENA_ARRAY(c->arena, o->lines_len + 1, int64_t);

	for (size_t i = 0; i < o->lines_len; i++)
		ids[i] = o->lines[i].product_id;
	return product_list_by_id(c, (struct i64s){ ids, o->lines_len }, out, len);
}

static const char *base_unit_of(const struct product *p, size_t len, int64_t id)
{
	for (size_t i = 0; i < len; i++)
		if (p[i].id == id)
			return p[i].base_unit;
	return "";
}

/* What may still come back of each line. */
static bool returnable_lines(struct ctx *c, const struct order *o, struct return_new_page *p)
{
	struct asked_before *asked;
	struct product *products;
	size_t asked_len, products_len;

	if (!return_asked(c, o->id, &asked, &asked_len) || !base_units(c, o, &products, &products_len))
		return false;
	p->lines = ARENA_ARRAY(c->arena, o->lines_len, struct returnable);
	for (size_t i = 0; i < o->lines_len; i++) {
		const struct order_line *l = &o->lines[i];
		struct returnable row = { l->line, l->sku, l->name, NULL, l->delivered, QTY_ZERO, l->delivered };
		for (size_t k = 0; k < asked_len; k++)
			if (asked[k].line == l->line)
				row.requested = asked[k].quantity;
		row.left.milli -= row.requested.milli;
		row.unit = base_unit_of(products, products_len, l->product_id);
		if (row.left.milli > 0)
			p->lines[p->lines_len++] = row;
	}
	return true;
}

static struct done *return_new_get(struct ctx *c, struct req *r)
{
	static const struct view page = { NULL, PAGE(tmpl_returns_new) };
	struct return_new_page p = { 0 };
	struct customer who;
	struct order o;

	if (!order_get_full(c, req_id(r), &o) || !customer_get(c, o.customer_id, &who) || !returnable_lines(c, &o, &p))
		return reply_error(r);
	p.order = o.id;
	p.number = o.number;
	p.customer_name = who.name;
	return reply_view(r, &page, &p);
}

static struct done *approve_post(struct ctx *c, struct req *r)
{
	return return_approve(c, req_id(r), req_version(r)) ? answer(c, r) : reply_error(r);
}

static struct done *reject_post(struct ctx *c, struct req *r)
{
	const struct reason_in *in = req_in(r);

	return return_reject(c, req_id(r), req_version(r), in->reason) ? answer(c, r) : reply_error(r);
}

static struct done *cancel_post(struct ctx *c, struct req *r)
{
	const struct reason_in *in = req_in(r);

	return return_cancel(c, req_id(r), req_version(r), in->reason) ? answer(c, r) : reply_error(r);
}

static struct done *missing_post(struct ctx *c, struct req *r)
{
	return return_miss(c, req_id(r), req_version(r), req_in(r)) ? answer(c, r) : reply_error(r);
}

static struct done *receive_post(struct ctx *c, struct req *r)
{
	return return_receive(c, req_id(r), req_version(r), req_in(r)) ? answer(c, r) : reply_error(r);
}

static struct done *inspect_post(struct ctx *c, struct req *r)
{
	return return_inspect(c, req_id(r), req_version(r), req_in(r)) ? answer(c, r) : reply_error(r);
}

static struct done *settle_post(struct ctx *c, struct req *r)
{
	return return_settle(c, req_id(r), req_version(r), req_in(r)) ? answer(c, r) : reply_error(r);
}

static struct done *close_post(struct ctx *c, struct req *r)
{
	return return_close(c, req_id(r), req_version(r)) ? answer(c, r) : reply_error(r);
}

#define IN(f, s) (f), sizeof(s)
#define V        ROUTE_NEEDS_VERSION
static const struct route routes[] = {
	{ GET, "/returns", RIGHT_look, IN(list_fields, struct list_in), returns_get, T_returns_list, ROUTE_LIST,
		&item_answer },
	{ POST, "/returns", RIGHT_return_edit, IN(return_in_fields, struct return_in), returns_post, T_returns_create,
		0, &return_answer },
	{ GET, "/returns/:id", RIGHT_look, NULL, 0, return_one_get, T_returns_one, 0, &return_answer },
	{ GET, "/orders/:id/return", RIGHT_return_edit, NULL, 0, return_new_get, T_returns_create, ROUTE_PAGE_ONLY,
		NULL },
	{ POST, "/returns/:id/approve", RIGHT_return_approve, NULL, 0, approve_post, T_returns_do_approve, V,
		&return_answer },
	{ POST, "/returns/:id/reject", RIGHT_return_approve, IN(return_reason_fields, struct reason_in), reject_post,
		T_returns_do_reject, V, &return_answer },
	{ POST, "/returns/:id/cancel", RIGHT_return_edit, IN(return_reason_fields, struct reason_in), cancel_post,
		T_returns_do_cancel, V, &return_answer },
	{ POST, "/returns/:id/missing", RIGHT_return_settle, IN(missing_fields, struct missing_in), missing_post,
		T_returns_do_miss, V, &return_answer },
	{ POST, "/returns/:id/receive", RIGHT_return_receive, IN(receive_fields, struct receive_in), receive_post,
		T_returns_do_receive, V, &return_answer },
	{ POST, "/returns/:id/inspect", RIGHT_return_receive, IN(inspect_fields, struct inspect_in), inspect_post,
		T_returns_do_inspect, V, &return_answer },
	{ POST, "/returns/:id/settle", RIGHT_return_settle, IN(settle_fields, struct settle_in), settle_post,
		T_returns_do_settle, V, &return_answer },
	{ POST, "/returns/:id/close", RIGHT_return_settle, NULL, 0, close_post, T_returns_do_close, V, &return_answer },
	ROUTE_END,
};

static const struct menu menu[] = {
	{ T_returns_menu, "/returns", 70, RIGHT_look },
	{ T_none, NULL, 0, RIGHT_none },
};

const struct module returns_module = {
	.name = "returns",
	.routes = routes,
	.listens = return_listens,
	.menu = menu,
	.checks = return_checks,
};
