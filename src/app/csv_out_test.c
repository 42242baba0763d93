/* csv_out: quoting, and that a spreadsheet never runs what we write. */
#include "app/csv_out.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static void cell_is(const char *cell, const char *written)
{
	struct buf b;
	struct csv csv;

	buf_init(&b, NULL);
	csv_begin(&csv, &b, false);
	csv_cell(&csv, cell);
	assert_string_equal(buf_cstr(&b), written);
	buf_free(&b);
}

static void test_cells(void **state)
{
	(void)state;
	cell_is("土豆", "土豆");
	cell_is(NULL, "");
	cell_is("", "");
	cell_is("a,b", "\"a,b\"");
	cell_is("say \"hi\"", "\"say \"\"hi\"\"\"");
	cell_is("two\nlines", "\"two\nlines\"");
}

static void test_formulas(void **state)
{
	(void)state;
	cell_is("=1+1", "\"'=1+1\"");
	cell_is("@SUM(A1)", "\"'@SUM(A1)\"");
	cell_is("-cmd", "\"'-cmd\"");
	cell_is("-1+2", "\"'-1+2\"");
	cell_is("\t=1", "\"'\t=1\"");
	cell_is("\r=1", "\"'\r=1\"");
	cell_is("＝1", "\"'＝1\"");
}

static void test_numbers(void **state)
{
	(void)state;
	cell_is("-12.50", "-12.50");
	cell_is("+8", "+8");
	cell_is("0.3", "0.3");
	cell_is("-", "\"'-\"");
	cell_is("-.5", "\"'-.5\"");
}

static void test_rows(void **state)
{
	static const char *const cells[] = { "a", NULL, "c d" };
	struct buf b;
	struct csv csv;

	(void)state;
	buf_init(&b, NULL);
	csv_begin(&csv, &b, true);
	csv_row(&csv, cells, 3);
	csv_row(&csv, cells, 1);
	assert_string_equal(buf_cstr(&b), "\xEF\xBB\xBF"
					  "a,,c d\r\na\r\n");
	buf_free(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cells),
		cmocka_unit_test(test_formulas),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_rows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
