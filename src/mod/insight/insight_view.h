/* What the pages of the process show. Everything is ready to read; a table goes out as CSV and XLSX as it stands. */
#ifndef MOD_INSIGHT_VIEW_H
#define MOD_INSIGHT_VIEW_H

#include "app/page.h"
#include "mod/insight/map.h"
#include "mod/insight/process.h"

struct insight_option {
	const char *value, *label;
	bool here;
};
struct insight_tab {
	const char *path, *label;
	bool here;
};
/* One figure on top: what, how much, and the orders behind it. */
struct insight_tile {
	const char *label, *value, *note, *url, *mood;
};
struct insight_sentence {
	const char *text, *url, *mood;
};

struct insight_head {
	const char *text;
	bool num;
};
struct insight_cell {
	const char *text, *url;
	bool num, is_long;
	const char *raw; /* for CSV and XLSX: seconds instead of "3 h 20 min"; NULL: as text */
};
struct insight_row {
	struct insight_cell *cells;
	size_t cells_len;
};
struct insight_table {
	const char *name, *title, *note; /* name: in addresses */
	const char *csv, *xlsx;          /* addresses */
	struct insight_head *heads;
	size_t heads_len;
	struct insight_row *rows;
	size_t rows_len;
};

struct insight_page {
	const char *path;
	struct insight_tab *tabs;
	size_t tabs_len;
	struct date from, to, at;
	struct insight_option *channels, *tiers, *roles;
	size_t channels_len, tiers_len, roles_len;
	bool all_steps, has_detail, has_at, empty;
	int64_t detail;
	const char *waiting; /* a sentence, if not all events are here yet */
	struct insight_tile *tiles;
	size_t tiles_len;
	struct insight_sentence *sentences;
	size_t sentences_len;
	struct html map;
	struct insight_table *tables;
	size_t tables_len;
	const char *query; /* "&from=...", for links */
};

/* An order behind a figure. */
struct insight_order {
	int64_t id;
	const char *number, *state, *customer;
	struct money total;
	struct instant created_at;
	int64_t gap_s, took_s;
};
extern const struct field insight_order_fields[];

/* One order walked event by event. */
struct insight_walk_step {
	struct instant at;
	const char *what, *who, *role, *gap, *kind, *state;
	bool waited, handover;
};
struct insight_walk {
	int64_t id;
	const char *number, *customer, *state, *state_text, *took, *waited, *worked;
	struct insight_walk_step *steps;
	size_t steps_len;
};

/* ---- the board on the wall ---- */
struct board_count {
	const char *state;
	int64_t n, late;
};
extern const struct field board_count_fields[];
struct board_truck {
	const char *carrier;
	int64_t packing, gone, packages;
};
extern const struct field board_truck_fields[];
/* Orders due on a day, by when they were received and whether all of it was. */
struct board_due {
	struct date delivery_date;
	int64_t received_day, in_full, n; /* received_day: days since 1970, NONE: not yet */
};
extern const struct field board_due_fields[];
struct board_late {
	int64_t id;
	const char *number, *state, *customer;
	struct instant due_at;
	const char *state_text;
};
extern const struct field board_late_fields[];

struct board_state {
	const char *state, *label, *n, *late;
};
struct board_page {
	struct date day;
	struct instant now;
	struct board_state *states;
	size_t states_len;
	struct board_truck *trucks;
	size_t trucks_len;
	struct board_late *late;
	size_t late_len;
	const char *otif_today, *otif_week, *due_today, *open_today, *late_n;
	const char *sentence; /* where orders wait most this week */
};

/* Who sent or picked it, how often, and how often somebody complained. */
struct insight_blamed {
	const char *who;
	int64_t n, blamed;
};
extern const struct field insight_blamed_fields[];
struct insight_tier {
	const char *tier;
};
extern const struct field insight_tier_fields[];

/* Lines of orders due in a period, and of picks done in it. */
struct insight_lines {
	int64_t lines, filled, received, accepted;
};
struct insight_picked {
	int64_t lines, whole;
};
extern const struct field insight_lines_fields[], insight_picked_fields[];

/* Of orders due in a period: how many, received, on time, in full, both. */
struct service {
	int64_t due, open, received, on_time, in_full, otif; /* open: its day is not over, and it is not received yet */
};
struct service service_of(const struct board_due *rows, size_t len, struct date today);

#endif
