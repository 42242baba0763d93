/* serve: the running program. Requests come from http; who asks is found on the reading pool; reading routes are answered
 * there, writing ones wait on a lane and are answered after its commit. */
#ifndef APP_SERVE_H
#define APP_SERVE_H

#include "app/app.h"
#include "app/caller.h"
#include "app/guard.h"
#include "app/ledger.h"
#include "db/lane.h"
#include "http/server.h"

#include <pthread.h>
#include <stdatomic.h>

#define LANES_MAX   8
#define READERS_MAX 16

struct app {
	const char *url; /* of the database */
	int zone_s;      /* the company's zone, seconds east of UTC */
	struct http *http;
	struct lane *lanes[LANES_MAX];
	struct ledger *ledgers[LANES_MAX];
	size_t lanes_len;
	atomic_size_t next_lane;
	struct pool *pool;
	struct instant started;
	atomic_llong requests, errors; /* answered, of these with 5xx */
	struct callers callers;        /* API keys seen within the last second */
	struct guard guard;            /* against guessing at private links */
	atomic_bool stopping;
};

struct serve_options {
	const char *url, *listen;
	bool workers;
	void (*ready)(void *who, int port);
	void *who;
};

extern const struct actor nobody, the_system;

/* Runs until stop() is called, from a signal for instance; false with the reason in why when it cannot start. */
NODISCARD bool serve(const struct serve_options *o, const atomic_bool *stop, struct buf *why);

/* The workers alone, until stop. */
NODISCARD bool work(const char *url, const atomic_bool *stop, struct buf *why);

/* From a reading handler: fn runs on a lane in a transaction of its own; returns when it is committed or refused. */
NODISCARD bool app_write(struct ctx *c, bool (*fn)(struct ctx *c, void *arg), void *arg);

/* ---- for commands and tests: one connection, no threads ---- */
struct local {
	struct ctx ctx;
	struct ledger *ledger;
	struct app app;
};
/* Opens the database and brings it to this version unless migrate is false. */
NODISCARD bool local_open(struct local *l, const char *url, bool migrate, struct buf *why);
void local_close(struct local *l);
/* One transaction with its events and audit head. */
NODISCARD bool local_write(struct local *l, bool (*fn)(struct ctx *c, void *arg), void *arg);

/* What a thread of the reading pool does with a request: allowed or not, then answered or given to a lane. */
void serve_one(struct db *reader, struct req *r);

/* The hooks every write connection needs, so that ids and the audit chain follow its transactions. */
struct lane_hooks ledger_hooks(struct app *app);

#endif
