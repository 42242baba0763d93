/* ship_track: what the carrier tells on the way, and the customer's signature at the end. */
#include "mod/ship/ship_int.h"

#include "app/photo.h"
#include "gen/ship_sql.h"
#include "mod/customer/customer.h"
#include "mod/task/task.h"

const char *const track_names[] = { "picked_up", "in_transit", "out_for_delivery", "delivered", "exception", "refused",
	"returning", "returned", NULL };

const struct field track_fields[] = {
	FIELD_ENUM(struct track_in, state, T_ship_track_state, track_names, .flags = F_REQUIRED),
	FIELD(struct track_in, at, T_ship_track_at),
	FIELD(struct track_in, place, T_ship_track_place, .max = 100),
	FIELD(struct track_in, text, T_ship_track_text, .max = 300),
	FIELD_END,
};

static const struct field receipt_line_fields[] = {
	FIELD(struct receipt_line, line, T_ship_line, .flags = F_REQUIRED | F_POSITIVE, .max = 2000),
	FIELD(struct receipt_line, received, T_ship_received, .flags = F_UNSIGNED, .max = QTY_MAX),
	FIELD(struct receipt_line, refused, T_ship_refused, .flags = F_UNSIGNED, .max = QTY_MAX),
	FIELD_END,
};
const struct field receipt_fields[] = {
	FIELD(struct receipt_in, signer, T_ship_signer, .flags = F_REQUIRED, .max = 80),
	FIELD(struct receipt_in, at, T_ship_receipt_at),
	FIELD(struct receipt_in, note, T_ship_receipt_note, .max = 300),
	FIELD_LIST(struct receipt_in, lines, receipt_line_fields, T_ship_lines, .flags = F_REQUIRED, .max = 2000),
	FIELD_LIST(struct receipt_in, crates, crate_back_fields, T_crate_back_title, .max = 50),
	FIELD_END,
};

/* ---- on the way ---- */

/* Within the road the later word counts, so an exception can be over again; but nothing on the road undoes an
 * arrival. */
static int leg_of(enum track t)
{
	switch (t) {
	case TRACK_PICKED_UP: return 0;
	case TRACK_IN_TRANSIT:
	case TRACK_OUT:
	case TRACK_EXCEPTION: return 1;
	case TRACK_DELIVERED:
	case TRACK_REFUSED: return 2;
	case TRACK_RETURNING: return 3;
	case TRACK_RETURNED: return 4;
	}
	return 0;
}

/* Events come late and out of order; the state shown depends on which there are, not on the order they came
 * in. */
static bool goes_on(const struct shipment *s, enum track t, struct instant at)
{
	int had = s->track_state != NULL ? enum_find(track_names, s->track_state) : -1;

	if (had < 0 || leg_of(t) != leg_of((enum track)had))
		return had < 0 || leg_of(t) > leg_of((enum track)had);
	return at.us > s->track_at.us || (at.us == s->track_at.us && (int)t > had);
}

static struct instant due_today(struct ctx *c)
{
	return (struct instant){ c->now.us + setting_int(c, "target.shortage_minutes") * MINUTE_US };
}

static bool open_task(struct ctx *c, const struct shipment *s, const char *kind, const char *role, const char *note)
{
	struct task t = { .kind = kind,
		.role = role,
		.order_id = s->order_id,
		.entity = "shipment",
		.entity_id = s->id,
		.due_at = due_today(c),
		.assigned_to = INT64_MIN,
		.done_by = INT64_MIN,
		.done_at = INSTANT_NONE,
		.created_by = c->actor->id,
		.created_at = c->now };
	struct buf b;
	struct json j;

	buf_init(&b, c->arena);
	json_start(&j, &b);
	json_obj(&j, NULL);
	json_str(&j, "shipment", s->number);
	json_str(&j, "note", note);
	json_end_obj(&j);
	t.data = buf_cstr(&b);
	return task_open(c, &t, NULL);
}

static bool keep_event(struct ctx *c, const struct shipment *s, const struct track_in *in, const char *source)
{
	struct tracking t = { .shipment_id = s->id,
		.state = track_names[in->state],
		.place = in->place,
		.text = in->text,
		.source = source,
		.at = in->at,
		.recorded_at = c->now,
		.actor_id = c->actor->id };

	return id_new(c, &t.id) && tracking_insert(c, &t, 1);
}

static bool same_before(struct ctx *c, int64_t id, const struct track_in *in, bool *found)
{
	int64_t same;

	if (!tracking_same(c, id, track_names[in->state], in->at, in->text, &same))
		return false;
	*found = same != INT64_MIN;
	return true;
}

bool ship_track(struct ctx *c, int64_t id, const struct track_in *given, const char *source)
{
	struct track_in in = *given;
	struct shipment s;
	bool before;

	in.at = instant_is(in.at) ? in.at : c->now;
	if (!ship_take_up(c, id, INT64_MIN, &s))
		return false;
	if (ship_is(&s, PACKING))
		return fail(c, E_CONFLICT, T_ship_not_gone, s.number);
	if (!same_before(c, id, &in, &before) || before)
		return before;
	if (goes_on(&s, (enum track)in.state, in.at)) {
		s.track_state = track_names[in.state];
		s.track_at = in.at;
	}
	if (in.state == TRACK_EXCEPTION && !open_task(c, &s, "exception", "clerk", in.text))
		return false;
	return keep_event(c, &s, &in, source) &&
	       ship_store(c, &s, s.state, "shipment.tracked",
		       arena_printf(c->arena, "{\"state\":\"%s\"}", track_names[in.state]));
}

/* ---- the receipt ---- */

static const struct receipt_line *answer_for(const struct receipt_in *in, int64_t line, size_t *at)
{
	for (*at = 0; *at < in->lines_len; (*at)++)
		if (in->lines[*at].line == line)
			return &in->lines[*at];
	return NULL;
}

/* Every line is answered for, and nothing that was not sent; all that is wrong is named at once. */
static void check_known(struct ctx *c, const struct receipt_in *in, struct shipment_line *lines, size_t len)
{
	size_t first;

	for (size_t i = 0; i < in->lines_len; i++) {
		const char *pointer = arena_printf(c->arena, "/lines/%zu/line", i),
			   *no = arena_printf(c->arena, "%" PRId64, in->lines[i].line);

		if (ship_line_of(lines, len, in->lines[i].line) == NULL)
			(void)fail_field(c, pointer, E_UNKNOWN, T_ship_no_line, no);
		else if (answer_for(in, in->lines[i].line, &first) != &in->lines[i])
			(void)fail_field(c, pointer, E_DUPLICATE, T_ship_line_twice);
	}
}

static bool fill_received(struct ctx *c, const struct receipt_in *in, struct shipment_line *lines, size_t len)
{
	check_known(c, in, lines, len);
	for (size_t i = 0; i < len; i++) {
		size_t at;
		const struct receipt_line *r = answer_for(in, lines[i].line, &at);
		struct shipment_line *l = &lines[i];

		if (r == NULL) {
			(void)fail_field(c, "/lines", E_REQUIRED, T_ship_line_missing,
				arena_printf(c->arena, "%" PRId64, l->line), l->name);
			continue;
		}
		l->received = qty_is(r->received) ? r->received : QTY_ZERO;
		l->refused = qty_is(r->refused) ? r->refused : QTY_ZERO;
		if (l->received.milli + l->refused.milli != l->quantity.milli)
			(void)fail_field(c, arena_printf(c->arena, "/lines/%zu/received", at), E_RANGE,
				T_ship_receipt_sum, l->name, qty_str(c->arena, l->quantity), l->unit);
	}
	return ok(c);
}

static bool answer_order(struct ctx *c, const struct shipment *s, const struct shipment_line *lines, size_t len)
{
	struct order_delta *d = ARENA_ARRAY(c->arena, 2 * len, struct order_delta);
	size_t n = 0;

	for (size_t i = 0; i < len; i++) {
		if (lines[i].received.milli > 0)
			d[n++] = (struct order_delta){ lines[i].line, ST_SHIPPED, ST_DELIVERED, lines[i].received,
				QTY_ZERO };
		if (lines[i].refused.milli > 0)
			d[n++] = (struct order_delta){ lines[i].line, ST_SHIPPED, ST_REFUSED, lines[i].refused,
				QTY_ZERO };
	}
	return order_progress(
		c, s->order_id, d, n, "order.received", arena_printf(c->arena, "{\"shipment\":\"%s\"}", s->number));
}

/* Refused goods are not owed: of each line its share, so a line refused whole costs nothing to the fen. */
static bool bill_less(struct ctx *c, struct shipment *s, const struct shipment_line *lines, size_t len)
{
	struct buf names;

	buf_init(&names, c->arena);
	for (size_t i = 0; i < len; i++) {
		struct money part;

		if (lines[i].refused.milli == 0)
			continue;
		if (!money_share(&part, lines[i].amount, lines[i].refused, lines[i].quantity) ||
			!money_add(&s->less, s->less, part))
			return fail(c, E_INVALID, T_ship_too_large);
		buf_printf(&names, "%s%s %s %s", names.len > 0 ? ", " : "", lines[i].name,
			qty_str(c->arena, lines[i].refused), lines[i].unit);
	}
	if (names.len == 0)
		return true;
	return customer_bill_less(c, s->customer_id, s->id, s->less) &&
	       open_task(c, s, "receipt_difference", "service", buf_cstr(&names));
}

static bool keep_files(struct ctx *c, int64_t shipment_id, const struct upload *files, size_t len)
{
	if (!photos_few(c, len))
		return false;
	for (size_t i = 0; i < len; i++) {
		struct upload u = files[i];
		int64_t id;

		if (u.len == 0)
			continue;
		if (!photo_ready(c, &u) || !id_new(c, &id) ||
			!receipt_file_insert(c, id, shipment_id, u.name, u.type, (struct bytes){ u.sha256, 32 },
				(struct bytes){ (const uint8_t *)u.data, u.len }, c->now))
			return false;
	}
	return true;
}

static bool awaits_receipt(struct ctx *c, const struct shipment *s)
{
	if (ship_is(s, DELIVERED))
		return fail(c, E_CONFLICT, T_ship_received_already, s->number);
	return ship_is(s, DISPATCHED) || fail(c, E_CONFLICT, T_ship_not_gone, s->number);
}

bool ship_receive(struct ctx *c, int64_t id, int64_t version, const struct receipt_in *in, const struct upload *files,
	size_t files_len)
{
	struct shipment s;
	struct shipment_line *lines;
	size_t len;

	if (!ship_lock(c, id, &s) || !awaits_receipt(c, &s) || !ship_take_up(c, id, version, &s) ||
		!ship_line_list(c, id, &lines, &len) || !fill_received(c, in, lines, len) ||
		!answer_order(c, &s, lines, len) || !bill_less(c, &s, lines, len) ||
		!crate_back(
			c, &(struct crate_way){ s.customer_id, id, s.order_id, s.number }, in->crates, in->crates_len))
		return false;
	s.receipt_signer = in->signer;
	s.receipt_note = in->note;
	s.receipt_at = instant_is(in->at) ? in->at : c->now;
	return ship_line_save(c, lines, len) && keep_files(c, id, files, files_len) &&
	       ship_received_by(c, id, c->actor->id) && ship_store(c, &s, DELIVERED, "shipment.received", NULL);
}

/* ---- a person's facts are erased: who signed and what was photographed; that it was signed stays ---- */

static bool forget_person(struct ctx *c, const struct event *e)
{
	return ship_forget(c, e->entity_id) && receipt_file_forget(c, e->entity_id) && tracking_forget(c, e->entity_id);
}

const struct listen ship_listens[] = {
	{ "customer.erased", forget_person },
	{ NULL, NULL },
};
