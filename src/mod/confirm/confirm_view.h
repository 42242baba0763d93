/* What the customer and the clerk see of such an address. */
#ifndef MOD_CONFIRM_VIEW_H
#define MOD_CONFIRM_VIEW_H

#include "mod/confirm/confirm.h"
#include "mod/order/order.h"

/* Enough for the customer to know what comes, and no more. */
struct confirm_line {
	const char *name, *quantity, *unit, *remarks;
	struct price price;
	const char *price_unit;
	struct money amount;
};
extern const struct field confirm_line_fields[];
struct confirm_page {
	const char *state; /* open, answered, changed */
	const char *company, *company_phone, *customer_name, *number, *address, *remarks;
	struct date delivery_date;
	struct confirm_line *lines;
	size_t lines_len;
	struct money total;
	struct instant until_at, answered_at;
	const char *answer, *person, *answer_text, *action;
	bool open, answered, gone;
};
extern const struct field confirm_page_fields[];

struct confirm_made {
	const char *url, *path, *number; /* path: of the address, for programs */
	int64_t order;
	struct instant until_at;
};
extern const struct field confirm_made_fields[];

enum confirm_answer_kind { CA_CONFIRM, CA_CHANGE, CA_DECLINE };
extern const char *const confirm_answer_names[];
struct confirm_answer_in {
	int answer;
	const char *person, *note;
};

NODISCARD bool confirm_answer(struct ctx *c, struct confirm_link *l, const struct confirm_answer_in *in);
/* What it is worth now: open, answered, changed. */
const char *confirm_state(const struct confirm_link *l, const struct order *o);

#endif
