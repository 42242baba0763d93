/* PostgreSQL through libpq: one connection, prepared statements, text results, pipelines for many rows at
 * once. */
#include "db/engine.h"

#include <inttypes.h>
#include <libpq-fe.h>
#include <stdlib.h>
#include <string.h>

enum { OID_BYTEA = 17, OID_INT8 = 20, OID_INT2 = 21, OID_INT4 = 23, OID_TEXT = 25 };
#define PIPELINE_MAX 500 /* rows sent before their results are read */

struct prepared {
	bool ready;
	struct columns *columns;
};

struct conn {
	PGconn *h;
	struct prepared *cache; /* by slot */
	int slots;
	bool warned; /* the server warned during the last command */
};

static struct conn *conn_of(const struct ctx *c)
{
	return c->db->conn;
}

/* ---- failing ---- */

static enum err_code code_of(const struct db *db, const char *state)
{
	if (strcmp(state, "23505") == 0 || strcmp(state, "23503") == 0 || strcmp(state, "23514") == 0 ||
		strcmp(state, "23P01") == 0)
		return E_CONFLICT;
	if (strcmp(state, "53100") == 0)
		return E_NO_SPACE;
	if (strcmp(state, "25006") == 0)
		return db->mode == DB_WRITE ? E_BUSY : E_INTERNAL;
	/* 40 another transaction, 53 resources, 55 locks, 57 an operator, 08 and 58 the server itself */
	if (strncmp(state, "40", 2) == 0 || strncmp(state, "53", 2) == 0 || strncmp(state, "55", 2) == 0 ||
		strncmp(state, "57", 2) == 0 || strncmp(state, "08", 2) == 0 || strncmp(state, "58", 2) == 0)
		return E_BUSY;
	return E_INTERNAL;
}

/* The connection is of no use any more: gone, or its server has become a standby. */
static bool breaks(const struct ctx *c, const char *state)
{
	return PQstatus(conn_of(c)->h) != CONNECTION_OK || strncmp(state, "57P", 3) == 0 ||
	       (strcmp(state, "25006") == 0 && c->db->mode == DB_WRITE);
}

static bool failed(struct ctx *c, const PGresult *result, const char *what)
{
	const char *found = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;
	const char *state = found ? found : "08006";
	const char *said = result ? PQresultErrorMessage(result) : PQerrorMessage(conn_of(c)->h);
	enum err_code code = code_of(c->db, state);

	if (strcmp(state, "40001") == 0 || strcmp(state, "40P01") == 0)
		c->db->retry = true;
	if (strcmp(state, "23505") == 0)
		c->db->met = true;
	if (breaks(c, state)) {
		c->db->broken = true;
		if (c->db->in_tx)
			c->db->tx_lost = E_BUSY;
	}
	return db_failed(c, code, what, said);
}

static void on_notice(void *arg, const PGresult *result)
{
	const char *severity = PQresultErrorField(result, PG_DIAG_SEVERITY_NONLOCALIZED);

	if (severity && strcmp(severity, "WARNING") == 0)
		((struct conn *)arg)->warned = true;
}

/* ---- opening ---- */

/* What stands before dbname can be overridden by the URI, what stands behind it cannot. */
static PGconn *connect_to(const char *url)
{
	const char *const names[] = { "connect_timeout", "tcp_user_timeout", "keepalives_idle", "application_name",
		"dbname", "client_encoding", NULL };
	const char *const values[] = { "5", "15000", "30", "huodan", url, "UTF8", NULL };

	return PQconnectdbParams(names, values, 1);
}

static const char *session_of(enum db_mode mode)
{
	return mode == DB_WRITE ? "SET lock_timeout = '10s'; SET idle_in_transaction_session_timeout = '60s'; "
				  "SET statement_timeout = '60s'; SET client_min_messages = warning"
				: "SET default_transaction_read_only = on; SET statement_timeout = '30s'; "
				  "SET client_min_messages = warning";
}

static bool pg_open(struct db *db, struct buf *why)
{
	struct conn *conn = calloc(1, sizeof(*conn));
	PGresult *result;
	bool good;

	must(conn);
	db->conn = conn;
	conn->h = connect_to(db->url);
	if (PQstatus(conn->h) != CONNECTION_OK) {
		buf_str(why, PQerrorMessage(conn->h));
		return false;
	}
	PQsetNoticeReceiver(conn->h, on_notice, conn);
	result = PQexec(conn->h, session_of(db->mode));
	good = PQresultStatus(result) == PGRES_COMMAND_OK;
	if (!good)
		buf_str(why, PQerrorMessage(conn->h));
	PQclear(result);
	return good;
}

static void pg_close(struct db *db)
{
	struct conn *conn = db->conn;

	if (!conn)
		return;
	for (int i = 0; i < conn->slots; i++)
		free(conn->cache[i].columns);
	PQfinish(conn->h);
	free(conn->cache);
	free(conn);
	db->conn = NULL;
}

/* ---- parameters ---- */

struct params {
	const char *value[PARAMS_MAX];
	int len[PARAMS_MAX];
	int binary[PARAMS_MAX];
};

static void params_set(struct ctx *c, struct params *p, int i, const struct sql_arg *a)
{
	must(a->len <= INT32_MAX);
	p->value[i] = a->type == SQL_NULL ? NULL : a->s;
	p->len[i] = (int)a->len;
	p->binary[i] = a->type == SQL_BLOB;
	if (a->type == SQL_I64)
		p->value[i] = arena_printf(c->arena, "%" PRId64, a->i);
}

/* ---- preparing ---- */

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

/* A statement without a slot takes the nameless place, which the next one takes over. */
static const char *name_of(const struct sql *q)
{
	return q->slot == SLOT_NONE ? "" : q->name;
}

/* A reading connection may not lock rows and has no need to: there the same statement goes without its FOR UPDATE. */
static const char *text_for(struct ctx *c, const struct sql *q)
{
	const char *lock = c->db->mode == DB_READ ? strstr(q->pg, "FOR UPDATE") : NULL;

	return lock == NULL ? q->pg : arena_strndup(c->arena, q->pg, (size_t)(lock - q->pg));
}

static bool prepare(struct ctx *c, const struct sql *q, const Oid *types, struct prepared *p)
{
	PGresult *result;
	bool good;

	if (p->ready)
		return true;
	result = PQprepare(conn_of(c)->h, name_of(q), text_for(c, q), q->params, types);
	good = PQresultStatus(result) == PGRES_COMMAND_OK || failed(c, result, q->name);
	PQclear(result);
	p->ready = good;
	return good;
}

/* ---- rows ---- */

static const char *column_name(void *result, int column)
{
	return PQfname(result, column);
}

static const struct columns *columns_of(
	struct prepared *p, const struct sql *q, const struct field *table, PGresult *result)
{
	int len = PQnfields(result);

	if (!p->columns) {
		p->columns = calloc(1, sizeof(*p->columns));
		must(p->columns);
	}
	if (!columns_fit(p->columns, table, len))
		columns_match(p->columns, q, table, result, len, column_name);
	return p->columns;
}

static uint8_t nibble(char digit)
{
	return (uint8_t)(digit <= '9' ? digit - '0' : digit - 'a' + 10);
}

/* "\x6869" → the two bytes */
static struct sql_arg cell_bytes(struct ctx *c, const char *s, size_t len)
{
	size_t size = len >= 2 ? (len - 2) / 2 : 0;
	uint8_t *data = arena_alloc(c->arena, size + 1);

	for (size_t i = 0; i < size; i++)
		data[i] = (uint8_t)(nibble(s[2 + 2 * i]) << 4 | nibble(s[3 + 2 * i]));
	return (struct sql_arg){ .type = SQL_BLOB, .s = (const char *)data, .len = size };
}

static struct sql_arg cell_of(struct ctx *c, const PGresult *result, int row, int i)
{
	const char *s = PQgetvalue(result, row, i);
	Oid type = PQftype(result, i);
	size_t len = (size_t)PQgetlength(result, row, i);

	if (PQgetisnull(result, row, i))
		return (struct sql_arg){ .type = SQL_NULL };
	if (type == OID_INT8 || type == OID_INT4 || type == OID_INT2)
		return (struct sql_arg){ .type = SQL_I64, .i = strtoll(s, NULL, 10) };
	if (type == OID_BYTEA)
		return cell_bytes(c, s, len);
	return (struct sql_arg){ .type = SQL_STR, .s = s, .len = len };
}

static bool give_rows(struct ctx *c, const struct sql *q, struct prepared *p, PGresult *result, struct reading *r)
{
	const struct columns *columns = columns_of(p, q, r->table, result);
	RAW struct sql_arg cells[COLUMNS_MAX];
	enum after_row then = ROW_MORE;
	int rows = PQntuples(result);

	for (int row = 0; row < rows && then == ROW_MORE; row++) {
		for (int i = 0; i < columns->len; i++)
			cells[i] = cell_of(c, result, row, i);
		then = r->row(c, columns, cells, columns->len, r->to);
	}
	return then != ROW_FAILED;
}

static int64_t changed_of(PGresult *result)
{
	return strtoll(PQcmdTuples(result), NULL, 10);
}

static bool take_result(struct ctx *c, const struct sql *q, struct prepared *p, PGresult *result, struct reading *r)
{
	ExecStatusType status = PQresultStatus(result);

	if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
		return failed(c, result, q->name);
	r->changed = q->writes ? changed_of(result) : 0;
	return !r->row || status != PGRES_TUPLES_OK || give_rows(c, q, p, result, r);
}

/* ---- running ---- */

static bool run_prepared(
	struct ctx *c, const struct sql *q, struct prepared *p, const struct sql_arg *args, struct reading *r)
{
	struct params params;
	PGresult *result;
	bool done;

	if (!prepare(c, q, q->pg_types, p))
		return false;
	for (int i = 0; i < q->params; i++)
		params_set(c, &params, i, &args[i]);
	result = PQexecPrepared(conn_of(c)->h, name_of(q), q->params, params.value, params.len, params.binary, 0);
	done = take_result(c, q, p, result, r);
	PQclear(result);
	return done;
}

static bool pg_run(struct ctx *c, const struct sql *q, const struct sql_arg *args, struct reading *r)
{
	struct prepared once = { false, NULL };
	bool done;

	if (q->slot != SLOT_NONE)
		return run_prepared(c, q, cached(conn_of(c), q->slot), args, r);
	done = run_prepared(c, q, &once, args, r);
	free(once.columns);
	return done;
}

static bool pg_prepare(struct ctx *c, const struct sql *q)
{
	struct prepared once = { false, NULL };
	struct sql nameless = *q;

	nameless.slot = SLOT_NONE;
	return prepare(c, &nameless, q->pg_types, &once);
}

/* ---- many rows in one round trip ---- */

static Oid oid_of(const struct field *f)
{
	if (f->type == F_BYTES)
		return OID_BYTEA;
	return field_is_text(f) ? OID_TEXT : OID_INT8;
}

static bool prepare_each(struct ctx *c, const struct sql *q, const struct batch *b)
{
	Oid types[PARAMS_MAX];

	for (int i = 0; i < q->params; i++)
		types[i] = oid_of(b->params[i]);
	must(q->slot != SLOT_NONE);
	return prepare(c, q, types, cached(conn_of(c), q->slot));
}

static bool send_row(struct ctx *c, const struct sql *q, const struct batch *b, size_t row)
{
	struct params params;

	for (int i = 0; i < q->params; i++) {
		struct sql_arg a = sql_arg_of(c, b->params[i], b->rows + row * b->size);
		params_set(c, &params, i, &a);
	}
	return PQsendQueryPrepared(conn_of(c)->h, name_of(q), q->params, params.value, params.len, params.binary, 0) ==
	       1;
}

/* Every sent row has one result followed by NULL. The first failure is the batch's; the rows behind it are
 * skipped. */
static bool take_row(struct ctx *c, const struct sql *q, struct batch *b, bool failed_before)
{
	PGresult *result = PQgetResult(conn_of(c)->h);
	ExecStatusType status = PQresultStatus(result);
	bool good = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;

	if (good)
		b->changed += changed_of(result);
	else if (!failed_before)
		failed(c, result, q->name);
	PQclear(result);
	for (PGresult *rest = good || result ? PQgetResult(conn_of(c)->h) : NULL; rest;
		rest = PQgetResult(conn_of(c)->h))
		PQclear(rest);
	return good;
}

static bool take_sync(struct ctx *c, const struct sql *q)
{
	PGresult *result = PQgetResult(conn_of(c)->h);
	bool good = PQresultStatus(result) == PGRES_PIPELINE_SYNC || failed(c, NULL, q->name);

	PQclear(result);
	return good;
}

static bool send_some(struct ctx *c, const struct sql *q, struct batch *b, size_t from, size_t to)
{
	bool good = true;

	for (size_t i = from; i < to; i++)
		if (!send_row(c, q, b, i))
			return failed(c, NULL, q->name);
	if (!PQpipelineSync(conn_of(c)->h))
		return failed(c, NULL, q->name);
	for (size_t i = from; i < to && PQstatus(conn_of(c)->h) == CONNECTION_OK; i++)
		good = take_row(c, q, b, !good) && good;
	return take_sync(c, q) && good;
}

static bool pg_each(struct ctx *c, const struct sql *q, struct batch *b)
{
	PGconn *h = conn_of(c)->h;
	bool good = prepare_each(c, q, b);

	if (!good || !PQenterPipelineMode(h))
		return good && failed(c, NULL, q->name);
	for (size_t i = 0; good && i < b->len; i += PIPELINE_MAX)
		good = send_some(c, q, b, i, i + PIPELINE_MAX < b->len ? i + PIPELINE_MAX : b->len);
	if (!PQexitPipelineMode(h) && good)
		good = failed(c, NULL, q->name);
	return good;
}

/* ---- transactions ---- */

static bool pg_script(struct ctx *c, const char *sql)
{
	PGresult *result = PQexec(conn_of(c)->h, sql);
	ExecStatusType status = PQresultStatus(result);
	bool good = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK ||
		    failed(c, result, arena_printf(c->arena, "%.60s", sql));

	PQclear(result);
	return good;
}

/* True when the server said without reserve that it committed. "ROLLBACK" is what it answers to the COMMIT of
 * a transaction that has failed before; a warning means that it stopped waiting for a standby and the commit
 * may be lost. */
static bool committed(struct conn *conn, PGresult *result)
{
	return PQresultStatus(result) == PGRES_COMMAND_OK && strcmp(PQcmdStatus(result), "COMMIT") == 0 &&
	       !conn->warned;
}

static bool pg_commit(struct ctx *c)
{
	struct conn *conn = conn_of(c);
	PGresult *result;
	bool good;

	conn->warned = false;
	result = PQexec(conn->h, "COMMIT");
	good = committed(conn, result);
	if (!good && PQresultStatus(result) == PGRES_COMMAND_OK)
		db_failed(c, E_BUSY, "COMMIT",
			conn->warned ? "the standby may not have it" : "the transaction had failed");
	else if (!good)
		failed(c, result, "COMMIT");
	PQclear(result);
	if (!good)
		c->db->tx_lost = E_BUSY; /* there is nothing left to roll back */
	return good;
}

const struct engine engine_pg = {
	.open = pg_open,
	.close = pg_close,
	.script = pg_script,
	.say = pg_script,
	.commit = pg_commit,
	.run = pg_run,
	.each = pg_each,
	.prepare = pg_prepare,
	.backup = pg_backup_file,
	.restore = pg_restore_file,
	.begin_write = "BEGIN",
	.begin_read = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
};
