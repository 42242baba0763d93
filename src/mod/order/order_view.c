/* order_view: an order as it is shown and answered. */
#include "mod/order/order_view.h"

#include "app/ledger.h"
#include "gen/app_sql.h"
#include "gen/order_sql.h"
#include "mod/order/order_int.h"
#include "mod/review/review.h"

#include <string.h>

const struct field order_item_fields[] = {
	FIELD(struct order_item, id, T_none),
	FIELD(struct order_item, version, T_none),
	FIELD(struct order_item, number, T_order_number),
	FIELD(struct order_item, channel, T_order_channel),
	FIELD(struct order_item, state, T_order_state),
	FIELD(struct order_item, on_hold, T_order_on_hold_flag),
	FIELD(struct order_item, customer, T_order_customer),
	FIELD(struct order_item, customer_name, T_order_customer_name),
	FIELD(struct order_item, delivery_date, T_order_delivery_date),
	FIELD(struct order_item, total, T_order_total),
	FIELD(struct order_item, lines_n, T_order_lines),
	FIELD(struct order_item, created_at, T_order_created_at),
	FIELD(struct order_item, due_at, T_order_due_at),
	FIELD_END,
};

const struct field order_count_fields[] = {
	FIELD(struct order_count, state, T_order_state),
	FIELD(struct order_count, n, T_none),
	FIELD_END,
};

const struct field order_overlap_fields[] = {
	FIELD(struct order_overlap, order_id, T_none),
	FIELD(struct order_overlap, same, T_none),
	FIELD(struct order_overlap, exact, T_none),
	FIELD_END,
};

const struct field order_ship_fields[] = {
	FIELD(struct order_ship, id, T_none),
	FIELD(struct order_ship, number, T_none),
	FIELD_AS(struct order_ship, state_text, "state", T_none),
	FIELD_END,
};

const struct field order_step_fields[] = {
	FIELD(struct order_step, order_id, T_none),
	FIELD(struct order_step, kind, T_none),
	FIELD(struct order_step, from_state, T_none),
	FIELD(struct order_step, to_state, T_none),
	FIELD_END,
};

const struct field order_view_fields[] = {
	FIELD(struct order_view, id, T_none),
	FIELD(struct order_view, number, T_order_number),
	FIELD(struct order_view, version, T_none),
	FIELD(struct order_view, state, T_order_state),
	FIELD(struct order_view, on_hold, T_order_on_hold_flag),
	FIELD(struct order_view, hold_reason, T_order_hold_reason),
	FIELD(struct order_view, channel, T_order_channel),
	FIELD(struct order_view, external_id, T_order_external_id),
	FIELD(struct order_view, customer, T_order_customer),
	FIELD(struct order_view, customer_name, T_order_customer_name),
	FIELD(struct order_view, delivery_date, T_order_delivery_date),
	FIELD(struct order_view, address, T_order_address),
	FIELD(struct order_view, remarks, T_order_remarks),
	FIELD_LIST(struct order_view, lines, order_line_fields, T_order_lines),
	FIELD(struct order_view, total, T_order_total),
	FIELD(struct order_view, revision, T_order_revision),
	FIELD(struct order_view, snapshot, T_order_snapshot),
	FIELD(struct order_view, read_back, T_order_read_back),
	FIELD(struct order_view, review, T_order_review),
	FIELD(struct order_view, confirmed_person, T_order_confirmed_person),
	FIELD(struct order_view, confirmed_method, T_order_confirmed_method),
	FIELD(struct order_view, created_at, T_order_created_at),
	FIELD(struct order_view, confirmed_at, T_order_confirmed_at),
	FIELD(struct order_view, approved_at, T_order_approved_at),
	FIELD(struct order_view, due_at, T_order_due_at),
	FIELD(struct order_view, stock_confirmed, T_order_stock_confirmed),
	FIELD_JSON(struct order_view, actions, T_order_actions),
	FIELD_END,
};

const struct field timeline_item_fields[] = {
	FIELD(struct timeline_item, id, T_event_id),
	FIELD(struct timeline_item, at, T_event_at),
	FIELD(struct timeline_item, actor, T_event_actor),
	FIELD(struct timeline_item, role, T_event_role),
	FIELD(struct timeline_item, kind, T_event_kind),
	FIELD(struct timeline_item, from_state, T_event_from),
	FIELD(struct timeline_item, to_state, T_event_to),
	FIELD(struct timeline_item, text, T_event_text),
	FIELD_JSON(struct timeline_item, data, T_event_data),
	FIELD_END,
};

const char *order_state_text(struct ctx *c, const char *state)
{
	return text_get(c->lang, text_find(arena_printf(c->arena, "order.state.%s", state)));
}

bool order_view_make(struct ctx *c, const struct order *o, struct order_view *v)
{
	struct customer who;
	struct review rv;
	bool found = false;

	/* Only an order in review has an open one. */
	if (!order_customer(c, o, &who) || (o->decision == D_IN_REVIEW && !review_find_open(c, o->id, &rv, &found)))
		return false;
	*v = (struct order_view){
		.id = o->id,
		.version = o->version,
		.number = o->number,
		.state = o->state,
		.channel = o->channel,
		.external_id = o->external_id,
		.on_hold = o->on_hold,
		.hold_reason = o->hold_reason,
		.customer = who.code,
		.customer_name = who.name,
		.delivery_date = o->delivery_date,
		.address = o->address,
		.remarks = o->remarks,
		.lines = o->lines,
		.lines_len = o->lines_len,
		.total = o->total,
		.revision = o->revision,
		.snapshot = o->snapshot,
		.review = found ? rv.id : INT64_MIN,
		.confirmed_person = o->confirmed_person,
		.confirmed_method = o->confirmed_method,
		.created_at = o->created_at,
		.confirmed_at = o->confirmed_at,
		.approved_at = o->approved_at,
		.due_at = o->due_at,
		.stock_confirmed = o->stock_confirmed_by != INT64_MIN,
	};
	v->actions = json_names(c->arena, order_actions(c, o));
	return o->snapshot == NULL || order_read_back(c, o, &v->read_back);
}

/* ---- the timeline ---- */

static void note_add(struct ctx *c, const char **note, const char *part)
{
	if (part != NULL && *part != '\0')
		*note = *note != NULL ? arena_printf(c->arena, "%s · %s", *note, part) : part;
}

/* A value of the data, as it is, or as the word that stands under key + value. */
static void note_value(struct ctx *c, const char **note, const json_t *data, const char *name, const char *key)
{
	const char *value = json_string_value(json_object_get(data, name));
	enum text word = value != NULL && key != NULL ? text_find(arena_printf(c->arena, "%s.%s", key, value)) : T_none;

	if (value != NULL)
		note_add(c, note, word != T_none ? text_get(c->lang, word) : arena_strdup(c->arena, value));
}

/* What the event's data say to people: the reason somebody gave, who confirmed how, which paper. */
static const char *note_of(struct ctx *c, const char *data)
{
	static const struct {
		const char *name, *key;
	} said[] = { { "person", NULL }, { "method", "order.method" }, { "channel", "order.channel" },
		{ "shipment", NULL }, { "state", "ship.track" }, { "kind", "task.kinds" }, { "by", "notice.channels" },
		{ "recipient", NULL }, { "reason", NULL } };
	json_t *o = data != NULL ? json_loads(data, 0, NULL) : NULL;
	const char *note = NULL;

	for (size_t i = 0; i < ARRAY_LEN(said); i++)
		note_value(c, &note, o, said[i].name, said[i].key);
	json_decref(o);
	return note;
}

static bool is_handover(const char *kind)
{
	static const char *const kinds[] = { "order.confirmed", "order.approved", "order.rejected", "order.countered",
		"order.stock_confirmed", "order.shortage", "order.picked", "order.dispatched", "shipment.dispatched",
		NULL };

	return enum_find(kinds, kind) >= 0;
}

static bool is_bad(const char *kind)
{
	static const char *const kinds[] = { "order.rejected", "order.shortage", "order.cancelled", "order.held",
		"order.short_closed", "order.shared_short", "notice.failed", NULL };

	return enum_find(kinds, kind) >= 0;
}

bool order_timeline(struct ctx *c, int64_t order_id, struct timeline_item **out, size_t *len)
{
	struct event_row *rows;

	if (!event_of_order(c, order_id, &rows, len))
		return false;
	*out = ARENA_ARRAY(c->arena, *len, struct timeline_item);
	for (size_t i = 0; i < *len; i++) {
		const struct event_row *e = &rows[i];
		enum text key = text_find(arena_printf(c->arena, "event.%s", e->kind));
		(*out)[i] = (struct timeline_item){ .id = e->id,
			.at = e->at,
			.actor = e->actor,
			.role = e->role,
			.kind = e->kind,
			.from_state = e->from_state,
			.to_state = e->to_state,
			.data = e->data,
			.text = key != T_none ? text_get(c->lang, key) : e->kind,
			.note = note_of(c, e->data),
			.handover = is_handover(e->kind),
			.bad = is_bad(e->kind),
			.by_itself = strcmp(e->actor, "system") == 0 };
	}
	return true;
}

/* What was written in one transaction happened once: it bears one moment and one name. */
static bool same_move(const struct timeline_item *a, const struct timeline_item *b)
{
	return a->at.us == b->at.us && strcmp(a->actor, b->actor) == 0;
}

/* Told as what it was for the order, with what the others add. */
static void tell_together(struct ctx *c, struct timeline_item *into, const struct timeline_item *also)
{
	bool better = !into->handover && (also->handover || also->bad);
	const char *first = into->note, *second = also->note;
	struct timeline_item one = better ? *also : *into;

	one.bad |= into->bad || also->bad;
	one.note = first == NULL ? second : first;
	if (first != NULL && second != NULL && strcmp(first, second) != 0)
		one.note = arena_printf(c->arena, "%s · %s", first, second);
	*into = one;
}

/* A draft that saves itself is changed many times: one entry, with the time of the last. */
static bool changed_again(const struct timeline_item *a, const struct timeline_item *b)
{
	return strcmp(a->kind, "order.changed") == 0 && strcmp(b->kind, a->kind) == 0 &&
	       strcmp(a->actor, b->actor) == 0;
}

static const char *n_times(struct ctx *c, size_t n)
{
	return text_fill(
		c->arena, c->lang, T_order_n_times, (const char *const[]){ arena_printf(c->arena, "%zu", n), NULL });
}

size_t order_timeline_fold(struct ctx *c, struct timeline_item *rows, size_t len)
{
	size_t n = 0, times = 1;

	for (size_t i = 0; i < len; i++) {
		struct timeline_item *last = n > 0 ? &rows[n - 1] : NULL;
		bool again = last != NULL && changed_again(last, &rows[i]);
		times = again ? times + 1 : 1;
		if (again) {
			rows[i].note = n_times(c, times);
			*last = rows[i];
		} else if (last != NULL && same_move(last, &rows[i])) {
			tell_together(c, last, &rows[i]);
		} else {
			rows[n++] = rows[i];
		}
	}
	return n;
}
