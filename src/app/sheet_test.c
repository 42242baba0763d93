/* sheet: the cases of others, our own odd ones, and what must be refused. */
#include "app/sheet.h"

#include "app/xlsx_value.h"
#include "base/ctx.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>
#include <dirent.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define OURS   "src/app/test/sheet/"
#define SHARED "../shared/data/"

static int setup(void **state)
{
	struct ctx *c = calloc(1, sizeof(*c));

	c->arena = arena_new();
	*state = c;
	return 0;
}

static int teardown(void **state)
{
	struct ctx *c = *state;

	arena_free(c->arena);
	free(c);
	return 0;
}

static char *load(struct ctx *c, const char *path, size_t *len)
{
	FILE *in = fopen(path, "rb");
	char *data = arena_alloc(c->arena, 1 << 20);

	if (in == NULL)
		return NULL;
	*len = fread(data, 1, 1 << 20, in);
	fclose(in);
	return data;
}

static bool read_file(struct ctx *c, const char *path, struct sheet *out)
{
	size_t len;
	char *data = load(c, path, &len);

	c->err = (struct err){ .code = E_NONE };
	if (data == NULL)
		skip();
	return sheet_read(c, path, data, len, out);
}

static bool read_text(struct ctx *c, const char *s, struct sheet *out)
{
	c->err = (struct err){ .code = E_NONE };
	return sheet_read(c, "test.csv", s, strlen(s), out);
}

static void assert_row(const struct sheet *t, size_t row, size_t number, const char *joined)
{
	char line[1000] = "";

	assert_true(row < t->rows_len);
	for (size_t i = 0; i < t->cols; i++) {
		strcat(line, i ? "|" : "");
		strcat(line, t->rows[row].cells[i]);
	}
	assert_string_equal(line, joined);
	assert_int_equal(t->rows[row].number, number);
}

/* ---- text files ---- */

static void test_delimiters(void **state)
{
	struct sheet t;

	assert_true(read_text(*state, "a,b\n1,\"x;y;z\"\n", &t));
	assert_row(&t, 0, 2, "1|x;y;z");
	assert_true(read_text(*state, "a;b\r\n1,5;2\r\n", &t));
	assert_row(&t, 0, 2, "1,5|2");
	assert_true(read_text(*state, "a\tb\n1\t2", &t));
	assert_row(&t, 0, 2, "1|2");
	assert_true(read_text(*state, "sep=;\na;b\n1;2\n", &t));
	assert_row(&t, 0, 3, "1|2");
}

static void test_quotes_and_gaps(void **state)
{
	struct sheet t;

	assert_true(read_text(*state, "\n\na,b,c\n\n1,\"say \"\"hi\"\"\r\nthere\"\n,,\n 2 ,\xE3\x80\x80x,3,4\n", &t));
	assert_int_equal(t.head_number, 3);
	assert_int_equal(t.cols, 4);
	assert_string_equal(t.head[3], "");
	assert_row(&t, 0, 5, "1|say \"hi\"\nthere||");
	assert_row(&t, 1, 7, "2|x|3|4");
	assert_int_equal(t.rows_len, 2);
}

static void test_encodings(void **state)
{
	static const char utf16[] = "\xFF\xFET\x57,\0\x31\0"; /* 坔,1 */
	struct ctx *c = *state;
	struct sheet t;

	assert_true(read_text(c, "\xEF\xBB\xBF品名,数量\n", &t));
	assert_string_equal(t.head[0], "品名");
	assert_true(read_text(c, "\xC6\xB7\xC3\xFB,\xCA\xFD\xC1\xBF\n", &t)); /* the same in GB18030 */
	assert_string_equal(t.head[1], "数量");
	assert_true(sheet_read(c, "u.csv", utf16, 8, &t));
	assert_string_equal(t.head[0], "坔");
}

static void test_refused_text(void **state)
{
	struct ctx *c = *state;
	struct sheet t;

	assert_false(read_text(c, "", &t));
	assert_false(read_text(c, "\n\n ,\n", &t));
	assert_false(read_text(c, "a,\"b\n1,2\n", &t));
	assert_false(read_text(c, "a,b\x01\n", &t));
	assert_false(read_text(c, "a,\xFF\xFF\n", &t));
	assert_int_equal(c->err.code, E_INVALID);
	c->err = (struct err){ .code = E_NONE };
	assert_false(sheet_read(c, "x", "a\0b", 3, &t));
	c->err = (struct err){ .code = E_NONE };
	assert_false(sheet_read(c, "x", "\xD0\xCF\x11\xE0....", 8, &t));
}

static void test_too_wide(void **state)
{
	struct ctx *c = *state;
	char wide[2 * SHEET_COLS_MAX + 3];
	struct sheet t;

	for (size_t i = 0; i < sizeof(wide) - 1; i++)
		wide[i] = i % 2 ? ',' : 'x';
	wide[sizeof(wide) - 1] = '\0';
	assert_false(read_text(c, wide, &t));
	assert_int_equal(c->err.code, E_TOO_LARGE);
}

/* Line ends aside, which become \n here. */
static void same_text(const char *want, const char *got)
{
	assert_non_null(want);
	for (; *want; want++)
		if (*want != '\r')
			assert_int_equal(*want, *got++);
	assert_int_equal(*got, '\0');
}

/* Every file of csv-spectrum says as JSON what is in it. */
static void spectrum_one(struct ctx *c, const char *name)
{
	const char *base = arena_printf(c->arena, SHARED "csv/spectrum/%.*s", (int)strlen(name) - 4, name);
	json_t *want = json_load_file(arena_printf(c->arena, "%s.json", base), 0, NULL);
	struct sheet t;

	assert_true(read_file(c, arena_printf(c->arena, "%s.csv", base), &t));
	assert_int_equal(json_array_size(want), t.rows_len);
	for (size_t r = 0; r < t.rows_len; r++)
		for (size_t i = 0; i < t.cols; i++)
			same_text(json_string_value(json_object_get(json_array_get(want, r), t.head[i])),
				t.rows[r].cells[i]);
	json_decref(want);
}

static void each_file(struct ctx *c, const char *dir, const char *ending, void (*one)(struct ctx *, const char *))
{
	DIR *d = opendir(dir);
	struct dirent *e;

	if (d == NULL)
		skip();
	while ((e = readdir(d)) != NULL)
		if (strlen(e->d_name) > 5 && strcmp(e->d_name + strlen(e->d_name) - strlen(ending), ending) == 0)
			one(c, e->d_name);
	closedir(d);
}

static void test_spectrum(void **state)
{
	each_file(*state, SHARED "csv/spectrum", ".csv", spectrum_one);
}

/* ---- XLSX ---- */

static void calamine_one(struct ctx *c, const char *name)
{
	struct sheet t;

	if (read_file(c, arena_printf(c->arena, SHARED "xlsx/calamine/%s", name), &t))
		assert_true(t.cols >= 1 && t.cols <= SHEET_COLS_MAX);
	else
		assert_true(c->err.code == E_INVALID || c->err.code == E_TOO_LARGE);
	if (getenv("SHEET_SHOW"))
		printf("%-40s %s %zu\n", name, c->err.code ? c->err.detail : "read", c->err.code ? 0 : t.rows_len);
}

static void test_calamine(void **state)
{
	each_file(*state, SHARED "xlsx/calamine", ".xlsx", calamine_one);
}

static void test_dates(void **state)
{
	struct sheet t;

	assert_true(read_file(*state, OURS "dates.xlsx", &t));
	assert_string_equal(t.head[0], "日期");
	assert_row(&t, 0, 2, "2026-11-24|2026-11-24 05:30|05:30|0.3|6901234567892|TRUE");
}

static void test_dates_1904(void **state)
{
	struct sheet t;

	assert_true(read_file(*state, OURS "dates_1904.xlsx", &t));
	assert_row(&t, 0, 2, "2026-11-24|2026-11-24 05:30|05:30|0.3|6901234567892|TRUE");
}

static void test_odd_cells(void **state)
{
	struct sheet t;

	assert_true(read_file(*state, OURS "odd.xlsx", &t));
	assert_row(&t, 0, 2, "根茎类|土豆|10|#N/A");
	assert_row(&t, 1, 3, "根茎类|红薯\n烟薯|2.5|FALSE");
	assert_row(&t, 2, 5, "|藕|1200000|2026-11-24");
}

static void test_refused_xlsx(void **state)
{
	struct ctx *c = *state;
	struct sheet t;

	assert_false(read_file(c, OURS "doctype.xlsx", &t));
	assert_int_equal(c->err.code, E_INVALID);
	assert_false(read_file(c, OURS "bomb.xlsx", &t));
	assert_int_equal(c->err.code, E_TOO_LARGE);
	assert_false(read_file(c, OURS "cut.xlsx", &t));
	assert_int_equal(c->err.code, E_INVALID);
}

static void test_order_files(void **state)
{
	struct sheet t;

	assert_true(read_file(*state, SHARED "wholesale/files/f1-canteen.csv", &t));
	assert_true(t.rows_len > 0);
	assert_true(read_file(*state, SHARED "wholesale/files/f2-restaurant.xlsx", &t));
	assert_true(t.rows_len > 0);
}

static void test_demo_data(void **state)
{
	struct sheet t;

	assert_true(read_file(*state, "data/demo/products.csv", &t));
	assert_int_equal(t.rows_len, 352);
	assert_string_equal(t.head[0], "sku");
}

/* ---- values ---- */

static void number(struct ctx *c, const char *v, const char *shown)
{
	assert_string_equal(number_shown(c->arena, v, SHOWN_NUMBER, false), shown);
}

static void test_numbers(void **state)
{
	struct ctx *c = *state;

	number(c, "0", "0");
	number(c, "-12.50", "-12.5");
	number(c, "0.30000000000000004", "0.3");
	number(c, "1.26", "1.26");
	number(c, "9.9999999999999996E-2", "0.1");
	number(c, "6.901234567892E12", "6901234567892");
	number(c, "1E-5", "0.00001");
	number(c, "0.00012", "0.00012");
	number(c, "100", "100");
	number(c, "999999999999999.9", "1000000000000000");
	number(c, "1E999", "1E999");
	number(c, "12a", "12a");
}

static void test_formats(void **state)
{
	(void)state;
	assert_int_equal(shown_by_code("yyyy\"年\"m\"月\"d\"日\""), SHOWN_DATE);
	assert_int_equal(shown_by_code("[$-804]yyyy/m/d h:mm"), SHOWN_BOTH);
	assert_int_equal(shown_by_code("[h]:mm"), SHOWN_TIME);
	assert_int_equal(shown_by_code("0.00\"days\""), SHOWN_NUMBER);
	assert_int_equal(shown_by_code("General"), SHOWN_NUMBER);
	assert_int_equal(shown_by_code("[Red]0.00;m"), SHOWN_NUMBER);
	assert_int_equal(shown_by_id(14), SHOWN_DATE);
	assert_int_equal(shown_by_id(31), SHOWN_DATE);
}

static void test_days(void **state)
{
	struct ctx *c = *state;

	assert_string_equal(number_shown(c->arena, "1", SHOWN_DATE, false), "1900-01-01");
	assert_string_equal(number_shown(c->arena, "60", SHOWN_DATE, false), "1900-02-29");
	assert_string_equal(number_shown(c->arena, "61", SHOWN_DATE, false), "1900-03-01");
	assert_string_equal(number_shown(c->arena, "0", SHOWN_DATE, true), "1904-01-01");
	assert_string_equal(number_shown(c->arena, "-1", SHOWN_DATE, false), "-1");
	assert_string_equal(iso_shown(c->arena, "2026-11-24T05:00:00"), "2026-11-24 05:00");
	assert_string_equal(iso_shown(c->arena, "2026-11-24T00:00:00Z"), "2026-11-24");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
		T(test_delimiters),
		T(test_quotes_and_gaps),
		T(test_encodings),
		T(test_refused_text),
		T(test_too_wide),
		T(test_spectrum),
		T(test_calamine),
		T(test_dates),
		T(test_dates_1904),
		T(test_odd_cells),
		T(test_refused_xlsx),
		T(test_order_files),
		T(test_demo_data),
		T(test_numbers),
		T(test_formats),
		T(test_days),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
