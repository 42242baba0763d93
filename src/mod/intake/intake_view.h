/* What pages and answers show of what came in. */
#ifndef MOD_INTAKE_VIEW_H
#define MOD_INTAKE_VIEW_H

#include "app/page.h"
#include "mod/intake/intake_int.h"

struct intake_bytes {
	struct bytes bytes;
};
extern const struct field intake_bytes_fields[];

/* A row of the list. */
struct intake_item {
	int64_t id, version;
	const char *channel, *sender, *sender_name, *subject, *filename, *problem, *intent, *state;
	struct instant received_at;
	struct date delivery_date;
	int64_t order_id;
	const char *order_number, *customer, *customer_name, *worker;
	int64_t worker_id;
	const char *begins; /* its first words */
	int64_t sure_n, look_n, nothing_n;
	const char *channel_text, *title, *note; /* for people */
	bool here;
};
extern const struct field intake_item_fields[];

struct intake_count {
	const char *state;
	int64_t n;
};
extern const struct field intake_count_fields[];

struct intake_tab {
	const char *state, *label, *count;
	bool here;
};

/* A line as people see it beside the words it was read from. */
struct intake_choice {
	const char *sku, *name, *spec, *why;
	size_t key; /* 1 to 9 */
	bool first;
};
struct intake_unit {
	const char *unit;
	bool here;
};
struct intake_show {
	struct intake_line l;
	const char *name, *spec, *source, *verdict, *op_text, *said_price; /* said_price: where it is not ours */
	struct price price;
	const char *price_unit;
	struct qty available; /* in the line's unit */
	struct money amount;
	struct intake_choice *choices;
	size_t choices_len;
	struct intake_unit *units;
	size_t units_len;
	bool sure, look, nothing, out; /* out: it becomes no line */
	bool short_of;
};

struct intake_list_page {
	struct intake_tab *tabs;
	size_t tabs_len;
	struct intake_item *items;
	size_t items_len;
	const char *next_url;
	bool may_work, pasting;
};

/* One of them as it is answered. */
struct intake_view {
	int64_t id, version;
	const char *state, *channel, *external_id, *sender, *sender_name, *subject, *filename, *content_type, *hash,
		*text, *problem;
	const char *customer, *customer_name, *intent;
	struct date delivery_date;
	const char *address, *remarks;
	struct intake_line *lines;
	size_t lines_len;
	struct intake_twin *twins;
	size_t twins_len;
	const char *kept_reason, *reason;
	int64_t order, worker;
	const char *order_number, *worker_name;
	struct instant received_at;
	const char *actions; /* JSON array of names */
	int64_t next;        /* after a move: what comes next in the queue */
};
extern const struct field intake_view_fields[];

/* A column of a table, as the page asks about it. */
struct intake_column {
	const char *letter, *head, *sample;
	struct intake_role {
		const char *role, *label;
		bool here;
	} * roles;
	size_t roles_len;
};

struct intake_page {
	struct intake_view v;
	const char *channel_text, *state_text, *title, *intent_text;
	struct intake_item *rail;
	size_t rail_len;
	struct html marked; /* the text with its fragments */
	struct intake_show *rows;
	size_t rows_len;
	int64_t sure_n, look_n, nothing_n, open_n, sender_orders;
	const char *open_what;
	struct money total;
	struct date next_day;
	int64_t next;
	bool may_work, live, can_reopen, has_bytes, twins_open, changes, is_table;
	int64_t head_row;
	struct intake_column *cols;
	size_t cols_len;
};

NODISCARD bool intake_view_make(struct ctx *c, const struct intake_full *f, struct intake_view *v);
/* With the rest of the queue, prices and stock: five queries more, however many lines. */
NODISCARD bool intake_page_make(struct ctx *c, const struct intake_full *f, struct intake_page *p);
void intake_items_dress(struct ctx *c, struct intake_item *rows, size_t len, int64_t here);
/* What the clerk turns to after this; 0: all is done. */
NODISCARD bool intake_next_of(struct ctx *c, const struct intake *in, int64_t *next);

#endif
