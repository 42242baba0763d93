/* archive_build: one order as one JSON text. Personal facts are replaced by salted hashes and kept beside it. */
#include "mod/archive/archive_int.h"

#include "base/rand.h"
#include "base/sha256.h"
#include "gen/archive_sql.h"
#include "gen/care_sql.h"
#include "gen/returns_sql.h"
#include "mod/care/care_int.h"
#include "mod/returns/returns_int.h"
#include "mod/ship/ship_view.h"

#include <string.h>

struct building {
	struct ctx *c;
	const struct order *o;
	struct json j;
	struct archive_person *people;
	size_t people_len, people_cap;
	struct buf text, said; /* what it is found by: the firm's own words, and what people wrote */
};

static void add_text(struct buf *b, const char *text)
{
	if (text == NULL)
		return;
	buf_str(b, text);
	buf_char(b, '\n');
}

static void found_by(struct building *b, const char *text)
{
	add_text(&b->text, text);
}

/* Free text: nobody knows what stands in it, so it is forgotten with the person. */
static void found_by_said(struct building *b, const char *text)
{
	add_text(&b->said, text);
}

/* "sha256:…" of salt and value; the value and its salt go beside the record. */
static const char *hide(struct building *b, const char *field, const char *value)
{
	char *salt = arena_alloc(b->c->arena, 33), *hex = arena_alloc(b->c->arena, 65);
	struct sha256 s;
	uint8_t hash[32];

	if (value == NULL)
		return NULL;
	rng_hex(b->c->rng, salt, 16);
	sha256_start(&s);
	sha256_add(&s, salt, strlen(salt));
	sha256_add(&s, value, strlen(value));
	sha256_end(&s, hash);
	hex_encode(hex, hash, sizeof(hash));
	if (b->people_len == b->people_cap) {
		struct archive_person *more = ARENA_ARRAY(b->c->arena, 2 * b->people_cap + 16, struct archive_person);
		if (b->people_len > 0)
			memcpy(more, b->people, b->people_len * sizeof(*more));
		b->people = more;
		b->people_cap = 2 * b->people_cap + 16;
	}
	b->people[b->people_len] = (struct archive_person){ b->o->id, (int64_t)b->people_len + 1, field, salt, value };
	b->people_len++;
	return arena_printf(b->c->arena, "sha256:%s", hex);
}

static void put_order(struct building *b)
{
	struct order o = *b->o;

	o.address = hide(b, "order.address", o.address);
	o.remarks = hide(b, "order.remarks", o.remarks);
	o.confirmed_person = hide(b, "order.confirmed_person", o.confirmed_person);
	json_obj(&b->j, "order");
	fields_to_json(&b->j, order_fields, &o);
	json_arr(&b->j, "lines");
	for (size_t i = 0; i < o.lines_len; i++) {
		struct order_line l = o.lines[i];
		l.remarks = hide(b, "order.line.remarks", l.remarks);
		json_obj(&b->j, NULL);
		fields_to_json(&b->j, order_line_fields, &l);
		json_end_obj(&b->j);
		found_by(b, l.name);
		found_by(b, l.sku);
	}
	json_end_arr(&b->j);
	json_end_obj(&b->j);
	found_by(b, o.number);
	found_by(b, o.external_id);
}

static bool put_customer(struct building *b)
{
	struct customer k;

	if (!customer_get(b->c, b->o->customer_id, &k))
		return false;
	found_by(b, k.code);
	found_by(b, k.name);
	found_by(b, k.short_name);
	json_obj(&b->j, "customer");
	json_str(&b->j, "code", k.code);
	json_str(&b->j, "name", hide(b, "customer.name", k.name));
	json_str(&b->j, "contact", hide(b, "customer.contact", k.contact));
	json_str(&b->j, "phone", hide(b, "customer.phone", k.phone));
	json_str(&b->j, "email", hide(b, "customer.email", k.email));
	json_end_obj(&b->j);
	return true;
}

#define PUT_ROWS(b, key, fields, rows, len)                                                                            \
	do {                                                                                                           \
		json_arr(&(b)->j, (key));                                                                              \
		for (size_t put_i = 0; put_i < (len); put_i++) {                                                       \
			json_obj(&(b)->j, NULL);                                                                       \
			fields_to_json(&(b)->j, (fields), &(rows)[put_i]);                                             \
			json_end_obj(&(b)->j);                                                                         \
		}                                                                                                      \
		json_end_arr(&(b)->j);                                                                                 \
	} while (0)

static bool put_reviews(struct building *b)
{
	struct archive_review *rows;
	size_t len;

	if (!archive_reviews(b->c, b->o->id, &rows, &len))
		return false;
	PUT_ROWS(b, "reviews", archive_review_fields, rows, len);
	return true;
}

static bool put_shipment(struct building *b, int64_t id)
{
	struct shipment s;
	struct ship_view v;

	if (!ship_get(b->c, id, &s) || !ship_view_make(b->c, &s, &v))
		return false;
	found_by(b, v.number);
	found_by(b, v.tracking_number);
	found_by(b, v.carrier_name);
	v.customer_name = v.customer_phone = v.address = NULL;
	v.driver = hide(b, "shipment.driver", v.driver);
	v.receipt_signer = hide(b, "shipment.receipt_signer", v.receipt_signer);
	v.receipt_note = hide(b, "shipment.receipt_note", v.receipt_note);
	v.actions = "[]";
	for (size_t i = 0; i < v.tracking_len; i++)
		v.tracking[i].text = hide(b, "shipment.tracking", v.tracking[i].text);
	json_obj(&b->j, NULL);
	fields_to_json(&b->j, ship_view_fields, &v);
	json_end_obj(&b->j);
	return true;
}

static bool put_shipments(struct building *b)
{
	struct archive_word *ids;
	size_t len;

	if (!archive_shipment_ids(b->c, b->o->id, &ids, &len))
		return false;
	json_arr(&b->j, "shipments");
	for (size_t i = 0; i < len; i++)
		if (!put_shipment(b, ids[i].order_id))
			return false;
	json_end_arr(&b->j);
	return true;
}

static bool put_files(struct building *b)
{
	struct archive_file *receipts, *photos;
	size_t receipts_len, photos_len;

	if (!archive_receipts(b->c, b->o->id, &receipts, &receipts_len) ||
		!archive_photos(b->c, b->o->id, &photos, &photos_len))
		return false;
	for (size_t i = 0; i < receipts_len; i++) {
		char *hex = arena_alloc(b->c->arena, 65);
		must(receipts[i].sha256.len == 32);
		hex_encode(hex, receipts[i].sha256.data, 32);
		receipts[i].hex = hex;
	}
	PUT_ROWS(b, "receipt_files", archive_file_fields, receipts, receipts_len);
	PUT_ROWS(b, "photos", archive_file_fields, photos, photos_len);
	return true;
}

static bool put_care(struct building *b)
{
	struct follow_up_item f;
	struct case_item *cases;
	size_t len;
	bool found;

	if (!follow_up_one(b->c, b->o->id, &f, &found) || !case_page_of_order(b->c, b->o->id, &cases, &len))
		return false;
	if (found) {
		found_by_said(b, f.comment);
		f.customer_name = f.contact = f.phone = NULL;
		f.comment = hide(b, "follow_up.comment", f.comment);
		f.reason = hide(b, "follow_up.reason", f.reason);
		json_obj(&b->j, "follow_up");
		fields_to_json(&b->j, follow_up_item_fields, &f);
		json_end_obj(&b->j);
	}
	json_arr(&b->j, "cases");
	for (size_t i = 0; i < len; i++) {
		struct care_case k;
		if (!case_by_id(b->c, cases[i].id, &k))
			return false;
		found_by(b, k.number);
		found_by_said(b, k.summary);
		found_by_said(b, k.cause);
		k.summary = hide(b, "case.summary", k.summary);
		k.detail = hide(b, "case.detail", k.detail);
		k.wish = hide(b, "case.wish", k.wish);
		k.decision_note = hide(b, "case.decision_note", k.decision_note);
		k.cause = hide(b, "case.cause", k.cause);
		json_obj(&b->j, NULL);
		fields_to_json(&b->j, care_case_fields, &k);
		json_end_obj(&b->j);
	}
	json_end_arr(&b->j);
	return true;
}

static bool put_returns(struct building *b)
{
	struct return_item *items;
	size_t len;

	if (!return_page_of_order(b->c, b->o->id, &items, &len))
		return false;
	json_arr(&b->j, "returns");
	for (size_t i = 0; i < len; i++) {
		struct goods_return g;
		struct return_line *lines;
		size_t lines_len;
		if (!return_get(b->c, items[i].id, &g) || !return_lines(b->c, items[i].id, &lines, &lines_len))
			return false;
		found_by(b, g.number);
		g.note = hide(b, "return.note", g.note);
		g.settlement = hide(b, "return.settlement", g.settlement);
		for (size_t k = 0; k < lines_len; k++)
			lines[k].reason = hide(b, "return.line.reason", lines[k].reason);
		json_obj(&b->j, NULL);
		fields_to_json(&b->j, goods_return_fields, &g);
		PUT_ROWS(b, "lines", return_line_fields, lines, lines_len);
		json_end_obj(&b->j);
	}
	json_end_arr(&b->j);
	return true;
}

static bool put_notices(struct building *b)
{
	struct archive_notice *rows;
	size_t len;

	if (!archive_notices(b->c, b->o->id, &rows, &len))
		return false;
	for (size_t i = 0; i < len; i++)
		rows[i].recipient = hide(b, "notice.recipient", rows[i].recipient);
	PUT_ROWS(b, "notices", archive_notice_fields, rows, len);
	return true;
}

static bool put_events(struct building *b)
{
	struct archive_event *rows;
	size_t len;

	if (!archive_events(b->c, b->o->id, &rows, &len))
		return false;
	PUT_ROWS(b, "events", archive_event_fields, rows, len);
	return true;
}

static void take_words(struct building *b, struct archive_word **words, size_t *len)
{
	struct strs ours = archive_words(b->c->arena, buf_cstr(&b->text), true),
		    said = archive_words(b->c->arena, buf_cstr(&b->said), true);

	*words = ARENA_ARRAY(b->c->arena, ours.len + said.len, struct archive_word);
	*len = 0;
	for (size_t i = 0; i < ours.len; i++)
		(*words)[(*len)++] = (struct archive_word){ ours.at[i], b->o->id, false };
	/* A word that is among ours already stays ours: the row is there. */
	for (size_t i = 0; i < said.len; i++)
		(*words)[(*len)++] = (struct archive_word){ said.at[i], b->o->id, true };
}

bool archive_build(struct ctx *c, const struct order *o, struct archive_record *r, struct archive_person **people,
	size_t *people_len, struct archive_word **words, size_t *words_len)
{
	struct building b = { .c = c, .o = o };
	struct buf out;
	uint8_t hash[32];
	char *hex = arena_alloc(c->arena, 65);

	buf_init(&out, c->arena);
	buf_init(&b.text, c->arena);
	buf_init(&b.said, c->arena);
	json_start(&b.j, &out);
	json_obj(&b.j, NULL);
	json_str(&b.j, "format", "huodan-record-1");
	put_order(&b);
	if (!put_customer(&b) || !put_reviews(&b) || !put_shipments(&b) || !put_files(&b) || !put_care(&b) ||
		!put_returns(&b) || !put_notices(&b) || !put_events(&b))
		return false;
	json_end_obj(&b.j);
	sha256(out.data, out.len, hash);
	hex_encode(hex, hash, sizeof(hash));
	*r = (struct archive_record){ .order_id = o->id,
		.number = o->number,
		.customer_id = o->customer_id,
		.state = decision_names[o->decision],
		.day = date_of(o->created_at, zone_s(c)),
		.record = buf_cstr(&out),
		.sha256 = hex,
		.by = c->actor->id,
		.at = c->now };
	*people = b.people;
	*people_len = b.people_len;
	take_words(&b, words, words_len);
	return true;
}
