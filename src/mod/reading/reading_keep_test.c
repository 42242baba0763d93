/* What a process knows by heart: built once for all its threads, and nobody who gives it back waits for a build. */
#include "app/serve.h"
#include "mod/reading/reading_int.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define THREADS 8

struct thing {
	struct kept kept;
};

/* What the build does, and how often it was asked for. */
struct job {
	int built;
	bool fails;
	struct kept *give_back; /* while it builds */
};

static struct job *job(void)
{
	static struct job one;

	return &one;
}

static struct app *serving(void)
{
	static struct app app;

	return &app;
}

static bool make(struct ctx *c, struct arena *own, struct kept **out)
{
	struct thing *t = ARENA_NEW(own, struct thing);

	(void)arena_strdup(c->arena, "a row");
	job()->built++;
	if (job()->give_back != NULL)
		keep_leave(KEEP_PEOPLE, job()->give_back);
	job()->give_back = NULL;
	*out = &t->kept;
	return !job()->fails;
}

/* In any thread. */
static void take_and_leave(int64_t stamp)
{
	struct ctx c = { .arena = arena_new(), .app = serving() };
	struct kept *kept;

	must(keep_take(&c, KEEP_PEOPLE, stamp, make, &kept) && kept->stamp == stamp);
	keep_leave(KEEP_PEOPLE, kept);
	arena_free(c.arena);
}

static void it_is_built_anew_when_its_stamp_changed(void **state)
{
	(void)state;
	job()->built = 0;
	take_and_leave(1);
	take_and_leave(1);
	assert_int_equal(job()->built, 1);
	take_and_leave(2);
	assert_int_equal(job()->built, 2);
}

/* One reads by the old one still and is done while the new one is built. */
static void who_gives_it_back_does_not_wait(void **state)
{
	struct ctx c = { .arena = arena_new(), .app = serving() };

	(void)state;
	job()->built = 0;
	assert_true(keep_take(&c, KEEP_PEOPLE, 3, make, &job()->give_back));
	take_and_leave(4);
	assert_int_equal(job()->built, 2);
	assert_null(job()->give_back);
	arena_free(c.arena);
}

static void after_a_build_that_failed_the_next_builds(void **state)
{
	struct ctx c = { .arena = arena_new(), .app = serving() };
	struct kept *kept;

	(void)state;
	job()->fails = true;
	assert_false(keep_take(&c, KEEP_PEOPLE, 5, make, &kept));
	assert_null(kept);
	job()->fails = false;
	take_and_leave(5);
	arena_free(c.arena);
}

static void *reader(void *arg)
{
	(void)arg;
	take_and_leave(6);
	return NULL;
}

static void of_many_one_builds_it(void **state)
{
	pthread_t threads[THREADS];

	(void)state;
	job()->built = 0;
	for (size_t i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, reader, NULL), 0);
	for (size_t i = 0; i < THREADS; i++)
		assert_int_equal(pthread_join(threads[i], NULL), 0);
	assert_int_equal(job()->built, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_built_anew_when_its_stamp_changed),
		cmocka_unit_test(who_gives_it_back_does_not_wait),
		cmocka_unit_test(after_a_build_that_failed_the_next_builds),
		cmocka_unit_test(of_many_one_builds_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
