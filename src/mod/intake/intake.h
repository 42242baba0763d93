/* intake: everything that comes in and is, or may be, an order: a call's notes, a mail, a pasted chat, a file, a platform's
 * document. It is kept as it came, read into a proposal, and a clerk makes the order of it, or says what else it is.
 * Clauses 3-1.1, 3-1.2.
 * Owns: intake, intake_bytes, intake_line, intake_columns      Uses: reading, order, customer, catalog, price, stock */
#ifndef MOD_INTAKE_H
#define MOD_INTAKE_H

#include "app/app.h"
#include "app/sheet.h"
#include "base/field.h"

/* What a channel hands over. What it does not know is NULL, INT64_MIN or NONE. */
struct intake_raw {
	const char *channel;     /* phone, email, online, chat, file, edi */
	const char *external_id; /* the sender's own number: Message-ID, platform:number */
	const char *in_reply_to; /* the external_id it answers */
	const char *sender;      /* address, phone number, account */
	const char *sender_name;
	struct instant received_at; /* NONE: now */
	const char *subject, *text; /* text: what people read; NULL where there is only a table or bytes */
	const char *content_type;   /* NULL: text/plain */
	const char *filename;
	struct bytes bytes;        /* as it came, where that is more than the text */
	const struct sheet *sheet; /* an order list that came with it, read already (slow: outside the transaction) */
	int64_t customer_id;       /* INT64_MIN: found by the sender */
	int64_t order_id;          /* the order it answers, INT64_MIN */
	const char *problem;       /* why it could not be read, in words */
	bool again;                /* the same words once more are another order */
};

/* Keeps it and reads it, in the caller's transaction. The same thing again (same channel and external_id, or the same
 * bytes from the same sender on the same day) is the one that is here already: existed, nothing is written. */
NODISCARD bool intake_receive(struct ctx *c, const struct intake_raw *raw, int64_t *id, bool *existed);

#endif
