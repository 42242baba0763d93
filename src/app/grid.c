/* grid: see grid.h. */
#include "app/grid.h"

#include "base/utf8.h"

#include <string.h>

void grid_init(struct grid *g, struct ctx *c, const char *filename)
{
	*g = (struct grid){ .c = c, .filename = filename };
}

static const char *number_str(struct grid *g, size_t n)
{
	return arena_printf(g->c->arena, "%zu", n);
}

static void rows_grow(struct grid *g)
{
	size_t cap = g->rows_cap ? 2 * g->rows_cap : 64;
	struct grid_row *rows = ARENA_ARRAY(g->c->arena, cap, struct grid_row);

	if (g->rows_len)
		memcpy(rows, g->rows, g->rows_len * sizeof(*rows));
	g->rows = rows;
	g->rows_cap = cap;
}

static void row_keep(struct grid *g)
{
	struct grid_row *row;

	if (g->rows_len == g->rows_cap)
		rows_grow(g);
	row = &g->rows[g->rows_len++];
	*row = (struct grid_row){ .number = g->number, .len = g->cur_len };
	row->cells = ARENA_ARRAY(g->c->arena, g->cur_len, const char *);
	memcpy(row->cells, g->cur, g->cur_len * sizeof(*row->cells));
	g->cells_len += g->cur_len;
	if (g->cur_len > g->cols)
		g->cols = g->cur_len;
	g->cur_len = 0;
}

bool grid_end(struct grid *g)
{
	if (g->cur_len == 0)
		return true;
	if (g->rows_len == SHEET_ROWS_MAX)
		return fail(g->c, E_TOO_LARGE, T_sheet_rows, g->filename);
	if (g->cells_len + g->cur_len > SHEET_CELLS_MAX)
		return fail(g->c, E_TOO_LARGE, T_sheet_cells, g->filename);
	row_keep(g);
	return true;
}

bool grid_row(struct grid *g, size_t number)
{
	if (!grid_end(g))
		return false;
	if (number <= g->number)
		return fail(g->c, E_INVALID, T_sheet_broken, g->filename, number_str(g, number));
	g->number = number;
	return true;
}

/* A blank at the start of s: its bytes, or 0. Chinese input methods like to leave full-width ones. */
static size_t blank_at(const char *s, size_t len)
{
	if (len >= 1 && (*s == ' ' || *s == '\t' || *s == '\n'))
		return 1;
	if (len >= 2 && memcmp(s, "\xC2\xA0", 2) == 0)
		return 2;
	if (len >= 3 && (memcmp(s, "\xE3\x80\x80", 3) == 0 || memcmp(s, "\xEF\xBB\xBF", 3) == 0))
		return 3;
	return 0;
}

static size_t blank_before_end(const char *s, size_t len)
{
	for (size_t n = 1; n <= 3 && n <= len; n++)
		if (blank_at(s + len - n, n) == n)
			return n;
	return 0;
}

static void trim(const char **s, size_t *len)
{
	size_t n;

	while ((n = blank_at(*s, *len)) > 0) {
		*s += n;
		*len -= n;
	}
	while ((n = blank_before_end(*s, *len)) > 0)
		*len -= n;
}

/* \r\n and \r become \n, in place. */
static size_t join_lines(char *s, size_t len)
{
	size_t to = 0;

	for (size_t i = 0; i < len; i++) {
		if (s[i] == '\r' && i + 1 < len && s[i + 1] == '\n')
			continue;
		s[to++] = s[i] == '\r' ? '\n' : s[i];
	}
	s[to] = '\0';
	return to;
}

static bool not_text(struct grid *g, size_t col)
{
	return fail(g->c, E_INVALID, T_sheet_control, g->filename, number_str(g, g->number), number_str(g, col + 1));
}

static bool clean(struct grid *g, size_t col, const char *s, size_t len, const char **out)
{
	char *own = arena_strndup(g->c->arena, s, len);
	const char *text = own;

	if (memchr(s, '\0', len) != NULL)
		return not_text(g, col);
	len = join_lines(own, len);
	trim(&text, &len);
	if (!utf8_clean(text, len))
		return not_text(g, col);
	own[(text - own) + (ptrdiff_t)len] = '\0';
	*out = text;
	return true;
}

bool grid_cell(struct grid *g, size_t col, const char *s, size_t len)
{
	const char *text = "";

	if (len == 0)
		return true;
	if (!clean(g, col, s, len, &text))
		return false;
	if (*text == '\0')
		return true;
	if (col >= SHEET_COLS_MAX)
		return fail(g->c, E_TOO_LARGE, T_sheet_cols, g->filename, number_str(g, g->number));
	while (g->cur_len <= col)
		g->cur[g->cur_len++] = NULL;
	g->cur[col] = text;
	return true;
}

/* The first kept row with at least this number. */
static size_t row_from(const struct grid *g, size_t number)
{
	size_t lo = 0, hi = g->rows_len;

	while (lo < hi) {
		size_t mid = (lo + hi) / 2;

		if (g->rows[mid].number < number)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static void row_widen(struct grid *g, struct grid_row *row, size_t len)
{
	const char **cells = ARENA_ARRAY(g->c->arena, len, const char *);

	memcpy(cells, row->cells, row->len * sizeof(*cells));
	g->cells_len += len - row->len;
	row->cells = cells;
	row->len = len;
}

void grid_fill_down(struct grid *g, size_t col, size_t from, size_t to)
{
	size_t i = row_from(g, from);
	const char *text;

	if (i == g->rows_len || g->rows[i].number != from || col >= g->rows[i].len)
		return;
	text = g->rows[i].cells[col];
	for (i++; i < g->rows_len && g->rows[i].number <= to && g->cells_len < SHEET_CELLS_MAX; i++) {
		if (col >= g->rows[i].len)
			row_widen(g, &g->rows[i], col + 1);
		if (g->rows[i].cells[col] != NULL)
			return; /* overlapping merges are not fought over */
		g->rows[i].cells[col] = text;
	}
}

static const char *const *row_out(struct grid *g, const struct grid_row *row)
{
	const char **cells = ARENA_ARRAY(g->c->arena, g->cols, const char *);

	for (size_t i = 0; i < g->cols; i++)
		cells[i] = i < row->len && row->cells[i] ? row->cells[i] : "";
	return cells;
}

bool grid_sheet(struct grid *g, struct sheet *out)
{
	struct sheet_row *rows;

	if (g->rows_len == 0)
		return fail(g->c, E_INVALID, T_sheet_empty, g->filename);
	if (g->rows_len * g->cols > SHEET_CELLS_MAX)
		return fail(g->c, E_TOO_LARGE, T_sheet_cells, g->filename);
	rows = ARENA_ARRAY(g->c->arena, g->rows_len, struct sheet_row);
	for (size_t i = 0; i < g->rows_len; i++)
		rows[i] = (struct sheet_row){ g->rows[i].number, row_out(g, &g->rows[i]) };
	*out = (struct sheet){ .head = rows[0].cells,
		.cols = g->cols,
		.head_number = rows[0].number,
		.rows = rows + 1,
		.rows_len = g->rows_len - 1 };
	return true;
}
