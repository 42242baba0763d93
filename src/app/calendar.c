/* calendar: see calendar.h. */
#include "app/calendar.h"

#include <stdlib.h>

static int by_ymd(const void *key, const void *day)
{
	return *(const int *)key - ((const struct calendar_day *)day)->ymd;
}

/* NULL: no notice says anything about that day. */
static const struct calendar_day *find(struct date d)
{
	int y, m, day, ymd;

	date_ymd(d, &y, &m, &day);
	ymd = (y * 100 + m) * 100 + day;
	return bsearch(&ymd, calendar_days, calendar_days_len, sizeof(*calendar_days), by_ymd);
}

bool day_is_work(struct date d)
{
	const struct calendar_day *day = find(d);
	int weekday = date_weekday(d);

	return day ? !day->off : weekday >= 1 && weekday <= 5;
}

const char *day_holiday(struct date d)
{
	const struct calendar_day *day = find(d);

	return day && day->off ? day->name : NULL;
}
