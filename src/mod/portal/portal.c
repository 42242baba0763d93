/* portal: what a customer sees of its order, and a driver of his load. */
#include "mod/portal/portal_int.h"

#include "gen/care_sql.h"
#include "gen/portal_sql.h"
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
	FIELD(struct portal_event, shipment_id, T_none, .flags = F_HIDDEN),
	FIELD(struct portal_event, at, T_portal_at),
	FIELD(struct portal_event, state, T_portal_state),
	FIELD(struct portal_event, place, T_portal_place),
	FIELD(struct portal_event, text, T_portal_text),
	FIELD_END,
};

const struct field portal_goods_fields[] = {
	FIELD(struct portal_goods, shipment_id, T_none, .flags = F_HIDDEN),
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
	FIELD(struct portal_page, may_report, T_portal_may_report),
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
	FIELD_LIST(struct driver_page, crates, crate_held_fields, T_crate_held),
	FIELD_END,
};

const struct field portal_made_fields[] = {
	FIELD(struct portal_made, url, T_portal_url),
	FIELD(struct portal_made, path, T_portal_url),
	FIELD(struct portal_made, order, T_portal_number),
	FIELD(struct portal_made, number, T_portal_number),
	FIELD_END,
};

/* ---- the customer's page ---- */

static void lines_of(struct ctx *c, const struct order *o, struct portal_page *p)
{
	p->lines = ARENA_ARRAY(c->arena, o->lines_len, struct portal_line);
	p->lines_len = o->lines_len;
	for (size_t i = 0; i < o->lines_len; i++)
		p->lines[i] = (struct portal_line){ o->lines[i].line, o->lines[i].name,
			qty_str(c->arena, o->lines[i].quantity), o->lines[i].unit, o->lines[i].amount };
}

/* Both lists come in the order of the shipments; each is given its own part of them. */
static void share_out(struct portal_page *p, struct portal_goods *goods, size_t goods_len, struct portal_event *events,
	size_t events_len)
{
	size_t g = 0, e = 0;

	for (size_t i = 0; i < p->shipments_len; i++) {
		struct portal_shipment *s = &p->shipments[i];

		s->to_sign = strcmp(s->state, DISPATCHED) == 0;
		s->on_road = s->to_sign && s->track_state != NULL;
		s->lines = goods + g;
		while (g < goods_len && goods[g].shipment_id == s->id)
			g++, s->lines_len++;
		s->events = events + e;
		while (e < events_len && events[e].shipment_id == s->id)
			e++, s->events_len++;
	}
}

static bool shipments_of(struct ctx *c, int64_t order_id, struct portal_page *p)
{
	struct portal_goods *goods;
	struct portal_event *events;
	size_t goods_len, events_len;
	int64_t *ids;

	if (!portal_shipments(c, order_id, &p->shipments, &p->shipments_len))
		return false;
	ids = ARENA_ARRAY(c->arena, p->shipments_len + 1, int64_t);
	for (size_t i = 0; i < p->shipments_len; i++)
		ids[i] = p->shipments[i].id;
	if (!portal_goods_list(c, (struct i64s){ ids, p->shipments_len }, &goods, &goods_len) ||
		!portal_event_list(c, (struct i64s){ ids, p->shipments_len }, &events, &events_len))
		return false;
	share_out(p, goods, goods_len, events, events_len);
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

bool portal_may_report(struct ctx *c, const struct order *o)
{
	return o->decision == D_APPROVED || (o->decision == D_COMPLETED && order_in_window(c, o));
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
	p->may_report = portal_may_report(c, &o);
	lines_of(c, &o, p);
	return true;
}

/* ---- the driver's page ---- */

/* Who gets what and where: known for as long as it has to be brought there. */
static bool load_of(struct ctx *c, const struct shipment *s, struct driver_page *p)
{
	struct i64s one = { &s->id, 1 };
	struct customer who;
	struct order o;

	if (!order_get(c, s->order_id, &o) || !customer_get(c, s->customer_id, &who) ||
		!portal_goods_list(c, one, &p->lines, &p->lines_len) ||
		!portal_event_list(c, one, &p->events, &p->events_len) || !portal_packages(c, s->id, &p->packages) ||
		!crate_held(c, s->customer_id, &p->crates, &p->crates_len))
		return false;
	p->customer_name = who.name;
	p->phone = who.phone;
	p->address = o.address != NULL ? o.address : who.address;
	p->remarks = o.remarks;
	p->window = who.delivery_window;
	p->delivery_date = o.delivery_date;
	return true;
}

bool driver_make(struct ctx *c, int64_t shipment_id, const char *token, struct driver_page *p)
{
	struct shipment s;

	fields_clear(driver_page_fields, p);
	if (!ship_get(c, shipment_id, &s))
		return false;
	p->company = setting_str(c, "company.name");
	p->company_phone = setting_str(c, "company.phone");
	p->number = s.number;
	p->state = s.state;
	p->token = token;
	p->version = s.version;
	p->under_way = ship_is(&s, DISPATCHED);
	p->done = ship_is(&s, DELIVERED);
	p->open = !p->done;
	return p->done || load_of(c, &s, p);
}
