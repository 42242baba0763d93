/* review: no order reaches the warehouse without a recorded review by someone else. The task comes with the confirmation,
 * in the same commit, and carries its evidence: stock, price, ship date, credit, duplicate, each pass / warn / block with figures.
 * Clauses 2.2, 3-2.1, 3-2.2, 3-2.3.  Owns: review, review_rule      Uses: order, customer, catalog, price, stock */
#ifndef MOD_REVIEW_H
#define MOD_REVIEW_H

#include "app/app.h"

enum review_result { RV_PASS, RV_WARN, RV_BLOCK };

struct review {
	int64_t id, order_id, order_version, version;
	const char *state, *decision; /* open, claimed, decided, withdrawn; approve, reject, counter */
	struct instant due_at, created_at, claimed_at, decided_at;
	int64_t escalated, claimed_by, decided_by;
	const char *checks; /* JSON array, frozen when decided */
	const char *worst;  /* pass, warn, block */
	const char *overrides, *note;
};
extern const struct field review_fields[];

NODISCARD bool review_get(struct ctx *c, int64_t id, struct review *out);
NODISCARD bool review_find_open(struct ctx *c, int64_t order_id, struct review *out, bool *found);

#endif
