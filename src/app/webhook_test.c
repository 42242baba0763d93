/* The vector of the Standard Webhooks libraries, and what is near it. */
#include "mod/catalog/test/world.h"

#include "app/webhook.h"

#define SECRET "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
#define BODY   "{\"test\": 2432232314}"
#define GOOD   "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="

static struct bytes bytes_of(const char *s)
{
	return (struct bytes){ (const uint8_t *)s, strlen(s) };
}

static bool fits(
	struct ctx *c, const char *secret, const char *id, const char *at, const char *body, const char *signature)
{
	return webhook_fits(c, secret, &(struct webhook){ id, at, signature }, bytes_of(body));
}

static void the_published_vector_fits(void **state)
{
	static const char id[] = "msg_p5jXN8AQM9LWM0D4loKWxJek", at[] = "1614265330";
	struct ctx *c = *state;

	assert_string_equal(webhook_sign(c, SECRET, id, at, bytes_of(BODY)), GOOD);
	assert_true(fits(c, SECRET, id, at, BODY, GOOD));
	assert_true(fits(c, SECRET, id, at, BODY, "v1,AAAA " GOOD " v2,x"));
	assert_false(fits(c, SECRET, id, "1614265331", BODY, GOOD));
	assert_false(fits(c, SECRET, "msg_x", at, BODY, GOOD));
	assert_false(fits(c, SECRET, id, at, "{\"test\": 2432232315}", GOOD));
	assert_false(fits(c, "other", id, at, BODY, GOOD));
	assert_false(fits(c, SECRET, id, at, BODY, ""));
	assert_false(fits(c, SECRET, id, at, BODY, "v1,"));
	assert_false(fits(c, SECRET, id, at, BODY, "v1a,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="));
}

static void a_new_secret_signs(void **state)
{
	struct ctx *c = *state;
	const char *one = webhook_secret_new(c), *two = webhook_secret_new(c);

	assert_string_not_equal(one, two);
	assert_int_equal(strlen(one), strlen(SECRET));
	assert_true(fits(c, one, "m1", "1", BODY, webhook_sign(c, one, "m1", "1", bytes_of(BODY))));
	assert_false(fits(c, two, "m1", "1", BODY, webhook_sign(c, one, "m1", "1", bytes_of(BODY))));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_TEST(the_published_vector_fits),
		WORLD_TEST(a_new_secret_signs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
