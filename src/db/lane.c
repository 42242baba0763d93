#include "db/lane.h"

#include "base/clock.h"
#include "base/rand.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#define GROUP_MAX 256
#define TRIES_MAX 5
#define PAUSE_US  2000 /* before the second try; doubles, and a random part is added */
#define LOST_MS   200  /* between attempts to get a lost database back */

struct lane {
	struct db *db;
	struct lane_hooks hooks;
	struct ctx ctx; /* the lane's own: hooks, BEGIN, COMMIT */
	struct rng rng;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	struct lane_job *first, **last; /* what waits; under lock */
	size_t waiting;
	bool stopping, threaded;
	bool last_try; /* a key that is taken is then the job's own conflict */
};

static void call(void (*hook)(struct ctx *), struct ctx *c)
{
	if (hook)
		hook(c);
}

static void pause_us(int64_t us)
{
	struct timespec t = { us / SECOND_US, (us % SECOND_US) * 1000 };

	nanosleep(&t, NULL);
}

/* ---- one transaction ---- */

/* A failure never goes without a reason: "no error" would be taken for committed. */
static void give_up(struct ctx *c, const struct lane_hooks *h)
{
	if (ok(c))
		fail(c, E_BUSY, err_title(E_BUSY));
	db_rollback(c);
	call(h->on_rollback, c);
}

static bool commit(struct ctx *c, const struct lane_hooks *h)
{
	if ((h->before_commit && !h->before_commit(c)) || !db_commit(c)) {
		give_up(c, h);
		return false;
	}
	call(h->after_commit, c);
	return true;
}

/* ---- a job inside a group ---- */

static void undo_job(struct lane *l, struct ctx *c)
{
	db_rollback_to(c);
	call(l->hooks.undo_job, c);
}

/* What a job does wrong is its own answer. False: the transaction of the whole group is worth nothing any
 * more. */
static bool job_run(struct lane *l, struct lane_job *job)
{
	struct ctx *c = job->ctx;

	c->db = l->db;
	c->err = (struct err){ .code = E_NONE };
	if (db_savepoint(c)) {
		call(l->hooks.before_job, c);
		job->run(c, job);
		if (!ok(c) || !db_release(c))
			undo_job(l, c);
	}
	c->db = NULL;
	return !db_tx_lost(l->db) && !db_broken(l->db) && !db_retry(l->db) && (l->last_try || !db_met(l->db));
}

/* ---- a group ---- */

static bool begin(struct lane *l)
{
	l->ctx.err = (struct err){ .code = E_NONE };
	l->ctx.now = clock_now();
	arena_reset(l->ctx.arena);
	return db_begin(&l->ctx);
}

/* All jobs in one transaction. False: none of them counts, l->ctx.err says why. */
static bool group_try(struct lane *l, struct lane_job *jobs)
{
	if (!begin(l))
		return false;
	for (struct lane_job *j = jobs; j; j = j->next) {
		if (job_run(l, j))
			continue;
		enum err_code code = j->ctx->err.code == E_NO_SPACE ? E_NO_SPACE : E_BUSY;
		fail(&l->ctx, code, err_title(code));
		give_up(&l->ctx, &l->hooks);
		return false;
	}
	return commit(&l->ctx, &l->hooks);
}

static void group_done(struct lane_job *jobs, const struct err *err)
{
	for (struct lane_job *j = jobs, *next; j; j = next) {
		next = j->next; /* done() may give the job away */
		j->done(j, err);
	}
}

static void wait_turn(struct rng *rng, int tried)
{
	int64_t us = (int64_t)PAUSE_US << tried;

	pause_us(us + (int64_t)rng_below(rng, (uint64_t)us));
}

/* Another transaction was in the way, and it is gone now. */
static bool worth_again(const struct lane *l)
{
	return db_retry(l->db) || db_met(l->db);
}

/* Others were in the way of the group: each job alone holds fewer locks and holds them shorter. */
static void alone_run(struct lane *l, struct lane_job *job)
{
	bool committed = false;

	job->next = NULL;
	for (int tried = 0; tried < TRIES_MAX && !committed; tried++) {
		wait_turn(&l->rng, tried);
		l->last_try = tried + 1 == TRIES_MAX;
		committed = group_try(l, job);
		if (!committed && !worth_again(l))
			break;
	}
	l->last_try = false;
	job->done(job, &l->ctx.err);
}

static void group_run(struct lane *l, struct lane_job *jobs)
{
	if (group_try(l, jobs) || !worth_again(l)) {
		group_done(jobs, &l->ctx.err);
		return;
	}
	for (struct lane_job *j = jobs, *next; j; j = next) {
		next = j->next;
		alone_run(l, j);
	}
}

/* ---- the thread ---- */

/* NULL when the lane is stopped and everything it accepted is done. */
static struct lane_job *group_take(struct lane *l)
{
	struct lane_job *group, **end = &group;
	size_t len = 0;

	pthread_mutex_lock(&l->lock);
	while (!l->first && !l->stopping)
		pthread_cond_wait(&l->wake, &l->lock);
	for (; l->first && len < GROUP_MAX; len++) {
		*end = l->first;
		end = &l->first->next;
		l->first = l->first->next;
	}
	*end = NULL;
	if (!l->first)
		l->last = &l->first;
	l->waiting -= len;
	pthread_mutex_unlock(&l->lock);
	return group;
}

/* Without a database nobody is kept waiting: the group is answered "busy", the next one tries to connect
 * again. */
static bool connection_ready(struct lane *l)
{
	struct buf why;
	bool ready;

	if (!db_broken(l->db))
		return true;
	buf_init(&why, l->ctx.arena);
	l->ctx.err = (struct err){ .code = E_NONE };
	ready = db_reopen(l->db, &why);
	call(l->hooks.on_rollback, &l->ctx);
	if (!ready) {
		pause_us(LOST_MS * 1000);
		fail(&l->ctx, E_BUSY, err_title(E_BUSY));
	}
	return ready;
}

static void group_serve(struct lane *l, struct lane_job *group)
{
	if (connection_ready(l))
		group_run(l, group);
	else
		group_done(group, &l->ctx.err);
}

static void *lane_thread(void *arg)
{
	struct lane *l = arg;

	pthread_setname_np(pthread_self(), "lane");
	for (struct lane_job *group; (group = group_take(l));)
		group_serve(l, group);
	return NULL;
}

static void lane_free(struct lane *l)
{
	db_close(l->db);
	arena_free(l->ctx.arena);
	pthread_cond_destroy(&l->wake);
	pthread_mutex_destroy(&l->lock);
	free(l);
}

static struct lane *lane_new(struct db *db, struct lane_hooks hooks)
{
	struct lane *l = calloc(1, sizeof(*l));

	must(l);
	l->db = db;
	l->hooks = hooks;
	l->last = &l->first;
	l->ctx = (struct ctx){ .arena = arena_new(), .db = db, .app = hooks.app, .actor = hooks.actor, .rng = &l->rng };
	must(pthread_mutex_init(&l->lock, NULL) == 0 && pthread_cond_init(&l->wake, NULL) == 0);
	return l;
}

bool lane_open(struct lane **out, const char *url, struct lane_hooks hooks, struct buf *why)
{
	struct db *db;

	*out = NULL;
	if (!db_open(&db, url, DB_WRITE, why))
		return false;
	*out = lane_new(db, hooks);
	return true;
}

bool lane_start(struct lane **out, const char *url, struct lane_hooks hooks, struct buf *why)
{
	if (!lane_open(out, url, hooks, why))
		return false;
	(*out)->threaded = pthread_create(&(*out)->thread, NULL, lane_thread, *out) == 0;
	if ((*out)->threaded)
		return true;
	buf_str(why, "no thread for the write lane");
	lane_free(*out);
	*out = NULL;
	return false;
}

void lane_submit(struct lane *l, struct lane_job *job)
{
	pthread_mutex_lock(&l->lock);
	must(!l->stopping);
	job->next = NULL;
	*l->last = job;
	l->last = &job->next;
	l->waiting++;
	pthread_cond_signal(&l->wake);
	pthread_mutex_unlock(&l->lock);
}

size_t lane_waiting(struct lane *l)
{
	size_t n;

	pthread_mutex_lock(&l->lock);
	n = l->waiting;
	pthread_mutex_unlock(&l->lock);
	return n;
}

bool lane_step(struct lane *l)
{
	if (l->threaded || lane_waiting(l) == 0)
		return false;
	group_serve(l, group_take(l));
	return true;
}

void lane_stop(struct lane *l)
{
	pthread_mutex_lock(&l->lock);
	l->stopping = true;
	pthread_cond_signal(&l->wake);
	pthread_mutex_unlock(&l->lock);
	if (l->threaded)
		pthread_join(l->thread, NULL);
	else
		while (lane_step(l))
			;
	lane_free(l);
}

struct db *lane_db(struct lane *l)
{
	return l->db;
}

/* ---- without a thread ---- */

static bool one_try(struct ctx *c, const struct lane_hooks *h, bool (*fn)(struct ctx *c, void *arg), void *arg)
{
	if (!db_begin(c))
		return false;
	call(h->before_job, c);
	if (fn(c, arg) && ok(c))
		return commit(c, h);
	give_up(c, h);
	return false;
}

static bool reopened(struct ctx *c, const struct lane_hooks *h)
{
	struct buf why;

	if (!db_broken(c->db))
		return true;
	buf_init(&why, c->arena);
	if (!db_reopen(c->db, &why))
		return fail(c, E_BUSY, err_title(E_BUSY));
	call(h->on_rollback, c);
	return true;
}

bool lane_run_one(struct ctx *c, const struct lane_hooks *hooks, bool (*fn)(struct ctx *c, void *arg), void *arg)
{
	static const struct lane_hooks none;
	const struct lane_hooks *h = hooks ? hooks : &none;

	for (int tried = 0;; tried++) {
		if (reopened(c, h) && one_try(c, h, fn, arg))
			return true;
		if (!db_retry(c->db) || tried + 1 == TRIES_MAX)
			return false;
		c->err = (struct err){ .code = E_NONE };
		wait_turn(c->rng, tried);
	}
}
