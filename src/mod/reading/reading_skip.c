/* What has digits and is no quantity: phones, plates, addresses, mail addresses, links, accounts, order numbers. */
#include "mod/reading/reading_int.h"

#include <string.h>

#define PHONE_MIN   7
#define PHONE_MAX   15
#define ACCOUNT_MIN 8

static bool starts(const struct rtext *t, uint32_t i)
{
	return i == 0 || !is_alnum(t->at[i - 1].cp);
}

/* Digits with single blanks or hyphens between them, as phones are written. */
static uint32_t digit_run(const struct rtext *t, uint32_t i, char *digits, uint32_t *count)
{
	uint32_t from = i, last = i;

	*count = 0;
	if (i < t->len && t->at[i].cp == '+')
		i++;
	while (i < t->len && *count <= PHONE_MAX) {
		uint32_t cp = t->at[i].cp;

		if (is_digit(cp)) {
			if (*count < PHONE_MAX)
				digits[*count] = (char)cp;
			(*count)++;
			last = ++i;
		} else if ((cp == '-' || cp == ' ' || cp == '(' || cp == ')') && i + 1 < t->len &&
			   (is_digit(t->at[i + 1].cp) || t->at[i + 1].cp == '(' || t->at[i + 1].cp == '-')) {
			i++;
		} else {
			break;
		}
	}
	digits[*count < PHONE_MAX ? *count : PHONE_MAX] = '\0';
	return last - from;
}

/* A mobile has 11 digits from 13 on; a line in town begins with 0; 400 and 800 numbers have ten. */
static bool is_phone(const char *d, uint32_t count)
{
	if (count == 13 && strncmp(d, "86", 2) == 0)
		return d[2] == '1' && d[3] >= '3';
	if (count == 11)
		return (d[0] == '1' && d[1] >= '3') || d[0] == '0';
	if (count == 12)
		return d[0] == '0';
	return count == 10 && (strncmp(d, "400", 3) == 0 || strncmp(d, "800", 3) == 0 || d[0] == '0');
}

/* Blanks may stand inside only where the groups are those of a phone: 199 0000 1234. */
static bool blanks_fit(const struct rtext *t, uint32_t from, uint32_t len)
{
	uint32_t group = 0, groups = 0;

	for (uint32_t i = from; i < from + len; i++) {
		if (is_digit(t->at[i].cp)) {
			group++;
			continue;
		}
		if (t->at[i].cp == ' ' && group < 3)
			return false;
		groups++;
		group = 0;
	}
	return group >= 3 && groups <= 3;
}

uint32_t phone_at(const struct rtext *t, uint32_t i, char digits[16])
{
	uint32_t count, len;

	if (!starts(t, i) || i >= t->len || !(is_digit(t->at[i].cp) || t->at[i].cp == '+'))
		return 0;
	len = digit_run(t, i, digits, &count);
	if (count < PHONE_MIN || count > PHONE_MAX || !blanks_fit(t, i, len) || !is_phone(digits, count))
		return 0;
	if (count == 13)
		memmove(digits, digits + 2, 12);
	return len;
}

/* 电话027-8888-1234, 订单号SO20261124-001: a word that says that a number follows which counts nothing. */
static uint32_t named_number(const struct rtext *t, uint32_t i)
{
	static const char *const words[] = { "电话", "手机号", "手机", "联系电话", "tel", "tel:", "phone", "mobile",
		"微信号", "微信", "qq", "卡号", "账号", "帐号", "单号", "订单号", "订单编号", "编号", "税号", "车牌号",
		"车牌", "房号", "桌号", "尾号", "工号", "邮编", "传真", "fax", "no.", "po ", "合同号", "店号", "开户行",
		"运单号", "身份证" };
	uint32_t best = 0, from = i;

	for (size_t k = 0; k < ARRAY_LEN(words); k++)
		best = rtext_has(t, i, words[k]) > best ? rtext_has(t, i, words[k]) : best;
	if (best == 0 || !starts(t, i))
		return 0;
	i += best;
	while (i < t->len &&
		(t->at[i].cp == ':' || t->at[i].cp == ' ' || t->at[i].cp == 0x662F || t->at[i].cp == 0x4E3A))
		i++;
	best = i;
	while (i < t->len && (is_alnum(t->at[i].cp) || t->at[i].cp == '-' || t->at[i].cp == '_'))
		i++;
	return i - best >= 3 ? i - from : 0;
}

/* 鄂A·12345 */
static uint32_t plate_at(const struct rtext *t, uint32_t i)
{
	static const char *const provinces = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼";
	uint32_t from = i, n = 0;
	char one[8] = { 0 };

	if (i + 6 >= t->len || t->at[i].cp < 0x4E00 || t->at[i + 1].cp < 'a' || t->at[i + 1].cp > 'z')
		return 0;
	memcpy(one, t->s + t->at[i].byte,
		t->at[i + 1].byte - t->at[i].byte < 4 ? t->at[i + 1].byte - t->at[i].byte : 4);
	if (!strstr(provinces, one))
		return 0;
	i += 2;
	if (t->at[i].cp == 0xB7 || t->at[i].cp == 0x2022 || t->at[i].cp == '-' || t->at[i].cp == ' ' ||
		t->at[i].cp == '.')
		i++;
	while (i < t->len && is_alnum(t->at[i].cp) && n < 7) {
		i++;
		n++;
	}
	return n >= 5 && n <= 6 ? i - from : 0;
}

static uint32_t link_at(const struct rtext *t, uint32_t i)
{
	uint32_t from = i;

	if (!(rtext_has(t, i, "http") || rtext_has(t, i, "www.")))
		return 0;
	while (i < t->len && t->at[i].cp > ' ' && t->at[i].cp < 0x2E80)
		i++;
	return i - from;
}

static uint32_t mail_at(const struct rtext *t, uint32_t i)
{
	uint32_t from = i;
	bool at = false;

	if (!starts(t, i) || i >= t->len || !is_alnum(t->at[i].cp))
		return 0;
	while (i < t->len &&
		(is_alnum(t->at[i].cp) || strchr("._-+@", (int)(t->at[i].cp < 0x80 ? t->at[i].cp : 'A')) != NULL)) {
		if (t->at[i].cp == '@') {
			if (at || i == from)
				return 0;
			at = true;
		}
		i++;
	}
	while (i > from && t->at[i - 1].cp == '.')
		i--;
	return at && i - from > 5 && !is_digit(t->at[i - 1].cp) ? i - from : 0;
}

/* Long digits that no barcode table knows: accounts, order numbers. Letters with many digits: SO20261124-001. */
static uint32_t account_at(const struct rtext *t, uint32_t i)
{
	uint32_t from = i, digits = 0;

	if (!starts(t, i))
		return 0;
	while (i < t->len && ((t->at[i].cp >= 'a' && t->at[i].cp <= 'z') && i - from < 4))
		i++;
	while (i < t->len && (is_digit(t->at[i].cp) || (t->at[i].cp == '-' && digits && is_digit(t->at[i + 1].cp)))) {
		digits += is_digit(t->at[i].cp);
		i++;
	}
	if (digits < ACCOUNT_MIN || (i < t->len && (is_alnum(t->at[i].cp) || t->at[i].cp == '.')))
		return 0;
	return i - from;
}

/* ---- addresses ---- */

static bool is_street(uint32_t cp)
{
	switch (cp) {
	case 0x8DEF: /* 路 */
	case 0x8857: /* 街 */
	case 0x5DF7: /* 巷 */
	case 0x9053: /* 道 */
	case 0x5F04: /* 弄 */
	case 0x91CC: /* 里 */
	case 0x6751: /* 村 */
	case 0x80E1: /* 胡 */
	case 0x533A: /* 区 */
	case 0x9547: return true;
	default: return false;
	}
}

static bool is_part(uint32_t cp)
{
	switch (cp) {
	case 0x53F7: /* 号 */
	case 0x680B: /* 栋 */
	case 0x697C: /* 楼 */
	case 0x5C42: /* 层 */
	case 0x5BA4: /* 室 */
	case 0x5E62: /* 幢 */
	case 0x5355: /* 单 */
	case 0x5EA7: /* 座 */
	case 0x95E8: return true;
	default: return false;
	}
}

static uint32_t numeral(const struct rtext *t, uint32_t i)
{
	struct number n;

	return number_at(t, i, &n);
}

/* 青桐路88号3栋后厨: a street with a number; everything up to the next comma belongs to it. 3栋, 2号楼 alone too. */
static uint32_t address_at(const struct rtext *t, uint32_t i)
{
	uint32_t from = i, number, street = 0;

	for (uint32_t k = i; k < t->len && k - i < 24 && (t->at[k].cp >= 0x4E00 || is_alnum(t->at[k].cp)); k++) {
		if (!is_street(t->at[k].cp) || k == i)
			continue;
		number = numeral(t, k + 1);
		if (number && is_part(t->at[k + 1 + number].cp)) {
			street = k + 1 + number;
			break;
		}
	}
	if (street == 0)
		return 0;
	i = street;
	while (i < t->len && (t->at[i].cp >= 0x4E00 || is_alnum(t->at[i].cp)) && !rtext_has(t, i, "收货") &&
		!rtext_has(t, i, "电话") && !rtext_has(t, i, "联系"))
		i++;
	return i - from;
}

/* 2号门, 3栋, 12号档口, 305室 */
static uint32_t place_at(const struct rtext *t, uint32_t i)
{
	static const char *const places[] = { "号楼", "号门", "号库", "号店", "号档口", "号档", "号院", "号桌", "号仓",
		"号厅", "号线", "号窗口", "号铺", "号台", "号口", "号摊", "号车", "栋", "单元", "楼", "室", "层",
		"号馆", "号公馆", "中", "小", "校区" };
	uint32_t len = numeral(t, i);

	if (len == 0)
		return 0;
	for (size_t k = 0; k < ARRAY_LEN(places); k++)
		if (rtext_has(t, i + len, places[k]) && k != 23 && k != 24)
			return len + rtext_has(t, i + len, places[k]);
	return 0;
}

/* 共5样, 3家, 第2页, 5个人, 10桌: counts that are no goods */
static uint32_t count_at(const struct rtext *t, uint32_t i)
{
	static const char *const counted[] = { "桌人", "桌", "个人", "人份", "人", "家", "家店", "样货", "样", "个品",
		"个品种", "种", "页", "张单", "个单", "次", "遍", "天", "周年", "年", "个月", "分钟", "小时", "点钟",
		"岁", "度", "平米", "公里", "米远", "级", "期", "届", "折", "%", "百分", "项", "行", "店" };
	uint32_t len = rtext_has(t, i, "第"), n = numeral(t, i + len);

	if (n == 0)
		return 0;
	if (len > 0)
		return len + n;
	for (size_t k = 0; k < ARRAY_LEN(counted); k++)
		if (rtext_has(t, i + n, counted[k]))
			return n + rtext_has(t, i + n, counted[k]);
	return 0;
}

uint32_t skip_at(const struct rtext *t, uint32_t i)
{
	char digits[16];
	uint32_t len = phone_at(t, i, digits);

	if (len == 0)
		len = named_number(t, i);
	if (len == 0)
		len = plate_at(t, i);
	if (len == 0)
		len = link_at(t, i);
	if (len == 0)
		len = mail_at(t, i);
	if (len == 0)
		len = account_at(t, i);
	if (len == 0)
		len = address_at(t, i);
	if (len == 0)
		len = place_at(t, i);
	return len ? len : count_at(t, i);
}
