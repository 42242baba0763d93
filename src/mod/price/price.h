/* price: what it costs this customer, this much, on this day, and why.
 * Precedence (domain 4.5): by hand > contract of the customer > tier with quantity breaks > list. Breaks
 * compare in base units. Clauses 3-1.2, 3-2.2.  Owns: price_rule      Uses: catalog, customer, stock */
#ifndef MOD_PRICE_H
#define MOD_PRICE_H

#include "mod/catalog/catalog.h"
#include "mod/customer/customer.h"

/* price_source as it stands on the line: "list", "tier:A", "tier:A>=100", "contract:HT2026-002", "manual",
 * "counter" */
struct price_answer {
	struct price price; /* per price_unit */
	const char *price_unit;
	struct ratio price_ratio; /* base units in one price unit */
	const char *source;
	struct price floor; /* in the same price unit; NONE: none */
};
struct price_question {
	const struct product *product;
	const struct product_unit *units;
	size_t units_len;
	struct qty base; /* ordered, in base units */
};
/* For a whole order at once, one query however many lines. who NULL: nobody yet, list prices.
 * A rule keeps its own price unit; the floor is told in that unit too, rounded up. */
NODISCARD bool price_all(struct ctx *c, const struct customer *who, struct date on, const struct price_question *q,
	size_t len, struct price_answer *out);

/* A price of a tier or of one customer's contract. */
struct price_rule {
	int64_t id;
	const char *kind; /* "tier", "contract" */
	const char *tier;
	int64_t customer_id, product_id;
	const char *price_unit;
	struct qty min_qty; /* base units: from this much on */
	struct price price;
	struct date valid_from, valid_to; /* both days count; valid_to NONE: until further notice */
	const char *contract_no;
	struct instant made_at;
};
extern const struct field price_rule_fields[];

struct price_in {
	const char *kind, *tier, *customer, *sku, *price_unit; /* customer: code or id */
	struct qty min_qty;
	struct price price;
	struct date valid_from, valid_to;
	const char *contract_no;
};
extern const struct field price_in_fields[];
NODISCARD bool price_add(struct ctx *c, const struct price_in *in, int64_t *id);
NODISCARD bool price_drop(struct ctx *c, int64_t id);

/* "A级价 满100", "合同 HT2026-002": where a price comes from, in people's words. */
const char *price_source_text(struct ctx *c, const char *source);

/* What the clerk sees while typing: a product with its price for this customer and this day, and what is free
 * of it. */
struct offer {
	int64_t id;
	const char *sku, *name, *spec, *origin, *base_unit;
	const char *unit; /* the one it is usually ordered in */
	struct product_unit *units;
	size_t units_len;
	struct price price;                                  /* NONE: its price unit is not known */
	const char *price_unit, *price_source, *price_words; /* price_words: the source as people say it */
	struct price floor_price;                            /* NONE for those who may not see it */
	struct qty available;                                /* base units */
	const char *matched;                                 /* the key that was hit */
	bool own_name;                                       /* it is this customer's own name for it */
};
extern const struct field offer_fields[];
#define OFFERS_MAX 12
/* customer: code or id, NULL for nobody yet. Four queries, however many products there are. */
NODISCARD bool offers_find(
	struct ctx *c, const char *q, const char *customer, struct date on, struct offer **out, size_t *len);

/* `huodan import`: all rows or none. A rule that stands there already gets the new price. */
struct sheet;
NODISCARD bool price_import(struct ctx *c, const struct sheet *s);

extern const struct module price_module;

#endif
