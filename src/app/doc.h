/* doc: the papers that go with the goods, as PDF: delivery note, pick list, packing list, package label.
 * Everything on the paper comes from the structs; nothing here asks the database. Absent strings are NULL,
 * absent numbers NONE, and what is absent takes no room. Labels are in the language of the context. */
#ifndef APP_DOC_H
#define APP_DOC_H

#include "base/buf.h"
#include "base/money.h"
#include "base/when.h"

#include <stddef.h>

struct ctx;

struct doc_company {
	const char *name, *stall, *phone, *address;
};

struct doc_line {
	int64_t line;
	const char *sku, *barcode, *name, *spec, *unit, *lot, *origin, *expires, *location, *remarks;
	struct qty quantity; /* in unit */
	struct qty base;     /* in base_unit: what was weighed or counted */
	const char *split;   /* how a hand takes it: "3 件 + 5 公斤"; NULL: there is no full case */
	const char *base_unit;
	struct price price;
	const char *price_unit;
	struct money amount;
};

struct doc_package {
	int64_t no;
	const char *sscc;
	struct qty weight_kg;
	const struct doc_line *lines;
	size_t lines_len;
};

/* 241 is continuous paper of 241 mm with holes on both sides, 11 inches or half of that from fold to fold. */
enum doc_paper {
	DOC_A4,
	DOC_241,
	DOC_241_HALF,
};

struct doc_note {
	const char *number, *order_number;
	struct date date;
	struct doc_company company;
	const char *customer, *customer_code, *contact, *phone, *address, *warehouse, *salesperson;
	const char *crates;         /* "large crate: out 3, back 0, with the customer 7"; NULL: none */
	struct money crate_deposit; /* charged with these goods */
	const char *reviewer, *made_by, *carrier, *driver, *plate, *tracking_number, *remarks, *terms;
	const struct doc_line *lines;
	size_t lines_len;
	const struct doc_package *packages;
	size_t packages_len;
	struct money discount, deposit, total, previous_debt; /* total: to pay now */
	bool with_prices;
	enum doc_paper paper; /* the label has its own */
	int64_t reprint;      /* 0: the first print */
	const char *link;     /* for the QR code; NULL: the number */
};

/* 送货单, for the customer to sign. The reprint count is shown on this one only. */
NODISCARD bool doc_delivery_note(struct ctx *c, const struct doc_note *n, struct buf *pdf);
/* 拣货单: the lines in the given order, which is the way through the warehouse. Never shows prices. */
NODISCARD bool doc_pick_list(struct ctx *c, const struct doc_note *n, struct buf *pdf);
/* 装箱单: what is in which package. */
NODISCARD bool doc_packing_list(struct ctx *c, const struct doc_note *n, struct buf *pdf);
/* A label of 100 × 150 mm for every package; one label "1 of 1" where there are none yet. */
NODISCARD bool doc_label(struct ctx *c, const struct doc_note *n, struct buf *pdf);

#endif
