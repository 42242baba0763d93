/* What pages and answers show of reviews. */
#ifndef MOD_REVIEW_VIEW_H
#define MOD_REVIEW_VIEW_H

#include "mod/order/order_view.h"
#include "mod/review/review.h"

/* One of the five checks: its figures for programs, one sentence for people, where the figures come from. */
struct review_check {
	int result; /* enum review_result */
	const char *check, *facts, *text, *source;
	const char *name, *word; /* for pages: 库存, 不行 */
	bool pass, warn, block;
};
extern const struct field review_check_fields[];

struct review_view {
	int64_t id, version, order;
	const char *number, *customer, *customer_name, *state, *decision, *order_state;
	struct money total;
	struct date delivery_date;
	struct instant due_at, created_at, decided_at;
	bool escalated;
	int64_t claimed_by, decided_by;
	struct review_check *checks;
	size_t checks_len;
	const char *overrides, *note;
};
extern const struct field review_view_fields[];

/* A row of the queue; dots as p, w, b in the order of the checks. */
struct review_item {
	int64_t id, version, order_id;
	const char *number, *customer_name, *state, *decision, *worst;
	struct money total;
	struct date delivery_date;
	struct instant due_at;
	bool escalated, here, late, soon;
	struct review_dot {
		bool warn, block;
	} * dots;
	size_t dots_len;
	const char *checks, *left;
	int64_t order;
};
extern const struct field review_item_fields[];

/* Orders up to max_total, of this tier and channel if they are named, pass when all checks do. */
struct review_rule {
	int64_t id, version;
	const char *name, *tier, *channel, *author;
	struct money max_total;
	bool active;
	int64_t created_by, used;
	struct instant created_at, stopped_at;
};
extern const struct field review_rule_fields[];
struct review_rules {
	struct review_rule *rules;
	size_t rules_len;
};

struct review_page {
	struct review_view v;
	struct order_view o;
	struct review_row {
		struct order_line l;
		const char *source, *available, *base, *floor, *verdict;
		bool bad;
	} * rows;
	size_t rows_len;
	struct review_item *queue;
	size_t queue_len;
	int64_t passed, warned, blocked;
	const char *left, *created_by;
	bool open, late, all_green, mine, may_decide, has_queue;
	struct review_item *next;
};

#endif
