/* grid: what the CSV and the XLSX reader fill, cell by cell and row by row, until it becomes a struct sheet.
 */
#ifndef APP_GRID_H
#define APP_GRID_H

#include "app/sheet.h"
#include "base/ctx.h"

struct grid_row {
	size_t number;
	size_t len;
	const char **cells;
};

struct grid {
	struct ctx *c;
	const char *filename;
	struct grid_row *rows; /* only rows with something in them, numbers rising */
	size_t rows_len, rows_cap;
	size_t cells_len;
	size_t cols;
	size_t number; /* of the row being filled */
	const char *cur[SHEET_COLS_MAX];
	size_t cur_len;
};

void grid_init(struct grid *g, struct ctx *c, const char *filename);
/* Ends the row before and begins this one; false if the number does not rise or there are too many. */
NODISCARD bool grid_row(struct grid *g, size_t number);
/* col counts from 0; the text is cleaned and copied. */
NODISCARD bool grid_cell(struct grid *g, size_t col, const char *s, size_t len);
/* Repeats the cell at (from, col) in the rows up to `to`: a merged cell counts for each of its rows. */
void grid_fill_down(struct grid *g, size_t col, size_t from, size_t to);
/* Ends the last row. */
NODISCARD bool grid_end(struct grid *g);
NODISCARD bool grid_sheet(struct grid *g, struct sheet *out);

/* The readers. */
NODISCARD bool csv_read(struct grid *g, const char *data, size_t len);
NODISCARD bool xlsx_read(struct grid *g, const void *data, size_t len);

#endif
