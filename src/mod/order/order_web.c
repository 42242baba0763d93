/* order_web: pages and API of orders. */
#include "app/page.h"
#include "gen/order_sql.h"
#include "gen/tmpl.h"
#include "mod/order/order_int.h"
#include "mod/order/order_view.h"
#include "mod/price/price.h"

#include <inttypes.h>
#include <string.h>

/* ---- what comes in ---- */

struct confirm_in {
	int method;
	const char *person, *snapshot;
};
static const char *const confirm_methods[] = { "phone", "link", "message", "channel", NULL };
static const struct field confirm_fields[] = {
	FIELD_ENUM(struct confirm_in, method, T_order_confirmed_method, confirm_methods, .flags = F_REQUIRED),
	FIELD(struct confirm_in, person, T_order_confirmed_person, .flags = F_REQUIRED, .max = 80),
	FIELD(struct confirm_in, snapshot, T_order_snapshot, .flags = F_REQUIRED, .max = 64),
	FIELD_END,
};

struct reason_in {
	const char *reason;
};
static const struct field reason_fields[] = {
	FIELD(struct reason_in, reason, T_order_reason, .flags = F_REQUIRED, .max = 300),
	FIELD_END,
};
static const struct field note_fields[] = {
	FIELD(struct reason_in, reason, T_order_reason, .max = 300),
	FIELD_END,
};

/* A change names what changes; lines, if given, are the whole new list. */
struct change_in {
	struct date delivery_date;
	const char *address, *remarks, *reason;
	struct order_line_in *lines;
	size_t lines_len;
};
static const struct field change_fields[] = {
	FIELD(struct change_in, delivery_date, T_order_delivery_date),
	FIELD(struct change_in, address, T_order_address, .max = 300),
	FIELD(struct change_in, remarks, T_order_remarks, .max = 1000, .flags = F_LINES),
	FIELD(struct change_in, reason, T_order_reason, .max = 300),
	FIELD_LIST(struct change_in, lines, order_line_in_fields, T_order_lines, .max = 2000),
	FIELD_END,
};

struct list_in {
	const char *state, *customer, *channel, *q;
	struct date delivery_date;
};
static const struct field list_fields[] = {
	FIELD(struct list_in, state, T_order_state, .max = 32),
	FIELD(struct list_in, customer, T_order_customer, .max = 64),
	FIELD(struct list_in, channel, T_order_channel, .max = 16),
	FIELD(struct list_in, q, T_order_find, .max = 100),
	FIELD(struct list_in, delivery_date, T_order_delivery_date),
	FIELD_END,
};

static const struct view order_answer = { order_view_fields, NULL };

static const char *confirm_json(struct ctx *c, const struct confirm_in *in)
{
	struct buf b;
	struct json j;

	buf_init(&b, c->arena);
	json_start(&j, &b);
	json_obj(&j, NULL);
	json_str(&j, "person", in->person);
	json_str(&j, "method", confirm_methods[in->method]);
	json_end_obj(&j);
	return buf_cstr(&b);
}

static struct done *answer_moved(struct ctx *c, struct req *r, const struct order *o)
{
	struct order_view v;

	if (!order_view_make(c, o, &v))
		return reply_error(r);
	return reply_moved(r, &order_answer, &v, "/orders/%" PRId64, o->id);
}

/* Most moves: read the order, move it, answer it. */
static struct done *move_plain(struct ctx *c, struct req *r, enum order_event e, const char *reason)
{
	struct order o;

	if (!order_get_full(c, req_id(r), &o) || !order_move(c, &o, e, req_version(r), json_reason(c->arena, reason)))
		return reply_error(r);
	return answer_moved(c, r, &o);
}

static const char *reason_of(const struct req *r)
{
	const struct reason_in *in = req_in(r);

	return in != NULL ? in->reason : NULL;
}

/* ---- entry ---- */

static struct done *orders_post(struct ctx *c, struct req *r)
{
	struct order o;
	struct order_view v;
	bool existed;

	if (!order_create(c, req_in(r), &o, &existed) || !order_view_make(c, &o, &v))
		return reply_error(r);
	if (existed)
		return reply_view(r, &order_answer, &v);
	return reply_created(r, &order_answer, &v, "/orders/%" PRId64, o.id);
}

static void date_look(struct ctx *c, struct date d)
{
	if (date_is(d) && d.day < today(c).day)
		(void)fail_field(c, "/delivery_date", E_PAST, T_order_date_past, date_str(c->arena, d));
}

static void change_look(struct ctx *c, const void *input)
{
	const struct change_in *in = input;

	date_look(c, in->delivery_date);
	order_lines_look(c, in->lines, in->lines_len);
}

/* Fills what the change leaves open from the order, and prices the lines anew where they are given. */
static bool change_apply(struct ctx *c, struct order *o, const struct change_in *in)
{
	struct order_line *lines;

	date_look(c, in->delivery_date);
	if (date_is(in->delivery_date))
		o->delivery_date = in->delivery_date;
	if (in->address != NULL)
		o->address = in->address;
	if (in->remarks != NULL)
		o->remarks = in->remarks;
	if (in->lines_len == 0)
		return ok(c);
	return order_lines_price(c, o, in->lines, in->lines_len, &lines) &&
	       order_lines_keep(c, o, lines, in->lines_len);
}

static struct done *order_edit_post(struct ctx *c, struct req *r)
{
	struct order o;
	struct event ev = { .kind = "order.changed", .entity = "order" };

	if (!order_get_full(c, req_id(r), &o))
		return reply_error(r);
	if (o.decision != D_DRAFT) {
		(void)fail(c, E_CONFLICT, T_order_wrong_state, o.number, order_state_text(c, o.state));
		return reply_error(r);
	}
	if (req_version(r) != INT64_MIN && req_version(r) != o.version) {
		(void)fail(c, E_VERSION, T_order_changed, o.number);
		return reply_error(r);
	}
	ev.entity_id = ev.order_id = o.id;
	if (!change_apply(c, &o, req_in(r)) || !order_store(c, &o) || !event_add(c, &ev))
		return reply_error(r);
	return answer_moved(c, r, &o);
}

static struct done *order_amend_post(struct ctx *c, struct req *r)
{
	const struct change_in *in = req_in(r);
	struct order o;

	if (!order_get_full(c, req_id(r), &o))
		return reply_error(r);
	if (o.decision != D_APPROVED) {
		(void)fail(c, E_CONFLICT, T_order_wrong_state, o.number, order_state_text(c, o.state));
		return reply_error(r);
	}
	if (!order_rest_open(c, &o) || !change_apply(c, &o, in) ||
		!order_move(c, &o, OE_AMEND, req_version(r), json_reason(c->arena, in->reason)))
		return reply_error(r);
	return answer_moved(c, r, &o);
}

/* ---- the customer's word ---- */

static struct done *order_submit_post(struct ctx *c, struct req *r)
{
	return move_plain(c, r, OE_SUBMIT, NULL);
}

static struct done *order_confirm_post(struct ctx *c, struct req *r)
{
	const struct confirm_in *in = req_in(r);
	struct order o;

	if (!order_get_full(c, req_id(r), &o))
		return reply_error(r);
	if (o.decision == D_AWAITING_CONFIRMATION && (o.snapshot == NULL || strcmp(o.snapshot, in->snapshot) != 0)) {
		(void)fail(c, E_CONFLICT, T_order_snapshot_old, o.number);
		return reply_error(r);
	}
	o.confirmed_by = c->actor->id;
	o.confirmed_person = in->person;
	o.confirmed_method = confirm_methods[in->method];
	o.confirmed_at = c->now;
	if (!order_move(c, &o, OE_CONFIRM, req_version(r), confirm_json(c, in)) ||
		!order_get_full(c, o.id, &o)) /* a reviewer's standing rule may have let it pass already */
		return reply_error(r);
	return answer_moved(c, r, &o);
}

static struct done *order_back_post(struct ctx *c, struct req *r)
{
	return move_plain(c, r, OE_EDIT, NULL);
}

static struct done *order_withdraw_post(struct ctx *c, struct req *r)
{
	return move_plain(c, r, OE_WITHDRAW, reason_of(r));
}

static struct done *order_rework_post(struct ctx *c, struct req *r)
{
	return move_plain(c, r, OE_REWORK, NULL);
}

static struct done *order_unapprove_post(struct ctx *c, struct req *r)
{
	return move_plain(c, r, OE_UNAPPROVE, reason_of(r));
}

static struct done *order_cancel_post(struct ctx *c, struct req *r)
{
	return move_plain(c, r, OE_CANCEL, reason_of(r));
}

static struct done *order_complete_post(struct ctx *c, struct req *r)
{
	return move_plain(c, r, OE_COMPLETE, NULL);
}

static struct done *order_reopen_post(struct ctx *c, struct req *r)
{
	return move_plain(c, r, OE_REOPEN, reason_of(r));
}

static struct done *order_short_close_post(struct ctx *c, struct req *r)
{
	return move_plain(c, r, OE_SHORT_CLOSE, reason_of(r));
}

static struct done *order_unhold_post(struct ctx *c, struct req *r)
{
	return move_plain(c, r, OE_UNHOLD, reason_of(r));
}

static struct done *order_hold_post(struct ctx *c, struct req *r)
{
	struct order o;

	if (!order_get_full(c, req_id(r), &o))
		return reply_error(r);
	if (!o.on_hold)
		o.hold_reason = reason_of(r);
	if (!order_move(c, &o, OE_HOLD, req_version(r), json_reason(c->arena, reason_of(r))))
		return reply_error(r);
	return answer_moved(c, r, &o);
}

/* ---- one order ---- */

static void button_add(struct order_page *p, struct ctx *c, const char *action)
{
	static const struct {
		const char *action, *key;
		bool reason, primary, own_form;
	} known[] = {
		{ "submit", "F8", false, true, false },
		{ "confirm", NULL, false, false, true },
		{ "edit", NULL, false, false, true },
		{ "rework", NULL, false, false, true },
		{ "amend", NULL, false, false, true },
		{ "approve", NULL, false, false, true },
		{ "reject", NULL, false, false, true },
		{ "counter", NULL, false, false, true },
		{ "cancel", NULL, true, false, false },
		{ "hold", NULL, true, false, false },
		{ "short-close", NULL, true, false, false },
		{ "unapprove", NULL, true, false, false },
		{ "complete", NULL, false, true, false },
		{ "reopen", NULL, true, false, false },
		{ "archive", NULL, false, false, false },
	};
	struct order_button b = { .name = action, .version = p->o.version };

	for (size_t i = 0; i < ARRAY_LEN(known); i++) {
		if (strcmp(known[i].action, action) != 0)
			continue;
		if (known[i].own_form)
			return;
		b.key = known[i].key;
		b.reason = known[i].reason;
		b.primary = known[i].primary;
	}
	b.label = text_get(c->lang, text_find(arena_printf(c->arena, "order.do_%s",
					    strcmp(action, "short-close") == 0 ? "short_close" : action)));
	b.url = arena_printf(c->arena, "/orders/%" PRId64 "/%s", p->o.id, action);
	p->buttons[p->buttons_len++] = b;
}

static bool lacks_goods(const struct order *o)
{
	for (size_t i = 0; i < o->lines_len; i++) {
		const struct order_line *l = &o->lines[i];
		if (order_line_open(l).milli > l->reserved.milli + l->picked.milli + l->packed.milli)
			return true;
	}
	return false;
}

static void page_buttons(struct ctx *c, struct order_page *p, const struct order *o)
{
	const char *const *names = order_actions(c, o);

	p->buttons = ARENA_ARRAY(c->arena, OE_COUNT, struct order_button);
	for (; *names != NULL; names++) {
		p->can_confirm = p->can_confirm || strcmp(*names, "confirm") == 0;
		p->can_edit = p->can_edit || strcmp(*names, "amend") == 0;
		button_add(p, c, *names);
	}
	p->can_edit = p->can_edit || (o->decision < D_APPROVED && may(c, RIGHT_order_edit));
	p->can_confirm_stock = o->decision == D_APPROVED && !o->on_hold && o->picks == 0 &&
			       !instant_is(o->stock_confirmed_at) && may(c, RIGHT_pick);
	if (p->can_confirm_stock && lacks_goods(o)) {
		p->can_confirm_stock = false;
		p->waits_for_goods = true;
	}
}

const char *order_source_text(struct ctx *c, const char *source)
{
	return price_source_text(c, source);
}

static const char *line_progress(struct ctx *c, const struct order_line *l)
{
	struct ratio unit = { l->num, l->den };
	struct qty shown;
	static const struct {
		size_t offset;
		enum text text;
	} stages[] = {
		{ offsetof(struct order_line, reserved), T_order_stage_reserved },
		{ offsetof(struct order_line, picked), T_order_stage_picked },
		{ offsetof(struct order_line, packed), T_order_stage_packed },
		{ offsetof(struct order_line, shipped), T_order_stage_shipped },
		{ offsetof(struct order_line, delivered), T_order_stage_delivered },
		{ offsetof(struct order_line, refused), T_order_stage_refused },
		{ offsetof(struct order_line, cancelled), T_order_stage_cancelled },
		{ offsetof(struct order_line, ret_requested), T_order_stage_ret_requested },
		{ offsetof(struct order_line, ret_received), T_order_stage_ret_received },
	};
	struct buf b;

	buf_init(&b, c->arena);
	for (size_t i = 0; i < ARRAY_LEN(stages); i++) {
		struct qty q = *(const struct qty *)((const char *)l + stages[i].offset);
		if (q.milli == 0 || !qty_from_base(&shown, q, unit, NULL))
			continue;
		buf_printf(&b, "%s%s %s", b.len > 0 ? " · " : "", text_get(c->lang, stages[i].text),
			qty_str(c->arena, shown));
	}
	return buf_cstr(&b);
}

static const char *held_text(struct ctx *c, const struct order_line *l)
{
	struct qty shown;

	return qty_from_base(&shown, l->reserved, (struct ratio){ l->num, l->den }, NULL) ? qty_str(c->arena, shown)
											  : "";
}

static const char *weighed_text(struct ctx *c, const struct order_line *l)
{
	if (!order_line_weighed(l) || l->weight.milli == 0)
		return NULL;
	return text_fill(c->arena, c->lang, T_order_weighed, (const char *[]){ qty_str(c->arena, l->weight), NULL });
}

static void page_rows(struct ctx *c, struct order_page *p, const struct order *o)
{
	p->rows = ARENA_ARRAY(c->arena, o->lines_len, struct order_line_show);
	p->rows_len = o->lines_len;
	for (size_t i = 0; i < o->lines_len; i++)
		p->rows[i] = (struct order_line_show){ .l = o->lines[i],
			.source = order_source_text(c, o->lines[i].price_source),
			.progress = line_progress(c, &o->lines[i]),
			.held = held_text(c, &o->lines[i]),
			.net_kg = weighed_text(c, &o->lines[i]),
			.all_done = order_line_open(&o->lines[i]).milli == 0 };
}

/* What the warehouse reported missing, if that is still open. */
static bool page_shortage(struct ctx *c, const struct order *o, struct order_page *p)
{
	const char *data;
	json_t *task;
	const char *missing;

	if (!order_shortage(c, o->id, &data))
		return false;
	if (data == NULL || !may(c, RIGHT_order_edit))
		return true;
	task = json_loads(data, 0, NULL);
	missing = json_string_value(json_object_get(task, "missing"));
	p->shortage = arena_strdup(c->arena, missing != NULL ? missing : "");
	json_decref(task);
	return true;
}

static bool page_make(struct ctx *c, const struct order *o, struct order_page *p)
{
	struct customer who;

	*p = (struct order_page){ 0 };
	if (!page_shortage(c, o, p) || !customer_get(c, o->customer_id, &who))
		return false;
	p->contact = who.contact;
	p->phone = who.phone;
	if (!order_view_make(c, o, &p->o) || !order_timeline(c, o->id, &p->timeline, &p->timeline_len) ||
		!order_shipments(c, o->id, &p->shipments, &p->shipments_len) || !order_intake(c, o->id, &p->intake))
		return false;
	p->timeline_len = order_timeline_fold(c, p->timeline, p->timeline_len);
	for (size_t i = 0; i < p->shipments_len; i++)
		p->shipments[i].state_text = text_get(
			c->lang, text_find(arena_printf(c->arena, "ship.state.%s", p->shipments[i].state_text)));
	p->state_text = order_state_text(c, o->state);
	p->channel_text = text_get(c->lang, text_find(arena_printf(c->arena, "order.channel.%s", o->channel)));
	p->by_edi = strcmp(o->channel, "edi") == 0;
	p->late = instant_is(o->due_at) && o->due_at.us < c->now.us && o->decision < D_APPROVED;
	page_rows(c, p, o);
	for (size_t i = 0; i < o->lines_len; i++)
		p->arrived = p->arrived || o->lines[i].delivered.milli + o->lines[i].refused.milli > 0;
	p->ended = o->decision == D_CANCELLED && !p->arrived;
	page_buttons(c, p, o);
	return true;
}

static const struct view order_shown = { order_view_fields, NULL };

static struct done *order_page_get(struct ctx *c, struct req *r)
{
	static const struct view page = { order_view_fields, PAGE(tmpl_order_show) };
	struct order o;
	struct order_page p;
	struct order_view v;

	if (!order_get_full(c, req_id(r), &o))
		return reply_error(r);
	if (!req_wants_page(r))
		return order_view_make(c, &o, &v) ? reply_view(r, &order_shown, &v) : reply_error(r);
	return page_make(c, &o, &p) ? reply_view(r, &page, &p) : reply_error(r);
}

static struct done *order_timeline_get(struct ctx *c, struct req *r)
{
	static const struct view item = { timeline_item_fields, NULL };
	struct timeline_item *rows;
	struct order o;
	size_t len;

	if (!order_get(c, req_id(r), &o) || !order_timeline(c, o.id, &rows, &len))
		return reply_error(r);
	return reply_list(r, &item, rows, len, 0, NULL, NULL, NULL);
}

/* ---- lists ---- */

/* A state that few orders are in is gone through whole, whatever else is asked; elsewhere the other filters lead. */
#define FEW_ORDERS 1000

static bool few_in(struct ctx *c, const char *state, bool *few)
{
	int64_t n = FEW_ORDERS;

	if (state != NULL && !order_state_count(c, state, FEW_ORDERS, &n))
		return false;
	*few = n < FEW_ORDERS;
	return true;
}

static bool customer_asked(struct ctx *c, const struct list_in *in, int64_t *id)
{
	struct customer who;
	bool found;

	*id = INT64_MIN;
	if (in->customer == NULL)
		return true;
	if (!customer_find(c, in->customer, &who, &found))
		return false;
	*id = found ? who.id : INT64_MIN;
	return found || fail_field(c, "/customer", E_UNKNOWN, T_order_unknown_customer, in->customer);
}

static bool list_find(struct ctx *c, const struct list_in *in, struct paging p, struct order_item **rows, size_t *len)
{
	int64_t before = p.after_id > 0 ? p.after_id : INT64_MAX, who, n = p.limit + 1;
	struct date day = in->delivery_date;
	bool few;

	if (!customer_asked(c, in, &who) || !few_in(c, in->state, &few))
		return false;
	if (few)
		return order_list_by_state(c, in->state, before, who, day, in->channel, n, rows, len);
	if (in->customer != NULL)
		return order_list_by_customer(c, who, before, in->state, day, in->channel, n, rows, len);
	if (date_is(day))
		return order_list_by_day(c, day, before, in->state, in->channel, n, rows, len);
	if (in->channel != NULL)
		return order_list_by_channel(c, in->channel, before, in->state, n, rows, len);
	if (in->state != NULL)
		return order_list_by_state(c, in->state, before, who, day, NULL, n, rows, len);
	return order_list_all(c, before, n, rows, len);
}

/* A number, whole or its start; else a customer by any of its names. */
static bool list_search(struct ctx *c, const struct list_in *in, struct paging p, struct order_item **rows, size_t *len)
{
	const char *q = in->q;
	struct customer_hit *hits;
	int64_t *ids;
	size_t n;

	if (q[0] >= '0' && q[0] <= '9')
		q = arena_printf(c->arena, "SO%s", q);
	if ((q[0] == 'S' || q[0] == 's') && (q[1] == 'O' || q[1] == 'o'))
		return order_list_by_number(c, arena_printf(c->arena, "SO%s", q + 2),
			arena_printf(c->arena, "SO%s~", q + 2), p.after_id, in->state, in->delivery_date, in->channel,
			p.limit + 1, rows, len);
	if (!customer_search(c, in->q, &hits, &n))
		return false;
	ids = ARENA_ARRAY(c->arena, n, int64_t);
	for (size_t i = 0; i < n; i++)
		ids[i] = hits[i].id;
	return order_list_by_customers(c, (struct i64s){ ids, n }, p.after_id > 0 ? p.after_id : INT64_MAX, in->state,
		in->delivery_date, in->channel, p.limit + 1, rows, len);
}

static void items_dress(struct ctx *c, struct order_item *rows, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		rows[i].state_text = order_state_text(c, rows[i].state);
		rows[i].channel_text =
			text_get(c->lang, text_find(arena_printf(c->arena, "order.channel.%s", rows[i].channel)));
		rows[i].late = instant_is(rows[i].due_at) && rows[i].due_at.us < c->now.us;
	}
}

static bool list_tabs(struct ctx *c, const char *here, struct order_list_page *p)
{
	struct order_count *counts;
	size_t n;

	if (!order_counts(c, &counts, &n))
		return false;
	p->tabs = ARENA_ARRAY(c->arena, n + 1, struct order_tab);
	p->tabs[p->tabs_len++] = (struct order_tab){ "", text_get(c->lang, T_order_tab_all), NULL, here == NULL, NULL };
	for (size_t i = 0; i < n; i++) {
		bool is_here = here != NULL && strcmp(here, counts[i].state) == 0;
		if (counts[i].n > 0 || is_here)
			p->tabs[p->tabs_len++] =
				(struct order_tab){ counts[i].state, order_state_text(c, counts[i].state),
					counts[i].n >= 1000 ? "999+" : arena_printf(c->arena, "%" PRId64, counts[i].n),
					is_here, NULL };
	}
	return true;
}

static void url_part(struct buf *b, const char *name, const char *value)
{
	if (value == NULL || *value == '\0')
		return;
	buf_printf(b, "%s%s=", b->len > 0 ? "&" : "?", name);
	buf_url(b, value);
}

/* The list with its filters but one: for a tab another state, for a filter that is taken away nothing. */
static const char *list_url(struct ctx *c, const struct list_in *in, const char *but, const char *value)
{
	const char *day = date_is(in->delivery_date) ? date_str(c->arena, in->delivery_date) : NULL;
	const struct {
		const char *name, *value;
	} parts[] = { { "state", in->state }, { "q", in->q }, { "customer", in->customer }, { "delivery_date", day },
		{ "channel", in->channel } };
	struct buf b;

	buf_init(&b, c->arena);
	for (size_t i = 0; i < ARRAY_LEN(parts); i++)
		url_part(&b, parts[i].name, strcmp(parts[i].name, but) == 0 ? value : parts[i].value);
	return arena_printf(c->arena, "/orders%s", buf_cstr(&b));
}

static void filter_add(struct ctx *c, struct order_list_page *p, const struct list_in *in, const char *name,
	enum text label, const char *value)
{
	if (value != NULL && *value != '\0')
		p->filters[p->filters_len++] =
			(struct order_filter){ text_get(c->lang, label), value, list_url(c, in, name, NULL) };
}

/* What narrows the list, each to be taken away alone. */
static void list_filters(struct ctx *c, const struct list_in *in, struct order_list_page *p)
{
	p->filters = ARENA_ARRAY(c->arena, 4, struct order_filter);
	filter_add(c, p, in, "q", T_order_find, in->q);
	filter_add(c, p, in, "customer", T_order_customer, in->customer);
	filter_add(c, p, in, "delivery_date", T_order_delivery_date,
		date_is(in->delivery_date) ? show_date(c, in->delivery_date) : NULL);
	filter_add(c, p, in, "channel", T_order_channel,
		in->channel != NULL
			? text_get(c->lang, text_find(arena_printf(c->arena, "order.channel.%s", in->channel)))
			: NULL);
	for (size_t i = 0; i < p->tabs_len; i++)
		p->tabs[i].url = list_url(c, in, "state", p->tabs[i].state);
}

static struct done *orders_get(struct ctx *c, struct req *r)
{
	static const struct view item = { order_item_fields, NULL };
	const struct list_in *in = req_in(r);
	struct paging pg = req_paging(r);
	struct order_list_page p = { .q = in->q,
		.customer = in->customer,
		.state = in->state,
		.channel = in->channel,
		.may_enter = may(c, RIGHT_order_edit) };
	size_t len;
	int64_t next = 0;
	bool found = in->q != NULL ? list_search(c, in, pg, &p.items, &len) : list_find(c, in, pg, &p.items, &len);

	if (!found || (req_wants_page(r) && !list_tabs(c, in->state, &p)))
		return reply_error(r);
	if (len > (size_t)pg.limit) {
		len = (size_t)pg.limit;
		next = p.items[len - 1].id;
	}
	p.items_len = len;
	p.next_url = req_next(r, next, NULL);
	p.day = date_is(in->delivery_date) ? date_str(c->arena, in->delivery_date) : NULL;
	items_dress(c, p.items, len);
	list_filters(c, in, &p);
	return reply_list(r, &item, p.items, len, next, NULL, PAGE(tmpl_order_list), &p);
}

/* ---- records the build reads ---- */

#define IN(f, s) (f), sizeof(s)
static const struct route routes[] = {
	{ GET, "/orders", RIGHT_look, IN(list_fields, struct list_in), orders_get, T_order_list, ROUTE_LIST,
		&order_answer },
	{ POST, "/orders", RIGHT_order_edit, IN(order_in_fields, struct order_in), orders_post, T_order_create, 0,
		&order_answer },
	{ GET, "/orders/new", RIGHT_order_edit, NULL, 0, order_new_get, T_order_entry, ROUTE_PAGE_ONLY, NULL },
	{ GET, "/orders/quote", RIGHT_order_edit, IN(order_quote_fields, struct order_quote_in), order_quote_get,
		T_order_quote, ROUTE_API_ONLY, &order_quote_answer },
	{ GET, "/customers/:id/usual", RIGHT_look, NULL, 0, order_usual_get, T_order_usual, ROUTE_API_ONLY,
		&order_usual_answer },
	{ GET, "/orders/:id", RIGHT_look, NULL, 0, order_page_get, T_order_one, 0, &order_answer },
	{ GET, "/orders/:id/edit", RIGHT_order_edit, NULL, 0, order_edit_get, T_order_entry, ROUTE_PAGE_ONLY, NULL },
	{ POST, "/orders/:id", RIGHT_order_edit, IN(change_fields, struct change_in), order_edit_post, T_order_change,
		0, &order_answer },
	{ GET, "/orders/:id/timeline", RIGHT_look, NULL, 0, order_timeline_get, T_order_timeline, ROUTE_API_ONLY,
		NULL },
	{ POST, "/orders/:id/submit", RIGHT_order_edit, NULL, 0, order_submit_post, T_order_do_submit, 0,
		&order_answer },
	{ POST, "/orders/:id/confirm", RIGHT_order_edit, IN(confirm_fields, struct confirm_in), order_confirm_post,
		T_order_do_confirm, 0, &order_answer },
	{ POST, "/orders/:id/edit", RIGHT_order_edit, NULL, 0, order_back_post, T_order_do_edit, 0, &order_answer },
	{ POST, "/orders/:id/withdraw", RIGHT_order_edit, IN(note_fields, struct reason_in), order_withdraw_post,
		T_order_do_withdraw, 0, &order_answer },
	{ POST, "/orders/:id/rework", RIGHT_order_edit, NULL, 0, order_rework_post, T_order_do_rework, 0,
		&order_answer },
	{ POST, "/orders/:id/unapprove", RIGHT_review, IN(reason_fields, struct reason_in), order_unapprove_post,
		T_order_do_unapprove, ROUTE_NEEDS_VERSION, &order_answer },
	{ POST, "/orders/:id/amend", RIGHT_order_edit, IN(change_fields, struct change_in), order_amend_post,
		T_order_do_amend, ROUTE_NEEDS_VERSION, &order_answer },
	{ POST, "/orders/:id/cancel", RIGHT_order_cancel, IN(note_fields, struct reason_in), order_cancel_post,
		T_order_do_cancel, ROUTE_NEEDS_VERSION, &order_answer },
	{ POST, "/orders/:id/hold", RIGHT_order_hold, IN(reason_fields, struct reason_in), order_hold_post,
		T_order_do_hold, ROUTE_NEEDS_VERSION, &order_answer },
	{ POST, "/orders/:id/unhold", RIGHT_order_hold, IN(note_fields, struct reason_in), order_unhold_post,
		T_order_do_unhold, 0, &order_answer },
	{ POST, "/orders/:id/short-close", RIGHT_order_close, IN(reason_fields, struct reason_in),
		order_short_close_post, T_order_do_short_close, ROUTE_NEEDS_VERSION, &order_answer },
	{ POST, "/orders/:id/complete", RIGHT_follow_up, NULL, 0, order_complete_post, T_order_do_complete, 0,
		&order_answer },
	{ POST, "/orders/:id/reopen", RIGHT_order_reopen, IN(reason_fields, struct reason_in), order_reopen_post,
		T_order_do_reopen, 0, &order_answer },
	ROUTE_END,
};

static const struct menu menu[] = {
	{ T_order_menu_entry, "/orders/new", 20, RIGHT_order_edit },
	{ T_order_menu_list, "/orders", 30, RIGHT_look },
	{ T_none, NULL, 0, RIGHT_none },
};

extern const struct check order_checks[];
extern const struct tick order_ticks[];
extern const struct listen order_listens[];

static const struct import imports[] = {
	{ "orders", order_import },
	{ NULL, NULL },
};

static const struct look looks[] = {
	{ order_in_fields, order_look },
	{ change_fields, change_look },
	{ NULL, NULL },
};

const struct module order_module = {
	.name = "order",
	.routes = routes,
	.looks = looks,
	.menu = menu,
	.checks = order_checks,
	.ticks = order_ticks,
	.listens = order_listens,
	.imports = imports,
};
