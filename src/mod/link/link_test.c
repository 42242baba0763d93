/* A link opens one thing for a while, and guessing gets slow. */
#include "mod/catalog/test/world.h"

#include "app/serve.h"
#include "mod/link/link.h"

static struct instant in_days(struct ctx *c, int n)
{
	return (struct instant){ c->now.us + n * DAY_US };
}

static void it_opens_one_thing(void **state)
{
	struct ctx *c = *state;
	const char *token, *other;
	struct link l;

	assert_true(link_make(c, "order", 5, in_days(c, 30), &token));
	assert_true(link_make(c, "order", 5, in_days(c, 30), &other));
	assert_int_equal(strlen(token), 32);
	assert_string_not_equal(token, other);
	assert_true(link_open(c, "10.0.0.1", "order", token, &l));
	assert_int_equal(l.entity_id, 5);
	refused(c, link_open(c, "10.0.0.1", "driver", token, &l), E_NOT_FOUND);
	refused(c, link_open(c, "10.0.0.1", "order", "' OR 1=1 --", &l), E_NOT_FOUND);
	refused(c, link_open(c, "10.0.0.1", "order", NULL, &l), E_NOT_FOUND);
}

static void it_ends(void **state)
{
	struct ctx *c = *state;
	const char *token, *other;
	struct link l;

	assert_true(link_make(c, "order", 5, in_days(c, 1), &token));
	assert_true(link_make(c, "order", 6, in_days(c, 9), &other));
	c->now = in_days(c, 2);
	refused(c, link_open(c, "10.0.0.1", "order", token, &l), E_NOT_FOUND);
	assert_true(link_open(c, "10.0.0.1", "order", other, &l));
	assert_true(link_revoke(c, "order", 6));
	refused(c, link_open(c, "10.0.0.1", "order", other, &l), E_NOT_FOUND);
}

static void guessing_gets_slow(void **state)
{
	struct ctx *c = *state;
	struct app *app = ARENA_NEW(c->arena, struct app);
	const char *token;
	struct link l;

	c->app = app;
	assert_true(link_make(c, "order", 5, in_days(c, 1), &token));
	for (int i = 0; i < GUARD_MISSES; i++)
		refused(c, link_open(c, "10.0.0.9", "order", "0123456789abcdef0123456789abcdef", &l), E_NOT_FOUND);
	refused(c, link_open(c, "10.0.0.9", "order", token, &l), E_TOO_MANY);
	assert_true(link_open(c, "10.0.0.1", "order", token, &l));
	c->now.us += 10 * MINUTE_US;
	assert_true(link_open(c, "10.0.0.9", "order", token, &l));
	c->app = NULL;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_TEST(it_opens_one_thing),
		WORLD_TEST(it_ends),
		WORLD_TEST(guessing_gets_slow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
