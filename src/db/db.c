#include "db/engine.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ---- from C to parameters ---- */

static struct sql_arg number(int64_t v)
{
	return (struct sql_arg){ .type = v == INT64_MIN ? SQL_NULL : SQL_I64, .i = v };
}

struct sql_arg sql_arg_i64(struct ctx *c, int64_t v)
{
	(void)c;
	return number(v);
}

struct sql_arg sql_arg_str(struct ctx *c, const char *v)
{
	(void)c;
	return (struct sql_arg){ .type = v ? SQL_STR : SQL_NULL, .s = v, .len = v ? strlen(v) : 0 };
}

struct sql_arg sql_arg_blob(struct ctx *c, struct bytes v)
{
	(void)c;
	return (struct sql_arg){ .type = v.data ? SQL_BLOB : SQL_NULL, .s = (const char *)v.data, .len = v.len };
}

struct sql_arg sql_arg_money(struct ctx *c, struct money v)
{
	return sql_arg_i64(c, v.fen);
}

struct sql_arg sql_arg_price(struct ctx *c, struct price v)
{
	return sql_arg_i64(c, v.e4);
}

struct sql_arg sql_arg_qty(struct ctx *c, struct qty v)
{
	return sql_arg_i64(c, v.milli);
}

struct sql_arg sql_arg_time(struct ctx *c, struct instant v)
{
	return sql_arg_i64(c, v.us);
}

struct sql_arg sql_arg_date(struct ctx *c, struct date v)
{
	return sql_arg_str(c, date_is(v) ? date_str(c->arena, v) : NULL);
}

struct sql_arg sql_arg_bool(struct ctx *c, bool v)
{
	return sql_arg_i64(c, v ? 1 : 0);
}

struct sql_arg sql_arg_strs(struct ctx *c, struct strs v)
{
	struct buf b;
	struct json j;

	buf_init(&b, c->arena);
	json_start(&j, &b);
	json_arr(&j, NULL);
	for (size_t i = 0; i < v.len; i++)
		json_str(&j, NULL, v.at[i]);
	json_end_arr(&j);
	return sql_arg_str(c, buf_cstr(&b));
}

struct sql_arg sql_arg_i64s(struct ctx *c, struct i64s v)
{
	struct buf b;
	struct json j;

	buf_init(&b, c->arena);
	json_start(&j, &b);
	json_arr(&j, NULL);
	for (size_t i = 0; i < v.len; i++)
		json_int(&j, NULL, v.at[i]);
	json_end_arr(&j);
	return sql_arg_str(c, buf_cstr(&b));
}

struct sql_arg sql_arg_of(struct ctx *c, const struct field *f, const void *row)
{
	const void *at = (const char *)row + f->offset;

	switch (f->type) {
	case F_STR:
	case F_JSON: return sql_arg_str(c, *(const char *const *)at);
	case F_BOOL: return sql_arg_bool(c, *(const bool *)at);
	case F_DATE: return sql_arg_date(c, *(const struct date *)at);
	case F_ENUM: return sql_arg_str(c, *(const int *)at < 0 ? NULL : f->names[*(const int *)at]);
	case F_BYTES: return sql_arg_blob(c, *(const struct bytes *)at);
	case F_INT: return sql_arg_i64(c, *(const int64_t *)at);
	case F_MONEY: return sql_arg_money(c, *(const struct money *)at);
	case F_PRICE: return sql_arg_price(c, *(const struct price *)at);
	case F_QTY: return sql_arg_qty(c, *(const struct qty *)at);
	case F_TIME: return sql_arg_time(c, *(const struct instant *)at);
	case F_LIST:
	case F_OBJ: break;
	}
	must(!"a list or an object is no parameter");
	return number(INT64_MIN);
}

bool field_is_text(const struct field *f)
{
	return f->type == F_STR || f->type == F_JSON || f->type == F_DATE || f->type == F_ENUM;
}

/* ---- from rows to C ---- */

bool columns_fit(const struct columns *columns, const struct field *table, int len)
{
	return columns->table == table && columns->len == len;
}

void columns_match(struct columns *columns, const struct sql *q, const struct field *table, void *result, int len,
	column_name_fn name)
{
	must(len <= COLUMNS_MAX);
	columns->table = table;
	columns->len = len;
	for (int i = 0; table && i < len; i++) {
		columns->of[i] = field_find(table, name(result, i));
		if (!columns->of[i])
			fprintf(stderr, "%s.sql: %s: column %s is not in the table of fields\n", q->module, q->name,
				name(result, i));
		must(columns->of[i]);
	}
}

static const char *cell_text(struct ctx *c, const struct sql_arg *cell)
{
	if (cell->type == SQL_I64)
		return arena_printf(c->arena, "%" PRId64, cell->i);
	return arena_strndup(c->arena, cell->s, cell->len);
}

static bool cell_i64(const struct sql_arg *cell, int64_t *out)
{
	char *end;

	*out = cell->i;
	if (cell->type == SQL_I64)
		return true;
	/* PostgreSQL's NUMERIC, from a sum that was not cast. */
	*out = strtoll(cell->s, &end, 10);
	return end == cell->s + cell->len && cell->len > 0;
}

static bool cell_date(struct ctx *c, const struct sql_arg *cell, struct date *out)
{
	return date_parse(cell_text(c, cell), out);
}

static bool cell_enum(struct ctx *c, const struct sql_arg *cell, const struct field *f, int *out)
{
	*out = enum_find(f->names, cell_text(c, cell));
	return *out >= 0;
}

static struct bytes cell_bytes(struct ctx *c, const struct sql_arg *cell)
{
	uint8_t *data = arena_alloc(c->arena, cell->len + 1);

	if (cell->len > 0)
		memcpy(data, cell->s, cell->len);
	return (struct bytes){ data, cell->len };
}

static bool cell_number(const struct sql_arg *cell, const struct field *f, void *at)
{
	int64_t n;

	if (!cell_i64(cell, &n))
		return false;
	switch (f->type) {
	case F_BOOL: *(bool *)at = n != 0; return true;
	case F_MONEY: *(struct money *)at = (struct money){ n }; return true;
	case F_PRICE: *(struct price *)at = (struct price){ n }; return true;
	case F_QTY: *(struct qty *)at = (struct qty){ n }; return true;
	case F_TIME: *(struct instant *)at = (struct instant){ n }; return true;
	default: *(int64_t *)at = n; return f->type == F_INT;
	}
}

/* One column into its member; what is NULL stays as fields_clear left it. */
static bool cell_store(struct ctx *c, const struct sql_arg *cell, const struct field *f, void *row)
{
	void *at = (char *)row + f->offset;

	if (cell->type == SQL_NULL)
		return true;
	switch (f->type) {
	case F_STR:
	case F_JSON: *(const char **)at = cell_text(c, cell); return true;
	case F_DATE: return cell_date(c, cell, at);
	case F_ENUM: return cell_enum(c, cell, f, at);
	case F_BYTES: *(struct bytes *)at = cell_bytes(c, cell); return true;
	default: return cell_number(cell, f, at);
	}
}

static bool row_store(struct ctx *c, const struct columns *columns, const struct sql_arg *cells, int len, void *row)
{
	fields_clear(columns->table, row);
	for (int i = 0; i < len; i++)
		if (!cell_store(c, &cells[i], columns->of[i], row))
			return db_failed(
				c, E_INTERNAL, columns->of[i]->name, "the stored value is not of the field's type");
	return true;
}

/* ---- the connection ---- */

static const struct engine *engine_of(const char *url, struct buf *why)
{
	if (strncmp(url, "sqlite:", 7) == 0)
		return &engine_sqlite;
	if (strncmp(url, "postgresql://", 13) == 0 || strncmp(url, "postgres://", 11) == 0)
		return &engine_pg;
	buf_printf(why, "%s is neither sqlite:PATH nor postgresql://...", url);
	return NULL;
}

bool db_open(struct db **out, const char *url, enum db_mode mode, struct buf *why)
{
	const struct engine *engine = engine_of(url, why);
	struct db *db;

	*out = NULL;
	if (engine == NULL)
		return false;
	db = calloc(1, sizeof(*db));
	must(db);
	*db = (struct db){ .engine = engine, .kind = engine == &engine_sqlite ? DB_SQLITE : DB_PG, .mode = mode };
	db->url = strdup(url);
	must(db->url);
	if (!db->engine->open(db, why)) {
		db_close(db);
		return false;
	}
	*out = db;
	return true;
}

void db_close(struct db *db)
{
	if (!db)
		return;
	db->engine->close(db);
	if (db->kept != NULL)
		db->drop(db->kept);
	free(db->url);
	free(db);
}

bool db_reopen(struct db *db, struct buf *why)
{
	db->engine->close(db);
	db->in_tx = db->retry = db->met = false;
	db->tx_lost = E_NONE;
	db->broken = !db->engine->open(db, why);
	return !db->broken;
}

enum db_engine db_engine_of(const struct db *db)
{
	return db->kind;
}

bool db_in_tx(const struct db *db)
{
	return db->in_tx;
}

bool db_broken(const struct db *db)
{
	return db->broken;
}

bool db_retry(const struct db *db)
{
	return db->retry;
}

bool db_met(const struct db *db)
{
	return db->met;
}

bool db_tx_lost(const struct db *db)
{
	return db->tx_lost != E_NONE;
}

void **db_kept(struct db *db, void (*drop)(void *kept))
{
	must(db->drop == NULL || db->drop == drop);
	db->drop = drop;
	return &db->kept;
}

void **db_user(struct db *db)
{
	return &db->user;
}

bool db_failed(struct ctx *c, enum err_code code, const char *what, const char *said)
{
	struct buf b;
	struct json j;

	if (code != E_CONFLICT) {
		buf_init(&b, NULL);
		json_start(&j, &b);
		json_obj(&j, NULL);
		json_str(&j, "level", "error");
		json_str(&j, "event", "db");
		json_str(&j, "what", what);
		json_str(&j, "said", said);
		json_end_obj(&j);
		fprintf(stderr, "%s\n", buf_cstr(&b));
		buf_free(&b);
	}
	return fail(c, code, err_title(code));
}

/* A statement may run: the engine is there, and it would not run outside of a transaction that was given up.
 */
static bool usable(struct ctx *c)
{
	must(c->db);
	if (c->db->tx_lost != E_NONE)
		return fail(c, c->db->tx_lost, err_title(c->db->tx_lost));
	if (c->db->broken)
		return fail(c, E_BUSY, err_title(E_BUSY));
	return true;
}

/* ---- transactions ---- */

bool db_script(struct ctx *c, const char *sql)
{
	return usable(c) && c->db->engine->script(c, sql);
}

static bool say(struct ctx *c, const char *word)
{
	return usable(c) && c->db->engine->say(c, word);
}

bool db_begin(struct ctx *c)
{
	struct db *db = c->db;

	must(!db->in_tx);
	db->retry = db->met = false;
	if (!say(c, db->mode == DB_WRITE ? db->engine->begin_write : db->engine->begin_read))
		return false;
	db->in_tx = true;
	return true;
}

bool db_commit(struct ctx *c)
{
	struct db *db = c->db;

	must(db->in_tx);
	if (!usable(c) || !db->engine->commit(c)) {
		db_rollback(c);
		return false;
	}
	db->in_tx = false;
	return true;
}

/* Rolling back never hides why it was needed. */
void db_rollback(struct ctx *c)
{
	struct db *db = c->db;
	struct err before = c->err;

	if (db->in_tx && db->tx_lost == E_NONE && !db->broken && !db->engine->say(c, "ROLLBACK"))
		db->broken = true;
	db->in_tx = false;
	db->tx_lost = E_NONE;
	c->err = before;
}

bool db_savepoint(struct ctx *c)
{
	must(c->db->in_tx);
	return say(c, "SAVEPOINT one");
}

bool db_release(struct ctx *c)
{
	return say(c, "RELEASE SAVEPOINT one");
}

void db_rollback_to(struct ctx *c)
{
	struct db *db = c->db;
	struct err before = c->err;

	if ((!say(c, "ROLLBACK TO SAVEPOINT one") || !db_release(c)) && db->tx_lost == E_NONE)
		db->tx_lost = E_BUSY;
	c->err = before;
}

/* ---- what the generated functions call ---- */

static bool allowed(struct ctx *c, const struct sql *q)
{
	must(q->params <= PARAMS_MAX);
	if (!usable(c))
		return false;
	if (q->writes && c->db->mode == DB_READ)
		return db_failed(c, E_INTERNAL, q->name, "writes on a connection that only reads");
	return true;
}

static bool run(struct ctx *c, const struct sql *q, const struct sql_arg *args, struct reading *r)
{
	return allowed(c, q) && c->db->engine->run(c, q, args, r);
}

bool sql_exec(struct ctx *c, const struct sql *q, const struct sql_arg *args, int64_t *changed)
{
	struct reading r = { .row = NULL };

	if (!run(c, q, args, &r))
		return false;
	if (changed)
		*changed = r.changed;
	return true;
}

struct one {
	void *out;
	bool found;
};

static enum after_row take_one(
	struct ctx *c, const struct columns *columns, const struct sql_arg *cells, int len, void *to)
{
	struct one *one = to;

	one->found = row_store(c, columns, cells, len, one->out);
	return one->found ? ROW_ENOUGH : ROW_FAILED;
}

bool sql_find(
	struct ctx *c, const struct sql *q, const struct sql_arg *args, const struct field *f, void *out, bool *found)
{
	struct one one = { out, false };
	struct reading r = { .table = f, .row = take_one, .to = &one };

	fields_clear(f, out);
	*found = false;
	if (!run(c, q, args, &r))
		return false;
	*found = one.found;
	return true;
}

bool sql_get(struct ctx *c, const struct sql *q, const struct sql_arg *args, const struct field *f, void *out)
{
	bool found;

	if (!sql_find(c, q, args, f, out, &found))
		return false;
	return found || fail(c, E_NOT_FOUND, err_title(E_NOT_FOUND));
}

struct many {
	char *rows;
	size_t size, len, cap;
};

static enum after_row take_many(
	struct ctx *c, const struct columns *columns, const struct sql_arg *cells, int len, void *to)
{
	struct many *m = to;

	if (m->len == m->cap) {
		size_t cap = m->cap ? m->cap * 2 : 16;
		char *rows = arena_array(c->arena, cap, m->size);
		if (m->len > 0)
			memcpy(rows, m->rows, m->len * m->size);
		m->rows = rows;
		m->cap = cap;
	}
	return row_store(c, columns, cells, len, m->rows + m->size * m->len++) ? ROW_MORE : ROW_FAILED;
}

bool sql_many(struct ctx *c, const struct sql *q, const struct sql_arg *args, const struct field *f, size_t size,
	void **rows, size_t *len)
{
	struct many m = { .size = size };
	struct reading r = { .table = f, .row = take_many, .to = &m };

	*rows = NULL;
	*len = 0;
	if (!run(c, q, args, &r))
		return false;
	*rows = m.rows;
	*len = m.len;
	return true;
}

static enum after_row take_i64(
	struct ctx *c, const struct columns *columns, const struct sql_arg *cells, int len, void *to)
{
	(void)columns;
	(void)len;
	if (cells[0].type == SQL_NULL || cell_i64(&cells[0], to))
		return ROW_ENOUGH;
	db_failed(c, E_INTERNAL, "number", "the value is not a whole number");
	return ROW_FAILED;
}

bool sql_i64(struct ctx *c, const struct sql *q, const struct sql_arg *args, int64_t *out)
{
	struct reading r = { .row = take_i64, .to = out };

	*out = INT64_MIN;
	return run(c, q, args, &r);
}

static enum after_row take_str(
	struct ctx *c, const struct columns *columns, const struct sql_arg *cells, int len, void *to)
{
	(void)columns;
	(void)len;
	if (cells[0].type != SQL_NULL)
		*(const char **)to = cell_text(c, &cells[0]);
	return ROW_ENOUGH;
}

bool sql_str(struct ctx *c, const struct sql *q, const struct sql_arg *args, const char **out)
{
	struct reading r = { .row = take_str, .to = out };

	*out = NULL;
	return run(c, q, args, &r);
}

bool sql_each(struct ctx *c, const struct sql *q, const struct field *f, const char *const *param_names,
	const void *rows, size_t size, size_t len, int64_t *changed)
{
	struct batch b = { .table = f, .rows = rows, .size = size, .len = len };

	must(q->params <= PARAMS_MAX);
	for (int i = 0; i < q->params; i++) {
		b.params[i] = field_find(f, param_names[i]);
		if (!b.params[i])
			fprintf(stderr, "%s.sql: %s: parameter %s is not in the table of fields\n", q->module, q->name,
				param_names[i]);
		must(b.params[i]);
	}
	if (len > 0 && (!allowed(c, q) || !c->db->engine->each(c, q, &b)))
		return false;
	if (changed)
		*changed = b.changed;
	return true;
}

bool sql_prepare(struct ctx *c, const struct sql *q)
{
	return allowed(c, q) && c->db->engine->prepare(c, q);
}

bool db_backup(struct ctx *c, const char *path)
{
	return usable(c) && c->db->engine->backup(c, path);
}

bool db_restore(const char *url, const char *path, struct buf *why)
{
	const struct engine *engine = engine_of(url, why);

	return engine != NULL && engine->restore(url, path, why);
}
