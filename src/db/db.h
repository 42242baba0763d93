/* db: one API over SQLite and PostgreSQL.
 * SQL lives in <module>.sql files; tools/sqlgen turns each named statement into a typed C function that calls
 * the functions below. Features never call anything here but through those generated functions. Every
 * function fails with E_BUSY when the engine is busy or gone, E_CONFLICT on a unique key, E_NO_SPACE on a
 * full disk. */
#ifndef DB_DB_H
#define DB_DB_H

#include "base/ctx.h"
#include "base/field.h"

#include <stdint.h>

enum db_engine { DB_SQLITE, DB_PG };
enum db_mode { DB_READ, DB_WRITE };

struct db;

/* One prepared statement of a .sql file; made by sqlgen only. */
struct sql {
	const char *name;
	const char *module;
	const char *sqlite; /* text with ?1 ?2 ... */
	const char *pg;     /* text with $1 $2 ... */
	int params;
	const unsigned *pg_types; /* OIDs */
	int slot;                 /* index in the connection's cache of prepared statements; dense over all modules */
	bool writes;
};

enum sql_type { SQL_NULL, SQL_I64, SQL_STR, SQL_BLOB };
struct sql_arg {
	enum sql_type type;
	int64_t i;
	const char *s; /* SQL_STR: NUL-terminated; SQL_BLOB: len bytes */
	size_t len;
};

/* From C to a parameter; "not given" becomes NULL. Named by the types of the .sql files. */
struct sql_arg sql_arg_i64(struct ctx *c, int64_t v);
struct sql_arg sql_arg_str(struct ctx *c, const char *v);
struct sql_arg sql_arg_blob(struct ctx *c, struct bytes v);
struct sql_arg sql_arg_money(struct ctx *c, struct money v);
struct sql_arg sql_arg_price(struct ctx *c, struct price v);
struct sql_arg sql_arg_qty(struct ctx *c, struct qty v);
struct sql_arg sql_arg_time(struct ctx *c, struct instant v);
struct sql_arg sql_arg_date(struct ctx *c, struct date v);
struct sql_arg sql_arg_bool(struct ctx *c, bool v);
struct sql_arg sql_arg_strs(struct ctx *c, struct strs v); /* as a JSON array, in the arena */
struct sql_arg sql_arg_i64s(struct ctx *c, struct i64s v);

/* url: "sqlite:PATH", "sqlite::memory:" or "postgresql://...". */
NODISCARD bool db_open(struct db **out, const char *url, enum db_mode mode, struct buf *why);
void db_close(struct db *db);
enum db_engine db_engine_of(const struct db *db);
/* No network or file work may happen while one is open: begin/commit belong to the lane, the job runner and
 * commands. */
NODISCARD bool db_begin(struct ctx *c);
NODISCARD bool db_commit(struct ctx *c);
void db_rollback(struct ctx *c);
/* A request inside a group, or an attempt inside a request: the innermost is the one that is released or rolled back. */
NODISCARD bool db_savepoint(struct ctx *c);
NODISCARD bool db_release(struct ctx *c);
void db_rollback_to(struct ctx *c);
bool db_in_tx(const struct db *db);
/* One pointer for the layer above: its ids and audit heads belong to a connection. */
void **db_user(struct db *db);
/* What a module remembers of this database for as long as the connection is there; NULL at first. drop() is called with
 * it when the connection is closed. */
void **db_kept(struct db *db, void (*drop)(void *kept));
/* The transaction met another one (serialization failure, deadlock) and is worth running again from its
 * start. */
bool db_retry(const struct db *db);
/* A unique key was taken by a transaction that ran beside ours: run again, the rules will see its row and know what to
 * say. Never on SQLite, where one writes at a time. */
bool db_met(const struct db *db);
/* The engine gave the whole transaction up: nothing in it counts any more, whatever its savepoints say. */
bool db_tx_lost(const struct db *db);
/* After a failed fsync or a lost connection: close and open anew before the next transaction. */
bool db_broken(const struct db *db);
NODISCARD bool db_reopen(struct db *db, struct buf *why);

/* Called by generated functions. fields: the row's table; columns are matched to it by name once per
 * statement. */
NODISCARD bool sql_exec(struct ctx *c, const struct sql *q, const struct sql_arg *args, int64_t *changed);
NODISCARD bool sql_find(
	struct ctx *c, const struct sql *q, const struct sql_arg *args, const struct field *f, void *out, bool *found);
NODISCARD bool sql_get(struct ctx *c, const struct sql *q, const struct sql_arg *args, const struct field *f,
	void *out); /* E_NOT_FOUND */
NODISCARD bool sql_many(struct ctx *c, const struct sql *q, const struct sql_arg *args, const struct field *f,
	size_t size, void **rows, size_t *len);
NODISCARD bool sql_i64(
	struct ctx *c, const struct sql *q, const struct sql_arg *args, int64_t *out); /* no row or NULL: INT64_MIN */
NODISCARD bool sql_str(
	struct ctx *c, const struct sql *q, const struct sql_arg *args, const char **out); /* no row or NULL: NULL */
/* Once per row of an array of structs whose table f names the parameters; one round trip on PostgreSQL
 * (pipeline mode). */
NODISCARD bool sql_each(struct ctx *c, const struct sql *q, const struct field *f, const char *const *param_names,
	const void *rows, size_t size, size_t len, int64_t *changed);

/* Only sees whether the engine understands the statement, for the test that asks this of all of them. */
NODISCARD bool sql_prepare(struct ctx *c, const struct sql *q);

/* Consistent copy of the whole database while others write (SQLite backup API). */
/* Puts a copy made by db_backup in place; refuses where there is a database already. */
NODISCARD bool db_restore(const char *url, const char *path, struct buf *why);
NODISCARD bool db_backup(struct ctx *c, const char *path);

#endif
