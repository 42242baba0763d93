/* returns: goods coming back from a customer: returns, exchanges, what was refused at the door.
 * Clause 3-5.2.  Owns: goods_return, return_line, return_wish      Uses: order, ship, stock, customer, task
 * Read first: moves[] in returns.c, then returns.sql. A return never changes what was delivered; it counts beside it. */
#ifndef MOD_RETURNS_H
#define MOD_RETURNS_H

#include "app/app.h"

struct return_line {
	int64_t return_id, line, order_id, order_line, product_id;
	const char *order_number, *sku, *name, *unit; /* unit: base, like all quantities */
	struct qty quantity, received, good, second, scrap, missing;
	struct money amount; /* what was charged for it */
	const char *reason;
};
extern const struct field return_line_fields[];

struct goods_return {
	int64_t id, version;
	const char *number;
	int64_t customer_id, order_id;
	const char *kind, *state; /* door, return, exchange */
	int64_t shipment_id;
	const char *note;
	struct money value, credited;
	bool late; /* asked for after the window */
	const char *settlement;
	const char *fate; /* of what was refused at the door and does not come back: lost, kept */
	struct money missing_value;
	int64_t replacement_id; /* the order of what is sent instead */
	int64_t created_by;
	struct instant created_at, approved_at, settled_at, closed_at;
};
extern const struct field goods_return_fields[];

/* What is asked for. Quantities in base units, or in `unit`. */
struct return_line_in {
	int64_t order; /* NONE: the return's own */
	int64_t line;
	struct qty quantity;
	const char *unit, *reason;
};
struct return_wish {
	int64_t return_id, line;
	const char *sku;
	struct qty quantity;
	const char *unit;
	struct price price;
};
extern const struct field return_wish_fields[];
struct return_in {
	int64_t order;
	const char *note;
	struct return_line_in *lines;
	size_t lines_len;
	struct return_wish *replacement;
	size_t replacement_len;
};
NODISCARD bool return_create(struct ctx *c, const struct return_in *in, int64_t *id);
NODISCARD bool return_get(struct ctx *c, int64_t id, struct goods_return *out);
NODISCARD bool return_lines(struct ctx *c, int64_t id, struct return_line **out, size_t *len);

extern const struct module returns_module;

#endif
