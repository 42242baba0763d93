/* A task is opened once and ends once. */
#include "mod/catalog/test/world.h"

#include "gen/task_sql.h"
#include "mod/task/task_view.h"

static struct task shortage(struct ctx *c)
{
	return (struct task){ .kind = "shortage",
		.role = "clerk",
		.order_id = 5,
		.entity = "order_line",
		.entity_id = 51,
		.data = "{\"name\":\"黄心土豆\",\"short\":\"3\"}",
		.due_at = { c->now.us + 20 * MINUTE_US } };
}

static void the_same_thing_waits_once(void **state)
{
	struct ctx *c = *state;
	struct task t = shortage(c);
	struct task_item *rows;
	int64_t first, again;
	size_t len;

	assert_true(task_open(c, &t, &first));
	assert_true(task_open(c, &t, &again));
	assert_int_equal(first, again);
	assert_true(task_open(c, &t, NULL));
	t.entity_id = 52;
	t.due_at.us -= MINUTE_US;
	assert_true(task_open(c, &t, &again));
	assert_int_not_equal(first, again);
	assert_true(task_page(c, "clerk", 0, 0, 10, &rows, &len));
	assert_int_equal(len, 2);
	assert_int_equal(rows[0].task.id, again);
	assert_true(task_page(c, "clerk", rows[0].task.due_at.us, again, 10, &rows, &len));
	assert_int_equal(len, 1);
	assert_true(task_page(c, "warehouse", 0, 0, 10, &rows, &len));
	assert_int_equal(len, 0);
}

static void it_ends_once(void **state)
{
	struct ctx *c = *state;
	struct task t = shortage(c);
	struct task_item was;
	int64_t id, again;

	assert_true(task_open(c, &t, &id));
	assert_true(task_close(c, "shortage", "order_line", 51, "客户同意少送"));
	assert_true(task_close(c, "shortage", "order_line", 51, "nobody waits any more"));
	assert_true(task_get(c, id, &was));
	assert_string_equal(was.task.state, "done");
	assert_string_equal(was.task.outcome, "客户同意少送");
	assert_int_equal(was.task.done_by, c->actor->id);
	refused(c, task_finish(c, &was.task, "again"), E_CONFLICT);
	assert_true(task_open(c, &t, &again));
	assert_int_not_equal(id, again);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_TEST(the_same_thing_waits_once),
		WORLD_TEST(it_ends_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
