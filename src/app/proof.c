/* proof: the record's hash stands in its event, the event's link in the chain, the signature over the link. */
#include "app/proof.h"

#include "app/ledger.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/sha256.h"

#include <sodium.h>
#include <string.h>

static const char *text(json_t *at, const char *name)
{
	const char *s = json_string_value(json_object_get(at, name));

	return s != NULL ? s : "";
}

static int64_t number(json_t *at, const char *name)
{
	json_t *v = json_object_get(at, name);

	return json_is_integer(v) ? json_integer_value(v) : INT64_MIN;
}

static const char *text_or_null(json_t *at, const char *name)
{
	return json_string_value(json_object_get(at, name));
}

static bool bytes_of(const char *hex, uint8_t *out, size_t len)
{
	size_t n;

	return strlen(hex) == 2 * len && sodium_hex2bin(out, len, hex, 2 * len, NULL, &n, NULL) == 0 && n == len;
}

static bool say(struct buf *report, bool fine, const char *what, const char *more)
{
	buf_printf(report, "%s     %-34s %s\n", fine ? "ok    " : "BROKEN", what, more);
	return fine;
}

static bool record_hash(json_t *p, struct buf *report)
{
	uint8_t hash[32];
	char hex[65];
	const char *record = text(p, "record");

	sha256(record, strlen(record), hash);
	hex_encode(hex, hash, sizeof(hash));
	return say(report, strcmp(hex, text(p, "sha256")) == 0, "the record is what its hash says", hex);
}

static bool in_event(json_t *p, json_t *event, struct buf *report)
{
	const char *hash = text(p, "sha256");

	return say(report,
		strlen(hash) == 64 && strstr(text(event, "data"), hash) != NULL &&
			strcmp(text(event, "kind"), "order.archived") == 0,
		"the event names that hash", text(p, "number"));
}

static bool in_chain(json_t *p, json_t *event, struct buf *report)
{
	struct event_row e = { .id = number(event, "id"),
		.at = { number(event, "at") },
		.actor_id = number(event, "actor_id"),
		.actor = text(event, "actor"),
		.role = text(event, "role"),
		.kind = text(event, "kind"),
		.entity = text(event, "entity"),
		.entity_id = number(event, "entity_id"),
		.order_id = number(event, "order_id"),
		.from_state = text_or_null(event, "from"),
		.to_state = text_or_null(event, "to"),
		.data = text(event, "data"),
		.chain = number(event, "chain"),
		.seq = number(event, "seq") };
	uint8_t before[32], hash[32];
	char hex[65];

	if (!bytes_of(text(p, "before"), before, sizeof(before)))
		return say(report, false, "the link before it", "not readable");
	chain_link(before, &e, hash);
	hex_encode(hex, hash, sizeof(hash));
	return say(report, strcmp(hex, text(p, "hash")) == 0, "the event is that link of the chain", hex);
}

static bool is_signed(json_t *p, struct buf *report)
{
	uint8_t hash[32], key[crypto_sign_PUBLICKEYBYTES], signature[crypto_sign_BYTES];

	return say(report,
		bytes_of(text(p, "hash"), hash, sizeof(hash)) && bytes_of(text(p, "key"), key, sizeof(key)) &&
			bytes_of(text(p, "signature"), signature, sizeof(signature)) &&
			crypto_sign_verify_detached(signature, hash, sizeof(hash), key) == 0,
		"signed by the company's key", text(p, "key"));
}

/* The words beside the record are those it has the hashes of; erased ones are simply not here. */
static bool people(struct ctx *c, json_t *p, struct buf *report)
{
	const char *record = text(p, "record");
	json_t *all = json_object_get(p, "personal"), *one;
	bool fine = true;
	size_t i;

	json_array_foreach(all, i, one)
	{
		const char *salt = text(one, "salt"), *value = text(one, "value");
		struct sha256 s;
		uint8_t hash[32];
		char hex[65];

		sha256_start(&s);
		sha256_add(&s, salt, strlen(salt));
		sha256_add(&s, value, strlen(value));
		sha256_end(&s, hash);
		hex_encode(hex, hash, sizeof(hash));
		fine = strstr(record, hex) != NULL && fine;
	}
	return say(report, fine, "personal facts are those of the record",
		arena_printf(c->arena, "%zu", json_array_size(all)));
}

bool proof_check(struct ctx *c, const char *data, size_t len, struct buf *report)
{
	json_t *p = json_loadb(data, len, JSON_REJECT_DUPLICATES, NULL), *event = json_object_get(p, "event");
	bool fine;

	if (strcmp(text(p, "format"), "huodan-proof-1") != 0) {
		json_decref(p);
		return say(report, false, "the file is a proof", "no huodan-proof-1");
	}
	fine = record_hash(p, report);
	fine = in_event(p, event, report) && fine;
	fine = in_chain(p, event, report) && fine;
	fine = is_signed(p, report) && fine;
	fine = people(c, p, report) && fine;
	json_decref(p);
	return fine;
}
