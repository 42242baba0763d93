/* review: the task, its evidence, the decision. */
#include "mod/review/review_int.h"

#include "gen/order_sql.h"
#include "gen/review_sql.h"
#include "mod/catalog/catalog_view.h"

#include <inttypes.h>
#include <string.h>

const char *const review_result_names[] = { "pass", "warn", "block", NULL };

const struct field review_fields[] = {
	FIELD(struct review, id, T_none),
	FIELD(struct review, order_id, T_none),
	FIELD(struct review, order_version, T_none),
	FIELD(struct review, version, T_none),
	FIELD(struct review, state, T_none),
	FIELD(struct review, decision, T_none),
	FIELD(struct review, due_at, T_none),
	FIELD(struct review, created_at, T_none),
	FIELD(struct review, claimed_at, T_none),
	FIELD(struct review, decided_at, T_none),
	FIELD(struct review, escalated, T_none),
	FIELD(struct review, claimed_by, T_none),
	FIELD(struct review, decided_by, T_none),
	FIELD_JSON(struct review, checks, T_none),
	FIELD(struct review, worst, T_none),
	FIELD_JSON(struct review, overrides, T_none),
	FIELD(struct review, note, T_none),
	FIELD_END,
};

const struct field review_check_fields[] = {
	FIELD(struct review_check, check, T_review_check),
	FIELD_ENUM(struct review_check, result, T_review_result, review_result_names),
	FIELD(struct review_check, text, T_review_text),
	FIELD(struct review_check, source, T_review_source),
	FIELD_JSON(struct review_check, facts, T_review_facts),
	FIELD_END,
};

bool review_get(struct ctx *c, int64_t id, struct review *out)
{
	return review_by_id(c, id, out);
}

bool review_find_open(struct ctx *c, int64_t order_id, struct review *out, bool *found)
{
	return review_open_of(c, order_id, out, found);
}

enum review_result review_worst(const struct review_check *checks, size_t len)
{
	int worst = RV_PASS;

	for (size_t i = 0; i < len; i++)
		worst = checks[i].result > worst ? checks[i].result : worst;
	return (enum review_result)worst;
}

static const char *checks_json(struct ctx *c, const struct review_check *checks, size_t len)
{
	struct buf b;
	struct json j;

	buf_init(&b, c->arena);
	json_start(&j, &b);
	json_arr(&j, NULL);
	for (size_t i = 0; i < len; i++) {
		json_obj(&j, NULL);
		fields_to_json(&j, review_check_fields, &checks[i]);
		json_end_obj(&j);
	}
	json_end_arr(&j);
	return buf_cstr(&b);
}

/* Frozen checks, read back as they were decided on. */
bool review_checks_read(struct ctx *c, const char *json, struct review_check **out, size_t *len)
{
	json_t *arr = json_loads(json, 0, NULL), *one;
	size_t i;

	*len = json_array_size(arr);
	*out = ARENA_ARRAY(c->arena, *len, struct review_check);
	json_array_foreach(arr, i, one)
	{
		const json_t *facts = json_object_get(one, "facts");
		const char *text = json_string_value(json_object_get(one, "text"));
		const char *source = json_string_value(json_object_get(one, "source"));
		(*out)[i] = (struct review_check){
			.check = arena_strdup(c->arena, json_string_value(json_object_get(one, "check"))),
			.result = enum_find(review_result_names, json_string_value(json_object_get(one, "result"))),
			.text = text != NULL ? arena_strdup(c->arena, text) : NULL,
			.source = source != NULL ? arena_strdup(c->arena, source) : NULL,
			.facts = facts != NULL ? json_text(c->arena, facts) : "{}",
		};
	}
	json_decref(arr);
	return true;
}

/* ---- the floor is for those who review ---- */

static const char *dumped(struct ctx *c, json_t *j)
{
	const char *kept = json_text(c->arena, j);

	json_decref(j);
	return kept;
}

/* Takes the floors out of a price check's facts; how many lines lie below them stays. */
static size_t floors_drop(json_t *facts)
{
	json_t *one;
	size_t i, below = 0;

	json_array_foreach(json_object_get(facts, "lines"), i, one)
	{
		json_object_del(one, "floor");
		below += json_is_true(json_object_get(one, "below_floor"));
	}
	return below;
}

static const char *below_text(struct ctx *c, size_t below)
{
	return text_fill(c->arena, c->lang, T_review_price_below_plain,
		(const char *const[]){ arena_printf(c->arena, "%zu", below), NULL });
}

bool review_hide_floor(struct ctx *c, struct review_check *checks, size_t len)
{
	if (sees_floor(c))
		return true;
	for (size_t i = 0; i < len; i++) {
		json_t *facts;
		size_t below;
		if (strcmp(checks[i].check, "price") != 0)
			continue;
		facts = json_loads(checks[i].facts, 0, NULL);
		below = floors_drop(facts);
		if (below > 0)
			checks[i].text = below_text(c, below);
		checks[i].facts = dumped(c, facts);
	}
	return true;
}

const char *review_hide_floor_json(struct ctx *c, const char *checks)
{
	json_t *all, *one;
	size_t i;

	if (sees_floor(c) || checks == NULL)
		return checks;
	all = json_loads(checks, 0, NULL);
	json_array_foreach(all, i, one)
	{
		const char *name = json_string_value(json_object_get(one, "check"));
		size_t below =
			name != NULL && strcmp(name, "price") == 0 ? floors_drop(json_object_get(one, "facts")) : 0;
		if (below > 0)
			json_object_set_new(one, "text", json_string(below_text(c, below)));
	}
	return dumped(c, all);
}

/* ---- the task comes and goes with the order ---- */

/* A standing rule decides only what was just confirmed, never what a reviewer took back. */
static bool task_make(struct ctx *c, const struct event *e)
{
	struct event ev = { .kind = "review.opened", .entity = "review", .order_id = e->order_id, .to = "open" };
	struct review_check *checks;
	struct order o;
	size_t len;

	if (!order_get_full(c, e->order_id, &o) || !review_checks(c, &o, &checks, &len) || !id_new(c, &ev.entity_id))
		return false;
	return review_insert(c, ev.entity_id, o.id, o.version,
		       (struct instant){ c->now.us + setting_int(c, "target.review_minutes") * MINUTE_US },
		       checks_json(c, checks, len), review_result_names[review_worst(checks, len)], c->now) &&
	       event_add(c, &ev) &&
	       (strcmp(e->kind, "order.confirmed") != 0 || review_rule_apply(c, ev.entity_id, checks, len));
}

static bool task_end(struct ctx *c, const struct event *e)
{
	struct review rv;
	bool found;
	int64_t changed;

	if (!review_open_of(c, e->order_id, &rv, &found))
		return false;
	return !found || review_decide(c, rv.id, rv.version, "withdrawn", NULL, rv.checks, rv.worst, NULL, NULL,
				 c->actor->id, c->now, &changed);
}

/* A hold does not change what was asked for, so the task goes on with the new version of the order. */
static bool task_follow(struct ctx *c, const struct event *e)
{
	struct order o;

	return order_get(c, e->order_id, &o) && review_order_seen(c, o.id, o.version);
}

const struct listen review_listens[] = {
	{ "order.confirmed", task_make },
	{ "order.unapproved", task_make },
	{ "order.withdrawn", task_end },
	{ "order.cancelled", task_end },
	{ "order.held", task_follow },
	{ "order.unheld", task_follow },
	{ NULL, NULL },
};

/* ---- decisions ---- */

/* Nobody reviews an order they entered or confirmed, whatever else they may do (contract 3). */
static bool four_eyes(struct ctx *c, const struct order *o)
{
	if (c->actor->id == o->created_by || c->actor->id == o->confirmed_by)
		return fail(c, E_SELF_REVIEW, T_review_self, o->number);
	return true;
}

static bool open_for(struct ctx *c, int64_t id, int64_t version, struct review *rv, struct order *o)
{
	if (!review_by_id(c, id, rv) || !order_get_full(c, rv->order_id, o) || !four_eyes(c, o))
		return false;
	if (strcmp(rv->state, "open") != 0 && strcmp(rv->state, "claimed") != 0)
		return fail(c, E_CONFLICT, T_review_decided, o->number);
	if (version != INT64_MIN && version != rv->version)
		return fail(c, E_VERSION, T_review_changed, o->number);
	return rv->order_version == o->version || fail(c, E_VERSION, T_review_changed, o->number);
}

static const struct review_override *override_of(const struct review_decision *d, const char *check)
{
	for (size_t i = 0; i < d->overrides_len; i++)
		if (strcmp(d->overrides[i].check, check) == 0)
			return &d->overrides[i];
	return NULL;
}

static bool blocks_answered(
	struct ctx *c, const struct review_decision *d, const struct review_check *checks, size_t len)
{
	if (d->overrides_len > 0 && !need(c, RIGHT_review_override))
		return false;
	for (size_t i = 0; i < len; i++) {
		if (checks[i].result != RV_BLOCK || override_of(d, checks[i].check) != NULL)
			continue;
		return fail(c,
			strcmp(checks[i].check, "stock") == 0    ? E_OUT_OF_STOCK
			: strcmp(checks[i].check, "credit") == 0 ? E_CREDIT
								 : E_CONFLICT,
			T_review_blocked, checks[i].text);
	}
	return true;
}

static const char *overrides_json(struct ctx *c, const struct review_decision *d)
{
	struct buf b;
	struct json j;

	if (d->overrides_len == 0)
		return NULL;
	buf_init(&b, c->arena);
	json_start(&j, &b);
	json_arr(&j, NULL);
	for (size_t i = 0; i < d->overrides_len; i++) {
		json_obj(&j, NULL);
		json_str(&j, "check", d->overrides[i].check);
		json_str(&j, "reason", d->overrides[i].reason);
		json_end_obj(&j);
	}
	json_end_arr(&j);
	return buf_cstr(&b);
}

static const char *decision_json(struct ctx *c, const struct review *rv, const char *reason)
{
	struct buf b;
	struct json j;

	buf_init(&b, c->arena);
	json_start(&j, &b);
	json_obj(&j, NULL);
	json_int(&j, "review", rv->id);
	if (reason != NULL)
		json_str(&j, "reason", reason);
	json_end_obj(&j);
	return buf_cstr(&b);
}

static bool decide(struct ctx *c, struct review *rv, const char *decision, const struct review_decision *d,
	const struct review_check *checks, size_t len)
{
	int64_t changed;
	struct event ev = { .kind = "review.decided",
		.entity = "review",
		.entity_id = rv->id,
		.order_id = rv->order_id,
		.from = rv->state,
		.to = decision,
		.data = decision_json(c, rv, d->note) };

	if (!review_decide(c, rv->id, rv->version, "decided", decision, checks_json(c, checks, len),
		    review_result_names[review_worst(checks, len)], overrides_json(c, d), d->note, c->actor->id, c->now,
		    &changed))
		return false;
	if (changed != 1)
		return fail(c, E_VERSION, T_review_changed, decision);
	return event_add(c, &ev);
}

bool review_approve(struct ctx *c, int64_t id, int64_t version, const struct review_decision *d)
{
	struct review rv;
	struct review_check *checks;
	struct order o;
	size_t len;

	if (!open_for(c, id, version, &rv, &o) || !review_checks(c, &o, &checks, &len) ||
		!blocks_answered(c, d, checks, len))
		return false;
	return decide(c, &rv, "approve", d, checks, len) &&
	       order_move(c, &o, OE_APPROVE, INT64_MIN, decision_json(c, &rv, d->note));
}

bool review_reject(struct ctx *c, int64_t id, int64_t version, const struct review_decision *d)
{
	struct review rv;
	struct review_check *checks;
	struct order o;
	size_t len;

	if (!open_for(c, id, version, &rv, &o) || !review_checks(c, &o, &checks, &len))
		return false;
	return decide(c, &rv, "reject", d, checks, len) &&
	       order_move(c, &o, OE_REJECT, INT64_MIN, decision_json(c, &rv, d->note));
}

static struct order_line_in line_as_it_is(const struct order_line *l)
{
	return (struct order_line_in){ .sku = l->sku,
		.quantity = l->quantity,
		.unit = l->unit,
		.price = l->price,
		.price_source = l->price_source,
		.remarks = l->remarks };
}

/* What the reviewer proposes for one line; what is not named stays. Other goods or another quantity are priced anew. */
static void propose(struct order_line_in *in, const struct review_offer *offer)
{
	if (offer->sku != NULL && strcmp(offer->sku, in->sku) != 0) {
		in->sku = offer->sku;
		in->unit = NULL;
		in->price = PRICE_NONE;
		in->price_source = NULL;
	}
	if (offer->unit != NULL)
		in->unit = offer->unit;
	if (qty_is(offer->quantity)) {
		in->quantity = offer->quantity;
		if (in->price_source != NULL && strcmp(in->price_source, "manual") != 0)
			in->price = PRICE_NONE;
	}
	if (price_is(offer->price)) {
		in->price = offer->price;
		in->price_source = "counter";
	}
}

static bool offer_apply(struct ctx *c, struct order *o, const struct review_decision *d)
{
	struct order_line_in *in = ARENA_ARRAY(c->arena, o->lines_len, struct order_line_in);
	struct order_line *lines;

	for (size_t i = 0; i < o->lines_len; i++)
		in[i] = line_as_it_is(&o->lines[i]);
	for (size_t k = 0; k < d->lines_len; k++) {
		if (d->lines[k].line < 1 || d->lines[k].line > (int64_t)o->lines_len)
			return fail_field(
				c, arena_printf(c->arena, "/lines/%zu/line", k), E_UNKNOWN, T_review_no_such_line);
		propose(&in[d->lines[k].line - 1], &d->lines[k]);
	}
	if (date_is(d->delivery_date))
		o->delivery_date = d->delivery_date;
	return order_lines_price(c, o, in, o->lines_len, &lines) && order_lines_replace(c, o, lines, o->lines_len);
}

bool review_counter(struct ctx *c, int64_t id, int64_t version, const struct review_decision *d)
{
	struct review rv;
	struct review_check *checks;
	struct order o;
	size_t len;

	if (!open_for(c, id, version, &rv, &o) || !review_checks(c, &o, &checks, &len))
		return false;
	if (!decide(c, &rv, "counter", d, checks, len) || !stock_release_order(c, o.id))
		return false;
	return offer_apply(c, &o, d) && order_move(c, &o, OE_COUNTER, INT64_MIN, decision_json(c, &rv, d->note));
}

static bool escalate_late(struct ctx *c)
{
	struct review *late;
	size_t len;

	if (!review_overdue(c, c->now, &late, &len))
		return false;
	for (size_t i = 0; i < len; i++) {
		struct event ev = { .kind = "review.escalated",
			.entity = "review",
			.entity_id = late[i].id,
			.order_id = late[i].order_id };
		if (!review_escalate(c, late[i].id) || !event_add(c, &ev))
			return false;
	}
	return true;
}

const struct tick review_ticks[] = {
	{ "review.escalate", 60, escalate_late },
	{ NULL, 0, NULL },
};

static bool count_four_eyes(struct ctx *c, int64_t *counted, int64_t *broken, const char **first)
{
	return check_rows(c, review_check_four_eyes, review_count_all, counted, broken, first);
}

const struct check review_verify[] = {
	{ 7, "review by another person", count_four_eyes },
	{ 0, NULL, NULL },
};
