/* Products and units out of sheets, with the columns of data/wholesale. */
#include "mod/catalog/catalog_keys.h"
#include "mod/catalog/rows.h"

#include "app/pinyin.h"
#include "gen/catalog_sql.h"

#include <string.h>

static const struct field product_sheet_fields[] = { FIELD(struct product, sku, T_product_sku, .max = 64,
							     .flags = F_REQUIRED),
	FIELD(struct product, name, T_product_name, .max = 100, .flags = F_REQUIRED),
	FIELD(struct product, spec, T_product_spec, .max = 100),
	FIELD(struct product, origin, T_product_origin, .max = 100),
	FIELD(struct product, category, T_product_category, .max = 50),
	FIELD(struct product, base_unit, T_product_base_unit, .max = 16, .flags = F_REQUIRED),
	FIELD(struct product, price_unit, T_product_price_unit, .max = 16),
	FIELD(struct product, list_price, T_product_price, .max = PRICE_MAX, .flags = F_REQUIRED | F_UNSIGNED),
	FIELD(struct product, floor_price, T_product_floor_price, .max = PRICE_MAX, .flags = F_UNSIGNED),
	FIELD(struct product, barcode, T_product_barcode, .max = 64),
	FIELD(struct product, integer_only, T_product_integer_only),
	FIELD(struct product, catch_weight, T_product_catch_weight),
	FIELD(struct product, nominal_kg, T_product_nominal_kg, .max = QTY_MAX, .flags = F_POSITIVE),
	FIELD(struct product, weight_tolerance, T_product_weight_tolerance, .max = 100, .flags = F_UNSIGNED),
	FIELD(struct product, shelf_life_days, T_product_shelf_life_days, .max = 36500, .flags = F_UNSIGNED),
	FIELD(struct product, location, T_product_location, .max = 50),
	FIELD(struct product, supplier_lead_days, T_product_supplier_lead_days, .max = 36500, .flags = F_UNSIGNED),
	FIELD(struct product, min_order_qty, T_product_min_order_qty, .max = QTY_MAX, .flags = F_UNSIGNED),
	FIELD(struct product, aliases, T_product_aliases, .max = 500), FIELD_END };

struct unit_row {
	const char *sku;
	struct product_unit unit;
};
static const struct field unit_sheet_fields[] = { FIELD(struct unit_row, sku, T_product_sku, .max = 64,
							  .flags = F_REQUIRED),
	FIELD_AS(struct unit_row, unit.unit, "unit", T_product_unit, .max = 16, .flags = F_REQUIRED),
	FIELD_AS(struct unit_row, unit.num, "factor_num", T_product_num, .max = 1000000,
		.flags = F_REQUIRED | F_POSITIVE),
	FIELD_AS(struct unit_row, unit.den, "factor_den", T_product_den, .max = 1000000,
		.flags = F_REQUIRED | F_POSITIVE),
	FIELD_AS(struct unit_row, unit.barcode, "barcode", T_product_barcode, .max = 64),
	FIELD_AS(struct unit_row, unit.default_sales, "default_sales", T_product_default_sales), FIELD_END };

/* ---- products ---- */

/* The row goes on with the id of the product that has its sku. */
static void meet_old(struct ctx *c, const struct sheet *s, struct product *rows, size_t row, const struct product *old)
{
	struct product *p = &rows[row];

	if (strcmp(p->base_unit, old->base_unit) != 0)
		fail_field(c, row_pointer(c, s, row, "base_unit"), E_CONFLICT, T_catalog_base_stays, old->base_unit);
	p->id = old->id;
	p->version = old->version + 1;
	p->created_at = old->created_at;
	p->active = old->active;
	p->weight_tolerance = p->weight_tolerance != INT64_MIN ? p->weight_tolerance : old->weight_tolerance;
}

static bool name_rows(struct ctx *c, struct product *rows, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		struct product *p = &rows[i];

		p->price_unit = p->price_unit ? p->price_unit : p->base_unit;
		p->pinyin = pinyin_full(c->arena, p->name);
		p->initials = pinyin_initials(c->arena, p->name);
		if (p->id != 0)
			continue;
		p->version = 1;
		p->active = true;
		p->created_at = c->now;
		if (!id_new(c, &p->id))
			return false;
	}
	return true;
}

/* New ones are inserted, known ones changed: the rows of version 1 are new. */
static bool write_rows(struct ctx *c, const struct product *rows, size_t len)
{
	struct product *is_new = ARENA_ARRAY(c->arena, len + 1, struct product);
	struct product *known = ARENA_ARRAY(c->arena, len + 1, struct product);
	size_t n = 0, k = 0;

	for (size_t i = 0; i < len; i++)
		if (rows[i].version == 1)
			is_new[n++] = rows[i];
		else
			known[k++] = rows[i];
	return product_insert(c, is_new, n) && product_update(c, known, k) && product_keys_write(c, rows, len);
}

bool catalog_import_products(struct ctx *c, const struct sheet *s)
{
	struct product *rows, *old;
	struct row_index skus, barcodes;
	size_t old_len, len = s->rows_len;
	void *read;

	if (!rows_read(c, s, product_sheet_fields, sizeof(*rows), &read))
		return false;
	rows = read;
	skus = row_index_of(c->arena, rows, sizeof(*rows), len, offsetof(struct product, sku));
	barcodes = row_index_of(c->arena, rows, sizeof(*rows), len, offsetof(struct product, barcode));
	row_index_unique(c, s, &skus, "sku");
	row_index_unique(c, s, &barcodes, "barcode");
	if (!ok(c) || !product_find_all(c, row_index_names(c->arena, &skus), &old, &old_len))
		return false;
	for (size_t i = 0; i < len; i++)
		if (rows[i].base_unit != NULL && rows[i].catch_weight && !qty_is(product_nominal(&rows[i])))
			fail_field(c, row_pointer(c, s, i, "nominal_kg"), E_REQUIRED, T_catalog_nominal_missing,
				rows[i].base_unit);
	for (size_t i = 0; i < old_len; i++)
		meet_old(c, s, rows, row_index_find(&skus, old[i].sku), &old[i]);
	return ok(c) && name_rows(c, rows, len) && write_rows(c, rows, len) && catalog_touched(c) &&
	       rows_told(c, "product.imported", "product", len);
}

/* ---- units ---- */

static bool find_products(
	struct ctx *c, const struct unit_row *rows, size_t len, struct product **p, struct row_index *by_sku)
{
	struct row_index names = row_index_of(c->arena, rows, sizeof(*rows), len, offsetof(struct unit_row, sku));
	size_t found;

	if (!product_find_all(c, row_index_names(c->arena, &names), p, &found))
		return false;
	*by_sku = row_index_of(c->arena, *p, sizeof(**p), found, offsetof(struct product, sku));
	return true;
}

static void match_unit(struct ctx *c, const struct sheet *s, size_t row, struct unit_row *u, const struct product *p,
	const struct row_index *by_sku)
{
	size_t at = row_index_find(by_sku, u->sku);

	if (at == SIZE_MAX) {
		fail_field(c, row_pointer(c, s, row, "sku"), E_UNKNOWN, T_catalog_no_product, u->sku);
		return;
	}
	u->unit.product_id = p[at].id;
	product_unit_check(c, &p[at], &u->unit, row_pointer(c, s, row, "factor_num"));
}

/* Units of a product stand together in a list as people write it; elsewhere the database refuses a second usual one. */
static void usual_once(
	struct ctx *c, const struct sheet *s, size_t row, const struct product_unit *u, int64_t *usual, size_t *len)
{
	if (!u->default_sales)
		return;
	if (*len > 0 && usual[*len - 1] == u->product_id)
		fail_field(c, row_pointer(c, s, row, "default_sales"), E_DUPLICATE, T_catalog_one_default);
	usual[(*len)++] = u->product_id;
}

bool catalog_import_units(struct ctx *c, const struct sheet *s)
{
	struct product_unit *units = ARENA_ARRAY(c->arena, s->rows_len + 1, struct product_unit);
	struct unit_row *rows;
	struct product *p;
	struct row_index by_sku, barcodes;
	int64_t *usual;
	size_t usual_len = 0;
	void *read;

	if (!rows_read(c, s, unit_sheet_fields, sizeof(*rows), &read))
		return false;
	rows = read;
	barcodes = row_index_of(c->arena, rows, sizeof(*rows), s->rows_len, offsetof(struct unit_row, unit.barcode));
	row_index_unique(c, s, &barcodes, "barcode");
	if (!find_products(c, rows, s->rows_len, &p, &by_sku))
		return false;
	usual = ARENA_ARRAY(c->arena, s->rows_len + 1, int64_t);
	for (size_t i = 0; i < s->rows_len; i++) {
		match_unit(c, s, i, &rows[i], p, &by_sku);
		units[i] = rows[i].unit;
		usual_once(c, s, i, &units[i], usual, &usual_len);
	}
	return ok(c) && product_unit_no_default(c, (struct i64s){ usual, usual_len }) &&
	       product_unit_put(c, units, s->rows_len) && product_keys_write(c, p, by_sku.len) && catalog_touched(c) &&
	       rows_told(c, "product.units_imported", "product", s->rows_len);
}
