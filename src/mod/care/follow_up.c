/* follow_up: every delivered order is asked about once, by a person or by the customer's own page. */
#include "mod/care/care_int.h"

#include "gen/care_sql.h"
#include "mod/customer/customer.h"
#include "mod/task/task.h"

#include <inttypes.h>
#include <string.h>

const struct field follow_up_in_fields[] = {
	FIELD(struct follow_up_in, reached, T_care_reached),
	FIELD(struct follow_up_in, score, T_care_score, .flags = F_POSITIVE, .max = 5),
	FIELD(struct follow_up_in, comment, T_care_comment, .max = 1000, .flags = F_LINES),
	FIELD(struct follow_up_in, reason, T_care_no_reason, .max = 300),
	FIELD(struct follow_up_in, next_at, T_care_next_at),
	FIELD_END,
};

const struct field follow_up_fields[] = {
	FIELD(struct follow_up, order_id, T_none),
	FIELD(struct follow_up, customer_id, T_none),
	FIELD(struct follow_up, state, T_none),
	FIELD(struct follow_up, tries, T_none),
	FIELD(struct follow_up, due_at, T_none),
	FIELD(struct follow_up, score, T_none),
	FIELD(struct follow_up, comment, T_none),
	FIELD(struct follow_up, reason, T_none),
	FIELD(struct follow_up, source, T_none),
	FIELD(struct follow_up, done_by, T_none),
	FIELD(struct follow_up, created_at, T_none),
	FIELD(struct follow_up, done_at, T_none),
	FIELD_END,
};

const struct field follow_up_item_fields[] = {
	FIELD(struct follow_up_item, order, T_care_order),
	FIELD(struct follow_up_item, number, T_care_order),
	FIELD(struct follow_up_item, customer, T_care_customer),
	FIELD(struct follow_up_item, customer_name, T_care_customer),
	FIELD(struct follow_up_item, contact, T_care_contact),
	FIELD(struct follow_up_item, phone, T_care_phone),
	FIELD(struct follow_up_item, state, T_care_state),
	FIELD(struct follow_up_item, tries, T_care_tries),
	FIELD(struct follow_up_item, score, T_care_score),
	FIELD(struct follow_up_item, comment, T_care_comment),
	FIELD(struct follow_up_item, reason, T_care_no_reason),
	FIELD(struct follow_up_item, source, T_care_source),
	FIELD(struct follow_up_item, delivery_date, T_care_delivery_date),
	FIELD(struct follow_up_item, total, T_care_total),
	FIELD(struct follow_up_item, due_at, T_care_due_at),
	FIELD(struct follow_up_item, done_at, T_care_done_at),
	FIELD_END,
};

static bool call_task(struct ctx *c, const struct follow_up *f)
{
	struct task t = { .kind = "follow_up",
		.role = "service",
		.order_id = f->order_id,
		.entity = "order",
		.entity_id = f->order_id,
		.data = arena_printf(c->arena, "{\"tries\":%" PRId64 "}", f->tries),
		.due_at = f->due_at };

	return task_open(c, &t, NULL);
}

static bool call_over(struct ctx *c, const struct follow_up *f)
{
	return task_close(c, "follow_up", "order", f->order_id, f->state);
}

/* Heard when goods are signed for: once the whole order has arrived, its customer is to be asked. */
bool follow_up_begin(struct ctx *c, const struct event *e)
{
	struct follow_up f = { .order_id = e->order_id };
	struct order o;
	int64_t made;

	if (e->to == NULL || strcmp(e->to, "delivered") != 0)
		return true;
	if (!order_get(c, e->order_id, &o))
		return false;
	f.due_at.us = c->now.us + setting_int(c, "follow_up.hours") * HOUR_US;
	return follow_up_insert(c, o.id, o.customer_id, f.due_at, c->now, &made) && (made == 0 || call_task(c, &f));
}

/* What was said and why nobody was reached stays in the row, where it can be erased. */
static const char *answer_json(struct ctx *c, const struct follow_up *f)
{
	struct buf b;
	struct json j;

	buf_init(&b, c->arena);
	json_start(&j, &b);
	json_obj(&j, NULL);
	json_int(&j, "score", f->score);
	json_str(&j, "source", f->source);
	json_int(&j, "tries", f->tries);
	json_end_obj(&j);
	return buf_cstr(&b);
}

static bool store(struct ctx *c, struct follow_up *f, const char *before, const char *kind)
{
	struct event ev = { .kind = kind,
		.entity = "follow_up",
		.entity_id = f->order_id,
		.order_id = f->order_id,
		.from = before,
		.to = f->state,
		.data = answer_json(c, f) };

	return follow_up_save(c, f, 1) && event_add(c, &ev);
}

static bool end(struct ctx *c, struct follow_up *f, const char *state, const char *kind)
{
	const char *before = f->state;

	f->state = state;
	f->done_by = c->actor->id;
	f->done_at = c->now;
	return store(c, f, before, kind) && call_over(c, f);
}

/* Completed without an answer, after the days the company waits: that is the recorded reason. */
bool follow_up_end(struct ctx *c, const struct event *e)
{
	struct follow_up f;
	bool found;

	if (!follow_up_lock(c, e->order_id, &f, &found) || !found || strcmp(f.state, "due") != 0)
		return ok(c);
	f.source = "system";
	f.reason = text_get(c->lang, T_care_no_answer_in_time);
	return end(c, &f, "unreachable", "order.not_reached");
}

/* A low score is a complaint nobody has written down yet; long after the order is completed it is only a score. */
static bool low_score(struct ctx *c, const struct follow_up *f)
{
	struct case_in in = { .origin = 0, .order = f->order_id, .shipment = INT64_MIN, .line = INT64_MIN };
	struct order o;
	int64_t id;

	if (f->score == INT64_MIN || f->score > setting_int(c, "follow_up.low_score"))
		return true;
	if (!order_get(c, f->order_id, &o))
		return false;
	if (o.decision == D_COMPLETED && !order_in_window(c, &o))
		return true;
	in.kind = enum_find(case_kinds, "low_score");
	in.summary = text_fill(c->arena, c->lang, T_care_low_score,
		(const char *const[]){ arena_printf(c->arena, "%" PRId64, f->score), NULL });
	in.detail = f->comment;
	if (!case_open_of(c, f->order_id, "low_score", &id))
		return false;
	return id != INT64_MIN || case_open(c, &in, f->source, &id);
}

static bool try_again(struct ctx *c, struct follow_up *f, const struct follow_up_in *in)
{
	const char *before = f->state;

	f->due_at = instant_is(in->next_at) && in->next_at.us > c->now.us
			    ? in->next_at
			    : (struct instant){ c->now.us + setting_int(c, "follow_up.retry_hours") * HOUR_US };
	return store(c, f, before, "order.not_reached") && call_over(c, f) && call_task(c, f);
}

static bool not_reached(struct ctx *c, struct follow_up *f, const struct follow_up_in *in)
{
	f->tries++;
	f->comment = in->comment;
	f->reason = in->reason;
	if (in->reason == NULL && f->tries < setting_int(c, "follow_up.tries"))
		return try_again(c, f, in);
	if (f->reason == NULL)
		f->reason = text_get(c->lang, T_care_tried_enough);
	return end(c, f, "unreachable", "order.not_reached");
}

/* Delivered before anybody asked for calls: the row is made when somebody calls. */
static bool take_up(struct ctx *c, int64_t order_id, struct follow_up *f)
{
	struct order o;
	int64_t made;
	bool found;

	if (!order_get(c, order_id, &o) || !follow_up_lock(c, order_id, f, &found))
		return false;
	if (found)
		return o.decision != D_ARCHIVED || fail(c, E_CONFLICT, T_care_archived, o.number);
	if (strcmp(o.state, "delivered") != 0 && strcmp(o.state, "completed") != 0)
		return fail(c, E_CONFLICT, T_care_not_delivered, o.number, order_state_text(c, o.state));
	return follow_up_insert(c, order_id, o.customer_id, c->now, c->now, &made) &&
	       follow_up_lock(c, order_id, f, &found);
}

bool follow_up_answer(struct ctx *c, int64_t order_id, const struct follow_up_in *in, const char *source)
{
	bool own = strcmp(source, "link") == 0;
	struct follow_up f;

	if (!take_up(c, order_id, &f))
		return false;
	if (strcmp(f.state, "due") != 0 && !own)
		return fail(c, E_CONFLICT, T_care_answered);
	if (!in->reached && in->score != INT64_MIN)
		return fail_field(c, "/score", E_INVALID, T_care_score_of_nobody);
	f.source = source;
	if (!in->reached)
		return not_reached(c, &f, in);
	f.tries += !own;
	f.score = in->score;
	f.comment = in->comment;
	f.reason = NULL;
	return end(c, &f, "answered", "order.followed_up") && low_score(c, &f);
}
