/* What is said, and how it goes over the wire. */
#include "mod/catalog/test/world.h"

#include "app/outbox.h"
#include "gen/notice_sql.h"
#include "mod/customer/customer.h"
#include "mod/notice/notice_int.h"

static struct notice_values some(void)
{
	struct notice_values v = { { 0 } };

	v.at[0] = "江南一中食堂"; /* customer */
	v.at[2] = "SO1";          /* order */
	return v;
}

static void names_are_filled(void **state)
{
	struct ctx *c = *state;
	struct notice_values v = some();

	assert_string_equal(notice_fill(c, "{customer}：{order}", &v), "江南一中食堂：SO1");
	assert_string_equal(notice_fill(c, "{order} by {carrier}", &v), "SO1 by ");
	assert_string_equal(notice_fill(c, "", &v), "");
	assert_string_equal(notice_fill(c, "no names\n", &v), "no names\n");
	assert_string_equal(notice_fill(c, "{", &v), "{");
	assert_string_equal(notice_fill(c, "{{order}}", &v), "{SO1}");
	v.at[2] = "{customer}";
	assert_string_equal(notice_fill(c, "{order}", &v), "{customer}");
}

static void an_empty_line_goes(void **state)
{
	struct ctx *c = *state;
	struct notice_values v = some();

	assert_string_equal(notice_fill(c, "a {order}\nTracking: {tracking_number}\n\nend", &v), "a SO1\n\nend");
	assert_string_equal(notice_fill(c, "{tracking_number}", &v), "");
	assert_string_equal(notice_fill(c, "Tracking: {tracking_number}\nx", &v), "x");
}

static void an_unknown_name_is_found(void **state)
{
	struct ctx *c = *state;

	assert_null(notice_unknown(c, "{customer} {order} {link}"));
	assert_string_equal(notice_unknown(c, "a {cutsomer} b"), "{cutsomer}");
	assert_string_equal(notice_unknown(c, "{order} {"), "{");
	assert_string_equal(notice_unknown(c, "{$(id)}"), "{$(id)}");
}

static void a_change_is_told_in_goods_and_numbers(void **state)
{
	struct ctx *c = *state;
	struct notice_subject s = { .event_data = "{\"reason\":\"大白菜 10 → 6 公斤\"}" };
	struct notice_words w;
	struct notice_values v = some();

	v.at[17] = notice_change(c, &s);
	assert_string_equal(notice_names[17], "change");
	assert_true(notice_words_of(c, "shortage", "zh-CN", &w));
	assert_non_null(strstr(notice_fill(c, w.body, &v), "\n大白菜 10 → 6 公斤\n"));
	s.event_data = NULL;
	assert_null(notice_change(c, &s));
	s.event_data = "{}";
	assert_null(notice_change(c, &s));
}

static void every_notice_has_words(void **state)
{
	static const char *const langs[] = { "zh-CN", "en" };
	struct ctx *c = *state;

	for (const char *const *about = notice_abouts; *about != NULL; about++)
		for (size_t i = 0; i < ARRAY_LEN(langs) && strcmp(*about, "mail_received") != 0; i++) {
			struct notice_words w;

			assert_true(notice_words_of(c, *about, langs[i], &w));
			assert_true(*w.subject != '\0' && *w.body != '\0' && *w.brief != '\0');
			assert_null(notice_unknown(c, w.subject));
			assert_null(notice_unknown(c, w.body));
			assert_null(notice_unknown(c, w.brief));
		}
}

static void a_mail_is_plain_ascii(void **state)
{
	struct ctx *c = *state;
	struct notice_mail m = { .from = "dan@example.com",
		.from_name = "汇丰源商行",
		.to = "a@example.com",
		.subject = "订单 SO20261124-001 已发货，顺丰速运 SF1234567890123，预计 2026-11-25 到，请当面点清",
		.body = "您好\n第二行",
		.message_id = "1@example.com",
		.at = c->now };
	const char *text = notice_mail_text(c, &m);

	assert_non_null(strstr(text, "Date: Tue, 24 Nov 2026 03:00:00 +0000\r\n"));
	assert_non_null(strstr(text, "\r\n\r\n5oKo5aW9CuesrOS6jOihjA==\r\n"));
	assert_non_null(strstr(text, "From: =?UTF-8?B?5rGH5Liw5rqQ5ZWG6KGM?= <dan@example.com>\r\n"));
	for (const char *s = text, *end; *s != '\0'; s = end + 2) {
		end = strstr(s, "\r\n");
		assert_non_null(end);
		assert_true(end - s <= 78);
		for (const char *p = s; p < end; p++)
			assert_true(*p >= ' ' && *p < 0x7f);
	}
}

/* A name of the customer's cannot write headers. */
static void nobody_writes_headers(void **state)
{
	struct ctx *c = *state;
	struct notice_mail m = { .from = "dan@example.com",
		.from_name = "x\r\nBcc: all@example.com",
		.to = "a@example.com",
		.subject = "x\r\nBcc: all@example.com",
		.body = "",
		.message_id = "1@example.com",
		.at = c->now };

	assert_null(strstr(notice_mail_text(c, &m), "\r\nBcc"));
}

static void message(struct ctx *c, struct notice *n, int64_t customer_id, int64_t event_id, const char *state)
{
	*n = (struct notice){ .event_id = event_id,
		.about = "order_approved",
		.channel = "email",
		.customer_id = customer_id,
		.order_id = INT64_MIN,
		.shipment_id = INT64_MIN,
		.endpoint_id = INT64_MIN,
		.recipient = "wang@example.com",
		.subject = "王芳",
		.body = "王芳您好",
		.state = state,
		.resend_of = INT64_MIN,
		.created_at = c->now,
		.done_at = INSTANT_NONE };
	assert_true(id_new(c, &n->id) && notice_insert(c, n, 1));
	assert_true(outbox_add(c, "email", event_id, n->recipient, "1"));
}

/* What was told is forgotten, what still waits is not sent, and the two books agree. */
static void nobody_erased_is_written_to(void **state)
{
	struct ctx *c = *state;
	struct event e = { .kind = "customer.erased", .entity = "customer" };
	struct customer_in in;
	struct notice waits, other, after;
	struct notice_broken *broken;
	size_t len;

	fields_clear(customer_new_fields, &in);
	in.code = "K1";
	in.name = "老汉口面馆";
	assert_true(customer_create(c, &in, &e.entity_id));
	message(c, &waits, e.entity_id, 901, "waiting");
	message(c, &other, e.entity_id, 902, "waiting");
	assert_true(notice_check_outbox(c, &broken, &len) && len == 0);
	assert_true(event_add(c, &e));
	assert_true(notice_one(c, waits.id, &after));
	assert_string_equal(after.recipient, arena_printf(c->arena, "-%lld", (long long)waits.id));
	assert_string_equal(after.body, "-");
	assert_string_equal(after.state, "failed");
	assert_true(notice_one(c, other.id, &after));
	assert_string_equal(after.subject, "-");
	assert_true(notice_check_outbox(c, &broken, &len) && len == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_TEST(nobody_erased_is_written_to),
		WORLD_TEST(a_change_is_told_in_goods_and_numbers),
		WORLD_TEST(names_are_filled),
		WORLD_TEST(an_empty_line_goes),
		WORLD_TEST(an_unknown_name_is_found),
		WORLD_TEST(every_notice_has_words),
		WORLD_TEST(a_mail_is_plain_ascii),
		WORLD_TEST(nobody_writes_headers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
