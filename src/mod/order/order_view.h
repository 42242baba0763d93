/* What pages and answers show of orders. */
#ifndef MOD_ORDER_VIEW_H
#define MOD_ORDER_VIEW_H

#include "mod/customer/customer.h"
#include "mod/order/order.h"

/* A row of lists and queues. */
struct order_item {
	int64_t id, version;
	const char *number, *channel, *state;
	bool on_hold;
	const char *customer, *customer_name;
	struct date delivery_date;
	struct money total;
	int64_t lines_n;
	struct instant created_at, due_at;
	const char *state_text, *channel_text; /* in the reader's language */
	bool late;
};
extern const struct field order_item_fields[];

struct order_count {
	const char *state;
	int64_t n;
};
extern const struct field order_count_fields[];
struct order_overlap {
	int64_t order_id, same, exact;
};
extern const struct field order_overlap_fields[];
struct order_step {
	int64_t order_id;
	const char *kind, *from_state, *to_state;
};
extern const struct field order_step_fields[];

/* One order as it is answered, contract 3. */
struct order_view {
	int64_t id, version;
	const char *number, *state, *channel, *external_id;
	bool on_hold;
	const char *hold_reason;
	const char *customer, *customer_name;
	struct date delivery_date;
	const char *address, *remarks;
	struct order_line *lines;
	size_t lines_len;
	struct money total;
	int64_t revision;
	const char *snapshot, *read_back;
	int64_t review; /* its open review, NONE if there is none */
	const char *confirmed_person, *confirmed_method;
	struct instant created_at, confirmed_at, approved_at, due_at;
	bool stock_confirmed;
	const char *actions; /* JSON array of names */
};
extern const struct field order_view_fields[];

/* A move this person may make now, as a button with its little form. */
struct order_button {
	const char *name, *label, *url, *key; /* key: the keyboard's, NULL if none */
	bool reason;                          /* asks why */
	bool primary;
	int64_t version;
};
/* One entry of the timeline, in the reader's words. */
struct timeline_item {
	int64_t id;
	struct instant at;
	const char *actor, *role, *kind, *from_state, *to_state, *data;
	const char *text, *note;
	bool handover, bad, by_itself; /* by_itself: the program did it, there is no name to show */
};
extern const struct field timeline_item_fields[];
NODISCARD bool order_timeline(struct ctx *c, int64_t order_id, struct timeline_item **out, size_t *len);
/* For pages: what happened in one move is one entry, and so are changes in a row. Returns how many are left. */
size_t order_timeline_fold(struct ctx *c, struct timeline_item *rows, size_t len);

struct order_ship {
	int64_t id;
	const char *number, *state_text;
};
extern const struct field order_ship_fields[];

struct order_page {
	struct order_view o;
	const char *state_text, *channel_text;
	const char *contact, *phone; /* whom to ring up */
	const char *shortage;        /* what the warehouse misses, while the clerk has not settled it */
	struct order_line_show {
		struct order_line l;
		const char *source, *progress, *held; /* held: what is reserved, in the ordered unit */
		const char *net_kg;                   /* what the scale said; NULL: nothing yet */
		bool all_done;
	} * rows;
	size_t rows_len;
	struct order_button *buttons;
	size_t buttons_len;
	bool arrived; /* something was delivered: after-sales are open */
	bool ended;   /* cancelled: nothing arrived, but it is archived like the others */
	bool can_confirm, can_confirm_stock, can_edit, waits_for_goods;
	struct timeline_item *timeline;
	size_t timeline_len;
	struct order_ship *shipments;
	size_t shipments_len;
	int64_t intake; /* what it was made of, in their own words */
	bool late;
	bool by_edi; /* its sender's system wants an answer that it can read */
};

struct order_list_page {
	struct order_tab {
		const char *state, *label, *count;
		bool here;
		const char *url; /* the list with the other filters kept */
	} * tabs;
	size_t tabs_len;
	struct order_filter {
		const char *label, *value, *without; /* without: the list when it is taken away */
	} * filters;
	size_t filters_len;
	struct order_item *items;
	size_t items_len;
	const char *q, *customer, *day, *next_url, *state, *channel;
	bool may_enter;
};

/* What a customer took in its last orders, the most frequent first. */
struct order_usual {
	const char *sku, *name, *unit;
	struct qty quantity; /* the last time */
	struct date delivery_date;
	int64_t times;
};
extern const struct field order_usual_fields[];

struct order_entry_page {
	int64_t id, version; /* NONE: a new one */
	const char *customer, *customer_name, *phone, *address, *remarks;
	struct date delivery_date, today;
	const char *number, *lines_json;
	const char *channel, *state; /* state NULL: a new one */
	const char *login;           /* drafts kept in the browser are this person's */
};

/* "A级价 满100公斤": where a price comes from, in people's words; the shown state likewise. */
const char *order_source_text(struct ctx *c, const char *source);
const char *order_state_text(struct ctx *c, const char *state);

NODISCARD bool order_view_make(struct ctx *c, const struct order *o, struct order_view *v);

#endif
