/* A mail between the mailbox and the inbox. */
#ifndef MOD_MAIL_KEEP_H
#define MOD_MAIL_KEEP_H

#include "mod/mail/mail_int.h"

struct fetched {
	const char *box;
	int64_t uidvalidity, uid, size;
	struct bytes raw; /* empty: too large to be fetched */
	struct mail_parsed parsed;
	struct instant arrived, since; /* in the mailbox; when we looked into that first */
	bool aside;
	bool lost; /* it could not be fetched: raw says which it was, and no flag is set */
	/* filled by mail_keep */
	const char *hash, *content_hash, *state;
};
/* In one transaction; arg is a struct fetched. The same uid again changes nothing. */
NODISCARD bool mail_keep(struct ctx *c, void *arg);

#endif
