/* field: one table, all its faces; every fault of a request is named at its place. */
#include "base/field.h"

#include "base/ctx.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

struct line {
	const char *sku;
	struct qty quantity;
	struct price price;
};

struct address {
	const char *city;
};

struct order {
	int64_t id;
	const char *name, *remark, *data;
	int state;
	bool rush;
	struct money paid;
	struct instant at;
	struct date day;
	int64_t boxes;
	struct bytes hash;
	struct address to;
	struct line *lines;
	size_t lines_len;
};

static const char *const states[] = { "draft", "open", "done", NULL };

static const struct field line_fields[] = {
	FIELD(struct line, sku, T_none, .max = 8, .flags = F_REQUIRED),
	FIELD(struct line, quantity, T_none, .flags = F_REQUIRED | F_POSITIVE),
	FIELD(struct line, price, T_none, .flags = F_UNSIGNED),
	FIELD_END,
};

static const struct field address_fields[] = {
	FIELD(struct address, city, T_none, .flags = F_REQUIRED),
	FIELD_END,
};

static const struct field order_fields[] = {
	FIELD(struct order, id, T_none, .flags = F_READONLY | F_REQUIRED),
	FIELD(struct order, name, T_none, .max = 4, .flags = F_REQUIRED),
	FIELD(struct order, remark, T_none, .flags = F_LINES),
	FIELD_JSON(struct order, data, T_none),
	FIELD_ENUM(struct order, state, T_none, states),
	FIELD(struct order, rush, T_none),
	FIELD(struct order, paid, T_none),
	FIELD(struct order, at, T_none),
	FIELD(struct order, day, T_none),
	FIELD(struct order, boxes, T_none, .max = 100),
	FIELD(struct order, hash, T_none, .flags = F_HIDDEN),
	FIELD_OBJ(struct order, to, address_fields, T_none),
	FIELD_LIST(struct order, lines, line_fields, T_none, .max = 3, .flags = F_REQUIRED),
	FIELD_END,
};

#define GOOD "\"name\":\"老王\",\"to\":{\"city\":\"广州\"},\"lines\":[{\"sku\":\"A\",\"quantity\":\"1\"}]"

static struct arena *a;
static struct ctx c;
static struct order o;

static int start(void **state)
{
	(void)state;
	a = arena_new();
	c = (struct ctx){ .arena = a, .lang = LANG_EN };
	return 0;
}

static int stop(void **state)
{
	(void)state;
	arena_free(a);
	return 0;
}

static bool take(const char *text)
{
	json_t *v = NULL;
	bool good;

	c.err = (struct err){ 0 };
	assert_true(json_read(&c, text, strlen(text), &v));
	good = fields_from_json(&c, order_fields, v, "", &o);
	json_decref(v);
	return good;
}

/* The faults as "pointer CODE;pointer CODE;" in their order. */
static const char *faults(const char *text)
{
	bool good = take(text);
	struct buf b;

	assert_int_equal(good, ok(&c));
	buf_init(&b, a);
	for (struct field_err *f = c.err.fields; f != NULL; f = f->next)
		buf_printf(&b, "%s %s;", f->pointer, err_name(f->code));
	return buf_cstr(&b);
}

static const char *fault_of(const char *member)
{
	return faults(arena_printf(a, "{" GOOD ",%s}", member));
}

static void test_whole_order(void **state)
{
	(void)state;
	assert_true(take("{\"version\":3,\"name\":\"老王\",\"remark\":\"快\\n点\",\"data\":{\"a\":[1]},"
			 "\"state\":\"open\",\"rush\":true,\"paid\":12,\"at\":\"2026-11-24T11:00:00+08:00\","
			 "\"day\":\"2026-11-25\",\"boxes\":8,\"to\":{\"city\":\"广州\"},"
			 "\"lines\":[{\"sku\":\"A\",\"quantity\":\"3.125\",\"price\":\"0\"},"
			 "{\"sku\":\"B\",\"quantity\":2,\"price\":null}]}"));
	assert_string_equal(o.name, "老王");
	assert_string_equal(o.remark, "快\n点");
	assert_string_equal(o.data, "{\"a\":[1]}");
	assert_int_equal(o.state, 1);
	assert_true(o.rush);
	assert_int_equal(o.paid.fen, 1200);
	assert_int_equal(o.boxes, 8);
	assert_string_equal(o.to.city, "广州");
	assert_int_equal(o.lines_len, 2);
	assert_int_equal(o.lines[0].quantity.milli, 3125);
	assert_int_equal(o.lines[1].quantity.milli, 2000);
	assert_false(price_is(o.lines[1].price));
}

static void test_not_given(void **state)
{
	(void)state;
	assert_true(take("{" GOOD "}"));
	assert_null(o.remark);
	assert_null(o.data);
	assert_false(o.rush);
	assert_false(money_is(o.paid));
	assert_false(instant_is(o.at));
	assert_false(date_is(o.day));
	assert_int_equal(o.boxes, INT64_MIN);
	assert_int_equal(o.id, INT64_MIN);
	assert_null(o.hash.data);
}

static void test_all_faults_at_once(void **state)
{
	(void)state;
	assert_string_equal(faults("{\"name\":\"\",\"paid\":1.5,\"to\":{},\"lines\":["
				   "{\"sku\":\"A\",\"quantity\":\"0\"},{\"quantity\":1.25,\"x/y~\":1},7]}"),
		"/name REQUIRED;/paid FRACTION;/to/city REQUIRED;/lines/0/quantity RANGE;/lines/1/sku "
		"REQUIRED;"
		"/lines/1/quantity FRACTION;/lines/1/x~1y~0 UNKNOWN_FIELD;/lines/2 TYPE;");
	assert_int_equal(c.err.code, E_INVALID);
	assert_int_equal(c.err.fields_len, 8);
	assert_string_equal(faults("{}"), "/name REQUIRED;/lines REQUIRED;");
	assert_string_equal(faults("[]"), " TYPE;");
}

/* A double is not money: fractions come as strings, whole numbers may come as they are. */
static void test_decimals(void **state)
{
	(void)state;
	assert_string_equal(fault_of("\"paid\":12"), "");
	assert_string_equal(fault_of("\"paid\":\"12.50\""), "");
	assert_string_equal(fault_of("\"paid\":12.0"), "/paid FRACTION;");
	assert_string_equal(fault_of("\"paid\":1e2"), "/paid FRACTION;");
	assert_string_equal(fault_of("\"paid\":\"12.505\""), "/paid TYPE;");
	assert_string_equal(fault_of("\"paid\":\"1e2\""), "/paid TYPE;");
	assert_string_equal(fault_of("\"paid\":true"), "/paid TYPE;");
	assert_string_equal(fault_of("\"paid\":\"10000000000000.01\""), "/paid RANGE;");
	assert_string_equal(fault_of("\"boxes\":2.5"), "/boxes FRACTION;");
	assert_string_equal(fault_of("\"boxes\":\"8\""), "/boxes TYPE;");
	assert_string_equal(fault_of("\"boxes\":101"), "/boxes RANGE;");
}

static void test_strings(void **state)
{
	(void)state;
	assert_string_equal(fault_of("\"remark\":\"\\u0007\""), "/remark ENCODING;");
	assert_string_equal(fault_of("\"remark\":7"), "/remark TYPE;");
	assert_string_equal(faults("{\"name\":\"白菜土豆\",\"to\":{\"city\":\"x\"},\"lines\":[{\"sku\":\"A\","
				   "\"quantity\":1}]}"),
		"");
	assert_string_equal(faults("{\"name\":\"白菜土豆葱\",\"to\":{\"city\":\"a\\nb\"},"
				   "\"lines\":[{\"sku\":\"a\\rb\",\"quantity\":1}]}"),
		"/name TOO_LONG;/to/city ENCODING;/lines/0/sku ENCODING;");
}

static void test_other_types(void **state)
{
	(void)state;
	assert_string_equal(fault_of("\"state\":\"gone\""), "/state UNKNOWN;");
	assert_string_equal(fault_of("\"state\":1"), "/state TYPE;");
	assert_string_equal(fault_of("\"rush\":1"), "/rush TYPE;");
	assert_string_equal(fault_of("\"day\":\"2026-02-30\""), "/day TYPE;");
	assert_string_equal(fault_of("\"at\":\"tomorrow\""), "/at TYPE;");
	assert_string_equal(faults("{\"name\":\"x\",\"to\":{\"city\":\"y\"},\"lines\":{}}"), "/lines TYPE;");
	assert_string_equal(faults("{\"name\":\"x\",\"to\":[],\"lines\":[]}"), "/to TYPE;/lines REQUIRED;");
	assert_string_equal(faults("{\"name\":\"x\",\"to\":{\"city\":\"y\"},\"lines\":[1,2,3,4]}"), "/lines TOO_LONG;");
}

/* What is ours to set is refused, "version" is read by the request layer and only at the top. */
static void test_members_not_ours_to_give(void **state)
{
	(void)state;
	assert_string_equal(fault_of("\"id\":7"), "/id UNKNOWN_FIELD;");
	assert_string_equal(fault_of("\"hash\":\"00\""), "/hash UNKNOWN_FIELD;");
	assert_string_equal(fault_of("\"version\":1"), "");
	assert_string_equal(faults("{\"name\":\"x\",\"to\":{\"city\":\"y\",\"version\":1},"
				   "\"lines\":[{\"sku\":\"A\",\"quantity\":1}]}"),
		"/to/version UNKNOWN_FIELD;");
}

static bool text_into(const char *name, const char *text)
{
	c.err = (struct err){ 0 };
	return field_from_text(&c, field_find(order_fields, name), text, "/f", &o);
}

static void test_from_text(void **state)
{
	(void)state;
	assert_true(text_into("paid", "12.5"));
	assert_int_equal(o.paid.fen, 1250);
	assert_true(text_into("paid", ""));
	assert_false(money_is(o.paid));
	assert_true(text_into("rush", "on"));
	assert_true(o.rush);
	assert_true(text_into("boxes", "8"));
	assert_int_equal(o.boxes, 8);
	assert_true(text_into("state", "done"));
	assert_int_equal(o.state, 2);
	assert_true(text_into("remark", "a\r\nb"));
	assert_false(text_into("name", ""));
	assert_int_equal(c.err.fields->code, E_REQUIRED);
	assert_false(text_into("name", "a\rb"));
	assert_false(text_into("boxes", "8x"));
	assert_false(text_into("boxes", "99999999999999999999"));
	assert_int_equal(o.boxes, INT64_MIN);
	assert_false(text_into("day", "25/11/2026"));
}

/* It is sent out as it came, so it has to be JSON. */
static void test_json_from_text(void **state)
{
	(void)state;
	assert_true(text_into("data", "{\"a\":1}"));
	assert_string_equal(o.data, "{\"a\":1}");
	assert_false(text_into("data", "1},\"admin\":{\"x\":1"));
	assert_null(o.data);
	assert_int_equal(c.err.fields->code, E_TYPE);
}

static void test_out(void **state)
{
	static const uint8_t hash[] = { 0xab };
	struct line lines[] = { { "A", { 1500 }, PRICE_NONE } };
	struct buf b;
	struct json j;

	(void)state;
	fields_clear(order_fields, &o);
	o.id = 17;
	o.data = "[1]";
	o.hash = (struct bytes){ hash, 1 };
	o.lines = lines;
	o.lines_len = 1;
	buf_init(&b, a);
	json_start(&j, &b);
	json_obj(&j, NULL);
	fields_to_json(&j, order_fields, &o);
	json_end_obj(&j);
	assert_string_equal(buf_cstr(&b),
		"{\"id\":17,\"name\":null,\"remark\":null,\"data\":[1],\"state\":\"draft\",\"rush\":false,"
		"\"paid\":null,\"at\":null,\"day\":null,\"boxes\":null,\"to\":{\"city\":null},"
		"\"lines\":[{\"sku\":\"A\",\"quantity\":\"1.5\",\"price\":null}]}");
	assert_string_equal(field_text(&c, field_find(order_fields, "id"), &o), "17");
	assert_string_equal(field_text(&c, field_find(order_fields, "hash"), &o), "ab");
	assert_string_equal(field_text(&c, field_find(order_fields, "paid"), &o), "");
	assert_string_equal(field_text(&c, field_find(order_fields, "lines"), &o), "");
	assert_null(field_find(order_fields, "nothing"));
}

static json_t *schema(bool input)
{
	struct buf b;
	struct json j;
	json_t *v;

	buf_init(&b, a);
	json_start(&j, &b);
	json_obj(&j, NULL);
	fields_schema(&j, order_fields, input);
	json_end_obj(&j);
	v = json_loadb(buf_cstr(&b), b.len, JSON_REJECT_DUPLICATES, NULL);
	assert_non_null(v);
	return v;
}

static void test_schema(void **state)
{
	json_t *in = schema(true), *out = schema(false), *props = json_object_get(in, "properties");

	(void)state;
	assert_null(json_object_get(props, "id"));
	assert_null(json_object_get(props, "hash"));
	assert_non_null(json_object_get(json_object_get(out, "properties"), "id"));
	assert_null(json_object_get(json_object_get(out, "properties"), "hash"));
	assert_string_equal(json_string_value(json_array_get(json_object_get(in, "required"), 0)), "name");
	assert_int_equal(json_array_size(json_object_get(in, "required")), 2);
	assert_int_equal(json_array_size(json_object_get(json_object_get(props, "state"), "enum")), 3);
	assert_int_equal(json_integer_value(json_object_get(json_object_get(props, "lines"), "maxItems")), 3);
	json_decref(in);
	json_decref(out);
}

static void test_enum_find(void **state)
{
	(void)state;
	assert_int_equal(enum_find(states, "done"), 2);
	assert_int_equal(enum_find(states, "Done"), -1);
	assert_int_equal(enum_find(states, ""), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole_order),
		cmocka_unit_test(test_not_given),
		cmocka_unit_test(test_all_faults_at_once),
		cmocka_unit_test(test_decimals),
		cmocka_unit_test(test_strings),
		cmocka_unit_test(test_other_types),
		cmocka_unit_test(test_members_not_ours_to_give),
		cmocka_unit_test(test_from_text),
		cmocka_unit_test(test_json_from_text),
		cmocka_unit_test(test_out),
		cmocka_unit_test(test_schema),
		cmocka_unit_test(test_enum_find),
	};

	return cmocka_run_group_tests_name("field", tests, start, stop);
}
