/* What carriers send: codes, states. */
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(codes_mean_what_they_say),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
