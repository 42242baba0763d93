/* doc: see doc.h. Here: what stands in the columns of each document, and how the delivery note ends. */
#include "app/doc.h"

#include "app/doc_sheet.h"

#include <inttypes.h>
#include <string.h>

/* ---- cells ---- */

static const char *of_line(struct ctx *c, const struct doc_line *l)
{
	return arena_printf(c->arena, "%" PRId64, l->line);
}

static const char *of_sku(struct ctx *c, const struct doc_line *l)
{
	return doc_join(c, l->sku, " ", l->barcode);
}

static const char *of_name(struct ctx *c, const struct doc_line *l)
{
	(void)c;
	return l->name;
}

static const char *of_spec(struct ctx *c, const struct doc_line *l)
{
	(void)c;
	return l->spec;
}

static const char *of_unit(struct ctx *c, const struct doc_line *l)
{
	(void)c;
	return l->unit;
}

static const char *of_pieces(struct ctx *c, const struct doc_line *l)
{
	return qty_is(l->quantity) ? qty_str(c->arena, l->quantity) : NULL;
}

static const char *of_quantity(struct ctx *c, const struct doc_line *l)
{
	return qty_is(l->base) ? doc_join(c, qty_str(c->arena, l->base), "", l->base_unit) : NULL;
}

static const char *of_price(struct ctx *c, const struct doc_line *l)
{
	return price_is(l->price) ? doc_join(c, price_str(c->arena, l->price), "/", l->price_unit) : NULL;
}

static const char *of_amount(struct ctx *c, const struct doc_line *l)
{
	return money_is(l->amount) ? money_show(c->arena, l->amount) : NULL;
}

static const char *of_lot(struct ctx *c, const struct doc_line *l)
{
	return doc_join(c, doc_join(c, l->lot, " ", l->origin), " ", l->expires);
}

static const char *of_lot_short(struct ctx *c, const struct doc_line *l)
{
	return doc_join(c, l->lot, " ", l->expires);
}

static const char *of_remarks(struct ctx *c, const struct doc_line *l)
{
	(void)c;
	return l->remarks;
}

static const char *of_location(struct ctx *c, const struct doc_line *l)
{
	(void)c;
	return l->location;
}

static const char *of_count(struct ctx *c, const struct doc_line *l)
{
	return doc_join(c, of_pieces(c, l), " ", l->unit);
}

/* Full cases and what is loose; what it is together, where that is another unit. */
static const char *of_to_pick(struct ctx *c, const struct doc_line *l)
{
	bool same = l->unit == NULL || l->base_unit == NULL || strcmp(l->unit, l->base_unit) == 0;

	if (l->split != NULL)
		return doc_join(c, l->split, " = ", of_quantity(c, l));
	return same ? of_count(c, l) : doc_join(c, of_count(c, l), " = ", of_quantity(c, l));
}

/* ---- 送货单 ---- */

static const struct doc_col priced[] = {
	{ T_doc_line, 24, PDF_CENTER, of_line, SUM_NONE },
	{ T_doc_sku, 62, PDF_LEFT, of_sku, SUM_NONE },
	{ T_doc_name, 96, PDF_LEFT, of_name, SUM_NONE },
	{ T_doc_spec, 46, PDF_LEFT, of_spec, SUM_NONE },
	{ T_doc_unit, 24, PDF_CENTER, of_unit, SUM_NONE },
	{ T_doc_pieces, 34, PDF_RIGHT, of_pieces, SUM_PIECES },
	{ T_doc_quantity, 52, PDF_RIGHT, of_quantity, SUM_QUANTITY },
	{ T_doc_price, 50, PDF_RIGHT, of_price, SUM_NONE },
	{ T_doc_amount, 54, PDF_RIGHT, of_amount, SUM_AMOUNT },
	{ T_doc_lot, 66, PDF_LEFT, of_lot, SUM_NONE },
	{ T_doc_remarks, 40, PDF_LEFT, of_remarks, SUM_NONE },
};

static const struct doc_col unpriced[] = {
	{ T_doc_line, 24, PDF_CENTER, of_line, SUM_NONE },
	{ T_doc_sku, 70, PDF_LEFT, of_sku, SUM_NONE },
	{ T_doc_name, 140, PDF_LEFT, of_name, SUM_NONE },
	{ T_doc_spec, 60, PDF_LEFT, of_spec, SUM_NONE },
	{ T_doc_unit, 26, PDF_CENTER, of_unit, SUM_NONE },
	{ T_doc_pieces, 38, PDF_RIGHT, of_pieces, SUM_PIECES },
	{ T_doc_quantity, 56, PDF_RIGHT, of_quantity, SUM_QUANTITY },
	{ T_doc_lot, 76, PDF_LEFT, of_lot, SUM_NONE },
	{ T_doc_remarks, 54, PDF_LEFT, of_remarks, SUM_NONE },
};

static const char *amount_text(struct doc_sheet *s, const char *before, enum text key, struct money m)
{
	if (!money_is(m))
		return before;
	return doc_join(s->c, before, "    ",
		arena_printf(s->c->arena, "%s: %s", text_get(s->c->lang, key), money_show(s->c->arena, m)));
}

static double band(struct doc_sheet *s, double y, double h, enum text key, const char *value)
{
	struct pdf_box box = { s->size->side, y, doc_inner(s), h };

	if (value == NULL || *value == '\0')
		return y;
	pdf_frame(&s->p, box);
	if (key != T_none)
		value = arena_printf(s->c->arena, "%s: %s", text_get(s->c->lang, key), value);
	box.x += 3;
	box.w -= 6;
	pdf_text(&s->p, box, 2, 8.5, PDF_LEFT, value);
	return y + h;
}

static double payment(struct doc_sheet *s, double y)
{
	const struct doc_note *n = s->n;
	struct money owed = MONEY_NONE;
	const char *all;

	if (money_is(n->total) && money_is(n->previous_debt) && !money_add(&owed, n->total, n->previous_debt))
		owed = MONEY_NONE; /* then it is left out; both parts are there */
	if (money_is(owed) && money_is(n->crate_deposit) && !money_add(&owed, owed, n->crate_deposit))
		owed = MONEY_NONE;
	all = amount_text(s, NULL, T_doc_discount, n->discount);
	all = amount_text(s, all, T_doc_deposit, n->deposit);
	all = amount_text(s, all, T_doc_total, n->total);
	all = amount_text(s, all, T_doc_crate_deposit, n->crate_deposit);
	all = amount_text(s, all, T_doc_debt, n->previous_debt);
	all = amount_text(s, all, T_doc_debt_now, owed);
	if (money_is(s->all.amount))
		y = band(s, y, 18, T_doc_capital, money_capital(s->c->arena, s->all.amount));
	return band(s, y, 26, T_none, all);
}

static void signatures(struct doc_sheet *s, double y)
{
	static const enum text who[] = { T_doc_made_by, T_doc_reviewer, T_doc_shipped_by, T_doc_delivered_by,
		T_doc_received_by };
	const char *names[] = { s->n->made_by, s->n->reviewer, NULL, s->n->driver, NULL };
	double w = doc_inner(s) / ARRAY_LEN(who);

	for (size_t i = 0; i < ARRAY_LEN(who); i++) {
		struct pdf_box box = { s->size->side + w * (double)i, y, w, 50 };

		pdf_frame(&s->p, box);
		box = (struct pdf_box){ box.x + 3, y + 3, w - 6, 0 };
		pdf_text(&s->p, box, 1, 8, PDF_LEFT, text_get(s->c->lang, who[i]));
		box.y = y + 18;
		pdf_text(&s->p, box, 1, 9, PDF_CENTER, names[i]);
		box.y = y + 37;
		pdf_text(
			&s->p, box, 1, 7, PDF_LEFT, arena_printf(s->c->arena, "%s:", text_get(s->c->lang, T_doc_date)));
	}
}

static void note_end(struct doc_sheet *s, double y)
{
	if (s->n->with_prices)
		y = payment(s, y);
	y = band(s, y, 26, T_doc_crates, s->n->crates);
	y = band(s, y, 26, T_doc_remarks, s->n->remarks);
	y = band(s, y, 26, T_doc_terms, s->n->terms);
	signatures(s, y);
}

bool doc_delivery_note(struct ctx *c, const struct doc_note *n, struct buf *pdf)
{
	struct doc_sheet s = {
		.c = c,
		.n = n,
		.title = T_doc_delivery_note,
		.cols = n->with_prices ? priced : unpriced,
		.cols_len = n->with_prices ? ARRAY_LEN(priced) : ARRAY_LEN(unpriced),
		.sums = true,
		.reprint = n->reprint,
		.end = note_end,
		.end_h = 50 + 26 + 26 + (n->crates != NULL ? 26 : 0) + (n->with_prices ? 18 + 26 : 0),
	};

	doc_sheet_lines(&s);
	return doc_sheet_print(&s, pdf);
}

/* ---- 拣货单 ---- */

bool doc_pick_list(struct ctx *c, const struct doc_note *n, struct buf *pdf)
{
	static const struct doc_col cols[] = {
		{ T_doc_location, 60, PDF_LEFT, of_location, SUM_NONE },
		{ T_doc_name, 130, PDF_LEFT, of_name, SUM_NONE },
		{ T_doc_spec, 70, PDF_LEFT, of_spec, SUM_NONE },
		{ T_doc_lot_short, 90, PDF_LEFT, of_lot_short, SUM_NONE },
		{ T_doc_to_pick, 75, PDF_RIGHT, of_to_pick, SUM_NONE },
		{ T_doc_picked, 50, PDF_LEFT, NULL, SUM_NONE },
		{ T_doc_short_reason, 64, PDF_LEFT, NULL, SUM_NONE },
	};
	struct doc_sheet s = { .c = c, .n = n, .title = T_doc_pick_list, .cols = cols, .cols_len = ARRAY_LEN(cols) };

	doc_sheet_lines(&s);
	return doc_sheet_print(&s, pdf);
}

/* ---- 装箱单 ---- */

static const char *package_title(struct ctx *c, const struct doc_package *k)
{
	const char *weight = qty_is(k->weight_kg) ? arena_printf(c->arena, "%s %s kg", text_get(c->lang, T_doc_weight),
							    qty_str(c->arena, k->weight_kg))
						  : NULL;
	const char *s = arena_printf(c->arena, "%s %" PRId64, text_get(c->lang, T_doc_package), k->no);

	if (k->sscc != NULL)
		s = arena_printf(c->arena, "%s    (00)%s", s, k->sscc);
	return doc_join(c, s, "    ", weight);
}

static void package_rows(struct doc_sheet *s)
{
	size_t len = s->n->packages_len;

	for (size_t i = 0; i < s->n->packages_len; i++)
		len += s->n->packages[i].lines_len;
	s->rows = ARENA_ARRAY(s->c->arena, len + 1, struct doc_row);
	for (size_t i = 0; i < s->n->packages_len; i++) {
		const struct doc_package *k = &s->n->packages[i];

		s->rows[s->rows_len++] = (struct doc_row){ .band = package_title(s->c, k), .band_sscc = k->sscc };
		for (size_t j = 0; j < k->lines_len; j++)
			s->rows[s->rows_len++].line = &k->lines[j];
	}
}

bool doc_packing_list(struct ctx *c, const struct doc_note *n, struct buf *pdf)
{
	static const struct doc_col cols[] = {
		{ T_doc_sku, 80, PDF_LEFT, of_sku, SUM_NONE },
		{ T_doc_name, 170, PDF_LEFT, of_name, SUM_NONE },
		{ T_doc_spec, 70, PDF_LEFT, of_spec, SUM_NONE },
		{ T_doc_lot_short, 90, PDF_LEFT, of_lot_short, SUM_NONE },
		{ T_doc_pieces, 60, PDF_RIGHT, of_count, SUM_PIECES },
		{ T_doc_quantity, 69, PDF_RIGHT, of_quantity, SUM_QUANTITY },
	};
	struct doc_sheet s = {
		.c = c, .n = n, .title = T_doc_packing_list, .cols = cols, .cols_len = ARRAY_LEN(cols), .sums = true
	};

	package_rows(&s);
	return doc_sheet_print(&s, pdf);
}
