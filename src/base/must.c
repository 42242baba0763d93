/* must: say what broke and stop. */
#include "base/must.h"

#include <stdio.h>
#include <stdlib.h>

_Noreturn void must_failed(const char *expr, const char *file, int line)
{
	fprintf(stderr, "huodan: broken promise: %s (%s:%d)\n", expr, file, line);
	abort();
}
