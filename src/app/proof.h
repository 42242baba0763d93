/* proof: does one record stand as it was written? Checked from its file alone, without a database. */
#ifndef APP_PROOF_H
#define APP_PROOF_H

#include "base/buf.h"
#include "base/ctx.h"

/* What mod/archive gives out ("huodan-proof-1"). report: one line per thing that was looked at. */
NODISCARD bool proof_check(struct ctx *c, const char *data, size_t len, struct buf *report);

#endif
