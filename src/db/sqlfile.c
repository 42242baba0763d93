/* sqlfile: see sqlfile.h. The last statement stays prepared, because rows come in long runs of the same. */
#include "db/sqlfile.h"

#include "base/buf.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CELLS_MAX 64

struct sqlfile {
	sqlite3 *db;
	sqlite3_stmt *last;
	const char *path;
	bool makes, finished;
};

static bool refused(struct ctx *c, const struct sqlfile *f)
{
	return fail(c, E_INVALID, T_db_file, f->path, f->db != NULL ? sqlite3_errmsg(f->db) : strerror(ENOMEM));
}

bool sqlfile_open(struct ctx *c, const char *path, bool make, struct sqlfile **out)
{
	struct sqlfile *f = arena_alloc(c->arena, sizeof(*f));
	int flags = make ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_EXCLUSIVE : SQLITE_OPEN_READONLY;

	*f = (struct sqlfile){ .path = arena_strdup(c->arena, path) };
	if (make && access(path, F_OK) == 0)
		return fail(c, E_CONFLICT, T_db_file_there, path);
	f->makes = make;
	if (sqlite3_open_v2(path, &f->db, flags, NULL) != SQLITE_OK) {
		(void)refused(c, f);
		f->makes = false;
		sqlfile_close(f);
		return false;
	}
	(void)sqlite3_db_config(f->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	(void)sqlite3_db_config(f->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	if (make && (sqlite3_exec(f->db, "PRAGMA journal_mode = MEMORY; BEGIN", NULL, NULL, NULL) != SQLITE_OK)) {
		(void)refused(c, f);
		sqlfile_close(f);
		return false;
	}
	*out = f;
	return true;
}

static bool prepared(struct ctx *c, struct sqlfile *f, const char *sql)
{
	if (f->last != NULL && strcmp(sqlite3_sql(f->last), sql) == 0)
		return true;
	(void)sqlite3_finalize(f->last);
	f->last = NULL;
	return sqlite3_prepare_v2(f->db, sql, -1, &f->last, NULL) == SQLITE_OK || refused(c, f);
}

static bool rows(struct ctx *c, struct sqlfile *f, sqlfile_row row, void *who)
{
	const char *cells[CELLS_MAX];
	int done;

	while ((done = sqlite3_step(f->last)) == SQLITE_ROW) {
		int len = sqlite3_column_count(f->last);
		for (int i = 0; i < len && i < CELLS_MAX; i++)
			cells[i] = (const char *)sqlite3_column_text(f->last, i);
		if (row != NULL && !row(who, cells, (size_t)(len < CELLS_MAX ? len : CELLS_MAX)))
			return false;
	}
	return done == SQLITE_DONE || refused(c, f);
}

bool sqlfile_run(struct ctx *c, struct sqlfile *f, const char *sql, const char *const *values, size_t len,
	sqlfile_row row, void *who)
{
	bool good;

	if (!prepared(c, f, sql))
		return false;
	for (size_t i = 0; i < len; i++)
		if (sqlite3_bind_text(f->last, (int)i + 1, values[i], -1, SQLITE_STATIC) != SQLITE_OK)
			return refused(c, f);
	good = rows(c, f, row, who);
	(void)sqlite3_reset(f->last);
	(void)sqlite3_clear_bindings(f->last);
	return good;
}

bool sqlfile_finish(struct ctx *c, struct sqlfile *f)
{
	(void)sqlite3_finalize(f->last);
	f->last = NULL;
	f->finished = sqlite3_exec(f->db, "COMMIT", NULL, NULL, NULL) == SQLITE_OK;
	return f->finished || refused(c, f);
}

void sqlfile_close(struct sqlfile *f)
{
	(void)sqlite3_finalize(f->last);
	(void)sqlite3_close(f->db);
	if (f->makes && !f->finished)
		(void)unlink(f->path);
}

const char *sqlfile_name(struct ctx *c, const char *name)
{
	struct buf b;

	buf_init(&b, c->arena);
	buf_char(&b, '"');
	for (; *name != '\0'; name++) {
		if (*name == '"')
			buf_char(&b, '"');
		buf_char(&b, *name);
	}
	buf_char(&b, '"');
	return buf_cstr(&b);
}
