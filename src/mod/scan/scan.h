/* scan: picking on the phone: which waves there are, and one wave as a walk from place to place, complete enough to be
 * walked without a network. The answers go to pick.
 * Clause 3-3.2.  Owns: (nothing)      Uses: pick, catalog */
#ifndef MOD_SCAN_H
#define MOD_SCAN_H

#include "app/app.h"

/* A wave somebody still picks. */
struct scan_wave {
	int64_t id, orders, lines, answered;
	const char *number, *customer;
	bool mine; /* the caller has begun it */
	struct instant created_at;
};
extern const struct field scan_wave_fields[];

struct scan_line {
	int64_t pick, line, crate; /* crate: which order of the wave, from 1 */
	const char *order_number, *customer, *sku, *name;
	const char *warehouse, *location, *lot, *expires;
	struct qty quantity, picked;
	struct qty nominal_kg; /* what one base unit should weigh; NONE: not billed by the scale */
	bool must_weigh;
	const char *base_unit, *short_reason;
	const char *unit; /* the case it is taken in, for the split */
	int64_t num, den;
	const char *split;
};
extern const struct field scan_line_fields[];

/* What stands on the goods: the product's own code or that of one of its units. */
struct scan_code {
	const char *sku, *code;
};
extern const struct field scan_code_fields[];

struct scan_walk {
	int64_t id;
	const char *number;
	struct date today; /* labels are held to the company's day, not to the phone's */
	struct scan_line *lines;
	size_t lines_len;
	struct scan_code *codes;
	size_t codes_len;
};
extern const struct field scan_walk_fields[];

#endif
