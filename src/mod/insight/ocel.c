/* ocel: what is exported, type by type, page by page. */
#include "mod/insight/ocel.h"

#include "app/command.h"
#include "gen/insight_sql.h"
#include "mod/insight/ocel_out.h"

#include <inttypes.h>
#include <string.h>

#define ROW(S)                                                                                                         \
	{                                                                                                              \
		.name = "row", .flags = F_HIDDEN, .type = F_INT, .offset = offsetof(S, row)                            \
	}

/* clang-format off */
const struct field ocel_order_fields[] = {
	ROW(struct ocel_order),
	FIELD(struct ocel_order, id, T_none),
	FIELD(struct ocel_order, number, T_none),
	FIELD(struct ocel_order, state, T_none),
	FIELD(struct ocel_order, channel, T_none),
	FIELD(struct ocel_order, delivery_date, T_none),
	FIELD(struct ocel_order, total, T_none),
	FIELD(struct ocel_order, customer_id, T_none),
	FIELD(struct ocel_order, at, T_none),
	FIELD_END,
};
const struct field ocel_line_fields[] = {
	ROW(struct ocel_line),
	FIELD(struct ocel_line, id, T_none),
	FIELD(struct ocel_line, sku, T_none),
	FIELD(struct ocel_line, name, T_none),
	FIELD(struct ocel_line, quantity, T_none),
	FIELD(struct ocel_line, unit, T_none),
	FIELD(struct ocel_line, price, T_none),
	FIELD(struct ocel_line, amount, T_none),
	FIELD(struct ocel_line, order_id, T_none),
	FIELD(struct ocel_line, at, T_none),
	FIELD_END,
};
const struct field ocel_review_fields[] = {
	ROW(struct ocel_review),
	FIELD(struct ocel_review, id, T_none),
	FIELD(struct ocel_review, state, T_none),
	FIELD(struct ocel_review, decision, T_none),
	FIELD(struct ocel_review, worst, T_none),
	FIELD(struct ocel_review, order_id, T_none),
	FIELD(struct ocel_review, at, T_none),
	FIELD_END,
};
const struct field ocel_wave_fields[] = {
	ROW(struct ocel_wave),
	FIELD(struct ocel_wave, id, T_none),
	FIELD(struct ocel_wave, number, T_none),
	FIELD(struct ocel_wave, state, T_none),
	FIELD(struct ocel_wave, at, T_none),
	FIELD_END,
};
const struct field ocel_pick_fields[] = {
	ROW(struct ocel_pick),
	FIELD(struct ocel_pick, id, T_none),
	FIELD(struct ocel_pick, state, T_none),
	FIELD(struct ocel_pick, wave_id, T_none),
	FIELD(struct ocel_pick, order_id, T_none),
	FIELD(struct ocel_pick, user_id, T_none),
	FIELD(struct ocel_pick, at, T_none),
	FIELD_END,
};
const struct field ocel_shipment_fields[] = {
	ROW(struct ocel_shipment),
	FIELD(struct ocel_shipment, id, T_none),
	FIELD(struct ocel_shipment, number, T_none),
	FIELD(struct ocel_shipment, state, T_none),
	FIELD(struct ocel_shipment, carrier, T_none),
	FIELD(struct ocel_shipment, tracking_number, T_none),
	FIELD(struct ocel_shipment, order_id, T_none),
	FIELD(struct ocel_shipment, customer_id, T_none),
	FIELD(struct ocel_shipment, at, T_none),
	FIELD_END,
};
const struct field ocel_package_fields[] = {
	ROW(struct ocel_package),
	FIELD(struct ocel_package, id, T_none),
	FIELD(struct ocel_package, sscc, T_none),
	FIELD(struct ocel_package, weight_kg, T_none),
	FIELD(struct ocel_package, shipment_id, T_none),
	FIELD(struct ocel_package, at, T_none),
	FIELD_END,
};
const struct field ocel_return_fields[] = {
	ROW(struct ocel_return),
	FIELD(struct ocel_return, id, T_none),
	FIELD(struct ocel_return, number, T_none),
	FIELD(struct ocel_return, kind, T_none),
	FIELD(struct ocel_return, state, T_none),
	FIELD(struct ocel_return, order_id, T_none),
	FIELD(struct ocel_return, shipment_id, T_none),
	FIELD(struct ocel_return, customer_id, T_none),
	FIELD(struct ocel_return, at, T_none),
	FIELD_END,
};
const struct field ocel_case_fields[] = {
	ROW(struct ocel_case),
	FIELD(struct ocel_case, id, T_none),
	FIELD(struct ocel_case, number, T_none),
	FIELD(struct ocel_case, kind, T_none),
	FIELD(struct ocel_case, state, T_none),
	FIELD(struct ocel_case, cause, T_none),
	FIELD(struct ocel_case, lot, T_none),
	FIELD(struct ocel_case, order_id, T_none),
	FIELD(struct ocel_case, shipment_id, T_none),
	FIELD(struct ocel_case, return_id, T_none),
	FIELD(struct ocel_case, customer_id, T_none),
	FIELD(struct ocel_case, at, T_none),
	FIELD_END,
};
const struct field ocel_task_fields[] = {
	ROW(struct ocel_task),
	FIELD(struct ocel_task, id, T_none),
	FIELD(struct ocel_task, kind, T_none),
	FIELD(struct ocel_task, for_role, T_none),
	FIELD(struct ocel_task, state, T_none),
	FIELD(struct ocel_task, order_id, T_none),
	FIELD(struct ocel_task, at, T_none),
	FIELD_END,
};
const struct field ocel_customer_fields[] = {
	ROW(struct ocel_customer),
	FIELD(struct ocel_customer, id, T_none),
	FIELD(struct ocel_customer, code, T_none),
	FIELD(struct ocel_customer, name, T_none),
	FIELD(struct ocel_customer, tier, T_none),
	FIELD(struct ocel_customer, at, T_none),
	FIELD_END,
};
const struct field ocel_user_fields[] = {
	ROW(struct ocel_user),
	FIELD(struct ocel_user, id, T_none),
	FIELD(struct ocel_user, login, T_none),
	FIELD(struct ocel_user, name, T_none),
	FIELD(struct ocel_user, role, T_none),
	FIELD(struct ocel_user, at, T_none),
	FIELD_END,
};
const struct field ocel_kind_fields[] = {
	FIELD(struct ocel_kind, kind, T_none),
	FIELD_END,
};
/* clang-format on */

struct range {
	int64_t from, to; /* µs */
};

#define PAGED(T, ...)                                                                                                  \
	static bool page_##T(struct ctx *c, int64_t after, const struct range *p, const void **rows, size_t *len)      \
	{                                                                                                              \
		struct ocel_##T *found;                                                                                \
		(void)p;                                                                                               \
		if (!ocel_##T##_page(c, after __VA_OPT__(, ) __VA_ARGS__, &found, len))                                \
			return false;                                                                                  \
		*rows = found;                                                                                         \
		return true;                                                                                           \
	}
PAGED(order, p->from, p->to)
PAGED(line, p->from, p->to)
PAGED(review, p->from, p->to)
PAGED(wave, p->from, p->to)
PAGED(pick, p->from, p->to)
PAGED(shipment, p->from, p->to)
PAGED(package, p->from, p->to)
PAGED(return, p->from, p->to)
PAGED(case, p->from, p->to)
PAGED(task, p->from, p->to)
PAGED(customer)
PAGED(user)

static const struct type {
	const char *name;
	const struct field *fields;
	size_t size;
	bool (*page)(struct ctx *c, int64_t after, const struct range *p, const void **rows, size_t *len);
} types[] = {
	{ "order", ocel_order_fields, sizeof(struct ocel_order), page_order },
	{ "line", ocel_line_fields, sizeof(struct ocel_line), page_line },
	{ "review", ocel_review_fields, sizeof(struct ocel_review), page_review },
	{ "wave", ocel_wave_fields, sizeof(struct ocel_wave), page_wave },
	{ "pick", ocel_pick_fields, sizeof(struct ocel_pick), page_pick },
	{ "shipment", ocel_shipment_fields, sizeof(struct ocel_shipment), page_shipment },
	{ "package", ocel_package_fields, sizeof(struct ocel_package), page_package },
	{ "return", ocel_return_fields, sizeof(struct ocel_return), page_return },
	{ "case", ocel_case_fields, sizeof(struct ocel_case), page_case },
	{ "task", ocel_task_fields, sizeof(struct ocel_task), page_task },
	{ "customer", ocel_customer_fields, sizeof(struct ocel_customer), page_customer },
	{ "user", ocel_user_fields, sizeof(struct ocel_user), page_user },
};

/* ---- objects ---- */

/* "order_id" is a relation to an order; 0 if the field is none. */
static size_t relation_len(const struct field *f)
{
	size_t len = strlen(f->name);

	return len > 3 && strcmp(f->name + len - 3, "_id") == 0 ? len - 3 : 0;
}

static bool is_attribute(const struct field *f)
{
	return (f->flags & F_HIDDEN) == 0 && relation_len(f) == 0 && strcmp(f->name, "id") != 0 &&
	       strcmp(f->name, "at") != 0;
}

static void pair_add(struct ocel_pair *list, size_t *len, const char *name, const char *value)
{
	list[(*len)++] = (struct ocel_pair){ name, value };
}

static struct ocel_thing thing_of(struct ctx *c, const struct type *t, const void *row)
{
	struct ocel_thing o = { .type = t->name };

	for (const struct field *f = t->fields; f->name != NULL; f++) {
		const char *value = field_text(c, f, row);
		size_t relation = relation_len(f);
		if (*value == '\0')
			continue;
		if (strcmp(f->name, "id") == 0)
			o.id = arena_printf(c->arena, "%s-%s", t->name, value);
		else if (strcmp(f->name, "at") == 0)
			o.at = value;
		else if (relation > 0)
			pair_add(o.relations, &o.relations_len, arena_printf(c->arena, "%.*s", (int)relation, f->name),
				arena_printf(c->arena, "%.*s-%s", (int)relation, f->name, value));
		else if (is_attribute(f))
			pair_add(o.attributes, &o.attributes_len, f->name, value);
	}
	return o;
}

static bool objects_of(struct ocel_sink *s, const struct type *t, const struct range *p)
{
	struct ctx *c = s->c;
	int64_t after = INT64_MIN + 1;
	const char *rows;
	const void *found;
	size_t len;

	do {
		if (!t->page(c, after, p, &found, &len))
			return false;
		rows = found;
		for (size_t i = 0; i < len; i++) {
			struct ocel_thing o = thing_of(c, t, rows + i * t->size);
			if (!s->put(s, false, &o))
				return false;
		}
		if (len > 0)
			memcpy(&after, rows + (len - 1) * t->size + t->fields[0].offset, sizeof(after));
		arena_reset(c->arena);
	} while (len > 0);
	return true;
}

/* The one who does what no person does. */
static bool the_system_itself(struct ocel_sink *s)
{
	struct ocel_thing o = { .id = arena_printf(s->c->arena, "user-%" PRId64, the_system.id),
		.type = "user",
		.at = "1970-01-01T00:00:00Z",
		.attributes = { { "login", the_system.login }, { "role", role_names[ROLE_system] } },
		.attributes_len = 2 };

	return s->put(s, false, &o);
}

static bool objects_out(struct ocel_sink *s, const struct range *p)
{
	if (!s->begin(s, false))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		if (!objects_of(s, &types[i], p))
			return false;
	return the_system_itself(s) && s->end(s, false);
}

/* ---- events ---- */

static bool is_exported(const char *type)
{
	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		if (strcmp(types[i].name, type) == 0)
			return true;
	return false;
}

static struct ocel_thing event_thing(struct ctx *c, const struct event_row *e)
{
	struct ocel_thing o = { .id = arena_printf(c->arena, "event-%" PRId64, e->id),
		.type = e->kind,
		.at = instant_str(c->arena, e->at) };

	pair_add(o.attributes, &o.attributes_len, "org:resource", e->actor);
	pair_add(o.attributes, &o.attributes_len, "org:role", e->role);
	if (e->from_state != NULL)
		pair_add(o.attributes, &o.attributes_len, "from", e->from_state);
	if (e->to_state != NULL)
		pair_add(o.attributes, &o.attributes_len, "to", e->to_state);
	pair_add(o.relations, &o.relations_len, "order", arena_printf(c->arena, "order-%" PRId64, e->order_id));
	if (is_exported(e->entity) && strcmp(e->entity, "order") != 0)
		pair_add(o.relations, &o.relations_len, e->entity,
			arena_printf(c->arena, "%s-%" PRId64, e->entity, e->entity_id));
	pair_add(o.relations, &o.relations_len, "actor", arena_printf(c->arena, "user-%" PRId64, e->actor_id));
	return o;
}

static bool events_out(struct ocel_sink *s, const struct range *p)
{
	struct ctx *c = s->c;
	int64_t after = 0;
	struct event_row *rows;
	size_t len;

	if (!s->begin(s, true))
		return false;
	do {
		if (!ocel_event_page(c, after, p->from, p->to, &rows, &len))
			return false;
		for (size_t i = 0; i < len; i++) {
			struct ocel_thing o = event_thing(c, &rows[i]);
			if (!s->put(s, true, &o))
				return false;
		}
		after = len > 0 ? rows[len - 1].id : after;
		arena_reset(c->arena);
	} while (len > 0);
	return s->end(s, true);
}

/* ---- the types, which stand before what is of them ---- */

static bool types_out(struct ocel_sink *s, const struct range *p)
{
	static const char *const of_event[] = { "org:resource", "org:role", "from", "to" };
	struct ocel_thing *list = ARENA_ARRAY(s->c->arena, ARRAY_LEN(types), struct ocel_thing), *kinds;
	struct ocel_kind *rows;
	size_t len;

	for (size_t i = 0; i < ARRAY_LEN(types); i++) {
		list[i].type = types[i].name;
		for (const struct field *f = types[i].fields; f->name != NULL; f++)
			if (is_attribute(f))
				pair_add(list[i].attributes, &list[i].attributes_len, f->name, "string");
	}
	if (!s->types(s, false, list, ARRAY_LEN(types)) || !ocel_kinds(s->c, p->from, p->to, &rows, &len))
		return false;
	kinds = ARENA_ARRAY(s->c->arena, len + 1, struct ocel_thing);
	for (size_t i = 0; i < len; i++) {
		kinds[i].type = rows[i].kind;
		for (size_t k = 0; k < ARRAY_LEN(of_event); k++)
			pair_add(kinds[i].attributes, &kinds[i].attributes_len, of_event[k], "string");
	}
	return s->types(s, true, kinds, len);
}

static bool all_out(struct ocel_sink *s, const struct range *p)
{
	return types_out(s, p) && objects_out(s, p) && events_out(s, p);
}

/* One picture of the database from the first page to the last. */
bool export_ocel(struct ctx *c, const char *file, int64_t from_us, int64_t to_us)
{
	const struct range p = { from_us, to_us };
	struct ocel_sink s = { .c = c };
	bool good;

	/* pages empty the arena: what must outlive them lies in one of its own */
	struct arena *mine = c->arena, *pages = arena_new();
	if (!ocel_open(c, &s, file)) {
		arena_free(pages);
		return false;
	}
	c->arena = pages;
	good = db_begin(c) && all_out(&s, &p);
	if (db_in_tx(c->db))
		db_rollback(c);
	c->arena = mine;
	if (!good)
		c->err.detail = arena_strdup(mine, c->err.detail);
	arena_free(pages);
	return ocel_close(&s, good);
}
