/* Pages and answers of the catalogue. */
#include "mod/catalog/catalog_keys.h"
#include "mod/catalog/catalog_view.h"

#include "app/pinyin.h"
#include "gen/catalog_sql.h"
#include "gen/tmpl.h"

#include <inttypes.h>
#include <string.h>

const struct field product_view_fields[] = { FIELD_AS(struct product_view, product.id, "id", T_none,
						     .flags = F_READONLY),
	FIELD_AS(struct product_view, product.version, "version", T_none, .flags = F_READONLY),
	FIELD_AS(struct product_view, product.sku, "sku", T_product_sku),
	FIELD_AS(struct product_view, product.name, "name", T_product_name),
	FIELD_AS(struct product_view, product.spec, "spec", T_product_spec),
	FIELD_AS(struct product_view, product.origin, "origin", T_product_origin),
	FIELD_AS(struct product_view, product.category, "category", T_product_category),
	FIELD_AS(struct product_view, product.base_unit, "base_unit", T_product_base_unit),
	FIELD_AS(struct product_view, product.list_price, "price", T_product_price),
	FIELD_AS(struct product_view, product.price_unit, "price_unit", T_product_price_unit),
	FIELD(struct product_view, floor_price, T_product_floor_price),
	FIELD_AS(struct product_view, product.barcode, "barcode", T_product_barcode),
	FIELD_AS(struct product_view, product.integer_only, "integer_only", T_product_integer_only),
	FIELD_AS(struct product_view, product.catch_weight, "catch_weight", T_product_catch_weight),
	FIELD_AS(struct product_view, product.nominal_kg, "nominal_kg", T_product_nominal_kg),
	FIELD_AS(struct product_view, product.weight_tolerance, "weight_tolerance", T_product_weight_tolerance),
	FIELD_AS(struct product_view, product.shelf_life_days, "shelf_life_days", T_product_shelf_life_days),
	FIELD_AS(struct product_view, product.supplier_lead_days, "supplier_lead_days", T_product_supplier_lead_days),
	FIELD_AS(struct product_view, product.location, "location", T_product_location),
	FIELD_AS(struct product_view, product.min_order_qty, "min_order_qty", T_product_min_order_qty),
	FIELD_AS(struct product_view, product.aliases, "aliases", T_product_aliases),
	FIELD_AS(struct product_view, product.active, "active", T_product_active),
	FIELD_LIST(struct product_view, units, product_unit_fields, T_product_units), FIELD_END };

const struct field product_query_fields[] = { FIELD(struct product_query, q, T_product_search, .max = 100), FIELD_END };

struct unit_drop_in {
	const char *unit;
};
static const struct field unit_drop_fields[] = {
	FIELD(struct unit_drop_in, unit, T_product_unit, .max = 16, .flags = F_REQUIRED), FIELD_END
};

static const struct view product_one = { product_view_fields, PAGE(tmpl_catalog_product) };
static const struct view product_item = { product_view_fields, NULL };

bool sees_floor(const struct ctx *c)
{
	return c->actor->role == ROLE_reviewer || c->actor->role == ROLE_admin || c->actor->role == ROLE_system;
}

/* ---- views ---- */

/* Units come ordered by product: each view takes its run of them. */
static void share_units(struct product_view *v, struct product_unit *u, size_t len)
{
	size_t i = 0;

	while (i < len && u[i].product_id != v->product.id)
		i++;
	v->units = &u[i];
	while (i < len && u[i].product_id == v->product.id) {
		i++;
		v->units_len++;
	}
}

static void line_up_units(struct arena *a, struct product_view *v)
{
	v->lines = ARENA_ARRAY(a, v->units_len + 1, struct unit_line);
	for (size_t i = 0; i < v->units_len; i++) {
		const struct product_unit *u = &v->units[i];
		const char *holds = u->num % u->den == 0 ? arena_printf(a, "%" PRId64, u->num / u->den)
							 : arena_printf(a, "%" PRId64 "/%" PRId64, u->num, u->den);

		if (strcmp(u->unit, v->product.base_unit) != 0)
			v->lines[v->lines_len++] = (struct unit_line){ u->unit, holds, u->barcode, u->default_sales };
	}
}

bool product_view_list(struct ctx *c, const struct product *p, size_t len, struct product_view **out)
{
	struct product_view *v = ARENA_ARRAY(c->arena, len + 1, struct product_view);
	int64_t *ids = ARENA_ARRAY(c->arena, len + 1, int64_t);
	struct product_unit *u;
	size_t units;

	for (size_t i = 0; i < len; i++)
		ids[i] = p[i].id;
	if (!product_units(c, (struct i64s){ ids, len }, &u, &units))
		return false;
	for (size_t i = 0; i < len; i++) {
		v[i] = (struct product_view){ .product = p[i], .sees_floor = sees_floor(c) };
		v[i].floor_price = v[i].sees_floor ? p[i].floor_price : PRICE_NONE;
		share_units(&v[i], u, units);
		line_up_units(c->arena, &v[i]);
	}
	*out = v;
	return true;
}

static bool view_of(struct ctx *c, int64_t id, struct product_view **out)
{
	struct product p;

	return product_get(c, id, &p) && product_view_list(c, &p, 1, out);
}

static struct done *answer(struct ctx *c, struct req *r, int64_t id)
{
	struct product_view *v;

	if (!view_of(c, id, &v))
		return reply_error(r);
	return reply_moved(r, &product_one, v, "/products/%lld", (long long)id);
}

/* ---- handlers ---- */

static struct done *list_get(struct ctx *c, struct req *r)
{
	const struct product_query *in = req_in(r);
	struct paging at = req_paging(r);
	struct product_list v = { .q = in->q };
	const struct product *last;
	struct product *p;
	int64_t next;
	size_t len;

	if (!product_list(c, in->q, at.after_key, at.limit + 1, &p, &len))
		return reply_error(r);
	v.rows_len = len > (size_t)at.limit ? (size_t)at.limit : len;
	if (!product_view_list(c, p, v.rows_len, &v.rows))
		return reply_error(r);
	last = v.rows_len > 0 ? &p[v.rows_len - 1] : &(struct product){ 0 };
	next = len > v.rows_len ? last->id : 0;
	v.next_url = req_next(r, next, last->sku);
	return reply_list(r, &product_item, v.rows, v.rows_len, next, last->sku, PAGE(tmpl_catalog_list), &v);
}

static struct done *create_post(struct ctx *c, struct req *r)
{
	struct product_view *v;
	int64_t id;

	if (!product_create(c, req_in(r), &id) || !view_of(c, id, &v))
		return reply_error(r);
	return reply_created(r, &product_one, v, "/products/%lld", (long long)id);
}

static struct done *one_get(struct ctx *c, struct req *r)
{
	struct product p;
	struct product_view *v;

	if (!product_named(c, req_name(r), &p) || !product_view_list(c, &p, 1, &v))
		return reply_error(r);
	return reply_view(r, &product_one, v);
}

static struct done *change_post(struct ctx *c, struct req *r)
{
	struct product p;

	if (!product_named(c, req_name(r), &p) ||
		!product_change(c, p.id, req_version(r), req_in(r), req_wants_page(r)))
		return reply_error(r);
	return answer(c, r, p.id);
}

static struct done *unit_post(struct ctx *c, struct req *r)
{
	struct product p;

	if (!product_named(c, req_name(r), &p) || !product_unit_set(c, p.id, req_in(r)))
		return reply_error(r);
	return answer(c, r, p.id);
}

static struct done *unit_drop_post(struct ctx *c, struct req *r)
{
	const struct unit_drop_in *in = req_in(r);
	struct product p;

	if (!product_named(c, req_name(r), &p) || !product_unit_drop(c, p.id, in->unit))
		return reply_error(r);
	return answer(c, r, p.id);
}

static const struct route routes[] = { { GET, "/products", RIGHT_look, product_query_fields,
					       sizeof(struct product_query), list_get, T_catalog_list, ROUTE_LIST,
					       &product_item },
	{ POST, "/products", RIGHT_catalog_edit, product_new_fields, sizeof(struct product_in), create_post,
		T_catalog_new, 0, &product_one },
	{ GET, "/products/:name", RIGHT_look, NULL, 0, one_get, T_catalog_product, 0, &product_one },
	{ POST, "/products/:name", RIGHT_catalog_edit, product_change_fields, sizeof(struct product_in), change_post,
		T_catalog_change, 0, &product_one },
	{ POST, "/products/:name/units", RIGHT_catalog_edit, unit_in_fields, sizeof(struct product_unit), unit_post,
		T_catalog_unit_set, 0, &product_one },
	{ POST, "/products/:name/units/drop", RIGHT_catalog_edit, unit_drop_fields, sizeof(struct unit_drop_in),
		unit_drop_post, T_catalog_unit_drop, 0, &product_one },
	ROUTE_END };

static const struct menu menu[] = {
	{ T_menu_products, "/products", 70, RIGHT_look },
	{ .path = NULL },
};

static const struct import imports[] = {
	{ "products", catalog_import_products },
	{ "units", catalog_import_units },
	{ NULL, NULL },
};

const struct module catalog_module = {
	.name = "catalog",
	.routes = routes,
	.menu = menu,
	.imports = imports,
};
