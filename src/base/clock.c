/* clock: the only place that reads time. */
#include "base/clock.h"

#include <stdatomic.h>
#include <time.h>

static _Atomic int64_t fixed_us;

struct instant clock_now(void)
{
	int64_t us = atomic_load(&fixed_us);
	struct timespec t;

	if (us != 0)
		return (struct instant){ us };
	must(clock_gettime(CLOCK_REALTIME, &t) == 0);
	return (struct instant){ t.tv_sec * SECOND_US + t.tv_nsec / 1000 };
}

int64_t clock_monotonic_us(void)
{
	struct timespec t;

	must(clock_gettime(CLOCK_MONOTONIC, &t) == 0);
	return t.tv_sec * SECOND_US + t.tv_nsec / 1000;
}

void clock_fix(int64_t us)
{
	atomic_store(&fixed_us, us);
}
