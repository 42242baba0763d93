/* What pages and answers show of prices. */
#ifndef MOD_PRICE_VIEW_H
#define MOD_PRICE_VIEW_H

#include "mod/price/price.h"

struct price_view {
	int64_t id;
	const char *kind, *tier, *customer, *customer_name, *sku, *name, *base_unit, *price_unit;
	struct qty min_qty;
	struct price price;
	struct date valid_from, valid_to;
	const char *contract_no;
	bool has_break; /* for the page: min_qty says something */
};
extern const struct field price_view_fields[];

struct price_page {
	const char *sku, *product_name, *product_unit; /* one product only; NULL: all */
	struct price list_price;
	const char *customer, *customer_name; /* one customer only; NULL: all */
	int64_t customer_id;
	const struct price_answer *now; /* both given: what it costs this customer today, in small numbers */
	struct price_view *rows;
	size_t rows_len;
	const char *next_url;
	struct date today;
};

#endif
