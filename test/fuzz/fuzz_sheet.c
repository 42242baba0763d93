/* fuzz_sheet: any bytes are read as a table or refused, within the limits, without harm. */
#include "app/sheet.h"

#include "base/ctx.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void look_at(const struct sheet *t)
{
	must(t->cols >= 1 && t->cols <= SHEET_COLS_MAX && t->rows_len <= SHEET_ROWS_MAX);
	for (size_t r = 0; r < t->rows_len; r++)
		for (size_t i = 0; i < t->cols; i++)
			must(strlen(t->rows[r].cells[i]) <= SHEET_BYTES_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ctx c = { .arena = arena_new() };
	struct sheet t;

	if (sheet_read(&c, "fuzz", data, size, &t))
		look_at(&t);
	else
		must(c.err.code == E_INVALID || c.err.code == E_TOO_LARGE || c.err.code == E_BUSY);
	arena_free(c.arena);
	return 0;
}
