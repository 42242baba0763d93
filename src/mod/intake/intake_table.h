/* An order list: which column says what, guessed from its head, corrected by a clerk, remembered for the customer.
 * A table stands in the text of what came in, one row a line, its cells parted by tabs: a pasted block is one already. */
#ifndef MOD_INTAKE_TABLE_H
#define MOD_INTAKE_TABLE_H

#include "app/sheet.h"
#include "base/ctx.h"

#include <stdint.h>

#define TABLE_COLS_MAX 60
#define TABLE_ROWS_MAX 2500 /* an order has at most 2000 lines */

enum column_role { COL_OTHER, COL_SKU, COL_NAME, COL_SPEC, COL_QUANTITY, COL_UNIT, COL_PRICE, COL_REMARK, COL_ROLES };
extern const char *const column_role_names[]; /* other, sku, name, ... */

struct table_row {
	const char *cells[TABLE_COLS_MAX];
	size_t len;
	size_t number;      /* as a spreadsheet counts, from 1 */
	int64_t start, end; /* characters of the text */
};
struct table {
	struct table_row *rows;
	size_t rows_len;
	size_t cols;
	int64_t head; /* which of the rows is the head; -1: there is none */
	enum column_role roles[TABLE_COLS_MAX];
};

/* The sheet as text. E_TOO_LARGE for what is no order list any more. */
NODISCARD bool table_text(struct ctx *c, const struct sheet *s, const char **out);
/* The table in the text; false where there is none. */
bool table_find(struct ctx *c, const char *text, struct table *out);
/* Guesses the head and what each column says. */
void table_guess(struct ctx *c, struct table *t);
/* "{"head":2,"roles":["name","spec","quantity"]}" and back; false where that is not what it is. */
const char *table_columns_json(struct ctx *c, const struct table *t);
bool table_columns_set(struct ctx *c, const char *json, struct table *t);
/* What the head says, as one word to remember it by; "" without a head. */
const char *table_head_key(struct ctx *c, const struct table *t);
/* The same goods under a head that every reader knows; at[i] is the row of line i of the result, -1: none.
 * leave_out[row]: rows that need no reading; NULL: none. */
const char *table_plain(
	struct ctx *c, const struct table *t, const char *text, const bool *leave_out, int64_t **at, size_t *at_len);
/* "C7": where a cell of this role stands in a row. */
const char *table_place(struct ctx *c, const struct table *t, const struct table_row *row, enum column_role role);
/* A row that names goods. */
bool table_row_counts(const struct table *t, size_t i);
const char *table_cell(const struct table *t, const struct table_row *row, enum column_role role);

#endif
