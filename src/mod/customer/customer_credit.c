/* What a customer owes and what was promised to it: limit, receivables, open orders (domain 4.5). */
#include "mod/customer/customer_row.h"

#include "gen/customer_sql.h"

const struct field credit_fields[] = { FIELD(struct credit, limit, T_customer_credit_limit),
	FIELD(struct credit, receivable, T_customer_receivable), FIELD(struct credit, open, T_customer_open),
	FIELD(struct credit, order, T_customer_order), FIELD(struct credit, exposure, T_customer_exposure),
	FIELD(struct credit, overdue, T_customer_overdue), FIELD(struct credit, oldest_due, T_customer_oldest_due),
	FIELD(struct credit, percent, T_customer_percent), FIELD(struct credit, over_limit, T_customer_over_limit),
	FIELD_END };

const struct field credit_row_fields[] = { FIELD(struct credit_row, credit_limit, T_none),
	FIELD(struct credit_row, receivable, T_none), FIELD(struct credit_row, open, T_none),
	FIELD(struct credit_row, exposure, T_none), FIELD(struct credit_row, overdue, T_none),
	FIELD(struct credit_row, oldest_due, T_none), FIELD(struct credit_row, percent, T_none),
	FIELD(struct credit_row, over_limit, T_none), FIELD_END };

const struct field receivable_fields[] = { FIELD(struct receivable, id, T_none),
	FIELD(struct receivable, customer_id, T_none), FIELD(struct receivable, order_id, T_none),
	FIELD(struct receivable, shipment_id, T_none), FIELD(struct receivable, amount, T_none),
	FIELD(struct receivable, settled, T_none), FIELD(struct receivable, due_on, T_none), FIELD_END };

bool customer_credit(struct ctx *c, int64_t id, struct money order, struct credit *out)
{
	struct credit_row k;

	if (!credit_sums(c, id, order, today(c), &k))
		return false;
	*out = (struct credit){ .limit = k.credit_limit,
		.receivable = k.receivable,
		.open = k.open,
		.order = order,
		.exposure = k.exposure,
		.overdue = k.overdue,
		.oldest_due = k.oldest_due,
		.percent = k.percent,
		.over_limit = k.over_limit == 1 };
	return true;
}

bool customer_credit_move(struct ctx *c, int64_t id, struct money open_delta, struct money receivable_delta)
{
	int64_t changed;

	if (!customer_credit_add(c, id, open_delta, receivable_delta, &changed))
		return false;
	return changed == 1 || fail(c, E_NOT_FOUND, T_customer_none);
}

/* m the other way round */
static bool negative(struct ctx *c, struct money m, struct money *out)
{
	return money_sub(out, (struct money){ 0 }, m) || fail(c, E_RANGE, T_err_range);
}

bool customer_bill(struct ctx *c, int64_t id, int64_t order_id, int64_t shipment_id, struct money amount)
{
	struct receivable r = { .customer_id = id, .order_id = order_id, .shipment_id = shipment_id, .amount = amount };
	struct customer u;
	struct money less;

	if (!customer_get(c, id, &u) || !id_new(c, &r.id) || !negative(c, amount, &less))
		return false;
	r.due_on = today(c);
	r.due_on.day += u.credit_days > 0 ? (int32_t)u.credit_days : 0;
	return receivable_insert(c, &r, 1) && customer_credit_move(c, id, less, amount) && customer_match(c, id);
}

bool customer_unbill(struct ctx *c, int64_t id, int64_t shipment_id)
{
	struct receivable r;
	struct money less;
	bool found;

	if (!receivable_of(c, id, shipment_id, &r, &found))
		return false;
	if (!found)
		return fail(c, E_CONFLICT, T_customer_not_billed);
	if (!negative(c, r.amount, &less) || !receivable_delete(c, r.id) ||
		!customer_credit_move(c, id, r.amount, less))
		return false;
	/* What was paid for it waits for the next bill: the sum goes out and comes in again. */
	return r.settled.fen == 0 ||
	       (customer_credit_move(c, id, (struct money){ 0 }, r.settled) && customer_settle(c, id, r.settled));
}

bool customer_bill_less(struct ctx *c, int64_t id, int64_t shipment_id, struct money amount)
{
	struct receivable r;
	struct money less;
	bool found;

	if (!receivable_of(c, id, shipment_id, &r, &found))
		return false;
	if (!found)
		return fail(c, E_CONFLICT, T_customer_not_billed);
	if (money_cmp(amount, r.amount) > 0)
		return fail(c, E_CONFLICT, T_customer_less_than_billed, money_str(c->arena, r.amount));
	return negative(c, amount, &less) && receivable_less(c, r.id, amount) &&
	       customer_credit_move(c, id, (struct money){ 0 }, less) && customer_match(c, id);
}
