/* money: the only file that reckons with money, prices and quantities. */
#include "base/money.h"

#include "base/arena.h"
#include "base/buf.h"

#include <string.h>

#define FEN_PER_YUAN 100
#define E4_PER_YUAN  10000
#define MILLI        1000

bool money_is(struct money m)
{
	return m.fen != INT64_MIN;
}

bool price_is(struct price p)
{
	return p.e4 != INT64_MIN;
}

bool qty_is(struct qty q)
{
	return q.milli != INT64_MIN;
}

/* A plain decimal as an integer scaled by 10^places. */
static bool decimal_parse(const char *s, int places, int64_t *out)
{
	bool minus = *s == '-', any = false;
	__int128 v = 0;

	s += minus;
	for (; *s >= '0' && *s <= '9'; s++, any = true)
		if ((v = v * 10 + (*s - '0')) > INT64_MAX)
			return false;
	if (*s == '.') {
		s++;
		if (*s == '\0')
			return false;
		for (; *s >= '0' && *s <= '9' && places > 0; s++, places--)
			v = v * 10 + (*s - '0');
	}
	while (places-- > 0)
		v *= 10;
	if (!any || *s != '\0' || v > INT64_MAX)
		return false;
	*out = minus ? -(int64_t)v : (int64_t)v;
	return true;
}

bool money_parse(const char *s, struct money *out)
{
	return decimal_parse(s, 2, &out->fen);
}

bool price_parse(const char *s, struct price *out)
{
	return decimal_parse(s, 4, &out->e4);
}

bool qty_parse(const char *s, struct qty *out)
{
	return decimal_parse(s, 3, &out->milli);
}

/* Written from its last digit on, because half of what an answer says are decimals. At least `keep` places stay, the
 * zeros behind them go. */
static const char *decimal_text(char *text, int64_t v, int places, int keep)
{
	char *at = text + DECIMAL_TEXT - 1;
	uint64_t u = v < 0 ? -(uint64_t)v : (uint64_t)v, scale = 1;

	*at = '\0';
	if (v == INT64_MIN)
		return at;
	for (; places > keep && u % 10 == 0; places--)
		u /= 10;
	for (int i = 0; i < places; i++)
		scale *= 10;
	at = digits_before(at, u % scale, places);
	if (places > 0)
		*--at = '.';
	at = digits_before(at, u / scale, 1);
	if (v < 0)
		*--at = '-';
	return at;
}

const char *money_text(char *text, struct money m)
{
	return decimal_text(text, m.fen, 2, 2);
}

const char *price_text(char *text, struct price p)
{
	return decimal_text(text, p.e4, 4, 2);
}

const char *qty_text(char *text, struct qty q)
{
	return decimal_text(text, q.milli, 3, 0);
}

const char *money_str(struct arena *a, struct money m)
{
	char text[DECIMAL_TEXT];

	return arena_strdup(a, money_text(text, m));
}

const char *price_str(struct arena *a, struct price p)
{
	char text[DECIMAL_TEXT];

	return arena_strdup(a, price_text(text, p));
}

const char *qty_str(struct arena *a, struct qty q)
{
	char text[DECIMAL_TEXT];

	return arena_strdup(a, qty_text(text, q));
}

const char *money_show(struct arena *a, struct money m)
{
	const char *s = money_str(a, m);
	size_t minus = *s == '-', whole = strcspn(s, ".") - minus;
	struct buf b;

	buf_init(&b, a);
	buf_add(&b, s, minus);
	for (size_t i = 0; i < whole; i++) {
		if (i > 0 && (whole - i) % 3 == 0)
			buf_char(&b, ',');
		buf_char(&b, s[minus + i]);
	}
	buf_str(&b, s + minus + whole);
	return buf_cstr(&b);
}

/* ---- 大写 by 支付结算办法 ---- */

static const char *const capital_digits[] = { "零", "壹", "贰", "叁", "肆", "伍", "陆", "柒", "捌", "玖" };

/* Four digits with their units; a run of zeros inside is one 零. */
static void capital_group(struct buf *b, int64_t group, bool *zero)
{
	static const char *const units[] = { "仟", "佰", "拾", "" };
	static const int64_t scale[] = { 1000, 100, 10, 1 };

	for (size_t i = 0; i < 4; i++) {
		int64_t digit = group / scale[i] % 10;
		if (digit == 0) {
			*zero = b->len > 0;
			continue;
		}
		if (*zero)
			buf_str(b, "零");
		*zero = false;
		buf_str(b, capital_digits[digit]);
		buf_str(b, units[i]);
	}
}

static void capital_yuan(struct buf *b, int64_t yuan)
{
	static const char *const units[] = { "万", "亿", "万", "" };
	static const int64_t scale[] = { INT64_C(1000000000000), 100000000, 10000, 1 };
	bool zero = false;

	for (size_t i = 0; i < 4; i++) {
		int64_t group = yuan / scale[i] % 10000;
		if (group == 0) {
			/* 壹万亿: the 亿 is said once for both of its groups, also when the second is empty.
			 */
			if (i == 1 && b->len > 0)
				buf_str(b, units[i]);
			zero = b->len > 0;
			continue;
		}
		if (group < 1000 && b->len > 0)
			zero = true;
		capital_group(b, group, &zero);
		buf_str(b, units[i]);
		zero = false;
	}
}

const char *money_capital(struct arena *a, struct money m)
{
	int64_t fen = money_is(m) && m.fen < 0 ? -m.fen : m.fen, yuan = fen / FEN_PER_YUAN, jiao = fen / 10 % 10,
		rest = fen % 10;
	struct buf digits, b;

	if (!money_is(m))
		return "";
	buf_init(&digits, a);
	buf_init(&b, a);
	capital_yuan(&digits, yuan);
	buf_str(&b, m.fen < 0 ? "人民币负" : "人民币");
	buf_str(&b, buf_cstr(&digits));
	if (yuan > 0 || (jiao == 0 && rest == 0))
		buf_str(&b, yuan > 0 ? "元" : "零元");
	if (jiao == 0 && rest == 0) {
		buf_str(&b, "整");
		return buf_cstr(&b);
	}
	/* Zero at the 元 before 角 is written too, which the rule leaves open and people expect before 角分.
	 */
	if (yuan > 0 && ((jiao == 0 && rest != 0) || (yuan % 10 == 0 && jiao != 0 && rest != 0)))
		buf_str(&b, "零");
	if (jiao > 0) {
		buf_str(&b, capital_digits[jiao]);
		buf_str(&b, "角");
	}
	if (rest > 0) {
		buf_str(&b, capital_digits[rest]);
		buf_str(&b, "分");
	}
	return buf_cstr(&b);
}

/* ---- arithmetic ---- */

/* A sum that lands on INT64_MIN would read as "not given": it counts as too large. */
bool money_add(struct money *out, struct money a, struct money b)
{
	return !__builtin_add_overflow(a.fen, b.fen, &out->fen) && money_is(*out);
}

bool money_sub(struct money *out, struct money a, struct money b)
{
	return !__builtin_sub_overflow(a.fen, b.fen, &out->fen) && money_is(*out);
}

bool qty_add(struct qty *out, struct qty a, struct qty b)
{
	return !__builtin_add_overflow(a.milli, b.milli, &out->milli) && qty_is(*out);
}

bool qty_sub(struct qty *out, struct qty a, struct qty b)
{
	return !__builtin_sub_overflow(a.milli, b.milli, &out->milli) && qty_is(*out);
}

int money_cmp(struct money a, struct money b)
{
	return (a.fen > b.fen) - (a.fen < b.fen);
}

int price_cmp(struct price a, struct price b)
{
	return (a.e4 > b.e4) - (a.e4 < b.e4);
}

int qty_cmp(struct qty a, struct qty b)
{
	return (a.milli > b.milli) - (a.milli < b.milli);
}

struct qty qty_min(struct qty a, struct qty b)
{
	return a.milli < b.milli ? a : b;
}

bool qty_whole(struct qty q)
{
	return q.milli % MILLI == 0;
}

/* n/d half away from zero; d > 0. */
static bool divide(__int128 n, __int128 d, int64_t *out, bool *exact)
{
	bool minus = n < 0;
	__int128 m = minus ? -n : n, q = (2 * m + d) / (2 * d);

	if (exact != NULL)
		*exact = m % d == 0;
	if (q > INT64_MAX)
		return false;
	*out = minus ? -(int64_t)q : (int64_t)q;
	return true;
}

bool qty_to_base(struct qty *out, struct qty q, struct ratio unit, bool *exact)
{
	must(unit.num > 0 && unit.den > 0);
	return divide((__int128)q.milli * unit.num, unit.den, &out->milli, exact);
}

bool qty_from_base(struct qty *out, struct qty base, struct ratio unit, bool *exact)
{
	must(unit.num > 0 && unit.den > 0);
	return divide((__int128)base.milli * unit.den, unit.num, &out->milli, exact);
}

bool money_of(struct money *out, struct price p, struct qty base, struct ratio price_unit)
{
	__int128 n, d = (__int128)MILLI * (E4_PER_YUAN / FEN_PER_YUAN) * price_unit.num;

	must(price_unit.num > 0 && price_unit.den > 0);
	if (p.e4 > PRICE_MAX || p.e4 < -PRICE_MAX || base.milli > QTY_MAX || base.milli < -QTY_MAX ||
		price_unit.den > INT32_MAX || price_unit.num > INT32_MAX)
		return false;
	n = (__int128)p.e4 * base.milli * price_unit.den;
	return divide(n, d, &out->fen, NULL);
}

bool money_weighed(struct money *out, struct price p, struct qty base, struct qty kg, struct qty nominal_kg,
	struct ratio price_unit)
{
	__int128 n, d = (__int128)MILLI * (E4_PER_YUAN / FEN_PER_YUAN) * price_unit.num * nominal_kg.milli;

	must(price_unit.num > 0 && price_unit.den > 0 && nominal_kg.milli > 0);
	if (p.e4 > PRICE_MAX || p.e4 < 0 || base.milli > QTY_MAX || base.milli < 0 || kg.milli > QTY_MAX ||
		kg.milli < 0 || nominal_kg.milli > QTY_MAX || price_unit.den > INT32_MAX || price_unit.num > INT32_MAX)
		return false;
	n = (__int128)base.milli * nominal_kg.milli + (__int128)kg.milli * MILLI;
	if (__builtin_mul_overflow(n, (__int128)p.e4 * price_unit.den, &n) || n > ((__int128)1 << 125))
		return false;
	return divide(n, d, &out->fen, NULL);
}

bool money_share(struct money *out, struct money m, struct qty part, struct qty whole)
{
	must(whole.milli > 0);
	return divide((__int128)m.fen * part.milli, whole.milli, &out->fen, NULL);
}
