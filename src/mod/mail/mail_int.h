/* What the files of this module share and nobody else calls. */
#ifndef MOD_MAIL_INT_H
#define MOD_MAIL_INT_H

#include "base/buf.h"
#include "mod/mail/mail.h"

#include <curl/curl.h>

const char *mail_clean(struct ctx *c, const char *s, size_t len, size_t max);

/* ---- a mailbox over IMAP: enough of RFC 9051 to fetch and to flag ---- */

struct imap {
	CURL *curl;
	struct ctx *c;
	struct buf in; /* what came and is not read yet; malloc */
	size_t at;     /* read so far */
	int tag;
	const char *error;
	bool refused; /* the server said no to the last command; the connection goes on */
};
/* An untagged answer and, if there was one, its literal. */
typedef void (*imap_heard)(void *who, const char *line, struct bytes literal);

NODISCARD bool imap_open(struct imap *im, struct ctx *c, const char *url, const char *user, const char *secret);
/* One command to its end; a literal longer than MAIL_BYTES_MAX ends the connection. */
NODISCARD bool imap_ask(struct imap *im, const char *command, imap_heard heard, void *who);
void imap_close(struct imap *im);

/* ---- rows ---- */

struct mail_box {
	const char *name;
	int64_t uidvalidity, last_uid, stuck_uid, stuck_n;
	struct instant first_at, checked_at, failed_at;
	const char *error;
};
extern const struct field mail_box_fields[];

struct mail {
	int64_t id;
	const char *box;
	int64_t uidvalidity, uid, size, intake_id, order_id;
	const char *message_id, *hash, *content_hash, *sender, *sender_name, *subject, *state, *problem;
	struct instant sent_at, created_at;
	bool flagged, answered;
	const char *number; /* of its order */
};
extern const struct field mail_fields[];

struct mail_page {
	struct mail_box *boxes;
	size_t boxes_len;
	struct mail *rows;
	size_t rows_len;
	const char *next_url;
	bool on;
};

extern const struct chore mail_chores[];

#endif
