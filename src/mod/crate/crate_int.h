/* What the files of this module share. */
#ifndef MOD_CRATE_INT_H
#define MOD_CRATE_INT_H

#include "mod/crate/crate.h"

struct crate_move {
	int64_t id, customer_id;
	const char *crate, *name, *what;
	int64_t count;
	struct money amount, booked;
	int64_t shipment_id;
	const char *number; /* of the shipment */
	const char *note, *who;
	int64_t moved_by;
	struct instant at;
};
extern const struct field crate_move_fields[];

/* What an admin says of a kind. */
extern const struct field crate_kind_in_fields[];
extern const char *const crate_whats[];
enum crate_what { CRATE_BACK, CRATE_OUT, CRATE_LOST };
struct crate_hand_in {
	const char *crate;
	int64_t count;
	int what; /* enum crate_what */
	const char *note;
};
extern const struct field crate_hand_fields[];

NODISCARD bool crate_kind_set(struct ctx *c, const struct crate_kind *in);
/* Over the counter: back, given out without goods, or lost. */
NODISCARD bool crate_by_hand(struct ctx *c, int64_t customer_id, const struct crate_hand_in *in);

extern const struct check crate_checks[];

struct crate_kinds_page {
	struct crate_kind *rows;
	size_t rows_len;
};
struct crate_customer_page {
	int64_t customer_id;
	const char *customer, *customer_name;
	struct crate_held *held;
	size_t held_len;
	struct crate_move *moves;
	size_t moves_len;
	struct crate_kind *kinds;
	size_t kinds_len;
	bool may_lose;
	const char *next_url;
};
extern const struct field crate_customer_fields[];

#endif
