/* What lies there on the first day, out of a sheet with the columns of data/wholesale. */
#include "mod/stock/stock_int.h"

#include "app/sheet.h"
#include "gen/stock_sql.h"
#include "mod/catalog/rows.h"

#include <stdlib.h>
#include <string.h>

struct stock_row {
	const char *sku, *warehouse, *location, *lot;
	struct date expires;
	struct qty quantity;
};

static const struct field sheet_fields[] = {
	FIELD(struct stock_row, sku, T_product_sku, .max = 64, .flags = F_REQUIRED),
	FIELD(struct stock_row, warehouse, T_stock_warehouse, .max = 32),
	FIELD(struct stock_row, location, T_stock_location, .max = 50),
	FIELD(struct stock_row, lot, T_stock_lot, .max = 64),
	FIELD(struct stock_row, expires, T_stock_expires),
	FIELD(struct stock_row, quantity, T_stock_quantity, .max = QTY_MAX, .flags = F_REQUIRED | F_UNSIGNED),
	FIELD_END,
};

/* The products of the sheet, and the lots of them that are here already. */
struct known {
	struct product *products;
	struct row_index skus;
	struct stock_lot *lots;
	size_t lots_len;
};

static bool know(struct ctx *c, const struct stock_row *rows, size_t len, struct known *k)
{
	struct row_index names = row_index_of(c->arena, rows, sizeof(*rows), len, offsetof(struct stock_row, sku));
	struct stock_part *levels;
	struct i64s ids;
	int64_t *at;
	size_t found, levels_len;

	if (!product_find_all(c, row_index_names(c->arena, &names), &k->products, &found))
		return false;
	k->skus = row_index_of(c->arena, k->products, sizeof(*k->products), found, offsetof(struct product, sku));
	at = ARENA_ARRAY(c->arena, found + 1, int64_t);
	for (size_t i = 0; i < found; i++)
		at[i] = k->products[i].id;
	ids = (struct i64s){ at, found };
	return stock_level_lock(c, ids, &levels, &levels_len) && stock_lots(c, ids, &k->lots, &k->lots_len);
}

static struct stock_change change_of(struct ctx *c, const struct stock_row *row, const struct product *p)
{
	const char *expires = date_is(row->expires) ? date_str(c->arena, row->expires) : NULL;

	return (struct stock_change){
		.product_id = p->id,
		.warehouse = row->warehouse ? row->warehouse : "main",
		.location = row->location ? row->location
			    : p->location ? p->location
					  : "-",
		.lot = row->lot  ? row->lot
		       : expires ? expires
				 : "",
		.expires = expires,
		.order_id = INT64_MIN,
		.line = INT64_MIN,
		.on_hand = row->quantity,
		.at = c->now,
		.shipment_id = INT64_MIN,
		.actor_id = c->actor->id,
		.reason = "opening",
	};
}

static void match(struct ctx *c, const struct sheet *s, size_t i, const struct stock_row *row, const struct known *k,
	struct stock_change *out)
{
	size_t at = row_index_find(&k->skus, row->sku);
	const struct stock_lot *old;

	if (at == SIZE_MAX) {
		fail_field(c, row_pointer(c, s, i, "sku"), E_UNKNOWN, T_catalog_no_product, row->sku);
		return;
	}
	*out = change_of(c, row, &k->products[at]);
	old = stock_lot_find(k->lots, k->lots_len, out);
	if (!stock_lot_dated(old, out->expires))
		fail_field(c, row_pointer(c, s, i, "expires"), E_DUPLICATE, T_stock_other_date, out->lot,
			old->expires ? old->expires : "-");
	if (k->products[at].integer_only && !qty_whole(out->on_hand))
		fail_field(c, row_pointer(c, s, i, "quantity"), E_WHOLE, T_err_whole);
}

bool stock_import(struct ctx *c, const struct sheet *s)
{
	struct stock_change *ch = ARENA_ARRAY(c->arena, s->rows_len + 1, struct stock_change);
	struct stock_row *rows;
	struct known k;
	void *read;

	if (!rows_read(c, s, sheet_fields, sizeof(*rows), &read))
		return false;
	rows = read;
	if (!know(c, rows, s->rows_len, &k))
		return false;
	for (size_t i = 0; i < s->rows_len; i++)
		match(c, s, i, &rows[i], &k, &ch[i]);
	return ok(c) && stock_write_goods(c, ch, s->rows_len) && rows_told(c, "stock.imported", "stock", s->rows_len);
}
