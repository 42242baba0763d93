/* market: the demo company's goods and customers in memory, for tests that read what customers write. */
#ifndef MOD_READING_TEST_MARKET_H
#define MOD_READING_TEST_MARKET_H

#include "app/ledger.h"
#include "app/serve.h"
#include "app/sheet.h"
#include "base/rand.h"
#include "db/db.h"
#include "db/migrate.h"
#include "mod/catalog/catalog.h"
#include "mod/customer/customer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct market {
	struct ctx ctx;
	struct actor actor;
	struct rng rng;
	struct app app; /* so that the goods are remembered */
	struct ledger *ledger;
};

static inline char *market_file(struct arena *a, const char *path, size_t *len)
{
	FILE *f = fopen(path, "rb");
	char *data;

	must(f != NULL && fseek(f, 0, SEEK_END) == 0);
	*len = (size_t)ftell(f);
	rewind(f);
	data = arena_alloc(a, *len + 1);
	must(fread(data, 1, *len, f) == *len);
	fclose(f);
	return data;
}

static inline void market_import(struct ctx *c, const char *path, bool (*run)(struct ctx *c, const struct sheet *s))
{
	struct sheet s;
	size_t len;
	char *data = market_file(c->arena, path, &len);

	must(sheet_read(c, path, data, len, &s) && run(c, &s));
}

/* The folder has the columns of data/demo. */
static inline void market_open(struct market *m, const char *folder)
{
	struct buf why;
	char path[400];
	static const struct {
		const char *file;
		bool (*run)(struct ctx *c, const struct sheet *s);
	} kinds[] = { { "customers.csv", customer_import }, { "products.csv", catalog_import_products },
		{ "units.csv", catalog_import_units }, { "customer_aliases.csv", customer_import_aliases } };

	*m = (struct market){ .actor = { .id = 7, .login = "fang.ming", .name = "方明", .role = ROLE_admin },
		.app = { .zone_s = 8 * 3600 } };
	m->ctx = (struct ctx){ .arena = arena_new(), .actor = &m->actor, .rng = &m->rng, .app = &m->app };
	buf_init(&why, m->ctx.arena);
	must(instant_parse("2026-11-24T12:00:00Z", &m->ctx.now));
	must(db_open(&m->ctx.db, "sqlite::memory:", DB_WRITE, &why) && migrate_run(&m->ctx, migration_sets, SIZE_MAX));
	m->ledger = ledger_new(1);
	*db_user(m->ctx.db) = m->ledger;
	must(db_begin(&m->ctx));
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, kinds[i].file);
		market_import(&m->ctx, path, kinds[i].run);
	}
	arena_reset(m->ctx.arena);
}

static inline void market_close(struct market *m)
{
	db_rollback(&m->ctx);
	db_close(m->ctx.db);
	ledger_free(m->ledger);
	arena_free(m->ctx.arena);
}

#endif
