/* notice: the customer is told: please confirm, approved, on its way (carrier, tracking number), late, delivered. By mail, by
 * the customer's own server (Standard Webhooks), in the customer's WeCom group, by SMS; in the words an admin chose; once per
 * event, every try on record, once more by hand.
 * Clauses 3-4.2, 3-1.3.
 * Owns: notice, notice_try, notice_endpoint, notice_choice, notice_template      Uses: order, customer, ship, link, confirm, task */
#ifndef MOD_NOTICE_H
#define MOD_NOTICE_H

#include "app/app.h"

/* Tells the customer of ev->order_id, after the commit, by the channels this customer wants. about is one of
 * notice_abouts. shipment_id INT64_MIN: none. The same event tells only once. */
NODISCARD bool notice_tell(struct ctx *c, const struct event *ev, const char *about, int64_t shipment_id);
extern const char *const notice_abouts[]; /* NULL-terminated; each has its words in text/ */

/* A mail that answers somebody, not about an order of theirs: words are ready, nothing is looked up. */
struct notice_letter {
	int64_t event_id;
	const char *about, *to, *subject, *body;
	const char *in_reply_to;       /* Message-ID, NULL */
	int64_t order_id, customer_id; /* INT64_MIN: none */
};
NODISCARD bool notice_letter(struct ctx *c, const struct notice_letter *l);

/* What a mail of ours with this Message-ID was about; an answer to it belongs there. */
struct notice_thread {
	int64_t order_id;        /* INT64_MIN: none */
	const char *in_reply_to; /* the mail of theirs that ours answered, NULL */
};
extern const struct field notice_thread_fields[];
NODISCARD bool notice_thread_of(struct ctx *c, const char *message_id, struct notice_thread *out, bool *found);

#endif
