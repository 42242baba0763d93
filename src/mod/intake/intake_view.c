/* intake_view: what came in, as it is shown and answered. */
#include "mod/intake/intake_view.h"

#include "gen/intake_sql.h"
#include "mod/customer/customer.h"

#include <string.h>

const struct field intake_bytes_fields[] = {
	FIELD(struct intake_bytes, bytes, T_none),
	FIELD_END,
};

const struct field intake_item_fields[] = {
	FIELD(struct intake_item, id, T_none),
	FIELD(struct intake_item, version, T_none),
	FIELD(struct intake_item, state, T_intake_state),
	FIELD(struct intake_item, channel, T_order_channel),
	FIELD(struct intake_item, sender, T_intake_sender),
	FIELD(struct intake_item, sender_name, T_intake_sender_name),
	FIELD(struct intake_item, subject, T_intake_subject),
	FIELD(struct intake_item, filename, T_intake_filename),
	FIELD(struct intake_item, begins, T_intake_text),
	FIELD(struct intake_item, problem, T_intake_problem),
	FIELD(struct intake_item, intent, T_intake_intent),
	FIELD(struct intake_item, customer, T_order_customer),
	FIELD(struct intake_item, customer_name, T_order_customer_name),
	FIELD(struct intake_item, delivery_date, T_order_delivery_date),
	FIELD(struct intake_item, sure_n, T_intake_sure),
	FIELD(struct intake_item, look_n, T_intake_look),
	FIELD(struct intake_item, nothing_n, T_intake_nothing),
	FIELD(struct intake_item, order_id, T_intake_order),
	FIELD(struct intake_item, order_number, T_order_number),
	FIELD(struct intake_item, worker, T_intake_worker),
	FIELD(struct intake_item, worker_id, T_none, .flags = F_HIDDEN),
	FIELD(struct intake_item, received_at, T_intake_received_at),
	FIELD_END,
};

/* The same rows as they come from the database. */
const struct field intake_count_fields[] = {
	FIELD(struct intake_count, state, T_intake_state),
	FIELD(struct intake_count, n, T_none),
	FIELD_END,
};

const struct field intake_twin_fields[] = {
	FIELD(struct intake_twin, what, T_none),
	FIELD(struct intake_twin, id, T_none),
	FIELD(struct intake_twin, number, T_order_number),
	FIELD(struct intake_twin, channel, T_order_channel),
	FIELD(struct intake_twin, state, T_intake_state),
	FIELD(struct intake_twin, at, T_intake_received_at),
	FIELD(struct intake_twin, lines_n, T_order_lines),
	FIELD(struct intake_twin, same, T_intake_same),
	FIELD(struct intake_twin, exact, T_intake_exact),
	FIELD_END,
};

const struct field intake_code_fields[] = {
	FIELD(struct intake_code, code, T_none),
	FIELD(struct intake_code, sku, T_none),
	FIELD(struct intake_code, unit, T_none),
	FIELD_END,
};

const struct field intake_base_fields[] = {
	FIELD(struct intake_base, id, T_none),
	FIELD(struct intake_base, base_unit, T_none),
	FIELD_END,
};

const struct field intake_broken_fields[] = {
	FIELD(struct intake_broken, what, T_none),
	FIELD(struct intake_broken, n, T_none),
	FIELD_END,
};

const struct field intake_view_fields[] = {
	FIELD(struct intake_view, id, T_none),
	FIELD(struct intake_view, version, T_none),
	FIELD(struct intake_view, state, T_intake_state),
	FIELD(struct intake_view, channel, T_order_channel),
	FIELD(struct intake_view, external_id, T_order_external_id),
	FIELD(struct intake_view, sender, T_intake_sender),
	FIELD(struct intake_view, sender_name, T_intake_sender_name),
	FIELD(struct intake_view, subject, T_intake_subject),
	FIELD(struct intake_view, filename, T_intake_filename),
	FIELD(struct intake_view, content_type, T_none),
	FIELD(struct intake_view, hash, T_intake_hash),
	FIELD(struct intake_view, text, T_intake_text),
	FIELD(struct intake_view, problem, T_intake_problem),
	FIELD(struct intake_view, customer, T_order_customer),
	FIELD(struct intake_view, customer_name, T_order_customer_name),
	FIELD(struct intake_view, intent, T_intake_intent),
	FIELD(struct intake_view, delivery_date, T_order_delivery_date),
	FIELD(struct intake_view, address, T_order_address),
	FIELD(struct intake_view, remarks, T_order_remarks),
	FIELD_LIST(struct intake_view, lines, intake_line_fields, T_order_lines),
	FIELD_LIST(struct intake_view, twins, intake_twin_fields, T_intake_twins),
	FIELD(struct intake_view, kept_reason, T_intake_kept),
	FIELD(struct intake_view, reason, T_intake_reason),
	FIELD(struct intake_view, order, T_intake_order),
	FIELD(struct intake_view, order_number, T_order_number),
	FIELD(struct intake_view, worker, T_none),
	FIELD(struct intake_view, worker_name, T_intake_worker),
	FIELD(struct intake_view, received_at, T_intake_received_at),
	FIELD_JSON(struct intake_view, actions, T_order_actions),
	FIELD(struct intake_view, next, T_intake_next),
	FIELD_END,
};

static bool names_of(struct ctx *c, const struct intake *in, struct intake_view *v)
{
	struct customer who;
	struct order o;

	if (in->customer_id != INT64_MIN) {
		if (!customer_get(c, in->customer_id, &who))
			return false;
		v->customer = who.code;
		v->customer_name = who.name;
	}
	if (in->worker_id != INT64_MIN && !intake_worker(c, in->worker_id, &v->worker_name))
		return false;
	if (in->order_id != INT64_MIN) {
		if (!order_get(c, in->order_id, &o))
			return false;
		v->order_number = o.number;
	}
	return true;
}

bool intake_view_make(struct ctx *c, const struct intake_full *f, struct intake_view *v)
{
	const struct intake *in = &f->in;

	*v = (struct intake_view){
		.id = in->id,
		.version = in->version,
		.state = intake_state_names[in->state],
		.channel = in->channel,
		.external_id = in->external_id,
		.sender = in->sender,
		.sender_name = in->sender_name,
		.subject = in->subject,
		.filename = in->filename,
		.content_type = in->content_type,
		.hash = in->hash,
		.text = in->text,
		.problem = in->problem,
		.intent = in->intent,
		.delivery_date = in->delivery_date,
		.address = in->address,
		.remarks = in->remarks,
		.lines = f->lines,
		.lines_len = f->lines_len,
		.kept_reason = in->kept_reason,
		.reason = in->reason,
		.order = in->order_id,
		.worker = in->worker_id,
		.received_at = in->received_at,
		.next = INT64_MIN,
	};
	v->actions = json_names(c->arena, intake_actions(c, f));
	return names_of(c, in, v) && intake_twins(c, f, &v->twins, &v->twins_len);
}
