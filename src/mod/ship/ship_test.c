/* Packages equal the picks, goods leave once and may come back, the road is told in any order, the receipt
 * settles. */
#include "mod/ship/test/company.h"

#include "app/sscc.h"
#include "gen/ship_sql.h"

/* Everything is picked as the stock says and stands at the packing table. */
static int64_t picked(struct ctx *c, const struct order *o)
{
	struct order_delta d[4];
	struct ship_take takes[4];
	struct stock_place *at;
	size_t len;
	int64_t id;

	assert_true(stock_bind(c, &o->id, 1, o->delivery_date, &at, &len));
	assert_int_equal(len, 2);
	for (size_t i = 0; i < len; i++) {
		d[i] = (struct order_delta){ at[i].line, ST_RESERVED, ST_PICKED, at[i].quantity, QTY_ZERO };
		takes[i] = (struct ship_take){ at[i].line, at[i].product_id, at[i].warehouse, at[i].location, at[i].lot,
			at[i].quantity, QTY_NONE, QTY_NONE, QTY_NONE };
	}
	assert_true(order_progress(c, o->id, d, len, "order.picked", NULL));
	assert_true(ship_open(c, o->id, 1, takes, len, &id));
	return id;
}

static int64_t at_the_table(struct ctx *c, struct order *o, const char *limit)
{
	product_with_stock(c, "apple");
	product_with_stock(c, "pear");
	customer_with_limit(c, limit);
	approved_order(c, o);
	return picked(c, o);
}

static bool pack(struct ctx *c, int64_t id, const char *apples, const char *pears, struct package *out)
{
	struct pack_line lines[] = { { 1, world_qty(apples) }, { 2, world_qty(pears) } };
	struct pack_in in = { lines, 2, QTY_NONE };

	return ship_pack(c, id, INT64_MIN, &in, out);
}

static bool leave(struct ctx *c, int64_t id)
{
	struct dispatch_in in = { .carrier = "own car", .driver = "老周" };

	return ship_dispatch(c, id, INT64_MIN, &in);
}

static int64_t dispatched(struct ctx *c, struct order *o)
{
	struct package p;
	int64_t id = at_the_table(c, o, "10000");

	assert_true(pack(c, id, "10", "7", &p));
	assert_true(leave(c, id));
	return id;
}

static struct shipment now_is(struct ctx *c, int64_t id)
{
	struct shipment s;

	assert_true(ship_get(c, id, &s));
	return s;
}

static void order_is(struct ctx *c, int64_t id, const char *state)
{
	struct order o;

	assert_true(order_get(c, id, &o));
	assert_string_equal(o.state, state);
}

/* Everything verify asks, of every module, as it would stand after the commit. */
static void sound(struct ctx *c)
{
	assert_true(ledger_flush(c, *db_user(c->db)));
	for (const struct module *const *m = modules; *m != NULL; m++)
		for (const struct check *k = (*m)->checks; k != NULL && k->name != NULL; k++) {
			int64_t counted, broken;
			const char *first;

			assert_true(k->count(c, &counted, &broken, &first));
			if (broken != 0)
				print_error("%s: %s\n", k->name, first);
			assert_int_equal(broken, 0);
		}
}

static void owes(struct ctx *c, const char *receivable, const char *open)
{
	struct customer who;
	bool found;

	assert_true(customer_find(c, "C1", &who, &found) && found);
	assert_string_equal(money_str(c->arena, who.credit_receivable), receivable);
	assert_string_equal(money_str(c->arena, who.credit_open), open);
}

/* ---- packing ---- */

static void no_more_is_packed_than_picked(void **state)
{
	struct ctx *c = *state;
	struct order o;
	struct package p;
	int64_t id = at_the_table(c, &o, "10000");

	assert_true(pack(c, id, "6", "7", &p));
	assert_int_equal(strlen(p.sscc), 18);
	assert_false(pack(c, id, "4.001", "0", &p));
	assert_string_equal(c->err.fields->pointer, "/lines/0/quantity");
	refused(c, false, E_INVALID);
	refused(c, leave(c, id), E_CONFLICT);
	assert_true(pack(c, id, "4", "0", &p));
	assert_int_equal(p.no, 2);
	sound(c);
}

static void a_package_is_opened_again(void **state)
{
	struct ctx *c = *state;
	struct order o;
	struct package p;
	struct order_line *l;
	int64_t id = at_the_table(c, &o, "10000");

	assert_true(pack(c, id, "10", "7", &p));
	assert_true(ship_unpack(c, id, INT64_MIN, p.package));
	assert_true(order_get_full(c, o.id, &o));
	l = &o.lines[0];
	assert_int_equal(l->packed.milli, 0);
	assert_int_equal(l->picked.milli, 10000);
	refused(c, ship_unpack(c, id, INT64_MIN, p.package), E_NOT_FOUND);
	sound(c);
}

static void the_sscc_has_its_check_digit(void **state)
{
	struct ctx *c = *state;
	const char *s = sscc_of(c, 4711);

	assert_int_equal(gs1_check_digit("10614141234567890", 17), '8');
	assert_int_equal(strlen(s), 18);
	assert_int_equal(gs1_check_digit(s, 17), s[17]);
}

/* ---- leaving ---- */

static void goods_leave_once(void **state)
{
	struct ctx *c = *state;
	struct order o;
	int64_t id = dispatched(c, &o);

	assert_string_equal(now_is(c, id).state, "dispatched");
	order_is(c, o.id, "shipped");
	owes(c, "56.61", "0.00");
	refused(c, leave(c, id), E_CONFLICT);
	sound(c);
}

static void a_held_order_stays(void **state)
{
	struct ctx *c = *state;
	struct order o;
	struct package p;
	int64_t id = at_the_table(c, &o, "10000");

	assert_true(pack(c, id, "10", "7", &p) && order_get_full(c, o.id, &o));
	c->actor = &reviewer;
	o.hold_reason = "call first";
	assert_true(order_move(c, &o, OE_HOLD, INT64_MIN, NULL));
	c->actor = &warehouse;
	refused(c, leave(c, id), E_CONFLICT);
}

static void over_the_limit_nothing_leaves(void **state)
{
	struct ctx *c = *state;
	struct order o;
	struct package p;
	int64_t id = at_the_table(c, &o, "60");

	assert_true(pack(c, id, "10", "7", &p));
	assert_true(customer_credit_move(c, o.customer_id, (struct money){ 0 }, world_money("10")));
	refused(c, leave(c, id), E_CREDIT);
}

static void it_comes_back_the_same_day(void **state)
{
	struct ctx *c = *state;
	struct order o;
	int64_t id = dispatched(c, &o);

	assert_true(ship_undo(c, id, INT64_MIN, "wrong car"));
	assert_string_equal(now_is(c, id).state, "packing");
	order_is(c, o.id, "picking");
	owes(c, "0.00", "56.61");
	sound(c);
	assert_true(leave(c, id));
	owes(c, "56.61", "0.00");
	sound(c);
	c->now.us += DAY_US;
	refused(c, ship_undo(c, id, INT64_MIN, "too late"), E_CONFLICT);
}

static void carriers_are_known_once_there_is_one(void **state)
{
	struct ctx *c = *state;
	struct sheet s = world_sheet(c, "code,name,kind,lead_days,cutoff\nshunfeng,顺丰速运,express,1,18:30\n");
	struct date on;

	assert_true(carrier_check(c, "anyone", &on));
	assert_true(ship_import_carriers(c, &s));
	assert_true(carrier_check(c, "shunfeng", &on));
	assert_string_equal(date_str(c->arena, on), "2026-11-25");
	assert_false(carrier_check(c, "anyone", &on));
	assert_string_equal(c->err.fields->pointer, "/carrier");
}

/* ---- on the way ---- */

static bool tell(struct ctx *c, int64_t id, enum track what, const char *at)
{
	struct track_in in = { .state = (int)what };

	assert_true(instant_parse(at, &in.at));
	return ship_track(c, id, &in, "manual");
}

static void the_road_is_told_in_any_order(void **state)
{
	struct ctx *c = *state;
	struct order o;
	struct tracking *all;
	size_t len;
	int64_t id = dispatched(c, &o);

	assert_true(tell(c, id, TRACK_OUT, "2026-11-25T02:00:00Z"));
	assert_true(tell(c, id, TRACK_PICKED_UP, "2026-11-24T10:00:00Z"));
	assert_true(tell(c, id, TRACK_IN_TRANSIT, "2026-11-24T20:00:00Z"));
	assert_string_equal(now_is(c, id).track_state, "out_for_delivery");
	assert_true(tell(c, id, TRACK_DELIVERED, "2026-11-25T03:00:00Z"));
	assert_true(tell(c, id, TRACK_IN_TRANSIT, "2026-11-25T09:00:00Z"));
	assert_string_equal(now_is(c, id).track_state, "delivered");
	assert_true(tell(c, id, TRACK_DELIVERED, "2026-11-25T03:00:00Z"));
	assert_true(tracking_list(c, id, &all, &len));
	assert_int_equal(len, 5);
	refused(c, ship_undo(c, id, INT64_MIN, "gone"), E_CONFLICT);
}

static void nothing_is_told_before_it_left(void **state)
{
	struct ctx *c = *state;
	struct order o;

	refused(c, tell(c, at_the_table(c, &o, "10000"), TRACK_PICKED_UP, "2026-11-24T10:00:00Z"), E_CONFLICT);
}

/* ---- the receipt ---- */

static bool sign(struct ctx *c, int64_t id, size_t lines_len, const char *received, const char *not_taken)
{
	struct receipt_line lines[] = { { 1, world_qty(received), world_qty(not_taken) },
		{ 2, world_qty("7"), QTY_NONE } };
	struct receipt_in in = { .signer = "吴秀兰", .at = INSTANT_NONE, .lines = lines, .lines_len = lines_len };

	return ship_receive(c, id, INT64_MIN, &in, NULL, 0);
}

static void the_receipt_answers_for_all(void **state)
{
	struct ctx *c = *state;
	struct order o;
	int64_t id = dispatched(c, &o);

	refused(c, sign(c, id, 1, "10", "0"), E_INVALID);
	refused(c, sign(c, id, 2, "9", "0"), E_INVALID);
	assert_true(sign(c, id, 2, "9", "1"));
	assert_string_equal(now_is(c, id).state, "delivered");
	order_is(c, o.id, "delivered");
	owes(c, "53.28", "0.00");
	refused(c, sign(c, id, 2, "9", "1"), E_CONFLICT);
	sound(c);
}

static void what_is_refused_whole_costs_nothing(void **state)
{
	struct ctx *c = *state;
	struct order o;
	int64_t id = dispatched(c, &o);

	assert_true(sign(c, id, 2, "0", "10"));
	owes(c, "23.31", "0.00");
	sound(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_TEST(no_more_is_packed_than_picked),
		WORLD_TEST(a_package_is_opened_again),
		WORLD_TEST(the_sscc_has_its_check_digit),
		WORLD_TEST(goods_leave_once),
		WORLD_TEST(a_held_order_stays),
		WORLD_TEST(over_the_limit_nothing_leaves),
		WORLD_TEST(it_comes_back_the_same_day),
		WORLD_TEST(carriers_are_known_once_there_is_one),
		WORLD_TEST(the_road_is_told_in_any_order),
		WORLD_TEST(nothing_is_told_before_it_left),
		WORLD_TEST(the_receipt_answers_for_all),
		WORLD_TEST(what_is_refused_whole_costs_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
