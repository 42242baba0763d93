/* What a careful clerk would look at is never taken for sure, and nothing that was said is lost. */
#include "mod/reading/reading.h"
#include "mod/reading/test/market.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static struct market *market(void)
{
	static struct market m;

	return &m;
}

static int open_market(void **state)
{
	(void)state;
	market_open(market(), "data/demo");
	return 0;
}

static int close_market(void **state)
{
	(void)state;
	market_close(market());
	return 0;
}

/* ---- asking ---- */

static struct reading ask(struct reading_in in)
{
	struct ctx *c = &market()->ctx;
	struct reading out;

	if (in.history == NULL)
		in.history = (struct reading_order[1]){ { { 0 }, NULL, 0 } };
	assert_true(reading_parse(c, &in, &out));
	return out;
}

/* ---- who ---- */

/* The customers are known by heart only while the message is read. */
static void the_answer_outlives_what_is_known(void **state)
{
	struct reading whole, parts;
	struct app *app = market()->ctx.app;

	(void)state;
	market()->ctx.app = NULL;
	whole = ask((struct reading_in){ .text = "我是武昌陈记鱼头馆，土豆2件" });
	parts = ask((struct reading_in){ .text = "武昌陈记鱼头馆：土豆2件\n老汉口热干面馆六合店：洋葱1袋" });
	market()->ctx.app = app;
	assert_string_equal(whole.customer, "C001");
	assert_int_equal(parts.lines_len, 2);
	assert_string_equal(parts.lines[0].customer, "C001");
	assert_string_equal(parts.lines[1].customer, "C002");
}

static void who_was_erased_is_forgotten(void **state)
{
	struct reading_in in = { .text = "我是陈国平，土豆2件" };
	struct event erased = { .kind = "customer.erased", .entity = "customer" };
	struct customer who;
	struct reading r = ask(in);
	bool found;

	(void)state;
	assert_string_equal(r.customer, "C001");
	assert_true(customer_find(&market()->ctx, "C001", &who, &found) && found);
	erased.entity_id = who.id;
	assert_true(event_add(&market()->ctx, &erased));
	r = ask(in);
	assert_null(r.customer);
}

#define MARKET_TEST(f) cmocka_unit_test_setup_teardown(f, open_market, close_market)

int main(void)
{
	const struct CMUnitTest tests[] = {
		MARKET_TEST(the_answer_outlives_what_is_known),
		MARKET_TEST(who_was_erased_is_forgotten),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
