/* xlsx_out: a table for others as an Excel workbook of one sheet: the head stands still, plain numbers are numbers. */
#ifndef APP_XLSX_OUT_H
#define APP_XLSX_OUT_H

#include "base/buf.h"

struct ctx;

/* Row 0 is the head; a cell may be NULL. */
typedef const char *(*xlsx_cell)(const void *who, size_t row, size_t col);
NODISCARD bool xlsx_write(
	struct ctx *c, const char *title, size_t rows, size_t cols, xlsx_cell cell, const void *who, struct buf *out);

#endif
