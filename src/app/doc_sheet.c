/* doc_sheet: see doc_sheet.h. Row heights are measured first, because "page 1 of 7" stands on the first page.
 */
#include "app/doc_sheet.h"

#include <inttypes.h>
#include <string.h>

#define SIZE     8.0
#define SMALL    7.0
#define PAD      2.5
#define HEAD_ROW 16.0
#define SUM_ROW  22.0
#define BAND     22.0
#define FIELD_H  13.0
#define FIELDS   16
#define FOOT     16.0
#define HEAD     88.0

static const struct doc_size sizes[] = {
	[DOC_A4] = { PDF_MM(210), PDF_MM(297), 28, 28, 0, 3 },
	[DOC_241] = { PDF_MM(241), PDF_MM(279.4), 42, 28, 0, 4 },
	[DOC_241_HALF] = { PDF_MM(241), PDF_MM(139.7), 42, 14, 12, 4 },
};

double doc_inner(const struct doc_sheet *s)
{
	return s->size->w - 2 * s->size->side;
}

const char *doc_join(struct ctx *c, const char *a, const char *between, const char *b)
{
	if (a == NULL || *a == '\0')
		return b;
	return b == NULL || *b == '\0' ? a : arena_printf(c->arena, "%s%s%s", a, between, b);
}

static const char *label(const struct doc_sheet *s, enum text key)
{
	return text_get(s->c->lang, key);
}

/* ---- columns and rows ---- */

static double col_width(const struct doc_sheet *s, size_t i)
{
	double all = 0;

	for (size_t k = 0; k < s->cols_len; k++)
		all += s->cols[k].width;
	return doc_inner(s) * s->cols[i].width / all;
}

static const char *cell(const struct doc_sheet *s, const struct doc_row *r, size_t i)
{
	return s->cols[i].value == NULL ? NULL : s->cols[i].value(s->c, r->line);
}

/* Words that need more than two lines are set smaller, so that the end, often a date, is not cut. */
static double cell_measure(struct doc_sheet *s, struct doc_row *r, size_t i)
{
	double width = col_width(s, i) - 2 * PAD, h;

	if (s->cols[i].align != PDF_LEFT)
		return 0;
	h = pdf_height(&s->p, width, 0, SIZE, cell(s, r, i));
	if (h <= 3 * SIZE)
		return h;
	r->small |= 1U << i;
	return pdf_height(&s->p, width, 3, SMALL, cell(s, r, i));
}

static double row_measure(struct doc_sheet *s, struct doc_row *r)
{
	double most = SIZE + 4;

	if (r->line == NULL)
		return BAND;
	for (size_t i = 0; i < s->cols_len; i++) {
		double h = cell_measure(s, r, i);

		most = h > most ? h : most;
	}
	return most + 2 * PAD;
}

static void row_draw(struct doc_sheet *s, const struct doc_row *r, double y)
{
	struct pdf_box at = { s->size->side, y, 0, r->h };

	if (r->line == NULL) {
		pdf_shade(&s->p, (struct pdf_box){ at.x, y, doc_inner(s), r->h });
		pdf_frame(&s->p, (struct pdf_box){ at.x, y, doc_inner(s), r->h });
		pdf_text(&s->p, (struct pdf_box){ at.x + PAD, y, doc_inner(s) - 180, r->h }, 1, 9, PDF_LEFT, r->band);
		pdf_sscc(&s->p, (struct pdf_box){ s->size->side + doc_inner(s) - 160, y + 3, 150, r->h - 6 },
			r->band_sscc);
		return;
	}
	for (size_t i = 0; i < s->cols_len; i++, at.x += at.w) {
		struct pdf_box in;

		at.w = col_width(s, i);
		in = (struct pdf_box){ at.x + PAD, y, at.w - 2 * PAD, r->h };
		pdf_frame(&s->p, at);
		if (s->cols[i].align == PDF_LEFT)
			pdf_text(&s->p, in, 3, r->small >> i & 1 ? SMALL : SIZE, PDF_LEFT, cell(s, r, i));
		else
			pdf_fit(&s->p, in, SIZE, s->cols[i].align, cell(s, r, i));
	}
}

static double table_head(struct doc_sheet *s, double y)
{
	struct pdf_box at = { s->size->side, y, 0, HEAD_ROW };

	pdf_shade(&s->p, (struct pdf_box){ s->size->side, y, doc_inner(s), HEAD_ROW });
	for (size_t i = 0; i < s->cols_len; i++, at.x += at.w) {
		at.w = col_width(s, i);
		pdf_frame(&s->p, at);
		pdf_fit(&s->p, (struct pdf_box){ at.x + PAD, y, at.w - 2 * PAD, HEAD_ROW }, SIZE, PDF_CENTER,
			label(s, s->cols[i].head));
	}
	return y + HEAD_ROW;
}

void doc_sheet_lines(struct doc_sheet *s)
{
	s->rows = ARENA_ARRAY(s->c->arena, s->n->lines_len + 1, struct doc_row);
	for (size_t i = 0; i < s->n->lines_len; i++)
		s->rows[s->rows_len++].line = &s->n->lines[i];
}

/* ---- sums ---- */

static bool tally(struct doc_tally *sum, const char *unit, struct qty q)
{
	size_t i = 0;

	if (!qty_is(q))
		return true;
	unit = unit != NULL ? unit : "";
	while (i < sum->len && strcmp(sum->units[i], unit) != 0)
		i++;
	if (i == DOC_UNITS_MAX) {
		sum->too_many = true;
		return true;
	}
	if (i == sum->len)
		sum->units[sum->len++] = unit;
	return qty_add(&sum->by_unit[i], sum->by_unit[i], q);
}

static bool sum_add(struct doc_sums *sum, const struct doc_line *l)
{
	if (l == NULL)
		return true;
	if (!tally(&sum->pieces, l->unit, l->quantity) || !tally(&sum->quantity, l->base_unit, l->base))
		return false;
	if (!money_is(l->amount) || !money_is(sum->amount)) {
		sum->amount = MONEY_NONE;
		return true;
	}
	return money_add(&sum->amount, sum->amount, l->amount);
}

static const char *quantities(struct ctx *c, const struct doc_tally *sum)
{
	const char *all = NULL;

	if (sum->too_many)
		return NULL;
	for (size_t i = 0; i < sum->len; i++)
		all = doc_join(
			c, all, " ", arena_printf(c->arena, "%s%s", qty_str(c->arena, sum->by_unit[i]), sum->units[i]));
	return all;
}

static const char *sum_text(struct ctx *c, const struct doc_sums *sum, enum doc_sum kind)
{
	switch (kind) {
	case SUM_PIECES: return quantities(c, &sum->pieces);
	case SUM_QUANTITY: return quantities(c, &sum->quantity);
	case SUM_AMOUNT: return money_is(sum->amount) ? money_show(c->arena, sum->amount) : NULL;
	default: return NULL;
	}
}

/* As small as needed: a sum must not be cut. */
static void sum_quantities(struct doc_sheet *s, struct pdf_box in, const char *text)
{
	double size = SMALL;

	while (size > 3 && pdf_height(&s->p, in.w, 0, size, text) > in.h)
		size -= 0.5;
	pdf_text(&s->p, in, 0, size, PDF_RIGHT, text);
}

static double sum_row(struct doc_sheet *s, double y, enum text key, const struct doc_sums *sum)
{
	struct pdf_box at = { s->size->side, y, 0, SUM_ROW };

	pdf_frame(&s->p, (struct pdf_box){ s->size->side, y, doc_inner(s), SUM_ROW });
	pdf_text(&s->p, (struct pdf_box){ s->size->side + PAD, y, 120, SUM_ROW }, 1, SIZE, PDF_LEFT, label(s, key));
	for (size_t i = 0; i < s->cols_len; i++, at.x += at.w) {
		struct pdf_box in;

		at.w = col_width(s, i);
		in = (struct pdf_box){ at.x + PAD, y, at.w - 2 * PAD, SUM_ROW };
		if (s->cols[i].sum == SUM_QUANTITY || s->cols[i].sum == SUM_PIECES)
			sum_quantities(s, in, sum_text(s->c, sum, s->cols[i].sum));
		else
			pdf_fit(&s->p, in, SIZE, PDF_RIGHT, sum_text(s->c, sum, s->cols[i].sum));
	}
	return y + SUM_ROW;
}

/* ---- the head of a page ---- */

struct doc_field {
	const char *label, *value;
};

static size_t fields(const struct doc_sheet *s, struct doc_field out[FIELDS])
{
	const struct doc_note *n = s->n;
	const struct doc_field all[] = {
		{ label(s, T_doc_customer), doc_join(s->c, n->customer, " ", n->customer_code) },
		{ label(s, T_doc_contact), n->contact },
		{ label(s, T_doc_phone), n->phone },
		{ label(s, T_doc_date), date_is(n->date) ? date_str(s->c->arena, n->date) : NULL },
		{ label(s, T_doc_order), n->order_number },
		{ label(s, T_doc_warehouse), n->warehouse },
		{ label(s, T_doc_salesperson), n->salesperson },
		{ label(s, T_doc_carrier), n->carrier },
		{ label(s, T_doc_driver), n->driver },
		{ label(s, T_doc_plate), n->plate },
		{ label(s, T_doc_tracking), n->tracking_number },
	};
	size_t len = 0;

	for (size_t i = 0; i < ARRAY_LEN(all); i++)
		if (all[i].value != NULL && *all[i].value != '\0')
			out[len++] = all[i];
	return len;
}

static double fields_height(const struct doc_sheet *s)
{
	struct doc_field all[FIELDS];
	size_t across = s->size->fields_across;
	size_t rows = (fields(s, all) + across - 1) / across + (s->n->address != NULL);

	return FIELD_H * (double)rows + 3;
}

static void field_draw(struct doc_sheet *s, struct pdf_box box, const struct doc_field *f)
{
	pdf_text(&s->p, box, 1, 8.5, PDF_LEFT, arena_printf(s->c->arena, "%s: %s", f->label, f->value));
}

static void fields_draw(struct doc_sheet *s, double y)
{
	struct doc_field all[FIELDS];
	size_t len = fields(s, all), across = s->size->fields_across;
	double w = doc_inner(s) / (double)across;

	for (size_t i = 0; i < len; i++)
		field_draw(s,
			(struct pdf_box){ s->size->side + w * (double)(i % across), y + FIELD_H * (double)(i / across),
				w - 6, 0 },
			&all[i]);
	if (s->n->address != NULL)
		field_draw(s, (struct pdf_box){ s->size->side, y + fields_height(s) - 3 - FIELD_H, doc_inner(s), 0 },
			&(struct doc_field){ label(s, T_doc_address), s->n->address });
}

static void company_draw(struct doc_sheet *s, double y)
{
	const struct doc_company *co = &s->n->company;
	double x = s->size->side + 150, w = doc_inner(s) - 300;
	const char *where = doc_join(s->c, doc_join(s->c, co->stall, "  ", co->address), "  ", co->phone);

	pdf_text(&s->p, (struct pdf_box){ x, y, w, 0 }, 1, 12, PDF_CENTER, co->name);
	pdf_text(&s->p, (struct pdf_box){ x, y + 17, w, 0 }, 1, 16, PDF_CENTER, label(s, s->title));
	pdf_text(&s->p, (struct pdf_box){ x, y + 39, w, 0 }, 2, SMALL, PDF_CENTER, where);
}

static const char *reprint(const struct doc_sheet *s)
{
	const char *const args[] = { arena_printf(s->c->arena, "%" PRId64, s->reprint), NULL };

	return s->reprint > 0 ? text_fill(s->c->arena, s->c->lang, T_doc_reprint, args) : NULL;
}

static double head_height(const struct doc_sheet *s)
{
	return HEAD - s->size->up + fields_height(s);
}

/* Returns where the table begins. */
static double page_head(struct doc_sheet *s)
{
	double x = s->size->side, y = 24 - s->size->up;

	company_draw(s, y);
	pdf_code128(&s->p, (struct pdf_box){ x, y + 2, 140, 26 }, s->n->number);
	pdf_fit(&s->p, (struct pdf_box){ x, y + 30, 140, 0 }, 9, PDF_CENTER, s->n->number);
	pdf_text(&s->p, (struct pdf_box){ x, y + 44, 140, 0 }, 1, SMALL, PDF_CENTER, reprint(s));
	pdf_qr(&s->p, (struct pdf_box){ s->size->w - s->size->side - 58, y, 58, 58 },
		s->n->link != NULL ? s->n->link : s->n->number);
	fields_draw(s, HEAD - s->size->up);
	return head_height(s);
}

/* ---- pages ---- */

/* The first row of every page. The end stays with the last row; on half a sheet it may need a page of its
 * own. */
static size_t paginate(const struct doc_sheet *s, size_t *first)
{
	double room = s->size->h - s->size->bottom - FOOT - head_height(s) - HEAD_ROW - (s->sums ? 2 * SUM_ROW : 0);
	double end = s->end_h + (s->sums ? SUM_ROW : 0);
	size_t pages = 1;
	double used = 0;

	first[0] = 0;
	for (size_t i = 0; i < s->rows_len; i++) {
		bool last = i + 1 == s->rows_len;
		double need = s->rows[i].h + (last && s->rows[i].h + end <= room ? end : 0);

		/* A band does not stay alone at the foot of a page. */
		if (s->rows[i].line == NULL && !last)
			need += s->rows[i + 1].h;
		if (i > first[pages - 1] && used + need > room) {
			first[pages++] = i;
			used = 0;
		}
		used += s->rows[i].h;
	}
	if (s->rows_len > 0 && used + end > room)
		first[pages++] = s->rows_len;
	first[pages] = s->rows_len;
	return pages;
}

static bool page_rows(struct doc_sheet *s, size_t from, size_t to, double *y, struct doc_sums *sum)
{
	for (size_t i = from; i < to; i++) {
		if (!sum_add(sum, s->rows[i].line) || !sum_add(&s->all, s->rows[i].line))
			return fail(s->c, E_INVALID, T_doc_too_large, s->n->number);
		row_draw(s, &s->rows[i], *y);
		*y += s->rows[i].h;
	}
	return true;
}

static void page_foot(struct doc_sheet *s, size_t page, size_t pages)
{
	struct arena *a = s->c->arena;
	const char *const args[] = { arena_printf(a, "%zu", page), arena_printf(a, "%zu", pages), NULL };

	pdf_text(&s->p, (struct pdf_box){ s->size->side, s->size->h - s->size->bottom - 4, doc_inner(s), 0 }, 1, SMALL,
		PDF_CENTER, text_fill(a, s->c->lang, T_doc_page, args));
}

static bool page_draw(struct doc_sheet *s, const size_t *first, size_t page, size_t pages)
{
	struct doc_sums sum = { 0 };
	double y = table_head(s, page_head(s));

	if (s->sums && page > 0)
		y = sum_row(s, y, T_doc_brought, &s->all);
	if (!page_rows(s, first[page], first[page + 1], &y, &sum))
		return false;
	if (s->sums && pages > 1 && first[page + 1] > first[page])
		y = sum_row(s, y, T_doc_subtotal, &sum);
	if (page + 1 == pages) {
		if (s->sums)
			y = sum_row(s, y, T_doc_sum, &s->all);
		if (s->end != NULL)
			s->end(s, y);
	}
	page_foot(s, page + 1, pages);
	pdf_page_end(&s->p);
	return true;
}

bool doc_sheet_print(struct doc_sheet *s, struct buf *pdf)
{
	size_t *first = ARENA_ARRAY(s->c->arena, s->rows_len + 3, size_t);
	size_t pages;
	bool good = true;

	s->size = &sizes[s->n->paper];
	pdf_begin(&s->p, s->c, pdf, s->size->w, s->size->h);
	for (size_t i = 0; i < s->rows_len; i++)
		s->rows[i].h = row_measure(s, &s->rows[i]);
	pages = paginate(s, first);
	for (size_t page = 0; page < pages && good; page++)
		good = page_draw(s, first, page, pages);
	if (!pdf_end(&s->p) && good)
		good = fail(s->c, E_INTERNAL, T_doc_failed, s->n->number);
	return good;
}
