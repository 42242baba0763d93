/* statement: 对账单, what a customer had, sent back and paid in a period; both sides may confirm it line by line. */
#include "mod/money/money_int.h"

#include "app/csv_out.h"
#include "app/doc_account.h"
#include "app/serve.h"
#include "gen/money_sql.h"
#include "gen/tmpl.h"
#include "mod/customer/customer.h"
#include "mod/link/link.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define LINK_DAYS 60
#define LINES_MAX 2000 /* what the customer's form can answer, each line with its own words */

const struct field account_line_fields[] = {
	FIELD(struct account_line, line, T_money_line),
	FIELD(struct account_line, id, T_none, .flags = F_HIDDEN),
	FIELD_AS(struct account_line, day, "date", T_money_day),
	FIELD(struct account_line, at, T_money_at),
	FIELD(struct account_line, kind, T_money_kind),
	FIELD(struct account_line, document, T_money_document),
	FIELD(struct account_line, amount, T_money_amount),
	FIELD(struct account_line, balance, T_money_balance),
	FIELD_END,
};

const struct field statement_fields[] = {
	FIELD(struct statement, id, T_none),
	FIELD(struct statement, number, T_money_number),
	FIELD(struct statement, customer_id, T_none, .flags = F_HIDDEN),
	FIELD(struct statement, from_day, T_money_from),
	FIELD(struct statement, to_day, T_money_to),
	FIELD(struct statement, opening, T_money_opening),
	FIELD(struct statement, closing, T_money_closing),
	FIELD(struct statement, lines, T_none, .flags = F_HIDDEN),
	FIELD(struct statement, state, T_money_state),
	FIELD(struct statement, person, T_money_person),
	FIELD_JSON(struct statement, disputes, T_money_disputes),
	FIELD(struct statement, answered_at, T_money_at),
	FIELD(struct statement, by, T_none, .flags = F_HIDDEN),
	FIELD(struct statement, at, T_money_at),
	FIELD_END,
};

const struct field statement_view_fields[] = {
	FIELD(struct statement_view, number, T_money_number),
	FIELD(struct statement_view, customer, T_money_customer),
	FIELD(struct statement_view, customer_name, T_money_customer),
	FIELD(struct statement_view, from, T_money_from),
	FIELD(struct statement_view, to, T_money_to),
	FIELD(struct statement_view, opening, T_money_opening),
	FIELD_LIST(struct statement_view, lines, account_line_fields, T_money_lines),
	FIELD(struct statement_view, goods, T_money_kinds_goods),
	FIELD(struct statement_view, crates, T_money_kinds_crates),
	FIELD(struct statement_view, back, T_money_back),
	FIELD(struct statement_view, paid, T_money_paid),
	FIELD(struct statement_view, closing, T_money_closing),
	FIELD(struct statement_view, capital, T_money_capital),
	FIELD(struct statement_view, state, T_money_state),
	FIELD(struct statement_view, person, T_money_person),
	FIELD_LIST(struct statement_view, sent, statement_fields, T_money_sent),
	FIELD_END,
};
const struct view statement_answer_view = { statement_view_fields, NULL };

const struct field period_fields[] = {
	FIELD(struct period_in, from, T_money_from),
	FIELD(struct period_in, to, T_money_to),
	FIELD_END,
};

static const struct field dispute_fields[] = {
	FIELD(struct dispute_in, line, T_money_line, .flags = F_REQUIRED | F_POSITIVE, .max = 100000),
	FIELD(struct dispute_in, note, T_money_note, .max = 300),
	FIELD_END,
};
const struct field statement_answer_fields[] = {
	FIELD(struct answer_in, person, T_money_person, .flags = F_REQUIRED, .max = 80),
	FIELD_LIST(struct answer_in, disputes, dispute_fields, T_money_disputes, .max = LINES_MAX),
	FIELD_END,
};

/* ---- the account of a period ---- */

static int by_day(const void *a, const void *b)
{
	const struct account_line *x = a, *y = b;

	if (x->day.day != y->day.day)
		return x->day.day < y->day.day ? -1 : 1;
	if (x->at.us != y->at.us)
		return x->at.us < y->at.us ? -1 : 1;
	return (x->id > y->id) - (x->id < y->id);
}

static void put_in_order(struct ctx *c, struct account_line *lines, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!date_is(lines[i].day))
			lines[i].day = date_of(lines[i].at, zone_s(c));
	if (len > 0)
		qsort(lines, len, sizeof(*lines), by_day);
}

/* A running balance, and what it is made of. */
static bool run_up(struct ctx *c, struct statement_view *v)
{
	struct money balance = v->opening;

	for (size_t i = 0; i < v->lines_len; i++) {
		struct account_line *l = &v->lines[i];
		struct money *part = strcmp(l->kind, "goods") == 0 || strcmp(l->kind, "opening") == 0    ? &v->goods
				     : strcmp(l->kind, "refused") == 0 || strcmp(l->kind, "credit") == 0 ? &v->back
				     : strcmp(l->kind, "crates") == 0                                    ? &v->crates
													 : &v->paid;
		l->line = (int64_t)i + 1;
		if (!money_add(&balance, balance, l->amount) || !money_add(part, *part, l->amount))
			return fail(c, E_INVALID, T_err_range);
		l->balance = balance;
	}
	v->closing = balance;
	return true;
}

bool statement_make(struct ctx *c, int64_t customer_id, struct date from, struct date to, struct statement_view *v)
{
	struct instant start, end;
	struct customer who;

	*v = (struct statement_view){ .customer_id = customer_id, .from = from, .to = to };
	if (from.day > to.day)
		return fail_field(c, "/from", E_RANGE, T_money_period);
	start = instant_of(from, zone_s(c));
	end = instant_of((struct date){ to.day + 1 }, zone_s(c));
	if (!customer_get(c, customer_id, &who) || !account_before(c, customer_id, start, from, &v->opening.fen) ||
		!account_lines(c, customer_id, start, end, from, to, &v->lines, &v->lines_len))
		return false;
	put_in_order(c, v->lines, v->lines_len);
	if (!run_up(c, v))
		return false;
	v->customer = who.code;
	v->customer_name = who.name;
	v->company = setting_str(c, "company.name");
	v->company_phone = setting_str(c, "company.phone");
	v->capital = v->closing.fen >= 0 ? money_capital(c->arena, v->closing) : NULL;
	return true;
}

/* This month, where no period is named. */
static void period_of(struct ctx *c, const struct period_in *in, struct date *from, struct date *to)
{
	int y, m, d;

	date_ymd(today(c), &y, &m, &d);
	*from = date_is(in->from) ? in->from : date_make(y, m, 1);
	*to = date_is(in->to) ? in->to : today(c);
}

static bool asked(struct ctx *c, struct req *r, struct statement_view *v)
{
	struct date from, to;

	period_of(c, req_in(r), &from, &to);
	return statement_make(c, req_id(r), from, to, v);
}

struct done *statement_page_get(struct ctx *c, struct req *r)
{
	static const struct view page = { statement_view_fields, PAGE(tmpl_money_statement) };
	struct statement_view v;

	if (!asked(c, r, &v) || !statement_list(c, v.customer_id, &v.sent, &v.sent_len))
		return reply_error(r);
	v.may_send = may(c, RIGHT_money_edit);
	return reply_view(r, &page, &v);
}

static const char *kind_text(struct ctx *c, const char *kind)
{
	return text_get(c->lang, text_find(arena_printf(c->arena, "money.kinds.%s", kind)));
}

struct done *statement_csv_get(struct ctx *c, struct req *r)
{
	struct statement_view v;
	struct csv csv;
	struct buf b;

	if (!asked(c, r, &v))
		return reply_error(r);
	buf_init(&b, c->arena);
	csv_begin(&csv, &b, true);
	csv_row(&csv,
		(const char *const[]){ text_get(c->lang, T_money_day), text_get(c->lang, T_money_kind),
			text_get(c->lang, T_money_document), text_get(c->lang, T_money_amount),
			text_get(c->lang, T_money_balance) },
		5);
	csv_row(&csv,
		(const char *const[]){ date_str(c->arena, v.from), text_get(c->lang, T_money_opening), NULL, NULL,
			money_str(c->arena, v.opening) },
		5);
	for (size_t i = 0; i < v.lines_len; i++)
		csv_row(&csv,
			(const char *const[]){ date_str(c->arena, v.lines[i].day), kind_text(c, v.lines[i].kind),
				v.lines[i].document, money_str(c->arena, v.lines[i].amount),
				money_str(c->arena, v.lines[i].balance) },
			5);
	return reply_bytes(
		r, "text/csv; charset=utf-8", arena_printf(c->arena, "statement-%s.csv", v.customer), b.data, b.len);
}

/* ---- on paper ---- */

typedef const char *account_row[ACCOUNT_CELLS];

static account_row *paper_rows(struct ctx *c, const struct statement_view *v)
{
	account_row *rows = ARENA_ARRAY(c->arena, v->lines_len + 1, account_row);

	rows[0][0] = date_str(c->arena, v->from);
	rows[0][1] = text_get(c->lang, T_money_opening);
	rows[0][4] = money_show(c->arena, v->opening);
	for (size_t i = 0; i < v->lines_len; i++) {
		rows[i + 1][0] = date_str(c->arena, v->lines[i].day);
		rows[i + 1][1] = kind_text(c, v->lines[i].kind);
		rows[i + 1][2] = v->lines[i].document;
		rows[i + 1][3] = money_show(c->arena, v->lines[i].amount);
		rows[i + 1][4] = money_show(c->arena, v->lines[i].balance);
	}
	return rows;
}

struct done *statement_pdf_get(struct ctx *c, struct req *r)
{
	struct statement_view v;
	struct doc_account d;
	struct buf out;

	if (!asked(c, r, &v))
		return reply_error(r);
	d = (struct doc_account){
		.title = arena_printf(c->arena, "%s %s", v.company, text_get(c->lang, T_money_statement)),
		.period = arena_printf(c->arena, "%s %s    %s – %s", v.customer, v.customer_name,
			date_str(c->arena, v.from), date_str(c->arena, v.to)),
		.heads = { text_get(c->lang, T_money_day), text_get(c->lang, T_money_kind),
			text_get(c->lang, T_money_document), text_get(c->lang, T_money_amount),
			text_get(c->lang, T_money_balance) },
		.rows = paper_rows(c, &v),
		.rows_len = v.lines_len + 1,
		.closing_label = text_get(c->lang, T_money_closing),
		.closing = money_show(c->arena, v.closing),
		.capital = v.capital,
		.sign = text_get(c->lang, T_money_sign_here),
	};
	buf_init(&out, c->arena);
	if (!doc_account(c, &d, &out))
		return reply_error(r);
	return reply_bytes(
		r, "application/pdf", arena_printf(c->arena, "statement-%s.pdf", v.customer), out.data, out.len);
}

/* ---- sent to the customer, confirmed by it ---- */

struct sending {
	struct statement row;
	const char *token;
};

static const char *lines_json(struct ctx *c, const struct statement_view *v)
{
	struct buf b;
	struct json j;

	buf_init(&b, c->arena);
	json_start(&j, &b);
	json_arr(&j, NULL);
	for (size_t i = 0; i < v->lines_len; i++) {
		json_obj(&j, NULL);
		fields_to_json(&j, account_line_fields, &v->lines[i]);
		json_end_obj(&j);
	}
	json_end_arr(&j);
	return buf_cstr(&b);
}

/* The account is read before the write lane is asked for anything: a long one would keep everybody else waiting. What is
 * booked between the two was not there when the statement was made. */
bool statement_freeze(struct ctx *c, int64_t customer_id, const struct period_in *in, struct statement *row)
{
	struct statement_view v;
	struct date from, to;

	period_of(c, in, &from, &to);
	if (!statement_make(c, customer_id, from, to, &v))
		return false;
	if (v.lines_len > LINES_MAX)
		return fail_field(c, "/from", E_TOO_LARGE, T_money_too_long, arena_printf(c->arena, "%zu", v.lines_len),
			arena_printf(c->arena, "%d", LINES_MAX));
	*row = (struct statement){ .customer_id = v.customer_id,
		.from_day = v.from,
		.to_day = v.to,
		.opening = v.opening,
		.closing = v.closing,
		.lines = lines_json(c, &v),
		.state = "open" };
	return true;
}

static bool send_write(struct ctx *c, void *arg)
{
	struct sending *s = arg;
	struct event ev = { .kind = "statement.sent", .entity = "customer", .entity_id = s->row.customer_id };

	s->row.by = c->actor->id;
	s->row.at = c->now;
	if (!id_new(c, &s->row.id) || !number_new(c, "DZ", &s->row.number))
		return false;
	ev.data = arena_printf(c->arena, "{\"statement\":\"%s\"}", s->row.number);
	return statement_insert(c, &s->row, 1) && event_add(c, &ev) &&
	       link_make(c, "statement", s->row.id, (struct instant){ c->now.us + LINK_DAYS * DAY_US }, &s->token);
}

struct done *statement_send_post(struct ctx *c, struct req *r)
{
	static const struct view page = { payment_link_fields, PAGE(tmpl_money_sent) };
	struct sending s;
	struct payment_link v = { .customer_id = req_id(r) };

	if (!statement_freeze(c, req_id(r), req_in(r), &s.row) || !app_write(c, send_write, &s))
		return reply_error(r);
	v.number = s.row.number;
	v.path = arena_printf(c->arena, "/s/%s", s.token);
	v.url = link_address(c, r, link_url(c, "/s", s.token));
	return req_wants_page(r) ? reply_view(r, &page, &v)
				 : reply_created(r, &page, &v, "/customers/%" PRId64 "/statement", v.customer_id);
}

static const char *member(struct ctx *c, json_t *at, const char *name)
{
	const char *s = json_string_value(json_object_get(at, name));

	return s != NULL ? arena_strdup(c->arena, s) : "";
}

/* As it was sent, whatever has been booked since. */
static void frozen_lines(struct ctx *c, const struct statement *s, struct statement_view *v)
{
	json_t *all = json_loads(s->lines, 0, NULL), *one;
	size_t i;

	v->lines_len = json_array_size(all);
	v->lines = ARENA_ARRAY(c->arena, v->lines_len, struct account_line);
	json_array_foreach(all, i, one)
	{
		struct account_line *l = &v->lines[i];
		*l = (struct account_line){
			.line = (int64_t)i + 1, .kind = member(c, one, "kind"), .document = member(c, one, "document")
		};
		if (!instant_parse(member(c, one, "at"), &l->at))
			l->at = INSTANT_NONE;
		if (!date_parse(member(c, one, "date"), &l->day))
			l->day = DATE_NONE;
		if (!money_parse(member(c, one, "amount"), &l->amount))
			l->amount = MONEY_NONE;
		if (!money_parse(member(c, one, "balance"), &l->balance))
			l->balance = MONEY_NONE;
	}
	json_decref(all);
}

static bool sent_make(struct ctx *c, int64_t id, const char *token, struct statement_view *v)
{
	struct customer who;
	struct statement s;

	if (!statement_get(c, id, &s) || !customer_get(c, s.customer_id, &who))
		return false;
	*v = (struct statement_view){ .customer_id = s.customer_id,
		.number = s.number,
		.customer = who.code,
		.customer_name = who.name,
		.company = setting_str(c, "company.name"),
		.company_phone = setting_str(c, "company.phone"),
		.state = s.state,
		.person = s.person,
		.disputes = s.disputes,
		.token = token,
		.from = s.from_day,
		.to = s.to_day,
		.opening = s.opening,
		.closing = s.closing,
		.goods = MONEY_NONE,
		.back = MONEY_NONE,
		.paid = MONEY_NONE,
		.capital = s.closing.fen >= 0 ? money_capital(c->arena, s.closing) : NULL,
		.open = strcmp(s.state, "open") == 0 };
	frozen_lines(c, &s, v);
	return true;
}

static const struct view sent_page = { statement_view_fields, PAGE(tmpl_money_confirm) };

static bool statement_of_link(struct ctx *c, struct req *r, int64_t *id)
{
	struct link l;

	if (!link_open(c, req_address(r), "statement", req_name(r), &l))
		return false;
	*id = l.entity_id;
	return true;
}

struct done *statement_link_get(struct ctx *c, struct req *r)
{
	struct statement_view v;
	int64_t id;

	if (!statement_of_link(c, r, &id) || !sent_make(c, id, req_name(r), &v))
		return reply_error(r);
	return reply_view(r, &sent_page, &v);
}

static const char *disputes_json(struct ctx *c, const struct answer_in *in, size_t *n)
{
	struct buf b;
	struct json j;

	*n = 0;
	buf_init(&b, c->arena);
	json_start(&j, &b);
	json_arr(&j, NULL);
	for (size_t i = 0; i < in->disputes_len; i++) {
		if (in->disputes[i].note == NULL)
			continue; /* a form sends every line; those without words are agreed */
		json_obj(&j, NULL);
		json_int(&j, "line", in->disputes[i].line);
		json_str(&j, "note", in->disputes[i].note);
		json_end_obj(&j);
		(*n)++;
	}
	json_end_arr(&j);
	return buf_cstr(&b);
}

struct done *statement_answer_post(struct ctx *c, struct req *r)
{
	const struct answer_in *in = req_in(r);
	struct event ev = { .kind = "statement.answered", .entity = "customer" };
	struct statement_view v;
	const char *disputes;
	int64_t id, changed;
	size_t n;

	if (!statement_of_link(c, r, &id) || !sent_make(c, id, req_name(r), &v))
		return reply_error(r);
	for (size_t i = 0; i < in->disputes_len; i++)
		if (in->disputes[i].line > (int64_t)v.lines_len)
			(void)fail_field(
				c, arena_printf(c->arena, "/disputes/%zu/line", i), E_UNKNOWN, T_money_no_line);
	disputes = disputes_json(c, in, &n);
	if (!ok(c) ||
		!statement_answer(c, id, n > 0 ? "disputed" : "confirmed", in->person, disputes, c->now, &changed))
		return reply_error(r);
	if (changed == 0) {
		(void)fail(c, E_CONFLICT, T_money_answered, v.number);
		return reply_error(r);
	}
	actor_as(c, ROLE_none, "customer", in->person);
	ev.entity_id = v.customer_id;
	ev.to = n > 0 ? "disputed" : "confirmed";
	ev.data = arena_printf(c->arena, "{\"statement\":\"%s\"}", v.number);
	if (!event_add(c, &ev) || !sent_make(c, id, req_name(r), &v))
		return reply_error(r);
	return reply_moved(r, &sent_page, &v, "/s/%s", req_name(r));
}

/* ---- a person's facts are erased: the sums both sides saw stay, what was written beside them goes ---- */

/* Goods, refusals and credits name a paper of ours. */
static bool names_a_paper(const char *kind)
{
	return strcmp(kind, "goods") == 0 || strcmp(kind, "refused") == 0 || strcmp(kind, "credit") == 0;
}

static void forget_words(struct ctx *c, struct statement *s)
{
	struct statement_view v;

	frozen_lines(c, s, &v);
	for (size_t i = 0; i < v.lines_len; i++)
		if (!names_a_paper(v.lines[i].kind))
			v.lines[i].document = NULL;
	s->lines = lines_json(c, &v);
	s->person = s->person != NULL ? "-" : NULL;
	s->disputes = s->disputes != NULL ? "[]" : NULL;
}

bool money_forget(struct ctx *c, const struct event *e)
{
	struct statement *all;
	size_t len;

	if (!statement_texts(c, e->entity_id, &all, &len))
		return false;
	for (size_t i = 0; i < len; i++)
		forget_words(c, &all[i]);
	return statement_forget(c, all, len) && entry_forget(c, e->entity_id);
}

const struct field payment_link_fields[] = {
	FIELD(struct payment_link, url, T_money_url),
	FIELD(struct payment_link, path, T_money_url),
	FIELD(struct payment_link, number, T_money_number),
	FIELD(struct payment_link, customer_id, T_none, .flags = F_HIDDEN),
	FIELD_END,
};
