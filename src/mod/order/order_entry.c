/* order_entry: what the entry page asks while the customer is on the phone. The grid itself is ui/order-grid.js. */
#include "mod/order/order_int.h"

#include "gen/order_sql.h"
#include "gen/tmpl.h"
#include "mod/price/price.h"

#include <string.h>

/* ---- what these lines would cost: the server's own integers, nothing is written ---- */

const struct field order_quote_fields[] = {
	FIELD(struct order_quote_in, customer, T_order_customer, .flags = F_REQUIRED, .max = 64),
	FIELD(struct order_quote_in, delivery_date, T_order_delivery_date),
	FIELD_LIST(struct order_quote_in, lines, order_line_in_fields, T_order_lines, .flags = F_REQUIRED, .max = 100),
	FIELD_END,
};

struct order_quote {
	const char *sku, *unit;
	struct qty quantity, ordered;
	struct price price;
	const char *price_unit, *price_source, *price_words;
	struct money amount;
};
static const struct field quote_fields[] = {
	FIELD(struct order_quote, sku, T_order_line_sku),
	FIELD(struct order_quote, quantity, T_order_line_quantity),
	FIELD(struct order_quote, unit, T_order_line_unit),
	FIELD(struct order_quote, ordered, T_order_line_ordered),
	FIELD(struct order_quote, price, T_order_line_price),
	FIELD(struct order_quote, price_unit, T_order_line_price_unit),
	FIELD(struct order_quote, price_source, T_order_line_price_source),
	FIELD(struct order_quote, price_words, T_order_line_price_source),
	FIELD(struct order_quote, amount, T_order_line_amount),
	FIELD_END,
};
const struct view order_quote_answer = { quote_fields, NULL };

struct done *order_quote_get(struct ctx *c, struct req *r)
{
	const struct order_quote_in *in = req_in(r);
	struct order o = { .delivery_date = date_is(in->delivery_date) ? in->delivery_date : today(c) };
	struct order_line *lines;
	struct order_quote *out;
	struct customer who;
	bool found;

	if (!customer_find(c, in->customer, &who, &found))
		return reply_error(r);
	if (!found)
		(void)fail_field(c, "/customer", E_UNKNOWN, T_order_unknown_customer, in->customer);
	o.customer_id = who.id;
	if (!ok(c) || !order_lines_price(c, &o, in->lines, in->lines_len, &lines))
		return reply_error(r);
	out = ARENA_ARRAY(c->arena, in->lines_len, struct order_quote);
	for (size_t i = 0; i < in->lines_len; i++)
		out[i] = (struct order_quote){ lines[i].sku, lines[i].unit, lines[i].quantity, lines[i].ordered,
			lines[i].price, lines[i].price_unit, lines[i].price_source,
			price_source_text(c, lines[i].price_source), lines[i].amount };
	return reply_list(r, &order_quote_answer, out, in->lines_len, 0, NULL, NULL, NULL);
}

/* ---- what this customer usually takes, and how much the last time ---- */

const struct field order_usual_fields[] = {
	FIELD(struct order_usual, sku, T_order_line_sku),
	FIELD(struct order_usual, name, T_order_line_name),
	FIELD(struct order_usual, quantity, T_order_line_quantity),
	FIELD(struct order_usual, unit, T_order_line_unit),
	FIELD(struct order_usual, delivery_date, T_order_delivery_date),
	FIELD(struct order_usual, times, T_order_usual_times),
	FIELD_END,
};
const struct view order_usual_answer = { order_usual_fields, NULL };

struct done *order_usual_get(struct ctx *c, struct req *r)
{
	struct order_usual *rows;
	struct customer who;
	size_t len;

	if (!customer_get(c, req_id(r), &who) || !order_usual_list(c, who.id, &rows, &len))
		return reply_error(r);
	return reply_list(r, &order_usual_answer, rows, len, 0, NULL, NULL, NULL);
}

/* ---- the page ---- */

static const char *lines_json(struct ctx *c, const struct order *o)
{
	struct buf b;
	struct json j;

	buf_init(&b, c->arena);
	json_start(&j, &b);
	json_arr(&j, NULL);
	for (size_t i = 0; i < o->lines_len; i++) {
		json_obj(&j, NULL);
		fields_to_json(&j, order_line_fields, &o->lines[i]);
		json_end_obj(&j);
	}
	json_end_arr(&j);
	return buf_cstr(&b);
}

struct done *order_new_get(struct ctx *c, struct req *r)
{
	static const struct view page = { NULL, PAGE(tmpl_order_entry) };
	struct order_entry_page p = { .id = INT64_MIN,
		.version = INT64_MIN,
		.delivery_date = { today(c).day + 1 },
		.lines_json = "[]",
		.channel = "phone",
		.login = c->actor->login,
		.today = today(c),
		.phone = req_query(r, "tel"),
		.customer = req_query(r, "customer") };

	return reply_view(r, &page, &p);
}

struct done *order_edit_get(struct ctx *c, struct req *r)
{
	static const struct view page = { NULL, PAGE(tmpl_order_entry) };
	struct order_entry_page p;
	struct customer who;
	struct order o;

	if (!order_get_full(c, req_id(r), &o) || !customer_get(c, o.customer_id, &who))
		return reply_error(r);
	p = (struct order_entry_page){ .id = o.id,
		.version = o.version,
		.customer = who.code,
		.customer_name = who.name,
		.phone = who.phone,
		.address = o.address,
		.remarks = o.remarks,
		.delivery_date = o.delivery_date,
		.number = o.number,
		.lines_json = lines_json(c, &o),
		.channel = o.channel,
		.login = c->actor->login,
		.today = today(c),
		.state = decision_names[o.decision] };
	return reply_view(r, &page, &p);
}
