/* archive: when an order may become a record, and what is done with records. */
#include "mod/archive/archive_int.h"

#include "app/ledger.h"
#include "base/rand.h"
#include "base/sha256.h"
#include "gen/archive_sql.h"
#include "mod/task/task.h"

#include <inttypes.h>
#include <sodium.h>
#include <string.h>

const struct field archive_item_fields[] = {
	FIELD(struct archive_item, what, T_archive_what),
	FIELD(struct archive_item, needed, T_archive_needed),
	FIELD(struct archive_item, there, T_archive_there),
	FIELD(struct archive_item, note, T_archive_note),
	FIELD_END,
};

/* ---- complete or not ---- */

static struct archive_item item(struct ctx *c, const char *what, bool needed, int64_t have, int64_t want)
{
	return (struct archive_item){ what, needed, have >= want,
		have < want ? arena_printf(c->arena, "%" PRId64 " / %" PRId64, have, want) : NULL };
}

static const char *names_missing(struct ctx *c, const struct archive_item *items, size_t len)
{
	struct buf b;

	buf_init(&b, c->arena);
	for (size_t i = 0; i < len; i++)
		if (items[i].needed && !items[i].there)
			buf_printf(&b, "%s%s", b.len > 0 ? "、" : "",
				text_get(
					c->lang, text_find(arena_printf(c->arena, "archive.items.%s", items[i].what))));
	return b.len > 0 ? buf_cstr(&b) : NULL;
}

bool archive_complete(
	struct ctx *c, const struct order *o, struct archive_item **items, size_t *len, const char **missing)
{
	bool gone = o->decision == D_COMPLETED || o->decision == D_ARCHIVED,
	     photo = setting_int(c, "archive.need_photo") > 0;
	struct archive_item *at = ARENA_ARRAY(c->arena, 6, struct archive_item);
	struct archive_counts n;
	size_t k = 0;

	if (!archive_count(c, o->id, &n))
		return false;
	gone = gone && n.shipments > 0;
	at[k++] = item(c, "delivered", gone, n.delivered, n.shipments);
	at[k++] = item(c, "receipt", gone, n.signed_n, n.shipments);
	at[k++] = item(c, "receipt_file", gone && photo, n.photos, n.shipments);
	at[k] = item(c, "follow_up", gone, n.answered, 1);
	at[k].note = n.reason != NULL ? n.reason : at[k].note;
	k++;
	at[k++] = item(c, "cases", true, -n.cases, 0);
	at[k++] = item(c, "returns", true, -n.returns, 0);
	*items = at;
	*len = k;
	*missing = names_missing(c, at, k);
	return true;
}

/* ---- becoming a record ---- */

/* Of somebody whose facts were erased the record is made without keeping any. */
static bool write_person(struct ctx *c, const struct order *o, struct archive_person *people, size_t people_len,
	struct archive_word *words, size_t words_len)
{
	int64_t erased;
	size_t kept = 0;

	if (!erasure_of(c, o->customer_id, &erased))
		return false;
	if (erased == INT64_MIN)
		return archive_person_insert(c, people, people_len) && archive_word_insert(c, words, words_len);
	while (kept < words_len && !words[kept].personal)
		kept++; /* the firm's own stand first */
	return archive_word_insert(c, words, kept);
}

static bool write_record(struct ctx *c, const struct order *o, const char **hash)
{
	struct archive_record r;
	struct archive_person *people;
	struct archive_word *words;
	size_t people_len, words_len;

	if (!archive_build(c, o, &r, &people, &people_len, &words, &words_len))
		return false;
	*hash = r.sha256;
	return archive_insert(c, &r, 1) && write_person(c, o, people, people_len, words, words_len);
}

bool archive_order(struct ctx *c, int64_t order_id, int64_t version)
{
	struct archive_item *items;
	const char *missing, *hash;
	struct archive_key key;
	struct order o;
	size_t len;

	if (!order_get_full(c, order_id, &o))
		return false;
	if (o.decision != D_COMPLETED && o.decision != D_CANCELLED)
		return fail(c, E_CONFLICT, T_archive_not_finished, o.number, order_state_text(c, o.state));
	if (!archive_complete(c, &o, &items, &len, &missing))
		return false;
	if (missing != NULL)
		return fail(c, E_CONFLICT, T_archive_incomplete, o.number, missing);
	return archive_key_get(c, &key) && write_record(c, &o, &hash) &&
	       order_move(c, &o, OE_ARCHIVE, version, arena_printf(c->arena, "{\"record\":\"%s\"}", hash)) &&
	       task_close(c, "archive_missing", "order", order_id, "archived");
}

/* However an order comes to be archived, its record must be there. */
static bool record_is_there(struct ctx *c, const struct event *e)
{
	struct archive_record r;
	bool found;

	if (!archive_find(c, e->order_id, &r, &found))
		return false;
	return (found && e->data != NULL && strstr(e->data, r.sha256) != NULL) ||
	       fail(c, E_CONFLICT, T_archive_by_route);
}

const struct listen archive_listens[] = {
	{ "order.archived", record_is_there },
	{ NULL, NULL },
};

/* ---- by itself, after the days the company keeps them at hand; what is missing is chased ---- */

static bool chase(struct ctx *c, int64_t order_id, const char *missing)
{
	struct task t = { .kind = "archive_missing",
		.role = "service",
		.order_id = order_id,
		.entity = "order",
		.entity_id = order_id,
		.data = arena_printf(c->arena, "{\"missing\":\"%s\"}", missing),
		.due_at = { c->now.us + DAY_US } };

	return task_open(c, &t, NULL);
}

bool archive_due(struct ctx *c)
{
	struct instant before = { c->now.us - setting_int(c, "archive.after_days") * DAY_US };
	struct archive_record *rows;
	size_t len;

	if (!archive_waiting(c, before, 20, &rows, &len))
		return false;
	for (size_t i = 0; i < len; i++) {
		struct archive_item *items;
		const char *missing;
		struct order o;
		size_t n;

		if (!order_get(c, rows[i].order_id, &o) || !archive_complete(c, &o, &items, &n, &missing) ||
			!(missing != NULL ? chase(c, o.id, missing) : archive_order(c, o.id, INT64_MIN)))
			return false;
	}
	return true;
}

/* ---- proofs ---- */

/* One pair of keys for this company; the public one is shown on the archive's page and printed. */
bool archive_key_get(struct ctx *c, struct archive_key *out)
{
	uint8_t seed[crypto_sign_SEEDBYTES], public_key[crypto_sign_PUBLICKEYBYTES];
	uint8_t *secret = arena_alloc(c->arena, crypto_sign_SECRETKEYBYTES);
	char *hex = arena_alloc(c->arena, 2 * crypto_sign_PUBLICKEYBYTES + 1);
	int64_t id;
	bool found;

	if (!archive_key_find(c, out, &found) || found)
		return ok(c);
	rng_bytes(c->rng, seed, sizeof(seed));
	crypto_sign_seed_keypair(public_key, secret, seed);
	hex_encode(hex, public_key, sizeof(public_key));
	*out = (struct archive_key){ hex, { secret, crypto_sign_SECRETKEYBYTES } };
	return id_new(c, &id) && archive_key_insert(c, id, hex, out->secret, c->now);
}

static const char *hex_of(struct ctx *c, const uint8_t *data, size_t len)
{
	char *hex = arena_alloc(c->arena, 2 * len + 1);

	hex_encode(hex, data, len);
	return hex;
}

static void put_event(struct json *j, const struct event_row *e)
{
	json_obj(j, "event");
	json_int(j, "chain", e->chain);
	json_int(j, "seq", e->seq);
	json_int(j, "id", e->id);
	json_int(j, "at", e->at.us);
	json_int(j, "actor_id", e->actor_id);
	json_str(j, "actor", e->actor);
	json_str(j, "role", e->role);
	json_str(j, "kind", e->kind);
	json_str(j, "entity", e->entity);
	json_int(j, "entity_id", e->entity_id);
	json_int(j, "order_id", e->order_id);
	json_str(j, "from", e->from_state);
	json_str(j, "to", e->to_state);
	json_str(j, "data", e->data);
	json_end_obj(j);
}

bool archive_proof(struct ctx *c, int64_t order_id, struct buf *out)
{
	static const uint8_t start[32] = { 0 };
	uint8_t signature[crypto_sign_BYTES];
	struct event_row e, before;
	struct archive_record r;
	struct archive_person *people;
	struct archive_key key;
	struct json j;
	bool there, archived, first;
	size_t len;

	if (!archive_find(c, order_id, &r, &there) || !archive_event_of(c, order_id, &e, &archived))
		return false;
	if (!there || !archived)
		return fail(c, E_NOT_FOUND, T_archive_no_record);
	if (!archive_event_before(c, e.chain, e.seq - 1, &before, &first) ||
		!archive_people(c, order_id, &people, &len) || !archive_key_get(c, &key))
		return false;
	crypto_sign_detached(signature, NULL, e.hash.data, e.hash.len, key.secret.data);
	buf_init(out, c->arena);
	json_start(&j, out);
	json_obj(&j, NULL);
	json_str(&j, "format", "huodan-proof-1");
	json_str(&j, "number", r.number);
	json_str(&j, "record", r.record);
	json_str(&j, "sha256", r.sha256);
	put_event(&j, &e);
	json_str(&j, "before", hex_of(c, first ? before.hash.data : start, 32));
	json_str(&j, "hash", hex_of(c, e.hash.data, e.hash.len));
	json_str(&j, "key", key.public_key);
	json_str(&j, "signature", hex_of(c, signature, sizeof(signature)));
	json_arr(&j, "personal");
	for (size_t i = 0; i < len; i++) {
		json_obj(&j, NULL);
		json_str(&j, "field", people[i].field);
		json_str(&j, "salt", people[i].salt);
		json_str(&j, "value", people[i].value);
		json_end_obj(&j);
	}
	json_end_arr(&j);
	json_end_obj(&j);
	return true;
}

/* ---- erasing a person ---- */

bool archive_erase_obstacle(struct ctx *c, int64_t customer_id, const char **why)
{
	struct customer who;
	int64_t open;

	*why = NULL;
	if (!customer_get(c, customer_id, &who) || !archive_open_work(c, customer_id, &open))
		return false;
	if (open > 0 || who.credit_open.fen != 0 || who.credit_receivable.fen != 0)
		*why = text_fill(c->arena, c->lang, T_archive_still_open, (const char *const[]){ who.code, NULL });
	return true;
}

/* The words and salts beside the records go; the modules that keep personal facts hear of it and remove theirs. */
bool archive_erase(struct ctx *c, int64_t customer_id, const char *reason)
{
	struct event ev = { .kind = "customer.erased", .entity = "customer", .entity_id = customer_id };
	const char *why;
	struct customer who;

	if (!archive_erase_obstacle(c, customer_id, &why) || !customer_get(c, customer_id, &who))
		return false;
	if (why != NULL)
		return fail(c, E_CONFLICT, T_archive_still_open, who.code);
	return archive_forget(c, customer_id) && archive_words_forget(c, customer_id) &&
	       erasure_insert(c, customer_id, reason, c->actor->id, c->now) && event_add(c, &ev);
}

/* ---- verify ---- */

static bool count_missing(struct ctx *c, int64_t *counted, int64_t *broken, const char **first)
{
	return check_rows(c, archive_check_missing, archive_count_all, counted, broken, first);
}

static bool count_complete(struct ctx *c, int64_t *counted, int64_t *broken, const char **first)
{
	return check_rows(c, archive_check_complete, archive_count_all, counted, broken, first);
}

static bool record_holds(struct ctx *c, const struct archive_record *r, bool *holds)
{
	struct event_row e;
	uint8_t hash[32];
	char hex[65];
	bool found;

	sha256(r->record, strlen(r->record), hash);
	hex_encode(hex, hash, sizeof(hash));
	if (!archive_event_of(c, r->order_id, &e, &found))
		return false;
	*holds = strcmp(hex, r->sha256) == 0 && found && strstr(e.data, hex) != NULL;
	return true;
}

static bool count_records(struct ctx *c, int64_t *counted, int64_t *broken, const char **first)
{
	struct archive_record *rows;
	int64_t after = 0;
	size_t len;

	do {
		if (!archive_check_page(c, after, &rows, &len))
			return false;
		for (size_t i = 0; i < len; i++) {
			bool holds;
			if (!record_holds(c, &rows[i], &holds))
				return false;
			after = rows[i].order_id;
			if (holds)
				continue;
			(*broken)++;
			*first = *first != NULL ? *first : rows[i].number;
		}
		*counted += (int64_t)len;
	} while (len > 0);
	return true;
}

const struct check archive_checks[] = {
	{ 12, "archived orders have their record", count_missing },
	{ 12, "archived orders are complete", count_complete },
	{ 11, "records are what the chain says", count_records },
	{ 0, NULL, NULL },
};
