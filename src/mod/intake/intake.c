/* intake: keeping what comes in, once. Reading it is in intake_read.c, what becomes of it in intake_life.c. */
#include "mod/intake/intake_int.h"

#include "app/pinyin.h"
#include "base/sha256.h"
#include "base/utf8.h"
#include "gen/intake_sql.h"

#include <inttypes.h>
#include <string.h>

#define TEXT_MAX 200000 /* bytes of text that are read and shown; the bytes as they came are kept whole */

const char *const intake_state_names[] = { "new", "proposed", "waiting", "ordered", "merged", "not_an_order", NULL };
const char *const line_state_names[] = { "accepted", "look", "nothing", "taken", "dropped", "noted", "declined", NULL };

const struct field intake_fields[] = {
	FIELD(struct intake, id, T_none),
	FIELD(struct intake, version, T_none),
	FIELD(struct intake, channel, T_order_channel),
	FIELD(struct intake, external_id, T_order_external_id),
	FIELD(struct intake, once, T_none),
	FIELD(struct intake, sender, T_intake_sender),
	FIELD(struct intake, sender_name, T_intake_sender_name),
	FIELD(struct intake, subject, T_intake_subject),
	FIELD(struct intake, in_reply_to, T_none),
	FIELD(struct intake, content_type, T_none),
	FIELD(struct intake, filename, T_intake_filename),
	FIELD(struct intake, hash, T_none),
	FIELD(struct intake, text, T_intake_text),
	FIELD(struct intake, problem, T_intake_problem),
	FIELD(struct intake, columns, T_intake_columns),
	FIELD(struct intake, customer_id, T_none),
	FIELD(struct intake, intent, T_intake_intent),
	FIELD(struct intake, delivery_date, T_order_delivery_date),
	FIELD(struct intake, address, T_order_address),
	FIELD(struct intake, remarks, T_order_remarks),
	FIELD_ENUM(struct intake, state, T_intake_state, intake_state_names),
	FIELD(struct intake, worker_id, T_none),
	FIELD(struct intake, worker_at, T_none),
	FIELD(struct intake, kept_reason, T_intake_kept),
	FIELD(struct intake, order_id, T_none),
	FIELD(struct intake, reason, T_intake_reason),
	FIELD(struct intake, received_at, T_intake_received_at),
	FIELD(struct intake, created_by, T_none),
	FIELD(struct intake, created_at, T_none),
	FIELD(struct intake, decided_by, T_none),
	FIELD(struct intake, decided_at, T_none),
	FIELD_END,
};

const struct field intake_line_fields[] = {
	FIELD(struct intake_line, intake_id, T_none, .flags = F_HIDDEN),
	FIELD(struct intake_line, line, T_order_line_no),
	FIELD(struct intake_line, raw, T_intake_raw),
	FIELD_AS(struct intake_line, start_at, "start_at", T_none),
	FIELD_AS(struct intake_line, end_at, "end_at", T_none),
	FIELD(struct intake_line, op, T_intake_op),
	FIELD(struct intake_line, sku, T_order_line_sku),
	FIELD(struct intake_line, called, T_intake_called),
	FIELD(struct intake_line, quantity, T_order_line_quantity),
	FIELD(struct intake_line, unit, T_order_line_unit),
	FIELD(struct intake_line, price, T_order_line_price),
	FIELD(struct intake_line, price_unit, T_order_line_price_unit),
	FIELD(struct intake_line, price_taken, T_intake_price_taken),
	FIELD(struct intake_line, remarks, T_order_line_remarks),
	FIELD(struct intake_line, confidence, T_intake_confidence),
	FIELD(struct intake_line, why, T_intake_why),
	FIELD_ENUM(struct intake_line, state, T_intake_line_state, line_state_names),
	FIELD_JSON(struct intake_line, candidates, T_intake_candidates),
	FIELD(struct intake_line, place, T_intake_place),
	FIELD(struct intake_line, customer, T_order_customer),
	FIELD(struct intake_line, delivery_date, T_order_delivery_date),
	FIELD_END,
};

bool intake_get(struct ctx *c, int64_t id, struct intake_full *out)
{
	return intake_lock(c, id, &out->in) && intake_line_list(c, id, &out->lines, &out->lines_len);
}

bool intake_store(struct ctx *c, struct intake *in)
{
	int64_t changed;

	if (!intake_save(c, in->id, in->version, in->problem, in->columns, in->customer_id, in->intent,
		    in->delivery_date, in->address, in->remarks, intake_state_names[in->state], in->worker_id,
		    in->worker_at, in->kept_reason, in->order_id, in->reason, in->decided_by, in->decided_at, &changed))
		return false;
	if (changed != 1)
		return fail(c, E_VERSION, T_intake_changed);
	in->version++;
	return true;
}

/* ---- the same thing once more ---- */

static const char *hash_of(struct ctx *c, const struct intake_raw *raw)
{
	if (raw->bytes.len > 0)
		return sha256_hex(c->arena, raw->bytes.data, raw->bytes.len);
	return sha256_hex(c->arena, raw->text, strlen(raw->text));
}

/* Without a number of its own a thing is known by its words, its sender and its day: 照旧 tomorrow is another order. */
static const char *once_of(struct ctx *c, const struct intake_raw *raw, const char *hash, struct instant at)
{
	if (raw->external_id != NULL || raw->again)
		return NULL;
	return arena_printf(c->arena, "%s %s %s %s", raw->channel, raw->sender != NULL ? raw->sender : "",
		date_str(c->arena, date_of(at, zone_s(c))), hash);
}

static bool known(struct ctx *c, const struct intake_raw *raw, const char *once, int64_t *id)
{
	*id = INT64_MIN;
	if (raw->external_id != NULL)
		return intake_by_external(c, raw->channel, raw->external_id, id);
	return once == NULL || intake_by_once(c, once, id);
}

/* ---- whose it is ---- */

static const char *digits_of(struct ctx *c, const char *s)
{
	char *to = arena_strdup(c->arena, s), *out = to;

	for (; *s != '\0'; s++)
		if (*s >= '0' && *s <= '9')
			*to++ = *s;
	*to = '\0';
	return out;
}

bool intake_sender_customer(struct ctx *c, const char *sender, int64_t *customer_id)
{
	const char *key, *digits;

	*customer_id = INT64_MIN;
	if (sender == NULL || strlen(sender) < 3)
		return true;
	key = name_fold(c->arena, sender);
	digits = digits_of(c, sender);
	if (*key != '\0' && !intake_customer_by_key(c, key, customer_id))
		return false;
	/* +86 199 0000 1042: the last eleven digits are a mobile's number. */
	if (*customer_id == INT64_MIN && strchr(sender, '@') == NULL && strlen(digits) >= 7) {
		if (strlen(digits) > 11)
			digits += strlen(digits) - 11;
		return intake_customer_by_key(c, digits, customer_id);
	}
	return true;
}

static bool whose(struct ctx *c, const struct intake_raw *raw, struct intake *in)
{
	if (raw->customer_id > 0) {
		in->customer_id = raw->customer_id;
		return true;
	}
	if (!intake_sender_customer(c, raw->sender, &in->customer_id))
		return false;
	return in->customer_id != INT64_MIN || intake_sender_customer(c, raw->sender_name, &in->customer_id);
}

/* ---- keeping it ---- */

/* Too long for anybody to read: cut where a line ends, or half a number would be read as a whole one. It says so. */
static void keep_text(struct ctx *c, const char *text, struct intake *in)
{
	size_t len = strlen(text), kept = utf8_cut(text, len, TEXT_MAX);
	const char *line = kept < len ? memrchr(text, '\n', kept) : NULL;

	if (line != NULL)
		kept = (size_t)(line - text) + 1;
	in->text = kept < len ? arena_strndup(c->arena, text, kept) : text;
	if (kept < len && in->problem == NULL)
		in->problem = text_fill(c->arena, c->lang, T_intake_text_cut,
			(const char *const[]){ arena_printf(c->arena, "%zu", (len + 999) / 1000),
				arena_printf(c->arena, "%zu", kept / 1000), NULL });
}

static void fill(struct ctx *c, const struct intake_raw *raw, struct intake *in)
{
	in->channel = raw->channel;
	in->external_id = raw->external_id;
	in->sender = raw->sender;
	in->sender_name = raw->sender_name;
	in->subject = raw->subject;
	in->in_reply_to = raw->in_reply_to;
	in->content_type = raw->content_type != NULL ? raw->content_type : "text/plain";
	in->filename = raw->filename;
	in->problem = raw->problem;
	keep_text(c, raw->text != NULL ? raw->text : "", in);
	in->order_id = raw->order_id > 0 ? raw->order_id : INT64_MIN;
	if (raw->delivery_date.day > 0)
		in->delivery_date = raw->delivery_date;
	in->address = raw->address;
	in->remarks = raw->remarks;
	in->kept_reason = raw->kept_reason;
	in->state = IN_NEW;
	in->version = 1;
	in->received_at = raw->received_at.us > 0 ? raw->received_at : c->now;
	in->created_by = c->actor->id;
	in->created_at = c->now;
}

static bool received_event(struct ctx *c, const struct intake *in)
{
	struct event e = { .kind = "intake.received", .entity = "intake", .entity_id = in->id, .to = "new" };
	struct buf b;
	struct json j;

	buf_init(&b, c->arena);
	json_start(&j, &b);
	json_obj(&j, NULL);
	json_str(&j, "channel", in->channel);
	json_str(&j, "sender", in->sender);
	json_str(&j, "hash", in->hash);
	json_end_obj(&j);
	e.data = buf_cstr(&b);
	return event_add(c, &e);
}

/* The answer to something goes to where that went: mails by Message-ID. */
static bool answers(struct ctx *c, struct intake *in)
{
	int64_t before = INT64_MIN;
	struct intake_full f;

	if (in->in_reply_to == NULL || in->order_id != INT64_MIN)
		return true;
	if (!intake_by_external(c, in->channel, in->in_reply_to, &before) || before == INT64_MIN)
		return ok(c);
	if (!intake_get(c, before, &f))
		return false;
	in->order_id = f.in.order_id;
	if (in->customer_id == INT64_MIN)
		in->customer_id = f.in.customer_id;
	return true;
}

/* What cannot be read is kept all the same, and says why. */
static bool proposed(struct ctx *c, const struct intake_raw *raw, struct intake_full *f)
{
	return raw->problem != NULL || intake_propose(c, f, raw->sheet);
}

static bool read_now(struct ctx *c, struct intake_full *f)
{
	return intake_line_put(c, f->lines, f->lines_len) && intake_move(c, f, IE_READ, INT64_MIN, NULL);
}

static bool look(struct ctx *c, const struct intake_raw *raw, struct intake_full *f)
{
	return whose(c, raw, &f->in) && answers(c, &f->in) && proposed(c, raw, f);
}

static void start(struct ctx *c, const struct intake_raw *raw, struct intake *in)
{
	must(raw->text != NULL || raw->bytes.len > 0);
	fields_clear(intake_fields, in);
	fill(c, raw, in);
	in->hash = hash_of(c, raw);
	in->once = once_of(c, raw, in->hash, in->received_at);
}

bool intake_look(struct ctx *c, struct intake_raw *raw)
{
	struct intake_full *f = ARENA_NEW(c->arena, struct intake_full);
	int64_t id;

	start(c, raw, &f->in);
	if (!known(c, raw, f->in.once, &id) || (id == INT64_MIN && !look(c, raw, f)))
		return false;
	raw->seen = id == INT64_MIN ? f : NULL;
	return true;
}

static void number_lines(struct intake_full *f)
{
	for (size_t i = 0; i < f->lines_len; i++)
		f->lines[i].intake_id = f->in.id;
}

bool intake_receive(struct ctx *c, const struct intake_raw *raw, int64_t *id, bool *existed)
{
	struct intake_full f = { 0 };
	struct intake *in = &f.in;

	if (raw->seen != NULL)
		f = *raw->seen;
	else
		start(c, raw, in);
	if (!known(c, raw, in->once, id))
		return false;
	*existed = *id != INT64_MIN;
	if (*existed)
		return true;
	if ((raw->seen == NULL && !look(c, raw, &f)) || !id_new(c, &in->id) || !intake_insert(c, in, 1))
		return false;
	*id = in->id;
	number_lines(&f);
	if (raw->bytes.len > 0 && !intake_bytes_insert(c, in->id, raw->bytes))
		return false;
	return received_event(c, in) && (raw->problem != NULL || read_now(c, &f));
}

/* ---- documents that say exactly what they want ---- */

const char *intake_doc_text(struct ctx *c, const struct intake_doc *doc)
{
	struct buf b;

	buf_init(&b, c->arena);
	buf_str(&b, "货号\t品名\t数量\t单位\t单价\t备注\n");
	for (size_t i = 0; i < doc->lines_len; i++) {
		const struct intake_doc_line *l = &doc->lines[i];
		const char *cells[] = { l->sku, l->name, l->quantity, l->unit, l->price, l->remarks };
		for (size_t k = 0; k < ARRAY_LEN(cells); k++) {
			if (k > 0)
				buf_char(&b, '\t');
			for (const char *s = cells[k] != NULL ? cells[k] : ""; *s != '\0'; s++)
				buf_char(&b, (unsigned char)*s < ' ' ? ' ' : *s);
		}
		buf_char(&b, '\n');
	}
	return buf_cstr(&b);
}

/* All lines read, nothing open, nobody's order twice. */
static bool nothing_to_ask(struct ctx *c, const struct intake_full *f, size_t lines_len)
{
	struct ctx probe = *c;
	struct intake_twin *twins;
	size_t len;

	if (f->lines_len != lines_len || f->in.state != IN_PROPOSED || f->in.problem != NULL ||
		f->in.customer_id == INT64_MIN || !date_is(f->in.delivery_date) ||
		f->in.delivery_date.day < today(c).day)
		return false;
	if (!intake_settled(&probe, f))
		return false;
	return f->in.kept_reason != NULL || (intake_twins(&probe, f, &twins, &len) && len == 0);
}

static bool order_it(struct ctx *c, void *arg)
{
	struct intake_full *f = arg;
	struct order made;

	return intake_order(c, f, INT64_MIN, &made);
}

static bool waits(struct ctx *c, int64_t id, const char *why, struct intake_full *f)
{
	struct event ev = {
		.kind = "intake.not_ordered", .entity = "intake", .entity_id = id, .data = json_reason(c->arena, why)
	};

	if (!intake_get(c, id, f))
		return false;
	f->in.problem = text_fill(c->arena, c->lang, T_intake_not_made, (const char *const[]){ why, NULL });
	return intake_store(c, &f->in) && event_add(c, &ev);
}

/* A refusal of the rules is no refusal of the document: it is kept, says why, and waits in the inbox. */
static bool order_or_wait(struct ctx *c, struct intake_full *f, size_t lines_len)
{
	int64_t id = f->in.id;
	const char *why;

	if (!nothing_to_ask(c, f, lines_len) || attempt(c, order_it, f))
		return ok(c);
	if (err_retry(c->err.code) || c->err.code == E_NO_SPACE)
		return false;
	why = c->err.fields != NULL ? c->err.fields->detail : c->err.detail;
	c->err = (struct err){ 0 };
	return waits(c, id, why, f);
}

bool intake_look_doc(struct ctx *c, struct intake_raw *raw, const struct intake_doc *doc)
{
	raw->text = intake_doc_text(c, doc);
	return intake_look(c, raw);
}

bool intake_receive_doc(struct ctx *c, const struct intake_raw *raw, const struct intake_doc *doc, int64_t *id,
	int64_t *order_id, bool *existed)
{
	struct intake_raw with = *raw;
	struct intake_full f;

	with.text = intake_doc_text(c, doc);
	if (!intake_receive(c, &with, id, existed) || !intake_get(c, *id, &f))
		return false;
	if (!*existed && !order_or_wait(c, &f, doc->lines_len))
		return false;
	*order_id = f.in.order_id;
	return true;
}
