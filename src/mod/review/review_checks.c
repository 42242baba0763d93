/* review_checks: the evidence. Each check says pass, warn or block, with its figures for programs and one sentence for people. */
#include "mod/review/review_int.h"

#include "app/calendar.h"
#include "gen/order_sql.h"
#include "mod/catalog/catalog.h"
#include "mod/customer/customer.h"

#include <inttypes.h>
#include <string.h>

#define CHECKS 5
#define SAY(c, key, ...)                                                                                               \
	text_fill((c)->arena, (c)->lang, (key), (const char *const[]){ __VA_ARGS__ __VA_OPT__(, ) NULL })

struct facts {
	struct buf b;
	struct json j;
};

static void facts_open(struct ctx *c, struct facts *f)
{
	buf_init(&f->b, c->arena);
	json_start(&f->j, &f->b);
	json_obj(&f->j, NULL);
}

static void conclude(struct review_check *k, const char *check, enum review_result result, struct facts *f,
	const char *text, const char *source)
{
	json_end_obj(&f->j);
	k->check = check;
	k->result = result;
	k->facts = buf_cstr(&f->b);
	k->text = text;
	k->source = source;
}

static const char *count_str(struct ctx *c, size_t n)
{
	return arena_printf(c->arena, "%zu", n);
}

/* ---- stock: what this order still needs against what is free to promise on its ship date ---- */

struct need_of {
	int64_t product_id;
	const char *name, *sku;
	int64_t milli, line;
};

/* A product on several lines, in several units, is needed once, by the sum. */
static size_t needs_of(struct ctx *c, const struct order *o, struct need_of **out)
{
	struct need_of *n = ARENA_ARRAY(c->arena, o->lines_len, struct need_of);
	size_t len = 0;

	for (size_t i = 0; i < o->lines_len; i++) {
		const struct order_line *l = &o->lines[i];
		int64_t milli = order_line_open(l).milli - l->reserved.milli - l->picked.milli - l->packed.milli;
		size_t k = 0;
		while (k < len && n[k].product_id != l->product_id)
			k++;
		if (k == len)
			n[len++] = (struct need_of){ l->product_id, l->name, l->sku, 0, l->line };
		n[k].milli += milli;
	}
	*out = n;
	return len;
}

static int64_t free_of(const struct stock_free *free_list, size_t len, int64_t product_id)
{
	for (size_t i = 0; i < len; i++)
		if (free_list[i].product_id == product_id)
			return free_list[i].available.milli;
	return 0;
}

static bool check_stock(struct ctx *c, const struct order *o, struct review_check *k)
{
	struct need_of *needs;
	size_t n = needs_of(c, o, &needs), free_len, short_n = 0;
	int64_t *ids = ARENA_ARRAY(c->arena, n, int64_t);
	struct stock_free *free_list;
	const struct need_of *worst = NULL;
	int64_t least = INT64_MAX, worst_free = 0;
	struct facts f;

	for (size_t i = 0; i < n; i++)
		ids[i] = needs[i].product_id;
	if (!stock_free_all(c, (struct i64s){ ids, n }, o->delivery_date, &free_list, &free_len))
		return false;
	facts_open(c, &f);
	json_arr(&f.j, "lines");
	for (size_t i = 0; i < n; i++) {
		int64_t have = free_of(free_list, free_len, needs[i].product_id), left = have - needs[i].milli;
		short_n += left < 0;
		if (left < least) {
			least = left;
			worst = &needs[i];
			worst_free = have;
		}
		json_obj(&f.j, NULL);
		json_int(&f.j, "line", needs[i].line);
		json_str(&f.j, "sku", needs[i].sku);
		json_qty(&f.j, "needed", (struct qty){ needs[i].milli });
		json_qty(&f.j, "available", (struct qty){ have });
		json_qty(&f.j, "short", (struct qty){ left < 0 ? -left : 0 });
		json_end_obj(&f.j);
	}
	json_end_arr(&f.j);
	conclude(k, "stock", short_n > 0 ? RV_BLOCK : RV_PASS, &f,
		short_n > 0 ? SAY(c, T_review_stock_short, arena_printf(c->arena, "%" PRId64, worst->line), worst->name,
				      qty_str(c->arena, (struct qty){ worst->milli }),
				      qty_str(c->arena, (struct qty){ worst_free }), count_str(c, short_n))
		: worst != NULL ? SAY(c, T_review_stock_ok, count_str(c, n), worst->name,
					  qty_str(c->arena, (struct qty){ least }))
				: SAY(c, T_review_stock_none),
		SAY(c, T_review_stock_source));
	return true;
}

/* ---- price: never below the floor without a reason ---- */

static const struct product *product_of(const struct product *list, size_t len, int64_t id)
{
	for (size_t i = 0; i < len; i++)
		if (list[i].id == id)
			return &list[i];
	return NULL;
}

/* The floor stands per the product's price unit; a contract may count in another one. Compared as money per base unit. */
static bool below_floor(
	const struct order_line *l, const struct product *p, const struct product_unit *units, size_t units_len)
{
	struct ratio r;

	if (!price_is(p->floor_price) || !unit_ratio(p, units, units_len, p->price_unit, &r))
		return false;
	return (__int128)l->price.e4 * l->price_den * r.num < (__int128)p->floor_price.e4 * r.den * l->price_num;
}

static bool check_price(struct ctx *c, const struct order *o, struct review_check *k)
{
	int64_t *ids = ARENA_ARRAY(c->arena, o->lines_len, int64_t);
	struct product *products;
	struct product_unit *units;
	size_t products_len, units_len, below = 0, manual = 0;
	const struct order_line *first = NULL;
	struct facts f;

	for (size_t i = 0; i < o->lines_len; i++)
		ids[i] = o->lines[i].product_id;
	if (!product_list_by_id(c, (struct i64s){ ids, o->lines_len }, &products, &products_len) ||
		!product_units(c, (struct i64s){ ids, o->lines_len }, &units, &units_len))
		return false;
	facts_open(c, &f);
	json_arr(&f.j, "lines");
	for (size_t i = 0; i < o->lines_len; i++) {
		const struct order_line *l = &o->lines[i];
		const struct product *p = product_of(products, products_len, l->product_id);
		bool low = p != NULL && below_floor(l, p, units, units_len);
		manual += strcmp(l->price_source, "manual") == 0;
		below += low;
		if (low && first == NULL)
			first = l;
		json_obj(&f.j, NULL);
		json_int(&f.j, "line", l->line);
		json_str(&f.j, "sku", l->sku);
		json_price(&f.j, "price", l->price);
		json_price(&f.j, "floor", p != NULL ? p->floor_price : PRICE_NONE);
		json_str(&f.j, "source", l->price_source);
		json_bool(&f.j, "below_floor", low);
		json_end_obj(&f.j);
	}
	json_end_arr(&f.j);
	conclude(k, "price",
		below > 0    ? RV_BLOCK
		: manual > 0 ? RV_WARN
			     : RV_PASS,
		&f,
		below > 0    ? SAY(c, T_review_price_below, first->name, price_str(c->arena, first->price),
				       price_str(c->arena,
					       product_of(products, products_len, first->product_id)->floor_price),
				       count_str(c, below))
		: manual > 0 ? SAY(c, T_review_price_manual, count_str(c, manual))
			     : SAY(c, T_review_price_ok, count_str(c, o->lines_len)),
		SAY(c, T_review_price_source));
	return true;
}

/* ---- ship date: cut-off, rush, holidays ---- */

static int minutes_now(const struct ctx *c)
{
	int64_t s = c->now.us / SECOND_US + zone_s(c);

	return (int)(s % 86400 / 60);
}

static bool check_ship_date(struct ctx *c, const struct order *o, struct review_check *k)
{
	int32_t days = o->delivery_date.day - today(c).day;
	int cutoff = 0, rush = 0;
	const char *holiday = day_holiday(o->delivery_date);
	const char *day = date_str(c->arena, o->delivery_date);
	enum review_result result = RV_PASS;
	const char *text;
	struct facts f;

	must(clock_parse(setting_str(c, "ship.cutoff"), &cutoff) &&
		clock_parse(setting_str(c, "ship.rush_cutoff"), &rush));
	if (days < 0) {
		result = RV_BLOCK;
		text = SAY(c, T_review_date_past, day);
	} else if (days == 0 && minutes_now(c) > rush) {
		result = RV_WARN;
		text = SAY(c, T_review_date_rush, setting_str(c, "ship.rush_cutoff"));
	} else if (days == 1 && minutes_now(c) > cutoff) {
		result = RV_WARN;
		text = SAY(c, T_review_date_cutoff, day, setting_str(c, "ship.cutoff"));
	} else if (holiday != NULL) {
		result = RV_WARN;
		text = SAY(c, T_review_date_holiday, day, holiday);
	} else {
		text = SAY(c, T_review_date_ok, day, arena_printf(c->arena, "%d", days));
	}
	facts_open(c, &f);
	json_date(&f.j, "delivery_date", o->delivery_date);
	json_int(&f.j, "days", days);
	json_str(&f.j, "cutoff", setting_str(c, "ship.cutoff"));
	json_str(&f.j, "holiday", holiday);
	conclude(k, "ship_date", result, &f, text, SAY(c, T_review_date_source));
	return true;
}

/* ---- credit: what the customer would owe with this order ---- */

static bool check_credit(struct ctx *c, const struct order *o, struct review_check *k)
{
	struct credit cr;
	struct facts f;
	struct money rest;
	enum review_result result = RV_PASS;
	const char *text;

	/* What an amended order holds already is in `open` and must not count twice. */
	if (!money_sub(&rest, order_open_value(o), o->credit_held) || !customer_credit(c, o->customer_id, rest, &cr))
		return false;
	if (!money_is(cr.limit)) {
		text = SAY(c, T_review_credit_none, money_show(c->arena, cr.exposure));
	} else if (cr.over_limit) {
		result = RV_BLOCK;
		text = SAY(c, T_review_credit_over, money_show(c->arena, cr.receivable), money_show(c->arena, cr.open),
			money_show(c->arena, cr.order), money_show(c->arena, cr.exposure),
			money_show(c->arena, cr.limit));
	} else if (cr.overdue.fen > 0) {
		result = RV_BLOCK;
		text = SAY(c, T_review_credit_overdue, money_show(c->arena, cr.overdue), cr.oldest_due);
	} else {
		result = cr.percent >= 90 ? RV_WARN : RV_PASS;
		text = SAY(c, T_review_credit_ok, money_show(c->arena, cr.receivable), money_show(c->arena, cr.open),
			money_show(c->arena, cr.order), money_show(c->arena, cr.exposure),
			money_show(c->arena, cr.limit), arena_printf(c->arena, "%" PRId64, cr.percent));
	}
	facts_open(c, &f);
	fields_to_json(&f.j, credit_fields, &cr);
	conclude(k, "credit", result, &f, text, SAY(c, T_review_credit_source));
	return true;
}

/* ---- duplicate: the same customer, the same day, the same goods, through whatever channel ---- */

static const char *number_of(const struct order_item *others, size_t len, int64_t id)
{
	for (size_t i = 0; i < len; i++)
		if (others[i].id == id)
			return others[i].number;
	return "";
}

static bool check_duplicate(struct ctx *c, const struct order *o, struct review_check *k)
{
	struct order_item *others;
	struct order_overlap *same = NULL;
	size_t others_len, same_len = 0;
	const struct order_overlap *twin = NULL;
	int64_t *ids;
	struct facts f;

	if (!order_same_day(c, o->customer_id, o->delivery_date, o->id, &others, &others_len))
		return false;
	ids = ARENA_ARRAY(c->arena, others_len, int64_t);
	for (size_t i = 0; i < others_len; i++)
		ids[i] = others[i].id;
	if (others_len > 0 && !order_same_lines(c, o->id, (struct i64s){ ids, others_len }, &same, &same_len))
		return false;
	for (size_t i = 0; i < same_len; i++)
		if (same[i].exact >= (int64_t)o->lines_len)
			twin = &same[i];
	facts_open(c, &f);
	json_int(&f.j, "same_day_orders", (int64_t)others_len);
	json_arr(&f.j, "orders");
	for (size_t i = 0; i < others_len; i++)
		json_str(&f.j, NULL, others[i].number);
	json_end_arr(&f.j);
	json_int(&f.j, "twin", twin != NULL ? twin->order_id : INT64_MIN);
	conclude(k, "duplicate", twin != NULL ? RV_WARN : RV_PASS, &f,
		twin != NULL     ? SAY(c, T_review_dup_twin, number_of(others, others_len, twin->order_id))
		: others_len > 0 ? SAY(c, T_review_dup_other, count_str(c, others_len), others[0].number)
				 : SAY(c, T_review_dup_none),
		SAY(c, T_review_dup_source));
	return true;
}

bool review_checks(struct ctx *c, const struct order *o, struct review_check **out, size_t *len)
{
	struct review_check *k = ARENA_ARRAY(c->arena, CHECKS, struct review_check);

	*out = k;
	*len = CHECKS;
	return check_stock(c, o, &k[0]) && check_price(c, o, &k[1]) && check_ship_date(c, o, &k[2]) &&
	       check_credit(c, o, &k[3]) && check_duplicate(c, o, &k[4]);
}
