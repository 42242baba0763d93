/* Order messages: whatever text comes, the reader answers the same twice, its spans lie inside the text, and no quantity
 * is made up. The first byte chooses channel, customer and whether there is an order before. */
#include "base/utf8.h"
#include "mod/reading/reading.h"
#include "mod/reading/test/market.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define TEXT_MAX 20000

static struct market *open_market(void)
{
	static struct market m;
	static bool opened;

	if (!opened)
		market_open(&m, "data/demo");
	opened = true;
	return &m;
}

static bool is_numeral(uint32_t cp)
{
	static const char *const numerals =
		"〇零一二两三四五六七八九十百千万亿廿卅卌半俩仨壹贰叁肆伍陆柒捌玖拾佰仟弌弍弎幺兩貳貮參叄陸萬億";
	const char *s = numerals;
	uint32_t one;

	if ((cp >= '0' && cp <= '9') || (cp >= 0xFF10 && cp <= 0xFF19) || (cp >= 0xBC && cp <= 0xBE) ||
		(cp >= 0x2150 && cp <= 0x218B))
		return true;
	while ((one = utf8_next(&s)) != 0)
		if (one == cp)
			return true;
	return false;
}

static bool has_numeral(const char *s)
{
	uint32_t cp;

	while ((cp = utf8_next(&s)) != 0)
		if (is_numeral(cp))
			return true;
	return false;
}

/* raw is text[start..end), counted in characters. */
static void look_at_span(const char *text, const char *raw, int64_t start, int64_t end)
{
	const char *from = text, *to;

	must(start >= 0 && start <= end && end <= (int64_t)utf8_count(text));
	for (int64_t i = 0; i < start; i++)
		(void)utf8_next(&from);
	to = from;
	for (int64_t i = start; i < end; i++)
		(void)utf8_next(&to);
	must(strlen(raw) == (size_t)(to - from) && memcmp(raw, from, strlen(raw)) == 0);
}

static void look_at(const struct reading_in *in, const struct reading *out)
{
	for (size_t i = 0; i < out->lines_len; i++) {
		const struct reading_line *l = &out->lines[i];

		look_at_span(in->text, l->raw, l->start, l->end);
		must(l->sku && l->candidates_len > 0 && strcmp(l->candidates[0].sku, l->sku) == 0);
		must(!qty_is(l->quantity) || in->history_len > 0 || has_numeral(in->text));
		must(!l->accepted || strcmp(l->op, "cancel") == 0 ||
			(qty_is(l->quantity) && l->quantity.milli > 0 && l->unit));
	}
	for (size_t i = 0; i < out->unresolved_len; i++)
		look_at_span(in->text, out->unresolved[i].raw, out->unresolved[i].start, out->unresolved[i].end);
}

static const char *answer(struct ctx *c, const struct reading_in *in)
{
	struct reading out;
	struct buf b;
	struct json j;

	must(reading_parse(c, in, &out));
	look_at(in, &out);
	buf_init(&b, c->arena);
	json_start(&j, &b);
	json_obj(&j, NULL);
	fields_to_json(&j, reading_fields, &out);
	json_end_obj(&j);
	return buf_cstr(&b);
}

/* One of its goods stands there twice, one is not sold any more. */
static void order_before(struct arena *a, struct reading_in *in)
{
	struct reading_order *o = ARENA_NEW(a, struct reading_order);
	static const struct reading_order_line lines[] = { { "SC0101", { 2000 }, "件" }, { "SC0120", { 1000 }, "袋" },
		{ "SC0101", { 30000 }, "斤" }, { "SC9999", { 1000 }, "件" }, { "LY0119", { QTY_MAX }, "袋" } };

	o->lines = ARENA_ARRAY(a, ARRAY_LEN(lines), struct reading_order_line);
	memcpy(o->lines, lines, sizeof(lines));
	o->lines_len = ARRAY_LEN(lines);
	o->confirmed_at.us = in->received_at.us - 86400 * SECOND_US;
	in->history = o;
	in->history_len = 1;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const channels[] = { "chat", "email", "phone_note", "file" };
	static const char *const customers[] = { NULL, "C001", "C008", "C013" };
	struct market *m = open_market();
	struct reading_in in = { .received_at = m->ctx.now,
		.history = (struct reading_order[1]){ { { 0 }, NULL, 0 } } };
	const char *once, *again;

	if (size < 2 || size > TEXT_MAX || !utf8_clean((const char *)data + 1, size - 1))
		return 0;
	arena_reset(m->ctx.arena);
	in.text = arena_strndup(m->ctx.arena, (const char *)data + 1, size - 1);
	in.channel = channels[data[0] % 4];
	in.customer = customers[data[0] / 4 % 4];
	if (data[0] / 16 % 2 == 1)
		order_before(m->ctx.arena, &in);
	once = answer(&m->ctx, &in);
	again = answer(&m->ctx, &in);
	must(strcmp(once, again) == 0);
	return 0;
}
