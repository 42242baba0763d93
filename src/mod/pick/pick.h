/* pick: the warehouse confirms stock, releases waves and picks as the system says: first expired first out, in walking
 * order, each scan checked, what is short recorded with its reason.
 * Clauses 3-3.1, 3-3.2.  Owns: wave, pick, pick_line      Uses: order, stock, catalog, task, ship, crate */
#ifndef MOD_PICK_H
#define MOD_PICK_H

#include "app/app.h"

struct pick_line {
	int64_t pick_id, line, order_id, order_line, product_id;
	const char *sku, *name, *base_unit, *barcode;
	const char *warehouse, *location, *lot, *expires;
	struct qty quantity, picked; /* base units; picked NONE: not yet */
	const char *short_reason;
	struct qty nominal_kg;       /* of one base unit; NONE: not billed by the scale */
	int64_t weight_tolerance;    /* percent; INT64_MIN: as the setting says */
	struct qty net, gross, tare; /* kg as weighed; tare of one crate */
	int64_t crates;
	const char *crate;         /* their kind; NULL: none of ours */
	const char *weight_reason; /* why it is so far from the nominal weight */
	int64_t picked_by;
	const char *picker;
	struct instant picked_at;
	const char *unit; /* the case it is usually sold in, or what the customer counts in */
	int64_t num, den;
	const char *split; /* full cases and what is loose: "3 件 + 5 公斤"; NULL: not one full case */
};
extern const struct field pick_line_fields[];

struct pick {
	int64_t id, version, wave_id, order_id, picker_id, shipment_id;
	const char *state; /* open, done, cancelled */
	const char *order_number, *customer;
	struct date delivery_date;
	struct instant created_at;
	struct pick_line *lines;
	size_t lines_len;
};
extern const struct field pick_fields[];

/* Back to the clerk: something of the order is missing, `what` says how much of which goods. */
struct order;
NODISCARD bool pick_shortage_open(struct ctx *c, const struct order *o, const char *what);

/* Whether goods billed by the scale and counted in `base_unit` need a weight each time. */
bool pick_must_weigh(struct ctx *c, const char *base_unit);

NODISCARD bool pick_get(struct ctx *c, int64_t id, struct pick *out);

#endif
