#include "mod/customer/customer_row.h"

#include "app/pinyin.h"
#include "gen/customer_sql.h"
#include "mod/catalog/catalog.h"
#include "mod/catalog/catalog_keys.h"

#include <stdlib.h>
#include <string.h>

const struct field customer_fields[] = { FIELD(struct customer, id, T_none, .flags = F_READONLY),
	FIELD(struct customer, version, T_none, .flags = F_READONLY), FIELD(struct customer, code, T_customer_code),
	FIELD(struct customer, name, T_customer_name), FIELD(struct customer, short_name, T_customer_short_name),
	FIELD(struct customer, contact, T_customer_contact), FIELD(struct customer, phone, T_customer_phone),
	FIELD(struct customer, email, T_customer_email), FIELD(struct customer, address, T_customer_address),
	FIELD(struct customer, tier, T_customer_tier), FIELD(struct customer, credit_limit, T_customer_credit_limit),
	FIELD(struct customer, credit_days, T_customer_credit_days),
	FIELD(struct customer, delivery_window, T_customer_delivery_window),
	FIELD(struct customer, payment, T_customer_payment),
	FIELD(struct customer, salesperson, T_customer_salesperson),
	FIELD(struct customer, aliases, T_customer_aliases),
	FIELD(struct customer, remarks, T_customer_remarks, .flags = F_LINES),
	FIELD(struct customer, active, T_customer_active),
	FIELD(struct customer, credit_open, T_customer_open, .flags = F_READONLY),
	FIELD(struct customer, credit_receivable, T_customer_receivable, .flags = F_READONLY),
	FIELD(struct customer, created_at, T_customer_created_at, .flags = F_READONLY), FIELD_END };

#define DAYS_MAX 365

/* What may be said when a customer is made and when it is changed. */
#define FACTS                                                                                                          \
	FIELD(struct customer_in, short_name, T_customer_short_name, .max = 50),                                       \
		FIELD(struct customer_in, contact, T_customer_contact, .max = 50),                                     \
		FIELD(struct customer_in, phone, T_customer_phone, .max = 50),                                         \
		FIELD(struct customer_in, email, T_customer_email, .max = 200),                                        \
		FIELD(struct customer_in, address, T_customer_address, .max = 200),                                    \
		FIELD(struct customer_in, tier, T_customer_tier, .max = 16),                                           \
		FIELD(struct customer_in, delivery_window, T_customer_delivery_window, .max = 20),                     \
		FIELD(struct customer_in, payment, T_customer_payment, .max = 50),                                     \
		FIELD(struct customer_in, salesperson, T_customer_salesperson, .max = 50),                             \
		FIELD(struct customer_in, aliases, T_customer_aliases, .max = 500),                                    \
		FIELD(struct customer_in, remarks, T_customer_remarks, .max = 1000, .flags = F_LINES),                 \
		FIELD_JSON(struct customer_in, active, T_customer_active)

#define CREDIT                                                                                                         \
	FIELD(struct customer_in, credit_limit, T_customer_credit_limit, .max = MONEY_MAX, .flags = F_UNSIGNED),       \
		FIELD(struct customer_in, credit_days, T_customer_credit_days, .max = DAYS_MAX, .flags = F_UNSIGNED)

const struct field customer_new_fields[] = { FIELD(struct customer_in, code, T_customer_code, .max = 32,
						     .flags = F_REQUIRED),
	FIELD(struct customer_in, name, T_customer_name, .max = 100, .flags = F_REQUIRED), FACTS, CREDIT, FIELD_END };

const struct field customer_change_fields[] = { FIELD(struct customer_in, name, T_customer_name, .max = 100), FACTS,
	FIELD_END };

const struct field customer_credit_in_fields[] = { CREDIT, FIELD_END };

const struct field customer_address_fields[] = { FIELD(struct customer_address, id, T_none, .flags = F_READONLY),
	FIELD(struct customer_address, customer_id, T_none, .flags = F_HIDDEN),
	FIELD(struct customer_address, label, T_customer_label),
	FIELD(struct customer_address, address, T_customer_address),
	FIELD(struct customer_address, contact, T_customer_contact),
	FIELD(struct customer_address, phone, T_customer_phone), FIELD_END };

const struct field customer_alias_fields[] = { FIELD(struct customer_alias, customer_id, T_none, .flags = F_HIDDEN),
	FIELD(struct customer_alias, alias, T_customer_alias), FIELD(struct customer_alias, sku, T_product_sku),
	FIELD(struct customer_alias, name, T_product_name), FIELD_END };

const struct field customer_key_fields[] = { FIELD(struct customer_key, key, T_none),
	FIELD(struct customer_key, customer_id, T_none), FIELD_END };

const struct field customer_hit_fields[] = { FIELD(struct customer_hit, id, T_none),
	FIELD(struct customer_hit, code, T_customer_code), FIELD(struct customer_hit, name, T_customer_name),
	FIELD(struct customer_hit, short_name, T_customer_short_name),
	FIELD(struct customer_hit, contact, T_customer_contact), FIELD(struct customer_hit, phone, T_customer_phone),
	FIELD(struct customer_hit, address, T_customer_address), FIELD(struct customer_hit, tier, T_customer_tier),
	FIELD(struct customer_hit, delivery_window, T_customer_delivery_window),
	FIELD(struct customer_hit, matched, T_customer_matched), FIELD_END };

/* ---- keys ---- */

struct key_list {
	struct customer_key *at;
	size_t len, cap;
};

/* `key` is folded already; what it was made with may go. */
static void add(struct arena *a, struct key_list *l, int64_t id, const char *key)
{
	if (*key == '\0')
		return;
	if (l->len == l->cap) {
		struct customer_key *more = ARENA_ARRAY(a, l->cap ? l->cap * 2 : 64, struct customer_key);

		if (l->len > 0)
			memcpy(more, l->at, l->len * sizeof(*more));
		l->at = more;
		l->cap = l->cap ? l->cap * 2 : 64;
	}
	l->at[l->len++] = (struct customer_key){ arena_strdup(a, key), id };
}

/* Where keys are made; emptied after every customer, so that a large import stays small. */
struct maker {
	struct arena *keep, *scratch;
	struct key_list *list;
	int64_t id;
};

static void add_name(const struct maker *m, const char *name)
{
	const char **keys;
	size_t n = name ? name_keys(m->scratch, name, &keys) : 0;

	for (size_t i = 0; i < n; i++)
		add(m->keep, m->list, m->id, keys[i]);
}

/* With its hyphens, without them, and the last four digits: that is what people remember of a phone. */
static void add_phone(const struct maker *m, const char *phone)
{
	char *digits = arena_strdup(m->scratch, phone ? phone : ""), *to = digits;

	for (const char *s = digits; *s; s++)
		if (*s >= '0' && *s <= '9')
			*to++ = *s;
	*to = '\0';
	add(m->keep, m->list, m->id, name_fold(m->scratch, phone ? phone : ""));
	add(m->keep, m->list, m->id, digits);
	if (to - digits > 4)
		add(m->keep, m->list, m->id, to - 4);
}

static void add_customer(const struct maker *m, const struct customer *u)
{
	char *rest = arena_strdup(m->scratch, u->aliases ? u->aliases : ""), *alias;

	add(m->keep, m->list, m->id, name_fold(m->scratch, u->code));
	add_name(m, u->name);
	add_name(m, u->short_name);
	add_name(m, u->contact);
	add_phone(m, u->phone);
	add(m->keep, m->list, m->id, name_fold(m->scratch, u->email ? u->email : ""));
	while ((alias = strsep(&rest, "|")))
		add_name(m, alias);
}

static void add_customers(struct arena *a, struct key_list *l, const struct customer *who, size_t len)
{
	struct maker m = { .keep = a, .scratch = arena_new(), .list = l };

	for (size_t i = 0; i < len; i++) {
		m.id = who[i].id;
		if (who[i].active)
			add_customer(&m, &who[i]);
		arena_reset(m.scratch);
	}
	arena_free(m.scratch);
}

/* In order, so that the tree of keys is filled from left to right. */
static int by_key(const void *x, const void *y)
{
	const struct customer_key *a = x, *b = y;
	int d = strcmp(a->key, b->key);

	return d ? d : (a->customer_id > b->customer_id) - (a->customer_id < b->customer_id);
}

bool customer_keys_write(struct ctx *c, const struct customer *who, size_t len)
{
	int64_t *ids = ARENA_ARRAY(c->arena, len + 1, int64_t);
	struct key_list l = { 0 };

	for (size_t i = 0; i < len; i++)
		ids[i] = who[i].id;
	add_customers(c->arena, &l, who, len);
	if (l.len > 0)
		qsort(l.at, l.len, sizeof(*l.at), by_key);
	return customer_key_delete(c, (struct i64s){ ids, len }) && customer_key_put(c, l.at, l.len);
}

bool customer_search(struct ctx *c, const char *q, struct customer_hit **out, size_t *len)
{
	const char *key = name_fold(c->arena, q);

	*len = 0;
	return *key == '\0' || customer_hits(c, key, key_end(c->arena, key), 12, out, len);
}

/* ---- making and changing ---- */

static bool tell(struct ctx *c, const char *kind, const struct customer *u)
{
	struct event e = { .kind = kind, .entity = "customer", .entity_id = u->id };
	struct buf b;
	struct json j;

	buf_init(&b, c->arena);
	json_start(&j, &b);
	json_obj(&j, NULL);
	json_str(&j, "code", u->code);
	json_str(&j, "name", u->name);
	json_str(&j, "phone", u->phone);
	json_str(&j, "address", u->address);
	json_str(&j, "tier", u->tier);
	json_money(&j, "credit_limit", u->credit_limit);
	json_int(&j, "credit_days", u->credit_days);
	json_bool(&j, "active", u->active);
	json_end_obj(&j);
	e.data = buf_cstr(&b);
	return event_add(c, &e);
}

static void keep(const char **to, const char *said, bool whole)
{
	if (said || whole)
		*to = said;
}

static void take(struct customer *u, const struct customer_in *in, bool whole)
{
	keep(&u->name, in->name, false);
	keep(&u->short_name, in->short_name, whole);
	keep(&u->contact, in->contact, whole);
	keep(&u->phone, in->phone, whole);
	keep(&u->email, in->email, whole);
	keep(&u->address, in->address, whole);
	keep(&u->tier, in->tier, whole);
	keep(&u->delivery_window, in->delivery_window, whole);
	keep(&u->payment, in->payment, whole);
	keep(&u->salesperson, in->salesperson, whole);
	keep(&u->aliases, in->aliases, whole);
	keep(&u->remarks, in->remarks, whole);
	/* JSON true and 1, and the same in quotation marks, are yes. */
	if (in->active && strcmp(in->active, "null") != 0)
		u->active = strstr(in->active, "true") != NULL || strchr(in->active, '1') != NULL;
}

static void take_credit(struct customer *u, const struct customer_in *in, bool whole)
{
	if (money_is(in->credit_limit) || whole)
		u->credit_limit = in->credit_limit;
	if (in->credit_days != INT64_MIN || whole)
		u->credit_days = in->credit_days;
}

/* A code that is taken: 409, and the field says which. */
static bool code_free(struct ctx *c, const char *code)
{
	struct customer other;
	bool found;

	if (!customer_find(c, code, &other, &found))
		return false;
	if (!found)
		return true;
	fail(c, E_CONFLICT, T_customer_taken, code, other.name);
	return fail_field(c, "/code", E_DUPLICATE, T_customer_taken, code, other.name);
}

bool customer_create(struct ctx *c, const struct customer_in *in, int64_t *id)
{
	struct customer u = { .code = in->code, .version = 1, .active = true, .created_at = c->now };

	take(&u, in, true);
	take_credit(&u, in, true);
	if (!code_free(c, u.code) || !id_new(c, &u.id))
		return false;
	*id = u.id;
	return customer_insert(c, &u, 1) && customer_keys_write(c, &u, 1) && tell(c, "customer.created", &u);
}

static bool lock(struct ctx *c, int64_t id, int64_t version, struct customer *u)
{
	int64_t now;

	if (!customer_lock(c, id, &now) || !customer_get(c, id, u))
		return false;
	if (version != INT64_MIN && version != u->version)
		return fail(c, E_VERSION, T_customer_changed_meanwhile, u->name);
	u->version++;
	return true;
}

bool customer_change(struct ctx *c, int64_t id, int64_t version, const struct customer_in *in, bool whole)
{
	struct customer u;

	if (!lock(c, id, version, &u))
		return false;
	take(&u, in, whole);
	return customer_update(c, &u, 1) && customer_keys_write(c, &u, 1) && tell(c, "customer.changed", &u);
}

bool customer_credit_change(struct ctx *c, int64_t id, int64_t version, const struct customer_in *in, bool whole)
{
	struct customer u;

	if (!lock(c, id, version, &u))
		return false;
	take_credit(&u, in, whole);
	return customer_update(c, &u, 1) && tell(c, "customer.credit_changed", &u);
}

/* ---- addresses, and what it calls our goods ---- */

/* The customer's version moves with everything that its page shows. */
static bool touch(struct ctx *c, const struct customer *u)
{
	return customer_update(c, u, 1) && tell(c, "customer.changed", u);
}

bool customer_address_add(struct ctx *c, int64_t customer_id, const struct customer_address *in)
{
	struct customer_address row = *in;
	struct customer u;

	row.customer_id = customer_id;
	return lock(c, customer_id, INT64_MIN, &u) && id_new(c, &row.id) && customer_address_insert(c, &row, 1) &&
	       touch(c, &u);
}

bool customer_address_drop(struct ctx *c, int64_t customer_id, int64_t id)
{
	struct customer u;
	int64_t gone;

	if (!lock(c, customer_id, INT64_MIN, &u) || !customer_address_delete(c, customer_id, id, &gone))
		return false;
	return gone == 1 ? touch(c, &u) : fail(c, E_NOT_FOUND, T_customer_nothing_there);
}

bool customer_alias_set(struct ctx *c, int64_t customer_id, const char *alias, const char *sku)
{
	struct customer_alias row = { customer_id, alias, sku, NULL };
	struct customer u;
	struct product p;
	bool found;

	if (!lock(c, customer_id, INT64_MIN, &u) || !product_find(c, sku, &p, &found))
		return false;
	if (!found)
		return fail_field(c, "/sku", E_UNKNOWN, T_catalog_no_product, sku);
	return customer_alias_put(c, &row, 1) && touch(c, &u);
}

bool customer_alias_drop(struct ctx *c, int64_t customer_id, const char *alias)
{
	struct customer u;
	int64_t gone;

	if (!lock(c, customer_id, INT64_MIN, &u) || !customer_alias_delete(c, customer_id, alias, &gone))
		return false;
	return gone == 1 ? touch(c, &u) : fail(c, E_NOT_FOUND, T_customer_nothing_there);
}
