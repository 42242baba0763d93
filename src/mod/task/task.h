/* task: work that waits for a role with a target time: a shortage to settle with the customer, a silent
 * shipment. Clauses 2.1, 2.3, 3-3.1.  Owns: task      Uses: order */
#ifndef MOD_TASK_H
#define MOD_TASK_H

#include "app/app.h"

struct task {
	int64_t id, version;
	const char *kind; /* shortage, late, exception, receipt_difference */
	const char *role;
	int64_t order_id;
	const char *entity;
	int64_t entity_id;
	const char *state; /* open, done */
	const char *data;  /* JSON: what the sentence needs */
	struct instant due_at, created_at, done_at;
	int64_t assigned_to, created_by, done_by;
	const char *outcome;
};
extern const struct field task_fields[];

/* Opens one unless the same (kind, entity, entity_id) is open already. id may be NULL. */
NODISCARD bool task_open(struct ctx *c, const struct task *t, int64_t *id);
/* The open one is that person's now. */
NODISCARD bool task_assign(struct ctx *c, const char *kind, const char *entity, int64_t entity_id, int64_t user_id);
NODISCARD bool task_close(struct ctx *c, const char *kind, const char *entity, int64_t entity_id, const char *outcome);
/* The same for one that is at hand; E_CONFLICT when it is done already. */
NODISCARD bool task_finish(struct ctx *c, const struct task *t, const char *outcome);

extern const struct module task_module;

#endif
