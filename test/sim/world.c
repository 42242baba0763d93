/* world: the company, its server, and the way in. */
#include "world.h"

#include "app/page.h"
#include "base/clock.h"
#include "mod/user/user.h"

#include <sodium.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define URL        "sqlite:company.db"
#define FIRST_DAY  (INT64_C(1796083200) * SECOND_US) /* a Tuesday morning */
#define TABLES_MAX 64

static const struct {
	const char *login;
	enum role role;
} people[PEOPLE] = { { "clerk", ROLE_clerk }, { "clerk2", ROLE_clerk }, { "reviewer", ROLE_reviewer },
	{ "reviewer2", ROLE_reviewer }, { "warehouse", ROLE_warehouse }, { "service", ROLE_service },
	{ "admin", ROLE_admin } };

/* ---- chance and time ---- */

static struct rng bytes_of_sodium = { .seed = 7 };

static const char *sodium_name(void)
{
	return "seeded";
}

static uint32_t sodium_random(void)
{
	uint32_t v;

	rng_bytes(&bytes_of_sodium, &v, sizeof(v));
	return v;
}

static void sodium_bytes(void *to, size_t len)
{
	rng_bytes(&bytes_of_sodium, to, len);
}

/* Before the first use: also what asks for the system's randomness gets the seed's. */
static void seed_sodium(void)
{
	static randombytes_implementation seeded = {
		.implementation_name = sodium_name, .random = sodium_random, .buf = sodium_bytes
	};

	must(randombytes_set_implementation(&seeded) == 0 && sodium_init() >= 0);
}

void world_seed(struct world *w, uint64_t seed)
{
	disk_seed(seed);
	w->rng = (struct rng){ .seed = seed * 2 + 1 };
	bytes_of_sodium = (struct rng){ .seed = seed * 2 + 2 };
	w->asked = seed << 32;
	sqlite3_randomness(0, NULL); /* it seeds itself anew, from the disk's chance */
	clock_fix(FIRST_DAY);
}

uint64_t below(struct world *w, uint64_t n)
{
	return rng_below(&w->rng, n);
}

bool chance_of(struct world *w, int percent)
{
	return below(w, 100) < (uint64_t)percent;
}

void world_wait(struct world *w, int64_t us)
{
	clock_fix(clock_now().us + 1 + (int64_t)below(w, (uint64_t)us));
}

/* Nobody waits in real time. */
int nanosleep(const struct timespec *wanted, struct timespec *left)
{
	(void)left;
	clock_fix(clock_now().us + wanted->tv_sec * SECOND_US + wanted->tv_nsec / 1000);
	return 0;
}

/* ---- the company ---- */

static bool person_add(struct ctx *c, void *arg)
{
	struct world *w = arg;

	for (int i = 0; i < PEOPLE; i++) {
		struct user_in in = { people[i].login, people[i].login, NULL, people[i].role };
		struct user made;
		struct api_key key;

		/* Nobody signs in with a password here, and hashing one takes longer than a life. */
		if (!user_add(c, &in, "none", &made) || !user_key_add(c, made.id, "simulation", &key))
			return false;
		must(strlen(key.key) < sizeof(w->keys[i]));
		strcpy(w->keys[i], key.key);
		w->roles[i] = people[i].role;
	}
	return true;
}

static void do_now(struct world *w, int who, const char *target, const char *body)
{
	struct ask a = { .who = who, .method = "POST" };

	strcpy(a.target, target);
	strcpy(a.body, body);
	world_send(w, &a);
	world_step(w);
	world_take(w, &a);
	if (a.status != 201)
		printf("%s: %d %s\n", target, a.status, a.text);
	must(a.status == 201);
	free(a.text);
}

static void fill_company(struct world *w)
{
	char body[400];

	for (int i = 0; i < 6; i++) {
		snprintf(body, sizeof(body),
			"{\"sku\":\"S%d\",\"name\":\"果%d\",\"base_unit\":\"公斤\",\"price\":\"%d.50\",\"floor_price\":"
			"\"%d\","
			"\"units\":[{\"unit\":\"箱\",\"num\":%d,\"den\":1}]}",
			i, i, i + 2, i + 1, i % 2 ? 10 : 3);
		do_now(w, PEOPLE - 1, "/api/v1/products", body);
		for (int lot = 0; lot < 2; lot++) {
			snprintf(body, sizeof(body),
				"{\"sku\":\"S%d\",\"location\":\"A-0%d\",\"lot\":\"L%d\",\"quantity\":\"60\","
				"\"expires\":\"2099-0%d-01\",\"reason\":\"receipt\"}",
				i, lot + 1, lot, lot + 1);
			do_now(w, 4, "/api/v1/stock/movements", body);
		}
	}
	for (int i = 0; i < 3; i++) {
		snprintf(body, sizeof(body),
			"{\"code\":\"C%d\",\"name\":\"客户%d\",\"credit_limit\":\"%d\",\"credit_days\":30}", i, i,
			i == 2 ? 600 : 90000);
		do_now(w, PEOPLE - 1, "/api/v1/customers", body);
	}
}

struct disk_image *world_found(struct world *w)
{
	struct local local;
	struct buf why;
	bool made;

	seed_sodium();
	disk_register();
	disk_wipe();
	clock_fix(FIRST_DAY);
	buf_init(&why, NULL);
	*w = (struct world){ .rng = { .seed = 1 } };
	made = local_open(&local, URL, true, &why) && local_write(&local, person_add, w);
	must(made);
	local_close(&local);
	must(world_open(w));
	fill_company(w);
	world_close(w);
	return disk_save();
}

/* ---- the server ---- */

static struct http *http_of(struct app *app)
{
	static const struct route *tables[TABLES_MAX];
	struct http_hooks hooks = { .user = app, .app = app, .nobody = &nobody };
	size_t n = 0;

	for (size_t i = 0; modules[i]; i++)
		if (modules[i]->routes)
			tables[n++] = modules[i]->routes;
	return fake_http(tables, &hooks);
}

static bool company_open(struct world *w)
{
	struct local local;
	struct buf why;

	/* As `serve` does: the database is brought to this version first. */
	buf_init(&why, w->arena);
	if (!local_open(&local, URL, true, &why))
		return false;
	local_close(&local);
	return lane_open(&w->app.lanes[0], URL, ledger_hooks(&w->app), &why);
}

bool world_open(struct world *w)
{
	struct buf why;

	w->app = (struct app){ .url = URL, .zone_s = 8 * 3600, .started = clock_now() };
	w->arena = arena_new();
	w->reader = NULL;
	w->http = http_of(&w->app);
	buf_init(&why, w->arena);
	if (!company_open(w))
		return false;
	w->app.lanes_len = 1;
	w->app.ledgers[0] = ledger_new(1);
	*db_user(lane_db(w->app.lanes[0])) = w->app.ledgers[0];
	return db_open(&w->reader, URL, DB_READ, &why);
}

void world_close(struct world *w)
{
	db_close(w->reader);
	if (w->app.lanes_len) {
		lane_stop(w->app.lanes[0]);
		ledger_free(w->app.ledgers[0]);
	}
	fake_http_free(w->http);
	arena_free(w->arena);
}

/* ---- requests ---- */

static void headers(const struct ask *a, struct arena *arena, struct header **list, const struct world *w)
{
	if (a->who >= 0)
		header_add(arena, list, "Authorization", arena_printf(arena, "Bearer %s", w->keys[a->who]));
	if (a->key[0])
		header_add(arena, list, "Idempotency-Key", a->key);
	header_add(arena, list, "Content-Type", "application/json");
	header_add(arena, list, "Accept-Language", "en");
}

void world_send(struct world *w, struct ask *a)
{
	struct fake_ask f = { .method = a->method, .target = a->target, .body = a->body, .len = strlen(a->body) };
	struct buf why;

	arena_reset(w->arena);
	buf_init(&why, w->arena);
	if (db_broken(w->reader) && !db_reopen(w->reader, &why))
		buf_free(&why);
	headers(a, w->arena, &f.headers, w);
	a->r = fake_req(w->http, &f, ++w->asked);
	a->status = 0;
	if (a->r->route)
		serve_one(w->reader, a->r);
	else
		req_finish(a->r, reply_error(a->r));
}

void world_step(struct world *w)
{
	while (lane_step(w->app.lanes[0]))
		;
}

void world_take(struct world *w, struct ask *a)
{
	const struct done *d = &a->r->done;

	(void)w;
	must(fake_answered(a->r));
	a->status = d->status;
	a->text = strndup(d->body.data ? d->body.data : "", d->body.len);
	fake_req_free(a->r);
	a->r = NULL;
}

json_t *world_get(struct world *w, int who, const char *target, ...)
{
	struct ask a = { .who = who, .method = "GET" };
	json_t *answer = NULL;
	va_list args;

	va_start(args, target);
	vsnprintf(a.target, sizeof(a.target), target, args);
	va_end(args);
	world_send(w, &a);
	world_take(w, &a);
	must(a.status != 500);
	if (a.status == 200)
		answer = json_loads(a.text, 0, NULL);
	free(a.text);
	return answer;
}

/* ---- the workers ---- */

struct tick_job {
	struct lane_job job;
	const struct tick *tick;
};

static void tick_run(struct ctx *c, struct lane_job *job)
{
	if (!((struct tick_job *)job)->tick->run(c))
		must(!ok(c));
}

static void tick_done(struct lane_job *job, const struct err *commit_err)
{
	(void)job, (void)commit_err;
}

void world_tick(struct world *w)
{
	for (size_t m = 0; modules[m]; m++)
		for (const struct tick *t = modules[m]->ticks; t && t->name; t++) {
			struct rng rng = { .seed = ++w->asked };
			struct ctx c = {
				.arena = w->arena, .app = &w->app, .actor = &the_system, .rng = &rng, .now = clock_now()
			};
			struct tick_job j = { { .run = tick_run, .done = tick_done, .ctx = &c }, t };

			arena_reset(w->arena);
			lane_submit(w->app.lanes[0], &j.job);
			world_step(w);
		}
}

/* ---- what must hold ---- */

bool world_verify(struct world *w, const char **what)
{
	struct rng rng = { .seed = 1 };
	struct ctx c = { .arena = w->arena,
		.db = w->reader,
		.app = &w->app,
		.actor = &the_system,
		.rng = &rng,
		.now = clock_now(),
		.lang = LANG_EN };
	static char found[300];
	bool fine = db_begin(&c);

	*what = found;
	if (!fine)
		snprintf(found, sizeof(found), "no transaction: %s", c.err.detail);
	for (size_t m = 0; modules[m]; m++)
		for (const struct check *k = modules[m]->checks; fine && k && k->name; k++) {
			int64_t counted, broken = 0;
			const char *first = NULL;

			fine = k->count(&c, &counted, &broken, &first) && broken == 0;
			if (!fine)
				snprintf(found, sizeof(found), "invariant %d, %s: %lld wrong, first: %s%s",
					k->invariant, k->name, (long long)broken, first ? first : "?",
					ok(&c) ? "" : c.err.detail);
		}
	db_rollback(&c);
	return fine;
}
