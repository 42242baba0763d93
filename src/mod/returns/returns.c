/* returns: asking for a return, and its life. */
#include "mod/returns/returns_int.h"

#include "gen/returns_sql.h"
#include "mod/catalog/catalog.h"
#include "mod/money/money.h"
#include "mod/ship/ship.h"
#include "mod/stock/stock.h"
#include "mod/task/task.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ---- the table ---- */

const char *const return_fates[] = { "lost", "kept", NULL };
const char *const return_move_names[] = { "approve", "reject", "cancel", "missing", "receive", "inspect", "settle",
	"close", NULL };

static const struct move {
	const char *from;
	enum return_move move;
	const char *to;
	enum right right;
} moves[] = {
	{ "requested", RM_APPROVE, "awaiting", RIGHT_return_approve },
	{ "requested", RM_REJECT, "rejected", RIGHT_return_approve },
	{ "requested", RM_CANCEL, "cancelled", RIGHT_return_edit },
	{ "awaiting", RM_CANCEL, "cancelled", RIGHT_return_edit },
	{ "awaiting", RM_MISS, "cancelled", RIGHT_return_settle },
	{ "part_received", RM_MISS, "received", RIGHT_return_settle },
	{ "awaiting", RM_RECEIVE, "part_received", RIGHT_return_receive },
	{ "awaiting", RM_RECEIVE, "received", RIGHT_return_receive },
	{ "part_received", RM_RECEIVE, "part_received", RIGHT_return_receive },
	{ "part_received", RM_RECEIVE, "received", RIGHT_return_receive },
	{ "received", RM_INSPECT, "inspected", RIGHT_return_receive },
	{ "received", RM_INSPECT, "closed", RIGHT_return_receive },
	{ "inspected", RM_SETTLE, "settled", RIGHT_return_settle },
	{ "inspected", RM_SETTLE, "closed", RIGHT_return_settle },
	{ "settled", RM_CLOSE, "closed", RIGHT_return_settle },
};

/* What a state waits for, and who is asked to do it. */
static const struct {
	const char *state, *task, *role;
} waits[] = {
	{ "requested", "return_approve", "service" },
	{ "awaiting", "return_receive", "warehouse" },
	{ "part_received", "return_receive", "warehouse" },
	{ "received", "return_inspect", "warehouse" },
	{ "inspected", "return_settle", "service" },
};

bool return_step_allowed(const char *from, const char *to)
{
	for (size_t i = 0; i < ARRAY_LEN(moves); i++)
		if (strcmp(moves[i].from, from) == 0 && strcmp(moves[i].to, to) == 0)
			return true;
	return false;
}

static const struct move *move_find(const char *state, enum return_move m)
{
	for (size_t i = 0; i < ARRAY_LEN(moves); i++)
		if (moves[i].move == m && strcmp(moves[i].from, state) == 0)
			return &moves[i];
	return NULL;
}

/* Above the limit, and after the window, a reviewer answers for it. */
static bool needs_reviewer(struct ctx *c, const struct goods_return *g)
{
	return g->late || g->value.fen > setting_int(c, "return.limit_yuan") * 100;
}

/* What was refused at the door is owed by nobody and lies nowhere: it cannot just be called off, somebody has to say where
 * it is. Of anything else the customer still has the goods and owes them. */
static bool is_for(const struct goods_return *g, enum return_move m)
{
	bool door = strcmp(g->kind, "door") == 0;

	return m == RM_CANCEL ? !door : m != RM_MISS || door;
}

const char *return_actions(struct ctx *c, const struct goods_return *g)
{
	struct buf b;
	struct json j;

	buf_init(&b, c->arena);
	json_start(&j, &b);
	json_arr(&j, NULL);
	for (int m = 0; m < RM_COUNT; m++) {
		const struct move *at = move_find(g->state, (enum return_move)m);
		if (at == NULL || !may(c, at->right) || !is_for(g, (enum return_move)m))
			continue;
		if (m == RM_APPROVE && needs_reviewer(c, g) && !may(c, RIGHT_review))
			continue;
		json_str(&j, NULL, return_move_names[m]);
	}
	json_end_arr(&j);
	return buf_cstr(&b);
}

bool return_take_up(struct ctx *c, int64_t id, int64_t version, enum return_move m, struct goods_return *out)
{
	const struct move *at;

	if (!return_lock(c, id, out))
		return false;
	at = move_find(out->state, m);
	if (at == NULL)
		return fail(c, E_CONFLICT, T_returns_wrong_state, out->number,
			text_get(c->lang, text_find(arena_printf(c->arena, "returns.states.%s", out->state))));
	if (!is_for(out, m))
		return fail(c, E_CONFLICT, m == RM_MISS ? T_returns_not_door : T_returns_say_where, out->number);
	if (version != INT64_MIN && version != out->version)
		return fail(c, E_VERSION, T_returns_changed, out->number);
	return need(c, at->right);
}

/* ---- one step: task, row, event ---- */

static bool task_of(struct ctx *c, const struct goods_return *g, const char *state, bool open)
{
	for (size_t i = 0; i < ARRAY_LEN(waits); i++) {
		struct task t = { .kind = waits[i].task,
			.role = waits[i].role,
			.order_id = g->order_id,
			.entity = "return",
			.entity_id = g->id,
			.data = arena_printf(c->arena, "{\"number\":\"%s\"}", g->number),
			.due_at = { c->now.us + setting_int(c, "case.target_hours") * HOUR_US } };
		if (strcmp(waits[i].state, state) != 0)
			continue;
		if (strcmp(state, "requested") == 0 && needs_reviewer(c, g))
			t.role = "reviewer";
		return open ? task_open(c, &t, NULL) : task_close(c, t.kind, t.entity, t.entity_id, g->state);
	}
	return true;
}

static const char *number_json(struct ctx *c, const struct goods_return *g, const char *reason)
{
	struct buf b;
	struct json j;

	buf_init(&b, c->arena);
	json_start(&j, &b);
	json_obj(&j, NULL);
	json_str(&j, "return", g->number);
	if (g->fate != NULL)
		json_str(&j, "fate", g->fate);
	if (reason != NULL)
		json_str(&j, "reason", reason);
	json_end_obj(&j);
	return buf_cstr(&b);
}

static bool step(struct ctx *c, struct goods_return *g, const char *to, const char *kind, const char *reason)
{
	struct event ev = { .kind = kind,
		.entity = "return",
		.entity_id = g->id,
		.order_id = g->order_id,
		.from = g->state,
		.to = to,
		.data = number_json(c, g, reason) };
	const char *before = g->state;

	g->state = to;
	g->version++;
	if (strcmp(to, "closed") == 0)
		g->closed_at = c->now;
	return (strcmp(before, to) == 0 || (task_of(c, g, before, false) && task_of(c, g, to, true))) &&
	       return_save(c, g, 1) && event_add(c, &ev);
}

/* The lines of a return lie in several orders; each order is told of its own. */
static bool tell_orders(struct ctx *c, const struct goods_return *g, const struct return_line *lines, size_t len,
	size_t (*deltas)(const struct return_line *l, struct order_back_delta *d), const char *kind)
{
	struct order_back_delta *d = ARENA_ARRAY(c->arena, 3 * len, struct order_back_delta);
	bool *told = ARENA_ARRAY(c->arena, len, bool);

	for (size_t i = 0; i < len; i++) {
		size_t n = 0;
		for (size_t k = i; k < len; k++) {
			if (lines[k].order_id != lines[i].order_id || told[k])
				continue;
			n += deltas(&lines[k], d + n);
			told[k] = true;
		}
		if (n > 0 && !order_come_back(c, lines[i].order_id, d, n, kind, number_json(c, g, NULL)))
			return false;
	}
	return true;
}

/* ---- asking ---- */

#define ORDERS_MAX 64

struct asking {
	struct order *orders;
	size_t orders_len;
	struct asked_before *asked[ORDERS_MAX];
	size_t asked_len[ORDERS_MAX];
	struct return_line *lines;
	size_t lines_len;
	struct money value;
	bool late;
};

static int by_id(const void *a, const void *b)
{
	const struct order *x = a, *y = b;

	return (x->id > y->id) - (x->id < y->id);
}

static void add_order(struct asking *a, int64_t id)
{
	for (size_t i = 0; i < a->orders_len; i++)
		if (a->orders[i].id == id)
			return;
	a->orders[a->orders_len++].id = id;
}

static bool is_late(struct ctx *c, int64_t order_id, bool *late)
{
	int64_t at;

	if (!return_last_receipt(c, order_id, &at))
		return false;
	*late = *late || (at != INT64_MIN && c->now.us - at > setting_int(c, "return.window_days") * DAY_US);
	return true;
}

/* All orders it names, locked in one order, so that two returns never wait for each other in a ring. */
static bool orders_read(struct ctx *c, const struct return_in *in, struct asking *a)
{
	a->orders = ARENA_ARRAY(c->arena, in->lines_len + 1, struct order);
	add_order(a, in->order);
	for (size_t i = 0; i < in->lines_len; i++)
		if (in->lines[i].order > 0)
			add_order(a, in->lines[i].order);
	if (a->orders_len > ORDERS_MAX)
		return fail(c, E_INVALID, T_returns_many_orders);
	qsort(a->orders, a->orders_len, sizeof(*a->orders), by_id);
	for (size_t i = 0; i < a->orders_len; i++) {
		struct order *o = &a->orders[i];
		if (!order_get_full(c, o->id, o) || !return_asked(c, o->id, &a->asked[i], &a->asked_len[i]) ||
			!is_late(c, o->id, &a->late))
			return false;
		if (o->decision != D_APPROVED && o->decision != D_COMPLETED)
			return fail(c, E_CONFLICT, T_returns_order_state, o->number, order_state_text(c, o->state));
		if (o->customer_id != a->orders[0].customer_id)
			return fail(c, E_CONFLICT, T_returns_other_customer, o->number);
	}
	return true;
}

static size_t order_at(const struct asking *a, int64_t id)
{
	size_t i = 0;

	while (a->orders[i].id != id)
		i++;
	return i;
}

/* How much of a line was asked for before; a second wish for the same line counts too. */
static int64_t *asked_of(struct ctx *c, struct asking *a, size_t o, int64_t line)
{
	for (size_t i = 0; i < a->asked_len[o]; i++)
		if (a->asked[o][i].line == line)
			return &a->asked[o][i].quantity.milli;
	struct asked_before *more = ARENA_ARRAY(c->arena, a->asked_len[o] + 1, struct asked_before);
	if (a->asked_len[o] > 0)
		memcpy(more, a->asked[o], a->asked_len[o] * sizeof(*more));
	more[a->asked_len[o]] = (struct asked_before){ line, QTY_ZERO };
	a->asked[o] = more;
	return &more[a->asked_len[o]++].quantity.milli;
}

static const char *pointer(struct ctx *c, size_t i, const char *what)
{
	return arena_printf(c->arena, "/lines/%zu/%s", i, what);
}

/* In the ordered unit if it is named, else in base units. */
static bool quantity_of(
	struct ctx *c, const struct return_line_in *in, const struct order_line *l, size_t i, struct qty *q)
{
	struct ratio unit = { l->num, l->den };

	*q = in->quantity;
	if (in->unit == NULL || (strcmp(in->unit, l->unit) == 0 && l->num == l->den))
		return true;
	if (strcmp(in->unit, l->unit) == 0)
		return qty_to_base(q, in->quantity, unit, NULL) ||
		       fail_field(c, pointer(c, i, "quantity"), E_RANGE, T_err_range);
	return fail_field(c, pointer(c, i, "unit"), E_UNKNOWN, T_returns_no_unit, in->unit, l->unit);
}

static void ask_line(struct ctx *c, struct asking *a, const struct return_in *in, size_t i)
{
	const struct return_line_in *l = &in->lines[i];
	size_t o = order_at(a, l->order > 0 ? l->order : in->order);
	const struct order_line *of = order_line_of(&a->orders[o], l->line);
	struct return_line *out = &a->lines[a->lines_len];
	struct qty q;
	int64_t *asked;

	if (of == NULL) {
		(void)fail_field(c, pointer(c, i, "line"), E_UNKNOWN, T_returns_no_line,
			arena_printf(c->arena, "%" PRId64, l->line), a->orders[o].number);
		return;
	}
	if (!quantity_of(c, l, of, i, &q))
		return;
	asked = asked_of(c, a, o, l->line);
	if (q.milli > of->delivered.milli - *asked) {
		(void)fail_field(c, pointer(c, i, "quantity"), E_RANGE, T_returns_too_much, of->name,
			qty_str(c->arena, of->delivered), qty_str(c->arena, (struct qty){ *asked }));
		return;
	}
	*out = (struct return_line){ .line = (int64_t)++a->lines_len,
		.order_id = a->orders[o].id,
		.order_line = l->line,
		.product_id = of->product_id,
		.quantity = q,
		.amount = order_part(of, (struct qty){ *asked }, q),
		.reason = l->reason };
	*asked += q.milli;
	a->value.fen += out->amount.fen;
}

static void check_wishes(struct ctx *c, const struct return_in *in)
{
	for (size_t i = 0; i < in->replacement_len; i++) {
		struct product p;
		bool found;
		if (!product_find(c, in->replacement[i].sku, &p, &found))
			return;
		if (!found || !p.active)
			(void)fail_field(c, arena_printf(c->arena, "/replacement/%zu/sku", i), E_UNKNOWN,
				T_returns_no_product, in->replacement[i].sku);
	}
}

static size_t as_requested(const struct return_line *l, struct order_back_delta *d)
{
	*d = (struct order_back_delta){ l->order_line, BACK_REQUESTED, l->quantity };
	return 1;
}

static bool lines_write(struct ctx *c, const struct goods_return *g, struct return_line *lines, size_t len)
{
	for (size_t i = 0; i < len; i++)
		lines[i].return_id = g->id;
	return return_line_insert(c, lines, len) && tell_orders(c, g, lines, len, as_requested, "order.returning");
}

static bool write_new(struct ctx *c, struct goods_return *g, struct return_line *lines, size_t len)
{
	struct event ev = { .kind = "return.requested", .entity = "return", .order_id = g->order_id, .to = g->state };

	if (!id_new(c, &g->id) || !number_new(c, "TH", &g->number) ||
		!return_insert(c, g->id, g->number, g->customer_id, g->order_id, g->kind, g->state, g->shipment_id,
			g->note, g->value, g->late, c->actor->id, c->now) ||
		!lines_write(c, g, lines, len))
		return false;
	ev.entity_id = g->id;
	ev.data = number_json(c, g, NULL);
	return event_add(c, &ev) && task_of(c, g, g->state, true);
}

bool return_create(struct ctx *c, const struct return_in *in, int64_t *id)
{
	struct asking a = { .lines = ARENA_ARRAY(c->arena, in->lines_len, struct return_line) };
	struct goods_return g = { .kind = in->replacement_len > 0 ? "exchange" : "return",
		.state = "requested",
		.order_id = in->order,
		.shipment_id = INT64_MIN,
		.note = in->note };

	if (!orders_read(c, in, &a))
		return false;
	for (size_t i = 0; i < in->lines_len; i++)
		ask_line(c, &a, in, i);
	check_wishes(c, in);
	if (!ok(c))
		return false;
	g.customer_id = a.orders[0].customer_id;
	g.value = a.value;
	g.late = a.late;
	if (!write_new(c, &g, a.lines, a.lines_len))
		return false;
	for (size_t i = 0; i < in->replacement_len; i++) {
		in->replacement[i].return_id = g.id;
		in->replacement[i].line = (int64_t)i + 1;
	}
	*id = g.id;
	return return_wish_insert(c, in->replacement, in->replacement_len);
}

/* ---- refused at the door: the goods come back on the same car ---- */

/* With what it would have cost, as it was taken off the bill. */
static bool refused_line(
	struct ctx *c, const struct shipment *s, const struct shipment_line *l, struct return_line *out)
{
	*out = (struct return_line){ .order_id = s->order_id,
		.order_line = l->line,
		.product_id = l->product_id,
		.quantity = l->refused,
		.reason = "refused" };
	return money_share(&out->amount, l->amount, l->refused, l->quantity) || fail(c, E_INVALID, T_err_range);
}

static bool refused_at_door(struct ctx *c, const struct event *e)
{
	struct goods_return g = { .kind = "door", .state = "awaiting", .shipment_id = e->entity_id };
	struct shipment_line *lines;
	struct return_line *back;
	struct shipment s;
	size_t len, n = 0;

	if (!ship_get(c, e->entity_id, &s) || !ship_lines(c, s.id, &lines, &len))
		return false;
	back = ARENA_ARRAY(c->arena, len, struct return_line);
	for (size_t i = 0; i < len; i++) {
		if (!qty_is(lines[i].refused) || lines[i].refused.milli <= 0)
			continue;
		if (!refused_line(c, &s, &lines[i], &back[n]) || !money_add(&g.value, g.value, back[n].amount))
			return ok(c) ? fail(c, E_INVALID, T_err_range) : false;
		back[n].line = (int64_t)n + 1;
		n++;
	}
	g.customer_id = s.customer_id;
	g.order_id = s.order_id;
	return n == 0 || write_new(c, &g, back, n);
}

/* ---- approve, reject, cancel ---- */

/* What is sent instead is an order like every other: confirmed, reviewed, picked. */
static bool order_replacement(struct ctx *c, struct goods_return *g)
{
	struct return_wish *w;
	struct order_in in = { .channel = 0, .delivery_date = { today(c).day + 1 } };
	struct customer who;
	struct order first, o;
	size_t len;
	bool existed;

	if (!return_wish_list(c, g->id, &w, &len) || len == 0)
		return ok(c);
	if (!customer_get(c, g->customer_id, &who) || !order_get(c, g->order_id, &first))
		return false;
	in.customer = who.code;
	in.address = first.address;
	in.remarks = arena_printf(c->arena, "%s %s", text_get(c->lang, T_returns_instead_of), g->number);
	in.lines = ARENA_ARRAY(c->arena, len, struct order_line_in);
	in.lines_len = len;
	for (size_t i = 0; i < len; i++)
		in.lines[i] = (struct order_line_in){
			.sku = w[i].sku, .quantity = w[i].quantity, .unit = w[i].unit, .price = w[i].price
		};
	if (!order_create(c, &in, &o, &existed))
		return false;
	g->replacement_id = o.id;
	return true;
}

bool return_approve(struct ctx *c, int64_t id, int64_t version)
{
	struct goods_return g;
	struct return_line *lines;
	struct order o;
	size_t len;

	if (!return_take_up(c, id, version, RM_APPROVE, &g) || !return_line_list(c, id, &lines, &len))
		return false;
	if (needs_reviewer(c, &g) && !may(c, RIGHT_review))
		return fail(c, E_FORBIDDEN, g.late ? T_returns_late : T_returns_above_limit, g.number);
	for (size_t i = 0; i < len; i++)
		if (!order_get_full(c, lines[i].order_id, &o) || !order_open_again(c, &o))
			return false;
	g.approved_at = c->now;
	return order_replacement(c, &g) && return_approved_by(c, id, c->actor->id) &&
	       step(c, &g, "awaiting", "return.approved", NULL);
}

static size_t as_given_up(const struct return_line *l, struct order_back_delta *d)
{
	*d = (struct order_back_delta){ l->order_line, BACK_REQUESTED, { -l->quantity.milli } };
	return 1;
}

static bool give_up(struct ctx *c, int64_t id, int64_t version, enum return_move m, const char *to, const char *kind,
	const char *reason)
{
	struct goods_return g;
	struct return_line *lines;
	size_t len;

	return return_take_up(c, id, version, m, &g) && return_line_list(c, id, &lines, &len) &&
	       tell_orders(c, &g, lines, len, as_given_up, "order.returning") && step(c, &g, to, kind, reason);
}

bool return_reject(struct ctx *c, int64_t id, int64_t version, const char *reason)
{
	return give_up(c, id, version, RM_REJECT, "rejected", "return.rejected", reason);
}

bool return_cancel(struct ctx *c, int64_t id, int64_t version, const char *reason)
{
	return give_up(c, id, version, RM_CANCEL, "cancelled", "return.cancelled", reason);
}

/* ---- receive ---- */

static struct return_line *own_line(struct return_line *lines, size_t len, int64_t line)
{
	for (size_t i = 0; i < len; i++)
		if (lines[i].line == line)
			return &lines[i];
	return NULL;
}

/* Adds what came now; *more remembers it per line, for the orders. */
static bool receive_lines(struct ctx *c, const struct receive_in *in, struct return_line *lines, size_t len)
{
	for (size_t i = 0; i < in->lines_len; i++) {
		struct return_line *l = own_line(lines, len, in->lines[i].line);
		if (l == NULL)
			(void)fail_field(c, pointer(c, i, "line"), E_UNKNOWN, T_returns_not_here,
				arena_printf(c->arena, "%" PRId64, in->lines[i].line));
		else if (in->lines[i].quantity.milli > l->quantity.milli - l->received.milli - l->good.milli)
			(void)fail_field(c, pointer(c, i, "quantity"), E_RANGE, T_returns_more_than_asked, l->name,
				qty_str(c->arena, (struct qty){ l->quantity.milli - l->received.milli }), l->unit);
		else
			l->good.milli += in->lines[i].quantity.milli; /* what came now, until it is counted below */
	}
	return ok(c);
}

static size_t as_received(const struct return_line *l, struct order_back_delta *d)
{
	*d = (struct order_back_delta){ l->order_line, BACK_RECEIVED, l->good };
	return l->good.milli > 0;
}

static size_t as_missing(const struct return_line *l, struct order_back_delta *d)
{
	*d = (struct order_back_delta){ l->order_line, BACK_REQUESTED, { l->received.milli - l->quantity.milli } };
	return l->received.milli < l->quantity.milli;
}

bool return_receive(struct ctx *c, int64_t id, int64_t version, const struct receive_in *in)
{
	struct goods_return g;
	struct return_line *lines;
	bool all = true;
	size_t len;

	if (!return_take_up(c, id, version, RM_RECEIVE, &g) || !return_line_list(c, id, &lines, &len) ||
		!receive_lines(c, in, lines, len) || !tell_orders(c, &g, lines, len, as_received, "order.came_back"))
		return false;
	for (size_t i = 0; i < len; i++) {
		lines[i].received.milli += lines[i].good.milli;
		lines[i].good = QTY_ZERO;
		all = all && lines[i].received.milli == lines[i].quantity.milli;
	}
	if (in->complete && !all && !is_for(&g, RM_CANCEL))
		return fail(c, E_CONFLICT, T_returns_say_where, g.number);
	if (in->complete && !all && !tell_orders(c, &g, lines, len, as_missing, "order.returning"))
		return false;
	return return_line_save(c, lines, len) &&
	       step(c, &g, all || in->complete ? "received" : "part_received", "return.received", NULL);
}

/* ---- refused at the door, and not seen again ---- */

static bool value_missing(struct ctx *c, struct goods_return *g, struct return_line *lines, size_t len)
{
	g->missing_value = (struct money){ 0 };
	for (size_t i = 0; i < len; i++) {
		struct money part;
		lines[i].missing.milli = lines[i].quantity.milli - lines[i].received.milli;
		if (!money_share(&part, lines[i].amount, lines[i].missing, lines[i].quantity) ||
			!money_add(&g->missing_value, g->missing_value, part))
			return fail(c, E_INVALID, T_err_range);
	}
	return true;
}

bool return_miss(struct ctx *c, int64_t id, int64_t version, const struct missing_in *in)
{
	struct goods_return g;
	struct return_line *lines;
	size_t len;

	if (!return_take_up(c, id, version, RM_MISS, &g) || !return_line_list(c, id, &lines, &len) ||
		(in->fate == FATE_LOST && !need(c, RIGHT_review)) || !value_missing(c, &g, lines, len) ||
		!tell_orders(c, &g, lines, len, as_missing, "order.returning"))
		return false;
	g.fate = return_fates[in->fate];
	if (in->fate == FATE_KEPT &&
		!money_charge(c, g.customer_id, g.order_id, "door", g.id, g.missing_value, g.number))
		return false;
	return return_line_save(c, lines, len) &&
	       step(c, &g, strcmp(g.state, "awaiting") == 0 ? "cancelled" : "received", "return.missing", in->reason);
}

/* ---- inspect ---- */

static bool judge_lines(struct ctx *c, const struct inspect_in *in, struct return_line *lines, size_t len)
{
	for (size_t i = 0; i < in->lines_len; i++) {
		const struct inspected_line *j = &in->lines[i];
		struct return_line *l = own_line(lines, len, j->line);
		if (l == NULL) {
			(void)fail_field(c, pointer(c, i, "line"), E_UNKNOWN, T_returns_not_here,
				arena_printf(c->arena, "%" PRId64, j->line));
			continue;
		}
		l->good = qty_is(j->good) ? j->good : QTY_ZERO;
		l->second = qty_is(j->second) ? j->second : QTY_ZERO;
		l->scrap = qty_is(j->scrap) ? j->scrap : QTY_ZERO;
	}
	for (size_t i = 0; i < len; i++)
		if (lines[i].good.milli + lines[i].second.milli + lines[i].scrap.milli != lines[i].received.milli)
			(void)fail_field(c, "/lines", E_RANGE, T_returns_inspect_sum,
				arena_printf(c->arena, "%" PRId64, lines[i].line), lines[i].name,
				qty_str(c->arena, lines[i].received), lines[i].unit);
	return ok(c);
}

static const struct inspected_line *said_of(const struct inspect_in *in, int64_t line)
{
	static const struct inspected_line none = { 0 };

	for (size_t i = 0; i < in->lines_len; i++)
		if (in->lines[i].line == line)
			return &in->lines[i];
	return &none;
}

/* Back to the lot it left from, unless the warehouse says where. */
static bool put_away(struct ctx *c, const struct goods_return *g, const struct inspect_in *in,
	const struct return_line *lines, size_t len)
{
	struct stock_back *b = ARENA_ARRAY(c->arena, len, struct stock_back);
	int64_t *orders = ARENA_ARRAY(c->arena, len + 1, int64_t);
	struct left_from *from;
	size_t from_len, n = 0;

	for (size_t i = 0; i < len; i++)
		orders[i] = lines[i].order_id;
	if (!return_left_from(c, (struct i64s){ orders, len }, &from, &from_len))
		return false;
	for (size_t i = 0; i < len; i++) {
		const struct inspected_line *said = said_of(in, lines[i].line);
		struct stock_back *at = &b[n];
		if (lines[i].received.milli == 0)
			continue;
		*at = (struct stock_back){ .product_id = lines[i].product_id,
			.order_id = lines[i].order_id,
			.line = lines[i].order_line,
			.good = lines[i].good,
			.second = lines[i].second,
			.scrap = lines[i].scrap,
			.note = g->number };
		for (size_t k = from_len; k-- > 0;)
			if (from[k].order_id == at->order_id && from[k].line == at->line) {
				at->warehouse = from[k].warehouse;
				at->location = from[k].location;
				at->lot = from[k].lot;
				at->expires = from[k].expires;
			}
		if (said->location != NULL)
			at->location = said->location;
		if (said->lot != NULL) {
			at->lot = said->lot;
			at->expires = NULL;
		}
		n++;
	}
	return stock_take_back(c, b, n);
}

static size_t as_put_away(const struct return_line *l, struct order_back_delta *d)
{
	d[0] = (struct order_back_delta){ l->order_line, BACK_RESTOCKED, { l->good.milli + l->second.milli } };
	d[1] = (struct order_back_delta){ l->order_line, BACK_SCRAPPED, l->scrap };
	return 2;
}

/* What was refused at the door was never owed: once it is on the shelf there is nothing left to settle. */
bool return_inspect(struct ctx *c, int64_t id, int64_t version, const struct inspect_in *in)
{
	struct goods_return g;
	struct return_line *lines;
	size_t len;

	if (!return_take_up(c, id, version, RM_INSPECT, &g) || !return_line_list(c, id, &lines, &len) ||
		!judge_lines(c, in, lines, len) || !tell_orders(c, &g, lines, len, as_put_away, "order.put_away") ||
		!put_away(c, &g, in, lines, len))
		return false;
	return return_line_save(c, lines, len) &&
	       step(c, &g, strcmp(g.kind, "door") == 0 ? "closed" : "inspected", "return.inspected", NULL);
}

/* ---- settle ---- */

static bool owed_back(struct ctx *c, const struct return_line *lines, size_t len, struct money *sum)
{
	*sum = (struct money){ 0 };
	for (size_t i = 0; i < len; i++) {
		struct money part;
		if (!money_share(&part, lines[i].amount, lines[i].received, lines[i].quantity) ||
			!money_add(sum, *sum, part))
			return fail(c, E_INVALID, T_err_range);
	}
	return true;
}

static size_t as_replaced(const struct return_line *l, struct order_back_delta *d)
{
	*d = (struct order_back_delta){ l->order_line, BACK_REPLACED, l->received };
	return l->received.milli > 0;
}

static bool replaced(struct ctx *c, int64_t id)
{
	struct goods_return g;
	struct return_line *lines;
	size_t len;

	return return_lock(c, id, &g) && return_line_list(c, id, &lines, &len) &&
	       tell_orders(c, &g, lines, len, as_replaced, "order.replaced") &&
	       step(c, &g, "closed", "return.closed", NULL);
}

/* What was sent instead may have arrived before the goods that came back were settled. */
static bool close_if_replaced(struct ctx *c, const struct goods_return *g)
{
	struct order o;

	if (g->replacement_id <= 0)
		return true;
	if (!order_get(c, g->replacement_id, &o))
		return false;
	return (strcmp(o.state, "delivered") != 0 && o.decision != D_COMPLETED && o.decision != D_ARCHIVED) ||
	       replaced(c, g->id);
}

/* What the cases of its orders credited before is no longer there to credit. */
static bool credit_fits(struct ctx *c, const struct goods_return *g, const struct return_line *lines, size_t len)
{
	int64_t *orders = ARENA_ARRAY(c->arena, len + 1, int64_t);
	struct money sum;
	size_t n = 1, k;

	orders[0] = g->order_id;
	for (size_t i = 0; i < len; i++) {
		for (k = 0; k < n && orders[k] != lines[i].order_id;)
			k++;
		if (k == n)
			orders[n++] = lines[i].order_id;
	}
	return money_credit_fits(c, (struct i64s){ orders, n }, g->credited, &sum);
}

bool return_settle(struct ctx *c, int64_t id, int64_t version, const struct settle_in *in)
{
	struct goods_return g;
	struct return_line *lines;
	struct money most;
	size_t len;

	if (!return_take_up(c, id, version, RM_SETTLE, &g) || !return_line_list(c, id, &lines, &len) ||
		!owed_back(c, lines, len, &most))
		return false;
	g.credited = money_is(in->amount) ? in->amount : most;
	if (money_cmp(g.credited, most) > 0)
		return fail_field(c, "/amount", E_RANGE, T_returns_credit_too_much, money_show(c->arena, most));
	if (!credit_fits(c, &g, lines, len))
		return false;
	g.settlement = in->note;
	g.settled_at = c->now;
	return money_credit(c, g.customer_id, g.order_id, "return", g.id, g.credited, g.number) &&
	       return_settled_by(c, id, c->actor->id) &&
	       step(c, &g, g.replacement_id > 0 ? "settled" : "closed", "return.settled", NULL) &&
	       close_if_replaced(c, &g);
}

bool return_close(struct ctx *c, int64_t id, int64_t version)
{
	struct goods_return g;

	return return_take_up(c, id, version, RM_CLOSE, &g) && step(c, &g, "closed", "return.closed", NULL);
}

/* ---- the replacement arrives ---- */

static bool replacement_arrived(struct ctx *c, const struct event *e)
{
	struct goods_return *g;
	size_t len;

	if (e->to == NULL || strcmp(e->to, "delivered") != 0 || !return_of_replacement(c, e->order_id, &g, &len))
		return ok(c);
	for (size_t i = 0; i < len; i++)
		if (strcmp(g[i].state, "settled") == 0 && !replaced(c, g[i].id))
			return false;
	return true;
}

bool return_get(struct ctx *c, int64_t id, struct goods_return *out)
{
	return return_by_id(c, id, out);
}

bool return_lines(struct ctx *c, int64_t id, struct return_line **out, size_t *len)
{
	return return_line_list(c, id, out, len);
}

/* ---- a person's facts are erased ---- */

static bool forget_person(struct ctx *c, const struct event *e)
{
	return return_forget(c, e->entity_id) && return_lines_forget(c, e->entity_id);
}

const struct listen return_listens[] = {
	{ "customer.erased", forget_person },
	{ "shipment.received", refused_at_door },
	{ "order.received", replacement_arrived },
	{ NULL, NULL },
};
