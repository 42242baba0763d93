/* doc_account: a statement of account on A4. */
#include "app/doc_account.h"

#include "app/pdf.h"

#define LEFT   PDF_MM(15)
#define WIDTH  PDF_MM(180)
#define ROW    PDF_MM(6)
#define BOTTOM PDF_MM(275)

static void line(struct pdf *p, double y, const char *const cells[ACCOUNT_CELLS], double size)
{
	const double at[] = { 0, 0.16, 0.32, 0.62, 0.81, 1 };

	for (int i = 0; i < ACCOUNT_CELLS; i++)
		if (cells[i] != NULL)
			pdf_fit(p, (struct pdf_box){ LEFT + at[i] * WIDTH, y, (at[i + 1] - at[i]) * WIDTH - 4, ROW },
				size, i < 3 ? PDF_LEFT : PDF_RIGHT, cells[i]);
}

static double head(struct pdf *p, const struct doc_account *d)
{
	double y = PDF_MM(15);

	pdf_text(p, (struct pdf_box){ LEFT, y, WIDTH, 30 }, 1, 16, PDF_CENTER, d->title);
	y += PDF_MM(10);
	pdf_text(p, (struct pdf_box){ LEFT, y, WIDTH, 20 }, 1, 10, PDF_LEFT, d->period);
	y += PDF_MM(8);
	line(p, y, d->heads, 9);
	pdf_rule(p, LEFT, y + ROW - 2, LEFT + WIDTH, y + ROW - 2);
	return y + ROW;
}

static void end(struct pdf *p, const struct doc_account *d, double y)
{
	pdf_rule(p, LEFT, y, LEFT + WIDTH, y);
	line(p, y + 4, (const char *const[]){ NULL, NULL, d->closing_label, NULL, d->closing }, 11);
	if (d->capital != NULL)
		pdf_text(p, (struct pdf_box){ LEFT, y + 4 + ROW, WIDTH, ROW }, 1, 10, PDF_LEFT, d->capital);
	pdf_text(p, (struct pdf_box){ LEFT, y + 4 + 3 * ROW, WIDTH, ROW }, 1, 10, PDF_LEFT, d->sign);
}

bool doc_account(struct ctx *c, const struct doc_account *d, struct buf *out)
{
	struct pdf p;
	double y;

	pdf_begin(&p, c, out, PDF_MM(210), PDF_MM(297));
	y = head(&p, d);
	for (size_t i = 0; i < d->rows_len; i++, y += ROW) {
		if (y > BOTTOM - 5 * ROW) {
			pdf_page_end(&p);
			y = head(&p, d);
		}
		line(&p, y, d->rows[i], 9);
	}
	end(&p, d, y);
	pdf_page_end(&p);
	return pdf_end(&p);
}
