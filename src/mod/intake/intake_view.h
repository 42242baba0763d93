/* What pages and answers show of what came in. */
#ifndef MOD_INTAKE_VIEW_H
#define MOD_INTAKE_VIEW_H

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

struct intake_list_page {
	struct intake_tab *tabs;
	size_t tabs_len;
	struct intake_item *items;
	size_t items_len;
	const char *next_url;
	bool may_work;
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
};
extern const struct field intake_view_fields[];
NODISCARD bool intake_view_make(struct ctx *c, const struct intake_full *f, struct intake_view *v);

#endif
