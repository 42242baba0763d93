/* confirm: making the address, and what its answer does. */
#include "mod/confirm/confirm_view.h"

#include "gen/confirm_sql.h"
#include "mod/intake/intake.h"
#include "mod/link/link.h"

#include <inttypes.h>
#include <string.h>

const char *const confirm_answer_names[] = { "confirm", "change", "decline", NULL };

const struct field confirm_link_fields[] = {
	FIELD(struct confirm_link, link_id, T_none),
	FIELD(struct confirm_link, order_id, T_none),
	FIELD(struct confirm_link, snapshot, T_order_snapshot),
	FIELD(struct confirm_link, until_at, T_confirm_until),
	FIELD(struct confirm_link, answer, T_confirm_answer),
	FIELD(struct confirm_link, person, T_order_confirmed_person),
	FIELD(struct confirm_link, note, T_confirm_note),
	FIELD(struct confirm_link, answered_at, T_confirm_answered_at),
	FIELD_END,
};

static bool waits(struct ctx *c, const struct order *o)
{
	if (o->decision == D_AWAITING_CONFIRMATION && o->snapshot != NULL)
		return true;
	return fail(c, E_CONFLICT, T_confirm_not_waiting, o->number);
}

/* link_make tells the token but not which link it is; opening it once does. */
static bool link_for(struct ctx *c, struct confirm_link *l, const char **token)
{
	struct link made;

	if (!link_revoke(c, "confirm", l->order_id) || !link_make(c, "confirm", l->order_id, l->until_at, token) ||
		!link_open(c, "", "confirm", *token, &made))
		return false;
	l->link_id = made.id;
	return true;
}

bool confirm_make(struct ctx *c, int64_t order_id, const char **url, struct confirm_link *out)
{
	struct event ev = { .kind = "confirm.link", .entity = "order", .entity_id = order_id, .order_id = order_id };
	const char *token;
	struct order o;

	fields_clear(confirm_link_fields, out);
	if (!order_get_full(c, order_id, &o) || !waits(c, &o))
		return false;
	out->order_id = o.id;
	out->snapshot = o.snapshot;
	out->until_at.us = c->now.us + setting_int(c, "confirm.hours") * HOUR_US;
	if (!link_for(c, out, &token))
		return false;
	*url = link_url(c, "/c", token);
	return confirm_insert(c, out->link_id, o.id, o.snapshot, out->until_at, c->actor->id, c->now) &&
	       event_add(c, &ev);
}

/* ---- answering ---- */

const char *confirm_state(const struct confirm_link *l, const struct order *o)
{
	if (l->answer != NULL)
		return "answered";
	if (o->decision != D_AWAITING_CONFIRMATION || o->snapshot == NULL || strcmp(o->snapshot, l->snapshot) != 0)
		return "changed";
	return "open";
}

static bool confirm(struct ctx *c, struct order *o, const struct confirm_answer_in *in)
{
	o->confirmed_by = c->actor->id;
	o->confirmed_person = in->person;
	o->confirmed_method = "link";
	o->confirmed_at = c->now;
	return order_move(
		c, o, OE_CONFIRM, INT64_MIN, json_reason(c->arena, arena_printf(c->arena, "%s · link", in->person)));
}

/* Nothing goes on with what the customer does not want: back to the clerk, with the words in the inbox. */
static bool back(struct ctx *c, struct order *o, const struct confirm_link *l, const struct confirm_answer_in *in)
{
	const char *what = text_get(c->lang, in->answer == CA_CHANGE ? T_confirm_wants_change : T_confirm_declines);
	struct intake_raw raw = { .channel = "online",
		.external_id = arena_printf(c->arena, "link:%" PRId64, l->link_id),
		.sender_name = in->person,
		.received_at = c->now,
		.subject = arena_printf(c->arena, "%s %s", o->number, what),
		.text = in->note != NULL ? in->note : what,
		.customer_id = o->customer_id,
		.order_id = o->id };
	struct event ev = { .kind = in->answer == CA_CHANGE ? "confirm.change" : "confirm.declined",
		.entity = "order",
		.entity_id = o->id,
		.order_id = o->id,
		.data = json_reason(c->arena, in->note != NULL ? in->note : what) };
	int64_t id;
	bool existed;

	return order_move(c, o, OE_EDIT, INT64_MIN, NULL) && event_add(c, &ev) &&
	       intake_receive(c, &raw, &id, &existed);
}

bool confirm_answer(struct ctx *c, struct confirm_link *l, const struct confirm_answer_in *in)
{
	struct order o;
	const char *state;
	int64_t changed;

	if (!order_get_full(c, l->order_id, &o))
		return false;
	state = confirm_state(l, &o);
	if (strcmp(state, "open") != 0)
		return fail(c, E_CONFLICT, text_find(arena_printf(c->arena, "confirm.is_%s", state)));
	if (in->answer == CA_CHANGE && in->note == NULL)
		return fail_field(c, "/note", E_REQUIRED, T_confirm_say_what);
	if (!confirm_answered(c, l->link_id, confirm_answer_names[in->answer], in->person, in->note, c->now, &changed))
		return false;
	if (changed != 1)
		return fail(c, E_CONFLICT, T_confirm_is_answered);
	l->answer = confirm_answer_names[in->answer];
	l->person = in->person;
	l->note = in->note;
	l->answered_at = c->now;
	actor_as(c, ROLE_system, "link", in->person);
	return in->answer == CA_CONFIRM ? confirm(c, &o, in) : back(c, &o, l, in);
}
