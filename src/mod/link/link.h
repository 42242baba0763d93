/* link: private addresses for people without a login: the customer's order, the driver's load, a statement.
 * Clauses 3-1.3, 3-4.2, 3-5.1.  Owns: private_link      Uses: -
 * Reads whose orders, shipments and statements they open, to close them all when a customer is erased. */
#ifndef MOD_LINK_H
#define MOD_LINK_H

#include "app/app.h"

struct link {
	int64_t id;
	const char *purpose; /* "order", "driver", "statement" ... a link opens nothing else */
	int64_t entity_id;   /* what it opens */
	struct instant made_at, until_at;
};
extern const struct field link_fields[];

/* A new link; the token is known now and never again. A record may have several. */
NODISCARD bool link_make(
	struct ctx *c, const char *purpose, int64_t entity_id, struct instant until, const char **token);
/* The address to give away: the company's own (company.web) before the path, or the path alone. */
const char *link_url(struct ctx *c, const char *path, const char *token);
/* That address whole: without one of our own in the settings it starts with the one the clerk's browser uses. */
const char *link_address(struct ctx *c, struct req *r, const char *url);
/* E_NOT_FOUND for every link that does not open this (unknown, ended, taken back, for something else): a stranger learns
 * no more. E_TOO_MANY for an address that guesses. */
NODISCARD bool link_open(struct ctx *c, const char *address, const char *purpose, const char *token, struct link *out);
/* All links of that purpose to that record open nothing any more. */
NODISCARD bool link_revoke(struct ctx *c, const char *purpose, int64_t entity_id);
/* This one alone. */
NODISCARD bool link_end(struct ctx *c, int64_t id);

extern const struct module link_module;

#endif
