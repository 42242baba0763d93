/* mail: orders that come by mail. A mailbox is polled over IMAP; each mail is kept as it came and handed to the inbox, is
 * flagged only after that is on the disk, and is answered that it arrived. What it says is read by a process of its own, with
 * limits: a mail that is a bomb costs itself alone and is set aside where people see it.
 * Clauses 3-1.1.
 * Owns: mail_box, mail      Uses: intake, notice, order */
#ifndef MOD_MAIL_H
#define MOD_MAIL_H

#include "app/app.h"
#include "app/sheet.h"

#define MAIL_BYTES_MAX (25 * 1024 * 1024)
#define MAIL_TEXT_MAX  (1024 * 1024)
#define MAIL_PARTS_MAX 50
#define MAIL_ROWS_MAX  5000 /* of a table that came with it */
#define MAIL_JSON_MAX  (32 * 1024 * 1024)

/* Something that came with a mail. */
struct mail_part {
	const char *name, *type, *sha256, *problem;
	int64_t size;
	const struct sheet *sheet; /* NULL: no table */
};

/* What a mail says. Strings are clean UTF-8; NULL where it does not say. */
struct mail_parsed {
	const char *message_id, *in_reply_to;
	const char *const *references; /* the oldest first */
	size_t references_len;
	const char *from, *from_name, *subject, *text;
	struct instant date;
	bool automatic; /* not written by a person: it is not answered */
	struct mail_part *parts;
	size_t parts_len;
	const char *problem; /* why it could not be read */
};

/* Reads the bytes of a mail, here and now, and writes what they say as JSON. */
void mail_parse(struct ctx *c, const void *data, size_t len, struct buf *out);
/* And back. The writer may have been taken over by what it read: nothing in it is believed. */
NODISCARD bool mail_result_read(struct ctx *c, const char *json, size_t len, struct mail_parsed *out);
/* Both, in a process of its own (`huodan parse-mail`); what goes wrong there is out->problem. */
void mail_parse_apart(struct ctx *c, struct bytes raw, struct mail_parsed *out);

/* Text in UTF-8 from bytes, whatever the label says: label NULL or wrong is no matter. */
const char *mail_text(struct ctx *c, const char *label, const char *data, size_t len);
/* What a person reads of HTML: nothing hidden, nothing struck out; cells apart by tabs, rows by lines. */
const char *mail_html_text(struct ctx *c, const char *html);

#endif
