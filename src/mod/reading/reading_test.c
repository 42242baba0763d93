/* Messages of every kind as the reader understands them, through the rule that answers the API: what is certain must be
 * accepted, and nothing else. */
#include "mod/reading/reading.h"
#include "mod/reading/test/market.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <unistd.h>

#include <cmocka.h>

#define SHARED "../shared/data/wholesale"

struct score {
	int messages, certain, found, accepted, wrong, uncertain, offered, customer, day, intent, unresolved,
		unresolved_seen;
};

static const char *text(const json_t *o, const char *key)
{
	return json_string_value(json_object_get(o, key));
}

static bool same(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

/* ---- asking ---- */

static void read_history(struct ctx *c, const json_t *list, struct reading_in *in)
{
	in->history = ARENA_ARRAY(c->arena, json_array_size(list) + 1, struct reading_order);
	in->history_len = json_array_size(list);
	for (size_t i = 0; i < in->history_len; i++) {
		const json_t *o = json_array_get(list, i), *lines = json_object_get(o, "lines");
		struct reading_order *to = &in->history[i];

		assert_true(instant_parse(text(o, "confirmed_at"), &to->confirmed_at));
		to->lines_len = json_array_size(lines);
		to->lines = ARENA_ARRAY(c->arena, to->lines_len + 1, struct reading_order_line);
		for (size_t k = 0; k < to->lines_len; k++) {
			to->lines[k].sku = text(json_array_get(lines, k), "sku");
			to->lines[k].unit = text(json_array_get(lines, k), "unit");
			assert_true(qty_parse(text(json_array_get(lines, k), "quantity"), &to->lines[k].quantity));
		}
	}
}

static void ask(struct ctx *c, const json_t *m, const json_t *history, struct reading *out)
{
	struct reading_in in = {
		.text = text(m, "text"), .channel = text(m, "channel"), .customer = text(m, "from_customer")
	};

	assert_true(instant_parse(text(m, "received_at"), &in.received_at));
	read_history(c, json_object_get(m, "history") ? json_object_get(m, "history") : history, &in);
	if (!reading_parse(c, &in, out))
		fail_msg("%s: %s", text(m, "id"), c->err.detail);
}

/* ---- comparing ---- */

static struct qty base_of(struct ctx *c, const char *sku, struct qty quantity, const char *unit)
{
	struct product p;
	struct product_unit *u;
	struct ratio r;
	struct qty base;
	bool found, exact;
	size_t len;

	assert_true(product_find(c, sku, &p, &found) && found);
	assert_true(product_units(c, (struct i64s){ &p.id, 1 }, &u, &len));
	if (!qty_is(quantity))
		return QTY_NONE;
	assert_true(unit_ratio(&p, u, len, unit, &r) && qty_to_base(&base, quantity, r, &exact));
	return base;
}

static const char *op_of(const json_t *expect, const json_t *line)
{
	const char *op = text(line, "op"), *intent = text(expect, "intent");

	if (op)
		return op;
	return same(intent, "add") || same(intent, "reduce") || same(intent, "cancel") ? intent : "order";
}

static bool matches(struct ctx *c, const json_t *expect, const json_t *want, const struct reading_line *l)
{
	const char *day = text(want, "delivery_date"), *customer = text(want, "customer");
	struct qty quantity = QTY_NONE;

	if (!same(l->sku, text(want, "sku")) || !same(l->op, op_of(expect, want)) ||
		(customer && !same(customer, l->customer)))
		return false;
	if (day && (!date_is(l->delivery_date) || !same(day, date_str(c->arena, l->delivery_date))))
		return false;
	if (text(want, "quantity"))
		assert_true(qty_parse(text(want, "quantity"), &quantity));
	return same(l->op, "cancel") ||
	       qty_cmp(base_of(c, l->sku, l->quantity, l->unit), base_of(c, l->sku, quantity, text(want, "unit"))) == 0;
}

static bool offers(const struct reading *out, const json_t *want)
{
	const json_t *others = json_object_get(want, "candidates");

	for (size_t i = 0; i < out->lines_len; i++)
		for (size_t k = 0; !out->lines[i].accepted && k < out->lines[i].candidates_len; k++) {
			const char *sku = out->lines[i].candidates[k].sku;

			if (same(sku, text(want, "sku")))
				return true;
			for (size_t o = 0; o < json_array_size(others); o++)
				if (same(sku, json_string_value(json_array_get(others, o))))
					return true;
		}
	return false;
}

static void score_lines(struct ctx *c, const json_t *m, const struct reading *out, struct score *s)
{
	const json_t *expect = json_object_get(m, "expect"), *lines = json_object_get(expect, "lines");
	bool used[500] = { false };

	for (size_t i = 0; i < json_array_size(lines); i++) {
		const json_t *want = json_array_get(lines, i);
		bool hit = false;

		if (!json_is_true(json_object_get(want, "certain"))) {
			s->uncertain++;
			s->offered += offers(out, want);
			continue;
		}
		s->certain++;
		for (size_t k = 0; k < out->lines_len && !hit; k++)
			if (out->lines[k].accepted && !used[k] && matches(c, expect, want, &out->lines[k]))
				hit = used[k] = true;
		s->found += hit;
		if (!hit)
			print_message("%s: %s %s%s not accepted\n", text(m, "id"), text(want, "sku"),
				text(want, "quantity") ? text(want, "quantity") : "",
				text(want, "unit") ? text(want, "unit") : "");
	}
	for (size_t k = 0; k < out->lines_len; k++) {
		bool harmless = same(out->lines[k].op, "cancel") && same(text(expect, "intent"), "new");

		s->accepted += out->lines[k].accepted;
		if (out->lines[k].accepted && !used[k] && !harmless) {
			s->wrong++;
			print_message("%s: %s accepted, silently wrong\n", text(m, "id"), out->lines[k].raw);
		}
	}
}

static bool is_unresolved(const struct reading *out, const char *raw)
{
	for (size_t i = 0; i < out->unresolved_len; i++)
		if (strstr(out->unresolved[i].raw, raw) || strstr(raw, out->unresolved[i].raw))
			return true;
	return false;
}

static void score_message(struct ctx *c, const json_t *m, const struct reading *out, struct score *s)
{
	const json_t *expect = json_object_get(m, "expect"), *raws = json_object_get(expect, "unresolved");
	const char *day = date_is(out->delivery_date) ? date_str(c->arena, out->delivery_date) : NULL;

	s->messages++;
	score_lines(c, m, out, s);
	s->customer += same(out->customer, text(expect, "customer"));
	s->day += same(day, text(expect, "delivery_date"));
	s->intent += same(out->intent, text(expect, "intent"));
	if (!same(day, text(expect, "delivery_date")))
		print_message("%s: day %s, not %s\n", text(m, "id"), day ? day : "none", text(expect, "delivery_date"));
	if (!same(out->intent, text(expect, "intent")))
		print_message("%s: intent %s, not %s\n", text(m, "id"), out->intent, text(expect, "intent"));
	for (size_t i = 0; i < json_array_size(raws); i++) {
		s->unresolved++;
		s->unresolved_seen += is_unresolved(out, json_string_value(json_array_get(raws, i)));
	}
}

/* ---- files of messages ---- */

static json_t *read_jsonl(const char *path)
{
	json_t *all = json_array();
	struct arena *a = arena_new();
	size_t len;
	char *rest = market_file(a, path, &len), *line;

	while ((line = strsep(&rest, "\n")) != NULL)
		if (*line)
			json_array_append_new(all, json_loads(line, 0, NULL));
	arena_free(a);
	return all;
}

static json_t *history_of(const json_t *orders, const char *customer)
{
	json_t *own = json_array();

	for (size_t i = 0; i < json_array_size(orders); i++)
		if (same(text(json_array_get(orders, i), "customer"), customer))
			json_array_append(own, json_array_get(orders, i));
	return own;
}

static struct score score_file(const char *path, const json_t *orders, const char *folder)
{
	static struct market m;
	struct score s = { 0 };
	json_t *all = read_jsonl(path);

	market_open(&m, folder);
	for (size_t i = 0; i < json_array_size(all); i++) {
		const json_t *one = json_array_get(all, i);
		json_t *history = history_of(orders, text(one, "from_customer"));
		struct reading out;

		arena_reset(m.ctx.arena);
		ask(&m.ctx, one, history, &out);
		score_message(&m.ctx, one, &out, &s);
		json_decref(history);
	}
	market_close(&m);
	json_decref(all);
	print_message(
		"%s: %d messages, %d of %d certain lines, %d accepted, %d silently wrong, %d of %d uncertain offered, "
		"customer %d, day %d, intent %d, unresolved %d of %d\n",
		path, s.messages, s.found, s.certain, s.accepted, s.wrong, s.offered, s.uncertain, s.customer, s.day,
		s.intent, s.unresolved_seen, s.unresolved);
	return s;
}

static void our_own_messages(void **state)
{
	struct score s = score_file("src/mod/reading/test/messages.jsonl", NULL, "data/demo");

	(void)state;
	assert_true(s.messages >= 150);
	assert_int_equal(s.wrong, 0);
	assert_int_equal(s.found, s.certain);
	assert_int_equal(s.offered, s.uncertain);
	assert_int_equal(s.customer, s.messages);
	assert_int_equal(s.day, s.messages);
	assert_int_equal(s.intent, s.messages);
	assert_int_equal(s.unresolved_seen, s.unresolved);
}

/* The bars: nothing silently wrong, 97 of 100 certain lines, 95 of 100 on customer, day and intent. */
static void the_shared_messages(void **state)
{
	json_t *orders;
	struct score s;

	(void)state;
	if (access(SHARED "/messages.jsonl", R_OK) != 0)
		skip();
	orders = read_jsonl(SHARED "/history.jsonl");
	s = score_file(SHARED "/messages.jsonl", orders, SHARED);
	json_decref(orders);
	assert_int_equal(s.wrong, 0);
	assert_true(s.found * 100 >= s.certain * 97);
	assert_true(s.customer * 100 >= s.messages * 95 && s.day * 100 >= s.messages * 95 &&
		    s.intent * 100 >= s.messages * 95);
}

/* A correction is the customer's own name from then on. */
static void what_is_learnt_is_known(void **state)
{
	static struct market m;
	struct reading_in in = {
		.text = "黄心洋芋蛋2件", .customer = "C001", .history = (struct reading_order[1]){ { { 0 }, NULL, 0 } }
	};
	struct reading out;
	struct customer who;
	struct product what;
	bool found;

	(void)state;
	market_open(&m, "data/demo");
	assert_true(reading_parse(&m.ctx, &in, &out));
	assert_false(out.lines_len > 0 && out.lines[0].accepted);
	assert_true(customer_find(&m.ctx, "C001", &who, &found) && found);
	assert_true(product_find(&m.ctx, "SC0103", &what, &found) && found);
	assert_true(reading_alias_learn(&m.ctx, who.id, "黄心洋芋蛋", what.id));
	assert_true(reading_parse(&m.ctx, &in, &out));
	assert_int_equal(out.lines_len, 1);
	assert_true(out.lines[0].accepted);
	assert_string_equal(out.lines[0].sku, "SC0103");
	market_close(&m);
}

/* A product that changed is known by its new name at once. */
static void what_changed_is_known(void **state)
{
	static struct market m;
	struct reading_in in = {
		.text = "白玉土豆2件", .customer = "C001", .history = (struct reading_order[1]){ { { 0 }, NULL, 0 } }
	};
	struct product_in change = { .price = PRICE_NONE,
		.floor_price = PRICE_NONE,
		.nominal_kg = QTY_NONE,
		.min_order_qty = QTY_NONE,
		.shelf_life_days = INT64_MIN,
		.supplier_lead_days = INT64_MIN,
		.aliases = "白玉土豆" };
	struct reading out;
	struct product what;
	bool found;

	(void)state;
	market_open(&m, "data/demo");
	assert_true(reading_parse(&m.ctx, &in, &out));
	assert_false(out.lines_len > 0 && out.lines[0].accepted);
	assert_true(product_find(&m.ctx, "SC0103", &what, &found) && found);
	assert_true(product_change(&m.ctx, what.id, INT64_MIN, &change, false));
	assert_true(reading_parse(&m.ctx, &in, &out));
	assert_true(out.lines_len == 1 && out.lines[0].accepted);
	assert_string_equal(out.lines[0].sku, "SC0103");
	market_close(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(our_own_messages),
		cmocka_unit_test(the_shared_messages),
		cmocka_unit_test(what_is_learnt_is_known),
		cmocka_unit_test(what_changed_is_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
