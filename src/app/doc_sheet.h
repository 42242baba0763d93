/* doc_sheet: a document with a table: the head again on every page, rows that go on over pages, sums, an end.
 */
#ifndef APP_DOC_SHEET_H
#define APP_DOC_SHEET_H

#include "app/doc.h"
#include "app/pdf.h"
#include "base/ctx.h"

#define DOC_UNITS_MAX 6

enum doc_sum {
	SUM_NONE,
	SUM_PIECES,
	SUM_QUANTITY,
	SUM_AMOUNT,
};

struct doc_col {
	enum text head;
	double width;         /* in parts of the whole */
	enum pdf_align align; /* PDF_LEFT: words, wrapped; otherwise numbers, never cut */
	const char *(*value)(struct ctx *c, const struct doc_line *l); /* NULL: left empty for the pen */
	enum doc_sum sum;
};

/* A line, or a band across the table. */
struct doc_row {
	const struct doc_line *line;
	const char *band, *band_sscc;
	double h;
	uint32_t small; /* a bit for each column whose words are set smaller */
};

/* A sum per unit: kilos and bottles, cases and bags are not added up. */
struct doc_tally {
	struct qty by_unit[DOC_UNITS_MAX];
	const char *units[DOC_UNITS_MAX];
	size_t len;
	bool too_many; /* then no sum is shown at all */
};

struct doc_sums {
	struct doc_tally pieces, quantity;
	struct money amount; /* NONE once a line had none: half a sum is worse than no sum */
};

struct doc_size {
	double w, h;
	double side, bottom;  /* margins; on continuous paper the holes are in them */
	double up;            /* how far the head moves up */
	size_t fields_across; /* in the head */
};

struct doc_sheet {
	struct pdf p;
	struct ctx *c;
	const struct doc_note *n;
	const struct doc_size *size;
	enum text title;
	const struct doc_col *cols;
	size_t cols_len;
	struct doc_row *rows;
	size_t rows_len;
	bool sums;
	int64_t reprint;
	double end_h; /* what `end` needs below the last row */
	void (*end)(struct doc_sheet *s, double y);
	struct doc_sums all;
};

double doc_inner(const struct doc_sheet *s);
NODISCARD bool doc_sheet_print(struct doc_sheet *s, struct buf *pdf);
/* One row per line of the note. */
void doc_sheet_lines(struct doc_sheet *s);
const char *doc_join(struct ctx *c, const char *a, const char *between, const char *b);

#endif
