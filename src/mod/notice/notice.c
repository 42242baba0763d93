/* notice: from an event to the messages it makes. The request writes one row into the outbox, no more; who is told, where
 * and in which words is worked out by a worker, in a transaction of its own. */
#include "mod/notice/notice_view.h"

#include "base/rand.h"
#include "gen/notice_sql.h"
#include "mod/customer/customer.h"
#include "mod/link/link.h"
#include "mod/ship/ship.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

const char *const notice_abouts[] = { "confirm_request", "approved", "dispatched", "dispatch_undone", "delayed",
	"delivered", "shortage", "mail_received", NULL };
const char *const notice_channels[] = { "email", "webhook", "wecom", "sms", "none", NULL };

const struct field notice_fields[] = {
	FIELD(struct notice, id, T_none),
	FIELD(struct notice, event_id, T_none),
	FIELD(struct notice, about, T_notice_about),
	FIELD(struct notice, channel, T_notice_channel),
	FIELD(struct notice, customer_id, T_none),
	FIELD(struct notice, order_id, T_none),
	FIELD(struct notice, shipment_id, T_none),
	FIELD(struct notice, endpoint_id, T_none),
	FIELD(struct notice, recipient, T_notice_recipient),
	FIELD(struct notice, subject, T_notice_subject),
	FIELD(struct notice, body, T_notice_body),
	FIELD(struct notice, message_id, T_none),
	FIELD(struct notice, in_reply_to, T_none),
	FIELD(struct notice, state, T_notice_state),
	FIELD(struct notice, tries, T_notice_tries),
	FIELD(struct notice, answer, T_notice_answer),
	FIELD(struct notice, resend_of, T_none),
	FIELD(struct notice, created_at, T_notice_created_at),
	FIELD(struct notice, done_at, T_notice_done_at),
	FIELD_END,
};

const struct field notice_subject_fields[] = {
	FIELD(struct notice_subject, customer_id, T_none),
	FIELD(struct notice_subject, code, T_none),
	FIELD(struct notice_subject, customer, T_none),
	FIELD(struct notice_subject, contact, T_none),
	FIELD(struct notice_subject, email, T_none),
	FIELD(struct notice_subject, phone, T_none),
	FIELD(struct notice_subject, lang, T_none),
	FIELD(struct notice_subject, by_email, T_none),
	FIELD(struct notice_subject, by_webhook, T_none),
	FIELD(struct notice_subject, by_wecom, T_none),
	FIELD(struct notice_subject, by_sms, T_none),
	FIELD(struct notice_subject, order_id, T_none),
	FIELD(struct notice_subject, number, T_none),
	FIELD(struct notice_subject, decision, T_none),
	FIELD(struct notice_subject, address, T_none),
	FIELD(struct notice_subject, delivery_date, T_none),
	FIELD(struct notice_subject, total, T_none),
	FIELD(struct notice_subject, shipment_id, T_none),
	FIELD(struct notice_subject, shipment, T_none),
	FIELD(struct notice_subject, carrier, T_none),
	FIELD(struct notice_subject, tracking_number, T_none),
	FIELD(struct notice_subject, driver, T_none),
	FIELD(struct notice_subject, signer, T_none),
	FIELD(struct notice_subject, note, T_none),
	FIELD(struct notice_subject, promised_on, T_none),
	FIELD(struct notice_subject, event_at, T_none),
	FIELD(struct notice_subject, event_data, T_none),
	FIELD_END,
};

/* ---- what has to be told ---- */

bool notice_tell(struct ctx *c, const struct event *ev, const char *about, int64_t shipment_id)
{
	struct instant at = c->now;
	struct buf b;
	struct json j;

	buf_init(&b, c->arena);
	json_start(&j, &b);
	json_obj(&j, NULL);
	json_str(&j, "about", about);
	json_int(&j, "order", ev->order_id);
	json_int(&j, "shipment", shipment_id);
	json_end_obj(&j);
	/* Most orders are confirmed while the customer is still on the phone. */
	if (strcmp(about, "confirm_request") == 0)
		at.us += setting_int(c, "notice.confirm_wait_s") * SECOND_US;
	return outbox_add_at(
		c, "notice", ev->id, arena_printf(c->arena, "order:%" PRId64, ev->order_id), buf_cstr(&b), at);
}

static bool order_submitted(struct ctx *c, const struct event *e)
{
	return notice_tell(c, e, "confirm_request", INT64_MIN);
}

static bool order_approved(struct ctx *c, const struct event *e)
{
	return notice_tell(c, e, "approved", INT64_MIN);
}

static bool order_shared_short(struct ctx *c, const struct event *e)
{
	return notice_tell(c, e, "shortage", INT64_MIN);
}

static bool shipment_dispatched(struct ctx *c, const struct event *e)
{
	return notice_tell(c, e, "dispatched", e->entity_id);
}

static bool shipment_undone(struct ctx *c, const struct event *e)
{
	return notice_tell(c, e, "dispatch_undone", e->entity_id);
}

static bool shipment_late(struct ctx *c, const struct event *e)
{
	return notice_tell(c, e, "delayed", e->entity_id);
}

static bool shipment_received(struct ctx *c, const struct event *e)
{
	return notice_tell(c, e, "delivered", e->entity_id);
}

/* Of the carrier's many words only these concern the customer. */
static bool shipment_tracked(struct ctx *c, const struct event *e)
{
	const char *data = e->data != NULL ? e->data : "";

	if (strstr(data, "\"exception\"") != NULL)
		return shipment_late(c, e);
	return strstr(data, "\"delivered\"") == NULL || shipment_received(c, e);
}

/* ---- a person's facts are erased ---- */

static bool customer_erased(struct ctx *c, const struct event *e)
{
	struct outbox_row *rows;
	struct notice *all;
	size_t len;

	if (!notice_of_customer(c, e->entity_id, &all, &len))
		return false;
	rows = ARENA_ARRAY(c->arena, len, struct outbox_row);
	for (size_t i = 0; i < len; i++)
		rows[i] = (struct outbox_row){ .kind = all[i].channel,
			.event_id = all[i].event_id,
			.recipient = all[i].recipient,
			.payload = arena_printf(c->arena, "-%" PRId64, all[i].id) };
	return outbox_hide(c, rows, len) && notice_forget(c, e->entity_id, c->now) &&
	       notice_tries_forget(c, e->entity_id) && notice_endpoint_forget(c, e->entity_id, c->now);
}

static const struct listen listens[] = {
	{ "customer.erased", customer_erased },
	{ "order.submitted", order_submitted },
	{ "order.approved", order_approved },
	{ "order.shared_short", order_shared_short },
	{ "shipment.dispatched", shipment_dispatched },
	{ "shipment.undone", shipment_undone },
	{ "shipment.tracked", shipment_tracked },
	{ "shipment.late", shipment_late },
	{ "shipment.received", shipment_received },
	{ NULL, NULL },
};

/* ---- to whom, where, in which words ---- */

/* One event becoming messages. */
struct fan {
	const struct outbox_row *row;
	const char *about;
	struct notice_subject who;
	struct notice_values values;
	struct notice_words words;
	size_t made;
};

static const char *host_of(const char *address)
{
	const char *at = strrchr(address, '@');

	return at != NULL && at[1] != '\0' ? at + 1 : "localhost";
}

static const char *message_id_new(struct ctx *c, int64_t id)
{
	char word[17];

	rng_hex(c->rng, word, 8);
	return arena_printf(c->arena, "%" PRId64 ".%s@%s", id, word, host_of(setting_str(c, "smtp.from")));
}

/* "22:00-02:00" goes over midnight. */
static struct instant after_quiet(struct ctx *c)
{
	const char *s = setting_str(c, "notice.quiet"), *dash = strchr(s, '-');
	int from, to, now = (int)((c->now.us / MINUTE_US + zone_s(c) / 60) % (24 * 60));
	bool quiet;

	if (dash == NULL || !clock_parse(arena_strndup(c->arena, s, (size_t)(dash - s)), &from) ||
		!clock_parse(dash + 1, &to))
		return c->now;
	quiet = from <= to ? now >= from && now < to : now >= from || now < to;
	return quiet ? (struct instant){ c->now.us + (to - now + 24 * 60) % (24 * 60) * MINUTE_US } : c->now;
}

static bool put(struct ctx *c, struct notice *n, struct instant at)
{
	if (!id_new(c, &n->id))
		return false;
	n->created_at = c->now;
	n->done_at = INSTANT_NONE;
	if (strcmp(n->channel, "email") == 0)
		n->message_id = message_id_new(c, n->id);
	if (!notice_insert(c, n, 1))
		return false;
	return strcmp(n->channel, "none") == 0 ||
	       outbox_add_at(c, n->channel, n->event_id, n->recipient, arena_printf(c->arena, "%" PRId64, n->id), at);
}

static bool make(struct ctx *c, struct fan *f, enum channel ch, const char *to, int64_t endpoint, const char *body)
{
	struct notice n = { .event_id = f->row->event_id,
		.about = f->about,
		.channel = notice_channels[ch],
		.customer_id = f->who.customer_id,
		.order_id = f->who.order_id,
		.shipment_id = f->who.shipment_id,
		.endpoint_id = endpoint,
		.recipient = to,
		.subject = notice_fill(c, f->words.subject, &f->values),
		.body = body,
		.state = ch == CH_NONE ? "unsent" : "waiting",
		.resend_of = INT64_MIN };

	f->made++;
	return put(c, &n, ch == CH_SMS || ch == CH_WECOM ? after_quiet(c) : c->now);
}

/* What a customer's server gets: the facts, named as in our API. */
static const char *facts_json(struct ctx *c, const struct fan *f)
{
	const struct notice_subject *w = &f->who;
	struct buf b;
	struct json j;

	buf_init(&b, c->arena);
	json_start(&j, &b);
	json_obj(&j, NULL);
	json_str(&j, "type", arena_printf(c->arena, "order.%s", f->about));
	json_instant(&j, "timestamp", instant_is(w->event_at) ? w->event_at : c->now);
	json_obj(&j, "data");
	json_str(&j, "order", w->number);
	json_str(&j, "customer", w->code);
	json_date(&j, "delivery_date", w->delivery_date);
	json_money(&j, "total", w->total);
	if (w->event_data != NULL)
		json_str(&j, "change", notice_change(c, w));
	if (w->shipment != NULL) {
		json_str(&j, "shipment", w->shipment);
		json_str(&j, "carrier", w->carrier);
		json_str(&j, "tracking_number", w->tracking_number);
		json_str(&j, "driver", w->driver);
		json_date(&j, "promised_on", w->promised_on);
		json_str(&j, "signer", w->signer);
	}
	json_end_obj(&j);
	json_end_obj(&j);
	return buf_cstr(&b);
}

static bool to_endpoints(struct ctx *c, struct fan *f)
{
	struct notice_endpoint *e;
	size_t len;

	if (!notice_endpoints(c, f->who.customer_id, &e, &len))
		return false;
	for (size_t i = 0; i < len; i++) {
		bool hook = strcmp(e[i].channel, "webhook") == 0;
		const char *to = arena_printf(c->arena, "%s %" PRId64, e[i].channel, e[i].id);

		if (!e[i].active || !(hook ? f->who.by_webhook : f->who.by_wecom))
			continue;
		if (!make(c, f, hook ? CH_WEBHOOK : CH_WECOM, to, e[i].id,
			    hook ? facts_json(c, f) : notice_fill(c, f->words.body, &f->values)))
			return false;
	}
	return true;
}

/* The clerk has to see that a customer whose goods are on the way, late or turned back could not be told. */
static bool matters(const char *about)
{
	return strcmp(about, "confirm_request") != 0 && strcmp(about, "approved") != 0;
}

static bool fan_out(struct ctx *c, struct fan *f)
{
	const struct notice_subject *w = &f->who;

	if (!notice_words_of(c, f->about, w->lang, &f->words) || !notice_values_of(c, w, f->about, &f->values) ||
		!to_endpoints(c, f))
		return false;
	if (w->by_email && w->email != NULL && *setting_str(c, "smtp.url") != '\0' &&
		!make(c, f, CH_EMAIL, w->email, INT64_MIN, notice_fill(c, f->words.body, &f->values)))
		return false;
	if (w->by_sms && w->phone != NULL && *setting_str(c, "sms.url") != '\0' &&
		!make(c, f, CH_SMS, w->phone, INT64_MIN, notice_fill(c, f->words.brief, &f->values)))
		return false;
	return f->made > 0 || !matters(f->about) ||
	       make(c, f, CH_NONE, w->phone != NULL ? w->phone : w->code, INT64_MIN,
		       notice_fill(c, f->words.body, &f->values));
}

/* What has been overtaken: confirmed by now, or delivered once already, by the driver's word and by the signature. */
static bool is_over(struct ctx *c, const struct fan *f, bool *over)
{
	int64_t told = 0;

	*over = strcmp(f->about, "confirm_request") == 0 && strcmp(f->who.decision, "awaiting_confirmation") != 0;
	if (strcmp(f->about, "delivered") == 0 &&
		!notice_told(c, f->who.shipment_id, f->about, f->row->event_id, &told))
		return false;
	*over = *over || told > 0;
	return true;
}

bool notice_fan_load(struct ctx *c, const struct outbox_row *row, void **load)
{
	json_t *o = json_loads(row->payload, 0, NULL);
	const char *about = json_string_value(json_object_get(o, "about"));
	json_t *shipment = json_object_get(o, "shipment");
	struct fan f = { .row = row, .about = about != NULL ? arena_strdup(c->arena, about) : "" };
	int64_t order_id = json_integer_value(json_object_get(o, "order")),
		shipment_id = json_is_integer(shipment) ? json_integer_value(shipment) : INT64_MIN;
	bool over;

	*load = NULL;
	json_decref(o);
	if (!notice_about_known(f.about))
		return fail(c, E_UNKNOWN, T_notice_no_about, f.about);
	return notice_subject_get(c, order_id, shipment_id, row->event_id, &f.who) && is_over(c, &f, &over) &&
	       (over || fan_out(c, &f));
}

/* ---- letters of other modules ---- */

bool notice_letter(struct ctx *c, const struct notice_letter *l)
{
	struct notice n = { .event_id = l->event_id,
		.about = l->about,
		.channel = notice_channels[*setting_str(c, "smtp.url") != '\0' ? CH_EMAIL : CH_NONE],
		.customer_id = l->customer_id,
		.order_id = l->order_id,
		.shipment_id = INT64_MIN,
		.endpoint_id = INT64_MIN,
		.recipient = l->to,
		.subject = l->subject,
		.body = l->body,
		.in_reply_to = l->in_reply_to,
		.resend_of = INT64_MIN };

	n.state = strcmp(n.channel, "none") == 0 ? "unsent" : "waiting";
	return put(c, &n, c->now);
}

const struct field notice_thread_fields[] = {
	FIELD(struct notice_thread, order_id, T_none),
	FIELD(struct notice_thread, in_reply_to, T_none),
	FIELD_END,
};

bool notice_thread_of(struct ctx *c, const char *message_id, struct notice_thread *out, bool *found)
{
	return notice_by_message(c, message_id, out, found);
}

/* ---- verify ---- */

const struct field notice_broken_fields[] = {
	FIELD(struct notice_broken, n, T_none),
	FIELD(struct notice_broken, what, T_none),
	FIELD_END,
};

static bool check_outbox(struct ctx *c, int64_t *counted, int64_t *broken, const char **first)
{
	struct notice_broken *rows;
	size_t len;

	if (!notice_check_outbox(c, &rows, &len) || !notice_count_all(c, counted))
		return false;
	*broken = (int64_t)len;
	if (len > 0)
		*first = arena_printf(c->arena, "notice %" PRId64 " is %s", rows[0].n, rows[0].what);
	return true;
}

static const struct check checks[] = {
	{ 8, "notices are in the outbox as they say", check_outbox },
	{ 0, NULL, NULL },
};

static const struct menu menu[] = {
	{ T_notice_menu, "/notices", 70, RIGHT_notice },
	{ T_none, NULL, 0, RIGHT_none },
};

const struct module notice_module = {
	.name = "notice",
	.routes = notice_routes,
	.listens = listens,
	.menu = menu,
	.checks = checks,
	.couriers = notice_couriers,
};
