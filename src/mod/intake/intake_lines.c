/* intake_lines: what a clerk says of a line, of the customer and the day. Every correction teaches what this customer
 * calls our goods. */
#include "mod/intake/intake_int.h"

#include "gen/intake_sql.h"
#include "mod/catalog/catalog.h"
#include "mod/customer/customer.h"
#include "mod/reading/reading.h"

#include <string.h>

const char *const line_decision_names[] = { "take", "drop", "note", "decline", "reopen", NULL };

static struct intake_line *line_find(struct intake_full *f, int64_t n)
{
	for (size_t i = 0; i < f->lines_len; i++)
		if (f->lines[i].line == n)
			return &f->lines[i];
	return NULL;
}

/* Whoever decides works on it. */
static bool work_on(struct ctx *c, struct intake_full *f, int64_t version)
{
	if (f->in.state > IN_WAITING)
		return fail(c, E_CONFLICT, T_intake_done);
	if (version != INT64_MIN && version != f->in.version)
		return fail(c, E_VERSION, T_intake_changed);
	return intake_move(c, f, IE_CLAIM, INT64_MIN, NULL);
}

/* ---- taking a line ---- */

static bool unit_fits(struct ctx *c, const struct product *p, struct intake_line *l)
{
	struct product_unit *units;
	size_t len;
	struct ratio r;
	struct qty base;
	bool exact = true;

	if (!product_units(c, (struct i64s){ &p->id, 1 }, &units, &len))
		return false;
	if (l->unit == NULL)
		l->unit = unit_default(p, units, len);
	if (!unit_ratio(p, units, len, l->unit, &r))
		return fail_field(c, "/unit", E_UNKNOWN, T_order_unknown_unit, p->name, l->unit);
	if (!qty_is(l->quantity))
		return fail_field(c, "/quantity", E_REQUIRED, T_intake_quantity_open, p->name);
	if (l->quantity.milli <= 0 || !qty_to_base(&base, l->quantity, r, &exact) || base.milli > QTY_MAX ||
		base.milli <= 0)
		return fail_field(c, "/quantity", E_RANGE, T_order_quantity_range, p->name);
	if (p->integer_only && (!exact || !qty_whole(base)))
		return fail_field(c, "/quantity", E_WHOLE, T_order_quantity_whole, p->name, p->base_unit);
	return true;
}

/* A whole order that is cancelled names no quantity. */
static bool needs_no_quantity(const struct intake_line *l)
{
	return strcmp(l->op, "cancel") == 0 && !qty_is(l->quantity);
}

static bool learn(struct ctx *c, const struct intake *in, const struct intake_line *was, const struct product *p)
{
	bool known = was->sku != NULL && strcmp(was->sku, p->sku) == 0 && was->state != LN_LOOK;

	if (in->customer_id == INT64_MIN || known || was->called == NULL || *was->called == '\0')
		return true;
	return reading_alias_learn(c, in->customer_id, was->called, p->id);
}

static bool line_take(struct ctx *c, const struct intake *in, struct intake_line *l, const struct intake_line_in *said)
{
	struct intake_line was = *l;
	struct product p;
	bool found;

	l->sku = said->sku != NULL ? said->sku : l->sku;
	l->quantity = qty_is(said->quantity) ? said->quantity : l->quantity;
	l->unit = said->unit != NULL ? said->unit : l->unit;
	l->remarks = said->remarks != NULL ? said->remarks : l->remarks;
	l->price_taken = said->price_taken && price_is(l->price);
	if (l->sku == NULL)
		return fail_field(c, "/sku", E_REQUIRED, T_intake_goods_open, l->raw);
	if (!product_find(c, l->sku, &p, &found))
		return false;
	if (!found || !p.active)
		return fail_field(c, "/sku", E_UNKNOWN, T_order_unknown_sku, l->sku);
	/* The unit that was read belongs to the goods that were read. */
	if (said->unit == NULL && was.sku != NULL && strcmp(was.sku, l->sku) != 0)
		l->unit = was.unit;
	if (!needs_no_quantity(l) && !unit_fits(c, &p, l))
		return false;
	l->state = LN_TAKEN;
	return learn(c, in, &was, &p);
}

static bool line_apply(struct ctx *c, const struct intake *in, struct intake_line *l, const struct intake_line_in *said)
{
	switch ((enum line_decision)said->decision) {
	case LD_TAKE: return line_take(c, in, l, said);
	case LD_DROP: l->state = LN_DROPPED; return true;
	case LD_NOTE: l->state = LN_NOTED; return true;
	case LD_DECLINE: l->state = LN_DECLINED; return true;
	case LD_REOPEN: l->state = l->sku != NULL ? LN_LOOK : LN_NOTHING; return true;
	}
	return false;
}

static struct intake_line *line_new(struct ctx *c, struct intake_full *f)
{
	struct intake_line *all = ARENA_ARRAY(c->arena, f->lines_len + 1, struct intake_line);
	struct intake_line *l = &all[f->lines_len];

	if (f->lines_len > 0)
		memcpy(all, f->lines, f->lines_len * sizeof(*all));
	fields_clear(intake_line_fields, l);
	l->intake_id = f->in.id;
	l->line = f->lines_len > 0 ? all[f->lines_len - 1].line + 1 : 1;
	l->raw = "";
	l->op = "order";
	l->candidates = "[]";
	l->state = LN_NOTHING;
	f->lines = all;
	f->lines_len++;
	return l;
}

static bool changed(struct ctx *c, struct intake_full *f)
{
	struct event ev = { .kind = "intake.changed", .entity = "intake", .entity_id = f->in.id };

	return intake_store(c, &f->in) && event_add(c, &ev);
}

bool intake_line_decide(
	struct ctx *c, struct intake_full *f, int64_t n, int64_t version, const struct intake_line_in *in)
{
	struct intake_line *l;

	if (!work_on(c, f, version))
		return false;
	if (n == INT64_MIN && f->lines_len >= INTAKE_LINES_MAX)
		return fail(c, E_CONFLICT, T_intake_too_many);
	l = n == INT64_MIN ? line_new(c, f) : line_find(f, n);
	if (l == NULL)
		return fail(c, E_NOT_FOUND, T_intake_no_such_line);
	return line_apply(c, &f->in, l, in) && intake_line_put(c, l, 1) && changed(c, f);
}

/* ---- whose, when, where ---- */

bool intake_head(struct ctx *c, struct intake_full *f, int64_t version, const struct intake_head_in *in)
{
	struct customer who = { .id = f->in.customer_id };
	bool found = true, other;

	if (!work_on(c, f, version) || (in->customer != NULL && !customer_find(c, in->customer, &who, &found)))
		return false;
	if (!found)
		return fail_field(c, "/customer", E_UNKNOWN, T_order_unknown_customer, in->customer);
	if (date_is(in->delivery_date) && in->delivery_date.day < today(c).day)
		return fail_field(
			c, "/delivery_date", E_PAST, T_order_date_past, date_str(c->arena, in->delivery_date));
	other = who.id != f->in.customer_id;
	f->in.customer_id = who.id;
	if (date_is(in->delivery_date))
		f->in.delivery_date = in->delivery_date;
	f->in.address = in->address != NULL ? in->address : f->in.address;
	f->in.remarks = in->remarks != NULL ? in->remarks : f->in.remarks;
	return other ? intake_read(c, f, INT64_MIN) : intake_store(c, &f->in);
}

bool intake_keep(struct ctx *c, struct intake_full *f, int64_t version, const char *reason)
{
	struct event ev = { .kind = "intake.kept", .entity = "intake", .entity_id = f->in.id };
	struct buf b;
	struct json j;

	if (!work_on(c, f, version))
		return false;
	buf_init(&b, c->arena);
	json_start(&j, &b);
	json_obj(&j, NULL);
	json_str(&j, "reason", reason);
	json_end_obj(&j);
	ev.data = buf_cstr(&b);
	f->in.kept_reason = reason;
	return intake_store(c, &f->in) && event_add(c, &ev);
}
