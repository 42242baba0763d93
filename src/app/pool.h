/* pool: a few threads, each with its own reading connection, that take requests in their order. */
#ifndef APP_POOL_H
#define APP_POOL_H

#include "base/buf.h"
#include "base/ctx.h"

struct pool;

NODISCARD bool pool_start(
	struct pool **out, const char *url, size_t threads, void (*work)(struct db *db, void *item), struct buf *why);
void pool_add(struct pool *p, void *item);
void pool_stop(struct pool *p); /* after what waits is done */

#endif
