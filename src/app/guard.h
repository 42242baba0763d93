/* guard: who guesses too often waits. Counts misses per address in memory, so that a stranger's guessing writes nothing. */
#ifndef APP_GUARD_H
#define APP_GUARD_H

#include "base/ctx.h"

#include <stdatomic.h>

#define GUARD_PLACES 1024
#define GUARD_MISSES 20 /* in ten minutes, then 429 until they are over */

struct guard {
	atomic_ullong
		at[GUARD_PLACES]; /* which address, since when, how many: one word, so that threads need no lock */
};

/* False with E_TOO_MANY for an address that missed too often. Where nothing is served (commands, tests) nobody waits. */
NODISCARD bool guard_free(struct ctx *c, struct guard *g, const char *address);
void guard_miss(struct ctx *c, struct guard *g, const char *address);

#endif
