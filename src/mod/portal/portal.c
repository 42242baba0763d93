/* portal: what a customer sees of its order, and a driver of his load. */
#include "mod/portal/portal_int.h"

#include "gen/care_sql.h"
#include "gen/portal_sql.h"
#include "gen/ship_sql.h"
#include "mod/care/care_int.h"
#include "mod/customer/customer.h"

#include <string.h>

const struct field portal_line_fields[] = {
	FIELD(struct portal_line, line, T_portal_line),
	FIELD(struct portal_line, name, T_portal_name),
	FIELD(struct portal_line, quantity, T_portal_quantity),
	FIELD(struct portal_line, unit, T_portal_unit),
	FIELD(struct portal_line, amount, T_portal_amount),
	FIELD_END,
};

const struct field portal_event_fields[] = {
	FIELD(struct portal_event, at, T_portal_at),
	FIELD(struct portal_event, state, T_portal_state),
	FIELD(struct portal_event, place, T_portal_place),
	FIELD(struct portal_event, text, T_portal_text),
	FIELD_END,
};

const struct field portal_goods_fields[] = {
	FIELD(struct portal_goods, line, T_portal_line),
	FIELD(struct portal_goods, name, T_portal_name),
	FIELD(struct portal_goods, quantity, T_portal_quantity),
	FIELD(struct portal_goods, unit, T_portal_unit),
	FIELD(struct portal_goods, received, T_portal_received),
	FIELD(struct portal_goods, refused, T_portal_refused),
	FIELD_END,
};

const struct field portal_shipment_fields[] = {
	FIELD_AS(struct portal_shipment, id, "shipment", T_portal_shipment),
	FIELD(struct portal_shipment, version, T_none),
	FIELD(struct portal_shipment, number, T_portal_shipment),
	FIELD(struct portal_shipment, state, T_portal_state),
	FIELD(struct portal_shipment, carrier, T_portal_carrier),
	FIELD(struct portal_shipment, tracking_number, T_portal_tracking_number),
	FIELD(struct portal_shipment, track_state, T_portal_state),
	FIELD(struct portal_shipment, promised_on, T_portal_promised),
	FIELD(struct portal_shipment, dispatched_at, T_portal_at),
	FIELD(struct portal_shipment, receipt_at, T_portal_at),
	FIELD_LIST(struct portal_shipment, lines, portal_goods_fields, T_portal_goods),
	FIELD_LIST(struct portal_shipment, events, portal_event_fields, T_portal_tracking),
	FIELD_END,
};

const struct field portal_case_fields[] = {
	FIELD(struct portal_case, number, T_portal_number),
	FIELD(struct portal_case, summary, T_portal_problem),
	FIELD(struct portal_case, state, T_portal_state),
	FIELD_END,
};

const struct field portal_page_fields[] = {
	FIELD(struct portal_page, company, T_portal_company),
	FIELD(struct portal_page, number, T_portal_number),
	FIELD(struct portal_page, state, T_portal_state),
	FIELD(struct portal_page, delivery_date, T_portal_promised),
	FIELD(struct portal_page, total, T_portal_total),
	FIELD_LIST(struct portal_page, lines, portal_line_fields, T_portal_goods),
	FIELD_LIST(struct portal_page, shipments, portal_shipment_fields, T_portal_shipments),
	FIELD_LIST(struct portal_page, cases, portal_case_fields, T_portal_problems),
	FIELD(struct portal_page, may_rate, T_portal_may_rate),
	FIELD(struct portal_page, rated, T_portal_rated),
	FIELD(struct portal_page, score, T_portal_score),
	FIELD_END,
};

const struct field driver_page_fields[] = {
	FIELD(struct driver_page, number, T_portal_shipment),
	FIELD(struct driver_page, version, T_none),
	FIELD(struct driver_page, state, T_portal_state),
	FIELD(struct driver_page, customer_name, T_portal_customer),
	FIELD(struct driver_page, phone, T_portal_phone),
	FIELD(struct driver_page, address, T_portal_address),
	FIELD(struct driver_page, remarks, T_portal_remarks),
	FIELD(struct driver_page, window, T_portal_window),
	FIELD(struct driver_page, delivery_date, T_portal_promised),
	FIELD(struct driver_page, packages, T_portal_packages),
	FIELD_LIST(struct driver_page, lines, portal_goods_fields, T_portal_goods),
	FIELD_LIST(struct driver_page, events, portal_event_fields, T_portal_tracking),
	FIELD_END,
};

const struct field portal_made_fields[] = {
	FIELD(struct portal_made, url, T_portal_url),
	FIELD(struct portal_made, path, T_portal_url),
	FIELD(struct portal_made, order, T_portal_number),
	FIELD(struct portal_made, number, T_portal_number),
	FIELD_END,
};

const struct field portal_ids_fields[] = {
	FIELD(struct portal_ids, id, T_none),
	FIELD_END,
};

/* ---- goods and events ---- */

static void goods_of(
	struct ctx *c, const struct shipment_line *lines, size_t len, struct portal_goods **out, size_t *out_len)
{
	*out = ARENA_ARRAY(c->arena, len, struct portal_goods);
	*out_len = len;
	for (size_t i = 0; i < len; i++)
		(*out)[i] = (struct portal_goods){ lines[i].line, lines[i].name, lines[i].unit, lines[i].quantity,
			lines[i].received, lines[i].refused };
}

static bool events_of(struct ctx *c, int64_t shipment_id, struct portal_event **out, size_t *len)
{
	struct tracking *all;

	if (!tracking_list(c, shipment_id, &all, len))
		return false;
	*out = ARENA_ARRAY(c->arena, *len, struct portal_event);
	for (size_t i = 0; i < *len; i++)
		(*out)[i] = (struct portal_event){ all[i].at, all[i].state, all[i].place, all[i].text };
	return true;
}

/* ---- the customer's page ---- */

static void lines_of(struct ctx *c, const struct order *o, struct portal_page *p)
{
	p->lines = ARENA_ARRAY(c->arena, o->lines_len, struct portal_line);
	p->lines_len = o->lines_len;
	for (size_t i = 0; i < o->lines_len; i++)
		p->lines[i] = (struct portal_line){ o->lines[i].line, o->lines[i].name,
			qty_str(c->arena, o->lines[i].quantity), o->lines[i].unit, o->lines[i].amount };
}

static bool shipment_of(struct ctx *c, int64_t id, struct portal_shipment *out)
{
	struct shipment_line *lines;
	struct carrier k;
	struct shipment s;
	bool found = false;
	size_t len;

	if (!ship_get(c, id, &s) || !ship_lines(c, id, &lines, &len) ||
		(s.carrier != NULL && !carrier_find(c, s.carrier, &k, &found)))
		return false;
	*out = (struct portal_shipment){ .id = s.id,
		.version = s.version,
		.number = s.number,
		.state = s.state,
		.carrier = found ? k.name : s.carrier,
		.tracking_number = s.tracking_number,
		.track_state = s.track_state,
		.promised_on = s.promised_on,
		.dispatched_at = s.dispatched_at,
		.receipt_at = s.receipt_at,
		.to_sign = ship_is(&s, DISPATCHED),
		.on_road = ship_is(&s, DISPATCHED) && s.track_state != NULL };
	goods_of(c, lines, len, &out->lines, &out->lines_len);
	return events_of(c, id, &out->events, &out->events_len);
}

static bool shipments_of(struct ctx *c, int64_t order_id, struct portal_page *p)
{
	struct portal_ids *ids;

	if (!portal_shipments(c, order_id, &ids, &p->shipments_len))
		return false;
	p->shipments = ARENA_ARRAY(c->arena, p->shipments_len, struct portal_shipment);
	for (size_t i = 0; i < p->shipments_len; i++)
		if (!shipment_of(c, ids[i].id, &p->shipments[i]))
			return false;
	return true;
}

static bool satisfaction(struct ctx *c, const struct order *o, struct portal_page *p)
{
	struct follow_up_item f;
	bool found;

	if (!follow_up_one(c, o->id, &f, &found))
		return false;
	p->rated = found && strcmp(f.state, "answered") == 0;
	p->score = p->rated ? f.score : INT64_MIN;
	p->comment = p->rated ? f.comment : NULL;
	p->may_rate = strcmp(o->state, "delivered") == 0 || strcmp(o->state, "completed") == 0;
	return true;
}

bool portal_make(struct ctx *c, int64_t order_id, const char *token, struct portal_page *p)
{
	struct customer who;
	struct order o;

	*p = (struct portal_page){ .token = token, .score = INT64_MIN };
	if (!order_get_full(c, order_id, &o) || !customer_get(c, o.customer_id, &who) ||
		!shipments_of(c, order_id, p) || !portal_cases(c, order_id, &p->cases, &p->cases_len) ||
		!satisfaction(c, &o, p))
		return false;
	p->company = setting_str(c, "company.name");
	p->company_phone = setting_str(c, "company.phone");
	p->number = o.number;
	p->state = o.state;
	p->state_text = order_state_text(c, o.state);
	p->customer_name = who.name;
	p->delivery_date = o.delivery_date;
	p->total = o.total;
	p->may_report = o.decision == D_APPROVED || o.decision == D_COMPLETED;
	lines_of(c, &o, p);
	return true;
}
