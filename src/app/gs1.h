/* gs1: what a scanner read. Element strings of GS1 (GTIN, lot, dates, weight, SSCC ...) as the GS1 General Specifications
 * and the syntax dictionary of data/gs1 say; plain article numbers; labels of a scale. */
#ifndef APP_GS1_H
#define APP_GS1_H

#include "base/arena.h"
#include "base/money.h"
#include "base/when.h"

/* An application identifier or a range of them, from the dictionary; the table ends with from NULL. */
struct gs1_ai {
	const char *from, *to;
	bool fixed;        /* of a length known by its first digits: needs no separator behind it */
	const char *parts; /* "N6,yymmd0 X..20" */
};
extern const struct gs1_ai gs1_table[];

struct gs1_element {
	const char *ai, *value;
};

#define GS1_ELEMENTS_MAX 24
struct scan {
	const char *text;       /* as it came, without what the scanner said of itself */
	const char *gtin;       /* without leading zeros beyond 13 digits; NULL: none */
	const char *lot, *sscc; /* NULL: none */
	struct date expires;    /* use by, else best before; DATE_NONE: none */
	struct qty net_kg;      /* QTY_NONE: none */
	int64_t count;          /* pieces or packages; INT64_MIN: none */
	struct gs1_element elements[GS1_ELEMENTS_MAX];
	size_t elements_len;
};

/* False when it is an element string that breaks the rules; `why` names the element. Anything that is no element string
 * is taken as it is. Group separators are 0x1D. */
NODISCARD bool gs1_scan(struct arena *a, const char *scan, struct scan *out, const char **why);
/* "(01)06901234567892(10)L1" into elements; false with why as above. */
NODISCARD bool gs1_bracketed(struct arena *a, const char *text, struct scan *out, const char **why);
/* The code that stands in the catalogue for goods labelled by a scale: an in-store number (2x...) whose five digits of
 * weight or price are zero. NULL if the code is no such number. */
const char *gs1_scale_base(struct arena *a, const char *code);

#endif
