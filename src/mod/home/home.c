/* home: gathers what waits for a role, the late first, and finds things by number and name. */
#include "mod/home/home.h"

#include "app/ledger.h"
#include "app/page.h"
#include "app/pinyin.h"
#include "gen/app_sql.h"
#include "gen/home_sql.h"
#include "gen/order_sql.h"
#include "gen/tmpl.h"
#include "mod/archive/archive_int.h"
#include "mod/order/order_view.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define NEWS_MAX 12
#define PER_KIND 30
#define SAY(c, key, ...)                                                                                               \
	text_fill((c)->arena, (c)->lang, (key), (const char *const[]){ __VA_ARGS__ __VA_OPT__(, ) NULL })

const struct field home_row_fields[] = {
	FIELD(struct home_row, id, T_none),
	FIELD(struct home_row, what, T_none),
	FIELD(struct home_row, number, T_order_number),
	FIELD(struct home_row, customer, T_order_customer),
	FIELD(struct home_row, state, T_order_state),
	FIELD(struct home_row, total, T_order_total),
	FIELD(struct home_row, delivery_date, T_order_delivery_date),
	FIELD(struct home_row, due_at, T_order_due_at),
	FIELD(struct home_row, title, T_home_title),
	FIELD(struct home_row, url, T_none),
	FIELD(struct home_row, order_id, T_none, .flags = F_HIDDEN),
	FIELD(struct home_row, entity_id, T_none, .flags = F_HIDDEN),
	FIELD(struct home_row, flag, T_none, .flags = F_HIDDEN),
	FIELD(struct home_row, extra, T_none, .flags = F_HIDDEN),
	FIELD(struct home_row, data, T_none, .flags = F_HIDDEN),
	FIELD_END,
};

const struct field home_hit_fields[] = {
	FIELD(struct home_hit, kind, T_home_kind),
	FIELD(struct home_hit, id, T_none),
	FIELD(struct home_hit, title, T_home_title),
	FIELD(struct home_hit, note, T_home_note),
	FIELD(struct home_hit, url, T_none),
	FIELD_END,
};

/* ---- the queue of a role ---- */

struct gathered {
	struct home_row *rows;
	size_t len;
};

static void gather(struct ctx *c, struct gathered *g, const struct home_row *rows, size_t len)
{
	struct home_row *all = ARENA_ARRAY(c->arena, g->len + len, struct home_row);

	if (g->len > 0)
		memcpy(all, g->rows, g->len * sizeof(*all));
	if (len > 0)
		memcpy(all + g->len, rows, len * sizeof(*all));
	g->rows = all;
	g->len += len;
}

static bool add_tasks(struct ctx *c, struct gathered *g, const char *role)
{
	struct home_row *rows;
	size_t len;

	if (!home_tasks(c, role, PER_KIND, &rows, &len))
		return false;
	gather(c, g, rows, len);
	return true;
}

typedef bool (*list_fn)(struct ctx *c, int64_t n, struct home_row **rows, size_t *len);

static bool add_list(struct ctx *c, struct gathered *g, list_fn list)
{
	struct home_row *rows;
	size_t len;

	if (!list(c, PER_KIND, &rows, &len))
		return false;
	gather(c, g, rows, len);
	return true;
}

static bool queue_of(struct ctx *c, struct gathered *g)
{
	switch (c->actor->role) {
	case ROLE_clerk: return add_list(c, g, home_clerk) && add_tasks(c, g, "clerk") && add_list(c, g, home_shipped);
	case ROLE_reviewer: return add_list(c, g, home_reviews) && add_tasks(c, g, "reviewer");
	case ROLE_warehouse:
		return add_list(c, g, home_warehouse) && add_list(c, g, home_picks) && add_list(c, g, home_shipments) &&
		       add_tasks(c, g, "warehouse");
	case ROLE_service: return add_tasks(c, g, "service") && add_list(c, g, home_shipped);
	default: return add_list(c, g, home_reviews) && add_tasks(c, g, "clerk");
	}
}

/* How much and for when; of a shortage, what the shelf lacks. */
static const char *why_text(struct ctx *c, const struct home_row *r)
{
	const char *usual = SAY(c, T_home_why, money_show(c->arena, r->total), show_date(c, r->delivery_date));
	json_t *data = r->data != NULL ? json_loads(r->data, 0, NULL) : NULL;
	const char *missing = json_string_value(json_object_get(data, "missing"));
	const char *why = missing != NULL ? SAY(c, T_home_why_short, arena_strdup(c->arena, missing), usual) : usual;

	json_decref(data);
	return why;
}

/* What to do, in one sentence; why, in a second; where it is done. */
static void row_dress(struct ctx *c, struct home_row *r)
{
	const char *key = strcmp(r->what, "order") == 0 && strcmp(r->state, "approved") == 0
				  ? (r->flag != 0 ? "to_pick" : "to_confirm")
			  : strcmp(r->what, "task") == 0     ? arena_printf(c->arena, "task_%s", r->extra)
			  : strcmp(r->what, "order") == 0    ? r->state
			  : strcmp(r->what, "shipment") == 0 ? arena_printf(c->arena, "ship_%s", r->state)
							     : r->what;
	enum text title = text_find(arena_printf(c->arena, "home.do_%s", key));

	r->title = text_fill(c->arena, c->lang, title != T_none ? title : T_home_do_other,
		(const char *const[]){ r->customer, NULL });
	r->why = why_text(c, r);
	r->state_text = strcmp(r->what, "shipment") == 0
				? text_get(c->lang, text_find(arena_printf(c->arena, "ship.state.%s", r->state)))
				: order_state_text(c, r->state);
	if (strcmp(r->what, "task") == 0 && strcmp(r->extra, "shortage") == 0)
		r->url = arena_printf(c->arena, "/orders/%" PRId64, r->order_id);
	else if (strcmp(r->what, "task") == 0 && strcmp(r->extra, "follow_up") == 0)
		r->url = arena_printf(c->arena, "/orders/%" PRId64 "/follow-up", r->order_id);
	else if (strcmp(r->what, "task") == 0 && strncmp(r->extra, "case", 4) == 0)
		r->url = arena_printf(c->arena, "/cases/%" PRId64, r->entity_id);
	else if (strcmp(r->what, "task") == 0 && strncmp(r->extra, "return_", 7) == 0)
		r->url = arena_printf(c->arena, "/returns/%" PRId64, r->entity_id);
	else if (strcmp(r->what, "task") == 0)
		r->url = arena_printf(c->arena, "/tasks/%" PRId64, r->id);
	else if (strcmp(key, "to_pick") == 0)
		r->url = "/picks";
	else
		r->url = arena_printf(c->arena, "/%ss/%" PRId64, r->what, r->id);
	r->action = text_get(c->lang, T_home_go);
}

static int by_due(const void *a, const void *b)
{
	const struct home_row *x = a, *y = b;

	return (x->due_at.us > y->due_at.us) - (x->due_at.us < y->due_at.us);
}

static void groups_make(struct ctx *c, struct gathered *g, struct home_page *p)
{
	static const struct {
		enum text label;
		const char *mood;
	} kinds[] = { { T_home_late, "hd-bad" }, { T_home_soon, "hd-warn" }, { T_home_today, "" } };
	int64_t upto[] = { c->now.us, c->now.us + 30 * MINUTE_US, INT64_MAX };
	size_t at = 0;

	qsort(g->rows, g->len, sizeof(*g->rows), by_due);
	p->groups = ARENA_ARRAY(c->arena, ARRAY_LEN(kinds), struct home_group);
	for (size_t k = 0; k < ARRAY_LEN(kinds); k++) {
		size_t from = at;
		while (at < g->len && g->rows[at].due_at.us < upto[k])
			at++;
		if (k == 0)
			p->late = at > 0;
		if (at > from)
			p->groups[p->groups_len++] = (struct home_group){ text_get(c->lang, kinds[k].label),
				kinds[k].mood, g->rows + from, at - from };
	}
	p->empty = g->len == 0;
	p->headline = p->late      ? SAY(c, T_home_first_late, arena_printf(c->arena, "%zu", p->groups[0].rows_len))
		      : g->len > 0 ? SAY(c, T_home_first, arena_printf(c->arena, "%zu", g->len))
				   : text_get(c->lang, T_home_nothing);
}

static bool counts_make(struct ctx *c, struct home_page *p)
{
	struct order_count *rows;
	size_t len;

	if (!order_counts(c, &rows, &len))
		return false;
	p->counts = ARENA_ARRAY(c->arena, len, struct home_count);
	for (size_t i = 0; i < len; i++)
		if (strcmp(rows[i].state, "completed") != 0 && strcmp(rows[i].state, "cancelled") != 0)
			p->counts[p->counts_len++] =
				(struct home_count){ rows[i].state, order_state_text(c, rows[i].state),
					rows[i].n >= 1000 ? "999+" : arena_printf(c->arena, "%" PRId64, rows[i].n) };
	return true;
}

/* The new state, where it is one of an order. */
static const char *became(struct ctx *c, const struct event_row *e)
{
	enum text word =
		e->to_state != NULL ? text_find(arena_printf(c->arena, "order.state.%s", e->to_state)) : T_none;

	return word != T_none ? text_get(c->lang, word) : NULL;
}

/* Which order of whom, all in one query. */
static bool news_name(struct ctx *c, struct home_page *p)
{
	int64_t *ids = ARENA_ARRAY(c->arena, p->news_len + 1, int64_t);
	struct home_hit *orders;
	size_t len;

	for (size_t i = 0; i < p->news_len; i++)
		ids[i] = p->news[i].order_id;
	if (!home_named(c, (struct i64s){ ids, p->news_len }, &orders, &len))
		return false;
	for (size_t i = 0; i < p->news_len; i++)
		for (size_t k = 0; k < len; k++)
			if (orders[k].id == p->news[i].order_id) {
				p->news[i].number = orders[k].title;
				p->news[i].customer = orders[k].note;
			}
	return true;
}

static struct home_news news_of(struct ctx *c, const struct event_row *e, enum text key)
{
	return (struct home_news){ .at = e->at,
		.text = text_get(c->lang, key),
		.who = strcmp(e->actor, "system") == 0 ? text_get(c->lang, T_role_system) : e->actor,
		.state = became(c, e),
		.order_id = e->order_id,
		.handover = strstr(e->kind, "confirmed") != NULL || strstr(e->kind, "approved") != NULL,
		.bad = strstr(e->kind, "rejected") != NULL || strstr(e->kind, "shortage") != NULL };
}

/* One transaction writes several events; the one that took the order on tells it. */
static void news_add(struct home_page *p, const struct home_news *n)
{
	struct home_news *last = p->news_len > 0 ? &p->news[p->news_len - 1] : NULL;

	if (last == NULL || last->at.us != n->at.us || last->order_id != n->order_id || strcmp(last->who, n->who) != 0)
		p->news[p->news_len++] = *n;
	else if (last->state == NULL)
		*last = *n;
}

static bool news_make(struct ctx *c, struct home_page *p)
{
	struct event_row *rows;
	size_t len;

	if (!event_latest(c, 4 * NEWS_MAX, &rows, &len))
		return false;
	p->news = ARENA_ARRAY(c->arena, len + 1, struct home_news);
	for (size_t i = 0; i < len; i++) {
		enum text key = text_find(arena_printf(c->arena, "event.%s", rows[i].kind));
		struct home_news n;
		if (key == T_none)
			continue;
		n = news_of(c, &rows[i], key);
		news_add(p, &n);
	}
	if (p->news_len > NEWS_MAX)
		p->news_len = NEWS_MAX;
	return news_name(c, p);
}

static struct done *home_get(struct ctx *c, struct req *r)
{
	static const struct view page = { NULL, PAGE(tmpl_home_home) };
	static const struct view item = { home_row_fields, NULL };
	struct home_page p = { .may_enter = may(c, RIGHT_order_edit), .today = today(c) };
	struct gathered g = { 0 };

	if (!queue_of(c, &g))
		return reply_error(r);
	for (size_t i = 0; i < g.len; i++)
		row_dress(c, &g.rows[i]);
	p.total = (int64_t)g.len;
	groups_make(c, &g, &p);
	if (!req_wants_page(r))
		return reply_list(r, &item, g.rows, g.len, 0, NULL, NULL, NULL);
	return counts_make(c, &p) && news_make(c, &p) ? reply_view(r, &page, &p) : reply_error(r);
}

/* ---- search ---- */

struct find_in {
	const char *q;
};
static const struct field find_fields[] = {
	FIELD(struct find_in, q, T_home_q, .max = 100),
	FIELD_END,
};

struct hits {
	struct home_hit *at;
	size_t len;
};

static void hits_add(struct ctx *c, struct hits *all, struct home_hit *rows, size_t len)
{
	struct home_hit *more = ARENA_ARRAY(c->arena, all->len + len, struct home_hit);

	if (all->len > 0)
		memcpy(more, all->at, all->len * sizeof(*more));
	for (size_t i = 0; i < len; i++) {
		rows[i].url = arena_printf(c->arena, "/%ss/%" PRId64, rows[i].kind, rows[i].id);
		rows[i].kind_text = text_get(c->lang, text_find(arena_printf(c->arena, "home.kind_%s", rows[i].kind)));
		more[all->len + i] = rows[i];
	}
	all->at = more;
	all->len += len;
}

static bool by_range(struct ctx *c, struct hits *all, const char *low,
	bool (*find)(struct ctx *c, const char *low, const char *high, struct home_hit **rows, size_t *len))
{
	struct home_hit *rows;
	size_t len;

	/* U+10FFFF sorts after every key that starts with low. */
	if (!find(c, low, arena_printf(c->arena, "%s\xf4\x8f\xbf\xbf", low), &rows, &len))
		return false;
	hits_add(c, all, rows, len);
	return true;
}

/* Records of the archive are found by every word in them; their page is the record's. */
static bool add_archived(struct ctx *c, struct hits *all, const char *q)
{
	struct archive_hit *found;
	struct home_hit *rows;
	size_t len, before = all->len;

	if (!archive_search(c, q, INT64_MAX, 10, &found, &len))
		return false;
	rows = ARENA_ARRAY(c->arena, len, struct home_hit);
	for (size_t i = 0; i < len; i++)
		rows[i] = (struct home_hit){ .id = found[i].order,
			.kind = "archive",
			.title = found[i].number,
			.note = found[i].customer_name };
	hits_add(c, all, rows, len);
	for (size_t i = before; i < all->len; i++)
		all->at[i].url = arena_printf(c->arena, "/orders/%" PRId64 "/archive", all->at[i].id);
	return true;
}

static bool search_all(struct ctx *c, const char *q, struct hits *all)
{
	const char *key = name_fold(c->arena, q);
	const char *digits = q[0] >= '0' && q[0] <= '9' ? q : q[0] != '\0' && q[1] != '\0' ? q + 2 : "";
	struct home_hit *rows;
	size_t len;

	if (!by_range(c, all, arena_printf(c->arena, "SO%s", digits), home_find_orders) ||
		!by_range(c, all, arena_printf(c->arena, "FH%s", digits), home_find_shipments) ||
		!by_range(c, all, arena_printf(c->arena, "TH%s", digits), home_find_returns) ||
		!by_range(c, all, arena_printf(c->arena, "TS%s", digits), home_find_cases) ||
		!by_range(c, all, key, home_find_customers) || !by_range(c, all, key, home_find_products) ||
		!home_find_tracking(c, q, &rows, &len))
		return false;
	hits_add(c, all, rows, len);
	return add_archived(c, all, q);
}

static struct done *search_get(struct ctx *c, struct req *r)
{
	static const struct view item = { home_hit_fields, NULL };
	const struct find_in *in = req_in(r);
	struct home_search p = { .q = in->q };
	struct hits all = { 0 };

	if (in->q != NULL && !search_all(c, in->q, &all))
		return reply_error(r);
	p.hits = all.at;
	p.hits_len = all.len;
	return reply_list(r, &item, all.at, all.len, 0, NULL, PAGE(tmpl_home_search), &p);
}

static const struct route routes[] = {
	{ GET, "/", RIGHT_none, NULL, 0, home_get, T_home_menu, ROUTE_SELF, NULL },
	{ GET, "/search", RIGHT_look, find_fields, sizeof(struct find_in), search_get, T_home_search, 0, NULL },
	ROUTE_END,
};

static const struct menu menu[] = {
	{ T_home_menu, "/", 10, RIGHT_none },
	{ T_none, NULL, 0, RIGHT_none },
};

const struct module home_module = {
	.name = "home",
	.routes = routes,
	.menu = menu,
};
