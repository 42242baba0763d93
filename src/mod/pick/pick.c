/* pick: stock confirmation, waves, picks, and what happens when something is short. */
#include "mod/pick/pick_int.h"

#include "app/gs1.h"
#include "gen/pick_sql.h"
#include "mod/catalog/catalog.h"
#include "mod/order/order.h"
#include "mod/ship/ship.h"
#include "mod/stock/stock.h"
#include "mod/task/task.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

const struct field pick_line_fields[] = {
	FIELD(struct pick_line, line, T_pick_line),
	FIELD(struct pick_line, order_line, T_pick_order_line),
	FIELD(struct pick_line, sku, T_pick_sku),
	FIELD(struct pick_line, name, T_pick_name),
	FIELD(struct pick_line, warehouse, T_pick_warehouse),
	FIELD(struct pick_line, location, T_pick_location),
	FIELD(struct pick_line, lot, T_pick_lot),
	FIELD(struct pick_line, expires, T_pick_expires),
	FIELD(struct pick_line, quantity, T_pick_quantity),
	FIELD_AS(struct pick_line, base_unit, "unit", T_pick_unit),
	FIELD(struct pick_line, picked, T_pick_picked),
	FIELD(struct pick_line, short_reason, T_pick_short_reason),
	FIELD(struct pick_line, split, T_pick_split),
	FIELD(struct pick_line, nominal_kg, T_pick_nominal_kg, .flags = F_SPARSE),
	FIELD_AS(struct pick_line, net, "net_kg", T_pick_net, .flags = F_SPARSE),
	FIELD_AS(struct pick_line, gross, "gross_kg", T_pick_gross, .flags = F_SPARSE),
	FIELD_AS(struct pick_line, tare, "tare_kg", T_pick_tare, .flags = F_SPARSE),
	FIELD(struct pick_line, crates, T_pick_crates),
	FIELD(struct pick_line, crate, T_pick_crate),
	FIELD(struct pick_line, weight_reason, T_pick_weight_reason),
	FIELD(struct pick_line, weight_tolerance, T_none, .flags = F_HIDDEN),
	FIELD(struct pick_line, net, T_none, .flags = F_HIDDEN),
	FIELD(struct pick_line, gross, T_none, .flags = F_HIDDEN),
	FIELD(struct pick_line, tare, T_none, .flags = F_HIDDEN),
	FIELD(struct pick_line, picked_by, T_none, .flags = F_HIDDEN),
	FIELD(struct pick_line, picked_at, T_none, .flags = F_HIDDEN),
	FIELD_AS(struct pick_line, unit, "case_unit", T_none, .flags = F_HIDDEN),
	FIELD(struct pick_line, num, T_none, .flags = F_HIDDEN),
	FIELD(struct pick_line, den, T_none, .flags = F_HIDDEN),
	FIELD(struct pick_line, barcode, T_none, .flags = F_HIDDEN),
	FIELD(struct pick_line, picker, T_none, .flags = F_HIDDEN),
	FIELD(struct pick_line, pick_id, T_none, .flags = F_HIDDEN),
	FIELD(struct pick_line, order_id, T_none, .flags = F_HIDDEN),
	FIELD(struct pick_line, product_id, T_none, .flags = F_HIDDEN),
	FIELD_END,
};

const struct field pick_fields[] = {
	FIELD(struct pick, id, T_none),
	FIELD(struct pick, version, T_none),
	FIELD(struct pick, state, T_pick_state),
	FIELD_AS(struct pick, order_id, "order", T_pick_order),
	FIELD(struct pick, order_number, T_pick_order_number),
	FIELD(struct pick, customer, T_pick_customer),
	FIELD(struct pick, delivery_date, T_pick_delivery_date),
	FIELD_AS(struct pick, wave_id, "wave", T_pick_wave),
	FIELD_AS(struct pick, shipment_id, "shipment", T_pick_shipment),
	FIELD_LIST(struct pick, lines, pick_line_fields, T_pick_lines),
	FIELD(struct pick, wave_id, T_none, .flags = F_HIDDEN),
	FIELD(struct pick, order_id, T_none, .flags = F_HIDDEN),
	FIELD(struct pick, shipment_id, T_none, .flags = F_HIDDEN),
	FIELD(struct pick, picker_id, T_none, .flags = F_HIDDEN),
	FIELD(struct pick, created_at, T_none, .flags = F_HIDDEN),
	FIELD_END,
};

const struct field wave_fields[] = {
	FIELD(struct wave, id, T_none),
	FIELD(struct wave, number, T_pick_wave),
	FIELD(struct wave, state, T_pick_state),
	FIELD(struct wave, created_at, T_pick_created_at),
	FIELD_LIST(struct wave, picks, pick_fields, T_pick_picks),
	FIELD(struct wave, picks_n, T_none, .flags = F_HIDDEN),
	FIELD(struct wave, open_n, T_none, .flags = F_HIDDEN),
	FIELD_END,
};

const struct field pick_order_fields[] = {
	FIELD(struct pick_order, id, T_none),
	FIELD(struct pick_order, confirmed, T_none),
	FIELD(struct pick_order, number, T_pick_order_number),
	FIELD(struct pick_order, customer, T_pick_customer),
	FIELD(struct pick_order, remarks, T_none),
	FIELD(struct pick_order, delivery_date, T_pick_delivery_date),
	FIELD(struct pick_order, total, T_none),
	FIELD_END,
};

const struct field pick_lack_fields[] = {
	FIELD(struct pick_lack, order_id, T_none),
	FIELD(struct pick_lack, line, T_none),
	FIELD(struct pick_lack, product_id, T_none),
	FIELD(struct pick_lack, delivery_date, T_none),
	FIELD(struct pick_lack, quantity, T_none),
	FIELD_END,
};

static void lines_split(struct ctx *c, struct pick_line *l, size_t len)
{
	for (size_t i = 0; i < len; i++)
		l[i].split =
			unit_split(c, l[i].quantity, (struct ratio){ l[i].num, l[i].den }, l[i].unit, l[i].base_unit);
}

bool pick_get(struct ctx *c, int64_t id, struct pick *out)
{
	if (!pick_by_id(c, id, out) || !pick_lines_of(c, id, &out->lines, &out->lines_len))
		return false;
	lines_split(c, out->lines, out->lines_len);
	return true;
}

static void lines_share(struct pick *p, struct pick_line *lines, size_t len, size_t *at)
{
	p->lines = &lines[*at];
	while (*at + p->lines_len < len && p->lines[p->lines_len].pick_id == p->id)
		p->lines_len++;
	*at += p->lines_len;
}

bool wave_get(struct ctx *c, int64_t id, struct wave *out)
{
	struct pick_line *lines;
	size_t len, at = 0;

	if (!wave_by_id(c, id, out) || !pick_of_wave(c, id, &out->picks, &out->picks_len))
		return false;
	if (!pick_lines_of_wave(c, id, &lines, &len))
		return false;
	lines_split(c, lines, len);
	for (size_t i = 0; i < out->picks_len; i++)
		lines_share(&out->picks[i], lines, len, &at);
	return true;
}

/* ---- shortage: what is missing goes back to the clerk (clause 3-3.1) ---- */

static struct order_line *line_of(struct order *o, int64_t line)
{
	for (size_t i = 0; i < o->lines_len; i++)
		if (o->lines[i].line == line)
			return &o->lines[i];
	return NULL;
}

bool pick_shortage_open(struct ctx *c, const struct order *o, const char *what)
{
	struct task t = { .kind = "shortage",
		.role = "clerk",
		.order_id = o->id,
		.entity = "order",
		.entity_id = o->id,
		.due_at = { c->now.us + setting_int(c, "target.shortage_minutes") * MINUTE_US } };
	struct buf b;
	struct json j;

	buf_init(&b, c->arena);
	json_start(&j, &b);
	json_obj(&j, NULL);
	json_str(&j, "number", o->number);
	json_str(&j, "missing", what);
	json_end_obj(&j);
	t.data = buf_cstr(&b);
	return task_open(c, &t, NULL);
}

/* One short line: checked, its hold given back; the sentence for the clerk grows. */
static bool short_line(
	struct ctx *c, struct order *o, size_t i, const struct short_in *s, struct order_delta *d, struct buf *what)
{
	struct order_line *l = line_of(o, s->line);
	struct qty base;

	if (l == NULL)
		return fail_field(c, arena_printf(c->arena, "/short/%zu/line", i), E_UNKNOWN, T_pick_no_such_line);
	if (!qty_to_base(&base, s->quantity, (struct ratio){ l->num, l->den }, NULL) || qty_cmp(base, l->reserved) > 0)
		return fail_field(
			c, arena_printf(c->arena, "/short/%zu/quantity", i), E_RANGE, T_pick_more_than_held, l->name);
	*d = (struct order_delta){ s->line, ST_RESERVED, ST_NOWHERE, base, QTY_ZERO };
	buf_printf(what, "%s%s %s %s（%s）", what->len > 0 ? "，" : "", l->name, qty_str(c->arena, s->quantity),
		l->unit, s->reason);
	return stock_release(c, o->id, s->line, base);
}

static bool report_short(struct ctx *c, struct order *o, const struct confirm_in *in)
{
	struct order_delta *d = ARENA_ARRAY(c->arena, in->shorts_len, struct order_delta);
	struct buf what;

	buf_init(&what, c->arena);
	for (size_t i = 0; i < in->shorts_len; i++)
		if (!short_line(c, o, i, &in->shorts[i], &d[i], &what))
			return false;
	return order_progress(c, o->id, d, in->shorts_len, "order.shortage", json_reason(c->arena, buf_cstr(&what))) &&
	       pick_shortage_open(c, o, buf_cstr(&what));
}

static bool lacks_something(const struct order *o)
{
	for (size_t i = 0; i < o->lines_len; i++)
		if (order_line_lacks(&o->lines[i]).milli > 0)
			return true;
	return false;
}

/* While a pick is under way its lots are bound and cannot be given back: there the picker says what is short. */
bool pick_confirm_stock(struct ctx *c, int64_t order_id, const struct confirm_in *in)
{
	struct order o;

	if (!order_get_full(c, order_id, &o))
		return false;
	if (o.decision != D_APPROVED || o.on_hold)
		return fail(c, E_CONFLICT, T_pick_not_approved, o.number);
	if (o.picks > 0)
		return fail(c, E_CONFLICT, T_pick_under_way, o.number);
	if (in->shorts_len == 0 && lacks_something(&o))
		return fail(c, E_CONFLICT, T_pick_still_short, o.number);
	return in->shorts_len == 0 ? order_stock_confirmed(c, order_id) : report_short(c, &o, in);
}

static bool cut_missing(struct ctx *c, const struct order *o)
{
	struct order_delta *d = ARENA_ARRAY(c->arena, o->lines_len, struct order_delta);
	size_t n = 0;

	for (size_t i = 0; i < o->lines_len; i++)
		if (order_line_lacks(&o->lines[i]).milli > 0)
			d[n++] = (struct order_delta){ o->lines[i].line, ST_NOWHERE, ST_CANCELLED,
				order_line_lacks(&o->lines[i]), QTY_ZERO };
	return order_progress(c, o->id, d, n, "order.cut", NULL);
}

bool pick_settle_shortage(struct ctx *c, int64_t order_id, enum shortage_decision d)
{
	static const char *const outcomes[] = { "cut", "wait", "split" };
	struct order o;

	if (!order_get_full(c, order_id, &o))
		return false;
	if (o.decision != D_APPROVED)
		return fail(c, E_CONFLICT, T_pick_not_approved, o.number);
	if (!lacks_something(&o))
		return fail(c, E_CONFLICT, T_pick_nothing_short, o.number);
	if ((d == SD_CUT && !cut_missing(c, &o)) || !task_close(c, "shortage", "order", order_id, outcomes[d]))
		return false;
	return d == SD_WAIT || order_stock_confirmed(c, order_id);
}

/* ---- waves ---- */

static bool may_be_picked(struct ctx *c, const struct order *o)
{
	int64_t held = 0;

	for (size_t i = 0; i < o->lines_len; i++)
		held += o->lines[i].reserved.milli;
	if (o->decision != D_APPROVED || o->on_hold)
		return fail(c, E_CONFLICT, T_pick_not_approved, o->number);
	if (!instant_is(o->stock_confirmed_at))
		return fail(c, E_CONFLICT, T_pick_not_confirmed, o->number);
	if (o->picks > 0)
		return fail(c, E_CONFLICT, T_pick_under_way, o->number);
	return held > 0 || fail(c, E_CONFLICT, T_pick_nothing_held, o->number);
}

/* The picks of a wave stand in the sequence in which its orders were named. */
struct wave_plan {
	int64_t wave_id;
	const int64_t *orders;
	int64_t *picks;
	size_t len;
};

static int64_t pick_id_of(const struct wave_plan *plan, int64_t order_id)
{
	size_t i = 0;

	while (plan->orders[i] != order_id)
		i++;
	return plan->picks[i];
}

/* Places bound for one order, in walking order, become its pick's lines. */
static size_t lines_of_order(
	const struct stock_place *places, size_t len, int64_t order_id, int64_t pick_id, struct pick_line *lines)
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++)
		if (places[i].order_id == order_id) {
			lines[n] = (struct pick_line){ .pick_id = pick_id,
				.line = (int64_t)n + 1,
				.order_id = order_id,
				.order_line = places[i].line,
				.product_id = places[i].product_id,
				.warehouse = places[i].warehouse,
				.location = places[i].location,
				.lot = places[i].lot,
				.quantity = places[i].quantity,
				.picked = QTY_NONE };
			n++;
		}
	return n;
}

/* One pick for each order of one delivery date: its lots are bound at once for all of them. */
static bool picks_make(struct ctx *c, const struct wave_plan *plan, const struct order *orders, size_t orders_len)
{
	int64_t *ids = ARENA_ARRAY(c->arena, orders_len, int64_t);
	struct pick *picks = ARENA_ARRAY(c->arena, orders_len, struct pick);
	struct stock_place *places;
	struct pick_line *lines;
	size_t len, n = 0;

	for (size_t i = 0; i < orders_len; i++)
		ids[i] = orders[i].id;
	if (!stock_bind(c, ids, orders_len, orders[0].delivery_date, &places, &len))
		return false;
	lines = ARENA_ARRAY(c->arena, len + 1, struct pick_line);
	for (size_t i = 0; i < orders_len; i++) {
		size_t mine;
		picks[i] = (struct pick){ .id = pick_id_of(plan, ids[i]),
			.wave_id = plan->wave_id,
			.order_id = ids[i],
			.state = "open",
			.created_at = c->now };
		mine = lines_of_order(places, len, ids[i], picks[i].id, &lines[n]);
		if (mine == 0)
			return fail(c, E_OUT_OF_STOCK, T_pick_nothing_held, orders[i].number);
		n += mine;
	}
	return pick_insert(c, picks, orders_len) && pick_line_insert(c, lines, n);
}

static int by_date(const void *a, const void *b)
{
	const struct order *x = a, *y = b;
	int d = (x->delivery_date.day > y->delivery_date.day) - (x->delivery_date.day < y->delivery_date.day);

	return d != 0 ? d : (x->id > y->id) - (x->id < y->id);
}

static bool each_once(struct ctx *c, const int64_t *orders, size_t len)
{
	for (size_t i = 0; i < len; i++)
		for (size_t k = 0; k < i; k++)
			if (orders[k] == orders[i])
				return fail_field(
					c, arena_printf(c->arena, "/orders/%zu", i), E_DUPLICATE, T_pick_order_twice);
	return true;
}

bool wave_release(struct ctx *c, const int64_t *orders, size_t len, struct wave *out)
{
	struct event ev = { .kind = "wave.released", .entity = "wave" };
	const char *number;
	struct wave_plan plan;
	struct order *o;

	if (!each_once(c, orders, len) || !order_get_all(c, (struct i64s){ orders, len }, &o) ||
		!id_new(c, &ev.entity_id) || !number_new(c, "BC", &number) ||
		!wave_insert(c, ev.entity_id, number, c->actor->id, c->now))
		return false;
	plan = (struct wave_plan){ ev.entity_id, orders, ARENA_ARRAY(c->arena, len, int64_t), len };
	for (size_t i = 0; i < len; i++)
		if (!may_be_picked(c, &o[i]) || !id_new(c, &plan.picks[i]))
			return false;
	qsort(o, len, sizeof(*o), by_date);
	for (size_t from = 0, n; from < len; from += n) {
		for (n = 1; from + n < len && o[from + n].delivery_date.day == o[from].delivery_date.day;)
			n++;
		if (!picks_make(c, &plan, &o[from], n))
			return false;
	}
	return order_picks_start(c, o, len) && event_add(c, &ev) && wave_get(c, ev.entity_id, out);
}

/* ---- picking ---- */

static bool is_barcode_of(struct ctx *c, const struct pick_line *l, const char *code, bool *fits)
{
	int64_t product_id = 0;
	const char *unit;
	bool found;

	if (code == NULL || *fits)
		return true;
	*fits = l->barcode != NULL && strcmp(code, l->barcode) == 0;
	if (*fits)
		return true;
	if (!product_by_barcode(c, code, &product_id, &unit, &found))
		return false;
	*fits = found && product_id == l->product_id;
	return true;
}

/* What was scanned is the goods (their number, a barcode of any of their units, a label of GS1 or of the scale), their lot,
 * or the place they lie in. */
static bool scan_fits(struct ctx *c, const struct pick_line *l, const struct scan *s, bool *fits)
{
	*fits = strcmp(s->text, l->sku) == 0 || strcmp(s->text, l->location) == 0 ||
		(*l->lot != '\0' && strcmp(s->text, l->lot) == 0);
	return is_barcode_of(c, l, s->gtin, fits) && is_barcode_of(c, l, s->text, fits) &&
	       is_barcode_of(c, l, gs1_scale_base(c->arena, s->text), fits);
}

/* A label that names its lot or its last day is held to both. */
static bool label_fits(struct ctx *c, const struct pick_line *l, const struct scan *s)
{
	if (s->lot != NULL && *l->lot != '\0' && strcmp(s->lot, l->lot) != 0)
		return fail(c, E_WRONG_SCAN, T_pick_wrong_lot, s->lot, l->lot);
	if (date_is(s->expires) && s->expires.day < today(c).day)
		return fail(c, E_WRONG_SCAN, T_pick_expired_label, l->name, date_str(c->arena, s->expires));
	return true;
}

static bool right_goods(struct ctx *c, const struct pick_line *l, const struct answer_in *in, struct scan *s)
{
	const char *why;
	bool fits = true;

	if (in->scan != NULL && !gs1_scan(c->arena, in->scan, s, &why))
		return fail(c, E_WRONG_SCAN, T_pick_bad_label, why);
	if (in->scan != NULL && !scan_fits(c, l, s, &fits))
		return false;
	if (!fits)
		return fail(c, E_WRONG_SCAN, T_pick_wrong_scan, s->text, l->name, l->sku);
	if (in->scan != NULL && !label_fits(c, l, s))
		return false;
	if (in->lot != NULL && strcmp(in->lot, l->lot) != 0)
		return fail(c, E_WRONG_SCAN, T_pick_wrong_lot, in->lot, l->lot);
	return true;
}

static bool right_quantity(struct ctx *c, const struct pick_line *l, const struct answer_in *in)
{
	if (qty_cmp(in->quantity, l->quantity) > 0)
		return fail_field(
			c, "/quantity", E_RANGE, T_pick_too_many, qty_str(c->arena, l->quantity), l->base_unit);
	if (qty_cmp(in->quantity, l->quantity) < 0 && in->reason == NULL)
		return fail_field(c, "/reason", E_REQUIRED, T_pick_why_short);
	return true;
}

/* A phone that was without a network learns here what became of the pick. */
static bool tell_closed(struct ctx *c, const struct pick *p)
{
	struct order o;

	if (strcmp(p->state, "done") == 0)
		return fail(c, E_CONFLICT, T_pick_closed, p->order_number);
	if (!order_get(c, p->order_id, &o))
		return false;
	return fail(
		c, E_CONFLICT, o.decision == D_CANCELLED ? T_pick_order_cancelled : T_pick_taken_back, p->order_number);
}

static bool take_pick(struct ctx *c, int64_t id, struct pick *p)
{
	int64_t taken;

	if (!pick_take(c, id, &taken) || !pick_by_id(c, id, p))
		return false;
	return taken == 1 || tell_closed(c, p);
}

static bool still_open(struct ctx *c, const struct pick_line *l, const struct answer_in *in)
{
	if (!in->if_open || !qty_is(l->picked) || l->picked_by == c->actor->id)
		return true;
	return fail(c, E_CONFLICT, T_pick_line_taken, l->name, l->picker);
}

static bool open_pick(struct ctx *c, int64_t id, struct pick *p)
{
	return take_pick(c, id, p) && pick_lines_of(c, id, &p->lines, &p->lines_len);
}

bool pick_answer(struct ctx *c, int64_t pick_id, int64_t line, const struct answer_in *in)
{
	struct scan s = { .net_kg = QTY_NONE };
	struct pick_line l;
	struct pick p;
	bool found;

	if (!take_pick(c, pick_id, &p) || !pick_line_of(c, pick_id, line, &l, &found))
		return false;
	if (!found)
		return fail(c, E_NOT_FOUND, T_pick_no_such_line);
	if (!still_open(c, &l, in) || !right_goods(c, &l, in, &s) || !right_quantity(c, &l, in) ||
		!pick_weigh(c, &l, in, &s))
		return false;
	l.picked = in->quantity;
	l.short_reason = qty_cmp(in->quantity, l.quantity) < 0 ? in->reason : NULL;
	l.picked_by = c->actor->id;
	l.picked_at = c->now;
	return pick_line_answer(c, &l, 1);
}

static struct stock_place place_of(const struct pick_line *l)
{
	return (struct stock_place){ .order_id = l->order_id,
		.line = l->order_line,
		.product_id = l->product_id,
		.warehouse = l->warehouse,
		.location = l->location,
		.lot = l->lot,
		.expires = l->expires,
		.quantity = l->quantity };
}

/* What could not be picked is free again, and its hold with it. */
static bool give_back(struct ctx *c, const struct pick_line *l, struct qty quantity)
{
	struct stock_place place = place_of(l);

	return stock_unbind(c, &place, quantity) && stock_release(c, l->order_id, l->order_line, quantity);
}

struct harvest {
	struct order_delta *deltas;
	struct ship_take *takes;
	size_t deltas_len, takes_len;
	struct buf shorts;
};

/* Of all crates together. */
static struct qty tare_of(const struct pick_line *l)
{
	if (!qty_is(l->gross))
		return QTY_NONE;
	return l->crates > 0 && qty_is(l->tare) ? (struct qty){ l->crates * l->tare.milli } : QTY_ZERO;
}

static bool harvest_line(struct ctx *c, const struct pick_line *l, struct harvest *h)
{
	struct qty gap;

	if (!qty_is(l->picked))
		return fail(c, E_CONFLICT, T_pick_not_answered, arena_printf(c->arena, "%" PRId64, l->line), l->name);
	must(qty_sub(&gap, l->quantity, l->picked));
	if (l->picked.milli > 0) {
		h->deltas[h->deltas_len++] =
			(struct order_delta){ l->order_line, ST_RESERVED, ST_PICKED, l->picked, l->net };
		h->takes[h->takes_len++] = (struct ship_take){ l->order_line, l->product_id, l->warehouse, l->location,
			l->lot, l->picked, l->net, l->gross, tare_of(l) };
	}
	if (gap.milli == 0)
		return true;
	h->deltas[h->deltas_len++] = (struct order_delta){ l->order_line, ST_RESERVED, ST_NOWHERE, gap, QTY_ZERO };
	buf_printf(&h->shorts, "%s%s %s %s（%s）", h->shorts.len > 0 ? "，" : "", l->name, qty_str(c->arena, gap),
		l->base_unit, l->short_reason != NULL ? l->short_reason : "");
	return give_back(c, l, gap);
}

static bool harvest(struct ctx *c, const struct pick *p, struct harvest *h)
{
	h->deltas = ARENA_ARRAY(c->arena, 2 * p->lines_len, struct order_delta);
	h->takes = ARENA_ARRAY(c->arena, p->lines_len, struct ship_take);
	buf_init(&h->shorts, c->arena);
	for (size_t i = 0; i < p->lines_len; i++)
		if (!harvest_line(c, &p->lines[i], h))
			return false;
	return true;
}

static bool tell_shortage(struct ctx *c, const struct pick *p, const struct harvest *h)
{
	struct order o;

	return h->shorts.len == 0 || (order_get(c, p->order_id, &o) && pick_shortage_open(c, &o, buf_cstr(&h->shorts)));
}

/* What the goods stand in goes out with them. */
static bool load_crates(struct ctx *c, const struct pick *p, int64_t shipment)
{
	struct crate_load *loads = ARENA_ARRAY(c->arena, p->lines_len + 1, struct crate_load);
	size_t n = 0;

	for (size_t i = 0; i < p->lines_len; i++) {
		const struct pick_line *l = &p->lines[i];
		size_t k = 0;

		if (l->picked.milli == 0 || l->crate == NULL || l->crates <= 0)
			continue;
		while (k < n && strcmp(loads[k].crate, l->crate) != 0)
			k++;
		if (k == n)
			loads[n++] = (struct crate_load){ .shipment_id = shipment, .crate = l->crate };
		loads[k].count += l->crates;
	}
	return n == 0 || crate_load_add(c, loads, n);
}

bool pick_done(struct ctx *c, int64_t pick_id)
{
	struct harvest h = { 0 };
	struct pick p;
	int64_t shipment = INT64_MIN, closed;

	if (!open_pick(c, pick_id, &p) || !harvest(c, &p, &h))
		return false;
	if (!order_progress(c, p.order_id, h.deltas, h.deltas_len, "order.picked",
		    h.shorts.len > 0 ? json_reason(c->arena, buf_cstr(&h.shorts)) : NULL) ||
		!order_picks(c, p.order_id, -1))
		return false;
	if (h.takes_len > 0 && !ship_open(c, p.order_id, pick_id, h.takes, h.takes_len, &shipment))
		return false;
	return load_crates(c, &p, shipment) &&
	       pick_close(
		       c, pick_id, h.takes_len > 0 ? "done" : "cancelled", shipment, c->actor->id, c->now, &closed) &&
	       closed == 1 && tell_shortage(c, &p, &h);
}

bool pick_cancel(struct ctx *c, int64_t pick_id, const char *reason)
{
	struct event ev = {
		.kind = "pick.cancelled", .entity = "pick", .entity_id = pick_id, .data = json_reason(c->arena, reason)
	};
	struct pick p;
	int64_t closed;

	if (!open_pick(c, pick_id, &p))
		return false;
	for (size_t i = 0; i < p.lines_len; i++) {
		struct stock_place place = place_of(&p.lines[i]);
		if (!stock_unbind(c, &place, p.lines[i].quantity))
			return false;
	}
	ev.order_id = p.order_id;
	return pick_close(c, pick_id, "cancelled", INT64_MIN, c->actor->id, c->now, &closed) && closed == 1 &&
	       order_picks(c, p.order_id, -1) && event_add(c, &ev);
}

/* ---- goods came in: who waits longest is served first ---- */

static bool serve(struct ctx *c, int64_t product_id)
{
	struct pick_lack *lacks;
	size_t len;

	if (!pick_lacking(c, product_id, 200, &lacks, &len))
		return false;
	for (size_t i = 0; i < len; i++) {
		struct stock_wish w = { lacks[i].line, lacks[i].product_id, lacks[i].quantity, QTY_ZERO };
		struct order_delta d = { lacks[i].line, ST_NOWHERE, ST_RESERVED, lacks[i].quantity, QTY_ZERO };
		if (!stock_reserve(c, lacks[i].order_id, lacks[i].delivery_date, &w, 1)) {
			if (c->err.code != E_OUT_OF_STOCK)
				return false;
			c->err = (struct err){ 0 }; /* it goes on waiting */
		} else if (!order_progress(c, lacks[i].order_id, &d, 1, "order.reserved", NULL)) {
			return false;
		}
	}
	return true;
}

static bool serve_waiting(struct ctx *c)
{
	return serve(c, INT64_MIN);
}

static bool stock_came(struct ctx *c, const struct event *e)
{
	return serve(c, e->entity_id);
}

const struct listen pick_listens[] = {
	{ "stock.booked", stock_came },
	{ NULL, NULL },
};

const struct tick pick_ticks[] = {
	{ "pick.waiting", 60, serve_waiting },
	{ NULL, 0, NULL },
};

/* ---- verify ---- */

typedef bool (*count_fn)(struct ctx *c, int64_t *out);

static bool counted(struct ctx *c, count_fn wrong, int64_t *all, int64_t *broken)
{
	return pick_total(c, all) && wrong(c, broken);
}

static bool check_lines(struct ctx *c, int64_t *all, int64_t *broken, const char **first)
{
	*first = "pick lines";
	return counted(c, pick_check_lines, all, broken);
}

static bool check_shipments(struct ctx *c, int64_t *all, int64_t *broken, const char **first)
{
	*first = "picks without a shipment";
	return counted(c, pick_check_shipments, all, broken);
}

static bool check_orders(struct ctx *c, int64_t *all, int64_t *broken, const char **first)
{
	*first = "orders and their picks";
	return counted(c, pick_check_orders, all, broken);
}

static bool check_weights(struct ctx *c, int64_t *all, int64_t *broken, const char **first)
{
	return check_rows(c, pick_check_weights, pick_total, all, broken, first);
}

const struct check pick_checks[] = {
	{ 3, "picked is at most what was asked", check_lines },
	{ 3, "done picks have a shipment", check_shipments },
	{ 3, "orders know their picks", check_orders },
	{ 3, "picked weights went on with their goods", check_weights },
	{ 0, NULL, NULL },
};
