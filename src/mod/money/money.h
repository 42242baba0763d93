/* money: what a customer owes besides the goods: payments, deposits, credits for returns, money paid back; and its
 * statement for a period, which it confirms line by line. No general ledger.
 * Clauses 3-2.2 (credit), 3-5.2.  Owns: account_entry, statement      Uses: customer, link, order, ship */
#ifndef MOD_MONEY_H
#define MOD_MONEY_H

#include "app/app.h"

/* Less is owed: once for (source, source_id); E_CONFLICT the second time. */
NODISCARD bool money_credit(struct ctx *c, int64_t customer_id, int64_t order_id, const char *source, int64_t source_id,
	struct money amount, const char *note);

/* All that these orders (each once) are credited, with amount: E_RANGE of /amount if that is more than they come to. They are
 * locked, so that of two who credit them at once only one takes the rest. */
NODISCARD bool money_credit_fits(struct ctx *c, struct i64s orders, struct money amount, struct money *sum);

/* What was not to be paid is to be paid after all: once for (source, source_id). */
NODISCARD bool money_charge(struct ctx *c, int64_t customer_id, int64_t order_id, const char *source, int64_t source_id,
	struct money amount, const char *note);

extern const struct module money_module;

#endif
