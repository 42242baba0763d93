/* What the files of this module share and nobody else calls. */
#ifndef MOD_NOTICE_INT_H
#define MOD_NOTICE_INT_H

#include "app/outbox.h"
#include "app/page.h"
#include "mod/notice/notice.h"

/* Where the customer's own page is, if a module serves it. */
#define ORDER_LINK_PATH "/o"

enum channel { CH_EMAIL, CH_WEBHOOK, CH_WECOM, CH_SMS, CH_NONE };
extern const char *const notice_channels[];

struct notice {
	int64_t id, event_id;
	const char *about, *channel;
	int64_t customer_id, order_id, shipment_id, endpoint_id;
	const char *recipient, *subject, *body, *message_id, *in_reply_to;
	const char *state; /* waiting, sent, failed, unsent: there was no way to send it */
	int64_t tries;
	const char *answer; /* to the last try */
	int64_t resend_of;
	struct instant created_at, done_at;
};
extern const struct field notice_fields[];

/* All that may be said of an order and its shipment, in one row. */
struct notice_subject {
	int64_t customer_id;
	const char *code, *customer, *contact, *email, *phone, *lang;
	bool by_email, by_webhook, by_wecom, by_sms;
	int64_t order_id;
	const char *number, *decision, *address;
	struct date delivery_date;
	struct money total;
	int64_t shipment_id;
	const char *shipment, *carrier, *tracking_number, *driver, *signer, *note;
	struct date promised_on;
	struct instant event_at;
	const char *event_data;
};
extern const struct field notice_subject_fields[];

struct notice_goods {
	const char *name, *unit;
	struct qty quantity;
};
extern const struct field notice_goods_fields[];

/* ---- words ---- */

struct notice_words {
	const char *about, *lang, *subject, *body, *brief;
	bool changed; /* by an admin */
};
extern const struct field notice_words_fields[];

/* A placeholder and what stands for it; in the order of notice_names. */
extern const char *const notice_names[];
#define NOTICE_NAMES 18
struct notice_values {
	const char *at[NOTICE_NAMES]; /* NULL: not known */
};
NODISCARD bool notice_words_of(struct ctx *c, const char *about, const char *lang, struct notice_words *out);
/* Fills {name}; a line whose every placeholder is empty is left out. */
const char *notice_fill(struct ctx *c, const char *template, const struct notice_values *v);
/* The first {name} that nobody knows; NULL: all are known. */
const char *notice_unknown(struct ctx *c, const char *template);
NODISCARD bool notice_values_of(
	struct ctx *c, const struct notice_subject *s, const char *about, struct notice_values *out);
/* What the event changed, in goods and numbers; NULL: nothing a customer is told. */
const char *notice_change(struct ctx *c, const struct notice_subject *s);
/* Without a private link: looking at it makes nothing. */
NODISCARD bool notice_values_plain(struct ctx *c, const struct notice_subject *s, struct notice_values *out);
void notice_values_sample(struct ctx *c, struct notice_values *out);
bool notice_about_known(const char *about);

/* ---- sending ---- */

/* From the event's row to the messages it makes (notice.c). */
NODISCARD bool notice_fan_load(struct ctx *c, const struct outbox_row *row, void **load);
extern const struct courier notice_couriers[];

struct notice_endpoint {
	int64_t id, version, customer_id;
	const char *channel, *url, *secret, *old_secret, *why;
	struct instant old_until, created_at, disabled_at;
	bool active;
	const char *customer; /* its name */
};
extern const struct field notice_endpoint_fields[];

/* A mail as it goes over the wire, CRLF, UTF-8. */
struct notice_mail {
	const char *from, *from_name, *to, *subject, *body, *message_id, *in_reply_to;
	struct instant at;
};
const char *notice_mail_text(struct ctx *c, const struct notice_mail *m);

struct notice_try {
	int64_t notice_id, n;
	struct instant at;
	const char *answer;
	bool went;
};
extern const struct field notice_try_fields[];

/* ---- pages ---- */

extern const struct route notice_routes[];

#endif
