/* gs1: element strings as scanners send them. The published cases of the dictionary's makers are read where they are. */
#include "app/gs1.h"

#include "base/buf.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct arena *a;

static int set_up(void **state)
{
	(void)state;
	a = arena_new();
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	arena_free(a);
	return 0;
}

static void is_same(const char *seen, const char *wanted)
{
	if (wanted == NULL)
		assert_null(seen);
	else
		assert_string_equal(seen, wanted);
}

static void test_labels(void **state)
{
	static const struct {
		const char *scan, *gtin, *lot, *sscc;
		int day; /* of 2026-11 */
		int64_t grams, count;
	} rows[] = {
		{ "]C1010690123456789217261130310300127510L77", "6901234567892", "L77", NULL, 30, 1275, 0 },
		{ "010690123456789210L77\03517261100", "6901234567892", "L77", NULL, 30, 0, 0 },
		{ "\035"
		  "026901234567892003102001250\0353712",
			NULL, NULL, NULL, 0, 0, 0 },
		{ "(02)06901234567892(37)12(3102)001250", "6901234567892", NULL, NULL, 0, 12500, 12 },
		{ "00106141412345678908", NULL, NULL, "106141412345678908", 0, 0, 0 },
		{ "6901234567892", "6901234567892", NULL, NULL, 0, 0, 0 },
		{ "]E06901234567892", "6901234567892", NULL, NULL, 0, 0, 0 },
		{ "A-01-02-3", NULL, NULL, NULL, 0, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct scan s;
		const char *why;
		if (!gs1_scan(a, rows[i].scan, &s, &why)) {
			assert_null(rows[i].gtin);
			continue;
		}
		is_same(s.gtin, rows[i].gtin);
		is_same(s.lot, rows[i].lot);
		is_same(s.sscc, rows[i].sscc);
		assert_int_equal(date_is(s.expires) ? s.expires.day : 0,
			rows[i].day != 0 ? date_make(2026, 11, rows[i].day).day : 0);
		assert_int_equal(qty_is(s.net_kg) ? s.net_kg.milli : 0, rows[i].grams);
		assert_int_equal(s.count != INT64_MIN ? s.count : 0, rows[i].count);
	}
}

static void test_broken(void **state)
{
	static const char *const rows[] = { "]C1010690123456789317261130", /* check digit */
		"]C1010690123456789217261330",                             /* month */
		"]C1010690123456789217261131",                             /* day */
		"]C1010690123456789210",                                   /* no lot */
		"]C10106901234567892992x\035",                             /* fine: 99 is free text */
		"]C1059912", "]E06901234567893", "(01)6901234567892", "(10)L1(", "]" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct scan s;
		const char *why;
		if (gs1_scan(a, rows[i], &s, &why) != (i == 4))
			fail_msg("%s: %s", rows[i], why);
	}
}

static void test_scale(void **state)
{
	(void)state;
	assert_string_equal(gs1_scale_base(a, "2112345012759"), "2112345000008");
	assert_null(gs1_scale_base(a, "2112345000008"));
	assert_null(gs1_scale_base(a, "6901234567892"));
}

/* ---- the published cases ---- */

static json_t *cases(const char *name)
{
	char path[128];
	json_t *all;

	snprintf(path, sizeof(path), "../shared/data/gs1/%s", name);
	all = json_load_file(path, 0, NULL);
	if (all == NULL)
		skip();
	return all;
}

/* ^ is the separator in the published messages; it stands where a value of open length is not the last. */
static const char *message_of(const struct scan *s)
{
	struct buf b;

	buf_init(&b, a);
	for (size_t i = 0; i < s->elements_len; i++) {
		bool open = i > 0;
		for (const struct gs1_ai *k = gs1_table; k->from != NULL && open; k++)
			if (strlen(k->from) == strlen(s->elements[i - 1].ai) &&
				strcmp(k->from, s->elements[i - 1].ai) <= 0 &&
				strcmp(k->to, s->elements[i - 1].ai) >= 0)
				open = !k->fixed;
		buf_str(&b, i == 0 || open ? "^" : "");
		buf_str(&b, s->elements[i].ai);
		buf_str(&b, s->elements[i].value);
	}
	return buf_cstr(&b);
}

static void test_bracketed_cases(void **state)
{
	json_t *all = cases("ai-cases.json"), *one;
	size_t i;

	(void)state;
	json_array_foreach(all, i, one)
	{
		const char *ai = json_string_value(json_object_get(one, "ai")), *why;
		struct scan s;
		bool good = gs1_bracketed(a, ai, &s, &why);
		if (good != json_is_true(json_object_get(one, "ok")))
			fail_msg("%s: %s", ai, why);
		if (good)
			assert_string_equal(message_of(&s), json_string_value(json_object_get(one, "message")));
	}
	json_decref(all);
}

static void test_scan_cases(void **state)
{
	json_t *all = cases("scan-cases.json"), *one;
	size_t i;

	(void)state;
	json_array_foreach(all, i, one)
	{
		const char *scan = json_string_value(json_object_get(one, "scan")), *why;
		struct scan s;
		bool wanted = json_is_true(json_object_get(one, "ok"));
		/* An empty scan, an unknown symbology and FNC1 modes without data are not asked about at a picker's door. */
		if (strncmp(scan, "]C1", 3) != 0 && strncmp(scan, "]e0", 3) != 0 && strncmp(scan, "]d2", 3) != 0 &&
			strncmp(scan, "]E", 2) != 0)
			continue;
		if (gs1_scan(a, scan, &s, &why) != wanted)
			fail_msg("%s: %s", scan, why);
		if (wanted && strncmp(scan, "]E", 2) != 0)
			assert_string_equal(message_of(&s), json_string_value(json_object_get(one, "data")));
	}
	json_decref(all);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_labels),
		cmocka_unit_test(test_broken),
		cmocka_unit_test(test_scale),
		cmocka_unit_test(test_bracketed_cases),
		cmocka_unit_test(test_scan_cases),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
