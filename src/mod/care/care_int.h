/* What the files of this module share. */
#ifndef MOD_CARE_INT_H
#define MOD_CARE_INT_H

#include "mod/care/care.h"
#include "mod/file/file.h"
#include "mod/order/order_view.h"
#include "mod/returns/returns.h"

struct follow_up {
	int64_t order_id, customer_id;
	const char *state;
	int64_t tries;
	struct instant due_at;
	int64_t score;
	const char *comment, *reason, *source;
	int64_t done_by;
	struct instant created_at, done_at;
};
extern const struct field follow_up_fields[];
extern const struct field follow_up_in_fields[];

/* A row of the call list, and what is needed for the call. */
struct follow_up_item {
	int64_t order;
	const char *number, *customer, *customer_name, *contact, *phone, *state;
	int64_t tries, score;
	const char *comment, *reason, *source;
	struct date delivery_date;
	struct money total;
	struct instant due_at, done_at;
};
extern const struct field follow_up_item_fields[];

struct follow_up_page {
	struct follow_up_item f;
	struct order_line *lines;
	size_t lines_len;
	bool open, may_answer;
};
struct follow_up_list_page {
	struct follow_up_item *items;
	size_t items_len;
	const char *state, *next_url;
};

struct care_case {
	int64_t id, version;
	const char *number, *state, *kind, *origin;
	int64_t order_id, shipment_id, line, product_id;
	const char *lot;
	int64_t customer_id;
	const char *summary, *detail, *wish, *source;
	int64_t owner_id;
	struct instant due_at;
	bool escalated;
	const char *cause;
	struct money cost;
	const char *decision;
	struct money amount;
	const char *decision_note;
	int64_t decided_by, return_id, new_order_id, opened_by;
	struct instant opened_at, resolved_at, closed_at;
};
extern const struct field care_case_fields[];

enum case_move { CM_ASSIGN, CM_PROPOSE, CM_RESOLVE, CM_CLOSE, CM_REOPEN, CM_COUNT };
extern const char *const case_move_names[];
extern const char *const case_decisions[]; /* none, credit, return, exchange, redeliver */

struct assign_in {
	const char *owner; /* a login; NULL: oneself */
};
struct propose_in {
	int decision;
	struct money amount; /* credit: how much */
	const char *note, *cause;
	struct money cost;
	/* what comes back, what is sent: for a return, an exchange, a new delivery */
	struct return_line_in *lines;
	size_t lines_len;
	struct return_wish *replacement;
	size_t replacement_len;
};
struct case_note_in {
	const char *note;
};
extern const struct field case_in_fields[], assign_fields[], propose_fields[], case_word_fields[];

NODISCARD bool case_assign(struct ctx *c, int64_t id, int64_t version, const struct assign_in *in);
NODISCARD bool case_propose(struct ctx *c, int64_t id, int64_t version, const struct propose_in *in);
NODISCARD bool case_resolve(struct ctx *c, int64_t id, int64_t version, const struct propose_in *in);
NODISCARD bool case_close(struct ctx *c, int64_t id, int64_t version, const char *note);
NODISCARD bool case_reopen(struct ctx *c, int64_t id, int64_t version, const char *note);
const char *case_actions(struct ctx *c, const struct care_case *k);
bool case_step_allowed(const char *from, const char *to);

struct case_item {
	int64_t id, version;
	const char *number, *state, *kind, *summary, *customer, *customer_name, *order_number, *owner;
	int64_t order;
	bool escalated;
	struct instant due_at, opened_at;
};
extern const struct field case_item_fields[];

struct case_note {
	struct instant at;
	const char *actor, *kind, *to_state, *note, *text;
};
extern const struct field case_note_fields[];

struct case_view {
	struct care_case k;
	const char *order_number, *customer, *customer_name, *customer_phone, *owner, *line_name, *shipment_number,
		*return_number, *new_order_number;
	struct file *files;
	size_t files_len;
	struct case_note *notes;
	size_t notes_len;
	const char *actions;
	/* page only */
	bool can_assign, can_propose, can_resolve, can_close, can_reopen, may_add;
	struct order_line *lines;
	size_t lines_len;
};
extern const struct field case_view_fields[];
NODISCARD bool case_view_make(struct ctx *c, int64_t id, struct case_view *v);

struct case_list_page {
	struct case_item *items;
	size_t items_len;
	const char *state, *next_url;
	bool may_open;
};
struct case_new_page {
	int64_t order;
	const char *number, *customer_name;
	struct order_line *lines;
	size_t lines_len;
};

/* Pareto: which product, lot, carrier, cause costs most. */
struct case_cause {
	const char *what;
	int64_t n;
	struct money cost;
	int64_t percent; /* of all cases, this and those before */
};
extern const struct field case_cause_fields[];
struct case_cause_page {
	const char *by;
	struct case_cause *rows;
	size_t rows_len;
};

extern const struct route care_routes[];
extern const struct check care_checks[];
bool follow_up_begin(struct ctx *c, const struct event *e);
bool follow_up_end(struct ctx *c, const struct event *e);
bool case_of_receipt(struct ctx *c, const struct event *e);
bool cases_escalate(struct ctx *c);
bool cases_forget(struct ctx *c, const struct event *e);

#endif
