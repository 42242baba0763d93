#include "mod/catalog/catalog.h"

#include "app/pinyin.h"
#include "gen/catalog_sql.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

const struct field product_fields[] = { FIELD(struct product, id, T_none), FIELD(struct product, version, T_none),
	FIELD(struct product, sku, T_product_sku), FIELD(struct product, name, T_product_name),
	FIELD(struct product, spec, T_product_spec), FIELD(struct product, origin, T_product_origin),
	FIELD(struct product, category, T_product_category), FIELD(struct product, base_unit, T_product_base_unit),
	FIELD(struct product, price_unit, T_product_price_unit), FIELD(struct product, list_price, T_product_price),
	FIELD(struct product, floor_price, T_product_floor_price, .flags = F_HIDDEN),
	FIELD(struct product, barcode, T_product_barcode), FIELD(struct product, integer_only, T_product_integer_only),
	FIELD(struct product, catch_weight, T_product_catch_weight),
	FIELD(struct product, nominal_kg, T_product_nominal_kg),
	FIELD(struct product, weight_tolerance, T_product_weight_tolerance),
	FIELD(struct product, shelf_life_days, T_product_shelf_life_days),
	FIELD(struct product, supplier_lead_days, T_product_supplier_lead_days),
	FIELD(struct product, location, T_product_location),
	FIELD(struct product, min_order_qty, T_product_min_order_qty),
	FIELD(struct product, aliases, T_product_aliases), FIELD(struct product, pinyin, T_product_pinyin),
	FIELD(struct product, initials, T_product_initials), FIELD(struct product, active, T_product_active),
	FIELD(struct product, created_at, T_product_created_at), FIELD_END };

const struct field product_unit_fields[] = { FIELD(struct product_unit, product_id, T_none, .flags = F_HIDDEN),
	FIELD(struct product_unit, unit, T_product_unit), FIELD(struct product_unit, num, T_product_num),
	FIELD(struct product_unit, den, T_product_den), FIELD(struct product_unit, barcode, T_product_barcode),
	FIELD(struct product_unit, default_sales, T_product_default_sales), FIELD_END };

#define FACTOR_MAX 1000000
#define DAYS_MAX   36500

const struct field unit_in_fields[] = { FIELD(struct product_unit, unit, T_product_unit, .max = 16,
						.flags = F_REQUIRED),
	FIELD(struct product_unit, num, T_product_num, .max = FACTOR_MAX, .flags = F_REQUIRED | F_POSITIVE),
	FIELD(struct product_unit, den, T_product_den, .max = FACTOR_MAX, .flags = F_POSITIVE),
	FIELD(struct product_unit, barcode, T_product_barcode, .max = 64),
	FIELD(struct product_unit, default_sales, T_product_default_sales), FIELD_END };

/* What may be said when a product is made and when it is changed. */
#define FACTS                                                                                                          \
	FIELD(struct product_in, spec, T_product_spec, .max = 100),                                                    \
		FIELD(struct product_in, origin, T_product_origin, .max = 100),                                        \
		FIELD(struct product_in, category, T_product_category, .max = 50),                                     \
		FIELD(struct product_in, price_unit, T_product_price_unit, .max = 16),                                 \
		FIELD(struct product_in, floor_price, T_product_floor_price, .max = PRICE_MAX, .flags = F_UNSIGNED),   \
		FIELD(struct product_in, barcode, T_product_barcode, .max = 64),                                       \
		FIELD_JSON(struct product_in, integer_only, T_product_integer_only),                                   \
		FIELD_JSON(struct product_in, catch_weight, T_product_catch_weight),                                   \
		FIELD_JSON(struct product_in, active, T_product_active),                                               \
		FIELD(struct product_in, nominal_kg, T_product_nominal_kg, .max = QTY_MAX, .flags = F_POSITIVE),       \
		FIELD(struct product_in, weight_tolerance, T_product_weight_tolerance, .max = 100,                     \
			.flags = F_UNSIGNED),                                                                          \
		FIELD(struct product_in, shelf_life_days, T_product_shelf_life_days, .max = DAYS_MAX,                  \
			.flags = F_UNSIGNED),                                                                          \
		FIELD(struct product_in, supplier_lead_days, T_product_supplier_lead_days, .max = DAYS_MAX,            \
			.flags = F_UNSIGNED),                                                                          \
		FIELD(struct product_in, location, T_product_location, .max = 50),                                     \
		FIELD(struct product_in, min_order_qty, T_product_min_order_qty, .max = QTY_MAX, .flags = F_UNSIGNED), \
		FIELD(struct product_in, aliases, T_product_aliases, .max = 500),                                      \
		FIELD_LIST(struct product_in, units, unit_in_fields, T_product_units, .max = 50)

const struct field product_new_fields[] = { FIELD(struct product_in, sku, T_product_sku, .max = 64,
						    .flags = F_REQUIRED),
	FIELD(struct product_in, name, T_product_name, .max = 100, .flags = F_REQUIRED),
	FIELD(struct product_in, base_unit, T_product_base_unit, .max = 16, .flags = F_REQUIRED),
	FIELD(struct product_in, price, T_product_price, .max = PRICE_MAX, .flags = F_REQUIRED | F_UNSIGNED), FACTS,
	FIELD_END };

const struct field product_change_fields[] = { FIELD(struct product_in, name, T_product_name, .max = 100),
	FIELD(struct product_in, price, T_product_price, .max = PRICE_MAX, .flags = F_UNSIGNED), FACTS, FIELD_END };

/* ---- units ---- */

static const struct weight {
	const char *unit;
	int64_t grams;
} weights[] = {
	{ "公斤", 1000 },
	{ "斤", 500 },
	{ "两", 50 },
	{ "克", 1 },
	{ "担", 50000 },
	{ "吨", 1000000 },
	{ "千克", 1000 },
	{ "kg", 1000 },
	{ "g", 1 },
	{ "市斤", 500 },
	{ "500克", 500 },
	{ "500g", 500 },
};

/* 0: not a weight */
static int64_t grams_of(const char *unit)
{
	for (size_t i = 0; i < ARRAY_LEN(weights); i++)
		if (strcmp(weights[i].unit, unit) == 0)
			return weights[i].grams;
	return 0;
}

static struct ratio reduced(int64_t num, int64_t den)
{
	int64_t a = num, b = den;

	while (b != 0) {
		int64_t rest = a % b;
		a = b;
		b = rest;
	}
	return (struct ratio){ num / a, den / a };
}

static const struct product_unit *listed(
	const struct product *p, const struct product_unit *units, size_t len, const char *unit)
{
	for (size_t i = 0; i < len; i++)
		if (units[i].product_id == p->id && strcmp(units[i].unit, unit) == 0)
			return &units[i];
	return NULL;
}

/* Units everybody knows though the product does not list them. */
static bool common_ratio(const char *base, const char *unit, struct ratio *out)
{
	int64_t of_base = grams_of(base), of_unit = grams_of(unit);

	if (of_base > 0 && of_unit > 0)
		*out = reduced(of_unit, of_base);
	else if (of_base == 0 && strcmp(unit, "打") == 0)
		*out = (struct ratio){ 12, 1 };
	else
		return false;
	return true;
}

bool unit_weighs(const char *unit)
{
	return grams_of(unit) > 0;
}

struct qty product_nominal(const struct product *p)
{
	if (!p->catch_weight)
		return QTY_NONE;
	return grams_of(p->base_unit) > 0 ? (struct qty){ grams_of(p->base_unit) } : p->nominal_kg;
}

bool unit_ratio(
	const struct product *p, const struct product_unit *units, size_t len, const char *unit, struct ratio *out)
{
	const struct product_unit *u;

	if (strcmp(unit, p->base_unit) == 0) {
		*out = (struct ratio){ 1, 1 };
		return true;
	}
	u = listed(p, units, len, unit);
	if (u == NULL && grams_of(p->base_unit) == 0 && grams_of(unit) > 0 && product_nominal(p).milli > 0) {
		*out = reduced(grams_of(unit), p->nominal_kg.milli);
		return true;
	}
	if (u == NULL)
		return common_ratio(p->base_unit, unit, out);
	*out = (struct ratio){ u->num, u->den };
	return true;
}

const char *unit_default(const struct product *p, const struct product_unit *units, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (units[i].product_id == p->id && units[i].default_sales)
			return units[i].unit;
	return p->base_unit;
}

const char *unit_split(struct ctx *c, struct qty base, struct ratio unit, const char *name, const char *base_unit)
{
	__int128 one = (__int128)unit.num * 1000, cases;
	struct qty loose;

	if (name == NULL || unit.den <= 0 || unit.num <= unit.den)
		return NULL;
	cases = (__int128)base.milli * unit.den / one;
	if (cases == 0 || cases * one % unit.den != 0)
		return NULL;
	loose.milli = base.milli - (int64_t)(cases * one / unit.den);
	if (loose.milli == 0)
		return arena_printf(c->arena, "%" PRId64 " %s", (int64_t)cases, name);
	return arena_printf(
		c->arena, "%" PRId64 " %s + %s %s", (int64_t)cases, name, qty_str(c->arena, loose), base_unit);
}

/* ---- what must hold ---- */

/* A code that is taken: 409, and the field says which. */
static bool taken(struct ctx *c, const char *pointer, const char *value)
{
	fail(c, E_CONFLICT, T_catalog_taken, value);
	return fail_field(c, pointer, E_DUPLICATE, T_catalog_taken, value);
}

static bool barcode_free(struct ctx *c, int64_t id, const char *unit, const char *barcode, const char *pointer)
{
	int64_t product_id;
	const char *of;
	bool found;

	if (barcode == NULL)
		return true;
	if (!product_by_barcode(c, barcode, &product_id, &of, &found))
		return false;
	if (!found || (product_id == id && (unit == NULL || of == NULL || strcmp(unit, of) == 0)))
		return true;
	return taken(c, pointer, barcode);
}

void product_unit_check(struct ctx *c, const struct product *p, const struct product_unit *u, const char *pointer)
{
	if (strcmp(u->unit, p->base_unit) == 0 && u->num != u->den)
		fail_field(c, pointer, E_RANGE, T_catalog_base_is_one, u->unit);
	else if (grams_of(p->base_unit) && grams_of(u->unit) &&
		 u->num * grams_of(p->base_unit) != u->den * grams_of(u->unit))
		fail_field(c, pointer, E_RANGE, T_catalog_weight_is_fixed, u->unit);
}

static bool check_units(struct ctx *c, const struct product *p, struct product_unit *u, size_t len)
{
	bool usual = false;

	for (size_t i = 0; i < len; i++) {
		const char *at = arena_printf(c->arena, "/units/%zu", i);

		if (u[i].default_sales && usual)
			fail_field(
				c, arena_printf(c->arena, "%s/default_sales", at), E_DUPLICATE, T_catalog_one_default);
		usual = usual || u[i].default_sales;
		u[i].product_id = p->id;
		u[i].den = u[i].den > 0 ? u[i].den : 1;
		if (listed(p, u, i, u[i].unit))
			fail_field(c, at, E_DUPLICATE, T_catalog_row_twice, u[i].unit);
		product_unit_check(c, p, &u[i], at);
		if (!barcode_free(c, p->id, u[i].unit, u[i].barcode, arena_printf(c->arena, "%s/barcode", at)))
			return false;
	}
	return ok(c);
}

static bool check_product(struct ctx *c, const struct product *p, const struct product_unit *u, size_t len)
{
	struct ratio r;

	if (p->catch_weight && !qty_is(product_nominal(p)))
		fail_field(c, "/nominal_kg", E_REQUIRED, T_catalog_nominal_missing, p->base_unit);
	if (!unit_ratio(p, u, len, p->price_unit, &r))
		fail_field(c, "/price_unit", E_UNKNOWN, T_catalog_no_unit, p->price_unit, p->name);
	if (price_is(p->floor_price) && price_cmp(p->floor_price, p->list_price) > 0)
		fail_field(c, "/floor_price", E_RANGE, T_catalog_floor_above);
	return ok(c) && barcode_free(c, p->id, NULL, p->barcode, "/barcode");
}

/* ---- making and changing ---- */

static bool tell(struct ctx *c, const char *kind, const struct product *p)
{
	struct event e = { .kind = kind, .entity = "product", .entity_id = p->id };
	struct buf b;
	struct json j;

	buf_init(&b, c->arena);
	json_start(&j, &b);
	json_obj(&j, NULL);
	json_str(&j, "sku", p->sku);
	json_str(&j, "name", p->name);
	json_price(&j, "price", p->list_price);
	json_price(&j, "floor_price", p->floor_price);
	json_str(&j, "price_unit", p->price_unit);
	json_bool(&j, "active", p->active);
	json_end_obj(&j);
	e.data = buf_cstr(&b);
	return event_add(c, &e);
}

static void keep_str(const char **to, const char *said, bool whole)
{
	if (said || whole)
		*to = said;
}

static void keep_int(int64_t *to, int64_t said, bool whole)
{
	if (said != INT64_MIN || whole)
		*to = said;
}

/* JSON true and 1, and the same in quotation marks, are yes. */
static void keep_bool(bool *to, const char *said)
{
	if (said && strcmp(said, "null") != 0)
		*to = strstr(said, "true") != NULL || strchr(said, '1') != NULL;
}

static void take(struct ctx *c, struct product *p, const struct product_in *in, bool whole)
{
	keep_str(&p->name, in->name, false);
	keep_str(&p->price_unit, in->price_unit, false);
	p->list_price = price_is(in->price) ? in->price : p->list_price;
	keep_str(&p->spec, in->spec, whole);
	keep_str(&p->origin, in->origin, whole);
	keep_str(&p->category, in->category, whole);
	keep_str(&p->barcode, in->barcode, whole);
	keep_str(&p->location, in->location, whole);
	keep_str(&p->aliases, in->aliases, whole);
	keep_int(&p->shelf_life_days, in->shelf_life_days, whole);
	keep_int(&p->weight_tolerance, in->weight_tolerance, whole);
	keep_int(&p->supplier_lead_days, in->supplier_lead_days, whole);
	p->floor_price = price_is(in->floor_price) || whole ? in->floor_price : p->floor_price;
	p->nominal_kg = qty_is(in->nominal_kg) || whole ? in->nominal_kg : p->nominal_kg;
	p->min_order_qty = qty_is(in->min_order_qty) || whole ? in->min_order_qty : p->min_order_qty;
	keep_bool(&p->integer_only, in->integer_only);
	keep_bool(&p->catch_weight, in->catch_weight);
	keep_bool(&p->active, in->active);
	p->pinyin = pinyin_full(c->arena, p->name);
	p->initials = pinyin_initials(c->arena, p->name);
}

static bool sku_free(struct ctx *c, const char *sku)
{
	struct product other;
	bool found;

	if (!product_find(c, sku, &other, &found))
		return false;
	return found ? taken(c, "/sku", sku) : true;
}

bool product_create(struct ctx *c, const struct product_in *in, int64_t *id)
{
	struct product p = { .sku = in->sku,
		.base_unit = in->base_unit,
		.price_unit = in->base_unit,
		.version = 1,
		.active = true,
		.created_at = c->now };

	take(c, &p, in, true);
	if (!sku_free(c, p.sku) || !id_new(c, &p.id) || !check_units(c, &p, in->units, in->units_len) ||
		!check_product(c, &p, in->units, in->units_len))
		return false;
	*id = p.id;
	return product_insert(c, &p, 1) && product_unit_put(c, in->units, in->units_len) &&
	       product_keys_write(c, &p, 1) && catalog_touched(c) && tell(c, "product.created", &p);
}

static bool lock(struct ctx *c, int64_t id, int64_t version, struct product *p)
{
	int64_t now;

	if (!product_lock(c, id, &now) || !product_get(c, id, p))
		return false;
	if (version != INT64_MIN && version != p->version)
		return fail(c, E_VERSION, T_catalog_changed_meanwhile, p->name);
	p->version++;
	return true;
}

/* The units as they will be: those given, else those there are. */
static bool units_after(
	struct ctx *c, const struct product *p, const struct product_in *in, struct product_unit **u, size_t *len)
{
	*u = in->units;
	*len = in->units_len;
	if (in->units_len == 0)
		return product_units(c, (struct i64s){ &p->id, 1 }, u, len);
	return check_units(c, p, in->units, in->units_len) && product_unit_delete_all(c, p->id) &&
	       product_unit_put(c, in->units, in->units_len);
}

/* The row, its keys and the event, after p was changed. */
static bool save(struct ctx *c, const struct product *p)
{
	return product_update(c, p, 1) && product_keys_write(c, p, 1) && catalog_touched(c) &&
	       tell(c, "product.changed", p);
}

bool product_change(struct ctx *c, int64_t id, int64_t version, const struct product_in *in, bool whole)
{
	struct product p;
	struct product_unit *u;
	size_t len;

	if (!lock(c, id, version, &p))
		return false;
	take(c, &p, in, whole);
	return units_after(c, &p, in, &u, &len) && check_product(c, &p, u, len) && save(c, &p);
}

bool product_unit_set(struct ctx *c, int64_t id, const struct product_unit *in)
{
	struct product p;
	struct product_unit u = *in;

	u.product_id = id;
	u.den = u.den > 0 ? u.den : 1;
	if (!lock(c, id, INT64_MIN, &p))
		return false;
	product_unit_check(c, &p, &u, "/unit");
	if (!ok(c) || !barcode_free(c, id, u.unit, u.barcode, "/barcode"))
		return false;
	if (u.default_sales && !product_unit_no_default(c, (struct i64s){ &id, 1 }))
		return false;
	return product_unit_put(c, &u, 1) && save(c, &p);
}

bool product_unit_drop(struct ctx *c, int64_t id, const char *unit)
{
	struct product p;
	int64_t gone;

	if (!lock(c, id, INT64_MIN, &p))
		return false;
	if (strcmp(unit, p.price_unit) == 0)
		return fail(c, E_CONFLICT, T_catalog_unit_prices, unit);
	if (!product_unit_delete(c, id, unit, &gone))
		return false;
	return gone == 1 ? save(c, &p) : fail(c, E_NOT_FOUND, T_catalog_no_unit, unit, p.name);
}

/* ---- finding ---- */

bool product_named(struct ctx *c, const char *name, struct product *out)
{
	char *end;
	long long id = strtoll(name, &end, 10);
	bool found;

	if (!product_find(c, name, out, &found))
		return false;
	if (found)
		return true;
	return *name && *end == '\0' ? product_get(c, id, out) : fail(c, E_NOT_FOUND, T_catalog_no_product, name);
}

/* Beyond this many keys the goods in order of their code are gone along: a page is full soon. */
#define FEW_KEYS 2000

bool product_list(struct ctx *c, const char *q, const char *after, int64_t limit, struct product **out, size_t *len)
{
	const char *key, *end;
	int64_t keys;

	if (q == NULL)
		return product_page(c, after, limit, out, len);
	key = name_fold(c->arena, q);
	end = key_end(c->arena, key);
	if (!product_key_count(c, key, end, FEW_KEYS, &keys))
		return false;
	return keys < FEW_KEYS ? product_search_few(c, key, end, after, limit, out, len)
			       : product_search_many(c, key, end, after, limit, out, len);
}

bool product_by_barcode(struct ctx *c, const char *barcode, int64_t *product_id, const char **unit, bool *found)
{
	struct product_barcode b;

	if (!product_barcode(c, barcode, &b, found))
		return false;
	*product_id = b.product_id;
	*unit = b.unit;
	return true;
}
