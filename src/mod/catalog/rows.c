#include "mod/catalog/rows.h"

#include <stdlib.h>
#include <string.h>

/* ---- reading ---- */

/* Which column each field stands in; SIZE_MAX: none. */
static size_t *columns_of(struct ctx *c, const struct sheet *s, const struct field *f, size_t fields)
{
	size_t *at = ARENA_ARRAY(c->arena, fields + 1, size_t);

	for (size_t i = 0; i < fields; i++) {
		at[i] = 0;
		while (at[i] < s->cols && strcmp(s->head[at[i]], f[i].name) != 0)
			at[i]++;
		if (at[i] < s->cols)
			continue;
		at[i] = SIZE_MAX;
		if (f[i].flags & F_REQUIRED)
			fail_field(c, arena_printf(c->arena, "/head/%s", f[i].name), E_REQUIRED, T_catalog_no_column,
				f[i].name);
	}
	return at;
}

static void refuse_unknown(struct ctx *c, const struct sheet *s, const struct field *f)
{
	for (size_t i = 0; i < s->cols; i++)
		if (*s->head[i] && field_find(f, s->head[i]) == NULL)
			fail_field(c, arena_printf(c->arena, "/head/%zu", i), E_UNKNOWN_FIELD, T_catalog_odd_column,
				s->head[i]);
}

static void read_row(
	struct ctx *c, const struct sheet *s, const struct field *f, const size_t *columns, size_t row, void *out)
{
	fields_clear(f, out);
	for (size_t i = 0; f[i].name; i++) {
		const char *text = columns[i] == SIZE_MAX ? "" : s->rows[row].cells[columns[i]];

		if (!field_from_text(c, &f[i], text, row_pointer(c, s, row, f[i].name), out))
			continue; /* it has complained; the next may be wrong too */
	}
}

bool rows_read(struct ctx *c, const struct sheet *s, const struct field *f, size_t size, void **out)
{
	char *rows = arena_array(c->arena, s->rows_len + 1, size);
	size_t fields = 0;
	size_t *columns;

	while (f[fields].name)
		fields++;
	columns = columns_of(c, s, f, fields);
	refuse_unknown(c, s, f);
	if (!ok(c))
		return false;
	for (size_t i = 0; i < s->rows_len; i++)
		read_row(c, s, f, columns, i, rows + i * size);
	*out = rows;
	return ok(c);
}

const char *row_pointer(struct ctx *c, const struct sheet *s, size_t row, const char *column)
{
	return arena_printf(c->arena, "/rows/%zu/%s", s->rows[row].number, column);
}

bool rows_told(struct ctx *c, const char *kind, const char *entity, size_t len)
{
	struct event e = { .kind = kind, .entity = entity, .data = arena_printf(c->arena, "{\"rows\":%zu}", len) };

	return event_add(c, &e);
}

/* ---- names ---- */

static int by_name(const void *a, const void *b)
{
	const struct row_name *x = a, *y = b;
	int d = strcmp(x->name, y->name);

	return d ? d : (x->row > y->row) - (x->row < y->row);
}

struct row_index row_index_of(struct arena *a, const void *rows, size_t size, size_t len, size_t offset)
{
	struct row_index x = { ARENA_ARRAY(a, len + 1, struct row_name), 0 };

	for (size_t i = 0; i < len; i++) {
		const char *name;

		memcpy(&name, (const char *)rows + i * size + offset, sizeof(name));
		if (name)
			x.at[x.len++] = (struct row_name){ name, i };
	}
	qsort(x.at, x.len, sizeof(*x.at), by_name);
	return x;
}

size_t row_index_find(const struct row_index *x, const char *name)
{
	size_t lo = 0, hi = x->len;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (strcmp(x->at[mid].name, name) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < x->len && strcmp(x->at[lo].name, name) == 0 ? x->at[lo].row : SIZE_MAX;
}

void row_index_unique(struct ctx *c, const struct sheet *s, const struct row_index *x, const char *column)
{
	for (size_t i = 1; i < x->len; i++)
		if (strcmp(x->at[i - 1].name, x->at[i].name) == 0)
			fail_field(c, row_pointer(c, s, x->at[i].row, column), E_DUPLICATE, T_catalog_row_twice,
				x->at[i].name);
}

struct strs row_index_names(struct arena *a, const struct row_index *x)
{
	const char **names = ARENA_ARRAY(a, x->len + 1, const char *);
	size_t len = 0;

	for (size_t i = 0; i < x->len; i++)
		if (i == 0 || strcmp(x->at[i - 1].name, x->at[i].name) != 0)
			names[len++] = x->at[i].name;
	return (struct strs){ names, len };
}
