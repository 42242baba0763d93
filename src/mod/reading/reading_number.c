/* Numerals of every kind: 12, 1.5, 3/4, ½, 十二, 两千五, 一百二, 2万3, 半, 十来, 两三, 3-5. */
#include "mod/reading/reading_int.h"

#include <string.h>

#define MILLI     1000
#define VALUE_MAX INT64_C(1000000000000000)

/* 0..9, -1: not a digit */
static int han_digit(uint32_t cp)
{
	switch (cp) {
	case 0x3007:
	case 0x96F6: return 0;
	case 0x4E00:
	case 0x58F9:
	case 0x5E7A:
	case 0x5F0C: return 1;
	case 0x4E8C:
	case 0x4E24:
	case 0x8D30:
	case 0x8CB3:
	case 0x5F0D: return 2;
	case 0x4E09:
	case 0x53C1:
	case 0x53C2:
	case 0x53C4:
	case 0x5F0E: return 3;
	case 0x56DB:
	case 0x8086: return 4;
	case 0x4E94:
	case 0x4F0D: return 5;
	case 0x516D:
	case 0x9646:
	case 0x9678: return 6;
	case 0x4E03:
	case 0x67D2: return 7;
	case 0x516B:
	case 0x634C: return 8;
	case 0x4E5D:
	case 0x7396: return 9;
	default: return -1;
	}
}

int digit_of(uint32_t cp)
{
	return is_digit(cp) ? (int)(cp - '0') : han_digit(cp);
}

/* 10, 100, 1000; 0: none */
static int64_t han_power(uint32_t cp)
{
	switch (cp) {
	case 0x5341:
	case 0x62FE: return 10;
	case 0x767E:
	case 0x4F70: return 100;
	case 0x5343:
	case 0x4EDF: return 1000;
	default: return 0;
	}
}

static int64_t han_myriad(uint32_t cp)
{
	switch (cp) {
	case 0x4E07: return 10000;
	case 0x4EBF: return 100000000;
	default: return 0;
	}
}

/* 廿 20, 卅 30 */
static int64_t han_tens(uint32_t cp)
{
	return cp == 0x5EFF ? 20 : cp == 0x5345 ? 30 : cp == 0x534C ? 40 : 0;
}

/* ---- digits ---- */

static bool add_digit(int64_t *v, int d)
{
	if (*v > VALUE_MAX / 10)
		return false;
	*v = *v * 10 + d;
	return true;
}

/* *sum + n * of; false, and nothing added, where nobody orders so much. */
static bool add_times(int64_t *sum, int64_t n, int64_t of)
{
	int64_t more;

	if (__builtin_mul_overflow(n, of, &more) || __builtin_add_overflow(*sum, more, &more) || more > VALUE_MAX)
		return false;
	*sum = more;
	return true;
}

/* 1,234,567: commas where thousands stand. */
static bool thousands_follow(const struct rtext *t, uint32_t i)
{
	return t->at[i].cp == ',' && i + 3 < t->len && is_digit(t->at[i + 1].cp) && is_digit(t->at[i + 2].cp) &&
	       is_digit(t->at[i + 3].cp) && !(i + 4 < t->len && is_digit(t->at[i + 4].cp));
}

/* Digits behind the point at i, whose value is added to *milli. */
static uint32_t decimals(const struct rtext *t, uint32_t i, int64_t *milli, bool *exact)
{
	uint32_t from = i;
	int64_t place = MILLI / 10;

	for (; i < t->len && is_digit(t->at[i].cp); i++, place /= 10) {
		*milli += place * (int64_t)(t->at[i].cp - '0');
		*exact = *exact && (place > 0 || t->at[i].cp == '0');
	}
	return i - from;
}

static uint32_t ascii_at(const struct rtext *t, uint32_t i, struct number *out)
{
	uint32_t from = i, first = i;
	int64_t v = 0;

	while (i < t->len && is_digit(t->at[i].cp) && add_digit(&v, (int)(t->at[i].cp - '0'))) {
		i++;
		/* 10,200斤 is one number; a list of numbers parts them otherwise. */
		if (i - first <= 3 && v > 0 && thousands_follow(t, i)) {
			i++;
			first = i;
		}
	}
	if (i == from || (i < t->len && is_digit(t->at[i].cp)) || v > VALUE_MAX / MILLI)
		return 0;
	*out = (struct number){ .milli = v * MILLI, .exact = true, .ascii = true };
	if (i + 1 < t->len && t->at[i].cp == '.' && is_digit(t->at[i + 1].cp))
		i += 1 + decimals(t, i + 1, &out->milli, &out->exact);
	return i - from;
}

/* ---- in characters ---- */

struct han {
	int64_t total, section, digit; /* 二百|三 */
	int64_t myriad;                /* 万 or 亿 read last */
	int64_t last;                  /* the power last read: 一百二 is 120 */
	bool zero, any, power;
	bool much;       /* more than anybody orders: then it is no number */
	uint32_t digits; /* in a row */
};

static bool too_much(struct han *h)
{
	h->much = true;
	return false;
}

static bool han_step(struct han *h, uint32_t cp)
{
	int d = han_digit(cp);
	int64_t power = han_power(cp), myriad = han_myriad(cp);

	if (d >= 0) {
		if (h->digits > 0 && h->power && !(h->zero && h->digit == 0))
			return false;
		h->zero = d == 0 ? true : h->zero;
		if (!add_digit(&h->digit, d))
			return too_much(h);
		h->digits++;
	} else if (han_tens(cp) && h->digits == 0) {
		h->section += han_tens(cp);
		h->last = 10;
		h->power = true;
	} else if (power && (h->digits == 1 || h->digits == 0 || (h->zero && h->digit < 10))) {
		if (h->digits == 0 && power != 10 && !h->any)
			return false;
		if (h->digits == 0 && h->any && power != 10)
			return false;
		if (!add_times(&h->section, h->digits == 0 || h->digit == 0 ? 1 : h->digit, power))
			return too_much(h);
		h->digit = h->digits = 0;
		h->zero = false;
		h->last = power;
		h->power = true;
	} else if (myriad && h->any) {
		/* 四亿五千万: what is smaller is added, what is greater (万亿) counts all before it. */
		bool smaller = h->myriad > myriad;
		int64_t all = smaller ? h->total : 0;

		if (!add_times(&all, (smaller ? 0 : h->total) + h->section + h->digit, myriad))
			return too_much(h);
		h->total = all;
		h->myriad = myriad;
		h->section = h->digit = h->digits = 0;
		h->zero = false;
		h->last = myriad;
		h->power = true;
	} else {
		return false;
	}
	h->any = true;
	return h->total + h->section < VALUE_MAX / MILLI || too_much(h);
}

static int64_t han_value(const struct han *h)
{
	/* 一百二: the digit behind a power without 零 counts in the next smaller one. */
	if (h->digits == 1 && !h->zero && h->last >= 100)
		return h->total + h->section + h->digit * (h->last / 10);
	return h->total + h->section + h->digit;
}

/* 一点五 */
static uint32_t han_decimals(const struct rtext *t, uint32_t i, int64_t *milli, bool *exact)
{
	uint32_t from = i;
	int64_t place = MILLI / 10;

	if (i >= t->len || t->at[i].cp != 0x70B9 || i + 1 >= t->len || han_digit(t->at[i + 1].cp) < 0)
		return 0;
	for (i++; i < t->len && han_digit(t->at[i].cp) >= 0; i++, place /= 10) {
		*milli += place * han_digit(t->at[i].cp);
		*exact = *exact && (place > 0 || han_digit(t->at[i].cp) == 0);
	}
	return i - from;
}

static bool is_kilo(const struct rtext *t, uint32_t i);

/* 两 behind a numeral is the weight (十两, 二两), unless it counts hundreds (一千两百). */
static bool is_liang(const struct rtext *t, uint32_t i)
{
	return t->at[i].cp == 0x4E24 &&
	       !(i + 1 < t->len && (han_power(t->at[i + 1].cp) >= 100 || han_myriad(t->at[i + 1].cp)));
}

/* 二百三四十: the digit read last and the next one. */
static uint32_t han_pair_tail(const struct rtext *t, uint32_t i, struct number *n)
{
	int a = i > 0 ? han_digit(t->at[i - 1].cp) : -1, b = i < t->len ? han_digit(t->at[i].cp) : -1;

	if (a <= 0 || b != a + 1 || t->at[i].cp == 0x4E24)
		return 0;
	n->approx = true;
	return i + 1 < t->len && han_power(t->at[i + 1].cp) ? 2 : 1;
}

static uint32_t han_at(const struct rtext *t, uint32_t i, struct number *out)
{
	uint32_t from = i;
	struct han h = { 0 };

	while (i < t->len && !(h.any && (is_liang(t, i) || is_kilo(t, i)))) {
		struct han before = h;

		if (!han_step(&h, t->at[i].cp)) {
			if (h.much)
				return 0;
			h = before;
			break;
		}
		i++;
	}
	if (i == from || (h.digits > 1 && !h.power && h.digits < 3 && !h.zero) || han_value(&h) > VALUE_MAX / MILLI)
		return 0; /* 二三 is "two or three", see approx_at */
	*out = (struct number){ .milli = han_value(&h) * MILLI, .exact = true };
	if (h.power)
		i += han_pair_tail(t, i, out);
	i += han_decimals(t, i, &out->milli, &out->exact);
	return i - from;
}

/* 千克 is a unit, not a thousand of it. */
static bool is_kilo(const struct rtext *t, uint32_t i)
{
	return t->at[i].cp == 0x5343 && t->at[i + 1].cp == 0x514B;
}

static int64_t power_at(const struct rtext *t, uint32_t i)
{
	if (i >= t->len || is_kilo(t, i))
		return 0;
	return han_power(t->at[i].cp) ? han_power(t->at[i].cp) : han_myriad(t->at[i].cp);
}

/* 2千, 1.5万, 1万2, 2千5, 25万6千, 1千零1 behind an ASCII number. */
static uint32_t mixed_tail(const struct rtext *t, uint32_t i, struct number *n)
{
	uint32_t from = i, len, zero;
	int64_t power = power_at(t, i), next;
	struct number more;

	if (power < 100 || n->milli > VALUE_MAX / power)
		return 0;
	n->milli *= power;
	n->exact = true;
	n->ascii = false;
	for (i++; power >= 10; power = next) {
		zero = i < t->len && t->at[i].cp == 0x96F6;
		len = ascii_at(t, i + zero, &more);
		next = power_at(t, i + zero + len);
		if (len == 0 || next >= power || (next == 0 && !zero && (len > 1 || more.milli == 0)))
			break;
		if (!add_times(&n->milli, more.milli, next ? next : zero ? 1 : power / 10))
			break;
		n->ascii = next == 0;
		i += zero + len + (next > 0);
	}
	return i - from;
}

/* ---- fractions ---- */

static void divide(struct number *n, int64_t num, int64_t den)
{
	n->milli = num * MILLI / den;
	n->exact = num * MILLI % den == 0;
}

static bool vulgar(uint32_t cp, int64_t *num, int64_t *den)
{
	static const struct {
		uint32_t cp;
		int64_t num, den;
	} known[] = {
		{ 0xBD, 1, 2 },
		{ 0xBC, 1, 4 },
		{ 0xBE, 3, 4 },
		{ 0x2153, 1, 3 },
		{ 0x2154, 2, 3 },
		{ 0x215B, 1, 8 },
	};

	for (size_t k = 0; k < ARRAY_LEN(known); k++)
		if (known[k].cp == cp) {
			*num = known[k].num;
			*den = known[k].den;
			return true;
		}
	return false;
}

/* 1/2 behind its numerator; ½ behind a whole number: 1½. */
static uint32_t fraction_tail(const struct rtext *t, uint32_t i, struct number *n)
{
	struct number den;
	uint32_t len;
	int64_t a, b;

	if (i < t->len && vulgar(t->at[i].cp, &a, &b)) {
		struct number part;

		divide(&part, a, b);
		n->milli += part.milli;
		n->exact = n->exact && part.exact;
		return 1;
	}
	if (i + 1 >= t->len || t->at[i].cp != '/' || !n->exact || n->milli % MILLI != 0)
		return 0;
	len = ascii_at(t, i + 1, &den);
	if (len == 0 || den.milli == 0 || den.milli % MILLI != 0 || n->milli > VALUE_MAX / MILLI)
		return 0;
	divide(n, n->milli / MILLI, den.milli / MILLI);
	return 1 + len;
}

/* 二分之一, 四分之三 */
static uint32_t parts_of(const struct rtext *t, uint32_t i, struct number *n)
{
	struct number num;
	uint32_t word = rtext_has(t, i, "分之"), len;

	if (!word || n->milli < MILLI || n->milli % MILLI != 0)
		return 0;
	len = han_at(t, i + word, &num);
	if (len == 0)
		len = ascii_at(t, i + word, &num);
	if (len == 0 || num.milli > VALUE_MAX / MILLI)
		return 0;
	divide(n, num.milli / MILLI, n->milli / MILLI);
	return word + len;
}

/* ---- nobody knows exactly ---- */

/* 两三, 三五, 七八; 一两 only where more follows (一两斤). */
static uint32_t two_digits(const struct rtext *t, uint32_t i, struct number *out)
{
	int a, b;

	if (i + 1 >= t->len)
		return 0;
	a = han_digit(t->at[i].cp);
	b = han_digit(t->at[i + 1].cp);
	if (a <= 0 || b <= a || b - a > 2)
		return 0;
	/* 三五七… is a row of digits. */
	if (i + 2 < t->len && t->at[i + 2].cp != 0x4E24 && han_digit(t->at[i + 2].cp) >= 0)
		return 0;
	*out = (struct number){ .milli = a * MILLI, .exact = true, .approx = true };
	return 2;
}

/* 二三十, 三四百, 两三万 */
static uint32_t pair_at(const struct rtext *t, uint32_t i, struct number *out)
{
	uint32_t len = two_digits(t, i, out);

	while (len > 0 && i + len < t->len) {
		int64_t p = han_power(t->at[i + len].cp) ? han_power(t->at[i + len].cp) : han_myriad(t->at[i + len].cp);

		if (p == 0 || out->milli > VALUE_MAX / p)
			break;
		out->milli *= p;
		len++;
	}
	return len;
}

/* 几斤, 几十斤, 好几个, 若干 */
static uint32_t some_at(const struct rtext *t, uint32_t i, struct number *out)
{
	static const char *const some[] = { "好几", "若干", "几", "上百", "上千", "成百", "百", "千" };
	uint32_t len = 0;

	for (size_t k = 0; k < ARRAY_LEN(some) && len == 0; k++)
		len = rtext_has(t, i, some[k]);
	if (len == 0)
		return 0;
	*out = (struct number){ .exact = true, .approx = true };
	while (i + len < t->len && !is_liang(t, i + len) &&
		(han_power(t->at[i + len].cp) || han_digit(t->at[i + len].cp) >= 0))
		len++;
	return len + (i + len < t->len && (rtext_has(t, i + len, "来") || rtext_has(t, i + len, "把")) ? 1 : 0);
}

/* 十来, 二十多, 十几, 三百余, 10多 behind a number */
static uint32_t more_tail(const struct rtext *t, uint32_t i, struct number *n)
{
	static const char *const more[] = { "来", "多", "几", "余", "好几" };

	if (n->milli < 10 * MILLI || n->milli % (10 * MILLI) != 0)
		return 0;
	for (size_t k = 0; k < ARRAY_LEN(more); k++)
		if (rtext_has(t, i, more[k])) {
			int64_t power = i + 1 < t->len ? han_myriad(t->at[i + 1].cp) : 0;

			n->approx = true;
			if (power == 0 || n->milli > VALUE_MAX / power)
				return 1;
			n->milli *= power; /* 二十几万 */
			return 2;
		}
	return 0;
}

/* 3-5, 3~5, 三到五, 10至12: the lower end, approximate */
static uint32_t range_tail(const struct rtext *t, uint32_t i, struct number *n)
{
	struct number high;
	uint32_t cp = i < t->len ? t->at[i].cp : 0, len;

	if (cp != '-' && cp != '~' && cp != 0x223C && cp != 0x301C && cp != 0x5230 && cp != 0x81F3)
		return 0;
	len = ascii_at(t, i + 1, &high);
	if (len == 0)
		len = han_at(t, i + 1, &high);
	if (len == 0 || high.milli <= n->milli || (i + 1 + len < t->len && t->at[i + 1 + len].cp == '-'))
		return 0;
	n->approx = true;
	return 1 + len;
}

/* ---- all together ---- */

static uint32_t plain_at(const struct rtext *t, uint32_t i, struct number *out)
{
	uint32_t len = ascii_at(t, i, out);
	int64_t a, b;

	if (len > 0)
		return len + mixed_tail(t, i + len, out);
	len = han_at(t, i, out);
	if (len > 0)
		return len;
	if (i < t->len && vulgar(t->at[i].cp, &a, &b)) {
		*out = (struct number){ 0 };
		divide(out, a, b);
		return 1;
	}
	return 0;
}

uint32_t number_at(const struct rtext *t, uint32_t i, struct number *out)
{
	struct number pair = { 0 };
	uint32_t two = pair_at(t, i, &pair), len = plain_at(t, i, out), more;

	if (len < two) {
		*out = pair;
		len = two;
		return len + more_tail(t, i + len, out);
	}
	if (len == 0)
		return some_at(t, i, out);
	more = parts_of(t, i + len, out);
	if (more == 0)
		more = fraction_tail(t, i + len, out);
	len += more;
	len += more_tail(t, i + len, out);
	return len + range_tail(t, i + len, out);
}
