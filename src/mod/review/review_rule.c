/* review_rule: a reviewer's standing decision. What it lets pass still has its review, with the same checks, decided in the
 * name of the rule's author (move 6 of the order's life). There is none until a reviewer writes one. */
#include "mod/review/review_int.h"

#include "gen/review_sql.h"
#include "gen/tmpl.h"
#include "mod/review/review_view.h"

#include <inttypes.h>
#include <string.h>

const struct field review_rule_fields[] = {
	FIELD(struct review_rule, id, T_none),
	FIELD(struct review_rule, version, T_none),
	FIELD(struct review_rule, name, T_review_rule_name),
	FIELD(struct review_rule, max_total, T_review_rule_max),
	FIELD(struct review_rule, tier, T_review_rule_tier),
	FIELD(struct review_rule, channel, T_order_channel),
	FIELD(struct review_rule, active, T_review_rule_active),
	FIELD(struct review_rule, created_by, T_none),
	FIELD(struct review_rule, author, T_review_rule_author),
	FIELD(struct review_rule, created_at, T_order_created_at),
	FIELD(struct review_rule, stopped_at, T_review_rule_stopped),
	FIELD(struct review_rule, used, T_review_rule_used),
	FIELD_END,
};

const struct field review_rule_in_fields[] = {
	FIELD(struct review_rule, name, T_review_rule_name, .flags = F_REQUIRED, .max = 80),
	FIELD(struct review_rule, max_total, T_review_rule_max, .flags = F_REQUIRED | F_POSITIVE, .max = MONEY_MAX),
	FIELD(struct review_rule, tier, T_review_rule_tier, .max = 16),
	FIELD(struct review_rule, channel, T_order_channel, .max = 16),
	FIELD_END,
};

/* ---- applying ---- */

bool review_rule_apply(struct ctx *c, int64_t review_id, const struct review_check *checks, size_t len)
{
	struct review_rule rule;
	struct review rv;
	struct ctx as = *c;
	struct actor author;
	bool found;

	if (review_worst(checks, len) != RV_PASS)
		return true;
	if (!review_get(c, review_id, &rv) || !review_rule_for(c, rv.order_id, &rule, &found))
		return false;
	if (!found)
		return true;
	author = (struct actor){ .id = rule.created_by, .login = "rule", .name = rule.name, .role = ROLE_reviewer };
	as.actor = &author;
	if (review_by_rule(c, review_id, rule.id) &&
		review_approve(&as, review_id, INT64_MIN,
			&(struct review_decision){ .note = rule.name, .delivery_date = DATE_NONE }))
		return true;
	if (ok(c))
		c->err = as.err;
	return false;
}

/* ---- writing them ---- */

static bool rule_told(struct ctx *c, const char *kind, const struct review_rule *rule)
{
	struct event ev = { .kind = kind, .entity = "review_rule", .entity_id = rule->id };
	struct buf b;
	struct json j;

	buf_init(&b, c->arena);
	json_start(&j, &b);
	json_obj(&j, NULL);
	json_str(&j, "name", rule->name);
	json_money(&j, "max_total", rule->max_total);
	json_str(&j, "tier", rule->tier);
	json_str(&j, "channel", rule->channel);
	json_end_obj(&j);
	ev.data = buf_cstr(&b);
	return event_add(c, &ev);
}

const struct view review_rule_view = { review_rule_fields, NULL };

struct done *review_rule_post(struct ctx *c, struct req *r)
{
	struct review_rule rule = *(const struct review_rule *)req_in(r);

	if (rule.channel != NULL && enum_find(order_channel_names, rule.channel) < 0)
		(void)fail_field(c, "/channel", E_UNKNOWN, T_review_rule_channel, rule.channel);
	rule.active = true;
	rule.version = 1;
	rule.created_by = c->actor->id;
	rule.author = c->actor->name;
	rule.created_at = c->now;
	rule.stopped_at = INSTANT_NONE;
	rule.used = 0;
	if (!ok(c) || !id_new(c, &rule.id) || !review_rule_insert(c, &rule, 1) ||
		!rule_told(c, "review.rule_made", &rule))
		return reply_error(r);
	return reply_created(r, &review_rule_view, &rule, "/review-rules");
}

struct done *review_rule_stop_post(struct ctx *c, struct req *r)
{
	struct review_rule rule;
	int64_t changed;

	if (!review_rule_get(c, req_id(r), &rule) || !review_rule_stop(c, rule.id, c->actor->id, c->now, &changed))
		return reply_error(r);
	if (changed != 1) {
		(void)fail(c, E_CONFLICT, T_review_rule_is_stopped, rule.name);
		return reply_error(r);
	}
	if (!rule_told(c, "review.rule_stopped", &rule) || !review_rule_get(c, rule.id, &rule))
		return reply_error(r);
	return reply_moved(r, &review_rule_view, &rule, "/review-rules");
}

struct done *review_rules_get(struct ctx *c, struct req *r)
{
	static const struct view page = { NULL, PAGE(tmpl_review_rules) };
	struct review_rules v = { 0 };

	if (!review_rule_list(c, &v.rules, &v.rules_len))
		return reply_error(r);
	if (req_wants_page(r))
		return reply_view(r, &page, &v);
	return reply_list(r, &review_rule_view, v.rules, v.rules_len, 0, NULL, NULL, NULL);
}
