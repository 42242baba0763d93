/* money: the numbers of the trade to the fen: reading, showing, 大写, rounding, limits. */
#include "base/money.h"

#include "base/arena.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct arena *a;

static int start(void **state)
{
	(void)state;
	a = arena_new();
	return 0;
}

static int stop(void **state)
{
	(void)state;
	arena_free(a);
	return 0;
}

static struct money yuan(const char *s)
{
	struct money m = MONEY_NONE;

	assert_true(money_parse(s, &m));
	return m;
}

static struct price price(const char *s)
{
	struct price p = PRICE_NONE;

	assert_true(price_parse(s, &p));
	return p;
}

static struct qty qty(const char *s)
{
	struct qty q = QTY_NONE;

	assert_true(qty_parse(s, &q));
	return q;
}

static void test_parse_exact(void **state)
{
	(void)state;
	assert_int_equal(yuan("12.50").fen, 1250);
	assert_int_equal(yuan("12.5").fen, 1250);
	assert_int_equal(yuan("-0.01").fen, -1);
	assert_int_equal(yuan("007").fen, 700);
	assert_int_equal(yuan("92233720368547758.07").fen, INT64_MAX);
	assert_int_equal(price("5.3425").e4, 53425);
	assert_int_equal(qty("3.125").milli, 3125);
}

static void test_parse_refuses(void **state)
{
	static const char *const bad[] = { "", "-", ".", ".5", "1.", "1.234", "1e2", "+1", " 1", "1 ", "1,000", "--1",
		"0x10", "１", "NaN", "inf", "92233720368547758.08", "99999999999999999999",
		"999999999999999999999999999999999999999999" };
	struct money m;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_false(money_parse(bad[i], &m));
}

static void test_text(void **state)
{
	(void)state;
	assert_string_equal(money_str(a, yuan("2892.6")), "2892.60");
	assert_string_equal(money_str(a, yuan("-0.05")), "-0.05");
	assert_string_equal(money_str(a, MONEY_NONE), "");
	assert_string_equal(price_str(a, price("1.2600")), "1.26");
	assert_string_equal(price_str(a, price("5.3425")), "5.3425");
	assert_string_equal(price_str(a, price("8")), "8.00");
	assert_string_equal(qty_str(a, qty("8.000")), "8");
	assert_string_equal(qty_str(a, qty("100")), "100");
	assert_string_equal(qty_str(a, qty("3.120")), "3.12");
	assert_string_equal(money_show(a, yuan("2892.60")), "2,892.60");
	assert_string_equal(money_show(a, yuan("-1234567.8")), "-1,234,567.80");
	assert_string_equal(money_show(a, yuan("999")), "999.00");
}

static const struct {
	const char *yuan, *capital;
} capitals[] = {
	/* domain.md 4.6 */
	{ "1409.50", "人民币壹仟肆佰零玖元伍角" },
	{ "6007.14", "人民币陆仟零柒元壹角肆分" },
	{ "1680.32", "人民币壹仟陆佰捌拾元零叁角贰分" },
	{ "107000.53", "人民币壹拾万柒仟元零伍角叁分" },
	{ "16409.02", "人民币壹万陆仟肆佰零玖元零贰分" },
	{ "325.04", "人民币叁佰贰拾伍元零肆分" },
	/* no yuan, whole yuan, runs of zeros */
	{ "0", "人民币零元整" },
	{ "0.05", "人民币伍分" },
	{ "0.50", "人民币伍角" },
	{ "10", "人民币壹拾元整" },
	{ "10100", "人民币壹万零壹佰元整" },
	{ "100000", "人民币壹拾万元整" },
	{ "100000001", "人民币壹亿零壹元整" },
	{ "100010000", "人民币壹亿零壹万元整" },
	{ "20000.01", "人民币贰万元零壹分" },
	{ "-12.30", "人民币负壹拾贰元叁角" },
	/* 亿 is said once for all that it counts */
	{ "1000000000000", "人民币壹万亿元整" },
	{ "1000000000001", "人民币壹万亿零壹元整" },
	{ "1000100000000", "人民币壹万零壹亿元整" },
	{ "1234500000000", "人民币壹万贰仟叁佰肆拾伍亿元整" },
	{ "10000000000000", "人民币壹拾万亿元整" },
};

static void test_capital(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(capitals); i++)
		assert_string_equal(money_capital(a, yuan(capitals[i].yuan)), capitals[i].capital);
	assert_string_equal(money_capital(a, MONEY_NONE), "");
}

static void test_sums(void **state)
{
	struct money m;
	struct qty q;

	(void)state;
	assert_true(money_add(&m, yuan("0.10"), yuan("0.20")));
	assert_int_equal(m.fen, 30);
	assert_true(money_sub(&m, yuan("1"), yuan("2.50")));
	assert_int_equal(m.fen, -150);
	assert_false(money_add(&m, (struct money){ INT64_MAX }, (struct money){ 1 }));
	assert_false(qty_sub(&q, (struct qty){ -INT64_MAX }, (struct qty){ 2 }));
	/* the lowest number would read as "not given" */
	assert_false(money_sub(&m, (struct money){ -INT64_MAX }, (struct money){ 1 }));
	assert_false(qty_add(&q, (struct qty){ -INT64_MAX }, (struct qty){ -1 }));
}

static void test_order_of_2000_lines_fits(void **state)
{
	struct money total = { 0 };

	(void)state;
	for (int i = 0; i < 2000; i++)
		assert_true(money_add(&total, total, (struct money){ MONEY_MAX }));
	assert_int_equal(total.fen, 2000 * MONEY_MAX);
}

static void test_amount_half_up(void **state)
{
	struct money m;
	struct ratio one = { 1, 1 }, jin = { 1, 2 };

	(void)state;
	assert_true(money_of(&m, price("1.26"), qty("3.125"), one)); /* 3.9375 */
	assert_int_equal(m.fen, 394);
	assert_true(money_of(&m, price("0.01"), qty("0.5"), one)); /* 0.005 */
	assert_int_equal(m.fen, 1);
	assert_true(money_of(&m, price("0.0099"), qty("0.5"), one)); /* 0.00495 */
	assert_int_equal(m.fen, 0);
	assert_true(money_of(&m, price("0.01"), qty("-0.5"), one)); /* a return mirrors the sale */
	assert_int_equal(m.fen, -1);
	/* 2.50 the 斤, 10 公斤 are 20 斤 */
	assert_true(money_of(&m, price("2.50"), qty("10"), jin));
	assert_int_equal(m.fen, 5000);
}

static void test_amount_limits(void **state)
{
	struct money m;
	struct ratio one = { 1, 1 };

	(void)state;
	assert_false(money_of(&m, (struct price){ PRICE_MAX }, (struct qty){ QTY_MAX }, one));
	assert_false(money_of(&m, PRICE_NONE, qty("1"), one));
	assert_false(money_of(&m, price("1"), QTY_NONE, one));
	assert_false(money_of(&m, (struct price){ PRICE_MAX + 1 }, qty("1"), one));
	assert_false(money_of(&m, price("1"), (struct qty){ QTY_MAX + 1 }, one));
}

static void test_weighed(void **state)
{
	struct money m;
	struct ratio kg_of_case = { 1, 5 }, jin_of_case = { 1, 10 }, one = { 1, 1 };

	(void)state;
	/* A case of nominally 5 公斤, 20.00 the 公斤: promised, weighed, and one of each. */
	assert_true(money_weighed(&m, price("20"), qty("1"), QTY_ZERO, qty("5"), kg_of_case));
	assert_int_equal(m.fen, 10000);
	assert_true(money_weighed(&m, price("20"), QTY_ZERO, qty("5.3"), qty("5"), kg_of_case));
	assert_int_equal(m.fen, 10600);
	assert_true(money_weighed(&m, price("20"), qty("1"), qty("5.3"), qty("5"), kg_of_case));
	assert_int_equal(m.fen, 20600);
	assert_true(money_weighed(&m, price("9.99"), QTY_ZERO, qty("5.305"), qty("5"), jin_of_case)); /* 105.9939 */
	assert_int_equal(m.fen, 10599);
	/* A price by the case goes with the weight too. */
	assert_true(money_weighed(&m, price("100"), QTY_ZERO, qty("5.3"), qty("5"), one));
	assert_int_equal(m.fen, 10600);
	assert_false(money_weighed(&m, price("1"), QTY_NONE, QTY_ZERO, qty("5"), one));
	assert_false(
		money_weighed(&m, (struct price){ PRICE_MAX }, QTY_ZERO, (struct qty){ QTY_MAX }, qty("0.001"), one));
	assert_false(money_weighed(&m, (struct price){ PRICE_MAX }, (struct qty){ QTY_MAX }, QTY_ZERO,
		(struct qty){ QTY_MAX }, (struct ratio){ 1, INT32_MAX }));
}

static void test_units(void **state)
{
	struct ratio jin = { 1, 2 }, box = { 12, 1 }, third = { 1, 3 };
	struct qty q;
	bool exact;

	(void)state;
	assert_true(qty_to_base(&q, qty("5"), jin, &exact));
	assert_int_equal(q.milli, 2500);
	assert_true(exact);
	assert_true(qty_from_base(&q, qty("30"), box, &exact));
	assert_int_equal(q.milli, 2500);
	assert_true(exact);
	assert_true(qty_to_base(&q, qty("1"), third, &exact));
	assert_int_equal(q.milli, 333);
	assert_false(exact);
	assert_true(qty_to_base(&q, qty("0.001"), jin, NULL)); /* 0.0005 */
	assert_int_equal(q.milli, 1);
	assert_false(qty_to_base(&q, (struct qty){ INT64_MAX }, box, NULL));
	assert_true(qty_whole(qty("8")));
	assert_false(qty_whole(qty("8.5")));
}

/* Shares taken as differences of running totals lose no fen. */
static void test_share(void **state)
{
	struct money part, before = { 0 };
	int64_t sum = 0;

	(void)state;
	for (int i = 1; i <= 3; i++) {
		assert_true(money_share(&part, yuan("100"), (struct qty){ i }, (struct qty){ 3 }));
		sum += part.fen - before.fen;
		before = part;
	}
	assert_int_equal(sum, 10000);
	assert_true(money_share(&part, yuan("0.01"), (struct qty){ 1 }, (struct qty){ 2 }));
	assert_int_equal(part.fen, 1);
}

static void test_compare(void **state)
{
	(void)state;
	assert_int_equal(money_cmp(yuan("1"), yuan("1.00")), 0);
	assert_int_equal(money_cmp((struct money){ -INT64_MAX }, (struct money){ INT64_MAX }), -1);
	assert_int_equal(price_cmp(price("2"), price("1.9999")), 1);
	assert_int_equal(qty_cmp(qty("-1"), qty("1")), -1);
	assert_int_equal(qty_min(qty("2"), qty("1.999")).milli, 1999);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse_exact),
		cmocka_unit_test(test_parse_refuses),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_capital),
		cmocka_unit_test(test_sums),
		cmocka_unit_test(test_order_of_2000_lines_fits),
		cmocka_unit_test(test_amount_half_up),
		cmocka_unit_test(test_amount_limits),
		cmocka_unit_test(test_weighed),
		cmocka_unit_test(test_units),
		cmocka_unit_test(test_share),
		cmocka_unit_test(test_compare),
	};

	return cmocka_run_group_tests_name("money", tests, start, stop);
}
