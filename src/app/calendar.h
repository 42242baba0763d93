/* calendar: which days people in China work, by the State Council's yearly notice (data/holiday).
 * For years without a notice Monday to Friday are working days and nothing is a holiday. */
#ifndef APP_CALENDAR_H
#define APP_CALENDAR_H

#include "base/when.h"

#include <stddef.h>

/* An ordinary weekday or a make-up day. */
bool day_is_work(struct date d);
/* "春节" on its days off, NULL on every other day, make-up days too. */
const char *day_holiday(struct date d);

/* The table made by tools/holidaygen, by date. */
struct calendar_day {
	int ymd; /* 20260217 */
	bool off;
	const char *name;
};
extern const struct calendar_day calendar_days[];
extern const size_t calendar_days_len;

#endif
