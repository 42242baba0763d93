/* Numbers, amounts and prices by themselves; and the public cases of ../shared/data/text where those are there, as far as
 * they are about what orders say: numbers from 0 on, weights, yuan. The levels must not sink. */
#include "mod/reading/reading_int.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define CASES "../shared/data/text/"

static int set_up(void **state)
{
	*state = arena_new();
	return 0;
}

static int tear_down(void **state)
{
	arena_free(*state);
	return 0;
}

/* The whole text is one number of that value; NULL: none begins there. */
static bool number_is(struct arena *a, const char *text, const char *value)
{
	struct rtext t = rtext_of(a, text);
	struct number n;
	struct qty want;
	uint32_t len = number_at(&t, 0, &n);

	if (value == NULL)
		return len == 0;
	return len == t.len && qty_parse(value, &want) && n.milli == want.milli;
}

static bool amount_is(struct arena *a, const char *text, const char *value, const char *unit)
{
	struct rtext t = rtext_of(a, text);
	struct amount n;
	struct qty want;
	uint32_t len = amount_at(&t, NULL, 0, &n);

	return len == t.len && qty_parse(value, &want) && n.n.milli == want.milli &&
	       strcmp(unit, rtext_raw(a, &t, n.unit_from, n.unit_to)) == 0;
}

static bool price_is_read(struct arena *a, const char *text, const char *value)
{
	struct rtext t = rtext_of(a, text);
	struct quote q;
	struct price want;
	uint32_t len = quote_at(&t, NULL, 0, &q);

	return len == t.len && price_parse(value, &want) && q.price.e4 == want.e4;
}

static void numerals(void **state)
{
	static const char *const cases[][2] = { { "12", "12" }, { "１２", "12" }, { "1.5", "1.5" }, { "1,200", "1200" },
		{ "½", "0.5" }, { "1½", "1.5" }, { "1/4", "0.25" }, { "四分之三", "0.75" }, { "十", "10" },
		{ "十五", "15" }, { "二十", "20" }, { "廿五", "25" }, { "一百二", "120" }, { "一百零二", "102" },
		{ "一百二十", "120" }, { "两千五", "2500" }, { "两千零五", "2005" }, { "一千两百", "1200" },
		{ "一万二", "12000" }, { "三万五千", "35000" }, { "2千", "2000" }, { "2千5", "2500" },
		{ "1.5万", "15000" }, { "3百", "300" }, { "贰拾叁", "23" }, { "一点五", "1.5" }, { "零点二五", "0.25" },
		{ "二零零", "200" }, { "〇", "0" } };

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		if (!number_is(*state, cases[i][0], cases[i][1]))
			fail_msg("%s is not read as %s", cases[i][0], cases[i][1]);
	assert_true(number_is(*state, "斤", NULL));
}

static void what_is_not_sure(void **state)
{
	static const char *const cases[] = { "十来", "二十多", "十几", "两三", "三五", "七八", "二三十", "3-5", "3~5",
		"三到五", "几", "好几", "百八十", "二百三四十", "上百" };

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct rtext t = rtext_of(*state, cases[i]);
		struct number n;

		if (number_at(&t, 0, &n) != t.len || !n.approx)
			fail_msg("%s is taken for exact", cases[i]);
	}
}

/* More than anybody orders is no number, however it is written; nothing wraps around. */
static void too_much(void **state)
{
	static const char *const cases[] = { "一二三四五六七八九一二三四五万", "九千万亿亿",
		"九九九九九九九九九九九九九九九九九九", "99999999999999" };
	struct rtext t = rtext_of(*state, "9亿999999999999万");
	struct number n;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		if (!number_is(*state, cases[i], NULL))
			fail_msg("%s is taken for a number", cases[i]);
	assert_int_equal(number_at(&t, 0, &n), 2);
	assert_true(n.milli == INT64_C(900000000000));
	assert_true(number_is(*state, "四亿五千万", "450000000"));
}

static void amounts(void **state)
{
	static const char *const cases[][3] = { { "3斤", "3", "斤" }, { "半斤", "0.5", "斤" },
		{ "一箱半", "1.5", "箱" }, { "三斤二两", "3.2", "斤" }, { "二两", "2", "两" }, { "十两", "10", "两" },
		{ "一两半", "1.5", "两" }, { "两个半箱", "2.5", "箱" }, { "12 桶", "12", "桶" },
		{ "半打", "0.5", "打" }, { "1/2件", "0.5", "件" }, { "2.5KG", "2.5", "KG" }, { "八斤半", "8.5", "斤" },
		{ "2 cases", "2", "cases" }, { "俩袋", "2", "袋" } };

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		if (!amount_is(*state, cases[i][0], cases[i][1], cases[i][2]))
			fail_msg("%s is not read as %s %s", cases[i][0], cases[i][1], cases[i][2]);
}

static void prices(void **state)
{
	static const char *const cases[][2] = { { "@5.0", "5.00" }, { "3块2一斤", "3.20" }, { "3块2", "3.20" },
		{ "3.2元/斤", "3.20" }, { "每斤3.2", "3.20" }, { "一斤3块2", "3.20" }, { "7毛5", "0.75" },
		{ "五毛", "0.50" }, { "十块五一斤", "10.50" }, { "三块零五", "3.05" }, { "176一桶", "176.00" },
		{ "单价1.4", "1.40" }, { "¥12.5", "12.50" }, { "两块五毛钱", "2.50" } };

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		if (!price_is_read(*state, cases[i][0], cases[i][1]))
			fail_msg("%s is not read as %s", cases[i][0], cases[i][1]);
}

static void days(void **state)
{
	/* It is Tuesday, 2026-11-24, eight in the evening. */
	static const char *const cases[][2] = { { "明天", "2026-11-25" }, { "明早", "2026-11-25" },
		{ "大后天", "2026-11-27" }, { "周五", "2026-11-27" }, { "下周三", "2026-12-02" },
		{ "下下周一", "2026-12-07" }, { "28号", "2026-11-28" }, { "3号", "2026-12-03" },
		{ "11月30日", "2026-11-30" }, { "11/30送", "2026-11-30" }, { "元旦", "2027-01-01" },
		{ "元旦前", "2026-12-31" }, { "今晚凌晨1点", "2026-11-25" }, { "明天凌晨2点前", "2026-11-25" },
		{ "2026年12月1日", "2026-12-01" }, { "三天后", "2026-11-27" }, { "tomorrow", "2026-11-25" },
		{ "friday", "2026-11-27" }, { "nov 28", "2026-11-28" }, { "星期日", "2026-11-29" },
		{ "春节前", "2027-02-05" } };
	struct date today = date_make(2026, 11, 24);
	struct when w;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct rtext t = rtext_of(*state, cases[i][0]);

		if (!when_at(&t, 0, today, 20, &w) || !date_is(w.day) ||
			strcmp(date_str(*state, w.day), cases[i][1]) != 0)
			fail_msg("%s is not %s", cases[i][0], cases[i][1]);
	}
}

/* ---- the public cases ---- */

static json_t *load(const char *name)
{
	char path[300];
	json_t *all;

	snprintf(path, sizeof(path), CASES "%s", name);
	if (access(path, R_OK) != 0)
		skip();
	all = json_load_file(path, 0, NULL);
	if (all == NULL) { /* a byte order mark before it */
		FILE *f = fopen(path, "r");

		assert_non_null(f);
		assert_int_equal(fseek(f, 3, SEEK_SET), 0);
		all = json_loadf(f, 0, NULL);
		fclose(f);
	}
	assert_non_null(all);
	return all;
}

static const char *text(const json_t *o, const char *key)
{
	return json_string_value(json_object_get(o, key));
}

static bool fits(const char *value)
{
	struct qty q;

	return value && qty_parse(value, &q) && q.milli >= 0;
}

static void level(const char *what, int passed, int of, int least)
{
	print_message("%s: %d of %d\n", what, passed, of);
	assert_true(passed >= least);
}

/* One number that is the whole text. */
static void recognizers_numbers(void **state)
{
	json_t *all = load("recognizers/Number-NumberModel.json");
	int passed = 0, of = 0;

	for (size_t i = 0; i < json_array_size(all); i++) {
		const json_t *one = json_array_get(all, i), *results = json_object_get(one, "Results"),
			     *first = json_array_get(results, 0);
		const char *value = text(json_object_get(first, "Resolution"), "value"), *input = text(one, "Input");

		if (json_array_size(results) != 1 || strcmp(text(first, "Text"), input) != 0 || !fits(value) ||
			strchr(input, ' '))
			continue;
		of++;
		if (number_is(*state, input, value))
			passed++;
		else
			print_message("  %s = %s\n", input, value);
	}
	json_decref(all);
	level("recognizers numbers", passed, of, 70);
}

static void duckling_numerals(void **state)
{
	json_t *all = load("duckling-numeral-zh.json");
	int passed = 0, of = 0;

	for (size_t i = 0; i < json_array_size(all); i++) {
		const json_t *one = json_array_get(all, i), *texts = json_object_get(one, "texts");
		const char *value = strchr(text(one, "value"), ' ') + 1;

		for (size_t k = 0; fits(value) && k < json_array_size(texts); k++) {
			of++;
			if (number_is(*state, json_string_value(json_array_get(texts, k)), value))
				passed++;
			else
				print_message("  %s = %s\n", json_string_value(json_array_get(texts, k)), value);
		}
	}
	json_decref(all);
	level("duckling numerals", passed, of, 79);
}

static void duckling_money(void **state)
{
	json_t *all = load("duckling-amountofmoney-zh.json");
	int passed = 0, of = 0;

	for (size_t i = 0; i < json_array_size(all); i++) {
		const json_t *one = json_array_get(all, i), *texts = json_object_get(one, "texts");
		const char *value = text(one, "value");

		if (strncmp(value, "simple Dollar ", 14) != 0)
			continue;
		for (size_t k = 0; k < json_array_size(texts); k++) {
			of++;
			if (price_is_read(*state, json_string_value(json_array_get(texts, k)), value + 14))
				passed++;
			else
				print_message("  %s = %s\n", json_string_value(json_array_get(texts, k)), value + 14);
		}
	}
	json_decref(all);
	level("duckling money in yuan", passed, of, 3);
}

/* Weights of the trade and yuan, wherever they stand in the text. */
static void recognizers_units(void **state)
{
	json_t *all = load("recognizers/NumberWithUnit-DimensionModel.json");
	int passed = 0, of = 0;

	for (size_t i = 0; i < json_array_size(all); i++) {
		const json_t *first = json_array_get(json_object_get(json_array_get(all, i), "Results"), 0);
		const char *unit = text(json_object_get(first, "Resolution"), "unit"), *raw = text(first, "Text");
		struct rtext t;
		struct amount n;
		struct qty want;

		if (!unit || (strcmp(unit, "Jin") != 0 && strcmp(unit, "Liang") != 0 && strcmp(unit, "Kilogram") != 0))
			continue;
		of++;
		t = rtext_of(*state, raw);
		if (amount_at(&t, NULL, 0, &n) == t.len &&
			qty_parse(text(json_object_get(first, "Resolution"), "value"), &want) &&
			n.n.milli == want.milli)
			passed++;
		else
			print_message("  %s\n", raw);
	}
	json_decref(all);
	level("recognizers weights", passed, of, 5);
}

static void recognizers_yuan(void **state)
{
	json_t *all = load("recognizers/NumberWithUnit-CurrencyModel.json");
	int passed = 0, of = 0;

	for (size_t i = 0; i < json_array_size(all); i++) {
		const json_t *results = json_object_get(json_array_get(all, i), "Results"), *one;
		size_t k;

		json_array_foreach(results, k, one)
		{
			const json_t *what = json_object_get(one, "Resolution");

			if (!text(what, "unit") || strcmp(text(what, "unit"), "Chinese yuan") != 0 ||
				!fits(text(what, "value")))
				continue;
			of++;
			if (price_is_read(*state, text(one, "Text"), text(what, "value")))
				passed++;
			else
				print_message("  %s = %s\n", text(one, "Text"), text(what, "value"));
		}
	}
	json_decref(all);
	level("recognizers yuan", passed, of, 4);
}

#define NUMBER_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		NUMBER_TEST(numerals),
		NUMBER_TEST(what_is_not_sure),
		NUMBER_TEST(too_much),
		NUMBER_TEST(amounts),
		NUMBER_TEST(prices),
		NUMBER_TEST(days),
		NUMBER_TEST(recognizers_numbers),
		NUMBER_TEST(duckling_numerals),
		NUMBER_TEST(duckling_money),
		NUMBER_TEST(recognizers_units),
		NUMBER_TEST(recognizers_yuan),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
