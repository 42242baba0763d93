/* ocel: our objects and events as OCEL 2.0 wants them. A type of object is its fields: "id" is its name, what ends in
 * "_id" is a relation to another object, "at" the time, the rest attributes. */
#ifndef MOD_INSIGHT_OCEL_H
#define MOD_INSIGHT_OCEL_H

#include "app/app.h"

/* row: where the next page goes on */
struct ocel_order {
	int64_t row, id;
	const char *number, *state, *channel;
	struct date delivery_date;
	struct money total;
	int64_t customer_id;
	struct instant at;
};
struct ocel_line {
	int64_t row;
	const char *id, *sku, *name;
	struct qty quantity;
	const char *unit;
	struct price price;
	struct money amount;
	int64_t order_id;
	struct instant at;
};
struct ocel_review {
	int64_t row, id;
	const char *state, *decision, *worst;
	int64_t order_id;
	struct instant at;
};
struct ocel_wave {
	int64_t row, id;
	const char *number, *state;
	struct instant at;
};
struct ocel_pick {
	int64_t row, id;
	const char *state;
	int64_t wave_id, order_id, user_id;
	struct instant at;
};
struct ocel_shipment {
	int64_t row, id;
	const char *number, *state, *carrier, *tracking_number;
	int64_t order_id, customer_id;
	struct instant at;
};
struct ocel_package {
	int64_t row, id;
	const char *sscc;
	struct qty weight_kg;
	int64_t shipment_id;
	struct instant at;
};
struct ocel_return {
	int64_t row, id;
	const char *number, *kind, *state;
	int64_t order_id, shipment_id, customer_id;
	struct instant at;
};
struct ocel_case {
	int64_t row, id;
	const char *number, *kind, *state, *cause, *lot;
	int64_t order_id, shipment_id, return_id, customer_id;
	struct instant at;
};
struct ocel_task {
	int64_t row, id;
	const char *kind, *for_role, *state;
	int64_t order_id;
	struct instant at;
};
struct ocel_customer {
	int64_t row, id;
	const char *code, *name, *tier;
	struct instant at;
};
struct ocel_user {
	int64_t row, id;
	const char *login, *name, *role;
	struct instant at;
};
struct ocel_kind {
	const char *kind;
};
extern const struct field ocel_order_fields[], ocel_line_fields[], ocel_review_fields[], ocel_wave_fields[],
	ocel_pick_fields[], ocel_shipment_fields[], ocel_package_fields[], ocel_return_fields[], ocel_case_fields[],
	ocel_task_fields[], ocel_customer_fields[], ocel_user_fields[], ocel_kind_fields[];

/* One object or event on its way out. */
struct ocel_pair {
	const char *name, *value; /* an attribute, or a relation: what it is to whom */
};
struct ocel_thing {
	const char *id, *type, *at;
	struct ocel_pair attributes[16], relations[8];
	size_t attributes_len, relations_len;
};

/* Where it goes: to a stream as JSON, or into a SQLite file. */
struct ocel_sink {
	struct ctx *c;
	void *to;
	bool (*types)(struct ocel_sink *s, bool events, const struct ocel_thing *types, size_t len);
	bool (*begin)(struct ocel_sink *s, bool events);
	bool (*put)(struct ocel_sink *s, bool event, const struct ocel_thing *t);
	bool (*end)(struct ocel_sink *s, bool events);
};

#endif
