/* mail: what becomes of a mail that was fetched: it is kept and handed to the inbox once, in one transaction, and the sender
 * is told that it arrived. */
#include "mod/mail/mail_keep.h"

#include "base/sha256.h"
#include "base/utf8.h"
#include "gen/mail_sql.h"
#include "mod/intake/intake.h"
#include "mod/notice/notice.h"

#include <inttypes.h>
#include <string.h>

#define ANSWERS_A_DAY 20 /* to one address: two machines that answer each other stop */

const struct field mail_box_fields[] = {
	FIELD(struct mail_box, name, T_mail_box),
	FIELD(struct mail_box, uidvalidity, T_none),
	FIELD(struct mail_box, last_uid, T_mail_last_uid),
	FIELD(struct mail_box, first_at, T_mail_first_at),
	FIELD(struct mail_box, stuck_uid, T_none, .flags = F_HIDDEN),
	FIELD(struct mail_box, stuck_n, T_none, .flags = F_HIDDEN),
	FIELD(struct mail_box, checked_at, T_mail_checked_at),
	FIELD(struct mail_box, failed_at, T_mail_failed_at),
	FIELD(struct mail_box, error, T_mail_error),
	FIELD_END,
};

const struct field mail_fields[] = {
	FIELD(struct mail, id, T_none),
	FIELD(struct mail, box, T_mail_box),
	FIELD(struct mail, uidvalidity, T_none),
	FIELD(struct mail, uid, T_none),
	FIELD(struct mail, size, T_mail_size),
	FIELD(struct mail, intake_id, T_none),
	FIELD(struct mail, order_id, T_none),
	FIELD(struct mail, message_id, T_mail_message_id),
	FIELD(struct mail, hash, T_mail_hash),
	FIELD(struct mail, content_hash, T_none, .flags = F_HIDDEN),
	FIELD(struct mail, sender, T_mail_sender),
	FIELD(struct mail, sender_name, T_mail_sender),
	FIELD(struct mail, subject, T_mail_subject),
	FIELD(struct mail, state, T_mail_state),
	FIELD(struct mail, problem, T_mail_problem),
	FIELD(struct mail, sent_at, T_mail_sent_at),
	FIELD(struct mail, created_at, T_mail_created_at),
	FIELD(struct mail, flagged, T_mail_flagged),
	FIELD(struct mail, answered, T_mail_answered),
	FIELD(struct mail, number, T_mail_order),
	FIELD_END,
};

/* ---- the same mail once more ---- */

static const char *hex_of(struct ctx *c, const uint8_t hash[32])
{
	char *hex = arena_alloc(c->arena, 65);

	hex_encode(hex, hash, 32);
	return hex;
}

static void add(struct sha256 *s, const char *text)
{
	sha256_add(s, text != NULL ? text : "", text != NULL ? strlen(text) + 1 : 1);
}

/* What it says, without the way it took: the same mail by two ways has other Received lines. */
static const char *content_hash(struct ctx *c, const struct mail_parsed *p)
{
	struct sha256 s;
	uint8_t hash[32];

	sha256_start(&s);
	add(&s, p->from);
	add(&s, p->subject);
	add(&s, p->text);
	for (size_t i = 0; i < p->parts_len; i++)
		add(&s, p->parts[i].sha256);
	sha256_end(&s, hash);
	return hex_of(c, hash);
}

/* ---- which order it answers ---- */

/* "SO20261124-001" in the subject. */
static const char *number_in(struct ctx *c, const char *s)
{
	for (; s != NULL && (s = strstr(s, "SO2")) != NULL; s++) {
		size_t day = strspn(s + 2, "0123456789"), n = s[2 + day] == '-' ? strspn(s + 3 + day, "0123456789") : 0;

		if (day == 8 && n >= 3 && n <= 6)
			return arena_strndup(c->arena, s, 3 + day + n);
	}
	return NULL;
}

/* By what it answers, newest first; then by a number it names. in_reply_to becomes the mail of theirs that ours answered. */
static bool find_order(struct ctx *c, const struct mail_parsed *p, int64_t *order_id, const char **in_reply_to)
{
	const char *number = number_in(c, p->subject);

	*order_id = INT64_MIN;
	*in_reply_to = p->in_reply_to;
	for (size_t i = p->references_len + 1; i-- > 0 && *order_id == INT64_MIN;) {
		const char *id = i == p->references_len ? p->in_reply_to : p->references[i];
		struct notice_thread t;
		bool found = false;

		if (id != NULL && !notice_thread_of(c, id, &t, &found))
			return false;
		if (found && t.order_id != INT64_MIN)
			*order_id = t.order_id;
		if (found && t.in_reply_to != NULL)
			*in_reply_to = t.in_reply_to;
	}
	return *order_id != INT64_MIN || number == NULL || mail_order_numbered(c, number, order_id);
}

/* ---- handing it to the inbox ---- */

static const struct sheet *first_sheet(const struct mail_parsed *p, const char **name)
{
	for (size_t i = 0; i < p->parts_len; i++)
		if (p->parts[i].sheet != NULL) {
			*name = p->parts[i].name;
			return p->parts[i].sheet;
		}
	return NULL;
}

/* What of it could not be read stands beside it. */
static const char *problem_of(struct ctx *c, const struct mail_parsed *p)
{
	struct buf b;

	buf_init(&b, c->arena);
	if (p->problem != NULL)
		buf_str(&b, p->problem);
	for (size_t i = 0; i < p->parts_len; i++)
		if (p->parts[i].problem != NULL)
			buf_printf(&b, "%s%s: %s", b.len > 0 ? "; " : "",
				p->parts[i].name != NULL ? p->parts[i].name : "?", p->parts[i].problem);
	return b.len > 0 ? arena_strndup(c->arena, b.data, utf8_cut(b.data, b.len, 500)) : NULL;
}

/* A second table in the same mail is an entry of its own, or it would be overlooked. */
static bool more_sheets(struct ctx *c, const struct intake_raw *first, const struct mail_parsed *p)
{
	const char *name = NULL;
	const struct sheet *had = first_sheet(p, &name);

	for (size_t i = 0; i < p->parts_len; i++) {
		struct intake_raw raw = *first;
		int64_t id;
		bool existed;

		if (p->parts[i].sheet == NULL || p->parts[i].sheet == had)
			continue;
		raw.external_id = arena_printf(c->arena, "%s #%zu", first->external_id, i + 1);
		raw.text = p->parts[i].name != NULL ? p->parts[i].name : "-";
		raw.filename = p->parts[i].name;
		raw.bytes = (struct bytes){ NULL, 0 };
		raw.sheet = p->parts[i].sheet;
		if (!intake_receive(c, &raw, &id, &existed))
			return false;
	}
	return true;
}

static bool to_inbox(struct ctx *c, struct fetched *f, const char *external_id, int64_t order_id,
	const char *in_reply_to, int64_t *intake_id)
{
	const struct mail_parsed *p = &f->parsed;
	struct intake_raw raw = { .channel = "email",
		.external_id = external_id,
		.in_reply_to = in_reply_to,
		.sender = p->from,
		.sender_name = p->from_name,
		.received_at = instant_is(p->date) && p->date.us < c->now.us ? p->date : c->now,
		.subject = p->subject,
		.text = p->text != NULL ? p->text : "",
		.content_type = "message/rfc822",
		.bytes = f->raw,
		.customer_id = INT64_MIN,
		.order_id = order_id,
		.problem = problem_of(c, p) };
	bool existed;

	raw.sheet = first_sheet(p, &raw.filename);
	return intake_receive(c, &raw, intake_id, &existed) && more_sheets(c, &raw, p);
}

/* ---- and the answer ---- */

static bool is_english(const struct mail_parsed *p)
{
	for (const char *s = p->text != NULL ? p->text : ""; *s != '\0'; s++)
		if ((unsigned char)*s >= 0xe3)
			return false;
	return p->text != NULL;
}

/* What lay in the mailbox before it was ours was answered by somebody, or long ago. */
static bool is_old(const struct fetched *f)
{
	return instant_is(f->arrived) && instant_is(f->since) &&
	       f->arrived.us < f->since.us - f->since.us % SECOND_US; /* servers tell whole seconds */
}

static bool wants_answer(struct ctx *c, const struct fetched *f, bool *wants)
{
	const struct mail_parsed *p = &f->parsed;
	int64_t told;

	*wants = false;
	if (is_old(f) || p->automatic || p->from == NULL || strchr(p->from, '@') == NULL || p->message_id == NULL ||
		strcmp(setting_str(c, "mail.answer"), "1") != 0 ||
		strcasecmp(p->from, setting_str(c, "smtp.from")) == 0)
		return true;
	if (!mail_answers_since(c, p->from, (struct instant){ c->now.us - DAY_US }, &told))
		return false;
	*wants = told < ANSWERS_A_DAY;
	return true;
}

static bool answer(struct ctx *c, const struct mail_parsed *p, int64_t event_id, int64_t intake_id, int64_t order_id)
{
	enum lang lang = is_english(p) ? LANG_EN : LANG_ZH;
	const char *subject = p->subject != NULL ? p->subject : "";
	const char *const args[] = { arena_printf(c->arena, "%" PRId64, intake_id), setting_str(c, "company.name"),
		setting_str(c, "company.phone"), NULL };
	struct notice_letter l = { .event_id = event_id,
		.about = "mail_received",
		.to = p->from,
		.subject = strncasecmp(subject, "re:", 3) == 0 ? subject : arena_printf(c->arena, "Re: %s", subject),
		.body = text_fill(c->arena, lang, T_mail_answer_body, args),
		.in_reply_to = p->message_id,
		.order_id = order_id,
		.customer_id = INT64_MIN };

	return notice_letter(c, &l);
}

/* ---- keeping ---- */

static bool received(struct ctx *c, const struct fetched *f, int64_t id, int64_t order_id, int64_t *event_id)
{
	struct event ev = { .kind = "mail.received", .entity = "mail", .entity_id = id, .to = f->state };
	struct buf b;
	struct json j;

	buf_init(&b, c->arena);
	json_start(&j, &b);
	json_obj(&j, NULL);
	json_str(&j, "recipient", f->parsed.from);
	json_str(&j, "hash", f->hash);
	json_end_obj(&j);
	ev.data = buf_cstr(&b);
	ev.order_id = order_id != INT64_MIN ? order_id : 0;
	if (!event_add(c, &ev))
		return false;
	*event_id = ev.id;
	return true;
}

/* A number that was used for something else is no number: the inbox takes one only once. */
static bool external_of(struct ctx *c, const struct fetched *f, const char **out)
{
	const struct mail_parsed *p = &f->parsed;
	int64_t used;

	*out = p->message_id;
	if (p->message_id == NULL) {
		*out = arena_printf(c->arena, "sha256:%s", f->hash);
		return true;
	}
	if (!mail_same_number(c, p->message_id, &used))
		return false;
	if (used > 0)
		*out = arena_printf(c->arena, "%s %.16s", p->message_id, f->content_hash);
	return true;
}

static bool keep_new(
	struct ctx *c, struct fetched *f, int64_t id, int64_t *intake_id, int64_t *order_id, bool *answered)
{
	const char *external, *in_reply_to;
	int64_t event_id;

	f->state = f->aside || f->parsed.problem != NULL ? "set_aside" : "kept";
	return external_of(c, f, &external) && find_order(c, &f->parsed, order_id, &in_reply_to) &&
	       to_inbox(c, f, external, *order_id, in_reply_to, intake_id) &&
	       received(c, f, id, *order_id, &event_id) && wants_answer(c, f, answered) &&
	       (!*answered || answer(c, &f->parsed, event_id, *intake_id, *order_id));
}

bool mail_keep(struct ctx *c, void *arg)
{
	struct fetched *f = arg;
	const struct mail_parsed *p = &f->parsed;
	int64_t id, here, intake_id, order_id = INT64_MIN, made;
	bool answered = false;

	f->hash = sha256_hex(c->arena, f->raw.data, f->raw.len);
	f->content_hash = content_hash(c, p);
	if (!mail_is_here(c, f->box, f->uidvalidity, f->uid, &here))
		return false;
	if (here > 0)
		return mail_box_read(c, f->box, f->uidvalidity, f->uid);
	if (!id_new(c, &id) || !mail_same(c, p->message_id, f->content_hash, f->hash, &intake_id))
		return false;
	f->state = "duplicate";
	if (intake_id == INT64_MIN && !keep_new(c, f, id, &intake_id, &order_id, &answered))
		return false;
	return mail_insert(c, id, f->box, f->uidvalidity, f->uid, p->message_id, f->hash, f->content_hash, f->size,
		       p->from, p->from_name, p->subject, p->date, f->state, problem_of(c, p), intake_id, order_id,
		       answered, f->lost, c->now, &made) &&
	       mail_box_read(c, f->box, f->uidvalidity, f->uid);
}

/* ---- verify, module ---- */

static bool check_kept(struct ctx *c, int64_t *counted, int64_t *broken, const char **first)
{
	struct mail *rows;
	size_t len;

	if (!mail_check_kept(c, &rows, &len) || !mail_count_all(c, counted))
		return false;
	*broken = (int64_t)len;
	if (len > 0)
		*first = arena_printf(c->arena, "mail %" PRId64 " is not in the inbox", rows[0].uid);
	return true;
}

static const struct check checks[] = {
	{ 9, "mails stand in the inbox", check_kept },
	{ 0, NULL, NULL },
};

extern const struct route mail_routes[];

static bool forget_person(struct ctx *c, const struct event *e)
{
	return mail_forget(c, e->entity_id);
}

static const struct listen listens[] = {
	{ "customer.erased", forget_person },
	{ NULL, NULL },
};

const struct module mail_module = {
	.name = "mail",
	.routes = mail_routes,
	.listens = listens,
	.checks = checks,
	.chores = mail_chores,
};
