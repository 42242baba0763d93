/* doc_account: a statement of account on paper (对账单): a head, lines of five cells, the closing balance also in capitals. */
#ifndef APP_DOC_ACCOUNT_H
#define APP_DOC_ACCOUNT_H

#include "base/buf.h"
#include "base/ctx.h"

#define ACCOUNT_CELLS 5 /* day, kind, document, amount, balance; NULL: empty */

struct doc_account {
	const char *title, *period;
	const char *heads[ACCOUNT_CELLS];
	const char *(*rows)[ACCOUNT_CELLS];
	size_t rows_len;
	const char *closing_label, *closing;
	const char *capital; /* NULL: not written */
	const char *sign;
};
/* A4, the head again on every page. */
NODISCARD bool doc_account(struct ctx *c, const struct doc_account *d, struct buf *out);

#endif
