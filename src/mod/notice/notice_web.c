/* notice_web: every notice with its tries, the words, and what each customer gets. */
#include "mod/notice/notice_view.h"

#include "app/outside.h"
#include "app/serve.h"
#include "app/webhook.h"
#include "gen/notice_sql.h"
#include "gen/tmpl.h"
#include "http/server.h"
#include "mod/customer/customer.h"

#include <inttypes.h>
#include <string.h>

#define OLD_SECRET (2 * DAY_US) /* both are signed with so long */

static const char *const list_states[] = { "all", "failed", "unsent", "waiting", "sent", NULL };

const struct field notice_item_fields[] = {
	FIELD(struct notice_item, id, T_none),
	FIELD(struct notice_item, about, T_notice_about),
	FIELD(struct notice_item, channel, T_notice_channel),
	FIELD(struct notice_item, recipient, T_notice_recipient),
	FIELD(struct notice_item, subject, T_notice_subject),
	FIELD(struct notice_item, body, T_notice_body),
	FIELD(struct notice_item, state, T_notice_state),
	FIELD_AS(struct notice_item, tries, "tries_n", T_notice_tries),
	FIELD(struct notice_item, answer, T_notice_answer),
	FIELD(struct notice_item, order_id, T_none),
	FIELD(struct notice_item, number, T_notice_order),
	FIELD(struct notice_item, customer, T_notice_customer),
	FIELD(struct notice_item, customer_name, T_notice_customer),
	FIELD(struct notice_item, resend_of, T_none),
	FIELD(struct notice_item, created_at, T_notice_created_at),
	FIELD(struct notice_item, done_at, T_notice_done_at),
	FIELD(struct notice_item, next_at, T_notice_next_at),
	{ .name = "tries",
		.label = T_notice_tries,
		.type = F_LIST,
		.offset = offsetof(struct notice_item, list),
		.len_offset = offsetof(struct notice_item, list_len),
		.size = sizeof(struct notice_try),
		.sub = notice_try_fields },
	FIELD_END,
};
const struct field notice_count_fields[] = {
	FIELD(struct notice_count, state, T_notice_state),
	FIELD(struct notice_count, n, T_none),
	FIELD_END,
};
const struct field notice_choice_fields[] = {
	FIELD(struct notice_choice, by_email, T_notice_by_email),
	FIELD(struct notice_choice, by_webhook, T_notice_by_webhook),
	FIELD(struct notice_choice, by_wecom, T_notice_by_wecom),
	FIELD(struct notice_choice, by_sms, T_notice_by_sms),
	FIELD(struct notice_choice, lang, T_notice_lang, .max = 8),
	FIELD_END,
};

/* ---- the list ---- */

struct list_in {
	int state;
	int64_t order, customer;
};
static const struct field list_fields[] = {
	FIELD_ENUM(struct list_in, state, T_notice_state, list_states),
	FIELD(struct list_in, order, T_notice_order),
	FIELD(struct list_in, customer, T_notice_customer),
	FIELD_END,
};

static bool list_tabs(struct ctx *c, const char *here, struct notice_list_page *p)
{
	struct notice_count *counts;
	size_t n;

	if (!notice_counts(c, &counts, &n))
		return false;
	p->tabs = ARENA_ARRAY(c->arena, n + 1, struct notice_tab);
	p->tabs[p->tabs_len++] = (struct notice_tab){ "all", NULL, here == NULL };
	for (size_t i = 0; i < n; i++)
		p->tabs[p->tabs_len++] = (struct notice_tab){ counts[i].state,
			counts[i].n == 0      ? NULL
			: counts[i].n >= 1000 ? "999+"
					      : arena_printf(c->arena, "%" PRId64, counts[i].n),
			here != NULL && strcmp(here, counts[i].state) == 0 };
	return true;
}

static struct done *list_get(struct ctx *c, struct req *r)
{
	static const struct view item = { notice_item_fields, NULL };
	const struct list_in *in = req_in(r);
	const char *state = in->state > 0 ? list_states[in->state] : NULL;
	struct paging at = req_paging(r);
	struct notice_list_page p = { 0 };
	int64_t next = 0;
	size_t len;

	if (!notice_page(c, state, in->order, in->customer, at.after_id > 0 ? at.after_id : INT64_MAX, at.limit + 1,
		    &p.items, &len) ||
		(req_wants_page(r) && !list_tabs(c, state, &p)))
		return reply_error(r);
	p.items_len = len > (size_t)at.limit ? (size_t)at.limit : len;
	next = len > p.items_len ? p.items[p.items_len - 1].id : 0;
	p.next_url = req_next(r, next, NULL);
	if (in->order != INT64_MIN && p.items_len > 0)
		p.number = p.items[0].number;
	return reply_list(r, &item, p.items, p.items_len, next, NULL, PAGE(tmpl_notice_list), &p);
}

/* ---- one of them, and once more ---- */

static const struct view one_answer = { notice_item_fields, PAGE(tmpl_notice_show) };

static bool item_of(struct ctx *c, int64_t id, struct notice_item *v)
{
	if (!notice_item_get(c, id, v) || !notice_try_list(c, id, &v->list, &v->list_len))
		return false;
	v->may_resend = strcmp(v->channel, "none") != 0 && strcmp(v->state, "waiting") != 0;
	v->lost = v->list_len < (size_t)v->tries;
	return true;
}

static struct done *one_get(struct ctx *c, struct req *r)
{
	struct notice_item v;

	return item_of(c, req_id(r), &v) ? reply_view(r, &one_answer, &v) : reply_error(r);
}

static bool may_go_again(struct ctx *c, const struct notice *n)
{
	struct notice_endpoint e;

	if (strcmp(n->channel, "none") == 0)
		return fail(c, E_CONFLICT, T_notice_no_channel);
	if (strcmp(n->state, "waiting") == 0)
		return fail(c, E_CONFLICT, T_notice_waits);
	if (n->endpoint_id == INT64_MIN)
		return true;
	return notice_endpoint_get(c, n->endpoint_id, &e) &&
	       (e.active || fail(c, E_CONFLICT, T_notice_endpoint_closed));
}

/* A copy with an event of its own: who sent it once more is on record, and the peer takes it for a new one. */
static bool send_again(struct ctx *c, int64_t id, struct notice *n)
{
	struct event ev = { .kind = "notice.resent", .entity = "notice", .entity_id = id };

	if (!notice_one(c, id, n) || !may_go_again(c, n))
		return false;
	ev.order_id = n->order_id != INT64_MIN ? n->order_id : 0;
	if (!event_add(c, &ev) || !id_new(c, &n->id))
		return false;
	n->event_id = ev.id;
	n->resend_of = id;
	n->state = "waiting";
	n->created_at = c->now;
	if (n->message_id != NULL)
		n->message_id = arena_printf(c->arena, "%" PRId64 ".%s", n->id, n->message_id);
	return notice_insert(c, n, 1) &&
	       outbox_add(c, n->channel, ev.id, n->recipient, arena_printf(c->arena, "%" PRId64, n->id));
}

static struct done *resend_post(struct ctx *c, struct req *r)
{
	struct notice n;
	struct notice_item v;

	if (!send_again(c, req_id(r), &n) || !item_of(c, n.id, &v))
		return reply_error(r);
	return reply_created(r, &one_answer, &v, "/notices/%" PRId64, n.id);
}

/* ---- what one customer gets ---- */

struct endpoint_in {
	int channel;
	const char *url;
};
static const char *const endpoint_channels[] = { "none", "webhook", "wecom", NULL };
static const struct field endpoint_in_fields[] = {
	FIELD_ENUM(struct endpoint_in, channel, T_notice_channel, endpoint_channels, .flags = F_REQUIRED),
	FIELD(struct endpoint_in, url, T_notice_url, .flags = F_REQUIRED, .max = 500),
	FIELD_END,
};
struct endpoint_made {
	int64_t id;
	const char *channel, *url, *secret;
};
static const struct field endpoint_made_fields[] = {
	FIELD(struct endpoint_made, id, T_none),
	FIELD(struct endpoint_made, channel, T_notice_channel),
	FIELD(struct endpoint_made, url, T_notice_url),
	FIELD(struct endpoint_made, secret, T_notice_secret),
	FIELD_END,
};

static const struct field customer_page_fields[] = {
	FIELD(struct notice_customer_page, id, T_none),
	FIELD(struct notice_customer_page, name, T_notice_customer),
	FIELD_OBJ(struct notice_customer_page, choice, notice_choice_fields, T_notice_choice),
	FIELD_LIST(struct notice_customer_page, endpoints, notice_endpoint_fields, T_notice_endpoints),
	FIELD_END,
};
static const struct view customer_answer = { customer_page_fields, PAGE(tmpl_notice_customer) };
static const struct view made_answer = { endpoint_made_fields, NULL };

static bool customer_page_of(struct ctx *c, int64_t id, struct notice_customer_page *p)
{
	struct customer who;
	bool found;

	*p = (struct notice_customer_page){ .id = id };
	if (!customer_get(c, id, &who) || !notice_choice_find(c, id, &p->choice, &found) ||
		!notice_endpoints(c, id, &p->endpoints, &p->endpoints_len))
		return false;
	if (!found)
		p->choice = (struct notice_choice){ true, true, true, false, "zh-CN" };
	p->name = who.name;
	p->email = who.email;
	p->phone = who.phone;
	p->english = strcmp(p->choice.lang, "en") == 0;
	p->mail_on = *setting_str(c, "smtp.url") != '\0';
	p->sms_on = *setting_str(c, "sms.url") != '\0';
	p->may_choose = may(c, RIGHT_customer_edit);
	p->may_set = may(c, RIGHT_people);
	return true;
}

static struct done *customer_notices_get(struct ctx *c, struct req *r)
{
	struct notice_customer_page p;

	return customer_page_of(c, req_id(r), &p) ? reply_view(r, &customer_answer, &p) : reply_error(r);
}

static struct done *choice_post(struct ctx *c, struct req *r)
{
	const struct notice_choice *in = req_in(r);
	struct event ev = { .kind = "notice.chosen", .entity = "customer", .entity_id = req_id(r) };
	const char *lang = in->lang != NULL ? in->lang : "zh-CN";
	struct notice_customer_page p;
	struct customer who;

	if (strcmp(lang, "en") != 0 && strcmp(lang, "zh-CN") != 0)
		(void)fail_field(c, "/lang", E_UNKNOWN, T_notice_no_lang, lang);
	if (!ok(c) || !customer_get(c, req_id(r), &who) ||
		!notice_choice_put(c, who.id, in->by_email, in->by_webhook, in->by_wecom, in->by_sms, lang) ||
		!event_add(c, &ev) || !customer_page_of(c, who.id, &p))
		return reply_error(r);
	return reply_moved(r, &customer_answer, &p, "/customers/%" PRId64 "/notices", who.id);
}

/* In the browser a new secret is shown once, on the page that made it. */
static struct done *made_reply(struct ctx *c, struct req *r, int64_t customer_id, const struct endpoint_made *m)
{
	static const struct view page = { NULL, PAGE(tmpl_notice_customer) };
	struct notice_customer_page p;

	if (!req_wants_page(r))
		return reply_created(r, &made_answer, m, "/customers/%" PRId64 "/notices", customer_id);
	if (!customer_page_of(c, customer_id, &p))
		return reply_error(r);
	p.made = m->secret;
	return reply_view(r, &page, &p);
}

/* Written in a transaction of its own, so that the page can show the secret this once. */
struct endpoint_job {
	int64_t customer_id;
	struct endpoint_made made;
};

static bool endpoint_add(struct ctx *c, void *arg)
{
	struct endpoint_job *k = arg;
	struct endpoint_made *m = &k->made;
	struct event ev = { .kind = "notice.endpoint_added", .entity = "notice_endpoint", .to = "active" };
	struct customer who;

	if (!customer_get(c, k->customer_id, &who) || !id_new(c, &m->id))
		return false;
	m->secret = strcmp(m->channel, "webhook") == 0 ? webhook_secret_new(c) : NULL;
	ev.entity_id = m->id;
	return notice_endpoint_insert(c, m->id, who.id, m->channel, m->url, m->secret, c->actor->id, c->now) &&
	       event_add(c, &ev);
}

static struct done *endpoint_post(struct ctx *c, struct req *r)
{
	const struct endpoint_in *in = req_in(r);
	struct endpoint_job k = { req_id(r), { .channel = endpoint_channels[in->channel], .url = in->url } };

	if (in->channel == 0)
		(void)fail_field(c, "/channel", E_UNKNOWN, T_notice_no_channel);
	if (!outside_url_check(c, "/url", in->url) || !ok(c) || !app_write(c, endpoint_add, &k))
		return reply_error(r);
	return made_reply(c, r, k.customer_id, &k.made);
}

static bool endpoint_rotate(struct ctx *c, void *arg)
{
	struct endpoint_job *k = arg;
	struct event ev = { .kind = "notice.endpoint_secret", .entity = "notice_endpoint", .entity_id = k->made.id };
	struct notice_endpoint e;

	if (!notice_endpoint_get(c, k->made.id, &e))
		return false;
	if (e.secret == NULL)
		return fail(c, E_CONFLICT, T_notice_no_secret);
	k->customer_id = e.customer_id;
	k->made = (struct endpoint_made){ e.id, e.channel, e.url, webhook_secret_new(c) };
	return notice_endpoint_secret(c, e.id, k->made.secret, e.secret, (struct instant){ c->now.us + OLD_SECRET }) &&
	       event_add(c, &ev);
}

static struct done *rotate_post(struct ctx *c, struct req *r)
{
	struct endpoint_job k = { .made.id = req_id(r) };

	return app_write(c, endpoint_rotate, &k) ? made_reply(c, r, k.customer_id, &k.made) : reply_error(r);
}

struct active_in {
	bool active;
};
static const struct field active_fields[] = {
	FIELD(struct active_in, active, T_notice_active, .flags = F_REQUIRED),
	FIELD_END,
};

static struct done *active_post(struct ctx *c, struct req *r)
{
	const struct active_in *in = req_in(r);
	struct event ev = { .kind = in->active ? "notice.endpoint_opened" : "notice.endpoint_closed",
		.entity = "notice_endpoint",
		.entity_id = req_id(r),
		.to = in->active ? "active" : "closed" };
	const char *why = in->active ? NULL : text_get(c->lang, T_notice_by_hand);
	struct notice_endpoint e;
	struct notice_customer_page p;

	if (!notice_endpoint_get(c, req_id(r), &e) ||
		!notice_endpoint_state(c, e.id, in->active, why, in->active ? INSTANT_NONE : c->now) ||
		(!in->active && (!notice_endpoint_over(c, e.id, why, c->now) ||
					!outbox_drop(c, e.channel,
						arena_printf(c->arena, "%s %" PRId64, e.channel, e.id), why))) ||
		!event_add(c, &ev) || !customer_page_of(c, e.customer_id, &p))
		return reply_error(r);
	return reply_moved(r, &customer_answer, &p, "/customers/%" PRId64 "/notices", e.customer_id);
}

/* ---- the words ---- */

static const struct field words_fields[] = {
	FIELD(struct notice_words, lang, T_notice_lang, .flags = F_REQUIRED, .max = 8),
	FIELD(struct notice_words, subject, T_notice_subject, .flags = F_REQUIRED, .max = 200),
	FIELD(struct notice_words, body, T_notice_body, .flags = F_REQUIRED | F_LINES, .max = 4000),
	FIELD(struct notice_words, brief, T_notice_brief, .flags = F_REQUIRED, .max = 300),
	FIELD_END,
};
const struct field notice_side_fields[] = {
	FIELD(struct notice_side, lang, T_notice_lang),
	FIELD(struct notice_side, subject, T_notice_subject),
	FIELD(struct notice_side, body, T_notice_body),
	FIELD(struct notice_side, brief, T_notice_brief),
	FIELD(struct notice_side, shown_subject, T_notice_shown),
	FIELD(struct notice_side, shown_body, T_notice_shown),
	FIELD(struct notice_side, shown_brief, T_notice_shown),
	FIELD(struct notice_side, changed, T_notice_changed),
	FIELD_END,
};
static const struct field template_fields[] = {
	FIELD(struct notice_template_page, about, T_notice_about),
	FIELD_LIST(struct notice_template_page, sides, notice_side_fields, T_notice_words),
	FIELD_END,
};
static const struct view template_answer = { template_fields, PAGE(tmpl_notice_template) };
const struct field notice_template_row_fields[] = {
	FIELD(struct notice_template_row, about, T_notice_about),
	FIELD(struct notice_template_row, subject, T_notice_subject),
	FIELD(struct notice_template_row, changed, T_notice_changed),
	FIELD_END,
};

/* What a letter of another module says is not filled from an order. */
static bool has_words(const char *about)
{
	return notice_about_known(about) && strcmp(about, "mail_received") != 0;
}

static struct done *templates_get(struct ctx *c, struct req *r)
{
	static const struct view row = { notice_template_row_fields, NULL };
	struct notice_templates_page p = { 0 };

	p.rows = ARENA_ARRAY(c->arena, 16, struct notice_template_row);
	for (const char *const *about = notice_abouts; *about != NULL; about++) {
		struct notice_words w, other;
		const char *lang = lang_tag(c->lang), *second = c->lang == LANG_EN ? "zh-CN" : "en";

		if (!has_words(*about))
			continue;
		if (!notice_words_of(c, *about, lang, &w) || !notice_words_of(c, *about, second, &other))
			return reply_error(r);
		p.rows[p.rows_len++] = (struct notice_template_row){ *about, w.subject, w.changed || other.changed };
	}
	return reply_list(r, &row, p.rows, p.rows_len, 0, NULL, PAGE(tmpl_notice_templates), &p);
}

/* The newest shipment there is shows how it will look: it has all the facts. */
static bool example_of(struct ctx *c, struct notice_values *v)
{
	struct notice_subject s;
	int64_t shipment_id, order_id;

	if (!notice_latest_shipment(c, &shipment_id))
		return false;
	if (shipment_id == INT64_MIN)
		return notice_values_sample(c, v), true;
	return notice_order_shipped(c, shipment_id, &order_id) &&
	       notice_subject_get(c, order_id, shipment_id, INT64_MIN, &s) && notice_values_plain(c, &s, v);
}

static bool side_of(struct ctx *c, const struct notice_words *w, const struct notice_values *v, struct notice_side *out)
{
	*out = (struct notice_side){ .lang = w->lang,
		.name = strcmp(w->lang, "en") == 0 ? "English" : "中文",
		.subject = w->subject,
		.body = w->body,
		.brief = w->brief,
		.changed = w->changed,
		.shown_subject = notice_fill(c, w->subject, v),
		.shown_body = notice_fill(c, w->body, v),
		.shown_brief = notice_fill(c, w->brief, v) };
	return true;
}

/* given: words that are not saved, in place of those that are. */
static bool template_page(
	struct ctx *c, const char *about, const struct notice_words *given, struct notice_template_page *p)
{
	static const char *const langs[] = { "zh-CN", "en" };
	struct notice_values v;
	struct buf names;

	*p = (struct notice_template_page){
		.about = about, .sides = ARENA_ARRAY(c->arena, 2, struct notice_side), .preview = given != NULL
	};
	buf_init(&names, c->arena);
	for (const char *const *n = notice_names; *n != NULL; n++)
		buf_printf(&names, "%s{%s}", names.len > 0 ? " " : "", *n);
	p->names = buf_cstr(&names);
	if (!example_of(c, &v))
		return false;
	for (; p->sides_len < ARRAY_LEN(langs); p->sides_len++) {
		struct notice_words w;
		bool mine = given != NULL && strcmp(given->lang, langs[p->sides_len]) == 0;

		if (!notice_words_of(c, about, langs[p->sides_len], &w) ||
			!side_of(c, mine ? given : &w, &v, &p->sides[p->sides_len]))
			return false;
	}
	return true;
}

static bool about_there(struct ctx *c, const char *about)
{
	return has_words(about) || fail(c, E_NOT_FOUND, T_notice_no_about, about);
}

static struct done *template_get(struct ctx *c, struct req *r)
{
	struct notice_template_page p;

	if (!about_there(c, req_name(r)) || !template_page(c, req_name(r), NULL, &p))
		return reply_error(r);
	return reply_view(r, &template_answer, &p);
}

static void check_names(struct ctx *c, const char *pointer, const char *text)
{
	const char *unknown = notice_unknown(c, text);

	if (unknown != NULL)
		(void)fail_field(c, pointer, E_UNKNOWN, T_notice_no_name, unknown);
}

static bool words_checked(struct ctx *c, const struct notice_words *in)
{
	if (strcmp(in->lang, "en") != 0 && strcmp(in->lang, "zh-CN") != 0)
		(void)fail_field(c, "/lang", E_UNKNOWN, T_notice_no_lang, in->lang);
	check_names(c, "/subject", in->subject);
	check_names(c, "/body", in->body);
	check_names(c, "/brief", in->brief);
	return ok(c);
}

static struct done *preview_post(struct ctx *c, struct req *r)
{
	struct notice_words in = *(const struct notice_words *)req_in(r);
	struct notice_template_page p;

	if (!about_there(c, req_name(r)) || !words_checked(c, &in) || !template_page(c, req_name(r), &in, &p))
		return reply_error(r);
	return reply_view(r, &template_answer, &p);
}

static bool words_event(struct ctx *c, const char *about, const char *lang)
{
	struct event ev = { .kind = "notice.words_changed",
		.entity = "notice_template",
		.data = arena_printf(c->arena, "{\"about\":\"%s\",\"lang\":\"%s\"}", about, lang) };

	return event_add(c, &ev);
}

static struct done *template_post(struct ctx *c, struct req *r)
{
	const struct notice_words *in = req_in(r);
	const char *about = req_name(r);
	struct notice_template_page p;

	if (!about_there(c, about) || !words_checked(c, in) ||
		!notice_template_put(c, about, in->lang, in->subject, in->body, in->brief, c->actor->id, c->now) ||
		!words_event(c, about, in->lang) || !template_page(c, about, NULL, &p))
		return reply_error(r);
	return reply_moved(r, &template_answer, &p, "/notice-words/%s", about);
}

struct lang_in {
	const char *lang;
};
static const struct field lang_fields[] = {
	FIELD(struct lang_in, lang, T_notice_lang, .flags = F_REQUIRED, .max = 8),
	FIELD_END,
};

static struct done *reset_post(struct ctx *c, struct req *r)
{
	const struct lang_in *in = req_in(r);
	const char *about = req_name(r);
	struct notice_template_page p;

	if (strcmp(in->lang, "en") != 0 && strcmp(in->lang, "zh-CN") != 0)
		(void)fail_field(c, "/lang", E_UNKNOWN, T_notice_no_lang, in->lang);
	if (!about_there(c, about) || !ok(c) || !notice_template_drop(c, about, in->lang) ||
		!words_event(c, about, in->lang) || !template_page(c, about, NULL, &p))
		return reply_error(r);
	return reply_moved(r, &template_answer, &p, "/notice-words/%s", about);
}

#define IN(f, s) (f), sizeof(s)
const struct route notice_routes[] = {
	{ GET, "/notices", RIGHT_notice, IN(list_fields, struct list_in), list_get, T_notice_list, ROUTE_LIST,
		&one_answer },
	{ GET, "/notices/:id", RIGHT_notice, NULL, 0, one_get, T_notice_one, 0, &one_answer },
	{ POST, "/notices/:id/resend", RIGHT_notice, NULL, 0, resend_post, T_notice_resend, 0, &one_answer },
	{ GET, "/customers/:id/notices", RIGHT_look, NULL, 0, customer_notices_get, T_notice_choice, 0,
		&customer_answer },
	{ POST, "/customers/:id/notices", RIGHT_customer_edit, IN(notice_choice_fields, struct notice_choice),
		choice_post, T_notice_choice, 0, &customer_answer },
	{ POST, "/customers/:id/endpoints", RIGHT_people, IN(endpoint_in_fields, struct endpoint_in), endpoint_post,
		T_notice_endpoint_add, ROUTE_READS, &made_answer },
	{ POST, "/notice-endpoints/:id/rotate", RIGHT_people, NULL, 0, rotate_post, T_notice_rotate, ROUTE_READS,
		&made_answer },
	{ POST, "/notice-endpoints/:id/active", RIGHT_people, IN(active_fields, struct active_in), active_post,
		T_notice_active, 0, &customer_answer },
	{ GET, "/notice-words", RIGHT_people, NULL, 0, templates_get, T_notice_words, 0, NULL },
	{ GET, "/notice-words/:name", RIGHT_people, NULL, 0, template_get, T_notice_words, 0, &template_answer },
	{ POST, "/notice-words/:name", RIGHT_people, IN(words_fields, struct notice_words), template_post,
		T_notice_words_save, 0, &template_answer },
	{ POST, "/notice-words/:name/preview", RIGHT_people, IN(words_fields, struct notice_words), preview_post,
		T_notice_preview, ROUTE_READS, &template_answer },
	{ POST, "/notice-words/:name/reset", RIGHT_people, IN(lang_fields, struct lang_in), reset_post, T_notice_reset,
		0, &template_answer },
	ROUTE_END,
};
