/* when: calendar arithmetic without the system's zone. */
#include "base/when.h"

#include "base/arena.h"
#include "base/buf.h"

#include <inttypes.h>
#include <stdlib.h>

bool instant_is(struct instant t)
{
	return t.us != INT64_MIN;
}

bool date_is(struct date d)
{
	return d.day != INT32_MIN;
}

/* Days of the civil calendar, counted in eras of 400 years that start in March. */
struct date date_make(int y, int m, int day)
{
	int yy = m <= 2 ? y - 1 : y;
	int era = (yy >= 0 ? yy : yy - 399) / 400;
	int yoe = yy - era * 400;
	int doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	int doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;

	return (struct date){ era * 146097 + doe - 719468 };
}

void date_ymd(struct date d, int *y, int *m, int *day)
{
	int z = d.day + 719468;
	int era = (z >= 0 ? z : z - 146096) / 146097;
	int doe = z - era * 146097;
	int yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int mp = (5 * doy + 2) / 153;

	*day = doy - (153 * mp + 2) / 5 + 1;
	*m = mp < 10 ? mp + 3 : mp - 9;
	*y = yoe + era * 400 + (*m <= 2);
}

int date_weekday(struct date d)
{
	return ((d.day + 4) % 7 + 7) % 7;
}

static bool digits(const char **s, int n, int *out)
{
	*out = 0;
	for (int i = 0; i < n; i++, (*s)++) {
		if (**s < '0' || **s > '9')
			return false;
		*out = *out * 10 + (**s - '0');
	}
	return true;
}

static bool expect(const char **s, char c)
{
	if (**s != c)
		return false;
	(*s)++;
	return true;
}

static bool date_read(const char **s, struct date *out)
{
	int y, m, d, yy, mm, dd;

	if (!digits(s, 4, &y) || !expect(s, '-') || !digits(s, 2, &m) || !expect(s, '-') || !digits(s, 2, &d))
		return false;
	if (y < 1900 || m < 1 || m > 12 || d < 1 || d > 31)
		return false;
	*out = date_make(y, m, d);
	date_ymd(*out, &yy, &mm, &dd);
	return yy == y && mm == m && dd == d;
}

bool date_parse(const char *s, struct date *out)
{
	return date_read(&s, out) && *s == '\0';
}

/* "2026-11-24" written so that it ends at `end`; returns where it starts. */
static char *date_before(char *end, struct date d)
{
	int y, m, day;

	date_ymd(d, &y, &m, &day);
	end = digits_before(end, (uint64_t)day, 2);
	*--end = '-';
	end = digits_before(end, (uint64_t)m, 2);
	*--end = '-';
	end = digits_before(end, (uint64_t)(y < 0 ? -y : y), 4);
	if (y < 0)
		*--end = '-';
	return end;
}

const char *date_str(struct arena *a, struct date d)
{
	char text[32], *end = text + sizeof(text), *from;

	if (!date_is(d))
		return "";
	from = date_before(end, d);
	return arena_strndup(a, from, (size_t)(end - from));
}

/* Fraction of a second in µs; more digits than six are cut. */
static bool fraction(const char **s, int *us)
{
	const char *from = *s;
	int scale = 100000;

	*us = 0;
	for (; **s >= '0' && **s <= '9'; (*s)++, scale /= 10)
		*us += (**s - '0') * scale;
	return *s > from;
}

static bool zone(const char **s, int *offset_s)
{
	int sign = **s == '-' ? -1 : 1, h, m;

	*offset_s = 0;
	if (**s == 'Z' || **s == 'z') {
		(*s)++;
		return true;
	}
	if ((**s != '+' && **s != '-') || ((*s)++, !digits(s, 2, &h)) || !expect(s, ':') || !digits(s, 2, &m) ||
		h > 23 || m > 59)
		return false;
	*offset_s = sign * (h * 3600 + m * 60);
	return true;
}

bool instant_parse(const char *s, struct instant *out)
{
	struct date d;
	int h, m, sec, us = 0, offset;

	if (!date_read(&s, &d) || (*s != 'T' && *s != 't' && *s != ' '))
		return false;
	s++;
	if (!digits(&s, 2, &h) || !expect(&s, ':') || !digits(&s, 2, &m) || !expect(&s, ':') || !digits(&s, 2, &sec))
		return false;
	if (expect(&s, '.') && !fraction(&s, &us))
		return false;
	if (!zone(&s, &offset) || *s != '\0' || h > 23 || m > 59 || sec > 60)
		return false;
	out->us = d.day * DAY_US + (h * 3600 + m * 60 + sec - offset) * SECOND_US + us;
	return true;
}

/* Floor division, so that moments before 1970 fall on the right day. */
static int64_t split(int64_t us, int64_t unit, int64_t *rest)
{
	int64_t q = us / unit, r = us % unit;

	if (r < 0) {
		q--;
		r += unit;
	}
	*rest = r;
	return q;
}

const char *instant_str(struct arena *a, struct instant t)
{
	char text[48], *end = text + sizeof(text), *at = end;
	int64_t rest;
	uint64_t s, us;
	struct date d;

	if (!instant_is(t))
		return "";
	d.day = (int32_t)split(t.us, DAY_US, &rest);
	s = (uint64_t)(rest / SECOND_US);
	us = (uint64_t)(rest % SECOND_US);
	*--at = 'Z';
	if (us != 0) {
		at = digits_before(at, us, 6);
		*--at = '.';
	}
	at = digits_before(at, s % 60, 2);
	*--at = ':';
	at = digits_before(at, s / 60 % 60, 2);
	*--at = ':';
	at = digits_before(at, s / 3600, 2);
	*--at = 'T';
	at = date_before(at, d);
	return arena_strndup(a, at, (size_t)(end - at));
}

struct date date_of(struct instant t, int zone_s)
{
	int64_t rest;

	return (struct date){ (int32_t)split(t.us + zone_s * SECOND_US, DAY_US, &rest) };
}

struct instant instant_of(struct date d, int zone_s)
{
	return (struct instant){ d.day * DAY_US - zone_s * SECOND_US };
}

const char *clock_str(struct arena *a, struct instant t, int zone_s)
{
	int64_t rest;

	(void)split(t.us + zone_s * SECOND_US, DAY_US, &rest);
	return arena_printf(a, "%02d:%02d", (int)(rest / HOUR_US), (int)(rest / MINUTE_US % 60));
}

bool clock_parse(const char *s, int *minutes)
{
	int h, m;

	if (!digits(&s, 2, &h) || !expect(&s, ':') || !digits(&s, 2, &m) || *s != '\0' || m > 59 ||
		h * 60 + m > 24 * 60)
		return false;
	*minutes = h * 60 + m;
	return true;
}
