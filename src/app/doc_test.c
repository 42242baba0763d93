/* doc: what can be read on the papers, and package numbers. DOC_OUT=folder keeps the PDFs to be looked at. */
#include "app/doc.h"

#include "app/sscc.h"
#include "base/ctx.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

static struct doc_line *lines(struct ctx *c, size_t len)
{
	struct doc_line *all = ARENA_ARRAY(c->arena, len, struct doc_line);

	for (size_t i = 0; i < len; i++)
		all[i] = (struct doc_line){ .line = (int64_t)i + 1,
			.sku = "BC-0012",
			.barcode = "6901234567892",
			.name = i % 7 == 3 ? "高山娃娃菜（云南通海产地直发，冷链运输，每箱二十四颗，品质保证"
					     "，名称很长的商品）"
					   : "上海青",
			.spec = "10kg/件",
			.unit = "件",
			.lot = "L20261123",
			.origin = "云南通海",
			.expires = "2026-12-01",
			.location = "A-03-12",
			.remarks = i % 5 == 0 ? "不要压坏，轻拿轻放" : NULL,
			.quantity = { 3000 },
			.base = { 30500 },
			.base_unit = "公斤",
			.price = { 42500 },
			.price_unit = "公斤",
			.amount = { 12963 } };
	return all;
}

static struct doc_note note(struct ctx *c, size_t len)
{
	struct doc_package *k = ARENA_ARRAY(c->arena, 2, struct doc_package);

	k[0] = (struct doc_package){ 1, "069012340000000014", { 30500 }, lines(c, 2), 2 };
	k[1] = (struct doc_package){ 2, "069012340000000021", { 12250 }, lines(c, 4), 4 };
	return (struct doc_note){ .number = "FH20261124-0031",
		.order_number = "DD20261124-0107",
		.date = date_make(2026, 11, 24),
		.company = { "江南果蔬批发有限公司", "A区 118 档", "021-5555 0118", "上海市浦东新区沪南公路 2000 号" },
		.customer = "老张川菜馆（人民路店）",
		.customer_code = "C0042",
		.contact = "张建国",
		.phone = "138 0000 0042",
		.address = "上海市黄浦区人民路 1234 弄 56 号底层后门卸货区",
		.warehouse = "一号冷库",
		.salesperson = "王芳",
		.reviewer = "李强",
		.made_by = "王芳",
		.carrier = "自有车队",
		.driver = "陈师傅",
		.plate = "沪A·12345",
		.terms = "货到请当面点清。如有异议请于收货后 24 小时内提出，逾期视为验收合格。",
		.lines = lines(c, len),
		.lines_len = len,
		.packages = k,
		.packages_len = 2,
		.discount = { 63 },
		.deposit = { 5000 },
		.total = { 20863 },
		.previous_debt = { 120000 },
		.with_prices = true,
		.reprint = 1,
		.link = "https://huodan.example/t/4f7c2a9b" };
}

typedef bool maker(struct ctx *c, const struct doc_note *n, struct buf *pdf);

static size_t pages(const struct buf *pdf)
{
	const char *at = memmem(pdf->data, pdf->len, "/Count ", 7);

	assert_non_null(at);
	return strtoul(at + 7, NULL, 10);
}

static void keep(const struct buf *pdf, const char *path)
{
	FILE *out = fopen(path, "wb");

	assert_non_null(out);
	assert_int_equal(fwrite(pdf->data, 1, pdf->len, out), pdf->len);
	fclose(out);
}

static struct buf make(struct ctx *c, maker *f, const struct doc_note *n, const char *name)
{
	struct buf pdf;

	buf_init(&pdf, c->arena);
	assert_true(f(c, n, &pdf));
	assert_memory_equal(pdf.data, "%PDF", 4);
	if (getenv("DOC_OUT") != NULL)
		keep(&pdf, arena_printf(c->arena, "%s/%s.pdf", getenv("DOC_OUT"), name));
	return pdf;
}

/* The words on the paper in reading order, without blanks: the layout decides where those are. */
static const char *words(struct ctx *c, const struct buf *pdf)
{
	char path[] = "/tmp/doc_test.XXXXXX";
	char *out = arena_alloc(c->arena, 1 << 20);
	size_t len = 0;
	FILE *in;
	int ch;

	if (system("command -v pdftotext >/dev/null") != 0)
		skip();
	close(mkstemp(path));
	keep(pdf, path);
	in = popen(arena_printf(c->arena, "pdftotext -layout %s -", path), "r");
	while ((ch = getc(in)) != EOF && len < (1 << 20) - 1)
		if (ch != ' ' && ch != '\n')
			out[len++] = (char)ch;
	pclose(in);
	unlink(path);
	return out;
}

static void assert_has(const char *text, const char *part)
{
	if (strstr(text, part) == NULL)
		fail_msg("\"%s\" is not on the paper", part);
}

static void test_delivery_note(void **state)
{
	struct ctx *c = *state;
	struct doc_note n = note(c, 2);
	struct buf pdf = make(c, doc_delivery_note, &n, "note");
	const char *text;

	assert_int_equal(pages(&pdf), 1);
	text = words(c, &pdf);
	assert_has(text, "送货单");
	assert_has(text, "FH20261124-0031");
	assert_has(text, "老张川菜馆（人民路店）");
	assert_has(text, "上海青");
	assert_has(text, "259.26");
	assert_has(text, "人民币贰佰伍拾玖元贰角陆分");
	assert_has(text, "累计欠款:1,408.63");
	assert_null(strstr(text, "承前页"));
}

static void test_without_prices(void **state)
{
	struct ctx *c = *state;
	struct doc_note n = note(c, 2);
	struct buf pdf;
	const char *text;

	n.with_prices = false;
	pdf = make(c, doc_delivery_note, &n, "unpriced");
	text = words(c, &pdf);
	assert_has(text, "上海青");
	assert_null(strstr(text, "129.63"));
	assert_null(strstr(text, "人民币"));
	assert_null(strstr(text, "应收"));
}

static void test_many_lines(void **state)
{
	struct ctx *c = *state;
	struct doc_note n = note(c, 300);
	struct buf pdf = make(c, doc_delivery_note, &n, "many");
	const char *text = words(c, &pdf);

	assert_true(pages(&pdf) > 8);
	assert_has(text, "承前页");
	assert_has(text, "本页小计");
	assert_has(text, "38,889.00");
	assert_has(text, "9150公斤");
	assert_has(text, arena_printf(c->arena, "第1页共%zu页", pages(&pdf)));
}

/* No number of lines may leave the end without room or a page without rows. */
static void test_every_length(void **state)
{
	struct ctx *c = *state;
	size_t before = 1;

	for (size_t len = 0; len < 60; len++) {
		struct doc_note n = note(c, len);
		struct buf pdf = make(c, doc_delivery_note, &n, "length");

		assert_true(pages(&pdf) == before || pages(&pdf) == before + 1);
		before = pages(&pdf);
	}
}

static void test_continuous_paper(void **state)
{
	static const struct {
		enum doc_paper paper;
		const char *name, *box;
	} all[] = { { DOC_241, "full", "683.149606 792" }, { DOC_241_HALF, "half", "683.149606 396" } };
	struct ctx *c = *state;

	for (size_t i = 0; i < ARRAY_LEN(all); i++) {
		struct doc_note n = note(c, 40);
		struct buf pdf;

		n.remarks = "请走后门";
		n.paper = all[i].paper;
		pdf = make(c, doc_delivery_note, &n, all[i].name);
		assert_non_null(memmem(pdf.data, pdf.len, all[i].box, strlen(all[i].box)));
		assert_has(words(c, &pdf), "5,185.20");
		assert_has(words(c, &pdf), "收货（签章）");
	}
}

/* A sum of some of the lines would be believed. */
static void test_no_half_sums(void **state)
{
	static const char *const units[] = { "公斤", "瓶", "箱", "袋", "桶", "包", "盒" };
	struct ctx *c = *state;
	struct doc_note n = note(c, ARRAY_LEN(units));
	struct doc_line *l = lines(c, ARRAY_LEN(units));
	struct buf pdf;

	n.lines = l;
	for (size_t i = 0; i < ARRAY_LEN(units); i++)
		l[i].base_unit = units[i];
	l[6].amount = MONEY_NONE;
	pdf = make(c, doc_delivery_note, &n, "half_sums");
	assert_null(strstr(words(c, &pdf), "人民币"));
	assert_null(strstr(words(c, &pdf), "30.5公斤30.5瓶"));
}

static void test_nothing_is_cut(void **state)
{
	struct ctx *c = *state;
	struct doc_note n = note(c, 1);
	struct buf pdf = make(c, doc_delivery_note, &n, "one");
	const char *text = words(c, &pdf);

	assert_has(text, "6901234567892");
	assert_has(text, "2026-12-01");
}

static void test_english(void **state)
{
	struct ctx *c = *state;
	struct doc_note n = note(c, 2);
	struct buf pdf;

	c->lang = LANG_EN;
	pdf = make(c, doc_delivery_note, &n, "english");
	assert_has(words(c, &pdf), "Deliverynote");
}

static void test_pick_list(void **state)
{
	struct ctx *c = *state;
	struct doc_note n = note(c, 20);
	struct buf pdf = make(c, doc_pick_list, &n, "pick");
	const char *text = words(c, &pdf);

	assert_has(text, "拣货单");
	assert_has(text, "A-03-12");
	assert_has(text, "3件=30.5公斤");
	assert_null(strstr(text, "重印"));
	assert_has(text, "缺货原因");
	assert_null(strstr(text, "129.63"));
}

static void test_packages(void **state)
{
	struct ctx *c = *state;
	struct doc_note n = note(c, 2);
	struct buf list = make(c, doc_packing_list, &n, "packing");
	struct buf label = make(c, doc_label, &n, "label");

	assert_int_equal(pages(&list), 1);
	assert_int_equal(pages(&label), 2);
	assert_has(words(c, &list), "(00)069012340000000014");
	assert_has(words(c, &label), "第2箱共2箱");
	assert_has(words(c, &label), "(00)069012340000000021");
}

/* Nothing but a number: all else may be absent. */
static void test_bare(void **state)
{
	static maker *const all[] = { doc_delivery_note, doc_pick_list, doc_packing_list, doc_label };
	struct ctx *c = *state;
	struct doc_note n = { .number = "FH1",
		.date = DATE_NONE,
		.discount = MONEY_NONE,
		.deposit = MONEY_NONE,
		.total = MONEY_NONE,
		.previous_debt = MONEY_NONE };

	for (size_t i = 0; i < ARRAY_LEN(all); i++) {
		struct buf pdf = make(c, all[i], &n, "bare");

		assert_int_equal(pages(&pdf), 1);
	}
}

static void test_sscc(void **state)
{
	char out[19];

	(void)state;
	/* Check digits worked out by hand from the 17 digits before them. */
	assert_true(sscc_make(out, '1', "0614141", 234567890));
	assert_string_equal(out, "106141412345678908");
	assert_true(gtin_check(out));
	assert_true(sscc_make(out, '0', "0614141", 234567890));
	assert_string_equal(out, "006141412345678901");
	assert_false(sscc_make(out, '0', "0614141", 1234567890));
	assert_false(sscc_make(out, 'x', "0614141", 1));
	assert_false(sscc_make(out, '0', "61a", 1));
	assert_false(sscc_make(out, '0', "", 1));
	assert_false(sscc_make(out, '0', "0614141", -1));
	assert_true(gtin_check("6901234567892"));
	assert_true(gtin_check("036000291452"));
	assert_true(gtin_check("96385074"));
	assert_false(gtin_check("6901234567893"));
	assert_false(gtin_check("690123456789"));
	assert_false(gtin_check("69012345678x2"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_delivery_note, setup, teardown),
		cmocka_unit_test_setup_teardown(test_without_prices, setup, teardown),
		cmocka_unit_test_setup_teardown(test_many_lines, setup, teardown),
		cmocka_unit_test_setup_teardown(test_every_length, setup, teardown),
		cmocka_unit_test_setup_teardown(test_continuous_paper, setup, teardown),
		cmocka_unit_test_setup_teardown(test_no_half_sums, setup, teardown),
		cmocka_unit_test_setup_teardown(test_nothing_is_cut, setup, teardown),
		cmocka_unit_test_setup_teardown(test_english, setup, teardown),
		cmocka_unit_test_setup_teardown(test_pick_list, setup, teardown),
		cmocka_unit_test_setup_teardown(test_packages, setup, teardown),
		cmocka_unit_test_setup_teardown(test_bare, setup, teardown),
		cmocka_unit_test(test_sscc),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
