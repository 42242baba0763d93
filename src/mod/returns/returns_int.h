/* What the files of this module share. */
#ifndef MOD_RETURNS_INT_H
#define MOD_RETURNS_INT_H

#include "mod/order/order_view.h"
#include "mod/returns/returns.h"

enum return_move { RM_APPROVE, RM_REJECT, RM_CANCEL, RM_MISS, RM_RECEIVE, RM_INSPECT, RM_SETTLE, RM_CLOSE, RM_COUNT };
extern const char *const return_move_names[];

struct received_line {
	int64_t line;
	struct qty quantity;
};
struct receive_in {
	struct received_line *lines;
	size_t lines_len;
	bool complete; /* what is missing does not come any more */
};
struct inspected_line {
	int64_t line;
	struct qty good, second, scrap;
	const char *location, *lot;
};
struct inspect_in {
	struct inspected_line *lines;
	size_t lines_len;
};
struct settle_in {
	struct money amount; /* NONE: what was charged for the goods that came */
	const char *note;
};
/* What was refused at the door and does not come back. */
enum return_fate { FATE_LOST, FATE_KEPT };
extern const char *const return_fates[];
struct missing_in {
	int fate;
	const char *reason;
};
struct reason_in {
	const char *reason;
};
extern const struct field return_in_fields[], receive_fields[], inspect_fields[], settle_fields[],
	return_reason_fields[], missing_fields[];

/* The row, locked, as the caller saw it, if the move may be made now. */
NODISCARD bool return_take_up(struct ctx *c, int64_t id, int64_t version, enum return_move m, struct goods_return *out);
/* Which moves this actor may make now, as a JSON array. */
const char *return_actions(struct ctx *c, const struct goods_return *g);

NODISCARD bool return_approve(struct ctx *c, int64_t id, int64_t version);
NODISCARD bool return_reject(struct ctx *c, int64_t id, int64_t version, const char *reason);
NODISCARD bool return_cancel(struct ctx *c, int64_t id, int64_t version, const char *reason);
/* The rest of what was refused does not come back: the customer kept it and owes it again, or it is lost, which a reviewer
 * answers for. */
NODISCARD bool return_miss(struct ctx *c, int64_t id, int64_t version, const struct missing_in *in);
NODISCARD bool return_receive(struct ctx *c, int64_t id, int64_t version, const struct receive_in *in);
NODISCARD bool return_inspect(struct ctx *c, int64_t id, int64_t version, const struct inspect_in *in);
NODISCARD bool return_settle(struct ctx *c, int64_t id, int64_t version, const struct settle_in *in);
NODISCARD bool return_close(struct ctx *c, int64_t id, int64_t version);

struct return_item {
	int64_t id, version;
	const char *number, *state, *kind, *customer, *customer_name, *order_number;
	int64_t order;
	struct money value;
	int64_t lines_n;
	struct instant created_at;
};
extern const struct field return_item_fields[];

struct return_view {
	struct goods_return g;
	const char *order_number, *customer, *customer_name, *replacement_number;
	struct money replacement_total, difference;
	struct return_line *lines;
	size_t lines_len;
	struct return_wish *replacement;
	size_t replacement_len;
	const char *actions;
	/* page only */
	bool can_approve, can_reject, can_cancel, can_miss, can_receive, can_inspect, can_settle, can_close;
};
extern const struct field return_view_fields[];
NODISCARD bool return_view_make(struct ctx *c, int64_t id, struct return_view *v);

struct return_list_page {
	struct return_item *items;
	size_t items_len;
	const char *state, *next_url;
};

/* A new return for an order: what may come back of each line. */
struct returnable {
	int64_t line;
	const char *sku, *name, *unit;
	struct qty delivered, requested, left;
};
struct return_new_page {
	int64_t order;
	const char *number, *customer_name;
	struct returnable *lines;
	size_t lines_len;
};

/* A lot the goods of an order line left from. */
struct left_from {
	int64_t order_id, line;
	const char *warehouse, *location, *lot, *expires;
};
extern const struct field left_from_fields[];
struct asked_before {
	int64_t line;
	struct qty quantity;
};
extern const struct field asked_before_fields[];

bool return_step_allowed(const char *from, const char *to);

extern const struct listen return_listens[];
extern const struct check return_checks[];

#endif
