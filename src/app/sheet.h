/* sheet: a table that somebody sends us, as CSV or XLSX, read as plain text.
 * The first row that is not empty is the head. Every row has `cols` cells, missing ones are ""; empty rows
 * are left out. A cell is clean UTF-8 without blanks around it, line breaks are \n. Numbers are plain
 * decimals as Excel shows them in full ("0.3", never 0.30000000000000004), dates "2026-11-24", with time
 * "2026-11-24 05:00". Nothing in the bytes is trusted: size, rows and columns are limited, and what is odd is
 * refused with a sentence. */
#ifndef APP_SHEET_H
#define APP_SHEET_H

#include "base/must.h"

#include <stdbool.h>
#include <stddef.h>

struct ctx;

#define SHEET_ROWS_MAX  200000
#define SHEET_COLS_MAX  200
#define SHEET_CELLS_MAX 4000000
#define SHEET_BYTES_MAX (64 * 1024 * 1024)

struct sheet_row {
	size_t number; /* as a spreadsheet counts: the first row of the file is 1 */
	const char *const *cells;
};

struct sheet {
	const char *const *head;
	size_t cols;
	size_t head_number; /* the row the head stands in */
	const struct sheet_row *rows;
	size_t rows_len;
};

/* The first visible sheet of an XLSX, or a CSV in UTF-8, UTF-16 or GB18030 with , ; or tab between its cells.
 * The bytes decide what it is; the name only stands in the error texts. E_INVALID or E_TOO_LARGE. */
NODISCARD bool sheet_read(struct ctx *c, const char *filename, const void *data, size_t len, struct sheet *out);

#endif
