/* sqlgen: named SQL statements become typed C functions for both engines.
 *
 *   sqlgen -o build/gen MODULE=FILE.sql ...
 *
 * It reads the .sql files of all modules at once, because the slot of a statement is its place in the cache
 * of prepared statements and has to be dense over all of them. For every module it writes MODULE_sql.h and
 * MODULE_sql.c, and for the whole program sql_all.h and sql_all.c. The language of the files is described in
 * STYLE.md, "SQL". A file that has not changed is not written again, so that nothing is compiled twice. */
#include "gen.h"

#include <ctype.h>

#define PARAMS_MAX 64
#define NAME_LEN   64
/* The first mistake ends it: what follows would only be its echo. */
#define refuse(file, line, ...) (complain((file), (line), __VA_ARGS__), exit(1))
#define addf(t, ...)            add((t), format(__VA_ARGS__))

enum engine { SQLITE, PG, ENGINES };
enum { OID_BYTEA = 17, OID_INT8 = 20, OID_TEXT = 25 };

/* What a parameter is called in the .sql file, what it is in C, and its type on PostgreSQL. */
struct type {
	const char *name;
	const char *c_type;
	int oid;
	const char *list[ENGINES]; /* what the x of IN (x) becomes, # is the parameter; NULL: not a list */
};

static const struct type types[] = {
	{ "i64", "int64_t ", OID_INT8, { NULL, NULL } },
	{ "str", "const char *", OID_TEXT, { NULL, NULL } },
	{ "blob", "struct bytes ", OID_BYTEA, { NULL, NULL } },
	{ "money", "struct money ", OID_INT8, { NULL, NULL } },
	{ "price", "struct price ", OID_INT8, { NULL, NULL } },
	{ "qty", "struct qty ", OID_INT8, { NULL, NULL } },
	{ "time", "struct instant ", OID_INT8, { NULL, NULL } },
	{ "date", "struct date ", OID_TEXT, { NULL, NULL } },
	{ "bool", "bool ", OID_INT8, { NULL, NULL } },
	{ "strs", "struct strs ", OID_TEXT,
		{ "SELECT value FROM json_each(#)", "ARRAY(SELECT json_array_elements_text(#::json))" } },
	{ "i64s", "struct i64s ", OID_TEXT,
		{ "SELECT value FROM json_each(#)", "ARRAY(SELECT json_array_elements_text(#::json)::bigint)" } },
	{ NULL, NULL, 0, { NULL, NULL } },
};

/* How a statement answers: the last parameters of its function and what its body returns. */
struct kind {
	const char *name;
	bool has_struct;
	const char *outputs; /* $ is the struct's name */
	const char *body;    /* @ is the statement's name */
};

static const struct kind kinds[] = {
	{ "exec", false, "", "\treturn sql_exec(c, &@_sql, sql_args, NULL);\n" },
	{ "count", false, ", int64_t *changed", "\treturn sql_exec(c, &@_sql, sql_args, changed);\n" },
	{ "find", true, ", struct $ *out, bool *found",
		"\t*out = (struct $){ 0 };\n\treturn sql_find(c, &@_sql, sql_args, $_fields, out, "
		"found);\n" },
	{ "get", true, ", struct $ *out",
		"\t*out = (struct $){ 0 };\n\treturn sql_get(c, &@_sql, sql_args, $_fields, out);\n" },
	{ "many", true, ", struct $ **rows, size_t *rows_len",
		"\tvoid *sql_rows = NULL;\n\n"
		"\tif (!sql_many(c, &@_sql, sql_args, $_fields, sizeof(struct $), &sql_rows, "
		"rows_len))\n\t\treturn false;\n"
		"\t*rows = sql_rows;\n\treturn true;\n" },
	{ "i64", false, ", int64_t *out", "\treturn sql_i64(c, &@_sql, sql_args, out);\n" },
	{ "str", false, ", const char **out", "\treturn sql_str(c, &@_sql, sql_args, out);\n" },
	{ "each", true, ", const struct $ *rows, size_t len",
		"\treturn sql_each(c, &@_sql, $_fields, sql_params, rows, sizeof(struct $), len, NULL);\n" },
	{ NULL, false, NULL, NULL },
};

/* Names the generated function needs for itself. */
static const char *const taken[] = { "c", "out", "found", "rows", "rows_len", "changed", "sql_args", "sql_rows", NULL };

struct text {
	char *at;
	size_t len, cap;
};

struct param {
	char name[NAME_LEN];
	const struct type *type; /* NULL for a field of :each */
	bool used;
};

struct stmt {
	char name[NAME_LEN];
	const char *module, *file;
	int line;
	const struct kind *kind;
	char row[NAME_LEN]; /* the struct */
	struct param params[PARAMS_MAX];
	int params_len;
	struct text source[ENGINES]; /* as written; PG empty when both engines share one text */
	int source_line[ENGINES];
	struct text sql[ENGINES]; /* as the engine gets it */
	bool writes;
};

struct module {
	char name[NAME_LEN];
	const char *file;
	struct text includes;
	size_t first, end; /* its statements */
};

static struct stmt *stmts;
static size_t stmts_len;

/* ---- text that grows ---- */

static void add_n(struct text *t, const char *s, size_t n)
{
	if (t->len + n + 1 > t->cap) {
		t->cap = (t->len + n + 1) * 2;
		t->at = realloc(t->at, t->cap);
		if (t->at == NULL)
			die("out of memory");
	}
	memcpy(t->at + t->len, s, n);
	t->len += n;
	t->at[t->len] = '\0';
}

static void add(struct text *t, const char *s)
{
	add_n(t, s, strlen(s));
}

/* s with one character standing for a value. */
static void add_with(struct text *t, const char *s, char hole, const char *value, char hole2, const char *value2)
{
	for (; *s; s++) {
		if (*s == hole)
			add(t, value);
		else if (hole2 && *s == hole2)
			add(t, value2);
		else
			add_n(t, s, 1);
	}
}

static void add_c_string(struct text *t, const char *s)
{
	add(t, "\"");
	for (; *s; s++) {
		if (*s == '"' || *s == '\\')
			add(t, "\\");
		add_n(t, s, 1);
	}
	add(t, "\"");
}

static void save(const char *dir, const char *name, const char *ending, const struct text *t)
{
	write_if_changed(format("%s/%s%s", dir, name, ending), t->at, t->len);
}

/* ---- reading a head:  -- name: order_line_list(order_id i64) :many order_line ---- */

static const char *skip_space(const char *s)
{
	while (isspace((unsigned char)*s))
		s++;
	return s;
}

static bool is_word(char ch)
{
	return isalnum((unsigned char)ch) || ch == '_';
}

/* The next C name into out; empty when there is none. */
static const char *take_name(const char *s, char out[NAME_LEN])
{
	size_t n = 0;

	s = skip_space(s);
	if (!isdigit((unsigned char)*s))
		while (is_word(s[n]) && n < NAME_LEN - 1)
			n++;
	memcpy(out, s, n);
	out[n] = '\0';
	return skip_space(s + n);
}

static void check_param_name(const struct stmt *q, const char *name)
{
	for (const char *const *t = taken; *t; t++)
		if (strcmp(*t, name) == 0)
			refuse(q->file, q->line, "%s: a parameter cannot be called %s, the function needs that name",
				q->name, name);
	for (int i = 0; i < q->params_len; i++)
		if (strcmp(q->params[i].name, name) == 0)
			refuse(q->file, q->line, "%s: parameter %s is declared twice", q->name, name);
}

static struct param *add_param(struct stmt *q, const char *name)
{
	if (q->params_len == PARAMS_MAX)
		refuse(q->file, q->line, "%s has more than %d parameters", q->name, PARAMS_MAX);
	struct param *p = &q->params[q->params_len++];
	memcpy(p->name, name, NAME_LEN);
	return p;
}

static const char *take_param(struct stmt *q, const char *s)
{
	char name[NAME_LEN], type[NAME_LEN];
	const struct type *t = types;

	s = take_name(s, name);
	s = take_name(s, type);
	if (!*name || !*type)
		refuse(q->file, q->line, "%s: parameters are written (name type, name type)", q->name);
	while (t->name && strcmp(t->name, type) != 0)
		t++;
	if (!t->name)
		refuse(q->file, q->line, "%s: parameter %s has the unknown type %s", q->name, name, type);
	check_param_name(q, name);
	add_param(q, name)->type = t;
	if (*s != ',' && *s != ')')
		refuse(q->file, q->line, "%s: expected , or ) after parameter %s", q->name, name);
	return *s == ',' ? s + 1 : s;
}

static void take_kind(struct stmt *q, const char *s)
{
	char name[NAME_LEN];

	if (*s != ':')
		refuse(q->file, q->line, "%s: expected a kind like :exec or :many order_line", q->name);
	s = take_name(s + 1, name);
	for (q->kind = kinds; q->kind->name && strcmp(q->kind->name, name) != 0; q->kind++)
		;
	if (!q->kind->name)
		refuse(q->file, q->line, "%s: unknown kind :%s", q->name, name);
	s = take_name(s, q->row);
	if (q->kind->has_struct != (*q->row != '\0'))
		refuse(q->file, q->line, "%s: :%s %s a struct", q->name, name,
			q->kind->has_struct ? "needs" : "takes no");
	if (*s)
		refuse(q->file, q->line, "%s: what is \"%s\"?", q->name, s);
}

static void read_head(struct stmt *q, const char *s)
{
	s = take_name(s, q->name);
	if (!*q->name)
		refuse(q->file, q->line, "a statement needs a name");
	for (size_t i = 0; i + 1 < stmts_len; i++)
		if (strcmp(stmts[i].name, q->name) == 0)
			refuse(q->file, q->line, "%s is already in %s:%d", q->name, stmts[i].file, stmts[i].line);
	bool listed = *s == '(';
	if (listed) {
		s = skip_space(s + 1);
		while (*s != ')')
			s = take_param(q, s);
		s = skip_space(s + 1);
	}
	take_kind(q, s);
	bool each = strcmp(q->kind->name, "each") == 0;
	if (each && q->params_len > 0)
		refuse(q->file, q->line, "%s: the parameters of :each are the fields of its struct", q->name);
	if (!each && !listed)
		refuse(q->file, q->line, "%s: the list of parameters is missing, write () if there are none", q->name);
}

/* ---- from one text to the text of an engine ---- */

struct scan {
	struct stmt *q;
	enum engine engine;
	const char *at;
	int line;
	struct text *out;
};

/* True when the next words are these, whatever their case; *end is behind them. */
static bool words_ahead(const char *s, const char *words, const char **end)
{
	for (; *words; words++) {
		if (*words == ' ') {
			if (!isspace((unsigned char)*s))
				return false;
			s = skip_space(s);
		} else if (toupper((unsigned char)*s++) != *words) {
			return false;
		}
	}
	if (is_word(*s))
		return false;
	*end = s;
	return true;
}

static void copy(struct scan *x, size_t n)
{
	for (size_t i = 0; i < n; i++)
		x->line += x->at[i] == '\n';
	add_n(x->out, x->at, n);
	x->at += n;
}

static void copy_quoted(struct scan *x)
{
	const char *end = strchr(x->at + 1, *x->at);

	if (!end)
		refuse(x->q->file, x->line, "%s: the quote is not closed", x->q->name);
	copy(x, (size_t)(end + 1 - x->at));
}

static void squeeze_space(struct scan *x)
{
	for (; isspace((unsigned char)*x->at); x->at++)
		x->line += *x->at == '\n';
	if (x->out->len > 0 && x->out->at[x->out->len - 1] != ' ')
		add(x->out, " ");
}

static int find_param(struct scan *x, const char *name)
{
	struct stmt *q = x->q;

	for (int i = 0; i < q->params_len; i++)
		if (strcmp(q->params[i].name, name) == 0)
			return i;
	if (strcmp(q->kind->name, "each") != 0)
		refuse(q->file, x->line, "%s uses :%s, which is not declared", q->name, name);
	add_param(q, name);
	return q->params_len - 1;
}

/* A list stands alone between the parentheses of IN; here begins that IN. */
static size_t list_begin(const struct scan *x, const char *name)
{
	const char *s = x->out->at + x->out->len;
	const char *start = x->out->at;

	while (s > start && s[-1] == ' ')
		s--;
	bool in = s > start && *--s == '(';
	while (in && s > start && s[-1] == ' ')
		s--;
	const char *end;
	in = in && s - start >= 3 && !is_word(s[-3]) && words_ahead(s - 2, "IN", &end);
	if (!in || *skip_space(x->at) != ')')
		refuse(x->q->file, x->line, "%s: the list :%s is only possible as IN (:%s)", x->q->name, name, name);
	return (size_t)(s - 2 - start);
}

/* PostgreSQL would read a whole table to look into a subquery it knows nothing of; an array it looks up by index. */
static void copy_list(struct scan *x, const struct param *p, const char *mark)
{
	size_t begin = list_begin(x, p->name);

	if (x->engine == PG) {
		x->out->len = begin;
		add(x->out, "= ANY (");
	}
	add_with(x->out, p->type->list[x->engine], '#', mark, '\0', NULL);
}

static void copy_param(struct scan *x)
{
	char name[NAME_LEN], mark[16];
	size_t n = 0;

	x->at++;
	while (is_word(x->at[n]) && n < NAME_LEN - 1)
		n++;
	memcpy(name, x->at, n);
	memset(name + n, 0, NAME_LEN - n);
	x->at += n;
	int i = find_param(x, name);
	struct param *p = &x->q->params[i];
	p->used = true;
	snprintf(mark, sizeof(mark), "%c%d", x->engine == SQLITE ? '?' : '$', i + 1);
	if (!p->type || !p->type->list[x->engine]) {
		add(x->out, mark);
		return;
	}
	copy_list(x, p, mark);
}

/* SQLite has one writer, so nothing has to be locked row by row. */
static bool skip_row_lock(struct scan *x)
{
	const char *end, *more;
	char table[NAME_LEN];

	if (x->engine != SQLITE || !words_ahead(x->at, "FOR UPDATE", &end))
		return false;
	if (words_ahead(skip_space(end), "OF", &more))
		end = take_name(more, table);
	if (words_ahead(skip_space(end), "SKIP LOCKED", &more) || words_ahead(skip_space(end), "NOWAIT", &more))
		end = more;
	x->at = end;
	return true;
}

static void copy_word(struct scan *x)
{
	size_t n = 1;

	while (is_word(x->at[n - 1]) && is_word(x->at[n]))
		n++;
	if (!skip_row_lock(x))
		copy(x, n);
}

static void check_end(struct scan *x)
{
	const char *s = skip_space(x->at + 1);

	while (s[0] == '-' && s[1] == '-')
		s = skip_space(s + strcspn(s, "\n"));
	if (*s)
		refuse(x->q->file, x->line, "%s: only one statement under a name", x->q->name);
}

static void translate(struct stmt *q, enum engine engine, const struct text *source, int line)
{
	struct scan x = { q, engine, source->at, line, &q->sql[engine] };

	add(x.out, "");
	while (*x.at) {
		if (*x.at == '\'' || *x.at == '"')
			copy_quoted(&x);
		else if (x.at[0] == '-' && x.at[1] == '-')
			x.at += strcspn(x.at, "\n");
		else if (isspace((unsigned char)*x.at))
			squeeze_space(&x);
		else if (x.at[0] == ':' && x.at[1] == ':')
			copy(&x, 2);
		else if (x.at[0] == ':' && is_word(x.at[1]))
			copy_param(&x);
		else if (*x.at == ';')
			return check_end(&x);
		else
			copy_word(&x);
	}
	refuse(q->file, q->line, "%s does not end with a semicolon", q->name);
}

/* INSERT, UPDATE, DELETE, alone or behind a WITH. */
static bool writes(const char *sql)
{
	static const char *const verbs[] = { "INSERT", "UPDATE", "DELETE" };
	const char *end;
	bool with = words_ahead(sql, "WITH", &end);

	for (const char *s = sql; *s; s++) {
		if (*s == '\'')
			s = strchr(s + 1, '\'');
		for (size_t i = 0; i < 3 && (s == sql || !is_word(s[-1])); i++)
			if (words_ahead(s, verbs[i], &end))
				return true;
		if (!with)
			return false;
	}
	return false;
}

static void finish(struct stmt *q)
{
	struct text *pg = q->source[PG].at ? &q->source[PG] : &q->source[SQLITE];

	if (!q->source[SQLITE].at || !*skip_space(q->source[SQLITE].at))
		refuse(q->file, q->line, "%s has no %sSQL", q->name, q->source[PG].at ? "-- sqlite: " : "");
	translate(q, SQLITE, &q->source[SQLITE], q->source_line[SQLITE]);
	translate(q, PG, pg, pg == &q->source[PG] ? q->source_line[PG] : q->source_line[SQLITE]);
	q->writes = writes(q->sql[SQLITE].at);
	for (int i = 0; i < q->params_len; i++)
		if (!q->params[i].used)
			refuse(q->file, q->line, "%s does not use its parameter %s", q->name, q->params[i].name);
}

/* ---- reading a file ---- */

static bool starts(const char *line, const char *with, const char **rest)
{
	size_t n = strlen(with);

	*rest = line + n;
	return strncmp(line, with, n) == 0;
}

static struct stmt *new_stmt(const struct module *m, int line)
{
	stmts = grow(stmts, stmts_len, sizeof(*stmts));
	struct stmt *q = &stmts[stmts_len++];
	*q = (struct stmt){ .module = m->name, .file = m->file, .line = line };
	return q;
}

/* The head may go on over several comment lines until its parameters are closed and the kind has come. */
static bool head_open(const char *head)
{
	const char *open = strchr(head, '(');

	return open && (!strchr(open, ')') || !strchr(strchr(open, ')'), ':'));
}

struct reader {
	struct module *m;
	struct stmt *q;
	enum engine body;
	struct text head; /* a head that is still open */
	int line;
};

static void read_body(struct reader *r, enum engine engine)
{
	if (!r->q)
		refuse(r->m->file, r->line, "SQL before the first -- name:");
	if (engine == SQLITE && r->q->source[SQLITE].at && *skip_space(r->q->source[SQLITE].at))
		refuse(r->m->file, r->line, "%s: -- sqlite: belongs directly under -- name:", r->q->name);
	r->body = engine;
	r->q->source_line[engine] = r->line + 1;
	add(&r->q->source[engine], "");
}

static void end_head(struct reader *r)
{
	if (r->head.len == 0 || head_open(r->head.at))
		return;
	read_head(r->q, r->head.at);
	r->head.len = 0;
	read_body(r, SQLITE);
}

static void read_line(struct reader *r, const char *line)
{
	const char *rest;

	if (r->head.len > 0) {
		if (!starts(line, "--", &rest))
			refuse(r->m->file, r->q->line, "the head of the statement is not complete");
		add(&r->head, rest);
		end_head(r);
	} else if (starts(line, "-- include:", &rest)) {
		addf(&r->m->includes, "#include \"%s\"\n", skip_space(rest));
	} else if (starts(line, "-- name:", &rest)) {
		if (r->q)
			finish(r->q);
		r->q = new_stmt(r->m, r->line);
		add(&r->head, rest);
		end_head(r);
	} else if (starts(line, "-- sqlite:", &rest) || starts(line, "-- pg:", &rest)) {
		read_body(r, line[3] == 's' ? SQLITE : PG);
	} else if (r->q) {
		add(&r->q->source[r->body], line);
		add(&r->q->source[r->body], "\n");
	} else if (*skip_space(line) && !starts(line, "--", &rest)) {
		refuse(r->m->file, r->line, "SQL before the first -- name:");
	}
}

static void read_module(struct module *m)
{
	struct reader r = { .m = m };
	size_t len;
	char *text = slurp(m->file, &len);

	if (!text)
		die("%s: cannot read", m->file);
	add(&m->includes, "");
	m->first = stmts_len;
	for (char *line = text, *next; *line; line = next) {
		next = line + strcspn(line, "\n");
		if (*next)
			*next++ = '\0';
		r.line++;
		line[strcspn(line, "\r")] = '\0';
		read_line(&r, line);
	}
	if (r.head.len > 0)
		refuse(m->file, r.q->line, "the head of the statement is not complete");
	if (r.q)
		finish(r.q);
	m->end = stmts_len;
}

/* ---- writing C ---- */

static void add_signature(struct text *t, const struct stmt *q)
{
	addf(t, "bool %s(struct ctx *c", q->name);
	for (int i = 0; i < q->params_len; i++)
		if (q->params[i].type)
			addf(t, ", %s%s", q->params[i].type->c_type, q->params[i].name);
	add_with(t, q->kind->outputs, '$', q->row, '\0', NULL);
	add(t, ")");
}

static void write_header(const struct module *m, const char *dir)
{
	struct text t = { NULL, 0, 0 };

	addf(&t, "/* made from %s, do not edit */\n#ifndef GEN_%s_SQL_H\n#define GEN_%s_SQL_H\n\n", m->file, m->name,
		m->name);
	addf(&t, "#include \"db/db.h\"\n%s\n", m->includes.at);
	for (size_t i = m->first; i < m->end; i++) {
		addf(&t, "extern const struct sql %s_sql;\nNODISCARD ", stmts[i].name);
		add_signature(&t, &stmts[i]);
		add(&t, ";\n");
	}
	add(&t, "\n#endif\n");
	save(dir, m->name, "_sql.h", &t);
}

/* static const unsigned order_line_list_oids[] = { 20 }; the types of :each come from the fields, at run
 * time. */
static bool add_oids(struct text *t, const struct stmt *q)
{
	if (q->params_len == 0 || !q->params[0].type)
		return false;
	addf(t, "static const unsigned %s_oids[] = {", q->name);
	for (int i = 0; i < q->params_len; i++)
		addf(t, "%s %d", i ? "," : "", q->params[i].type->oid);
	add(t, " };\n");
	return true;
}

static void add_statement(struct text *t, const struct stmt *q, size_t slot)
{
	bool oids = add_oids(t, q);

	addf(t, "const struct sql %s_sql = {\n\t.name = \"%s\", .module = \"%s\",\n\t.sqlite = ", q->name, q->name,
		q->module);
	add_c_string(t, q->sql[SQLITE].at);
	add(t, ",\n\t.pg = ");
	add_c_string(t, q->sql[PG].at);
	addf(t, ",\n\t.params = %d, .pg_types = %s%s, .slot = %zu, .writes = %s,\n};\n\n", q->params_len,
		oids ? q->name : "NULL", oids ? "_oids" : "", slot, q->writes ? "true" : "false");
}

static void add_arguments(struct text *t, const struct stmt *q)
{
	if (strcmp(q->kind->name, "each") == 0) {
		add(t, "\tstatic const char *const sql_params[] = {");
		for (int i = 0; i < q->params_len; i++)
			addf(t, " \"%s\",", q->params[i].name);
		add(t, " NULL };\n");
		return;
	}
	if (q->params_len == 0) {
		add(t, "\tconst struct sql_arg *sql_args = NULL;\n");
		return;
	}
	add(t, "\tconst struct sql_arg sql_args[] = {\n");
	for (int i = 0; i < q->params_len; i++)
		addf(t, "\t\tsql_arg_%s(c, %s),\n", q->params[i].type->name, q->params[i].name);
	add(t, "\t};\n");
}

static void write_source(const struct module *m, const char *dir)
{
	struct text t = { NULL, 0, 0 };

	addf(&t, "/* made from %s, do not edit */\n#include \"gen/%s_sql.h\"\n\n", m->file, m->name);
	for (size_t i = m->first; i < m->end; i++) {
		const struct stmt *q = &stmts[i];
		add_statement(&t, q, i);
		add_signature(&t, q);
		add(&t, "\n{\n");
		add_arguments(&t, q);
		add(&t, strcmp(q->kind->name, "many") == 0 ? "" : "\n");
		add_with(&t, q->kind->body, '@', q->name, '$', q->row);
		add(&t, "}\n\n");
	}
	save(dir, m->name, "_sql.c", &t);
}

static void write_all(const char *dir)
{
	struct text h = { NULL, 0, 0 }, t = { NULL, 0, 0 };

	add(&h, "/* every statement of the program, ends with NULL; sql_all[i]->slot is i */\n#ifndef "
		"GEN_SQL_ALL_H\n"
		"#define GEN_SQL_ALL_H\n\n#include \"db/db.h\"\n\nextern const struct sql *const sql_all[];\n"
		"extern const int sql_slots;\n\n#endif\n");
	add(&t, "#include \"gen/sql_all.h\"\n\n");
	for (size_t i = 0; i < stmts_len; i++)
		addf(&t, "extern const struct sql %s_sql;\n", stmts[i].name);
	add(&t, "\nconst struct sql *const sql_all[] = {\n");
	for (size_t i = 0; i < stmts_len; i++)
		addf(&t, "\t&%s_sql,\n", stmts[i].name);
	addf(&t, "\tNULL,\n};\nconst int sql_slots = %zu;\n", stmts_len);
	save(dir, "sql_all", ".h", &h);
	save(dir, "sql_all", ".c", &t);
}

int main(int argc, char **argv)
{
	if (argc < 3 || strcmp(argv[1], "-o") != 0)
		die("usage: sqlgen -o DIR MODULE=FILE.sql ...");
	size_t len = (size_t)(argc - 3);
	struct module *modules = calloc(len + 1, sizeof(*modules));
	if (!modules)
		die("out of memory");
	for (size_t i = 0; i < len; i++) {
		const char *rest = take_name(argv[i + 3], modules[i].name);
		if (!*modules[i].name || *rest != '=')
			die("%s: expected MODULE=FILE.sql", argv[i + 3]);
		modules[i].file = rest + 1;
		read_module(&modules[i]);
	}
	for (size_t i = 0; i < len; i++) {
		write_header(&modules[i], argv[2]);
		write_source(&modules[i], argv[2]);
	}
	write_all(argv[2]);
	return 0;
}
