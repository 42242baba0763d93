/* page_test: how values look in a page, and that nothing from outside becomes markup. */
#include "app/page.h"
#include "base/rand.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

struct page {
	struct actor me;
	struct rng rng;
	struct ctx c;
	struct buf b;
};

static int set_up(void **state)
{
	static struct page p;

	p = (struct page){ .me = { .id = 7, .csrf = "tok\"en" }, .rng = { .seed = 1 } };
	p.c = (struct ctx){ .arena = arena_new(), .actor = &p.me, .rng = &p.rng, .lang = LANG_ZH };
	p.c.now = (struct instant){ 100 * DAY_US };
	buf_init(&p.b, p.c.arena);
	*state = &p;
	return 0;
}

static int tear_down(void **state)
{
	arena_free(((struct page *)*state)->c.arena);
	return 0;
}

/* What was written since the last time. */
static const char *written(struct page *p)
{
	const char *s = arena_strdup(p->c.arena, buf_cstr(&p->b));

	buf_init(&p->b, p->c.arena);
	return s;
}

static void members_by_their_type(void **state)
{
	struct page *p = *state;
	struct money m = { 289260 };
	struct qty q = { 3125 };
	struct price none = PRICE_NONE;

	PUT(&p->b, &p->c, "<b>&\"");
	assert_string_equal(written(p), "&lt;b&gt;&amp;&quot;");
	PUT(&p->b, &p->c, m);
	assert_string_equal(written(p), "2892.60");
	put_money_show(&p->b, &p->c, m);
	assert_string_equal(written(p), "2,892.60");
	PUT(&p->b, &p->c, q);
	assert_string_equal(written(p), "3.125");
	PUT(&p->b, &p->c, none);
	assert_string_equal(written(p), "");
	PUT(&p->b, &p->c, (size_t)3);
	assert_string_equal(written(p), "3");
}

static void given_or_not(void **state)
{
	const char *no_text = NULL;

	(void)state;
	assert_false(GIVEN(no_text));
	assert_false(GIVEN(""));
	assert_true(GIVEN("x"));
	assert_false(GIVEN((int64_t)0));
	assert_false(GIVEN(INT64_MIN));
	assert_false(GIVEN(MONEY_NONE));
	assert_true(GIVEN(((struct money){ 0 })));
	assert_false(GIVEN(INSTANT_NONE));
}

static void due_tells_left_and_late(void **state)
{
	struct page *p = *state;
	struct instant soon = { p->c.now.us + 8 * MINUTE_US }, late = { p->c.now.us - 26 * MINUTE_US };

	put_due(&p->b, &p->c, soon);
	put_due_class(&p->b, &p->c, soon);
	assert_string_equal(written(p), "还剩 8 分hd-warn");
	put_due(&p->b, &p->c, late);
	put_due_class(&p->b, &p->c, late);
	assert_string_equal(written(p), "超时 26 分hd-bad");
	p->c.lang = LANG_EN;
	put_ago(&p->b, &p->c, (struct instant){ p->c.now.us - 3 * HOUR_US - 5 * MINUTE_US });
	assert_string_equal(written(p), "3 h ago");
}

static void words_and_lines(void **state)
{
	struct page *p = *state;

	put_word(&p->b, &p->c, "role", "clerk");
	assert_string_equal(written(p), "订单处理");
	put_word(&p->b, &p->c, "role", "<nobody>");
	assert_string_equal(written(p), "&lt;nobody&gt;");
	put_lines(&p->b, &p->c, "a\n<b>\n");
	assert_string_equal(written(p), "a<br>&lt;b&gt;<br>");
}

static void forms_carry_token_and_key(void **state)
{
	struct page *p = *state;
	const char *one, *two;

	put_csrf(&p->b, &p->c);
	one = written(p);
	put_csrf(&p->b, &p->c);
	two = written(p);
	assert_non_null(strstr(one, "name=\"csrf\" value=\"tok&quot;en\""));
	assert_non_null(strstr(one, "name=\"idempotency_key\" value=\""));
	assert_string_not_equal(one, two);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(members_by_their_type, set_up, tear_down),
		cmocka_unit_test_setup_teardown(given_or_not, set_up, tear_down),
		cmocka_unit_test_setup_teardown(due_tells_left_and_late, set_up, tear_down),
		cmocka_unit_test_setup_teardown(words_and_lines, set_up, tear_down),
		cmocka_unit_test_setup_teardown(forms_carry_token_and_key, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
