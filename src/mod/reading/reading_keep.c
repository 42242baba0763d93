/* keep: what this process knows by heart of the goods and of the customers, for all its threads, until their stamp
 * changes. It is built beside the lock: who needs the same waits for it, who only gives something back does not. */
#include "mod/reading/reading_int.h"

#include <pthread.h>

struct keeper {
	pthread_mutex_t lock;
	pthread_cond_t built;
	struct kept *kept;
	bool building;
};

static struct keeper *keeper_of(enum keep what)
{
	static struct keeper all[] = { [KEEP_WARES] = { PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, NULL,
					       false },
		[KEEP_PEOPLE] = { PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, NULL, false } };

	return &all[what];
}

static void drop(struct kept *k)
{
	if (k != NULL && --k->users == 0)
		arena_free(k->arena);
}

/* The rows are needed while it is built only: they live in an arena of their own. */
static bool build(struct ctx *c, keep_build *make, int64_t stamp, struct kept **out)
{
	struct arena *own = arena_new(), *rows = arena_new(), *keep = c->arena;
	bool good;

	c->arena = rows;
	good = make(c, own, out);
	c->arena = keep;
	if (good) {
		**out = (struct kept){ .arena = own, .stamp = stamp, .users = 1 };
	} else {
		*out = NULL;
		c->err.detail = c->err.detail ? arena_strdup(keep, c->err.detail) : NULL;
		arena_free(own);
	}
	arena_free(rows);
	return good;
}

/* Of many who miss it one builds it; what is out of date goes first if nobody reads it. */
static bool renew(struct ctx *c, struct keeper *k, keep_build *make, int64_t stamp)
{
	struct kept *made;
	bool good;

	drop(k->kept);
	k->kept = NULL;
	k->building = true;
	pthread_mutex_unlock(&k->lock);
	good = build(c, make, stamp, &made);
	pthread_mutex_lock(&k->lock);
	k->kept = made;
	k->building = false;
	pthread_cond_broadcast(&k->built);
	return good;
}

bool keep_take(struct ctx *c, enum keep what, int64_t stamp, keep_build *make, struct kept **out)
{
	struct keeper *k = keeper_of(what);
	bool good = true;

	/* Without a serving program (tests, commands) and before the first change nothing is kept. */
	if (c->app == NULL || stamp == 0)
		return build(c, make, stamp, out);
	pthread_mutex_lock(&k->lock);
	while (k->building)
		pthread_cond_wait(&k->built, &k->lock);
	if (k->kept == NULL || k->kept->stamp != stamp)
		good = renew(c, k, make, stamp);
	if (good)
		k->kept->users++;
	*out = k->kept;
	pthread_mutex_unlock(&k->lock);
	return good;
}

void keep_leave(enum keep what, struct kept *kept)
{
	struct keeper *k = keeper_of(what);

	pthread_mutex_lock(&k->lock);
	drop(kept);
	pthread_mutex_unlock(&k->lock);
}
