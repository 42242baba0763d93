/* order_life: the table of an order's decisions, and the one function that makes them. */
#include "mod/order/order_int.h"

#include "gen/order_sql.h"
#include "mod/catalog/catalog.h"
#include "mod/customer/customer.h"
#include "mod/stock/stock.h"

#include <string.h>

const char *const decision_names[] = { "draft", "awaiting_confirmation", "in_review", "rejected", "approved",
	"cancelled", "completed", "archived", NULL };

const char *const order_event_names[] = { "submit", "edit", "confirm", "withdraw", "approve", "reject", "counter",
	"rework", "unapprove", "amend", "short-close", "cancel", "hold", "unhold", "complete", "reopen", "archive",
	NULL };

/* What an event is called in the timeline: "order.submitted". */
static const char *const event_kinds[OE_COUNT] = {
	"order.submitted",
	"order.taken_back",
	"order.confirmed",
	"order.withdrawn",
	"order.approved",
	"order.rejected",
	"order.countered",
	"order.reworked",
	"order.unapproved",
	"order.amended",
	"order.short_closed",
	"order.cancelled",
	"order.held",
	"order.unheld",
	"order.completed",
	"order.reopened",
	"order.archived",
};

/* ---- guards: what else must hold; they set the error ---- */

static bool has_lines(struct ctx *c, const struct order *o)
{
	return o->lines_len > 0 || fail(c, E_CONFLICT, T_order_no_lines);
}

static bool can_be_promised(struct ctx *c, const struct order *o)
{
	struct customer who;

	if (!has_lines(c, o) || !order_customer(c, o, &who))
		return false;
	if (!who.active)
		return fail(c, E_CONFLICT, T_order_customer_inactive, who.name);
	if (o->delivery_date.day < today(c).day)
		return fail(c, E_CONFLICT, T_order_date_past, date_str(c->arena, o->delivery_date));
	return true;
}

static bool was_read_back(struct ctx *c, const struct order *o)
{
	return o->snapshot != NULL || fail(c, E_CONFLICT, T_order_not_read_back);
}

static bool nothing_started(struct ctx *c, const struct order *o)
{
	for (size_t i = 0; i < o->lines_len; i++) {
		const struct order_line *l = &o->lines[i];
		if (l->picked.milli + l->packed.milli + l->shipped.milli > 0)
			return fail(c, E_CONFLICT, T_order_goods_started, l->name);
	}
	return o->picks == 0 || fail(c, E_CONFLICT, T_order_pick_open);
}

static bool nothing_packed(struct ctx *c, const struct order *o)
{
	for (size_t i = 0; i < o->lines_len; i++) {
		const struct order_line *l = &o->lines[i];
		if (l->packed.milli + l->picked.milli + l->shipped.milli > 0)
			return fail(c, E_CONFLICT, T_order_goods_packed, l->name);
	}
	return o->picks == 0 || fail(c, E_CONFLICT, T_order_pick_open);
}

static bool no_pick_open(struct ctx *c, const struct order *o)
{
	return o->picks == 0 || fail(c, E_CONFLICT, T_order_pick_open);
}

bool order_rest_open(struct ctx *c, const struct order *o)
{
	for (size_t i = 0; i < o->lines_len; i++)
		if (order_line_open(&o->lines[i]).milli > 0)
			return true;
	return fail(c, E_CONFLICT, T_order_all_gone, o->number);
}

/* What has left cannot be changed any more; what is on a pick has to end first. */
static bool rest_is_ours(struct ctx *c, const struct order *o)
{
	return order_rest_open(c, o) && no_pick_open(c, o);
}

static bool rest_unpacked(struct ctx *c, const struct order *o)
{
	int64_t rest = 0;

	for (size_t i = 0; i < o->lines_len; i++)
		rest += order_line_open(&o->lines[i]).milli - o->lines[i].picked.milli - o->lines[i].packed.milli;
	if (rest == 0)
		return fail(c, E_CONFLICT, T_order_no_rest, o->number);
	return no_pick_open(c, o);
}

static bool is_free(struct ctx *c, const struct order *o)
{
	return !o->on_hold || fail(c, E_CONFLICT, T_order_on_hold, o->hold_reason);
}

/* Nothing is left to stop once all goods are gone. */
static bool can_be_stopped(struct ctx *c, const struct order *o)
{
	return is_free(c, o) && (o->decision != D_APPROVED || order_rest_open(c, o));
}

static bool is_held(struct ctx *c, const struct order *o)
{
	return o->on_hold || fail(c, E_CONFLICT, T_order_not_held);
}

static bool all_delivered(struct ctx *c, const struct order *o)
{
	return strcmp(o->state, "delivered") == 0 || fail(c, E_CONFLICT, T_order_not_delivered);
}

static struct instant quiet_since(struct ctx *c)
{
	return (struct instant){ c->now.us - setting_int(c, "complete.quiet_days") * DAY_US };
}

/* Delivered, and nobody waits for anything: no goods on their way back, no open case, and the customer was asked. */
static bool is_finished(struct ctx *c, const struct order *o)
{
	const char *what;

	if (!all_delivered(c, o) || !order_unfinished(c, o->id, quiet_since(c), &what))
		return false;
	if (what == NULL)
		return true;
	return fail(c, E_CONFLICT, text_find(arena_printf(c->arena, "order.unfinished_%s", what)), o->number);
}

bool order_in_window(struct ctx *c, const struct order *o)
{
	return c->now.us - o->changed_at.us <= setting_int(c, "return.window_days") * DAY_US;
}

/* Goods come back within the days that were agreed; later a reviewer answers for it. */
static bool in_window(struct ctx *c, const struct order *o)
{
	return order_in_window(c, o) || may(c, RIGHT_review) || fail(c, E_CONFLICT, T_order_window_over, o->number);
}

/* ---- effects: what happens with it, in the same transaction ---- */

static bool void_snapshot(struct ctx *c, struct order *o)
{
	(void)c;
	o->snapshot = NULL;
	o->confirmed_by = INT64_MIN;
	o->confirmed_person = o->confirmed_method = NULL;
	o->confirmed_at = INSTANT_NONE;
	return true;
}

static bool take_snapshot(struct ctx *c, struct order *o)
{
	struct customer who;

	if (!order_customer(c, o, &who))
		return false;
	o->snapshot = order_snapshot(c, o, who.code);
	return true;
}

static bool set_held_credit(struct ctx *c, struct order *o, struct money held)
{
	struct money delta;

	if (!money_sub(&delta, held, o->credit_held))
		return fail(c, E_INVALID, T_order_total_too_large);
	o->credit_held = held;
	return delta.fen == 0 || customer_credit_move(c, o->customer_id, delta, (struct money){ 0 });
}

/* Wishes for what is open and not yet held: an amended order keeps its place for the rest. */
static size_t wishes_of(struct ctx *c, const struct order *o, struct stock_wish **out)
{
	struct stock_wish *w = ARENA_ARRAY(c->arena, o->lines_len, struct stock_wish);
	size_t n = 0;

	for (size_t i = 0; i < o->lines_len; i++) {
		const struct order_line *l = &o->lines[i];
		int64_t open = order_line_open(l).milli - l->reserved.milli - l->picked.milli - l->packed.milli;
		if (open > 0)
			w[n++] = (struct stock_wish){ l->line, l->product_id, { open }, QTY_ZERO };
	}
	*out = w;
	return n;
}

/* Check, reservation and credit stand in one transaction (domain 4.3), so two orders can never hold the same goods. */
static bool hold_goods(struct ctx *c, struct order *o)
{
	struct stock_wish *w;
	size_t n = wishes_of(c, o, &w);

	if (n > 0 && !stock_reserve(c, o->id, o->delivery_date, w, n))
		return false;
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < o->lines_len; k++)
			if (o->lines[k].line == w[i].line)
				o->lines[k].reserved.milli += w[i].quantity.milli;
	o->approved_at = c->now;
	return order_line_save(c, o->lines, o->lines_len) && set_held_credit(c, o, order_open_value(o));
}

static bool let_goods_go(struct ctx *c, struct order *o)
{
	if (!stock_release_order(c, o->id))
		return false;
	for (size_t i = 0; i < o->lines_len; i++)
		o->lines[i].reserved = QTY_ZERO;
	o->stock_confirmed_by = INT64_MIN;
	o->stock_confirmed_at = INSTANT_NONE;
	return order_line_save(c, o->lines, o->lines_len) && set_held_credit(c, o, (struct money){ 0 });
}

static bool cancel_goods(struct ctx *c, struct order *o)
{
	if (!let_goods_go(c, o))
		return false;
	for (size_t i = 0; i < o->lines_len; i++)
		o->lines[i].cancelled = o->lines[i].ordered;
	o->on_hold = false;
	o->hold_reason = NULL;
	return order_line_save(c, o->lines, o->lines_len);
}

/* What has not left the shelf is given up; what is picked or packed goes on. */
static bool close_rest(struct ctx *c, struct order *o)
{
	for (size_t i = 0; i < o->lines_len; i++) {
		struct order_line *l = &o->lines[i];
		int64_t rest = order_line_open(l).milli - l->picked.milli - l->packed.milli;
		if (l->reserved.milli > 0 && !stock_release(c, o->id, l->line, l->reserved))
			return false;
		l->reserved = QTY_ZERO;
		l->cancelled.milli += rest;
	}
	return order_line_save(c, o->lines, o->lines_len) && set_held_credit(c, o, order_open_value(o));
}

static bool reopen_confirmation(struct ctx *c, struct order *o)
{
	if (!void_snapshot(c, o) || !take_snapshot(c, o))
		return false;
	o->revision++;
	o->stock_confirmed_by = INT64_MIN;
	o->stock_confirmed_at = INSTANT_NONE;
	return true;
}

/* Who asks for the hold has put its reason on the order. */
static bool put_on_hold(struct ctx *c, struct order *o)
{
	(void)c;
	o->on_hold = true;
	return true;
}

/* An approved order goes on only if the customer's credit still bears it: closing and reopening is no way around. */
static bool lift_hold(struct ctx *c, struct order *o)
{
	struct credit credit;

	if (o->decision == D_APPROVED) {
		if (!customer_credit(c, o->customer_id, (struct money){ 0 }, &credit))
			return false;
		if (credit.over_limit)
			return fail(c, E_CREDIT, T_order_unhold_credit, money_show(c->arena, credit.exposure),
				money_show(c->arena, credit.limit));
	}
	o->on_hold = false;
	o->hold_reason = NULL;
	return true;
}

/* ---- the table (domain 4.2). from is a set of decisions; a move that stays has to = STAY. ---- */

#define FROM(d) (1U << (d))
#define STAY    (-1)
static const unsigned BEFORE_APPROVAL =
	FROM(D_DRAFT) | FROM(D_AWAITING_CONFIRMATION) | FROM(D_IN_REVIEW) | FROM(D_REJECTED);

struct move {
	unsigned from;
	enum order_event event;
	int to;
	enum right right;
	bool (*only_if)(struct ctx *c, const struct order *o);
	bool (*then)(struct ctx *c, struct order *o);
};

/* clang-format off */
static const struct move moves[] = {
	/* from                            event           to                       who                 only if          then */
	{ FROM(D_DRAFT),                   OE_SUBMIT,      D_AWAITING_CONFIRMATION, RIGHT_order_edit,   can_be_promised, take_snapshot },
	{ FROM(D_AWAITING_CONFIRMATION),   OE_EDIT,        D_DRAFT,                 RIGHT_order_edit,   nothing_started, void_snapshot },
	{ FROM(D_AWAITING_CONFIRMATION),   OE_CONFIRM,     D_IN_REVIEW,             RIGHT_order_edit,   was_read_back,   NULL },
	{ FROM(D_IN_REVIEW),               OE_WITHDRAW,    D_DRAFT,                 RIGHT_order_edit,   nothing_started, void_snapshot },
	{ FROM(D_IN_REVIEW),               OE_APPROVE,     D_APPROVED,              RIGHT_review,       is_free,         hold_goods },
	{ FROM(D_IN_REVIEW),               OE_REJECT,      D_REJECTED,              RIGHT_review,       nothing_started, let_goods_go },
	{ FROM(D_IN_REVIEW),               OE_COUNTER,     D_AWAITING_CONFIRMATION, RIGHT_review,       nothing_started, reopen_confirmation },
	{ FROM(D_REJECTED),                OE_REWORK,      D_DRAFT,                 RIGHT_order_edit,   NULL,            void_snapshot },
	{ FROM(D_APPROVED),                OE_UNAPPROVE,   D_IN_REVIEW,             RIGHT_review,       nothing_started, let_goods_go },
	{ FROM(D_APPROVED),                OE_AMEND,       D_AWAITING_CONFIRMATION, RIGHT_order_edit,   rest_is_ours,    reopen_confirmation },
	{ FROM(D_APPROVED),                OE_SHORT_CLOSE, STAY,                    RIGHT_order_close,  rest_unpacked,   close_rest },
	{ BEFORE_APPROVAL,                 OE_CANCEL,      D_CANCELLED,             RIGHT_order_cancel, nothing_packed,  cancel_goods },
	{ FROM(D_APPROVED),                OE_CANCEL,      D_CANCELLED,             RIGHT_review,       nothing_packed,  cancel_goods },
	{ FROM(D_IN_REVIEW) | FROM(D_APPROVED), OE_HOLD,   STAY,                    RIGHT_order_hold,   can_be_stopped,       put_on_hold },
	{ FROM(D_IN_REVIEW) | FROM(D_APPROVED), OE_UNHOLD, STAY,                    RIGHT_order_hold,   is_held,         lift_hold },
	{ FROM(D_APPROVED),                OE_COMPLETE,    D_COMPLETED,             RIGHT_follow_up,    is_finished,     NULL },
	{ FROM(D_COMPLETED),               OE_REOPEN,      D_APPROVED,              RIGHT_order_reopen, in_window,       NULL },
	{ FROM(D_COMPLETED) | FROM(D_CANCELLED), OE_ARCHIVE, D_ARCHIVED,            RIGHT_people,       NULL,            NULL },
};
/* clang-format on */

static const struct move *move_find(int decision, enum order_event e)
{
	for (size_t i = 0; i < ARRAY_LEN(moves); i++)
		if (moves[i].event == e && (moves[i].from & FROM(decision)) != 0)
			return &moves[i];
	return NULL;
}

static bool wrong_state(struct ctx *c, const struct order *o)
{
	return fail(c, E_CONFLICT, T_order_wrong_state, o->number, order_state_text(c, o->state));
}

/* Of an approved order nothing may be left: all of it closed short, or cut as missing. Then it is cancelled, and no other move
 * brings it back. */
static void take_state(struct order *o)
{
	o->state = order_state_of(o);
	if (o->decision != D_APPROVED || strcmp(o->state, decision_names[D_CANCELLED]) != 0)
		return;
	o->decision = D_CANCELLED;
	o->on_hold = false;
	o->hold_reason = NULL;
}

bool order_move(struct ctx *c, struct order *o, enum order_event e, int64_t version, const char *detail)
{
	const struct move *m = move_find(o->decision, e);
	const char *before = o->state;
	struct event ev = {
		.kind = event_kinds[e], .entity = "order", .entity_id = o->id, .order_id = o->id, .data = detail
	};

	if (m == NULL)
		return wrong_state(c, o);
	if (!need(c, m->right))
		return false;
	if (version != INT64_MIN && version != o->version)
		return fail(c, E_VERSION, T_order_changed, o->number);
	if (m->only_if != NULL && !m->only_if(c, o))
		return false;
	if (m->to != STAY)
		o->decision = m->to;
	if (m->then != NULL && !m->then(c, o))
		return false;
	take_state(o);
	ev.from = before;
	ev.to = o->state;
	return order_store(c, o) && event_add(c, &ev);
}

bool order_open_again(struct ctx *c, struct order *o)
{
	const struct actor *who = c->actor;
	struct actor system = { .id = who->id, .login = who->login, .name = who->name, .role = ROLE_system };
	bool fine;

	if (o->decision != D_COMPLETED)
		return true;
	if (!in_window(c, o))
		return false;
	c->actor = &system;
	fine = order_move(c, o, OE_REOPEN, INT64_MIN, NULL);
	c->actor = who;
	return fine;
}

static bool back_to_draft(struct ctx *c, struct order *o)
{
	switch (o->decision) {
	case D_AWAITING_CONFIRMATION: return order_move(c, o, OE_EDIT, INT64_MIN, NULL);
	case D_IN_REVIEW: return order_move(c, o, OE_WITHDRAW, INT64_MIN, NULL);
	case D_REJECTED: return order_move(c, o, OE_REWORK, INT64_MIN, NULL);
	case D_DRAFT:
	case D_APPROVED: return true;
	default: return wrong_state(c, o);
	}
}

bool order_relist(struct ctx *c, struct order *o, const struct order_line_in *in, size_t len, const char *detail)
{
	struct event ev = {
		.kind = "order.changed", .entity = "order", .entity_id = o->id, .order_id = o->id, .data = detail
	};
	struct order_line *lines;

	if (!need(c, RIGHT_order_edit) || !back_to_draft(c, o) || !order_lines_price(c, o, in, len, &lines) ||
		!order_lines_keep(c, o, lines, len))
		return false;
	if (o->decision == D_APPROVED)
		return order_move(c, o, OE_AMEND, INT64_MIN, detail);
	return order_store(c, o) && event_add(c, &ev);
}

const char *const *order_actions(struct ctx *c, const struct order *o)
{
	const char **names = ARENA_ARRAY(c->arena, ARRAY_LEN(moves) + 1, const char *);
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(moves); i++) {
		struct ctx probe = *c; /* a guard's refusal is not this request's error */
		if ((moves[i].from & FROM(o->decision)) == 0 || !may(c, moves[i].right))
			continue;
		if (moves[i].only_if == NULL || moves[i].only_if(&probe, o))
			names[n++] = order_event_names[moves[i].event];
	}
	return names;
}

bool order_step_allowed(const char *from, const char *to)
{
	int f = enum_find(decision_names, from), t = enum_find(decision_names, to);

	/* Shown states that are no decision stand for "approved": progress moves freely among them. */
	f = f < 0 ? D_APPROVED : f;
	t = t < 0 ? D_APPROVED : t;
	if (f == t)
		return true;
	for (size_t i = 0; i < ARRAY_LEN(moves); i++)
		if ((moves[i].from & FROM(f)) != 0 && moves[i].to == t)
			return true;
	return false;
}

/* ---- progress, derived from the line quantities ---- */

const struct order_line *order_line_of(const struct order *o, int64_t line)
{
	for (size_t i = 0; i < o->lines_len; i++)
		if (o->lines[i].line == line)
			return &o->lines[i];
	return NULL;
}

struct qty order_line_open(const struct order_line *l)
{
	return (struct qty){ l->ordered.milli - l->cancelled.milli - l->shipped.milli };
}

struct qty order_line_lacks(const struct order_line *l)
{
	return (struct qty){ order_line_open(l).milli - l->reserved.milli - l->picked.milli - l->packed.milli };
}

static const char *progress_of(const struct order *o)
{
	int64_t live = 0, begun = 0, shipped = 0, answered = 0;

	for (size_t i = 0; i < o->lines_len; i++) {
		const struct order_line *l = &o->lines[i];
		live += l->ordered.milli - l->cancelled.milli;
		begun += l->picked.milli + l->packed.milli;
		shipped += l->shipped.milli;
		answered += l->delivered.milli + l->refused.milli;
	}
	if (live == 0)
		return "cancelled";
	if (answered == live)
		return "delivered";
	if (answered > 0)
		return "partly_delivered";
	if (shipped == live)
		return "shipped";
	if (shipped > 0)
		return "partly_shipped";
	return begun > 0 || o->picks > 0 ? "picking" : "approved";
}

const char *order_state_of(const struct order *o)
{
	return o->decision == D_APPROVED ? progress_of(o) : decision_names[o->decision];
}

/* Of `base` units nobody weighed and of a weight; apply_delta has seen that it is in range. */
static int64_t by_scale(const struct order_line *l, int64_t base, int64_t weight)
{
	struct money m;

	must(money_weighed(&m, l->price, (struct qty){ base }, (struct qty){ weight }, l->nominal_kg,
		(struct ratio){ l->price_num, l->price_den }));
	return m.fen;
}

struct money order_part(const struct order_line *l, struct qty before, struct qty quantity)
{
	struct money upto, from, all = l->amount;
	struct qty end = { before.milli + quantity.milli }, whole = l->ordered;

	if (order_line_weighed(l) && l->shipped.milli > 0) {
		all.fen = by_scale(l, 0, l->weight_out.milli);
		whole = l->shipped;
	}
	must(money_share(&upto, all, end, whole) && money_share(&from, all, before, whole));
	return (struct money){ upto.fen - from.fen };
}

struct money order_leaving(const struct order_line *l, struct qty quantity, struct qty weight)
{
	if (!order_line_weighed(l))
		return order_part(l, l->shipped, quantity);
	return (struct money){ by_scale(l, 0, l->weight_out.milli + weight.milli) -
			       by_scale(l, 0, l->weight_out.milli) };
}

static int64_t open_value(const struct order_line *l)
{
	struct qty open = order_line_open(l);

	if (!order_line_weighed(l))
		return order_part(l, l->shipped, open).fen;
	return by_scale(l, open.milli - l->picked.milli - l->packed.milli, l->weight.milli) -
	       by_scale(l, 0, l->weight_out.milli);
}

struct money order_open_value(const struct order *o)
{
	struct money sum = { 0 };

	for (size_t i = 0; i < o->lines_len; i++)
		sum.fen += open_value(&o->lines[i]);
	return sum;
}

static int64_t *stage_of(struct order_line *l, enum order_stage s)
{
	switch (s) {
	case ST_RESERVED: return &l->reserved.milli;
	case ST_PICKED: return &l->picked.milli;
	case ST_PACKED: return &l->packed.milli;
	case ST_SHIPPED: return &l->shipped.milli;
	case ST_DELIVERED: return &l->delivered.milli;
	case ST_REFUSED: return &l->refused.milli;
	case ST_CANCELLED: return &l->cancelled.milli;
	case ST_NOWHERE: break;
	}
	return NULL;
}

static struct order_line *line_find(struct order *o, int64_t line)
{
	for (size_t i = 0; i < o->lines_len; i++)
		if (o->lines[i].line == line)
			return &o->lines[i];
	return NULL;
}

/* The scale speaks once, when goods are picked; then its weight leaves with them, or comes back. */
static bool move_weight(struct ctx *c, struct order_line *l, const struct order_delta *d)
{
	if (!order_line_weighed(l))
		return true;
	if (d->from == ST_RESERVED && d->to == ST_PICKED)
		l->weight.milli += d->weight.milli;
	if (d->to == ST_SHIPPED)
		l->weight_out.milli += d->weight.milli;
	if (d->from == ST_SHIPPED && d->to == ST_PACKED)
		l->weight_out.milli -= d->weight.milli;
	if (l->weight_out.milli < 0 || l->weight_out.milli > l->weight.milli)
		return fail(c, E_CONFLICT, T_order_quantity_impossible, l->name);
	if (!order_line_worth(l, &l->amount) || l->amount.fen > MONEY_MAX)
		return fail(c, E_INVALID, T_order_amount_range, l->name);
	return true;
}

/* delivered and refused are parts of shipped, so nothing leaves there. */
static bool apply_delta(struct ctx *c, struct order *o, const struct order_delta *d)
{
	struct order_line *l = line_find(o, d->line);
	bool stays = d->to == ST_DELIVERED || d->to == ST_REFUSED || d->from == ST_NOWHERE;

	if (l == NULL)
		return fail(c, E_CONFLICT, T_order_no_such_line, arena_printf(c->arena, "%lld", (long long)d->line));
	if (d->to != ST_NOWHERE)
		*stage_of(l, d->to) += d->quantity.milli;
	if (!stays)
		*stage_of(l, d->from) -= d->quantity.milli;
	if (l->reserved.milli < 0 || l->picked.milli < 0 || l->packed.milli < 0 || l->shipped.milli < 0 ||
		l->delivered.milli < 0 || l->refused.milli < 0 || l->cancelled.milli < 0 ||
		l->delivered.milli + l->refused.milli > l->shipped.milli ||
		l->reserved.milli + l->picked.milli + l->packed.milli + l->shipped.milli + l->cancelled.milli >
			l->ordered.milli)
		return fail(c, E_CONFLICT, T_order_quantity_impossible, l->name);
	return move_weight(c, l, d);
}

static bool store_progress(struct ctx *c, struct order *o, const char *kind, const char *data)
{
	const char *before = o->state;
	struct event ev = { .kind = kind, .entity = "order", .entity_id = o->id, .order_id = o->id, .data = data };

	if (o->decision == D_APPROVED && !set_held_credit(c, o, order_open_value(o)))
		return false;
	take_state(o);
	ev.from = before;
	ev.to = o->state;
	return order_store(c, o) && event_add(c, &ev);
}

/* The lines that changed, of all orders at once. */
static bool changed_lines_save(struct ctx *c, const struct order_change *ch, size_t len)
{
	struct order_line *lines;
	size_t n = 0, all = 0;

	for (size_t i = 0; i < len; i++)
		all += ch[i].len;
	lines = ARENA_ARRAY(c->arena, all + 1, struct order_line);
	for (size_t i = 0; i < len; i++)
		for (size_t k = 0; k < ch[i].len; k++)
			lines[n++] = *line_find(ch[i].o, ch[i].d[k].line);
	return order_line_save(c, lines, n);
}

bool order_progress_all(struct ctx *c, const struct order_change *ch, size_t len)
{
	for (size_t i = 0; i < len; i++)
		for (size_t k = 0; k < ch[i].len; k++)
			if (!apply_delta(c, ch[i].o, &ch[i].d[k]))
				return false;
	if (!changed_lines_save(c, ch, len))
		return false;
	for (size_t i = 0; i < len; i++) {
		if (ch[i].doubtful) {
			ch[i].o->stock_confirmed_by = INT64_MIN;
			ch[i].o->stock_confirmed_at = INSTANT_NONE;
		}
		if (!order_total(c, ch[i].o->lines, ch[i].o->lines_len, &ch[i].o->total) ||
			!store_progress(c, ch[i].o, ch[i].kind, ch[i].data))
			return false;
	}
	return true;
}

bool order_progress(
	struct ctx *c, int64_t order_id, const struct order_delta *d, size_t len, const char *kind, const char *data)
{
	struct order o;
	struct order_change ch = { .o = &o, .d = d, .len = len, .kind = kind, .data = data };

	return order_get_full(c, order_id, &o) && order_progress_all(c, &ch, 1);
}

bool order_picks_start(struct ctx *c, struct order *orders, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		orders[i].picks++;
		if (!store_progress(c, &orders[i], "order.pick_released", NULL))
			return false;
	}
	return true;
}

bool order_picks(struct ctx *c, int64_t order_id, int64_t delta)
{
	struct order o;

	if (!order_get_full(c, order_id, &o))
		return false;
	o.picks += delta;
	must(o.picks >= 0);
	return store_progress(c, &o, delta > 0 ? "order.pick_released" : "order.pick_ended", NULL);
}

bool order_stock_confirmed(struct ctx *c, int64_t order_id)
{
	struct order o;

	if (!order_get_full(c, order_id, &o))
		return false;
	if (o.decision != D_APPROVED)
		return wrong_state(c, &o);
	if (!is_free(c, &o))
		return false;
	o.stock_confirmed_by = c->actor->id;
	o.stock_confirmed_at = c->now;
	return store_progress(c, &o, "order.stock_confirmed", NULL);
}

/* ---- goods that come back ---- */

static int64_t *back_of(struct order_line *l, enum order_back what)
{
	switch (what) {
	case BACK_REQUESTED: return &l->ret_requested.milli;
	case BACK_RECEIVED: return &l->ret_received.milli;
	case BACK_RESTOCKED: return &l->restocked.milli;
	case BACK_SCRAPPED: return &l->scrapped.milli;
	case BACK_REPLACED: return &l->replaced.milli;
	}
	return NULL;
}

static bool apply_back(struct ctx *c, struct order *o, const struct order_back_delta *d)
{
	struct order_line *l = line_find(o, d->line);
	int64_t had, upto;

	if (l == NULL)
		return fail(c, E_CONFLICT, T_order_no_such_line, arena_printf(c->arena, "%lld", (long long)d->line));
	had = l->ret_requested.milli;
	upto = l->delivered.milli + l->refused.milli;
	*back_of(l, d->what) += d->quantity.milli;
	if (l->ret_requested.milli > upto)
		return fail(c, E_CONFLICT, T_order_back_too_much, l->name, qty_str(c->arena, (struct qty){ upto }),
			qty_str(c->arena, (struct qty){ upto - had }));
	if (l->ret_requested.milli < 0 || l->ret_received.milli < 0 || l->restocked.milli < 0 ||
		l->scrapped.milli < 0 || l->replaced.milli < 0 || l->ret_received.milli > l->ret_requested.milli ||
		l->restocked.milli + l->scrapped.milli > l->ret_received.milli ||
		l->replaced.milli > l->ret_requested.milli)
		return fail(c, E_CONFLICT, T_order_quantity_impossible, l->name);
	return true;
}

bool order_come_back(struct ctx *c, int64_t order_id, const struct order_back_delta *d, size_t len, const char *kind,
	const char *data)
{
	struct order o;

	if (!order_get_full(c, order_id, &o))
		return false;
	for (size_t i = 0; i < len; i++)
		if (!apply_back(c, &o, &d[i]))
			return false;
	return order_line_save(c, o.lines, o.lines_len) && store_progress(c, &o, kind, data);
}

/* ---- a person's facts are erased ---- */

static bool forget_person(struct ctx *c, const struct event *e)
{
	return order_forget(c, e->entity_id) && order_lines_forget(c, e->entity_id);
}

const struct listen order_listens[] = {
	{ "customer.erased", forget_person },
	{ NULL, NULL },
};

/* ---- what ends by itself ---- */

static bool complete_finished(struct ctx *c)
{
	struct order *rows;
	size_t len;

	if (!order_finished(c, quiet_since(c), 50, &rows, &len))
		return false;
	for (size_t i = 0; i < len; i++) {
		struct order o;
		if (!order_get_full(c, rows[i].id, &o) || !order_move(c, &o, OE_COMPLETE, INT64_MIN, NULL))
			return false;
	}
	return true;
}

const struct tick order_ticks[] = {
	{ "order.complete", 60, complete_finished },
	{ NULL, 0, NULL },
};
