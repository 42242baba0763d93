/* house: work in the warehouse that belongs to no order. Goods change places, are set aside and let go; shelves are counted,
 * by two people where they disagree; what runs out or goes off stands in a list. Clause 五.3 (库存管理).
 * Owns: house_count, house_count_line, house_minimum      Uses: catalog, stock */
#ifndef MOD_HOUSE_H
#define MOD_HOUSE_H

#include "mod/stock/stock.h"

/* One lot to be counted. What the books said is kept when it is counted, so that goods may move meanwhile. */
struct count_line {
	int64_t count_id, line, product_id;
	const char *sku, *name, *base_unit, *warehouse, *location, *lot, *expires;
	struct qty seen;    /* the books, at the moment of the last count */
	struct qty counted; /* QTY_NONE: not yet */
	int64_t counted_by;
	const char *who;
	bool again; /* far from the books: somebody else has to count it too */
};
extern const struct field count_line_fields[];

struct count {
	int64_t id, version;
	const char *number, *state; /* open, closed, cancelled */
	const char *warehouse, *zone, *author;
	int64_t created_by;
	struct instant created_at, closed_at;
	int64_t lines_n, open_n;
	struct count_line *lines;
	size_t lines_len;
};
extern const struct field count_fields[];

/* Which lots: of a warehouse, of a zone (how the place begins), of a product, or those counted longest ago. */
struct count_in {
	const char *warehouse, *zone, *sku;
	int64_t oldest; /* how many, INT64_MIN: all */
};
NODISCARD bool count_open(struct ctx *c, const struct count_in *in, struct count *out);
NODISCARD bool count_get(struct ctx *c, int64_t id, struct count *out);
NODISCARD bool count_answer(struct ctx *c, int64_t id, int64_t line, struct qty quantity);
/* Books the differences. E_CONFLICT while lines are open or wait for a second count. */
NODISCARD bool count_close(struct ctx *c, int64_t id, int64_t version);
NODISCARD bool count_cancel(struct ctx *c, int64_t id, int64_t version);

extern const struct module house_module;

#endif
