/* SQLite: one file, WAL, one writer at a time. */
#include "db/engine.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A statement stays prepared for the life of its connection. */
struct prepared {
	sqlite3_stmt *stmt;
	struct columns *columns;
};

#define WORDS_MAX 8
struct word {
	const char *text;
	sqlite3_stmt *stmt;
};

struct conn {
	sqlite3 *h;
	struct prepared *cache; /* by slot */
	int slots;
	struct word words[WORDS_MAX];
};

static struct conn *conn_of(const struct ctx *c)
{
	return c->db->conn;
}

/* For tests that let a commit fail. */
struct sqlite3 *db_sqlite_handle(struct db *db);
struct sqlite3 *db_sqlite_handle(struct db *db)
{
	must(db->kind == DB_SQLITE);
	return ((struct conn *)db->conn)->h;
}

/* ---- failing ---- */

static enum err_code constraint_code(int rc)
{
	bool conflict = rc == SQLITE_CONSTRAINT_UNIQUE || rc == SQLITE_CONSTRAINT_PRIMARYKEY ||
			rc == SQLITE_CONSTRAINT_ROWID || rc == SQLITE_CONSTRAINT_FOREIGNKEY ||
			rc == SQLITE_CONSTRAINT_CHECK;

	return conflict ? E_CONFLICT : E_INTERNAL;
}

static enum err_code code_of(int rc)
{
	switch (rc & 0xff) {
	case SQLITE_FULL: return E_NO_SPACE;
	case SQLITE_CONSTRAINT: return constraint_code(rc);
	case SQLITE_TOOBIG: return E_TOO_LARGE;
	case SQLITE_ERROR:
	case SQLITE_MISUSE:
	case SQLITE_RANGE:
	case SQLITE_MISMATCH:
	case SQLITE_READONLY: return E_INTERNAL;
	default: return E_BUSY;
	}
}

/* After these the pages in memory may not be what is on the disk. */
static bool breaks(int rc)
{
	int kind = rc & 0xff;

	return kind == SQLITE_IOERR || kind == SQLITE_CORRUPT || kind == SQLITE_NOTADB || kind == SQLITE_CANTOPEN ||
	       kind == SQLITE_PROTOCOL;
}

static bool failed(struct ctx *c, int rc, const char *what)
{
	sqlite3 *h = conn_of(c)->h;
	enum err_code code = code_of(rc);

	if (breaks(rc))
		c->db->broken = true;
	if ((rc & 0xff) == SQLITE_READONLY && c->db->mode == DB_WRITE) {
		code = E_BUSY;
		c->db->broken = true;
	}
	/* A full disk or a failed write may have rolled back everything; later statements must not commit one
	 * by one. */
	if (c->db->in_tx && sqlite3_get_autocommit(h))
		c->db->tx_lost = code;
	return db_failed(c, code, what, sqlite3_errmsg(h));
}

/* ---- opening ---- */

static bool pragma(sqlite3 *h, const char *sql, struct buf *why)
{
	if (sqlite3_exec(h, sql, NULL, NULL, NULL) == SQLITE_OK)
		return true;
	buf_printf(why, "%s: %s", sql, sqlite3_errmsg(h));
	return false;
}

/* The file is made and switched to WAL under EXTRA, so that the journal of its first transaction is really
 * gone from the directory; otherwise a crash could bring it back and roll back all that came after. */
static bool open_write(sqlite3 *h, struct buf *why)
{
	return pragma(h, "PRAGMA synchronous = EXTRA", why) && pragma(h, "PRAGMA journal_mode = WAL", why) &&
	       pragma(h, "PRAGMA synchronous = FULL", why) && pragma(h, "PRAGMA wal_autocheckpoint = 10000", why) &&
	       pragma(h, "PRAGMA cache_size = -32768", why) && pragma(h, "PRAGMA foreign_keys = ON", why);
}

static bool open_read(sqlite3 *h, struct buf *why)
{
	return pragma(h, "PRAGMA query_only = ON", why) && pragma(h, "PRAGMA cache_size = -4096", why);
}

/* The engine's own count of its memory costs a lock with each allocation, and nobody asks for it. Where the engine runs
 * already, as in a test with a disk of its own, it goes on counting. */
static void engine_set_up(void)
{
	(void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

static bool sqlite_open(struct db *db, struct buf *why)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	const char *path = db->url + strlen("sqlite:");
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
	struct conn *conn = calloc(1, sizeof(*conn));

	must(conn && pthread_once(&once, engine_set_up) == 0);
	db->conn = conn;
	if (db->mode == DB_WRITE)
		flags |= SQLITE_OPEN_CREATE;
	if (sqlite3_open_v2(path, &conn->h, flags, NULL) != SQLITE_OK) {
		buf_printf(why, "%s: %s", path, conn->h ? sqlite3_errmsg(conn->h) : "out of memory");
		return false;
	}
	sqlite3_busy_timeout(conn->h, 5000);
	/* Where a file cannot be opened for writing (too many are open, for a moment), SQLite opens it for reading. */
	if (db->mode == DB_WRITE && sqlite3_db_readonly(conn->h, "main") == 1) {
		buf_printf(why, "%s: cannot be written", path);
		return false;
	}
	return pragma(conn->h, "PRAGMA temp_store = MEMORY", why) &&
	       (db->mode == DB_WRITE ? open_write(conn->h, why) : open_read(conn->h, why));
}

static void forget(struct prepared *p)
{
	sqlite3_finalize(p->stmt);
	free(p->columns);
}

static void sqlite_close(struct db *db)
{
	struct conn *conn = db->conn;

	if (!conn)
		return;
	for (int i = 0; i < conn->slots; i++)
		forget(&conn->cache[i]);
	for (int i = 0; i < WORDS_MAX; i++)
		sqlite3_finalize(conn->words[i].stmt);
	sqlite3_close(conn->h);
	free(conn->cache);
	free(conn);
	db->conn = NULL;
}

/* ---- running ---- */

static struct prepared *cached(struct conn *conn, int slot)
{
	if (slot >= conn->slots) {
		int slots = slot + 64;
		conn->cache = reallocarray(conn->cache, (size_t)slots, sizeof(*conn->cache));
		must(conn->cache);
		memset(conn->cache + conn->slots, 0, sizeof(*conn->cache) * (size_t)(slots - conn->slots));
		conn->slots = slots;
	}
	return &conn->cache[slot];
}

static bool prepare(struct ctx *c, const struct sql *q, struct prepared *p)
{
	int rc = SQLITE_OK;

	if (!p->stmt)
		rc = sqlite3_prepare_v3(conn_of(c)->h, q->sqlite, -1, SQLITE_PREPARE_PERSISTENT, &p->stmt, NULL);
	if (rc != SQLITE_OK)
		return failed(c, rc, q->name);
	return true;
}

static const char *column_name(void *stmt, int column)
{
	return sqlite3_column_name(stmt, column);
}

static const struct columns *columns_of(struct prepared *p, const struct sql *q, const struct field *table)
{
	int len = sqlite3_column_count(p->stmt);

	if (!p->columns) {
		p->columns = calloc(1, sizeof(*p->columns));
		must(p->columns);
	}
	if (!columns_fit(p->columns, table, len))
		columns_match(p->columns, q, table, p->stmt, len, column_name);
	return p->columns;
}

static int bind_one(sqlite3_stmt *stmt, int i, const struct sql_arg *a)
{
	switch (a->type) {
	case SQL_I64: return sqlite3_bind_int64(stmt, i, a->i);
	case SQL_STR: return sqlite3_bind_text64(stmt, i, a->s, a->len, SQLITE_STATIC, SQLITE_UTF8);
	case SQL_BLOB: return sqlite3_bind_blob64(stmt, i, a->s, a->len, SQLITE_STATIC);
	default: return sqlite3_bind_null(stmt, i);
	}
}

/* A text of its own for each engine may leave the last parameters unused. */
static bool bind(struct ctx *c, const struct sql *q, sqlite3_stmt *stmt, const struct sql_arg *args)
{
	int len = sqlite3_bind_parameter_count(stmt);

	must(len <= q->params);
	for (int i = 0; i < len; i++) {
		int rc = bind_one(stmt, i + 1, &args[i]);
		if (rc != SQLITE_OK)
			return failed(c, rc, q->name);
	}
	return true;
}

static struct sql_arg cell_of(sqlite3_stmt *stmt, int i)
{
	switch (sqlite3_column_type(stmt, i)) {
	case SQLITE_NULL: return (struct sql_arg){ .type = SQL_NULL };
	case SQLITE_INTEGER: return (struct sql_arg){ .type = SQL_I64, .i = sqlite3_column_int64(stmt, i) };
	case SQLITE_BLOB: {
		const void *s = sqlite3_column_blob(stmt, i);
		return (struct sql_arg){ .type = SQL_BLOB, .s = s, .len = (size_t)sqlite3_column_bytes(stmt, i) };
	}
	default: {
		const unsigned char *s = sqlite3_column_text(stmt, i);
		must(s);
		return (struct sql_arg){
			.type = SQL_STR, .s = (const char *)s, .len = (size_t)sqlite3_column_bytes(stmt, i)
		};
	}
	}
}

static enum after_row give_row(struct ctx *c, const struct columns *columns, sqlite3_stmt *stmt, struct reading *r)
{
	RAW struct sql_arg cells[COLUMNS_MAX];

	for (int i = 0; i < columns->len; i++)
		cells[i] = cell_of(stmt, i);
	return r->row(c, columns, cells, columns->len, r->to);
}

static bool step_all(struct ctx *c, const struct sql *q, struct prepared *p, struct reading *r)
{
	const struct columns *columns = r->row ? columns_of(p, q, r->table) : NULL;
	enum after_row then = ROW_MORE;
	int rc = SQLITE_ROW;

	while (then == ROW_MORE && (rc = sqlite3_step(p->stmt)) == SQLITE_ROW)
		if (r->row)
			then = give_row(c, columns, p->stmt, r);
	if (rc != SQLITE_DONE && rc != SQLITE_ROW)
		return failed(c, rc, q->name);
	return then != ROW_FAILED;
}

static bool run_prepared(
	struct ctx *c, const struct sql *q, struct prepared *p, const struct sql_arg *args, struct reading *r)
{
	bool done;

	if (!prepare(c, q, p))
		return false;
	sqlite3_reset(p->stmt); /* a row that ran out of memory may have left it open */
	done = bind(c, q, p->stmt, args) && step_all(c, q, p, r);
	if (done && q->writes)
		r->changed = sqlite3_changes64(conn_of(c)->h);
	sqlite3_reset(p->stmt);
	return done;
}

static bool sqlite_run(struct ctx *c, const struct sql *q, const struct sql_arg *args, struct reading *r)
{
	struct prepared once = { NULL, NULL };
	bool done;

	if (q->slot != SLOT_NONE)
		return run_prepared(c, q, cached(conn_of(c), q->slot), args, r);
	done = run_prepared(c, q, &once, args, r);
	forget(&once);
	return done;
}

static bool sqlite_prepare(struct ctx *c, const struct sql *q)
{
	struct prepared once = { NULL, NULL };
	bool good = prepare(c, q, &once);

	forget(&once);
	return good;
}

static bool sqlite_each(struct ctx *c, const struct sql *q, struct batch *b)
{
	RAW struct sql_arg args[PARAMS_MAX];

	for (size_t i = 0; i < b->len; i++) {
		struct reading r = { .row = NULL };
		for (int p = 0; p < q->params; p++)
			args[p] = sql_arg_of(c, b->params[p], b->rows + i * b->size);
		if (!sqlite_run(c, q, args, &r))
			return false;
		b->changed += r.changed;
	}
	return true;
}

static bool sqlite_script(struct ctx *c, const char *sql)
{
	int rc = sqlite3_exec(conn_of(c)->h, sql, NULL, NULL, NULL);

	return rc == SQLITE_OK || failed(c, rc, arena_printf(c->arena, "%.60s", sql));
}

static sqlite3_stmt *word_of(struct conn *conn, const char *text)
{
	struct word *w = conn->words;

	while (w->text != NULL && w->text != text) {
		w++;
		must(w < conn->words + WORDS_MAX);
	}
	if (w->stmt == NULL)
		(void)sqlite3_prepare_v3(conn->h, text, -1, SQLITE_PREPARE_PERSISTENT, &w->stmt, NULL);
	if (w->stmt != NULL)
		w->text = text;
	return w->stmt;
}

static bool sqlite_say(struct ctx *c, const char *word)
{
	sqlite3_stmt *stmt = word_of(conn_of(c), word);
	int rc = stmt != NULL ? sqlite3_step(stmt) : sqlite3_extended_errcode(conn_of(c)->h);

	if (stmt != NULL)
		sqlite3_reset(stmt);
	return rc == SQLITE_DONE || failed(c, rc, word);
}

/* A commit that fails is never half done, but after a failed sync nobody knows what the disk kept: the answer
 * is "busy", which asks the caller to look again. */
static bool sqlite_commit(struct ctx *c)
{
	int rc = sqlite3_exec(conn_of(c)->h, "COMMIT", NULL, NULL, NULL);

	if (rc == SQLITE_OK)
		return true;
	if (breaks(rc))
		c->db->broken = true;
	if (sqlite3_get_autocommit(conn_of(c)->h))
		c->db->tx_lost = E_BUSY;
	return db_failed(c, (rc & 0xff) == SQLITE_FULL ? E_NO_SPACE : E_BUSY, "COMMIT", sqlite3_errmsg(conn_of(c)->h));
}

/* ---- backup ---- */

static bool copy_into(struct ctx *c, sqlite3 *to)
{
	sqlite3_backup *backup = sqlite3_backup_init(to, "main", conn_of(c)->h, "main");
	int rc;

	if (!backup)
		return db_failed(c, E_INTERNAL, "backup", sqlite3_errmsg(to));
	sqlite3_backup_step(backup, -1); /* all at once: one moment, while others go on writing */
	rc = sqlite3_backup_finish(backup);
	/* Leaving WAL makes the copy one file that is complete by itself. */
	if (rc == SQLITE_OK)
		rc = sqlite3_exec(to, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL);
	return rc == SQLITE_OK || db_failed(c, code_of(rc), "backup", sqlite3_errmsg(to));
}

static bool sync_file(struct ctx *c, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	bool synced = fd >= 0 && fsync(fd) == 0;

	if (fd >= 0)
		close(fd);
	return synced || db_failed(c, E_NO_SPACE, "backup", "fsync failed");
}

static bool sqlite_backup_file(struct ctx *c, const char *path)
{
	const char *part = arena_printf(c->arena, "%s.part", path);
	sqlite3 *to = NULL;
	int rc = sqlite3_open_v2(part, &to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL);
	bool done = rc == SQLITE_OK ? copy_into(c, to) : db_failed(c, E_NO_SPACE, "backup", sqlite3_errmsg(to));

	sqlite3_close(to);
	done = done && sync_file(c, part);
	if (done && rename(part, path) != 0)
		done = db_failed(c, E_NO_SPACE, "backup", "rename failed");
	if (!done)
		unlink(part);
	return done;
}

static bool copy_bytes(FILE *from, FILE *to)
{
	RAW char block[65536];
	size_t n;

	while ((n = fread(block, 1, sizeof(block), from)) > 0)
		if (fwrite(block, 1, n, to) != n)
			return false;
	return !ferror(from) && fflush(to) == 0 && fsync(fileno(to)) == 0;
}

static bool sqlite_restore_file(const char *url, const char *path, struct buf *why)
{
	const char *place = url + strlen("sqlite:");
	FILE *from = fopen(path, "re"), *to;
	bool fine;

	if (from == NULL) {
		buf_printf(why, "cannot read %s", path);
		return false;
	}
	to = fopen(place, "wxe");
	if (to == NULL)
		buf_str(why,
			errno == EEXIST ? "there is a database already; restore never overwrites" : strerror(errno));
	fine = to != NULL && copy_bytes(from, to);
	fclose(from);
	if (to == NULL)
		return false;
	fine = fclose(to) == 0 && fine;
	if (!fine) {
		unlink(place);
		buf_str(why, "could not write the database");
	}
	return fine;
}

const struct engine engine_sqlite = {
	.open = sqlite_open,
	.close = sqlite_close,
	.script = sqlite_script,
	.say = sqlite_say,
	.commit = sqlite_commit,
	.run = sqlite_run,
	.each = sqlite_each,
	.prepare = sqlite_prepare,
	.backup = sqlite_backup_file,
	.restore = sqlite_restore_file,
	.begin_write = "BEGIN IMMEDIATE",
	.begin_read = "BEGIN",
};
