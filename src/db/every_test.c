/* Every migration runs and every statement of every module is understood, on both engines. */
#include "base/rand.h"
#include "db/engine.h"
#include "db/migrate.h"
#include "gen/sql_all.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static void prepare_every(struct ctx *c)
{
	size_t sets = 0;
	int bad = 0;

	while (migration_sets[sets].module)
		sets++;
	if (!migrate_run(c, migration_sets, sets))
		fail_msg("%s", c->err.detail);
	for (int i = 0; i < sql_slots; i++) {
		assert_int_equal(sql_all[i]->slot, i);
		c->err = (struct err){ .code = E_NONE };
		bad += !sql_prepare(c, sql_all[i]);
	}
	assert_int_equal(bad, 0);
}

static void on_database(const char *url, const char *before)
{
	struct rng rng = { .seed = 1 };
	struct ctx c = { .arena = arena_new(), .rng = &rng, .now = { 1 } };
	struct buf why;

	buf_init(&why, c.arena);
	if (!db_open(&c.db, url, DB_WRITE, &why))
		fail_msg("%s", buf_cstr(&why));
	assert_true(!before || db_script(&c, before));
	prepare_every(&c);
	db_close(c.db);
	arena_free(c.arena);
}

static void test_sqlite(void **state)
{
	(void)state;
	on_database("sqlite::memory:", NULL);
}

static void test_postgresql(void **state)
{
	const char *url = getenv("HUODAN_TEST_PG");

	(void)state;
	if (!url || !*url)
		skip();
	on_database(url, "DROP SCHEMA IF EXISTS every CASCADE; CREATE SCHEMA every; SET search_path = every");
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_sqlite), cmocka_unit_test(test_postgresql) };

	return cmocka_run_group_tests_name("every statement", tests, NULL, NULL);
}
