/* What the files of this module share and nobody else calls. */
#ifndef MOD_STOCK_INT_H
#define MOD_STOCK_INT_H

#include "mod/stock/stock.h"

struct stock_lot {
	int64_t product_id;
	const char *warehouse, *location, *lot, *expires;
	struct qty on_hand, bound, quarantined;
	bool expired; /* today */
};
extern const struct field stock_lot_fields[];

/* One warehouse's part of what is free to promise. */
struct stock_part {
	int64_t product_id;
	const char *warehouse;
	struct qty on_hand, committed, expired, quarantined, available;
};
extern const struct field stock_part_fields[];

struct stock_hold {
	int64_t order_id, line, product_id;
	const char *warehouse;
	struct qty quantity, bound;
	struct instant at;
};
extern const struct field stock_hold_fields[];

/* One change of the books: differences for a lot, its level and a reservation, and the movement that tells of
 * it. */
struct stock_change {
	int64_t product_id;
	const char *warehouse, *location, *lot, *expires;
	int64_t order_id, line;
	struct qty on_hand, bound, committed;
	struct instant at;
	int64_t movement_id, shipment_id, actor_id;
	const char *reason, *note;
};
extern const struct field stock_change_fields[];

/* Writes lots, levels and movements of goods that come or go; rows that are not there yet are made. */
NODISCARD bool stock_write_goods(struct ctx *c, struct stock_change *ch, size_t len);
/* In lots ordered by product, warehouse, location, lot; NULL if there is none. */
struct stock_lot *stock_lot_find(struct stock_lot *lots, size_t len, const struct stock_change *ch);
/* A lot has one date; only an empty one may come back with another. */
bool stock_lot_dated(const struct stock_lot *l, const char *expires);

/* Tells the others: "stock.booked", goods came or went; "stock.moved", they lie elsewhere. */
NODISCARD bool stock_say(struct ctx *c, const char *kind, const struct product *p, const struct stock_change *ch);

/* What verify found wrong. */
struct stock_broken {
	const char *what;
	struct qty have, want;
};
extern const struct field stock_broken_fields[];
extern const struct check stock_checks[];

#endif
