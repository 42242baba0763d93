#include "db/migrate.h"

#include "db/engine.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>

struct applied {
	const char *module;
	int64_t version;
	const char *checksum;
};

static const struct field applied_fields[] = { FIELD(struct applied, module, T_none),
	FIELD(struct applied, version, T_none), FIELD(struct applied, checksum, T_none), FIELD_END };

static const unsigned insert_oids[] = { 25, 20, 25, 20 };
static const struct sql applied_list = {
	.name = "applied_list",
	.module = "db",
	.slot = SLOT_NONE,
	.sqlite = "SELECT module, version, checksum FROM schema_version ORDER BY module, version",
	.pg = "SELECT module, version, checksum FROM schema_version ORDER BY module, version",
};
static const struct sql applied_insert = {
	.name = "applied_insert",
	.module = "db",
	.slot = SLOT_NONE,
	.params = 4,
	.pg_types = insert_oids,
	.writes = true,
	.sqlite = "INSERT INTO schema_version (module, version, checksum, at) VALUES (?1, ?2, ?3, ?4)",
	.pg = "INSERT INTO schema_version (module, version, checksum, at) VALUES ($1, $2, $3, $4)",
};

/* ---- the text for PostgreSQL ---- */

struct rewrite {
	const char *from, *to;
};
static const struct rewrite rewrites[] = {
	{ "INTEGER", "BIGINT" },
	{ "BLOB", "BYTEA" },
	{ "TEXT", "TEXT COLLATE \"C\"" },
	{ "STRICT", "" },
	{ "WITHOUT", "" },
	{ "ROWID", "" },
};

static bool word_is(const char *s, size_t len, const char *word)
{
	return strlen(word) == len && strncmp(s, word, len) == 0;
}

static size_t word_len(const char *s)
{
	size_t n = 0;

	while (isalnum((unsigned char)s[n]) || s[n] == '_')
		n++;
	return n;
}

/* What is copied as it stands: a quoted text, a comment, or one character. */
static size_t plain_len(const char *s)
{
	const char *end;

	if (s[0] == '-' && s[1] == '-')
		return strcspn(s, "\n");
	if (*s != '\'' && *s != '"')
		return 1;
	end = strchr(s + 1, *s);
	return end ? (size_t)(end - s) + 1 : strlen(s);
}

/* One word; returns what was read. A word that goes takes the comma behind it along, a cast takes no
 * collation. */
static size_t put_word(struct buf *b, const char *s, size_t len, bool cast)
{
	for (size_t i = 0; i < ARRAY_LEN(rewrites); i++) {
		if (!word_is(s, len, rewrites[i].from) || (cast && *s == 'T'))
			continue;
		buf_str(b, rewrites[i].to);
		return len + (!*rewrites[i].to && s[len] == ',');
	}
	buf_add(b, s, len);
	return len;
}

const char *migrate_for_pg(struct arena *a, const char *sql)
{
	struct buf b;
	bool cast = false;

	buf_init(&b, a);
	while (*sql) {
		size_t len = word_len(sql);
		if (len == 0) {
			len = plain_len(sql);
			buf_add(&b, sql, len);
			sql += len;
			continue;
		}
		bool as = word_is(sql, len, "AS");
		sql += put_word(&b, sql, len, cast);
		cast = as;
	}
	return buf_cstr(&b);
}

/* ---- running ---- */

/* FNV-1a: enough to notice an accident, and nobody is kept from changing their own database. */
static const char *checksum(struct arena *a, const char *sql)
{
	uint64_t h = UINT64_C(14695981039346656037);

	for (; *sql; sql++)
		h = (h ^ (unsigned char)*sql) * UINT64_C(1099511628211);
	return arena_printf(a, "%016" PRIx64, h);
}

static const char *for_engine(struct ctx *c, const char *sql)
{
	return db_engine_of(c->db) == DB_PG ? migrate_for_pg(c->arena, sql) : sql;
}

/* On PostgreSQL another node may be migrating too. */
static bool lock_versions(struct ctx *c)
{
	return db_engine_of(c->db) != DB_PG || db_script(c, "LOCK TABLE schema_version IN EXCLUSIVE MODE");
}

static bool make_table(struct ctx *c)
{
	const char *sql = "CREATE TABLE IF NOT EXISTS schema_version (module TEXT NOT NULL, version INTEGER NOT NULL, "
			  "checksum TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (module, version)) STRICT";

	if (!db_begin(c))
		return false;
	if (db_script(c, for_engine(c, sql)))
		return db_commit(c);
	db_rollback(c);
	return false;
}

static const struct migration_set *set_find(const struct migration_set *sets, size_t len, const char *module)
{
	for (size_t i = 0; i < len && sets[i].module; i++)
		if (strcmp(sets[i].module, module) == 0)
			return &sets[i];
	return NULL;
}

static bool check_applied(struct ctx *c, const struct migration_set *set, const struct applied *a)
{
	const char *version = arena_printf(c->arena, "%" PRId64, a->version);
	size_t known = set ? set->len : 0;

	if (a->version > (int64_t)known)
		return fail(c, E_CONFLICT, T_db_newer, a->module, version, arena_printf(c->arena, "%zu", known));
	if (strcmp(a->checksum, checksum(c->arena, set->list[a->version - 1].sql)) != 0)
		return fail(c, E_CONFLICT, T_db_changed, a->module, version);
	return true;
}

static bool list_applied(struct ctx *c, struct applied **rows, size_t *len)
{
	void *at;

	if (!sql_many(c, &applied_list, NULL, applied_fields, sizeof(**rows), &at, len))
		return false;
	*rows = at;
	return true;
}

static bool is_applied(struct ctx *c, const char *module, const struct migration *m, bool *yes)
{
	struct applied *rows;
	size_t len;

	*yes = false;
	if (!list_applied(c, &rows, &len))
		return false;
	for (size_t i = 0; i < len; i++)
		*yes = *yes || (rows[i].version == m->version && strcmp(rows[i].module, module) == 0);
	return true;
}

static bool apply(struct ctx *c, const char *module, const struct migration *m)
{
	const struct sql_arg args[] = {
		sql_arg_str(c, module),
		sql_arg_i64(c, m->version),
		sql_arg_str(c, checksum(c->arena, m->sql)),
		sql_arg_time(c, c->now),
	};

	return db_script(c, for_engine(c, m->sql)) && sql_exec(c, &applied_insert, args, NULL);
}

/* Asked again under the lock: another node may have been quicker. */
static bool apply_once(struct ctx *c, const char *module, const struct migration *m)
{
	bool applied;

	if (!db_begin(c))
		return false;
	if (lock_versions(c) && is_applied(c, module, m, &applied) && (applied || apply(c, module, m)))
		return db_commit(c);
	db_rollback(c);
	return false;
}

bool migrate_run(struct ctx *c, const struct migration_set *sets, size_t len)
{
	struct applied *rows;
	size_t rows_len;

	if (!make_table(c) || !list_applied(c, &rows, &rows_len))
		return false;
	for (size_t i = 0; i < rows_len; i++)
		if (!check_applied(c, set_find(sets, len, rows[i].module), &rows[i]))
			return false;
	for (size_t s = 0; s < len && sets[s].module; s++)
		for (size_t m = 0; m < sets[s].len; m++)
			if (!apply_once(c, sets[s].module, &sets[s].list[m]))
				return false;
	return true;
}
