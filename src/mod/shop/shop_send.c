/* shop_send: the basket becomes an order, once. It is kept as it was sent, in the inbox, like everything that comes in. */
#include "mod/shop/shop_int.h"

#include "app/serve.h"
#include "base/rand.h"
#include "base/sha256.h"
#include "gen/shop_sql.h"
#include "mod/intake/intake_int.h"

#include <inttypes.h>
#include <string.h>

const struct field shop_sent_fields[] = {
	FIELD(struct shop_sent, id, T_none),
	FIELD(struct shop_sent, order_id, T_none),
	FIELD(struct shop_sent, hash, T_none, .flags = F_HIDDEN),
	FIELD(struct shop_sent, received_at, T_none),
	FIELD_END,
};

struct sending {
	const struct shop *shop;
	const struct shop_in *in;
	const char *external_id;
	struct bytes body;
	int64_t id;
};

/* What was sent, always in the same words, so that a repeat is known by its hash. The prices seen are no part of it: whoever
 * sends it again may have been asked about one. */
static struct bytes body_of(struct ctx *c, const struct shop_in *in)
{
	struct buf b;
	struct json j;

	buf_init(&b, c->arena);
	json_start(&j, &b);
	json_obj(&j, NULL);
	json_date(&j, "delivery_date", in->delivery_date);
	json_int(&j, "place", in->place);
	json_str(&j, "remarks", in->remarks);
	json_arr(&j, "lines");
	for (size_t i = 0; i < in->lines_len; i++) {
		const struct shop_line_in *l = &in->lines[i];
		if (!qty_is(l->quantity) || l->quantity.milli == 0)
			continue;
		json_obj(&j, NULL);
		json_str(&j, "sku", l->sku);
		json_qty(&j, "quantity", l->quantity);
		json_str(&j, "unit", l->unit);
		json_end_obj(&j);
	}
	json_end_arr(&j);
	json_end_obj(&j);
	return (struct bytes){ (const uint8_t *)buf_cstr(&b), b.len };
}

/* Sent before by this key: the same is here already, something else is a mistake. */
static bool sent_before(struct ctx *c, struct sending *s, bool *found)
{
	struct shop_sent before;
	uint8_t hash[32];
	char hex[65];

	if (!shop_sent_by_key(c, s->external_id, &before, found) || !*found)
		return ok(c);
	sha256(s->body.data, s->body.len, hash);
	hex_encode(hex, hash, sizeof(hash));
	s->id = before.id;
	return strcmp(hex, before.hash) == 0 || fail(c, E_KEY_REUSED, T_app_key_reused);
}

/* What was shown is what is agreed to. */
static bool prices_as_seen(struct ctx *c, const struct shop_in *in, const struct shop_quote *q)
{
	for (size_t i = 0; i < q->lines_len; i++) {
		struct price seen = in->lines[q->row[i]].price;
		if (price_is(seen) && price_cmp(seen, q->lines[i].price) != 0)
			(void)fail_field(c, arena_printf(c->arena, "/lines/%zu/price", q->row[i]), E_CONFLICT,
				T_shop_price_changed, q->lines[i].name, price_str(c->arena, seen),
				price_str(c->arena, q->lines[i].price));
	}
	return ok(c);
}

static void doc_of(struct ctx *c, const struct shop_quote *q, struct intake_doc *doc)
{
	struct intake_doc_line *lines = ARENA_ARRAY(c->arena, q->lines_len, struct intake_doc_line);

	for (size_t i = 0; i < q->lines_len; i++)
		lines[i] = (struct intake_doc_line){ .sku = q->lines[i].sku,
			.name = q->lines[i].name,
			.quantity = qty_str(c->arena, q->lines[i].quantity),
			.unit = q->lines[i].unit };
	*doc = (struct intake_doc){ lines, q->lines_len };
}

/* Like one that is here: the customer knows best whether it is another, so it is asked before anything is kept. */
static bool no_twin(struct ctx *c, int64_t id)
{
	struct intake_full f;
	struct intake_twin *twins;
	size_t len;

	if (!intake_get(c, id, &f) || !intake_twins(c, &f, &twins, &len))
		return false;
	return len == 0 || fail(c, E_CONFLICT, T_shop_twin,
				   twins[0].number != NULL ? twins[0].number : text_get(c->lang, T_shop_twin_unread));
}

static bool keep(struct ctx *c, struct sending *s, const struct shop_quote *q)
{
	const struct shop_in *in = s->in;
	struct intake_raw raw = { .channel = "online",
		.external_id = s->external_id,
		.sender = s->shop->who.code,
		.sender_name = s->shop->who.name,
		.received_at = c->now,
		.subject = text_get(c->lang, T_shop_subject),
		.content_type = "application/json",
		.filename = "shop.json",
		.bytes = s->body,
		.customer_id = s->shop->who.id,
		.delivery_date = in->delivery_date,
		.address = q->address,
		.remarks = in->remarks,
		.kept_reason = in->again ? text_get(c->lang, T_shop_again_said) : NULL };
	struct intake_doc doc;
	int64_t order_id;
	bool existed;

	doc_of(c, q, &doc);
	if (!intake_receive_doc(c, &raw, &doc, &s->id, &order_id, &existed))
		return false;
	return order_id != INT64_MIN || in->again || no_twin(c, s->id);
}

static bool send_now(struct ctx *c, struct sending *s)
{
	struct shop_quote q;
	bool before;

	if (!sent_before(c, s, &before) || before)
		return ok(c);
	return shop_quote(c, s->shop, s->in, &q) && prices_as_seen(c, s->in, &q) && keep(c, s, &q);
}

/* The customer acts, by its own name; the rules see the system. */
static bool send_write(struct ctx *c, void *arg)
{
	struct sending *s = arg;
	struct actor who = { .id = 1, .login = "shop", .name = s->shop->who.name, .role = ROLE_system };
	const struct actor *before = c->actor;
	bool good;

	c->actor = &who;
	good = send_now(c, s);
	c->actor = before;
	return good;
}

bool shop_send(struct ctx *c, const struct shop *shop, const struct shop_in *in, const char *key, int64_t *id)
{
	struct sending s = { .shop = shop, .in = in, .body = body_of(c, in) };
	char own[33];

	if (key == NULL || *key == '\0') {
		rng_hex(c->rng, own, 16);
		key = own;
	}
	s.external_id = arena_printf(c->arena, "shop:%" PRId64 ":%s", shop->who.id, key);
	if (!app_write(c, send_write, &s))
		return false;
	*id = s.id;
	return true;
}
