/* What the files of this module share and nobody else calls. */
#ifndef MOD_INTAKE_INT_H
#define MOD_INTAKE_INT_H

#include "mod/intake/intake.h"
#include "mod/order/order.h"

enum intake_state { IN_NEW, IN_PROPOSED, IN_WAITING, IN_ORDERED, IN_MERGED, IN_NOT_AN_ORDER };
extern const char *const intake_state_names[];

/* What may happen to it; see intake_life.c for from, to, guard. */
enum intake_event {
	IE_READ,
	IE_CLAIM,
	IE_RELEASE,
	IE_WAIT,
	IE_RESUME,
	IE_ORDER,
	IE_MERGE,
	IE_DISMISS,
	IE_REOPEN,
	IE_COUNT
};
extern const char *const intake_event_names[]; /* as in actions */

struct intake {
	int64_t id, version;
	const char *channel, *external_id, *once, *sender, *sender_name, *subject, *in_reply_to, *content_type,
		*filename;
	const char *hash, *text, *problem, *columns;
	int64_t customer_id;
	const char *intent;
	struct date delivery_date;
	const char *address, *remarks;
	int state; /* enum intake_state */
	int64_t worker_id;
	struct instant worker_at;
	const char *kept_reason;
	int64_t order_id;
	const char *reason;
	struct instant received_at, created_at, decided_at;
	int64_t created_by, decided_by;
};
extern const struct field intake_fields[];

/* accepted: read for certain; look: a clerk has to look; nothing: no goods were recognised; then what a clerk made of it:
 * taken, dropped, noted (goes to the remarks), declined (the customer is told that we have none). */
enum line_state { LN_ACCEPTED, LN_LOOK, LN_NOTHING, LN_TAKEN, LN_DROPPED, LN_NOTED, LN_DECLINED };
extern const char *const line_state_names[];

#define INTAKE_LINES_MAX 2000 /* of one text, as of one order */

struct intake_line {
	int64_t intake_id, line;
	const char *raw;
	int64_t start_at, end_at; /* characters of the text; NONE: it stands nowhere in it */
	const char *op;           /* order, add, reduce, cancel, set */
	const char *sku, *called; /* called: the words that named the goods */
	struct qty quantity;
	const char *unit;
	struct price price; /* as the sender named it */
	const char *price_unit;
	bool price_taken; /* the clerk agrees to it */
	const char *remarks;
	int64_t confidence; /* in percent */
	const char *why;
	int state;              /* enum line_state */
	const char *candidates; /* JSON: [{sku, score, why}] */
	const char *place;      /* "C7": the cell of a table that is not clear, or that named the goods */
	const char *customer;   /* where one message orders for several */
	struct date delivery_date;
};
extern const struct field intake_line_fields[];

/* The order of the text is the order of the lines. */
struct intake_full {
	struct intake in;
	struct intake_line *lines;
	size_t lines_len;
};
NODISCARD bool intake_get(struct ctx *c, int64_t id, struct intake_full *out);
NODISCARD bool intake_store(struct ctx *c, struct intake *in);
/* The one customer with this number, address or name; INT64_MIN where there is none or more than one. */
NODISCARD bool intake_sender_customer(struct ctx *c, const char *sender, int64_t *customer_id);

/* ---- reading ---- */

/* Reads the text, and the table if there is one, into lines; writes nothing. */
NODISCARD bool intake_propose(struct ctx *c, struct intake_full *f, const struct sheet *sheet);
/* The same, kept: the lines there were are gone. */
NODISCARD bool intake_read(struct ctx *c, struct intake_full *f, int64_t version);
/* Rows whose number names the goods and whose quantity and unit are plain need no reading: seen[row] is set. */
struct table;
NODISCARD bool intake_exact(struct ctx *c, const struct intake *in, const struct table *t, bool *seen,
	struct intake_line **out, size_t *len);
void intake_place(struct ctx *c, const struct table *t, int64_t row, struct intake_line *l);
/* Is this line still open? */
bool line_is_open(const struct intake_line *l);
bool line_counts(const struct intake_line *l); /* becomes a line of the order */

/* The lines of a document as a table in text. */
const char *intake_doc_text(struct ctx *c, const struct intake_doc *doc);

/* ---- life ---- */

/* The one way to a state. version INT64_MIN: not checked. */
NODISCARD bool intake_move(
	struct ctx *c, struct intake_full *f, enum intake_event e, int64_t version, const char *reason);
/* All its lines are settled and some are left. */
NODISCARD bool intake_settled(struct ctx *c, const struct intake_full *f);
const char *const *intake_actions(struct ctx *c, const struct intake_full *f);

/* ---- the same order once more? ---- */

struct intake_twin {
	const char *what; /* order, intake */
	int64_t id;
	const char *number, *channel, *state;
	struct instant at;
	int64_t lines_n, same, exact; /* of its lines: the same goods; of these also as much */
	const char *channel_text, *state_text, *url;
	bool may_add; /* its lines can still be added to */
};
extern const struct field intake_twin_fields[];
NODISCARD bool intake_twins(struct ctx *c, const struct intake_full *f, struct intake_twin **out, size_t *len);

/* ---- what a clerk makes of it ---- */

/* What the clerk says of one line; what is not given stays as it was read. */
enum line_decision { LD_TAKE, LD_DROP, LD_NOTE, LD_DECLINE, LD_REOPEN };
extern const char *const line_decision_names[];
struct intake_line_in {
	int decision; /* enum line_decision */
	const char *sku;
	struct qty quantity;
	const char *unit, *remarks;
	bool price_taken;
};
/* n INT64_MIN: one more line, that the text does not have. */
NODISCARD bool intake_line_decide(
	struct ctx *c, struct intake_full *f, int64_t n, int64_t version, const struct intake_line_in *in);
/* Whose, when, where to. Another customer calls the goods otherwise, so the text is read again. */
struct intake_head_in {
	const char *customer;
	struct date delivery_date;
	const char *address, *remarks;
};
NODISCARD bool intake_head(struct ctx *c, struct intake_full *f, int64_t version, const struct intake_head_in *in);
/* It looks like one that is here, and is another all the same. */
NODISCARD bool intake_keep(struct ctx *c, struct intake_full *f, int64_t version, const char *reason);

/* ---- what it becomes ---- */

/* Makes the order or, where one message orders for several customers or days, the orders; the first is `made`. */
NODISCARD bool intake_order(struct ctx *c, struct intake_full *f, int64_t version, struct order *made);
/* It is the order that is here already (add false), or goes on it (add true). */
NODISCARD bool intake_merge(
	struct ctx *c, struct intake_full *f, int64_t version, int64_t order_id, bool add, const char *reason);
/* The same with another thing in the inbox, which goes on with both. */
NODISCARD bool intake_join(
	struct ctx *c, struct intake_full *f, int64_t version, int64_t other_id, bool add, const char *reason);

/* A number that stands for goods: a SKU, a barcode, or what the customer itself calls them. */
struct intake_code {
	const char *code, *sku, *unit; /* unit: where the barcode is that of a case */
};
extern const struct field intake_code_fields[];

/* What a product is counted in. */
struct intake_base {
	int64_t id;
	const char *base_unit;
};
extern const struct field intake_base_fields[];

struct intake_broken {
	const char *what;
	int64_t n;
};
extern const struct field intake_broken_fields[];

#endif
