/* demo_after: what happened after some of the demo's deliveries: answered calls, a complaint, a return on its way. */
#include "mod/demo/demo_after.h"

#include "gen/order_sql.h"
#include "mod/care/care.h"
#include "mod/care/care_int.h"
#include "mod/money/money_int.h"
#include "mod/returns/returns_int.h"

static bool called(struct ctx *c, int64_t order_id, int64_t score, const char *words)
{
	struct follow_up_in in = { .reached = true, .score = score, .comment = words, .next_at = INSTANT_NONE };

	return follow_up_answer(c, order_id, &in, "phone");
}

/* A line was crushed: a case, and its goods are to come back. */
static bool complained(struct ctx *c, int64_t order_id)
{
	struct case_in in = { .origin = 2,
		.order = order_id,
		.shipment = INT64_MIN,
		.line = 1,
		.kind = enum_find(case_kinds, "damage"),
		.summary = "第一样压坏了一半",
		.wish = "退掉坏的" };
	struct return_line_in line = { .order = INT64_MIN, .line = 1, .reason = "装车压坏" };
	struct propose_in decision = { .amount = MONEY_NONE,
		.cost = MONEY_NONE,
		.cause = "装车压坏",
		.note = "退坏的",
		.lines = &line,
		.lines_len = 1 };
	struct order o;
	int64_t id;

	if (!order_get_full(c, order_id, &o) || o.lines[0].delivered.milli <= 0 || !case_open(c, &in, "staff", &id))
		return ok(c);
	line.quantity = o.lines[0].delivered;
	decision.decision = enum_find(case_decisions, "return");
	return case_resolve(c, id, INT64_MIN, &decision);
}

static bool paid(struct ctx *c, const char *customer)
{
	struct payment_in in = { .customer = customer,
		.kind = 0,
		.amount = { 50000 },
		.day = today(c),
		.method = "微信",
		.reference = "月结" };
	int64_t id;

	return money_book(c, &in, &id);
}

bool demo_after(struct ctx *c, void *arg)
{
	const struct demo_people *p = arg;
	struct order_item *rows;
	size_t len;

	c->actor = p->service;
	if (!order_list_by_state(c, "delivered", INT64_MAX, INT64_MIN, DATE_NONE, NULL, 10, &rows, &len))
		return false;
	if (len > 0 && !called(c, rows[0].id, 5, "货好，准时"))
		return false;
	if (len > 1 && (!called(c, rows[1].id, 2, "青菜黄叶多") || !complained(c, rows[1].id)))
		return false;
	c->actor = p->reviewer;
	return len == 0 || paid(c, rows[0].customer);
}
