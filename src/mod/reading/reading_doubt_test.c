/* What a careful clerk would look at is never taken for sure, and nothing that was said is lost. */
#include "mod/reading/reading.h"
#include "mod/reading/test/market.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static struct market *market(void)
{
	static struct market m;

	return &m;
}

static int open_market(void **state)
{
	(void)state;
	market_open(market(), "data/demo");
	return 0;
}

static int close_market(void **state)
{
	(void)state;
	market_close(market());
	return 0;
}

/* ---- asking ---- */

static struct reading ask(struct reading_in in)
{
	struct ctx *c = &market()->ctx;
	struct reading out;

	in.received_at = c->now;
	if (in.history == NULL)
		in.history = (struct reading_order[1]){ { { 0 }, NULL, 0 } };
	assert_true(reading_parse(c, &in, &out));
	return out;
}

static struct reading hear(const char *text)
{
	return ask((struct reading_in){ .text = text, .customer = "C001" });
}

static const struct reading_line *line_of(const struct reading *r, const char *sku)
{
	for (size_t i = 0; i < r->lines_len; i++)
		for (size_t k = 0; k < r->lines[i].candidates_len; k++)
			if (strcmp(r->lines[i].candidates[k].sku, sku) == 0)
				return &r->lines[i];
	return NULL;
}

static bool is_unresolved(const struct reading *r, const char *raw)
{
	for (size_t i = 0; i < r->unresolved_len; i++)
		if (strstr(r->unresolved[i].raw, raw))
			return true;
	return false;
}

/* 1, and it is said which, where the line is not as it should be. */
static int wrong(const char *text, const char *sku, bool sure)
{
	struct reading r = hear(text);
	const struct reading_line *l = line_of(&r, sku);

	if (l != NULL && l->accepted == sure)
		return 0;
	print_message("%s: %s is %s\n", text, sku, l ? sure ? "left to a person" : "taken for sure" : "lost");
	return 1;
}

static int not_sure(const char *text, const char *sku)
{
	return wrong(text, sku, true);
}

/* It must be offered, and a person decides. */
static int not_offered(const char *text, const char *sku)
{
	return wrong(text, sku, false);
}

/* ---- who ---- */

/* The customers are known by heart only while the message is read. */
static void the_answer_outlives_what_is_known(void **state)
{
	struct reading whole, parts;
	struct app *app = market()->ctx.app;

	(void)state;
	market()->ctx.app = NULL;
	whole = ask((struct reading_in){ .text = "我是武昌陈记鱼头馆，土豆2件" });
	parts = ask((struct reading_in){ .text = "武昌陈记鱼头馆：土豆2件\n老汉口热干面馆六合店：洋葱1袋" });
	market()->ctx.app = app;
	assert_string_equal(whole.customer, "C001");
	assert_int_equal(parts.lines_len, 2);
	assert_string_equal(parts.lines[0].customer, "C001");
	assert_string_equal(parts.lines[1].customer, "C002");
}

static void who_was_erased_is_forgotten(void **state)
{
	struct reading_in in = { .text = "我是陈国平，土豆2件" };
	struct event erased = { .kind = "customer.erased", .entity = "customer" };
	struct customer who;
	struct reading r = ask(in);
	bool found;

	(void)state;
	assert_string_equal(r.customer, "C001");
	assert_true(customer_find(&market()->ctx, "C001", &who, &found) && found);
	erased.entity_id = who.id;
	assert_true(event_add(&market()->ctx, &erased));
	r = ask(in);
	assert_null(r.customer);
}

/* ---- about so much ---- */

static void about_so_much_is_not_sure(void **state)
{
	static const char *const cases[] = { "土豆大概要2件", "大概土豆2件", "可能土豆2件", "土豆可能要2件",
		"土豆2件 左右", "估计要土豆2件", "土豆，2件左右吧", "可能要2件土豆", "土豆2件吧大概",
		"大概洋葱1袋土豆2件" };

	int bad = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		bad += not_offered(cases[i], "SC0101");
	bad += not_offered("土豆、洋葱大概各2件", "SC0101");
	bad += not_offered("土豆、洋葱大概各2袋", "SC0120");
	bad += not_offered("可能不要土豆了，洋葱加1袋", "SC0101");
	bad += not_sure("明天大概8点送，土豆2件", "SC0101");
	bad += not_sure("土豆2件，明早6点左右到", "SC0101");
	bad += not_sure("土豆2件，洋葱大概1袋", "SC0101");
	bad += not_offered("土豆2件，洋葱大概要1袋", "SC0120");
	bad += not_offered("土豆2件，大概吧", "SC0101");
	bad += not_offered("土豆2件大概80块", "SC0101");
	bad += not_offered("土豆2件99999999999块", "SC0101");
	bad += not_sure("土豆2件80块", "SC0101");
	bad += not_sure("土豆2件，差不多就这些", "SC0101");
	bad += not_sure("土豆2件。大概就这些了", "SC0101");
	bad += not_offered("土豆加2件，洋葱不要了可能", "SC0120");
	assert_int_equal(bad, 0);
}

/* ---- days ---- */

/* Beside the hour to call, the day of delivery in another sentence; and one of many days that are only called about. */
static void when_to_call_is_no_day_of_delivery(void **state)
{
	static const char *const cases[][2] = { { "土豆2件。有缺货请在明天8点前来电", NULL },
		{ "土豆2件。明天，后天，大后天都可以来电", NULL }, { "后天送土豆2件。有缺货明天来电", "2026-11-26" },
		{ "土豆2件。来电后明天送", "2026-11-25" } };
	struct ctx *c = &market()->ctx;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct reading r = hear(cases[i][0]);

		assert_string_equal(date_is(r.delivery_date) ? date_str(c->arena, r.delivery_date) : "none",
			cases[i][1] ? cases[i][1] : "none");
	}
}

/* ---- sheets ---- */

static void a_row_says_just_one_thing(void **state)
{
	static const char *const sure[] = { "品名\t数量\n土豆\t2件", "品名,规格,数量\n\"土豆\",,\"2件\"",
		"品名,数量,备注\n土豆,2件,\"大的,要好\"", "品名,数量,备注\n土豆,2件,大的，要好",
		"品名，数量\n土豆，2件", "货号\t品名\t数量\nSC0101\t黄心土豆\t2件",
		"货号\t品名\t数量\nSC0101\t土豆\t2件", "品名\t规格\t数量\n土豆\t-\t2件",
		"品名\t规格\t数量\n黄心土豆\t中大\t2件", "品名\t件数\t斤数\n土豆\t2件\t", "品名,数量,备注\n土豆,2件,,,",
		"|品名|数量|\n|土豆|2件|", "货号\t品名\t数量\nSC0101\t\t2件" };
	static const char *const offered[] = { "品名\t数量\n土豆\t-2件", "品名\t数量\n土豆\t2件?",
		"品名\t数量\n土豆\t~2件", "品名\t数量\n土豆\t2件/3件", "品名\t数量\n土豆\t>2件",
		"品名\t件数\t斤数\n土豆\t2件\t30斤", "品名,数量,备注\n土豆,2件,大的,要好",
		"品名\t数量\n土豆\t2件\t洋葱3袋", "货号\t品名\t数量\nSC0101\t洋葱\t2件",
		"货号\t品名\t数量\nSC0101\t榴莲\t2件", "品名\t规格\t数量\n黄心土豆\t小果\t2件" };
	int bad = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(sure); i++)
		bad += not_sure(sure[i], "SC0101");
	for (size_t i = 0; i < ARRAY_LEN(offered); i++)
		bad += not_offered(offered[i], "SC0101");
	assert_int_equal(bad, 0);
}

/* ---- as last time ---- */

static struct reading_line const *again(const char *text, struct reading_order_line *lines, size_t len, size_t n)
{
	static struct reading r;
	struct reading_order order = { .lines = lines, .lines_len = len };

	assert_true(instant_parse("2026-11-23T08:00:00+08:00", &order.confirmed_at));
	r = ask((struct reading_in){ .text = text, .customer = "C001", .history = &order, .history_len = 1 });
	return n < r.lines_len ? &r.lines[n] : NULL;
}

static void goods_that_stand_twice_in_the_last_order_are_not_sure(void **state)
{
	struct reading_order_line lines[] = { { "SC0101", { 2000 }, "件" }, { "SC0120", { 1000 }, "袋" },
		{ "SC0101", { 30000 }, "斤" } };

	(void)state;
	assert_true(again("照旧", lines, 2, 0)->accepted);
	assert_false(again("照旧，土豆加1件", lines, 3, 0)->accepted);
	assert_true(again("照旧，土豆加1件", lines, 3, 1)->accepted);
	assert_false(again("照旧，土豆加1件", lines, 3, 2)->accepted);
	assert_false(again("照旧，土豆不要了", lines, 3, 0)->accepted);
}

/* What was not ordered cannot be taken back. */
static void what_is_taken_back_and_was_not_there_is_seen(void **state)
{
	struct reading_order_line line = { "SC0101", { 2000 }, "件" };
	struct reading_order order = { .lines = &line, .lines_len = 1 };
	struct reading_in in = { .text = "照旧，洋葱不要了", .customer = "C001", .history = &order, .history_len = 1 };
	struct reading r;

	(void)state;
	assert_true(instant_parse("2026-11-23T08:00:00+08:00", &order.confirmed_at));
	r = ask(in);
	assert_true(r.lines_len == 1 && r.lines[0].accepted);
	assert_true(is_unresolved(&r, "洋葱不要了"));
	in.text = "照旧，土豆不要了";
	r = ask(in);
	assert_int_equal(r.lines_len + r.unresolved_len, 0);
}

/* Both have ordered before; nobody knows whose last order is meant. */
static void the_last_order_of_several_is_nobodys(void **state)
{
	struct reading_order_line line = { "SC0101", { 2000 }, "件" };
	struct reading_order order = { .lines = &line, .lines_len = 1 };
	struct reading_in in = { .text = "陈记鱼头：照旧\n老汉口六合：土豆2件", .history = &order, .history_len = 1 };
	struct reading r;

	(void)state;
	assert_true(instant_parse("2026-11-23T08:00:00+08:00", &order.confirmed_at));
	r = ask(in);
	assert_int_equal(r.lines_len, 1);
	assert_string_equal(r.lines[0].customer, "C002");
	assert_true(is_unresolved(&r, "照旧"));
	in.text = "我是蜀香渝，照旧";
	r = ask(in);
	assert_null(r.customer);
	assert_int_equal(r.lines_len, 0);
	assert_true(is_unresolved(&r, "照旧"));
}

/* ---- names ---- */

static void sell(const char *products)
{
	struct sheet s;
	struct ctx *c = &market()->ctx;

	assert_true(sheet_read(c, "products.csv", products, strlen(products), &s) && catalog_import_products(c, &s));
}

#define LONG_NAME "特级精选内蒙古锡林郭勒草原散养羔羊法式七骨羊排真空冷冻独立包装餐饮专用定制规格加厚切割款礼盒"

/* However long a name is, and whatever characters it has. */
static void every_name_is_known(void **state)
{
	struct reading r;

	(void)state;
	sell("sku,name,base_unit,list_price\nXL1," LONG_NAME ",盒,88\nXL2,𩽾鱼仔,条,12\n");
	assert_int_equal(not_sure(LONG_NAME "2盒", "XL1"), 0);
	assert_int_equal(not_sure("𩽾鱼仔2条", "XL2"), 0);
	/* U+9F7E, the rest of U+29F7E. */
	r = hear("齾鱼仔2条");
	assert_true(r.lines_len == 0 || !r.lines[0].accepted);
}

/* A weight by any of the names that everybody knows. */
static void weights_are_known_by_every_name(void **state)
{
	struct reading r;

	(void)state;
	sell("sku,name,base_unit,list_price\nXK1,称心酱鸭舌,kg,88\nXK2,称心酱鸭胗,千克,88\nXK3,称心酱鸭掌,斤,88\n");
	assert_int_equal(not_sure("称心酱鸭舌2公斤", "XK1") + not_sure("称心酱鸭舌2斤", "XK1") +
				 not_sure("称心酱鸭胗3千克", "XK2") + not_sure("称心酱鸭胗3kg", "XK2") +
				 not_sure("称心酱鸭掌3KG", "XK3"),
		0);
	r = hear("称心酱鸭掌3KG");
	assert_string_equal(r.lines[0].unit, "公斤");
}

/* Two goods by names that are one as they are compared. */
static void names_that_are_alike_offer_both(void **state)
{
	struct ctx *c = &market()->ctx;
	struct customer who;
	bool found;

	(void)state;
	assert_true(customer_find(c, "C001", &who, &found) && found);
	assert_true(customer_alias_set(c, who.id, "Spud", "SC0101") && customer_alias_set(c, who.id, "spud", "SC0102"));
	assert_int_equal(not_offered("spud 2件", "SC0101") + not_offered("spud 2件", "SC0102"), 0);
	assert_true(customer_alias_set(c, who.id, "yam", "SC0103") && customer_alias_set(c, who.id, "yams", "SC0104"));
	assert_int_equal(not_sure("yam 2件", "SC0103") + not_sure("yams 2件", "SC0104"), 0);
}

/* What is taken back and not known is seen. */
static void an_unknown_name_that_is_taken_back_is_seen(void **state)
{
	static const char *const cases[] = { "土豆2件，蓝月亮不要了", "土豆2件，不要蓝月亮", "土豆2件，不要蓝月亮了",
		"蓝月亮不要了", "不要蓝月亮了", "蓝月亮取消", "取消蓝月亮，土豆加1件" };
	int bad = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct reading r = hear(cases[i]);

		if (!is_unresolved(&r, "蓝月亮"))
			print_message("%s: nobody sees what is taken back, %d\n", cases[i], ++bad);
	}
	assert_int_equal(bad, 0);
}

#define MARKET_TEST(f) cmocka_unit_test_setup_teardown(f, open_market, close_market)

int main(void)
{
	const struct CMUnitTest tests[] = {
		MARKET_TEST(the_answer_outlives_what_is_known),
		MARKET_TEST(who_was_erased_is_forgotten),
		MARKET_TEST(about_so_much_is_not_sure),
		MARKET_TEST(when_to_call_is_no_day_of_delivery),
		MARKET_TEST(a_row_says_just_one_thing),
		MARKET_TEST(goods_that_stand_twice_in_the_last_order_are_not_sure),
		MARKET_TEST(what_is_taken_back_and_was_not_there_is_seen),
		MARKET_TEST(the_last_order_of_several_is_nobodys),
		MARKET_TEST(every_name_is_known),
		MARKET_TEST(weights_are_known_by_every_name),
		MARKET_TEST(names_that_are_alike_offer_both),
		MARKET_TEST(an_unknown_name_that_is_taken_back_is_seen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
