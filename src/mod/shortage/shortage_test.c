/* The three ways to share, by numbers alone. */
#include "mod/catalog/test/world.h"

#include "mod/shortage/shortage.h"

static struct short_line wants(int64_t milli, const char *tier, int64_t unit)
{
	return (struct short_line){ .wanted = { milli }, .tier = tier, .num = unit, .den = 1 };
}

static int64_t sum_of(const struct short_line *l, size_t len, size_t member)
{
	int64_t sum = 0;

	for (size_t i = 0; i < len; i++)
		sum += ((const struct qty *)((const char *)&l[i] + member))->milli;
	return sum;
}

static void whole_units_and_an_exact_sum(void **state)
{
	struct ctx *c = *state;
	struct short_line l[] = { wants(50000, "B", 1), wants(30000, NULL, 1), wants(20000, "A", 1) };

	shortage_ways(c->arena, l, 3, (struct qty){ 89500 });
	assert_int_equal(l[0].proportion.milli, 44500);
	assert_int_equal(l[1].proportion.milli, 27000);
	assert_int_equal(l[2].proportion.milli, 18000);
	assert_int_equal(l[0].by_time.milli, 50000);
	assert_int_equal(l[1].by_time.milli, 30000);
	assert_int_equal(l[2].by_time.milli, 9500);
	assert_int_equal(l[0].by_class.milli, 50000);
	assert_int_equal(l[1].by_class.milli, 19500);
	assert_int_equal(l[2].by_class.milli, 20000);
}

/* Twelve and a half kilos are a case: nobody gets half a case while whole ones can be given. */
static void cases_stay_whole(void **state)
{
	struct ctx *c = *state;
	struct short_line l[] = { wants(50000, "A", 1), wants(50000, "A", 1), wants(25000, "A", 1) };

	for (size_t i = 0; i < 3; i++)
		l[i].num = 25, l[i].den = 2;
	shortage_ways(c->arena, l, 3, (struct qty){ 87500 });
	assert_int_equal(l[0].proportion.milli, 37500);
	assert_int_equal(l[1].proportion.milli, 37500);
	assert_int_equal(l[2].proportion.milli, 12500);
	assert_int_equal(l[0].by_class.milli, 37500);
}

static void enough_is_enough(void **state)
{
	struct ctx *c = *state;
	struct short_line l[] = { wants(1, "A", 1), wants(2000, NULL, 3) };

	shortage_ways(c->arena, l, 2, (struct qty){ 9000 });
	assert_int_equal(l[0].proportion.milli + l[0].by_class.milli + l[0].by_time.milli, 3);
	assert_int_equal(l[1].proportion.milli + l[1].by_class.milli + l[1].by_time.milli, 6000);
	shortage_ways(c->arena, l, 2, QTY_ZERO);
	assert_int_equal(sum_of(l, 2, offsetof(struct short_line, proportion)), 0);
	shortage_ways(c->arena, l, 0, QTY_ZERO);
}

static int64_t draw(uint64_t *seed, int64_t below)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return (int64_t)(*seed >> 33) % below;
}

/* Whatever is wanted and there: the sum is exact and nobody gets more than wanted or less than nothing. */
static void any_numbers_add_up(void **state)
{
	static const char *const tiers[] = { "A", "B", "C", NULL };
	static const size_t members[] = { offsetof(struct short_line, proportion),
		offsetof(struct short_line, by_class), offsetof(struct short_line, by_time) };
	struct ctx *c = *state;
	uint64_t seed = 20261124;

	for (int round = 0; round < 2000; round++) {
		struct short_line l[12];
		size_t len;
		int64_t all = 0, amount;

		len = 1 + (size_t)draw(&seed, 12);
		for (size_t i = 0; i < len; i++) {
			l[i] = wants(1 + draw(&seed, round % 2 ? 90000 : INT32_MAX), tiers[draw(&seed, 4)],
				1 + draw(&seed, 2));
			all += l[i].wanted.milli;
		}
		amount = draw(&seed, all < INT32_MAX ? all + 1 : INT32_MAX);
		shortage_ways(c->arena, l, len, (struct qty){ amount });
		for (size_t m = 0; m < 3; m++) {
			assert_int_equal(sum_of(l, len, members[m]), amount);
			for (size_t i = 0; i < len; i++) {
				int64_t got = ((const struct qty *)((const char *)&l[i] + members[m]))->milli;
				assert_true(got >= 0 && got <= l[i].wanted.milli);
			}
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_TEST(whole_units_and_an_exact_sum),
		WORLD_TEST(cases_stay_whole),
		WORLD_TEST(enough_is_enough),
		WORLD_TEST(any_numbers_add_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
