/* scan_web: the page that stays on the phone, and what it asks for. */
#include "mod/scan/scan.h"

#include "app/gs1.h"
#include "gen/scan_sql.h"
#include "gen/tmpl.h"
#include "http/server.h"
#include "mod/catalog/catalog.h"
#include "mod/pick/pick.h"
#include "mod/scan/scan_view.h"

#define WAVES_MAX 100

const struct field scan_wave_fields[] = {
	FIELD(struct scan_wave, id, T_none),
	FIELD(struct scan_wave, number, T_pick_wave),
	FIELD(struct scan_wave, customer, T_pick_customer),
	FIELD(struct scan_wave, created_at, T_pick_created_at),
	FIELD(struct scan_wave, orders, T_pick_orders),
	FIELD(struct scan_wave, lines, T_pick_lines),
	FIELD(struct scan_wave, answered, T_pick_picked),
	FIELD(struct scan_wave, mine, T_scan_mine),
	FIELD_END,
};

const struct field scan_line_fields[] = {
	FIELD(struct scan_line, pick, T_pick_one),
	FIELD(struct scan_line, line, T_pick_line),
	FIELD(struct scan_line, crate, T_scan_crate_n),
	FIELD(struct scan_line, order_number, T_pick_order_number),
	FIELD(struct scan_line, customer, T_pick_customer),
	FIELD(struct scan_line, sku, T_pick_sku),
	FIELD(struct scan_line, name, T_pick_name),
	FIELD(struct scan_line, warehouse, T_pick_warehouse),
	FIELD(struct scan_line, location, T_pick_location),
	FIELD(struct scan_line, lot, T_pick_lot),
	FIELD(struct scan_line, expires, T_pick_expires),
	FIELD(struct scan_line, quantity, T_pick_quantity),
	FIELD_AS(struct scan_line, base_unit, "unit", T_pick_unit),
	FIELD(struct scan_line, split, T_pick_split),
	FIELD(struct scan_line, nominal_kg, T_pick_nominal_kg, .flags = F_SPARSE),
	FIELD(struct scan_line, must_weigh, T_scan_must_weigh),
	FIELD(struct scan_line, picked, T_pick_picked),
	FIELD(struct scan_line, short_reason, T_pick_short_reason),
	FIELD_AS(struct scan_line, unit, "case_unit", T_none, .flags = F_HIDDEN),
	FIELD(struct scan_line, num, T_none, .flags = F_HIDDEN),
	FIELD(struct scan_line, den, T_none, .flags = F_HIDDEN),
	FIELD_END,
};

const struct field scan_code_fields[] = {
	FIELD(struct scan_code, sku, T_pick_sku),
	FIELD(struct scan_code, code, T_scan_code),
	FIELD_END,
};

const struct field scan_walk_fields[] = {
	FIELD(struct scan_walk, id, T_none),
	FIELD(struct scan_walk, number, T_pick_wave),
	FIELD(struct scan_walk, today, T_scan_today),
	FIELD_LIST(struct scan_walk, lines, scan_line_fields, T_pick_lines),
	FIELD_LIST(struct scan_walk, codes, scan_code_fields, T_scan_codes),
	FIELD_END,
};

static const struct field label_fields[] = {
	FIELD(struct gs1_ai, from, T_scan_ai_from),
	FIELD(struct gs1_ai, to, T_scan_ai_to),
	FIELD(struct gs1_ai, fixed, T_scan_ai_fixed),
	FIELD(struct gs1_ai, parts, T_scan_ai_parts),
	FIELD_END,
};

static const struct view wave_view = { scan_wave_fields, NULL };
static const struct view walk_view = { scan_walk_fields, NULL };
static const struct view label_view = { label_fields, NULL };

static struct done *scan_get(struct ctx *c, struct req *r)
{
	struct scan_page page = { .me = c->actor->id,
		.name = c->actor->name,
		.read_js = asset_url(c->arena, "/ui/scan-read.js"),
		.queue_js = asset_url(c->arena, "/ui/scan-queue.js"),
		.js = asset_url(c->arena, "/ui/scan.js") };
	struct scan_wave *rows = NULL;
	size_t len = 0;

	if (!req_wants_page(r) && !scan_waves(c, c->actor->id, WAVES_MAX, &rows, &len))
		return reply_error(r);
	return reply_list(r, &wave_view, rows, len, 0, NULL, PAGE(tmpl_scan_scan), &page);
}

static struct done *walk_get(struct ctx *c, struct req *r)
{
	struct scan_walk w = { 0 };

	if (!scan_walk_by_id(c, req_id(r), &w) || !scan_lines(c, w.id, &w.lines, &w.lines_len) ||
		!scan_codes(c, w.id, &w.codes, &w.codes_len))
		return reply_error(r);
	w.today = today(c);
	for (size_t i = 0; i < w.lines_len; i++) {
		struct scan_line *l = &w.lines[i];
		l->split = unit_split(c, l->quantity, (struct ratio){ l->num, l->den }, l->unit, l->base_unit);
		l->must_weigh = qty_is(l->nominal_kg) && pick_must_weigh(c, l->base_unit);
	}
	return reply_view(r, &walk_view, &w);
}

/* The dictionary of GS1, so that the phone reads labels as the server does. */
static struct done *labels_get(struct ctx *c, struct req *r)
{
	size_t len = 0;

	(void)c;
	while (gs1_table[len].from != NULL)
		len++;
	return reply_list(r, &label_view, gs1_table, len, 0, NULL, NULL, NULL);
}

static const struct route routes[] = {
	{ GET, "/scan", RIGHT_pick, NULL, 0, scan_get, T_scan_title, ROUTE_PHONE, &wave_view },
	{ GET, "/scan/waves/:id", RIGHT_pick, NULL, 0, walk_get, T_scan_walk, ROUTE_API_ONLY, &walk_view },
	{ GET, "/scan/labels", RIGHT_pick, NULL, 0, labels_get, T_scan_labels, ROUTE_API_ONLY, &label_view },
	ROUTE_END,
};

const struct module scan_module = { .name = "scan", .routes = routes };
