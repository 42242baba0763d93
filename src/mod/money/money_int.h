/* What the files of this module share. */
#ifndef MOD_MONEY_INT_H
#define MOD_MONEY_INT_H

#include "mod/money/money.h"
#include "mod/order/order_view.h"

/* amount: what it does to the sum owed; a payment is below zero. */
struct account_entry {
	int64_t id, customer_id;
	const char *kind; /* payment, deposit, credit, refund, opening */
	struct money amount;
	struct date day;
	const char *method, *reference, *note;
	int64_t order_id;
	const char *source;
	int64_t source_id, by;
	struct instant at;
};
extern const struct field account_entry_fields[];

struct payment_in {
	const char *customer;
	int kind;
	struct money amount;
	struct date day;
	const char *method, *reference, *note;
};
extern const struct field payment_fields[];
extern const char *const payment_kinds[];

struct payment_item {
	int64_t id;
	const char *kind, *customer, *customer_name;
	struct money amount;
	struct date day;
	const char *method, *reference, *note, *who;
	struct instant at;
};
extern const struct field payment_item_fields[];

struct payment_page {
	struct payment_item *items;
	size_t items_len;
	const char *customer;
	bool may_book;
	struct date today;
};

NODISCARD bool money_book(struct ctx *c, const struct payment_in *in, int64_t *id);

extern const struct check money_checks[];

#endif
