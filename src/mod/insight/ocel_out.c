/* ocel_out: JSON written as it comes, and SQLite with a table for each type. */
#include "mod/insight/ocel_out.h"

#include "base/json.h"
#include "db/sqlfile.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* ---- JSON ---- */

struct json_out {
	FILE *file;
	const char *path;
	struct buf b;
	struct json j;
};

static bool written(struct ocel_sink *s, struct json_out *o, size_t upto)
{
	if (o->b.len < upto)
		return true;
	if (fwrite(buf_cstr(&o->b), 1, o->b.len, o->file) != o->b.len)
		return fail(s->c, E_NO_SPACE, T_insight_not_written);
	o->b.len = 0;
	return true;
}

static void pairs_json(struct json *j, const char *key, const char *name, const char *value,
	const struct ocel_pair *list, size_t len, const char *at)
{
	json_arr(j, key);
	for (size_t i = 0; i < len; i++) {
		json_obj(j, NULL);
		json_str(j, name, list[i].name);
		json_str(j, value, list[i].value);
		if (at != NULL)
			json_str(j, "time", at);
		json_end_obj(j);
	}
	json_end_arr(j);
}

static bool json_types(struct ocel_sink *s, bool events, const struct ocel_thing *types, size_t len)
{
	struct json_out *o = s->to;

	json_arr(&o->j, events ? "eventTypes" : "objectTypes");
	for (size_t i = 0; i < len; i++) {
		json_obj(&o->j, NULL);
		json_str(&o->j, "name", types[i].type);
		pairs_json(&o->j, "attributes", "name", "type", types[i].attributes, types[i].attributes_len, NULL);
		json_end_obj(&o->j);
	}
	json_end_arr(&o->j);
	return true;
}

static bool json_begin(struct ocel_sink *s, bool events)
{
	struct json_out *o = s->to;

	json_arr(&o->j, events ? "events" : "objects");
	return true;
}

static bool json_put(struct ocel_sink *s, bool event, const struct ocel_thing *t)
{
	struct json_out *o = s->to;

	json_obj(&o->j, NULL);
	json_str(&o->j, "id", t->id);
	json_str(&o->j, "type", t->type);
	if (event)
		json_str(&o->j, "time", t->at);
	pairs_json(&o->j, "attributes", "name", "value", t->attributes, t->attributes_len, event ? NULL : t->at);
	json_arr(&o->j, "relationships");
	for (size_t i = 0; i < t->relations_len; i++) {
		json_obj(&o->j, NULL);
		json_str(&o->j, "objectId", t->relations[i].value);
		json_str(&o->j, "qualifier", t->relations[i].name);
		json_end_obj(&o->j);
	}
	json_end_arr(&o->j);
	json_end_obj(&o->j);
	return written(s, o, 60000);
}

static bool json_end(struct ocel_sink *s, bool events)
{
	struct json_out *o = s->to;

	(void)events;
	json_end_arr(&o->j);
	return written(s, o, 60000);
}

static bool json_open(struct ctx *c, struct ocel_sink *s, const char *path)
{
	struct json_out *o = ARENA_NEW(c->arena, struct json_out);

	o->path = path;
	o->file = path == NULL ? stdout : fopen(path, "wbx");
	if (o->file == NULL)
		return fail(c, E_CONFLICT, T_insight_cannot_make, path, strerror(errno));
	buf_init(&o->b, NULL);
	json_start(&o->j, &o->b);
	json_obj(&o->j, NULL);
	*s = (struct ocel_sink){ c, o, json_types, json_begin, json_put, json_end };
	return true;
}

static bool json_close(struct ocel_sink *s, bool good)
{
	struct json_out *o = s->to;

	if (good) {
		json_end_obj(&o->j);
		buf_char(&o->b, '\n');
		good = written(s, o, 0);
	}
	if ((o->path != NULL ? fclose(o->file) : fflush(o->file)) != 0 && good)
		good = fail(s->c, E_NO_SPACE, T_insight_not_written);
	if (!good && o->path != NULL)
		(void)unlink(o->path);
	buf_free(&o->b);
	return good;
}

/* ---- SQLite ---- */

#define COLUMNS_MAX 20

static const char *const tables[] = {
	"CREATE TABLE event_map_type (ocel_type TEXT PRIMARY KEY, ocel_type_map TEXT)",
	"CREATE TABLE object_map_type (ocel_type TEXT PRIMARY KEY, ocel_type_map TEXT)",
	"CREATE TABLE event (ocel_id TEXT PRIMARY KEY, ocel_type TEXT REFERENCES event_map_type (ocel_type))",
	"CREATE TABLE object (ocel_id TEXT PRIMARY KEY, ocel_type TEXT REFERENCES object_map_type (ocel_type))",
	"CREATE TABLE event_object (ocel_event_id TEXT REFERENCES event (ocel_id), ocel_object_id TEXT REFERENCES "
	"object "
	"(ocel_id), ocel_qualifier TEXT, PRIMARY KEY (ocel_event_id, ocel_object_id, ocel_qualifier))",
	"CREATE TABLE object_object (ocel_source_id TEXT REFERENCES object (ocel_id), ocel_target_id TEXT REFERENCES "
	"object "
	"(ocel_id), ocel_qualifier TEXT, PRIMARY KEY (ocel_source_id, ocel_target_id, ocel_qualifier))",
};

static const char *map_name(struct ctx *c, const char *type)
{
	char *name = arena_strdup(c->arena, type);

	for (char *s = name; *s != '\0'; s++)
		if (*s == '.')
			*s = '_';
	return name;
}

static const char *table_of(struct ctx *c, bool event, const char *type)
{
	return sqlfile_name(c, arena_printf(c->arena, "%s_%s", event ? "event" : "object", map_name(c, type)));
}

static bool file_types(struct ocel_sink *s, bool events, const struct ocel_thing *types, size_t len)
{
	struct ctx *c = s->c;

	for (size_t i = 0; i < len; i++) {
		const char *const mapped[] = { types[i].type, map_name(c, types[i].type) };
		struct buf b;
		buf_init(&b, c->arena);
		buf_printf(&b,
			"CREATE TABLE %s (ocel_id TEXT PRIMARY KEY REFERENCES %s (ocel_id), ocel_time TIMESTAMP%s",
			table_of(c, events, types[i].type), events ? "event" : "object",
			events ? "" : ", ocel_changed_field TEXT");
		for (size_t k = 0; k < types[i].attributes_len; k++)
			buf_printf(&b, ", %s TEXT", sqlfile_name(c, types[i].attributes[k].name));
		buf_str(&b, ")");
		if (!sqlfile_run(c, s->to, buf_cstr(&b), NULL, 0, NULL, NULL) ||
			!sqlfile_run(c, s->to,
				events ? "INSERT INTO event_map_type VALUES (?1, ?2)"
				       : "INSERT INTO object_map_type VALUES (?1, ?2)",
				mapped, 2, NULL, NULL))
			return false;
	}
	return true;
}

static bool row_put(struct ocel_sink *s, bool event, const struct ocel_thing *t)
{
	struct ctx *c = s->c;
	const char *values[COLUMNS_MAX] = { t->id, t->at };
	size_t len = 2;
	struct buf names, marks;

	buf_init(&names, c->arena);
	buf_init(&marks, c->arena);
	for (size_t i = 0; i < t->attributes_len; i++) {
		values[len++] = t->attributes[i].value;
		buf_printf(&names, ", %s", sqlfile_name(c, t->attributes[i].name));
		buf_printf(&marks, ", ?%zu", len);
	}
	return sqlfile_run(c, s->to,
		arena_printf(c->arena, "INSERT INTO %s (ocel_id, ocel_time%s) VALUES (?1, ?2%s)",
			table_of(c, event, t->type), buf_cstr(&names), buf_cstr(&marks)),
		values, len, NULL, NULL);
}

static bool file_put(struct ocel_sink *s, bool event, const struct ocel_thing *t)
{
	const char *const named[] = { t->id, t->type };

	if (!sqlfile_run(s->c, s->to,
		    event ? "INSERT INTO event VALUES (?1, ?2)" : "INSERT INTO object VALUES (?1, ?2)", named, 2, NULL,
		    NULL) ||
		!row_put(s, event, t))
		return false;
	for (size_t i = 0; i < t->relations_len; i++) {
		const char *const related[] = { t->id, t->relations[i].value, t->relations[i].name };
		if (!sqlfile_run(s->c, s->to,
			    event ? "INSERT INTO event_object VALUES (?1, ?2, ?3)"
				  : "INSERT INTO object_object VALUES (?1, ?2, ?3)",
			    related, 3, NULL, NULL))
			return false;
	}
	return true;
}

static bool file_turn(struct ocel_sink *s, bool events)
{
	(void)s;
	(void)events;
	return true;
}

static bool file_open(struct ctx *c, struct ocel_sink *s, const char *path)
{
	struct sqlfile *f;

	if (!sqlfile_open(c, path, true, &f))
		return false;
	*s = (struct ocel_sink){ c, f, file_types, file_turn, file_put, file_turn };
	for (size_t i = 0; i < ARRAY_LEN(tables); i++)
		if (!sqlfile_run(c, f, tables[i], NULL, 0, NULL, NULL)) {
			sqlfile_close(f);
			return false;
		}
	return true;
}

/* ---- which of them ---- */

static bool ends_in(const char *s, const char *end)
{
	size_t len = strlen(s), end_len = strlen(end);

	return len >= end_len && strcmp(s + len - end_len, end) == 0;
}

bool ocel_open(struct ctx *c, struct ocel_sink *s, const char *file)
{
	if (file != NULL && (ends_in(file, ".sqlite") || ends_in(file, ".sqlite3") || ends_in(file, ".db")))
		return file_open(c, s, file);
	return json_open(c, s, file);
}

bool ocel_close(struct ocel_sink *s, bool good)
{
	if (s->put == json_put)
		return json_close(s, good);
	good = good && sqlfile_finish(s->c, s->to);
	sqlfile_close(s->to);
	return good;
}
