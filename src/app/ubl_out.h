/* ubl_out: what the UBL 2.1 documents that leave the house have in common. Text is escaped; what is NULL or empty is left
 * out, so that no element stands there empty. */
#ifndef APP_UBL_OUT_H
#define APP_UBL_OUT_H

#include "base/buf.h"

#include <inttypes.h>

/* The root element of a document kind ("OrderResponse") with its name spaces; the profile as PEPPOL names it. */
void ubl_open(struct buf *b, const char *kind, const char *customization, const char *profile);
void ubl_close(struct buf *b, const char *kind);
/* <cbc:name>value</cbc:name> */
void ubl_element(struct buf *b, const char *name, const char *value);
void ubl_number(struct buf *b, const char *name, int64_t value);
/* A party by our code of it and its name; kind is the element around it. */
void ubl_party(struct buf *b, const char *kind, const char *id, const char *name);
/* Name and our code of goods: <cac:Item>, left open for what a document adds; ubl_item_end() closes it. */
void ubl_item(struct buf *b, const char *name, const char *sku);
void ubl_item_end(struct buf *b);
/* UN/ECE Rec 20 code of a base unit that everybody knows; a piece (C62) for whatever else is counted. */
const char *ubl_unit(const char *base_unit);

#endif
