/* when, clock: real days only, moments of any offset, the company's day. */
#include "base/when.h"

#include "base/arena.h"
#include "base/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define CHINA 28800

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

static struct instant at(const char *s)
{
	struct instant t = INSTANT_NONE;

	assert_true(instant_parse(s, &t));
	return t;
}

static void test_dates(void **state)
{
	static const char *const good[] = { "1900-01-01", "1970-01-01", "2000-02-29", "2024-02-29", "9999-12-31" };
	static const char *const bad[] = { "", "1899-12-31", "1900-02-29", "2026-02-29", "2026-13-01", "2026-00-10",
		"2026-04-31", "2026-1-1", "2026-11-24 ", "2026/11/24", "20261124", "10000-01-01", "２０２６-01-01" };
	struct date d;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(good); i++) {
		assert_true(date_parse(good[i], &d));
		assert_string_equal(date_str(a, d), good[i]);
	}
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_false(date_parse(bad[i], &d));
	assert_string_equal(date_str(a, DATE_NONE), "");
}

/* Every day of the range: there and back, and the weekday goes on by one. */
static void test_every_day(void **state)
{
	int y, m, day, weekday = date_weekday(date_make(1900, 1, 1));

	(void)state;
	assert_int_equal(weekday, 1);
	for (int32_t n = date_make(1900, 1, 1).day; n <= date_make(9999, 12, 31).day; n++) {
		date_ymd((struct date){ n }, &y, &m, &day);
		if (date_make(y, m, day).day != n || date_weekday((struct date){ n }) != weekday)
			fail_msg("day %d", n);
		weekday = (weekday + 1) % 7;
	}
}

static void test_moments(void **state)
{
	(void)state;
	assert_int_equal(at("1970-01-01T00:00:00Z").us, 0);
	assert_int_equal(at("2026-11-24T11:00:00+08:00").us, at("2026-11-24T03:00:00Z").us);
	assert_int_equal(at("2026-11-23T22:30:00-04:30").us, at("2026-11-24T03:00:00Z").us);
	assert_int_equal(at("1969-12-31T23:59:59.999999Z").us, -1);
	assert_int_equal(at("2026-11-24t03:00:00.5z").us - at("2026-11-24T03:00:00Z").us, 500000);
	assert_int_equal(at("2026-11-24T03:00:00.1234567Z").us % SECOND_US, 123456);
	assert_string_equal(instant_str(a, at("2026-11-24T11:00:00+08:00")), "2026-11-24T03:00:00Z");
	assert_string_equal(instant_str(a, (struct instant){ -1 }), "1969-12-31T23:59:59.999999Z");
	assert_string_equal(instant_str(a, INSTANT_NONE), "");
}

static void test_moments_refused(void **state)
{
	static const char *const bad[] = { "", "2026-11-24", "2026-11-24T03:00:00", "2026-11-24T24:00:00Z",
		"2026-11-24T03:60:00Z", "2026-11-24T03:00:61Z", "2026-11-24T03:00:00.Z", "2026-11-24T03:00Z",
		"2026-11-24T03:00:00+8:00", "2026-11-24T03:00:00+0800", "2026-11-24T03:00:00+24:00",
		"2026-11-24T03:00:00Zx", "2026-02-30T03:00:00Z" };
	struct instant t;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_false(instant_parse(bad[i], &t));
}

/* The market works at night: 01:00 in China is still yesterday in UTC. */
static void test_company_day(void **state)
{
	struct instant night = at("2026-11-24T01:00:00+08:00");

	(void)state;
	assert_string_equal(date_str(a, date_of(night, CHINA)), "2026-11-24");
	assert_string_equal(date_str(a, date_of(night, 0)), "2026-11-23");
	assert_string_equal(clock_str(a, night, CHINA), "01:00");
	assert_string_equal(instant_str(a, instant_of(date_of(night, CHINA), CHINA)), "2026-11-23T16:00:00Z");
	assert_string_equal(date_str(a, date_of((struct instant){ -1 }, 0)), "1969-12-31");
}

static void test_clock_of_day(void **state)
{
	static const char *const bad[] = { "", "3:50", "03:60", "24:01", "25:00", "03:5", "03:500", "0350" };
	int minutes;

	(void)state;
	assert_true(clock_parse("03:50", &minutes));
	assert_int_equal(minutes, 230);
	assert_true(clock_parse("24:00", &minutes));
	assert_int_equal(minutes, 1440);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_false(clock_parse(bad[i], &minutes));
}

static void test_fixed_clock(void **state)
{
	int64_t before = clock_monotonic_us();

	(void)state;
	clock_fix(42);
	assert_int_equal(clock_now().us, 42);
	clock_fix(0);
	assert_true(clock_now().us > at("2020-01-01T00:00:00Z").us);
	assert_true(clock_monotonic_us() >= before);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_dates),
		cmocka_unit_test(test_every_day),
		cmocka_unit_test(test_moments),
		cmocka_unit_test(test_moments_refused),
		cmocka_unit_test(test_company_day),
		cmocka_unit_test(test_clock_of_day),
		cmocka_unit_test(test_fixed_clock),
	};

	return cmocka_run_group_tests_name("when", tests, start, stop);
}
