/* mail_poll: one look into the mailbox. What was fetched is on our disk before it is flagged there, and how far was read is
 * written with it, so a worker or a server that dies at any moment loses nothing and doubles nothing. */
#include "mod/mail/mail_keep.h"

#include "app/outbox.h"
#include "app/serve.h"
#include "base/clock.h"
#include "gen/mail_sql.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define TURN_MAX 200              /* mails in one turn */
#define TURN_US  (20 * SECOND_US) /* and its time */
#define LIST_MAX 100000           /* uids in one answer */

struct turn {
	const char *url, *user, *secret, *box;
	struct mail_box was;
	bool known;
	int64_t uidvalidity;
	int64_t *uids;
	size_t uids_len;
	int64_t size;
	struct bytes raw;
	const char *error;
	struct imap im;
	struct i64s done; /* uids whose flag is set */
};

/* ---- the transactions ---- */

static bool prepare(struct ctx *c, void *arg)
{
	struct turn *t = arg;

	t->url = setting_str(c, "mail.url");
	t->user = setting_str(c, "mail.user");
	t->secret = setting_str(c, "mail.secret");
	t->box = setting_str(c, "mail.folder");
	return mail_box_find(c, t->box, &t->was, &t->known);
}

static bool note_well(struct ctx *c, void *arg)
{
	struct turn *t = arg;

	return mail_box_well(c, t->box, t->uidvalidity, c->now);
}

static bool note_failed(struct ctx *c, void *arg)
{
	struct turn *t = arg;

	return mail_box_failed(c, t->box, t->error, c->now);
}

static bool unflagged(struct ctx *c, void *arg)
{
	struct turn *t = arg;
	struct mail *rows;
	int64_t *uids;

	if (!mail_unflagged_uids(c, t->box, t->uidvalidity, &rows, &t->done.len))
		return false;
	t->done.at = uids = ARENA_ARRAY(c->arena, t->done.len + 1, int64_t);
	for (size_t i = 0; i < t->done.len; i++)
		uids[i] = rows[i].uid;
	return true;
}

static bool note_flagged(struct ctx *c, void *arg)
{
	struct turn *t = arg;

	return mail_flagged(c, t->box, t->uidvalidity, t->done);
}

/* ---- what the server says ---- */

static void hear_select(void *who, const char *line, struct bytes literal)
{
	struct turn *t = who;
	const char *at = strstr(line, "[UIDVALIDITY ");

	(void)literal;
	if (at != NULL)
		t->uidvalidity = strtoll(at + 13, NULL, 10);
}

static int by_number(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static void hear_search(void *who, const char *line, struct bytes literal)
{
	struct turn *t = who;
	const char *s = line + 6;

	(void)literal;
	if (strncmp(line, "SEARCH", 6) != 0)
		return;
	if (t->uids == NULL)
		t->uids = ARENA_ARRAY(t->im.c->arena, LIST_MAX, int64_t);
	while (*s == ' ' && t->uids_len < LIST_MAX) {
		char *end;
		t->uids[t->uids_len] = strtoll(s + 1, &end, 10);
		t->uids_len += t->uids[t->uids_len] > 0;
		if (end == s + 1)
			break;
		s = end;
	}
}

static void hear_size(void *who, const char *line, struct bytes literal)
{
	struct turn *t = who;
	const char *at = strstr(line, "RFC822.SIZE ");

	(void)literal;
	if (at != NULL)
		t->size = strtoll(at + 12, NULL, 10);
}

static void hear_body(void *who, const char *line, struct bytes literal)
{
	struct turn *t = who;

	if (strstr(line, "FETCH") != NULL && literal.data != NULL)
		t->raw = literal;
}

/* "INBOX" with what a quoted string may hold. */
static const char *quoted(struct ctx *c, const char *s)
{
	struct buf b;

	buf_init(&b, c->arena);
	buf_char(&b, '"');
	for (; *s != '\0'; s++)
		if (*s != '\r' && *s != '\n') {
			if (*s == '"' || *s == '\\')
				buf_char(&b, '\\');
			buf_char(&b, *s);
		}
	buf_char(&b, '"');
	return buf_cstr(&b);
}

/* ---- one mail ---- */

/* Whatever is wrong with it must not keep the next from being read. */
static bool keep(struct ctx *c, struct turn *t, struct fetched *f)
{
	if (app_write(c, mail_keep, f))
		return true;
	t->error = c->err.detail;
	if (err_retry(c->err.code) || c->err.code == E_NO_SPACE)
		return false;
	f->parsed = (struct mail_parsed){ .message_id = f->parsed.message_id,
		.from = f->parsed.from,
		.from_name = f->parsed.from_name,
		.subject = f->parsed.subject,
		.date = INSTANT_NONE,
		.automatic = true,
		.problem = c->err.detail };
	f->aside = true;
	c->err = (struct err){ 0 };
	if (!app_write(c, mail_keep, f))
		return false;
	t->error = NULL;
	return true;
}

static bool fetch(struct ctx *c, struct turn *t, int64_t uid, struct fetched *f)
{
	*f = (struct fetched){ .box = t->box, .uidvalidity = t->uidvalidity, .uid = uid };
	t->size = 0;
	t->raw = (struct bytes){ NULL, 0 };
	if (!imap_ask(&t->im, arena_printf(c->arena, "UID FETCH %" PRId64 " (RFC822.SIZE)", uid), hear_size, t))
		return false;
	f->size = t->size;
	if (t->size <= MAIL_BYTES_MAX)
		return imap_ask(
			&t->im, arena_printf(c->arena, "UID FETCH %" PRId64 " (BODY.PEEK[])", uid), hear_body, t);
	return imap_ask(&t->im, arena_printf(c->arena, "UID FETCH %" PRId64 " (BODY.PEEK[HEADER])", uid), hear_body, t);
}

static bool one_mail(struct ctx *c, struct turn *t, int64_t uid)
{
	struct fetched f;

	if (!fetch(c, t, uid, &f))
		return false;
	if (t->raw.data == NULL)
		return true; /* somebody deleted it in between */
	f.raw = t->raw;
	mail_parse_apart(c, f.raw, &f.parsed);
	if (f.size > MAIL_BYTES_MAX)
		f.parsed.problem = text_get(c->lang, T_mail_too_large);
	c->now = clock_now();
	if (workers_stopping(c))
		return false; /* the child may have been stopped, not broken */
	return keep(c, t, &f);
}

/* ---- the turn ---- */

static bool flag(struct ctx *c, struct turn *t)
{
	struct buf b;

	if (!app_write(c, unflagged, t))
		return false;
	if (t->done.len == 0)
		return true;
	buf_init(&b, c->arena);
	buf_str(&b, "UID STORE ");
	for (size_t i = 0; i < t->done.len; i++)
		buf_printf(&b, "%s%" PRId64, i > 0 ? "," : "", t->done.at[i]);
	buf_str(&b, " +FLAGS.SILENT (\\Seen)");
	return imap_ask(&t->im, buf_cstr(&b), NULL, NULL) && app_write(c, note_flagged, t);
}

static bool read_new(struct ctx *c, struct turn *t)
{
	int64_t until = clock_monotonic_us() + TURN_US,
		last = t->known && t->was.uidvalidity == t->uidvalidity ? t->was.last_uid : 0;
	int n = 0;

	if (!imap_ask(&t->im, arena_printf(c->arena, "UID SEARCH UID %" PRId64 ":*", last + 1), hear_search, t))
		return false;
	if (t->uids_len > 0)
		qsort(t->uids, t->uids_len, sizeof(*t->uids), by_number);
	/* "5:*" also names the last mail when all are below 5. */
	for (size_t i = 0; i < t->uids_len && n < TURN_MAX && clock_monotonic_us() < until; i++)
		if (t->uids[i] > last) {
			if (!one_mail(c, t, t->uids[i]))
				return false;
			n++;
		}
	return true;
}

static bool look(struct ctx *c, struct turn *t)
{
	return imap_open(&t->im, c, t->url, t->user, t->secret) &&
	       imap_ask(&t->im, arena_printf(c->arena, "SELECT %s", quoted(c, t->box)), hear_select, t) && flag(c, t) &&
	       read_new(c, t) && flag(c, t);
}

/* Why it failed is on the page; the log says it too. */
static bool poll_mail(struct ctx *c)
{
	struct turn t = { .uidvalidity = 0 };
	bool went;

	if (!app_write(c, prepare, &t))
		return false;
	if (*t.url == '\0')
		return true;
	went = look(c, &t);
	c->err = (struct err){ 0 };
	c->now = clock_now();
	t.error = t.im.error != NULL ? t.im.error : t.error != NULL ? t.error : "?";
	imap_close(&t.im);
	if (went)
		return app_write(c, note_well, &t);
	return workers_stopping(c) || (app_write(c, note_failed, &t) && fail(c, E_BUSY, T_mail_failed, t.error));
}

const struct chore mail_chores[] = {
	{ "mail.poll", 5, 40, poll_mail },
	{ NULL, 0, 0, NULL },
};
