/* when: instants and dates. Instants are microseconds UTC; dates are days in the company's zone.
 * Nothing here reads the clock: that is clock_now() in clock.h, called once per request. */
#ifndef BASE_WHEN_H
#define BASE_WHEN_H

#include "base/must.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;

struct instant {
	int64_t us; /* since 1970-01-01T00:00:00Z */
};

struct date {
	int32_t day; /* since 1970-01-01 */
};

#define INSTANT_NONE ((struct instant){ INT64_MIN })
#define DATE_NONE    ((struct date){ INT32_MIN })
#define SECOND_US    INT64_C(1000000)
#define MINUTE_US    (60 * SECOND_US)
#define HOUR_US      (60 * MINUTE_US)
#define DAY_US       (24 * HOUR_US)

bool instant_is(struct instant t); /* not NONE */
bool date_is(struct date d);

/* RFC 3339, any offset, up to microseconds. */
NODISCARD bool instant_parse(const char *s, struct instant *out);
const char *instant_str(struct arena *a, struct instant t); /* "2026-11-24T03:00:00Z", fraction only if there is one */
/* YYYY-MM-DD, years 1900 to 9999, a real day. */
NODISCARD bool date_parse(const char *s, struct date *out);
const char *date_str(struct arena *a, struct date d);

struct date date_of(struct instant t, int zone_s);    /* zone_s: seconds east of UTC, +28800 for China */
struct instant instant_of(struct date d, int zone_s); /* its first moment */
void date_ymd(struct date d, int *y, int *m, int *day);
struct date date_make(int y, int m, int day);
int date_weekday(struct date d); /* 0 Sunday ... 6 Saturday */
/* "03:50" of the day in that zone. */
const char *clock_str(struct arena *a, struct instant t, int zone_s);
/* Minutes after midnight for "HH:MM". */
NODISCARD bool clock_parse(const char *s, int *minutes);

#endif
