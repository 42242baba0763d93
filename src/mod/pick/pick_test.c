/* Stock confirmed and short, waves, picks answered and short, and that nothing is lost on the way. */
#include "mod/ship/test/company.h"

#include "app/sscc.h"
#include "gen/pick_sql.h"
#include "gen/ship_sql.h"
#include "mod/pick/pick_int.h"

static int64_t broken_n(struct ctx *c)
{
	int64_t all = 0;

	assert_true(ledger_flush(c, *db_user(c->db)));
	for (const struct module *const *m = modules; *m != NULL; m++)
		for (const struct check *k = (*m)->checks; k != NULL && k->name != NULL; k++) {
			int64_t counted, broken = 0;
			const char *first = NULL;
			assert_true(k->count(c, &counted, &broken, &first));
			if (broken)
				print_message("  BROKEN %d %s: %s\n", k->invariant, k->name, first ? first : "");
			all += broken;
		}
	return all;
}

static void start(struct ctx *c, struct order *o)
{
	product_with_stock(c, "apple");
	product_with_stock(c, "pear");
	customer_with_limit(c, "10000");
	approved_order(c, o);
}

static bool tell_short(struct ctx *c, const struct order *o, const char *n)
{
	struct short_in s = { 1, world_qty(n), "rotten" };
	struct confirm_in in = { &s, 1 };
	return pick_confirm_stock(c, o->id, &in);
}

static void road(void **state)
{
	struct ctx *c = *state;
	struct order o;
	struct wave w;
	struct confirm_in none = { 0 };
	start(c, &o);
	assert_true(pick_confirm_stock(c, o.id, &none) && wave_release(c, &o.id, 1, &w));
	for (int64_t i = 1; i <= 2; i++) {
		struct answer_in a = { .quantity = w.picks[0].lines[i - 1].quantity,
			.scan = w.picks[0].lines[i - 1].sku,
			.gross_kg = QTY_NONE,
			.tare_kg = QTY_NONE,
			.net_kg = QTY_NONE,
			.crates = INT64_MIN };
		assert_true(pick_answer(c, w.picks[0].id, i, &a));
	}
	assert_true(pick_done(c, w.picks[0].id));
	refused(c, pick_done(c, w.picks[0].id), E_CONFLICT);
	assert_int_equal(broken_n(c), 0);
}
static void short_in_open_pick(void **state)
{
	struct ctx *c = *state;
	struct order o;
	struct wave w;
	struct confirm_in none = { 0 };
	start(c, &o);
	assert_true(pick_confirm_stock(c, o.id, &none) && wave_release(c, &o.id, 1, &w));
	refused(c, tell_short(c, &o, "4"), E_CONFLICT);
	assert_int_equal(broken_n(c), 0);
}
static void retry_takes_it_back(void **state)
{
	struct ctx *c = *state;
	struct order o;
	start(c, &o);
	assert_true(tell_short(c, &o, "4"));
	assert_true(pick_ticks[0].run(c));
	assert_true(pick_settle_shortage(c, o.id, SD_CUT));
	assert_true(order_get_full(c, o.id, &o));
	assert_int_equal(o.lines[0].cancelled.milli, 4000);
}
static void confirm_over_open_shortage(void **state)
{
	struct ctx *c = *state;
	struct order o;
	struct confirm_in none = { 0 };
	start(c, &o);
	assert_true(tell_short(c, &o, "4"));
	refused(c, pick_confirm_stock(c, o.id, &none), E_CONFLICT);
}
static void wait_waits(void **state)
{
	struct ctx *c = *state;
	struct order o;
	struct confirm_in none = { 0 };
	start(c, &o);
	assert_true(tell_short(c, &o, "4") && pick_settle_shortage(c, o.id, SD_WAIT));
	refused(c, pick_confirm_stock(c, o.id, &none), E_CONFLICT);
}
static void held_is_not_served(void **state)
{
	struct ctx *c = *state;
	struct order o;
	start(c, &o);
	assert_true(tell_short(c, &o, "4") && order_get_full(c, o.id, &o));
	o.hold_reason = "credit";
	assert_true((c->actor = &reviewer, order_move(c, &o, OE_HOLD, INT64_MIN, NULL)));
	assert_true(pick_ticks[0].run(c) && order_get_full(c, o.id, &o));
	assert_int_equal(o.lines[0].reserved.milli, 6000);
}
static void settle_without_shortage(void **state)
{
	struct ctx *c = *state;
	struct order o;
	start(c, &o);
	refused(c, pick_settle_shortage(c, o.id, SD_SPLIT), E_CONFLICT);
}
static void split_rest_is_listed(void **state)
{
	struct ctx *c = *state;
	struct order o;
	struct wave w;
	struct pick_order *rows;
	size_t n, hit = 0;
	start(c, &o);
	assert_true(tell_short(c, &o, "4") && pick_settle_shortage(c, o.id, SD_SPLIT) && wave_release(c, &o.id, 1, &w));
	for (int64_t i = 1; i <= (int64_t)w.picks[0].lines_len; i++) {
		struct answer_in a = { .quantity = w.picks[0].lines[i - 1].quantity,
			.gross_kg = QTY_NONE,
			.tare_kg = QTY_NONE,
			.net_kg = QTY_NONE,
			.crates = INT64_MIN };
		assert_true(pick_answer(c, w.picks[0].id, i, &a));
	}
	assert_true(pick_done(c, w.picks[0].id) && pick_ticks[0].run(c));
	assert_true(pick_waiting(c, 200, &rows, &n));
	for (size_t i = 0; i < n; i++)
		hit += rows[i].id == o.id;
	assert_int_equal(hit, 1);
}
/* A million kilos were typed for a case; ten thousand cases are more than a quantity holds. */
static void nominal_beyond_all(void **state)
{
	struct pick_line l = { .nominal_kg = { INT64_C(1000000000) } };

	(void)state;
	assert_int_equal(pick_nominal(&l, (struct qty){ 1000 }).milli, INT64_C(1000000000));
	assert_int_equal(pick_nominal(&l, (struct qty){ 10000000 }).milli, QTY_MAX);
	l.nominal_kg.milli = QTY_MAX;
	assert_int_equal(pick_nominal(&l, (struct qty){ QTY_MAX }).milli, QTY_MAX);
}
int main(void)
{
	const struct CMUnitTest tests[] = { WORLD_TEST(road), WORLD_TEST(short_in_open_pick),
		WORLD_TEST(retry_takes_it_back), WORLD_TEST(confirm_over_open_shortage), WORLD_TEST(wait_waits),
		WORLD_TEST(held_is_not_served), WORLD_TEST(settle_without_shortage), WORLD_TEST(split_rest_is_listed),
		cmocka_unit_test(nominal_beyond_all) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
