/* price: what it costs this customer, this much, on this day, and why.
 * Precedence (domain 4.5): by hand > contract of the customer > tier with quantity breaks > list. Breaks compare in base units.
 * Clauses 3-1.2, 3-2.2.  Owns: price_rule      Uses: catalog, customer */
#ifndef MOD_PRICE_H
#define MOD_PRICE_H

#include "mod/catalog/catalog.h"
#include "mod/customer/customer.h"

/* price_source as it stands on the line: "list", "tier:A", "tier:A>=100", "contract:HT2026-002", "manual", "counter" */
struct price_answer {
	struct price price;	  /* per price_unit */
	const char *price_unit;
	struct ratio price_ratio; /* base units in one price unit */
	const char *source;
	struct price floor;	  /* in the same price unit; NONE: none */
};
struct price_question {
	const struct product *product;
	const struct product_unit *units;
	size_t units_len;
	struct qty base;	  /* ordered, in base units */
};
/* For a whole order at once, two queries at most however many lines. */
NODISCARD bool price_all(struct ctx *c, const struct customer *who, struct date on, const struct price_question *q, size_t len, struct price_answer *out);

#endif
