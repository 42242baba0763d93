/* What the files of this module share. */
#ifndef MOD_PORTAL_INT_H
#define MOD_PORTAL_INT_H

#include "mod/order/order_view.h"
#include "mod/portal/portal.h"
#include "mod/ship/ship_int.h"

struct portal_line {
	int64_t line;
	const char *name, *quantity, *unit;
	struct money amount;
};
extern const struct field portal_line_fields[];

struct portal_event {
	int64_t shipment_id;
	struct instant at;
	const char *state, *place, *text;
};
extern const struct field portal_event_fields[];

struct portal_goods {
	int64_t shipment_id, line;
	const char *name, *unit;
	struct qty quantity, received, refused;
};
extern const struct field portal_goods_fields[];

struct portal_shipment {
	int64_t id, version;
	const char *number, *state, *carrier, *tracking_number, *track_state;
	struct date promised_on;
	struct instant dispatched_at, receipt_at;
	bool to_sign, on_road; /* on_road: what the carrier says last stands until it is signed for */
	struct portal_goods *lines;
	size_t lines_len;
	struct portal_event *events;
	size_t events_len;
};
extern const struct field portal_shipment_fields[];

struct portal_case {
	const char *number, *summary, *state;
};
extern const struct field portal_case_fields[];

/* What a customer sees of one order. */
struct portal_page {
	const char *company, *company_phone, *number, *state, *state_text, *customer_name, *token;
	struct date delivery_date;
	struct money total;
	struct portal_line *lines;
	size_t lines_len;
	struct portal_shipment *shipments;
	size_t shipments_len;
	struct portal_case *cases;
	size_t cases_len;
	bool may_rate, rated, may_report;
	int64_t score;
	const char *comment;
};
extern const struct field portal_page_fields[];
/* Is there anything yet that could be complained about, and is it not too late for it? */
bool portal_may_report(struct ctx *c, const struct order *o);
NODISCARD bool portal_make(struct ctx *c, int64_t order_id, const char *token, struct portal_page *p);

/* What a driver sees of one shipment: until it is signed for where it goes and to whom, afterwards that it was. */
struct driver_page {
	const char *company, *company_phone, *number, *state, *token, *customer_name, *phone, *address, *remarks,
		*window;
	int64_t id, version;
	bool open, under_way, done;
	struct date delivery_date;
	struct portal_goods *lines;
	size_t lines_len;
	struct portal_event *events;
	size_t events_len;
	int64_t packages;
	struct crate_held *crates; /* of ours at the customer's */
	size_t crates_len;
};
extern const struct field driver_page_fields[];
NODISCARD bool driver_make(struct ctx *c, int64_t shipment_id, const char *token, struct driver_page *p);

struct portal_made {
	const char *url, *path;
	int64_t order;
	const char *number;
};
extern const struct field portal_made_fields[];

extern const struct route portal_routes[];

#endif
