/* tables: see tables.h. */
#include "mod/insight/tables.h"

#include "app/csv_out.h"
#include "app/xlsx_out.h"

#include <inttypes.h>
#include <string.h>

void tab_begin(struct table *t, struct ctx *c, const char *name, enum text title, enum text note)
{
	*t = (struct table){ .c = c,
		.out = { .name = name,
			.title = text_get(c->lang, title),
			.note = note != T_none ? text_get(c->lang, note) : NULL } };
	buf_init(&t->heads, c->arena);
	buf_init(&t->rows, c->arena);
	buf_init(&t->cells, c->arena);
}

void tab_head(struct table *t, enum text label, bool num)
{
	struct insight_head h = { text_get(t->c->lang, label), num };

	buf_add(&t->heads, &h, sizeof(h));
	t->out.heads_len++;
}

void tab_row(struct table *t)
{
	struct insight_row r = { 0 };

	buf_add(&t->rows, &r, sizeof(r));
	t->out.rows_len++;
}

static void cell(struct table *t, struct insight_cell k)
{
	buf_add(&t->cells, &k, sizeof(k));
}

void tab_text(struct table *t, const char *text, const char *url)
{
	cell(t, (struct insight_cell){
			.text = text != NULL ? text : "", .url = url, .is_long = text != NULL && strlen(text) > 60 });
}

void tab_count(struct table *t, size_t n, const char *url)
{
	cell(t, (struct insight_cell){ .text = arena_printf(t->c->arena, "%zu", n), .url = url, .num = true });
}

void tab_time(struct table *t, int64_t us)
{
	cell(t, (struct insight_cell){ .text = duration_show(t->c, us),
			.num = true,
			.raw = us == INT64_MIN ? "" : seconds_str(t->c->arena, us) });
}

void tab_share(struct table *t, int64_t part, int64_t whole)
{
	cell(t, (struct insight_cell){ .text = share_show(t->c, part, whole), .num = true });
}

void tab_end(struct table *t, struct insight_page *p)
{
	struct insight_cell *cells = (struct insight_cell *)(void *)t->cells.data;
	struct insight_table *all = ARENA_ARRAY(t->c->arena, p->tables_len + 1, struct insight_table);

	t->out.heads = (struct insight_head *)(void *)t->heads.data;
	t->out.rows = (struct insight_row *)(void *)t->rows.data;
	for (size_t i = 0; i < t->out.rows_len; i++) {
		t->out.rows[i] = (struct insight_row){ cells + i * t->out.heads_len, t->out.heads_len };
		must((i + 1) * t->out.heads_len * sizeof(*cells) <= t->cells.len);
	}
	t->out.csv = arena_printf(t->c->arena, "%s?table=%s&format=csv%s", p->path, t->out.name, p->query);
	t->out.xlsx = arena_printf(t->c->arena, "%s?table=%s&format=xlsx%s", p->path, t->out.name, p->query);
	if (p->tables_len > 0)
		memcpy(all, p->tables, p->tables_len * sizeof(*all));
	all[p->tables_len++] = t->out;
	p->tables = all;
}

static const char *cell_of(const void *who, size_t row, size_t col)
{
	const struct insight_table *t = who;
	const struct insight_cell *k;

	if (row == 0)
		return t->heads[col].text;
	k = &t->rows[row - 1].cells[col];
	return k->raw != NULL ? k->raw : k->text;
}

struct done *tab_send(struct ctx *c, struct req *r, const struct insight_table *t, const char *format)
{
	struct buf out;
	struct csv csv;

	buf_init(&out, c->arena);
	if (strcmp(format, "xlsx") == 0) {
		if (!xlsx_write(c, t->title, t->rows_len + 1, t->heads_len, cell_of, t, &out))
			return reply_error(r);
		return reply_bytes(r, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
			arena_printf(c->arena, "%s.xlsx", t->name), out.data, out.len);
	}
	csv_begin(&csv, &out, true);
	for (size_t row = 0; row <= t->rows_len; row++) {
		for (size_t col = 0; col < t->heads_len; col++)
			csv_cell(&csv, cell_of(t, row, col));
		csv_end_row(&csv);
	}
	return reply_bytes(
		r, "text/csv; charset=utf-8", arena_printf(c->arena, "%s.csv", t->name), buf_cstr(&out), out.len);
}
