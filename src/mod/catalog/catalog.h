/* catalog: what is sold. Products with their units as exact factors, barcodes, names, initials and pinyin.
 * Clauses 3-1.2 (goods, quantity, unit).
 * Owns: product, product_unit, product_key, catalog_stamp      Uses: (nothing) */
#ifndef MOD_CATALOG_H
#define MOD_CATALOG_H

#include "app/app.h"

struct product {
	int64_t id, version;
	const char *sku, *name, *spec, *origin, *category, *base_unit, *price_unit;
	struct price list_price, floor_price; /* per price_unit; floor NONE: no floor */
	const char *barcode;
	bool integer_only;        /* the quantity in base units must be whole */
	bool catch_weight;        /* billed by the scale */
	struct qty nominal_kg;    /* per base unit */
	int64_t weight_tolerance; /* percent; INT64_MIN: as the setting says */
	int64_t shelf_life_days, supplier_lead_days;
	const char *location;                    /* its usual place */
	struct qty min_order_qty;                /* base units */
	const char *aliases, *pinyin, *initials; /* aliases: a|b|c */
	bool active;
	struct instant created_at;
};
extern const struct field product_fields[];

struct product_unit {
	int64_t product_id;
	const char *unit;
	int64_t num, den; /* one unit = num/den base units */
	const char *barcode;
	bool default_sales;
};
extern const struct field product_unit_fields[];

/* What may be said of a product; what is not said is NULL or NONE. The three answers of yes or no are JSON,
 * because a change has to tell "no" from "not said". */
struct product_in {
	const char *sku, *name, *spec, *origin, *category, *base_unit, *price_unit;
	struct price price, floor_price;
	const char *barcode, *integer_only, *catch_weight, *active;
	struct qty nominal_kg;
	int64_t weight_tolerance, shelf_life_days, supplier_lead_days;
	const char *location;
	struct qty min_order_qty;
	const char *aliases;
	struct product_unit *units;
	size_t units_len;
};
extern const struct field product_new_fields[];    /* sku, name, base unit and price are required */
extern const struct field product_change_fields[]; /* neither sku nor base unit: stock is counted in it */
extern const struct field unit_in_fields[];

NODISCARD bool product_create(struct ctx *c, const struct product_in *in, int64_t *id);
/* whole: what is not given becomes empty (a form brings all its fields); else it stays. version INT64_MIN:
 * not checked. */
NODISCARD bool product_change(struct ctx *c, int64_t id, int64_t version, const struct product_in *in, bool whole);
/* Adds the unit or changes its factor; orders keep the factor they were written with. */
NODISCARD bool product_unit_set(struct ctx *c, int64_t id, const struct product_unit *in);
NODISCARD bool product_unit_drop(struct ctx *c, int64_t id, const char *unit);
/* Complains at `pointer` of a factor that cannot be: the base unit is 1, weights are what they are. */
void product_unit_check(struct ctx *c, const struct product *p, const struct product_unit *u, const char *pointer);
/* By sku, or by id where no sku is called so. */
NODISCARD bool product_named(struct ctx *c, const char *name, struct product *out);

NODISCARD bool product_get(struct ctx *c, int64_t id, struct product *out);
NODISCARD bool product_find(struct ctx *c, const char *sku, struct product *out, bool *found);
/* All at once, one query; the result is in no particular order, products that do not exist are missing. */
NODISCARD bool product_find_all(struct ctx *c, struct strs skus, struct product **out, size_t *len);
/* A page of the goods by code, those after `after`; q: only those it finds, NULL all. */
NODISCARD bool product_list(
	struct ctx *c, const char *q, const char *after, int64_t limit, struct product **out, size_t *len);
NODISCARD bool product_list_by_id(struct ctx *c, struct i64s ids, struct product **out, size_t *len);
/* The same with their units, in the order asked for; product NULL: there is none. What the connection met before it
 * remembers. Valid until the next call on it. */
struct goods {
	const struct product *product;
	const struct product_unit *units;
	size_t units_len;
};
NODISCARD bool goods_find_all(struct ctx *c, struct strs skus, struct goods **out);
/* Says that something in the catalogue changed; every write of its tables does, in the same transaction. */
NODISCARD bool catalog_touched(struct ctx *c);
/* Changes with the catalogue, on every node; for whoever remembers what it says. */
NODISCARD bool catalog_stamp_get(struct ctx *c, int64_t *stamp);
/* Units of several products, one query, ordered by product_id. base_unit itself, and 斤 两 公斤 克 担 吨 for
 * goods whose base is a weight, 打 for pieces, are always known: unit_ratio() adds them; so are the
 * weights for what is counted and billed by the scale, by its nominal weight. */
NODISCARD bool product_units(struct ctx *c, struct i64s product_ids, struct product_unit **out, size_t *len);
/* How many base units of p one `unit` is. False if the product is not sold in it (no error is set). */
bool unit_ratio(
	const struct product *p, const struct product_unit *units, size_t len, const char *unit, struct ratio *out);
/* Kilograms of one base unit for goods billed by the scale; NONE: these are not. */
struct qty product_nominal(const struct product *p);
/* Is it a unit of weight? */
bool unit_weighs(const char *unit);
/* The unit people order in when they name none: default_sales, else the base unit. */
const char *unit_default(const struct product *p, const struct product_unit *units, size_t len);
/* How a hand takes it from the shelf: full cases first, "3 件 + 5 公斤". NULL where not one case is full. */
const char *unit_split(struct ctx *c, struct qty base, struct ratio unit, const char *name, const char *base_unit);
/* Barcode of a product or one of its units; unit NULL when it is the product's own. */
NODISCARD bool product_by_barcode(
	struct ctx *c, const char *barcode, int64_t *product_id, const char **unit, bool *found);

/* `huodan import`: all rows or none, what is wrong told by row and column. A sku that is there already is
 * changed. */
struct sheet;
NODISCARD bool catalog_import_products(struct ctx *c, const struct sheet *s);
NODISCARD bool catalog_import_units(struct ctx *c, const struct sheet *s);

extern const struct module catalog_module;

#endif
