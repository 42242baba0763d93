/* What the files of this module share and nobody else calls. */
#ifndef MOD_ORDER_INT_H
#define MOD_ORDER_INT_H

#include "mod/order/order_view.h"

/* The state people are shown: the decision, or while that is "approved" how far the goods are. */
const char *order_state_of(const struct order *o);
/* Writes the row back, conditionally on the version it was read with; o->version moves on. */
NODISCARD bool order_store(struct ctx *c, struct order *o);
/* Hash over all that is read back to the customer. */
const char *order_snapshot(struct ctx *c, const struct order *o, const char *customer_code);
/* The sentence to read to the customer, in the caller's language. */
NODISCARD bool order_read_back(struct ctx *c, const struct order *o, const char **out);
/* New lines for an order: what is reserved for lines that stay the same goods is kept, the rest is given back. */
NODISCARD bool order_lines_keep(struct ctx *c, struct order *o, struct order_line *lines, size_t len);
/* What a line is worth: what was weighed by its weight, the rest as promised. */
NODISCARD bool order_line_worth(const struct order_line *l, struct money *out);
NODISCARD bool order_total(struct ctx *c, const struct order_line *lines, size_t len, struct money *total);
/* What can be said against lines and against a whole order, named field by field; members may be missing. */
void order_lines_look(struct ctx *c, const struct order_line_in *in, size_t len);
void order_look(struct ctx *c, const void *in);
/* Its customer; what entry has read already is not read again. */
struct customer;
NODISCARD bool order_customer(struct ctx *c, const struct order *o, struct customer *out);
/* Is there still something to send? Sets the error if not. */
NODISCARD bool order_rest_open(struct ctx *c, const struct order *o);
/* order_entry.c: for the page on which orders are entered. */
struct order_quote_in {
	const char *customer;
	struct date delivery_date;
	struct order_line_in *lines;
	size_t lines_len;
};
extern const struct field order_quote_fields[];
extern const struct view order_quote_answer, order_usual_answer;
struct done *order_quote_get(struct ctx *c, struct req *r);
struct done *order_usual_get(struct ctx *c, struct req *r);
struct done *order_new_get(struct ctx *c, struct req *r);
struct done *order_edit_get(struct ctx *c, struct req *r);
/* `huodan import orders`. */
struct sheet;
NODISCARD bool order_import(struct ctx *c, const struct sheet *s);

#endif
