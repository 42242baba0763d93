/* What pages and answers show of the work in the house. */
#ifndef MOD_HOUSE_VIEW_H
#define MOD_HOUSE_VIEW_H

#include "mod/house/house.h"

struct books {
	struct qty on_hand, bound;
};
extern const struct field books_fields[];

struct low_item {
	int64_t id;
	const char *sku, *name, *base_unit;
	struct qty minimum, free;
};
extern const struct field low_item_fields[];

struct expiring_item {
	int64_t id;
	const char *sku, *name, *base_unit, *warehouse, *location, *lot, *expires;
	struct qty on_hand, bound, quarantined;
	bool over;
};
extern const struct field expiring_item_fields[];

struct as_of_item {
	const char *warehouse, *location, *lot;
	struct qty quantity;
};
extern const struct field as_of_item_fields[];

struct counts_page {
	struct count *rows;
	size_t rows_len;
	const char *next_url;
};
struct count_page {
	struct count k;
	struct count_line *now; /* the next one to count; NULL: all are */
	bool open, may_close;
};
struct low_page {
	struct low_item *rows;
	size_t rows_len;
};
struct expiring_page {
	struct expiring_item *rows;
	size_t rows_len;
	int64_t days;
};

#endif
