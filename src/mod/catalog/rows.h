/* rows: a sheet somebody sends us becomes structs, and names are found among many of them; for imports of any
 * size. What is wrong is told by the row as the spreadsheet counts it and by column: /rows/17/price. */
#ifndef MOD_CATALOG_ROWS_H
#define MOD_CATALOG_ROWS_H

#include "app/app.h"
#include "app/sheet.h"

/* One struct per row; the columns are the fields of the table, in any order. */
NODISCARD bool rows_read(struct ctx *c, const struct sheet *s, const struct field *f, size_t size, void **out);
const char *row_pointer(struct ctx *c, const struct sheet *s, size_t row, const char *column);
/* One event for the whole import: how many rows of what. */
NODISCARD bool rows_told(struct ctx *c, const char *kind, const char *entity, size_t len);

struct row_name {
	const char *name;
	size_t row;
};
struct row_index {
	struct row_name *at; /* sorted by name, then row */
	size_t len;
};
/* The name of row i is the string at `offset` in its struct; rows without one are left out. */
struct row_index row_index_of(struct arena *a, const void *rows, size_t size, size_t len, size_t offset);
/* The first row of that name, SIZE_MAX if there is none. */
size_t row_index_find(const struct row_index *x, const char *name);
/* Complains of every name that stands in an earlier row too. */
void row_index_unique(struct ctx *c, const struct sheet *s, const struct row_index *x, const char *column);
/* Every name once, for a query. */
struct strs row_index_names(struct arena *a, const struct row_index *x);

#endif
