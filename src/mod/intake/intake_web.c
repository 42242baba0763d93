/* intake_web: the inbox, as pages and as API. */
#include "mod/intake/intake_web.h"

#include "gen/intake_sql.h"
#include "gen/tmpl.h"
#include "mod/customer/customer.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

const struct view intake_answer = { intake_view_fields, NULL };

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

bool intake_customer_named(struct ctx *c, const char *code, int64_t *id)
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

	if (!intake_customer_named(c, in->customer, &raw.customer_id) || !intake_receive(c, &raw, &id, &existed) ||
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

	if (!intake_customer_named(c, in->customer, &customer))
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
	struct intake_list_page p = { .may_work = may(c, RIGHT_order_edit), .pasting = req_query(r, "paste") != NULL };
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
	p.next_url = req_next(r, next, next_key);
	intake_items_dress(c, p.items, len, 0);
	return reply_list(r, &item, p.items, len, next, next_key, PAGE(tmpl_intake_list), &p);
}

static struct done *intake_one_get(struct ctx *c, struct req *r)
{
	static const struct view page = { intake_view_fields, PAGE(tmpl_intake_show) };
	struct intake_full f;
	struct intake_page p;
	struct intake_view v;

	if (!intake_get(c, req_id(r), &f))
		return reply_error(r);
	if (!req_wants_page(r))
		return intake_view_make(c, &f, &v) ? reply_view(r, &intake_answer, &v) : reply_error(r);
	return intake_page_make(c, &f, &p) ? reply_view(r, &page, &p) : reply_error(r);
}

/* The bytes as they came: never shown by the browser, only saved. */
static struct done *intake_raw_get(struct ctx *c, struct req *r)
{
	struct intake_full f;
	struct intake_bytes b;
	bool found;

	if (!intake_get(c, req_id(r), &f) || !intake_bytes_of(c, f.in.id, &b, &found))
		return reply_error(r);
	if (!found)
		return reply_bytes(r, "text/plain; charset=utf-8",
			arena_printf(c->arena, "intake-%" PRId64 ".txt", f.in.id), f.in.text, strlen(f.in.text));
	return reply_bytes(r, "application/octet-stream",
		f.in.filename != NULL ? f.in.filename : arena_printf(c->arena, "intake-%" PRId64, f.in.id),
		b.bytes.data, b.bytes.len);
}

/* ---- moves ---- */

struct reason_in {
	const char *reason;
};
static const struct field note_fields[] = {
	FIELD(struct reason_in, reason, T_intake_reason, .max = 300),
	FIELD_END,
};
static const struct field reason_fields[] = {
	FIELD(struct reason_in, reason, T_intake_reason, .flags = F_REQUIRED, .max = 300),
	FIELD_END,
};

/* Stays on this one. */
static struct done *answer_here(struct ctx *c, struct req *r, int64_t id)
{
	struct intake_view v;

	return view_of(c, id, &v) ? reply_moved(r, &intake_answer, &v, "/intake/%" PRId64, id) : reply_error(r);
}

/* This one is done: the next one opens. */
static struct done *answer_next(struct ctx *c, struct req *r, const struct intake *in)
{
	struct intake_view v;
	int64_t next;

	if (!view_of(c, in->id, &v) || !intake_next_of(c, in, &next))
		return reply_error(r);
	v.next = next > 0 ? next : INT64_MIN;
	if (next > 0)
		return reply_moved(r, &intake_answer, &v, "/intake/%" PRId64, next);
	return reply_moved(r, &intake_answer, &v, "/intake");
}

static struct done *move_here(struct ctx *c, struct req *r, enum intake_event e, const char *reason)
{
	struct intake_full f;

	if (!intake_get(c, req_id(r), &f) || !intake_move(c, &f, e, req_version(r), reason))
		return reply_error(r);
	return answer_here(c, r, f.in.id);
}

static struct done *move_on(struct ctx *c, struct req *r, enum intake_event e, const char *reason)
{
	struct intake_full f;

	if (!intake_get(c, req_id(r), &f) || !intake_move(c, &f, e, req_version(r), reason))
		return reply_error(r);
	return answer_next(c, r, &f.in);
}

static const char *reason_of(const struct req *r)
{
	return ((const struct reason_in *)req_in(r))->reason;
}

static struct done *claim_post(struct ctx *c, struct req *r)
{
	return move_here(c, r, IE_CLAIM, NULL);
}

static struct done *release_post(struct ctx *c, struct req *r)
{
	return move_here(c, r, IE_RELEASE, NULL);
}

static struct done *wait_post(struct ctx *c, struct req *r)
{
	return move_on(c, r, IE_WAIT, reason_of(r));
}

static struct done *resume_post(struct ctx *c, struct req *r)
{
	return move_here(c, r, IE_RESUME, NULL);
}

static struct done *dismiss_post(struct ctx *c, struct req *r)
{
	return move_on(c, r, IE_DISMISS, reason_of(r));
}

static struct done *reopen_post(struct ctx *c, struct req *r)
{
	return move_here(c, r, IE_REOPEN, NULL);
}

static struct done *read_post(struct ctx *c, struct req *r)
{
	struct intake_full f;

	if (!intake_get(c, req_id(r), &f) || !intake_read(c, &f, req_version(r)))
		return reply_error(r);
	return answer_here(c, r, f.in.id);
}

static struct done *keep_post(struct ctx *c, struct req *r)
{
	struct intake_full f;

	if (!intake_get(c, req_id(r), &f) || !intake_keep(c, &f, req_version(r), reason_of(r)))
		return reply_error(r);
	return answer_here(c, r, f.in.id);
}

static struct done *order_post(struct ctx *c, struct req *r)
{
	struct intake_full f;
	struct order made;

	if (!intake_get(c, req_id(r), &f) || !intake_order(c, &f, req_version(r), &made))
		return reply_error(r);
	return answer_next(c, r, &f.in);
}

struct merge_in {
	int64_t order, intake;
	bool add;
	const char *reason;
};
static const struct field merge_fields[] = {
	FIELD(struct merge_in, order, T_intake_order, .flags = F_POSITIVE),
	FIELD(struct merge_in, intake, T_intake_one, .flags = F_POSITIVE),
	FIELD(struct merge_in, add, T_intake_add),
	FIELD(struct merge_in, reason, T_intake_reason, .max = 300),
	FIELD_END,
};

static struct done *merge_post(struct ctx *c, struct req *r)
{
	const struct merge_in *in = req_in(r);
	struct intake_full f;
	bool done;

	if (!intake_get(c, req_id(r), &f))
		return reply_error(r);
	if ((in->order == INT64_MIN) == (in->intake == INT64_MIN)) {
		(void)fail_field(c, "/order", E_REQUIRED, T_intake_merge_what);
		return reply_error(r);
	}
	done = in->order != INT64_MIN ? intake_merge(c, &f, req_version(r), in->order, in->add, in->reason)
				      : intake_join(c, &f, req_version(r), in->intake, in->add, in->reason);
	return done ? answer_next(c, r, &f.in) : reply_error(r);
}

/* ---- lines and head ---- */

struct decide_in {
	int decision;
	const char *sku, *other; /* other: what was looked for; wins */
	struct qty quantity;
	const char *unit, *remarks;
	bool price_taken;
};
static const struct field decide_fields[] = {
	FIELD_ENUM(struct decide_in, decision, T_intake_decision, line_decision_names, .flags = F_REQUIRED),
	FIELD(struct decide_in, sku, T_order_line_sku, .max = 64),
	FIELD(struct decide_in, other, T_intake_other_goods, .max = 64),
	FIELD(struct decide_in, quantity, T_order_line_quantity, .flags = F_POSITIVE, .max = QTY_MAX),
	FIELD(struct decide_in, unit, T_order_line_unit, .max = 16),
	FIELD(struct decide_in, remarks, T_order_line_remarks, .max = 200),
	FIELD(struct decide_in, price_taken, T_intake_price_taken),
	FIELD_END,
};

static struct done *line_decide(struct ctx *c, struct req *r, int64_t n)
{
	const struct decide_in *in = req_in(r);
	struct intake_line_in said = { .decision = in->decision,
		.sku = in->other != NULL ? in->other : in->sku,
		.quantity = in->quantity,
		.unit = in->unit,
		.remarks = in->remarks,
		.price_taken = in->price_taken };
	struct intake_full f;

	if (!intake_get(c, req_id(r), &f) || !intake_line_decide(c, &f, n, req_version(r), &said))
		return reply_error(r);
	return answer_here(c, r, f.in.id);
}

static struct done *line_post(struct ctx *c, struct req *r)
{
	return line_decide(c, r, req_n(r));
}

static struct done *line_add_post(struct ctx *c, struct req *r)
{
	return line_decide(c, r, INT64_MIN);
}

static const struct field head_fields[] = {
	FIELD(struct intake_head_in, customer, T_order_customer, .max = 64),
	FIELD(struct intake_head_in, delivery_date, T_order_delivery_date),
	FIELD(struct intake_head_in, address, T_order_address, .max = 300),
	FIELD(struct intake_head_in, remarks, T_order_remarks, .max = 1000, .flags = F_LINES),
	FIELD_END,
};

static struct done *head_post(struct ctx *c, struct req *r)
{
	struct intake_full f;

	if (!intake_get(c, req_id(r), &f) || !intake_head(c, &f, req_version(r), req_in(r)))
		return reply_error(r);
	return answer_here(c, r, f.in.id);
}

/* ---- records the build reads ---- */

#define IN(f, s) (f), sizeof(s)
static const struct route routes[] = {
	{ GET, "/intake", RIGHT_look, IN(list_fields, struct list_in), intake_list_get, T_intake_list, ROUTE_LIST,
		&intake_answer },
	{ POST, "/intake", RIGHT_order_edit, IN(raw_fields, struct raw_in), intake_post, T_intake_receive, 0,
		&intake_answer },
	{ POST, "/intake/files", RIGHT_order_edit, IN(intake_file_fields, struct intake_file_in), intake_file_post,
		T_intake_do_file, ROUTE_FILES | ROUTE_READS, &intake_answer },
	{ POST, "/intake/files/preview", RIGHT_order_edit, IN(intake_file_fields, struct intake_file_in),
		intake_preview_post, T_intake_do_preview, ROUTE_FILES | ROUTE_READS | ROUTE_API_ONLY, &intake_answer },
	{ POST, "/intake/table", RIGHT_order_edit, IN(intake_table_fields, struct intake_table_in), intake_table_post,
		T_intake_do_table, ROUTE_READS | ROUTE_API_ONLY, &intake_answer },
	{ POST, "/intake/:id/columns", RIGHT_order_edit, IN(intake_columns_fields, struct intake_columns_in),
		intake_columns_post, T_intake_do_columns, 0, &intake_answer },
	{ GET, "/call", RIGHT_order_edit, IN(intake_call_fields, struct intake_call_in), intake_call_get, T_intake_call,
		0, NULL },
	{ GET, "/orders/:id/order-response.xml", RIGHT_look, NULL, 0, ubl_response_get, T_ubl_response, 0, NULL },
	{ GET, "/intake/:id", RIGHT_look, NULL, 0, intake_one_get, T_intake_one, 0, &intake_answer },
	{ GET, "/intake/:id/raw", RIGHT_look, NULL, 0, intake_raw_get, T_intake_bytes, 0, NULL },
	{ POST, "/intake/:id", RIGHT_order_edit, IN(head_fields, struct intake_head_in), head_post, T_intake_do_head, 0,
		&intake_answer },
	{ POST, "/intake/:id/lines", RIGHT_order_edit, IN(decide_fields, struct decide_in), line_add_post,
		T_intake_do_line_add, 0, &intake_answer },
	{ POST, "/intake/:id/lines/:n", RIGHT_order_edit, IN(decide_fields, struct decide_in), line_post,
		T_intake_do_line, 0, &intake_answer },
	{ POST, "/intake/:id/read", RIGHT_order_edit, NULL, 0, read_post, T_intake_do_read, 0, &intake_answer },
	{ POST, "/intake/:id/claim", RIGHT_order_edit, NULL, 0, claim_post, T_intake_do_claim, 0, &intake_answer },
	{ POST, "/intake/:id/release", RIGHT_order_edit, NULL, 0, release_post, T_intake_do_release, 0,
		&intake_answer },
	{ POST, "/intake/:id/wait", RIGHT_order_edit, IN(reason_fields, struct reason_in), wait_post, T_intake_do_wait,
		0, &intake_answer },
	{ POST, "/intake/:id/resume", RIGHT_order_edit, NULL, 0, resume_post, T_intake_do_resume, 0, &intake_answer },
	{ POST, "/intake/:id/keep", RIGHT_order_edit, IN(reason_fields, struct reason_in), keep_post, T_intake_do_keep,
		0, &intake_answer },
	{ POST, "/intake/:id/order", RIGHT_order_edit, NULL, 0, order_post, T_intake_do_order, 0, &intake_answer },
	{ POST, "/intake/:id/merge", RIGHT_order_edit, IN(merge_fields, struct merge_in), merge_post, T_intake_do_merge,
		0, &intake_answer },
	{ POST, "/intake/:id/dismiss", RIGHT_order_edit, IN(note_fields, struct reason_in), dismiss_post,
		T_intake_do_dismiss, 0, &intake_answer },
	{ POST, "/intake/:id/reopen", RIGHT_order_edit, NULL, 0, reopen_post, T_intake_do_reopen, 0, &intake_answer },
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

/* ---- a person's facts are erased ---- */

static bool forget_person(struct ctx *c, const struct event *e)
{
	return intake_forget(c, e->entity_id) && intake_bytes_forget(c, e->entity_id) &&
	       intake_lines_forget(c, e->entity_id);
}

static const struct listen listens[] = {
	{ "customer.erased", forget_person },
	{ NULL, NULL },
};

const struct module intake_module = {
	.name = "intake",
	.routes = routes,
	.listens = listens,
	.menu = menu,
	.checks = checks,
};
