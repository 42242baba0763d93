/* What the files of this module share. */
#ifndef MOD_MONEY_INT_H
#define MOD_MONEY_INT_H

#include "mod/money/money.h"
#include "mod/order/order_view.h"

/* amount: what it does to the sum owed; a payment is below zero. */
struct account_entry {
	int64_t id, customer_id;
	const char *kind; /* payment, deposit, credit, refund, opening */
	struct money amount;
	struct date day;
	const char *method, *reference, *note;
	int64_t order_id;
	const char *source;
	int64_t source_id, by;
	struct instant at;
};
extern const struct field account_entry_fields[];

struct payment_in {
	const char *customer;
	int kind;
	struct money amount;
	struct date day;
	const char *method, *reference, *note;
};
extern const struct field payment_fields[];
extern const char *const payment_kinds[];

struct payment_item {
	int64_t id;
	const char *kind, *customer, *customer_name;
	struct money amount;
	struct date day;
	const char *method, *reference, *note, *who;
	struct instant at;
};
extern const struct field payment_item_fields[];

struct payment_page {
	struct payment_item *items;
	size_t items_len;
	const char *customer, *next_url;
	bool may_book;
	struct date today;
};

NODISCARD bool money_book(struct ctx *c, const struct payment_in *in, int64_t *id);

/* ---- statements ---- */

struct account_line {
	int64_t line, id;
	const char *kind;  /* goods, refused, payment, deposit, credit, refund, opening */
	struct date day;   /* the one it counts on: a payment may be entered days later */
	struct instant at; /* when it left, was refused, or was entered */
	const char *document;
	struct money amount, balance;
};
extern const struct field account_line_fields[];

struct statement {
	int64_t id;
	const char *number;
	int64_t customer_id;
	struct date from_day, to_day;
	struct money opening, closing;
	const char *lines, *state, *person, *disputes;
	struct instant answered_at;
	int64_t by;
	struct instant at;
};
extern const struct field statement_fields[];

struct statement_view {
	int64_t customer_id;
	const char *number, *customer, *customer_name, *company, *company_phone, *capital, *state, *person, *disputes,
		*token;
	struct date from, to;
	struct money opening, closing, goods, back, paid, crates;
	struct account_line *lines;
	size_t lines_len;
	struct statement *sent;
	size_t sent_len;
	bool open, may_send;
};
extern const struct field statement_view_fields[];
NODISCARD bool statement_make(
	struct ctx *c, int64_t customer_id, struct date from, struct date to, struct statement_view *v);
struct period_in {
	struct date from, to;
};
/* The account as it stands, to be sent; E_TOO_LARGE if it has more lines than can be answered. */
NODISCARD bool statement_freeze(struct ctx *c, int64_t customer_id, const struct period_in *in, struct statement *row);
/* Hears customer.erased. */
NODISCARD bool money_forget(struct ctx *c, const struct event *e);
struct done *statement_page_get(struct ctx *c, struct req *r);
struct done *statement_csv_get(struct ctx *c, struct req *r);
struct done *statement_pdf_get(struct ctx *c, struct req *r);
struct done *statement_send_post(struct ctx *c, struct req *r);
struct done *statement_link_get(struct ctx *c, struct req *r);
struct done *statement_answer_post(struct ctx *c, struct req *r);
struct dispute_in {
	int64_t line;
	const char *note;
};
struct answer_in {
	const char *person;
	struct dispute_in *disputes;
	size_t disputes_len;
};
struct payment_link {
	const char *url, *path, *number;
	int64_t customer_id;
};
extern const struct field payment_link_fields[];
extern const struct field period_fields[], statement_answer_fields[];
extern const struct view statement_answer_view;

extern const struct check money_checks[];
extern const struct listen money_listens[];

#endif
