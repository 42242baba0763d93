/* demo: takes some orders along the road, each as far as its script says. */
#include "mod/demo/demo.h"
#include "mod/demo/demo_after.h"

#include "app/command.h"
#include "base/rand.h"
#include "gen/demo_sql.h"
#include "gen/order_sql.h"
#include "mod/crate/crate_int.h"
#include "mod/order/order.h"
#include "mod/pick/pick_int.h"
#include "mod/review/review_int.h"
#include "mod/ship/ship_int.h"
#include "mod/user/user.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define DATA_DAY "2026-11-24" /* of data/demo */

const struct field demo_goods_fields[] = {
	FIELD(struct demo_goods, sku, T_none),
	FIELD(struct demo_goods, unit, T_none),
	FIELD(struct demo_goods, integer_only, T_none),
	FIELD_END,
};
const struct field demo_scarce_fields[] = {
	FIELD(struct demo_scarce, product_id, T_none),
	FIELD(struct demo_scarce, sku, T_none),
	FIELD(struct demo_scarce, unit, T_none),
	FIELD(struct demo_scarce, warehouse, T_none),
	FIELD(struct demo_scarce, location, T_none),
	FIELD(struct demo_scarce, lot, T_none),
	FIELD(struct demo_scarce, on_hand, T_none),
	FIELD(struct demo_scarce, in_unit, T_none),
	FIELD_END,
};
const struct field demo_customer_fields[] = {
	FIELD(struct demo_customer, code, T_none),
	FIELD_END,
};

/* How far an order goes; each step needs the ones before it. */
enum stage {
	TO_DRAFT,
	TO_READ_BACK,
	TO_IN_REVIEW,
	TO_REJECTED,
	TO_APPROVED,
	TO_HELD,
	TO_CONFIRMED,
	TO_SHORT,
	TO_WAITING,
	TO_PICKING,
	TO_PACKING,
	TO_DISPATCHED,
	TO_UNDER_WAY,
	TO_DELIVERED,
	TO_CANCELLED
};

struct script {
	enum stage stage;
	int days; /* until the delivery */
	int lines;
	const char *remarks;
	int scarce; /* its first line takes so many percent of what there is of a scarce good */
};

static const struct script scripts[] = {
	{ TO_DRAFT, 1, 4, NULL, 0 },
	{ TO_DRAFT, 2, 6, "先问价", 0 },
	{ TO_DRAFT, 1, 3, NULL, 0 },
	{ TO_READ_BACK, 1, 5, NULL, 0 },
	{ TO_READ_BACK, 1, 7, "早上五点前到", 0 },
	{ TO_IN_REVIEW, 1, 6, NULL, 0 },
	{ TO_IN_REVIEW, 1, 10, "不要黄叶菜", 0 },
	{ TO_IN_REVIEW, 2, 4, NULL, 0 },
	{ TO_IN_REVIEW, 1, 5, NULL, 0 },
	{ TO_REJECTED, 1, 4, NULL, 0 },
	{ TO_APPROVED, 1, 5, NULL, 0 },
	{ TO_APPROVED, 1, 8, "后门卸货", 0 },
	{ TO_APPROVED, 2, 3, NULL, 0 },
	{ TO_HELD, 1, 4, NULL, 0 },
	{ TO_SHORT, 1, 4, NULL, 0 },
	{ TO_CONFIRMED, 1, 6, NULL, 0 },
	{ TO_CONFIRMED, 1, 4, NULL, 0 },
	{ TO_PICKING, 1, 6, NULL, 0 },
	{ TO_PICKING, 1, 9, NULL, 0 },
	{ TO_PACKING, 1, 5, NULL, 0 },
	{ TO_PACKING, 1, 3, NULL, 0 },
	{ TO_DISPATCHED, 0, 5, NULL, 0 },
	{ TO_DISPATCHED, 0, 6, NULL, 0 },
	{ TO_UNDER_WAY, 0, 4, NULL, 0 },
	{ TO_DELIVERED, 0, 6, NULL, 0 },
	{ TO_DELIVERED, 0, 4, NULL, 0 },
	{ TO_DELIVERED, 0, 8, NULL, 0 },
	{ TO_APPROVED, 1, 4, NULL, 35 },
	{ TO_APPROVED, 1, 3, NULL, 25 },
	{ TO_WAITING, 1, 3, NULL, 30 },
	{ TO_CANCELLED, 1, 3, "客户不要了", 0 },
};

struct cast {
	struct actor clerk, reviewer, warehouse, service;
	struct demo_goods *goods;
	struct demo_customer *customers;
	struct demo_scarce scarce;
	size_t goods_len, customers_len;
	struct rng rng;
	const struct script *script;
	size_t number;
	struct date today; /* an order that began before midnight is for the same day all the same */
};

/* Minutes each step takes, so that the day looks like one: reviews are what orders wait for. */
enum pace {
	M_READ_BACK = 6,
	M_CONFIRM = 4,
	M_HOLD = 5,
	M_STOCK = 9,
	M_WAVE = 12,
	M_PICK = 24,
	M_PACK = 11,
	M_DISPATCH = 16,
	M_TRACK = 30,
	M_SIGN = 70
};

static int review_minutes(const struct cast *k)
{
	return 8 + (int)(k->number * 37 % 64);
}

/* How long ago an order of this script began, if its last step is just done. */
static int minutes_of(const struct cast *k)
{
	int minutes = (int)(k->number % 5);

	switch (k->script->stage) {
	case TO_DELIVERED: minutes += M_SIGN; __attribute__((fallthrough));
	case TO_UNDER_WAY: minutes += M_TRACK; __attribute__((fallthrough));
	case TO_DISPATCHED: minutes += M_PACK + M_DISPATCH; __attribute__((fallthrough));
	case TO_PACKING: minutes += M_PICK; __attribute__((fallthrough));
	case TO_PICKING: minutes += M_WAVE; __attribute__((fallthrough));
	case TO_WAITING:
	case TO_SHORT:
	case TO_CONFIRMED: minutes += M_STOCK; __attribute__((fallthrough));
	case TO_HELD: minutes += k->script->stage == TO_HELD ? M_HOLD : 0; __attribute__((fallthrough));
	case TO_APPROVED:
	case TO_REJECTED: minutes += review_minutes(k); __attribute__((fallthrough));
	case TO_IN_REVIEW: minutes += M_CONFIRM; __attribute__((fallthrough));
	case TO_READ_BACK: minutes += M_READ_BACK; __attribute__((fallthrough));
	case TO_DRAFT:
	case TO_CANCELLED: break;
	}
	return minutes;
}

static void later(struct ctx *c, int minutes)
{
	c->now.us += minutes * MINUTE_US;
}

static void as(struct ctx *c, const struct actor *who)
{
	c->actor = who;
}

/* In whole units. */
static struct qty share_of(struct qty all, int percent)
{
	return (struct qty){ all.milli * percent / 100 / 1000 * 1000 };
}

static bool enter(struct ctx *c, struct cast *k, int64_t *order_id)
{
	static const int channels[] = { 0, 3, 1, 0, 2 };
	struct order_line_in *lines = ARENA_ARRAY(c->arena, (size_t)k->script->lines, struct order_line_in);
	size_t first = rng_below(&k->rng, k->goods_len);
	struct order_in in = { .channel = channels[k->number % ARRAY_LEN(channels)],
		.customer = k->customers[k->number * 7 % k->customers_len].code,
		.delivery_date = { k->today.day + k->script->days },
		.remarks = k->script->remarks,
		.lines = lines,
		.lines_len = (size_t)k->script->lines };
	struct order o;
	bool existed;

	for (size_t i = 0; i < in.lines_len; i++) {
		const struct demo_goods *g = &k->goods[(first + i * 13) % k->goods_len];
		lines[i] = (struct order_line_in){ .sku = g->sku,
			.quantity = { (int64_t)(1 + rng_below(&k->rng, 3)) * 1000 },
			.unit = g->unit,
			.price = PRICE_NONE };
	}
	if (k->script->scarce > 0) {
		lines[0].sku = k->scarce.sku;
		lines[0].unit = k->scarce.unit;
		lines[0].quantity = share_of(k->scarce.in_unit, k->script->scarce);
	}
	as(c, &k->clerk);
	if (!order_create(c, &in, &o, &existed))
		return false;
	*order_id = o.id;
	return true;
}

static bool move(struct ctx *c, int64_t id, enum order_event e, const char *detail)
{
	struct order o;

	return order_get_full(c, id, &o) && order_move(c, &o, e, INT64_MIN, detail);
}

static bool confirm(struct ctx *c, struct cast *k, int64_t id)
{
	struct order o;

	as(c, &k->clerk);
	later(c, M_READ_BACK);
	if (!move(c, id, OE_SUBMIT, NULL))
		return false;
	if (k->script->stage == TO_READ_BACK)
		return true;
	later(c, M_CONFIRM);
	if (!order_get_full(c, id, &o))
		return false;
	o.confirmed_by = k->clerk.id;
	o.confirmed_person = "吴秀兰";
	o.confirmed_method = "phone";
	o.confirmed_at = c->now;
	return order_move(c, &o, OE_CONFIRM, INT64_MIN, NULL);
}

static bool decide(struct ctx *c, struct cast *k, int64_t id)
{
	struct review_override over[] = { { "credit", "老客户，月底结清" }, { "price", "老板同意" } };
	struct review_decision d = { .overrides = over, .overrides_len = ARRAY_LEN(over) };
	struct review rv;
	bool found;

	as(c, &k->reviewer);
	later(c, review_minutes(k));
	if (!review_find_open(c, id, &rv, &found) || !found)
		return false;
	if (k->script->stage == TO_REJECTED) {
		d = (struct review_decision){ .note = "五花肉报价低于底价，改价或说明" };
		return review_reject(c, rv.id, INT64_MIN, &d);
	}
	return review_approve(c, rv.id, INT64_MIN, &d);
}

static bool hold(struct ctx *c, struct cast *k, int64_t id)
{
	struct order o;

	as(c, &k->reviewer);
	later(c, M_HOLD);
	if (!order_get_full(c, id, &o))
		return false;
	o.hold_reason = "等客户回电确认送货时间";
	return order_move(c, &o, OE_HOLD, INT64_MIN, NULL);
}

/* The customer waits; what could not be found is taken off the books, so that all who want it have to share. */
static bool wait_for_more(struct ctx *c, struct cast *k, int64_t id)
{
	struct stock_booking lost = { .product_id = k->scarce.product_id,
		.warehouse = k->scarce.warehouse,
		.location = k->scarce.location,
		.lot = k->scarce.lot,
		.expires = DATE_NONE,
		.reason = "scrap",
		.note = "压坏" };
	struct stock_free *f;
	int64_t movement;
	size_t len;

	as(c, &k->clerk);
	if (!pick_settle_shortage(c, id, SD_WAIT))
		return false;
	as(c, &k->warehouse);
	if (!stock_free_all(c, (struct i64s){ &lost.product_id, 1 }, k->today, &f, &len) || len == 0)
		return ok(c);
	lost.quantity = (struct qty){ -f[0].available.milli };
	return stock_book(c, &lost, &movement);
}

static bool confirm_stock(struct ctx *c, struct cast *k, int64_t id)
{
	bool waits = k->script->stage == TO_WAITING;
	struct short_in missing = { 1, { 1000 }, "实有不够" };
	struct confirm_in in = { &missing, k->script->stage == TO_SHORT || waits };
	struct order o;

	as(c, &k->warehouse);
	later(c, M_STOCK);
	if (!order_get_full(c, id, &o))
		return false;
	if (waits)
		missing.quantity = o.lines[0].quantity;
	return pick_confirm_stock(c, id, &in) && (!waits || wait_for_more(c, k, id));
}

static bool pick_all(struct ctx *c, const struct pick *p)
{
	for (size_t i = 0; i < p->lines_len; i++) {
		struct answer_in a = { .quantity = p->lines[i].quantity,
			.gross_kg = QTY_NONE,
			.tare_kg = QTY_NONE,
			.net_kg = QTY_NONE,
			.crates = INT64_MIN };
		if (!pick_answer(c, p->id, p->lines[i].line, &a))
			return false;
	}
	return pick_done(c, p->id);
}

static bool pack_all(struct ctx *c, int64_t shipment_id)
{
	struct shipment_line *lines;
	struct package made;
	struct pack_in in = { .weight_kg = QTY_NONE };
	size_t len;

	if (!ship_lines(c, shipment_id, &lines, &len))
		return false;
	in.lines = ARENA_ARRAY(c->arena, len, struct pack_line);
	in.lines_len = len;
	for (size_t i = 0; i < len; i++)
		in.lines[i] = (struct pack_line){ .line = lines[i].line, .quantity = lines[i].quantity };
	return ship_pack(c, shipment_id, INT64_MIN, &in, &made);
}

static bool sign(struct ctx *c, struct cast *k, int64_t shipment_id)
{
	struct crate_back_in back = { "K40", 1 };
	struct receipt_in in = { .signer = "吴秀兰", .at = c->now, .crates = &back, .crates_len = 1 };
	struct shipment_line *lines;
	size_t len;

	as(c, &k->clerk);
	later(c, M_SIGN);
	in.at = c->now;
	if (!ship_lines(c, shipment_id, &lines, &len))
		return false;
	in.lines = ARENA_ARRAY(c->arena, len, struct receipt_line);
	in.lines_len = len;
	for (size_t i = 0; i < len; i++)
		in.lines[i] = (struct receipt_line){ lines[i].line, lines[i].quantity, QTY_ZERO };
	return ship_receive(c, shipment_id, INT64_MIN, &in, NULL, 0);
}

static bool send(struct ctx *c, struct cast *k, int64_t shipment_id)
{
	static const char *const trucks[] = { "truck1", "truck2", "truck3", "truck4" };
	struct dispatch_in d = { .carrier = trucks[k->number % ARRAY_LEN(trucks)], .driver = "李师傅" };
	struct track_in t = { .state = TRACK_IN_TRANSIT, .place = "汉口" };

	later(c, M_PACK);
	if (!pack_all(c, shipment_id))
		return false;
	later(c, M_DISPATCH);
	if (!crate_load_set(c, shipment_id, "K40", 2 + (int64_t)k->number % 4) ||
		!ship_dispatch(c, shipment_id, INT64_MIN, &d))
		return false;
	if (k->script->stage == TO_DISPATCHED)
		return true;
	later(c, M_TRACK);
	t.at = c->now;
	if (!ship_track(c, shipment_id, &t, "driver"))
		return false;
	return k->script->stage == TO_UNDER_WAY || sign(c, k, shipment_id);
}

static bool take_through(struct ctx *c, struct cast *k, int64_t id)
{
	struct wave w;
	struct pick p;

	later(c, M_WAVE);
	if (!wave_release(c, &id, 1, &w))
		return false;
	if (k->script->stage == TO_PICKING)
		return true;
	later(c, M_PICK);
	if (!pick_all(c, &w.picks[0]) || !pick_get(c, w.picks[0].id, &p))
		return false;
	return k->script->stage == TO_PACKING || send(c, k, p.shipment_id);
}

static bool play(struct ctx *c, void *arg)
{
	struct cast *k = arg;
	enum stage s = k->script->stage;
	int64_t id;

	c->now.us -= minutes_of(k) * MINUTE_US;
	if (!enter(c, k, &id))
		return false;
	if (s == TO_DRAFT)
		return true;
	if (s == TO_CANCELLED)
		return move(c, id, OE_CANCEL, "{\"reason\":\"客户不要了\"}");
	if (!confirm(c, k, id) || s == TO_READ_BACK || s == TO_IN_REVIEW)
		return ok(c);
	if (!decide(c, k, id) || s == TO_REJECTED || s == TO_APPROVED)
		return ok(c);
	if (s == TO_HELD)
		return hold(c, k, id);
	if (!confirm_stock(c, k, id) || s == TO_SHORT || s == TO_WAITING || s == TO_CONFIRMED)
		return ok(c);
	return take_through(c, k, id);
}

static bool person(struct ctx *c, const char *login, struct actor *out)
{
	struct user u;
	bool found;

	if (!user_find(c, login, &u, &found))
		return false;
	must(found);
	*out = (struct actor){
		.id = u.id, .login = login, .name = u.name, .role = (enum role)enum_find(role_names, u.role)
	};
	return true;
}

static bool freshen(struct ctx *c, void *arg)
{
	struct date then;

	(void)arg;
	must(date_parse(DATA_DAY, &then));
	return stock_lots_refresh(c, today(c).day - then.day);
}

static bool crates(struct ctx *c, void *arg)
{
	static const struct crate_kind kinds[] = { { "K40", "周转筐 40 升", "crate", { 1800 }, { 2000 }, true, 0 },
		{ "TP12", "木托盘 1.2 × 1.0", "pallet", { 18000 }, { 6000 }, true, 0 } };

	(void)arg;
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (!crate_kind_set(c, &kinds[i]))
			return false;
	return true;
}

static bool letters(struct ctx *c, void *arg)
{
	(void)arg;
	return demo_inbox(c);
}

bool demo_orders(struct local *l)
{
	struct cast k = { .rng = { .seed = 7 }, .today = today(&l->ctx) };
	struct ctx *c = &l->ctx;
	const struct actor *before = c->actor;
	bool found;

	if (!local_write(l, freshen, NULL) || !local_write(l, crates, NULL) || !person(c, "mei.fang", &k.clerk) ||
		!person(c, "qiao.ling", &k.reviewer) || !person(c, "cheng.lei", &k.warehouse) ||
		!demo_goods(c, (struct date){ today(c).day + 3 }, 200, &k.goods, &k.goods_len) ||
		!demo_scarce(c, (struct date){ today(c).day + 3 }, &k.scarce, &found) || !found ||
		!demo_customers(c, 60, &k.customers, &k.customers_len))
		return false;
	for (; k.number < ARRAY_LEN(scripts); k.number++) {
		k.script = &scripts[k.number];
		if (!local_write(l, play, &k)) {
			fprintf(stderr, "demo order %zu: %s\n", k.number, c->err.detail);
			return false;
		}
	}
	if (!person(c, "ye.qin", &k.service) ||
		!local_write(l, demo_after, &(struct demo_people){ &k.service, &k.reviewer }))
		return false;
	c->actor = before;
	return local_write(l, letters, NULL);
}

const struct module demo_module = { .name = "demo" };
