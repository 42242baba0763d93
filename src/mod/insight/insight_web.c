/* insight_web: the pages of the process. Each reads the history of the orders entered in a period, makes its figures and
 * shows them, as page, as JSON, or one of its tables as a file. */
#include "app/ledger.h"
#include "gen/app_sql.h"
#include "gen/insight_sql.h"
#include "gen/tmpl.h"
#include "mod/insight/insight.h"
#include "mod/insight/insight_board.h"
#include "mod/insight/insight_pages.h"
#include "mod/order/order_view.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define DAYS_SHOWN   30
#define ORDERS_SHOWN 200

static const char *const channels[] = { "all", "phone", "email", "online", "chat", "file", "edi", NULL };
static const char *const steps_names[] = { "main", "all", NULL };
static const char *const formats[] = { "page", "csv", "xlsx", NULL };
static const char *const shows[] = { "all", "late_confirm", "late_review", "again", "not_first", "two_eyes", "against",
	NULL };
static const unsigned show_marks[] = { 0, MARK_LATE_CONFIRM, MARK_LATE_REVIEW, MARK_AGAIN, MARK_NOT_FIRST,
	MARK_TWO_EYES, MARK_AGAINST | MARK_TWO_EYES };

/* Which orders, how much of them, and in which form. */
struct process_in {
	struct date from, to, at;
	int channel, role, steps, format, show;
	const char *tier, *table, *step, *before;
	int64_t detail, variant;
};
static const struct field process_fields[] = {
	FIELD(struct process_in, from, T_insight_from_day),
	FIELD(struct process_in, to, T_insight_to_day),
	FIELD(struct process_in, at, T_insight_at_day),
	FIELD_ENUM(struct process_in, channel, T_order_channel, channels),
	FIELD(struct process_in, tier, T_insight_tier, .max = 40),
	FIELD_ENUM(struct process_in, role, T_insight_role, role_names),
	FIELD_ENUM(struct process_in, steps, T_insight_all_steps, steps_names),
	FIELD(struct process_in, detail, T_insight_detail, .flags = F_POSITIVE, .max = 100),
	FIELD(struct process_in, table, T_none, .max = 20),
	FIELD_ENUM(struct process_in, format, T_none, formats),
	FIELD_ENUM(struct process_in, show, T_insight_show, shows),
	FIELD(struct process_in, step, T_insight_step, .max = 60),
	FIELD(struct process_in, before, T_insight_before_step, .max = 60),
	FIELD(struct process_in, variant, T_insight_variants, .flags = F_POSITIVE),
	FIELD_END,
};

/* ---- what all pages have ---- */

static const char *filter_query(struct ctx *c, const struct process_in *in, const struct insight_page *p)
{
	struct buf b;

	buf_init(&b, c->arena);
	buf_printf(&b, "&from=%s&to=%s", date_str(c->arena, p->from), date_str(c->arena, p->to));
	if (in->channel > 0)
		buf_printf(&b, "&channel=%s", channels[in->channel]);
	if (in->tier != NULL) {
		buf_str(&b, "&tier=");
		buf_url(&b, in->tier);
	}
	if (in->role > ROLE_none)
		buf_printf(&b, "&role=%s", role_names[in->role]);
	if (in->steps > 0)
		buf_str(&b, "&steps=all");
	return buf_cstr(&b);
}

static bool period_make(struct ctx *c, const struct process_in *in, struct insight_page *p)
{
	p->to = date_is(in->to) ? in->to : today(c);
	p->from = date_is(in->from) ? in->from : (struct date){ p->to.day - DAYS_SHOWN + 1 };
	p->at = date_is(in->at) ? in->at : (struct date){ p->from.day + (p->to.day - p->from.day + 1) / 2 };
	p->detail = in->detail != INT64_MIN ? in->detail : 90;
	p->all_steps = in->steps > 0;
	if (p->from.day > p->to.day)
		(void)fail_field(c, "/from", E_RANGE, T_insight_period);
	if (p->at.day < p->from.day || p->at.day > p->to.day)
		(void)fail_field(c, "/at", E_RANGE, T_insight_at_outside);
	return ok(c);
}

static struct history_filter filter_of(struct ctx *c, const struct process_in *in, struct date from, struct date to)
{
	return (struct history_filter){ instant_of(from, zone_s(c)), instant_of((struct date){ to.day + 1 }, zone_s(c)),
		in->channel > 0 ? channels[in->channel] : NULL, in->tier, in->steps > 0 };
}

static bool process_load(struct ctx *c, const struct process_in *in, struct date from, struct date to, unsigned parts,
	struct process *out)
{
	const int64_t targets[TARGET_COUNT] = { setting_int(c, "target.confirm_minutes") * MINUTE_US,
		setting_int(c, "target.review_minutes") * MINUTE_US };
	struct history_filter f = filter_of(c, in, from, to);
	struct history *h = ARENA_NEW(c->arena, struct history);

	if (!history_load(c, &f, h))
		return false;
	process_make(c, h, parts, targets, out);
	return true;
}

static void tabs_make(struct ctx *c, struct insight_page *p)
{
	static const struct {
		const char *path;
		enum text label;
	} all[] = { { "/process", T_insight_tab_map }, { "/process/variants", T_insight_tab_variants },
		{ "/process/people", T_insight_tab_people }, { "/process/service", T_insight_tab_service },
		{ "/process/trend", T_insight_tab_trend } };

	p->tabs = ARENA_ARRAY(c->arena, ARRAY_LEN(all), struct insight_tab);
	for (size_t i = 0; i < ARRAY_LEN(all); i++)
		p->tabs[p->tabs_len++] =
			(struct insight_tab){ arena_printf(c->arena, "%s?%s", all[i].path, p->query + 1),
				text_get(c->lang, all[i].label), strcmp(all[i].path, p->path) == 0 };
}

static void options_make(struct ctx *c, const struct process_in *in, struct insight_page *p)
{
	p->channels = ARENA_ARRAY(c->arena, ARRAY_LEN(channels), struct insight_option);
	for (int i = 0; channels[i] != NULL; i++)
		p->channels[p->channels_len++] = (struct insight_option){ channels[i],
			i == 0 ? text_get(c->lang, T_insight_all)
			       : text_get(c->lang, text_find(arena_printf(c->arena, "order.channel.%s", channels[i]))),
			i == in->channel };
	p->roles = ARENA_ARRAY(c->arena, ROLE_COUNT, struct insight_option);
	for (int i = 0; i < ROLE_system; i++)
		p->roles[p->roles_len++] = (struct insight_option){ role_names[i],
			i == 0 ? text_get(c->lang, T_insight_all)
			       : text_get(c->lang, text_find(arena_printf(c->arena, "role.%s", role_names[i]))),
			i == in->role };
}

static bool tiers_make(struct ctx *c, const struct process_in *in, struct insight_page *p)
{
	struct insight_tier *rows;
	size_t len;

	if (!insight_tiers(c, &rows, &len))
		return false;
	p->tiers = ARENA_ARRAY(c->arena, len, struct insight_option);
	for (size_t i = 0; i < len; i++)
		p->tiers[p->tiers_len++] = (struct insight_option){ rows[i].tier, rows[i].tier,
			in->tier != NULL && strcmp(in->tier, rows[i].tier) == 0 };
	return true;
}

static bool page_begin(struct ctx *c, const struct process_in *in, const char *path, struct insight_page *p)
{
	*p = (struct insight_page){ .path = path };
	if (!period_make(c, in, p))
		return false;
	p->query = filter_query(c, in, p);
	tabs_make(c, p);
	options_make(c, in, p);
	return tiers_make(c, in, p);
}

static void waiting_make(struct ctx *c, const struct process *x, struct insight_page *p)
{
	if (x->history->waiting > 0)
		p->waiting = text_fill(c->arena, c->lang, T_insight_waiting,
			(const char *const[]){ arena_printf(c->arena, "%zu", x->history->waiting), NULL });
	p->empty = x->figures.cases == 0;
}

/* The page, or the one table that is wanted as a file. */
static struct done *page_send(struct ctx *c, struct req *r, const struct process_in *in, const struct insight_page *p)
{
	static const struct view view = { NULL, PAGE(tmpl_insight_process) };

	if (in->format == 0)
		return reply_view(r, &view, p);
	for (size_t i = 0; i < p->tables_len; i++)
		if (in->table == NULL || strcmp(p->tables[i].name, in->table) == 0)
			return tab_send(c, r, &p->tables[i], formats[in->format]);
	(void)fail_field(c, "/table", E_UNKNOWN, T_insight_no_table, in->table != NULL ? in->table : "");
	return reply_error(r);
}

/* ---- the pages ---- */

static void to_buf(void *who, const char *data, size_t len)
{
	buf_add(who, data, len);
}

static struct done *process_get(struct ctx *c, struct req *r)
{
	const struct process_in *in = req_in(r);
	struct insight_page p;
	struct process x;
	struct buf json;
	bool figures_only = !req_wants_page(r) && in->format == 0;
	unsigned parts = figures_only ? 0 : PART_STEPS | PART_ORDERS;

	if (!page_begin(c, in, "/process", &p) || !process_load(c, in, p.from, p.to, parts, &x))
		return reply_error(r);
	if (figures_only) {
		buf_init(&json, c->arena);
		figures_json(c, &x.figures, to_buf, &json);
		return reply_json(r, &json);
	}
	waiting_make(c, &x, &p);
	page_overview(c, &x, &p, (enum role)in->role);
	return page_send(c, r, in, &p);
}

static struct done *variants_get(struct ctx *c, struct req *r)
{
	const struct process_in *in = req_in(r);
	struct insight_page p;
	struct process x;

	if (!page_begin(c, in, "/process/variants", &p) || !process_load(c, in, p.from, p.to, PART_ORDERS, &x))
		return reply_error(r);
	waiting_make(c, &x, &p);
	page_variants(c, &x, &p);
	return page_send(c, r, in, &p);
}

static struct done *people_get(struct ctx *c, struct req *r)
{
	const struct process_in *in = req_in(r);
	struct insight_page p;
	struct process x;

	if (!page_begin(c, in, "/process/people", &p) || !process_load(c, in, p.from, p.to, PART_PEOPLE, &x))
		return reply_error(r);
	waiting_make(c, &x, &p);
	page_people(c, &x, &p);
	return page_send(c, r, in, &p);
}

static struct done *service_get(struct ctx *c, struct req *r)
{
	const struct process_in *in = req_in(r);
	struct insight_page p;

	if (!page_begin(c, in, "/process/service", &p) ||
		!page_service(c, in->channel > 0 ? channels[in->channel] : NULL, in->tier, &p))
		return reply_error(r);
	return page_send(c, r, in, &p);
}

static struct done *trend_get(struct ctx *c, struct req *r)
{
	const struct process_in *in = req_in(r);
	struct insight_page p;
	struct process before, after;

	if (!page_begin(c, in, "/process/trend", &p) ||
		!process_load(c, in, p.from, (struct date){ p.at.day - 1 }, PART_STEPS | PART_ORDERS, &before) ||
		!process_load(c, in, p.at, p.to, PART_STEPS | PART_ORDERS, &after))
		return reply_error(r);
	p.has_at = true;
	waiting_make(c, &after, &p);
	p.empty = before.figures.cases + after.figures.cases == 0;
	page_trend(c, &before, &after, &p);
	return page_send(c, r, in, &p);
}

/* ---- the orders behind a figure ---- */

struct picked {
	uint32_t item;
	int64_t gap, took; /* µs; gap of the step that was asked for, the longest in this order */
};

static uint32_t kind_of(const struct process *x, const char *kind)
{
	uint32_t n;

	return kind != NULL && words_find(&x->history->book[BOOK_KIND], kind, strlen(kind), &n) ? n : LOG_NONE;
}

/* Whether the case has the step (after that other one), and how long it was waited for at most. */
static bool has_step(const struct process *x, const struct process_in *in, uint32_t item, int64_t *gap)
{
	const struct log *g = &x->history->log;
	uint32_t step = kind_of(x, in->step), before = kind_of(x, in->before);
	bool has = false;

	for (size_t i = 0; i < case_len(g, item); i++) {
		uint32_t e = case_event(g, item, i);
		int64_t waited = i == 0 ? 0 : log_gap(g, case_event(g, item, i - 1), e);
		bool follows =
			in->before == NULL || (i > 0 && u32s(&g->activity)[case_event(g, item, i - 1)] == before);
		if (u32s(&g->activity)[e] != step || !follows)
			continue;
		has = true;
		*gap = waited > *gap ? waited : *gap;
	}
	return has;
}

static bool is_wanted(const struct process *x, const struct process_in *in, uint32_t item, int64_t *gap)
{
	const struct figures *f = &x->figures;

	if (in->show > 0 && (x->marks[item] & show_marks[in->show]) == 0)
		return false;
	if (in->variant != INT64_MIN && (in->variant > (int64_t)f->variants_len ||
						!same_way(&x->history->log, item, f->variants[in->variant - 1].item)))
		return false;
	return in->step == NULL || has_step(x, in, item, gap);
}

static int longest_first(const void *a, const void *b)
{
	const struct picked *x = a, *y = b;

	if (x->gap != y->gap)
		return x->gap < y->gap ? 1 : -1;
	return (x->took < y->took) - (x->took > y->took);
}

static struct picked *pick_orders(struct ctx *c, const struct process *x, const struct process_in *in, size_t *len)
{
	const struct log *g = &x->history->log;
	struct picked *all = ARENA_ARRAY(c->arena, (size_t)g->items.len + 1, struct picked);

	*len = 0;
	for (uint32_t item = 0; item < g->items.len; item++) {
		struct picked one = { item, 0, 0 };
		size_t n = case_len(g, item);
		if (n == 0 || !is_wanted(x, in, item, &one.gap))
			continue;
		one.took = i64s_of(&g->at)[case_event(g, item, n - 1)] - i64s_of(&g->at)[case_event(g, item, 0)];
		all[(*len)++] = one;
	}
	qsort(all, *len, sizeof(*all), longest_first);
	return all;
}

/* The rows in the order of the picked; a deleted order is none. */
static bool rows_of(struct ctx *c, const struct process *x, const struct picked *picked, size_t len,
	struct insight_order **out, size_t *out_len)
{
	int64_t *ids = ARENA_ARRAY(c->arena, len + 1, int64_t);
	struct insight_order *rows;
	size_t rows_len;

	for (size_t i = 0; i < len; i++)
		ids[i] = x->history->order_of[picked[i].item];
	if (!insight_orders(c, (struct i64s){ ids, len }, &rows, &rows_len))
		return false;
	*out = ARENA_ARRAY(c->arena, rows_len + 1, struct insight_order);
	*out_len = 0;
	for (size_t i = 0; i < len; i++)
		for (size_t k = 0; k < rows_len; k++)
			if (rows[k].id == ids[i]) {
				rows[k].gap_s = picked[i].gap / SECOND_US;
				rows[k].took_s = picked[i].took / SECOND_US;
				(*out)[(*out_len)++] = rows[k];
				break;
			}
	return true;
}

static void orders_table(struct ctx *c, const struct insight_order *rows, size_t len, struct insight_page *p)
{
	struct table t;

	tab_begin(&t, c, "orders", T_insight_orders_behind, T_none);
	tab_head(&t, T_order_number, false);
	tab_head(&t, T_order_customer, false);
	tab_head(&t, T_order_state, false);
	tab_head(&t, T_order_created_at, false);
	tab_head(&t, T_order_total, true);
	tab_head(&t, T_insight_gap, true);
	tab_head(&t, T_insight_took, true);
	for (size_t i = 0; i < len; i++) {
		tab_row(&t);
		tab_text(&t, rows[i].number, arena_printf(c->arena, "/process/orders/%" PRId64, rows[i].id));
		tab_text(&t, rows[i].customer, NULL);
		tab_text(&t, order_state_text(c, rows[i].state), NULL);
		tab_text(&t, show_instant(c, rows[i].created_at), NULL);
		tab_text(&t, money_show(c->arena, rows[i].total), NULL);
		tab_time(&t, rows[i].gap_s * SECOND_US);
		tab_time(&t, rows[i].took_s * SECOND_US);
	}
	tab_end(&t, p);
}

static struct done *orders_get(struct ctx *c, struct req *r)
{
	static const struct view item = { insight_order_fields, NULL };
	const struct process_in *in = req_in(r);
	struct insight_page p;
	struct process x;
	struct insight_order *rows;
	struct picked *picked;
	size_t len, found;

	if (!page_begin(c, in, "/process/orders", &p) || !process_load(c, in, p.from, p.to, PART_ORDERS, &x))
		return reply_error(r);
	picked = pick_orders(c, &x, in, &found);
	if (!rows_of(c, &x, picked, found < ORDERS_SHOWN ? found : ORDERS_SHOWN, &rows, &len))
		return reply_error(r);
	if (!req_wants_page(r) && in->format == 0)
		return reply_list(r, &item, rows, len, 0, NULL, NULL, NULL);
	waiting_make(c, &x, &p);
	p.sentences = ARENA_ARRAY(c->arena, 1, struct insight_sentence);
	p.sentences[p.sentences_len++] =
		(struct insight_sentence){ text_fill(c->arena, c->lang, T_insight_found,
						   (const char *const[]){ arena_printf(c->arena, "%zu", found),
							   arena_printf(c->arena, "%zu", len), NULL }),
			NULL, "" };
	p.empty = found == 0;
	orders_table(c, rows, len, &p);
	return page_send(c, r, in, &p);
}

/* ---- one order, event by event ---- */

static void walk_step(struct ctx *c, const struct event_row *rows, size_t i, struct insight_walk_step *out)
{
	const struct event_row *e = &rows[i], *before = i > 0 ? &rows[i - 1] : e;
	int64_t gap = e->at.us - before->at.us;

	*out = (struct insight_walk_step){ .at = e->at,
		.kind = e->kind,
		.what = step_name(c, e->kind),
		.who = e->actor,
		.role = e->role,
		.state = e->to_state != NULL ? order_state_text(c, e->to_state) : NULL,
		.gap = i == 0 || gap <= 0 ? NULL : duration_show(c, gap),
		.waited = i > 0 && gap > 0 && e->actor_id != before->actor_id,
		.handover = i > 0 && strcmp(e->role, before->role) != 0 };
}

static struct done *walk_get(struct ctx *c, struct req *r)
{
	static const struct view view = { NULL, PAGE(tmpl_insight_walk) };
	int64_t id = req_id(r), waited = 0, worked = 0;
	struct insight_order *order;
	struct event_row *rows;
	struct insight_walk w = { .id = id };
	size_t len, found;

	if (!insight_orders(c, (struct i64s){ &id, 1 }, &order, &found) || !event_of_order(c, id, &rows, &len))
		return reply_error(r);
	if (found == 0) {
		(void)fail(c, E_NOT_FOUND, T_err_not_found);
		return reply_error(r);
	}
	w.number = order->number;
	w.customer = order->customer;
	w.state = order->state;
	w.state_text = order_state_text(c, order->state);
	w.steps = ARENA_ARRAY(c->arena, len + 1, struct insight_walk_step);
	for (size_t i = 0; i < len; i++) {
		walk_step(c, rows, i, &w.steps[w.steps_len]);
		if (i > 0 && rows[i].at.us > rows[i - 1].at.us)
			*(w.steps[w.steps_len].waited ? &waited : &worked) += rows[i].at.us - rows[i - 1].at.us;
		w.steps_len++;
	}
	w.took = len > 0 ? duration_show(c, rows[len - 1].at.us - rows[0].at.us) : "–";
	w.waited = duration_show(c, waited);
	w.worked = duration_show(c, worked);
	return reply_view(r, &view, &w);
}

/* ---- the board ---- */

static struct done *board_get(struct ctx *c, struct req *r)
{
	static const struct view view = { NULL, PAGE(tmpl_insight_board) };
	struct board_page p;
	struct process_in week = { .from = { today(c).day - 6 }, .to = today(c) };
	struct process x;

	if (!board_make(c, &p) || !process_load(c, &week, week.from, week.to, PART_STEPS, &x))
		return reply_error(r);
	p.sentence = x.steps_len > 0 ? bottleneck_text(c, &x, &x.steps[0]) : NULL;
	return reply_view(r, &view, &p);
}

#define PROCESS_PAGE(path, get, title, flags)                                                                          \
	{                                                                                                              \
		GET, path, RIGHT_look, process_fields, sizeof(struct process_in), get, title, flags, NULL              \
	}

static const struct route routes[] = {
	PROCESS_PAGE("/process", process_get, T_insight_menu, 0),
	PROCESS_PAGE("/process/variants", variants_get, T_insight_tab_variants, ROUTE_PAGE_ONLY),
	PROCESS_PAGE("/process/people", people_get, T_insight_tab_people, ROUTE_PAGE_ONLY),
	PROCESS_PAGE("/process/service", service_get, T_insight_tab_service, ROUTE_PAGE_ONLY),
	PROCESS_PAGE("/process/trend", trend_get, T_insight_tab_trend, ROUTE_PAGE_ONLY),
	PROCESS_PAGE("/process/orders", orders_get, T_insight_orders_behind, 0),
	{ GET, "/process/orders/:id", RIGHT_look, NULL, 0, walk_get, T_insight_walk, ROUTE_PAGE_ONLY, NULL },
	{ GET, "/board", RIGHT_look, NULL, 0, board_get, T_insight_board, ROUTE_PAGE_ONLY, NULL },
	ROUTE_END,
};

static const struct menu menu[] = {
	{ T_insight_menu, "/process", 80, RIGHT_look },
	{ T_none, NULL, 0, RIGHT_none },
};

static const struct tick ticks[] = {
	{ "insight.pack", 1, history_pack },
	{ NULL, 0, NULL },
};

const struct module insight_module = {
	.name = "insight",
	.routes = routes,
	.menu = menu,
	.ticks = ticks,
};
