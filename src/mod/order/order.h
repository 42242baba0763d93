/* order: what a customer wants, from its entry to its archive. Decisions are stored, progress is derived from the line
 * quantities (domain 4.2). order_move() alone changes a decision; the table in order_life.c is also the buttons, the API's
 * actions, the diagram and the test.
 * Clauses 3-1.2, 3-1.3, 3-2.3, 3-5.3.  Owns: orders, order_line      Uses: customer, catalog, price, stock */
#ifndef MOD_ORDER_H
#define MOD_ORDER_H

#include "app/app.h"

enum decision {
	D_DRAFT,
	D_AWAITING_CONFIRMATION,
	D_IN_REVIEW,
	D_REJECTED,
	D_APPROVED,
	D_CANCELLED,
	D_COMPLETED,
	D_ARCHIVED
};
extern const char *const decision_names[];

/* Moves other modules may ask for by order_move(); see order_life.c for from, to, who, guard and effect. */
enum order_event {
	OE_SUBMIT,
	OE_EDIT,
	OE_CONFIRM,
	OE_WITHDRAW,
	OE_APPROVE,
	OE_REJECT,
	OE_COUNTER,
	OE_REWORK,
	OE_UNAPPROVE,
	OE_AMEND,
	OE_SHORT_CLOSE,
	OE_CANCEL,
	OE_HOLD,
	OE_UNHOLD,
	OE_COMPLETE,
	OE_REOPEN,
	OE_ARCHIVE,
	OE_COUNT
};
extern const char *const order_event_names[]; /* "submit", "edit", ... as in actions */

struct order_line {
	int64_t order_id, line, product_id;
	const char *sku, *name;
	struct qty quantity; /* in unit */
	const char *unit;
	int64_t num, den;   /* base units per unit */
	struct qty ordered; /* base units, like all that follow */
	struct price price;
	const char *price_unit;
	int64_t price_num, price_den;
	const char *price_source;
	struct money amount;
	struct qty nominal_kg;         /* of one base unit, as promised; NONE: not billed by the scale */
	struct qty weight, weight_out; /* kg on the scale so far; of that gone */
	const char *remarks;
	struct qty cancelled, reserved, picked, packed, shipped, delivered, refused;
	struct qty ret_requested, ret_received, restocked, scrapped, replaced; /* what comes back (mod/returns) */
};
extern const struct field order_line_fields[];

struct order {
	int64_t id, version;
	const char *number, *channel, *external_id;
	int64_t customer_id;
	int decision;      /* enum decision */
	const char *state; /* as shown, contract 3 */
	bool on_hold;
	const char *hold_reason;
	struct date delivery_date;
	const char *address, *remarks;
	struct money total;
	const char *snapshot; /* hash of what was read back, NULL before submit */
	int64_t created_by;
	struct instant created_at;
	int64_t confirmed_by;
	const char *confirmed_person, *confirmed_method;
	struct instant confirmed_at, approved_at;
	int64_t stock_confirmed_by;
	struct instant stock_confirmed_at, due_at, changed_at;
	int64_t revision;
	struct money credit_held;   /* its part of the customer's credit_open */
	int64_t picks;              /* picks under way */
	const struct customer *who; /* of an order that was just entered; see order_customer() */
	struct order_line *lines;   /* by order_get_full */
	size_t lines_len;
};
extern const struct field order_fields[];

/* The number the customer's own system gave it, ours where there is none; a sender's mark before ":" is not theirs. */
const char *order_their_number(const struct order *o);
NODISCARD bool order_get(struct ctx *c, int64_t id, struct order *out);      /* without lines */
NODISCARD bool order_get_full(struct ctx *c, int64_t id, struct order *out); /* with lines; FOR UPDATE when writing */

/* Several with their lines, by id, each once; E_NOT_FOUND unless all are there. */
NODISCARD bool order_get_all(struct ctx *c, struct i64s ids, struct order **out);

/* What a clerk, a channel or a file gives for one order. */
struct order_line_in {
	const char *sku;
	struct qty quantity;
	const char *unit;         /* NULL: the product's usual one */
	struct price price;       /* NONE: by the price rules */
	const char *price_source; /* not input: "counter" where a reviewer set it; NULL: "manual" */
	const char *remarks;
};
struct order_in {
	int channel; /* enum, order_channel_names */
	const char *external_id, *customer;
	struct date delivery_date;
	const char *address, *remarks;
	struct order_line_in *lines;
	size_t lines_len;
};
extern const struct field order_in_fields[], order_line_in_fields[];
extern const char *const order_channel_names[];
/* existed: the (channel, external_id) was here before; out is that order and nothing was written. */
NODISCARD bool order_create(struct ctx *c, const struct order_in *in, struct order *out, bool *existed);

/* The one way to a decision. version INT64_MIN: not checked. detail: JSON for the event, may be NULL. */
NODISCARD bool order_move(struct ctx *c, struct order *o, enum order_event e, int64_t version, const char *detail);
/* May goods of a completed order still come back, and may it be complained about, without a reviewer? */
bool order_in_window(struct ctx *c, const struct order *o);
/* A completed order is open again while something about it is. Whoever says so needs no right to reopen it, but the days
 * that were agreed hold for him as for everybody. Any other order stays as it is. */
NODISCARD bool order_open_again(struct ctx *c, struct order *o);
/* Which moves this actor may make now, as names; NULL-terminated. */
const char *const *order_actions(struct ctx *c, const struct order *o);

/* Quantities moving along an order's lines; deltas in base units, may be negative. Recomputes state; one event. */
enum order_stage { ST_RESERVED, ST_PICKED, ST_PACKED, ST_SHIPPED, ST_DELIVERED, ST_REFUSED, ST_CANCELLED, ST_NOWHERE };
struct order_delta {
	int64_t line;
	enum order_stage from; /* where it leaves; ST_NOWHERE: it is open and held by nothing */
	enum order_stage to;   /* where it arrives; delivered and refused do not leave shipped */
	struct qty quantity;
	struct qty weight; /* kg: what was weighed when picked, what leaves or comes back when shipped; else 0 */
};
NODISCARD bool order_progress(
	struct ctx *c, int64_t order_id, const struct order_delta *d, size_t len, const char *kind, const char *data);
/* The same for several orders that were read by order_get_all(). Where `doubtful`, the warehouse has to confirm anew. */
struct order_change {
	struct order *o;
	const struct order_delta *d;
	size_t len;
	const char *kind, *data;
	bool doubtful;
};
NODISCARD bool order_progress_all(struct ctx *c, const struct order_change *ch, size_t len);
/* What a line still lacks: open, and neither held nor on its way. */
struct qty order_line_lacks(const struct order_line *l);
/* Goods coming back along an order's lines; deltas in base units, may be negative. No more comes back than was delivered or
 * refused, and nothing is put away twice: E_CONFLICT naming the line. */
enum order_back { BACK_REQUESTED, BACK_RECEIVED, BACK_RESTOCKED, BACK_SCRAPPED, BACK_REPLACED };
struct order_back_delta {
	int64_t line;
	enum order_back what;
	struct qty quantity;
};
NODISCARD bool order_come_back(struct ctx *c, int64_t order_id, const struct order_back_delta *d, size_t len,
	const char *kind, const char *data);
NODISCARD bool order_stock_confirmed(struct ctx *c, int64_t order_id);
/* A pick starts (+1) or ends (-1): the order is shown as picking while any is under way. */
NODISCARD bool order_picks(struct ctx *c, int64_t order_id, int64_t delta);
/* The same for orders that were read with their lines. */
NODISCARD bool order_picks_start(struct ctx *c, struct order *orders, size_t len);
/* Value of what has neither left nor been cancelled: once approved, the order's part of the customer's exposure. */
struct money order_open_value(const struct order *o);
/* NULL: it has no such line. */
const struct order_line *order_line_of(const struct order *o, int64_t line);
/* Base units of a line still to be picked, packed and shipped. */
struct qty order_line_open(const struct order_line *l);
/* The same line with another quantity: ordered, price and amount are worked out anew (counter-offer, amend). */
struct order_line_in;
NODISCARD bool order_lines_price(
	struct ctx *c, const struct order *o, const struct order_line_in *in, size_t len, struct order_line **out);
NODISCARD bool order_lines_replace(struct ctx *c, struct order *o, struct order_line *lines, size_t len);
/* Other lines for an order that is on its way already: what was read back, is in review or was rejected becomes a draft
 * again, what is approved is amended. detail: JSON for the event. */
NODISCARD bool order_relist(
	struct ctx *c, struct order *o, const struct order_line_in *in, size_t len, const char *detail);
/* Is the line billed by the scale? */
bool order_line_weighed(const struct order_line *l);
/* Value of the next part of a line that leaves, by its weight (kg) where the scale decides. */
struct money order_leaving(const struct order_line *l, struct qty quantity, struct qty weight);
/* Value of `quantity` (base) of a line, so that all parts of a line sum to its amount; of goods that were weighed and have left,
 * so that all parts sum to what the scale said of them. */
struct money order_part(const struct order_line *l, struct qty before, struct qty quantity);

/* May this order go from `from` to `to`? Asked for every recorded step: by verify, and by those who look at the process. */
bool order_step_allowed(const char *from, const char *to);

#endif
