/* money, price, qty: the three numbers of the trade. All are integers, so nothing is ever rounded by accident.
 *   money  fen (1/100 yuan)             "12.50"
 *   price  1/10000 yuan per price unit  "1.26", "5.3425"
 *   qty    1/1000 of a unit             "3.125", "8"
 * Only money.c touches the numbers; sums can overflow and therefore return bool.
 * NONE (INT64_MIN) means "not given": null in JSON, NULL in SQL. */
#ifndef BASE_MONEY_H
#define BASE_MONEY_H

#include "base/must.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;

struct money {
	int64_t fen;
};

struct price {
	int64_t e4;
};

struct qty {
	int64_t milli;
};

/* How many base units one unit is, exactly: 1 斤 = 1/2 公斤. Both > 0. */
struct ratio {
	int64_t num, den;
};

#define MONEY_NONE ((struct money){ INT64_MIN })
#define PRICE_NONE ((struct price){ INT64_MIN })
#define QTY_NONE   ((struct qty){ INT64_MIN })
#define QTY_ZERO   ((struct qty){ 0 })
/* The largest each may be, so that sums of 2000 lines cannot overflow. */
#define MONEY_MAX INT64_C(1000000000000000) /* 10 trillion yuan */
#define PRICE_MAX INT64_C(10000000000000)   /* a billion yuan */
#define QTY_MAX   INT64_C(1000000000000)    /* a billion units */

bool money_is(struct money m);
bool price_is(struct price p);
bool qty_is(struct qty q);

/* Plain decimals, at most 2 / 4 / 3 places, optional minus; no exponent, no plus, no spaces. */
NODISCARD bool money_parse(const char *s, struct money *out);
NODISCARD bool price_parse(const char *s, struct price *out);
NODISCARD bool qty_parse(const char *s, struct qty *out);
/* The same written into `text`, which has room for DECIMAL_TEXT; "" when not given. */
#define DECIMAL_TEXT 32
const char *money_text(char *text, struct money m);
const char *price_text(char *text, struct price p);
const char *qty_text(char *text, struct qty q);
const char *money_str(struct arena *a, struct money m);  /* "2892.60" */
const char *price_str(struct arena *a, struct price p);  /* at least two places: "1.26", "5.3425" */
const char *qty_str(struct arena *a, struct qty q);      /* as short as exact: "8", "3.125" */
const char *money_show(struct arena *a, struct money m); /* "2,892.60", for people */
/* 大写金额 by 支付结算办法: 人民币壹仟肆佰零玖元伍角. */
const char *money_capital(struct arena *a, struct money m);

NODISCARD bool money_add(struct money *out, struct money a, struct money b);
NODISCARD bool money_sub(struct money *out, struct money a, struct money b);
NODISCARD bool qty_add(struct qty *out, struct qty a, struct qty b);
NODISCARD bool qty_sub(struct qty *out, struct qty a, struct qty b);
int money_cmp(struct money a, struct money b);
int price_cmp(struct price a, struct price b);
int qty_cmp(struct qty a, struct qty b);
struct qty qty_min(struct qty a, struct qty b);
bool qty_whole(struct qty q);

/* Quantity in a unit to base units: half-up where the ratio does not come out; exact tells if it did (may be NULL). */
NODISCARD bool qty_to_base(struct qty *out, struct qty q, struct ratio unit, bool *exact);
/* Base units to a unit, half-up; exact as above. */
NODISCARD bool qty_from_base(struct qty *out, struct qty base, struct ratio unit, bool *exact);
/* price per price unit × base quantity, half-up to the fen: amount = price × base / price_unit. */
NODISCARD bool money_of(struct money *out, struct price p, struct qty base, struct ratio price_unit);
/* price × (base + kg / nominal_kg), half-up to the fen: goods that are counted in base units and billed by the scale. base: what
 * nobody weighed yet, kg: what was weighed, nominal_kg: of one base unit. */
NODISCARD bool money_weighed(struct money *out, struct price p, struct qty base, struct qty kg, struct qty nominal_kg,
	struct ratio price_unit);
/* part/whole of m, half-up. whole > 0. Use differences of running totals to share without losing a fen. */
NODISCARD bool money_share(struct money *out, struct money m, struct qty part, struct qty whole);

#endif
