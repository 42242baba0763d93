/* ship: packages that equal the picks to the unit, documents, dispatch exactly once, the carrier's
 * events, the receipt.
 * Clauses 3-3.3, 3-3.4, 3-4.1, 3-4.2.
 * Owns: carrier, shipment, shipment_line, shipment_lot, package, package_line, tracking, receipt_file
 * Uses: order, review, stock, customer, catalog, task, user, crate */
#ifndef MOD_SHIP_H
#define MOD_SHIP_H

#include "app/app.h"

/* What was picked for one order line from one place. */
struct ship_take {
	int64_t line, product_id;
	const char *warehouse, *location, *lot;
	struct qty quantity;
	struct qty net, gross, tare; /* kg; net NONE: not by the scale; gross and tare NONE: not read */
};
/* Called when a pick is done: the goods stand at the packing table. Answers the shipment's id. */
NODISCARD bool ship_open(struct ctx *c, int64_t order_id, int64_t pick_id, const struct ship_take *takes, size_t len,
	int64_t *shipment_id);

struct shipment {
	int64_t id, version;
	const char *number;
	int64_t order_id, customer_id, pick_id;
	const char *state; /* packing, dispatched, delivered */
	const char *carrier, *service, *tracking_number, *driver;
	struct money amount, less; /* billed at dispatch; of that not owed, because it was refused */
	int64_t prints;
	struct instant created_at, dispatched_at;
	struct date promised_on; /* by the carrier's usual days */
	const char *track_state; /* the furthest the carrier told us */
	struct instant track_at;
	const char *receipt_signer, *receipt_note;
	struct instant receipt_at;
};
extern const struct field shipment_fields[];

/* One line of the order as far as it is in this shipment; all in base units. */
struct shipment_line {
	int64_t shipment_id, line, product_id;
	const char *sku, *name, *unit;
	struct qty quantity, packed, received, refused;
	struct qty net, gross, tare; /* kg, as weighed at the pick; NONE as in struct ship_take */
	struct money amount;         /* its value, known from the dispatch on */
};
extern const struct field shipment_line_fields[];

NODISCARD bool ship_get(struct ctx *c, int64_t id, struct shipment *out);
NODISCARD bool ship_lines(struct ctx *c, int64_t id, struct shipment_line **out, size_t *len);

/* `huodan import carriers`: a code that is there already is changed. */
struct sheet;
NODISCARD bool ship_import_carriers(struct ctx *c, const struct sheet *s);

extern const struct module ship_module;

#endif
