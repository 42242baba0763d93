/* lane: where everything that writes waits its turn.
 * One thread owns one connection. It takes all that waits, runs each job in a savepoint of one transaction,
 * commits once, and only then lets the answers go: the disk's delay makes the groups, no timer does. SQLite
 * has one lane, PostgreSQL may have several. A job may be run again until its commit, so it touches only its
 * arena and the database. */
#ifndef DB_LANE_H
#define DB_LANE_H

#include "db/db.h"

struct lane;
struct lane_job;

/* What the layer above keeps per connection (ids, the audit chain) has to follow each of these. All may be
 * NULL; c->db is the lane's connection, c->arena lives until the end of the group. */
struct lane_hooks {
	struct app *app; /* for the lane's own ctx */
	const struct actor *actor;
	void (*before_job)(struct ctx *c);    /* its savepoint has begun */
	void (*undo_job)(struct ctx *c);      /* its savepoint was rolled back */
	bool (*before_commit)(struct ctx *c); /* the last writes of the group; false fails it */
	void (*on_rollback)(struct ctx *c);   /* the whole transaction is gone, or nobody knows whether it is */
	void (*after_commit)(struct ctx *c);
};

struct lane_job {
	/* An error left in c->err rolls this job back alone. */
	void (*run)(struct ctx *c, struct lane_job *job);
	/* After the commit, on the lane's thread, once. commit_err->code is E_NONE when it is on the disk;
	 * then ctx->err is the job's own result. Otherwise nothing of the job may be taken for done. */
	void (*done)(struct lane_job *job, const struct err *commit_err);
	struct ctx *ctx; /* ->db is set while it runs */
	struct lane_job *next;
};

NODISCARD bool lane_start(struct lane **out, const char *url, struct lane_hooks hooks, struct buf *why);
void lane_submit(struct lane *l, struct lane_job *job);
/* Jobs that wait, for the metrics and for turning callers away early. */
size_t lane_waiting(struct lane *l);
/* Finishes what it accepted, then ends the thread and closes the connection. */
void lane_stop(struct lane *l);
/* A lane without its thread, for simulation: lane_step() runs one group of what waits, false when nothing does or when
 * a thread will. */
NODISCARD bool lane_open(struct lane **out, const char *url, struct lane_hooks hooks, struct buf *why);
bool lane_step(struct lane *l);
/* The lane's connection, for db_user(); only before the first job or from its hooks. */
struct db *lane_db(struct lane *l);

/* The same way without a thread, for commands, periodic work and simulation: one transaction on c->db, tried
 * again where another one was in the way. False leaves the reason in c->err. */
NODISCARD bool lane_run_one(
	struct ctx *c, const struct lane_hooks *hooks, bool (*fn)(struct ctx *c, void *arg), void *arg);

#endif
