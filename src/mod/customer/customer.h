/* customer: who buys. Code, contacts, addresses, tier, credit limit and days, and what they call our goods.
 * Clauses 3-1.2 (customer information), 3-2.2 (credit).
 * Owns: customer, customer_address, customer_key, customer_alias, receivable      Uses: user */
#ifndef MOD_CUSTOMER_H
#define MOD_CUSTOMER_H

#include "app/app.h"

struct customer {
	int64_t id, version;
	const char *code, *name, *short_name, *contact, *phone, *email, *address;
	const char *tier;	      /* price tier: A, B, C ... NULL: list price */
	struct money credit_limit;    /* NONE: no limit is checked */
	int64_t credit_days;	      /* 账期; NONE: cash */
	const char *delivery_window;  /* "04:30-06:30" */
	const char *payment, *salesperson, *aliases, *remarks;
	bool active;
	struct money credit_open;	/* approved, not yet dispatched */
	struct money credit_receivable; /* dispatched, not yet paid */
};
extern const struct field customer_fields[];

/* What the credit check knows (domain 4.5): exposure = receivable + open + this order. */
struct credit {
	struct money limit;	  /* NONE: unlimited */
	struct money receivable, open, order, exposure;
	struct money overdue;	  /* part of receivable past its due date */
	const char *oldest_due;	  /* date, NULL if nothing is owed */
	int64_t percent;	  /* exposure of the limit, rounded down; 0 if unlimited */
	bool over_limit;
};
extern const struct field credit_fields[];

NODISCARD bool customer_get(struct ctx *c, int64_t id, struct customer *out);
NODISCARD bool customer_find(struct ctx *c, const char *code, struct customer *out, bool *found);
NODISCARD bool customer_credit(struct ctx *c, int64_t id, struct money order, struct credit *out);
/* Ids of the customers found by any of their names, code or phone; at most n. */
NODISCARD bool customer_find_ids(struct ctx *c, const char *q, int64_t n, int64_t **ids, size_t *len);
/* Moves the two sums; on PostgreSQL locks the customer's row until the end of the transaction. Deltas may be negative. */
NODISCARD bool customer_credit_move(struct ctx *c, int64_t id, struct money open_delta, struct money receivable_delta);
/* Goods left: open → receivable, due in credit_days from today. And back (undo of the dispatch). */
NODISCARD bool customer_bill(struct ctx *c, int64_t id, int64_t order_id, int64_t shipment_id, struct money amount);
NODISCARD bool customer_unbill(struct ctx *c, int64_t id, int64_t shipment_id);
/* Refused goods are not owed. */
NODISCARD bool customer_bill_less(struct ctx *c, int64_t id, int64_t shipment_id, struct money amount);

#endif
