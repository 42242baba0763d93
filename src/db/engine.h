/* engine: what db.c asks of an engine, and what the engines ask of db.c. Only files in src/db include this.
 */
#ifndef DB_ENGINE_H
#define DB_ENGINE_H

#include "db/db.h"

#define COLUMNS_MAX 128
#define PARAMS_MAX  64
#define SLOT_NONE   (-1) /* a statement that is not worth keeping prepared */

/* Which field a column of a prepared statement fills; worked out once per statement and table. */
struct columns {
	const struct field *table;
	const struct field *of[COLUMNS_MAX];
	int len;
};
typedef const char *(*column_name_fn)(void *result, int column);

/* What to do with the rows of a statement. */
enum after_row { ROW_MORE, ROW_ENOUGH, ROW_FAILED };
struct reading {
	const struct field *table; /* NULL: the first column is taken as it is */
	enum after_row (*row)(
		struct ctx *c, const struct columns *columns, const struct sql_arg *cells, int len, void *to);
	void *to;
	int64_t changed; /* rows written, set by the engine */
};

/* One statement for an array of structs. */
struct batch {
	const struct field *table;
	const struct field *params[PARAMS_MAX];
	const char *rows;
	size_t size, len;
	int64_t changed;
};

struct engine {
	bool (*open)(struct db *db, struct buf *why);
	void (*close)(struct db *db);
	/* SQL without parameters and rows: a migration (several statements). */
	bool (*script)(struct ctx *c, const char *sql);
	/* One statement that is said again and again, BEGIN or SAVEPOINT: always the same literal. */
	bool (*say)(struct ctx *c, const char *word);
	bool (*commit)(struct ctx *c);
	bool (*run)(struct ctx *c, const struct sql *q, const struct sql_arg *args, struct reading *r);
	bool (*each)(struct ctx *c, const struct sql *q, struct batch *b);
	bool (*prepare)(struct ctx *c, const struct sql *q);
	bool (*backup)(struct ctx *c, const char *path);
	/* Puts a copy where url says there is nothing yet. */
	bool (*restore)(const char *url, const char *path, struct buf *why);
	const char *begin_write, *begin_read;
};
extern const struct engine engine_sqlite, engine_pg;
NODISCARD bool pg_backup_file(struct ctx *c, const char *path);
NODISCARD bool pg_restore_file(const char *url, const char *path, struct buf *why);

struct db {
	const struct engine *engine;
	enum db_engine kind;
	enum db_mode mode;
	char *url;
	void *conn; /* the engine's own */
	void *user;
	void *kept;
	void (*drop)(void *kept);
	bool in_tx;
	bool broken;
	bool retry;
	bool met;              /* a row of another transaction had our key */
	enum err_code tx_lost; /* why the engine gave up the transaction that is open, E_NONE if it did not */
};

/* Fills in what the table says, and remembers it in *columns. */
void columns_match(struct columns *columns, const struct sql *q, const struct field *table, void *result, int len,
	column_name_fn name);
bool columns_fit(const struct columns *columns, const struct field *table, int len);
/* The parameter a member becomes. */
struct sql_arg sql_arg_of(struct ctx *c, const struct field *f, const void *row);
/* True when a field is bound as text / as bytes, else as a number. */
bool field_is_text(const struct field *f);
/* Says on standard error what the engine said, and fails with the code's own sentence. */
bool db_failed(struct ctx *c, enum err_code code, const char *what, const char *said);
/* SQL without parameters that is not in a .sql file. */
NODISCARD bool db_script(struct ctx *c, const char *sql);

#endif
