/* work: the threads behind the server: one that keeps the time, and some that carry. */
#include "app/outbox.h"
#include "app/serve.h"
#include "base/clock.h"
#include "base/rand.h"
#include "gen/app_sql.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define LOOK_EVERY_MS 200
#define TASKS_MAX     64

/* A thread of the workers: a courier's, or a chore's. */
struct hand {
	struct workers *workers;
	const struct courier *courier;
	const struct chore *chore;
	pthread_t thread;
	bool due; /* under the lock: there is something to carry */
};

struct workers {
	struct app *app;
	pthread_mutex_t lock;
	pthread_cond_t some;
	pthread_t timer;
	struct hand hands[TASKS_MAX];
	size_t hands_len;
};

static struct ctx ctx_of(struct app *app, struct arena *a, struct rng *rng)
{
	return (struct ctx){ .arena = a, .app = app, .actor = &the_system, .rng = rng, .now = clock_now() };
}

static bool stopping(const struct workers *w)
{
	return atomic_load(&w->app->stopping);
}

bool workers_stopping(const struct ctx *c)
{
	return c->app != NULL && atomic_load(&c->app->stopping);
}

const char *workers_line(const struct ctx *c, const char *what, const char *name)
{
	struct buf b;
	struct json j;

	buf_init(&b, c->arena);
	json_start(&j, &b);
	json_obj(&j, NULL);
	json_str(&j, what, name);
	json_str(&j, "error", c->err.detail);
	json_end_obj(&j);
	return buf_cstr(&b);
}

void workers_say(const struct ctx *c, const char *what, const char *name)
{
	fprintf(stderr, "%s\n", workers_line(c, what, name));
}

/* Until there may be something to do, the end, or so many milliseconds. */
static void sleep_until_due(struct hand *h, int ms)
{
	struct workers *w = h->workers;
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += ms / 1000;
	until.tv_nsec += (long)(ms % 1000) * 1000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000;
	}
	pthread_mutex_lock(&w->lock);
	while (!h->due && !stopping(w) && pthread_cond_timedwait(&w->some, &w->lock, &until) == 0)
		;
	h->due = false;
	pthread_mutex_unlock(&w->lock);
}

/* ---- couriers ---- */

static void *carry_all(void *arg)
{
	struct hand *h = arg;
	struct arena *a = arena_new();
	struct rng rng = { 0 };

	while (!stopping(h->workers)) {
		struct ctx c = ctx_of(h->workers->app, a, &rng);

		if (!outbox_carry_one(&c, h->courier))
			sleep_until_due(h, 60 * 1000);
		arena_reset(a);
	}
	arena_free(a);
	return NULL;
}

static void wake(struct workers *w, const struct outbox_row *kinds, size_t len)
{
	pthread_mutex_lock(&w->lock);
	for (size_t i = 0; i < w->hands_len; i++)
		for (size_t k = 0; k < len; k++)
			if (w->hands[i].courier != NULL && strcmp(w->hands[i].courier->kind, kinds[k].kind) == 0)
				w->hands[i].due = true;
	pthread_cond_broadcast(&w->some);
	pthread_mutex_unlock(&w->lock);
}

/* ---- chores: one node at a time has it, as long as its lease ---- */

struct turn {
	const char *name;
	int seconds;
	bool mine;
};

static bool turn_take(struct ctx *c, void *arg)
{
	struct turn *t = arg;
	int64_t taken;

	if (!tick_take(c, t->name, c->now, (struct instant){ c->now.us + t->seconds * SECOND_US }, &taken))
		return false;
	t->mine = taken == 1;
	return true;
}

static bool turn_end(struct ctx *c, void *arg)
{
	struct turn *t = arg;

	return tick_next(c, t->name, (struct instant){ c->now.us + t->seconds * SECOND_US });
}

static void chore_turn(struct ctx *c, const struct chore *k)
{
	struct turn t = { k->name, k->lease_s, false };

	if (!app_write(c, turn_take, &t) || !t.mine)
		return;
	if (!k->run(c))
		workers_say(c, "chore", k->name);
	c->err = (struct err){ 0 };
	c->now = clock_now();
	t.seconds = k->every_s;
	if (!app_write(c, turn_end, &t))
		workers_say(c, "chore", k->name);
}

static void *chore_all(void *arg)
{
	struct hand *h = arg;
	struct arena *a = arena_new();
	struct rng rng = { 0 };

	while (!stopping(h->workers)) {
		struct ctx c = ctx_of(h->workers->app, a, &rng);

		chore_turn(&c, h->chore);
		arena_reset(a);
		sleep_until_due(h, h->chore->every_s * 1000);
	}
	arena_free(a);
	return NULL;
}

/* ---- ticks: short, each in a transaction of its own ---- */

static bool tick_run(struct ctx *c, void *arg)
{
	const struct tick *t = arg;
	int64_t taken;

	if (!tick_take(c, t->name, c->now, (struct instant){ c->now.us + t->every_s * SECOND_US }, &taken))
		return false;
	return taken == 0 || t->run(c);
}

/* A tick is not asked for before its time has come on this node: an idle server writes nothing. */
static void ticks_run(struct workers *w, struct arena *a, int64_t *next)
{
	int64_t now = clock_monotonic_us();
	struct rng rng = { 0 };
	size_t n = 0;

	for (size_t m = 0; modules[m] != NULL; m++)
		for (const struct tick *t = modules[m]->ticks; t != NULL && t->name != NULL && n < TASKS_MAX; t++) {
			struct ctx c = ctx_of(w->app, a, &rng);
			union {
				const void *from;
				void *to;
			} tick = { .from = t };

			if (next[n] <= now) {
				next[n] = now + t->every_s * SECOND_US;
				if (!app_write(&c, tick_run, tick.to))
					workers_say(&c, "tick", t->name);
				arena_reset(a);
			}
			n++;
		}
}

/* ---- the one that keeps the time ---- */

static void look(struct workers *w, struct db *db, struct arena *a)
{
	struct rng rng = { 0 };
	struct ctx c = ctx_of(w->app, a, &rng);
	struct outbox_row *kinds;
	size_t len;

	c.db = db;
	if (outbox_kinds_due(&c, c.now, &kinds, &len) && len > 0)
		wake(w, kinds, len);
	arena_reset(a);
}

/* A database that is gone for long says why again and again: nobody asks, so it goes with the arena. */
static bool reader_open(struct workers *w, struct db **db, struct arena *a)
{
	struct buf why;
	bool opened;

	buf_init(&why, a);
	opened = db_open(db, w->app->url, DB_READ, &why);
	arena_reset(a);
	return opened;
}

static void *keep_time(void *arg)
{
	struct workers *w = arg;
	struct arena *a = arena_new();
	struct timespec pause = { 0, LOOK_EVERY_MS * 1000000L };
	int64_t next[TASKS_MAX] = { 0 };
	struct db *db = NULL;

	while (!stopping(w)) {
		ticks_run(w, a, next);
		if (db != NULL && db_broken(db)) {
			db_close(db);
			db = NULL;
		}
		if (db != NULL || reader_open(w, &db, a))
			look(w, db, a);
		nanosleep(&pause, NULL);
	}
	if (db != NULL)
		db_close(db);
	arena_free(a);
	return NULL;
}

/* ---- starting and stopping ---- */

static void hire(struct workers *w, const struct courier *courier, const struct chore *chore)
{
	struct hand *h = &w->hands[w->hands_len];

	must(w->hands_len < TASKS_MAX);
	*h = (struct hand){ .workers = w, .courier = courier, .chore = chore };
	w->hands_len++;
}

static void hire_all(struct workers *w)
{
	for (size_t m = 0; modules[m] != NULL; m++) {
		for (const struct courier *k = modules[m]->couriers; k != NULL && k->kind != NULL; k++)
			for (int i = 0; i < k->threads; i++)
				hire(w, k, NULL);
		for (const struct chore *k = modules[m]->chores; k != NULL && k->name != NULL; k++)
			hire(w, NULL, k);
	}
}

struct workers *workers_start(struct app *app)
{
	struct workers *w = calloc(1, sizeof(*w));
	pthread_condattr_t steady;

	must(w != NULL);
	w->app = app;
	pthread_mutex_init(&w->lock, NULL);
	pthread_condattr_init(&steady);
	pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
	pthread_cond_init(&w->some, &steady);
	hire_all(w);
	for (size_t i = 0; i < w->hands_len; i++)
		must(pthread_create(&w->hands[i].thread, NULL, w->hands[i].courier != NULL ? carry_all : chore_all,
			     &w->hands[i]) == 0);
	must(pthread_create(&w->timer, NULL, keep_time, w) == 0);
	return w;
}

void workers_stop(struct workers *w)
{
	must(stopping(w));
	pthread_mutex_lock(&w->lock);
	pthread_cond_broadcast(&w->some);
	pthread_mutex_unlock(&w->lock);
	pthread_join(w->timer, NULL);
	for (size_t i = 0; i < w->hands_len; i++)
		pthread_join(w->hands[i].thread, NULL);
	free(w);
}
