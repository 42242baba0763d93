/* Units by the words people use, and amounts: 3斤, 半箱, 一箱半, 三斤二两, 12×5, 两大袋. */
#include "mod/reading/reading_int.h"

#include "mod/catalog/catalog.h"

#include <string.h>

/* A word and what it may be called in the catalogue, the likeliest first. What is not here and is a unit of some product
 * stands for itself. */
static const struct {
	const char *word, *options;
} unit_words[] = {
	{ "公斤", "公斤" },
	{ "千克", "公斤" },
	{ "kg", "公斤" },
	{ "kgs", "公斤" },
	{ "kilo", "公斤" },
	{ "kilos", "公斤" },
	{ "斤", "斤" },
	{ "市斤", "斤" },
	{ "jin", "斤" },
	{ "两", "两" },
	{ "克", "克" },
	{ "g", "克" },
	{ "gram", "克" },
	{ "grams", "克" },
	{ "吨", "吨" },
	{ "t", "吨" },
	{ "担", "担" },
	{ "件", "件" },
	{ "箱", "箱" },
	{ "纸箱", "箱" },
	{ "泡沫箱", "箱" },
	{ "袋", "袋" },
	{ "编织袋", "袋" },
	{ "包", "包" },
	{ "桶", "桶" },
	{ "瓶", "瓶" },
	{ "盒", "盒" },
	{ "筐", "筐" },
	{ "框", "筐" },
	{ "胶筐", "筐" },
	{ "胶框", "筐" },
	{ "捆", "捆" },
	{ "板", "板" },
	{ "版", "板" },
	{ "个", "个" },
	{ "只", "只" },
	{ "条", "条" },
	{ "尾", "条" },
	{ "打", "打" },
	{ "提", "提" },
	{ "罐", "罐" },
	{ "听", "罐" },
	{ "枚", "枚" },
	{ "块", "块" },
	{ "根", "根" },
	{ "片", "片" },
	{ "卷", "卷" },
	{ "双", "双" },
	{ "套", "套" },
	{ "把", "把" },
	{ "扎", "扎" },
	{ "颗", "颗" },
	{ "棵", "棵" },
	{ "头", "头" },
	{ "串", "串" },
	{ "份", "份" },
	{ "篓", "篓" },
	{ "篮", "篮" },
	{ "坛", "坛" },
	{ "支", "支" },
	{ "枝", "枝" },
	{ "张", "张" },
	{ "瓣", "瓣" },
	{ "朵", "朵" },
	{ "粒", "粒" },
	{ "匹", "匹" },
	{ "副", "副" },
	{ "组", "组" },
	{ "扇", "扇" },
	{ "壶", "壶" },
	{ "杯", "杯" },
	{ "碗", "碗" },
	{ "车", "车" },
	{ "托", "托" },
	{ "坨", "坨" },
	{ "节", "节" },
	{ "排", "排" },
	{ "盘", "盘" },
	{ "盆", "盆" },
	{ "缸", "缸" },
	{ "堆", "堆" },
	{ "样", "样" },
	{ "种", "种" },
	{ "ml", "毫升" },
	{ "毫升", "毫升" },
	{ "l", "升" },
	{ "升", "升" },
	{ "lb", "磅" },
	{ "lbs", "磅" },
	{ "磅", "磅" },
	{ "case", "件|箱" },
	{ "cases", "件|箱" },
	{ "cs", "件|箱" },
	{ "carton", "箱|件" },
	{ "cartons", "箱|件" },
	{ "ctn", "箱|件" },
	{ "ctns", "箱|件" },
	{ "box", "盒|箱" },
	{ "boxes", "盒|箱" },
	{ "bag", "袋|包" },
	{ "bags", "袋|包" },
	{ "sack", "袋" },
	{ "sacks", "袋" },
	{ "pack", "包|袋" },
	{ "packs", "包|袋" },
	{ "packet", "包|袋" },
	{ "packets", "包|袋" },
	{ "pkt", "包|袋" },
	{ "bottle", "瓶" },
	{ "bottles", "瓶" },
	{ "btl", "瓶" },
	{ "can", "罐" },
	{ "cans", "罐" },
	{ "tin", "罐" },
	{ "tins", "罐" },
	{ "bucket", "桶" },
	{ "buckets", "桶" },
	{ "barrel", "桶" },
	{ "drum", "桶" },
	{ "drums", "桶" },
	{ "tub", "桶" },
	{ "tubs", "桶" },
	{ "crate", "筐|箱" },
	{ "crates", "筐|箱" },
	{ "basket", "筐" },
	{ "baskets", "筐" },
	{ "tray", "板|盒" },
	{ "trays", "板|盒" },
	{ "bunch", "捆|把" },
	{ "bunches", "捆|把" },
	{ "bundle", "捆" },
	{ "bundles", "捆" },
	{ "piece", "个|只|块|条|枚|根" },
	{ "pieces", "个|只|块|条|枚|根" },
	{ "pc", "个|只|块|条|枚|根" },
	{ "pcs", "个|只|块|条|枚|根" },
	{ "head", "个|颗" },
	{ "heads", "个|颗" },
	{ "dozen", "打" },
	{ "dozens", "打" },
	{ "doz", "打" },
	{ "roll", "卷" },
	{ "rolls", "卷" },
	{ "set", "套" },
	{ "sets", "套" },
	{ "pair", "双" },
	{ "pairs", "双" },
	{ "block", "块" },
	{ "blocks", "块" },
	{ "fish", "条" },
	{ "jar", "瓶|罐" },
	{ "jars", "瓶|罐" },
};

bool unit_is_weight(const char *unit)
{
	static const char *const weights[] = { "公斤", "斤", "两", "克", "吨", "担", "千克", "kg", "g" };

	for (size_t k = 0; k < ARRAY_LEN(weights); k++)
		if (strcmp(unit, weights[k]) == 0)
			return true;
	return false;
}

/* The longest unit word at i. */
static uint32_t listed_at(const struct rtext *t, uint32_t i, const char **options)
{
	uint32_t best = 0;

	for (size_t k = 0; k < ARRAY_LEN(unit_words); k++) {
		uint32_t len = rtext_has(t, i, unit_words[k].word);

		if (len > best &&
			!(is_alnum(t->at[i].cp) && is_alnum(t->at[i + len].cp) && !is_digit(t->at[i + len].cp))) {
			best = len;
			*options = unit_words[k].options;
		}
	}
	return best;
}

uint32_t unit_at(const struct rtext *t, const struct wares *g, uint32_t i)
{
	const char *options;
	struct name_hit hits[4];
	uint32_t len, own;

	if (i >= t->len || is_digit(t->at[i].cp) || t->at[i].cp <= ' ')
		return 0;
	len = listed_at(t, i, &options);
	own = g ? names_at(g->unit_names, t, i, hits, 4) : 0;
	return own > 0 && hits[own - 1].chars > len ? hits[own - 1].chars : len;
}

const char *const *unit_options(struct arena *a, const struct rtext *t, uint32_t from, uint32_t to)
{
	const char **out = ARENA_ARRAY(a, 9, const char *), *options = NULL;
	const char *raw = rtext_raw(a, t, from, to);
	size_t n = 0;
	char *rest, *one;

	out[n++] = raw;
	if (from < to && listed_at(t, from, &options) == to - from) {
		rest = arena_strdup(a, options);
		while (n < 8 && (one = strsep(&rest, "|")) != NULL)
			if (strcmp(one, raw) != 0)
				out[n++] = one;
	}
	return out;
}

/* ---- amounts ---- */

static uint32_t blanks(const struct rtext *t, uint32_t i)
{
	uint32_t from = i;

	while (i < t->len && i - from < 3 && is_blank(t->at[i].cp))
		i++;
	return i - from;
}

/* A unit behind a number, perhaps after a blank; 整箱, 大袋 with the word for its size. */
static uint32_t unit_behind(const struct rtext *t, const struct wares *g, uint32_t i, struct amount *out)
{
	uint32_t gap = blanks(t, i), size = 0, unit;

	i += gap;
	unit = unit_at(t, g, i);
	if (unit == 0 &&
		(rtext_has(t, i, "大") || rtext_has(t, i, "小") || rtext_has(t, i, "整") || rtext_has(t, i, "满"))) {
		unit = unit_at(t, g, i + 1);
		size = unit ? 1 : 0;
	}
	if (unit == 0)
		return 0;
	if (size && t->at[i].cp != 0x6574 && t->at[i].cp != 0x6EE1) {
		out->size_from = i;
		out->size_to = i + 1 + unit;
	}
	out->unit_from = i + size;
	out->unit_to = i + size + unit;
	return gap + size + unit;
}

/* 一箱半, 三斤半; but 一箱半筐 are two things. */
static uint32_t half_behind(const struct rtext *t, const struct wares *g, uint32_t i, struct number *n)
{
	if (!rtext_has(t, i, "半") || unit_at(t, g, i + 1) > 0 || n->approx)
		return 0;
	n->milli += 500;
	return 1;
}

/* 三斤二两 */
static uint32_t liang_behind(const struct rtext *t, uint32_t i, struct amount *out)
{
	struct number more;
	uint32_t len;

	if (out->unit_to - out->unit_from != 1 || t->at[out->unit_from].cp != 0x65A4)
		return 0;
	len = number_at(t, i, &more);
	if (len == 0 || more.approx || more.milli >= 10000 || !rtext_has(t, i + len, "两"))
		return 0;
	out->n.milli += more.milli / 10;
	out->n.exact = out->n.exact && more.exact && more.milli % 10 == 0;
	return len + 1;
}

static uint32_t about_behind(const struct rtext *t, uint32_t i, struct number *n)
{
	static const char *const words[] = { "左右", "上下", "多点", "多一点", "出头", "不到", "多", "来斤", "以上",
		"以下", "以内", "起" };

	for (size_t k = 0; k < ARRAY_LEN(words); k++) {
		uint32_t len = rtext_has(t, i, words[k]);

		if (len &&
			!(k == 6 && (rtext_has(t, i, "多加") || rtext_has(t, i, "多来") || rtext_has(t, i, "多送")))) {
			n->approx = true;
			return len;
		}
	}
	return 0;
}

/* ×5, *5, x5, X5箱 behind an amount. */
static uint32_t times_behind(const struct rtext *t, const struct wares *g, uint32_t i, struct amount *out)
{
	uint32_t from = i, len;
	struct amount second = { 0 };

	i += blanks(t, i);
	if (i >= t->len || (t->at[i].cp != 'x' && t->at[i].cp != '*'))
		return 0;
	i++;
	i += blanks(t, i);
	len = number_at(t, i, &second.n);
	if (len == 0)
		return 0;
	i += len;
	len = unit_behind(t, g, i, &second);
	i += len;
	out->times = true;
	out->by = second.n;
	out->by_from = second.unit_from;
	out->by_to = len ? second.unit_to : second.unit_from;
	return i - from;
}

/* 半斤, 半个, 大半箱 */
static uint32_t half_at(const struct rtext *t, const struct wares *g, uint32_t i, struct amount *out)
{
	uint32_t from = i, len;

	out->n = (struct number){ .milli = 500, .exact = true };
	if (rtext_has(t, i, "大半") || rtext_has(t, i, "小半") || rtext_has(t, i, "多半")) {
		out->n.approx = true;
		i++;
	}
	if (!rtext_has(t, i, "半"))
		return 0;
	i++;
	if (rtext_has(t, i, "个") && unit_at(t, g, i + 1) > 0)
		i++;
	len = unit_behind(t, g, i, out);
	return len ? i + len - from : 0;
}

/* 俩, 仨 */
static uint32_t couple_at(const struct rtext *t, const struct wares *g, uint32_t i, struct amount *out)
{
	int n = rtext_has(t, i, "俩") ? 2 : rtext_has(t, i, "仨") ? 3 : 0;

	if (n == 0)
		return 0;
	out->n = (struct number){ .milli = n * 1000, .exact = true };
	out->unit_from = out->unit_to = i + 1;
	return 1 + unit_behind(t, g, i + 1, out);
}

/* 香叶一两: 两 is the weight unless a unit follows (一两斤 is about one or two). */
static void liang_or_pair(const struct rtext *t, const struct wares *g, uint32_t i, uint32_t *len, struct number *n)
{
	if (*len == 2 && n->approx && t->at[i + 1].cp == 0x4E24 && unit_at(t, g, i + 2 + blanks(t, i + 2)) == 0) {
		*n = (struct number){ .milli = n->milli, .exact = true };
		*len = 1;
	}
}

/* 三个半箱 is 3.5; 一个半西瓜 too. */
static uint32_t and_a_half(const struct rtext *t, const struct wares *g, uint32_t i, struct amount *out)
{
	uint32_t word = rtext_has(t, i, "个半"), len;

	if (!word || out->n.approx)
		return 0;
	len = unit_behind(t, g, i + word, out);
	if (len == 0) {
		out->unit_from = i;
		out->unit_to = i + 1;
	}
	out->n.milli += 500;
	return word + len;
}

/* The number was read as far as its unit goes: 2块 and 5毛 may be money. */
static void mark_money(const struct rtext *t, struct amount *out)
{
	out->money = out->unit_to - out->unit_from == 1 && t->at[out->unit_from].cp == 0x5757;
}

/* 约, 近 */
static uint32_t about_before(const struct rtext *t, uint32_t i)
{
	static const char *const words[] = { "大概", "大约", "差不多", "约", "至少", "最少", "最多", "不超过", "将近",
		"估计", "about", "around", "approx" };

	for (size_t k = 0; k < ARRAY_LEN(words); k++)
		if (rtext_has(t, i, words[k]))
			return rtext_has(t, i, words[k]) + blanks(t, i + rtext_has(t, i, words[k]));
	return 0;
}

uint32_t amount_at(const struct rtext *t, const struct wares *g, uint32_t i, struct amount *out)
{
	uint32_t from = i, len, about;

	*out = (struct amount){ 0 };
	about = about_before(t, i);
	i += about;
	if (rtext_has(t, i, "个") && about + i > 0) /* 来个二十来斤 */
		i += number_at(t, i + 1, &out->n) && out->n.approx ? 1 : 0;
	len = half_at(t, g, i, out);
	if (len == 0)
		len = couple_at(t, g, i, out);
	if (len > 0) {
		out->n.approx = out->n.approx || about > 0;
		return i + len - from;
	}
	*out = (struct amount){ 0 };
	len = number_at(t, i, &out->n);
	if (len == 0)
		return 0;
	liang_or_pair(t, g, i, &len, &out->n);
	i += len;
	len = and_a_half(t, g, i, out);
	if (len == 0)
		len = unit_behind(t, g, i, out);
	if (len == 0) {
		out->unit_from = out->unit_to = i;
		len = times_behind(t, g, i, out);
		out->n.approx = out->n.approx || about > 0;
		return len || about ? i + len - from : 0;
	}
	i += len;
	i += half_behind(t, g, i, &out->n);
	i += liang_behind(t, i, out);
	i += times_behind(t, g, i, out);
	i += about_behind(t, i, &out->n);
	out->n.approx = out->n.approx || about > 0;
	mark_money(t, out);
	return i - from;
}
