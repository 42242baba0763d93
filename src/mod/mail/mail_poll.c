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

#define TURN_MAX  200              /* mails in one turn */
#define TURN_US   (20 * SECOND_US) /* and its time */
#define STUCK_MAX 5                /* tries at one mail; then it is set aside and the rest is read */

struct turn {
	const char *url, *user, *secret, *box;
	struct mail_box was;
	bool known;
	int64_t uidvalidity, uidnext, exists; /* as SELECT said */
	int64_t uid;                          /* as FETCH said */
	int64_t uids[TURN_MAX];
	size_t uids_len;
	int64_t size, stuck; /* stuck: the uid that could not be fetched now */
	struct instant arrived;
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
	if (*t->url != '\0' && !mail_box_begin(c, t->box, c->now))
		return false;
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

	return mail_box_failed(c, t->box, t->error, c->now) &&
	       (t->stuck == 0 || mail_box_stuck(c, t->box, t->uidvalidity, t->stuck));
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

static int64_t number_after(const char *line, const char *name)
{
	const char *at = strstr(line, name);

	return at != NULL ? strtoll(at + strlen(name), NULL, 10) : 0;
}

static void hear_select(void *who, const char *line, struct bytes literal)
{
	struct turn *t = who;
	char *end;
	int64_t n = strtoll(line, &end, 10);

	(void)literal;
	if (strstr(line, "[UIDVALIDITY ") != NULL)
		t->uidvalidity = number_after(line, "[UIDVALIDITY ");
	if (strstr(line, "[UIDNEXT ") != NULL)
		t->uidnext = number_after(line, "[UIDNEXT ");
	if (end != line && strcmp(end, " EXISTS") == 0)
		t->exists = n;
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
	while (*s == ' ' && t->uids_len < TURN_MAX) {
		char *end;
		t->uids[t->uids_len] = strtoll(s + 1, &end, 10);
		t->uids_len += t->uids[t->uids_len] > 0;
		if (end == s + 1)
			break;
		s = end;
	}
}

static void hear_uid(void *who, const char *line, struct bytes literal)
{
	struct turn *t = who;

	(void)literal;
	if (strstr(line, "FETCH") != NULL && strstr(line, "UID ") != NULL)
		t->uid = number_after(line, "UID ");
}

/* "24-Nov-2026 11:00:00 +0800", of a day below 10 " 4-Nov-2026…". */
static struct instant internal_date(struct ctx *c, const char *s)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	struct instant at = INSTANT_NONE;
	const char *month = NULL;

	if (strnlen(s, 26) == 26)
		month = memmem(months, sizeof(months) - 1, s + 3, 3);
	if (month != NULL && !instant_parse(arena_printf(c->arena, "%.4s-%02d-%c%cT%.8s%.3s:%.2s", s + 7,
						    (int)(month - months) / 3 + 1, s[0] == ' ' ? '0' : s[0], s[1],
						    s + 12, s + 21, s + 24),
				     &at))
		at = INSTANT_NONE;
	return at;
}

static void hear_size(void *who, const char *line, struct bytes literal)
{
	struct turn *t = who;
	const char *date = strstr(line, "INTERNALDATE \"");

	(void)literal;
	if (strstr(line, "RFC822.SIZE ") != NULL)
		t->size = number_after(line, "RFC822.SIZE ");
	if (date != NULL)
		t->arrived = internal_date(t->im.c, date + strlen("INTERNALDATE \""));
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
	*f = (struct fetched){ .box = t->box, .uidvalidity = t->uidvalidity, .uid = uid, .since = t->was.first_at };
	t->size = 0;
	t->arrived = INSTANT_NONE;
	t->raw = (struct bytes){ NULL, 0 };
	if (!imap_ask(&t->im, arena_printf(c->arena, "UID FETCH %" PRId64 " (RFC822.SIZE INTERNALDATE)", uid),
		    hear_size, t))
		return false;
	f->size = t->size;
	f->arrived = t->arrived;
	if (t->size <= MAIL_BYTES_MAX)
		return imap_ask(
			&t->im, arena_printf(c->arena, "UID FETCH %" PRId64 " (BODY.PEEK[])", uid), hear_body, t);
	return imap_ask(&t->im, arena_printf(c->arena, "UID FETCH %" PRId64 " (BODY.PEEK[HEADER])", uid), hear_body, t);
}

/* It was tried often enough: what is known of it stands in the inbox, and the rest is read. */
static bool lose(struct ctx *c, struct turn *t, int64_t uid)
{
	const char *const args[] = { arena_printf(c->arena, "%" PRId64, uid), t->box,
		t->was.error != NULL ? t->was.error : "", NULL };
	struct fetched f = { .box = t->box, .uidvalidity = t->uidvalidity, .uid = uid, .lost = true, .aside = true };
	const char *note = text_fill(c->arena, c->lang, T_mail_lost, args);

	f.raw = (struct bytes){ (const uint8_t *)note, strlen(note) };
	f.parsed = (struct mail_parsed){ .date = INSTANT_NONE, .automatic = true, .problem = note };
	return keep(c, t, &f);
}

static bool one_mail(struct ctx *c, struct turn *t, int64_t uid)
{
	struct fetched f;

	if (t->was.uidvalidity == t->uidvalidity && t->was.stuck_uid == uid && t->was.stuck_n >= STUCK_MAX)
		return lose(c, t, uid);
	if (!fetch(c, t, uid, &f)) {
		t->stuck = uid;
		return false;
	}
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

static const char *kept(struct ctx *c, const char *s)
{
	return s != NULL ? arena_strdup(c->arena, s) : NULL;
}

/* A turn may read gigabytes: each mail has memory of its own, and only why it failed outlives it. */
static bool one_apart(struct ctx *c, struct turn *t, struct arena *a, int64_t uid)
{
	struct ctx own = *c;
	bool good;

	own.arena = a;
	t->im.c = &own;
	good = one_mail(&own, t, uid);
	t->im.c = c;
	t->im.error = kept(c, t->im.error);
	t->error = kept(c, t->error);
	c->now = own.now;
	arena_reset(a);
	return good;
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

/* Uids rise with the places of mails in the box, so the first new one is found by halves, however many there are. */
static bool first_new(struct ctx *c, struct turn *t, int64_t last, int64_t *place)
{
	int64_t low = 1, high = t->exists + 1;

	while (low < high) {
		int64_t middle = low + (high - low) / 2;

		t->uid = 0;
		if (!imap_ask(&t->im, arena_printf(c->arena, "FETCH %" PRId64 " (UID)", middle), hear_uid, t))
			return false;
		/* It went while we looked: the places are others now. */
		if (t->uid == 0) {
			t->error = "the mailbox is changing";
			return false;
		}
		if (t->uid > last)
			high = middle;
		else
			low = middle + 1;
	}
	*place = low;
	return true;
}

/* The uids of one turn: a line that names every mail of a large box would be too long for us. */
static bool list_new(struct ctx *c, struct turn *t, int64_t last)
{
	int64_t first, end;

	if (t->uidnext > 0 && t->uidnext <= last + 1)
		return true;
	if (!first_new(c, t, last, &first))
		return false;
	if (first > t->exists)
		return true;
	end = first + TURN_MAX - 1 < t->exists ? first + TURN_MAX - 1 : t->exists;
	return imap_ask(&t->im, arena_printf(c->arena, "UID SEARCH %" PRId64 ":%" PRId64, first, end), hear_search, t);
}

static bool read_new(struct ctx *c, struct turn *t)
{
	int64_t until = clock_monotonic_us() + TURN_US,
		last = t->known && t->was.uidvalidity == t->uidvalidity ? t->was.last_uid : 0;
	struct arena *a;
	bool good;

	if (!list_new(c, t, last))
		return false;
	a = arena_new();
	good = true;
	qsort(t->uids, t->uids_len, sizeof(*t->uids), by_number);
	for (size_t i = 0; good && i < t->uids_len && clock_monotonic_us() < until; i++)
		good = t->uids[i] <= last || one_apart(c, t, a, t->uids[i]);
	arena_free(a);
	return good;
}

static bool look(struct ctx *c, struct turn *t)
{
	return imap_open(&t->im, c, t->url, t->user, t->secret) &&
	       imap_ask(&t->im, arena_printf(c->arena, "SELECT %s", quoted(c, t->box)), hear_select, t) &&
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
