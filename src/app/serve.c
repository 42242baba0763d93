/* serve: from a request to its answer. */
#include "app/serve.h"

#include "app/caller.h"
#include "app/outbox.h"
#include "app/page.h"
#include "app/photo.h"
#include "app/pool.h"
#include "app/settings.h"
#include "base/clock.h"
#include "base/rand.h"
#include "db/migrate.h"
#include "gen/app_sql.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define READERS         4
#define PG_LANES        2
#define GROUP_WAITS_MAX 20000

const struct actor nobody = { .id = 0, .login = "", .name = "", .role = ROLE_none };
const struct actor the_system = { .id = 1, .login = "system", .name = "system", .role = ROLE_system };

/* ---- the audit chain follows every transaction ---- */

static struct ledger *ledger_in(struct ctx *c)
{
	return *db_user(c->db);
}

/* The mark of the request that runs now: one per lane thread. */
static _Thread_local struct ledger_mark mark;

static void before_job(struct ctx *c)
{
	ledger_mark(ledger_in(c), &mark);
}

static void undo_job(struct ctx *c)
{
	ledger_undo(ledger_in(c), &mark);
}

static bool before_commit(struct ctx *c)
{
	return ledger_flush(c, ledger_in(c));
}

static void on_rollback(struct ctx *c)
{
	ledger_forget(ledger_in(c));
}

/* Who signs in, whose account or key changes and what is set concerns the admin alone. */
static bool may_hear(const void *who, const void *event)
{
	static const char *const kept[] = { "user", "api_key", "setting", NULL };
	const struct heard *h = event;
	enum role role = ((const struct actor *)who)->role;

	return role_may(role, enum_find(kept, h->entity) >= 0 ? RIGHT_people : RIGHT_look);
}

/* Live pages are told what happened, after it is on the disk. */
static void tell_streams(void *who, const struct heard *h)
{
	struct app *app = who;
	struct buf b;
	struct json j;

	buf_init(&b, NULL);
	json_start(&j, &b);
	json_obj(&j, NULL);
	json_str(&j, "kind", h->kind);
	json_str(&j, "entity", h->entity);
	json_int(&j, "id", h->entity_id);
	json_int(&j, "order", h->order_id);
	json_int(&j, "by", h->actor_id);
	json_str(&j, "to", h->to);
	json_end_obj(&j);
	sse_publish(app->http, may_hear, h, h->id, h->kind, buf_cstr(&b));
	buf_free(&b);
}

static void after_commit(struct ctx *c)
{
	bool heard = c->app != NULL && c->app->http != NULL && sse_count(c->app->http) > 0;

	ledger_committed(ledger_in(c), heard ? tell_streams : NULL, c->app);
}

struct lane_hooks ledger_hooks(struct app *app)
{
	return (struct lane_hooks){ .app = app,
		.actor = &the_system,
		.before_job = before_job,
		.undo_job = undo_job,
		.before_commit = before_commit,
		.on_rollback = on_rollback,
		.after_commit = after_commit };
}

/* ---- writing: a request as a job of a lane ---- */

struct write_job {
	struct lane_job job;
	struct req *req;
	struct done *done;
	char *key; /* idempotency key, NULL if none */
};

static bool answer_known(struct ctx *c, struct write_job *w, bool *known)
{
	const char *hash = req_body_hash(w->req);
	struct answer a;

	if (!answer_find(c, c->actor->id, w->key, &a, known) || !*known)
		return !*known && ok(c);
	if (a.request.len != strlen(hash) || memcmp(a.request.data, hash, a.request.len) != 0)
		return fail(c, E_KEY_REUSED, T_app_key_reused);
	w->done = reply_stored(w->req, (int)a.status, a.type, a.location, a.body.data, a.body.len);
	return true;
}

/* The first answer is kept in the transaction of its effect, so neither can be there without the other. */
static bool answer_store(struct ctx *c, struct write_job *w)
{
	const char *hash = req_body_hash(w->req), *type, *location;
	const void *body;
	int status;
	size_t len;

	done_export(w->done, &status, &type, &location, &body, &len);
	return answer_keep(c, c->actor->id, w->key, (struct bytes){ (const uint8_t *)hash, strlen(hash) }, status, type,
		location, (struct bytes){ body, len }, c->now);
}

static void write_run(struct ctx *c, struct lane_job *job)
{
	struct write_job *w = (struct write_job *)job;
	const struct actor *asked = c->actor;
	bool known = false;

	w->done = NULL;
	if (w->key != NULL && (!answer_known(c, w, &known) || known)) {
		if (!ok(c))
			w->done = reply_error(w->req);
		return;
	}
	w->done = req_run(w->req);
	c->actor = asked; /* a handler may have acted for somebody else */
	if (ok(c) && w->key != NULL && done_status(w->done) < 400 && !answer_store(c, w))
		w->done = reply_error(w->req);
}

static void finish(struct app *app, struct req *r, struct done *d)
{
	atomic_fetch_add(&app->requests, 1);
	if (done_status(d) >= 500)
		atomic_fetch_add(&app->errors, 1);
	req_finish(r, d);
}

static void write_done(struct lane_job *job, const struct err *commit_err)
{
	struct write_job *w = (struct write_job *)job;
	struct ctx *c = req_ctx(w->req);

	c->db = NULL;
	if (commit_err->code != E_NONE) {
		c->err = (struct err){ .code = E_BUSY, .detail = text_get(c->lang, T_app_not_saved) };
		w->done = reply_error(w->req);
	}
	finish(c->app, w->req, w->done);
}

static struct lane *lane_pick(struct app *app)
{
	return app->lanes[app->lanes_len == 1 ? 0 : atomic_fetch_add(&app->next_lane, 1) % app->lanes_len];
}

static void write_submit(struct ctx *c, struct req *r)
{
	struct write_job *w = ARENA_NEW(c->arena, struct write_job);
	struct lane *lane = lane_pick(c->app);
	const char *key = req_idempotency_key(r);

	if (lane_waiting(lane) > GROUP_WAITS_MAX) {
		(void)fail(c, E_BUSY, T_app_not_saved);
		finish(c->app, r, reply_error(r));
		return;
	}
	w->job = (struct lane_job){ .run = write_run, .done = write_done, .ctx = c };
	w->req = r;
	w->key = key != NULL && *key != '\0' ? arena_strdup(c->arena, key) : NULL;
	c->db = NULL;
	lane_submit(lane, &w->job);
}

/* ---- writing from a reading handler: login ---- */

struct aside {
	struct lane_job job;
	bool (*fn)(struct ctx *c, void *arg);
	void *arg;
	struct err commit_err;
	bool over;
	pthread_mutex_t lock;
	pthread_cond_t ended;
};

static void aside_run(struct ctx *c, struct lane_job *job)
{
	struct aside *a = (struct aside *)job;

	if (!a->fn(c, a->arg))
		must(!ok(c));
}

static void aside_done(struct lane_job *job, const struct err *commit_err)
{
	struct aside *a = (struct aside *)job;

	pthread_mutex_lock(&a->lock);
	a->commit_err = *commit_err;
	a->over = true;
	pthread_cond_signal(&a->ended);
	pthread_mutex_unlock(&a->lock);
}

bool app_write(struct ctx *c, bool (*fn)(struct ctx *c, void *arg), void *arg)
{
	struct aside a = { .job = { .run = aside_run, .done = aside_done, .ctx = c },
		.fn = fn,
		.arg = arg,
		.lock = PTHREAD_MUTEX_INITIALIZER,
		.ended = PTHREAD_COND_INITIALIZER };
	struct db *mine = c->db;
	struct lane *lane;

	must(c->app != NULL);
	if (mine != NULL && db_in_tx(mine)) /* a reader must not hold an old picture while it waits for the lane */
		db_rollback(c);
	lane = lane_pick(c->app);
	lane_submit(lane, &a.job);
	while (lane_step(lane)) /* a lane without a thread is helped by whoever waits */
		;
	pthread_mutex_lock(&a.lock);
	while (!a.over)
		pthread_cond_wait(&a.ended, &a.lock);
	pthread_mutex_unlock(&a.lock);
	c->db = mine;
	if (a.commit_err.code != E_NONE && ok(c))
		return fail(c, E_BUSY, T_app_not_saved);
	return ok(c);
}

/* ---- the reading pool ---- */

static bool sent_to_login(struct ctx *c, struct req *r)
{
	return c->err.code == E_UNAUTHORIZED && req_wants_page(r) && req_method(r) == GET;
}

static struct done *login_first(struct ctx *c, struct req *r)
{
	struct buf b;

	buf_init(&b, c->arena);
	buf_str(&b, "/login?next=");
	buf_url(&b, req_path(r));
	return reply_redirect(r, buf_cstr(&b));
}

static bool writes(struct req *r)
{
	const struct route *route = req_route(r);

	return route != NULL && route->method != GET && (route->flags & ROUTE_READS) == 0;
}

static const struct look *look_for(const struct field *in)
{
	for (size_t m = 0; modules[m] != NULL; m++)
		for (const struct look *l = modules[m]->looks; l != NULL && l->in != NULL; l++)
			if (l->in == in)
				return l;
	return NULL;
}

/* Bad input by somebody who may: what the database has against it stands in the same answer. */
static void look_further(struct ctx *c, struct req *r)
{
	const struct look *l = req_route(r) != NULL ? look_for(req_route(r)->in) : NULL;
	struct ctx probe = *c;

	probe.err = (struct err){ 0 };
	if (l == NULL || c->err.fields == NULL || req_in(r) == NULL || !db_begin(&probe))
		return;
	l->look(&probe, req_in(r));
	db_rollback(&probe);
	err_add_fields(c, &probe.err);
}

/* A written file is a photo; what the inbox takes is read without the lane. */
static bool brings_photos(struct req *r)
{
	const struct upload *files;

	return writes(r) && req_files(r, &files) > 0;
}

static void answer(struct db *db, void *item)
{
	struct req *r = item;
	struct ctx *c = req_ctx(r);
	struct done *d;

	c->db = db;
	if (!caller_allowed(c, r)) {
		look_further(c, r);
		d = sent_to_login(c, r) ? login_first(c, r) : reply_error(r);
		c->db = NULL;
		finish(c->app, r, d);
		return;
	}
	if (writes(r)) {
		c->db = NULL;
		if (!brings_photos(r) || photos_ready(c, r))
			write_submit(c, r);
		else
			finish(c->app, r, reply_error(r));
		return;
	}
	d = db_begin(c) ? req_run(r) : reply_error(r);
	if (db_in_tx(db))
		db_rollback(c);
	c->db = NULL;
	finish(c->app, r, d);
}

void serve_one(struct db *reader, struct req *r)
{
	answer(reader, r);
}

/* A program that writes and asked a moment ago needs no reading connection: its request goes to the lane at once. */
static void dispatch(struct req *r)
{
	struct ctx *c = req_ctx(r);

	if (!writes(r) || brings_photos(r) || !ok(c) || !caller_recall(c, r))
		pool_add(c->app->pool, r);
	else if (caller_allowed(c, r))
		write_submit(c, r);
	else
		finish(c->app, r, reply_error(r));
}

/* ---- starting and stopping ---- */

static bool lanes_start(struct app *app, struct buf *why)
{
	size_t n = strncmp(app->url, "postgres", 8) == 0 ? PG_LANES : 1;

	for (; app->lanes_len < n; app->lanes_len++) {
		size_t i = app->lanes_len;
		if (!lane_start(&app->lanes[i], app->url, ledger_hooks(app), why))
			return false;
		app->ledgers[i] = ledger_new((int64_t)i + 1);
		*db_user(lane_db(app->lanes[i])) = app->ledgers[i];
	}
	return true;
}

static void lanes_stop(struct app *app)
{
	for (size_t i = 0; i < app->lanes_len; i++) {
		lane_stop(app->lanes[i]);
		ledger_free(app->ledgers[i]);
	}
}

static bool tables_make(const struct route ***out)
{
	size_t n = 0;

	while (modules[n] != NULL)
		n++;
	*out = calloc(n + 1, sizeof(**out));
	must(*out != NULL);
	for (size_t i = 0, k = 0; i < n; i++)
		if (modules[i]->routes != NULL)
			(*out)[k++] = modules[i]->routes;
	return true;
}

static void wait_for_stop(const atomic_bool *stop)
{
	struct timespec pause = { 0, 20 * 1000 * 1000 };

	while (!atomic_load(stop))
		nanosleep(&pause, NULL);
}

static bool read_zone(struct app *app, struct buf *why)
{
	struct local l;

	if (!local_open(&l, app->url, true, why))
		return false;
	app->zone_s = (int)setting_int(&l.ctx, "company.zone_minutes") * 60;
	local_close(&l);
	return true;
}

bool serve(const struct serve_options *o, const atomic_bool *stop, struct buf *why)
{
	struct app app = { .url = o->url, .zone_s = 8 * 3600, .lanes_len = 0, .started = clock_now() };
	struct http_hooks hooks = { .user = &app,
		.app = &app,
		.nobody = &nobody,
		.dispatch = dispatch,
		.layout = page_layout,
		.error_page = page_error };
	const struct route **tables;
	struct workers *w = NULL;
	bool up = (callers_init(&app.callers), true) && tables_make(&tables) && read_zone(&app, why) &&
		  lanes_start(&app, why) && pool_start(&app.pool, o->url, READERS, answer, why) &&
		  http_start(&app.http, o->listen, tables, &hooks, why);

	if (up) {
		o->ready(o->who, http_port(app.http));
		if (o->workers)
			w = workers_start(&app);
		wait_for_stop(stop);
		atomic_store(&app.stopping, true);
		if (o->workers)
			workers_stop(w);
		struct http *h = app.http;
		http_stop(h);
		app.http = NULL;
		pool_stop(app.pool);
	}
	lanes_stop(&app);
	free(tables);
	return up;
}

bool work(const char *url, const atomic_bool *stop, struct buf *why)
{
	struct app app = { .url = url, .zone_s = 8 * 3600, .lanes_len = 0, .started = clock_now() };
	struct workers *w;
	bool up = read_zone(&app, why) && lanes_start(&app, why);

	if (up) {
		w = workers_start(&app);
		wait_for_stop(stop);
		atomic_store(&app.stopping, true);
		workers_stop(w);
	}
	lanes_stop(&app);
	return up;
}

/* ---- one connection, no threads ---- */

bool local_open(struct local *l, const char *url, bool migrate, struct buf *why)
{
	static struct rng rng;

	*l = (struct local){ .app = { .url = url, .zone_s = 8 * 3600 } };
	l->ctx = (struct ctx){
		.arena = arena_new(), .app = &l->app, .actor = &the_system, .rng = &rng, .now = clock_now()
	};
	if (!db_open(&l->ctx.db, url, DB_WRITE, why))
		return false;
	l->ledger = ledger_new(0);
	*db_user(l->ctx.db) = l->ledger;
	if (migrate && !migrate_run(&l->ctx, migration_sets, SIZE_MAX)) {
		buf_str(why, l->ctx.err.detail);
		local_close(l);
		return false;
	}
	l->app.zone_s = (int)setting_int(&l->ctx, "company.zone_minutes") * 60;
	return true;
}

void local_close(struct local *l)
{
	db_close(l->ctx.db);
	ledger_free(l->ledger);
	arena_free(l->ctx.arena);
}

bool local_write(struct local *l, bool (*fn)(struct ctx *c, void *arg), void *arg)
{
	struct lane_hooks hooks = ledger_hooks(&l->app);

	l->ctx.now = clock_now();
	l->ctx.err = (struct err){ 0 };
	return lane_run_one(&l->ctx, &hooks, fn, arg);
}
