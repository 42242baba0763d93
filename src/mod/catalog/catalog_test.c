/* Products are made, changed, imported, and found by whatever people call them. */
#include "mod/catalog/test/world.h"

#include "gen/catalog_sql.h"
#include "mod/catalog/catalog_keys.h"

static const char products_csv[] =
	"sku,name,spec,origin,category,base_unit,price_unit,list_price,floor_price,barcode,integer_only,"
	"catch_weight,"
	"nominal_kg,shelf_life_days,location,supplier_lead_days,min_order_qty,aliases\n"
	"SC0108,大红西红柿,硬果,湖北宜昌,茄果类,公斤,斤,2.60,2.24,2100108000004,0,0,1,9,A-01-05-1,1,0.5,番茄|"
	"西红柿\n"
	"TL0126,芝麻酱,500g,湖北,调料,瓶,瓶,12.5,,6900126000001,1,0,0.8,365,E-02-01-1,3,,麻酱\n";
static const char units_csv[] = "sku,unit,factor_num,factor_den,barcode,default_sales\n"
				"SC0108,件,10,1,,1\nSC0108,公斤,1,1,,0\nTL0126,箱,24,1,6900126000018,1\n";

static void import(struct ctx *c)
{
	struct sheet p = world_sheet(c, products_csv), u = world_sheet(c, units_csv);

	assert_true(catalog_import_products(c, &p));
	assert_true(catalog_import_units(c, &u));
}

static struct product_in potato(struct ctx *c)
{
	struct product_in in;

	(void)c;
	fields_clear(product_new_fields, &in);
	in.sku = "P1";
	in.name = "黄心土豆";
	in.base_unit = "公斤";
	in.price = world_price("1.35");
	return in;
}

static void ratio_is(const char *base, const char *unit, int64_t num, int64_t den)
{
	struct product p = { .id = 1, .base_unit = base };
	struct product_unit hen = { 1, "斤", 5, 16, NULL, false };
	struct ratio r;

	assert_true(unit_ratio(&p, &hen, strcmp(base, "只") == 0, unit, &r));
	assert_int_equal(r.num, num);
	assert_int_equal(r.den, den);
}

static void weights_and_dozens_are_known(void **state)
{
	struct product bottle = { .id = 1, .base_unit = "瓶" };
	struct ratio r;

	(void)state;
	ratio_is("公斤", "公斤", 1, 1);
	ratio_is("公斤", "斤", 1, 2);
	ratio_is("公斤", "两", 1, 20);
	ratio_is("公斤", "克", 1, 1000);
	ratio_is("公斤", "担", 50, 1);
	ratio_is("公斤", "吨", 1000, 1);
	ratio_is("斤", "公斤", 2, 1);
	ratio_is("斤", "两", 1, 10);
	ratio_is("瓶", "打", 12, 1);
	ratio_is("只", "斤", 5, 16);
	assert_false(unit_ratio(&bottle, NULL, 0, "斤", &r));
	assert_false(unit_ratio(&bottle, NULL, 0, "箱", &r));
}

static void a_product_is_made_once(void **state)
{
	struct ctx *c = *state;
	struct product_in in = potato(c);
	struct product p;
	int64_t id, again;

	assert_true(product_create(c, &in, &id));
	assert_true(product_named(c, "P1", &p));
	assert_int_equal(p.id, id);
	assert_string_equal(p.price_unit, "公斤");
	assert_string_equal(p.initials, "hxtd");
	assert_false(product_create(c, &in, &again));
	assert_string_equal(c->err.fields->pointer, "/sku");
	refused(c, false, E_CONFLICT);
}

static void what_cannot_be_is_refused(void **state)
{
	struct ctx *c = *state;
	struct product_in in = potato(c);
	struct product_unit jin = { 0, "斤", 3, 5, NULL, false };
	int64_t id;

	in.price_unit = "箱";
	refused(c, product_create(c, &in, &id), E_INVALID);
	in.price_unit = NULL;
	in.floor_price = world_price("2");
	refused(c, product_create(c, &in, &id), E_INVALID);
	in.floor_price = PRICE_NONE;
	in.units = &jin;
	in.units_len = 1;
	refused(c, product_create(c, &in, &id), E_INVALID);
}

static void a_change_says_only_what_changes(void **state)
{
	struct ctx *c = *state;
	struct product_in in = potato(c), change;
	struct product p;
	int64_t id;

	in.origin = "湖北";
	assert_true(product_create(c, &in, &id));
	fields_clear(product_change_fields, &change);
	change.price = world_price("1.50");
	change.active = "false";
	assert_true(product_change(c, id, 1, &change, false));
	assert_true(product_get(c, id, &p));
	assert_int_equal(p.version, 2);
	assert_string_equal(p.origin, "湖北");
	assert_false(p.active);
	refused(c, product_change(c, id, 1, &change, false), E_VERSION);
	assert_true(product_change(c, id, 2, &change, true));
	assert_true(product_get(c, id, &p));
	assert_null(p.origin);
}

static size_t found(struct ctx *c, const char *q)
{
	struct product *p;
	size_t len;

	assert_true(product_list(c, q, "", 10, &p, &len));
	return len;
}

static void it_is_found_by_everything(void **state)
{
	struct ctx *c = *state;

	import(c);
	assert_int_equal(found(c, "sc01"), 1);
	assert_int_equal(found(c, "西红"), 1);
	assert_int_equal(found(c, "xhs"), 1);
	assert_int_equal(found(c, "xihong"), 1);
	assert_int_equal(found(c, "番茄"), 1);
	assert_int_equal(found(c, "6900126000018"), 1);
	assert_int_equal(found(c, "萝卜"), 0);
}

static void a_barcode_tells_product_and_unit(void **state)
{
	struct ctx *c = *state;
	const char *unit;
	int64_t id;
	bool there;

	import(c);
	assert_true(product_by_barcode(c, "6900126000018", &id, &unit, &there));
	assert_true(there);
	assert_string_equal(unit, "箱");
	assert_true(product_by_barcode(c, "2100108000004", &id, &unit, &there));
	assert_true(there);
	assert_null(unit);
	assert_true(product_by_barcode(c, "nothing", &id, &unit, &there));
	assert_false(there);
}

static void an_import_changes_what_is_there(void **state)
{
	struct ctx *c = *state;
	struct product p;

	import(c);
	import(c);
	assert_true(product_named(c, "SC0108", &p));
	assert_int_equal(p.version, 2);
	assert_true(p.active);
}

static void an_import_tells_row_and_column(void **state)
{
	struct ctx *c = *state;
	struct sheet s = world_sheet(c, "sku,name,base_unit,list_price\nA,甲,公斤,1\nA,乙,公斤,dear\nB,,公斤,2\n");

	assert_false(catalog_import_products(c, &s));
	assert_int_equal(c->err.fields_len, 2);
	assert_string_equal(c->err.fields->pointer, "/rows/3/list_price");
	assert_string_equal(c->err.fields->next->pointer, "/rows/4/name");
	refused(c, false, E_INVALID);
	s = world_sheet(c, "sku,name,base_unit,list_price\nA,甲,公斤,1\nA,乙,公斤,2\n");
	assert_false(catalog_import_products(c, &s));
	assert_string_equal(c->err.fields->pointer, "/rows/3/sku");
	refused(c, false, E_INVALID);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(weights_and_dozens_are_known),
		WORLD_TEST(a_product_is_made_once),
		WORLD_TEST(what_cannot_be_is_refused),
		WORLD_TEST(a_change_says_only_what_changes),
		WORLD_TEST(it_is_found_by_everything),
		WORLD_TEST(a_barcode_tells_product_and_unit),
		WORLD_TEST(an_import_changes_what_is_there),
		WORLD_TEST(an_import_tells_row_and_column),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
