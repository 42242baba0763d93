/* user: passwords, people and the tokens that stand for them. The door itself (sessions, throttling, the last admin) has
 * stories and the test of rights. */
#include "mod/catalog/test/world.h"

#include "app/sheet.h"
#include "gen/user_sql.h"
#include "mod/user/user_int.h"

static void add(struct ctx *c, const char *login, int role, struct user *out)
{
	struct user_in in = { .login = login, .name = login, .role = role };

	assert_true(user_add(c, &in, "!", out));
}

static void test_password(void **state)
{
	struct ctx *c = *state;
	const char *hash, *again;
	bool fits;

	assert_true(
		password_hash(c, "correct horse battery", &hash) && password_hash(c, "correct horse battery", &again));
	assert_memory_equal(hash, "$argon2id$", 10);
	assert_string_not_equal(hash, again); /* each has a salt of its own */
	assert_true(password_fits(c, "correct horse battery", hash, &fits));
	assert_true(fits);
	assert_true(password_fits(c, "correct horse batterz", hash, &fits));
	assert_false(fits);
	assert_true(password_fits(c, "anything at all", "!", &fits)); /* no password yet: nothing fits */
	assert_false(fits);
}

static void test_short_password(void **state)
{
	struct ctx *c = *state;
	const char *hash;

	refused(c, password_hash(c, "short", &hash), E_INVALID);
}

static void test_login_once(void **state)
{
	struct ctx *c = *state;
	struct user_in in = { .login = "mei.fang", .name = "别人", .role = ROLE_admin };
	struct user u;

	add(c, "mei.fang", ROLE_clerk, &u);
	assert_string_equal(u.role, "clerk");
	assert_true(u.active);
	refused(c, user_add(c, &in, "!", &u), E_CONFLICT);
}

/* A key is known by its hash alone, and no longer once it is taken back or its person is closed. */
static void test_key(void **state)
{
	struct ctx *c = *state;
	struct api_key key, other;
	struct actor who;
	enum lang lang = LANG_EN;
	struct user u;
	int64_t changed;
	bool found;

	add(c, "mei.fang", ROLE_clerk, &u);
	assert_true(user_key_add(c, u.id, "台秤", &key) && user_key_add(c, u.id, NULL, &other));
	assert_string_not_equal(key.key, other.key);
	assert_memory_equal(key.key, key.prefix, strlen(key.prefix));
	assert_true(user_auth.key(c, key.key, &who, &lang, &found));
	assert_true(found);
	assert_int_equal(who.id, u.id);
	assert_int_equal(who.role, ROLE_clerk);
	assert_true(user_auth.key(c, "hd_0000000000000000000000000000000000000000", &who, &lang, &found));
	assert_false(found);
	assert_true(key_revoke(c, key.id, c->now, &changed));
	assert_true(user_auth.key(c, key.key, &who, &lang, &found));
	assert_false(found);
	assert_true(user_auth.key(c, other.key, &who, &lang, &found));
	assert_true(found);
}

static void test_import(void **state)
{
	struct ctx *c = *state;
	struct sheet s = world_sheet(c, "login,name,role\nmei.fang,梅芳,clerk\nqiao.ling,乔玲,reviewer\n");
	struct sheet bad = world_sheet(c, "login,name,role\nx,某,clerk\ny,某,emperor\n");
	struct user u;
	int64_t n;
	bool found;

	assert_true(user_import_with(c, &s, "!") && user_count(c, &n));
	assert_true(user_find(c, "qiao.ling", &u, &found));
	assert_true(found);
	assert_string_equal(u.role, "reviewer");
	refused(c, user_import_with(c, &bad, "!"), E_INVALID);
}

int main(void)
{
#define TEST(fn) cmocka_unit_test_setup_teardown(fn, world_open, world_close)
	const struct CMUnitTest tests[] = {
		TEST(test_password),
		TEST(test_short_password),
		TEST(test_login_once),
		TEST(test_key),
		TEST(test_import),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
