/* What carriers send: codes, signatures. */
#include "mod/catalog/test/world.h"

#include "mod/track/track.h"

static void codes_mean_what_they_say(void **state)
{
	(void)state;
	assert_string_equal(track_state_of("1"), "picked_up");
	assert_string_equal(track_state_of("103"), "picked_up");
	assert_string_equal(track_state_of("0"), "in_transit");
	assert_string_equal(track_state_of("1002"), "in_transit");
	assert_string_equal(track_state_of("5"), "out_for_delivery");
	assert_string_equal(track_state_of("304"), "delivered");
	assert_string_equal(track_state_of("2"), "exception");
	assert_string_equal(track_state_of("201"), "exception");
	assert_string_equal(track_state_of("14"), "refused");
	assert_string_equal(track_state_of("6"), "returning");
	assert_string_equal(track_state_of("4"), "returned");
	assert_null(track_state_of("101"));
	assert_null(track_state_of("401"));
	assert_string_equal(track_state_of("9999"), "in_transit"); /* invented */
	assert_string_equal(track_state_of(""), "in_transit");
}

/* The vector of the Standard Webhooks libraries. */
static void a_call_is_signed(void **state)
{
	const char *secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", *body = "{\"test\": 2432232314}";
	const char *good = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

	(void)state;
	assert_true(
		track_signature_holds(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", body, strlen(body), good));
	assert_true(track_signature_holds(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", body, strlen(body),
		"v1,AAAA v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="));
	assert_false(
		track_signature_holds(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265331", body, strlen(body), good));
	assert_false(track_signature_holds(secret, "msg_x", "1614265330", body, strlen(body), good));
	assert_false(track_signature_holds(
		secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", body, strlen(body) - 1, good));
	assert_false(
		track_signature_holds("other", "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", body, strlen(body), good));
	assert_false(
		track_signature_holds(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", body, strlen(body), ""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(codes_mean_what_they_say),
		cmocka_unit_test(a_call_is_signed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
