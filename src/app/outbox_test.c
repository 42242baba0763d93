/* What has to be done outside is noted once, by whoever has the row. */
#include "app/outbox.h"
#include "app/serve.h"
#include "base/clock.h"
#include "base/rand.h"
#include "gen/app_sql.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

struct house {
	char folder[32];
	struct app app;
	struct ctx ctx;
	struct rng rng;
	const char *url;
};
static struct house house;

/* A file and a lane without a thread: every write happens where it is asked for. */
static int house_open(void **state)
{
	struct house *h = &house;
	struct local l;
	struct buf why;

	*h = (struct house){ .folder = "/tmp/huodan-outbox-XXXXXX", .rng = { 1, 1 } };
	assert_non_null(mkdtemp(h->folder));
	h->ctx = (struct ctx){ .arena = arena_new(), .app = &h->app, .actor = &the_system, .rng = &h->rng };
	h->url = arena_printf(h->ctx.arena, "sqlite:%s/huodan.db", h->folder);
	buf_init(&why, h->ctx.arena);
	assert_true(local_open(&l, h->url, true, &why));
	local_close(&l);
	h->app = (struct app){ .url = h->url, .lanes_len = 1 };
	assert_true(lane_open(&h->app.lanes[0], h->url, ledger_hooks(&h->app), &why));
	*db_user(lane_db(h->app.lanes[0])) = h->app.ledgers[0] = ledger_new(1);
	*state = &h->ctx;
	return 0;
}

static int house_close(void **state)
{
	struct house *h = &house;
	static const char *const files[] = { "huodan.db", "huodan.db-wal", "huodan.db-shm" };

	(void)state;
	lane_stop(h->app.lanes[0]);
	ledger_free(h->app.ledgers[0]);
	for (size_t i = 0; i < ARRAY_LEN(files); i++)
		(void)unlink(arena_printf(h->ctx.arena, "%s/%s", h->folder, files[i]));
	assert_int_equal(rmdir(h->folder), 0);
	arena_free(h->ctx.arena);
	return 0;
}

static bool two_rows(struct ctx *c, void *arg)
{
	(void)arg;
	return outbox_add(c, "test", 1, "first", "1") && outbox_add(c, "test", 2, "second", "2");
}

/* ---- a courier that was too slow ---- */

static int settled;

static bool load_any(struct ctx *c, const struct outbox_row *row, void **load)
{
	(void)c, (void)row;
	*load = &settled;
	return true;
}

static bool take_over(struct ctx *c, void *arg)
{
	struct outbox_row row;
	bool found;

	(void)arg;
	return outbox_claim(c, "test", (struct instant){ c->now.us + HOUR_US },
		       (struct instant){ c->now.us + 2 * HOUR_US }, &row, &found) &&
	       (must(found && strcmp(row.recipient, "first") == 0), true);
}

static void carry_too_long(struct ctx *c, const struct outbox_row *row, const void *load, struct sent_how *how)
{
	(void)row, (void)load;
	assert_true(app_write(c, take_over, NULL));
	how->sent = SENT_YES;
}

static void carry_well(struct ctx *c, const struct outbox_row *row, const void *load, struct sent_how *how)
{
	(void)c, (void)row, (void)load;
	how->sent = SENT_YES;
}

static bool settle_counts(struct ctx *c, const struct outbox_row *row, const void *load, const struct sent_how *how)
{
	(void)c, (void)row, (void)load, (void)how;
	settled++;
	return true;
}

static void whoever_lost_the_row_notes_nothing(void **state)
{
	struct courier k = {
		.kind = "test", .threads = 1, .load = load_any, .carry = carry_too_long, .settle = settle_counts
	};
	struct ctx *c = *state;

	settled = 0;
	assert_true(app_write(c, two_rows, NULL));
	assert_true(outbox_carry_one(c, &k));
	assert_int_equal(settled, 0);
	k.carry = carry_well;
	assert_true(outbox_carry_one(c, &k)); /* the second; the first is another's */
	assert_int_equal(settled, 1);
	assert_false(outbox_carry_one(c, &k));
}

/* ---- a row that cannot be loaded, and is another worker's before that is noted ---- */

static struct ctx thief_ctx;

static void steal(struct ctx *c, struct lane_job *job)
{
	struct outbox_row row;
	bool found;

	(void)job;
	must(outbox_claim(c, "test", c->now, (struct instant){ c->now.us + HOUR_US }, &row, &found) && found);
}

static void stolen(struct lane_job *job, const struct err *commit_err)
{
	(void)job;
	must(commit_err->code == E_NONE);
}

static bool load_fails(struct ctx *c, const struct outbox_row *row, void **load)
{
	static struct lane_job thief = { .run = steal, .done = stolen, .ctx = &thief_ctx };

	(void)row, (void)load;
	thief_ctx = *c;
	lane_submit(c->app->lanes[0], &thief);
	return fail_with(c, E_INVALID, T_app_not_saved, (const char *const[]){ NULL });
}

static void only_the_row_that_failed_is_set_aside(void **state)
{
	struct courier k = {
		.kind = "test", .threads = 1, .load = load_fails, .carry = carry_well, .settle = settle_counts
	};
	struct ctx *c = *state;

	settled = 0;
	assert_true(app_write(c, two_rows, NULL));
	(void)outbox_carry_one(c, &k);
	k.load = load_any;
	assert_true(outbox_carry_one(c, &k)); /* the second has not failed, so it is due */
	assert_int_equal(settled, 1);
	assert_false(outbox_carry_one(c, &k));
}

/* ---- the log ---- */

static void the_log_is_json(void **state)
{
	struct ctx *c = *state;
	json_t *line;

	c->err = (struct err){ .code = E_BUSY, .detail = "no \"such\\ host\n第二行" };
	line = json_loads(workers_line(c, "chore", "mail.poll"), 0, NULL);
	assert_string_equal(json_string_value(json_object_get(line, "error")), c->err.detail);
	assert_string_equal(json_string_value(json_object_get(line, "chore")), "mail.poll");
	json_decref(line);
}

#define HOUSE_TEST(f) cmocka_unit_test_setup_teardown(f, house_open, house_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		HOUSE_TEST(whoever_lost_the_row_notes_nothing),
		HOUSE_TEST(only_the_row_that_failed_is_set_aside),
		HOUSE_TEST(the_log_is_json),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
