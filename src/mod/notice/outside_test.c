/* Which addresses people may make us call, and how long we wait after a failure. */
#include "mod/catalog/test/world.h"

#include "app/outbox.h"
#include "app/outside.h"

#include <arpa/inet.h>
#include <netinet/in.h>

static bool may_call(const char *address, int port, const char *allow)
{
	struct sockaddr_in v4 = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port) };

	if (inet_pton(AF_INET, address, &v4.sin_addr) == 1)
		return outside_address_ok((struct sockaddr *)&v4, allow);
	assert_int_equal(inet_pton(AF_INET6, address, &v6.sin6_addr), 1);
	return outside_address_ok((struct sockaddr *)&v6, allow);
}

static void the_world_may_be_called(void **state)
{
	static const char *const open[] = { "1.1.1.1", "8.8.8.8", "223.5.5.5", "172.15.255.255", "172.32.0.1",
		"2606:4700::1", "2400:3200::1", "::ffff:8.8.8.8" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(open); i++)
		if (!may_call(open[i], 443, ""))
			fail_msg("%s", open[i]);
}

static void the_inside_may_not(void **state)
{
	static const char *const closed[] = { "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.1.2.3", "172.16.0.1",
		"172.31.9.9", "192.168.1.1", "169.254.169.254", "100.64.0.1", "198.18.0.1", "224.0.0.1",
		"255.255.255.255", "::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1",
		"2002:7f00:1::", "fe80::1", "fc00::1", "fd12::9", "ff02::1", "::127.0.0.1", "2001:db8::1" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(closed); i++)
		if (may_call(closed[i], 443, ""))
			fail_msg("%s", closed[i]);
}

static void an_admin_may_allow_some(void **state)
{
	static const char allow[] = "10.0.0.5:8443, 192.168.7.0/24 [fd00::1]:9000 ::1";

	(void)state;
	assert_true(may_call("10.0.0.5", 8443, allow));
	assert_false(may_call("10.0.0.5", 8444, allow));
	assert_false(may_call("10.0.0.6", 8443, allow));
	assert_true(may_call("192.168.7.200", 1, allow));
	assert_false(may_call("192.168.8.1", 1, allow));
	assert_true(may_call("fd00::1", 9000, allow));
	assert_false(may_call("fd00::1", 9001, allow));
	assert_true(may_call("::1", 80, allow));
	assert_false(may_call("127.0.0.1", 80, "rubbish 999.1.1.1 127.0.0.1/99 /8 :80"));
	assert_false(may_call("127.0.0.1", 80, NULL));
}

/* Half a word opens nothing, and whoever writes one is told which. */
static void half_a_word_allows_nothing(void **state)
{
	static const char *const bad[] = { "10.0.0.0/", "10.0.0.0/x", "10.0.0.0/8x", "10.0.0.0/33", "10.0.0.0/-1",
		"10.0.0.0/ 8", "10.0.0.1:", "10.0.0.1:0x50", "10.0.0.1:99999", "[fd00::1", "[fd00::1]:", "[fd00::1]x",
		"fd00::/129", "/8", "localhost", "10.0.0", "http://10.0.0.1" };
	struct ctx *c = *state;

	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		if (may_call("10.0.0.1", 80, bad[i]) || may_call("fd00::1", 80, bad[i]) ||
			may_call("127.0.0.1", 80, bad[i]))
			fail_msg("%s opens a door", bad[i]);
		assert_false(outside_allow_check(c, "/value", bad[i]));
		assert_string_equal(c->err.fields->pointer, "/value");
		assert_non_null(strstr(c->err.fields->detail, "outside.allow"));
		c->err = (struct err){ 0 };
	}
	assert_true(outside_allow_check(c, "/value", ""));
	assert_true(
		outside_allow_check(c, "/value", "10.0.0.5:8443, 192.168.7.0/24 [fd00::1]:9000 ::1 fd00::/8 [::1]"));
}

static void addresses_are_http(void **state)
{
	static const char *const bad[] = { "", "x", "ftp://example.com/", "file:///etc/passwd", "gopher://example.com",
		"https://user:pw@example.com/", "http://", "javascript:alert(1)", "smtp://example.com" };
	struct ctx *c = *state;

	assert_true(outside_url_check(c, "/url", "https://example.com/hook?x=1"));
	assert_true(outside_url_check(c, "/url", "http://example.com:8080/"));
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		refused(c, outside_url_check(c, "/url", bad[i]), E_INVALID);
}

static void patience_grows(void **state)
{
	struct ctx *c = *state;

	for (int64_t n = 1; n < OUTBOX_TRIES; n++) {
		int64_t wait = outbox_wait_ms(c, n, 5000);
		assert_in_range(wait, 4000, 24 * 3600 * 1200);
		assert_true(outbox_wait_ms(c, n + 2, 5000) > wait || n > 9);
	}
	assert_in_range(outbox_wait_ms(c, 99, 5000), 24 * 3600 * 800, 24 * 3600 * 1200);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_world_may_be_called),
		cmocka_unit_test(the_inside_may_not),
		cmocka_unit_test(an_admin_may_allow_some),
		WORLD_TEST(half_a_word_allows_nothing),
		WORLD_TEST(addresses_are_http),
		WORLD_TEST(patience_grows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
