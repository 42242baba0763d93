/* world: a whole empty company in memory, for the tests of rules: database, ids, events, a clock that stands
 * still. It is 2026-11-24 in Wuhan and an admin asks. */
#ifndef MOD_CATALOG_TEST_WORLD_H
#define MOD_CATALOG_TEST_WORLD_H

#include "app/app.h"
#include "app/ledger.h"
#include "app/sheet.h"
#include "base/rand.h"
#include "db/db.h"
#include "db/migrate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

struct world {
	struct ctx ctx;
	struct actor actor;
	struct rng rng;
	struct ledger *ledger;
};

static inline int world_open(void **state)
{
	static struct world w;
	struct buf why;

	w = (struct world){ .actor = { 7, "fang.ming", "方明", ROLE_admin }, .rng = { 1, 1 } };
	w.ctx = (struct ctx){ .arena = arena_new(), .actor = &w.actor, .rng = &w.rng, .lang = LANG_EN };
	buf_init(&why, w.ctx.arena);
	assert_true(instant_parse("2026-11-24T03:00:00Z", &w.ctx.now));
	assert_true(db_open(&w.ctx.db, "sqlite::memory:", DB_WRITE, &why));
	assert_true(migrate_run(&w.ctx, migration_sets, SIZE_MAX));
	w.ledger = ledger_new(1);
	*db_user(w.ctx.db) = w.ledger;
	assert_true(db_begin(&w.ctx));
	*state = &w.ctx;
	return 0;
}

static inline int world_close(void **state)
{
	struct ctx *c = *state;
	struct arena *a = c->arena;
	struct ledger *l = *db_user(c->db);

	db_rollback(c);
	db_close(c->db);
	ledger_free(l);
	arena_free(a);
	return 0;
}

/* The call fails with this code; the context is clean afterwards. */
static inline void refused(struct ctx *c, bool went_well, enum err_code code)
{
	assert_false(went_well);
	assert_int_equal(c->err.code, code);
	c->err = (struct err){ 0 };
}

/* A CSV as somebody would send it. */
static inline struct sheet world_sheet(struct ctx *c, const char *csv)
{
	struct sheet s;

	assert_true(sheet_read(c, "test.csv", csv, strlen(csv), &s));
	return s;
}

static inline struct qty world_qty(const char *s)
{
	struct qty q;

	assert_true(qty_parse(s, &q));
	return q;
}

static inline struct price world_price(const char *s)
{
	struct price p;

	assert_true(price_parse(s, &p));
	return p;
}

static inline struct money world_money(const char *s)
{
	struct money m;

	assert_true(money_parse(s, &m));
	return m;
}

static inline struct date world_date(const char *s)
{
	struct date d;

	assert_true(date_parse(s, &d));
	return d;
}

#define WORLD_TEST(f) cmocka_unit_test_setup_teardown(f, world_open, world_close)

#endif
