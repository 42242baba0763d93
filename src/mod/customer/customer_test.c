/* Customers are made, found and imported; what they owe adds up. */
#include "mod/catalog/test/world.h"

#include "mod/customer/customer.h"

static int64_t canteen(struct ctx *c)
{
	struct customer_in in;
	int64_t id;

	fields_clear(customer_new_fields, &in);
	in.code = "C006";
	in.name = "江南第一中学食堂";
	in.contact = "吴秀兰";
	in.phone = "199-0000-1042";
	in.aliases = "江南一中";
	in.tier = "A";
	in.credit_limit = world_money("1000");
	in.credit_days = 30;
	assert_true(customer_create(c, &in, &id));
	return id;
}

static void a_code_is_given_once(void **state)
{
	struct ctx *c = *state;
	struct customer_in in;
	int64_t id;

	canteen(c);
	fields_clear(customer_new_fields, &in);
	in.code = "C006";
	in.name = "别的店";
	assert_false(customer_create(c, &in, &id));
	assert_string_equal(c->err.fields->pointer, "/code");
	refused(c, false, E_CONFLICT);
}

static void is_found(struct ctx *c, const char *q, size_t want)
{
	struct customer_hit *hits;
	size_t len;

	assert_true(customer_search(c, q, &hits, &len));
	assert_int_equal(len, want);
}

static void it_is_found_by_everything(void **state)
{
	struct ctx *c = *state;

	canteen(c);
	is_found(c, "c006", 1);
	is_found(c, "19900001042", 1);
	is_found(c, "199-0000", 1);
	is_found(c, "1042", 1);
	is_found(c, "一中", 1);
	is_found(c, "jndy", 1);
	is_found(c, "wuxiu", 1);
	is_found(c, "火锅", 0);
}

static void exposure_is(struct ctx *c, int64_t id, const char *open, const char *receivable, const char *exposure)
{
	struct credit k;

	assert_true(customer_credit(c, id, world_money("100"), &k));
	assert_string_equal(money_str(c->arena, k.open), open);
	assert_string_equal(money_str(c->arena, k.receivable), receivable);
	assert_string_equal(money_str(c->arena, k.exposure), exposure);
}

static void goods_that_left_are_owed(void **state)
{
	struct ctx *c = *state;
	int64_t id = canteen(c);

	assert_true(customer_credit_move(c, id, world_money("500"), world_money("0")));
	exposure_is(c, id, "500.00", "0.00", "600.00");
	assert_true(customer_bill(c, id, 1, 2, world_money("300")));
	exposure_is(c, id, "200.00", "300.00", "600.00");
	assert_true(customer_bill_less(c, id, 2, world_money("50")));
	exposure_is(c, id, "200.00", "250.00", "550.00");
	refused(c, customer_bill_less(c, id, 2, world_money("251")), E_CONFLICT);
	assert_true(customer_unbill(c, id, 2));
	exposure_is(c, id, "450.00", "0.00", "550.00");
	refused(c, customer_unbill(c, id, 2), E_CONFLICT);
}

static void what_is_late_is_told(void **state)
{
	struct ctx *c = *state;
	int64_t id = canteen(c);
	struct credit k;

	assert_true(customer_bill(c, id, 1, 2, world_money("900")));
	assert_true(customer_credit(c, id, world_money("0"), &k));
	assert_string_equal(k.oldest_due, "2026-12-24");
	assert_string_equal(money_str(c->arena, k.overdue), "0.00");
	c->now.us += 30 * DAY_US;
	assert_true(customer_credit(c, id, world_money("0"), &k));
	assert_string_equal(money_str(c->arena, k.overdue), "0.00");
	c->now.us += DAY_US;
	assert_true(customer_credit(c, id, world_money("0"), &k));
	assert_string_equal(money_str(c->arena, k.overdue), "900.00");
}

static void the_limit_counts(void **state)
{
	struct ctx *c = *state;
	int64_t id = canteen(c);
	struct customer_in none;
	struct credit k;

	assert_true(customer_credit(c, id, world_money("1000"), &k));
	assert_int_equal(k.percent, 100);
	assert_false(k.over_limit);
	assert_true(customer_credit(c, id, world_money("1000.01"), &k));
	assert_true(k.over_limit);
	fields_clear(customer_credit_in_fields, &none);
	none.credit_limit = MONEY_NONE;
	none.credit_days = INT64_MIN;
	assert_true(customer_credit_change(c, id, 1, &none, true));
	assert_true(customer_credit(c, id, world_money("99999"), &k));
	assert_false(money_is(k.limit));
	assert_false(k.over_limit);
	assert_int_equal(k.percent, 0);
}

static void the_sums_are_recounted(void **state)
{
	struct ctx *c = *state;
	int64_t id = canteen(c), counted, broken;
	const char *first;

	assert_true(customer_bill(c, id, 1, 2, world_money("300")));
	assert_true(customer_module.checks[0].count(c, &counted, &broken, &first));
	assert_int_equal(counted, 1);
	assert_int_equal(broken, 0);
	assert_true(customer_credit_move(c, id, world_money("0"), world_money("1")));
	assert_true(customer_module.checks[0].count(c, &counted, &broken, &first));
	assert_int_equal(broken, 1);
	assert_string_equal(first, "C006");
}

static void an_import_tells_who_is_unknown(void **state)
{
	struct ctx *c = *state;
	struct sheet s = world_sheet(c, "code,name,credit_limit\nC001,陈记,20000\nC002,老汉口,\n");
	struct customer u;
	bool there;

	assert_true(customer_import(c, &s));
	assert_true(customer_find(c, "C001", &u, &there));
	assert_true(there);
	assert_string_equal(money_str(c->arena, u.credit_limit), "20000.00");
	s = world_sheet(c, "customer,alias,sku\nC009,面,LY0119\n");
	assert_false(customer_import_aliases(c, &s));
	assert_string_equal(c->err.fields->pointer, "/rows/2/customer");
	assert_string_equal(c->err.fields->next->pointer, "/rows/2/sku");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_TEST(a_code_is_given_once),
		WORLD_TEST(it_is_found_by_everything),
		WORLD_TEST(goods_that_left_are_owed),
		WORLD_TEST(what_is_late_is_told),
		WORLD_TEST(the_limit_counts),
		WORLD_TEST(the_sums_are_recounted),
		WORLD_TEST(an_import_tells_who_is_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
