/* home: what to do next. One list per role, the late first, live; and the search over everything.
 * Clauses 2.1, 2.3.  Owns: (nothing)      Uses: order, review, task, pick, ship, customer, catalog (reads) */
#ifndef MOD_HOME_H
#define MOD_HOME_H

#include "app/app.h"

/* One thing that waits. */
struct home_row {
	int64_t id, order_id, entity_id, flag;
	const char *what; /* order, review, pick, shipment, task */
	const char *number, *state, *customer, *extra, *data;
	struct money total;
	struct date delivery_date;
	struct instant due_at;
	const char *title, *why, *url, *action, *state_text; /* in the reader's words */
};
extern const struct field home_row_fields[];

struct home_hit {
	int64_t id;
	const char *kind, *title, *note, *url, *kind_text;
};
extern const struct field home_hit_fields[];

struct home_group {
	const char *label, *mood; /* hd-bad, hd-warn or nothing */
	struct home_row *rows;
	size_t rows_len;
};
struct home_count {
	const char *state, *label, *n;
};
struct home_news {
	struct instant at;
	const char *text, *who, *state, *number, *customer; /* state: what it became, NULL if nothing changed */
	int64_t order_id;
	bool handover, bad;
};
struct home_page {
	const char *headline;
	bool late, may_enter, empty;
	struct date today;
	int64_t total;
	struct home_group *groups;
	size_t groups_len;
	struct home_count *counts;
	size_t counts_len;
	struct home_news *news;
	size_t news_len;
};
struct home_search {
	const char *q;
	struct home_hit *hits;
	size_t hits_len;
};

#endif
