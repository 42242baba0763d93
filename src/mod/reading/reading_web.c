/* The one door: text in, proposed lines out; nothing is stored. */
#include "mod/reading/reading.h"

#include "mod/reading/reading_int.h"

#define TEXT_MAX    20000
#define HISTORY_MAX 50

static const struct field order_line_fields[] = {
	FIELD(struct reading_order_line, sku, T_reading_sku, .max = 64, .flags = F_REQUIRED),
	FIELD(struct reading_order_line, quantity, T_reading_quantity, .max = QTY_MAX, .flags = F_REQUIRED),
	FIELD(struct reading_order_line, unit, T_reading_unit, .max = 16),
	FIELD_END,
};
static const struct field order_fields_of_history[] = {
	FIELD(struct reading_order, confirmed_at, T_reading_confirmed_at, .flags = F_REQUIRED),
	FIELD_LIST(struct reading_order, lines, order_line_fields, T_reading_lines, .max = 2000),
	FIELD_END,
};
const struct field reading_in_fields[] = {
	FIELD(struct reading_in, text, T_reading_text, .max = TEXT_MAX, .flags = F_REQUIRED | F_LINES),
	FIELD(struct reading_in, channel, T_reading_channel, .max = 20),
	FIELD(struct reading_in, received_at, T_reading_received_at),
	FIELD(struct reading_in, customer, T_reading_customer, .max = 32),
	FIELD_LIST(struct reading_in, history, order_fields_of_history, T_reading_history, .max = HISTORY_MAX),
	FIELD_END,
};

static const struct field candidate_fields[] = {
	FIELD(struct reading_candidate, sku, T_reading_sku),
	FIELD(struct reading_candidate, name, T_none),
	FIELD_JSON(struct reading_candidate, score, T_none),
	FIELD(struct reading_candidate, why, T_none),
	FIELD_END,
};
static const struct field line_fields[] = {
	FIELD(struct reading_line, raw, T_none),
	FIELD(struct reading_line, start, T_none),
	FIELD(struct reading_line, end, T_none),
	FIELD(struct reading_line, op, T_none),
	FIELD(struct reading_line, sku, T_reading_sku),
	FIELD(struct reading_line, quantity, T_reading_quantity),
	FIELD(struct reading_line, unit, T_reading_unit),
	FIELD(struct reading_line, price, T_none),
	FIELD(struct reading_line, price_unit, T_none),
	FIELD(struct reading_line, remark, T_none),
	FIELD_JSON(struct reading_line, confidence, T_none),
	FIELD(struct reading_line, accepted, T_none),
	FIELD_LIST(struct reading_line, candidates, candidate_fields, T_none),
	FIELD(struct reading_line, customer, T_reading_customer),
	FIELD(struct reading_line, delivery_date, T_reading_delivery_date),
	FIELD_END,
};
static const struct field span_fields[] = {
	FIELD(struct reading_span, raw, T_none),
	FIELD(struct reading_span, start, T_none),
	FIELD(struct reading_span, end, T_none),
	FIELD_END,
};
const struct field reading_fields[] = {
	FIELD(struct reading, customer, T_reading_customer),
	FIELD(struct reading, delivery_date, T_reading_delivery_date),
	FIELD(struct reading, intent, T_reading_intent),
	FIELD_LIST(struct reading, lines, line_fields, T_reading_lines),
	FIELD_LIST(struct reading, unresolved, span_fields, T_reading_unresolved),
	FIELD_END,
};

static const struct view reading_one = { reading_fields, NULL };

static struct done *parse_post(struct ctx *c, struct req *r)
{
	struct reading out;

	if (!reading_parse(c, req_in(r), &out))
		return reply_error(r);
	return reply_view(r, &reading_one, &out);
}

static const struct route routes[] = {
	{ POST, "/intake/parse", RIGHT_look, reading_in_fields, sizeof(struct reading_in), parse_post, T_reading_parse,
		ROUTE_READS | ROUTE_API_ONLY, &reading_one },
	ROUTE_END,
};

const struct module reading_module = {
	.name = "reading",
	.routes = routes,
	.listens = reading_listens,
};
