/* What a clock shows best: the days that can still be promised. */
#include "mod/catalog/test/world.h"

#include "mod/shop/shop_int.h"

static void at(struct ctx *c, const char *instant)
{
	assert_true(instant_parse(instant, &c->now));
}

/* The 24th in Wuhan; a rush is taken until 16:00, the next day until 23:30. */
static void after_the_cut_off_the_next_day_is_gone(void **state)
{
	struct ctx *c = *state;
	int32_t day = today(c).day;

	at(c, "2026-11-24T08:00:59Z");
	assert_int_equal(shop_first_day(c).day, day);
	at(c, "2026-11-24T08:01:00Z");
	assert_int_equal(shop_first_day(c).day, day + 1);
	at(c, "2026-11-24T15:30:59Z");
	assert_int_equal(shop_first_day(c).day, day + 1);
	at(c, "2026-11-24T15:31:00Z");
	assert_int_equal(shop_first_day(c).day, day + 2);
	refused(c, shop_day_check(c, (struct date){ day + 1 }), E_INVALID);
	assert_true(shop_day_check(c, (struct date){ day + 2 }));
	at(c, "2026-11-24T16:00:00Z");
	assert_int_equal(shop_first_day(c).day, day + 1);
}

static void two_weeks_ahead_are_enough(void **state)
{
	struct ctx *c = *state;
	int32_t first = shop_first_day(c).day;

	assert_true(shop_day_check(c, (struct date){ first + SHOP_DAYS - 1 }));
	refused(c, shop_day_check(c, (struct date){ first + SHOP_DAYS }), E_INVALID);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_TEST(after_the_cut_off_the_next_day_is_gone),
		WORLD_TEST(two_weeks_ahead_are_enough),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
