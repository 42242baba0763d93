/* doc_label: the label on a package, 100 × 150 mm, read from two metres away and by a scanner. */
#include "app/doc.h"
#include "app/pdf.h"
#include "base/ctx.h"

#define W     PDF_MM(100)
#define H     PDF_MM(150)
#define M     14.0
#define INNER (W - 2 * M)

static void who(struct pdf *p, const struct doc_note *n)
{
	pdf_text(p, (struct pdf_box){ M, 12, INNER, 0 }, 1, 10, PDF_LEFT, n->company.name);
	pdf_rule(p, M, 30, W - M, 30);
	pdf_text(p, (struct pdf_box){ M, 36, INNER, 0 }, 2, 22, PDF_LEFT, n->customer);
	pdf_text(p, (struct pdf_box){ M, 100, INNER, 0 }, 3, 12, PDF_LEFT, n->address);
	pdf_text(p, (struct pdf_box){ M, 152, INNER / 2 - 6, 0 }, 1, 12, PDF_LEFT, n->contact);
	pdf_fit(p, (struct pdf_box){ M + INNER / 2, 152, INNER / 2, 0 }, 12, PDF_RIGHT, n->phone);
	pdf_rule(p, M, 174, W - M, 174);
}

static void what(struct pdf *p, const struct doc_note *n, const struct doc_package *k, size_t at, size_t of)
{
	struct arena *a = p->c->arena;
	const char *const args[] = { arena_printf(a, "%zu", at), arena_printf(a, "%zu", of), NULL };
	double w = INNER - 92;

	pdf_qr(p, (struct pdf_box){ W - M - 84, 182, 84, 84 }, n->link != NULL ? n->link : n->number);
	pdf_fit(p, (struct pdf_box){ M, 182, w, 0 }, 14, PDF_LEFT, n->number);
	pdf_fit(p, (struct pdf_box){ M, 206, w, 0 }, 18, PDF_LEFT, text_fill(a, p->c->lang, T_doc_package_of, args));
	if (qty_is(k->weight_kg))
		pdf_fit(p, (struct pdf_box){ M, 234, w, 0 }, 12, PDF_LEFT,
			arena_printf(a, "%s kg", qty_str(a, k->weight_kg)));
	pdf_fit(p, (struct pdf_box){ M, 253, w, 0 }, 9, PDF_LEFT, n->carrier);
	pdf_rule(p, M, 274, W - M, 274);
	if (k->sscc == NULL)
		return;
	pdf_sscc(p, (struct pdf_box){ M + 8, 288, INNER - 16, 96 }, k->sscc);
	pdf_fit(p, (struct pdf_box){ M, 390, INNER, 0 }, 13, PDF_CENTER, arena_printf(a, "(00)%s", k->sscc));
}

bool doc_label(struct ctx *c, const struct doc_note *n, struct buf *pdf)
{
	static const struct doc_package single = { .no = 1, .weight_kg = { INT64_MIN } };
	size_t len = n->packages_len > 0 ? n->packages_len : 1;
	struct pdf p;

	pdf_begin(&p, c, pdf, W, H);
	for (size_t i = 0; i < len; i++) {
		who(&p, n);
		what(&p, n, n->packages_len > 0 ? &n->packages[i] : &single, i + 1, len);
		pdf_page_end(&p);
	}
	return pdf_end(&p) || fail(c, E_INTERNAL, T_doc_failed, n->number);
}
