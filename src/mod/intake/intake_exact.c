/* intake_exact: rows that name their goods by a number, with a plain quantity and unit, are what they say. All goods of a
 * list are looked up at once. */
#include "mod/intake/intake_int.h"

#include "gen/intake_sql.h"
#include "mod/catalog/catalog.h"
#include "mod/intake/intake_table.h"

#include <string.h>

static bool codes_find(
	struct ctx *c, const struct intake *in, const struct table *t, struct intake_code **out, size_t *len)
{
	const char **codes = ARENA_ARRAY(c->arena, t->rows_len + 1, const char *);
	size_t n = 0;

	*len = 0;
	for (size_t i = 0; i < t->rows_len; i++) {
		const char *code = table_cell(t, &t->rows[i], COL_SKU);
		if (table_row_counts(t, i) && *code != '\0')
			codes[n++] = code;
	}
	return n == 0 || intake_codes(c, in->customer_id, (struct strs){ codes, n }, out, len);
}

static const struct intake_code *code_of(const struct intake_code *codes, size_t len, const char *code)
{
	for (size_t i = 0; i < len; i++)
		if (strcmp(codes[i].code, code) == 0)
			return &codes[i];
	return NULL;
}

/* "2", "2件", "1.50 箱": a number, and what stands behind it is its unit. */
static bool quantity_read(struct ctx *c, const char *s, struct qty *q, const char **unit)
{
	size_t digits = strspn(s, "0123456789.");
	const char *rest = s + digits + strspn(s + digits, " ");

	*unit = *rest != '\0' ? rest : NULL;
	return digits > 0 && qty_parse(arena_strndup(c->arena, s, digits), q) && q->milli > 0;
}

static bool fits(const struct product *p, const struct product_unit *u, size_t len, const char *unit, struct qty q)
{
	struct ratio r;
	struct qty base;
	bool exact = true;

	if (!unit_ratio(p, u, len, unit, &r) || !qty_to_base(&base, q, r, &exact) || base.milli <= 0 ||
		base.milli > QTY_MAX)
		return false;
	return !p->integer_only || (exact && qty_whole(base));
}

/* Codes of UN/ECE Rec 20 and 21, and plain English, as what they may be called here; "=": as the product is counted. */
static const struct {
	const char *code, *units; /* units: parted by | */
} unit_codes[] = {
	{ "KGM", "公斤" },
	{ "KG", "公斤" },
	{ "GRM", "克" },
	{ "TNE", "吨" },
	{ "C62", "=" },
	{ "EA", "=" },
	{ "H87", "=" },
	{ "PCE", "=" },
	{ "NAR", "=" },
	{ "EACH", "=" },
	{ "PCS", "=" },
	{ "BX", "箱|盒|件" },
	{ "BOX", "箱|盒|件" },
	{ "CS", "箱|件" },
	{ "CASE", "箱|件" },
	{ "CT", "箱|件" },
	{ "CTN", "箱|件" },
	{ "CARTON", "箱|件" },
	{ "CR", "筐|箱" },
	{ "BG", "袋|包" },
	{ "BAG", "袋|包" },
	{ "SA", "袋" },
	{ "BO", "瓶" },
	{ "BOTTLE", "瓶" },
	{ "PK", "包|件|袋" },
	{ "PACK", "包|件|袋" },
	{ "PA", "包" },
	{ "BJ", "桶" },
	{ "CA", "罐|听" },
	{ "CAN", "罐|听" },
	{ "BE", "捆|把" },
	{ "BUNCH", "捆|把" },
	{ "DZN", "打" },
	{ "DOZEN", "打" },
};

static const char *names_of(struct ctx *c, const char *unit)
{
	const char *code = unit[0] == 'X' && strlen(unit) == 3 ? unit + 1 : unit; /* Rec 21 with its X in front */
	char *upper = arena_strdup(c->arena, code);

	for (char *s = upper; *s != '\0'; s++)
		*s = *s >= 'a' && *s <= 'z' ? (char)(*s - 'a' + 'A') : *s;
	for (size_t i = 0; i < ARRAY_LEN(unit_codes); i++)
		if (strcmp(unit_codes[i].code, upper) == 0)
			return unit_codes[i].units;
	return unit;
}

/* The first name that this product is sold by. */
static const char *unit_here(struct ctx *c, const struct goods *g, const char *unit, struct qty q)
{
	char *rest = arena_strdup(c->arena, names_of(c, unit)), *name;

	while ((name = strsep(&rest, "|")) != NULL) {
		const char *called = strcmp(name, "=") == 0 ? g->product->base_unit : name;
		if (fits(g->product, g->units, g->units_len, called, q))
			return called;
	}
	return NULL;
}

static bool line_exact(struct ctx *c, const struct table *t, size_t i, const struct intake_code *code,
	const struct goods *g, struct intake_line *l)
{
	const struct table_row *row = &t->rows[i];
	const char *unit = table_cell(t, row, COL_UNIT), *price = table_cell(t, row, COL_PRICE), *in_cell;
	const char *remarks = table_cell(t, row, COL_REMARK);

	fields_clear(intake_line_fields, l);
	if (g->product == NULL || !g->product->active ||
		!quantity_read(c, table_cell(t, row, COL_QUANTITY), &l->quantity, &in_cell))
		return false;
	l->unit = in_cell != NULL ? in_cell : *unit != '\0' ? unit : code->unit;
	l->unit = l->unit != NULL ? unit_here(c, g, l->unit, l->quantity) : NULL;
	if (l->unit == NULL)
		return false;
	l->op = "order";
	l->sku = g->product->sku;
	l->remarks = *remarks != '\0' ? remarks : NULL;
	if (*price != '\0' && !price_parse(price, &l->price))
		l->price = PRICE_NONE;
	l->confidence = 100;
	l->why = text_get(c->lang, T_intake_by_number);
	l->state = LN_ACCEPTED;
	l->candidates = "[]";
	intake_place(c, t, (int64_t)i, l);
	return true;
}

bool intake_exact(struct ctx *c, const struct intake *in, const struct table *t, bool *seen, struct intake_line **out,
	size_t *len)
{
	struct intake_code *codes = NULL;
	struct goods *goods;
	const char **skus;
	size_t n;

	*out = ARENA_ARRAY(c->arena, t->rows_len + 1, struct intake_line);
	*len = 0;
	if (!codes_find(c, in, t, &codes, &n) || n == 0)
		return ok(c);
	skus = ARENA_ARRAY(c->arena, n, const char *);
	for (size_t i = 0; i < n; i++)
		skus[i] = codes[i].sku;
	if (!goods_find_all(c, (struct strs){ skus, n }, &goods))
		return false;
	for (size_t i = 0; i < t->rows_len; i++) {
		const struct intake_code *code = code_of(codes, n, table_cell(t, &t->rows[i], COL_SKU));
		if (code == NULL || !table_row_counts(t, i))
			continue;
		seen[i] = line_exact(c, t, i, code, &goods[code - codes], &(*out)[*len]);
		*len += seen[i];
	}
	return true;
}
