/* log_ocel: object-centric logs in JSON, of version 1.0 (ocel:events, an object by id) and 2.0 (events, a list). Every
 * object of the type asked for is a case; an event belongs to all its objects of that type. */
#include "mod/insight/log_ocel.h"

#include <string.h>
#include <strings.h>

static bool broken(struct ocel *o)
{
	return reading_failed(o->r, o->scan.source->line, T_insight_bad_json, NULL);
}

/* ---- first pass: what the objects are ---- */

static struct piece piece_of(const struct buf *b)
{
	return (struct piece){ buf_cstr(b), b->len };
}

void ocel_object(struct ocel *o, struct piece id, struct piece type)
{
	uint32_t at = words_add(&o->objects, id.s, id.len), t = words_add(&o->types, type.s, type.len);

	if (at * sizeof(t) == o->type_of.len)
		buf_add(&o->type_of, &t, sizeof(t));
}

static bool take(struct ocel *o, struct buf *into)
{
	enum token t = scan_next(&o->scan);

	into->len = 0;
	if (t == J_STR || t == J_OTHER)
		buf_add(into, buf_cstr(&o->scan.text), o->scan.text.len);
	return scan_over(&o->scan, t);
}

/* Behind the { of an object; its id may be known already. */
static bool object_read(struct ocel *o)
{
	struct buf *type = &o->activity;
	enum token t;

	type->len = 0;
	while ((t = scan_next(&o->scan)) == J_STR) {
		bool good;
		if (scan_is(&o->scan, "type") || scan_is(&o->scan, "ocel:type"))
			good = take(o, type);
		else if (scan_is(&o->scan, "id"))
			good = take(o, &o->id);
		else
			good = scan_over(&o->scan, scan_next(&o->scan));
		if (!good)
			return false;
	}
	if (t == J_END_OBJ && type->len > 0)
		ocel_object(o, piece_of(&o->id), piece_of(type));
	return t == J_END_OBJ;
}

typedef bool (*one_fn)(struct ocel *o);

/* Every member of {id: {...}} or [{...}]. */
static bool each(struct ocel *o, one_fn one)
{
	enum token t = scan_next(&o->scan);
	bool named = t == J_OBJ;

	if (t != J_OBJ && t != J_ARR)
		return false;
	while ((t = scan_next(&o->scan)) == J_STR || t == J_OBJ) {
		o->id.len = 0;
		if (named && t == J_STR) {
			buf_add(&o->id, buf_cstr(&o->scan.text), o->scan.text.len);
			t = scan_next(&o->scan);
		}
		if (t != J_OBJ || !one(o))
			return false;
	}
	return t == J_END_OBJ || t == J_END_ARR;
}

static bool pass(struct ocel *o, const char *old_name, const char *new_name, one_fn one, bool *found)
{
	enum token t;

	*found = false;
	o->scan.depth = 0;
	if (scan_next(&o->scan) != J_OBJ)
		return reading_failed(o->r, 1, T_insight_no_ocel, NULL);
	while ((t = scan_next(&o->scan)) == J_STR) {
		bool here = scan_is(&o->scan, old_name) || scan_is(&o->scan, new_name);
		if (here ? !each(o, one) : !scan_over(&o->scan, scan_next(&o->scan)))
			return ok(o->r->c) && broken(o);
		*found |= here;
	}
	return t == J_END_OBJ || broken(o);
}

/* ---- which objects are the cases ---- */

static bool same_word(const char *a, const char *b)
{
	size_t len = strlen(b);

	return strcasecmp(a, b) == 0 || (strncasecmp(a, b, len) == 0 && strcasecmp(a + len, "s") == 0);
}

bool ocel_type_choose(struct ocel *o)
{
	const char *asked = o->r->columns->item;

	for (uint32_t i = 0; i < o->types.len; i++)
		if (strcmp(words_get(&o->types, i), asked != NULL ? asked : "order") == 0) {
			o->type = i;
			return true;
		}
	for (uint32_t i = 0; i < o->types.len; i++)
		if ((asked == NULL && o->types.len == 1) ||
			same_word(words_get(&o->types, i), asked != NULL ? asked : "order")) {
			o->type = i;
			return true;
		}
	return reading_lacks(o->r, asked != NULL ? asked : "order", "--case", &o->types);
}

/* ---- second pass: the events ---- */

void ocel_relate(struct ocel *o, struct piece object)
{
	uint32_t at;

	if (!words_find(&o->objects, object.s, object.len, &at) || u32s(&o->type_of)[at] != o->type)
		return;
	for (size_t i = 0; i < o->related.len / sizeof(at); i++)
		if (u32s(&o->related)[i] == at)
			return;
	buf_add(&o->related, &at, sizeof(at));
}

/* ["o1", "o2"] or [{"objectId": "o1", "qualifier": "of"}] */
static bool relations(struct ocel *o)
{
	enum token t = scan_next(&o->scan);

	if (t != J_ARR)
		return scan_over(&o->scan, t);
	while ((t = scan_next(&o->scan)) == J_STR || t == J_OBJ) {
		if (t == J_STR) {
			ocel_relate(o, piece_of(&o->scan.text));
			continue;
		}
		while ((t = scan_next(&o->scan)) == J_STR) {
			bool is_id = scan_is(&o->scan, "objectId");
			enum token value = scan_next(&o->scan);
			if (is_id && value == J_STR)
				ocel_relate(o, piece_of(&o->scan.text));
			if (!scan_over(&o->scan, value))
				return false;
		}
		if (t != J_END_OBJ)
			return false;
	}
	return t == J_END_ARR;
}

void ocel_attribute(struct ocel *o, const char *name, struct piece value)
{
	const struct log_columns *k = o->r->columns;
	const struct {
		const char *name;
		struct buf *into;
	} wanted[] = {
		{ k->person != NULL ? k->person : "org:resource", &o->person },
		{ k->role != NULL ? k->role : "org:role", &o->role },
		{ k->start != NULL ? k->start : "start_timestamp", &o->start },
		{ k->activity, &o->activity },
		{ k->at, &o->at },
	};

	for (size_t i = 0; i < ARRAY_LEN(wanted); i++)
		if (wanted[i].name != NULL && strcmp(wanted[i].name, name) == 0) {
			wanted[i].into->len = 0;
			buf_add(wanted[i].into, value.s, value.len);
		}
}

/* {"name": value} of 1.0 */
static bool attributes_old(struct ocel *o)
{
	enum token t = scan_next(&o->scan);

	if (t != J_OBJ)
		return scan_over(&o->scan, t);
	while ((t = scan_next(&o->scan)) == J_STR) {
		o->id.len = 0;
		buf_add(&o->id, buf_cstr(&o->scan.text), o->scan.text.len);
		t = scan_next(&o->scan);
		if (t == J_STR || t == J_OTHER)
			ocel_attribute(o, buf_cstr(&o->id), piece_of(&o->scan.text));
		if (!scan_over(&o->scan, t))
			return false;
	}
	return t == J_END_OBJ;
}

/* Behind the { of {"name": "who", "value": "Sara"}. */
static bool attribute_new(struct ocel *o)
{
	struct buf *name = &o->id, value = { 0 };
	enum token t;
	bool good = true;

	name->len = 0;
	while (good && (t = scan_next(&o->scan)) == J_STR) {
		if (scan_is(&o->scan, "name"))
			good = take(o, name);
		else if (scan_is(&o->scan, "value"))
			good = take(o, &value);
		else
			good = scan_over(&o->scan, scan_next(&o->scan));
	}
	ocel_attribute(o, buf_cstr(name), piece_of(&value));
	buf_free(&value);
	return good && t == J_END_OBJ;
}

static bool attributes_new(struct ocel *o)
{
	enum token t = scan_next(&o->scan);

	if (t != J_ARR)
		return scan_over(&o->scan, t);
	while ((t = scan_next(&o->scan)) == J_OBJ)
		if (!attribute_new(o))
			return false;
	return t == J_END_ARR;
}

static bool event_member(struct ocel *o)
{
	const struct log_columns *k = o->r->columns;

	if (scan_is(&o->scan, "ocel:omap") || scan_is(&o->scan, "relationships"))
		return relations(o);
	if (scan_is(&o->scan, "ocel:vmap"))
		return attributes_old(o);
	if (scan_is(&o->scan, "attributes"))
		return attributes_new(o);
	if (scan_is(&o->scan, k->activity != NULL ? k->activity : "ocel:activity") ||
		(k->activity == NULL && scan_is(&o->scan, "type")))
		return take(o, &o->activity);
	if (scan_is(&o->scan, k->at != NULL ? k->at : "ocel:timestamp") || (k->at == NULL && scan_is(&o->scan, "time")))
		return take(o, &o->at);
	return scan_over(&o->scan, scan_next(&o->scan));
}

bool ocel_event_end(struct ocel *o, size_t line)
{
	struct piece activity = piece_of(&o->activity), at = piece_of(&o->at), start = piece_of(&o->start),
		     person = piece_of(&o->person), role = piece_of(&o->role);

	for (size_t i = 0; i < o->related.len / sizeof(uint32_t); i++) {
		const char *id = words_get(&o->objects, u32s(&o->related)[i]);
		struct piece item = { id, strlen(id) };
		if (!reading_event(o->r, &item, &activity, &at, &start, &person, &role, line))
			return false;
	}
	return true;
}

void ocel_event_begin(struct ocel *o)
{
	struct buf *const mine[] = { &o->activity, &o->at, &o->start, &o->person, &o->role, &o->related };

	for (size_t i = 0; i < ARRAY_LEN(mine); i++)
		mine[i]->len = 0;
}

static bool event_read(struct ocel *o)
{
	size_t line = o->scan.source->line;
	enum token t;

	ocel_event_begin(o);
	while ((t = scan_next(&o->scan)) == J_STR)
		if (!event_member(o))
			return false;
	return t == J_END_OBJ && ocel_event_end(o, line);
}

static bool both_passes(struct ocel *o)
{
	struct reading *r = o->r;
	bool found;

	if (!pass(o, "ocel:objects", "objects", object_read, &found))
		return false;
	if (!found)
		return reading_failed(r, 1, T_insight_no_ocel, NULL);
	if (!ocel_type_choose(o))
		return false;
	source_close(r->source);
	if (!source_open(r->c, r->source, r->path, false) || !pass(o, "ocel:events", "events", event_read, &found))
		return false;
	return found || reading_failed(r, 1, T_insight_no_ocel, NULL);
}

void ocel_free(struct ocel *o)
{
	struct buf *const mine[] = { &o->activity, &o->at, &o->start, &o->person, &o->role, &o->id, &o->related,
		&o->type_of, &o->scan.text };

	for (size_t i = 0; i < ARRAY_LEN(mine); i++)
		buf_free(mine[i]);
	words_free(&o->objects);
	words_free(&o->types);
}

bool ocel_log(struct reading *r)
{
	struct ocel o = { .r = r, .scan = { .source = r->source } };
	bool good = both_passes(&o);

	ocel_free(&o);
	return good;
}
