#include "mod/price/price_view.h"

#include "gen/price_sql.h"

#include <stdlib.h>
#include <string.h>

static const char *const kind_names[] = { "tier", "contract", NULL };

const struct field price_rule_fields[] = { FIELD(struct price_rule, id, T_none),
	FIELD(struct price_rule, kind, T_price_kind), FIELD(struct price_rule, tier, T_price_tier),
	FIELD(struct price_rule, customer_id, T_none, .flags = F_HIDDEN),
	FIELD(struct price_rule, product_id, T_none, .flags = F_HIDDEN),
	FIELD(struct price_rule, price_unit, T_product_price_unit), FIELD(struct price_rule, min_qty, T_price_min_qty),
	FIELD(struct price_rule, price, T_product_price), FIELD(struct price_rule, valid_from, T_price_valid_from),
	FIELD(struct price_rule, valid_to, T_price_valid_to),
	FIELD(struct price_rule, contract_no, T_price_contract_no),
	FIELD(struct price_rule, made_at, T_none, .flags = F_HIDDEN), FIELD_END };

const struct field price_in_fields[] = { FIELD(struct price_in, kind, T_price_kind, .max = 16),
	FIELD(struct price_in, tier, T_price_tier, .max = 16),
	FIELD(struct price_in, customer, T_price_customer, .max = 32),
	FIELD(struct price_in, sku, T_product_sku, .max = 64, .flags = F_REQUIRED),
	FIELD(struct price_in, price_unit, T_product_price_unit, .max = 16),
	FIELD(struct price_in, min_qty, T_price_min_qty, .max = QTY_MAX, .flags = F_UNSIGNED),
	FIELD(struct price_in, price, T_product_price, .max = PRICE_MAX, .flags = F_REQUIRED | F_UNSIGNED),
	FIELD(struct price_in, valid_from, T_price_valid_from), FIELD(struct price_in, valid_to, T_price_valid_to),
	FIELD(struct price_in, contract_no, T_price_contract_no, .max = 50), FIELD_END };

/* ---- where it comes from, in people's words ---- */

const char *price_source_text(struct ctx *c, const char *source)
{
	const char *colon = strchr(source, ':'), *from = strstr(source, ">=");
	const char *arg = colon != NULL ? colon + 1 : "";

	if (from != NULL)
		return text_fill(c->arena, c->lang, T_order_source_tier_from,
			(const char *const[]){ arena_strndup(c->arena, arg, (size_t)(from - arg)), from + 2, NULL });
	if (strncmp(source, "tier", 4) == 0)
		return text_fill(c->arena, c->lang, T_order_source_tier, (const char *const[]){ arg, NULL });
	if (strncmp(source, "contract", 8) == 0)
		return text_fill(c->arena, c->lang, T_order_source_contract, (const char *const[]){ arg, NULL });
	if (strcmp(source, "manual") == 0)
		return text_get(c->lang, T_order_source_manual);
	return text_get(c->lang, strcmp(source, "counter") == 0 ? T_order_source_counter : T_order_source_list);
}

/* ---- what it costs ---- */

/* The floor per product's price unit, told per the unit the price is in. Rounded up: a price at the told
 * floor must not lie below the real one. False if it is too large to be a price. */
static bool floor_in(struct price *out, struct price floor, struct ratio of, struct ratio in)
{
	__int128 over = (__int128)floor.e4 * in.num * of.den, under = (__int128)in.den * of.num;
	__int128 e4 = (over + under - 1) / under;

	if (e4 > PRICE_MAX)
		return false;
	out->e4 = (int64_t)e4;
	return true;
}

static const char *source_of(struct arena *a, const struct price_rule *r)
{
	if (strcmp(r->kind, "contract") == 0)
		return r->contract_no ? arena_printf(a, "contract:%s", r->contract_no) : "contract";
	if (qty_cmp(r->min_qty, QTY_ZERO) > 0)
		return arena_printf(a, "tier:%s>=%s", r->tier, qty_str(a, r->min_qty));
	return arena_printf(a, "tier:%s", r->tier);
}

/* The first rule of this product; len if it has none. */
static size_t rules_of(const struct price_rule *rules, size_t len, int64_t product_id)
{
	size_t lo = 0, hi = len;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (rules[mid].product_id < product_id)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

/* The rules of a product stand in the order in which they win; NULL: the list price holds. */
static const struct price_rule *choose(
	const struct price_rule *rules, size_t len, const struct price_question *q, struct ratio *unit)
{
	for (size_t i = rules_of(rules, len, q->product->id); i < len && rules[i].product_id == q->product->id; i++)
		if (qty_cmp(rules[i].min_qty, q->base) <= 0 &&
			unit_ratio(q->product, q->units, q->units_len, rules[i].price_unit, unit))
			return &rules[i];
	return NULL;
}

static bool answer(struct ctx *c, const struct price_rule *rules, size_t len, const struct price_question *q,
	struct price_answer *out)
{
	const struct product *p = q->product;
	const struct price_rule *r;
	struct ratio listed;

	if (!unit_ratio(p, q->units, q->units_len, p->price_unit, &listed))
		return fail(c, E_CONFLICT, T_price_unit_unknown, p->name, p->price_unit);
	*out = (struct price_answer){ p->list_price, p->price_unit, listed, "list", p->floor_price };
	r = choose(rules, len, q, &out->price_ratio);
	if (r == NULL) {
		out->price_ratio = listed;
		return true;
	}
	out->price = r->price;
	out->price_unit = r->price_unit;
	out->source = source_of(c->arena, r);
	if (price_is(p->floor_price) && !floor_in(&out->floor, p->floor_price, listed, out->price_ratio))
		return fail(c, E_RANGE, T_err_range);
	return true;
}

bool price_all(struct ctx *c, const struct customer *who, struct date on, const struct price_question *q, size_t len,
	struct price_answer *out)
{
	int64_t *ids = ARENA_ARRAY(c->arena, len + 1, int64_t);
	struct price_rule *rules = NULL;
	size_t rules_len = 0;

	for (size_t i = 0; i < len; i++)
		ids[i] = q[i].product->id;
	if (who && len > 0 &&
		!price_rules_for(c, who->id, who->tier, (struct i64s){ ids, len }, on, &rules, &rules_len))
		return false;
	for (size_t i = 0; i < len; i++)
		if (!answer(c, rules, rules_len, &q[i], &out[i]))
			return false;
	return true;
}

/* ---- making and dropping rules ---- */

static bool tell(struct ctx *c, const char *kind, const struct price_rule *r, const char *sku)
{
	struct event e = { .kind = kind, .entity = "price", .entity_id = r->id };
	struct buf b;
	struct json j;

	buf_init(&b, c->arena);
	json_start(&j, &b);
	json_obj(&j, NULL);
	json_str(&j, "sku", sku);
	json_int(&j, "customer_id", r->customer_id);
	fields_to_json(&j, price_rule_fields, r);
	json_end_obj(&j);
	e.data = buf_cstr(&b);
	return event_add(c, &e);
}

/* By code, or by id where no customer has that code. */
static bool find_customer(struct ctx *c, const char *name, int64_t *id)
{
	struct customer u;
	char *end;
	bool found;

	if (!customer_find(c, name, &u, &found))
		return false;
	*id = found ? u.id : strtoll(name, &end, 10);
	if (found || (*end == '\0' && customer_get(c, *id, &u)))
		return true;
	return ok(c) ? fail_field(c, "/customer", E_UNKNOWN, T_customer_no_customer, name) : false;
}

/* Who the price is for: a tier or a customer, never both. */
static bool check_whom(struct ctx *c, const struct price_in *in, struct price_rule *r)
{
	r->kind = in->kind ? in->kind : in->customer ? "contract" : "tier";
	if (enum_find(kind_names, r->kind) < 0)
		fail_field(c, "/kind", E_UNKNOWN, T_price_kinds);
	else if (strcmp(r->kind, "tier") == 0 && (in->tier == NULL || in->customer))
		fail_field(c, "/tier", in->tier ? E_RANGE : E_REQUIRED, T_price_tier_or_customer);
	else if (strcmp(r->kind, "contract") == 0 && (in->customer == NULL || in->tier))
		fail_field(c, "/customer", in->customer ? E_RANGE : E_REQUIRED, T_price_tier_or_customer);
	if (!ok(c))
		return false;
	r->tier = in->tier;
	r->customer_id = INT64_MIN;
	return in->customer == NULL || find_customer(c, in->customer, &r->customer_id);
}

static bool check_product(struct ctx *c, const struct price_in *in, struct price_rule *r)
{
	struct product_unit *u;
	struct product p;
	struct ratio unit;
	size_t len;
	bool found;

	if (!product_find(c, in->sku, &p, &found))
		return false;
	if (!found)
		return fail_field(c, "/sku", E_UNKNOWN, T_catalog_no_product, in->sku);
	r->product_id = p.id;
	r->price_unit = in->price_unit ? in->price_unit : p.price_unit;
	if (!product_units(c, (struct i64s){ &p.id, 1 }, &u, &len))
		return false;
	if (!unit_ratio(&p, u, len, r->price_unit, &unit))
		fail_field(c, "/price_unit", E_UNKNOWN, T_catalog_no_unit, r->price_unit, p.name);
	return ok(c);
}

bool price_add(struct ctx *c, const struct price_in *in, int64_t *id)
{
	struct price_rule r = {
		.price = in->price, .valid_to = in->valid_to, .contract_no = in->contract_no, .made_at = c->now
	};

	r.min_qty = qty_is(in->min_qty) ? in->min_qty : QTY_ZERO;
	r.valid_from = date_is(in->valid_from) ? in->valid_from : today(c);
	if (date_is(r.valid_to) && r.valid_to.day < r.valid_from.day)
		fail_field(c, "/valid_to", E_RANGE, T_price_ends_before);
	if (!check_whom(c, in, &r) || !check_product(c, in, &r) || !id_new(c, &r.id))
		return false;
	*id = r.id;
	return price_rule_insert(c, &r, 1) && tell(c, "price.created", &r, in->sku);
}

bool price_drop(struct ctx *c, int64_t id)
{
	struct price_rule r;
	struct product p;

	return price_rule_get(c, id, &r) && product_get(c, r.product_id, &p) && price_rule_delete(c, id) &&
	       tell(c, "price.dropped", &r, p.sku);
}
