/* Customers and what they call our goods out of sheets, with the columns of data/wholesale. */
#include "mod/customer/customer_row.h"

#include "gen/customer_sql.h"
#include "mod/catalog/catalog.h"
#include "mod/catalog/rows.h"

#include <string.h>

static const struct field customer_sheet_fields[] = { FIELD(struct customer, code, T_customer_code, .max = 32,
							      .flags = F_REQUIRED),
	FIELD(struct customer, name, T_customer_name, .max = 100, .flags = F_REQUIRED),
	FIELD(struct customer, short_name, T_customer_short_name, .max = 50),
	FIELD(struct customer, contact, T_customer_contact, .max = 50),
	FIELD(struct customer, phone, T_customer_phone, .max = 50),
	FIELD(struct customer, email, T_customer_email, .max = 200),
	FIELD(struct customer, address, T_customer_address, .max = 200),
	FIELD(struct customer, tier, T_customer_tier, .max = 16),
	FIELD(struct customer, credit_limit, T_customer_credit_limit, .max = MONEY_MAX, .flags = F_UNSIGNED),
	FIELD(struct customer, credit_days, T_customer_credit_days, .max = 365, .flags = F_UNSIGNED),
	FIELD(struct customer, delivery_window, T_customer_delivery_window, .max = 20),
	FIELD(struct customer, payment, T_customer_payment, .max = 50),
	FIELD(struct customer, salesperson, T_customer_salesperson, .max = 50),
	FIELD(struct customer, aliases, T_customer_aliases, .max = 500),
	FIELD(struct customer, remarks, T_customer_remarks, .max = 1000, .flags = F_LINES), FIELD_END };

struct alias_row {
	const char *customer, *alias, *sku;
};
static const struct field alias_sheet_fields[] = { FIELD(struct alias_row, customer, T_customer_code, .max = 32,
							   .flags = F_REQUIRED),
	FIELD(struct alias_row, alias, T_customer_alias, .max = 50, .flags = F_REQUIRED),
	FIELD(struct alias_row, sku, T_product_sku, .max = 64, .flags = F_REQUIRED), FIELD_END };

/* ---- customers ---- */

static void meet_old(struct customer *u, const struct customer *old)
{
	u->id = old->id;
	u->version = old->version + 1;
	u->created_at = old->created_at;
	u->active = old->active;
	u->remarks = u->remarks ? u->remarks : old->remarks;
}

static bool name_rows(struct ctx *c, struct customer *rows, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (rows[i].id > 0)
			continue;
		rows[i].version = 1;
		rows[i].active = true;
		rows[i].created_at = c->now;
		if (!id_new(c, &rows[i].id))
			return false;
	}
	return true;
}

/* The rows of version 1 are new. */
static bool write_rows(struct ctx *c, const struct customer *rows, size_t len)
{
	struct customer *is_new = ARENA_ARRAY(c->arena, len + 1, struct customer);
	struct customer *known = ARENA_ARRAY(c->arena, len + 1, struct customer);
	size_t n = 0, k = 0;

	for (size_t i = 0; i < len; i++)
		if (rows[i].version == 1)
			is_new[n++] = rows[i];
		else
			known[k++] = rows[i];
	return customer_insert(c, is_new, n) && customer_update(c, known, k) && customer_keys_write(c, rows, len);
}

bool customer_import(struct ctx *c, const struct sheet *s)
{
	struct customer *rows, *old;
	struct row_index codes;
	size_t old_len, len = s->rows_len;
	void *read;

	if (!rows_read(c, s, customer_sheet_fields, sizeof(*rows), &read))
		return false;
	rows = read;
	codes = row_index_of(c->arena, rows, sizeof(*rows), len, offsetof(struct customer, code));
	row_index_unique(c, s, &codes, "code");
	if (!ok(c) || !customer_by_codes(c, row_index_names(c->arena, &codes), &old, &old_len))
		return false;
	for (size_t i = 0; i < old_len; i++)
		meet_old(&rows[row_index_find(&codes, old[i].code)], &old[i]);
	return name_rows(c, rows, len) && write_rows(c, rows, len) &&
	       rows_told(c, "customer.imported", "customer", len);
}

/* ---- what they call our goods ---- */

static bool customers_of(struct ctx *c, const struct row_index *codes, struct customer **u, struct row_index *x)
{
	size_t len;

	if (!customer_by_codes(c, row_index_names(c->arena, codes), u, &len))
		return false;
	*x = row_index_of(c->arena, *u, sizeof(**u), len, offsetof(struct customer, code));
	return true;
}

static bool products_of(struct ctx *c, const struct row_index *skus, struct row_index *x)
{
	struct product *p;
	size_t len;

	if (!product_find_all(c, row_index_names(c->arena, skus), &p, &len))
		return false;
	*x = row_index_of(c->arena, p, sizeof(*p), len, offsetof(struct product, sku));
	return true;
}

bool customer_import_aliases(struct ctx *c, const struct sheet *s)
{
	struct customer_alias *out = ARENA_ARRAY(c->arena, s->rows_len + 1, struct customer_alias);
	struct row_index codes, skus, known_customers, known_skus;
	struct alias_row *rows;
	struct customer *u;
	void *read;

	if (!rows_read(c, s, alias_sheet_fields, sizeof(*rows), &read))
		return false;
	rows = read;
	codes = row_index_of(c->arena, rows, sizeof(*rows), s->rows_len, offsetof(struct alias_row, customer));
	skus = row_index_of(c->arena, rows, sizeof(*rows), s->rows_len, offsetof(struct alias_row, sku));
	if (!customers_of(c, &codes, &u, &known_customers) || !products_of(c, &skus, &known_skus))
		return false;
	for (size_t i = 0; i < s->rows_len; i++) {
		size_t at = row_index_find(&known_customers, rows[i].customer);

		if (at == SIZE_MAX)
			fail_field(c, row_pointer(c, s, i, "customer"), E_UNKNOWN, T_customer_no_customer,
				rows[i].customer);
		if (row_index_find(&known_skus, rows[i].sku) == SIZE_MAX)
			fail_field(c, row_pointer(c, s, i, "sku"), E_UNKNOWN, T_catalog_no_product, rows[i].sku);
		out[i] = (struct customer_alias){ at == SIZE_MAX ? 0 : u[at].id, rows[i].alias, rows[i].sku, NULL };
	}
	return ok(c) && customer_alias_put(c, out, s->rows_len) &&
	       rows_told(c, "customer.aliases_imported", "customer", s->rows_len);
}
