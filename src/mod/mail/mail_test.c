/* What mails say: charsets whatever their label, HTML as it is seen, tables, heads that lie; and answers nobody should believe. */
#include "mod/catalog/test/world.h"

#include "mod/mail/mail_int.h"

#include <iconv.h>
#include <stdio.h>

#define LETTERS "../shared/data/mail/letters/"

static struct bytes file_of(struct ctx *c, const char *path)
{
	struct buf b;
	char room[65536];
	size_t n;
	FILE *f = fopen(path, "rb");

	buf_init(&b, c->arena);
	if (f == NULL)
		return (struct bytes){ NULL, 0 };
	while ((n = fread(room, 1, sizeof(room), f)) > 0)
		buf_add(&b, room, n);
	fclose(f);
	return (struct bytes){ (const uint8_t *)buf_cstr(&b), b.len };
}

static struct mail_parsed parsed(struct ctx *c, const void *data, size_t len)
{
	struct mail_parsed p;
	struct buf b;

	buf_init(&b, c->arena);
	mail_parse(c, data, len, &b);
	if (!mail_result_read(c, buf_cstr(&b), b.len, &p))
		fail_msg("%s", buf_cstr(&b));
	return p;
}

static struct mail_parsed parsed_file(struct ctx *c, const char *name)
{
	struct bytes raw = file_of(c, arena_printf(c->arena, "src/mod/mail/test/%s", name));

	assert_non_null(raw.data);
	return parsed(c, raw.data, raw.len);
}

static struct mail_parsed parsed_text(struct ctx *c, const char *text)
{
	return parsed(c, text, strlen(text));
}

/* ---- charsets ---- */

static struct bytes in_charset(struct ctx *c, const char *charset, const char *utf8)
{
	iconv_t cd = iconv_open(charset, "UTF-8");
	char *from = arena_strdup(c->arena, utf8), *to = arena_alloc(c->arena, 4 * strlen(utf8) + 8), *start = to;
	size_t len = strlen(utf8), room = 4 * strlen(utf8);

	assert_true(cd != (iconv_t)-1);
	assert_true(iconv(cd, &from, &len, &to, &room) != (size_t)-1);
	iconv_close(cd);
	return (struct bytes){ (const uint8_t *)start, (size_t)(to - start) };
}

static void the_label_is_not_believed(void **state)
{
	static const char simple[] = "您好，明天送土豆8件、大白菜10件、鸡胸肉6件，谢谢。王经理 13900000001";
	static const char traditional[] = "您好，請明天送馬鈴薯八件、大白菜十件、雞胸肉六件，謝謝。陳經理";
	static const char *const labels[] = { NULL, "", "gb2312", "gbk", "GB18030", "utf-8", "us-ascii", "iso-8859-1",
		"windows-1252", "nonsense", "x-unknown" };
	struct ctx *c = *state;

	for (size_t i = 0; i < ARRAY_LEN(labels); i++) {
		struct bytes gb = in_charset(c, "GB18030", simple), big = in_charset(c, "BIG5", traditional);

		assert_string_equal(mail_text(c, labels[i], (const char *)gb.data, gb.len), simple);
		assert_string_equal(mail_text(c, labels[i], (const char *)big.data, big.len), traditional);
		assert_string_equal(mail_text(c, labels[i], simple, strlen(simple)), simple);
	}
	struct bytes gb = in_charset(c, "GBK", simple), big = in_charset(c, "BIG5", traditional);
	assert_string_equal(mail_text(c, "big5", (const char *)gb.data, gb.len), simple);
	assert_string_equal(mail_text(c, "big5", (const char *)big.data, big.len), traditional);
}

static void others_are_left_as_they_are(void **state)
{
	struct ctx *c = *state;

	assert_string_equal(mail_text(c, "iso-8859-1", "caf\xe9 cr\xe8me", 10), "café crème");
	assert_string_equal(mail_text(c, NULL, "caf\xe9", 4), "café");
	assert_string_equal(mail_text(c, "iso-2022-jp", "\x1b$B%F%9%H\x1b(B", 14 - 2), "テスト");
	assert_string_equal(mail_text(c, "utf-8",
				    "a\0b\x01"
				    "c\r\nd\re",
				    10),
		"abc\nd\ne");
	assert_string_equal(mail_text(c, "utf-8", "", 0), "");
}

/* ---- HTML ---- */

static void html_is_read_as_seen(void **state)
{
	static const struct {
		const char *html, *text;
	} all[] = {
		{ "<p>a</p><p>b</p>", "a\nb\n" },
		{ "a<br>b<br/>c", "a\nb\nc\n" },
		{ "<table><tr><td>土豆</td><td>3</td><td>袋</td></tr><tr><td>x</td></tr></table>", "土豆\t3\t袋\nx\n" },
		{ "<del>old</del>new<s>er</s> <span style=\"text-decoration: line-through\">x</span>!", "new !\n" },
		{ "<div style='display : none'>hidden <div>more</div> hidden</div>seen", "seen\n" },
		{ "<style>p{}</style><script>if (a<b) c()</script><title>t</title>x", "x\n" },
		{ "&lt;b&gt; &amp;&nbsp;&#22303;&#x8C46; &unknown; &", "<b> & 土豆 &unknown; &\n" },
		{ "1 < 2 and 3 > 2", "1 < 2 and 3 > 2\n" },
		{ "<a title=\"a>b\">x</a><!-- no <p> -->y", "xy\n" },
		{ "<p hidden>no</p>yes", "yes\n" },
		{ "<", "<\n" },
		{ "<p", "" },
		{ "<!--", "" },
		{ "&#0;&#xD800;&#99999999;", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\n" },
		{ "", "" },
	};
	struct ctx *c = *state;

	for (size_t i = 0; i < ARRAY_LEN(all); i++)
		assert_string_equal(mail_html_text(c, all[i].html), all[i].text);
}

/* ---- whole mails ---- */

static void our_six_mails(void **state)
{
	struct ctx *c = *state;
	struct mail_parsed p = parsed_file(c, "02-gbk-qp-reply.eml");

	assert_string_equal(p.from, "order007@kitchen.example.com");
	assert_string_equal(p.from_name, "郑凯");
	assert_string_equal(p.subject, "回复：宴会用料确认");
	assert_string_equal(p.in_reply_to, "so20261123-004@huifengyuan.example.com");
	assert_string_equal(p.message_id, "02-gbk-qp-reply.202611241742@mail.example.com");
	assert_non_null(strstr(p.text, "基围虾 60斤"));
	assert_false(p.automatic);
	p = parsed_file(c, "05-csv-gbk-attachment.eml");
	assert_int_equal(p.parts_len, 1);
	assert_string_equal(p.parts[0].name, "补货单_20261124.csv");
	assert_int_equal(p.parts[0].size, 315);
	assert_non_null(p.parts[0].sheet);
	assert_string_equal(p.parts[0].sheet->head[1], "品名");
	p = parsed_file(c, "06-xlsx-attachment.eml");
	assert_int_equal(p.parts_len, 2);
	assert_null(p.parts[0].sheet);
	assert_string_equal(p.parts[1].name, "二食堂25日用料.xlsx");
	assert_string_equal(p.parts[1].sheet->rows[1].cells[1], "土豆");
}

static bool same_words(const char *a, const char *b)
{
	for (;;) {
		a += strspn(a, " \t\r\n");
		b += strspn(b, " \t\r\n");
		if (*a != *b)
			return false;
		if (*a == '\0')
			return true;
		a++;
		b++;
	}
}

static bool has_part(const struct mail_parsed *p, const char *hash)
{
	for (size_t i = 0; i < p->parts_len; i++)
		if (p->parts[i].sha256 != NULL && strcmp(p->parts[i].sha256, hash) == 0)
			return true;
	return false;
}

/* Letters in GBK and GB18030 of another project, with what they say. */
static void letters(void **state)
{
	struct ctx *c = *state;
	json_t *all = json_load_file(LETTERS "expected.json", 0, NULL), *want, *part;
	const char *name;
	size_t i;

	if (all == NULL)
		skip();
	json_object_foreach(all, name, want)
	{
		struct bytes raw = file_of(c, arena_printf(c->arena, LETTERS "%s", name));
		struct mail_parsed p = parsed(c, raw.data, raw.len);
		const char *text = json_string_value(json_object_get(want, "text"));

		assert_string_equal(p.subject, json_string_value(json_object_get(want, "subject")));
		assert_string_equal(p.from,
			json_string_value(json_object_get(json_array_get(json_object_get(want, "from"), 0), "addr")));
		assert_string_equal(p.from_name,
			json_string_value(json_object_get(json_array_get(json_object_get(want, "from"), 0), "name")));
		/* What it expects of the plain ones is no text at all. */
		if (strstr(name, "mixed") == NULL && strstr(name, "related") == NULL)
			text = "石室诗士施氏，嗜狮，誓食十狮。氏时时适市视狮。十时，适十狮适市。是时，适施氏适市。氏视"
			       "是十狮，恃矢势，"
			       "使是十狮逝世。氏拾是十狮尸，适石室。石室湿，氏使侍拭石室。石室拭，氏始试食是十狮。食时"
			       "，始识是十狮尸，"
			       "实十石狮尸。试释是事。";
		if (!same_words(p.text != NULL ? p.text : "", text))
			fail_msg("%s says\n%s", name, p.text);
		json_array_foreach(json_object_get(want, "attachments"), i,
			part) if (!has_part(&p, json_string_value(json_object_get(part, "sha256"))))
			fail_msg("%s lacks %s", name, json_string_value(json_object_get(part, "name")));
	}
	json_decref(all);
}

static void heads_that_lie(void **state)
{
	struct ctx *c = *state;
	struct mail_parsed p =
		parsed_text(c, "From: =?gb2312?B?1qO/rQ==?= <a@example.com>\r\nSubject: =?GBK?B?tqm1pQ==?=\r\n"
			       "Message-ID: <a\r\n b@x>\r\nDate: yesterday\r\n\r\nx\r\n");

	assert_string_equal(p.from_name, "郑凯");
	assert_string_equal(p.subject, "订单");
	assert_false(instant_is(p.date));
	p = parsed_text(c, "Subject: raw \xb6\xa9\xb5\xa5\r\nFrom: b@example.com\r\n\r\n");
	assert_non_null(strstr(p.subject, "订单"));
	p = parsed_text(c, "From: a@example.com\r\nAuto-Submitted: auto-replied\r\n\r\nx");
	assert_true(p.automatic);
	p = parsed_text(c, "no mail at all");
	assert_null(p.from);
	p = parsed_text(c, "");
	assert_null(p.from);
}

/* ---- answers of a child that was taken over ---- */

static void answers_are_not_believed(void **state)
{
	static const char *const bad[] = { "", "x", "[]", "null", "{\"a\":1,\"a\":2}", "{", "\"text\"" };
	struct ctx *c = *state;
	struct mail_parsed p;

	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		refused(c, mail_result_read(c, bad[i], strlen(bad[i]), &p), E_INVALID);
	static const char odd[] = "{\"from\":[1],\"message_id\":\"a\\nBcc: "
				  "x\",\"subject\":\"a\\nb\",\"text\":5,\"date\":1e99,\"references\":[1,\"\",\"ok\"],"
				  "\"parts\":[7,{\"name\":\"n\",\"size\":\"big\",\"sheet\":{\"head\":[],\"rows\":[]}},{"
				  "\"sheet\":{\"head\":[\"a\",2],\"rows\":[1,{\"cells\":[\"x\"]}]}}]}";
	assert_true(mail_result_read(c, odd, strlen(odd), &p));
	assert_null(p.from);
	assert_null(p.message_id);
	assert_null(p.text);
	assert_string_equal(p.subject, "a b");
	assert_false(instant_is(p.date));
	assert_int_equal(p.references_len, 1);
	assert_int_equal(p.parts_len, 3);
	assert_null(p.parts[1].sheet);
	assert_string_equal(p.parts[2].sheet->rows[1].cells[0], "x");
	assert_string_equal(p.parts[2].sheet->rows[0].cells[1], "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_TEST(the_label_is_not_believed),
		WORLD_TEST(others_are_left_as_they_are),
		WORLD_TEST(html_is_read_as_seen),
		WORLD_TEST(our_six_mails),
		WORLD_TEST(letters),
		WORLD_TEST(heads_that_lie),
		WORLD_TEST(answers_are_not_believed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
