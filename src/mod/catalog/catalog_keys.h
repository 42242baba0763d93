/* catalog_keys: everything a product is found by. The typeahead is one range scan over these keys, so each
 * part of a name that people may begin with is a key of its own. */
#ifndef MOD_CATALOG_KEYS_H
#define MOD_CATALOG_KEYS_H

#include "mod/catalog/catalog.h"

enum key_rank { KEY_CODE, KEY_NAME, KEY_INITIALS, KEY_PINYIN };

struct product_key {
	const char *key;
	int64_t product_id, rank;
};
extern const struct field product_key_fields[];

struct product_barcode {
	int64_t product_id;
	const char *unit;
};
extern const struct field product_barcode_fields[];

/* Writes the keys of these products anew; those that are not sold any more have none. */
NODISCARD bool product_keys_write(struct ctx *c, const struct product *p, size_t len);
/* The end of the range of keys that begin with q. */
const char *key_end(struct arena *a, const char *q);

#endif
