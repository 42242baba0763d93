/* What pages and answers show of products. */
#ifndef MOD_CATALOG_VIEW_H
#define MOD_CATALOG_VIEW_H

#include "mod/catalog/catalog.h"

/* A unit on the page: "2000", or "5/16" where it does not come out. */
struct unit_line {
	const char *unit, *holds, *barcode;
	bool default_sales;
};

struct product_view {
	struct product product;
	struct price floor_price; /* NONE for those who may not see it */
	struct product_unit *units;
	size_t units_len;
	struct unit_line *lines; /* for the page, without the base unit */
	size_t lines_len;
	bool sees_floor;
};
extern const struct field product_view_fields[];

struct product_list {
	const char *q;
	struct product_view *rows;
	size_t rows_len;
	const char *next_url;
};

struct product_query {
	const char *q;
};
extern const struct field product_query_fields[];

/* What reviewers and admins may know. */
bool sees_floor(const struct ctx *c);
NODISCARD bool product_view_list(struct ctx *c, const struct product *p, size_t len, struct product_view **out);

#endif
