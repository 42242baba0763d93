/* What a statement can hold, where a story would take too long. */
#include "mod/money/money_int.h"

#include "gen/money_sql.h"
#include "mod/catalog/test/world.h"
#include "mod/customer/customer.h"

static int64_t customer(struct ctx *c)
{
	struct customer_in in;
	int64_t id;

	fields_clear(customer_new_fields, &in);
	in.code = "K1";
	in.name = "江南一中";
	assert_true(customer_create(c, &in, &id));
	return id;
}

/* So many payments, the later ones entered for earlier days. */
static void entries(struct ctx *c, int64_t customer_id, int n)
{
	struct account_entry *rows = ARENA_ARRAY(c->arena, (size_t)n, struct account_entry);

	for (int i = 0; i < n; i++) {
		rows[i] = (struct account_entry){ .customer_id = customer_id,
			.kind = "payment",
			.amount = { -100 },
			.day = { today(c).day - i % 20 },
			.order_id = INT64_MIN,
			.source_id = INT64_MIN,
			.by = 1,
			.at = { c->now.us + i } };
		assert_true(id_new(c, &rows[i].id));
	}
	assert_true(entry_insert(c, rows, (size_t)n));
}

static void an_account_goes_by_the_day(void **state)
{
	struct ctx *c = *state;
	int64_t id = customer(c);
	struct statement_view v;

	entries(c, id, 40);
	assert_true(statement_make(c, id, (struct date){ today(c).day - 9 }, today(c), &v));
	assert_int_equal(v.lines_len, 20);
	assert_int_equal(v.opening.fen, -2000);
	assert_int_equal(v.closing.fen, -4000);
	for (size_t i = 0; i < v.lines_len; i++)
		assert_int_equal(v.lines[i].day.day, today(c).day - 9 + (int64_t)i / 2);
}

static void what_cannot_be_answered_is_not_sent(void **state)
{
	struct ctx *c = *state;
	int64_t id = customer(c);
	struct period_in month = { { today(c).day - 30 }, today(c) };
	struct statement row;

	entries(c, id, 2000);
	assert_true(statement_freeze(c, id, &month, &row));
	entries(c, id, 1);
	refused(c, statement_freeze(c, id, &month, &row), E_TOO_LARGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_TEST(an_account_goes_by_the_day),
		WORLD_TEST(what_cannot_be_answered_is_not_sent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
