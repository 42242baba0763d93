/* What pages and answers show of shipments. */
#ifndef MOD_SHIP_VIEW_H
#define MOD_SHIP_VIEW_H

#include "mod/crate/crate.h"
#include "mod/order/order_view.h"
#include "mod/ship/ship.h"

/* What lies in a package. */
struct package_line {
	int64_t package_id, line;
	const char *name, *unit;
	struct qty quantity;
};
extern const struct field package_line_fields[];

struct package {
	int64_t package, no;
	const char *sscc;
	struct qty weight_kg;
	struct package_line *lines;
	size_t lines_len;
};
extern const struct field package_fields[];

struct tracking {
	int64_t id, shipment_id;
	const char *state, *place, *text, *source;
	struct instant at, recorded_at;
	int64_t actor_id;
};
extern const struct field tracking_fields[];

struct receipt_file {
	int64_t id, shipment_id;
	const char *name, *type;
	struct instant at;
};
extern const struct field receipt_file_fields[];

struct carrier {
	const char *code, *name, *kind;
	int64_t lead_days;
	const char *cutoff; /* "23:30" */
	bool active;
};
extern const struct field carrier_fields[], carrier_in_fields[];

/* One shipment as it is answered, contract 3. */
struct ship_view {
	int64_t id, version;
	const char *state, *number;
	int64_t order;
	const char *order_number, *order_state, *customer, *customer_name, *customer_phone, *address;
	struct date delivery_date;
	struct shipment_line *lines;
	size_t lines_len;
	struct package *packages;
	size_t packages_len;
	struct crate_load *crates;
	size_t crates_len;
	const char *carrier, *carrier_name, *service, *tracking_number, *driver;
	struct money amount, less;
	struct instant created_at, dispatched_at;
	struct date promised_on;
	const char *track_state;
	struct tracking *tracking;
	size_t tracking_len;
	const char *receipt_signer, *receipt_note;
	struct instant receipt_at;
	struct receipt_file *files;
	size_t files_len;
	int64_t prints;
	const char *actions; /* JSON array of names */
};
extern const struct field ship_view_fields[];
NODISCARD bool ship_view_make(struct ctx *c, const struct shipment *s, struct ship_view *v);

/* A row of the list. */
struct ship_item {
	int64_t id, version;
	const char *number, *state;
	int64_t order;
	const char *order_number, *customer, *customer_name, *carrier, *tracking_number, *track_state;
	struct date delivery_date;
	int64_t packages_n, lines_n;
	struct instant created_at, dispatched_at;
};
extern const struct field ship_item_fields[];

struct ship_page {
	struct ship_view s;
	struct ship_row {
		struct shipment_line l;
		struct qty left;
		bool done, differs;
	} * rows;
	size_t rows_len;
	struct carrier *carriers;
	size_t carriers_len;
	struct crate_kind *kinds; /* of crates */
	size_t kinds_len;
	struct crate_held *held; /* by the customer */
	size_t held_len;
	bool can_load, can_pack, can_unpack, can_dispatch, can_undo, can_track, can_receive;
};

struct ship_list_page {
	struct ship_tab {
		const char *state, *label, *count;
		bool here;
	} * tabs;
	size_t tabs_len;
	struct ship_item *items;
	size_t items_len;
	const char *state, *next_url, *q;
};

struct carrier_page {
	struct carrier *carriers;
	size_t carriers_len;
};

#endif
