/* Days as people say them: 明早, 后天, 周五, 下周三, 28号, 11/30, 11月26日, 大后天, 元旦前; and times of day, which are
 * no quantities. */
#include "mod/reading/reading_int.h"

#include <string.h>

#define EVENING   18
#define NIGHT_END 5

static uint32_t blanks(const struct rtext *t, uint32_t i)
{
	uint32_t from = i;

	while (i < t->len && is_blank(t->at[i].cp) && t->at[i].cp != '\t')
		i++;
	return i - from;
}

static uint32_t small(const struct rtext *t, uint32_t i, int max, int *out)
{
	struct number n;
	uint32_t len = 0;

	if (i < t->len && is_digit(t->at[i].cp)) {
		int v = 0;

		while (i + len < t->len && is_digit(t->at[i + len].cp) && len < 4)
			v = v * 10 + (int)(t->at[i + len++].cp - '0');
		*out = v;
		return v <= max && !(i + len < t->len && is_digit(t->at[i + len].cp)) ? len : 0;
	}
	len = number_at(t, i, &n);
	if (len == 0 || n.approx || n.milli % 1000 != 0 || n.milli / 1000 > max)
		return 0;
	*out = (int)(n.milli / 1000);
	return len;
}

/* ---- times of day ---- */

/* 早上, 凌晨 … */
static uint32_t part_at(const struct rtext *t, uint32_t i, struct when *w)
{
	static const struct {
		const char *word;
		bool evening, dawn;
	} parts[] = { { "凌晨", false, true }, { "半夜", false, true }, { "清晨", false, false },
		{ "早上", false, false }, { "早晨", false, false }, { "一早", false, false }, { "大早", false, false },
		{ "上午", false, false }, { "中午", false, false }, { "下午", false, false }, { "傍晚", false, false },
		{ "晚上", true, false }, { "晚间", true, false }, { "夜里", true, false }, { "夜间", true, false },
		{ "早", false, false }, { "晚", true, false }, { "am", false, false }, { "pm", false, false },
		{ "morning", false, false }, { "afternoon", false, false }, { "evening", true, false },
		{ "noon", false, false } };

	for (size_t k = 0; k < ARRAY_LEN(parts); k++) {
		uint32_t len = rtext_has(t, i, parts[k].word);

		if (len > 0) {
			w->evening = w->evening || parts[k].evening;
			w->dawn = w->dawn || parts[k].dawn;
			return len;
		}
	}
	return 0;
}

/* 前, 之前, 左右, 送到 belongs to a time. */
static uint32_t time_tail(const struct rtext *t, uint32_t i)
{
	static const char *const tails[] = { "之前", "以前", "以后", "之后", "左右", "钟", "整", "前", "后", "之间",
		"am", "pm", "a.m.", "p.m." };
	uint32_t from = i;

	for (bool more = true; more;) {
		uint32_t gap = blanks(t, i);

		more = false;
		for (size_t k = 0; k < ARRAY_LEN(tails) && !more; k++) {
			uint32_t len = rtext_has(t, i, tails[k]);

			gap = len ? 0 : gap;
			if (len == 0 && k >= 10)
				len = rtext_has(t, i + gap, tails[k]) ? gap + rtext_has(t, i + gap, tails[k]) : 0;
			more = len > 0;
			i += len;
		}
	}
	return i - from;
}

/* 5:00, 3点半, 6点30分, 两点 */
static uint32_t clock_at(const struct rtext *t, uint32_t i)
{
	int h, m;
	uint32_t len = small(t, i, 24, &h), more;

	if (len == 0)
		return 0;
	if (t->at[i + len].cp == ':') {
		more = small(t, i + len + 1, 59, &m);
		if (more != 2)
			return 0;
		len += 1 + more;
		if (t->at[i + len].cp == ':' && small(t, i + len + 1, 59, &m) == 2)
			len += 3;
		return len;
	}
	more = rtext_has(t, i + len, "点钟") ? 2
	       : rtext_has(t, i + len, "点") ? 1
	       : rtext_has(t, i + len, "时") ? 1
					     : 0;
	if (more == 0)
		return rtext_has(t, i + len, "am") || rtext_has(t, i + len, "pm") ? len + 2 : 0;
	len += more;
	if (rtext_has(t, i + len, "半"))
		return len + 1;
	more = small(t, i + len, 59, &m);
	/* 两点五斤: the point of a decimal */
	if (more && unit_at(t, NULL, i + len + more) && !rtext_has(t, i + len + more, "分"))
		return rtext_has(t, i + len - 1, "点") && m < 10 ? 0 : len;
	if (more)
		len += more + rtext_has(t, i + len + more, "分");
	return len + (rtext_has(t, i + len, "刻") ? 1 : 0);
}

/* 5点到7点, 5:00-6:00, 22:00 */
static uint32_t hours_at(const struct rtext *t, uint32_t i)
{
	static const char *const to[] = { "-", "~", "到", "至", "—" };
	int h;
	uint32_t len = clock_at(t, i), more = 0;

	if (len == 0 && small(t, i, 24, &h) && rtext_has(t, i + small(t, i, 24, &h), "-"))
		len = clock_at(t, i + small(t, i, 24, &h) + 1) ? small(t, i, 24, &h) : 0; /* 5-6点 */
	if (len == 0)
		return 0;
	for (size_t k = 0; k < ARRAY_LEN(to) && more == 0; k++) {
		uint32_t gap = blanks(t, i + len), word = rtext_has(t, i + len + gap, to[k]);

		gap += word ? blanks(t, i + len + gap + word) : 0;
		more = word ? clock_at(t, i + len + gap + word) : 0;
		more = more ? more + gap + word : 0;
	}
	return len + more + time_tail(t, i + len + more);
}

/* ---- days ---- */

static uint32_t named_day(const struct rtext *t, uint32_t i, struct date today, int hour, struct when *w)
{
	static const struct {
		const char *word;
		int days;
		bool evening, dawn;
	} days[] = { { "大后天", 3, false, false }, { "大后日", 3, false, false }, { "后天", 2, false, false },
		{ "后日", 2, false, false }, { "明天", 1, false, false }, { "明日", 1, false, false },
		{ "明早", 1, false, false }, { "明晨", 1, false, false }, { "明晚", 1, true, false },
		{ "明儿", 1, false, false }, { "明个", 1, false, false }, { "明上午", 1, false, false },
		{ "明下午", 1, false, false }, { "明中午", 1, false, false }, { "后早", 2, false, false },
		{ "听日", 1, false, false }, { "听早", 1, false, false }, { "听晚", 1, true, false },
		{ "次日", 1, false, false }, { "第二天", 1, false, false }, { "隔天", 1, false, false },
		{ "今天", 0, false, false }, { "今日", 0, false, false }, { "今早", 0, false, false },
		{ "今晨", 0, false, false }, { "今晚", 0, true, false }, { "今夜", 0, true, false },
		{ "今儿", 0, false, false }, { "当天", 0, false, false }, { "今个", 0, false, false },
		{ "tomorrow", 1, false, false }, { "today", 0, false, false }, { "tonight", 0, true, false },
		{ "the day after tomorrow", 2, false, false }, { "day after tomorrow", 2, false, false } };
	uint32_t best = 0;

	(void)hour;
	for (size_t k = 0; k < ARRAY_LEN(days); k++) {
		uint32_t len = rtext_has(t, i, days[k].word);

		if (len > best) {
			best = len;
			w->day = (struct date){ today.day + days[k].days };
			w->evening = days[k].evening;
		}
	}
	return best;
}

static uint32_t past_day(const struct rtext *t, uint32_t i, struct when *w)
{
	static const char *const words[] = { "大前天", "前天", "前日", "昨天", "昨日", "昨晚", "昨夜", "昨早", "昨儿",
		"上周", "上星期", "上礼拜", "上个月", "上月", "上个星期", "上次", "上回", "之前", "前几天", "刚才",
		"刚刚", "yesterday", "last time", "last week", "last " };
	static const char *const vague[] = { "过两天", "过几天", "这两天", "这几天", "改天", "尽快", "每天", "天天",
		"每周", "下次", "周末", "月底", "年底", "节前", "年前", "过年", "asap" };
	uint32_t best = 0;

	for (size_t k = 0; k < ARRAY_LEN(words); k++)
		best = rtext_has(t, i, words[k]) > best ? rtext_has(t, i, words[k]) : best;
	w->past = best > 0;
	for (size_t k = 0; k < ARRAY_LEN(vague) && best == 0; k++) {
		best = rtext_has(t, i, vague[k]);
		w->vague = best > 0;
	}
	return best;
}

/* 1..7 from Monday; 0: none */
static int weekday_of(uint32_t cp)
{
	switch (cp) {
	case 0x4E00: return 1;
	case 0x4E8C: return 2;
	case 0x4E09: return 3;
	case 0x56DB: return 4;
	case 0x4E94: return 5;
	case 0x516D: return 6;
	case 0x65E5:
	case 0x5929:
	case 0x4E03: return 7;
	default: return cp >= '1' && cp <= '7' ? (int)(cp - '0') : 0;
	}
}

/* weeks: -1 the next such day from today on; 0 of this week; 1 of the next. */
static struct date on_weekday(struct date today, int want, int weeks)
{
	int now = (date_weekday(today) + 6) % 7 + 1;

	if (weeks < 0)
		return (struct date){ today.day + (want - now + 7) % 7 };
	return (struct date){ today.day - now + want + 7 * weeks };
}

static uint32_t week_day(const struct rtext *t, uint32_t i, struct date today, struct when *w)
{
	static const struct {
		const char *word;
		int weeks;
	} marks[] = { { "下下", 2 }, { "下个", 1 }, { "下", 1 }, { "这个", 0 }, { "这", 0 }, { "本", 0 } };
	static const char *const week[] = { "星期", "礼拜", "周" };
	uint32_t from = i, len = 0;
	int weeks = -1, day;

	for (size_t k = 0; k < ARRAY_LEN(marks) && len == 0; k++)
		if ((len = rtext_has(t, i, marks[k].word)) > 0)
			weeks = marks[k].weeks;
	i += len;
	len = 0;
	for (size_t k = 0; k < ARRAY_LEN(week) && len == 0; k++)
		len = rtext_has(t, i, week[k]);
	if (len == 0 || i + len >= t->len)
		return 0;
	i += len;
	day = weekday_of(t->at[i].cp);
	if (day == 0 || weekday_of(t->at[i + 1].cp))
		return 0; /* 周一三五: every of them, nobody can tell which */
	w->day = on_weekday(today, day, weeks);
	if (weeks == 0 && w->day.day < today.day)
		w->past = true;
	return i + 1 - from;
}

static uint32_t english_weekday(const struct rtext *t, uint32_t i, struct date today, struct when *w)
{
	static const char *const names[] = { "monday", "tuesday", "wednesday", "thursday", "friday", "saturday",
		"sunday" };
	static const char *const brief[] = { "mon", "tue", "wed", "thu", "fri", "sat", "sun" };
	uint32_t next = rtext_has(t, i, "next "), len;

	for (int k = 0; k < 7; k++) {
		len = rtext_has(t, i + next, names[k]);
		if (len == 0)
			len = rtext_has(t, i + next, brief[k]);
		if (len == 0 || is_alnum(t->at[i + next + len].cp))
			continue;
		w->day = on_weekday(today, k + 1, next ? 1 : -1);
		return next + len;
	}
	return 0;
}

static bool is_day(int y, int m, int d, struct date *out)
{
	int ry, rm, rd;

	if (m < 1 || m > 12 || d < 1 || d > 31 || y < 1970 || y > 9000)
		return false;
	*out = date_make(y, m, d);
	date_ymd(*out, &ry, &rm, &rd);
	return ry == y && rm == m && rd == d;
}

/* The next such day of the year. A few weeks back it is a day that was, not one of the next year. */
static bool day_of_year(struct date today, int m, int d, struct when *w)
{
	int y, tm, td;

	date_ymd(today, &y, &tm, &td);
	if (!is_day(y, m, d, &w->day) && !is_day(y + 1, m, d, &w->day))
		return false;
	if (w->day.day < today.day) {
		w->past = today.day - w->day.day < 150;
		if (!w->past && !is_day(y + 1, m, d, &w->day))
			return false;
	}
	return true;
}

static bool day_of_month(struct date today, int d, struct when *w)
{
	int y, m, td;

	date_ymd(today, &y, &m, &td);
	for (int k = 0; k < 4; k++) {
		if (is_day(y, m, d, &w->day) && w->day.day >= today.day)
			return true;
		y += m == 12;
		m = m % 12 + 1;
	}
	return false;
}

static uint32_t day_word(const struct rtext *t, uint32_t i)
{
	return rtext_has(t, i, "号") ? 1 : rtext_has(t, i, "日") ? 1 : 0;
}

/* 2026年11月26日, 2026-11-26, 26.11.26 is no date. */
static uint32_t full_date(const struct rtext *t, uint32_t i, struct when *w)
{
	int y, m, d;
	uint32_t from = i, len = small(t, i, 9999, &y), sep;

	if ((len != 4 && len != 2) || (len == 2 && !rtext_has(t, i + len, "年")))
		return 0;
	y += len == 2 ? 2000 : 0;
	i += len;
	sep = t->at[i].cp;
	if (sep != '-' && sep != '/' && sep != '.' && sep != 0x5E74)
		return 0;
	i++;
	len = small(t, i, 12, &m);
	if (len == 0 || (t->at[i + len].cp != sep && t->at[i + len].cp != 0x6708))
		return 0;
	i += len + 1;
	len = small(t, i, 31, &d);
	if (len == 0 || !is_day(y, m, d, &w->day))
		return 0;
	return i + len + day_word(t, i + len) - from;
}

/* 11月26日, 11月26 */
static uint32_t month_day(const struct rtext *t, uint32_t i, struct date today, struct when *w)
{
	int m, d;
	uint32_t len = small(t, i, 12, &m), more;

	if (len == 0 || !(rtext_has(t, i + len, "月份") || rtext_has(t, i + len, "月")))
		return 0;
	len += rtext_has(t, i + len, "月份") ? 2 : 1;
	more = small(t, i + len, 31, &d);
	if (more == 0)
		return 0;
	if (!day_of_year(today, m, d, w))
		*w = (struct when){ .day = DATE_NONE, .vague = true }; /* 11月31号 */
	return len + more + day_word(t, i + len + more);
}

/* Nothing of a number or a unit stands before or behind: else 1/2 is a half and 31/40 a size. */
static bool date_may_stand(const struct rtext *t, uint32_t from, uint32_t to)
{
	static const char *const behind[] = { "送", "到", "货", "要", "早", "晚", "上午", "下午", "凌晨", "中午", "(",
		",", ":", "周", "的", "用", "前", "订" };
	uint32_t before = from > 0 ? t->at[from - 1].cp : '\n', i = to + blanks(t, to);

	if (before != '\n' && before != ' ' && before != ',' && before != ':' && before != 0x3002 && before != '(' &&
		before != ';' && before != 0x4E8E && before != 0x5728 && before != 0xFF0C && before != 0x8BF7)
		return false;
	if (i >= t->len || t->at[i].cp == '\n')
		return true;
	for (size_t k = 0; k < ARRAY_LEN(behind); k++)
		if (rtext_has(t, i, behind[k]))
			return true;
	return false;
}

/* 11/30, 11-30, 11.30 */
static uint32_t slashed(const struct rtext *t, uint32_t i, struct date today, struct when *w)
{
	int m, d;
	uint32_t from = i, len = small(t, i, 12, &m), sep;

	if (len == 0)
		return 0;
	i += len;
	sep = t->at[i].cp;
	if (sep != '/' && sep != '-' && sep != '.')
		return 0;
	len = small(t, i + 1, 31, &d);
	if (len == 0 || (sep == '.' && len != 2) || !day_of_year(today, m, d, w))
		return 0;
	i += 1 + len;
	if (day_word(t, i))
		return i + 1 - from;
	return date_may_stand(t, from, i) ? i - from : 0;
}

/* 28号; not 28号楼 */
static uint32_t day_number(const struct rtext *t, uint32_t i, struct date today, struct when *w)
{
	static const char *const places[] = { "楼", "门", "库", "店", "档", "院", "桌", "仓", "厅", "线", "车", "窗",
		"铺", "台", "口", "摊", "栋", "机", "公馆" };
	int d;
	uint32_t len = small(t, i, 31, &d);

	if (len == 0 || d == 0 || !day_word(t, i + len))
		return 0;
	for (size_t k = 0; k < ARRAY_LEN(places); k++)
		if (rtext_has(t, i + len + 1, places[k]))
			return 0;
	return day_of_month(today, d, w) ? len + 1 : 0;
}

/* 3天后, 两天后 */
static uint32_t days_later(const struct rtext *t, uint32_t i, struct date today, struct when *w)
{
	int n;
	uint32_t len = small(t, i, 60, &n);

	if (len == 0 ||
		!(rtext_has(t, i + len, "天后") || rtext_has(t, i + len, "天之后") || rtext_has(t, i + len, "天以后")))
		return 0;
	w->day = (struct date){ today.day + n };
	return len + (rtext_has(t, i + len, "天后") ? 2 : 3);
}

/* ---- feasts ---- */

/* Days of the lunar calendar, by year from 2026. */
static const struct feast {
	const char *word;
	int m, d;          /* of every year */
	int lunar[5];      /* month * 100 + day */
	bool needs_behind; /* 五一 is a number elsewhere */
} feasts[] = {
	{ "元旦", 1, 1, { 0 }, false },
	{ "劳动节", 5, 1, { 0 }, false },
	{ "国庆节", 10, 1, { 0 }, false },
	{ "国庆", 10, 1, { 0 }, false },
	{ "平安夜", 12, 24, { 0 }, false },
	{ "圣诞节", 12, 25, { 0 }, false },
	{ "圣诞", 12, 25, { 0 }, false },
	{ "五一", 5, 1, { 0 }, true },
	{ "十一", 10, 1, { 0 }, true },
	{ "除夕", 0, 0, { 216, 205, 125, 212, 202 }, false },
	{ "大年三十", 0, 0, { 216, 205, 125, 212, 202 }, false },
	{ "年三十", 0, 0, { 216, 205, 125, 212, 202 }, false },
	{ "春节", 0, 0, { 217, 206, 126, 213, 203 }, false },
	{ "大年初一", 0, 0, { 217, 206, 126, 213, 203 }, false },
	{ "初一", 0, 0, { 217, 206, 126, 213, 203 }, false },
	{ "元宵节", 0, 0, { 303, 220, 209, 227, 217 }, false },
	{ "清明节", 0, 0, { 405, 405, 404, 404, 405 }, false },
	{ "清明", 0, 0, { 405, 405, 404, 404, 405 }, false },
	{ "端午节", 0, 0, { 619, 609, 528, 616, 605 }, false },
	{ "端午", 0, 0, { 619, 609, 528, 616, 605 }, false },
	{ "中秋节", 0, 0, { 925, 915, 1003, 922, 912 }, false },
	{ "中秋", 0, 0, { 925, 915, 1003, 922, 912 }, false },
};

static bool feast_day(const struct feast *f, struct date today, struct when *w)
{
	int y, m, d;

	date_ymd(today, &y, &m, &d);
	for (int k = 0; k < 2; k++, y++) {
		int md = f->m ? f->m * 100 + f->d : y >= 2026 && y <= 2030 ? f->lunar[y - 2026] : 0;

		if (md && is_day(y, md / 100, md % 100, &w->day) && w->day.day >= today.day)
			return true;
	}
	return false;
}

/* 前一天 is the day before; 节前 at the latest the day before, 之后 is anything. */
static uint32_t feast_tail(const struct rtext *t, uint32_t i, struct when *w)
{
	static const char *const before[] = { "前一天", "前一晚", "的前一天", "前夕", "之前", "前" };
	static const char *const on[] = { "当天", "那天", "当日" };

	for (size_t k = 0; k < ARRAY_LEN(before); k++)
		if (rtext_has(t, i, before[k])) {
			w->day.day--;
			return rtext_has(t, i, before[k]);
		}
	if (rtext_has(t, i, "后") || rtext_has(t, i, "过后") || rtext_has(t, i, "之后"))
		w->vague = true;
	for (size_t k = 0; k < ARRAY_LEN(on); k++)
		if (rtext_has(t, i, on[k]))
			return rtext_has(t, i, on[k]);
	return 0;
}

static uint32_t feast_at(const struct rtext *t, uint32_t i, struct date today, struct when *w)
{
	static const char *const behind[] = { "前", "当天", "那天", "要", "用", "送", "的", "假", "放假" };

	for (size_t k = 0; k < ARRAY_LEN(feasts); k++) {
		uint32_t len = rtext_has(t, i, feasts[k].word);
		bool good = !feasts[k].needs_behind;

		if (len == 0)
			continue;
		for (size_t b = 0; b < ARRAY_LEN(behind) && !good; b++)
			good = rtext_has(t, i + len, behind[b]) > 0;
		if (good && feast_day(&feasts[k], today, w))
			return len + feast_tail(t, i + len, w);
	}
	return 0;
}

/* ---- English dates ---- */

static uint32_t month_name(const struct rtext *t, uint32_t i, int *m)
{
	static const char *const names[] = { "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct",
		"nov", "dec" };
	uint32_t len;

	for (int k = 0; k < 12; k++) {
		len = rtext_has(t, i, names[k]);
		if (len == 0)
			continue;
		while (t->at[i + len].cp >= 'a' && t->at[i + len].cp <= 'z')
			len++;
		*m = k + 1;
		return len <= 9 ? len + (t->at[i + len].cp == '.' ? 1 : 0) : 0;
	}
	return 0;
}

static uint32_t ordinal(const struct rtext *t, uint32_t i)
{
	return rtext_has(t, i, "st") || rtext_has(t, i, "nd") || rtext_has(t, i, "rd") || rtext_has(t, i, "th") ? 2 : 0;
}

/* Nov 28, 28 Nov, 28th */
static uint32_t english_date(const struct rtext *t, uint32_t i, struct date today, struct when *w)
{
	int m = 0, d = 0;
	uint32_t len = month_name(t, i, &m), more, gap;

	if (len > 0) {
		gap = blanks(t, i + len);
		more = small(t, i + len + gap, 31, &d);
		len += gap + more;
		return more && day_of_year(today, m, d, w) ? len + ordinal(t, i + len) : 0;
	}
	len = small(t, i, 31, &d);
	if (len == 0 || !is_digit(t->at[i].cp))
		return 0;
	more = ordinal(t, i + len);
	gap = blanks(t, i + len + more);
	if (month_name(t, i + len + more + gap, &m) && day_of_year(today, m, d, w))
		return len + more + gap + month_name(t, i + len + more + gap, &m);
	return more && !is_alnum(t->at[i + len + more].cp) && day_of_month(today, d, w) ? len + more : 0;
}

/* ---- all ---- */

static uint32_t day_at(const struct rtext *t, uint32_t i, struct date today, int hour, struct when *w)
{
	typedef uint32_t (*reader_fn)(const struct rtext *, uint32_t, struct date, struct when *);
	static const reader_fn readers[] = { week_day, english_weekday, month_day, slashed, day_number, days_later,
		feast_at, english_date };
	uint32_t len = past_day(t, i, w);

	if (len > 0)
		return len;
	len = named_day(t, i, today, hour, w);
	if (len == 0)
		len = full_date(t, i, w);
	for (size_t k = 0; k < ARRAY_LEN(readers) && len == 0; k++) {
		*w = (struct when){ .day = DATE_NONE };
		len = readers[k](t, i, today, w);
	}
	if (len > 0 && date_is(w->day) && w->day.day < today.day)
		w->past = true;
	return len;
}

/* Said in the evening, the small hours of "tonight" are tomorrow's; and so is the dawn of a day that is nearly over. */
static void settle_night(struct when *w, struct date today, int hour)
{
	bool late = hour >= EVENING || (hour >= 12 && !w->evening);

	if (w->dawn && w->day.day == today.day && hour >= NIGHT_END && (w->evening || late))
		w->day.day++;
}

uint32_t when_at(const struct rtext *t, uint32_t i, struct date today, int hour, struct when *out)
{
	uint32_t from = i, len;

	*out = (struct when){ .day = DATE_NONE };
	if (i >= t->len || (i > 0 && is_alnum(t->at[i].cp) && is_alnum(t->at[i - 1].cp)))
		return 0;
	len = day_at(t, i, today, hour, out);
	if (len == 0)
		*out = (struct when){ .day = DATE_NONE };
	i += len;
	for (int k = 0; k < 3; k++) {
		uint32_t gap = blanks(t, i), more = part_at(t, i + gap, out);

		if (len == 0 && more == 1)
			more = 0; /* 早 and 晚 alone are other words */
		if (more == 0)
			more = hours_at(t, i + gap);
		if (more == 0)
			break;
		i += gap + more;
		len += gap + more;
	}
	if (len == 0)
		return 0;
	i += time_tail(t, i);
	if (date_is(out->day))
		settle_night(out, today, hour);
	return i - from;
}
