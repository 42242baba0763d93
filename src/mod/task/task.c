/* task: opening and closing. */
#include "mod/task/task_view.h"

#include "gen/task_sql.h"

#include <inttypes.h>

const struct field task_fields[] = {
	FIELD(struct task, id, T_none),
	FIELD(struct task, version, T_none),
	FIELD(struct task, kind, T_task_kind),
	FIELD(struct task, role, T_task_role),
	FIELD(struct task, order_id, T_none),
	FIELD(struct task, entity, T_none),
	FIELD(struct task, entity_id, T_none),
	FIELD(struct task, state, T_task_state),
	FIELD_JSON(struct task, data, T_task_data),
	FIELD(struct task, due_at, T_task_due),
	FIELD(struct task, created_at, T_task_created_at),
	FIELD(struct task, done_at, T_task_done_at),
	FIELD(struct task, assigned_to, T_none),
	FIELD(struct task, created_by, T_none),
	FIELD(struct task, done_by, T_none),
	FIELD(struct task, outcome, T_task_outcome),
	FIELD_END,
};

static int64_t id_or_none(int64_t id)
{
	return id > 0 ? id : INT64_MIN;
}

bool task_open(struct ctx *c, const struct task *t, int64_t *id)
{
	struct event e = {
		.kind = "task.opened", .entity = "task", .order_id = t->order_id > 0 ? t->order_id : 0, .to = "open"
	};
	int64_t made = 0;

	if (!id_new(c, &e.entity_id) ||
		!task_insert(c, e.entity_id, t->kind, t->role, id_or_none(t->order_id), t->entity, t->entity_id,
			t->data ? t->data : "{}", t->due_at, id_or_none(t->assigned_to), c->actor->id, c->now, &made))
		return false;
	if (id != NULL)
		*id = e.entity_id;
	if (made == 0)
		return id == NULL || task_open_of(c, t->kind, t->entity, t->entity_id, id);
	e.data = arena_printf(c->arena, "{\"kind\":\"%s\",\"role\":\"%s\"}", t->kind, t->role);
	return event_add(c, &e);
}

bool task_assign(struct ctx *c, const char *kind, const char *entity, int64_t entity_id, int64_t user_id)
{
	struct event e = { .kind = "task.assigned", .entity = "task" };
	struct task_item t;
	int64_t changed;

	if (!task_open_of(c, kind, entity, entity_id, &e.entity_id))
		return false;
	if (e.entity_id == INT64_MIN)
		return true;
	if (!task_get(c, e.entity_id, &t) || !task_hand_over(c, e.entity_id, user_id, &changed))
		return false;
	e.order_id = t.task.order_id > 0 ? t.task.order_id : 0;
	e.data = arena_printf(c->arena, "{\"kind\":\"%s\",\"to\":%" PRId64 "}", kind, user_id);
	return changed == 0 || event_add(c, &e);
}

bool task_finish(struct ctx *c, const struct task *t, const char *outcome)
{
	struct event e = { .kind = "task.done",
		.entity = "task",
		.entity_id = t->id,
		.order_id = t->order_id > 0 ? t->order_id : 0,
		.from = "open",
		.to = "done" };
	int64_t ended;
	struct buf b;
	struct json j;

	if (!task_end(c, t->id, c->actor->id, c->now, outcome, &ended))
		return false;
	if (ended == 0)
		return fail(c, E_CONFLICT, T_task_is_done);
	buf_init(&b, c->arena);
	json_start(&j, &b);
	json_obj(&j, NULL);
	json_str(&j, "kind", t->kind);
	json_str(&j, "outcome", outcome);
	json_end_obj(&j);
	e.data = buf_cstr(&b);
	return event_add(c, &e);
}

bool task_close(struct ctx *c, const char *kind, const char *entity, int64_t entity_id, const char *outcome)
{
	struct task_item t;
	int64_t id;

	if (!task_open_of(c, kind, entity, entity_id, &id))
		return false;
	return id == INT64_MIN || (task_get(c, id, &t) && task_finish(c, &t.task, outcome));
}
