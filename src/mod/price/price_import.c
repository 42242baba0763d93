/* Prices of tiers and contracts out of a sheet, with the columns of data/wholesale. */
#include "mod/catalog/rows.h"
#include "mod/price/price_view.h"

#include "gen/customer_sql.h"
#include "gen/price_sql.h"

#include <string.h>

static const struct field sheet_fields[] = { FIELD(struct price_in, kind, T_price_kind, .max = 16, .flags = F_REQUIRED),
	FIELD(struct price_in, tier, T_price_tier, .max = 16),
	FIELD(struct price_in, customer, T_price_customer, .max = 32),
	FIELD(struct price_in, sku, T_product_sku, .max = 64, .flags = F_REQUIRED),
	FIELD(struct price_in, price_unit, T_product_price_unit, .max = 16, .flags = F_REQUIRED),
	FIELD(struct price_in, min_qty, T_price_min_qty, .max = QTY_MAX, .flags = F_UNSIGNED),
	FIELD(struct price_in, price, T_product_price, .max = PRICE_MAX, .flags = F_REQUIRED | F_UNSIGNED),
	FIELD(struct price_in, valid_from, T_price_valid_from, .flags = F_REQUIRED),
	FIELD(struct price_in, valid_to, T_price_valid_to),
	FIELD(struct price_in, contract_no, T_price_contract_no, .max = 50), FIELD_END };

/* What the rows name, found with three queries however many there are. */
struct known {
	struct product *products;
	struct row_index skus;
	struct product_unit *units;
	size_t units_len;
	struct customer *customers;
	struct row_index codes;
};

static bool find_products(struct ctx *c, struct known *k, const struct price_in *rows, size_t len)
{
	struct row_index names = row_index_of(c->arena, rows, sizeof(*rows), len, offsetof(struct price_in, sku));
	int64_t *ids;
	size_t n;

	if (!product_find_all(c, row_index_names(c->arena, &names), &k->products, &n))
		return false;
	k->skus = row_index_of(c->arena, k->products, sizeof(*k->products), n, offsetof(struct product, sku));
	ids = ARENA_ARRAY(c->arena, n + 1, int64_t);
	for (size_t i = 0; i < n; i++)
		ids[i] = k->products[i].id;
	return product_units(c, (struct i64s){ ids, n }, &k->units, &k->units_len);
}

static bool find_customers(struct ctx *c, struct known *k, const struct price_in *rows, size_t len)
{
	struct row_index names = row_index_of(c->arena, rows, sizeof(*rows), len, offsetof(struct price_in, customer));
	size_t n;

	if (!customer_by_codes(c, row_index_names(c->arena, &names), &k->customers, &n))
		return false;
	k->codes = row_index_of(c->arena, k->customers, sizeof(*k->customers), n, offsetof(struct customer, code));
	return true;
}

/* The units of one product out of all, which are ordered by product. */
static const struct product_unit *units_of(const struct known *k, int64_t product_id, size_t *len)
{
	size_t lo = 0, hi = k->units_len, end;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (k->units[mid].product_id < product_id)
			lo = mid + 1;
		else
			hi = mid;
	}
	for (end = lo; end < k->units_len && k->units[end].product_id == product_id;)
		end++;
	*len = end - lo;
	return &k->units[lo];
}

static void match_product(struct ctx *c, const struct sheet *s, size_t row, const struct known *k,
	const struct price_in *in, struct price_rule *r)
{
	size_t at = row_index_find(&k->skus, in->sku), len;
	const struct product_unit *u;
	struct ratio unit;

	if (at == SIZE_MAX) {
		fail_field(c, row_pointer(c, s, row, "sku"), E_UNKNOWN, T_catalog_no_product, in->sku);
		return;
	}
	r->product_id = k->products[at].id;
	u = units_of(k, r->product_id, &len);
	if (!unit_ratio(&k->products[at], u, len, in->price_unit, &unit))
		fail_field(c, row_pointer(c, s, row, "price_unit"), E_UNKNOWN, T_catalog_no_unit, in->price_unit,
			k->products[at].name);
}

static void match_whom(struct ctx *c, const struct sheet *s, size_t row, const struct known *k,
	const struct price_in *in, struct price_rule *r)
{
	bool contract = strcmp(in->kind, "contract") == 0;
	size_t at;

	r->customer_id = INT64_MIN;
	if (!contract && strcmp(in->kind, "tier") != 0)
		fail_field(c, row_pointer(c, s, row, "kind"), E_UNKNOWN, T_price_kinds);
	else if ((contract ? in->customer : in->tier) == NULL || (contract ? in->tier : in->customer) != NULL)
		fail_field(c, row_pointer(c, s, row, contract ? "customer" : "tier"), E_REQUIRED,
			T_price_tier_or_customer);
	if (!contract || in->customer == NULL)
		return;
	at = row_index_find(&k->codes, in->customer);
	if (at == SIZE_MAX)
		fail_field(c, row_pointer(c, s, row, "customer"), E_UNKNOWN, T_customer_no_customer, in->customer);
	else
		r->customer_id = k->customers[at].id;
}

static bool rule_of(struct ctx *c, const struct sheet *s, size_t row, const struct known *k, const struct price_in *in,
	struct price_rule *r)
{
	*r = (struct price_rule){ .kind = in->kind,
		.tier = in->tier,
		.price_unit = in->price_unit,
		.price = in->price,
		.valid_from = in->valid_from,
		.valid_to = in->valid_to,
		.contract_no = in->contract_no,
		.made_at = c->now };
	r->min_qty = qty_is(in->min_qty) ? in->min_qty : QTY_ZERO;
	if (date_is(in->valid_to) && in->valid_to.day < in->valid_from.day)
		fail_field(c, row_pointer(c, s, row, "valid_to"), E_RANGE, T_price_ends_before);
	match_product(c, s, row, k, in, r);
	match_whom(c, s, row, k, in, r);
	return id_new(c, &r->id);
}

bool price_import(struct ctx *c, const struct sheet *s)
{
	struct price_rule *rules = ARENA_ARRAY(c->arena, s->rows_len + 1, struct price_rule);
	const struct price_in *rows;
	struct known k = { 0 };
	void *read;

	if (!rows_read(c, s, sheet_fields, sizeof(*rows), &read))
		return false;
	rows = read;
	if (!find_products(c, &k, rows, s->rows_len) || !find_customers(c, &k, rows, s->rows_len))
		return false;
	for (size_t i = 0; i < s->rows_len; i++)
		if (!rule_of(c, s, i, &k, &rows[i], &rules[i]))
			return false;
	return ok(c) && price_rule_replaced(c, rules, s->rows_len) && price_rule_insert(c, rules, s->rows_len) &&
	       rows_told(c, "price.imported", "price", s->rows_len);
}
