/* pdf: a page to write on. Lengths are points (1/72 inch) from the top left corner; text is WenQuanYi Zen
 * Hei, which has the characters of the trade. Writers need no checks: pdf_end tells whether all went well. */
#ifndef APP_PDF_H
#define APP_PDF_H

#include "base/buf.h"

#include <cairo.h>
#include <pango/pango.h>

#define PDF_MM(mm) ((mm)*72.0 / 25.4)

struct ctx;

enum pdf_align {
	PDF_LEFT,
	PDF_CENTER,
	PDF_RIGHT,
};

struct pdf_box {
	double x, y, w, h;
};

struct pdf {
	struct ctx *c;
	cairo_surface_t *surface;
	cairo_t *cr;
	PangoLayout *layout;
	PangoFontDescription *font;
	struct buf *out;
	struct pdf_box *frames; /* of this page, drawn together at its end: one stroke costs what one frame would */
	size_t frames_len, frames_cap;
};

void pdf_begin(struct pdf *p, struct ctx *c, struct buf *out, double width, double height);
void pdf_page_end(struct pdf *p);
NODISCARD bool pdf_end(struct pdf *p);

/* Wrapped to at most `lines` lines of the box's width, then cut with an ellipsis. Returns the height used. */
double pdf_text(struct pdf *p, struct pdf_box box, int lines, double size, enum pdf_align align, const char *s);
/* On one line, smaller where it does not fit: for numbers, of which nothing may be cut. */
void pdf_fit(struct pdf *p, struct pdf_box box, double size, enum pdf_align align, const char *s);
/* The height the text would take. */
double pdf_height(struct pdf *p, double width, int lines, double size, const char *s);

/* Frames stand over what the page has else. */
void pdf_rule(struct pdf *p, double x1, double y1, double x2, double y2);
void pdf_frame(struct pdf *p, struct pdf_box box);
void pdf_shade(struct pdf *p, struct pdf_box box);

/* Bars as rectangles, sharp at every size. What cannot be encoded is left out. */
void pdf_code128(struct pdf *p, struct pdf_box box, const char *s);
void pdf_sscc(struct pdf *p, struct pdf_box box, const char *sscc);
void pdf_qr(struct pdf *p, struct pdf_box box, const char *s);

#endif
