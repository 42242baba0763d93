/* log_ocel_file: OCEL 2.0 in SQLite: a table of all events and objects, and a table more for each type. */
#include "mod/insight/log_in.h"

#include "db/sqlfile.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct file {
	struct reading *r;
	struct sqlfile *f;
	struct words names; /* object types, or columns */
	struct buf sql;     /* all event types, one under the other */
	size_t rows;
	bool start, person, role; /* somebody had this column */
};

static bool name_row(void *who, const char *const *cells, size_t len)
{
	struct file *x = who;
	const char *name = cells[len > 1 ? 1 : 0]; /* a type alone, or a column as its table tells */

	if (name != NULL)
		(void)words_add(&x->names, name, strlen(name));
	return true;
}

static bool type_choose(struct file *x, const char **type)
{
	struct ctx *c = x->r->c;
	const char *asked = x->r->columns->item;
	uint32_t at;

	if (!sqlfile_run(c, x->f, "SELECT DISTINCT ocel_type FROM object ORDER BY ocel_type", NULL, 0, name_row, x))
		return false;
	*type = asked != NULL ? asked : x->names.len == 1 ? arena_strdup(c->arena, words_get(&x->names, 0)) : "order";
	if (!words_find(&x->names, *type, strlen(*type), &at))
		return reading_lacks(x->r, *type, "--case", &x->names);
	return true;
}

/* The column, or NULL where this type of event has none. */
static const char *column(struct file *x, const char *asked, const char *usual, bool *seen)
{
	const char *name = asked != NULL ? asked : usual;
	uint32_t at;
	bool there = words_find(&x->names, name, strlen(name), &at);

	*seen |= there;
	return there ? arena_printf(x->r->c->arena, "t.%s", sqlfile_name(x->r->c, name)) : "NULL";
}

struct map {
	const char *type, *table;
};
struct maps {
	struct ctx *c;
	struct buf all; /* struct map */
};

static bool map_row(void *who, const char *const *cells, size_t len)
{
	struct maps *m = who;
	struct map one;

	if (len < 2 || cells[0] == NULL || cells[1] == NULL)
		return true;
	one.type = arena_strdup(m->c->arena, cells[0]);
	one.table = arena_printf(m->c->arena, "event_%s", cells[1]);
	buf_add(&m->all, &one, sizeof(one));
	return true;
}

static bool type_add(struct file *x, const struct map *m)
{
	struct ctx *c = x->r->c;
	const struct log_columns *k = x->r->columns;
	const char *table = sqlfile_name(c, m->table);

	words_free(&x->names);
	if (!sqlfile_run(c, x->f, arena_printf(c->arena, "PRAGMA table_info(%s)", table), NULL, 0, name_row, x))
		return false;
	buf_printf(&x->sql,
		"%s SELECT DISTINCT e.rowid AS r, eo.ocel_object_id AS o, e.ocel_type AS a, t.ocel_time AS z, %s AS s, "
		"%s AS p, %s AS q FROM event e JOIN %s t ON t.ocel_id = e.ocel_id "
		"JOIN event_object eo ON eo.ocel_event_id = e.ocel_id "
		"JOIN object ob ON ob.ocel_id = eo.ocel_object_id WHERE ob.ocel_type = ?1",
		x->sql.len > 0 ? " UNION ALL" : "", column(x, k->start, "start_timestamp", &x->start),
		column(x, k->person, "org:resource", &x->person), column(x, k->role, "org:role", &x->role), table);
	return true;
}

static bool event_row(void *who, const char *const *cells, size_t len)
{
	struct file *x = who;
	struct piece p[6];

	for (size_t i = 0; i < ARRAY_LEN(p) && i + 1 < len; i++)
		p[i] = (struct piece){ cells[i + 1], cells[i + 1] != NULL ? strlen(cells[i + 1]) : 0 };
	return reading_event(x->r, &p[0], &p[1], &p[2], &p[3], &p[4], &p[5], ++x->rows);
}

static bool all_read(struct file *x)
{
	struct ctx *c = x->r->c;
	struct maps maps = { .c = c };
	const char *type;

	buf_init(&maps.all, c->arena);
	buf_init(&x->sql, c->arena);
	if (!type_choose(x, &type) ||
		!sqlfile_run(c, x->f, "SELECT ocel_type, ocel_type_map FROM event_map_type", NULL, 0, map_row, &maps))
		return false;
	for (size_t i = 0; i < maps.all.len / sizeof(struct map); i++)
		if (!type_add(x, (struct map *)(void *)maps.all.data + i))
			return false;
	if (x->sql.len == 0)
		return true;
	buf_str(&x->sql, " ORDER BY r, o");
	return sqlfile_run(c, x->f, buf_cstr(&x->sql), &type, 1, event_row, x);
}

bool ocel_file_log(struct reading *r)
{
	struct file x = { .r = r };
	bool good;

	if (!sqlfile_open(r->c, r->path, false, &x.f))
		return false;
	good = all_read(&x);
	sqlfile_close(x.f);
	words_free(&x.names);
	return good;
}
