/* xlsx_value: see xlsx_value.h. */
#include "app/xlsx_value.h"

#include "base/arena.h"
#include "base/utf8.h"
#include "base/when.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define DIGITS_MAX   15 /* more are noise of the binary number */
#define EXPONENT_MAX 300
#define SERIAL_MAX   2958466.0 /* the day after 9999-12-31 */

enum cell_type cell_type_of(const char *t)
{
	if (t == NULL || strcmp(t, "n") == 0)
		return CELL_NUMBER;
	if (strcmp(t, "s") == 0)
		return CELL_SHARED;
	if (strcmp(t, "b") == 0)
		return CELL_BOOL;
	return strcmp(t, "d") == 0 ? CELL_DATE : CELL_TEXT;
}

bool cell_place(const char *ref, size_t *col, size_t *row)
{
	size_t letters = 0;
	char *end;

	*col = 0;
	ref += *ref == '$';
	for (; isalpha((unsigned char)*ref) && letters < 3; ref++, letters++)
		*col = *col * 26 + (size_t)(toupper((unsigned char)*ref) - 'A' + 1);
	ref += *ref == '$';
	if (letters == 0 || !isdigit((unsigned char)*ref))
		return false;
	*row = strtoul(ref, &end, 10);
	--*col;
	return (*end == '\0' || *end == ':') && *row > 0;
}

/* 27 to 58 are the formats of the Chinese Excel, such as yyyy"年"m"月". */
enum shown shown_by_id(long id)
{
	if (id == 22)
		return SHOWN_BOTH;
	if ((id >= 18 && id <= 21) || (id >= 32 && id <= 35) || (id >= 45 && id <= 47) || id == 55 || id == 56)
		return SHOWN_TIME;
	if ((id >= 14 && id <= 17) || (id >= 27 && id <= 31) || id == 36 || (id >= 50 && id <= 58))
		return SHOWN_DATE;
	return SHOWN_NUMBER;
}

/* Behind a piece of the code that is shown as it stands, or s where none begins. */
static const char *skip_literal(const char *s)
{
	const char *end;

	if ((*s == '\\' || *s == '_' || *s == '*') && s[1])
		return s + 2;
	if (*s == '"') {
		end = strchr(s + 1, '"');
		return end ? end + 1 : s + strlen(s);
	}
	if (*s == '[' && strchr("hHmMsS", s[1]) == NULL) {
		end = strchr(s, ']');
		return end ? end + 1 : s + strlen(s);
	}
	if (strncasecmp(s, "AM/PM", 5) == 0)
		return s + 5;
	return strncasecmp(s, "General", 7) == 0 ? s + 7 : s;
}

enum shown shown_by_code(const char *code)
{
	bool day = false, month = false, clock = false;

	while (*code && *code != ';') {
		const char *after = skip_literal(code);

		if (after != code) {
			code = after;
			continue;
		}
		day |= strchr("yYdD", *code) != NULL;
		month |= strchr("mM", *code) != NULL;
		clock |= strchr("hHsS", *code) != NULL;
		code++;
	}
	day |= month && !clock;
	if (day && clock)
		return SHOWN_BOTH;
	return day ? SHOWN_DATE : clock ? SHOWN_TIME : SHOWN_NUMBER;
}

/* ---- numbers: decimal text stays decimal text, no binary number in between ---- */

struct decimal {
	bool minus;
	char digits[DIGITS_MAX + 2]; /* significant ones; one more for rounding */
	int len;
	int point; /* the value is 0.digits × 10^point */
};

static const char *take_digits(struct decimal *d, const char *s, bool fraction)
{
	for (; isdigit((unsigned char)*s); s++) {
		bool leading = d->len == 0 && *s == '0';

		if (!leading && d->len <= DIGITS_MAX)
			d->digits[d->len++] = *s;
		if (fraction ? leading : !leading)
			d->point += fraction ? -1 : 1;
	}
	return s;
}

static bool decimal_parse(struct decimal *d, const char *s)
{
	char *end;
	long exponent = 0;

	d->minus = *s == '-';
	s += *s == '-' || *s == '+';
	if (!isdigit((unsigned char)*s) && *s != '.')
		return false;
	s = take_digits(d, s, false);
	if (*s == '.')
		s = take_digits(d, s + 1, true);
	if (*s == 'e' || *s == 'E') {
		exponent = strtol(s + 1, &end, 10);
		if (end == s + 1)
			return false;
		s = end;
	}
	if (*s != '\0' || labs(exponent) > EXPONENT_MAX || abs(d->point) > EXPONENT_MAX)
		return false;
	d->point += (int)exponent;
	return true;
}

static void decimal_round(struct decimal *d)
{
	bool up = d->len > DIGITS_MAX && d->digits[DIGITS_MAX] >= '5';

	if (d->len > DIGITS_MAX)
		d->len = DIGITS_MAX;
	while (up && d->len > 0 && d->digits[d->len - 1] == '9')
		d->len--;
	if (up && d->len > 0) {
		d->digits[d->len - 1]++;
	} else if (up) {
		d->digits[d->len++] = '1';
		d->point++;
	}
	while (d->len > 0 && d->digits[d->len - 1] == '0')
		d->len--;
}

static const char *decimal_str(struct arena *a, const struct decimal *d)
{
	char *s = arena_alloc(a, DIGITS_MAX + 2 * EXPONENT_MAX + 8), *to = s;
	int last = d->len > d->point ? d->len : d->point;

	if (d->len == 0)
		return "0";
	if (d->minus)
		*to++ = '-';
	if (d->point <= 0)
		*to++ = '0';
	for (int i = d->point < 0 ? d->point : 0; i < last; i++) {
		if (i == (d->point < 0 ? d->point : 0) && d->point <= 0)
			*to++ = '.';
		else if (i == d->point)
			*to++ = '.';
		*to++ = i >= 0 && i < d->len ? d->digits[i] : '0';
	}
	*to = '\0';
	return s;
}

static const char *plain_number(struct arena *a, const char *v)
{
	struct decimal d = { 0 };

	if (!decimal_parse(&d, v))
		return arena_strdup(a, v);
	decimal_round(&d);
	return decimal_str(a, &d);
}

/* ---- days ---- */

/* Excel believes in 1900-02-29, so the days before it count one less. */
static const char *day_str(struct arena *a, int64_t serial, bool date_1904)
{
	struct date d;

	if (!date_1904 && serial == 60)
		return "1900-02-29";
	if (date_1904)
		d = date_make(1904, 1, 1);
	else
		d = serial < 60 ? date_make(1899, 12, 31) : date_make(1899, 12, 30);
	d.day += (int32_t)serial;
	return date_str(a, d);
}

static const char *clock_of(struct arena *a, int64_t seconds)
{
	int h = (int)(seconds / 3600), m = (int)(seconds / 60 % 60), s = (int)(seconds % 60);

	return s ? arena_printf(a, "%02d:%02d:%02d", h, m, s) : arena_printf(a, "%02d:%02d", h, m);
}

static const char *moment(struct arena *a, double serial, enum shown shown, bool date_1904)
{
	int64_t seconds = llround(serial * 86400.0);

	if (shown == SHOWN_TIME)
		return clock_of(a, seconds);
	if (shown == SHOWN_DATE || seconds % 86400 == 0)
		return day_str(a, seconds / 86400, date_1904);
	return arena_printf(a, "%s %s", day_str(a, seconds / 86400, date_1904), clock_of(a, seconds % 86400));
}

const char *number_shown(struct arena *a, const char *v, enum shown shown, bool date_1904)
{
	char *end;
	double serial = shown == SHOWN_NUMBER ? 0 : strtod(v, &end);

	if (shown == SHOWN_NUMBER || *end != '\0' || !(serial >= 0 && serial < SERIAL_MAX - 1500))
		return plain_number(a, v);
	return moment(a, serial, shown, date_1904);
}

const char *iso_shown(struct arena *a, const char *v)
{
	char *s = arena_strdup(a, v), *t = strchr(s, 'T');
	size_t len;

	if (t == NULL)
		return s;
	*t = ' ';
	len = strcspn(t, ".Z");
	t[len] = '\0';
	if (len == 9 && strcmp(t + 6, ":00") == 0)
		t[6] = '\0';
	if (strcmp(t, " 00:00") == 0)
		*t = '\0';
	return s;
}

/* _xHHHH_ at s: its code point, 0 where there is none. */
static uint32_t escaped(const char *s)
{
	uint32_t cp = 0;

	if (s[0] != '_' || s[1] != 'x')
		return 0;
	for (int i = 2; i < 6; i++) {
		if (!isxdigit((unsigned char)s[i]))
			return 0;
		cp = cp * 16 + (uint32_t)(isdigit((unsigned char)s[i]) ? s[i] - '0' : tolower(s[i]) - 'a' + 10);
	}
	return s[6] == '_' ? cp : 0;
}

/* Only tab, line ends and what can be shown is decoded; the rest stays as it is written. */
static bool showable(uint32_t cp)
{
	return cp == '\t' || cp == '\n' || cp == '\r' || (cp >= 0x20 && cp < 0x7F) ||
	       (cp >= 0xA0 && !(cp >= 0xD800 && cp <= 0xDFFF) && cp < 0xFFFE);
}

const char *unescape_x(struct arena *a, const char *s, size_t len)
{
	char *out = arena_strndup(a, s, len), *to = out;

	for (const char *at = out; *at;) {
		uint32_t cp = escaped(at);

		if (showable(cp)) {
			to += utf8_put(to, cp);
			at += 7;
		} else {
			*to++ = *at++;
		}
	}
	*to = '\0';
	return out;
}
