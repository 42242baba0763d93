/* base: memory, buffers, UTF-8, texts, failures, randomness, hashes. */
#include "base/arena.h"

#include "base/buf.h"
#include "base/ctx.h"
#include "base/rand.h"
#include "base/sha256.h"
#include "base/utf8.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct arena *a;

static int start(void **state)
{
	(void)state;
	a = arena_new();
	return 0;
}

static int stop(void **state)
{
	(void)state;
	arena_free(a);
	return 0;
}

static void test_arena(void **state)
{
	char *p;

	(void)state;
	for (size_t size = 1; size < 100000; size = size * 3 + 1) {
		p = arena_alloc(a, size);
		assert_int_equal((uintptr_t)p % _Alignof(max_align_t), 0);
		for (size_t i = 0; i < size; i++)
			assert_int_equal(p[i], 0);
		memset(p, 0xff, size);
	}
	assert_true(arena_used(a) > 0);
	arena_reset(a);
	assert_int_equal(arena_used(a), 0);
	p = arena_alloc(a, 4096); /* used before: still comes zeroed */
	for (size_t i = 0; i < 4096; i++)
		assert_int_equal(p[i], 0);
	assert_string_equal(arena_strndup(a, "白菜土豆", 6), "白菜");
	assert_string_equal(arena_printf(a, "%d 箱", 8), "8 箱");
}

static void test_arena_guard(void **state)
{
	static volatile int thrown;
	jmp_buf guard;

	(void)state;
	thrown = 0;
	if (setjmp(guard) == 0) {
		arena_guard(a, &guard);
		(void)arena_array(a, SIZE_MAX / 2, 3);
	} else {
		thrown++;
	}
	if (setjmp(guard) == 0)
		(void)arena_alloc(a, SIZE_MAX - 64);
	else
		thrown++;
	arena_guard(a, NULL);
	assert_int_equal(thrown, 2);
}

static void fill(struct buf *b)
{
	for (int i = 0; i < 1000; i++)
		buf_printf(b, "%d,", i % 10);
	assert_int_equal(b->len, 2000);
	assert_int_equal(strlen(buf_cstr(b)), 2000);
	assert_false(b->failed);
}

static void test_buf(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, NULL);
	assert_string_equal(buf_cstr(&b), "");
	fill(&b);
	buf_add(&b, "", SIZE_MAX);
	assert_true(b.failed);
	buf_str(&b, "later");
	assert_int_equal(b.len, 2000);
	buf_free(&b);
	buf_init(&b, a);
	fill(&b);
}

static void test_buf_escapes(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, a);
	buf_html(&b, "<a href=\"x\">'白菜' & 葱</a>");
	assert_string_equal(buf_cstr(&b), "&lt;a href=&quot;x&quot;&gt;&#39;白菜&#39; &amp; 葱&lt;/a&gt;");
	buf_init(&b, a);
	buf_url(&b, "a b/菜~&?");
	assert_string_equal(buf_cstr(&b), "a%20b%2F%E8%8F%9C~%26%3F");
	buf_init(&b, a);
	buf_int(&b, INT64_MIN);
	assert_string_equal(buf_cstr(&b), "-9223372036854775808");
}

static void test_utf8_clean(void **state)
{
	static const char *const good[] = { "", "大白菜 5斤\n", "\t", "\r\n", "é", "\U0001F96C", "\uFFFF",
		"\U0010FFFF" };
	static const char *const bad[] = { "\xc0\x80", "\xe0\x80\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80",
		"\xf5\x80\x80\x80", "\xff", "\x80", "\xe7\x99", "\xe7\x99x", "\x01", "\x1b", "\x7f", "\xc2\x85" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(good); i++)
		assert_true(utf8_clean(good[i], strlen(good[i])));
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_false(utf8_clean(bad[i], strlen(bad[i])));
	assert_false(utf8_clean("a\0b", 3));
}

/* Every code point there is, written and read again. */
static void test_utf8_every_code_point(void **state)
{
	(void)state;
	for (uint32_t cp = 1; cp <= 0x10ffff; cp++) {
		char s[5] = "";
		const char *p = s;
		size_t n;

		if (cp == 0xd800)
			cp = 0xe000;
		n = utf8_put(s, cp);
		if (strlen(s) != n || utf8_next(&p) != cp || p != s + n || utf8_count(s) != 1)
			fail_msg("U+%04X", cp);
	}
}

static void test_utf8_reading(void **state)
{
	const char *s = "\xe7菜";

	(void)state;
	assert_int_equal(utf8_next(&s), 0xfffd);
	assert_int_equal(utf8_next(&s), 0x83dc);
	assert_int_equal(utf8_next(&s), 0);
	assert_int_equal(utf8_count("大白菜5斤"), 5);
	assert_true(utf8_is_han(0x83dc));
	assert_true(utf8_is_han(0x20000));
	assert_false(utf8_is_han('a'));
	assert_false(utf8_is_han(0x3042));
}

static void test_utf8_cut(void **state)
{
	(void)state;
	assert_int_equal(utf8_cut("大白菜", 9, 9), 9);
	assert_int_equal(utf8_cut("大白菜", 9, 100), 9);
	assert_int_equal(utf8_cut("大白菜", 9, 8), 6);
	assert_int_equal(utf8_cut("大白菜", 9, 6), 6);
	assert_int_equal(utf8_cut("大白菜", 9, 2), 0);
	assert_int_equal(utf8_cut("王䶮🙏", 10, 9), 6);
	assert_int_equal(utf8_cut("", 0, 0), 0);
}

static void test_text(void **state)
{
	static const char *const args[] = { "重量", "8", NULL };

	(void)state;
	assert_string_equal(text_fill(a, LANG_ZH, T_err_field_too_long, args), "重量最多 8 个字");
	assert_string_equal(text_fill(a, LANG_EN, T_err_field_too_long, args), "重量 may have at most 8 characters");
	assert_string_equal(text_fill(a, LANG_ZH, T_err_field_required, NULL), "要填");
	assert_string_equal(text_get(LANG_ZH, T_none), "");
}

static void test_text_names(void **state)
{
	(void)state;
	assert_int_equal(text_find("err.bad_request"), T_err_bad_request);
	assert_int_equal(text_find("err.whole"), T_err_whole);
	assert_int_equal(text_find("err.nothing_of_the_kind"), T_none);
	assert_int_equal(text_find(""), T_none);
}

static void test_languages(void **state)
{
	(void)state;
	assert_int_equal(lang_parse(NULL), LANG_ZH);
	assert_int_equal(lang_parse(""), LANG_ZH);
	assert_int_equal(lang_parse("en-US,en;q=0.9,zh-CN;q=0.8"), LANG_EN);
	assert_int_equal(lang_parse("zh-CN,zh;q=0.9,en;q=0.8"), LANG_ZH);
	assert_int_equal(lang_parse("fr,ru;q=0.5"), LANG_ZH);
	assert_int_equal(lang_parse(lang_tag(LANG_EN)), LANG_EN);
	assert_int_equal(lang_parse(lang_tag(LANG_ZH)), LANG_ZH);
}

/* By its function: cmocka has a macro named fail, too. */
static void test_first_failure_wins(void **state)
{
	struct ctx c = { .arena = a };

	(void)state;
	assert_true(ok(&c));
	assert_false(fail_with(&c, E_CONFLICT, T_err_conflict, NULL));
	assert_false(fail_with(&c, E_NOT_FOUND, T_err_not_found, NULL));
	assert_false(ok(&c));
	assert_int_equal(c.err.code, E_CONFLICT);
	assert_string_equal(c.err.detail, text_get(LANG_ZH, T_err_conflict));
}

static void test_fields_add_up(void **state)
{
	struct ctx c = { .arena = a, .lang = LANG_EN };

	(void)state;
	assert_false(fail_field(&c, "/lines/0/sku", E_REQUIRED, T_err_field_required, "Item"));
	assert_false(fail_field(&c, "/lines/3/quantity", E_RANGE, T_err_field_range, "Quantity"));
	assert_int_equal(c.err.code, E_INVALID);
	assert_int_equal(c.err.fields_len, 2);
	assert_string_equal(c.err.fields->pointer, "/lines/0/sku");
	assert_string_equal(c.err.fields->detail, "Item is required");
	assert_string_equal(c.err.fields->next->pointer, "/lines/3/quantity");
	assert_int_equal(c.err.fields->next->code, E_RANGE);
	assert_null(c.err.fields->next->next);
}

/* Each code has a name, a status and a title in both languages. */
static void test_codes(void **state)
{
	(void)state;
	for (int code = E_NONE + 1; code < E_COUNT; code++) {
		enum err_code e = (enum err_code)code;

		assert_true(strlen(err_name(e)) > 0);
		assert_in_range(err_status(e), 400, 599);
		assert_true(strlen(text_get(LANG_ZH, err_title(e))) > 0);
		assert_true(strlen(text_get(LANG_EN, err_title(e))) > 0);
	}
	assert_int_equal(err_status(E_VERSION), 412);
	assert_true(err_retry(E_BUSY));
	assert_false(err_retry(E_CONFLICT));
}

static void test_seed_decides(void **state)
{
	struct rng r = { .seed = 7 }, again = { .seed = 7 }, other = { .seed = 8 };
	char x[33], y[33], z[33];

	(void)state;
	rng_hex(&r, x, 16);
	rng_hex(&again, y, 16);
	rng_hex(&other, z, 16);
	assert_string_equal(x, y);
	assert_string_not_equal(x, z);
	assert_int_equal(strspn(x, "0123456789abcdef"), 32);
}

static void test_below(void **state)
{
	struct rng r = { .seed = 1 }, real = { 0 };
	int seen[10] = { 0 };

	(void)state;
	for (int i = 0; i < 10000; i++)
		seen[rng_below(&r, 10)]++;
	for (size_t i = 0; i < ARRAY_LEN(seen); i++)
		assert_in_range(seen[i], 800, 1200);
	assert_int_equal(rng_below(&real, 1), 0);
}

static void test_sha256(void **state)
{
	struct sha256 s;
	uint8_t hash[32];
	char hex[65];

	(void)state;
	sha256("abc", 3, hash); /* FIPS 180-2, B.1 */
	hex_encode(hex, hash, sizeof(hash));
	assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	sha256_start(&s);
	sha256_add(&s, "", 0);
	sha256_end(&s, hash);
	hex_encode(hex, hash, sizeof(hash));
	assert_string_equal(hex, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_arena),
		cmocka_unit_test(test_arena_guard),
		cmocka_unit_test(test_buf),
		cmocka_unit_test(test_buf_escapes),
		cmocka_unit_test(test_utf8_clean),
		cmocka_unit_test(test_utf8_every_code_point),
		cmocka_unit_test(test_utf8_reading),
		cmocka_unit_test(test_utf8_cut),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_text_names),
		cmocka_unit_test(test_languages),
		cmocka_unit_test(test_first_failure_wins),
		cmocka_unit_test(test_fields_add_up),
		cmocka_unit_test(test_codes),
		cmocka_unit_test(test_seed_decides),
		cmocka_unit_test(test_below),
		cmocka_unit_test(test_sha256),
	};

	return cmocka_run_group_tests_name("base", tests, start, stop);
}
