/* What pages and answers show of stock. */
#ifndef MOD_STOCK_VIEW_H
#define MOD_STOCK_VIEW_H

#include "mod/stock/stock_int.h"

struct stock_item {
	int64_t id;
	const char *sku, *name, *base_unit;
	struct qty on_hand, reserved, expired, available;
	bool low;  /* less than a fifth is left to promise */
	bool rots; /* some of it is past its date */
};
extern const struct field stock_item_fields[];

struct stock_list {
	const char *q;
	struct stock_item *rows;
	size_t rows_len;
	const char *next_url;
};

struct stock_holder {
	int64_t order;
	const char *number, *customer, *clerk, *warehouse;
	int64_t line;
	struct qty quantity;
	struct instant since;
};
extern const struct field stock_holder_fields[];

struct stock_movement {
	int64_t id;
	struct instant at;
	const char *sku, *warehouse, *location, *lot;
	struct qty quantity;
	const char *unit, *reason, *note;
	int64_t order_id;
	const char *number, *who;
};
extern const struct field stock_movement_fields[];

struct stock_page {
	struct product product;
	struct stock_free free;
	struct stock_lot *lots;
	size_t lots_len;
	struct stock_holder *holders;
	size_t holders_len;
	struct stock_movement *movements;
	size_t movements_len;
};
extern const struct field stock_page_fields[];

#endif
