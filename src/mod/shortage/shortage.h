/* shortage: goods that are short before they are picked are shared among all orders that want them: in proportion, by customer
 * class or by time of approval, seen before it is done, and done at once.
 * Clauses 3-3.1, 3-2.2.  Owns: share, share_line      Uses: catalog, stock, order, pick, task, notice */
#ifndef MOD_SHORTAGE_H
#define MOD_SHORTAGE_H

#include "app/app.h"

enum share_way { WAY_PROPORTION, WAY_CLASS, WAY_TIME };
extern const char *const share_way_names[];

/* One line that wants the goods, in the order of approval. Base units. */
struct short_line {
	int64_t order_id, line;
	const char *number, *customer, *tier;
	struct instant approved_at;
	const char *unit;
	int64_t num, den;
	int64_t asked;      /* a clerk still decides about it */
	struct qty held;    /* of it; what a pick has bound is not in here */
	struct qty lacking; /* wanted and held by nothing */
	struct qty wanted;  /* held + lacking */
	struct qty proportion, by_class, by_time;
	struct qty chosen; /* by the way that was asked for */
};
extern const struct field short_line_fields[];

/* One product of one delivery day. */
struct shortage {
	int64_t id; /* of the product */
	const char *sku, *name, *base_unit;
	bool integer_only; /* so is every share */
	struct date day;
	int64_t orders_n;
	struct qty wanted, held, lacking, in_review;
	struct qty most;     /* all that could be shared */
	struct qty doubtful; /* of it: reported missing, not booked yet */
	struct qty amount;   /* what the previews share */
	struct qty gap;      /* wanted, and not there */
	int way;             /* enum share_way */
	const char *basis;   /* what the previews were computed from */
	struct short_line *lines;
	size_t lines_len;
};
extern const struct field shortage_fields[], shortage_item_fields[];

/* amount QTY_NONE: all but what is doubtful. */
NODISCARD bool shortage_get(struct ctx *c, int64_t product_id, struct date day, struct qty amount, enum share_way way,
	struct shortage *out);

/* ways.c: fills the three shares of every line; nobody gets more than it wants, and all of `amount` is given as far as it is
 * wanted. */
void shortage_ways(struct arena *a, struct short_line *l, size_t len, struct qty amount);

/* A sharing as it was done. */
struct share_line {
	int64_t share_id, order_id, line;
	const char *number, *customer, *tier;
	struct qty wanted, before, share;
};
extern const struct field share_line_fields[];
struct share {
	int64_t id, product_id;
	const char *sku, *name, *base_unit;
	struct date day;
	const char *way;
	bool corrected; /* by hand */
	struct qty amount, given;
	struct instant at;
	const char *who;
	struct share_line *lines;
	size_t lines_len;
};
extern const struct field share_fields[];

struct share_line_in {
	int64_t order, line;
	struct qty quantity;
};
struct share_in {
	struct date day;
	int way;
	struct qty amount;
	const char *basis;
	struct share_line_in *lines; /* corrections; lines that are not named get what the way gives them */
	size_t lines_len;
};
NODISCARD bool shortage_share(struct ctx *c, int64_t product_id, const struct share_in *in, int64_t *id);
NODISCARD bool share_get(struct ctx *c, int64_t id, struct share *out);

/* Short goods of all days, the soonest first. */
NODISCARD bool shortages_now(struct ctx *c, int64_t limit, struct shortage **out, size_t *len);

extern const struct module shortage_module;

#endif
