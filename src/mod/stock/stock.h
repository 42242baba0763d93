/* stock: what lies where, who holds it, and every movement. Hard reservations at SKU × warehouse; lots are
 * bound at the wave only, first expired first out (domain 4.3). Clauses 3-2.2, 3-3.1, 3-3.4. Owns: stock_lot,
 * stock_level, stock_reservation, stock_movement      Uses: catalog */
#ifndef MOD_STOCK_H
#define MOD_STOCK_H

#include "mod/catalog/catalog.h"

/* Expired on the day it ships: the one rule everywhere. No expiry: never. */
bool lot_expired(const char *expires, struct date ship);

/* Free to promise for a ship date: on_hand − quarantined − expired by then − committed, never below zero. */
struct stock_free {
	int64_t product_id;
	struct qty on_hand, committed, expired, quarantined, available;
};
extern const struct field stock_free_fields[];
NODISCARD bool stock_free_all(struct ctx *c, struct i64s product_ids, struct date ship, struct stock_free **out,
	size_t *len); /* missing: nothing there */

/* One wish of an order; several lines may name the same product. */
struct stock_wish {
	int64_t line, product_id;
	struct qty quantity; /* base units, > 0 */
	struct qty got;      /* filled: what could be reserved */
};
/* All or nothing: E_OUT_OF_STOCK naming the first line that cannot be held. Rows are locked in product order.
 */
NODISCARD bool stock_reserve(struct ctx *c, int64_t order_id, struct date ship, struct stock_wish *wishes, size_t len);
/* Gives back up to `quantity` of a line's reservation (newest warehouse first); QTY_NONE: all of it. */
NODISCARD bool stock_release(struct ctx *c, int64_t order_id, int64_t line, struct qty quantity);
NODISCARD bool stock_release_order(struct ctx *c, int64_t order_id);

/* Nobody else reserves this product until the end of the transaction. */
NODISCARD bool stock_lock(struct ctx *c, int64_t product_id);
/* What can be shared anew among some orders: what is free for that day, and what they hold that no pick has bound yet. */
NODISCARD bool stock_shareable(
	struct ctx *c, int64_t product_id, struct date ship, struct i64s order_ids, struct qty *out);
/* One line's part of it. After stock_share() the line holds so much besides what a pick has bound: neither more nor less. */
struct stock_portion {
	int64_t order_id, line;
	struct qty share;
};
/* All or nothing; E_OUT_OF_STOCK when there is less. No line twice. */
NODISCARD bool stock_share(
	struct ctx *c, int64_t product_id, struct date ship, const struct stock_portion *p, size_t len);

/* A place a pick takes from. */
struct stock_place {
	int64_t order_id, line, product_id;
	const char *warehouse, *location, *lot, *expires;
	struct qty quantity;
};
extern const struct field stock_place_fields[];
/* Binds lots for what is reserved and not yet bound: first expired first out, never expired on `ship`,
 * walking order. What no lot can give is missing from the result (the picker's shortage). */
NODISCARD bool stock_bind(struct ctx *c, const int64_t *order_ids, size_t orders_len, struct date ship,
	struct stock_place **out, size_t *len);
/* Short pick or cancelled pick: the lot is free again (the reservation stays until stock_release). */
NODISCARD bool stock_unbind(struct ctx *c, const struct stock_place *p, struct qty quantity);
/* Goods leave for good, from the bound lot and the reservation, with one movement each, reason "dispatch";
 * and back. */
NODISCARD bool stock_issue(struct ctx *c, int64_t shipment_id, const struct stock_place *places, size_t len);
NODISCARD bool stock_unissue(struct ctx *c, int64_t shipment_id, const struct stock_place *places, size_t len);

/* One booking; quantity in base units, may be negative (never below zero nor below what is committed:
 * E_OUT_OF_STOCK). */
struct stock_booking {
	int64_t product_id;
	const char *warehouse, *location, *lot; /* NULL: "main", the product's usual place, "" */
	struct date expires;                    /* DATE_NONE: none */
	struct qty quantity;
	const char *reason; /* receipt, count, scrap, move, return ... */
	const char *note;
};
NODISCARD bool stock_book(struct ctx *c, const struct stock_booking *b, int64_t *movement_id);

/* Goods a customer sent back, inspected: good ones are free at once; second ones lie there in a lot of their own that nothing
 * is promised from; scrap comes and goes in the books, so that they tell it was here. */
struct stock_back {
	int64_t product_id, order_id, line;
	const char *warehouse, *location, *lot, *expires; /* of the lot they left from; NULL: as in a booking */
	struct qty good, second, scrap;
	const char *note;
};
NODISCARD bool stock_take_back(struct ctx *c, const struct stock_back *b, size_t len);

/* Goods change their place, and nothing comes or goes: two movements. Only what is neither promised to a pick nor set
 * aside. */
struct stock_shift {
	int64_t product_id;
	const char *warehouse, *location, *lot; /* where they lie */
	const char *to_warehouse, *to_location; /* where they go; to_warehouse NULL: the same */
	struct qty quantity;
	const char *note;
};
NODISCARD bool stock_shift(struct ctx *c, const struct stock_shift *s);
/* Set aside (more than 0) or let go again (less than 0): what is set aside lies there but is promised to nobody. */
NODISCARD bool stock_set_aside(struct ctx *c, int64_t product_id, const char *warehouse, const char *location,
	const char *lot, struct qty quantity, const char *reason);

/* Differences of a count, all at once: each lot by so much, booked as "count". What is promised cannot be missing:
 * E_OUT_OF_STOCK names the first. */
struct stock_found {
	int64_t product_id;
	const char *warehouse, *location, *lot;
	struct qty difference;
};
NODISCARD bool stock_recount(struct ctx *c, const struct stock_found *f, size_t len, const char *note);

/* `huodan import stock`: what lies there on the first day; all rows or none. */
struct sheet;
NODISCARD bool stock_import(struct ctx *c, const struct sheet *s);

extern const struct module stock_module;

/* Moves every lot's date by so many days: the demo company's lists are of one day, its goods as fresh on any. */
NODISCARD bool stock_lots_refresh(struct ctx *c, int64_t days);

#endif
