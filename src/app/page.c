/* page: how values look to people, and the frame around every page. */
#include "app/page.h"

#include "base/rand.h"
#include "gen/tmpl.h"
#include "http/server.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ---- values as strings; "" for what is not given ---- */

static const char *fill1(struct ctx *c, enum text key, const char *arg)
{
	return text_fill(c->arena, c->lang, key, (const char *const[]){ arg, NULL });
}

const char *show_str(struct ctx *c, const char *s)
{
	(void)c;
	return s ? s : "";
}

const char *show_int(struct ctx *c, int64_t n)
{
	return n == INT64_MIN ? "" : arena_printf(c->arena, "%" PRId64, n);
}

const char *show_size(struct ctx *c, size_t n)
{
	return arena_printf(c->arena, "%zu", n);
}

const char *show_money(struct ctx *c, struct money m)
{
	return money_is(m) ? money_show(c->arena, m) : "";
}

const char *show_price(struct ctx *c, struct price p)
{
	return price_is(p) ? price_str(c->arena, p) : "";
}

const char *show_qty(struct ctx *c, struct qty q)
{
	return qty_is(q) ? qty_str(c->arena, q) : "";
}

static const char *month_day(struct ctx *c, struct date d)
{
	int y, m, day, this_year;

	date_ymd(today(c), &this_year, &m, &day);
	date_ymd(d, &y, &m, &day);
	return y == this_year ? arena_printf(c->arena, "%02d-%02d", m, day) : date_str(c->arena, d);
}

const char *show_instant(struct ctx *c, struct instant t)
{
	struct date d;
	const char *clock;

	if (!instant_is(t))
		return "";
	d = date_of(t, zone_s(c));
	clock = clock_str(c->arena, t, zone_s(c));
	return d.day == today(c).day ? clock : arena_printf(c->arena, "%s %s", month_day(c, d), clock);
}

const char *show_date(struct ctx *c, struct date d)
{
	static const enum text days[] = { T_page_sunday, T_page_monday, T_page_tuesday, T_page_wednesday,
		T_page_thursday, T_page_friday, T_page_saturday };

	if (!date_is(d))
		return "";
	return arena_printf(c->arena, "%s %s", month_day(c, d), text_get(c->lang, days[date_weekday(d)]));
}

/* "8 分", "3 小时 5 分", "4 天" */
static const char *show_span(struct ctx *c, int64_t us)
{
	int64_t minutes = us / MINUTE_US;

	if (minutes < 60)
		return fill1(c, T_page_minutes, show_int(c, minutes));
	if (minutes >= 3 * 60 && minutes < 48 * 60)
		return fill1(c, T_page_hours_only, show_int(c, minutes / 60));
	if (minutes < 3 * 60)
		return text_fill(c->arena, c->lang, T_page_hours,
			(const char *const[]){ show_int(c, minutes / 60), show_int(c, minutes % 60), NULL });
	return fill1(c, T_page_days, show_int(c, minutes / (24 * 60)));
}

/* ---- values into the page ---- */

void put_str(struct buf *b, struct ctx *c, const char *s)
{
	(void)c;
	if (s)
		buf_html(b, s);
}

void put_int(struct buf *b, struct ctx *c, int64_t n)
{
	buf_str(b, show_int(c, n));
}

void put_size(struct buf *b, struct ctx *c, size_t n)
{
	buf_str(b, show_size(c, n));
}

void put_bool(struct buf *b, struct ctx *c, bool yes)
{
	buf_html(b, text_get(c->lang, yes ? T_page_yes : T_page_no));
}

void put_money(struct buf *b, struct ctx *c, struct money m)
{
	if (money_is(m))
		buf_str(b, money_str(c->arena, m));
}

void put_money_show(struct buf *b, struct ctx *c, struct money m)
{
	buf_str(b, show_money(c, m));
}

void put_price(struct buf *b, struct ctx *c, struct price p)
{
	buf_str(b, show_price(c, p));
}

void put_qty(struct buf *b, struct ctx *c, struct qty q)
{
	buf_str(b, show_qty(c, q));
}

void put_instant(struct buf *b, struct ctx *c, struct instant t)
{
	buf_str(b, show_instant(c, t));
}

void put_date(struct buf *b, struct ctx *c, struct date d)
{
	buf_html(b, show_date(c, d));
}

void put_ago(struct buf *b, struct ctx *c, struct instant t)
{
	int64_t us = c->now.us - t.us;

	if (!instant_is(t))
		return;
	if (us >= 0 && us < MINUTE_US)
		buf_html(b, text_get(c->lang, T_page_just_now));
	else if (us < 0)
		buf_html(b, fill1(c, T_page_left, show_span(c, -us)));
	else
		buf_html(b, fill1(c, T_page_ago, show_span(c, us)));
}

void put_due(struct buf *b, struct ctx *c, struct instant t)
{
	int64_t left = t.us - c->now.us;

	if (instant_is(t))
		buf_html(b, left < 0 ? fill1(c, T_page_late, show_span(c, -left))
				     : fill1(c, T_page_left, show_span(c, left)));
}

/* Half an hour is when a clerk should look up. */
void put_due_class(struct buf *b, struct ctx *c, struct instant t)
{
	if (!instant_is(t))
		return;
	if (t.us < c->now.us)
		buf_str(b, "hd-bad");
	else if (t.us < c->now.us + 30 * MINUTE_US)
		buf_str(b, "hd-warn");
}

void put_iso_instant(struct buf *b, struct ctx *c, struct instant t)
{
	if (instant_is(t))
		buf_str(b, instant_str(c->arena, t));
}

void put_iso_date(struct buf *b, struct ctx *c, struct date d)
{
	if (date_is(d))
		buf_str(b, date_str(c->arena, d));
}

void put_url(struct buf *b, struct ctx *c, const char *s)
{
	(void)c;
	if (s)
		buf_url(b, s);
}

void put_lines(struct buf *b, struct ctx *c, const char *s)
{
	for (const char *end; s && *s; s = *end ? end + 1 : end) {
		end = s + strcspn(s, "\n");
		buf_html(b, arena_strndup(c->arena, s, (size_t)(end - s)));
		if (*end)
			buf_str(b, "<br>");
	}
}

void put_trusted(struct buf *b, struct ctx *c, struct html h)
{
	(void)c;
	if (h.s)
		buf_str(b, h.s);
}

void put_text(struct buf *b, struct ctx *c, enum text key, const char *const *args)
{
	buf_html(b, args[0] ? text_fill(c->arena, c->lang, key, args) : text_get(c->lang, key));
}

void put_word(struct buf *b, struct ctx *c, const char *prefix, const char *value)
{
	enum text key;

	if (value == NULL)
		return;
	key = text_find(arena_printf(c->arena, "%s.%s", prefix, value));
	buf_html(b, key == T_none ? value : text_get(c->lang, key));
}

void put_csrf(struct buf *b, struct ctx *c)
{
	char key[2 * 16 + 1];

	if (c->actor->csrf) {
		buf_str(b, "<input type=\"hidden\" name=\"csrf\" value=\"");
		buf_html(b, c->actor->csrf);
		buf_str(b, "\">");
	}
	rng_hex(c->rng, key, 16);
	buf_printf(b, "<input type=\"hidden\" name=\"idempotency_key\" value=\"%s\">", key);
}

/* ---- {{#if}} ---- */

bool given_ptr(const void *p)
{
	return p != NULL;
}

bool given_str(const char *s)
{
	return s != NULL && *s != '\0';
}

bool given_int(int64_t n)
{
	return n != 0 && n != INT64_MIN;
}

bool given_size(size_t n)
{
	return n != 0;
}

bool given_html(struct html h)
{
	return given_str(h.s);
}

/* ---- the frame ---- */

static int by_place(const void *a, const void *b)
{
	return ((const struct page_menu *)a)->place - ((const struct page_menu *)b)->place;
}

static bool is_under(const char *path, const char *menu)
{
	size_t len = strlen(menu);

	if (strcmp(menu, "/") == 0)
		return strcmp(path, "/") == 0;
	return strncmp(path, menu, len) == 0 && (path[len] == '\0' || path[len] == '/');
}

static size_t count_menu(void)
{
	size_t n = 0;

	for (const struct module *const *m = modules; *m; m++)
		for (const struct menu *at = (*m)->menu; at && at->path; at++)
			n++;
	return n;
}

static void frame_menu(struct ctx *c, struct page_frame *f)
{
	struct page_menu *all = ARENA_ARRAY(c->arena, count_menu() + 1, struct page_menu);
	struct page_menu *here = NULL;

	for (const struct module *const *m = modules; *m; m++)
		for (const struct menu *at = (*m)->menu; at && at->path; at++)
			if (at->right == RIGHT_none || may(c, at->right))
				all[f->menu_len++] =
					(struct page_menu){ text_get(c->lang, at->label), at->path, false, at->place };
	qsort(all, f->menu_len, sizeof(*all), by_place);
	/* /orders/new belongs to its own entry where there is one, not to /orders. */
	for (struct page_menu *at = all; at < all + f->menu_len; at++)
		if (is_under(f->path, at->path) && (here == NULL || strlen(at->path) > strlen(here->path)))
			here = at;
	if (here)
		here->here = true;
	f->menu = all;
}

static void frame_init(struct ctx *c, struct req *r, struct page_frame *f)
{
	const struct route *route = req_route(r);

	f->title = route ? text_get(c->lang, route->title) : "";
	f->lang = lang_tag(c->lang);
	f->path = req_path(r);
	f->query = req_query(r, "q");
	f->tabler = asset_url(c->arena, "/ui/tabler.min.css");
	f->css = asset_url(c->arena, "/ui/huodan.css");
	f->js = asset_url(c->arena, "/ui/app.js");
	f->keys_js = asset_url(c->arena, "/ui/keys.js");
	f->live_js = asset_url(c->arena, "/ui/live.js");
	f->theme_js = asset_url(c->arena, "/ui/theme.js");
	f->now = c->now;
	f->zone = 0;
}

/* Signed in: only then are settings and rights worth asking for. */
static void frame_person(struct ctx *c, struct page_frame *f)
{
	static const enum text roles[ROLE_COUNT] = { [ROLE_none] = T_role_none,
		[ROLE_clerk] = T_role_clerk,
		[ROLE_reviewer] = T_role_reviewer,
		[ROLE_warehouse] = T_role_warehouse,
		[ROLE_service] = T_role_service,
		[ROLE_admin] = T_role_admin,
		[ROLE_system] = T_role_system };

	f->name = c->actor->name ? c->actor->name : c->actor->login;
	f->role = text_get(c->lang, roles[c->actor->role]);
	f->zone = zone_s(c);
	frame_menu(c, f);
}

static void put_frame(struct buf *b, struct ctx *c, struct page_frame *f, page_fn page, const void *data)
{
	struct buf body;

	buf_init(&body, c->arena);
	page(&body, c, data);
	f->body = (struct html){ buf_cstr(&body) };
	b->failed |= body.failed;
	if (f->phone) {
		tmpl_app_phone(b, c, f);
	} else if (c->actor->id != 0) {
		frame_person(c, f);
		tmpl_app_layout(b, c, f);
	} else {
		tmpl_app_plain(b, c, f);
	}
}

void page_layout(struct buf *b, struct ctx *c, struct req *r, page_fn page, const void *data)
{
	struct page_frame f = { .title = NULL };

	frame_init(c, r, &f);
	f.phone = req_route(r) != NULL && (req_route(r)->flags & ROUTE_PHONE) != 0;
	put_frame(b, c, &f, page, data);
}

static void error_fields(struct ctx *c, struct page_error *e)
{
	struct page_error_field *fields = ARENA_ARRAY(c->arena, c->err.fields_len + 1, struct page_error_field);

	for (const struct field_err *f = c->err.fields; f; f = f->next)
		fields[e->fields_len++] = (struct page_error_field){ f->pointer, f->detail };
	e->fields = fields;
}

void page_error(struct buf *b, struct ctx *c, struct req *r)
{
	struct page_frame f = { .title = NULL };
	enum text hint;
	struct page_error e = {
		.status = err_status(c->err.code),
		.code = err_name(c->err.code),
		.title = text_get(c->lang, err_title(c->err.code)),
		.detail = c->err.detail,
		.sign_in = c->err.code == E_UNAUTHORIZED,
	};

	hint = text_find(arena_printf(c->arena, "page.hint.%d", e.status));
	e.hint = hint != T_none ? text_get(c->lang, hint) : NULL;
	error_fields(c, &e);
	frame_init(c, r, &f);
	f.title = e.title;
	put_frame(b, c, &f, PAGE(tmpl_app_error), &e);
}
