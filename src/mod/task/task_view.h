/* What pages and answers show of tasks. */
#ifndef MOD_TASK_VIEW_H
#define MOD_TASK_VIEW_H

#include "mod/task/task.h"

/* A fact of the task's data: "quantity", "12". */
struct task_fact {
	const char *name, *value;
};

struct task_item {
	struct task task;
	const char *number, *customer; /* of its order, NULL if it has none */
	struct task_fact *facts;
	size_t facts_len;
	bool mine; /* this person may close it */
};
extern const struct field task_item_fields[];

struct task_list {
	const char *role, *next_url;
	struct task_item *rows;
	size_t rows_len;
};

#endif
