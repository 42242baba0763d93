/* What the clerk sees while typing a product: name, unit, this customer's price on that day, and what is
 * free. */
#include "mod/catalog/catalog_keys.h"
#include "mod/catalog/catalog_view.h"
#include "mod/price/price_row.h"
#include "mod/stock/stock.h"

#include "app/pinyin.h"
#include "gen/price_sql.h"

#include <stdlib.h>
#include <string.h>

const struct field offer_hit_fields[] = { FIELD(struct offer_hit, key, T_none), FIELD(struct offer_hit, rank, T_none),
	FIELD(struct offer_hit, customer_id, T_none), FIELD(struct offer_hit, tier, T_none),
	FIELD_AS(struct offer_hit, product.id, "id", T_none),
	FIELD_AS(struct offer_hit, product.version, "version", T_none),
	FIELD_AS(struct offer_hit, product.sku, "sku", T_none),
	FIELD_AS(struct offer_hit, product.name, "name", T_none),
	FIELD_AS(struct offer_hit, product.spec, "spec", T_none),
	FIELD_AS(struct offer_hit, product.origin, "origin", T_none),
	FIELD_AS(struct offer_hit, product.base_unit, "base_unit", T_none),
	FIELD_AS(struct offer_hit, product.price_unit, "price_unit", T_none),
	FIELD_AS(struct offer_hit, product.list_price, "list_price", T_none),
	FIELD_AS(struct offer_hit, product.floor_price, "floor_price", T_none), FIELD_END };

const struct field offer_fields[] = { FIELD(struct offer, id, T_none), FIELD(struct offer, sku, T_product_sku),
	FIELD(struct offer, name, T_product_name), FIELD(struct offer, spec, T_product_spec),
	FIELD(struct offer, origin, T_product_origin), FIELD(struct offer, base_unit, T_product_base_unit),
	FIELD(struct offer, unit, T_product_unit),
	FIELD_LIST(struct offer, units, product_unit_fields, T_product_units),
	FIELD(struct offer, price, T_product_price), FIELD(struct offer, price_unit, T_product_price_unit),
	FIELD(struct offer, price_source, T_price_source), FIELD(struct offer, price_words, T_price_words),
	FIELD(struct offer, floor_price, T_product_floor_price), FIELD(struct offer, available, T_price_available),
	FIELD(struct offer, matched, T_customer_matched), FIELD(struct offer, own_name, T_price_own_name), FIELD_END };

/* ---- which products, the best first ---- */

/* The customer's own name, then what was typed in full, then by kind of key, then the shorter key. */
static int by_merit(const void *a, const void *b)
{
	const struct offer_hit *x = a, *y = b;
	size_t n = strlen(x->key), m = strlen(y->key);

	if (x->rank != y->rank && (x->rank < 0 || y->rank < 0))
		return x->rank < 0 ? -1 : 1;
	if (n != m)
		return n < m ? -1 : 1;
	if (x->rank != y->rank)
		return x->rank < y->rank ? -1 : 1;
	return strcmp(x->product.sku, y->product.sku);
}

/* Every product once, with its best key. */
static size_t best(struct offer_hit *hits, size_t len)
{
	size_t n = 0;

	if (len > 0)
		qsort(hits, len, sizeof(*hits), by_merit);
	for (size_t i = 0; i < len && n < OFFERS_MAX; i++) {
		size_t known = 0;

		while (known < n && hits[known].product.id != hits[i].product.id)
			known++;
		if (known == n)
			hits[n++] = hits[i];
	}
	return n;
}

static bool find_hits(struct ctx *c, const char *q, const char *customer, struct offer_hit **hits, size_t *len)
{
	const char *key = name_fold(c->arena, q);
	char *end = NULL;
	long long id = customer ? strtoll(customer, &end, 10) : 0;

	*len = 0;
	if (*key == '\0')
		return true;
	if (!offer_hits(c, key, key_end(c->arena, key), customer,
		    customer && *customer && *end == '\0' ? id : INT64_MIN, hits, len))
		return false;
	*len = best(*hits, *len);
	return true;
}

/* ---- what there is to say of them ---- */

static void share_units(struct offer *o, const struct product *p, struct product_unit *u, size_t len)
{
	size_t i = 0;

	while (i < len && u[i].product_id != o->id)
		i++;
	o->units = &u[i];
	while (i < len && u[i++].product_id == o->id)
		o->units_len++;
	o->unit = unit_default(p, o->units, o->units_len);
}

static bool add_prices(struct ctx *c, const struct offer_hit *hits, struct offer *o, size_t len, struct date on)
{
	struct price_question q[OFFERS_MAX];
	struct price_answer a[OFFERS_MAX];
	size_t of[OFFERS_MAX], n = 0;
	struct customer who = { .id = hits[0].customer_id, .tier = hits[0].tier };
	struct ratio unit;

	for (size_t i = 0; i < len; i++) {
		const struct product *p = &hits[i].product;

		if (!unit_ratio(p, o[i].units, o[i].units_len, p->price_unit, &unit))
			continue;
		of[n] = i;
		q[n++] = (struct price_question){ p, o[i].units, o[i].units_len, QTY_ZERO };
	}
	if (!price_all(c, who.id == INT64_MIN ? NULL : &who, on, q, n, a))
		return false;
	for (size_t i = 0; i < n; i++) {
		o[of[i]].price = a[i].price;
		o[of[i]].price_unit = a[i].price_unit;
		o[of[i]].price_source = a[i].source;
		o[of[i]].price_words = price_source_text(c, a[i].source);
		o[of[i]].floor_price = sees_floor(c) ? a[i].floor : PRICE_NONE;
	}
	return true;
}

static bool add_stock(struct ctx *c, struct offer *o, const int64_t *ids, size_t len, struct date on)
{
	struct stock_free *free_of;
	size_t n;

	if (!stock_free_all(c, (struct i64s){ ids, len }, on, &free_of, &n))
		return false;
	for (size_t i = 0; i < len; i++)
		for (size_t k = 0; k < n; k++)
			if (free_of[k].product_id == o[i].id)
				o[i].available = free_of[k].available;
	return true;
}

bool offers_find(struct ctx *c, const char *q, const char *customer, struct date on, struct offer **out, size_t *len)
{
	struct offer *o = ARENA_ARRAY(c->arena, OFFERS_MAX, struct offer);
	int64_t ids[OFFERS_MAX];
	struct offer_hit *hits = NULL;
	struct product_unit *u;
	size_t units;

	*out = o;
	if (!find_hits(c, q, customer, &hits, len) || *len == 0)
		return ok(c);
	for (size_t i = 0; i < *len; i++) {
		const struct product *p = &hits[i].product;

		ids[i] = p->id;
		o[i] = (struct offer){ .id = p->id,
			.sku = p->sku,
			.name = p->name,
			.spec = p->spec,
			.origin = p->origin,
			.base_unit = p->base_unit,
			.price = PRICE_NONE,
			.floor_price = PRICE_NONE,
			.matched = hits[i].key,
			.own_name = hits[i].rank < 0 };
	}
	if (!product_units(c, (struct i64s){ ids, *len }, &u, &units))
		return false;
	for (size_t i = 0; i < *len; i++)
		share_units(&o[i], &hits[i].product, u, units);
	return add_prices(c, hits, o, *len, on) && add_stock(c, o, ids, *len, on);
}
