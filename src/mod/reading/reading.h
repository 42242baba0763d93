/* reading: what a customer wrote, said or sent becomes order lines. Deterministic and offline; every offer says in
 * words why. What is not sure is offered and never accepted; what is not understood stays visible.
 * Clauses 3-1.1, 3-1.2.  Owns: reading_stamp      Uses: catalog, customer, order (reads) */
#ifndef MOD_READING_H
#define MOD_READING_H

#include "app/app.h"

/* An order that the customer confirmed before: 照旧 means the newest of them. */
struct reading_order_line {
	const char *sku;
	struct qty quantity;
	const char *unit;
};
struct reading_order {
	struct instant confirmed_at;
	struct reading_order_line *lines;
	size_t lines_len;
};

struct reading_in {
	const char *text;
	const char *channel;        /* chat, email, phone_note, file ...; NULL: chat */
	struct instant received_at; /* NONE: now */
	const char *customer;       /* code of the account that sent it; NULL: find it in the text */
	struct reading_order *history;
	size_t history_len; /* 0: the customer's orders in the database */
};
extern const struct field reading_in_fields[];

struct reading_candidate {
	const char *sku, *name;
	const char *score; /* "0.97" */
	const char *why;   /* in the caller's language */
};

/* start and end count Unicode characters of the text: raw is text[start..end). */
struct reading_line {
	const char *raw;
	int64_t start, end;
	const char *op;      /* order, add, reduce, cancel, set */
	const char *sku;     /* the best candidate; NULL: none */
	struct qty quantity; /* NONE: not said */
	const char *unit;    /* as the catalogue calls it */
	struct price price;  /* what the customer wrote; NONE */
	const char *price_unit, *remark;
	const char *confidence; /* "0.97" */
	bool accepted;          /* may enter an order without a person looking at it */
	struct reading_candidate *candidates;
	size_t candidates_len;
	const char *customer;      /* where the message orders for several */
	struct date delivery_date; /* where it orders for several days */
};

struct reading_span {
	const char *raw;
	int64_t start, end;
};

struct reading {
	const char *customer; /* code; NULL: not known or several */
	struct date delivery_date;
	const char *intent; /* new, repeat_last, add, reduce, cancel, question, none */
	struct reading_line *lines;
	size_t lines_len;
	struct reading_span *unresolved;
	size_t unresolved_len;
};
extern const struct field reading_fields[];

/* Reads; writes nothing. A sheet is read as text whose cells are parted by tabs. False only where the database fails. */
NODISCARD bool reading_parse(struct ctx *c, const struct reading_in *in, struct reading *out);

/* A clerk said what this customer means by `text`: from now on that is its name for the product. */
NODISCARD bool reading_alias_learn(struct ctx *c, int64_t customer_id, const char *text, int64_t product_id);

extern const struct module reading_module;

#endif
