/* Both engines have to behave alike, so every test runs on SQLite and, where HUODAN_TEST_PG names one, on
 * PostgreSQL. */
#include "base/clock.h"
#include "base/rand.h"
#include "db/engine.h"
#include "db/lane.h"
#include "db/migrate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <pthread.h>
#include <sqlite3.h>

struct sqlite3 *db_sqlite_handle(struct db *db);

enum kind { KIND_a, KIND_b };
static const char *const kind_names[] = { "a", "b", NULL };

struct item {
	int64_t id;
	const char *name;
	bool good;
	struct money money;
	struct price price;
	struct qty qty;
	struct instant at;
	struct date day;
	int kind;
	const char *data;
	struct bytes raw;
};
static const struct field item_fields[] = { FIELD(struct item, id, T_none), FIELD(struct item, name, T_none),
	FIELD(struct item, good, T_none), FIELD(struct item, money, T_none), FIELD(struct item, price, T_none),
	FIELD(struct item, qty, T_none), FIELD(struct item, at, T_none), FIELD(struct item, day, T_none),
	FIELD_ENUM(struct item, kind, T_none, kind_names), FIELD_JSON(struct item, data, T_none),
	FIELD(struct item, raw, T_none), FIELD_END };

static const struct migration migrations[] = {
	{ 1, "-- INTEGER in a comment stays\nCREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT, good "
	     "INTEGER, money INTEGER, "
	     "price INTEGER, qty INTEGER, at INTEGER, day TEXT, kind TEXT DEFAULT 'TEXT', data TEXT, raw "
	     "BLOB) STRICT;" },
	{ 2, "CREATE TABLE pair (a INTEGER, b TEXT NOT NULL, PRIMARY KEY (a, b)) STRICT, WITHOUT ROWID;" },
};
static const struct migration_set sets[] = { { "test", migrations, 2 }, { NULL, NULL, 0 } };

#define COLUMNS "id, name, good, money, price, qty, at, day, kind, data, raw"
static const unsigned one_i64[] = { 20 };
static const unsigned one_str[] = { 25 };
static const char *const item_params[] = { "id", "name", "good", "money", "price", "qty", "at", "day", "kind", "data",
	"raw", NULL };
static const struct sql item_insert = {
	.name = "item_insert",
	.module = "db",
	.slot = 0,
	.params = 11,
	.writes = true,
	.sqlite = "INSERT INTO item (" COLUMNS ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
	.pg = "INSERT INTO item (" COLUMNS ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
};
static const struct sql item_get = {
	.name = "item_get",
	.module = "db",
	.slot = 1,
	.params = 1,
	.pg_types = one_i64,
	.sqlite = "SELECT " COLUMNS " FROM item WHERE id = ?1",
	.pg = "SELECT " COLUMNS " FROM item WHERE id = $1",
};
static const struct sql item_in = {
	.name = "item_in",
	.module = "db",
	.slot = 2,
	.params = 1,
	.pg_types = one_str,
	.sqlite = "SELECT id, name FROM item WHERE name IN (SELECT value FROM json_each(?1)) ORDER BY name",
	.pg = "SELECT id, name FROM item WHERE name IN (SELECT json_array_elements_text($1::json)) ORDER BY "
	      "name",
};
static const struct sql item_in_ids = {
	.name = "item_in_ids",
	.module = "db",
	.slot = 3,
	.params = 1,
	.pg_types = one_str,
	.sqlite = "SELECT COUNT(*) FROM item WHERE id IN (SELECT value FROM json_each(?1))",
	.pg = "SELECT COUNT(*) FROM item WHERE id IN (SELECT json_array_elements_text($1::json)::bigint)",
};
static const struct sql item_count = {
	.name = "item_count",
	.module = "db",
	.slot = 4,
	.sqlite = "SELECT COUNT(*) FROM item",
	.pg = "SELECT COUNT(*) FROM item",
};
static const struct sql item_rename = {
	.name = "item_rename",
	.module = "db",
	.slot = 5,
	.params = 1,
	.pg_types = one_str,
	.writes = true,
	.sqlite = "UPDATE item SET name = ?1",
	.pg = "UPDATE item SET name = $1",
};
static const struct sql item_name = {
	.name = "item_name",
	.module = "db",
	.slot = 70,
	.params = 1,
	.pg_types = one_i64,
	.sqlite = "SELECT name FROM item WHERE id = ?1",
	.pg = "SELECT name FROM item WHERE id = $1",
};

/* ---- a database for each test ---- */

struct fixture {
	struct ctx c;
	struct rng rng;
	char path[64];
	char *url;
};

/* A schema of its own, so that other tests can share the database. */
static char *pg_schema(struct ctx *c, const char *url, struct buf *why)
{
	assert_true(db_open(&c->db, url, DB_WRITE, why));
	assert_true(db_script(c, "DROP SCHEMA IF EXISTS db_test CASCADE; CREATE SCHEMA db_test"));
	db_close(c->db);
	return strdup(
		arena_printf(c->arena, "%s%coptions=-csearch_path%%3Ddb_test", url, strchr(url, '?') ? '&' : '?'));
}

static void fixture_start(struct fixture *f, const char *url)
{
	struct buf why;

	*f = (struct fixture){ .rng = { .seed = 7 } };
	f->c = (struct ctx){ .arena = arena_new(), .rng = &f->rng, .now = { 1000000 } };
	buf_init(&why, f->c.arena);
	if (url) {
		f->url = pg_schema(&f->c, url, &why);
	} else {
		snprintf(f->path, sizeof(f->path), "/tmp/huodan_db_test.%d", getpid());
		f->url = strdup(arena_printf(f->c.arena, "sqlite:%s", f->path));
	}
	if (!db_open(&f->c.db, f->url, DB_WRITE, &why))
		fail_msg("%s", buf_cstr(&why));
	assert_true(migrate_run(&f->c, sets, 2));
}

static int setup_sqlite(void **state)
{
	*state = calloc(1, sizeof(struct fixture));
	fixture_start(*state, NULL);
	return 0;
}

static int setup_pg(void **state)
{
	const char *url = getenv("HUODAN_TEST_PG");

	*state = NULL;
	if (url && *url) {
		*state = calloc(1, sizeof(struct fixture));
		fixture_start(*state, url);
	}
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	if (!f)
		return 0;
	db_close(f->c.db);
	if (*f->path) {
		unlink(f->path);
		unlink(arena_printf(f->c.arena, "%s-wal", f->path));
		unlink(arena_printf(f->c.arena, "%s-shm", f->path));
	}
	arena_free(f->c.arena);
	free(f->url);
	free(f);
	return 0;
}

static struct fixture *fixture_of(void **state)
{
	if (!*state)
		skip();
	return *state;
}

static struct item item_make(int64_t id, const char *name)
{
	struct item item;

	fields_clear(item_fields, &item);
	item.id = id;
	item.name = name;
	return item;
}

static bool insert(struct ctx *c, const struct item *items, size_t len)
{
	return sql_each(c, &item_insert, item_fields, item_params, items, sizeof(*items), len, NULL);
}

static int64_t count(struct ctx *c)
{
	int64_t n = -1;

	assert_true(sql_i64(c, &item_count, NULL, &n));
	return n;
}

/* ---- values ---- */

static void test_round_trip(void **state)
{
	struct ctx *c = &fixture_of(state)->c;
	const uint8_t bytes[] = { 0, 255, 39, 92 };
	struct item in = { 1, "苹果 'x' \\", true, { -5 }, { 12600 }, { 3125 }, { 1764000000000001 }, { 20416 }, KIND_b,
		"{\"a\":1}", { bytes, sizeof(bytes) } };
	struct item out;
	const struct sql_arg id = sql_arg_i64(c, 1);

	assert_true(insert(c, &in, 1));
	assert_true(sql_get(c, &item_get, &id, item_fields, &out));
	assert_string_equal(out.name, in.name);
	assert_true(out.good);
	assert_int_equal(out.money.fen, -5);
	assert_int_equal(out.price.e4, 12600);
	assert_int_equal(out.qty.milli, 3125);
	assert_int_equal(out.at.us, in.at.us);
	assert_int_equal(out.day.day, in.day.day);
	assert_int_equal(out.kind, KIND_b);
	assert_string_equal(out.data, in.data);
	assert_int_equal(out.raw.len, sizeof(bytes));
	assert_memory_equal(out.raw.data, bytes, sizeof(bytes));
}

static void test_nothing_given(void **state)
{
	struct ctx *c = &fixture_of(state)->c;
	struct item in = item_make(2, NULL), out;
	const struct sql_arg id = sql_arg_i64(c, 2), other = sql_arg_i64(c, 3);
	const char *name = "x";
	bool found = true;

	in.kind = KIND_a;
	assert_true(insert(c, &in, 1));
	assert_true(sql_get(c, &item_get, &id, item_fields, &out));
	assert_null(out.name);
	assert_false(money_is(out.money));
	assert_false(date_is(out.day));
	assert_false(instant_is(out.at));
	assert_null(out.raw.data);
	assert_true(sql_str(c, &item_name, &id, &name));
	assert_null(name);
	assert_true(sql_find(c, &item_get, &other, item_fields, &out, &found));
	assert_false(found);
	assert_false(sql_get(c, &item_get, &other, item_fields, &out));
	assert_int_equal(c->err.code, E_NOT_FOUND);
}

static struct item *many(struct ctx *c, size_t len)
{
	struct item *items = ARENA_ARRAY(c->arena, len, struct item);

	for (size_t i = 0; i < len; i++) {
		items[i] = item_make((int64_t)i + 1, arena_printf(c->arena, "n%zu", i + 1));
		items[i].kind = KIND_a;
	}
	return items;
}

static void test_each(void **state)
{
	struct ctx *c = &fixture_of(state)->c;
	struct item *items = many(c, 1203);
	const struct sql_arg name = sql_arg_str(c, "same");
	int64_t changed = 0;

	assert_true(sql_each(c, &item_insert, item_fields, item_params, items, sizeof(*items), 1203, &changed));
	assert_int_equal(changed, 1203);
	assert_int_equal(count(c), 1203);
	assert_true(sql_exec(c, &item_rename, &name, &changed));
	assert_int_equal(changed, 1203);
}

static void test_unique(void **state)
{
	struct ctx *c = &fixture_of(state)->c;
	struct item *items = many(c, 3);

	items[2].id = 1;
	assert_true(db_begin(c));
	assert_true(db_savepoint(c));
	assert_false(insert(c, items, 3));
	assert_int_equal(c->err.code, E_CONFLICT);
	db_rollback_to(c);
	assert_int_equal(count(c), 0);
	assert_true(db_commit(c));
}

static void test_lists(void **state)
{
	struct ctx *c = &fixture_of(state)->c;
	const char *const names[] = { "n2", "n1", "\"'", "nothing" };
	const int64_t ids[] = { 3, 1, 99 };
	const struct sql_arg by_name = sql_arg_strs(c, (struct strs){ names, 4 });
	const struct sql_arg by_id = sql_arg_i64s(c, (struct i64s){ ids, 3 });
	const struct sql_arg none = sql_arg_strs(c, (struct strs){ NULL, 0 });
	void *rows;
	size_t len;
	int64_t n;

	assert_true(insert(c, many(c, 3), 3));
	assert_true(sql_many(c, &item_in, &by_name, item_fields, sizeof(struct item), &rows, &len));
	assert_int_equal(len, 2);
	assert_string_equal(((struct item *)rows)[0].name, "n1");
	assert_true(sql_many(c, &item_in, &none, item_fields, sizeof(struct item), &rows, &len));
	assert_int_equal(len, 0);
	assert_true(sql_i64(c, &item_in_ids, &by_id, &n));
	assert_int_equal(n, 2);
}

/* ---- transactions ---- */

static void test_savepoint(void **state)
{
	struct ctx *c = &fixture_of(state)->c;
	struct item *items = many(c, 3);

	assert_true(db_begin(c));
	assert_true(db_savepoint(c) && insert(c, &items[0], 1) && db_release(c));
	assert_true(db_savepoint(c) && insert(c, &items[1], 1));
	db_rollback_to(c);
	assert_true(db_savepoint(c) && insert(c, &items[2], 1) && db_release(c));
	assert_true(db_commit(c));
	assert_int_equal(count(c), 2);
	assert_true(db_begin(c) && insert(c, &items[1], 1));
	db_rollback(c);
	assert_int_equal(count(c), 2);
}

static void test_migrate(void **state)
{
	struct ctx *c = &fixture_of(state)->c;
	const struct migration other[] = { migrations[0], { 2, "something else" } };
	const struct migration_set less[] = { { "test", migrations, 1 } }, changed[] = { { "test", other, 2 } };

	assert_true(migrate_run(c, sets, 2));
	assert_false(migrate_run(c, less, 1));
	assert_int_equal(c->err.code, E_CONFLICT);
	c->err = (struct err){ .code = E_NONE };
	assert_false(migrate_run(c, changed, 1));
	assert_string_equal(
		migrate_for_pg(c->arena, "a INTEGER, b TEXT, CAST(x AS TEXT) 'BLOB') STRICT, WITHOUT ROWID;"),
		"a BIGINT, b TEXT COLLATE \"C\", CAST(x AS TEXT) 'BLOB')   ;");
}

static void test_reads_only(void **state)
{
	struct fixture *f = fixture_of(state);
	struct item *items = many(&f->c, 1);
	struct db *writer = f->c.db;
	struct buf why;

	buf_init(&why, f->c.arena);
	assert_true(db_open(&f->c.db, f->url, DB_READ, &why));
	assert_true(db_begin(&f->c));
	assert_int_equal(count(&f->c), 0);
	assert_true(db_commit(&f->c));
	assert_false(insert(&f->c, items, 1));
	db_close(f->c.db);
	f->c.db = writer;
}

static void test_backup(void **state)
{
	struct fixture *f = fixture_of(state);
	const char *copy = arena_printf(f->c.arena, "%s.copy", f->path);
	struct ctx c = { .arena = f->c.arena };
	struct buf why;

	buf_init(&why, f->c.arena);
	assert_true(insert(&f->c, many(&f->c, 3), 3));
	assert_true(db_backup(&f->c, copy));
	assert_true(db_open(&c.db, arena_printf(c.arena, "sqlite:%s", copy), DB_READ, &why));
	assert_int_equal(count(&c), 3);
	db_close(c.db);
	unlink(copy);
}

/* ---- the lane ---- */

struct gate {
	pthread_mutex_t lock;
	pthread_cond_t wake;
	bool open;
	int done, committed;
};

struct test_job {
	struct lane_job job;
	struct ctx c;
	struct item item;
	struct gate *gate;
	bool bad, waits;
	enum err_code result, commit;
	int runs;
};

static void job_run(struct ctx *c, struct lane_job *job)
{
	struct test_job *t = (struct test_job *)job;

	t->runs++;
	pthread_mutex_lock(&t->gate->lock);
	while (t->waits && !t->gate->open)
		pthread_cond_wait(&t->gate->wake, &t->gate->lock);
	pthread_mutex_unlock(&t->gate->lock);
	if (insert(c, &t->item, 1) && t->bad)
		fail_with(c, E_CONFLICT, T_err_conflict, (const char *const[]){ NULL }); /* cmocka has a fail() too */
}

static void job_done(struct lane_job *job, const struct err *commit_err)
{
	struct test_job *t = (struct test_job *)job;

	pthread_mutex_lock(&t->gate->lock);
	t->commit = commit_err->code;
	t->result = t->c.err.code;
	t->gate->done++;
	pthread_cond_broadcast(&t->gate->wake);
	pthread_mutex_unlock(&t->gate->lock);
}

/* The first job holds the lane up until all others wait behind it, so that they make one group. */
static void jobs_run(struct lane *l, struct gate *gate, struct test_job *jobs, size_t len)
{
	gate->open = false;
	gate->done = 0;
	for (size_t i = 0; i < len; i++) {
		jobs[i].gate = gate;
		jobs[i].waits = i == 0;
		jobs[i].c = (struct ctx){ .arena = arena_new() };
		jobs[i].job = (struct lane_job){ .run = job_run, .done = job_done, .ctx = &jobs[i].c };
		lane_submit(l, &jobs[i].job);
	}
	pthread_mutex_lock(&gate->lock);
	gate->open = true;
	pthread_cond_broadcast(&gate->wake);
	while (gate->done < (int)len)
		pthread_cond_wait(&gate->wake, &gate->lock);
	pthread_mutex_unlock(&gate->lock);
	for (size_t i = 0; i < len; i++)
		arena_free(jobs[i].c.arena);
}

static struct {
	int begun, undone, before, rolled_back, after;
	bool refuse;
} hooked;

static void on_job(struct ctx *c)
{
	assert_true(db_in_tx(c->db));
	hooked.begun++;
}

static void on_undo(struct ctx *c)
{
	assert_true(db_in_tx(c->db));
	hooked.undone++;
}

static bool on_commit(struct ctx *c)
{
	assert_true(db_in_tx(c->db));
	hooked.before++;
	return !hooked.refuse;
}

static void on_gone(struct ctx *c)
{
	assert_false(db_in_tx(c->db));
	hooked.rolled_back++;
}

static void on_committed(struct ctx *c)
{
	assert_false(db_in_tx(c->db));
	hooked.after++;
}

static struct lane *lane_of(struct fixture *f)
{
	struct lane *l;
	struct buf why;

	buf_init(&why, f->c.arena);
	if (!lane_start(&l, f->url, (struct lane_hooks){ .undo_job = on_undo }, &why))
		fail_msg("%s", buf_cstr(&why));
	return l;
}

static void test_bad_job_alone(void **state)
{
	struct fixture *f = fixture_of(state);
	struct gate gate = { PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, false, 0, 0 };
	struct lane *l = lane_of(f);
	struct item *items = many(&f->c, 4);
	struct test_job jobs[4] = { { .item = items[0] }, { .item = items[1] }, { .item = items[2], .bad = true },
		{ .item = items[3] } };

	memset(&hooked, 0, sizeof(hooked));
	jobs_run(l, &gate, jobs, 4);
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(jobs[i].commit, E_NONE);
		assert_int_equal(jobs[i].result, i == 2 ? E_CONFLICT : E_NONE);
	}
	lane_stop(l);
	assert_int_equal(hooked.undone, 1);
	assert_int_equal(count(&f->c), 3);
}

static bool insert_one(struct ctx *c, void *item);

static void test_hooks(void **state)
{
	struct ctx *c = &fixture_of(state)->c;
	const struct lane_hooks hooks = { .before_job = on_job,
		.undo_job = on_undo,
		.before_commit = on_commit,
		.on_rollback = on_gone,
		.after_commit = on_committed };
	struct item *items = many(c, 2);

	memset(&hooked, 0, sizeof(hooked));
	assert_true(lane_run_one(c, &hooks, insert_one, &items[0]));
	assert_int_equal(hooked.begun + hooked.before + hooked.after, 3);
	hooked.refuse = true;
	assert_false(lane_run_one(c, &hooks, insert_one, &items[1]));
	assert_int_equal(c->err.code, E_BUSY);
	assert_int_equal(hooked.rolled_back, 1);
	assert_int_equal(hooked.after, 1);
	assert_int_equal(count(c), 1);
}

static int refuse(void *arg)
{
	(void)arg;
	return 1;
}

static void test_commit_fails(void **state)
{
	struct fixture *f = fixture_of(state);
	struct gate gate = { PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, false, 0, 0 };
	struct lane *l = lane_of(f);
	struct item *items = many(&f->c, 3);
	struct test_job jobs[3] = { { .item = items[0] }, { .item = items[1] }, { .item = items[2] } };
	sqlite3 *h = db_sqlite_handle(lane_db(l));

	sqlite3_commit_hook(h, refuse, NULL);
	jobs_run(l, &gate, jobs, 3);
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(jobs[i].commit, E_BUSY);
	assert_int_equal(count(&f->c), 0);
	sqlite3_commit_hook(h, NULL, NULL);
	jobs_run(l, &gate, jobs, 3);
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(jobs[i].commit, E_NONE);
	lane_stop(l);
	assert_int_equal(count(&f->c), 3);
}

/* What was accepted is finished even when the lane is told to stop at once. */
static void test_stop_finishes(void **state)
{
	struct fixture *f = fixture_of(state);
	struct gate gate = { PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, true, 0, 0 };
	struct lane *l = lane_of(f);
	struct item *items = many(&f->c, 300);
	struct test_job *jobs = ARENA_ARRAY(f->c.arena, 300, struct test_job);

	for (size_t i = 0; i < 300; i++) {
		jobs[i] = (struct test_job){ .item = items[i], .gate = &gate, .c = { .arena = arena_new() } };
		jobs[i].job = (struct lane_job){ .run = job_run, .done = job_done, .ctx = &jobs[i].c };
		lane_submit(l, &jobs[i].job);
	}
	lane_stop(l);
	assert_int_equal(gate.done, 300);
	assert_int_equal(count(&f->c), 300);
	for (size_t i = 0; i < 300; i++)
		arena_free(jobs[i].c.arena);
}

static bool insert_one(struct ctx *c, void *item)
{
	return insert(c, item, 1);
}

static void test_run_one(void **state)
{
	struct ctx *c = &fixture_of(state)->c;
	struct item *items = many(c, 1);

	assert_true(lane_run_one(c, NULL, insert_one, items));
	assert_false(lane_run_one(c, NULL, insert_one, items));
	assert_int_equal(c->err.code, E_CONFLICT);
	assert_int_equal(count(c), 1);
}

/* ---- two connections of PostgreSQL in each other's way ---- */

struct rival {
	struct fixture *f;
	struct ctx c;
	int64_t first, second;
	pthread_barrier_t *both_locked;
	int tries;
	bool done;
};

static const unsigned rival_oids[] = { 20 };
static const struct sql item_touch = {
	.name = "item_touch",
	.module = "db",
	.slot = 6,
	.params = 1,
	.pg_types = rival_oids,
	.writes = true,
	.sqlite = "UPDATE item SET qty = COALESCE(qty, 0) + 1 WHERE id = ?1",
	.pg = "UPDATE item SET qty = COALESCE(qty, 0) + 1 WHERE id = $1",
};

static bool touch_both(struct ctx *c, void *arg)
{
	struct rival *r = arg;
	const struct sql_arg first = sql_arg_i64(c, r->first), second = sql_arg_i64(c, r->second);

	if (!sql_exec(c, &item_touch, &first, NULL))
		return false;
	if (r->tries++ == 0)
		pthread_barrier_wait(r->both_locked);
	return sql_exec(c, &item_touch, &second, NULL);
}

static void *rival_run(void *arg)
{
	struct rival *r = arg;

	r->done = lane_run_one(&r->c, NULL, touch_both, r);
	return NULL;
}

static void test_deadlock(void **state)
{
	struct fixture *f = fixture_of(state);
	pthread_barrier_t both_locked;
	struct rng rngs[2] = { { .seed = 1 }, { .seed = 2 } };
	struct rival r[2];
	pthread_t threads[2];
	struct buf why;

	buf_init(&why, f->c.arena);
	assert_true(insert(&f->c, many(&f->c, 2), 2));
	pthread_barrier_init(&both_locked, NULL, 2);
	for (int i = 0; i < 2; i++) {
		r[i] = (struct rival){ .f = f, .first = 1 + i, .second = 2 - i, .both_locked = &both_locked };
		r[i].c = (struct ctx){ .arena = arena_new(), .rng = &rngs[i] };
		assert_true(db_open(&r[i].c.db, f->url, DB_WRITE, &why));
		pthread_create(&threads[i], NULL, rival_run, &r[i]);
	}
	for (int i = 0; i < 2; i++) {
		pthread_join(threads[i], NULL);
		assert_true(r[i].done);
		db_close(r[i].c.db);
		arena_free(r[i].c.arena);
	}
	assert_int_equal(r[0].tries + r[1].tries, 3);
	pthread_barrier_destroy(&both_locked);
}

/* A transaction that failed inside answers COMMIT with ROLLBACK: that is no success. */
static void test_pg_failed_commit(void **state)
{
	struct ctx *c = &fixture_of(state)->c;
	struct item *items = many(c, 1);

	assert_true(db_begin(c) && insert(c, items, 1));
	assert_false(insert(c, items, 1));
	assert_false(db_commit(c));
	assert_false(db_in_tx(c->db));
	assert_int_equal(count(c), 0);
}

static const struct sql end_me = {
	.name = "end_me",
	.module = "db",
	.slot = 7,
	.pg = "SELECT CAST(pg_terminate_backend(pg_backend_pid()) AS INTEGER)",
};

static void test_pg_lost(void **state)
{
	struct ctx *c = &fixture_of(state)->c;
	struct item *items = many(c, 1);
	int64_t n;

	assert_true(db_begin(c));
	assert_false(sql_i64(c, &end_me, NULL, &n));
	assert_int_equal(c->err.code, E_BUSY);
	assert_true(db_broken(c->db) && db_tx_lost(c->db));
	db_rollback(c);
	c->err = (struct err){ .code = E_NONE };
	assert_true(lane_run_one(c, NULL, insert_one, items));
	assert_int_equal(count(c), 1);
}

#define BOTH(test)                                                                                                     \
	{ #test " sqlite", test, setup_sqlite, teardown, NULL },                                                       \
	{                                                                                                              \
#test " postgresql", test, setup_pg, teardown, NULL                                                    \
	}
#define ON_SQLITE(test)                                                                                                \
	{                                                                                                              \
#test " sqlite", test, setup_sqlite, teardown, NULL                                                    \
	}
#define ON_PG(test)                                                                                                    \
	{                                                                                                              \
#test " postgresql", test, setup_pg, teardown, NULL                                                    \
	}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOTH(test_round_trip),
		BOTH(test_nothing_given),
		BOTH(test_each),
		BOTH(test_unique),
		BOTH(test_lists),
		BOTH(test_savepoint),
		BOTH(test_migrate),
		BOTH(test_reads_only),
		ON_SQLITE(test_backup),
		BOTH(test_hooks),
		BOTH(test_bad_job_alone),
		ON_SQLITE(test_commit_fails),
		BOTH(test_stop_finishes),
		BOTH(test_run_one),
		ON_PG(test_deadlock),
		ON_PG(test_pg_failed_commit),
		ON_PG(test_pg_lost),
	};

	return cmocka_run_group_tests_name("db", tests, NULL, NULL);
}
