/* The list of what waits, one task, and its end. */
#include "mod/task/task_view.h"

#include "gen/task_sql.h"
#include "gen/tmpl.h"

#include <stdlib.h>
#include <string.h>

const struct field task_item_fields[] = {
	FIELD_AS(struct task_item, task.id, "id", T_none),
	FIELD_AS(struct task_item, task.version, "version", T_none),
	FIELD_AS(struct task_item, task.kind, "kind", T_task_kind),
	FIELD_AS(struct task_item, task.role, "role", T_task_role),
	FIELD_AS(struct task_item, task.order_id, "order_id", T_none),
	FIELD(struct task_item, number, T_task_order),
	FIELD(struct task_item, customer, T_task_customer),
	FIELD_AS(struct task_item, task.entity, "entity", T_none),
	FIELD_AS(struct task_item, task.entity_id, "entity_id", T_none),
	FIELD_AS(struct task_item, task.state, "state", T_task_state),
	{ .name = "data", .label = T_task_data, .type = F_JSON, .offset = offsetof(struct task_item, task.data) },
	FIELD_AS(struct task_item, task.due_at, "due_at", T_task_due),
	FIELD_AS(struct task_item, task.created_at, "created_at", T_task_created_at),
	FIELD_AS(struct task_item, task.done_at, "done_at", T_task_done_at),
	FIELD_AS(struct task_item, task.assigned_to, "assigned_to", T_none),
	FIELD_AS(struct task_item, task.created_by, "created_by", T_none),
	FIELD_AS(struct task_item, task.done_by, "done_by", T_none),
	FIELD_AS(struct task_item, task.outcome, "outcome", T_task_outcome),
	FIELD_END,
};

struct task_query {
	int role;
};
static const struct field query_fields[] = {
	FIELD_ENUM(struct task_query, role, T_task_role, role_names),
	FIELD_END,
};

struct done_in {
	const char *outcome;
};
static const struct field done_fields[] = {
	FIELD(struct done_in, outcome, T_task_outcome, .max = 200, .flags = F_REQUIRED | F_LINES), FIELD_END
};

static const struct view task_one = { task_item_fields, PAGE(tmpl_task_task) };
static const struct view task_row = { task_item_fields, NULL };

/* The system and admins may close every task, others those of their role. */
static bool is_mine(const struct ctx *c, const struct task *t)
{
	enum role role = c->actor->role;

	return t->state && strcmp(t->state, "open") == 0 &&
	       (role == ROLE_admin || role == ROLE_system || strcmp(t->role, role_names[role]) == 0);
}

static const char *fact_text(struct ctx *c, const json_t *v)
{
	if (json_is_string(v))
		return arena_strdup(c->arena, json_string_value(v));
	if (json_is_integer(v))
		return arena_printf(c->arena, "%lld", (long long)json_integer_value(v));
	return NULL;
}

/* What a person can read of the data: its strings and numbers, not ids. */
static void read_facts(struct ctx *c, struct task_item *t)
{
	json_t *all = json_loads(t->task.data, 0, NULL), *v;
	const char *name;

	t->facts = ARENA_ARRAY(c->arena, json_object_size(all) + 1, struct task_fact);
	json_object_foreach(all, name, v)
	{
		const char *text = strstr(name, "_id") ? NULL : fact_text(c, v);

		if (text)
			t->facts[t->facts_len++] = (struct task_fact){ arena_strdup(c->arena, name), text };
	}
	json_decref(all);
	t->mine = is_mine(c, &t->task);
}

/* A page shows one's own work; programs get what they ask for. */
static const char *role_asked(const struct ctx *c, const struct req *r)
{
	const struct task_query *in = req_in(r);

	if (in->role > ROLE_none && in->role < ROLE_COUNT)
		return role_names[in->role];
	return req_wants_page(r) && c->actor->role != ROLE_admin ? role_names[c->actor->role] : NULL;
}

static struct done *list_get(struct ctx *c, struct req *r)
{
	struct paging at = req_paging(r);
	struct task_list v = { .role = role_asked(c, r) };
	const char *key = NULL;
	int64_t next = 0;
	size_t len;

	if (!task_page(c, v.role, at.after_id > 0 ? strtoll(at.after_key, NULL, 10) : INT64_MIN + 1, at.after_id,
		    at.limit + 1, &v.rows, &len))
		return reply_error(r);
	v.rows_len = len > (size_t)at.limit ? (size_t)at.limit : len;
	for (size_t i = 0; i < v.rows_len; i++)
		read_facts(c, &v.rows[i]);
	if (len > v.rows_len) {
		next = v.rows[v.rows_len - 1].task.id;
		key = arena_printf(c->arena, "%lld", (long long)v.rows[v.rows_len - 1].task.due_at.us);
	}
	v.next_url = req_next(r, next, key);
	return reply_list(r, &task_row, v.rows, v.rows_len, next, key, PAGE(tmpl_task_list), &v);
}

static struct done *one_get(struct ctx *c, struct req *r)
{
	struct task_item t;

	if (!task_get(c, req_id(r), &t))
		return reply_error(r);
	read_facts(c, &t);
	return reply_view(r, &task_one, &t);
}

static struct done *done_post(struct ctx *c, struct req *r)
{
	const struct done_in *in = req_in(r);
	struct task_item t;

	if (!task_get(c, req_id(r), &t))
		return reply_error(r);
	if (strcmp(t.task.state, "open") == 0 && !is_mine(c, &t.task)) {
		fail(c, E_FORBIDDEN, T_task_not_yours);
		return reply_error(r);
	}
	if (!task_finish(c, &t.task, in->outcome) || !task_get(c, t.task.id, &t))
		return reply_error(r);
	read_facts(c, &t);
	return reply_moved(r, &task_one, &t, "/tasks");
}

static const struct route routes[] = { { GET, "/tasks", RIGHT_look, query_fields, sizeof(struct task_query), list_get,
					       T_task_list, ROUTE_LIST, &task_row },
	{ GET, "/tasks/:id", RIGHT_look, NULL, 0, one_get, T_task_one, 0, &task_one },
	{ POST, "/tasks/:id/done", RIGHT_none, done_fields, sizeof(struct done_in), done_post, T_task_do_done,
		ROUTE_SELF, &task_one },
	ROUTE_END };

static bool forget_person(struct ctx *c, const struct event *e)
{
	return task_words_forget(c, e->entity_id);
}

static const struct listen listens[] = {
	{ "customer.erased", forget_person },
	{ NULL, NULL },
};

const struct module task_module = {
	.name = "task",
	.routes = routes,
	.listens = listens,
};
