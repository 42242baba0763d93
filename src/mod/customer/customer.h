/* customer: who buys. Code, contacts, addresses, tier, credit limit and days, and what they call our goods.
 * Clauses 3-1.2 (customer information), 3-2.2 (credit).
 * Owns: customer, customer_address, customer_key, customer_alias, receivable      Uses: user, catalog */
#ifndef MOD_CUSTOMER_H
#define MOD_CUSTOMER_H

#include "app/app.h"

struct customer {
	int64_t id, version;
	const char *code, *name, *short_name, *contact, *phone, *email, *address;
	const char *tier;            /* price tier: A, B, C ... NULL: list price */
	struct money credit_limit;   /* NONE: no limit is checked */
	int64_t credit_days;         /* 账期; NONE: cash */
	const char *delivery_window; /* "04:30-06:30" */
	const char *payment, *salesperson, *aliases, *remarks;
	bool active;
	struct money credit_open;       /* approved, not yet dispatched */
	struct money credit_receivable; /* dispatched, not yet paid */
	struct instant created_at;
};
extern const struct field customer_fields[];

/* What the credit check knows (domain 4.5): exposure = receivable + open + this order. */
struct credit {
	struct money limit; /* NONE: unlimited */
	struct money receivable, open, order, exposure;
	struct money overdue;   /* part of receivable past its due date */
	const char *oldest_due; /* date, NULL if nothing is owed */
	int64_t percent;        /* exposure of the limit, rounded down; 0 if unlimited */
	bool over_limit;
};
extern const struct field credit_fields[];

NODISCARD bool customer_get(struct ctx *c, int64_t id, struct customer *out);
NODISCARD bool customer_find(struct ctx *c, const char *code, struct customer *out, bool *found);
NODISCARD bool customer_credit(struct ctx *c, int64_t id, struct money order, struct credit *out);
/* Moves the two sums; on PostgreSQL locks the customer's row until the end of the transaction. Deltas may be
 * negative. */
NODISCARD bool customer_credit_move(struct ctx *c, int64_t id, struct money open_delta, struct money receivable_delta);
/* Goods left: open → receivable, due in credit_days from today. And back (undo of the dispatch). */
NODISCARD bool customer_bill(struct ctx *c, int64_t id, int64_t order_id, int64_t shipment_id, struct money amount);
NODISCARD bool customer_unbill(struct ctx *c, int64_t id, int64_t shipment_id);
/* Refused goods are not owed. */
NODISCARD bool customer_bill_less(struct ctx *c, int64_t id, int64_t shipment_id, struct money amount);

/* Money came, or is credited: the oldest bills are settled first; what is left over waits for the next bill. */
NODISCARD bool customer_settle(struct ctx *c, int64_t id, struct money amount);
/* Owed without goods: money paid back, an opening balance. due: when. */
NODISCARD bool customer_charge(struct ctx *c, int64_t id, struct money amount, struct date due);

/* What may be said of a customer; what is not said is NULL or NONE. */
struct customer_in {
	const char *code, *name, *short_name, *contact, *phone, *email, *address, *tier;
	struct money credit_limit;
	int64_t credit_days;
	const char *delivery_window, *payment, *salesperson, *aliases, *remarks;
	const char *active; /* JSON, because a change has to tell "no" from "not said" */
};
extern const struct field customer_new_fields[];    /* code and name are required */
extern const struct field customer_change_fields[]; /* neither code nor credit */
extern const struct field customer_credit_in_fields[];

NODISCARD bool customer_create(struct ctx *c, const struct customer_in *in, int64_t *id);
/* whole: what is not given becomes empty (a form brings all its fields); else it stays. version INT64_MIN:
 * not checked. */
NODISCARD bool customer_change(struct ctx *c, int64_t id, int64_t version, const struct customer_in *in, bool whole);
/* Limit and days alone: the reviewer's business, not the clerk's. */
NODISCARD bool customer_credit_change(
	struct ctx *c, int64_t id, int64_t version, const struct customer_in *in, bool whole);

struct customer_address {
	int64_t id, customer_id;
	const char *label, *address, *contact, *phone;
};
extern const struct field customer_address_fields[];
NODISCARD bool customer_address_list(struct ctx *c, int64_t customer_id, struct customer_address **out, size_t *len);
NODISCARD bool customer_address_add(struct ctx *c, int64_t customer_id, const struct customer_address *in);
NODISCARD bool customer_address_drop(struct ctx *c, int64_t customer_id, int64_t id);

/* What this customer calls a product. Said again of another product, it means that one from now on. */
struct customer_alias {
	int64_t customer_id;
	const char *alias, *sku, *name; /* name: the product's */
};
extern const struct field customer_alias_fields[];
NODISCARD bool customer_alias_set(struct ctx *c, int64_t customer_id, const char *alias, const char *sku);
NODISCARD bool customer_alias_drop(struct ctx *c, int64_t customer_id, const char *alias);
NODISCARD bool customer_alias_list(struct ctx *c, int64_t customer_id, struct customer_alias **out, size_t *len);

/* Customers whose code, phone, name, other names, initials or pinyin begin so; the best first, 12 at most. */
struct customer_hit {
	int64_t id;
	const char *code, *name, *short_name, *contact, *phone, *address, *tier, *delivery_window, *matched;
};
extern const struct field customer_hit_fields[];
NODISCARD bool customer_search(struct ctx *c, const char *q, struct customer_hit **out, size_t *len);

/* `huodan import`: all rows or none, what is wrong told by row and column. A code that is there already is
 * changed. */
struct sheet;
NODISCARD bool customer_import(struct ctx *c, const struct sheet *s);
NODISCARD bool customer_import_aliases(struct ctx *c, const struct sheet *s);

extern const struct module customer_module;

#endif
