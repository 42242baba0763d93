/* calendar: days off and make-up days of 2026, and years nobody announced yet. */
#include "app/calendar.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct date day(const char *s)
{
	struct date d = DATE_NONE;

	assert_true(date_parse(s, &d));
	return d;
}

static void test_holidays(void **state)
{
	(void)state;
	assert_false(day_is_work(day("2026-01-01")));
	assert_string_equal(day_holiday(day("2026-01-01")), "元旦");
	assert_string_equal(day_holiday(day("2026-10-01")), "国庆节");
	assert_false(day_is_work(day("2026-02-17")));
}

static void test_make_up_days(void **state)
{
	(void)state;
	assert_int_equal(date_weekday(day("2026-01-04")), 0);
	assert_true(day_is_work(day("2026-01-04")));
	assert_null(day_holiday(day("2026-01-04")));
}

static void test_ordinary_days(void **state)
{
	(void)state;
	assert_true(day_is_work(day("2026-11-24")));
	assert_false(day_is_work(day("2026-11-28")));
	assert_null(day_holiday(day("2026-11-28")));
	assert_true(day_is_work(day("2031-01-01")));
	assert_null(day_holiday(day("2031-01-01")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_holidays),
		cmocka_unit_test(test_make_up_days),
		cmocka_unit_test(test_ordinary_days),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
