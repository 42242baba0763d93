/* care_case: a complaint, from its opening to its end. */
#include "mod/care/care_int.h"

#include "gen/care_sql.h"
#include "mod/customer/customer.h"
#include "mod/money/money.h"
#include "mod/ship/ship.h"
#include "mod/task/task.h"

#include <inttypes.h>
#include <string.h>

const char *const case_origins[] = { "order", "shipment", "line", "lot", NULL };
const char *const case_kinds[] = { "other", "quality", "quantity", "damage", "late", "wrong", "price", "service",
	"refused", "low_score", NULL };
const char *const case_decisions[] = { "none", "credit", "return", "exchange", "redeliver", NULL };
const char *const case_move_names[] = { "assign", "propose", "resolve", "close", "reopen", NULL };

/* ---- the table ---- */

static const struct {
	const char *from;
	enum case_move move;
	const char *to;
	enum right right;
} case_moves[] = {
	{ "open", CM_ASSIGN, "assigned", RIGHT_case_edit },
	{ "assigned", CM_ASSIGN, "assigned", RIGHT_case_edit },
	{ "open", CM_PROPOSE, "proposed", RIGHT_case_edit },
	{ "assigned", CM_PROPOSE, "proposed", RIGHT_case_edit },
	{ "proposed", CM_PROPOSE, "proposed", RIGHT_case_edit },
	{ "open", CM_RESOLVE, "resolved", RIGHT_case_decide },
	{ "assigned", CM_RESOLVE, "resolved", RIGHT_case_decide },
	{ "proposed", CM_RESOLVE, "resolved", RIGHT_case_decide },
	{ "resolved", CM_CLOSE, "closed", RIGHT_case_edit },
	{ "resolved", CM_REOPEN, "assigned", RIGHT_case_edit },
	{ "closed", CM_REOPEN, "assigned", RIGHT_case_decide },
};

static int move_find(const char *state, enum case_move m)
{
	for (size_t i = 0; i < ARRAY_LEN(case_moves); i++)
		if (case_moves[i].move == m && strcmp(case_moves[i].from, state) == 0)
			return (int)i;
	return -1;
}

bool case_step_allowed(const char *from, const char *to)
{
	for (size_t i = 0; i < ARRAY_LEN(case_moves); i++)
		if (strcmp(case_moves[i].from, from) == 0 && strcmp(case_moves[i].to, to) == 0)
			return true;
	return false;
}

const char *case_actions(struct ctx *c, const struct care_case *k)
{
	struct buf b;
	struct json j;

	buf_init(&b, c->arena);
	json_start(&j, &b);
	json_arr(&j, NULL);
	for (int m = 0; m < CM_COUNT; m++) {
		int at = move_find(k->state, (enum case_move)m);
		if (at >= 0 && may(c, case_moves[at].right))
			json_str(&j, NULL, case_move_names[m]);
	}
	json_end_arr(&j);
	return buf_cstr(&b);
}

static bool take_up(struct ctx *c, int64_t id, int64_t version, enum case_move m, struct care_case *k)
{
	int at;

	if (!case_lock(c, id, k))
		return false;
	at = move_find(k->state, m);
	if (at < 0)
		return fail(c, E_CONFLICT, T_care_wrong_state, k->number,
			text_get(c->lang, text_find(arena_printf(c->arena, "care.states.%s", k->state))));
	if (version != INT64_MIN && version != k->version)
		return fail(c, E_VERSION, T_care_changed, k->number);
	return need(c, case_moves[at].right);
}

/* ---- one step ---- */

static bool case_task(struct ctx *c, const struct care_case *k)
{
	struct buf b;
	struct json j;
	struct task t = { .kind = "case",
		.role = "service",
		.order_id = k->order_id,
		.entity = "case",
		.entity_id = k->id,
		.assigned_to = k->owner_id,
		.due_at = k->due_at };

	buf_init(&b, c->arena);
	json_start(&j, &b);
	json_obj(&j, NULL);
	json_str(&j, "case", k->number);
	json_str(&j, "note", k->summary);
	json_end_obj(&j);
	t.data = buf_cstr(&b);
	return task_open(c, &t, NULL);
}

static const char *step_json(struct ctx *c, const struct care_case *k, const char *note)
{
	struct buf b;
	struct json j;

	buf_init(&b, c->arena);
	json_start(&j, &b);
	json_obj(&j, NULL);
	json_str(&j, "case", k->number);
	if (k->decision != NULL)
		json_str(&j, "decision", k->decision);
	if (note != NULL)
		json_str(&j, "reason", note);
	json_end_obj(&j);
	return buf_cstr(&b);
}

static bool tell(struct ctx *c, const struct care_case *k, const char *from, const char *kind, const char *note)
{
	struct event ev = { .kind = kind,
		.entity = "case",
		.entity_id = k->id,
		.order_id = k->order_id,
		.from = from,
		.to = k->state,
		.data = step_json(c, k, note) };

	return event_add(c, &ev);
}

static bool step(struct ctx *c, struct care_case *k, const char *to, const char *kind, const char *note)
{
	const char *from = k->state;

	k->state = to;
	k->version++;
	return case_save(c, k, 1) && tell(c, k, from, kind, note);
}

static bool tasks_over(struct ctx *c, const struct care_case *k, const char *outcome)
{
	return task_close(c, "case", "case", k->id, outcome) && task_close(c, "case_late", "case", k->id, outcome);
}

/* ---- opening ---- */

/* What it is about must be of this order; what follows from it is filled in: of a line its shipment and lot. */
static bool about_shipment(struct ctx *c, const struct case_in *in, struct care_case *k)
{
	struct shipment s;

	if (in->shipment > 0) {
		if (!ship_get(c, in->shipment, &s))
			return false;
		if (s.order_id != k->order_id)
			return fail_field(c, "/shipment", E_UNKNOWN, T_care_other_order, s.number);
		k->shipment_id = s.id;
		return true;
	}
	if (strcmp(k->origin, "shipment") == 0)
		return fail_field(c, "/shipment", E_REQUIRED, T_err_field_required);
	return case_shipment_of(c, k->order_id, k->line, &k->shipment_id);
}

static bool about_line(struct ctx *c, const struct case_in *in, const struct order *o, struct care_case *k)
{
	const struct order_line *l;

	k->line = in->line;
	if (strcmp(k->origin, "lot") == 0) {
		if (in->lot == NULL)
			return fail_field(c, "/lot", E_REQUIRED, T_err_field_required);
		if (!case_lot_there(c, o->id, in->lot, &k->line))
			return false;
		if (k->line == INT64_MIN)
			return fail_field(c, "/lot", E_UNKNOWN, T_care_no_lot, in->lot, o->number);
	}
	if (strcmp(k->origin, "line") == 0 && k->line == INT64_MIN)
		return fail_field(c, "/line", E_REQUIRED, T_err_field_required);
	if (k->line == INT64_MIN)
		return true;
	l = order_line_of(o, k->line);
	if (l == NULL)
		return fail_field(
			c, "/line", E_UNKNOWN, T_care_no_line, arena_printf(c->arena, "%" PRId64, k->line), o->number);
	k->product_id = l->product_id;
	return true;
}

static bool about(struct ctx *c, const struct case_in *in, const struct order *o, struct care_case *k)
{
	k->lot = in->lot;
	if (!about_line(c, in, o, k) || !about_shipment(c, in, k))
		return false;
	return k->lot != NULL || k->shipment_id == INT64_MIN || k->line == INT64_MIN ||
	       case_lot_of(c, k->shipment_id, k->line, &k->lot);
}

static struct instant case_due(struct ctx *c)
{
	return (struct instant){ c->now.us + setting_int(c, "case.target_hours") * HOUR_US };
}

bool case_open(struct ctx *c, const struct case_in *in, const char *source, int64_t *id)
{
	struct care_case k = { .state = "open",
		.kind = case_kinds[in->kind],
		.origin = case_origins[in->origin],
		.order_id = in->order,
		.shipment_id = INT64_MIN,
		.product_id = INT64_MIN,
		.summary = in->summary,
		.detail = in->detail,
		.wish = in->wish,
		.source = source,
		.owner_id = INT64_MIN,
		.due_at = case_due(c),
		.opened_by = c->actor->id,
		.opened_at = c->now };
	struct order o;

	if (!order_get_full(c, in->order, &o))
		return false;
	if (o.decision == D_ARCHIVED)
		return fail(c, E_CONFLICT, T_care_archived, o.number);
	if (!about(c, in, &o, &k))
		return false;
	k.customer_id = o.customer_id;
	if (!id_new(c, &k.id) || !number_new(c, "TS", &k.number) || !case_insert(c, &k, 1) ||
		!tell(c, &k, NULL, "case.opened", NULL) || !case_task(c, &k) || !order_open_again(c, &o))
		return false;
	*id = k.id;
	return true;
}

/* Something was refused at the door: the case is opened with what is known, a person finds out the rest. */
bool case_of_receipt(struct ctx *c, const struct event *e)
{
	struct case_in in = { .origin = 1, .shipment = e->entity_id, .order = e->order_id, .line = INT64_MIN };
	struct shipment_line *lines;
	struct buf b;
	size_t len;
	int64_t id;

	if (!ship_lines(c, e->entity_id, &lines, &len))
		return false;
	buf_init(&b, c->arena);
	for (size_t i = 0; i < len; i++)
		if (qty_is(lines[i].refused) && lines[i].refused.milli > 0)
			buf_printf(&b, "%s%s %s %s", b.len > 0 ? ", " : "", lines[i].name,
				qty_str(c->arena, lines[i].refused), lines[i].unit);
	if (b.len == 0)
		return true;
	in.kind = enum_find(case_kinds, "refused");
	in.summary = text_fill(c->arena, c->lang, T_care_refused, (const char *const[]){ buf_cstr(&b), NULL });
	return case_open(c, &in, "receipt", &id);
}

/* ---- working on it ---- */

bool case_assign(struct ctx *c, int64_t id, int64_t version, const struct assign_in *in)
{
	struct care_case k;

	if (!take_up(c, id, version, CM_ASSIGN, &k))
		return false;
	k.owner_id = c->actor->id;
	if (in->owner != NULL && !case_user(c, in->owner, &k.owner_id))
		return false;
	if (k.owner_id == INT64_MIN)
		return fail_field(c, "/owner", E_UNKNOWN, T_care_no_person, in->owner);
	return step(c, &k, "assigned", "case.assigned", NULL) && case_task(c, &k) &&
	       task_assign(c, "case", "case", k.id, k.owner_id);
}

static bool over(const struct goods_return *g)
{
	return strcmp(g->state, "rejected") == 0 || strcmp(g->state, "cancelled") == 0;
}

/* What was decided and carried out before a case was opened again: a sum, a return, an order, if they came to anything.
 * NULL: nothing of the kind. */
static bool stands(struct ctx *c, const struct care_case *k, const char **what)
{
	struct goods_return g;
	struct order o;

	*what = NULL;
	if (k->decided_by == INT64_MIN)
		return true;
	if (strcmp(k->decision, "credit") == 0)
		*what = money_show(c->arena, k->amount);
	if (k->return_id > 0) {
		if (!return_get(c, k->return_id, &g))
			return false;
		*what = over(&g) ? *what : g.number;
	}
	if (k->new_order_id > 0) {
		if (!order_get(c, k->new_order_id, &o))
			return false;
		*what = o.decision == D_CANCELLED ? *what : o.number;
	}
	return true;
}

/* Carried out once: afterwards a case can only be explained, and what was done stays written down. */
static bool take_decision(struct ctx *c, struct care_case *k, const struct propose_in *in, bool *done)
{
	const char *what;

	if (!stands(c, k, &what))
		return false;
	*done = what != NULL;
	if (*done && in->decision != 0)
		return fail(c, E_CONFLICT, T_care_done_already, k->number, what);
	if (!*done) {
		k->decision = case_decisions[in->decision];
		k->amount = in->amount;
	}
	if (in->note != NULL || strcmp(k->state, "proposed") != 0) /* else the one of the proposal stays */
		k->decision_note = in->note;
	if (in->cause != NULL)
		k->cause = in->cause;
	if (money_is(in->cost))
		k->cost = in->cost;
	return true;
}

bool case_propose(struct ctx *c, int64_t id, int64_t version, const struct propose_in *in)
{
	struct care_case k;
	bool done;

	if (!take_up(c, id, version, CM_PROPOSE, &k) || !take_decision(c, &k, in, &done))
		return false;
	return step(c, &k, "proposed", "case.proposed", NULL);
}

/* ---- the decision, carried out ---- */

/* All that the order was credited counts, whichever cases and returns it was for. */
static bool do_credit(struct ctx *c, struct care_case *k)
{
	struct money sum;

	if (!money_is(k->amount) || k->amount.fen <= 0)
		return fail_field(c, "/amount", E_REQUIRED, T_err_field_required);
	if (!money_credit_fits(c, (struct i64s){ &k->order_id, 1 }, k->amount, &sum))
		return false;
	if (sum.fen > setting_int(c, "return.limit_yuan") * 100 && !may(c, RIGHT_review))
		return fail(c, E_FORBIDDEN, T_care_above_limit, k->number);
	return money_credit(c, k->customer_id, k->order_id, "case", k->id, k->amount, k->number);
}

static bool do_return(struct ctx *c, struct care_case *k, const struct propose_in *in)
{
	struct return_in ri = { .order = k->order_id,
		.note = k->number,
		.lines = in->lines,
		.lines_len = in->lines_len,
		.replacement = in->replacement,
		.replacement_len = strcmp(k->decision, "exchange") == 0 ? in->replacement_len : 0 };

	if (in->lines_len == 0)
		return fail_field(c, "/lines", E_REQUIRED, T_err_field_required);
	if (strcmp(k->decision, "exchange") == 0 && in->replacement_len == 0)
		return fail_field(c, "/replacement", E_REQUIRED, T_err_field_required);
	return return_create(c, &ri, &k->return_id);
}

static bool do_redeliver(struct ctx *c, struct care_case *k, const struct propose_in *in)
{
	struct order_in oi = { .channel = 0, .delivery_date = { today(c).day + 1 }, .lines_len = in->replacement_len };
	struct customer who;
	struct order first, o;
	bool existed;

	if (in->replacement_len == 0)
		return fail_field(c, "/replacement", E_REQUIRED, T_err_field_required);
	if (!order_get(c, k->order_id, &first) || !customer_get(c, k->customer_id, &who))
		return false;
	oi.customer = who.code;
	oi.address = first.address;
	oi.remarks = arena_printf(c->arena, "%s %s", text_get(c->lang, T_care_sent_again), k->number);
	oi.lines = ARENA_ARRAY(c->arena, in->replacement_len, struct order_line_in);
	for (size_t i = 0; i < in->replacement_len; i++)
		oi.lines[i] = (struct order_line_in){ .sku = in->replacement[i].sku,
			.quantity = in->replacement[i].quantity,
			.unit = in->replacement[i].unit,
			.price = in->replacement[i].price };
	if (!order_create(c, &oi, &o, &existed))
		return false;
	k->new_order_id = o.id;
	return true;
}

static bool carry_out(struct ctx *c, struct care_case *k, const struct propose_in *in)
{
	const char *what = case_decisions[in->decision];

	if (strcmp(what, "credit") == 0)
		return do_credit(c, k);
	if (strcmp(what, "return") == 0 || strcmp(what, "exchange") == 0)
		return do_return(c, k, in);
	if (strcmp(what, "redeliver") == 0)
		return do_redeliver(c, k, in);
	return in->note != NULL || fail_field(c, "/note", E_REQUIRED, T_err_field_required);
}

bool case_resolve(struct ctx *c, int64_t id, int64_t version, const struct propose_in *in)
{
	struct care_case k;
	bool done;

	if (!take_up(c, id, version, CM_RESOLVE, &k) || !take_decision(c, &k, in, &done) || !carry_out(c, &k, in))
		return false;
	if (!done)
		k.decided_by = c->actor->id;
	k.resolved_at = c->now;
	return step(c, &k, "resolved", "case.resolved", NULL) && tasks_over(c, &k, k.decision);
}

/* Nothing it set going may be under way: no goods coming back, none being sent again. */
static bool all_arrived(struct ctx *c, const struct care_case *k)
{
	struct goods_return g;
	struct order o;

	if (k->return_id > 0) {
		if (!return_get(c, k->return_id, &g))
			return false;
		if (strcmp(g.state, "closed") != 0 && !over(&g))
			return fail(c, E_CONFLICT, T_care_return_open, g.number);
	}
	if (k->new_order_id <= 0)
		return true;
	return order_get(c, k->new_order_id, &o) &&
	       (strcmp(o.state, "delivered") == 0 || o.decision == D_COMPLETED || o.decision == D_ARCHIVED ||
		       o.decision == D_CANCELLED || fail(c, E_CONFLICT, T_care_order_open, o.number));
}

bool case_close(struct ctx *c, int64_t id, int64_t version, const char *note)
{
	struct care_case k;

	if (!take_up(c, id, version, CM_CLOSE, &k) || !all_arrived(c, &k))
		return false;
	k.closed_at = c->now;
	return step(c, &k, "closed", "case.closed", note) &&
	       (k.shipment_id <= 0 || strcmp(k.kind, "refused") != 0 ||
		       task_close(c, "receipt_difference", "shipment", k.shipment_id, k.number));
}

/* It starts anew: with its own time, and with what was carried out, if anything was. */
bool case_reopen(struct ctx *c, int64_t id, int64_t version, const char *note)
{
	struct care_case k;
	struct order o;
	const char *what;

	if (!take_up(c, id, version, CM_REOPEN, &k) || !order_get_full(c, k.order_id, &o) || !stands(c, &k, &what))
		return false;
	if (what == NULL)
		k.decided_by = INT64_MIN;
	k.due_at = case_due(c);
	k.escalated = false;
	if (o.decision == D_ARCHIVED)
		return fail(c, E_CONFLICT, T_care_archived, o.number);
	if (k.owner_id == INT64_MIN)
		k.owner_id = c->actor->id;
	k.resolved_at = k.closed_at = INSTANT_NONE;
	return step(c, &k, "assigned", "case.reopened", note) && case_task(c, &k) && order_open_again(c, &o);
}

/* ---- a person's facts are erased ---- */

bool cases_forget(struct ctx *c, const struct event *e)
{
	struct care_case *all;
	int64_t *ids;
	size_t len;

	if (!case_ids_of(c, e->entity_id, &all, &len))
		return false;
	ids = ARENA_ARRAY(c->arena, len + 1, int64_t);
	for (size_t i = 0; i < len; i++)
		ids[i] = all[i].id;
	return file_forget(c, "case", (struct i64s){ ids, len }) && follow_up_forget(c, e->entity_id) &&
	       case_forget(c, e->entity_id);
}

/* ---- late ones ---- */

bool cases_escalate(struct ctx *c)
{
	struct care_case *late;
	size_t len;

	if (!case_late(c, c->now, &late, &len))
		return false;
	for (size_t i = 0; i < len; i++) {
		struct task t = { .kind = "case_late",
			.role = "reviewer",
			.order_id = late[i].order_id,
			.entity = "case",
			.entity_id = late[i].id,
			.data = arena_printf(c->arena, "{\"case\":\"%s\"}", late[i].number),
			.due_at = c->now };
		if (!case_escalate(c, late[i].id) || !task_open(c, &t, NULL))
			return false;
	}
	return true;
}
