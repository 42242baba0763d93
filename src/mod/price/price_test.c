/* Which price wins for whom, from how much on and when; what typing a product offers. */
#include "mod/catalog/test/world.h"

#include "gen/price_sql.h"
#include "mod/price/price.h"

static const char products_csv[] = "sku,name,base_unit,price_unit,list_price,floor_price,aliases\n"
				   "SC0103,白心土豆,公斤,斤,1.15,0.99,土豆\nLY0104,江口丝苗米,公斤,公斤,5.20,4.555,\n"
				   "XX0001,土豆粉,袋,箱,30,,\n";
static const char units_csv[] = "sku,unit,factor_num,factor_den,barcode,default_sales\nSC0103,件,20,1,,1\n";
static const char customers_csv[] = "code,name,tier\nC006,江南第一中学食堂,A\nC007,零售客,\n";
static const char aliases_csv[] = "customer,alias,sku\nC006,土豆,LY0104\n";
static const char prices_csv[] = "kind,tier,customer,sku,price_unit,min_qty,price,valid_from,valid_to,contract_no\n"
				 "tier,A,,SC0103,斤,0,1.10,2026-11-01,,\n"
				 "tier,A,,SC0103,斤,100,1.05,2026-11-01,,\n"
				 "tier,A,,SC0103,斤,400,1.02,2026-11-01,,\n"
				 "tier,B,,SC0103,斤,0,1.13,2026-11-01,,\n"
				 "contract,,C006,LY0104,斤,0,2.4321,2026-11-10,2026-11-20,HT2026-002\n"
				 "tier,A,,LY0104,公斤,0,5.00,2026-11-01,,\n";

static int open_with_prices(void **state)
{
	struct sheet s;
	struct ctx *c;

	world_open(state);
	c = *state;
	s = world_sheet(c, products_csv);
	assert_true(catalog_import_products(c, &s));
	s = world_sheet(c, units_csv);
	assert_true(catalog_import_units(c, &s));
	s = world_sheet(c, customers_csv);
	assert_true(customer_import(c, &s));
	s = world_sheet(c, aliases_csv);
	assert_true(customer_import_aliases(c, &s));
	s = world_sheet(c, prices_csv);
	assert_true(price_import(c, &s));
	return 0;
}

static struct price_answer ask(struct ctx *c, const char *customer, const char *sku, const char *base, const char *day)
{
	struct price_question q = { .base = world_qty(base) };
	struct price_answer a;
	struct product_unit *u;
	struct customer who;
	struct product p;
	bool there;

	assert_true(product_named(c, sku, &p));
	assert_true(product_units(c, (struct i64s){ &p.id, 1 }, &u, &q.units_len));
	q.product = &p;
	q.units = u;
	if (customer)
		assert_true(customer_find(c, customer, &who, &there) && there);
	assert_true(price_all(c, customer ? &who : NULL, world_date(day), &q, 1, &a));
	return a;
}

static void costs(struct ctx *c, const char *customer, const char *sku, const char *base, const char *day,
	const char *price, const char *source)
{
	struct price_answer a = ask(c, customer, sku, base, day);

	assert_string_equal(price_str(c->arena, a.price), price);
	assert_string_equal(a.source, source);
}

static void list_price_is_for_everybody(void **state)
{
	costs(*state, NULL, "SC0103", "500", "2026-11-24", "1.15", "list");
	costs(*state, "C007", "SC0103", "500", "2026-11-24", "1.15", "list");
	costs(*state, "C006", "SC0103", "500", "2026-10-31", "1.15", "list");
}

static void the_highest_break_reached_wins(void **state)
{
	costs(*state, "C006", "SC0103", "99.999", "2026-11-24", "1.10", "tier:A");
	costs(*state, "C006", "SC0103", "100", "2026-11-24", "1.05", "tier:A>=100");
	costs(*state, "C006", "SC0103", "399.999", "2026-11-24", "1.05", "tier:A>=100");
	costs(*state, "C006", "SC0103", "400", "2026-11-24", "1.02", "tier:A>=400");
}

static void a_contract_wins_while_it_lasts(void **state)
{
	costs(*state, "C006", "LY0104", "10", "2026-11-09", "5.00", "tier:A");
	costs(*state, "C006", "LY0104", "10", "2026-11-10", "2.4321", "contract:HT2026-002");
	costs(*state, "C006", "LY0104", "10", "2026-11-20", "2.4321", "contract:HT2026-002");
	costs(*state, "C006", "LY0104", "10", "2026-11-21", "5.00", "tier:A");
	costs(*state, "C007", "LY0104", "10", "2026-11-15", "5.20", "list");
}

static void a_rule_keeps_its_own_unit(void **state)
{
	struct ctx *c = *state;
	struct price_answer a = ask(c, "C006", "LY0104", "10", "2026-11-15");

	assert_string_equal(a.price_unit, "斤");
	assert_int_equal(a.price_ratio.num, 1);
	assert_int_equal(a.price_ratio.den, 2);
	assert_string_equal(price_str(c->arena, a.floor), "2.2775");
	a = ask(c, "C006", "LY0104", "10", "2026-11-24");
	assert_string_equal(price_str(c->arena, a.floor), "4.555");
	assert_int_equal(a.price_ratio.den, 1);
}

static void a_price_unit_without_a_factor_is_told(void **state)
{
	struct ctx *c = *state;
	struct price_question q = { .base = world_qty("1") };
	struct price_answer a;
	struct product p;

	assert_true(product_named(c, "XX0001", &p));
	q.product = &p;
	refused(c, price_all(c, NULL, world_date("2026-11-24"), &q, 1, &a), E_CONFLICT);
}

static void a_rule_names_whom_it_is_for(void **state)
{
	struct ctx *c = *state;
	struct price_in in;
	int64_t id;

	fields_clear(price_in_fields, &in);
	in.sku = "SC0103";
	in.price = world_price("1.01");
	refused(c, price_add(c, &in, &id), E_INVALID);
	in.customer = "C999";
	refused(c, price_add(c, &in, &id), E_INVALID);
	in.customer = "C007";
	assert_true(price_add(c, &in, &id));
	costs(c, "C007", "SC0103", "1", "2026-11-24", "1.01", "contract");
	assert_true(price_drop(c, id));
	costs(c, "C007", "SC0103", "1", "2026-11-24", "1.15", "list");
	refused(c, price_drop(c, id), E_NOT_FOUND);
}

/* Two lanes hand out ids of two blocks: the later rule may have the smaller one. */
static void of_two_rules_of_one_day_the_later_wins(void **state)
{
	struct ctx *c = *state;
	struct price_rule r = { .id = 900000002,
		.kind = "contract",
		.price_unit = "斤",
		.min_qty = QTY_ZERO,
		.price = world_price("1.08"),
		.valid_from = world_date("2026-11-20"),
		.valid_to = DATE_NONE,
		.made_at = c->now };
	struct customer who;
	struct product p;
	bool there;

	assert_true(customer_find(c, "C007", &who, &there) && there);
	assert_true(product_named(c, "SC0103", &p));
	r.customer_id = who.id;
	r.product_id = p.id;
	assert_true(price_rule_insert(c, &r, 1));
	r.id = 900000001;
	r.price = world_price("1.07");
	r.made_at.us += SECOND_US;
	assert_true(price_rule_insert(c, &r, 1));
	costs(c, "C007", "SC0103", "1", "2026-11-24", "1.07", "contract");
}

static void an_import_replaces_the_same_rule(void **state)
{
	struct ctx *c = *state;
	struct sheet s =
		world_sheet(c, "kind,tier,customer,sku,price_unit,min_qty,price,valid_from,valid_to,contract_no\n"
			       "tier,A,,SC0103,斤,100,1.04,2026-11-01,,\n");

	assert_true(price_import(c, &s));
	costs(c, "C006", "SC0103", "100", "2026-11-24", "1.04", "tier:A>=100");
	s = world_sheet(c, "kind,tier,customer,sku,price_unit,min_qty,price,valid_from\ntier,A,,SC0103,框,0,"
			   "1,2026-11-01\n"
			   "gift,A,,SC9999,斤,0,1,2026-11-01\n");
	assert_false(price_import(c, &s));
	assert_int_equal(c->err.fields_len, 3);
	assert_string_equal(c->err.fields->pointer, "/rows/2/price_unit");
}

static void typing_offers_the_customers_own_name_first(void **state)
{
	struct ctx *c = *state;
	struct offer *o;
	size_t len;

	assert_true(offers_find(c, "土豆", "C006", world_date("2026-11-24"), &o, &len));
	assert_int_equal(len, 3);
	assert_string_equal(o[0].sku, "LY0104");
	assert_true(o[0].own_name);
	assert_string_equal(o[0].price_source, "tier:A");
	assert_string_equal(o[1].sku, "SC0103");
	assert_string_equal(o[1].unit, "件");
	assert_string_equal(o[1].matched, "土豆");
	assert_string_equal(price_str(c->arena, o[1].price), "1.10");
	assert_false(price_is(o[2].price));
	assert_true(offers_find(c, "bxtd", NULL, world_date("2026-11-24"), &o, &len));
	assert_int_equal(len, 1);
	assert_string_equal(o[0].price_source, "list");
	assert_true(offers_find(c, "  ", NULL, world_date("2026-11-24"), &o, &len));
	assert_int_equal(len, 0);
}

#define PRICE_TEST(f) cmocka_unit_test_setup_teardown(f, open_with_prices, world_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		PRICE_TEST(list_price_is_for_everybody),
		PRICE_TEST(the_highest_break_reached_wins),
		PRICE_TEST(a_contract_wins_while_it_lasts),
		PRICE_TEST(a_rule_keeps_its_own_unit),
		PRICE_TEST(a_price_unit_without_a_factor_is_told),
		PRICE_TEST(a_rule_names_whom_it_is_for),
		PRICE_TEST(of_two_rules_of_one_day_the_later_wins),
		PRICE_TEST(an_import_replaces_the_same_rule),
		PRICE_TEST(typing_offers_the_customers_own_name_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
