/* notice_send: the four ways out, and what their answers mean. */
#include "mod/notice/notice_int.h"

#include "app/outside.h"
#include "app/webhook.h"
#include "base/utf8.h"
#include "gen/notice_sql.h"
#include "mod/task/task.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#define LINE_64 76 /* characters of base64 in a line of a mail */

const struct field notice_endpoint_fields[] = {
	FIELD(struct notice_endpoint, id, T_none),
	FIELD(struct notice_endpoint, version, T_none),
	FIELD(struct notice_endpoint, customer_id, T_none),
	FIELD(struct notice_endpoint, channel, T_notice_channel),
	FIELD(struct notice_endpoint, url, T_notice_url),
	FIELD(struct notice_endpoint, secret, T_none, .flags = F_HIDDEN),
	FIELD(struct notice_endpoint, old_secret, T_none, .flags = F_HIDDEN),
	FIELD(struct notice_endpoint, old_until, T_none, .flags = F_HIDDEN),
	FIELD(struct notice_endpoint, active, T_notice_active),
	FIELD(struct notice_endpoint, why, T_notice_why),
	FIELD(struct notice_endpoint, created_at, T_notice_created_at),
	FIELD(struct notice_endpoint, disabled_at, T_notice_disabled_at),
	FIELD(struct notice_endpoint, customer, T_none),
	FIELD_END,
};

const struct field notice_try_fields[] = {
	FIELD(struct notice_try, notice_id, T_none, .flags = F_HIDDEN),
	FIELD(struct notice_try, n, T_notice_try_n),
	FIELD(struct notice_try, at, T_notice_try_at),
	FIELD(struct notice_try, went, T_notice_went),
	FIELD(struct notice_try, answer, T_notice_answer),
	FIELD_END,
};

/* All that carrying needs, read in the transaction that claimed the row. */
struct parcel {
	struct notice n;
	struct notice_endpoint e;
	const char *allow, *url, *user, *secret, *from, *from_name, *sms_body, *sms_header, *sms_answer;
};

/* ---- a mail ---- */

static void put_base64(struct buf *b, const char *data, size_t len, size_t line)
{
	size_t room = sodium_base64_ENCODED_LEN(len, sodium_base64_VARIANT_ORIGINAL);
	char *out = arena_alloc(b->arena, room);

	sodium_bin2base64(out, room, (const unsigned char *)data, len, sodium_base64_VARIANT_ORIGINAL);
	for (size_t n = strlen(out); n > 0;) {
		size_t part = n < line ? n : line;

		buf_add(b, out, part);
		out += part;
		n -= part;
		if (n > 0)
			buf_str(b, "\r\n");
	}
}

/* RFC 2047: words of at most 75 characters, cut between characters. */
static void put_words(struct buf *b, const char *s)
{
	bool plain = true;

	for (const char *p = s; *p != '\0'; p++)
		plain = plain && *p >= ' ' && *p < 0x7f && *p != '=' && *p != '"' && *p != '<';
	if (plain) {
		buf_str(b, s);
		return;
	}
	for (bool first = true; *s != '\0'; first = false) {
		size_t len = utf8_cut(s, strlen(s), 42);

		buf_str(b, first ? "=?UTF-8?B?" : "\r\n =?UTF-8?B?");
		put_base64(b, s, len, SIZE_MAX);
		buf_str(b, "?=");
		s += len;
	}
}

static void put_date_line(struct buf *b, struct instant t)
{
	static const char days[] = "SunMonTueWedThuFriSat", months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	struct date d = date_of(t, 0);
	int64_t s = t.us / SECOND_US % 86400;
	int y, m, day;

	date_ymd(d, &y, &m, &day);
	buf_printf(b, "Date: %.3s, %02d %.3s %04d %02d:%02d:%02d +0000\r\n", &days[3 * date_weekday(d)], day,
		&months[3 * (m - 1)], y, (int)(s / 3600), (int)(s / 60 % 60), (int)(s % 60));
}

const char *notice_mail_text(struct ctx *c, const struct notice_mail *m)
{
	struct buf b;

	buf_init(&b, c->arena);
	put_date_line(&b, m->at);
	buf_str(&b, "From: ");
	put_words(&b, m->from_name);
	buf_printf(&b, " <%s>\r\nTo: <%s>\r\nSubject: ", m->from, m->to);
	put_words(&b, m->subject);
	buf_printf(&b, "\r\nMessage-ID: <%s>\r\n", m->message_id);
	if (m->in_reply_to != NULL)
		buf_printf(&b, "In-Reply-To: <%s>\r\nReferences: <%s>\r\n", m->in_reply_to, m->in_reply_to);
	buf_str(&b, "Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
		    "Content-Transfer-Encoding: base64\r\n\r\n");
	put_base64(&b, m->body, strlen(m->body), LINE_64);
	buf_str(&b, "\r\n");
	return buf_cstr(&b);
}

/* ---- loading ---- */

static bool parcel_load(struct ctx *c, const struct outbox_row *row, void **load)
{
	struct parcel *p = ARENA_NEW(c->arena, struct parcel);

	*load = NULL;
	if (!notice_one(c, strtoll(row->payload, NULL, 10), &p->n))
		return false;
	if (p->n.endpoint_id != INT64_MIN && !notice_endpoint_get(c, p->n.endpoint_id, &p->e))
		return false;
	p->allow = setting_str(c, "outside.allow");
	*load = p;
	return true;
}

static bool mail_load(struct ctx *c, const struct outbox_row *row, void **load)
{
	struct parcel *p;

	if (!parcel_load(c, row, load))
		return false;
	p = *load;
	p->url = setting_str(c, "smtp.url");
	p->user = setting_str(c, "smtp.user");
	p->secret = setting_str(c, "smtp.secret");
	p->from = setting_str(c, "smtp.from");
	p->from_name = setting_str(c, "company.name");
	return true;
}

static bool sms_load(struct ctx *c, const struct outbox_row *row, void **load)
{
	struct parcel *p;

	if (!parcel_load(c, row, load))
		return false;
	p = *load;
	p->url = setting_str(c, "sms.url");
	p->secret = setting_str(c, "sms.secret");
	p->sms_body = setting_str(c, "sms.body");
	p->sms_header = setting_str(c, "sms.header");
	p->sms_answer = setting_str(c, "sms.answer");
	return true;
}

/* ---- carrying ---- */

static const char *said(struct ctx *c, const struct outside *o)
{
	if (o->error != NULL)
		return o->error;
	return arena_printf(c->arena, "%ld %.*s", o->status, (int)utf8_cut(o->body, strlen(o->body), 160), o->body);
}

static void carry_mail(struct ctx *c, const struct outbox_row *row, const void *load, struct sent_how *how)
{
	const struct parcel *p = load;
	struct notice_mail m = { .from = p->from,
		.from_name = p->from_name,
		.to = p->n.recipient,
		.subject = p->n.subject,
		.body = p->n.body,
		.message_id = p->n.message_id,
		.in_reply_to = p->n.in_reply_to,
		.at = p->n.created_at };
	const char *text = notice_mail_text(c, &m);
	struct outside_mail post = { .url = p->url,
		.user = p->user,
		.secret = p->secret,
		.from = p->from,
		.to = m.to,
		.message = { (const uint8_t *)text, strlen(text) } };
	struct outside o;

	(void)row;
	outside_mail(c, &post, &o);
	how->answer = said(c, &o);
	how->sent = o.error == NULL ? SENT_YES : SENT_LATER;
	/* This address will not take it; a password that is wrong can be put right. */
	if (o.error != NULL && o.status >= 550 && o.status <= 559)
		how->sent = SENT_NEVER;
}

static void judge_http(struct ctx *c, const struct outside *o, struct sent_how *how)
{
	how->answer = said(c, o);
	how->wait_s = o->wait_s;
	how->sent = o->refused                                                ? SENT_NEVER
		    : o->error == NULL && o->status >= 200 && o->status < 300 ? SENT_YES
		    : o->status == 410                                        ? SENT_NEVER
									      : SENT_LATER;
}

static void carry_webhook(struct ctx *c, const struct outbox_row *row, const void *load, struct sent_how *how)
{
	const struct parcel *p = load;
	const char *id = arena_printf(c->arena, "msg_%" PRId64, row->id);
	const char *at = arena_printf(c->arena, "%" PRId64, c->now.us / SECOND_US);
	struct bytes body = { (const uint8_t *)p->n.body, strlen(p->n.body) };
	const char *signature = webhook_sign(c, p->e.secret, id, at, body);
	struct outside o;

	if (p->e.old_secret != NULL && p->e.old_until.us > c->now.us)
		signature = arena_printf(c->arena, "%s %s", signature, webhook_sign(c, p->e.old_secret, id, at, body));
	const char *heads[] = { arena_printf(c->arena, "webhook-id: %s", id),
		arena_printf(c->arena, "webhook-timestamp: %s", at),
		arena_printf(c->arena, "webhook-signature: %s", signature), NULL };
	struct outside_post post = {
		.url = p->e.url, .content_type = "application/json", .headers = heads, .body = body, .allow = p->allow
	};
	outside_post(c, &post, &o);
	judge_http(c, &o, how);
}

/* Both platforms answer 200 and say in the JSON that it failed. */
static void carry_wecom(struct ctx *c, const struct outbox_row *row, const void *load, struct sent_how *how)
{
	const struct parcel *p = load;
	struct outside o;
	struct buf b;
	struct json j;

	(void)row;
	buf_init(&b, c->arena);
	json_start(&j, &b);
	json_obj(&j, NULL);
	json_str(&j, "msgtype", "text");
	json_obj(&j, "text");
	json_str(&j, "content", p->n.body);
	json_end_obj(&j);
	json_end_obj(&j);
	struct outside_post post = { .url = p->e.url,
		.content_type = "application/json",
		.body = { (const uint8_t *)buf_cstr(&b), b.len },
		.allow = p->allow };
	outside_post(c, &post, &o);
	judge_http(c, &o, how);
	json_t *answer = json_loads(o.body, 0, NULL);
	if (how->sent == SENT_YES && json_integer_value(json_object_get(answer, "errcode")) != 0)
		how->sent = SENT_LATER;
	json_decref(answer);
}

/* A value inside a JSON string: without the quotes json_str would put around it. */
static const char *inside_string(struct ctx *c, const char *s)
{
	struct buf b;
	struct json j;

	buf_init(&b, c->arena);
	json_start(&j, &b);
	json_str(&j, NULL, s);
	return arena_strndup(c->arena, b.data + 1, b.len - 2);
}

static const char *sms_fill(
	struct ctx *c, const char *template, const struct outbox_row *row, const struct parcel *p, bool json)
{
	const char *id = arena_printf(c->arena, "%" PRId64, row->id);
	const char *const names[] = { "{phone}", "{text}", "{secret}", "{id}" };
	const char *values[] = { p->n.recipient, p->n.body, p->secret, id };
	struct buf b;

	buf_init(&b, c->arena);
	for (const char *s = template; *s != '\0';) {
		size_t i = 0;

		while (i < ARRAY_LEN(names) && strncmp(s, names[i], strlen(names[i])) != 0)
			i++;
		if (i == ARRAY_LEN(names)) {
			buf_char(&b, *s++);
			continue;
		}
		buf_str(&b, json ? inside_string(c, values[i]) : values[i]);
		s += strlen(names[i]);
	}
	return buf_cstr(&b);
}

static void carry_sms(struct ctx *c, const struct outbox_row *row, const void *load, struct sent_how *how)
{
	const struct parcel *p = load;
	const char *body = sms_fill(c, p->sms_body, row, p, true);
	const char *heads[] = { *p->sms_header != '\0' ? sms_fill(c, p->sms_header, row, p, false) : NULL, NULL };
	struct outside_post post = { .url = p->url,
		.content_type = "application/json",
		.headers = heads,
		.body = { (const uint8_t *)body, strlen(body) },
		.allow = p->allow };
	struct outside o;

	outside_post(c, &post, &o);
	judge_http(c, &o, how);
	if (how->sent == SENT_YES && *p->sms_answer != '\0' && strstr(o.body, p->sms_answer) == NULL)
		how->sent = SENT_LATER;
}

/* ---- noting what came of it ---- */

/* A customer's server that says it is gone, or that did not answer for days, is asked no more. */
static bool endpoint_close(struct ctx *c, const struct parcel *p, const struct outbox_row *row, const char *why)
{
	struct event ev = {
		.kind = "notice.endpoint_closed", .entity = "notice_endpoint", .entity_id = p->e.id, .to = "closed"
	};

	if (!p->e.active)
		return true;
	return notice_endpoint_state(c, p->e.id, false, why, c->now) && notice_endpoint_over(c, p->e.id, why, c->now) &&
	       outbox_drop(c, row->kind, row->recipient, why) && event_add(c, &ev);
}

static const char *told_json(struct ctx *c, const struct notice *n, const char *answer)
{
	struct buf b;
	struct json j;

	buf_init(&b, c->arena);
	json_start(&j, &b);
	json_obj(&j, NULL);
	json_str(&j, "about", n->about);
	json_str(&j, "by", n->channel);
	json_str(&j, "recipient", n->recipient);
	if (answer != NULL)
		json_str(&j, "reason", answer);
	json_end_obj(&j);
	return buf_cstr(&b);
}

/* Given up, but not in silence: a clerk has to tell the customer some other way. */
static bool clerk_told(struct ctx *c, const struct notice *n, const char *answer)
{
	struct task t = { .kind = "notice_failed",
		.role = "clerk",
		.order_id = n->order_id,
		.entity = "notice",
		.entity_id = n->id,
		.data = told_json(c, n, answer),
		.due_at = { c->now.us + setting_int(c, "target.shortage_minutes") * MINUTE_US },
		.assigned_to = INT64_MIN };

	return task_open(c, &t, NULL);
}

static bool parcel_settle(struct ctx *c, const struct outbox_row *row, const void *load, const struct sent_how *how)
{
	const struct parcel *p = load;
	const struct notice *n = &p->n;
	bool went = how->sent == SENT_YES, over = went || how->last;
	struct event ev = { .kind = went ? "notice.sent" : "notice.failed",
		.entity = "notice",
		.entity_id = n->id,
		.order_id = n->order_id != INT64_MIN ? n->order_id : 0,
		.data = told_json(c, n, went ? NULL : how->answer) };

	if (!notice_try_insert(c, n->id, row->attempts, c->now, went, how->answer) ||
		!notice_tried(c, n->id, row->attempts,
			went   ? "sent"
			: over ? "failed"
			       : "waiting",
			how->answer, over ? c->now : INSTANT_NONE))
		return false;
	if (over && (!event_add(c, &ev) || (!went && !clerk_told(c, n, how->answer))))
		return false;
	return went || !how->last || n->endpoint_id == INT64_MIN || endpoint_close(c, p, row, how->answer);
}

const struct courier notice_couriers[] = {
	{ .kind = "notice", .threads = 1, .load = notice_fan_load },
	{ .kind = "email", .threads = 2, .load = mail_load, .carry = carry_mail, .settle = parcel_settle },
	{ .kind = "webhook", .threads = 4, .load = parcel_load, .carry = carry_webhook, .settle = parcel_settle },
	{ .kind = "wecom", .threads = 1, .load = parcel_load, .carry = carry_wecom, .settle = parcel_settle },
	{ .kind = "sms", .threads = 1, .load = sms_load, .carry = carry_sms, .settle = parcel_settle },
	{ .kind = NULL },
};
