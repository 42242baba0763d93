/* Signatures as Standard Webhooks have them, and documents by their paths. */
#include "mod/catalog/test/world.h"

#include "mod/platform/platform.h"

#define SECRET "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
#define BODY   "{\"test\": 2432232314}"

static const struct webhook vector = { "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330",
	"v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=" };

static bool fits(struct ctx *c, struct webhook s, const char *body)
{
	return platform_signed_by(c, SECRET, &s, body, strlen(body));
}

static void the_published_vector_fits(void **state)
{
	struct ctx *c = *state;
	struct webhook s = vector;

	c->now.us = INT64_C(1614265330) * SECOND_US;
	assert_true(fits(c, s, BODY));
	s.signature = "v1,AAAA v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE= v2,x";
	assert_true(fits(c, s, BODY));
	c->now.us = (INT64_C(1614265330) + 299) * SECOND_US;
	assert_true(fits(c, s, BODY));
}

static void nothing_else_does(void **state)
{
	struct ctx *c = *state;
	struct webhook s = vector;

	c->now.us = INT64_C(1614265330) * SECOND_US;
	refused(c, fits(c, s, "{\"test\": 2432232315}"), E_UNAUTHORIZED);
	s.id = "msg_other";
	refused(c, fits(c, s, BODY), E_UNAUTHORIZED);
	s = vector;
	s.timestamp = "1614265331";
	refused(c, fits(c, s, BODY), E_UNAUTHORIZED);
	s.timestamp = "-1";
	refused(c, fits(c, s, BODY), E_UNAUTHORIZED);
	s.timestamp = NULL;
	refused(c, fits(c, s, BODY), E_UNAUTHORIZED);
	s = vector;
	s.signature = "v1,";
	refused(c, fits(c, s, BODY), E_UNAUTHORIZED);
	s.signature = "v1a,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
	refused(c, fits(c, s, BODY), E_UNAUTHORIZED);
	s.signature = "";
	refused(c, fits(c, s, BODY), E_UNAUTHORIZED);
	c->now.us = (INT64_C(1614265330) + 301) * SECOND_US;
	refused(c, fits(c, vector, BODY), E_UNAUTHORIZED);
	c->now.us = (INT64_C(1614265330) - 301) * SECOND_US;
	refused(c, fits(c, vector, BODY), E_UNAUTHORIZED);
}

static bool map(struct ctx *c, const struct platform_paths *p, const char *json, struct platform_doc *d)
{
	json_t *body = json_loads(json, 0, NULL);
	bool good = platform_map(c, p, body, d);

	json_decref(body);
	return good;
}

static void paths_find_things(void **state)
{
	struct ctx *c = *state;
	struct platform_paths p = { .external_id = "order.no",
		.customer = "=C006",
		.delivery_date = "order.at",
		.lines = "order.goods",
		.sku = "codes.0",
		.quantity = "n",
		.unit = "=件" };
	struct platform_doc d;

	assert_true(map(c, &p,
		"{\"order\":{\"no\":77,\"at\":\"2026-11-24T17:00:00Z\",\"goods\":[{\"codes\":[\"SC0101\"],\"n\":2.5},{"
		"\"codes\":[\"A\"],\"n\":\"3\"}]}}",
		&d));
	assert_string_equal(d.external_id, "77");
	assert_string_equal(d.customer, "C006");
	assert_string_equal(date_str(c->arena, d.day), "2026-11-25"); /* one o'clock in the morning in Wuhan */
	assert_int_equal(d.lines_len, 2);
	assert_string_equal(d.lines[0].sku, "SC0101");
	assert_string_equal(d.lines[0].quantity, "2.5");
	assert_string_equal(d.lines[0].unit, "件");
	assert_string_equal(d.lines[1].quantity, "3");
}

static void what_is_missing_is_named(void **state)
{
	struct ctx *c = *state;
	struct platform_paths p = { .external_id = "no", .delivery_date = "day", .lines = "items", .sku = "sku" };
	struct platform_doc d;

	assert_false(map(c, &p, "{\"day\":\"soon\",\"items\":[{\"x\":1}]}", &d));
	assert_int_equal(c->err.fields_len, 3);
	assert_string_equal(c->err.fields->pointer, "/no");
	assert_string_equal(c->err.fields->next->pointer, "/day");
	assert_string_equal(c->err.fields->next->next->pointer, "/items/0");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_TEST(the_published_vector_fits),
		WORLD_TEST(nothing_else_does),
		WORLD_TEST(paths_find_things),
		WORLD_TEST(what_is_missing_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
