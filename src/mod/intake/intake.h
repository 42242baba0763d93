/* intake: everything that comes in and is, or may be, an order: a call's notes, a mail, a pasted chat, a file, a platform's
 * document. It is kept as it came, read into a proposal, and a clerk makes the order of it, or says what else it is.
 * Clauses 3-1.1, 3-1.2.
 * Owns: intake, intake_bytes, intake_line, intake_columns      Uses: reading, order, customer, catalog, price, stock */
#ifndef MOD_INTAKE_H
#define MOD_INTAKE_H

#include "app/app.h"
#include "app/sheet.h"
#include "base/field.h"

struct intake_full;

/* What a channel hands over. What it does not know is NULL, NONE or 0. */
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
	int64_t customer_id;       /* 0: found by the sender */
	int64_t order_id;          /* the order it answers, 0 */
	const char *problem;       /* why it could not be read, in words */
	struct date delivery_date; /* where the document names it apart from the text; {0}: not */
	const char *address, *remarks;
	bool again; /* the same words once more are another order */
	/* It looks like one that is here and the sender says that it is another; NULL: nobody asked. */
	const char *kept_reason;
	const struct intake_full *seen; /* filled by intake_look() */
};

/* Reads it and writes nothing: reading takes long, so who can does it before the transaction that others wait for. */
NODISCARD bool intake_look(struct ctx *c, struct intake_raw *raw);

/* Keeps it and reads it, in the caller's transaction. The same thing again (same channel and external_id, or the same
 * bytes from the same sender on the same day) is the one that is here already: existed, nothing is written. */
NODISCARD bool intake_receive(struct ctx *c, const struct intake_raw *raw, int64_t *id, bool *existed);

/* A document that names goods, quantity and unit exactly (a platform's, a customer's system): kept like all else, and where
 * nothing is left to ask, the order is made at once. order_id INT64_MIN: it waits in the inbox. The text is made of the
 * lines; the bytes are the document as it came. */
struct intake_doc_line {
	const char *sku, *name, *quantity, *unit, *price, *remarks; /* as they stand there; NULL: not said */
};
struct intake_doc {
	const struct intake_doc_line *lines;
	size_t lines_len;
};
NODISCARD bool intake_look_doc(struct ctx *c, struct intake_raw *raw, const struct intake_doc *doc);
NODISCARD bool intake_receive_doc(struct ctx *c, const struct intake_raw *raw, const struct intake_doc *doc,
	int64_t *id, int64_t *order_id, bool *existed);

#endif
