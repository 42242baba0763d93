/* Rows of this module's statements that nobody else needs. */
#ifndef MOD_PRICE_ROW_H
#define MOD_PRICE_ROW_H

#include "mod/price/price.h"

/* A product whose key begins with what was typed, and who is asking. */
struct offer_hit {
	const char *key;
	int64_t rank;        /* KEY_..., -1: the customer's own name */
	int64_t customer_id; /* NONE: nobody */
	const char *tier;
	struct product product;
};
extern const struct field offer_hit_fields[];

#endif
