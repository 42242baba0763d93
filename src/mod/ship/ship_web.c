/* ship_web: pages and API of shipments and carriers. */
#include "mod/ship/ship_int.h"

#include "gen/ship_sql.h"
#include "gen/tmpl.h"

/* ---- what comes in ---- */

struct undo_in {
	const char *reason;
};
static const struct field undo_fields[] = {
	FIELD(struct undo_in, reason, T_ship_reason, .flags = F_REQUIRED, .max = 300),
	FIELD_END,
};

struct list_in {
	const char *state, *q;
};
static const struct field list_fields[] = {
	FIELD(struct list_in, q, T_ship_find, .max = 100),
	FIELD(struct list_in, state, T_ship_state, .max = 16),
	FIELD_END,
};

static const struct view ship_answer = { ship_view_fields, NULL };
static const struct view package_answer = { package_fields, NULL };

/* ---- one shipment ---- */

static void page_rows(struct ctx *c, struct ship_page *p)
{
	p->rows = ARENA_ARRAY(c->arena, p->s.lines_len, struct ship_row);
	p->rows_len = p->s.lines_len;
	for (size_t i = 0; i < p->rows_len; i++) {
		struct ship_row *row = &p->rows[i];

		row->l = p->s.lines[i];
		row->left.milli = row->l.quantity.milli - row->l.packed.milli;
		row->done = row->left.milli == 0;
		row->differs = qty_is(row->l.refused) && row->l.refused.milli > 0;
	}
}

static bool can(const struct ship_view *v, const char *action)
{
	return strstr(v->actions, action) != NULL;
}

static void page_moves(struct ship_page *p)
{
	p->can_pack = can(&p->s, "\"pack\"");
	p->can_unpack = can(&p->s, "\"unpack\"");
	p->can_load = (p->can_pack || can(&p->s, "\"dispatch\"")) && p->kinds_len > 0;
	p->can_dispatch = can(&p->s, "\"dispatch\"");
	p->can_undo = can(&p->s, "\"undo\"");
	p->can_track = can(&p->s, "\"track\"");
	p->can_receive = can(&p->s, "\"receipt\"");
}

static bool active_carriers(struct ctx *c, struct ship_page *p)
{
	size_t n = 0;

	if (!carrier_list(c, &p->carriers, &p->carriers_len))
		return false;
	for (size_t i = 0; i < p->carriers_len; i++)
		if (p->carriers[i].active)
			p->carriers[n++] = p->carriers[i];
	p->carriers_len = n;
	return true;
}

static struct done *shipment_get(struct ctx *c, struct req *r)
{
	static const struct view page = { ship_view_fields, PAGE(tmpl_ship_show) };
	struct ship_page p = { 0 };
	struct shipment s;

	if (!ship_get(c, req_id(r), &s) || !ship_view_make(c, &s, &p.s))
		return reply_error(r);
	if (!req_wants_page(r))
		return reply_view(r, &ship_answer, &p.s);
	if (!active_carriers(c, &p) || !crate_kinds(c, false, &p.kinds, &p.kinds_len) ||
		!crate_held(c, s.customer_id, &p.held, &p.held_len))
		return reply_error(r);
	page_rows(c, &p);
	page_moves(&p);
	return reply_view(r, &page, &p);
}

/* ---- the moves ---- */

static struct done *answer(struct ctx *c, struct req *r)
{
	struct shipment s;
	struct ship_view v;

	if (!ship_get(c, req_id(r), &s) || !ship_view_make(c, &s, &v))
		return reply_error(r);
	return reply_moved(r, &ship_answer, &v, "/shipments/%" PRId64, s.id);
}

static struct done *package_post(struct ctx *c, struct req *r)
{
	struct package p;

	if (!ship_pack(c, req_id(r), req_version(r), req_in(r), &p))
		return reply_error(r);
	return reply_created(r, &package_answer, &p, "/shipments/%" PRId64, req_id(r));
}

static struct done *package_undo(struct ctx *c, struct req *r)
{
	return ship_unpack(c, req_id(r), req_version(r), req_n(r)) ? answer(c, r) : reply_error(r);
}

static struct done *load_post(struct ctx *c, struct req *r)
{
	return ship_load(c, req_id(r), req_version(r), req_in(r)) ? answer(c, r) : reply_error(r);
}

static struct done *dispatch_post(struct ctx *c, struct req *r)
{
	return ship_dispatch(c, req_id(r), req_version(r), req_in(r)) ? answer(c, r) : reply_error(r);
}

static struct done *undo_post(struct ctx *c, struct req *r)
{
	const struct undo_in *in = req_in(r);

	return ship_undo(c, req_id(r), req_version(r), in->reason) ? answer(c, r) : reply_error(r);
}

static struct done *tracking_post(struct ctx *c, struct req *r)
{
	return ship_track(c, req_id(r), req_in(r), "manual") ? answer(c, r) : reply_error(r);
}

static struct done *receipt_post(struct ctx *c, struct req *r)
{
	const struct upload *files;
	size_t len = req_files(r, &files);

	return ship_receive(c, req_id(r), req_version(r), req_in(r), files, len) ? answer(c, r) : reply_error(r);
}

/* Somebody outside chose the type: only what a browser merely shows goes out under its own name. */
static const char *safe_type(const char *type)
{
	static const char *const shown[] = { "image/jpeg", "image/png", "image/webp", "application/pdf", NULL };

	return enum_find(shown, type) >= 0 ? type : "application/octet-stream";
}

static struct done *file_get(struct ctx *c, struct req *r)
{
	struct receipt_content f;

	if (!receipt_file_find(c, req_id(r), req_n(r), &f))
		return reply_error(r);
	return reply_bytes(r, safe_type(f.type), f.name, f.content.data, f.content.len);
}

/* ---- the list ---- */

static bool list_find(struct ctx *c, const char *state, struct paging pg, struct ship_item **out, size_t *len)
{
	int64_t before = pg.after_id > 0 ? pg.after_id : INT64_MAX;

	if (state != NULL && (strcmp(state, "to_pack") == 0 || strcmp(state, "to_dispatch") == 0))
		return ship_list_packing(c, strcmp(state, "to_dispatch") == 0, before, pg.limit + 1, out, len);
	return ship_list_page(c, state, before, pg.limit + 1, out, len);
}

/* A number, whole or its start; else a customer by any of its names. */
static bool list_search(struct ctx *c, const char *q, struct paging pg, struct ship_item **out, size_t *len)
{
	const char *digits = q[0] >= '0' && q[0] <= '9' ? q : q[0] != '\0' && q[1] != '\0' ? q + 2 : "";
	struct customer_hit *hits;
	int64_t *ids;
	size_t n;

	if (*digits >= '0' && *digits <= '9')
		return ship_list_by_number(c, arena_printf(c->arena, "FH%s", digits),
			arena_printf(c->arena, "FH%s~", digits), arena_printf(c->arena, "SO%s", digits),
			arena_printf(c->arena, "SO%s~", digits), q, pg.after_id > 0 ? pg.after_id : INT64_MAX,
			pg.limit + 1, out, len);
	if (!customer_search(c, q, &hits, &n))
		return false;
	ids = ARENA_ARRAY(c->arena, n, int64_t);
	for (size_t i = 0; i < n; i++)
		ids[i] = hits[i].id;
	return ship_list_by_customers(
		c, (struct i64s){ ids, n }, pg.after_id > 0 ? pg.after_id : INT64_MAX, pg.limit + 1, out, len);
}

static struct ship_tab tab_of(struct ctx *c, const char *state, int64_t n, const char *here)
{
	return (struct ship_tab){ .state = state,
		.label = text_get(c->lang, text_find(arena_printf(c->arena, "ship.tab_%s", state))),
		.count = n >= 1000 ? "999+" : arena_printf(c->arena, "%" PRId64, n),
		.here = here != NULL && strcmp(here, state) == 0 };
}

static bool list_tabs(struct ctx *c, struct ship_list_page *p)
{
	struct order_count *counts;
	size_t len;

	if (!ship_counts(c, &counts, &len))
		return false;
	p->tabs = ARENA_ARRAY(c->arena, len + 1, struct ship_tab);
	for (size_t i = 0; i < len; i++)
		p->tabs[p->tabs_len++] = tab_of(c, counts[i].state, counts[i].n, p->state);
	p->tabs[p->tabs_len++] = (struct ship_tab){
		.state = "all", .label = text_get(c->lang, T_ship_tab_all), .here = strcmp(p->state, "all") == 0
	};
	return true;
}

/* A page opens at the work to do; a program that names no state gets all. */
static struct done *shipments_get(struct ctx *c, struct req *r)
{
	static const struct view item = { ship_item_fields, NULL };
	const struct list_in *in = req_in(r);
	struct paging pg = req_paging(r);
	struct ship_list_page p = { .q = in->q,
		.state = in->q != NULL       ? "all"
			 : in->state != NULL ? in->state
			 : req_wants_page(r) ? "to_pack"
					     : "all" };
	int64_t next = 0;
	size_t len;

	if (!(in->q != NULL ? list_search(c, in->q, pg, &p.items, &len)
			    : list_find(c, strcmp(p.state, "all") == 0 ? NULL : p.state, pg, &p.items, &len)) ||
		(req_wants_page(r) && !list_tabs(c, &p)))
		return reply_error(r);
	if (len > (size_t)pg.limit) {
		len = (size_t)pg.limit;
		next = p.items[len - 1].id;
	}
	p.items_len = len;
	p.next_url = req_next(r, next, NULL);
	return reply_list(r, &item, p.items, len, next, NULL, PAGE(tmpl_ship_list), &p);
}

/* ---- carriers ---- */

static struct done *carriers_get(struct ctx *c, struct req *r)
{
	static const struct view item = { carrier_fields, NULL };
	struct carrier_page p;

	if (!carrier_list(c, &p.carriers, &p.carriers_len))
		return reply_error(r);
	return reply_list(r, &item, p.carriers, p.carriers_len, 0, NULL, PAGE(tmpl_ship_carriers), &p);
}

static struct done *carriers_post(struct ctx *c, struct req *r)
{
	static const struct view item = { carrier_fields, NULL };
	const struct carrier *in = req_in(r);
	struct carrier k;
	bool found;

	if (!carrier_set(c, in) || !carrier_find(c, in->code, &k, &found))
		return reply_error(r);
	return reply_created(r, &item, &k, "/carriers");
}

/* ---- records the build reads ---- */

static const struct view carrier_answer = { carrier_fields, NULL };
static const struct view item_answer = { ship_item_fields, NULL };

#define IN(f, s) (f), sizeof(s)
static const struct route routes[] = {
	{ GET, "/shipments", RIGHT_look, IN(list_fields, struct list_in), shipments_get, T_ship_list, ROUTE_LIST,
		&item_answer },
	{ GET, "/shipments/:id", RIGHT_look, NULL, 0, shipment_get, T_ship_one, 0, &ship_answer },
	{ POST, "/shipments/:id/packages", RIGHT_ship, IN(pack_fields, struct pack_in), package_post, T_ship_do_pack, 0,
		&package_answer },
	{ POST, "/shipments/:id/packages/:n/undo", RIGHT_ship, NULL, 0, package_undo, T_ship_do_unpack, 0,
		&ship_answer },
	{ DELETE, "/shipments/:id/packages/:n", RIGHT_ship, NULL, 0, package_undo, T_ship_do_unpack, ROUTE_API_ONLY,
		&ship_answer },
	{ POST, "/shipments/:id/crates", RIGHT_ship, IN(load_fields, struct load_in), load_post, T_crate_load_set, 0,
		&ship_answer },
	{ POST, "/shipments/:id/dispatch", RIGHT_ship, IN(dispatch_fields, struct dispatch_in), dispatch_post,
		T_ship_do_dispatch, ROUTE_NEEDS_VERSION, &ship_answer },
	{ POST, "/shipments/:id/undo", RIGHT_ship, IN(undo_fields, struct undo_in), undo_post, T_ship_do_undo,
		ROUTE_NEEDS_VERSION, &ship_answer },
	{ POST, "/shipments/:id/tracking", RIGHT_track, IN(track_fields, struct track_in), tracking_post,
		T_ship_do_track, 0, &ship_answer },
	{ POST, "/shipments/:id/receipt", RIGHT_receipt, IN(receipt_fields, struct receipt_in), receipt_post,
		T_ship_do_receipt, ROUTE_NEEDS_VERSION | ROUTE_FILES, &ship_answer },
	{ GET, "/shipments/:id/delivery-note.pdf", RIGHT_look, NULL, 0, ship_delivery_note_get,
		T_ship_doc_delivery_note, 0, NULL },
	{ GET, "/shipments/:id/pick-list.pdf", RIGHT_look, NULL, 0, ship_pick_list_get, T_ship_doc_pick_list, 0, NULL },
	{ GET, "/shipments/:id/packing-list.pdf", RIGHT_look, NULL, 0, ship_packing_list_get, T_ship_doc_packing_list,
		0, NULL },
	{ GET, "/shipments/:id/label.pdf", RIGHT_look, NULL, 0, ship_label_get, T_ship_doc_label, 0, NULL },
	{ GET, "/shipments/:id/despatch-advice.xml", RIGHT_look, NULL, 0, ship_advice_get, T_ship_doc_advice, 0, NULL },
	{ GET, "/shipments/:id/files/:n", RIGHT_look, NULL, 0, file_get, T_ship_file_get, 0, NULL },
	{ GET, "/carriers", RIGHT_look, NULL, 0, carriers_get, T_carrier_list, ROUTE_LIST, &carrier_answer },
	{ POST, "/carriers", RIGHT_people, IN(carrier_in_fields, struct carrier), carriers_post, T_carrier_set, 0,
		&carrier_answer },
	ROUTE_END,
};

static const struct menu menu[] = {
	{ T_ship_menu, "/shipments", 60, RIGHT_look },
	{ T_none, NULL, 0, RIGHT_none },
};

static const struct import imports[] = {
	{ "carriers", ship_import_carriers },
	{ NULL, NULL },
};

const struct module ship_module = {
	.name = "ship",
	.routes = routes,
	.menu = menu,
	.checks = ship_checks,
	.listens = ship_listens,
	.imports = imports,
};
