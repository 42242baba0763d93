/* pick_web: the warehouse's pages and API up to the packing table. */
#include "mod/pick/pick_int.h"

#include "gen/pick_sql.h"
#include "gen/tmpl.h"
#include "mod/order/order_view.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define WAVE_MAX 200
#define KG_MAX   (INT64_C(100000) * 1000) /* a hundred tons */

/* ---- what comes in ---- */

static const struct field short_fields[] = {
	FIELD(struct short_in, line, T_pick_line, .flags = F_REQUIRED | F_POSITIVE, .max = 2000),
	FIELD(struct short_in, quantity, T_pick_quantity, .flags = F_REQUIRED | F_POSITIVE, .max = QTY_MAX),
	FIELD(struct short_in, reason, T_pick_short_reason, .flags = F_REQUIRED, .max = 200),
	FIELD_END,
};
static const struct field confirm_fields[] = {
	{ .name = "short",
		.label = T_pick_short,
		.type = F_LIST,
		.offset = offsetof(struct confirm_in, shorts),
		.len_offset = offsetof(struct confirm_in, shorts_len),
		.size = sizeof(struct short_in),
		.sub = short_fields,
		.max = 2000 },
	FIELD_END,
};
static const char *const decisions[] = { "cut", "wait", "split", NULL };
struct settle_in {
	int decision;
};
static const struct field settle_fields[] = {
	FIELD_ENUM(struct settle_in, decision, T_pick_decision, decisions, .flags = F_REQUIRED),
	FIELD_END,
};
/* Programs give {"orders":[1,2]}, the check boxes of the page chosen.0.id=1. */
struct chosen_in {
	int64_t id;
};
static const struct field chosen_fields[] = {
	FIELD(struct chosen_in, id, T_pick_order, .flags = F_REQUIRED | F_POSITIVE),
	FIELD_END,
};
struct wave_in {
	const char *orders;
	struct chosen_in *chosen;
	size_t chosen_len;
};
static const struct field wave_in_fields[] = {
	FIELD_JSON(struct wave_in, orders, T_pick_orders),
	FIELD_LIST(struct wave_in, chosen, chosen_fields, T_pick_orders, .max = WAVE_MAX),
	FIELD_END,
};
static const struct field answer_fields[] = {
	FIELD(struct answer_in, quantity, T_pick_quantity, .flags = F_REQUIRED | F_UNSIGNED, .max = QTY_MAX),
	FIELD(struct answer_in, lot, T_pick_lot, .max = 64),
	FIELD(struct answer_in, scan, T_pick_scan, .max = 128, .flags = F_SCAN),
	FIELD(struct answer_in, reason, T_pick_short_reason, .max = 200),
	FIELD(struct answer_in, if_open, T_pick_if_open),
	FIELD(struct answer_in, gross_kg, T_pick_gross, .flags = F_POSITIVE, .max = KG_MAX),
	FIELD(struct answer_in, tare_kg, T_pick_tare, .flags = F_UNSIGNED, .max = KG_MAX),
	FIELD(struct answer_in, crate, T_pick_crate, .max = 16),
	FIELD(struct answer_in, crates, T_pick_crates, .flags = F_UNSIGNED, .max = 9999),
	FIELD(struct answer_in, net_kg, T_pick_net, .flags = F_POSITIVE, .max = KG_MAX),
	FIELD(struct answer_in, weight_reason, T_pick_weight_reason, .max = 200),
	FIELD_END,
};
struct reason_in {
	const char *reason;
};
static const struct field reason_fields[] = {
	FIELD(struct reason_in, reason, T_pick_short_reason, .flags = F_REQUIRED, .max = 200),
	FIELD_END,
};
struct list_in {
	const char *state;
};
static const struct field list_fields[] = {
	FIELD(struct list_in, state, T_pick_state, .max = 16),
	FIELD_END,
};

/* ---- stock confirmation and shortage ---- */

static const struct view order_answer = { order_view_fields, NULL };

static struct done *answer_order(struct ctx *c, struct req *r)
{
	struct order o;
	struct order_view v;

	if (!order_get_full(c, req_id(r), &o) || !order_view_make(c, &o, &v))
		return reply_error(r);
	return reply_moved(r, &order_answer, &v, "/orders/%" PRId64, o.id);
}

static struct done *confirm_post(struct ctx *c, struct req *r)
{
	return pick_confirm_stock(c, req_id(r), req_in(r)) ? answer_order(c, r) : reply_error(r);
}

static struct done *shortage_post(struct ctx *c, struct req *r)
{
	const struct settle_in *in = req_in(r);

	return pick_settle_shortage(c, req_id(r), (enum shortage_decision)in->decision) ? answer_order(c, r)
											: reply_error(r);
}

/* ---- waves ---- */

static bool orders_read(struct ctx *c, const char *json, int64_t **ids, size_t *len)
{
	json_t *list = json_loads(json, JSON_DECODE_ANY, NULL), *one;
	size_t i;

	if (!json_is_array(list) || json_array_size(list) == 0 || json_array_size(list) > WAVE_MAX)
		(void)fail_field(c, "/orders", E_TYPE, T_pick_orders_list);
	*len = json_array_size(list);
	*ids = ARENA_ARRAY(c->arena, *len, int64_t);
	json_array_foreach(list, i, one)
	{
		if (!json_is_integer(one))
			(void)fail_field(c, arena_printf(c->arena, "/orders/%zu", i), E_TYPE, T_pick_orders_list);
		(*ids)[i] = json_integer_value(one);
	}
	json_decref(list);
	return ok(c);
}

static bool orders_chosen(struct ctx *c, const struct wave_in *in, int64_t **ids, size_t *len)
{
	if (in->orders != NULL)
		return orders_read(c, in->orders, ids, len);
	if (in->chosen_len == 0)
		return fail_field(c, "/orders", E_REQUIRED, T_pick_choose_orders);
	*len = in->chosen_len;
	*ids = ARENA_ARRAY(c->arena, *len, int64_t);
	for (size_t i = 0; i < *len; i++)
		(*ids)[i] = in->chosen[i].id;
	return true;
}

static const struct view wave_answer = { wave_fields, NULL };

static struct done *waves_post(struct ctx *c, struct req *r)
{
	const struct wave_in *in = req_in(r);
	struct wave w;
	int64_t *ids = NULL;
	size_t len = 0;

	if (!orders_chosen(c, in, &ids, &len) || !wave_release(c, ids, len, &w))
		return reply_error(r);
	return reply_created(r, &wave_answer, &w, "/waves/%" PRId64, w.id);
}

/* A wave of this one order, by one key. */
static struct done *order_wave_post(struct ctx *c, struct req *r)
{
	int64_t id = req_id(r);
	struct wave w;

	if (!wave_release(c, &id, 1, &w))
		return reply_error(r);
	return reply_created(r, &wave_answer, &w, "/picks/%" PRId64, w.picks[0].id);
}

static struct done *waves_get(struct ctx *c, struct req *r)
{
	struct paging pg = req_paging(r);
	struct waves_page page = { 0 };
	struct wave *rows;
	size_t len;
	int64_t next = 0;

	if (!wave_list(c, pg.after_id > 0 ? pg.after_id : INT64_MAX, pg.limit + 1, &rows, &len))
		return reply_error(r);
	if (len > (size_t)pg.limit) {
		len = (size_t)pg.limit;
		next = rows[len - 1].id;
	}
	for (size_t i = 0; i < len; i++)
		rows[i].done_n = rows[i].picks_n - rows[i].open_n;
	page.rows = rows;
	page.rows_len = len;
	page.next_url = req_next(r, next, NULL);
	return reply_list(r, &wave_answer, rows, len, next, NULL, PAGE(tmpl_pick_waves), &page);
}

static struct done *wave_one_get(struct ctx *c, struct req *r)
{
	static const struct view page = { wave_fields, PAGE(tmpl_pick_wave) };
	struct wave w;

	return wave_get(c, req_id(r), &w) ? reply_view(r, req_wants_page(r) ? &page : &wave_answer, &w)
					  : reply_error(r);
}

/* ---- picks ---- */

static const struct view pick_answer_view = { pick_fields, NULL };

static bool page_lists(struct ctx *c, struct picks_page *p)
{
	struct pick_order *rows;
	size_t len;

	if (!pick_waiting(c, 200, &rows, &len) || !pick_list_state(c, "open", 0, 200, &p->open, &p->open_len))
		return false;
	p->to_confirm = ARENA_ARRAY(c->arena, len, struct pick_order);
	p->to_wave = ARENA_ARRAY(c->arena, len, struct pick_order);
	for (size_t i = 0; i < len; i++)
		if (rows[i].confirmed != 0)
			p->to_wave[p->to_wave_len++] = rows[i];
		else
			p->to_confirm[p->to_confirm_len++] = rows[i];
	return true;
}

static struct done *picks_get(struct ctx *c, struct req *r)
{
	const struct list_in *in = req_in(r);
	struct paging pg = req_paging(r);
	struct picks_page page = { 0 };
	struct pick *rows;
	size_t len;
	int64_t next = 0;

	if (!pick_list_state(c, in->state != NULL ? in->state : "open", pg.after_id > 0 ? pg.after_id : 0, pg.limit + 1,
		    &rows, &len) ||
		(req_wants_page(r) && !page_lists(c, &page)))
		return reply_error(r);
	if (len > (size_t)pg.limit) {
		len = (size_t)pg.limit;
		next = rows[len - 1].id;
	}
	return reply_list(r, &pick_answer_view, rows, len, next, NULL, PAGE(tmpl_pick_list), &page);
}

/* The next line nobody answered; ?line=3 goes back to one that was. */
static void page_lines(struct pick_page *p, const char *asked)
{
	int64_t wanted = asked != NULL ? strtoll(asked, NULL, 10) : 0;

	p->all = (int64_t)p->p.lines_len;
	p->open = strcmp(p->p.state, "open") == 0;
	for (size_t i = 0; i < p->p.lines_len; i++) {
		struct pick_line *l = &p->p.lines[i];
		p->answered += qty_is(l->picked);
		if (l->line == wanted || (!qty_is(l->picked) && p->now == NULL && wanted == 0))
			p->now = l;
	}
	if (!p->open)
		p->now = NULL;
}

static bool page_crates(struct ctx *c, struct pick_page *p)
{
	struct crate_kind *kinds;

	if (!crate_kinds(c, false, &kinds, &p->kinds_len))
		return false;
	p->kinds = ARENA_ARRAY(c->arena, p->kinds_len, struct pick_crate);
	for (size_t i = 0; i < p->kinds_len; i++)
		p->kinds[i] = (struct pick_crate){ kinds[i].code, kinds[i].name, kinds[i].tare_kg,
			p->now != NULL && p->now->crate != NULL && strcmp(p->now->crate, kinds[i].code) == 0 };
	return true;
}

static struct done *pick_one_get(struct ctx *c, struct req *r)
{
	static const struct view page = { pick_fields, PAGE(tmpl_pick_pick) };
	struct pick_page p = { 0 };

	if (!pick_get(c, req_id(r), &p.p))
		return reply_error(r);
	if (!req_wants_page(r))
		return reply_view(r, &pick_answer_view, &p.p);
	p.all = (int64_t)p.p.lines_len;
	page_lines(&p, req_query(r, "line"));
	p.now_kg = p.now != NULL ? pick_nominal(p.now, p.now->quantity) : QTY_NONE;
	p.tolerance = p.now != NULL ? pick_tolerance(c, p.now) : 0;
	if (!page_crates(c, &p))
		return reply_error(r);
	return reply_view(r, &page, &p);
}

static struct done *answered(struct ctx *c, struct req *r)
{
	struct pick p;

	return pick_get(c, req_id(r), &p) ? reply_moved(r, &pick_answer_view, &p, "/picks/%" PRId64, p.id)
					  : reply_error(r);
}

static struct done *line_post(struct ctx *c, struct req *r)
{
	return pick_answer(c, req_id(r), req_n(r), req_in(r)) ? answered(c, r) : reply_error(r);
}

static struct done *done_post(struct ctx *c, struct req *r)
{
	struct pick p;

	if (!pick_done(c, req_id(r)) || !pick_get(c, req_id(r), &p))
		return reply_error(r);
	if (p.shipment_id != INT64_MIN)
		return reply_moved(r, &pick_answer_view, &p, "/shipments/%" PRId64, p.shipment_id);
	return reply_moved(r, &pick_answer_view, &p, "/picks");
}

static struct done *cancel_post(struct ctx *c, struct req *r)
{
	const struct reason_in *in = req_in(r);
	struct pick p;

	if (!pick_cancel(c, req_id(r), in->reason) || !pick_get(c, req_id(r), &p))
		return reply_error(r);
	return reply_moved(r, &pick_answer_view, &p, "/picks");
}

#define IN(f, s) (f), sizeof(s)
static const struct route routes[] = {
	{ POST, "/orders/:id/confirm-stock", RIGHT_pick, IN(confirm_fields, struct confirm_in), confirm_post,
		T_pick_confirm_stock, 0, &order_answer },
	{ POST, "/orders/:id/shortage", RIGHT_order_edit, IN(settle_fields, struct settle_in), shortage_post,
		T_pick_settle, 0, &order_answer },
	{ POST, "/orders/:id/wave", RIGHT_pick, NULL, 0, order_wave_post, T_pick_release, 0, &wave_answer },
	{ GET, "/waves", RIGHT_look, NULL, 0, waves_get, T_pick_waves, ROUTE_LIST, &wave_answer },
	{ POST, "/waves", RIGHT_pick, IN(wave_in_fields, struct wave_in), waves_post, T_pick_release, 0, &wave_answer },
	{ GET, "/waves/:id", RIGHT_look, NULL, 0, wave_one_get, T_pick_wave, 0, &wave_answer },
	{ GET, "/picks", RIGHT_look, IN(list_fields, struct list_in), picks_get, T_pick_list, ROUTE_LIST,
		&pick_answer_view },
	{ GET, "/picks/:id", RIGHT_look, NULL, 0, pick_one_get, T_pick_one, 0, &pick_answer_view },
	{ POST, "/picks/:id/lines/:n", RIGHT_pick, IN(answer_fields, struct answer_in), line_post, T_pick_answer, 0,
		&pick_answer_view },
	{ POST, "/picks/:id/done", RIGHT_pick, NULL, 0, done_post, T_pick_done, 0, &pick_answer_view },
	{ POST, "/picks/:id/cancel", RIGHT_pick, IN(reason_fields, struct reason_in), cancel_post, T_pick_cancel, 0,
		&pick_answer_view },
	ROUTE_END,
};

static const struct menu menu[] = {
	{ T_pick_menu, "/picks", 50, RIGHT_pick },
	{ T_none, NULL, 0, RIGHT_none },
};

const struct module pick_module = {
	.name = "pick",
	.routes = routes,
	.listens = pick_listens,
	.menu = menu,
	.checks = pick_checks,
	.ticks = pick_ticks,
};
