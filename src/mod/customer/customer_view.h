/* What pages and answers show of customers. */
#ifndef MOD_CUSTOMER_VIEW_H
#define MOD_CUSTOMER_VIEW_H

#include "mod/customer/customer.h"

/* Our crates that are with it. */
struct customer_crate {
	const char *crate, *name;
	int64_t count;
	struct money amount;
};
extern const struct field customer_crate_fields[];

struct customer_view {
	struct customer customer;
	struct credit credit;
	struct money left; /* still to be had on credit; NONE without a limit */
	bool late;         /* something is past its due date */
	struct customer_address *addresses;
	size_t addresses_len;
	struct customer_alias *names; /* what it calls our goods */
	size_t names_len;
	struct customer_crate *crates;
	size_t crates_len;
};
extern const struct field customer_view_fields[];

struct customer_list {
	const char *q;
	struct customer *rows;
	size_t rows_len;
	const char *next_url;
};

#endif
