/* What a record is found by. */
#include "mod/archive/archive.h"

#include "base/arena.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static bool found(struct strs w, const char *word)
{
	for (size_t i = 0; i < w.len; i++)
		if (strcmp(w.at[i], word) == 0)
			return true;
	return false;
}

static void a_name_is_found_by_pairs_and_initials(void **state)
{
	struct arena *a = arena_new();
	struct strs w = archive_words(a, "红富士苹果 AP-1", true);

	(void)state;
	assert_true(found(w, "红富"));
	assert_true(found(w, "苹果"));
	assert_true(found(w, "hfspg"));
	assert_true(found(w, "pg"));
	assert_false(found(w, "hf"));
	arena_free(a);
}

/* Words grow with the text and not with its square. */
static void a_long_text_gives_few_and_short_words(void **state)
{
	struct arena *a = arena_new();
	struct buf b;
	struct strs w;
	size_t bytes = 0;

	(void)state;
	buf_init(&b, a);
	for (int i = 0; i < 3000; i++)
		buf_str(&b, i % 2 == 0 ? "压" : "坏");
	w = archive_words(a, buf_cstr(&b), true);
	for (size_t i = 0; i < w.len; i++) {
		assert_true(strlen(w.at[i]) <= 40);
		bytes += strlen(w.at[i]);
	}
	assert_true(w.len <= 2 + 39);
	assert_true(bytes < 2000);
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_name_is_found_by_pairs_and_initials),
		cmocka_unit_test(a_long_text_gives_few_and_short_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
