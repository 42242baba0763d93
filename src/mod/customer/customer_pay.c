/* What is paid and what it settles. A sum that meets no bill stands as a negative one until a bill comes; so the
 * receivables of a customer always add up to what it owes. */
#include "mod/customer/customer_row.h"

#include "gen/customer_sql.h"

/* min(a, b) of two amounts >= 0 */
static int64_t least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* Gives `amount` to open bills, oldest due first; the rest comes back in *left. */
static bool spread(struct ctx *c, int64_t id, struct money amount, struct money *left)
{
	struct receivable *open;
	size_t len, n = 0;

	if (!receivable_open_list(c, id, &open, &len))
		return false;
	for (; n < len && amount.fen > 0; n++) {
		int64_t part = least(amount.fen, open[n].amount.fen - open[n].settled.fen);
		open[n].settled.fen += part;
		amount.fen -= part;
	}
	*left = amount;
	return receivable_settle(c, open, n);
}

bool customer_settle(struct ctx *c, int64_t id, struct money amount)
{
	struct receivable over = { .customer_id = id, .order_id = 0, .shipment_id = 0, .due_on = today(c) };
	int64_t version;
	struct money left;

	must(amount.fen >= 0);
	if (!customer_lock(c, id, &version) || !spread(c, id, amount, &left))
		return false;
	over.amount.fen = -left.fen;
	if (left.fen > 0 && (!id_new(c, &over.id) || !receivable_insert(c, &over, 1)))
		return false;
	return customer_credit_move(c, id, (struct money){ 0 }, (struct money){ -amount.fen });
}

/* Sums that wait are laid against open bills; what is owed does not change by that. */
bool customer_match(struct ctx *c, int64_t id)
{
	struct receivable *waiting;
	struct money sum = { 0 }, left, used;
	size_t len;

	if (!receivable_waiting(c, id, &waiting, &len))
		return false;
	for (size_t i = 0; i < len; i++)
		sum.fen += waiting[i].settled.fen - waiting[i].amount.fen;
	if (sum.fen == 0 || !spread(c, id, sum, &left))
		return ok(c);
	used.fen = sum.fen - left.fen;
	for (size_t i = 0; i < len && used.fen > 0; i++) {
		int64_t part = least(used.fen, waiting[i].settled.fen - waiting[i].amount.fen);
		waiting[i].settled.fen -= part;
		used.fen -= part;
	}
	return receivable_settle(c, waiting, len);
}

bool customer_charge(struct ctx *c, int64_t id, struct money amount, struct date due)
{
	struct receivable r = { .customer_id = id, .amount = amount, .due_on = due };
	int64_t version;

	must(amount.fen >= 0);
	return customer_lock(c, id, &version) && id_new(c, &r.id) && receivable_insert(c, &r, 1) &&
	       customer_credit_move(c, id, (struct money){ 0 }, amount) && customer_match(c, id);
}
