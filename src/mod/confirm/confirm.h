/* confirm: a private address by which the customer confirms an order, asks for a change, or declines.
 * Clause 3-1.3.  Owns: confirm_link      Uses: link, order, customer, intake */
#ifndef MOD_CONFIRM_H
#define MOD_CONFIRM_H

#include "app/app.h"

struct confirm_link {
	int64_t link_id, order_id;
	const char *snapshot;
	struct instant until_at;
	const char *answer, *person, *note; /* confirm, change, decline; NULL: none yet */
	struct instant answered_at;
};
extern const struct field confirm_link_fields[];

/* Makes one for an order that waits for confirmation and ends those before it. url: told this once (link_url()). */
NODISCARD bool confirm_make(struct ctx *c, int64_t order_id, const char **url, struct confirm_link *out);

#endif
