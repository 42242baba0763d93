/* intake_web: the inbox, as pages and as API. */
#include "mod/intake/intake_view.h"

#include "gen/intake_sql.h"
#include "gen/tmpl.h"
#include "mod/customer/customer.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const struct view intake_answer = { intake_view_fields, NULL };

/* ---- what comes in by hand or by program ---- */

struct raw_in {
	int channel;
	const char *external_id, *sender, *sender_name, *customer, *subject, *text, *in_reply_to;
	struct instant received_at;
	bool again;
};
static const struct field raw_fields[] = {
	FIELD_ENUM(struct raw_in, channel, T_order_channel, order_channel_names, .flags = F_REQUIRED),
	FIELD(struct raw_in, text, T_intake_text, .flags = F_REQUIRED | F_LINES, .max = 100000),
	FIELD(struct raw_in, customer, T_order_customer, .max = 64),
	FIELD(struct raw_in, sender, T_intake_sender, .max = 200),
	FIELD(struct raw_in, sender_name, T_intake_sender_name, .max = 200),
	FIELD(struct raw_in, subject, T_intake_subject, .max = 300),
	FIELD(struct raw_in, external_id, T_order_external_id, .max = 200),
	FIELD(struct raw_in, in_reply_to, T_none, .max = 200),
	FIELD(struct raw_in, received_at, T_intake_received_at),
	FIELD(struct raw_in, again, T_intake_again),
	FIELD_END,
};

static bool customer_named(struct ctx *c, const char *code, int64_t *id)
{
	struct customer who;
	bool found;

	*id = INT64_MIN;
	if (code == NULL)
		return true;
	if (!customer_find(c, code, &who, &found))
		return false;
	if (!found)
		return fail_field(c, "/customer", E_UNKNOWN, T_order_unknown_customer, code);
	*id = who.id;
	return true;
}

static bool view_of(struct ctx *c, int64_t id, struct intake_view *v)
{
	struct intake_full f;

	return intake_get(c, id, &f) && intake_view_make(c, &f, v);
}

static struct done *intake_post(struct ctx *c, struct req *r)
{
	const struct raw_in *in = req_in(r);
	struct intake_raw raw = { .channel = order_channel_names[in->channel],
		.external_id = in->external_id,
		.in_reply_to = in->in_reply_to,
		.sender = in->sender,
		.sender_name = in->sender_name,
		.received_at = in->received_at,
		.subject = in->subject,
		.text = in->text,
		.order_id = INT64_MIN,
		.again = in->again };
	struct intake_view v;
	bool existed;
	int64_t id;

	if (!customer_named(c, in->customer, &raw.customer_id) || !intake_receive(c, &raw, &id, &existed) ||
		!view_of(c, id, &v))
		return reply_error(r);
	if (existed)
		return reply_view(r, &intake_answer, &v);
	return reply_created(r, &intake_answer, &v, "/intake/%" PRId64, id);
}

/* ---- the list ---- */

struct list_in {
	int state;
	const char *channel, *customer;
};
static const char *const list_states[] = { "open", "new", "proposed", "waiting", "ordered", "merged", "not_an_order",
	NULL };
static const struct field list_fields[] = {
	FIELD_ENUM(struct list_in, state, T_intake_state, list_states),
	FIELD(struct list_in, channel, T_order_channel, .max = 16),
	FIELD(struct list_in, customer, T_order_customer, .max = 64),
	FIELD_END,
};

/* "4 sure · 1 to look at", or the first words where there are no lines. */
static const char *item_note(struct ctx *c, const struct intake_item *i)
{
	if (i->problem != NULL)
		return i->problem;
	if (i->sure_n + i->look_n + i->nothing_n == 0)
		return i->begins;
	return text_fill(c->arena, c->lang, T_intake_note,
		(const char *const[]){ arena_printf(c->arena, "%" PRId64, i->sure_n),
			arena_printf(c->arena, "%" PRId64, i->look_n), arena_printf(c->arena, "%" PRId64, i->nothing_n),
			NULL });
}

static void items_dress(struct ctx *c, struct intake_item *rows, size_t len, int64_t here)
{
	for (size_t k = 0; k < len; k++) {
		struct intake_item *i = &rows[k];
		i->channel_text = text_get(c->lang, text_find(arena_printf(c->arena, "order.channel.%s", i->channel)));
		i->title = i->customer_name != NULL ? i->customer_name
			   : i->sender_name != NULL ? i->sender_name
			   : i->sender != NULL      ? i->sender
						    : text_get(c->lang, T_intake_unknown);
		i->note = item_note(c, i);
		i->here = i->id == here;
	}
}

static const char *count_text(struct ctx *c, int64_t n)
{
	return n >= 1000 ? "999+" : arena_printf(c->arena, "%" PRId64, n);
}

/* new and proposed are one tab: nobody has dealt with them. */
static bool list_tabs(struct ctx *c, const char *here, struct intake_list_page *p)
{
	struct intake_count *counts;
	int64_t open = 0;
	size_t n;

	if (!intake_counts(c, &counts, &n))
		return false;
	p->tabs = ARENA_ARRAY(c->arena, n + 1, struct intake_tab);
	p->tabs_len = 1;
	for (size_t i = 0; i < n; i++) {
		const char *s = counts[i].state;
		if (strcmp(s, "new") == 0 || strcmp(s, "proposed") == 0) {
			open += counts[i].n;
			continue;
		}
		p->tabs[p->tabs_len++] = (struct intake_tab){ s,
			text_get(c->lang, text_find(arena_printf(c->arena, "intake.state.%s", s))),
			counts[i].n > 0 ? count_text(c, counts[i].n) : NULL, strcmp(here, s) == 0 };
	}
	p->tabs[0] = (struct intake_tab){ "open", text_get(c->lang, T_intake_open), count_text(c, open),
		strcmp(here, "open") == 0 };
	return true;
}

static bool page_read(struct ctx *c, const struct list_in *in, const char *state, struct paging pg,
	struct intake_item **rows, size_t *len)
{
	struct instant after = { pg.after_id > 0 ? strtoll(pg.after_key, NULL, 10) : INT64_MIN + 1 };
	int64_t customer;

	if (!customer_named(c, in->customer, &customer))
		return false;
	if (strcmp(state, "open") == 0)
		return intake_page_open(c, in->channel, customer, after.us, pg.after_id, pg.limit + 1, rows, len);
	return intake_page(c, state, in->channel, customer, after.us, pg.after_id, pg.limit + 1, rows, len);
}

static struct done *intake_list_get(struct ctx *c, struct req *r)
{
	static const struct view item = { intake_item_fields, NULL };
	const struct list_in *in = req_in(r);
	const char *state = list_states[in->state > 0 ? in->state : 0], *next_key = NULL;
	struct paging pg = req_paging(r);
	struct intake_list_page p = { .may_work = may(c, RIGHT_order_edit) };
	int64_t next = 0;
	size_t len;

	if (!page_read(c, in, state, pg, &p.items, &len) || (req_wants_page(r) && !list_tabs(c, state, &p)))
		return reply_error(r);
	if (len > (size_t)pg.limit) {
		len = (size_t)pg.limit;
		next = p.items[len - 1].id;
		next_key = arena_printf(c->arena, "%" PRId64, p.items[len - 1].received_at.us);
	}
	p.items_len = len;
	items_dress(c, p.items, len, 0);
	return reply_list(r, &item, p.items, len, next, next_key, PAGE(tmpl_intake_list), &p);
}

static struct done *intake_one_get(struct ctx *c, struct req *r)
{
	struct intake_view v;

	return view_of(c, req_id(r), &v) ? reply_view(r, &intake_answer, &v) : reply_error(r);
}

/* ---- records the build reads ---- */

#define IN(f, s) (f), sizeof(s)
static const struct route routes[] = {
	{ GET, "/intake", RIGHT_look, IN(list_fields, struct list_in), intake_list_get, T_intake_list, ROUTE_LIST,
		&intake_answer },
	{ POST, "/intake", RIGHT_order_edit, IN(raw_fields, struct raw_in), intake_post, T_intake_receive, 0,
		&intake_answer },
	{ GET, "/intake/:id", RIGHT_look, NULL, 0, intake_one_get, T_intake_one, 0, &intake_answer },
	ROUTE_END,
};

static const struct menu menu[] = {
	{ T_intake_menu, "/intake", 25, RIGHT_order_edit },
	{ T_none, NULL, 0, RIGHT_none },
};

static bool check_orders(struct ctx *c, int64_t *counted, int64_t *broken, const char **first)
{
	struct intake_broken *rows;
	size_t len;

	if (!intake_check_orders(c, &rows, &len) || !intake_count_all(c, counted))
		return false;
	*broken = (int64_t)len;
	if (len > 0)
		*first = arena_printf(c->arena, "intake %" PRId64 " is %s", rows[0].n, rows[0].what);
	return true;
}

static const struct check checks[] = {
	{ 9, "what became an order has it", check_orders },
	{ 0, NULL, NULL },
};

const struct module intake_module = {
	.name = "intake",
	.routes = routes,
	.menu = menu,
	.checks = checks,
};
