/* Logs of all kinds say the same; bad ones say what is wrong with them and where. */
#include "mod/insight/figures.h"

#include "base/json.h"
#include "base/rand.h"
#include "db/sqlfile.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <zlib.h>

#define PUBLISHED "../shared/data/eventlog/"

struct bench {
	struct ctx ctx;
	char path[64];
	struct log log;
};

static int bench_open(void **state)
{
	static struct bench b;

	b = (struct bench){ .ctx = { .arena = arena_new(), .lang = LANG_EN } };
	strcpy(b.path, "/tmp/huodan-log-XXXXXX");
	close(mkstemp(b.path));
	*state = &b;
	return 0;
}

static int bench_close(void **state)
{
	struct bench *b = *state;

	log_free(&b->log);
	unlink(b->path);
	arena_free(b->ctx.arena);
	return 0;
}

static void file_is(struct bench *b, const char *data, size_t len)
{
	FILE *f = fopen(b->path, "wb");

	assert_non_null(f);
	assert_int_equal(fwrite(data, 1, len, f), len);
	assert_int_equal(fclose(f), 0);
}

static bool reads(struct bench *b, const char *text, const struct log_columns *columns)
{
	static const struct log_columns usual = { 0 };

	log_free(&b->log);
	b->ctx.err = (struct err){ 0 };
	if (text != NULL)
		file_is(b, text, strlen(text));
	return log_read(&b->ctx, b->path, columns != NULL ? columns : &usual, &b->log);
}

static void refuses(struct bench *b, const char *text, const struct log_columns *columns, const char *why)
{
	assert_false(reads(b, text, columns));
	assert_int_equal(b->ctx.err.code, E_INVALID);
	if (strstr(b->ctx.err.detail, why) == NULL)
		fail_msg("\"%s\" does not say \"%s\"", b->ctx.err.detail, why);
}

static void to_buf(void *who, const char *data, size_t len)
{
	buf_add(who, data, len);
}

/* The whole answer, so that a test says exactly what it expects. */
static const char *answer(struct bench *b)
{
	struct figures f;
	struct buf out;

	buf_init(&out, b->ctx.arena);
	assert_true(log_sort(&b->ctx, &b->log));
	figures_make(&b->ctx, &b->log, &f);
	figures_json(&b->ctx, &f, to_buf, &out);
	assert_true(json_valid(out.data, out.len));
	return buf_cstr(&out);
}

#define HEAD "case:concept:name,concept:name,time:timestamp\n"
/* a b c in one hour each; a c; a b b c out of order */
#define SMALL                                                                                                          \
	HEAD "1,a,2026-11-24T01:00:00Z\n1,b,2026-11-24T02:00:00Z\n1,c,2026-11-24T03:00:00Z\n"                          \
	     "2,a,2026-11-24T01:00:00Z\n2,c,2026-11-24T01:30:00Z\n"                                                    \
	     "3,c,2026-11-24T05:00:00+00:00\n3,b,2026-11-24T03:00:00Z\n3,b,2026-11-24T10:00:00+08:00\n3,a,2026-11-"    \
	     "24T01:00:00Z\n"
#define SMALL_SAYS                                                                                                     \
	"{\"cases\":3,\"events\":9,\"activities\":3,\"variants\":[{\"activities\":[\"a\",\"b\",\"b\",\"c\"],"          \
	"\"count\":1},"                                                                                                \
	"{\"activities\":[\"a\",\"b\",\"c\"],\"count\":1},{\"activities\":[\"a\",\"c\"],\"count\":1}],\"dfg\":["       \
	"{\"from\":\"a\",\"to\":\"b\",\"count\":2,\"median_s\":3600},{\"from\":\"b\",\"to\":\"c\",\"count\":2,"        \
	"\"median_s\":"                                                                                                \
	"5400},{\"from\":\"a\",\"to\":\"c\",\"count\":1,\"median_s\":1800},{\"from\":\"b\",\"to\":\"b\",\"count\":1,"  \
	"\"median_s\":3600}],\"start\":{\"a\":3},\"end\":{\"c\":3},\"throughput\":{\"median_s\":7200,\"p90_s\":12960," \
	"\"mean_s\":7800},\"rework\":{\"b\":1}}"

static void a_small_log_by_hand(void **state)
{
	struct bench *b = *state;

	assert_true(reads(b, SMALL, NULL));
	assert_string_equal(answer(b), SMALL_SAYS);
}

static void separators_quotes_and_odd_columns(void **state)
{
	struct bench *b = *state;
	const struct log_columns columns = { .item = "Fall", .activity = "was", .at = "wann", .person = "wer" };

	assert_true(reads(b,
		"\xef\xbb\xbfnr;\"Fall\";was;wann ;wer;wer\r\n\r\n1;A;\"x \"\"y\"\"; z\";24.11.2026 05:00;Pete;x\r\n"
		"2;A;\"two\nlines\";24.11.2026 05:00:30,5;\r\n3;B;;24.11.2026 05:00:30;Sara\r\n4;B;x;24.11.2026 06:00",
		&columns));
	assert_int_equal(b->log.len, 3);
	assert_int_equal(b->log.skipped, 1);
	assert_int_equal(b->log.skipped_at, 6);
	assert_string_equal(words_get(&b->log.activities, 0), "x \"y\"; z");
	assert_string_equal(words_get(&b->log.activities, 1), "two\nlines");
	assert_string_equal(words_get(&b->log.people, 0), "Pete");
	assert_int_equal(u32s(&b->log.person)[1], LOG_NONE);
	assert_int_equal(i64s_of(&b->log.at)[1] - i64s_of(&b->log.at)[0], 30500000);
	assert_true(reads(b, "case\tACTIVITY\ttime\n1\ta\t1700000000\n",
		&(struct log_columns){ .item = "case", .activity = "activity", .at = "time" }));
	assert_int_equal(b->log.len, 1);
	assert_true(reads(b, "sep=|\ncase|activity|time,x\n1|a|2026-01-01\n",
		&(struct log_columns){ .item = "case", .activity = "activity", .at = "time,x" }));
}

static void encodings(void **state)
{
	struct bench *b = *state;
	/* 单号,步骤,时间 / 1,审核,2026-11-24 05:00 in GB18030 */
	static const char gb[] =
		"\xb5\xa5\xba\xc5,\xb2\xbd\xd6\xe8,\xca\xb1\xbc\xe4\n1,\xc9\xf3\xba\xcb,2026-11-24 05:00\n";
	static const char utf16[] = "\xff\xfe"
				    "c\0,\0a\0,\0t\0\n\0"
				    "1\0,\0\xe9\0,\0"
				    "2\0"
				    "0\0"
				    "2\0"
				    "6\0-\0"
				    "1\0-\0"
				    "1\0";
	const struct log_columns zh = { .item = "单号", .activity = "步骤", .at = "时间" };
	const struct log_columns abc = { .item = "c", .activity = "a", .at = "t" };

	assert_true(reads(b, gb, &zh));
	assert_string_equal(words_get(&b->log.activities, 0), "审核");
	file_is(b, utf16, sizeof(utf16) - 1);
	assert_true(reads(b, NULL, &abc));
	assert_string_equal(words_get(&b->log.activities, 0), "é");
	assert_true(reads(b, "c,a,t\n1,\xe9t\xe9,2026-1-1\n", &abc));
	assert_string_equal(words_get(&b->log.activities, 0), "été");
}

/* A character that the reader's chunk cuts is still one character. */
static void a_long_file_in_chinese(void **state)
{
	struct bench *b = *state;
	struct buf text;

	buf_init(&text, b->ctx.arena);
	buf_str(&text, "c,a,t\n");
	for (int i = 0; i < 20000; i++)
		buf_printf(&text, "%d,审核通过%s,2026-11-24T05:00:00Z\n", i / 10, i % 3 == 0 ? "了" : "");
	assert_true(reads(b, buf_cstr(&text), &(struct log_columns){ .item = "c", .activity = "a", .at = "t" }));
	assert_int_equal(b->log.activities.len, 2);
	assert_int_equal(b->log.items.len, 2000);
}

static void time_is(const char *text, const char *utc)
{
	struct time_style style = { 0 };
	struct instant want;
	int64_t us;

	assert_true(instant_parse(utc, &want));
	if (!log_time_parse(text, strlen(text), &style, &us))
		fail_msg("%s is a time", text);
	if (us != want.us)
		fail_msg("%s is not %s but %lld", text, utc, (long long)us);
}

static void times(void **state)
{
	static const char *const bad[] = { "", " ", "x", "2026-13-01", "2026-02-30T00:00:00", "2026-11-24T25:00",
		"24.11.", "2026-11-24T05:00:00+1", "2026-11-24T05:61", "13:00", "99999999999999999999",
		"2026-11-24 05:00 or so" };
	struct time_style style = { 0 };
	int64_t us;

	(void)state;
	time_is("2010-12-30 14:32:00+01:00", "2010-12-30T13:32:00Z");
	time_is("2010-12-30T14:32:00.123456789+0100", "2010-12-30T13:32:00.123456Z");
	time_is("2010-12-30T14:32:00.5-05", "2010-12-30T19:32:00.5Z");
	time_is("2010-12-30T14:32Z", "2010-12-30T14:32:00Z");
	time_is("2010-12-30", "2010-12-30T00:00:00Z");
	time_is("2010/12/30 9:05", "2010-12-30T09:05:00Z");
	time_is(" 30-12-2010:14.32 ", "2010-12-30T14:32:00Z");
	time_is("30.12.2010 14:32:07,25", "2010-12-30T14:32:07.25Z");
	time_is("12/30/2010 2:32:00 PM", "2010-12-30T14:32:00Z");
	time_is("12/30/2010 12:00 am", "2010-12-30T00:00:00Z");
	time_is("30-Dec-2010 14:32", "2010-12-30T14:32:00Z");
	time_is("20101230143200", "2010-12-30T14:32:00Z");
	time_is("1293719520", "2010-12-30T14:32:00Z");
	time_is("1293719520.5", "2010-12-30T14:32:00.5Z");
	time_is("1293719520123", "2010-12-30T14:32:00.123Z");
	time_is("1293719520123456", "2010-12-30T14:32:00.123456Z");
	time_is("1293719520123456789", "2010-12-30T14:32:00.123456Z");
	time_is("1969-12-31 23:59:59.5 UTC", "1969-12-31T23:59:59.5Z");
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		if (log_time_parse(bad[i], strlen(bad[i]), &style, &us))
			fail_msg("\"%s\" is no time", bad[i]);
}

static void a_log_decides_which_is_the_day(void **state)
{
	struct bench *b = *state;

	assert_true(reads(b, HEAD "1,a,03/04/2026 10:00\n1,b,03/04/2026 11:00\n", NULL));
	assert_true(i64s_of(&b->log.at)[0] < 1772600000000000 + 86400000000); /* 4 March */
	assert_true(reads(b, HEAD "1,a,03/04/2026 10:00\n1,b,13/04/2026 11:00\n", NULL));
	assert_int_equal(b->log.len, 2);
	assert_int_equal(i64s_of(&b->log.at)[1] - i64s_of(&b->log.at)[0], (10 * 24 + 1) * HOUR_US);
	refuses(b, HEAD "1,a,13/04/2026 10:00\n1,b,03/14/2026 11:00\n", NULL, "line 3: \"03/14/2026 11:00\"");
}

static void what_is_missing_is_named(void **state)
{
	struct bench *b = *state;

	refuses(b, "id,what,when\n1,a,2026-01-01\n", NULL, "has no \"case:concept:name\"; it has: id, what, when.");
	refuses(b, "id,what,when\n", &(struct log_columns){ .item = "id" },
		"\"concept:name\"; it has: id, what, when. Say what to take with --activity");
	refuses(b, HEAD "1,a,2026-01-01\n", &(struct log_columns){ .person = "who" }, "has no \"who\"");
	refuses(b, HEAD "1,a,soon\n", NULL, "line 2: \"soon\" is no time");
	refuses(b, HEAD "1,\"a,2026-01-01\n2,b,2026-01-01\n", NULL, "line 2: a quote");
	refuses(b, "", NULL, "empty");
	refuses(b, "<log><trace>", NULL, "line 1: the XML is broken");
	refuses(b, "<html/>", NULL, "no XES");
	refuses(b, "<!DOCTYPE log [<!ENTITY a \"aaaa\">]><log>&a;</log>", NULL, "entities");
	refuses(b, "{\"objects\":[{\"id\":\"o1\"", NULL, "the JSON is broken here");
	refuses(b, "{\"a\":1}", NULL, "no OCEL");
	refuses(b, "[1]", NULL, "no OCEL");
	assert_false(log_read(&b->ctx, "/nowhere.csv", &(struct log_columns){ 0 }, &b->log));
}

static void xes_by_hand(void **state)
{
	struct bench *b = *state;
	static const char xes[] =
		"<?xml version='1.0'?><x:log xmlns:x='http://www.xes-standard.org/'><global scope='event'>"
		"<string key='concept:name' value='none'/></global><string key='concept:name' value='the log'/>"
		"<trace><string key='concept:name' value='7'><string key='concept:name' value='inner'/></string>"
		"<event><string key='concept:name' value='a &amp; b'><string key='concept:name' "
		"value='inner'/></string>"
		"<date key='time:timestamp' value='2026-11-24T05:00:00.000+08:00'/><string key='org:resource' "
		"value='Pete'/></event>"
		"<event><date key='time:timestamp' value='2026-11-24T05:00:00.000+08:00'/></event>"
		"<event><string key='concept:name' value='c'/><date key='time:timestamp' "
		"value='2026-11-23T20:59:00Z'/></event>"
		"</trace><trace><event><string key='concept:name' value='c'/>"
		"<date key='time:timestamp' value='2026-11-23T20:59:00Z'/></event></trace></x:log>";

	assert_true(reads(b, xes, NULL));
	assert_int_equal(b->log.len, 3);
	assert_int_equal(b->log.skipped, 1);
	assert_string_equal(words_get(&b->log.items, 0), "7");
	assert_string_equal(words_get(&b->log.items, 1), "2");
	assert_non_null(strstr(
		answer(b), "\"variants\":[{\"activities\":[\"c\"],\"count\":1},{\"activities\":[\"c\",\"a & b\"]"));
	assert_true(reads(b, xes, &(struct log_columns){ .item = "concept:name" }));
	assert_string_equal(words_get(&b->log.items, 0), "7");
	assert_int_equal(b->log.items.len, 2); /* the nameless trace is one by the name of its event */
	refuses(b, xes, &(struct log_columns){ .activity = "Activity" },
		"has no \"Activity\"; it has: case:concept:name, concept:name, time:timestamp, org:resource");
}

static const char ocel1[] =
	"{\"ocel:events\":{\"e1\":{\"ocel:activity\":\"place\",\"ocel:timestamp\":\"2026-11-24T01:00:00\",\"ocel:"
	"omap\":"
	"[\"o1\",\"o2\",\"i1\",\"o1\"],\"ocel:vmap\":{\"org:resource\":\"Sara\",\"n\":4.5}},\"e2\":{\"ocel:activity\":"
	"\"p\\u0061y\","
	"\"ocel:timestamp\":\"2026-11-24T02:00:00\",\"ocel:omap\":[\"o1\"],\"ocel:vmap\":{}}},\"ocel:objects\":{\"o1\":"
	"{\"ocel:type\":\"order\",\"ocel:ovmap\":{}},\"o2\":{\"ocel:type\":\"order\"},\"i1\":{\"ocel:type\":\"item\"}}"
	"}";
static const char ocel2[] =
	"{\"events\":[{\"id\":\"e1\",\"type\":\"place\",\"time\":\"2026-11-24T01:00:00Z\",\"attributes\":[{\"name\":"
	"\"org:resource\","
	"\"value\":\"Sara\"}],\"relationships\":[{\"objectId\":\"o1\",\"qualifier\":\"a\"},{\"objectId\":\"o1\","
	"\"qualifier\":\"b\"},"
	"{\"objectId\":\"o2\",\"qualifier\":\"\"},{\"objectId\":\"i1\",\"qualifier\":\"\"}]},{\"id\":\"e2\",\"type\":"
	"\"pay\","
	"\"time\":\"2026-11-24T02:00:00Z\",\"relationships\":[{\"objectId\":\"o1\",\"qualifier\":\"\"}]}],\"objects\":["
	"{\"id\":\"o1\",\"type\":\"order\",\"attributes\":[]},{\"id\":\"o2\",\"type\":\"order\"},{\"id\":\"i1\","
	"\"type\":\"item\"}],"
	"\"eventTypes\":[],\"objectTypes\":[]}";
static const char ocel_xml[] =
	"<?xml version='1.0'?><log><object-types/><event-types/><objects><object id='o1' "
	"type='order'><objects><relationship "
	"object-id='i1' qualifier='of'/></objects></object><object id='o2' type='order'/><object id='i1' "
	"type='item'/></objects>"
	"<events><event id='e1' type='place' time='2026-11-24T01:00:00'><attributes><attribute "
	"name='org:resource'>Sa&#114;a"
	"</attribute></attributes><objects><relationship object-id='o1' qualifier='a'/><relationship object-id='o1' "
	"qualifier='b'/>"
	"<relationship object-id='o2' qualifier=''/><relationship object-id='i1' qualifier=''/></objects></event>"
	"<event id='e2' type='pay' time='2026-11-24T02:00:00'><objects><relationship "
	"object-id='o1'/></objects></event></events></log>";
#define OCEL_SAYS "{\"cases\":2,\"events\":3,\"activities\":2,\"variants\":[{\"activities\":[\"place\"],\"count\":1},"

static void objects_as_cases(void **state)
{
	struct bench *b = *state;

	assert_true(reads(b, ocel1, NULL));
	assert_non_null(strstr(answer(b), OCEL_SAYS));
	assert_string_equal(words_get(&b->log.people, 0), "Sara");
	assert_true(reads(b, ocel2, NULL));
	assert_non_null(strstr(answer(b), OCEL_SAYS));
	assert_string_equal(words_get(&b->log.people, 0), "Sara");
	assert_true(reads(b, ocel_xml, NULL));
	assert_non_null(strstr(answer(b), OCEL_SAYS));
	assert_string_equal(words_get(&b->log.people, 0), "Sara");
	refuses(b, "<log><object-types/><objects></log>", NULL, "line 1: the XML is broken");
	refuses(b, "<log><object-types/></log>", NULL, "has no \"order\"");
	assert_true(reads(b, ocel2, &(struct log_columns){ .item = "item" }));
	assert_int_equal(b->log.len, 1);
	refuses(b, ocel2, &(struct log_columns){ .item = "parcel" },
		"has no \"parcel\"; it has: order, item. Say what to take with --case");
}

static void objects_in_a_sqlite_file(void **state)
{
	struct bench *b = *state;
	static const char *const sql[] = { "CREATE TABLE event (ocel_id TEXT, ocel_type TEXT)",
		"CREATE TABLE object (ocel_id TEXT, ocel_type TEXT)",
		"CREATE TABLE event_object (ocel_event_id TEXT, ocel_object_id TEXT, ocel_qualifier TEXT)",
		"CREATE TABLE event_map_type (ocel_type TEXT, ocel_type_map TEXT)",
		"CREATE TABLE \"event_p l\" (ocel_id TEXT, ocel_time TEXT, \"org:resource\" TEXT)",
		"CREATE TABLE event_pay (ocel_id TEXT, ocel_time TEXT)",
		"INSERT INTO event VALUES ('e1', 'place'), ('e2', 'pay')",
		"INSERT INTO object VALUES ('o1', 'order'), ('o2', 'order'), ('i1', 'item')",
		"INSERT INTO event_map_type VALUES ('place', 'p l'), ('pay', 'pay')",
		"INSERT INTO \"event_p l\" VALUES ('e1', '2026-11-24 01:00:00', 'Sara')",
		"INSERT INTO event_pay VALUES ('e2', '2026-11-24 02:00:00')",
		"INSERT INTO event_object VALUES "
		"('e1','o1','a'),('e1','o1','b'),('e1','o2',''),('e1','i1',''),('e2','o1','')" };
	struct sqlfile *f;

	unlink(b->path);
	assert_true(sqlfile_open(&b->ctx, b->path, true, &f));
	for (size_t i = 0; i < ARRAY_LEN(sql); i++)
		assert_true(sqlfile_run(&b->ctx, f, sql[i], NULL, 0, NULL, NULL));
	assert_true(sqlfile_finish(&b->ctx, f));
	sqlfile_close(f);
	assert_true(reads(b, NULL, NULL));
	assert_non_null(strstr(answer(b), OCEL_SAYS));
	assert_string_equal(words_get(&b->log.people, 0), "Sara");
	assert_false(sqlfile_open(&b->ctx, b->path, true, &f));
}

static void packed_or_cut(void **state)
{
	struct bench *b = *state;
	gzFile f = gzopen(b->path, "wb");

	assert_int_equal(gzwrite(f, SMALL, sizeof(SMALL) - 1), sizeof(SMALL) - 1);
	assert_int_equal(gzclose(f), Z_OK);
	assert_true(reads(b, NULL, NULL));
	assert_string_equal(answer(b), SMALL_SAYS);
	assert_int_equal(truncate(b->path, 80), 0);
	refuses(b, NULL, NULL, "damaged");
}

static void figures_are_those_published(void **state)
{
	struct bench *b = *state;
	static const struct log_columns usual = { 0 };
	const char *csv;
	FILE *f = fopen(PUBLISHED "running-example.dfg", "r");
	char names[64][64], line[128];
	unsigned n = 0, from, to, count, seen = 0, starts = 0;

	if (f == NULL)
		skip();
	assert_true(log_read(&b->ctx, PUBLISHED "running-example.csv", &usual, &b->log));
	csv = answer(b);
	log_free(&b->log);
	assert_true(log_read(&b->ctx, PUBLISHED "running-example.xes", &usual, &b->log));
	assert_string_equal(csv, answer(b));
	assert_non_null(fgets(line, sizeof(line), f));
	for (n = (unsigned)strtoul(line, NULL, 10); seen < n; seen++) {
		assert_non_null(fgets(names[seen], sizeof(names[seen]), f));
		names[seen][strcspn(names[seen], "\n")] = '\0';
	}
	seen = 0;
	while (fgets(line, sizeof(line), f) != NULL) {
		const char *want = NULL;
		if (sscanf(line, "%u>%ux%u", &from, &to, &count) == 3) {
			want = arena_printf(b->ctx.arena, "{\"from\":\"%s\",\"to\":\"%s\",\"count\":%u,", names[from],
				names[to], count);
			seen++;
		} else if (sscanf(line, "%ux%u", &from, &count) == 2) {
			want = arena_printf(b->ctx.arena, "\"%s\":%u", names[from], count);
			starts++;
		}
		if (want != NULL && strstr(csv, want) == NULL)
			fail_msg("published: %s", want);
	}
	assert_int_equal(fclose(f), 0);
	assert_int_equal(seen, 16);
	assert_int_equal(starts, 3);
}

static int by_size(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static void medians_are_exact(void **state)
{
	struct bench *b = *state;
	struct rng rng = { 5, 7 };
	int64_t values[500], sorted[500];

	(void)b;
	for (size_t len = 1; len <= ARRAY_LEN(values); len++) {
		struct spread s;
		for (size_t i = 0; i < len; i++)
			values[i] = sorted[i] = (int64_t)rng_below(&rng, len % 3 == 0 ? 5 : 1000000) * 10;
		qsort(sorted, len, sizeof(*sorted), by_size);
		s = spread_of(values, len);
		assert_int_equal(s.median_us, (sorted[(len - 1) / 2] + sorted[len / 2]) / 2);
		if ((len - 1) % 10 == 0)
			assert_int_equal(s.p90_us, sorted[(len - 1) * 9 / 10]);
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, bench_open, bench_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_small_log_by_hand),
		TEST(separators_quotes_and_odd_columns),
		TEST(encodings),
		TEST(a_long_file_in_chinese),
		TEST(times),
		TEST(a_log_decides_which_is_the_day),
		TEST(what_is_missing_is_named),
		TEST(xes_by_hand),
		TEST(objects_as_cases),
		TEST(objects_in_a_sqlite_file),
		TEST(packed_or_cut),
		TEST(figures_are_those_published),
		TEST(medians_are_exact),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
