/* clock: the only place that reads time. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include "base/when.h"

struct instant clock_now(void);
/* For deadlines and measuring; never goes back. */
int64_t clock_monotonic_us(void);
/* Sets a fixed time for tests and simulation; us = 0 goes back to the real clock. */
void clock_fix(int64_t us);

#endif
