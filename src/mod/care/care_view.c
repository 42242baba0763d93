/* care_view: what comes in and what is answered about cases. */
#include "mod/care/care_int.h"

#include "gen/care_sql.h"
#include "mod/customer/customer.h"
#include "mod/ship/ship.h"

#include <string.h>

const struct field case_in_fields[] = {
	FIELD_ENUM(struct case_in, origin, T_care_origin, case_origins),
	FIELD(struct case_in, order, T_care_order, .flags = F_REQUIRED | F_POSITIVE),
	FIELD(struct case_in, shipment, T_care_shipment, .flags = F_POSITIVE),
	FIELD(struct case_in, line, T_care_line, .flags = F_POSITIVE, .max = 2000),
	FIELD(struct case_in, lot, T_care_lot, .max = 64),
	FIELD_ENUM(struct case_in, kind, T_care_kind, case_kinds),
	FIELD(struct case_in, summary, T_care_summary, .flags = F_REQUIRED, .max = 200),
	FIELD(struct case_in, detail, T_care_detail, .max = 2000, .flags = F_LINES),
	FIELD(struct case_in, wish, T_care_wish, .max = 200),
	FIELD_END,
};

const struct field assign_fields[] = {
	FIELD(struct assign_in, owner, T_care_owner, .max = 64),
	FIELD_END,
};

static const struct field line_in_fields[] = {
	FIELD(struct return_line_in, order, T_care_order, .flags = F_POSITIVE),
	FIELD(struct return_line_in, line, T_care_line, .flags = F_REQUIRED | F_POSITIVE, .max = 2000),
	FIELD(struct return_line_in, quantity, T_care_quantity, .flags = F_REQUIRED | F_POSITIVE, .max = QTY_MAX),
	FIELD(struct return_line_in, unit, T_care_unit, .max = 16),
	FIELD(struct return_line_in, reason, T_care_reason, .flags = F_REQUIRED, .max = 200),
	FIELD_END,
};
static const struct field wish_in_fields[] = {
	FIELD(struct return_wish, sku, T_care_sku, .flags = F_REQUIRED, .max = 64),
	FIELD(struct return_wish, quantity, T_care_quantity, .flags = F_REQUIRED | F_POSITIVE, .max = QTY_MAX),
	FIELD(struct return_wish, unit, T_care_unit, .max = 16),
	FIELD(struct return_wish, price, T_care_price, .flags = F_UNSIGNED, .max = PRICE_MAX),
	FIELD_END,
};
const struct field propose_fields[] = {
	FIELD_ENUM(struct propose_in, decision, T_care_decision, case_decisions),
	FIELD(struct propose_in, amount, T_care_amount, .flags = F_UNSIGNED, .max = MONEY_MAX),
	FIELD(struct propose_in, note, T_care_note, .max = 500, .flags = F_LINES),
	FIELD(struct propose_in, cause, T_care_cause, .max = 80),
	FIELD(struct propose_in, cost, T_care_cost, .flags = F_UNSIGNED, .max = MONEY_MAX),
	FIELD_LIST(struct propose_in, lines, line_in_fields, T_care_lines, .max = 500),
	FIELD_LIST(struct propose_in, replacement, wish_in_fields, T_care_replacement, .max = 200),
	FIELD_END,
};

const struct field case_word_fields[] = {
	FIELD(struct case_note_in, note, T_care_note, .max = 500),
	FIELD_END,
};

#define ROW(S, at)                                                                                                     \
	FIELD_AS(S, at id, "id", T_none), FIELD_AS(S, at version, "version", T_none),                                  \
		FIELD_AS(S, at number, "number", T_care_number), FIELD_AS(S, at state, "state", T_care_state),         \
		FIELD_AS(S, at kind, "kind", T_care_kind), FIELD_AS(S, at origin, "origin", T_care_origin),            \
		FIELD_AS(S, at line, "line", T_care_line), FIELD_AS(S, at lot, "lot", T_care_lot),                     \
		FIELD_AS(S, at summary, "summary", T_care_summary), FIELD_AS(S, at detail, "detail", T_care_detail),   \
		FIELD_AS(S, at wish, "wish", T_care_wish), FIELD_AS(S, at source, "source", T_care_source),            \
		FIELD_AS(S, at due_at, "due_at", T_care_due_at),                                                       \
		FIELD_AS(S, at escalated, "escalated", T_care_escalated),                                              \
		FIELD_AS(S, at cause, "cause", T_care_cause), FIELD_AS(S, at cost, "cost", T_care_cost),               \
		FIELD_AS(S, at decision, "decision", T_care_decision),                                                 \
		FIELD_AS(S, at amount, "amount", T_care_amount),                                                       \
		FIELD_AS(S, at decision_note, "decision_note", T_care_note),                                           \
		FIELD_AS(S, at opened_at, "opened_at", T_care_opened_at),                                              \
		FIELD_AS(S, at resolved_at, "resolved_at", T_care_resolved_at),                                        \
		FIELD_AS(S, at closed_at, "closed_at", T_care_closed_at)

const struct field care_case_fields[] = {
	ROW(struct care_case, ),
	FIELD(struct care_case, order_id, T_none),
	FIELD(struct care_case, shipment_id, T_none),
	FIELD(struct care_case, product_id, T_none),
	FIELD(struct care_case, customer_id, T_none),
	FIELD(struct care_case, owner_id, T_none),
	FIELD(struct care_case, decided_by, T_none),
	FIELD(struct care_case, return_id, T_none),
	FIELD(struct care_case, new_order_id, T_none),
	FIELD(struct care_case, opened_by, T_none),
	FIELD_END,
};

const struct field case_note_fields[] = {
	FIELD(struct case_note, at, T_care_at),
	FIELD(struct case_note, actor, T_care_who),
	FIELD(struct case_note, kind, T_care_what),
	FIELD(struct case_note, to_state, T_care_state),
	FIELD(struct case_note, note, T_care_note),
	FIELD_END,
};

const struct field case_view_fields[] = {
	ROW(struct case_view, k.),
	FIELD_AS(struct case_view, k.order_id, "order", T_care_order),
	FIELD(struct case_view, order_number, T_care_order),
	FIELD_AS(struct case_view, k.shipment_id, "shipment", T_care_shipment),
	FIELD(struct case_view, shipment_number, T_care_shipment),
	FIELD(struct case_view, line_name, T_care_line),
	FIELD(struct case_view, customer, T_care_customer),
	FIELD(struct case_view, customer_name, T_care_customer),
	FIELD(struct case_view, owner, T_care_owner),
	FIELD_AS(struct case_view, k.return_id, "return", T_care_return),
	FIELD(struct case_view, return_number, T_care_return),
	FIELD_AS(struct case_view, k.new_order_id, "new_order", T_care_new_order),
	FIELD_LIST(struct case_view, files, file_fields, T_care_files),
	FIELD_LIST(struct case_view, notes, case_note_fields, T_care_notes),
	FIELD_JSON(struct case_view, actions, T_care_actions),
	FIELD_END,
};

const struct field case_item_fields[] = {
	FIELD(struct case_item, id, T_none),
	FIELD(struct case_item, version, T_none),
	FIELD(struct case_item, number, T_care_number),
	FIELD(struct case_item, state, T_care_state),
	FIELD(struct case_item, kind, T_care_kind),
	FIELD(struct case_item, summary, T_care_summary),
	FIELD(struct case_item, customer, T_care_customer),
	FIELD(struct case_item, customer_name, T_care_customer),
	FIELD(struct case_item, order, T_care_order),
	FIELD(struct case_item, order_number, T_care_order),
	FIELD(struct case_item, owner, T_care_owner),
	FIELD(struct case_item, escalated, T_care_escalated),
	FIELD(struct case_item, due_at, T_care_due_at),
	FIELD(struct case_item, opened_at, T_care_opened_at),
	FIELD_END,
};

const struct field case_cause_fields[] = {
	FIELD(struct case_cause, what, T_care_cause),
	FIELD(struct case_cause, n, T_care_cases_n),
	FIELD(struct case_cause, cost, T_care_cost),
	FIELD(struct case_cause, percent, T_care_percent),
	FIELD_END,
};

/* ---- one case as it is shown ---- */

static bool names_of(struct ctx *c, struct case_view *v)
{
	struct customer who;
	struct order o;
	struct shipment s;
	struct goods_return g;

	if (!customer_get(c, v->k.customer_id, &who) || !order_get_full(c, v->k.order_id, &o))
		return false;
	v->customer = who.code;
	v->customer_name = who.name;
	v->customer_phone = who.phone;
	v->order_number = o.number;
	v->lines = o.lines;
	v->lines_len = o.lines_len;
	for (size_t i = 0; i < o.lines_len; i++)
		if (o.lines[i].line == v->k.line)
			v->line_name = o.lines[i].name;
	if (v->k.shipment_id > 0 && !ship_get(c, v->k.shipment_id, &s))
		return false;
	v->shipment_number = v->k.shipment_id > 0 ? s.number : NULL;
	if (v->k.return_id > 0 && !return_get(c, v->k.return_id, &g))
		return false;
	v->return_number = v->k.return_id > 0 ? g.number : NULL;
	if (v->k.new_order_id > 0 && !order_get(c, v->k.new_order_id, &o))
		return false;
	v->new_order_number = v->k.new_order_id > 0 ? o.number : NULL;
	return v->k.owner_id <= 0 || case_user_name(c, v->k.owner_id, &v->owner);
}

/* The reason out of an event's data, as people wrote it. */
static void read_notes(struct ctx *c, struct case_view *v)
{
	for (size_t i = 0; i < v->notes_len; i++) {
		struct case_note *n = &v->notes[i];
		json_t *data = n->note != NULL ? json_loads(n->note, 0, NULL) : NULL;
		const char *reason = json_string_value(json_object_get(data, "reason"));

		n->note = reason != NULL ? arena_strdup(c->arena, reason) : NULL;
		n->text = text_get(c->lang, text_find(arena_printf(c->arena, "event.%s", n->kind)));
		json_decref(data);
	}
}

static bool can(const struct case_view *v, const char *action)
{
	return strstr(v->actions, action) != NULL;
}

bool case_view_make(struct ctx *c, int64_t id, struct case_view *v)
{
	*v = (struct case_view){ 0 };
	if (!case_by_id(c, id, &v->k) || !names_of(c, v) || !file_list(c, "case", id, &v->files, &v->files_len) ||
		!case_notes(c, v->k.order_id, id, &v->notes, &v->notes_len))
		return false;
	read_notes(c, v);
	v->actions = case_actions(c, &v->k);
	v->can_assign = can(v, "\"assign\"");
	v->can_propose = can(v, "\"propose\"");
	v->can_resolve = can(v, "\"resolve\"");
	v->can_close = can(v, "\"close\"");
	v->can_reopen = can(v, "\"reopen\"");
	v->may_add = strcmp(v->k.state, "closed") != 0 && may(c, RIGHT_case_edit);
	return true;
}
