/* intake_order: from what was read to an order: a new one, or lines on one that is here. */
#include "mod/intake/intake_int.h"

#include "base/utf8.h"
#include "gen/intake_sql.h"
#include "mod/catalog/catalog.h"
#include "mod/customer/customer.h"

#include <inttypes.h>
#include <string.h>

/* ---- a new order, or one for each customer and day that the text names ---- */

static const char *line_customer(const struct intake_line *l, const char *usual)
{
	return l->customer != NULL ? l->customer : usual;
}

static struct date line_day(const struct intake_line *l, struct date usual)
{
	return date_is(l->delivery_date) ? l->delivery_date : usual;
}

struct group {
	const char *customer;
	struct date day;
};

static bool in_group(const struct group *g, const struct intake_line *l, const struct group *usual)
{
	const char *who = line_customer(l, usual->customer);
	struct date day = line_day(l, usual->day);

	return line_counts(l) && who != NULL && strcmp(who, g->customer) == 0 && day.day == g->day.day;
}

/* Every line must have its customer, its day and an op that makes sense in a new order. */
static bool line_ready(struct ctx *c, const struct intake_line *l, const struct group *usual)
{
	if (line_customer(l, usual->customer) == NULL)
		return fail_field(c, "/customer", E_REQUIRED, T_intake_customer_open);
	if (!date_is(line_day(l, usual->day)))
		return fail_field(c, "/delivery_date", E_REQUIRED, T_intake_day_open);
	if (strcmp(l->op, "order") != 0 && strcmp(l->op, "add") != 0)
		return fail(c, E_CONFLICT, T_intake_changes_other, l->raw);
	return true;
}

static size_t groups_find(struct ctx *c, const struct intake_full *f, const struct group *usual, struct group **out)
{
	struct group *g = ARENA_ARRAY(c->arena, f->lines_len + 1, struct group);
	size_t n = 0;

	for (size_t i = 0; i < f->lines_len; i++) {
		const struct intake_line *l = &f->lines[i];
		size_t k = 0;
		while (k < n && !in_group(&g[k], l, usual))
			k++;
		if (line_counts(l) && k == n)
			g[n++] = (struct group){ line_customer(l, usual->customer), line_day(l, usual->day) };
	}
	*out = g;
	return n;
}

static void line_in(const struct intake_line *l, struct order_line_in *out)
{
	*out = (struct order_line_in){ .sku = l->sku,
		.quantity = l->quantity,
		.unit = l->unit,
		.price = l->price_taken ? l->price : PRICE_NONE,
		.remarks = l->remarks };
}

#define REMARKS_MAX 3000

/* What became no line but must not be lost goes to the remarks. */
static const char *remarks_of(struct ctx *c, const struct intake_full *f)
{
	struct buf b;

	buf_init(&b, c->arena);
	if (f->in.remarks != NULL)
		buf_str(&b, f->in.remarks);
	for (size_t i = 0; i < f->lines_len; i++) {
		const struct intake_line *l = &f->lines[i];
		if (l->state != LN_NOTED && l->state != LN_DECLINED)
			continue;
		if (b.len > 0)
			buf_str(&b, "；");
		if (l->state == LN_DECLINED)
			buf_str(&b, text_get(c->lang, T_intake_we_have_none));
		buf_str(&b, l->raw);
	}
	return b.len > 0 ? arena_strndup(c->arena, b.data, utf8_cut(b.data, b.len, REMARKS_MAX)) : NULL;
}

static const char *external_id(struct ctx *c, const struct intake *in, size_t group)
{
	const char *own = in->external_id != NULL ? in->external_id : arena_printf(c->arena, "in-%" PRId64, in->id);

	return group == 0 ? own : arena_printf(c->arena, "%s/%zu", own, group + 1);
}

static bool group_order(struct ctx *c, const struct intake_full *f, const struct group *g, size_t n,
	const struct group *usual, struct order *made)
{
	struct order_in in = { .channel = enum_find(order_channel_names, f->in.channel),
		.external_id = external_id(c, &f->in, n),
		.customer = g->customer,
		.delivery_date = g->day,
		.address = f->in.address,
		.remarks = remarks_of(c, f),
		.lines = ARENA_ARRAY(c->arena, f->lines_len, struct order_line_in) };
	bool existed;

	for (size_t i = 0; i < f->lines_len; i++)
		if (in_group(g, &f->lines[i], usual))
			line_in(&f->lines[i], &in.lines[in.lines_len++]);
	return order_create(c, &in, made, &existed);
}

static bool usual_of(struct ctx *c, const struct intake *in, struct group *usual)
{
	struct customer who;

	*usual = (struct group){ NULL, in->delivery_date };
	if (in->customer_id == INT64_MIN)
		return true;
	if (!customer_get(c, in->customer_id, &who))
		return false;
	usual->customer = who.code;
	return true;
}

/* Looks like an order that is here: the clerk says first whether it is another. */
static bool no_twin(struct ctx *c, const struct intake_full *f)
{
	struct intake_twin *twins;
	size_t len;

	if (f->in.kept_reason != NULL)
		return true;
	if (!intake_twins(c, f, &twins, &len))
		return false;
	return len == 0 || fail(c, E_CONFLICT, T_intake_twin_first,
				   twins[0].number != NULL ? twins[0].number : twins[0].channel_text);
}

bool intake_order(struct ctx *c, struct intake_full *f, int64_t version, struct order *made)
{
	struct group usual, *groups;
	struct order more;
	size_t n;

	if (!intake_settled(c, f) || !usual_of(c, &f->in, &usual))
		return false;
	for (size_t i = 0; i < f->lines_len; i++)
		if (line_counts(&f->lines[i]) && !line_ready(c, &f->lines[i], &usual))
			return false;
	if (!no_twin(c, f))
		return false;
	n = groups_find(c, f, &usual, &groups);
	for (size_t i = 0; i < n; i++)
		if (!group_order(c, f, &groups[i], i, &usual, i == 0 ? made : &more))
			return false;
	f->in.order_id = made->id;
	return intake_move(c, f, IE_ORDER, version, NULL);
}

/* ---- lines on an order that is here ---- */

struct list {
	struct order_line_in *at;
	size_t len;
};

static void list_of(struct ctx *c, const struct order *o, size_t more, struct list *l)
{
	l->at = ARENA_ARRAY(c->arena, o->lines_len + more, struct order_line_in);
	l->len = o->lines_len;
	for (size_t i = 0; i < o->lines_len; i++) {
		const struct order_line *x = &o->lines[i];
		bool by_hand = strcmp(x->price_source, "manual") == 0 || strcmp(x->price_source, "counter") == 0;
		l->at[i] = (struct order_line_in){ .sku = x->sku,
			.quantity = x->quantity,
			.unit = x->unit,
			.price = by_hand ? x->price : PRICE_NONE,
			.price_source = by_hand ? x->price_source : NULL,
			.remarks = x->remarks };
	}
}

/* The line of the same goods, in the same unit if there is one. */
static struct order_line_in *list_find(struct list *l, const struct intake_line *said)
{
	struct order_line_in *found = NULL;

	for (size_t i = 0; i < l->len; i++) {
		if (strcmp(l->at[i].sku, said->sku) != 0)
			continue;
		if (said->unit != NULL && strcmp(l->at[i].unit, said->unit) == 0)
			return &l->at[i];
		found = found != NULL ? found : &l->at[i];
	}
	return found;
}

static void list_drop(struct list *l, struct order_line_in *x)
{
	size_t at = (size_t)(x - l->at);

	memmove(x, x + 1, (l->len - at - 1) * sizeof(*x));
	l->len--;
}

static bool ratios_of(
	struct ctx *c, const struct order_line_in *x, const char *unit, struct ratio *own, struct ratio *said)
{
	struct product p;
	struct product_unit *units;
	bool found;
	size_t len;

	if (!product_find(c, x->sku, &p, &found) || !product_units(c, (struct i64s){ &p.id, 1 }, &units, &len))
		return false;
	return (found && unit_ratio(&p, units, len, x->unit, own) && unit_ratio(&p, units, len, unit, said)) ||
	       fail(c, E_CONFLICT, T_order_unknown_unit, x->sku, unit);
}

/* Two cases less than forty jin: counted in base units, answered in the unit of the order. */
static bool reduce(struct ctx *c, struct list *l, struct order_line_in *x, const struct intake_line *said)
{
	struct ratio own, other;
	struct qty have, less, left;

	if (!ratios_of(c, x, said->unit != NULL ? said->unit : x->unit, &own, &other))
		return false;
	if (!qty_to_base(&have, x->quantity, own, NULL) || !qty_to_base(&less, said->quantity, other, NULL) ||
		!qty_sub(&left, have, less) || left.milli < 0)
		return fail(c, E_CONFLICT, T_intake_less_than_none, said->raw);
	if (left.milli == 0) {
		list_drop(l, x);
		return true;
	}
	return qty_from_base(&x->quantity, left, own, NULL) || fail(c, E_CONFLICT, T_intake_less_than_none, said->raw);
}

static bool add(struct ctx *c, struct list *l, struct order_line_in *x, const struct intake_line *said)
{
	if (x == NULL || said->unit == NULL || strcmp(x->unit, said->unit) != 0) {
		line_in(said, &l->at[l->len++]);
		return true;
	}
	if (!qty_add(&x->quantity, x->quantity, said->quantity))
		return fail(c, E_CONFLICT, T_order_quantity_range, said->sku);
	return true;
}

static bool apply(struct ctx *c, struct list *l, const struct intake_line *said)
{
	struct order_line_in *x = list_find(l, said);

	if (strcmp(said->op, "order") == 0 || strcmp(said->op, "add") == 0)
		return add(c, l, x, said);
	if (x == NULL)
		return fail(c, E_CONFLICT, T_intake_not_on_it, said->raw);
	if (strcmp(said->op, "cancel") == 0) {
		list_drop(l, x);
		return true;
	}
	if (strcmp(said->op, "reduce") == 0)
		return reduce(c, l, x, said);
	x->quantity = said->quantity;
	x->unit = said->unit != NULL ? said->unit : x->unit;
	return true;
}

static const char *merge_detail(struct ctx *c, const struct intake *in, const char *reason)
{
	struct buf b;
	struct json j;

	buf_init(&b, c->arena);
	json_start(&j, &b);
	json_obj(&j, NULL);
	json_int(&j, "intake", in->id);
	if (reason != NULL)
		json_str(&j, "reason", reason);
	json_end_obj(&j);
	return buf_cstr(&b);
}

static bool add_to(struct ctx *c, const struct intake_full *f, struct order *o, const char *reason)
{
	struct list l;

	list_of(c, o, f->lines_len, &l);
	for (size_t i = 0; i < f->lines_len; i++)
		if (line_counts(&f->lines[i]) && !apply(c, &l, &f->lines[i]))
			return false;
	if (l.len == 0)
		return fail(c, E_CONFLICT, T_intake_leaves_none, o->number);
	return order_relist(c, o, l.at, l.len, merge_detail(c, &f->in, reason));
}

bool intake_merge(
	struct ctx *c, struct intake_full *f, int64_t version, int64_t order_id, bool more, const char *reason)
{
	struct order o;

	if (!order_get_full(c, order_id, &o))
		return false;
	if (f->in.customer_id != INT64_MIN && f->in.customer_id != o.customer_id)
		return fail(c, E_CONFLICT, T_intake_other_customer, o.number);
	if (more && (!intake_settled(c, f) || !add_to(c, f, &o, reason)))
		return false;
	f->in.customer_id = o.customer_id;
	f->in.order_id = o.id;
	return intake_move(c, f, IE_MERGE, version, reason);
}

/* The other one goes on with these lines after its own. */
static bool lines_to(struct ctx *c, const struct intake_full *f, struct intake_full *other)
{
	struct intake_line *copy = ARENA_ARRAY(c->arena, f->lines_len + 1, struct intake_line);
	int64_t last = other->lines_len > 0 ? other->lines[other->lines_len - 1].line : 0;

	for (size_t i = 0; i < f->lines_len; i++) {
		copy[i] = f->lines[i];
		copy[i].intake_id = other->in.id;
		copy[i].line = last + (int64_t)i + 1;
		copy[i].start_at = copy[i].end_at = INT64_MIN; /* it stands in another text */
	}
	return intake_line_put(c, copy, f->lines_len);
}

static bool join_allowed(struct ctx *c, const struct intake_full *f, const struct intake_full *other, bool more)
{
	if (other->in.id == f->in.id || other->in.state > IN_WAITING)
		return fail(c, E_CONFLICT, T_intake_done);
	if (f->in.customer_id != INT64_MIN && other->in.customer_id != INT64_MIN &&
		f->in.customer_id != other->in.customer_id)
		return fail(c, E_CONFLICT, T_intake_other_sender);
	if (more && f->lines_len + other->lines_len > INTAKE_LINES_MAX)
		return fail(c, E_CONFLICT, T_intake_too_many);
	return true;
}

bool intake_join(struct ctx *c, struct intake_full *f, int64_t version, int64_t other_id, bool more, const char *reason)
{
	struct event ev = { .kind = "intake.joined",
		.entity = "intake",
		.entity_id = other_id,
		.data = merge_detail(c, &f->in, reason) };
	struct intake_full other;

	if (!intake_get(c, other_id, &other) || !join_allowed(c, f, &other, more) || (more && !lines_to(c, f, &other)))
		return false;
	/* Where nobody knew whose the other is, it is known now. */
	if (other.in.customer_id == INT64_MIN)
		other.in.customer_id = f->in.customer_id;
	if (!intake_store(c, &other.in) || !event_add(c, &ev))
		return false;
	return intake_move(c, f, IE_MERGE, version, reason);
}
