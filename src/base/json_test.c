/* json: what is written can be read by others, what is read is strict and capped. */
#include "base/json.h"

#include "base/ctx.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define SUITE "../shared/data/json/parsing"
#define BLNS  "../shared/data/strings/blns.json"

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

/* The code json_read fails with, E_NONE if it takes the text; json_valid agrees. */
static enum err_code reading(const char *data, size_t len)
{
	struct ctx c = { .arena = a };
	json_t *v = NULL;

	if (json_read(&c, data, len, &v))
		json_decref(v);
	assert_int_equal(json_valid(data, len), ok(&c));
	return c.err.code;
}

static char *file_read(const char *path, size_t *len)
{
	FILE *f = fopen(path, "rb");
	struct buf b;
	char part[4096];

	if (f == NULL)
		return NULL;
	buf_init(&b, NULL);
	buf_str(&b, "");
	while ((*len = fread(part, 1, sizeof(part), f)) > 0)
		buf_add(&b, part, *len);
	(void)fclose(f);
	*len = b.len;
	return b.data;
}

static void test_writing(void **state)
{
	struct buf b;
	struct json j;

	(void)state;
	buf_init(&b, a);
	json_start(&j, &b);
	json_obj(&j, NULL);
	json_str(&j, "name", "大白菜 \"特级\"\\\n\t\x01");
	json_str(&j, "none", NULL);
	json_int(&j, "n", -3);
	json_int(&j, "no_n", INT64_MIN);
	json_bool(&j, "yes", true);
	json_money(&j, "amount", (struct money){ 1250 });
	json_money(&j, "no_amount", MONEY_NONE);
	json_price(&j, "price", (struct price){ 53425 });
	json_qty(&j, "quantity", (struct qty){ 3125 });
	json_instant(&j, "at", (struct instant){ 0 });
	json_date(&j, "day", DATE_NONE);
	json_arr(&j, "empty");
	json_end_arr(&j);
	json_arr(&j, "rows");
	json_int(&j, NULL, 1);
	json_obj(&j, NULL);
	json_end_obj(&j);
	json_raw(&j, NULL, "[2]");
	json_end_arr(&j);
	json_nil(&j, "last");
	json_end_obj(&j);
	assert_string_equal(buf_cstr(&b),
		"{\"name\":\"大白菜 \\\"特级\\\"\\\\\\n\\u0009\\u0001\",\"none\":null,\"n\":-3,\"no_n\":null,"
		"\"yes\":true,\"amount\":\"12.50\",\"no_amount\":null,\"price\":\"5.3425\",\"quantity\":\"3."
		"125\","
		"\"at\":\"1970-01-01T00:00:00Z\",\"day\":null,\"empty\":[],\"rows\":[1,{},[2]],\"last\":"
		"null}");
}

static void test_strict(void **state)
{
	static const char *const bad[] = { "", " ", "{", "{\"a\":1,}", "[1,]", "{'a':1}", "{a:1}", "[01]", "[1] x",
		"{\"a\":1,\"a\":2}", "{\"a\":1,\"\\u0061\":2}", "\"\\u0000\"", "\"\\ud800\"", "\"\xff\"",
		"\"\xc0\x80\"", "\xef\xbb\xbf{}", "[NaN]", "[1e999]", "[99999999999999999999]", "\"\x01\"",
		"// x\n{}" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_int_equal(reading(bad[i], strlen(bad[i])), E_BAD_REQUEST);
	assert_int_equal(reading("{\"a\":[1,\"二\"]}", strlen("{\"a\":[1,\"二\"]}")), E_NONE);
	assert_int_equal(reading("null", 4), E_NONE);
	assert_int_equal(reading("[1]\0", 4), E_BAD_REQUEST);
}

/* Brackets in strings do not count; a hundred thousand of them are refused before anything is built. */
static void test_depth(void **state)
{
	const char *deep = "[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]";
	char *brackets = malloc(100000);

	(void)state;
	assert_int_equal(strspn(deep, "["), JSON_DEPTH_MAX + 1);
	assert_int_equal(reading(deep + 1, strlen(deep) - 2), E_NONE);
	assert_int_equal(reading(deep, strlen(deep)), E_BAD_REQUEST);
	assert_int_equal(reading("[\"[[[[[[[[[[\\\"[[[[[[[[[[[[[[\"]", 30), E_NONE);
	memset(brackets, '[', 100000);
	assert_int_equal(reading(brackets, 100000), E_BAD_REQUEST);
	free(brackets);
}

static void test_size(void **state)
{
	char *s = malloc(JSON_BODY_MAX + 1);

	(void)state;
	memset(s, ' ', JSON_BODY_MAX + 1);
	s[0] = '1';
	assert_int_equal(reading(s, JSON_BODY_MAX), E_NONE);
	assert_int_equal(reading(s, JSON_BODY_MAX + 1), E_TOO_LARGE);
	free(s);
}

/* The clerk who wrote the request is told where it breaks. */
static void test_place(void **state)
{
	struct ctx c = { .arena = a };
	json_t *v;

	(void)state;
	assert_false(json_read(&c, "{\n  \"a\" 1}", 10, &v));
	assert_non_null(strstr(c.err.detail, "第 2 行"));
}

/* Valid JSON that we refuse all the same: keys said twice, NUL and DEL in texts. */
static bool refused_by_choice(const char *name)
{
	static const char *const names[] = { "y_object_duplicated_key.json", "y_object_duplicated_key_and_value.json",
		"y_object_escaped_null_in_key.json", "y_string_null_escape.json", "y_string_unescaped_char_delete.json",
		"y_string_with_del_character.json" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

/* y_ must be taken, n_ must not; i_ is ours to choose, it only must not break us. */
static void suite_file(const char *name)
{
	size_t len = 0;
	char *data = file_read(arena_printf(a, SUITE "/%s", name), &len);
	enum err_code code;

	assert_non_null(data);
	code = reading(data, len);
	free(data);
	if (name[0] == 'y' && (code == E_NONE) == refused_by_choice(name))
		fail_msg("%s: %s", name, code == E_NONE ? "taken" : "refused");
	if (name[0] == 'n' && code == E_NONE)
		fail_msg("%s: taken", name);
}

static void test_suite(void **state)
{
	DIR *d = opendir(SUITE);
	int files = 0;

	(void)state;
	if (d == NULL)
		skip();
	for (struct dirent *e; (e = readdir(d)) != NULL;) {
		size_t len = strlen(e->d_name);

		if (len < 6 || strcmp(e->d_name + len - 5, ".json") != 0 || e->d_name[1] != '_')
			continue;
		suite_file(e->d_name);
		arena_reset(a);
		files++;
	}
	(void)closedir(d);
	assert_true(files > 200);
}

static void round_trip(const char *s)
{
	struct buf b;
	struct json j;
	json_t *v;

	buf_init(&b, a);
	json_start(&j, &b);
	json_arr(&j, NULL);
	json_str(&j, NULL, s);
	json_end_arr(&j);
	v = json_loadb(buf_cstr(&b), b.len, 0, NULL);
	assert_non_null(v);
	assert_string_equal(json_string_value(json_array_get(v, 0)), s);
	json_decref(v);
}

static void test_every_ascii_character(void **state)
{
	(void)state;
	for (char ch = 1; ch < 127; ch++)
		round_trip((char[]){ 'x', ch, 'y', '\0' });
	round_trip("\x7f");
}

static void test_naughty_strings(void **state)
{
	size_t len = 0, i;
	char *data = file_read(BLNS, &len);
	json_t *all, *s;

	(void)state;
	if (data == NULL)
		skip();
	all = json_loadb(data, len, 0, NULL);
	free(data);
	assert_true(json_array_size(all) > 400);
	json_array_foreach(all, i, s) round_trip(json_string_value(s));
	json_decref(all);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_writing),
		cmocka_unit_test(test_strict),
		cmocka_unit_test(test_depth),
		cmocka_unit_test(test_size),
		cmocka_unit_test(test_place),
		cmocka_unit_test(test_suite),
		cmocka_unit_test(test_every_ascii_character),
		cmocka_unit_test(test_naughty_strings),
	};

	return cmocka_run_group_tests_name("json", tests, start, stop);
}
