/* pdf: see pdf.h. */
#include "app/pdf.h"

#include "base/ctx.h"

#include <cairo-pdf.h>
#include <pango/pangocairo.h>
#include <string.h>
#include <zint.h>

static cairo_status_t write_buf(void *closure, const unsigned char *data, unsigned int len)
{
	struct buf *out = closure;

	buf_add(out, data, len);
	return out->failed ? CAIRO_STATUS_WRITE_ERROR : CAIRO_STATUS_SUCCESS;
}

void pdf_begin(struct pdf *p, struct ctx *c, struct buf *out, double width, double height)
{
	PangoContext *context;

	*p = (struct pdf){ .c = c, .out = out };
	p->surface = cairo_pdf_surface_create_for_stream(write_buf, out, width, height);
	p->cr = cairo_create(p->surface);
	/* Pango keeps a default font map for every thread, so the font is opened once per thread. */
	context = pango_font_map_create_context(pango_cairo_font_map_get_default());
	pango_context_set_language(context, pango_language_from_string(lang_tag(c->lang)));
	p->layout = pango_layout_new(context);
	g_object_unref(context);
	p->font = pango_font_description_from_string("WenQuanYi Zen Hei");
	cairo_set_line_width(p->cr, 0.5);
}

void pdf_page_end(struct pdf *p)
{
	cairo_new_path(p->cr);
	for (size_t i = 0; i < p->frames_len; i++)
		cairo_rectangle(p->cr, p->frames[i].x, p->frames[i].y, p->frames[i].w, p->frames[i].h);
	cairo_stroke(p->cr);
	p->frames_len = 0;
	cairo_show_page(p->cr);
}

bool pdf_end(struct pdf *p)
{
	bool good;

	cairo_surface_finish(p->surface);
	good = cairo_surface_status(p->surface) == CAIRO_STATUS_SUCCESS &&
	       cairo_status(p->cr) == CAIRO_STATUS_SUCCESS && !p->out->failed;
	pango_font_description_free(p->font);
	g_object_unref(p->layout);
	cairo_destroy(p->cr);
	cairo_surface_destroy(p->surface);
	return good;
}

/* ---- text ---- */

/* Pango limits lines per paragraph, so there must be one paragraph only. */
static const char *one_paragraph(struct pdf *p, const char *s)
{
	char *copy;

	if (strpbrk(s, "\r\n") == NULL)
		return s;
	copy = arena_strdup(p->c->arena, s);
	for (char *at = copy; *at != '\0'; at++)
		if (*at == '\r' || *at == '\n')
			*at = ' ';
	return copy;
}

static void set(struct pdf *p, double width, int lines, double size, const char *s)
{
	pango_font_description_set_absolute_size(p->font, size * PANGO_SCALE);
	pango_layout_set_font_description(p->layout, p->font);
	pango_layout_set_width(p->layout, width < 0 ? -1 : (int)(width * PANGO_SCALE));
	pango_layout_set_height(p->layout, lines > 0 ? -lines : -1);
	pango_layout_set_wrap(p->layout, PANGO_WRAP_WORD_CHAR);
	pango_layout_set_ellipsize(p->layout, lines > 0 ? PANGO_ELLIPSIZE_END : PANGO_ELLIPSIZE_NONE);
	pango_layout_set_alignment(p->layout, PANGO_ALIGN_LEFT);
	pango_layout_set_text(p->layout, one_paragraph(p, s), -1);
}

static void size_of(struct pdf *p, double *width, double *height)
{
	int w, h;

	pango_layout_get_size(p->layout, &w, &h);
	*width = (double)w / PANGO_SCALE;
	*height = (double)h / PANGO_SCALE;
}

double pdf_text(struct pdf *p, struct pdf_box box, int lines, double size, enum pdf_align align, const char *s)
{
	static const PangoAlignment alignments[] = { PANGO_ALIGN_LEFT, PANGO_ALIGN_CENTER, PANGO_ALIGN_RIGHT };
	double w, h;

	if (s == NULL || *s == '\0')
		return 0;
	set(p, box.w, lines, size, s);
	pango_layout_set_alignment(p->layout, alignments[align]);
	size_of(p, &w, &h);
	cairo_move_to(p->cr, box.x, box.h > h ? box.y + (box.h - h) / 2 : box.y);
	pango_cairo_show_layout(p->cr, p->layout);
	return h;
}

void pdf_fit(struct pdf *p, struct pdf_box box, double size, enum pdf_align align, const char *s)
{
	double w, h;

	if (s == NULL || *s == '\0')
		return;
	set(p, -1, 0, size, s);
	size_of(p, &w, &h);
	if (w > box.w) {
		set(p, -1, 0, size * box.w / w, s);
		size_of(p, &w, &h);
	}
	if (align != PDF_LEFT)
		box.x += (box.w - w) / (align == PDF_CENTER ? 2 : 1);
	cairo_move_to(p->cr, box.x, box.h > h ? box.y + (box.h - h) / 2 : box.y);
	pango_cairo_show_layout(p->cr, p->layout);
}

double pdf_height(struct pdf *p, double width, int lines, double size, const char *s)
{
	double w, h;

	if (s == NULL || *s == '\0')
		return 0;
	set(p, width, lines, size, s);
	size_of(p, &w, &h);
	return h;
}

/* ---- lines ---- */

void pdf_rule(struct pdf *p, double x1, double y1, double x2, double y2)
{
	cairo_move_to(p->cr, x1, y1);
	cairo_line_to(p->cr, x2, y2);
	cairo_stroke(p->cr);
}

void pdf_frame(struct pdf *p, struct pdf_box box)
{
	if (p->frames_len == p->frames_cap) {
		struct pdf_box *more = ARENA_ARRAY(p->c->arena, 2 * p->frames_cap + 256, struct pdf_box);
		if (p->frames_len > 0)
			memcpy(more, p->frames, p->frames_len * sizeof(*more));
		p->frames = more;
		p->frames_cap = 2 * p->frames_cap + 256;
	}
	p->frames[p->frames_len++] = box;
}

void pdf_shade(struct pdf *p, struct pdf_box box)
{
	cairo_set_source_rgb(p->cr, 0.93, 0.93, 0.93);
	cairo_rectangle(p->cr, box.x, box.y, box.w, box.h);
	cairo_fill(p->cr);
	cairo_set_source_rgb(p->cr, 0, 0, 0);
}

/* ---- bars ---- */

static void draw(struct pdf *p, struct pdf_box box, const struct zint_vector *v, bool square)
{
	double sx = box.w / (double)v->width;
	double sy = box.h / (double)v->height;

	if (square)
		sx = sy = sx < sy ? sx : sy;
	for (const struct zint_vector_rect *r = v->rectangles; r != NULL; r = r->next)
		cairo_rectangle(p->cr, box.x + (double)r->x * sx, box.y + (double)r->y * sy, (double)r->width * sx,
			(double)r->height * sy);
	cairo_fill(p->cr);
}

static void bars(struct pdf *p, struct pdf_box box, int symbology, int mode, const char *s)
{
	struct zint_symbol *symbol;

	if (s == NULL || *s == '\0' || (symbol = ZBarcode_Create()) == NULL)
		return;
	symbol->symbology = symbology;
	symbol->input_mode = mode;
	symbol->show_hrt = 0;
	if (ZBarcode_Encode(symbol, (const unsigned char *)s, (int)strlen(s)) < ZINT_ERROR &&
		ZBarcode_Buffer_Vector(symbol, 0) < ZINT_ERROR)
		draw(p, box, symbol->vector, symbology == BARCODE_QRCODE);
	ZBarcode_Delete(symbol);
}

void pdf_code128(struct pdf *p, struct pdf_box box, const char *s)
{
	bars(p, box, BARCODE_CODE128, UNICODE_MODE, s);
}

void pdf_sscc(struct pdf *p, struct pdf_box box, const char *sscc)
{
	if (sscc != NULL)
		bars(p, box, BARCODE_GS1_128, GS1_MODE, arena_printf(p->c->arena, "[00]%s", sscc));
}

void pdf_qr(struct pdf *p, struct pdf_box box, const char *s)
{
	bars(p, box, BARCODE_QRCODE, UNICODE_MODE, s);
}
