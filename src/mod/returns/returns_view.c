/* returns_view: what comes in and what is answered. */
#include "mod/returns/returns_int.h"

#include "gen/returns_sql.h"

#include <string.h>

static const struct field line_in_fields[] = {
	FIELD(struct return_line_in, order, T_returns_order, .flags = F_POSITIVE),
	FIELD(struct return_line_in, line, T_returns_line, .flags = F_REQUIRED | F_POSITIVE, .max = 2000),
	FIELD(struct return_line_in, quantity, T_returns_quantity, .flags = F_POSITIVE, .max = QTY_MAX),
	FIELD(struct return_line_in, unit, T_returns_unit, .max = 16),
	FIELD(struct return_line_in, reason, T_returns_reason, .max = 200),
	FIELD_END,
};

static const struct field wish_fields[] = {
	FIELD(struct return_wish, return_id, T_none, .flags = F_HIDDEN | F_READONLY),
	FIELD(struct return_wish, line, T_none, .flags = F_READONLY),
	FIELD(struct return_wish, sku, T_returns_sku, .max = 64),
	FIELD(struct return_wish, quantity, T_returns_quantity, .flags = F_POSITIVE, .max = QTY_MAX),
	FIELD(struct return_wish, unit, T_returns_unit, .max = 16),
	FIELD(struct return_wish, price, T_returns_price, .flags = F_UNSIGNED, .max = PRICE_MAX),
	FIELD_END,
};
const struct field return_wish_fields[] = {
	FIELD(struct return_wish, return_id, T_none, .flags = F_HIDDEN),
	FIELD(struct return_wish, line, T_returns_line),
	FIELD(struct return_wish, sku, T_returns_sku),
	FIELD(struct return_wish, quantity, T_returns_quantity),
	FIELD(struct return_wish, unit, T_returns_unit),
	FIELD(struct return_wish, price, T_returns_price),
	FIELD_END,
};

const struct field return_in_fields[] = {
	FIELD(struct return_in, order, T_returns_order, .flags = F_REQUIRED | F_POSITIVE),
	FIELD(struct return_in, note, T_returns_note, .max = 500, .flags = F_LINES),
	FIELD_LIST(struct return_in, lines, line_in_fields, T_returns_lines, .flags = F_REQUIRED, .max = 500),
	FIELD_LIST(struct return_in, replacement, wish_fields, T_returns_replacement, .max = 200),
	FIELD_END,
};

static const struct field received_line_fields[] = {
	FIELD(struct received_line, line, T_returns_line, .flags = F_REQUIRED | F_POSITIVE, .max = 2000),
	FIELD(struct received_line, quantity, T_returns_quantity, .flags = F_REQUIRED | F_UNSIGNED, .max = QTY_MAX),
	FIELD_END,
};
const struct field receive_fields[] = {
	FIELD_LIST(struct receive_in, lines, received_line_fields, T_returns_lines, .flags = F_REQUIRED, .max = 500),
	FIELD(struct receive_in, complete, T_returns_complete),
	FIELD_END,
};

static const struct field inspected_line_fields[] = {
	FIELD(struct inspected_line, line, T_returns_line, .flags = F_REQUIRED | F_POSITIVE, .max = 2000),
	FIELD(struct inspected_line, good, T_returns_good, .flags = F_UNSIGNED, .max = QTY_MAX),
	FIELD(struct inspected_line, second, T_returns_second, .flags = F_UNSIGNED, .max = QTY_MAX),
	FIELD(struct inspected_line, scrap, T_returns_scrap, .flags = F_UNSIGNED, .max = QTY_MAX),
	FIELD(struct inspected_line, location, T_returns_location, .max = 40),
	FIELD(struct inspected_line, lot, T_returns_lot, .max = 40),
	FIELD_END,
};
const struct field inspect_fields[] = {
	FIELD_LIST(struct inspect_in, lines, inspected_line_fields, T_returns_lines, .flags = F_REQUIRED, .max = 500),
	FIELD_END,
};

const struct field settle_fields[] = {
	FIELD(struct settle_in, amount, T_returns_credited, .flags = F_UNSIGNED, .max = MONEY_MAX),
	FIELD(struct settle_in, note, T_returns_note, .max = 300),
	FIELD_END,
};

const struct field missing_fields[] = {
	FIELD_ENUM(struct missing_in, fate, T_returns_fate, return_fates, .flags = F_REQUIRED),
	FIELD(struct missing_in, reason, T_returns_reason, .flags = F_REQUIRED, .max = 300),
	FIELD_END,
};

const struct field return_reason_fields[] = {
	FIELD(struct reason_in, reason, T_returns_reason, .flags = F_REQUIRED, .max = 300),
	FIELD_END,
};

/* ---- rows ---- */

const struct field return_line_fields[] = {
	FIELD(struct return_line, return_id, T_none, .flags = F_HIDDEN),
	FIELD(struct return_line, line, T_returns_line),
	FIELD_AS(struct return_line, order_id, "order", T_returns_order),
	FIELD(struct return_line, order_number, T_returns_order),
	FIELD(struct return_line, order_line, T_returns_order_line),
	FIELD(struct return_line, product_id, T_none, .flags = F_HIDDEN),
	FIELD(struct return_line, sku, T_returns_sku),
	FIELD(struct return_line, name, T_returns_name),
	FIELD(struct return_line, quantity, T_returns_quantity),
	FIELD(struct return_line, unit, T_returns_unit),
	FIELD(struct return_line, received, T_returns_received),
	FIELD(struct return_line, good, T_returns_good),
	FIELD(struct return_line, second, T_returns_second),
	FIELD(struct return_line, scrap, T_returns_scrap),
	FIELD(struct return_line, missing, T_returns_missing),
	FIELD(struct return_line, amount, T_returns_amount),
	FIELD(struct return_line, reason, T_returns_reason),
	FIELD_END,
};

#define ROW(S, at)                                                                                                     \
	FIELD_AS(S, at id, "id", T_none), FIELD_AS(S, at version, "version", T_none),                                  \
		FIELD_AS(S, at number, "number", T_returns_number), FIELD_AS(S, at kind, "kind", T_returns_kind),      \
		FIELD_AS(S, at state, "state", T_returns_state), FIELD_AS(S, at note, "note", T_returns_note),         \
		FIELD_AS(S, at value, "value", T_returns_value),                                                       \
		FIELD_AS(S, at credited, "credited", T_returns_credited),                                              \
		FIELD_AS(S, at late, "late", T_returns_is_late),                                                       \
		FIELD_AS(S, at settlement, "settlement", T_returns_settlement),                                        \
		FIELD_AS(S, at fate, "fate", T_returns_fate),                                                          \
		FIELD_AS(S, at missing_value, "missing_value", T_returns_missing_value),                               \
		FIELD_AS(S, at created_at, "created_at", T_returns_created_at),                                        \
		FIELD_AS(S, at approved_at, "approved_at", T_returns_approved_at),                                     \
		FIELD_AS(S, at settled_at, "settled_at", T_returns_settled_at),                                        \
		FIELD_AS(S, at closed_at, "closed_at", T_returns_closed_at)

const struct field goods_return_fields[] = {
	ROW(struct goods_return, ),
	FIELD(struct goods_return, customer_id, T_none),
	FIELD(struct goods_return, order_id, T_none),
	FIELD(struct goods_return, shipment_id, T_none),
	FIELD(struct goods_return, replacement_id, T_none),
	FIELD(struct goods_return, created_by, T_none),
	FIELD_END,
};

const struct field return_view_fields[] = {
	ROW(struct return_view, g.),
	FIELD_AS(struct return_view, g.order_id, "order", T_returns_order),
	FIELD(struct return_view, order_number, T_returns_order),
	FIELD(struct return_view, customer, T_returns_customer),
	FIELD(struct return_view, customer_name, T_returns_customer),
	FIELD_AS(struct return_view, g.shipment_id, "shipment", T_returns_shipment),
	FIELD_LIST(struct return_view, lines, return_line_fields, T_returns_lines),
	FIELD_LIST(struct return_view, replacement, return_wish_fields, T_returns_replacement),
	FIELD_AS(struct return_view, g.replacement_id, "replacement_order", T_returns_replacement_order),
	FIELD(struct return_view, replacement_number, T_returns_replacement_order),
	FIELD(struct return_view, replacement_total, T_returns_replacement_total),
	FIELD(struct return_view, difference, T_returns_difference),
	FIELD_JSON(struct return_view, actions, T_returns_actions),
	FIELD_END,
};

const struct field return_item_fields[] = {
	FIELD(struct return_item, id, T_none),
	FIELD(struct return_item, version, T_none),
	FIELD(struct return_item, number, T_returns_number),
	FIELD(struct return_item, state, T_returns_state),
	FIELD(struct return_item, kind, T_returns_kind),
	FIELD(struct return_item, customer, T_returns_customer),
	FIELD(struct return_item, customer_name, T_returns_customer),
	FIELD(struct return_item, order, T_returns_order),
	FIELD(struct return_item, order_number, T_returns_order),
	FIELD(struct return_item, value, T_returns_value),
	FIELD(struct return_item, lines_n, T_returns_lines),
	FIELD(struct return_item, created_at, T_returns_created_at),
	FIELD_END,
};

const struct field left_from_fields[] = {
	FIELD(struct left_from, order_id, T_none),
	FIELD(struct left_from, line, T_none),
	FIELD(struct left_from, warehouse, T_none),
	FIELD(struct left_from, location, T_none),
	FIELD(struct left_from, lot, T_none),
	FIELD(struct left_from, expires, T_none),
	FIELD_END,
};

const struct field asked_before_fields[] = {
	FIELD(struct asked_before, line, T_none),
	FIELD(struct asked_before, quantity, T_none),
	FIELD_END,
};

/* ---- one return as it is shown ---- */

/* What is sent instead, less what is credited: below zero the customer gets something back. */
static bool add_replacement(struct ctx *c, struct return_view *v)
{
	struct order o;
	struct money back = money_is(v->g.credited) ? v->g.credited : v->g.value;

	if (v->g.replacement_id <= 0)
		return true;
	if (!order_get(c, v->g.replacement_id, &o))
		return false;
	v->replacement_number = o.number;
	v->replacement_total = o.total;
	return money_sub(&v->difference, o.total, back) || fail(c, E_INVALID, T_err_range);
}

static bool can(const struct return_view *v, const char *action)
{
	return strstr(v->actions, action) != NULL;
}

bool return_view_make(struct ctx *c, int64_t id, struct return_view *v)
{
	struct customer who;
	struct order o;

	*v = (struct return_view){ .replacement_total = MONEY_NONE, .difference = MONEY_NONE };
	if (!return_get(c, id, &v->g) || !return_lines(c, id, &v->lines, &v->lines_len) ||
		!return_wish_list(c, id, &v->replacement, &v->replacement_len) ||
		!customer_get(c, v->g.customer_id, &who) || !order_get(c, v->g.order_id, &o) || !add_replacement(c, v))
		return false;
	v->customer = who.code;
	v->customer_name = who.name;
	v->order_number = o.number;
	v->actions = return_actions(c, &v->g);
	v->can_approve = can(v, "\"approve\"");
	v->can_reject = can(v, "\"reject\"");
	v->can_cancel = can(v, "\"cancel\"");
	v->can_miss = can(v, "\"missing\"");
	v->can_receive = can(v, "\"receive\"");
	v->can_inspect = can(v, "\"inspect\"");
	v->can_settle = can(v, "\"settle\"");
	v->can_close = can(v, "\"close\"");
	return true;
}
