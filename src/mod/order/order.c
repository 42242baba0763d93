/* order: entry, lines and prices, what is read back. The decisions stand in order_life.c. */
#include "mod/order/order_int.h"

#include "app/page.h"
#include "base/sha256.h"
#include "gen/order_sql.h"
#include "mod/catalog/catalog.h"
#include "mod/customer/customer.h"
#include "mod/order/order_view.h"
#include "mod/price/price.h"
#include "mod/stock/stock.h"

#include <inttypes.h>
#include <string.h>

const char *const order_channel_names[] = { "phone", "email", "online", "chat", "file", "edi", NULL };

#define LINES_MAX 2000

const struct field order_line_in_fields[] = {
	FIELD(struct order_line_in, sku, T_order_line_sku, .flags = F_REQUIRED, .max = 64),
	FIELD(struct order_line_in, quantity, T_order_line_quantity, .flags = F_REQUIRED | F_POSITIVE, .max = QTY_MAX),
	FIELD(struct order_line_in, unit, T_order_line_unit, .max = 16),
	FIELD(struct order_line_in, price, T_order_line_price, .flags = F_UNSIGNED, .max = PRICE_MAX),
	FIELD(struct order_line_in, remarks, T_order_line_remarks, .max = 200),
	FIELD_END,
};

const struct field order_in_fields[] = {
	FIELD_ENUM(struct order_in, channel, T_order_channel, order_channel_names, .flags = F_REQUIRED),
	FIELD(struct order_in, external_id, T_order_external_id, .max = 100),
	FIELD(struct order_in, customer, T_order_customer, .flags = F_REQUIRED, .max = 64),
	FIELD(struct order_in, delivery_date, T_order_delivery_date, .flags = F_REQUIRED),
	FIELD(struct order_in, address, T_order_address, .max = 300),
	FIELD(struct order_in, remarks, T_order_remarks, .max = 1000, .flags = F_LINES),
	FIELD_LIST(struct order_in, lines, order_line_in_fields, T_order_lines, .flags = F_REQUIRED, .max = LINES_MAX),
	FIELD_END,
};

const struct field order_line_fields[] = {
	FIELD(struct order_line, line, T_order_line_no),
	FIELD(struct order_line, sku, T_order_line_sku),
	FIELD(struct order_line, name, T_order_line_name),
	FIELD(struct order_line, quantity, T_order_line_quantity),
	FIELD(struct order_line, unit, T_order_line_unit),
	FIELD(struct order_line, price, T_order_line_price),
	FIELD(struct order_line, price_unit, T_order_line_price_unit),
	FIELD(struct order_line, price_source, T_order_line_price_source),
	FIELD(struct order_line, amount, T_order_line_amount),
	FIELD(struct order_line, nominal_kg, T_order_line_nominal_kg, .flags = F_SPARSE),
	FIELD_AS(struct order_line, weight, "net_kg", T_order_line_net_kg, .flags = F_SPARSE),
	FIELD(struct order_line, weight_out, T_none, .flags = F_HIDDEN),
	FIELD(struct order_line, weight, T_none, .flags = F_HIDDEN),
	FIELD(struct order_line, remarks, T_order_line_remarks),
	FIELD(struct order_line, ordered, T_order_line_ordered),
	FIELD(struct order_line, cancelled, T_order_line_cancelled),
	FIELD(struct order_line, reserved, T_order_line_reserved),
	FIELD(struct order_line, picked, T_order_line_picked),
	FIELD(struct order_line, packed, T_order_line_packed),
	FIELD(struct order_line, shipped, T_order_line_shipped),
	FIELD(struct order_line, delivered, T_order_line_delivered),
	FIELD(struct order_line, refused, T_order_line_refused),
	FIELD(struct order_line, ret_requested, T_order_line_ret_requested, .flags = F_SPARSE),
	FIELD(struct order_line, ret_received, T_order_line_ret_received, .flags = F_SPARSE),
	FIELD(struct order_line, restocked, T_order_line_restocked, .flags = F_SPARSE),
	FIELD(struct order_line, scrapped, T_order_line_scrapped, .flags = F_SPARSE),
	FIELD(struct order_line, replaced, T_order_line_replaced, .flags = F_SPARSE),
	FIELD(struct order_line, order_id, T_none, .flags = F_HIDDEN),
	FIELD(struct order_line, product_id, T_none, .flags = F_HIDDEN),
	FIELD(struct order_line, num, T_none, .flags = F_HIDDEN),
	FIELD(struct order_line, den, T_none, .flags = F_HIDDEN),
	FIELD(struct order_line, price_num, T_none, .flags = F_HIDDEN),
	FIELD(struct order_line, price_den, T_none, .flags = F_HIDDEN),
	FIELD_END,
};

const struct field order_fields[] = {
	FIELD(struct order, id, T_none),
	FIELD(struct order, version, T_none),
	FIELD(struct order, number, T_order_number),
	FIELD(struct order, channel, T_order_channel),
	FIELD(struct order, external_id, T_order_external_id),
	FIELD(struct order, customer_id, T_none),
	FIELD_ENUM(struct order, decision, T_none, decision_names),
	FIELD(struct order, state, T_order_state),
	FIELD(struct order, on_hold, T_order_on_hold_flag),
	FIELD(struct order, hold_reason, T_order_hold_reason),
	FIELD(struct order, delivery_date, T_order_delivery_date),
	FIELD(struct order, address, T_order_address),
	FIELD(struct order, remarks, T_order_remarks),
	FIELD(struct order, total, T_order_total),
	FIELD(struct order, snapshot, T_none),
	FIELD(struct order, created_by, T_none),
	FIELD(struct order, created_at, T_order_created_at),
	FIELD(struct order, confirmed_by, T_none),
	FIELD(struct order, confirmed_person, T_order_confirmed_person),
	FIELD(struct order, confirmed_method, T_order_confirmed_method),
	FIELD(struct order, confirmed_at, T_order_confirmed_at),
	FIELD(struct order, approved_at, T_order_approved_at),
	FIELD(struct order, stock_confirmed_by, T_none),
	FIELD(struct order, stock_confirmed_at, T_none),
	FIELD(struct order, credit_held, T_none),
	FIELD(struct order, picks, T_none),
	FIELD(struct order, due_at, T_order_due_at),
	FIELD(struct order, changed_at, T_none),
	FIELD(struct order, revision, T_order_revision),
	FIELD_END,
};

const char *order_their_number(const struct order *o)
{
	const char *colon = o->external_id != NULL ? strchr(o->external_id, ':') : NULL;

	if (colon != NULL)
		return colon + 1;
	return o->external_id != NULL ? o->external_id : o->number;
}

bool order_get(struct ctx *c, int64_t id, struct order *out)
{
	return order_by_id(c, id, out);
}

bool order_get_full(struct ctx *c, int64_t id, struct order *out)
{
	return order_lock(c, id, out) && order_line_list(c, id, &out->lines, &out->lines_len);
}

static void lines_share(struct order *o, struct order_line *lines, size_t len, size_t *at)
{
	o->lines = &lines[*at];
	while (*at + o->lines_len < len && o->lines[o->lines_len].order_id == o->id)
		o->lines_len++;
	*at += o->lines_len;
}

bool order_get_all(struct ctx *c, struct i64s ids, struct order **out)
{
	struct order_line *lines;
	size_t len, lines_len, at = 0;

	if (!order_lock_all(c, ids, out, &len) || !order_lines_all(c, ids, &lines, &lines_len))
		return false;
	if (len != ids.len)
		return fail(c, E_NOT_FOUND, err_title(E_NOT_FOUND));
	for (size_t i = 0; i < len; i++)
		lines_share(&(*out)[i], lines, lines_len, &at);
	return true;
}

bool order_customer(struct ctx *c, const struct order *o, struct customer *out)
{
	if (o->who == NULL)
		return customer_get(c, o->customer_id, out);
	*out = *o->who;
	return true;
}

bool order_store(struct ctx *c, struct order *o)
{
	int64_t changed;

	o->changed_at = c->now;
	if (!order_save(c, o->id, o->version, decision_names[o->decision], o->state, o->on_hold, o->hold_reason,
		    o->delivery_date, o->address, o->remarks, o->total, o->snapshot, o->confirmed_by,
		    o->confirmed_person, o->confirmed_method, o->confirmed_at, o->approved_at, o->stock_confirmed_by,
		    o->stock_confirmed_at, o->credit_held, o->picks, o->due_at, o->revision, c->now, &changed))
		return false;
	if (changed != 1)
		return fail(c, E_VERSION, T_order_changed, o->number);
	o->version++;
	return true;
}

/* ---- lines: product, unit and price of all lines at once ---- */

static bool goods_of(struct ctx *c, const struct order_line_in *in, size_t len, struct goods **out)
{
	const char **skus = ARENA_ARRAY(c->arena, len + 1, const char *);

	for (size_t i = 0; i < len; i++)
		skus[i] = in[i].sku;
	return goods_find_all(c, (struct strs){ skus, len }, out);
}

static const char *pointer(struct ctx *c, size_t i, const char *field)
{
	return arena_printf(c->arena, "/lines/%zu/%s", i, field);
}

/* One line's product, unit and base quantity; every fault names its field. */
static bool line_measure(struct ctx *c, size_t i, const struct order_line_in *in, const struct goods *g,
	struct order_line *l, struct price_question *q)
{
	const struct product *p = g->product;
	struct ratio r;
	bool exact = true;

	if (in->sku == NULL)
		return false; /* named by its form */
	if (p == NULL || !p->active)
		return fail_field(c, pointer(c, i, "sku"), E_UNKNOWN, T_order_unknown_sku, in->sku);
	q->product = p;
	q->units = g->units;
	q->units_len = g->units_len;
	l->unit = in->unit != NULL ? in->unit : unit_default(p, q->units, q->units_len);
	if (!unit_ratio(p, q->units, q->units_len, l->unit, &r))
		return fail_field(c, pointer(c, i, "unit"), E_UNKNOWN, T_order_unknown_unit, p->name, l->unit);
	if (!qty_is(in->quantity))
		return false;
	if (!qty_to_base(&l->ordered, in->quantity, r, &exact) || l->ordered.milli > QTY_MAX || l->ordered.milli <= 0)
		return fail_field(c, pointer(c, i, "quantity"), E_RANGE, T_order_quantity_range, p->name);
	if (p->integer_only && (!exact || !qty_whole(l->ordered)))
		return fail_field(c, pointer(c, i, "quantity"), E_WHOLE, T_order_quantity_whole, p->name, p->base_unit);
	q->base = l->ordered;
	l->product_id = p->id;
	l->sku = p->sku;
	l->name = p->name;
	l->quantity = in->quantity;
	l->num = r.num;
	l->den = r.den;
	l->nominal_kg = product_nominal(p);
	l->remarks = in->remarks;
	return true;
}

bool order_line_weighed(const struct order_line *l)
{
	return qty_is(l->nominal_kg) && l->nominal_kg.milli > 0;
}

bool order_line_worth(const struct order_line *l, struct money *out)
{
	struct ratio r = { l->price_num, l->price_den };
	struct qty rest = { l->ordered.milli - l->picked.milli - l->packed.milli - l->shipped.milli };

	return order_line_weighed(l) ? money_weighed(out, l->price, rest, l->weight, l->nominal_kg, r)
				     : money_of(out, l->price, l->ordered, r);
}

static bool line_price(
	struct ctx *c, size_t i, const struct order_line_in *in, const struct price_answer *a, struct order_line *l)
{
	bool manual = price_is(in->price);

	l->price = manual ? in->price : a->price;
	l->price_unit = a->price_unit;
	l->price_num = a->price_ratio.num;
	l->price_den = a->price_ratio.den;
	l->price_source = !manual ? a->source : in->price_source != NULL ? in->price_source : "manual";
	if (!order_line_worth(l, &l->amount) || l->amount.fen > MONEY_MAX)
		return fail_field(c, pointer(c, i, "quantity"), E_RANGE, T_order_amount_range, l->name);
	return true;
}

static bool lines_measure(
	struct ctx *c, const struct order_line_in *in, size_t len, struct order_line *lines, struct price_question *q)
{
	struct goods *goods;

	if (!goods_of(c, in, len, &goods))
		return false;
	for (size_t i = 0; i < len; i++) {
		lines[i].line = (int64_t)i + 1;
		if (price_is(in[i].price) && !may(c, RIGHT_price_manual))
			(void)fail_field(c, pointer(c, i, "price"), E_FORBIDDEN, T_order_price_not_yours);
		else
			(void)line_measure(c, i, &in[i], &goods[i], &lines[i], &q[i]);
	}
	return ok(c);
}

void order_lines_look(struct ctx *c, const struct order_line_in *in, size_t len)
{
	struct order_line *lines = ARENA_ARRAY(c->arena, len + 1, struct order_line);

	(void)lines_measure(c, in, len, lines, ARENA_ARRAY(c->arena, len + 1, struct price_question));
}

bool order_lines_price(
	struct ctx *c, const struct order *o, const struct order_line_in *in, size_t len, struct order_line **out)
{
	struct order_line *lines = ARENA_ARRAY(c->arena, len, struct order_line);
	struct price_question *q = ARENA_ARRAY(c->arena, len, struct price_question);
	struct price_answer *a = ARENA_ARRAY(c->arena, len, struct price_answer);
	struct customer who;

	if (!lines_measure(c, in, len, lines, q) || !order_customer(c, o, &who) ||
		!price_all(c, &who, o->delivery_date, q, len, a))
		return false;
	for (size_t i = 0; i < len; i++) {
		lines[i].order_id = o->id;
		(void)line_price(c, i, &in[i], &a[i], &lines[i]);
	}
	*out = lines;
	return ok(c);
}

bool order_total(struct ctx *c, const struct order_line *lines, size_t len, struct money *total)
{
	*total = (struct money){ 0 };
	for (size_t i = 0; i < len; i++)
		if (!money_add(total, *total, lines[i].amount) || total->fen > MONEY_MAX)
			return fail(c, E_INVALID, T_order_total_too_large);
	return true;
}

bool order_lines_replace(struct ctx *c, struct order *o, struct order_line *lines, size_t len)
{
	if (!order_total(c, lines, len, &o->total) || !order_line_delete_all(c, o->id))
		return false;
	o->lines = lines;
	o->lines_len = len;
	return order_line_insert(c, lines, len);
}

static bool line_begun(const struct order_line *l)
{
	return l->picked.milli + l->packed.milli + l->shipped.milli > 0;
}

/* What has left keeps its price. What was begun keeps its measure, weighed or counted, whatever became of the product since; and
 * a price by another measure does not fit it. Price and weight make the amount. */
static bool line_priced_on(struct ctx *c, const struct order_line *old, struct order_line *l, size_t i)
{
	bool begun = line_begun(old);

	if (old->shipped.milli > 0 || (begun && qty_cmp(old->nominal_kg, l->nominal_kg) != 0)) {
		l->price = old->price;
		l->price_unit = old->price_unit;
		l->price_num = old->price_num;
		l->price_den = old->price_den;
		l->price_source = old->price_source;
	}
	if (begun)
		l->nominal_kg = old->nominal_kg;
	l->weight = old->weight;
	l->weight_out = old->weight_out;
	if (!order_line_worth(l, &l->amount) || l->amount.fen > MONEY_MAX)
		return fail_field(c, pointer(c, i, "quantity"), E_RANGE, T_order_amount_range, l->name);
	return true;
}

/* A line keeps its place and its reservation while it names the same goods; what is picked or gone sets a lower bound. */
static bool line_keep(struct ctx *c, struct order *o, struct order_line *l, size_t i)
{
	const struct order_line *old = NULL;
	int64_t need_milli, over;

	for (size_t k = 0; k < o->lines_len; k++)
		if (o->lines[k].line == l->line)
			old = &o->lines[k];
	if (old == NULL)
		return true;
	need_milli = old->picked.milli + old->packed.milli + old->shipped.milli;
	if (need_milli > 0 && (old->product_id != l->product_id || l->ordered.milli < need_milli))
		return fail_field(c, pointer(c, i, "quantity"), E_RANGE, T_order_below_started, old->name,
			qty_str(c->arena, (struct qty){ need_milli }));
	if (old->product_id != l->product_id)
		return old->reserved.milli == 0 || stock_release(c, o->id, old->line, QTY_NONE);
	l->picked = old->picked;
	l->packed = old->packed;
	l->shipped = old->shipped;
	l->delivered = old->delivered;
	l->refused = old->refused;
	l->ret_requested = old->ret_requested;
	l->ret_received = old->ret_received;
	l->restocked = old->restocked;
	l->scrapped = old->scrapped;
	l->replaced = old->replaced;
	l->reserved = old->reserved;
	if (!line_priced_on(c, old, l, i))
		return false;
	over = l->reserved.milli + need_milli - l->ordered.milli;
	if (over <= 0)
		return true;
	l->reserved.milli -= over;
	return stock_release(c, o->id, l->line, (struct qty){ over });
}

/* Lines beyond the new list are given up, which nothing already picked allows. */
static bool lines_drop(struct ctx *c, const struct order *o, size_t from)
{
	for (size_t k = 0; k < o->lines_len; k++) {
		const struct order_line *old = &o->lines[k];
		if (old->line <= (int64_t)from)
			continue;
		if (old->picked.milli + old->packed.milli + old->shipped.milli > 0)
			return fail(c, E_CONFLICT, T_order_goods_started, old->name);
		if (old->reserved.milli > 0 && !stock_release(c, o->id, old->line, QTY_NONE))
			return false;
	}
	return true;
}

bool order_lines_keep(struct ctx *c, struct order *o, struct order_line *lines, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!line_keep(c, o, &lines[i], i))
			return false;
	return lines_drop(c, o, len) && order_lines_replace(c, o, lines, len);
}

/* ---- entry ---- */

static bool repeat_of(struct ctx *c, const struct order_in *in, struct order *out, bool *existed)
{
	int64_t id = INT64_MIN;

	*existed = false;
	if (in->external_id == NULL)
		return true;
	if (!order_id_by_external(c, order_channel_names[in->channel], in->external_id, &id))
		return false;
	*existed = id != INT64_MIN;
	return !*existed || order_get_full(c, id, out);
}

static bool header_check(struct ctx *c, const struct order_in *in, struct customer *who)
{
	bool found = false;

	if (in->customer != NULL && !customer_find(c, in->customer, who, &found))
		return false;
	if (in->customer != NULL && !found)
		(void)fail_field(c, "/customer", E_UNKNOWN, T_order_unknown_customer, in->customer);
	if (found && !who->active)
		(void)fail_field(c, "/customer", E_CONFLICT, T_order_customer_inactive, who->name);
	if (date_is(in->delivery_date) && in->delivery_date.day < today(c).day)
		(void)fail_field(c, "/delivery_date", E_PAST, T_order_date_past, date_str(c->arena, in->delivery_date));
	return true;
}

static struct instant due_in(struct ctx *c, const char *minutes_setting)
{
	return (struct instant){ c->now.us + setting_int(c, minutes_setting) * MINUTE_US };
}

static bool insert_order(struct ctx *c, const struct order_in *in, struct order *o)
{
	struct event ev = {
		.kind = "order.created", .entity = "order", .order_id = o->id, .entity_id = o->id, .to = "draft"
	};

	if (!order_total(c, o->lines, o->lines_len, &o->total) || !number_new(c, "SO", &o->number))
		return false;
	o->due_at = due_in(c, "target.confirm_minutes");
	ev.data = arena_printf(c->arena, "{\"number\":\"%s\",\"channel\":\"%s\",\"lines\":%zu,\"total\":\"%s\"}",
		o->number, order_channel_names[in->channel], o->lines_len, money_str(c->arena, o->total));
	return order_insert(c, o->id, o->number, order_channel_names[in->channel], in->external_id, o->customer_id,
		       o->delivery_date, o->address, o->remarks, o->total, c->actor->id, c->now, o->due_at) &&
	       order_line_new(c, o->lines, o->lines_len) && event_add(c, &ev);
}

void order_look(struct ctx *c, const void *input)
{
	const struct order_in *in = input;
	struct customer who;

	if (header_check(c, in, &who))
		order_lines_look(c, in->lines, in->lines_len);
}

bool order_create(struct ctx *c, const struct order_in *in, struct order *out, bool *existed)
{
	struct customer who = { 0 }, *known;

	if (!repeat_of(c, in, out, existed))
		return false;
	if (*existed)
		return true;
	if (!header_check(c, in, &who))
		return false;
	fields_clear(order_fields, out);
	known = ARENA_NEW(c->arena, struct customer);
	*known = who;
	out->customer_id = who.id;
	out->who = known;
	out->delivery_date = in->delivery_date;
	out->address = in->address != NULL ? in->address : who.address;
	out->remarks = in->remarks;
	out->channel = order_channel_names[in->channel];
	out->external_id = in->external_id;
	out->decision = D_DRAFT;
	out->state = "draft";
	out->version = out->revision = 1;
	out->created_by = c->actor->id;
	out->created_at = c->now;
	out->credit_held = (struct money){ 0 };
	out->picks = 0;
	out->lines_len = in->lines_len;
	if (!ok(c)) {
		order_lines_look(c, in->lines, in->lines_len); /* the caller sees everything at once */
		return false;
	}
	return id_new(c, &out->id) && order_lines_price(c, out, in->lines, in->lines_len, &out->lines) &&
	       insert_order(c, in, out);
}

/* ---- what is read back to the customer ---- */

const char *order_snapshot(struct ctx *c, const struct order *o, const char *customer_code)
{
	struct buf b;
	uint8_t hash[32];
	char *hex = arena_alloc(c->arena, 65);

	buf_init(&b, c->arena);
	buf_printf(&b, "%s\n%s\n%s\n%s\n", customer_code, date_str(c->arena, o->delivery_date),
		o->address != NULL ? o->address : "", o->remarks != NULL ? o->remarks : "");
	for (size_t i = 0; i < o->lines_len; i++)
		buf_printf(&b, "%s %" PRId64 " %s %" PRId64 "/%s %s\n", o->lines[i].sku, o->lines[i].quantity.milli,
			o->lines[i].unit, o->lines[i].price.e4, o->lines[i].price_unit,
			o->lines[i].remarks != NULL ? o->lines[i].remarks : "");
	buf_printf(&b, "%" PRId64, o->total.fen);
	sha256(b.data, b.len, hash);
	hex_encode(hex, hash, sizeof(hash));
	return hex;
}

bool order_read_back(struct ctx *c, const struct order *o, const char **out)
{
	struct customer who;
	struct buf b;

	if (!customer_get(c, o->customer_id, &who))
		return false;
	buf_init(&b, c->arena);
	buf_str(&b, text_fill(c->arena, c->lang, T_order_read_head,
			    (const char *const[]){ who.short_name != NULL ? who.short_name : who.name,
				    show_date(c, o->delivery_date),
				    o->address != NULL ? o->address : text_get(c->lang, T_order_usual_place), NULL }));
	for (size_t i = 0; i < o->lines_len; i++)
		buf_str(&b, text_fill(c->arena, c->lang,
				    o->lines[i].remarks != NULL ? T_order_read_line_remark : T_order_read_line,
				    (const char *const[]){ o->lines[i].name, qty_str(c->arena, o->lines[i].quantity),
					    o->lines[i].unit, o->lines[i].remarks, NULL }));
	buf_str(&b, text_fill(c->arena, c->lang, T_order_read_tail,
			    (const char *const[]){ arena_printf(c->arena, "%zu", o->lines_len),
				    money_show(c->arena, o->total), NULL }));
	*out = buf_cstr(&b);
	return true;
}
