/* money_web: payments by page and API. */
#include "mod/money/money_int.h"

#include "gen/money_sql.h"
#include "gen/tmpl.h"
#include "mod/customer/customer.h"

struct list_in {
	const char *customer;
};
static const struct field list_fields[] = {
	FIELD(struct list_in, customer, T_money_customer, .max = 64),
	FIELD_END,
};

static const struct view payment_answer = { payment_item_fields, NULL };

static bool customer_asked(struct ctx *c, const char *code, int64_t *id)
{
	struct customer who;
	bool found;

	*id = INT64_MIN;
	if (code == NULL)
		return true;
	if (!customer_find(c, code, &who, &found))
		return false;
	if (!found)
		return fail_field(c, "/customer", E_UNKNOWN, T_money_unknown_customer, code);
	*id = who.id;
	return true;
}

static struct done *payments_get(struct ctx *c, struct req *r)
{
	const struct list_in *in = req_in(r);
	struct paging pg = req_paging(r);
	struct payment_page p = { .customer = in->customer, .may_book = may(c, RIGHT_money_edit), .today = today(c) };
	int64_t who, next = 0;
	size_t len;

	if (!customer_asked(c, in->customer, &who) ||
		!entry_page(c, who, pg.after_id > 0 ? pg.after_id : INT64_MAX, pg.limit + 1, &p.items, &len))
		return reply_error(r);
	p.items_len = len > (size_t)pg.limit ? (size_t)pg.limit : len;
	if (len > p.items_len)
		next = p.items[p.items_len - 1].id;
	p.next_url = req_next(r, next, NULL);
	return reply_list(r, &payment_answer, p.items, p.items_len, next, NULL, PAGE(tmpl_money_payments), &p);
}

static struct done *payments_post(struct ctx *c, struct req *r)
{
	struct payment_item item;
	int64_t id;

	if (!money_book(c, req_in(r), &id) || !entry_item(c, id, &item))
		return reply_error(r);
	return reply_created(r, &payment_answer, &item, "/payments");
}

#define IN(f, s) (f), sizeof(s)
static const struct route routes[] = {
	{ GET, "/payments", RIGHT_look, IN(list_fields, struct list_in), payments_get, T_money_payments, ROUTE_LIST,
		&payment_answer },
	{ POST, "/payments", RIGHT_money_edit, IN(payment_fields, struct payment_in), payments_post, T_money_do_book, 0,
		&payment_answer },
	{ GET, "/customers/:id/statement", RIGHT_look, IN(period_fields, struct period_in), statement_page_get,
		T_money_statement, 0, &statement_answer_view },
	{ GET, "/customers/:id/statement.csv", RIGHT_look, IN(period_fields, struct period_in), statement_csv_get,
		T_money_statement, 0, NULL },
	{ GET, "/customers/:id/statement.pdf", RIGHT_look, IN(period_fields, struct period_in), statement_pdf_get,
		T_money_statement, 0, NULL },
	{ POST, "/customers/:id/statement-link", RIGHT_money_edit, IN(period_fields, struct period_in),
		statement_send_post, T_money_do_send, ROUTE_READS, NULL },
	{ GET, "/s/:name", RIGHT_none, NULL, 0, statement_link_get, T_money_statement, ROUTE_PUBLIC,
		&statement_answer_view },
	{ POST, "/s/:name/answer", RIGHT_none, IN(statement_answer_fields, struct answer_in), statement_answer_post,
		T_money_do_answer, ROUTE_PUBLIC, &statement_answer_view },
	ROUTE_END,
};

static const struct menu menu[] = {
	{ T_money_menu, "/payments", 75, RIGHT_money_edit },
	{ T_none, NULL, 0, RIGHT_none },
};

const struct module money_module = {
	.name = "money",
	.routes = routes,
	.listens = money_listens,
	.menu = menu,
	.checks = money_checks,
};
