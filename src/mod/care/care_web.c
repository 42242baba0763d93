/* care_web: pages and API of follow-ups and cases. */
#include "mod/care/care_int.h"

#include "gen/care_sql.h"
#include "gen/tmpl.h"
#include "mod/customer/customer.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ---- the call list ---- */

struct state_in {
	const char *state;
	int64_t order;
};
static const struct field state_fields[] = {
	FIELD(struct state_in, state, T_care_state, .max = 16),
	FIELD(struct state_in, order, T_care_order, .flags = F_POSITIVE),
	FIELD_END,
};

static const struct view follow_up_answer_view = { follow_up_item_fields, NULL };
static const struct view case_answer = { case_view_fields, NULL };
static const struct view case_row = { case_item_fields, NULL };
static const struct view cause_row = { case_cause_fields, NULL };

static struct done *due_list(struct ctx *c, struct req *r, struct follow_up_list_page *p)
{
	struct paging pg = req_paging(r);
	const char *key = NULL;
	int64_t next = 0;
	size_t len;

	if (!follow_up_list(c, pg.after_id > 0 ? strtoll(pg.after_key, NULL, 10) : INT64_MIN + 1, pg.after_id,
		    pg.limit + 1, &p->items, &len))
		return reply_error(r);
	p->items_len = len > (size_t)pg.limit ? (size_t)pg.limit : len;
	if (len > p->items_len)
		next = p->items[p->items_len - 1].order;
	if (next != 0)
		key = arena_printf(c->arena, "%" PRId64, p->items[p->items_len - 1].due_at.us);
	p->next_url = req_next(r, next, key);
	return reply_list(r, &follow_up_answer_view, p->items, p->items_len, next, key, PAGE(tmpl_care_calls), p);
}

static struct done *follow_ups_get(struct ctx *c, struct req *r)
{
	const struct state_in *in = req_in(r);
	struct follow_up_list_page p = { .state = in->state != NULL ? in->state : "due" };
	struct paging pg = req_paging(r);
	int64_t next = 0;
	size_t len;

	if (strcmp(p.state, "done") != 0)
		return due_list(c, r, &p);
	if (!follow_up_done_list(c, pg.after_id > 0 ? pg.after_id : INT64_MAX, pg.limit + 1, &p.items, &len))
		return reply_error(r);
	p.items_len = len > (size_t)pg.limit ? (size_t)pg.limit : len;
	if (len > p.items_len)
		next = p.items[p.items_len - 1].order;
	p.next_url = req_next(r, next, NULL);
	return reply_list(r, &follow_up_answer_view, p.items, p.items_len, next, NULL, PAGE(tmpl_care_calls), &p);
}

static bool one_follow_up(struct ctx *c, int64_t order_id, struct follow_up_page *p, bool *found)
{
	struct order o;

	if (!order_get_full(c, order_id, &o) || !follow_up_one(c, order_id, &p->f, found))
		return false;
	p->lines = o.lines;
	p->lines_len = o.lines_len;
	p->open = *found && strcmp(p->f.state, "due") == 0;
	p->may_answer = p->open && may(c, RIGHT_follow_up);
	return *found || fail(c, E_NOT_FOUND, T_care_no_follow_up, o.number);
}

static struct done *follow_up_get(struct ctx *c, struct req *r)
{
	static const struct view page = { follow_up_item_fields, PAGE(tmpl_care_call) };
	struct follow_up_page p = { 0 };
	bool found;

	if (!one_follow_up(c, req_id(r), &p, &found))
		return reply_error(r);
	return req_wants_page(r) ? reply_view(r, &page, &p) : reply_view(r, &follow_up_answer_view, &p.f);
}

static struct done *follow_up_post(struct ctx *c, struct req *r)
{
	struct follow_up_item f;
	bool found;

	if (!follow_up_answer(c, req_id(r), req_in(r), "phone") || !follow_up_one(c, req_id(r), &f, &found))
		return reply_error(r);
	return reply_moved(r, &follow_up_answer_view, &f, "/follow-ups");
}

/* ---- cases ---- */

static struct done *cases_get(struct ctx *c, struct req *r)
{
	const struct state_in *in = req_in(r);
	struct paging pg = req_paging(r);
	struct case_list_page p = { .state = in->state != NULL   ? in->state
					     : req_wants_page(r) ? "unclosed"
								 : NULL,
		.may_open = may(c, RIGHT_case_edit) };
	int64_t next = 0;
	size_t len;

	if (in->order > 0 ? !case_page_of_order(c, in->order, &p.items, &len)
			  : !case_page(c, p.state, pg.after_id > 0 ? pg.after_id : INT64_MAX, pg.limit + 1, &p.items,
				    &len))
		return reply_error(r);
	if (in->order <= 0 && len > (size_t)pg.limit) {
		len = (size_t)pg.limit;
		next = p.items[len - 1].id;
	}
	p.items_len = len;
	p.next_url = req_next(r, next, NULL);
	return reply_list(r, &case_row, p.items, len, next, NULL, PAGE(tmpl_care_cases), &p);
}

static struct done *case_get(struct ctx *c, struct req *r)
{
	static const struct view page = { case_view_fields, PAGE(tmpl_care_case) };
	struct case_view v;

	return case_view_make(c, req_id(r), &v) ? reply_view(r, &page, &v) : reply_error(r);
}

static struct done *cases_post(struct ctx *c, struct req *r)
{
	const struct upload *files;
	size_t len = req_files(r, &files);
	struct case_view v;
	int64_t id;

	if (!case_open(c, req_in(r), "staff", &id) || !file_keep(c, "case", id, files, len) ||
		!case_view_make(c, id, &v))
		return reply_error(r);
	return reply_created(r, &case_answer, &v, "/cases/%" PRId64, id);
}

/* The page to record a complaint about an order. */
static struct done *case_new_get(struct ctx *c, struct req *r)
{
	static const struct view page = { NULL, PAGE(tmpl_care_new) };
	struct case_new_page p;
	struct customer who;
	struct order o;

	if (!order_get_full(c, req_id(r), &o) || !customer_get(c, o.customer_id, &who))
		return reply_error(r);
	p = (struct case_new_page){ o.id, o.number, who.name, o.lines, o.lines_len };
	return reply_view(r, &page, &p);
}

static struct done *answer(struct ctx *c, struct req *r)
{
	struct case_view v;

	if (!case_view_make(c, req_id(r), &v))
		return reply_error(r);
	return reply_moved(r, &case_answer, &v, "/cases/%" PRId64, v.k.id);
}

static struct done *files_post(struct ctx *c, struct req *r)
{
	const struct upload *files;
	size_t len = req_files(r, &files);
	struct care_case k;

	if (!case_lock(c, req_id(r), &k) || !file_keep(c, "case", k.id, files, len))
		return reply_error(r);
	if (strcmp(k.state, "closed") == 0) {
		(void)fail(c, E_CONFLICT, T_care_wrong_state, k.number, text_get(c->lang, T_care_states_closed));
		return reply_error(r);
	}
	return answer(c, r);
}

static struct done *assign_post(struct ctx *c, struct req *r)
{
	return case_assign(c, req_id(r), req_version(r), req_in(r)) ? answer(c, r) : reply_error(r);
}

static struct done *propose_post(struct ctx *c, struct req *r)
{
	return case_propose(c, req_id(r), req_version(r), req_in(r)) ? answer(c, r) : reply_error(r);
}

static struct done *resolve_post(struct ctx *c, struct req *r)
{
	return case_resolve(c, req_id(r), req_version(r), req_in(r)) ? answer(c, r) : reply_error(r);
}

static struct done *close_post(struct ctx *c, struct req *r)
{
	const struct case_note_in *in = req_in(r);

	return case_close(c, req_id(r), req_version(r), in->note) ? answer(c, r) : reply_error(r);
}

static struct done *reopen_post(struct ctx *c, struct req *r)
{
	const struct case_note_in *in = req_in(r);

	return case_reopen(c, req_id(r), req_version(r), in->note) ? answer(c, r) : reply_error(r);
}

/* ---- what causes them ---- */

struct causes_in {
	int by;
	struct date from;
};
static const char *const causes_by[] = { "kind", "cause", "product", "lot", "carrier", "picker", NULL };
static const struct field causes_fields[] = {
	FIELD_ENUM(struct causes_in, by, T_care_by, causes_by),
	FIELD(struct causes_in, from, T_care_from),
	FIELD_END,
};

static void percents(struct case_cause *rows, size_t len)
{
	int64_t all = 0, upto = 0;

	for (size_t i = 0; i < len; i++)
		all += rows[i].n;
	for (size_t i = 0; i < len; i++) {
		upto += rows[i].n;
		rows[i].percent = upto * 100 / all;
	}
}

static struct done *causes_get(struct ctx *c, struct req *r)
{
	static bool (*const find[])(struct ctx * c, int64_t from_at, struct case_cause * *rows, size_t * len) = {
		case_by_kind, case_by_cause, case_by_product, case_by_lot, case_by_carrier, case_by_picker
	};
	const struct causes_in *in = req_in(r);
	struct case_cause_page p = { .by = causes_by[in->by] };
	struct date from = date_is(in->from) ? in->from : (struct date){ today(c).day - 90 };

	if (!find[in->by](c, instant_of(from, zone_s(c)).us, &p.rows, &p.rows_len))
		return reply_error(r);
	percents(p.rows, p.rows_len);
	return reply_list(r, &cause_row, p.rows, p.rows_len, 0, NULL, PAGE(tmpl_care_causes), &p);
}

/* ---- verify ---- */

static bool count_follow_ups(struct ctx *c, int64_t *counted, int64_t *broken, const char **first)
{
	return check_rows(c, care_check_follow_up, care_count_follow_ups, counted, broken, first);
}

static bool count_open(struct ctx *c, int64_t *counted, int64_t *broken, const char **first)
{
	return check_rows(c, care_check_open, care_count_cases, counted, broken, first);
}

static bool count_numbers(struct ctx *c, int64_t *counted, int64_t *broken, const char **first)
{
	return check_rows(c, care_check_numbers, care_count_cases, counted, broken, first);
}

static bool count_steps(struct ctx *c, int64_t *counted, int64_t *broken, const char **first)
{
	static const char *const begins[] = { "open", NULL };

	return care_count_cases(c, counted) &&
	       check_steps(c, care_check_steps, begins, case_step_allowed, broken, first);
}

static bool count_credits(struct ctx *c, int64_t *counted, int64_t *broken, const char **first)
{
	return check_rows(c, care_check_credits, care_count_cases, counted, broken, first);
}

const struct check care_checks[] = {
	{ 12, "completed orders were asked about", count_follow_ups },
	{ 12, "completed orders have no open case", count_open },
	{ 4, "cases moved as allowed", count_steps },
	{ 6, "cases are credited once", count_credits },
	{ 10, "case numbers", count_numbers },
	{ 0, NULL, NULL },
};

/* ---- records the build reads ---- */

#define IN(f, s) (f), sizeof(s)
#define V        ROUTE_NEEDS_VERSION
const struct route care_routes[] = {
	{ GET, "/follow-ups", RIGHT_look, IN(state_fields, struct state_in), follow_ups_get, T_care_calls, ROUTE_LIST,
		&follow_up_answer_view },
	{ GET, "/orders/:id/follow-up", RIGHT_look, NULL, 0, follow_up_get, T_care_call, 0, &follow_up_answer_view },
	{ POST, "/orders/:id/follow-up", RIGHT_follow_up, IN(follow_up_in_fields, struct follow_up_in), follow_up_post,
		T_care_do_follow_up, 0, &follow_up_answer_view },
	{ GET, "/cases", RIGHT_look, IN(state_fields, struct state_in), cases_get, T_care_cases, ROUTE_LIST,
		&case_row },
	{ POST, "/cases", RIGHT_case_edit, IN(case_in_fields, struct case_in), cases_post, T_care_do_open, ROUTE_FILES,
		&case_answer },
	{ GET, "/orders/:id/case", RIGHT_case_edit, NULL, 0, case_new_get, T_care_do_open, ROUTE_PAGE_ONLY, NULL },
	{ GET, "/cases/causes", RIGHT_look, IN(causes_fields, struct causes_in), causes_get, T_care_causes, 0,
		&cause_row },
	{ GET, "/cases/:id", RIGHT_look, NULL, 0, case_get, T_care_case, 0, &case_answer },
	{ POST, "/cases/:id/files", RIGHT_case_edit, NULL, 0, files_post, T_care_do_files, ROUTE_FILES, &case_answer },
	{ POST, "/cases/:id/assign", RIGHT_case_edit, IN(assign_fields, struct assign_in), assign_post,
		T_care_do_assign, V, &case_answer },
	{ POST, "/cases/:id/propose", RIGHT_case_edit, IN(propose_fields, struct propose_in), propose_post,
		T_care_do_propose, V, &case_answer },
	{ POST, "/cases/:id/resolve", RIGHT_case_decide, IN(propose_fields, struct propose_in), resolve_post,
		T_care_do_resolve, V, &case_answer },
	{ POST, "/cases/:id/close", RIGHT_case_edit, IN(case_word_fields, struct case_note_in), close_post,
		T_care_do_close, V, &case_answer },
	{ POST, "/cases/:id/reopen", RIGHT_case_edit, IN(case_word_fields, struct case_note_in), reopen_post,
		T_care_do_reopen, V, &case_answer },
	ROUTE_END,
};

static const struct listen listens[] = {
	{ "order.received", follow_up_begin },
	{ "order.completed", follow_up_end },
	{ "shipment.received", case_of_receipt },
	{ "customer.erased", cases_forget },
	{ NULL, NULL },
};

static const struct tick ticks[] = {
	{ "care.escalate", 60, cases_escalate },
	{ NULL, 0, NULL },
};

static const struct menu menu[] = {
	{ T_care_menu_calls, "/follow-ups", 64, RIGHT_follow_up },
	{ T_care_menu_cases, "/cases", 66, RIGHT_case_edit },
	{ T_none, NULL, 0, RIGHT_none },
};

const struct module care_module = {
	.name = "care",
	.routes = care_routes,
	.listens = listens,
	.menu = menu,
	.checks = care_checks,
	.ticks = ticks,
};
