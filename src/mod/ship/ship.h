/* ship: packages that equal the picks to the unit, documents, dispatch exactly once, the carrier's events, the receipt.
 * Clauses 3-3.3, 3-3.4, 3-4.1, 3-4.2.
 * Owns: carrier, shipment, shipment_line, shipment_lot, package, package_line, tracking, receipt_file
 * Uses: order, stock, customer, catalog, task */
#ifndef MOD_SHIP_H
#define MOD_SHIP_H

#include "app/app.h"

/* What was picked for one order line from one place. */
struct ship_take {
	int64_t line, product_id;
	const char *warehouse, *location, *lot;
	struct qty quantity;
};
/* Called when a pick is done: the goods stand at the packing table. Answers the shipment's id. */
NODISCARD bool ship_open(struct ctx *c, int64_t order_id, int64_t pick_id, const struct ship_take *takes, size_t len, int64_t *shipment_id);

#endif
