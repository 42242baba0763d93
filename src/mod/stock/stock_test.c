/* The rules of stock one by one, then a long walk over all of them. */
#include "mod/catalog/test/world.h"

#include "gen/stock_sql.h"
#include "mod/stock/stock_view.h"

static const struct date *ship_day(void)
{
	static struct date d;

	d = world_date("2026-11-25");
	return &d;
}

#define SHIP (*ship_day())

static int64_t product_of(struct ctx *c, const char *sku)
{
	struct product_in in;
	int64_t id;

	fields_clear(product_new_fields, &in);
	in.sku = sku;
	in.name = sku;
	in.base_unit = "公斤";
	in.price = world_price("1");
	assert_true(product_create(c, &in, &id));
	return id;
}

static bool put(struct ctx *c, int64_t product, const char *warehouse, const char *location, const char *expires,
	const char *quantity)
{
	struct stock_booking b = { .product_id = product,
		.warehouse = warehouse,
		.location = location,
		.lot = expires ? expires : "",
		.expires = expires ? world_date(expires) : DATE_NONE,
		.quantity = world_qty(quantity),
		.reason = "receipt" };
	int64_t id;

	return stock_book(c, &b, &id);
}

static bool reserve(struct ctx *c, int64_t order, int64_t line, int64_t product, const char *quantity)
{
	struct stock_wish w = { line, product, world_qty(quantity), QTY_ZERO };

	return stock_reserve(c, order, SHIP, &w, 1);
}

static void free_is(struct ctx *c, int64_t product, const char *available)
{
	struct stock_free *f;
	size_t len;

	assert_true(stock_free_all(c, (struct i64s){ &product, 1 }, SHIP, &f, &len));
	assert_int_equal(len, 1);
	assert_string_equal(qty_str(c->arena, f->available), available);
}

/* Everything verify asks of stock itself; that of orders needs orders. */
static void sound(struct ctx *c)
{
	for (const struct check *k = stock_checks; k < stock_checks + 4; k++) {
		int64_t counted, broken;
		const char *first = "";

		assert_true(k->count(c, &counted, &broken, &first));
		if (broken != 0)
			fail_msg("%s: %s", k->name, first);
	}
}

static void the_last_day_is_still_good(void **state)
{
	(void)state;
	assert_false(lot_expired("2026-11-25", SHIP));
	assert_true(lot_expired("2026-11-24", SHIP));
	assert_false(lot_expired(NULL, SHIP));
}

static void expired_goods_are_not_promised(void **state)
{
	struct ctx *c = *state;
	int64_t p = product_of(c, "P");

	assert_true(put(c, p, "main", "A", "2026-11-24", "10"));
	assert_true(put(c, p, "main", "B", "2026-11-25", "3"));
	free_is(c, p, "3");
	refused(c, reserve(c, 1, 1, p, "3.001"), E_OUT_OF_STOCK);
	assert_true(reserve(c, 1, 1, p, "3"));
	free_is(c, p, "0");
	sound(c);
}

static void lines_of_one_product_count_together(void **state)
{
	struct ctx *c = *state;
	int64_t p = product_of(c, "P");
	struct stock_wish w[] = { { 1, p, { 4000 }, QTY_ZERO }, { 2, p, { 4000 }, QTY_ZERO },
		{ 3, p, { 4000 }, QTY_ZERO } };

	assert_true(put(c, p, "main", "A", NULL, "11"));
	assert_false(stock_reserve(c, 1, SHIP, w, 3));
	assert_non_null(strstr(c->err.detail, "Line 3: only 3 公斤"));
	refused(c, false, E_OUT_OF_STOCK);
	free_is(c, p, "11");
	assert_true(stock_reserve(c, 1, SHIP, w, 2));
	free_is(c, p, "3");
}

static void all_or_nothing(void **state)
{
	struct ctx *c = *state;
	int64_t p = product_of(c, "P"), q = product_of(c, "Q");
	struct stock_wish w[] = { { 1, q, { 1000 }, QTY_ZERO }, { 2, p, { 4000 }, QTY_ZERO } };

	assert_true(put(c, q, "main", "A", NULL, "5"));
	refused(c, stock_reserve(c, 1, SHIP, w, 2), E_OUT_OF_STOCK);
	free_is(c, q, "5");
	sound(c);
}

static void the_fuller_warehouse_gives_first(void **state)
{
	struct ctx *c = *state;
	int64_t p = product_of(c, "P");
	struct stock_hold *h;
	size_t len;

	assert_true(put(c, p, "CW", "A", NULL, "3"));
	assert_true(put(c, p, "MD", "B", NULL, "5"));
	assert_true(reserve(c, 1, 1, p, "6"));
	assert_true(stock_holds_of_order(c, 1, &h, &len));
	assert_int_equal(len, 2);
	assert_int_equal(h[0].quantity.milli, 1000);
	assert_int_equal(h[1].quantity.milli, 5000);
	assert_true(stock_release(c, 1, 1, world_qty("2")));
	free_is(c, p, "4");
	assert_true(stock_release(c, 1, 1, QTY_NONE));
	free_is(c, p, "8");
	sound(c);
}

static void first_expired_goes_first(void **state)
{
	struct ctx *c = *state;
	int64_t p = product_of(c, "P"), orders[] = { 1, 2 };
	struct stock_place *at;
	size_t len;

	assert_true(put(c, p, "main", "A", NULL, "5"));
	assert_true(put(c, p, "main", "C", "2026-11-24", "5"));
	assert_true(put(c, p, "main", "B", "2026-12-24", "5"));
	assert_true(put(c, p, "main", "Z", "2026-11-30", "5"));
	assert_true(reserve(c, 1, 1, p, "4"));
	assert_true(reserve(c, 2, 1, p, "4"));
	assert_true(stock_bind(c, orders, 2, SHIP, &at, &len));
	assert_int_equal(len, 3);
	assert_string_equal(at[0].location, "B");
	assert_int_equal(at[0].quantity.milli, 3000);
	assert_string_equal(at[1].location, "Z");
	assert_string_equal(at[2].location, "Z");
	assert_true(stock_bind(c, orders, 2, SHIP, &at, &len));
	assert_int_equal(len, 0);
	sound(c);
}

static void goods_leave_and_come_back(void **state)
{
	struct ctx *c = *state;
	int64_t p = product_of(c, "P"), order = 1;
	struct stock_place *at;
	size_t len;

	assert_true(put(c, p, "main", "A", "2026-12-01", "5"));
	assert_true(reserve(c, order, 1, p, "4"));
	assert_true(stock_bind(c, &order, 1, SHIP, &at, &len));
	assert_true(stock_release_order(c, order));
	free_is(c, p, "1");
	assert_true(stock_issue(c, 77, at, len));
	free_is(c, p, "1");
	sound(c);
	refused(c, stock_issue(c, 77, at, len), E_CONFLICT);
	assert_true(stock_unissue(c, 77, at, len));
	sound(c);
	assert_true(stock_unbind(c, &at[0], world_qty("4")));
	refused(c, stock_unbind(c, &at[0], world_qty("4")), E_CONFLICT);
	assert_true(stock_release_order(c, order));
	free_is(c, p, "5");
	sound(c);
}

static void what_is_promised_cannot_be_thrown_away(void **state)
{
	struct ctx *c = *state;
	int64_t p = product_of(c, "P");

	assert_true(put(c, p, "main", "A", NULL, "5"));
	assert_true(reserve(c, 1, 1, p, "4"));
	refused(c, put(c, p, "main", "A", NULL, "-1.001"), E_OUT_OF_STOCK);
	refused(c, put(c, p, "main", "B", NULL, "-1"), E_OUT_OF_STOCK);
	assert_true(put(c, p, "main", "A", NULL, "-1"));
	assert_true(put(c, p, "main", "A", "2026-12-01", "2"));
	sound(c);
}

static void a_lot_has_one_date(void **state)
{
	struct ctx *c = *state;
	int64_t p = product_of(c, "P"), id;
	struct stock_booking b = { .product_id = p,
		.lot = "L1",
		.expires = world_date("2026-12-01"),
		.quantity = { 5000 },
		.reason = "receipt" };

	assert_true(stock_book(c, &b, &id));
	b.expires = world_date("2026-12-02");
	refused(c, stock_book(c, &b, &id), E_CONFLICT);
	b.expires = DATE_NONE;
	b.lot = NULL;
	b.quantity.milli = -5000;
	assert_true(stock_book(c, &b, &id));
	b.lot = "L1";
	b.expires = world_date("2026-12-02");
	b.quantity.milli = 1000;
	assert_true(stock_book(c, &b, &id));
	sound(c);
}

static void the_first_day_comes_from_a_sheet(void **state)
{
	struct ctx *c = *state;
	int64_t p = product_of(c, "P");
	struct sheet s = world_sheet(c, "sku,warehouse,location,lot,expires,quantity\nP,CW,A,L1,2026-12-01,"
					"10\nP,CW,A,L1,2026-12-01,2\nP,MD,B,,,1.5\n");
	struct sheet bad = world_sheet(c, "sku,warehouse,location,lot,expires,quantity\nP,CW,A,L1,2026-12-02,"
					  "10\nX,CW,A,L2,2026-12-01,1\n");

	assert_true(stock_import(c, &s));
	free_is(c, p, "13.5");
	sound(c);
	assert_false(stock_import(c, &bad));
	assert_string_equal(c->err.fields->pointer, "/rows/2/expires");
	assert_string_equal(c->err.fields->next->pointer, "/rows/3/sku");
}

/* ---- a long walk: whatever happens in whatever order, the books stay sound ---- */

#define WALK_STEPS  10000
#define WALK_ORDERS 12
#define WALK_GOODS  4

struct walk {
	struct ctx *c;
	int64_t products[WALK_GOODS];
	struct stock_place *out[WALK_ORDERS]; /* bound, waiting to leave */
	size_t out_len[WALK_ORDERS];
};

static int64_t any(struct walk *w, uint64_t n)
{
	return (int64_t)rng_below(w->c->rng, n);
}

/* What cannot be done is refused and changes nothing; anything else is our mistake. */
static void done_or_refused(struct ctx *c, bool went_well)
{
	if (!went_well)
		assert_true(c->err.code == E_OUT_OF_STOCK || c->err.code == E_CONFLICT);
	c->err = (struct err){ 0 };
}

static void walk_book(struct walk *w)
{
	static const char *const dates[] = { NULL, "2026-11-20", "2026-11-25", "2026-12-05" };
	const char *date = dates[any(w, 4)];
	struct stock_booking b = { .product_id = w->products[any(w, WALK_GOODS)],
		.warehouse = any(w, 2) ? "CW" : "MD",
		.location = any(w, 2) ? "A" : "B",
		.lot = date ? date : "",
		.expires = date ? world_date(date) : DATE_NONE,
		.quantity = { any(w, 9000) - 4000 },
		.reason = "count" };
	int64_t id;

	done_or_refused(w->c, stock_book(w->c, &b, &id));
}

static void walk_reserve(struct walk *w)
{
	struct stock_wish wishes[3];

	for (size_t i = 0; i < 3; i++)
		wishes[i] = (struct stock_wish){ any(w, 5) + 1, w->products[any(w, WALK_GOODS)], { any(w, 1500) + 1 },
			QTY_ZERO };
	for (size_t i = 0; i < 3; i++) /* a line is of one product */
		wishes[i].product_id = w->products[wishes[i].line % WALK_GOODS];
	done_or_refused(w->c, stock_reserve(w->c, any(w, WALK_ORDERS) + 1, SHIP, wishes, 3));
}

static void walk_bind(struct walk *w, size_t i)
{
	int64_t order = (int64_t)i + 1;

	if (w->out_len[i] == 0)
		assert_true(stock_bind(w->c, &order, 1, SHIP, &w->out[i], &w->out_len[i]));
	for (size_t k = 0; k < w->out_len[i]; k++)
		assert_false(lot_expired(w->out[i][k].expires, SHIP));
}

static void walk_leave(struct walk *w, size_t i)
{
	bool back = any(w, 3) == 0;

	assert_true(stock_issue(w->c, 5, w->out[i], w->out_len[i]));
	if (back)
		assert_true(stock_unissue(w->c, 5, w->out[i], w->out_len[i]));
	else
		w->out_len[i] = 0;
}

static void walk_unbind(struct walk *w, size_t i)
{
	for (size_t k = 0; k < w->out_len[i]; k++)
		assert_true(stock_unbind(w->c, &w->out[i][k], w->out[i][k].quantity));
	w->out_len[i] = 0;
}

static void walk_step(struct walk *w)
{
	size_t i = (size_t)any(w, WALK_ORDERS);

	switch (any(w, 7)) {
	case 0: walk_book(w); break;
	case 1: walk_reserve(w); break;
	case 2: walk_bind(w, i); break;
	case 3: walk_leave(w, i); break;
	case 4: walk_unbind(w, i); break;
	case 5: assert_true(stock_release(w->c, (int64_t)i + 1, any(w, 5) + 1, (struct qty){ any(w, 1000) })); break;
	default: assert_true(any(w, 4) > 0 || stock_release_order(w->c, (int64_t)i + 1)); break;
	}
}

static void the_books_stay_sound(void **state)
{
	struct walk w = { .c = *state };

	for (size_t i = 0; i < WALK_GOODS; i++)
		w.products[i] = product_of(w.c, (const char *const[]){ "P", "Q", "R", "S" }[i]);
	for (int step = 0; step < WALK_STEPS; step++) {
		walk_step(&w);
		if (step % 50 == 0)
			sound(w.c);
	}
	sound(w.c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_last_day_is_still_good),
		WORLD_TEST(expired_goods_are_not_promised),
		WORLD_TEST(lines_of_one_product_count_together),
		WORLD_TEST(all_or_nothing),
		WORLD_TEST(the_fuller_warehouse_gives_first),
		WORLD_TEST(first_expired_goes_first),
		WORLD_TEST(goods_leave_and_come_back),
		WORLD_TEST(what_is_promised_cannot_be_thrown_away),
		WORLD_TEST(a_lot_has_one_date),
		WORLD_TEST(the_first_day_comes_from_a_sheet),
		WORLD_TEST(the_books_stay_sound),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
