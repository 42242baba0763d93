/* archive_web: records by page and API, proofs, erasing. */
#include "mod/archive/archive_int.h"

#include "gen/archive_sql.h"
#include "gen/tmpl.h"

#include <inttypes.h>
#include <string.h>

const struct field archive_record_fields[] = {
	FIELD(struct archive_record, order_id, T_none),
	FIELD(struct archive_record, number, T_archive_number),
	FIELD(struct archive_record, customer_id, T_none),
	FIELD(struct archive_record, state, T_archive_state),
	FIELD(struct archive_record, day, T_archive_day),
	FIELD(struct archive_record, record, T_archive_record),
	FIELD(struct archive_record, sha256, T_archive_hash),
	FIELD(struct archive_record, by, T_none),
	FIELD(struct archive_record, at, T_archive_archived_at),
	FIELD_END,
};

const struct field archive_person_fields[] = {
	FIELD(struct archive_person, order_id, T_none, .flags = F_HIDDEN),
	FIELD(struct archive_person, n, T_none),
	FIELD(struct archive_person, field, T_archive_field),
	FIELD(struct archive_person, salt, T_archive_salt),
	FIELD(struct archive_person, value, T_archive_value),
	FIELD_END,
};

const struct field archive_word_fields[] = {
	FIELD(struct archive_word, word, T_none),
	FIELD(struct archive_word, order_id, T_none),
	FIELD(struct archive_word, personal, T_none),
	FIELD_END,
};

const struct field archive_hit_fields[] = {
	FIELD(struct archive_hit, order, T_archive_order),
	FIELD(struct archive_hit, number, T_archive_number),
	FIELD(struct archive_hit, customer, T_archive_customer),
	FIELD(struct archive_hit, customer_name, T_archive_customer),
	FIELD(struct archive_hit, state, T_archive_state),
	FIELD(struct archive_hit, day, T_archive_day),
	FIELD(struct archive_hit, total, T_archive_total),
	FIELD(struct archive_hit, archived_at, T_archive_archived_at),
	FIELD_END,
};

const struct field archive_review_fields[] = {
	FIELD(struct archive_review, id, T_none),
	FIELD(struct archive_review, state, T_none),
	FIELD(struct archive_review, decision, T_none),
	FIELD(struct archive_review, reviewer, T_none),
	FIELD_JSON(struct archive_review, checks, T_none),
	FIELD_JSON(struct archive_review, overrides, T_none),
	FIELD(struct archive_review, note, T_none),
	FIELD(struct archive_review, decided_at, T_none),
	FIELD_END,
};

const struct field archive_file_fields[] = {
	FIELD(struct archive_file, id, T_none),
	FIELD(struct archive_file, of, T_none),
	FIELD(struct archive_file, name, T_none),
	FIELD(struct archive_file, type, T_none),
	FIELD(struct archive_file, sha256, T_none, .flags = F_HIDDEN),
	FIELD(struct archive_file, hex, T_none),
	FIELD_END,
};

const struct field archive_event_fields[] = {
	FIELD(struct archive_event, id, T_none),
	FIELD(struct archive_event, at, T_none),
	FIELD(struct archive_event, actor, T_none),
	FIELD(struct archive_event, role, T_none),
	FIELD(struct archive_event, kind, T_none),
	FIELD(struct archive_event, entity, T_none),
	FIELD(struct archive_event, from_state, T_none),
	FIELD(struct archive_event, to_state, T_none),
	FIELD(struct archive_event, chain, T_none),
	FIELD(struct archive_event, seq, T_none),
	FIELD(struct archive_event, hash, T_none),
	FIELD_END,
};

const struct field archive_notice_fields[] = {
	FIELD(struct archive_notice, id, T_none),
	FIELD(struct archive_notice, kind, T_none),
	FIELD(struct archive_notice, recipient, T_none),
	FIELD(struct archive_notice, state, T_none),
	FIELD(struct archive_notice, done_at, T_none),
	FIELD_END,
};

const struct field archive_counts_fields[] = {
	FIELD(struct archive_counts, shipments, T_none),
	FIELD(struct archive_counts, delivered, T_none),
	FIELD(struct archive_counts, signed_n, T_none),
	FIELD(struct archive_counts, photos, T_none),
	FIELD(struct archive_counts, cases, T_none),
	FIELD(struct archive_counts, returns, T_none),
	FIELD(struct archive_counts, asked, T_none),
	FIELD(struct archive_counts, answered, T_none),
	FIELD(struct archive_counts, reason, T_none),
	FIELD_END,
};

const struct field archive_key_fields[] = {
	FIELD(struct archive_key, public_key, T_none),
	FIELD(struct archive_key, secret, T_none),
	FIELD_END,
};

const struct field archive_view_fields[] = {
	FIELD(struct archive_view, order, T_archive_order),
	FIELD(struct archive_view, number, T_archive_number),
	FIELD(struct archive_view, state, T_archive_state),
	FIELD(struct archive_view, archived, T_archive_archived),
	FIELD(struct archive_view, complete, T_archive_is_complete),
	FIELD_LIST(struct archive_view, items, archive_item_fields, T_archive_items),
	FIELD(struct archive_view, sha256, T_archive_hash),
	FIELD(struct archive_view, archived_at, T_archive_archived_at),
	FIELD_JSON(struct archive_view, record, T_archive_record),
	FIELD_LIST(struct archive_view, people, archive_person_fields, T_archive_people),
	FIELD(struct archive_view, erased, T_archive_erased),
	FIELD_END,
};

/* ---- one order's record, or what it still needs ---- */

static bool view_make(struct ctx *c, int64_t order_id, struct archive_view *v)
{
	struct archive_record r;
	const char *missing;
	struct order o;
	int64_t erased;
	bool found;

	*v = (struct archive_view){ .order = order_id, .archived_at = INSTANT_NONE };
	if (!order_get(c, order_id, &o) || !archive_complete(c, &o, &v->items, &v->items_len, &missing) ||
		!archive_find(c, order_id, &r, &found) || !archive_people(c, order_id, &v->people, &v->people_len) ||
		!erasure_of(c, o.customer_id, &erased))
		return false;
	v->number = o.number;
	v->state = o.state;
	v->version = o.version;
	v->complete = missing == NULL;
	v->archived = found;
	v->erased = erased != INT64_MIN;
	v->may_archive = !found && may(c, RIGHT_people) && (o.decision == D_COMPLETED || o.decision == D_CANCELLED);
	if (found) {
		v->sha256 = r.sha256;
		v->record = r.record;
		v->archived_at = r.at;
	}
	return true;
}

static const struct view record_answer = { archive_view_fields, NULL };

static struct done *record_get(struct ctx *c, struct req *r)
{
	static const struct view page = { archive_view_fields, PAGE(tmpl_archive_show) };
	struct archive_view v;

	return view_make(c, req_id(r), &v) ? reply_view(r, &page, &v) : reply_error(r);
}

static struct done *archive_post(struct ctx *c, struct req *r)
{
	struct archive_view v;

	if (!archive_order(c, req_id(r), req_version(r)) || !view_make(c, req_id(r), &v))
		return reply_error(r);
	return reply_moved(r, &record_answer, &v, "/orders/%" PRId64 "/archive", req_id(r));
}

static struct done *proof_get(struct ctx *c, struct req *r)
{
	struct buf out;

	if (!archive_proof(c, req_id(r), &out))
		return reply_error(r);
	return reply_bytes(
		r, "application/json", arena_printf(c->arena, "proof-%" PRId64 ".json", req_id(r)), out.data, out.len);
}

/* ---- finding ---- */

struct find_in {
	const char *q;
	struct date from, to;
};
static const struct field find_fields[] = {
	FIELD(struct find_in, q, T_archive_q, .max = 100),
	FIELD(struct find_in, from, T_archive_from),
	FIELD(struct find_in, to, T_archive_to),
	FIELD_END,
};

/* The rarest word first, so that a common one is never walked for the sake of a rare one. */
static bool rarest_first(struct ctx *c, struct strs *w)
{
	const char **at = ARENA_ARRAY(c->arena, w->len, const char *);
	int64_t least = INT64_MAX;
	size_t best = 0;

	memcpy(at, w->at, w->len * sizeof(*at));
	for (size_t i = 0; i < w->len; i++) {
		int64_t n;
		if (!archive_word_count(c, at[i], &n))
			return false;
		if (n < least) {
			least = n;
			best = i;
		}
	}
	const char *first = at[best];
	at[best] = at[0];
	at[0] = first;
	w->at = at;
	return true;
}

bool archive_search(struct ctx *c, const char *q, int64_t before, int64_t limit, struct archive_hit **rows, size_t *len)
{
	struct strs words = archive_words(c->arena, q, false), rest;

	*len = 0;
	*rows = NULL;
	if (words.len == 0)
		return true;
	if (words.len == 1)
		return archive_search_one(c, words.at[0], before, limit, rows, len);
	if (words.len > 12)
		words.len = 12;
	if (!rarest_first(c, &words))
		return false;
	rest = (struct strs){ words.at + 1, words.len - 1 };
	return archive_search_all(c, words.at[0], rest, (int64_t)rest.len, before, limit, rows, len);
}

static struct done *archive_get(struct ctx *c, struct req *r)
{
	static const struct view item = { archive_hit_fields, NULL };
	const struct find_in *in = req_in(r);
	struct paging pg = req_paging(r);
	struct archive_list_page p = { .q = in->q, .from = in->from, .to = in->to };
	int64_t before = pg.after_id > 0 ? pg.after_id : INT64_MAX, next = 0;
	struct archive_key key;
	bool found;
	size_t len;

	if (!(in->q != NULL ? archive_search(c, in->q, before, pg.limit + 1, &p.items, &len)
			    : archive_page(c, before, in->from, in->to, pg.limit + 1, &p.items, &len)) ||
		!archive_key_find(c, &key, &found))
		return reply_error(r);
	p.key = found ? key.public_key : NULL;
	if (len > (size_t)pg.limit) {
		len = (size_t)pg.limit;
		next = p.items[len - 1].order;
	}
	p.items_len = len;
	p.next_url = req_next(r, next, NULL);
	return reply_list(r, &item, p.items, len, next, NULL, PAGE(tmpl_archive_list), &p);
}

/* ---- erasing ---- */

struct erase_in {
	const char *reason;
};
static const struct field erase_fields[] = {
	FIELD(struct erase_in, reason, T_archive_reason, .flags = F_REQUIRED, .max = 300),
	FIELD_END,
};

const struct field erase_page_fields[] = {
	FIELD(struct erase_page, id, T_none),
	FIELD(struct erase_page, code, T_archive_customer),
	FIELD(struct erase_page, name, T_archive_customer),
	FIELD(struct erase_page, orders, T_archive_erase_orders),
	FIELD(struct erase_page, records, T_archive_erase_records),
	FIELD(struct erase_page, messages, T_archive_erase_messages),
	FIELD(struct erase_page, notices, T_archive_erase_notices),
	FIELD(struct erase_page, cases, T_archive_erase_cases),
	FIELD(struct erase_page, returns, T_archive_erase_returns),
	FIELD(struct erase_page, photos, T_archive_erase_photos),
	FIELD(struct erase_page, obstacle, T_archive_erase_obstacle),
	FIELD(struct erase_page, erased_at, T_archive_erased_at),
	FIELD(struct erase_page, reason, T_archive_reason),
	FIELD(struct erase_page, erased_by, T_archive_erased_by),
	FIELD_END,
};
static const struct view erase_answer = { erase_page_fields, NULL };

/* What goes and what must stay is said before anything is done: it cannot be undone. */
static struct done *erase_get(struct ctx *c, struct req *r)
{
	static const struct view page = { erase_page_fields, PAGE(tmpl_archive_erase) };
	struct erase_page p;

	if (!erase_page_make(c, req_id(r), &p) || !archive_erase_obstacle(c, p.id, &p.obstacle))
		return reply_error(r);
	return reply_view(r, &page, &p);
}

static struct done *erase_post(struct ctx *c, struct req *r)
{
	const struct erase_in *in = req_in(r);

	if (!archive_erase(c, req_id(r), in->reason))
		return reply_error(r);
	return reply_empty(r);
}

#define IN(f, s) (f), sizeof(s)
static const struct route routes[] = {
	{ GET, "/archive", RIGHT_look, IN(find_fields, struct find_in), archive_get, T_archive_list, ROUTE_LIST, NULL },
	{ GET, "/orders/:id/archive", RIGHT_look, NULL, 0, record_get, T_archive_one, 0, &record_answer },
	{ POST, "/orders/:id/archive", RIGHT_people, NULL, 0, archive_post, T_archive_do, 0, &record_answer },
	{ GET, "/orders/:id/proof.json", RIGHT_look, NULL, 0, proof_get, T_archive_proof, 0, NULL },
	{ GET, "/customers/:id/erase", RIGHT_people, NULL, 0, erase_get, T_archive_do_erase, 0, &erase_answer },
	{ POST, "/customers/:id/erase", RIGHT_people, IN(erase_fields, struct erase_in), erase_post, T_archive_do_erase,
		0, NULL },
	ROUTE_END,
};

static const struct menu menu[] = {
	{ T_archive_menu, "/archive", 85, RIGHT_look },
	{ T_none, NULL, 0, RIGHT_none },
};

static const struct tick ticks[] = {
	{ "archive.due", 300, archive_due },
	{ NULL, 0, NULL },
};

const struct module archive_module = {
	.name = "archive",
	.routes = routes,
	.listens = archive_listens,
	.menu = menu,
	.checks = archive_checks,
	.ticks = ticks,
};
