/* Pages and answers of customers: lists, one customer, its credit, addresses and names for our goods. */
#include "mod/customer/customer_row.h"
#include "mod/customer/customer_view.h"

#include "app/pinyin.h"
#include "gen/customer_sql.h"
#include "gen/tmpl.h"
#include "mod/catalog/catalog_keys.h"

const struct field customer_crate_fields[] = { FIELD(struct customer_crate, crate, T_crate_code),
	FIELD(struct customer_crate, name, T_crate_name), FIELD(struct customer_crate, count, T_crate_count),
	FIELD(struct customer_crate, amount, T_crate_deposit), FIELD_END };

const struct field customer_view_fields[] = { FIELD_AS(struct customer_view, customer.id, "id", T_none,
						      .flags = F_READONLY),
	FIELD_AS(struct customer_view, customer.version, "version", T_none, .flags = F_READONLY),
	FIELD_AS(struct customer_view, customer.code, "code", T_customer_code),
	FIELD_AS(struct customer_view, customer.name, "name", T_customer_name),
	FIELD_AS(struct customer_view, customer.short_name, "short_name", T_customer_short_name),
	FIELD_AS(struct customer_view, customer.contact, "contact", T_customer_contact),
	FIELD_AS(struct customer_view, customer.phone, "phone", T_customer_phone),
	FIELD_AS(struct customer_view, customer.email, "email", T_customer_email),
	FIELD_AS(struct customer_view, customer.address, "address", T_customer_address),
	FIELD_AS(struct customer_view, customer.tier, "tier", T_customer_tier),
	FIELD_AS(struct customer_view, customer.credit_limit, "credit_limit", T_customer_credit_limit),
	FIELD_AS(struct customer_view, customer.credit_days, "credit_days", T_customer_credit_days),
	FIELD_AS(struct customer_view, customer.delivery_window, "delivery_window", T_customer_delivery_window),
	FIELD_AS(struct customer_view, customer.payment, "payment", T_customer_payment),
	FIELD_AS(struct customer_view, customer.salesperson, "salesperson", T_customer_salesperson),
	FIELD_AS(struct customer_view, customer.aliases, "aliases", T_customer_aliases),
	FIELD_AS(struct customer_view, customer.remarks, "remarks", T_customer_remarks),
	FIELD_AS(struct customer_view, customer.active, "active", T_customer_active),
	FIELD_OBJ(struct customer_view, credit, credit_fields, T_customer_credit),
	FIELD_LIST(struct customer_view, addresses, customer_address_fields, T_customer_addresses),
	FIELD_LIST(struct customer_view, names, customer_alias_fields, T_customer_names),
	FIELD_LIST(struct customer_view, crates, customer_crate_fields, T_crate_held), FIELD_END };

struct customer_query {
	const char *q;
};
static const struct field query_fields[] = { FIELD(struct customer_query, q, T_customer_search, .max = 100),
	FIELD_END };
static const struct field find_fields[] = {
	FIELD(struct customer_query, q, T_customer_search, .max = 100, .flags = F_REQUIRED), FIELD_END
};

static const struct field address_in_fields[] = { FIELD(struct customer_address, label, T_customer_label, .max = 50,
							  .flags = F_REQUIRED),
	FIELD(struct customer_address, address, T_customer_address, .max = 200, .flags = F_REQUIRED),
	FIELD(struct customer_address, contact, T_customer_contact, .max = 50),
	FIELD(struct customer_address, phone, T_customer_phone, .max = 50), FIELD_END };
static const struct field alias_in_fields[] = { FIELD(struct customer_alias, alias, T_customer_alias, .max = 50,
							.flags = F_REQUIRED),
	FIELD(struct customer_alias, sku, T_product_sku, .max = 64, .flags = F_REQUIRED), FIELD_END };
static const struct field alias_drop_fields[] = {
	FIELD(struct customer_alias, alias, T_customer_alias, .max = 50, .flags = F_REQUIRED), FIELD_END
};

static const struct view customer_one = { customer_view_fields, PAGE(tmpl_customer_customer) };
static const struct view customer_item = { customer_fields, NULL };
static const struct view hit_item = { customer_hit_fields, NULL };
static const struct view credit_one = { credit_fields, NULL };
static const struct view address_item = { customer_address_fields, NULL };
static const struct view alias_item = { customer_alias_fields, NULL };

static bool view_of(struct ctx *c, int64_t id, struct customer_view *v)
{
	*v = (struct customer_view){ .left = MONEY_NONE };
	if (!customer_get(c, id, &v->customer) || !customer_credit(c, id, (struct money){ 0 }, &v->credit) ||
		!customer_address_list(c, id, &v->addresses, &v->addresses_len) ||
		!customer_alias_list(c, id, &v->names, &v->names_len) ||
		!customer_crates(c, id, &v->crates, &v->crates_len))
		return false;
	if (money_is(v->credit.limit) && !money_sub(&v->left, v->credit.limit, v->credit.exposure))
		v->left = MONEY_NONE;
	v->late = money_cmp(v->credit.overdue, (struct money){ 0 }) > 0;
	return true;
}

/* The customer as it is now, after a change that went well. */
static struct done *answer(struct ctx *c, struct req *r, bool went_well)
{
	struct customer_view *v = ARENA_NEW(c->arena, struct customer_view);

	if (!went_well || !view_of(c, req_id(r), v))
		return reply_error(r);
	return reply_moved(r, &customer_one, v, "/customers/%lld", (long long)req_id(r));
}

/* ---- reading ---- */

static bool page_of(struct ctx *c, const char *q, const char *after, int64_t limit, struct customer **rows, size_t *len)
{
	const char *key;

	if (q == NULL)
		return customer_page(c, after, limit, rows, len);
	key = name_fold(c->arena, q);
	return customer_page_found(c, key, key_end(c->arena, key), after, limit, rows, len);
}

static struct done *list_get(struct ctx *c, struct req *r)
{
	const struct customer_query *in = req_in(r);
	struct paging at = req_paging(r);
	struct customer_list v = { .q = in->q };
	const struct customer *last;
	int64_t next;
	size_t len;

	if (!page_of(c, in->q, at.after_key, at.limit + 1, &v.rows, &len))
		return reply_error(r);
	v.rows_len = len > (size_t)at.limit ? (size_t)at.limit : len;
	last = v.rows_len > 0 ? &v.rows[v.rows_len - 1] : &(struct customer){ 0 };
	next = len > v.rows_len ? last->id : 0;
	v.next_url = req_next(r, next, last->code);
	return reply_list(r, &customer_item, v.rows, v.rows_len, next, last->code, PAGE(tmpl_customer_list), &v);
}

static struct done *find_get(struct ctx *c, struct req *r)
{
	const struct customer_query *in = req_in(r);
	struct customer_hit *rows;
	size_t len;

	if (!customer_search(c, in->q, &rows, &len))
		return reply_error(r);
	return reply_list(r, &hit_item, rows, len, 0, NULL, NULL, NULL);
}

static struct done *one_get(struct ctx *c, struct req *r)
{
	struct customer_view *v = ARENA_NEW(c->arena, struct customer_view);

	if (!view_of(c, req_id(r), v))
		return reply_error(r);
	return reply_view(r, &customer_one, v);
}

static struct done *credit_get(struct ctx *c, struct req *r)
{
	struct credit *k = ARENA_NEW(c->arena, struct credit);

	if (!customer_credit(c, req_id(r), (struct money){ 0 }, k))
		return reply_error(r);
	return reply_view(r, &credit_one, k);
}

static struct done *addresses_get(struct ctx *c, struct req *r)
{
	struct customer_address *rows;
	struct customer u;
	size_t len;

	if (!customer_get(c, req_id(r), &u) || !customer_address_list(c, u.id, &rows, &len))
		return reply_error(r);
	return reply_list(r, &address_item, rows, len, 0, NULL, NULL, NULL);
}

static struct done *aliases_get(struct ctx *c, struct req *r)
{
	struct customer_alias *rows;
	struct customer u;
	size_t len;

	if (!customer_get(c, req_id(r), &u) || !customer_alias_list(c, u.id, &rows, &len))
		return reply_error(r);
	return reply_list(r, &alias_item, rows, len, 0, NULL, NULL, NULL);
}

/* ---- changing ---- */

static struct done *create_post(struct ctx *c, struct req *r)
{
	struct customer_view *v = ARENA_NEW(c->arena, struct customer_view);
	int64_t id;

	if (!customer_create(c, req_in(r), &id) || !view_of(c, id, v))
		return reply_error(r);
	return reply_created(r, &customer_one, v, "/customers/%lld", (long long)id);
}

static struct done *change_post(struct ctx *c, struct req *r)
{
	return answer(c, r, customer_change(c, req_id(r), req_version(r), req_in(r), req_wants_page(r)));
}

static struct done *credit_post(struct ctx *c, struct req *r)
{
	return answer(c, r, customer_credit_change(c, req_id(r), req_version(r), req_in(r), req_wants_page(r)));
}

static struct done *address_post(struct ctx *c, struct req *r)
{
	return answer(c, r, customer_address_add(c, req_id(r), req_in(r)));
}

static struct done *address_drop(struct ctx *c, struct req *r)
{
	return answer(c, r, customer_address_drop(c, req_id(r), req_n(r)));
}

static struct done *alias_post(struct ctx *c, struct req *r)
{
	const struct customer_alias *in = req_in(r);

	return answer(c, r, customer_alias_set(c, req_id(r), in->alias, in->sku));
}

static struct done *alias_drop(struct ctx *c, struct req *r)
{
	const struct customer_alias *in = req_in(r);

	return answer(c, r, customer_alias_drop(c, req_id(r), in->alias));
}

#define IN(fields, S) fields, sizeof(S)

static const struct route routes[] = { { GET, "/customers", RIGHT_look, IN(query_fields, struct customer_query),
					       list_get, T_customer_list, ROUTE_LIST, &customer_item },
	{ POST, "/customers", RIGHT_customer_edit, IN(customer_new_fields, struct customer_in), create_post,
		T_customer_new, 0, &customer_one },
	{ GET, "/customers/find", RIGHT_look, IN(find_fields, struct customer_query), find_get, T_customer_search,
		ROUTE_API_ONLY, &hit_item },
	{ GET, "/customers/:id", RIGHT_look, NULL, 0, one_get, T_customer_customer, 0, &customer_one },
	{ POST, "/customers/:id", RIGHT_customer_edit, IN(customer_change_fields, struct customer_in), change_post,
		T_customer_change, 0, &customer_one },
	{ GET, "/customers/:id/credit", RIGHT_look, NULL, 0, credit_get, T_customer_credit, ROUTE_API_ONLY,
		&credit_one },
	{ POST, "/customers/:id/credit", RIGHT_credit_edit, IN(customer_credit_in_fields, struct customer_in),
		credit_post, T_customer_credit_change, 0, &customer_one },
	{ GET, "/customers/:id/addresses", RIGHT_look, NULL, 0, addresses_get, T_customer_addresses, ROUTE_API_ONLY,
		&address_item },
	{ POST, "/customers/:id/addresses", RIGHT_customer_edit, IN(address_in_fields, struct customer_address),
		address_post, T_customer_address_add, 0, &customer_one },
	{ POST, "/customers/:id/addresses/:n/drop", RIGHT_customer_edit, NULL, 0, address_drop, T_customer_drop, 0,
		&customer_one },
	{ GET, "/customers/:id/aliases", RIGHT_look, NULL, 0, aliases_get, T_customer_names, ROUTE_API_ONLY,
		&alias_item },
	{ POST, "/customers/:id/aliases", RIGHT_customer_edit, IN(alias_in_fields, struct customer_alias), alias_post,
		T_customer_name_add, 0, &customer_one },
	{ POST, "/customers/:id/aliases/drop", RIGHT_customer_edit, IN(alias_drop_fields, struct customer_alias),
		alias_drop, T_customer_drop, 0, &customer_one },
	ROUTE_END };

static const struct menu menu[] = {
	{ T_menu_customers, "/customers", 60, RIGHT_look },
	{ .path = NULL },
};

static bool count_credit(struct ctx *c, int64_t *counted, int64_t *broken, const char **first)
{
	return customer_count(c, counted) && credit_broken_count(c, broken) && credit_broken_first(c, first);
}

static const struct check checks[] = {
	{ 6, "receivables", count_credit },
	{ .name = NULL },
};

static const struct import imports[] = {
	{ "customers", customer_import },
	{ "customer_aliases", customer_import_aliases },
	{ NULL, NULL },
};

extern const struct listen customer_listens[];

const struct module customer_module = {
	.name = "customer",
	.listens = customer_listens,
	.routes = routes,
	.menu = menu,
	.checks = checks,
	.imports = imports,
};
