/* cmd_export: orders as CSV, events and the audit chain as one JSON object a line; OCEL is made by its module. */
#include "app/command.h"

#include "app/csv_out.h"
#include "gen/app_sql.h"

#include <stdio.h>
#include <string.h>

struct period {
	int64_t from, to; /* µs */
};

static bool period_read(const struct ctx *c, const struct command_line *l, struct period *p)
{
	struct date from, to;

	*p = (struct period){ INT64_MIN + 1, INT64_MAX };
	if (l->from != NULL) {
		if (!date_parse(l->from, &from))
			return false;
		p->from = instant_of(from, zone_s(c)).us;
	}
	if (l->to != NULL) {
		if (!date_parse(l->to, &to))
			return false;
		p->to = instant_of((struct date){ to.day + 1 }, zone_s(c)).us;
	}
	return true;
}

static void event_line(struct ctx *c, const struct event_row *e, bool audit)
{
	struct buf b;
	struct json j;

	buf_init(&b, c->arena);
	json_start(&j, &b);
	json_obj(&j, NULL);
	fields_to_json(&j, event_row_fields, e);
	if (audit) {
		json_int(&j, "chain", e->chain);
		json_int(&j, "seq", e->seq);
		json_str(&j, "hash", field_text(c, field_find(event_row_fields, "hash"), e));
	}
	json_end_obj(&j);
	puts(buf_cstr(&b));
}

static bool export_events(struct ctx *c, const struct period *p, bool audit)
{
	struct event_row *rows;
	int64_t after = 0;
	size_t len;

	do {
		if (!event_page(c, after, p->from, p->to, &rows, &len))
			return false;
		for (size_t i = 0; i < len; i++)
			event_line(c, &rows[i], audit);
		after = len > 0 ? rows[len - 1].id : after;
		arena_reset(c->arena);
	} while (len > 0);
	return true;
}

const struct field export_order_fields[] = {
	FIELD(struct export_order, id, T_none),
	FIELD(struct export_order, number, T_none),
	FIELD(struct export_order, state, T_none),
	FIELD(struct export_order, channel, T_none),
	FIELD(struct export_order, customer, T_none),
	FIELD(struct export_order, customer_name, T_none),
	FIELD(struct export_order, delivery_date, T_none),
	FIELD(struct export_order, created_at, T_none),
	FIELD(struct export_order, line, T_none),
	FIELD(struct export_order, sku, T_none),
	FIELD(struct export_order, name, T_none),
	FIELD(struct export_order, quantity, T_none),
	FIELD(struct export_order, unit, T_none),
	FIELD(struct export_order, price, T_none),
	FIELD(struct export_order, price_unit, T_none),
	FIELD(struct export_order, amount, T_none),
	FIELD_END,
};

static void order_line_out(struct ctx *c, struct csv *csv, const struct export_order *o)
{
	for (const struct field *f = export_order_fields; f->name != NULL; f++)
		csv_cell(csv, field_text(c, f, o));
	csv_end_row(csv);
}

static bool export_orders(struct ctx *c, const struct period *p)
{
	struct export_order *rows;
	int64_t after = 0;
	size_t len;
	bool head = true;

	do {
		struct buf b;
		struct csv csv;
		if (!export_order_page(c, after, p->from, p->to, &rows, &len))
			return false;
		buf_init(&b, c->arena);
		csv_begin(&csv, &b, false);
		for (const struct field *f = export_order_fields; head && f->name != NULL; f++)
			csv_cell(&csv, f->name);
		if (head)
			csv_end_row(&csv);
		head = false;
		for (size_t i = 0; i < len; i++)
			order_line_out(c, &csv, &rows[i]);
		fwrite(buf_cstr(&b), 1, b.len, stdout);
		after = len > 0 ? rows[len - 1].id : after;
		arena_reset(c->arena);
	} while (len > 0);
	return true;
}

static bool export_kind(struct ctx *c, const struct command_line *l, const struct period *p)
{
	const char *kind = l->args[0];

	if (strcmp(kind, "ocel") == 0)
		return export_ocel(c, l->args_len > 1 ? l->args[1] : NULL, p->from, p->to);
	if (l->args_len > 1)
		return fail(c, E_INVALID, T_app_no_file_wanted, kind);
	if (strcmp(kind, "orders") == 0)
		return export_orders(c, p);
	if (strcmp(kind, "events") == 0 || strcmp(kind, "audit") == 0)
		return export_events(c, p, kind[0] == 'a');
	return fail(c, E_NOT_FOUND, T_app_no_such_kind, kind);
}

int cmd_export(const struct command_line *l)
{
	struct local local;
	struct period p;
	struct buf why;
	bool fine;

	buf_init(&why, NULL);
	if (!local_open(&local, l->db, false, &why))
		return command_failed(buf_cstr(&why));
	local.ctx.lang = LANG_EN;
	if (!period_read(&local.ctx, l, &p)) {
		local_close(&local);
		fprintf(stderr, "huodan: a date looks like 2026-11-24\n");
		return EXIT_USAGE;
	}
	fine = export_kind(&local.ctx, l, &p);
	if (!fine)
		(void)command_failed(local.ctx.err.detail);
	local_close(&local);
	return fine ? EXIT_DONE : EXIT_FAILED;
}
