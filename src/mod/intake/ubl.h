/* UBL 2.1 and PEPPOL BIS Ordering: a customer's system sends its order as XML and is answered as XML (domain 4.9). */
#ifndef MOD_INTAKE_UBL_H
#define MOD_INTAKE_UBL_H

#include "mod/intake/intake.h"
#include "mod/order/order.h"

#define UBL_BYTES_MAX ((size_t)4 * 1024 * 1024)

/* Do these bytes look like XML at all? */
bool ubl_is_xml(const void *data, size_t len);
/* The order in the document: fills sender, number, day, address, remarks and lines. Nothing is fetched, no DOCTYPE is taken,
 * what is missing is named by its path. Slow: outside the transaction; it reads customers. */
NODISCARD bool ubl_order_read(
	struct ctx *c, const void *data, size_t len, struct intake_raw *raw, struct intake_doc *doc);

/* AB at receipt, after the review AP, RE or CA. */
NODISCARD bool ubl_response_code(struct ctx *c, const struct order *o, const char **code);
NODISCARD bool ubl_response_write(struct ctx *c, const struct order *o, struct buf *out);

#endif
