/* order_import: orders from a table, one row a line. Rows that stand together with the same external number, customer and
 * date are one order; they come in as drafts of the channel "file", and one that is there already is left as it is. */
#include "mod/order/order_int.h"

#include "app/sheet.h"

#include <stdlib.h>
#include <string.h>

enum column { C_EXTERNAL, C_CUSTOMER, C_DATE, C_ADDRESS, C_SKU, C_QUANTITY, C_UNIT, C_PRICE, C_REMARKS, C_COUNT };
static const char *const column_names[] = { "external_id", "customer", "delivery_date", "address", "sku", "quantity",
	"unit", "price", "remarks" };
static const bool column_needed[C_COUNT] = {
	[C_CUSTOMER] = true, [C_DATE] = true, [C_SKU] = true, [C_QUANTITY] = true
};

struct table {
	const struct sheet *sheet;
	int at[C_COUNT]; /* where each column stands; -1: not there */
};

static bool columns_find(struct ctx *c, struct table *t)
{
	for (int k = 0; k < C_COUNT; k++) {
		t->at[k] = -1;
		for (size_t i = 0; i < t->sheet->cols; i++)
			if (strcmp(t->sheet->head[i], column_names[k]) == 0)
				t->at[k] = (int)i;
		if (t->at[k] < 0 && column_needed[k])
			(void)fail(c, E_INVALID, T_order_import_column, column_names[k]);
	}
	return ok(c);
}

/* NULL where the cell is empty or its column is not there. */
static const char *cell(const struct table *t, size_t row, enum column k)
{
	const char *s = t->at[k] < 0 ? "" : t->sheet->rows[row].cells[t->at[k]];

	return *s != '\0' ? s : NULL;
}

static bool same_cell(const struct table *t, size_t a, size_t b, enum column k)
{
	const char *x = cell(t, a, k), *y = cell(t, b, k);

	return x == y || (x != NULL && y != NULL && strcmp(x, y) == 0);
}

static bool same_order(const struct table *t, size_t a, size_t b)
{
	return same_cell(t, a, b, C_EXTERNAL) && same_cell(t, a, b, C_CUSTOMER) && same_cell(t, a, b, C_DATE);
}

static bool field_read(
	struct ctx *c, const struct table *t, size_t row, enum column k, const struct field *table, void *out)
{
	const char *pointer = arena_printf(c->arena, "/rows/%zu/%s", t->sheet->rows[row].number, column_names[k]);

	return field_from_text(c, field_find(table, column_names[k]), cell(t, row, k), pointer, out);
}

static bool line_read(struct ctx *c, const struct table *t, size_t row, struct order_line_in *l)
{
	static const enum column columns[] = { C_SKU, C_QUANTITY, C_UNIT, C_PRICE, C_REMARKS };

	fields_clear(order_line_in_fields, l);
	for (size_t i = 0; i < ARRAY_LEN(columns); i++)
		if (!field_read(c, t, row, columns[i], order_line_in_fields, l))
			continue; /* named; the other cells are still looked at */
	return ok(c);
}

static bool order_read(struct ctx *c, const struct table *t, size_t from, size_t to, struct order_in *in)
{
	static const enum column columns[] = { C_EXTERNAL, C_CUSTOMER, C_DATE, C_ADDRESS };

	fields_clear(order_in_fields, in);
	in->channel = enum_find(order_channel_names, "file");
	for (size_t i = 0; i < ARRAY_LEN(columns); i++)
		if (!field_read(c, t, from, columns[i], order_in_fields, in))
			continue;
	in->lines_len = to - from;
	in->lines = ARENA_ARRAY(c->arena, in->lines_len, struct order_line_in);
	for (size_t i = 0; i < in->lines_len; i++)
		if (!line_read(c, t, from + i, &in->lines[i]))
			continue;
	return ok(c);
}

/* What is wrong with the order is said of the rows it stands in: /lines/1/sku of it is, say, /rows/7/sku of the file. */
static bool rows_named(struct ctx *c, const struct table *t, size_t from)
{
	for (struct field_err *f = c->err.fields; f != NULL; f = f->next) {
		const char *member = f->pointer + 1;
		size_t row = from;
		if (strncmp(f->pointer, "/lines/", 7) == 0) {
			char *end;
			row += strtoul(f->pointer + 7, &end, 10);
			member = *end == '/' ? end + 1 : end;
		}
		f->pointer = arena_printf(c->arena, "/rows/%zu/%s", t->sheet->rows[row].number, member);
	}
	return false;
}

bool order_import(struct ctx *c, const struct sheet *s)
{
	struct table t = { .sheet = s };

	if (!columns_find(c, &t))
		return false;
	for (size_t from = 0, to; from < s->rows_len; from = to) {
		struct order_in in;
		struct order made;
		bool existed;
		for (to = from + 1; to < s->rows_len && same_order(&t, from, to);)
			to++;
		if (!order_read(c, &t, from, to, &in))
			return false;
		if (!order_create(c, &in, &made, &existed))
			return rows_named(c, &t, from);
	}
	return true;
}
