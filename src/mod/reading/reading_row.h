/* Rows of this module's statements. */
#ifndef MOD_READING_ROW_H
#define MOD_READING_ROW_H

#include "app/app.h"

struct goods_row {
	int64_t id;
	const char *sku, *name, *spec, *origin, *base_unit, *barcode;
	bool integer_only;
	const char *aliases;
};
extern const struct field goods_row_fields[];

struct unit_row {
	int64_t product_id;
	const char *unit;
	int64_t num, den;
	const char *barcode;
	bool default_sales;
};
extern const struct field unit_row_fields[];

struct person_row {
	int64_t id;
	const char *code, *name, *short_name, *contact, *phone, *aliases;
};
extern const struct field person_row_fields[];

struct alias_row {
	const char *alias;
	int64_t product_id;
};
extern const struct field alias_row_fields[];

struct last_row {
	int64_t id;
	struct instant confirmed_at;
};
extern const struct field last_row_fields[];

struct last_line_row {
	const char *sku;
	struct qty quantity;
	const char *unit;
};
extern const struct field last_line_row_fields[];

struct usual_row {
	int64_t product_id;
};
extern const struct field usual_row_fields[];

#endif
