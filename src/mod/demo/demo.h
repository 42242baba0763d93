/* demo: the orders of the demo company, in every state, made by the same rules as real ones and dated around today.
 * Owns: (nothing)      Uses: every module of the main road */
#ifndef MOD_DEMO_H
#define MOD_DEMO_H

#include "app/app.h"

struct demo_goods {
	const char *sku, *unit;
	bool integer_only;
};
extern const struct field demo_goods_fields[];
struct demo_scarce {
	int64_t product_id;
	const char *sku, *unit, *warehouse, *location, *lot;
	struct qty on_hand, in_unit;
};
extern const struct field demo_scarce_fields[];
struct demo_customer {
	const char *code;
};
extern const struct field demo_customer_fields[];
/* Letters that wait for a clerk. */
NODISCARD bool demo_inbox(struct ctx *c);

#endif
