/* review_web: the queue, one review with all its evidence, the decisions. */
#include "mod/review/review_int.h"

#include "gen/order_sql.h"
#include "gen/review_sql.h"
#include "gen/tmpl.h"
#include "mod/catalog/catalog_view.h"
#include "mod/customer/customer.h"

#include <inttypes.h>
#include <string.h>

#define QUEUE_MAX 200

const struct field review_view_fields[] = {
	FIELD(struct review_view, id, T_none),
	FIELD(struct review_view, version, T_none),
	FIELD(struct review_view, order, T_review_order),
	FIELD(struct review_view, number, T_order_number),
	FIELD(struct review_view, customer, T_order_customer),
	FIELD(struct review_view, customer_name, T_order_customer_name),
	FIELD(struct review_view, state, T_review_state),
	FIELD(struct review_view, decision, T_review_decision),
	FIELD(struct review_view, order_state, T_order_state),
	FIELD(struct review_view, total, T_order_total),
	FIELD(struct review_view, delivery_date, T_order_delivery_date),
	FIELD(struct review_view, due_at, T_order_due_at),
	FIELD(struct review_view, created_at, T_order_created_at),
	FIELD(struct review_view, decided_at, T_review_decided_at),
	FIELD(struct review_view, escalated, T_review_escalated),
	FIELD(struct review_view, claimed_by, T_review_claimed_by),
	FIELD(struct review_view, decided_by, T_review_decided_by),
	FIELD_LIST(struct review_view, checks, review_check_fields, T_review_checks),
	FIELD_JSON(struct review_view, overrides, T_review_overrides),
	FIELD(struct review_view, note, T_review_note),
	FIELD_END,
};

const struct field review_item_fields[] = {
	FIELD(struct review_item, id, T_none),
	FIELD(struct review_item, version, T_none),
	FIELD(struct review_item, order_id, T_none, .flags = F_HIDDEN),
	FIELD(struct review_item, order, T_review_order),
	FIELD(struct review_item, number, T_order_number),
	FIELD(struct review_item, customer_name, T_order_customer_name),
	FIELD(struct review_item, state, T_review_state),
	FIELD(struct review_item, decision, T_review_decision),
	FIELD(struct review_item, worst, T_review_worst),
	FIELD(struct review_item, total, T_order_total),
	FIELD(struct review_item, delivery_date, T_order_delivery_date),
	FIELD(struct review_item, due_at, T_order_due_at),
	FIELD(struct review_item, escalated, T_review_escalated),
	FIELD_JSON(struct review_item, checks, T_review_checks),
	FIELD_END,
};

/* ---- what comes in ---- */

static const struct field override_fields[] = {
	FIELD(struct review_override, check, T_review_check, .flags = F_REQUIRED, .max = 32),
	FIELD(struct review_override, reason, T_review_reason, .flags = F_REQUIRED, .max = 300),
	FIELD_END,
};
static const struct field offer_fields[] = {
	FIELD(struct review_offer, line, T_order_line_no, .flags = F_REQUIRED | F_POSITIVE, .max = 2000),
	FIELD(struct review_offer, sku, T_order_line_sku, .max = 64),
	FIELD(struct review_offer, unit, T_order_line_unit, .max = 16),
	FIELD(struct review_offer, quantity, T_order_line_quantity, .flags = F_POSITIVE, .max = QTY_MAX),
	FIELD(struct review_offer, price, T_order_line_price, .flags = F_UNSIGNED, .max = PRICE_MAX),
	FIELD_END,
};
static const struct field approve_fields[] = {
	FIELD(struct review_decision, note, T_review_note, .max = 300),
	FIELD_LIST(struct review_decision, overrides, override_fields, T_review_overrides, .max = 5),
	FIELD_END,
};
static const struct field reject_fields[] = {
	FIELD_AS(struct review_decision, note, "reason", T_review_reason, .flags = F_REQUIRED, .max = 300),
	FIELD_LIST(struct review_decision, lines, offer_fields, T_order_lines, .max = 2000),
	FIELD_END,
};
static const struct field counter_fields[] = {
	FIELD_AS(struct review_decision, note, "reason", T_review_reason, .flags = F_REQUIRED, .max = 300),
	FIELD_LIST(struct review_decision, lines, offer_fields, T_order_lines, .max = 2000),
	FIELD(struct review_decision, delivery_date, T_order_delivery_date),
	FIELD_END,
};
struct queue_in {
	const char *state;
};
static const struct field queue_fields[] = {
	FIELD(struct queue_in, state, T_review_state, .max = 16),
	FIELD_END,
};

/* ---- one review ---- */

static bool is_open(const struct review *rv)
{
	return strcmp(rv->state, "open") == 0 || strcmp(rv->state, "claimed") == 0;
}

/* Open: as it stands now. Decided: as it was decided on. */
static bool view_make(struct ctx *c, const struct review *rv, const struct order *o, struct review_view *v)
{
	struct customer who;

	if (!customer_get(c, o->customer_id, &who))
		return false;
	*v = (struct review_view){ .id = rv->id,
		.version = rv->version,
		.order = o->id,
		.number = o->number,
		.customer = who.code,
		.customer_name = who.name,
		.state = rv->state,
		.decision = rv->decision,
		.order_state = o->state,
		.total = o->total,
		.delivery_date = o->delivery_date,
		.due_at = rv->due_at,
		.created_at = rv->created_at,
		.decided_at = rv->decided_at,
		.escalated = rv->escalated != 0,
		.claimed_by = rv->claimed_by,
		.decided_by = rv->decided_by,
		.overrides = rv->overrides,
		.note = rv->note };
	return (is_open(rv) ? review_checks(c, o, &v->checks, &v->checks_len)
			    : review_checks_read(c, rv->checks, &v->checks, &v->checks_len)) &&
	       review_hide_floor(c, v->checks, v->checks_len);
}

static void checks_dress(struct ctx *c, struct review_view *v)
{
	for (size_t i = 0; i < v->checks_len; i++) {
		struct review_check *k = &v->checks[i];
		k->name = text_get(c->lang, text_find(arena_printf(c->arena, "review.check.%s", k->check)));
		k->word = text_get(
			c->lang, text_find(arena_printf(c->arena, "review.result.%s", review_result_names[k->result])));
		k->pass = k->result == RV_PASS;
		k->warn = k->result == RV_WARN;
		k->block = k->result == RV_BLOCK;
	}
}

/* "6 分" to go, "超时 12 分" if late. */
static const char *left_text(struct ctx *c, struct instant due)
{
	int64_t min = (due.us - c->now.us) / MINUTE_US;
	int64_t n = min < 0 ? -min : min;
	const char *amount =
		n >= 120 ? text_fill(c->arena, c->lang, T_review_hours,
				   (const char *const[]){ arena_printf(c->arena, "%" PRId64, n / 60), NULL })
			 : text_fill(c->arena, c->lang, T_review_minutes,
				   (const char *const[]){ arena_printf(c->arena, "%" PRId64, n), NULL });

	return text_fill(
		c->arena, c->lang, min < 0 ? T_review_late_by : T_review_left, (const char *const[]){ amount, NULL });
}

static void dots_make(struct ctx *c, struct review_item *it)
{
	struct review_check *k;

	if (!review_checks_read(c, it->checks, &k, &it->dots_len))
		return;
	it->dots = ARENA_ARRAY(c->arena, it->dots_len, struct review_dot);
	for (size_t i = 0; i < it->dots_len; i++)
		it->dots[i] = (struct review_dot){ k[i].result == RV_WARN, k[i].result == RV_BLOCK };
	it->late = it->due_at.us < c->now.us;
	it->soon = !it->late && it->due_at.us < c->now.us + 15 * MINUTE_US;
	it->left = left_text(c, it->due_at);
}

static bool page_queue(struct ctx *c, struct review_page *p)
{
	struct order_count *counts;
	size_t n;

	if (!review_queue(c, 40, &p->queue, &p->queue_len) || !review_open_counts(c, &counts, &n))
		return false;
	for (size_t i = 0; i < p->queue_len; i++) {
		dots_make(c, &p->queue[i]);
		p->queue[i].here = p->queue[i].id == p->v.id;
		if (p->queue[i].here && i + 1 < p->queue_len)
			p->next = &p->queue[i + 1];
	}
	for (size_t i = 0; i < n; i++)
		*(strcmp(counts[i].state, "pass") == 0         ? &p->passed
			: strcmp(counts[i].state, "warn") == 0 ? &p->warned
							       : &p->blocked) = counts[i].n;
	p->has_queue = p->queue_len > 0;
	return true;
}

static const char *verdict_of(struct ctx *c, const struct review_page *p, const struct order_line *l, bool *bad)
{
	const char *text = "✓";

	for (size_t i = 0; i < p->v.checks_len; i++) {
		const struct review_check *k = &p->v.checks[i];
		json_t *facts = json_loads(k->facts, 0, NULL), *one;
		size_t n;
		json_array_foreach(json_object_get(facts, "lines"), n, one)
		{
			const char *sku = json_string_value(json_object_get(one, "sku"));
			const char *gap = json_string_value(json_object_get(one, "short"));
			if (sku == NULL || strcmp(sku, l->sku) != 0)
				continue;
			if (json_is_true(json_object_get(one, "below_floor"))) {
				text = text_get(c->lang, T_review_line_low);
				*bad = true;
			} else if (gap != NULL && strcmp(gap, "0") != 0) {
				text = text_fill(
					c->arena, c->lang, T_review_line_short, (const char *const[]){ gap, NULL });
				*bad = true;
			}
		}
		json_decref(facts);
	}
	return text;
}

/* What is free, counted as the customer counts. */
static const char *in_unit(struct ctx *c, const struct order_line *l, struct qty base)
{
	struct qty shown;
	bool exact;

	return qty_from_base(&shown, base, (struct ratio){ l->num, l->den }, &exact) ? qty_str(c->arena, shown)
										     : qty_str(c->arena, base);
}

/* "160 公斤" under "8 件"; NULL where both are the same. */
static const char *base_text(struct ctx *c, const struct order_line *l, const struct product *p, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (p[i].id == l->product_id && strcmp(p[i].base_unit, l->unit) != 0)
			return arena_printf(c->arena, "%s %s", qty_str(c->arena, l->ordered), p[i].base_unit);
	return NULL;
}

static bool page_rows(struct ctx *c, struct review_page *p, const struct order *o)
{
	int64_t *ids = ARENA_ARRAY(c->arena, o->lines_len, int64_t);
	struct stock_free *have;
	struct product *products;
	size_t have_len, products_len;

	for (size_t i = 0; i < o->lines_len; i++)
		ids[i] = o->lines[i].product_id;
	if (!stock_free_all(c, (struct i64s){ ids, o->lines_len }, o->delivery_date, &have, &have_len) ||
		!product_list_by_id(c, (struct i64s){ ids, o->lines_len }, &products, &products_len))
		return false;
	p->rows = ARENA_ARRAY(c->arena, o->lines_len, struct review_row);
	p->rows_len = o->lines_len;
	for (size_t i = 0; i < o->lines_len; i++) {
		struct review_row *row = &p->rows[i];
		row->l = o->lines[i];
		row->source = order_source_text(c, row->l.price_source);
		row->available = "0";
		for (size_t k = 0; k < have_len; k++)
			if (have[k].product_id == row->l.product_id)
				row->available = in_unit(c, &row->l, have[k].available);
		for (size_t k = 0; k < products_len; k++)
			if (products[k].id == row->l.product_id && price_is(products[k].floor_price) && sees_floor(c))
				row->floor = price_str(c->arena, products[k].floor_price);
		row->base = base_text(c, &row->l, products, products_len);
		row->verdict = verdict_of(c, p, &row->l, &row->bad);
	}
	return true;
}

static bool page_make(struct ctx *c, const struct review *rv, const struct order *o, struct review_page *p)
{
	*p = (struct review_page){ .open = is_open(rv),
		.mine = c->actor->id == o->created_by || c->actor->id == o->confirmed_by,
		.may_decide = may(c, RIGHT_review) };
	if (!view_make(c, rv, o, &p->v) || !order_view_make(c, o, &p->o) ||
		!review_author(c, o->created_by, &p->created_by))
		return false;
	checks_dress(c, &p->v);
	p->all_green = review_worst(p->v.checks, p->v.checks_len) != RV_BLOCK;
	p->late = p->open && rv->due_at.us < c->now.us;
	p->left = left_text(c, rv->due_at);
	p->may_decide = p->may_decide && p->open && !p->mine;
	return page_queue(c, p) && page_rows(c, p, o);
}

static struct done *review_one_get(struct ctx *c, struct req *r)
{
	static const struct view answer = { review_view_fields, NULL },
				 page = { review_view_fields, PAGE(tmpl_review_show) };
	struct review rv;
	struct order o;
	struct review_view v;
	struct review_page p;

	if (!review_get(c, req_id(r), &rv) || !order_get_full(c, rv.order_id, &o))
		return reply_error(r);
	if (!req_wants_page(r))
		return view_make(c, &rv, &o, &v) ? reply_view(r, &answer, &v) : reply_error(r);
	return page_make(c, &rv, &o, &p) ? reply_view(r, &page, &p) : reply_error(r);
}

/* The page of the queue is its first review, ready to decide. */
static struct done *reviews_get(struct ctx *c, struct req *r)
{
	static const struct view item = { review_item_fields, NULL };
	static const struct view empty = { NULL, PAGE(tmpl_review_empty) };
	const struct queue_in *in = req_in(r);
	struct paging pg = req_paging(r);
	struct review_item *rows;
	int64_t next = 0;
	size_t len;
	bool queue = in->state == NULL ? req_wants_page(r) : strcmp(in->state, "open") == 0 && pg.after_id <= 0;

	if (queue ? !review_queue(c, QUEUE_MAX, &rows, &len)
		  : !review_list_page(
			    c, in->state, pg.after_id > 0 ? pg.after_id : INT64_MAX, pg.limit + 1, &rows, &len))
		return reply_error(r);
	if (req_wants_page(r))
		return len > 0 ? reply_redirect(r, arena_printf(c->arena, "/reviews/%" PRId64, rows[0].id))
			       : reply_view(r, &empty, &(struct review_page){ 0 });
	if (!queue && len > (size_t)pg.limit) {
		len = (size_t)pg.limit;
		next = rows[len - 1].id;
	}
	for (size_t i = 0; i < len; i++) {
		rows[i].order = rows[i].order_id;
		rows[i].checks = review_hide_floor_json(c, rows[i].checks);
	}
	return reply_list(r, &item, rows, len, next, NULL, NULL, NULL);
}

/* ---- decisions ---- */

typedef bool (*decide_fn)(struct ctx *c, int64_t id, int64_t version, const struct review_decision *d);

static struct done *decided(struct ctx *c, struct req *r, decide_fn decide)
{
	static const struct view answer = { review_view_fields, NULL };
	struct review rv;
	struct order o;
	struct review_view v;

	if (!decide(c, req_id(r), req_version(r), req_in(r)) || !review_get(c, req_id(r), &rv) ||
		!order_get_full(c, rv.order_id, &o) || !view_make(c, &rv, &o, &v))
		return reply_error(r);
	return reply_moved(r, &answer, &v, "/reviews");
}

static struct done *review_approve_post(struct ctx *c, struct req *r)
{
	return decided(c, r, review_approve);
}

static struct done *review_reject_post(struct ctx *c, struct req *r)
{
	return decided(c, r, review_reject);
}

static struct done *review_counter_post(struct ctx *c, struct req *r)
{
	return decided(c, r, review_counter);
}

static struct done *review_claim_post(struct ctx *c, struct req *r)
{
	struct review rv;
	struct order o;
	struct review_view v;
	int64_t changed;
	static const struct view answer = { review_view_fields, NULL };

	if (!review_claim_by(c, req_id(r), c->actor->id, c->now, &changed) || !review_get(c, req_id(r), &rv) ||
		!order_get_full(c, rv.order_id, &o))
		return reply_error(r);
	if (changed != 1) {
		(void)fail(c, E_CONFLICT, T_review_taken, o.number);
		return reply_error(r);
	}
	return view_make(c, &rv, &o, &v) ? reply_moved(r, &answer, &v, "/reviews/%" PRId64, rv.id) : reply_error(r);
}

static const struct view answer_view = { review_view_fields, NULL };

#define IN(f, s) (f), sizeof(s)
static const struct route routes[] = {
	{ GET, "/reviews", RIGHT_look, IN(queue_fields, struct queue_in), reviews_get, T_review_list, ROUTE_LIST,
		&answer_view },
	{ GET, "/reviews/:id", RIGHT_look, NULL, 0, review_one_get, T_review_one, 0, &answer_view },
	{ POST, "/reviews/:id/claim", RIGHT_review, NULL, 0, review_claim_post, T_review_do_claim, 0, &answer_view },
	{ POST, "/reviews/:id/approve", RIGHT_review, IN(approve_fields, struct review_decision), review_approve_post,
		T_review_do_approve, ROUTE_NEEDS_VERSION, &answer_view },
	{ POST, "/reviews/:id/reject", RIGHT_review, IN(reject_fields, struct review_decision), review_reject_post,
		T_review_do_reject, ROUTE_NEEDS_VERSION, &answer_view },
	{ POST, "/reviews/:id/counter", RIGHT_review, IN(counter_fields, struct review_decision), review_counter_post,
		T_review_do_counter, ROUTE_NEEDS_VERSION, &answer_view },
	{ GET, "/review-rules", RIGHT_review, NULL, 0, review_rules_get, T_review_rules, ROUTE_LIST,
		&review_rule_view },
	{ POST, "/review-rules", RIGHT_review, IN(review_rule_in_fields, struct review_rule), review_rule_post,
		T_review_rule_new, 0, &review_rule_view },
	{ POST, "/review-rules/:id/stop", RIGHT_review, NULL, 0, review_rule_stop_post, T_review_rule_stop, 0,
		&review_rule_view },
	ROUTE_END,
};

static const struct menu menu[] = {
	{ T_review_menu, "/reviews", 40, RIGHT_review },
	{ T_none, NULL, 0, RIGHT_none },
};

const struct module review_module = {
	.name = "review",
	.routes = routes,
	.listens = review_listens,
	.menu = menu,
	.checks = review_verify,
	.ticks = review_ticks,
};
