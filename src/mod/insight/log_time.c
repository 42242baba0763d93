/* log_time: one moment, as logs of all kinds write it. */
#include "mod/insight/log.h"

#include "base/when.h"

#include <string.h>
#include <strings.h>

struct cursor {
	const char *at, *end;
};

static bool is(const struct cursor *k, const char *set)
{
	return k->at < k->end && *k->at != '\0' && strchr(set, *k->at) != NULL;
}

/* Up to most digits; how many there were. */
static int number(struct cursor *k, int most, int64_t *out)
{
	int n = 0;

	*out = 0;
	for (; n < most && is(k, "0123456789"); k->at++, n++)
		*out = *out * 10 + (*k->at - '0');
	return n;
}

static bool month_name(struct cursor *k, int64_t *month)
{
	static const char names[] = "janfebmaraprmayjunjulaugsepoctnovdec";

	for (int i = 0; i < 12 && k->end - k->at >= 3; i++)
		if (strncasecmp(k->at, names + (ptrdiff_t)3 * i, 3) == 0) {
			*month = i + 1;
			for (k->at += 3; k->at < k->end && ((unsigned char)*k->at | 32) >= 'a' &&
					 ((unsigned char)*k->at | 32) <= 'z';)
				k->at++;
			return true;
		}
	return false;
}

static void swap(int64_t *a, int64_t *b)
{
	int64_t was = *a;

	*a = *b;
	*b = was;
}

/* 03/04/2026: a slash usually has the month first, a dot or dash the day. What can only be the other way is taken so
 * and noted, and the whole file is read again that way. */
static void day_or_month(struct time_style *style, char separator, int64_t *day, int64_t *month)
{
	if ((separator == '/') != style->flipped)
		swap(day, month);
	if (*month > 12 && *day <= 12) {
		style->wrong = true;
		swap(day, month);
	}
}

static bool date_in(struct cursor *k, struct time_style *style, struct date *out)
{
	int64_t y, m, d;
	int y2, m2, d2, digits = number(k, 4, &y);
	char separator;

	if (digits == 0 || !is(k, "-/. "))
		return false;
	separator = *k->at++;
	if (digits == 4) {
		if ((!month_name(k, &m) && number(k, 2, &m) == 0) || !is(k, "-/. ") || *k->at++ != separator ||
			number(k, 2, &d) == 0)
			return false;
	} else {
		bool named = month_name(k, &m);
		d = y;
		if ((!named && number(k, 2, &m) == 0) || !is(k, "-/. ") || *k->at++ != separator ||
			(digits = number(k, 4, &y)) < 2 || digits == 3)
			return false;
		y += digits == 2 ? 2000 : 0;
		if (!named)
			day_or_month(style, separator, &d, &m);
	}
	if (y < 1 || m < 1 || m > 12 || d < 1 || d > 31)
		return false;
	*out = date_make((int)y, (int)m, (int)d);
	date_ymd(*out, &y2, &m2, &d2);
	return y2 == y && m2 == m && d2 == d;
}

static int64_t fraction(struct cursor *k)
{
	int64_t us = 0, scale = 100000;

	for (; is(k, "0123456789"); k->at++, scale /= 10)
		us += (*k->at - '0') * scale;
	return us;
}

/* AM, PM: noon and midnight are 12. */
static bool half_day(struct cursor *k, int64_t *h)
{
	bool pm;

	if (k->end - k->at < 2 || strncasecmp(k->at + 1, "m", 1) != 0 || !is(k, "aApP"))
		return true;
	pm = is(k, "pP");
	k->at += 2;
	if (*h < 1 || *h > 12)
		return false;
	*h = *h % 12 + (pm ? 12 : 0);
	return true;
}

static bool zone(struct cursor *k, int64_t *offset_s)
{
	int64_t h, m = 0;
	int sign;

	*offset_s = 0;
	if (k->at == k->end)
		return true;
	if (k->end - k->at == 3 && (strncasecmp(k->at, "UTC", 3) == 0 || strncasecmp(k->at, "GMT", 3) == 0)) {
		k->at += 3;
		return true;
	}
	if (is(k, "zZ")) {
		k->at++;
		return true;
	}
	if (!is(k, "+-"))
		return false;
	sign = *k->at++ == '-' ? -1 : 1;
	if (number(k, 2, &h) != 2)
		return false;
	if (is(k, ":"))
		k->at++;
	if (k->at < k->end && number(k, 2, &m) != 2)
		return false;
	*offset_s = sign * (h * 3600 + m * 60);
	return h <= 23 && m <= 59;
}

static bool clock_in(struct cursor *k, int64_t *us)
{
	int64_t h, m, s = 0, part = 0, offset;

	if (number(k, 2, &h) == 0 || !is(k, ":."))
		return false;
	k->at++;
	if (number(k, 2, &m) == 0)
		return false;
	if (is(k, ":.")) {
		k->at++;
		if (number(k, 2, &s) == 0)
			return false;
		if (is(k, ".,")) {
			k->at++;
			part = fraction(k);
		}
	}
	while (is(k, " "))
		k->at++;
	if (!half_day(k, &h))
		return false;
	while (is(k, " "))
		k->at++;
	if (!zone(k, &offset) || h > 24 || m > 59 || s > 60)
		return false;
	*us = (h * 3600 + m * 60 + s - offset) * SECOND_US + part;
	return true;
}

/* Seconds since 1970, or ms, µs, ns by their length; a fraction of a second. */
static bool epoch(struct cursor k, int64_t *us)
{
	int sign = is(&k, "-") ? -1 : 1;
	int64_t n;
	int digits;

	k.at += sign < 0 ? 1 : 0;
	digits = number(&k, 18, &n);
	if (digits == 18 && is(&k, "0123456789")) {
		k.at++;
		digits++;
	}
	if (digits > 11) {
		*us = sign * (digits <= 14 ? n * 1000 : digits <= 17 ? n : digits == 18 ? n / 1000 : n / 100);
		return k.at == k.end;
	}
	if (digits == 0)
		return false;
	*us = n * SECOND_US;
	if (is(&k, ".")) {
		k.at++;
		*us += fraction(&k);
	}
	*us *= sign;
	return k.at == k.end;
}

/* 20101230, 20101230143200 */
static bool compact(struct cursor k, int64_t *us)
{
	int64_t y, m, d, h = 0, min = 0, s = 0;
	struct date day;
	int y2, m2, d2;
	size_t len = (size_t)(k.end - k.at);

	if ((len != 8 && len != 14) || number(&k, 4, &y) != 4 || number(&k, 2, &m) != 2 || number(&k, 2, &d) != 2 ||
		y < 1900 || y > 2200 || m < 1 || m > 12 || d < 1 || d > 31)
		return false;
	if (len == 14 && (number(&k, 2, &h) != 2 || number(&k, 2, &min) != 2 || number(&k, 2, &s) != 2))
		return false;
	day = date_make((int)y, (int)m, (int)d);
	date_ymd(day, &y2, &m2, &d2);
	*us = day.day * DAY_US + (h * 3600 + min * 60 + s) * SECOND_US;
	return k.at == k.end && m2 == m && d2 == d && h < 24 && min < 60 && s < 60;
}

bool log_time_parse(const char *s, size_t len, struct time_style *style, int64_t *us)
{
	struct cursor k = { s, s + len };
	struct date day;
	int64_t clock = 0;

	while (is(&k, " \t"))
		k.at++;
	while (k.end > k.at && (k.end[-1] == ' ' || k.end[-1] == '\t' || k.end[-1] == '\r' || k.end[-1] == '\n'))
		k.end--;
	if (compact(k, us) || epoch(k, us))
		return true;
	if (!date_in(&k, style, &day))
		return false;
	if (is(&k, "Tt :"))
		for (k.at++; is(&k, " ");)
			k.at++;
	else if (k.at < k.end)
		return zone(&k, &clock) && k.at == k.end && (*us = day.day * DAY_US - clock * SECOND_US, true);
	if (k.at < k.end && !clock_in(&k, &clock))
		return false;
	*us = day.day * DAY_US + clock;
	return k.at == k.end;
}
