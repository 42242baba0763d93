/* Photos are believed by their bytes, and leave their place and device behind. */
#include "app/photo.h"

#include "base/ctx.h"
#include "http/http.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static struct ctx ctx;

static int open_ctx(void **state)
{
	ctx = (struct ctx){ .arena = arena_new(), .lang = LANG_EN };
	*state = &ctx;
	return 0;
}

static int close_ctx(void **state)
{
	(void)state;
	arena_free(ctx.arena);
	return 0;
}

static bool has(const struct photo *p, const char *word)
{
	return memmem(p->data, p->len, word, strlen(word)) != NULL;
}

/* A JPEG's frame: EXIF with a turn of 6 and a place, a comment, a size of 640 × 480, a scan, the end, and more. */
static const uint8_t jpeg[] = "\xff\xd8"
			      "\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
			      "\xff\xe1\x00\x28"
			      "Exif\x00\x00"
			      "MM\x00\x2a\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06\x00\x00"
			      "GPSPLACE!!"
			      "\xff\xfe\x00\x09"
			      "my home"
			      "\xff\xc0\x00\x0b\x08\x01\xe0\x02\x80\x01\x01\x11\x00"
			      "\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00"
			      "\x12\xff\x00\x34\xff\xd0\x56"
			      "\xff\xd9"
			      "AFTER THE END";

static void a_jpeg_leaves_its_place(void **state)
{
	struct ctx *c = *state;
	struct photo p, again;

	assert_true(photo_clean(c, "a.jpg", jpeg, sizeof(jpeg) - 1, &p));
	assert_string_equal(p.type, "image/jpeg");
	assert_int_equal(p.width, 640);
	assert_int_equal(p.height, 480);
	assert_false(has(&p, "GPSPLACE"));
	assert_false(has(&p, "my home"));
	assert_false(has(&p, "AFTER"));
	assert_true(has(&p, "JFIF"));
	assert_true(has(&p, "\x12\xff")); /* the scan is there */
	assert_memory_equal(p.data + p.len - 2, "\xff\xd9", 2);
	assert_true(photo_clean(c, "a.jpg", p.data, p.len, &again));
	assert_int_equal(again.len, p.len);
	assert_true(has(&again, "Exif")); /* which way up */
}

static void a_png_leaves_its_words(void **state)
{
	static const uint8_t png[] = "\x89PNG\r\n\x1a\n"
				     "\x00\x00\x00\x0dIHDR\x00\x00\x00\x02\x00\x00\x00\x03\x08\x02\x00\x00\x00"
				     "CRC_"
				     "\x00\x00\x00\x04tEXtwordCRC_"
				     "\x00\x00\x00\x01IDATxCRC_"
				     "\x00\x00\x00\x00IENDCRC_"
				     "more";
	struct ctx *c = *state;
	struct photo p;

	assert_true(photo_clean(c, "a.png", png, sizeof(png) - 1, &p));
	assert_string_equal(p.type, "image/png");
	assert_int_equal(p.width, 2);
	assert_int_equal(p.height, 3);
	assert_false(has(&p, "word"));
	assert_false(has(&p, "more"));
}

static void a_webp_leaves_its_exif(void **state)
{
	static const uint8_t webp[] = "RIFF\x00\x00\x00\x00WEBP"
				      "VP8X\x0a\x00\x00\x00\x08\x00\x00\x00\x7f\x02\x00\xdf\x01\x00"
				      "VP8 \x02\x00\x00\x00xy"
				      "EXIF\x04\x00\x00\x00HOME";
	struct ctx *c = *state;
	struct photo p;

	assert_true(photo_clean(c, "a.webp", webp, sizeof(webp) - 1, &p));
	assert_string_equal(p.type, "image/webp");
	assert_int_equal(p.width, 640);
	assert_int_equal(p.height, 480);
	assert_false(has(&p, "HOME"));
}

static void refuse(struct ctx *c, const void *data, size_t len, enum err_code code)
{
	struct photo p;

	assert_false(photo_clean(c, "x", data, len, &p));
	assert_int_equal(c->err.code, code);
	c->err = (struct err){ 0 };
}

static void what_is_no_photo_is_refused(void **state)
{
	static const uint8_t html[] = "<html><script>alert(1)</script></html>";
	struct ctx *c = *state;
	uint8_t *huge = arena_alloc(c->arena, sizeof(jpeg));

	refuse(c, html, sizeof(html), E_MEDIA_TYPE);
	refuse(c, "", 0, E_MEDIA_TYPE);
	for (size_t n = 0; n < sizeof(jpeg) - 16; n++) /* cut anywhere before its end */
		refuse(c, jpeg, n, E_MEDIA_TYPE);
	memcpy(huge, jpeg, sizeof(jpeg));
	memset(memmem(huge, sizeof(jpeg), "\x01\xe0\x02\x80", 4), 0xff, 4); /* 65535 × 65535 */
	refuse(c, huge, sizeof(jpeg), E_TOO_LARGE);
	refuse(c, arena_alloc(c->arena, PHOTO_BYTES_MAX + 1), PHOTO_BYTES_MAX + 1, E_TOO_LARGE);
}

/* What the reading pool has made ready is kept in the write lane without being looked at again. */
static void what_is_ready_stays(void **state)
{
	struct ctx *c = *state;
	struct upload u = { .name = "", .data = (const char *)jpeg, .len = sizeof(jpeg) }, before;

	assert_true(photo_ready(c, &u));
	assert_non_null(u.sha256);
	assert_string_equal(u.type, "image/jpeg");
	assert_true(u.len < sizeof(jpeg));
	before = u;
	assert_true(photo_ready(c, &u));
	assert_ptr_equal(u.data, before.data);
	assert_ptr_equal(u.sha256, before.sha256);
	assert_true(photos_few(c, PHOTOS_PER_CALL));
	assert_false(photos_few(c, PHOTOS_PER_CALL + 1));
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, open_ctx, close_ctx)
	const struct CMUnitTest tests[] = {
		T(a_jpeg_leaves_its_place),
		T(a_png_leaves_its_words),
		T(a_webp_leaves_its_exif),
		T(what_is_no_photo_is_refused),
		T(what_is_ready_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
