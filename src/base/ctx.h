/* ctx: what every rule is given. One request or one job has one; nothing in it outlives that.
 * Clock, ids and randomness come only from here, so that a test or a simulation decides them. */
#ifndef BASE_CTX_H
#define BASE_CTX_H

#include "base/arena.h"
#include "base/err.h"
#include "base/text.h"
#include "base/when.h"

struct actor; /* app/actor.h: who asks */
struct app;   /* app/app.h: settings, hub, lanes */
struct db;    /* db/db.h: the connection of this request */
struct rng;   /* base/rand.h */

struct ctx {
	struct arena *arena;
	struct db *db; /* NULL where no database may be touched */
	struct app *app;
	const struct actor *actor; /* never NULL; anonymous until known */
	struct rng *rng;
	struct instant now; /* read once: the whole request happens at one moment */
	enum lang lang;
	struct err err; /* the first failure, see fail() */
};

#endif
