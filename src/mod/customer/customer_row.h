/* Rows of the customer's statements that nobody else needs. */
#ifndef MOD_CUSTOMER_ROW_H
#define MOD_CUSTOMER_ROW_H

#include "mod/customer/customer.h"

struct customer_key {
	const char *key;
	int64_t customer_id;
};
extern const struct field customer_key_fields[];

struct credit_row {
	struct money credit_limit, receivable, open, exposure, overdue;
	const char *oldest_due;
	int64_t percent, over_limit;
};
extern const struct field credit_row_fields[];

struct receivable {
	int64_t id, customer_id, order_id, shipment_id;
	struct money amount, settled;
	struct date due_on;
};
extern const struct field receivable_fields[];

NODISCARD bool customer_match(struct ctx *c, int64_t id);

/* Writes the keys of these customers anew; inactive ones have none. */
NODISCARD bool customer_keys_write(struct ctx *c, const struct customer *who, size_t len);

#endif
