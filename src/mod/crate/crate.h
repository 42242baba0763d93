/* crate: crates and pallets with a deposit, which go out with shipments onto the customer's balance and come back from it.
 * Clauses 3-3.3, 3-4.2.
 * Owns: crate_kind, crate_load, crate_move, crate_balance      Uses: customer */
#ifndef MOD_CRATE_H
#define MOD_CRATE_H

#include "app/app.h"

struct crate_kind {
	const char *code, *name;
	const char *form; /* crate, pallet */
	struct qty tare_kg;
	struct money deposit;
	bool active;
	int64_t out; /* with customers now */
};
extern const struct field crate_kind_fields[];
NODISCARD bool crate_kinds(struct ctx *c, bool all, struct crate_kind **out, size_t *len);
/* E_UNKNOWN at `pointer` where there is none of that code, or it is used no more. */
NODISCARD bool crate_kind_get(struct ctx *c, const char *code, const char *pointer, struct crate_kind *out);

/* What stands on a shipment, and how much of it came back with it. */
struct crate_load {
	int64_t shipment_id;
	const char *crate, *name;
	int64_t count, back;
	struct money deposit; /* of all: what was charged, before the dispatch what will be */
};
extern const struct field crate_load_fields[];
NODISCARD bool crate_loads(struct ctx *c, int64_t shipment_id, struct crate_load **out, size_t *len);
/* count 0: none of them stands on it. */
NODISCARD bool crate_load_set(struct ctx *c, int64_t shipment_id, const char *crate, int64_t count);
/* More of them, each kind once: shipment_id, crate, count. */
NODISCARD bool crate_load_add(struct ctx *c, const struct crate_load *l, size_t len);

/* A customer's balance. */
struct crate_held {
	int64_t customer_id;
	const char *crate, *name;
	int64_t count;
	struct money amount;
};
extern const struct field crate_held_fields[];
NODISCARD bool crate_held(struct ctx *c, int64_t customer_id, struct crate_held **out, size_t *len);

/* What goes or comes with a shipment, for one customer. */
struct crate_way {
	int64_t customer_id, shipment_id, order_id; /* shipment_id INT64_MIN, order_id 0: none */
	const char *note;
};
struct crate_back_in {
	const char *crate;
	int64_t count;
};
extern const struct field crate_back_fields[];
NODISCARD bool crate_leave(struct ctx *c, const struct crate_way *w);
NODISCARD bool crate_unleave(struct ctx *c, const struct crate_way *w);
/* No more than the customer has, the deposit by its share of what was charged; pointers /crates/N/... */
NODISCARD bool crate_back(struct ctx *c, const struct crate_way *w, const struct crate_back_in *in, size_t len);
/* What the account was charged for a shipment's crates, less what came back with it. */
NODISCARD bool crate_owed(struct ctx *c, int64_t shipment_id, struct money *out);

extern const struct module crate_module;

#endif
