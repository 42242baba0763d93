/* care: after the delivery: the call to the customer, and complaints with their decision.
 * Clauses 3-5.1, 3-5.2.  Owns: follow_up, care_case      Uses: order, ship, customer, returns, money, task, file
 * Read first: case_moves[] in care_case.c. A decision is carried out by documents: a return, a credit, a new order. */
#ifndef MOD_CARE_H
#define MOD_CARE_H

#include "app/app.h"

/* The answer to the call. reached false: nobody answered, or `reason` says why nobody is asked. */
struct follow_up_in {
	bool reached;
	int64_t score; /* 1..5, NONE: none was given */
	const char *comment, *reason;
	struct instant next_at;
};
/* source: "phone", "link". From the customer's own link a later word replaces an earlier one. */
NODISCARD bool follow_up_answer(struct ctx *c, int64_t order_id, const struct follow_up_in *in, const char *source);

struct case_in {
	int origin;
	int64_t order, shipment, line;
	const char *lot;
	int kind;
	const char *summary, *detail, *wish;
};
extern const char *const case_origins[]; /* order, shipment, line, lot */
extern const char *const case_kinds[];
NODISCARD bool case_open(struct ctx *c, const struct case_in *in, const char *source, int64_t *id);

extern const struct module care_module;

#endif
