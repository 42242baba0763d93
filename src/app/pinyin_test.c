/* pinyin: readings, keys, and how often the initials of real words come out right. */
#include "app/pinyin.h"

#include "base/arena.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int setup(void **state)
{
	*state = arena_new();
	return 0;
}

static int teardown(void **state)
{
	arena_free(*state);
	return 0;
}

static void test_readings(void **state)
{
	struct arena *a = *state;

	assert_string_equal(pinyin_full(a, "西红柿"), "xihongshi");
	assert_string_equal(pinyin_initials(a, "西红柿"), "xhs");
	assert_string_equal(pinyin_full(a, "长沙银行"), "changshayinhang");
	assert_string_equal(pinyin_full(a, "重庆店长"), "chongqingdianzhang");
	assert_string_equal(pinyin_full(a, "厦门"), "xiamen");
	assert_string_equal(pinyin_full(a, "绿豆"), "lvdou");
	assert_string_equal(pinyin_full(a, ""), "");
}

static void test_other_characters(void **state)
{
	struct arena *a = *state;

	assert_string_equal(pinyin_full(a, "可乐 500ML（Ａ）"), "kele500ml(a)");
	assert_string_equal(pinyin_initials(a, "可乐 500ML"), "kl500ml");
	assert_string_equal(name_fold(a, " 可乐　ＸＬ"), "可乐xl");
	assert_string_equal(pinyin_full(a, "é😀\xFF!"), "!");
}

static bool has(const char **keys, size_t len, const char *key)
{
	for (size_t i = 0; i < len; i++)
		if (strcmp(keys[i], key) == 0)
			return true;
	return false;
}

static void test_keys(void **state)
{
	const char **keys;
	size_t len = name_keys(*state, "大红西红柿", &keys);

	assert_int_equal(len, 15);
	assert_true(has(keys, len, "大红西红柿") && has(keys, len, "dhxhs") && has(keys, len, "dahongxihongshi"));
	assert_true(has(keys, len, "西红柿") && has(keys, len, "xhs") && has(keys, len, "xihongshi"));
	assert_true(has(keys, len, "柿") && has(keys, len, "s") && has(keys, len, "shi"));
}

static void test_keys_of_words(void **state)
{
	const char **keys;
	size_t len = name_keys(*state, "XO Sauce 5L", &keys);

	assert_int_equal(len, 3);
	assert_true(has(keys, len, "xosauce5l") && has(keys, len, "sauce5l") && has(keys, len, "5l"));
	assert_int_equal(name_keys(*state, " ！", &keys), 0);
}

/* A suffix keeps the reading it has in the whole name. */
static void test_keys_keep_readings(void **state)
{
	const char **keys;
	size_t len = name_keys(*state, "武汉银行", &keys);

	assert_true(has(keys, len, "hang") && !has(keys, len, "xing"));
}

static void test_keys_are_limited(void **state)
{
	char name[3 * 200 + 1] = "";
	const char **keys;
	size_t len;

	for (int i = 0; i < 200; i++)
		strcat(name, i % 2 ? "装" : "双");
	len = name_keys(*state, name, &keys);
	assert_int_equal(len, NAME_KEYS_MAX);
	for (size_t i = 0; i < len; i++)
		assert_true(strlen(keys[i]) <= NAME_KEY_BYTES_MAX);
	assert_int_equal(strlen(keys[0]), 60);
}

/* Lines are word, pinyin, initials; the share that comes out right, in 1/1000, -1 without the file. */
static int accuracy(struct arena *a, const char *path)
{
	FILE *in = fopen(path, "r");
	char line[300];
	int all = 0, right = 0;

	if (in == NULL)
		return -1;
	while (fgets(line, sizeof(line), in)) {
		char *rest = line, *word = strsep(&rest, "\t"), *want = rest ? strrchr(rest, '\t') : NULL;

		if (want == NULL)
			continue;
		want[1 + strcspn(want + 1, "\n")] = '\0';
		all++;
		if (strcmp(pinyin_initials(a, word), want + 1) == 0)
			right++;
		else if (getenv("PINYIN_SHOW"))
			printf("%s: %s, not %s\n", word, want + 1, pinyin_initials(a, word));
	}
	fclose(in);
	printf("%s: initials of %d of %d words are right\n", path, right, all);
	return all ? right * 1000 / all : -1;
}

static void test_food_words(void **state)
{
	int right = accuracy(*state, "../shared/data/pinyin/food-words.tsv");

	if (right < 0)
		skip();
	assert_true(right >= 990);
}

/* Words picked because a table of characters gets every one of them wrong. */
static void test_polyphone_words(void **state)
{
	int right = accuracy(*state, "../shared/data/pinyin/polyphone-words.tsv");

	if (right < 0)
		skip();
	assert_true(right >= 300);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
		T(test_readings),
		T(test_other_characters),
		T(test_keys),
		T(test_keys_of_words),
		T(test_keys_keep_readings),
		T(test_keys_are_limited),
		T(test_food_words),
		T(test_polyphone_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
