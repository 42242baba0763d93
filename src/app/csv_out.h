/* csv_out: a table for others, as RFC 4180 wants it, written row by row into a buffer.
 * A text that a spreadsheet would take for a formula gets a ' in front; numbers stay numbers. */
#ifndef APP_CSV_OUT_H
#define APP_CSV_OUT_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>

struct csv {
	struct buf *b;
	bool comma; /* the next cell needs one */
};

/* bom: Excel opens the file as UTF-8 by a double click only with one. */
void csv_begin(struct csv *csv, struct buf *b, bool bom);
void csv_cell(struct csv *csv, const char *s); /* NULL: an empty cell */
void csv_end_row(struct csv *csv);
/* All cells of a row at once. */
void csv_row(struct csv *csv, const char *const *cells, size_t len);

#endif
