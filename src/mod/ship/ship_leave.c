/* ship_leave: goods leave the house exactly once, and on the same day they may come back. */
#include "mod/ship/ship_int.h"

#include "gen/ship_sql.h"
#include "mod/customer/customer.h"

const struct field dispatch_fields[] = {
	FIELD(struct dispatch_in, carrier, T_ship_carrier, .flags = F_REQUIRED, .max = 64),
	FIELD(struct dispatch_in, service, T_ship_service, .max = 64),
	FIELD(struct dispatch_in, tracking_number, T_ship_tracking_number, .max = 64),
	FIELD(struct dispatch_in, driver, T_ship_driver, .max = 64),
	FIELD_END,
};

/* ---- what must hold before the car leaves ---- */

static bool all_packed(struct ctx *c, const struct shipment_line *lines, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (qty_cmp(lines[i].packed, lines[i].quantity) != 0)
			return fail(c, E_CONFLICT, T_ship_line_not_packed,
				arena_printf(c->arena, "%" PRId64, lines[i].line), lines[i].name,
				qty_str(c->arena, lines[i].packed), qty_str(c->arena, lines[i].quantity),
				lines[i].unit);
	return true;
}

static bool may_leave(struct ctx *c, const struct shipment *s, const struct order *o)
{
	if (!ship_is(s, PACKING))
		return fail(c, E_CONFLICT, T_ship_gone_already, s->number);
	if (o->decision != D_APPROVED)
		return fail(c, E_CONFLICT, T_ship_order_not_approved, o->number);
	return !o->on_hold ||
	       fail(c, E_CONFLICT, T_ship_order_on_hold, o->number, o->hold_reason != NULL ? o->hold_reason : "-");
}

/* The limit may have been passed since the review, by other orders or by payments that did not come. A
 * reviewer who let this order over its limit has answered for it already. Asked after the move, which holds
 * the customer's row. */
static bool credit_bears(struct ctx *c, const struct order *o)
{
	struct credit k;
	const char *overrides;

	if (!customer_credit(c, o->customer_id, (struct money){ 0 }, &k) || !ship_overrides(c, o->id, &overrides))
		return false;
	if (!k.over_limit || (overrides != NULL && strstr(overrides, "\"credit\"") != NULL))
		return true;
	return fail(c, E_CREDIT, T_ship_over_credit, money_show(c->arena, k.exposure), money_show(c->arena, k.limit));
}

/* ---- the value of what leaves ---- */

static const struct order_line *order_line_at(const struct order *o, int64_t line)
{
	for (size_t i = 0; i < o->lines_len; i++)
		if (o->lines[i].line == line)
			return &o->lines[i];
	return NULL;
}

/* Parts are differences of running totals, so the shipments of an order sum to its lines to the fen. */
static bool value_lines(
	struct ctx *c, const struct order *o, struct shipment_line *lines, size_t len, struct money *sum)
{
	*sum = (struct money){ 0 };
	for (size_t i = 0; i < len; i++) {
		const struct order_line *l = order_line_at(o, lines[i].line);

		if (l == NULL)
			return fail(c, E_CONFLICT, T_ship_line_gone, o->number,
				arena_printf(c->arena, "%" PRId64, lines[i].line));
		lines[i].amount = order_leaving(l, lines[i].quantity, lines[i].net);
		if (!money_add(sum, *sum, lines[i].amount))
			return fail(c, E_INVALID, T_ship_too_large);
	}
	return true;
}

static bool move_order(struct ctx *c, const struct shipment *s, const struct shipment_line *lines, size_t len,
	bool back, const char *reason)
{
	struct order_delta *d = ARENA_ARRAY(c->arena, len, struct order_delta);

	for (size_t i = 0; i < len; i++)
		d[i] = (struct order_delta){ lines[i].line, back ? ST_SHIPPED : ST_PACKED,
			back ? ST_PACKED : ST_SHIPPED, lines[i].quantity, lines[i].net };
	return order_progress(c, s->order_id, d, len, back ? "order.undispatched" : "order.dispatched", reason);
}

/* The order gives up its own part of the open sum when it moves (order_progress), and billing takes the
 * amount from that sum once more; so it is laid there first, and what stays moved is the receivable. */
static bool bill(struct ctx *c, const struct shipment *s)
{
	return customer_credit_move(c, s->customer_id, s->amount, (struct money){ 0 }) &&
	       customer_bill(c, s->customer_id, s->order_id, s->id, s->amount);
}

static bool unbill(struct ctx *c, const struct shipment *s)
{
	return customer_unbill(c, s->customer_id, s->id) &&
	       customer_credit_move(c, s->customer_id, (struct money){ -s->amount.fen }, (struct money){ 0 });
}

/* ---- dispatch: rows are taken in the order every rule takes them, order, stock, customer, so that none wait
 * in a ring ---- */

static struct crate_way way_of(const struct shipment *s)
{
	return (struct crate_way){ s->customer_id, s->id, s->order_id, s->number };
}

static bool leave(
	struct ctx *c, struct shipment *s, const struct order *o, const struct shipment_line *lines, size_t len)
{
	struct event ev = { .kind = "shipment.dispatched",
		.entity = "shipment",
		.entity_id = s->id,
		.order_id = s->order_id,
		.from = PACKING,
		.to = DISPATCHED,
		.data = arena_printf(c->arena, "{\"number\":\"%s\"}", s->number) };
	struct crate_way way = way_of(s);
	struct stock_place *places;
	size_t n;

	s->state = DISPATCHED;
	s->dispatched_at = c->now;
	s->version++;
	return ship_lot_list(c, s->id, &places, &n) && stock_issue(c, s->id, places, n) &&
	       move_order(c, s, lines, len, false, ev.data) && bill(c, s) && crate_leave(c, &way) &&
	       credit_bears(c, o) && ship_save(c, s, 1) && ship_dispatched_by(c, s->id, c->actor->id) &&
	       ship_line_save(c, lines, len) && event_add(c, &ev);
}

bool ship_dispatch(struct ctx *c, int64_t id, int64_t version, const struct dispatch_in *in)
{
	struct shipment s;
	struct shipment_line *lines;
	struct order o;
	size_t len;

	if (!ship_lock(c, id, &s) || !order_get_full(c, s.order_id, &o) || !may_leave(c, &s, &o) ||
		!ship_take_up(c, id, version, &s) || !ship_line_list(c, id, &lines, &len) ||
		!all_packed(c, lines, len) || !carrier_check(c, in->carrier, &s.promised_on) ||
		!value_lines(c, &o, lines, len, &s.amount))
		return false;
	s.carrier = in->carrier;
	s.service = in->service;
	s.tracking_number = in->tracking_number;
	s.driver = in->driver;
	return leave(c, &s, &o, lines, len);
}

/* ---- and back ---- */

static bool may_return(struct ctx *c, const struct shipment *s)
{
	if (!ship_is(s, DISPATCHED))
		return fail(c, E_CONFLICT, T_ship_not_dispatched, s->number, ship_state_text(c, s->state));
	if (date_of(s->dispatched_at, zone_s(c)).day != today(c).day)
		return fail(c, E_CONFLICT, T_ship_undo_late, s->number);
	return s->track_state == NULL || fail(c, E_CONFLICT, T_ship_undo_moving, s->number);
}

/* The packages stand at the table again as they were packed. */
static bool come_back(struct ctx *c, struct shipment *s, struct event *ev)
{
	*s = (struct shipment){ .id = s->id,
		.version = s->version + 1,
		.number = s->number,
		.order_id = s->order_id,
		.customer_id = s->customer_id,
		.state = PACKING,
		.carrier = s->carrier,
		.tracking_number = s->tracking_number,
		.driver = s->driver,
		.service = s->service,
		.amount = MONEY_NONE,
		.dispatched_at = INSTANT_NONE,
		.promised_on = DATE_NONE,
		.track_at = INSTANT_NONE,
		.receipt_at = INSTANT_NONE };
	return ship_save(c, s, 1) && ship_dispatched_by(c, s->id, INT64_MIN) && event_add(c, ev);
}

bool ship_undo(struct ctx *c, int64_t id, int64_t version, const char *reason)
{
	struct event ev = { .kind = "shipment.undone",
		.entity = "shipment",
		.entity_id = id,
		.from = DISPATCHED,
		.to = PACKING,
		.data = json_reason(c->arena, reason) };
	struct shipment s;
	struct crate_way way;
	struct shipment_line *lines;
	struct stock_place *places;
	struct order o;
	size_t len, n;

	if (!ship_take_up(c, id, version, &s) || !may_return(c, &s) || !order_get_full(c, s.order_id, &o) ||
		!ship_line_list(c, id, &lines, &len) || !ship_lot_list(c, id, &places, &n))
		return false;
	ev.order_id = s.order_id;
	way = way_of(&s);
	return stock_unissue(c, id, places, n) && move_order(c, &s, lines, len, true, ev.data) && unbill(c, &s) &&
	       crate_unleave(c, &way) && come_back(c, &s, &ev);
}
