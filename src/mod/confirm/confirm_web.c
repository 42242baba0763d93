/* confirm_web: the clerk makes an address; whoever holds it sees the order and answers. */
#include "mod/confirm/confirm_view.h"

#include "app/serve.h"
#include "gen/confirm_sql.h"
#include "gen/tmpl.h"
#include "http/server.h"
#include "mod/customer/customer.h"
#include "mod/link/link.h"

#include <inttypes.h>
#include <string.h>

const struct field confirm_line_fields[] = {
	FIELD(struct confirm_line, name, T_order_line_name),
	FIELD(struct confirm_line, quantity, T_order_line_quantity),
	FIELD(struct confirm_line, unit, T_order_line_unit),
	FIELD(struct confirm_line, price, T_order_line_price),
	FIELD(struct confirm_line, price_unit, T_order_line_price_unit),
	FIELD(struct confirm_line, amount, T_order_line_amount),
	FIELD(struct confirm_line, remarks, T_order_line_remarks),
	FIELD_END,
};

const struct field confirm_page_fields[] = {
	FIELD(struct confirm_page, state, T_confirm_state),
	FIELD(struct confirm_page, company, T_confirm_company),
	FIELD(struct confirm_page, company_phone, T_confirm_company_phone),
	FIELD(struct confirm_page, customer_name, T_order_customer_name),
	FIELD(struct confirm_page, number, T_order_number),
	FIELD(struct confirm_page, delivery_date, T_order_delivery_date),
	FIELD(struct confirm_page, address, T_order_address),
	FIELD(struct confirm_page, remarks, T_order_remarks),
	FIELD_LIST(struct confirm_page, lines, confirm_line_fields, T_order_lines),
	FIELD(struct confirm_page, total, T_order_total),
	FIELD(struct confirm_page, until_at, T_confirm_until),
	FIELD(struct confirm_page, answer, T_confirm_answer),
	FIELD(struct confirm_page, person, T_order_confirmed_person),
	FIELD(struct confirm_page, answered_at, T_confirm_answered_at),
	FIELD_END,
};

const struct field confirm_made_fields[] = {
	FIELD(struct confirm_made, url, T_confirm_url),
	FIELD(struct confirm_made, path, T_none),
	FIELD(struct confirm_made, order, T_none),
	FIELD(struct confirm_made, number, T_order_number),
	FIELD(struct confirm_made, until_at, T_confirm_until),
	FIELD_END,
};

/* ---- the clerk ---- */

struct making {
	int64_t order_id;
	const char *url;
	struct confirm_link link;
};

static bool make_write(struct ctx *c, void *arg)
{
	struct making *m = arg;

	return confirm_make(c, m->order_id, &m->url, &m->link);
}

/* The address is in this answer and nowhere else, so it is not made on the lane, which keeps answers for repeats. */
static struct done *link_post(struct ctx *c, struct req *r)
{
	static const struct view page = { confirm_made_fields, PAGE(tmpl_confirm_made) };
	struct making m = { .order_id = req_id(r) };
	struct confirm_made v;
	struct order o;

	if (!app_write(c, make_write, &m) || !order_get(c, m.order_id, &o))
		return reply_error(r);
	v = (struct confirm_made){ .path = strstr(m.url, "/c/"),
		.url = link_address(c, r, m.url),
		.order = o.id,
		.number = o.number,
		.until_at = m.link.until_at };
	if (req_wants_page(r))
		return reply_view(r, &page, &v);
	return reply_created(r, &page, &v, "/orders/%" PRId64, o.id);
}

/* ---- the customer ---- */

static void page_lines(struct ctx *c, const struct order *o, struct confirm_page *p)
{
	p->lines = ARENA_ARRAY(c->arena, o->lines_len + 1, struct confirm_line);
	p->lines_len = o->lines_len;
	for (size_t i = 0; i < o->lines_len; i++)
		p->lines[i] = (struct confirm_line){ .name = o->lines[i].name,
			.quantity = qty_str(c->arena, o->lines[i].quantity),
			.unit = o->lines[i].unit,
			.remarks = o->lines[i].remarks,
			.price = o->lines[i].price,
			.price_unit = o->lines[i].price_unit,
			.amount = o->lines[i].amount };
}

/* Of an order that has changed since, nothing but that is told. */
static bool page_make(struct ctx *c, const char *token, const struct confirm_link *l, struct confirm_page *p)
{
	struct customer who;
	struct order o;
	bool same;

	*p = (struct confirm_page){
		.until_at = l->until_at, .total = MONEY_NONE, .delivery_date = DATE_NONE, .answered_at = INSTANT_NONE
	};
	if (!order_get_full(c, l->order_id, &o) || !customer_get(c, o.customer_id, &who))
		return false;
	p->state = confirm_state(l, &o);
	p->open = strcmp(p->state, "open") == 0;
	p->answered = l->answer != NULL;
	p->gone = !p->open && !p->answered;
	p->company = setting_str(c, "company.name");
	p->company_phone = setting_str(c, "company.phone");
	p->number = o.number;
	p->answer = l->answer;
	p->person = l->person;
	p->answered_at = l->answered_at;
	if (p->answered)
		p->answer_text = text_get(c->lang, text_find(arena_printf(c->arena, "confirm.said_%s", l->answer)));
	p->action = arena_printf(c->arena, "/c/%s/answer", token);
	same = o.snapshot != NULL && strcmp(o.snapshot, l->snapshot) == 0;
	if (!p->open && !(p->answered && same))
		return true;
	p->customer_name = who.name;
	p->delivery_date = o.delivery_date;
	p->address = o.address;
	p->remarks = o.remarks;
	p->total = o.total;
	page_lines(c, &o, p);
	return true;
}

static bool known(struct ctx *c, struct req *r, struct confirm_link *out)
{
	struct link l;

	return link_open(c, req_address(r), "confirm", req_name(r), &l) && confirm_get(c, l.id, out);
}

static struct done *link_get(struct ctx *c, struct req *r)
{
	static const struct view page = { confirm_page_fields, PAGE(tmpl_confirm_show) };
	struct confirm_link l;
	struct confirm_page p;

	if (!known(c, r, &l) || !page_make(c, req_name(r), &l, &p))
		return reply_error(r);
	return reply_view(r, &page, &p);
}

static const struct field answer_fields_in[] = {
	FIELD_ENUM(struct confirm_answer_in, answer, T_confirm_answer, confirm_answer_names, .flags = F_REQUIRED),
	FIELD(struct confirm_answer_in, person, T_order_confirmed_person, .flags = F_REQUIRED, .max = 80),
	FIELD(struct confirm_answer_in, note, T_confirm_note, .max = 1000, .flags = F_LINES),
	FIELD_END,
};

static struct done *answer_post(struct ctx *c, struct req *r)
{
	static const struct view page = { confirm_page_fields, NULL };
	struct confirm_link l;
	struct confirm_page p;

	if (!known(c, r, &l) || !confirm_answer(c, &l, req_in(r)) || !page_make(c, req_name(r), &l, &p))
		return reply_error(r);
	return reply_moved(r, &page, &p, "/c/%s", req_name(r));
}

/* ---- records the build reads ---- */

#define IN(f, s) (f), sizeof(s)
static const struct route routes[] = {
	{ POST, "/orders/:id/link", RIGHT_order_edit, NULL, 0, link_post, T_confirm_make, ROUTE_READS, NULL },
	{ GET, "/c/:name", RIGHT_none, NULL, 0, link_get, T_confirm_page, ROUTE_PUBLIC, NULL },
	{ POST, "/c/:name/answer", RIGHT_none, IN(answer_fields_in, struct confirm_answer_in), answer_post,
		T_confirm_do_answer, ROUTE_PUBLIC, NULL },
	ROUTE_END,
};

static bool check_answers(struct ctx *c, int64_t *counted, int64_t *broken, const char **first)
{
	if (!confirm_check(c, first) || !confirm_count(c, counted))
		return false;
	*broken = *first != NULL;
	return true;
}

static const struct check checks[] = {
	{ 7, "confirmed by link as answered", check_answers },
	{ 0, NULL, NULL },
};

static bool forget_person(struct ctx *c, const struct event *e)
{
	return confirm_forget(c, e->entity_id);
}

static const struct listen listens[] = {
	{ "customer.erased", forget_person },
	{ NULL, NULL },
};

const struct module confirm_module = {
	.name = "confirm",
	.routes = routes,
	.listens = listens,
	.checks = checks,
};
