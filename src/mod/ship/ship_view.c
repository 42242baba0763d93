/* ship_view: a shipment as it is answered and shown. */
#include "mod/ship/ship_int.h"

#include "gen/ship_sql.h"
#include "mod/customer/customer.h"

const struct field package_line_fields[] = {
	FIELD(struct package_line, package_id, T_none, .flags = F_HIDDEN),
	FIELD(struct package_line, line, T_ship_line),
	FIELD(struct package_line, name, T_ship_name),
	FIELD(struct package_line, quantity, T_ship_quantity),
	FIELD(struct package_line, unit, T_ship_unit),
	FIELD_END,
};

const struct field package_fields[] = {
	FIELD(struct package, package, T_ship_package_id),
	FIELD(struct package, no, T_ship_package),
	FIELD(struct package, sscc, T_ship_sscc),
	FIELD(struct package, weight_kg, T_ship_weight),
	FIELD_LIST(struct package, lines, package_line_fields, T_ship_lines),
	FIELD_END,
};

const struct field tracking_fields[] = {
	FIELD(struct tracking, id, T_ship_tracking_id),
	FIELD(struct tracking, shipment_id, T_none, .flags = F_HIDDEN),
	FIELD(struct tracking, state, T_ship_track_state),
	FIELD(struct tracking, at, T_ship_track_at),
	FIELD(struct tracking, place, T_ship_track_place),
	FIELD(struct tracking, text, T_ship_track_text),
	FIELD(struct tracking, source, T_ship_track_source),
	FIELD(struct tracking, recorded_at, T_ship_recorded_at),
	FIELD(struct tracking, actor_id, T_none, .flags = F_HIDDEN),
	FIELD_END,
};

const struct field receipt_file_fields[] = {
	FIELD(struct receipt_file, id, T_none),
	FIELD(struct receipt_file, shipment_id, T_none, .flags = F_HIDDEN),
	FIELD(struct receipt_file, name, T_ship_file_name),
	FIELD(struct receipt_file, type, T_none),
	FIELD(struct receipt_file, at, T_ship_receipt_at),
	FIELD_END,
};

const struct field receipt_content_fields[] = {
	FIELD(struct receipt_content, name, T_none),
	FIELD(struct receipt_content, type, T_none),
	FIELD(struct receipt_content, content, T_none),
	FIELD_END,
};

const struct field ship_view_fields[] = {
	FIELD(struct ship_view, id, T_none),
	FIELD(struct ship_view, version, T_none),
	FIELD(struct ship_view, state, T_ship_state),
	FIELD(struct ship_view, number, T_ship_number),
	FIELD(struct ship_view, order, T_ship_order),
	FIELD(struct ship_view, order_number, T_ship_order_number),
	FIELD(struct ship_view, order_state, T_ship_order_state),
	FIELD(struct ship_view, customer, T_ship_customer),
	FIELD(struct ship_view, customer_name, T_ship_customer_name),
	FIELD(struct ship_view, customer_phone, T_ship_customer_phone),
	FIELD(struct ship_view, address, T_ship_address),
	FIELD(struct ship_view, delivery_date, T_ship_delivery_date),
	FIELD_LIST(struct ship_view, lines, shipment_line_fields, T_ship_lines),
	FIELD_LIST(struct ship_view, packages, package_fields, T_ship_packages),
	FIELD_LIST(struct ship_view, crates, crate_load_fields, T_crate_load),
	FIELD(struct ship_view, carrier, T_ship_carrier),
	FIELD(struct ship_view, carrier_name, T_ship_carrier_name),
	FIELD(struct ship_view, service, T_ship_service),
	FIELD(struct ship_view, tracking_number, T_ship_tracking_number),
	FIELD(struct ship_view, driver, T_ship_driver),
	FIELD(struct ship_view, amount, T_ship_amount),
	FIELD(struct ship_view, less, T_ship_less),
	FIELD(struct ship_view, created_at, T_ship_created_at),
	FIELD(struct ship_view, dispatched_at, T_ship_dispatched_at),
	FIELD(struct ship_view, promised_on, T_ship_promised_on),
	FIELD(struct ship_view, track_state, T_ship_track_state),
	FIELD_LIST(struct ship_view, tracking, tracking_fields, T_ship_tracking),
	FIELD(struct ship_view, receipt_signer, T_ship_signer),
	FIELD(struct ship_view, receipt_at, T_ship_receipt_at),
	FIELD(struct ship_view, receipt_note, T_ship_receipt_note),
	FIELD_LIST(struct ship_view, files, receipt_file_fields, T_ship_files),
	FIELD(struct ship_view, prints, T_ship_prints),
	FIELD_JSON(struct ship_view, actions, T_ship_actions),
	FIELD_END,
};

const struct field ship_item_fields[] = {
	FIELD(struct ship_item, id, T_none),
	FIELD(struct ship_item, version, T_none),
	FIELD(struct ship_item, number, T_ship_number),
	FIELD(struct ship_item, state, T_ship_state),
	FIELD(struct ship_item, order, T_ship_order),
	FIELD(struct ship_item, order_number, T_ship_order_number),
	FIELD(struct ship_item, customer, T_ship_customer),
	FIELD(struct ship_item, customer_name, T_ship_customer_name),
	FIELD(struct ship_item, carrier, T_ship_carrier),
	FIELD(struct ship_item, tracking_number, T_ship_tracking_number),
	FIELD(struct ship_item, track_state, T_ship_track_state),
	FIELD(struct ship_item, delivery_date, T_ship_delivery_date),
	FIELD(struct ship_item, packages_n, T_ship_packages_count),
	FIELD(struct ship_item, lines_n, T_ship_lines_count),
	FIELD(struct ship_item, created_at, T_ship_created_at),
	FIELD(struct ship_item, dispatched_at, T_ship_dispatched_at),
	FIELD_END,
};

/* ---- which moves there are ---- */

bool ship_packed_whole(const struct shipment_line *lines, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (qty_cmp(lines[i].packed, lines[i].quantity) != 0)
			return false;
	return true;
}

static bool undo_in_time(struct ctx *c, const struct shipment *s)
{
	return s->track_state == NULL && date_of(s->dispatched_at, zone_s(c)).day == today(c).day;
}

static const char *actions_json(struct ctx *c, const struct shipment *s, const struct ship_view *v)
{
	bool packing = ship_is(s, PACKING), gone = ship_is(s, DISPATCHED),
	     whole = ship_packed_whole(v->lines, v->lines_len);
	const struct {
		const char *name;
		bool now;
		enum right right;
	} moves[] = {
		{ "pack", packing && !whole, RIGHT_ship },
		{ "unpack", packing && v->packages_len > 0, RIGHT_ship },
		{ "dispatch", packing && whole, RIGHT_ship },
		{ "undo", gone && undo_in_time(c, s), RIGHT_ship },
		{ "track", !packing, RIGHT_track },
		{ "receipt", gone, RIGHT_receipt },
	};
	struct buf b;
	struct json j;

	buf_init(&b, c->arena);
	json_start(&j, &b);
	json_arr(&j, NULL);
	for (size_t i = 0; i < ARRAY_LEN(moves); i++)
		if (moves[i].now && may(c, moves[i].right))
			json_str(&j, NULL, moves[i].name);
	json_end_arr(&j);
	return buf_cstr(&b);
}

/* ---- what it holds ---- */

/* Both lists come in the order of the packages, so each one's lines are a run of the whole. */
static bool packages_with_lines(struct ctx *c, int64_t id, struct ship_view *v)
{
	struct package_line *all;
	size_t len, at = 0;

	if (!package_list(c, id, &v->packages, &v->packages_len) || !package_line_list(c, id, &all, &len))
		return false;
	for (size_t i = 0; i < v->packages_len; i++) {
		struct package *p = &v->packages[i];

		p->lines = &all[at];
		p->lines_len = 0;
		for (; at < len && all[at].package_id == p->package; at++)
			p->lines_len++;
	}
	return true;
}

static bool carrier_of(struct ctx *c, struct ship_view *v)
{
	struct carrier k;
	bool found;

	v->carrier_name = v->carrier;
	if (v->carrier == NULL)
		return true;
	if (!carrier_find(c, v->carrier, &k, &found))
		return false;
	v->carrier_name = found ? k.name : v->carrier;
	return true;
}

bool ship_view_make(struct ctx *c, const struct shipment *s, struct ship_view *v)
{
	struct customer who;
	struct order o;

	if (!order_get(c, s->order_id, &o) || !customer_get(c, s->customer_id, &who))
		return false;
	*v = (struct ship_view){ .id = s->id,
		.version = s->version,
		.state = s->state,
		.number = s->number,
		.order = s->order_id,
		.order_number = o.number,
		.order_state = o.state,
		.customer = who.code,
		.customer_name = who.name,
		.customer_phone = who.phone,
		.address = o.address,
		.delivery_date = o.delivery_date,
		.carrier = s->carrier,
		.service = s->service,
		.tracking_number = s->tracking_number,
		.driver = s->driver,
		.amount = s->amount,
		.less = s->less,
		.created_at = s->created_at,
		.dispatched_at = s->dispatched_at,
		.promised_on = s->promised_on,
		.track_state = s->track_state,
		.receipt_signer = s->receipt_signer,
		.receipt_note = s->receipt_note,
		.receipt_at = s->receipt_at,
		.prints = s->prints };
	if (!ship_line_list(c, s->id, &v->lines, &v->lines_len) || !packages_with_lines(c, s->id, v) ||
		!crate_loads(c, s->id, &v->crates, &v->crates_len) || !carrier_of(c, v) ||
		!tracking_list(c, s->id, &v->tracking, &v->tracking_len) ||
		!receipt_file_list(c, s->id, &v->files, &v->files_len))
		return false;
	v->actions = actions_json(c, s, v);
	return true;
}
