/* Prices that customers write: @5.0, 3块2一斤, 3.2元/斤, 每斤3块2, 176一桶, 单价3.2, ¥12, 五毛. */
#include "mod/reading/reading_int.h"

#include <string.h>

#define E4_OF_MILLI 10 /* a thousandth of a yuan in 1/10000 */
#define MILLI_MAX   INT64_C(1000000000)

static uint32_t blanks(const struct rtext *t, uint32_t i)
{
	uint32_t from = i;

	while (i < t->len && is_blank(t->at[i].cp) && t->at[i].cp != '\t')
		i++;
	return i - from;
}

static uint32_t one_of(const struct rtext *t, uint32_t i, const char *const *words, size_t len)
{
	uint32_t best = 0;

	for (size_t k = 0; k < len; k++) {
		uint32_t n = rtext_has(t, i, words[k]);

		best = n > best ? n : best;
	}
	return best;
}

static uint32_t yuan_word(const struct rtext *t, uint32_t i)
{
	static const char *const words[] = { "块钱", "块", "元钱", "元", "圆", "rmb", "yuan", "蚊" };

	return one_of(t, i, words, ARRAY_LEN(words));
}

static uint32_t jiao_word(const struct rtext *t, uint32_t i)
{
	static const char *const words[] = { "毛钱", "毛", "角钱", "角" };

	return one_of(t, i, words, ARRAY_LEN(words));
}

/* One digit: 五 of 十块五一斤 stands for itself, though 五一 looks like more. */
static uint32_t small_number(const struct rtext *t, uint32_t i, int64_t *milli)
{
	int d = i < t->len ? digit_of(t->at[i].cp) : -1;

	if (d < 0 || (is_digit(t->at[i].cp) && (is_digit(t->at[i + 1].cp) || t->at[i + 1].cp == '.')))
		return 0;
	*milli = d * INT64_C(1000);
	return 1;
}

/* 块2, 块2毛, 块二毛五, 块零五分 behind the yuan: what is added to the price. */
static uint32_t after_yuan(const struct rtext *t, uint32_t i, int64_t *milli)
{
	uint32_t len, word, from = i;
	int64_t d;

	len = small_number(t, i, &d);
	if (len == 0)
		return 0;
	/* 3块2件 is a price and the begin of something else: there 2 has a unit. */
	word = jiao_word(t, i + len);
	if (!word && unit_at(t, NULL, i + len) && !rtext_has(t, i + len, "一"))
		return 0;
	if (d == 0) { /* 三块零五 */
		uint32_t cents = small_number(t, i + len, &d);

		*milli += cents ? d / 100 : 0;
		return i + len + cents + (cents ? rtext_has(t, i + len + cents, "分") : 0) - from;
	}
	*milli += d / 10;
	i += len + word;
	len = word ? small_number(t, i, &d) : 0;
	if (len && (rtext_has(t, i + len, "分") || unit_at(t, NULL, i + len) == 0)) {
		*milli += d / 100;
		i += len + rtext_has(t, i + len, "分");
	}
	return i - from;
}

/* 一斤, /斤, 每斤, 1斤 behind a price. */
static uint32_t per_behind(const struct rtext *t, const struct wares *g, uint32_t i, struct quote *out)
{
	static const char *const words[] = { "一", "/", "每", "1", "per ", "each ", "/1", "/每", "/一" };
	uint32_t gap = blanks(t, i), word = one_of(t, i + gap, words, ARRAY_LEN(words)), unit;

	if (word == 0)
		return 0;
	word += gap;
	word += blanks(t, i + word);
	unit = unit_at(t, g, i + word);
	if (unit == 0 || rtext_has(t, i + word + unit, "半"))
		return 0;
	out->unit_from = i + word;
	out->unit_to = i + word + unit;
	return word + unit;
}

/* A sum with its money words: 3块2, 3.2元, 5毛. */
static uint32_t sum_at(const struct rtext *t, uint32_t i, int64_t *milli, bool *bare)
{
	struct number n;
	uint32_t len = number_at(t, i, &n), word, tail;

	if (len == 0 || n.approx || n.milli > MILLI_MAX)
		return 0;
	*milli = n.milli;
	word = yuan_word(t, i + len);
	if (word > 0) {
		tail = after_yuan(t, i + len + word, milli);
		*bare = tail == 0 && word == 1 && rtext_has(t, i + len, "块");
		if (tail)
			tail += rtext_has(t, i + len + word + tail, "钱");
		return len + word + tail;
	}
	word = jiao_word(t, i + len);
	if (word == 0)
		return 0;
	*milli /= 10;
	len += word;
	tail = small_number(t, i + len, &n.milli);
	if (tail && unit_at(t, NULL, i + len + tail) == 0) {
		*milli += n.milli / 100;
		len += tail + rtext_has(t, i + len + tail, "分");
	}
	return len;
}

static void price_of(struct quote *out, int64_t milli)
{
	out->price = (struct price){ milli * E4_OF_MILLI };
}

/* @5.0, ¥5, 单价3.2, 按3块2 */
static uint32_t marked(const struct rtext *t, const struct wares *g, uint32_t i, struct quote *out)
{
	static const char *const marks[] = { "@", "\xC2\xA5", "$", "单价:", "单价", "价格:", "价格", "价:", "价钱",
		"价", "按照", "按", "算", "price", "price:", "at ", "单价是", "价格是" };
	uint32_t from = i, mark = one_of(t, i, marks, ARRAY_LEN(marks)), len;
	bool strong = rtext_has(t, i, "@") || rtext_has(t, i, "\xC2\xA5") || rtext_has(t, i, "单价") ||
		      rtext_has(t, i, "价"),
	     bare = false;
	struct number n;
	int64_t milli;

	if (mark == 0)
		return 0;
	i += mark;
	i += blanks(t, i);
	i += rtext_has(t, i, "\xC2\xA5");
	len = sum_at(t, i, &milli, &bare);
	if (len == 0) {
		len = number_at(t, i, &n);
		if (len == 0 || n.approx || n.milli > MILLI_MAX || !(strong || per_behind(t, g, i + len, out)))
			return 0;
		milli = n.milli;
	}
	i += len;
	price_of(out, milli);
	return i + per_behind(t, g, i, out) - from;
}

/* 一斤3块2, 每斤3.2, 每箱要85元 */
static uint32_t unit_first(const struct rtext *t, const struct wares *g, uint32_t i, struct quote *out)
{
	static const char *const links[] = { "是", "要", "算", "卖", "的价格", ":", "才", "价" };
	uint32_t from = i, unit, len;
	bool every = rtext_has(t, i, "每"), bare = false;
	struct number n;
	int64_t milli;

	if (!every && !rtext_has(t, i, "一") && !rtext_has(t, i, "1"))
		return 0;
	i++;
	unit = unit_at(t, g, i);
	if (unit == 0)
		return 0;
	out->unit_from = i;
	out->unit_to = i += unit;
	i += one_of(t, i, links, ARRAY_LEN(links));
	i += rtext_has(t, i, "\xC2\xA5");
	len = sum_at(t, i, &milli, &bare);
	if (len > 0 && bare && !every)
		return 0;
	if (len == 0 && every) {
		len = number_at(t, i, &n);
		milli = n.milli;
		if (len && (n.approx || milli > MILLI_MAX || unit_at(t, g, i + len)))
			return 0;
	}
	if (len == 0)
		return 0;
	price_of(out, milli);
	return i + len - from;
}

/* 176一桶, 3.2/斤 */
static uint32_t number_per(const struct rtext *t, const struct wares *g, uint32_t i, struct quote *out)
{
	struct number n;
	uint32_t len = number_at(t, i, &n), per;

	if (len == 0 || n.approx || !n.ascii || n.milli > MILLI_MAX || is_blank(t->at[i + len].cp))
		return 0;
	if (t->at[i + len].cp == '1' || t->at[i + len].cp == 'p')
		return 0;
	per = per_behind(t, g, i + len, out);
	if (per == 0)
		return 0;
	price_of(out, n.milli);
	return len + per;
}

uint32_t quote_at(const struct rtext *t, const struct wares *g, uint32_t i, struct quote *out)
{
	uint32_t len;
	int64_t milli;

	*out = (struct quote){ .price = PRICE_NONE };
	len = marked(t, g, i, out);
	if (len == 0)
		len = unit_first(t, g, i, out);
	if (len == 0)
		len = number_per(t, g, i, out);
	if (len > 0)
		return len;
	*out = (struct quote){ .price = PRICE_NONE };
	len = sum_at(t, i, &milli, &out->bare);
	if (len == 0)
		return 0;
	price_of(out, milli);
	milli = per_behind(t, g, i + len, out);
	out->bare = out->bare && milli == 0;
	return len + (uint32_t)milli;
}
