/* The figures of our own events, by hand; and that packing them changes nothing. */
#include "mod/catalog/test/world.h"

#include "gen/app_sql.h"
#include "gen/insight_sql.h"
#include "mod/insight/insight_board.h"
#include "mod/insight/map.h"

static const struct actor clerk = { .id = 11, .login = "mei.fang", .name = "梅芳", .role = ROLE_clerk },
			  reviewer = { .id = 12, .login = "qiao.ling", .name = "乔玲", .role = ROLE_reviewer };

/* Minutes after 8:00 in Wuhan. Written as the ledger does, but nobody hears it: the orders themselves are not needed. */
static void happens(struct ctx *c, int64_t order, int minutes, const struct actor *who, const char *kind,
	const char *from, const char *to)
{
	struct event_row e = { .actor_id = who->id,
		.actor = who->name,
		.role = role_names[who->role],
		.kind = kind,
		.entity = "order",
		.entity_id = order,
		.order_id = order,
		.from_state = from,
		.to_state = to,
		.data = "{}",
		.chain = 1,
		.hash = { (const uint8_t *)"", 0 } };

	assert_true(instant_parse("2026-11-24T00:00:00Z", &e.at));
	e.at.us += minutes * MINUTE_US;
	assert_true(event_count(c, &e.seq));
	e.seq++;
	assert_true(id_new(c, &e.id) && event_insert(c, &e, 1));
	assert_true(chain_start(c, 1, e.hash) && chain_advance(c, 1, e.seq, e.hash));
}

/* Three orders: one straight in 50 minutes, one sent back and again, one reviewed by who entered it. */
static void a_morning(struct ctx *c)
{
	happens(c, 5001, 0, &clerk, "order.created", NULL, "draft");
	happens(c, 5001, 10, &clerk, "order.submitted", "draft", "awaiting_confirmation");
	happens(c, 5001, 20, &clerk, "order.confirmed", "awaiting_confirmation", "in_review");
	happens(c, 5001, 20, &clerk, "review.opened", NULL, "open");
	happens(c, 5001, 50, &reviewer, "order.approved", "in_review", "approved");
	happens(c, 5002, 60, &clerk, "order.created", NULL, "draft");
	happens(c, 5002, 60, &clerk, "order.submitted", "draft", "awaiting_confirmation");
	happens(c, 5002, 130, &clerk, "order.confirmed", "awaiting_confirmation", "in_review");
	happens(c, 5002, 150, &reviewer, "order.rejected", "in_review", "rejected");
	happens(c, 5002, 160, &clerk, "order.reworked", "rejected", "draft");
	happens(c, 5002, 165, &clerk, "order.submitted", "draft", "awaiting_confirmation");
	happens(c, 5002, 170, &clerk, "order.confirmed", "awaiting_confirmation", "in_review");
	happens(c, 5002, 270, &reviewer, "order.approved", "in_review", "approved");
	happens(c, 5003, 200, &reviewer, "order.created", NULL, "draft");
	happens(c, 5003, 210, &reviewer, "order.approved", "draft", "approved");
}

static struct history_filter the_day(void)
{
	struct history_filter f = { .channel = NULL };

	assert_true(instant_parse("2026-11-23T16:00:00Z", &f.from_at));
	f.to_at.us = f.from_at.us + DAY_US;
	return f;
}

static struct process figures_of(struct ctx *c, const struct history_filter *f)
{
	static const int64_t targets[TARGET_COUNT] = { 60 * MINUTE_US, 30 * MINUTE_US };
	struct history *h = ARENA_NEW(c->arena, struct history);
	struct process p;

	assert_true(history_load(c, f, h));
	process_make(c, h, PART_ALL, targets, &p);
	return p;
}

static const struct step *step_named(const struct process *p, const char *kind)
{
	for (size_t i = 0; i < p->steps_len; i++)
		if (strcmp(words_get(&p->history->log.activities, p->steps[i].activity), kind) == 0)
			return &p->steps[i];
	fail_msg("no step %s", kind);
	return NULL;
}

static void by_hand(struct ctx *c)
{
	struct history_filter f = the_day();
	struct process p = figures_of(c, &f);
	const struct step *approved;

	assert_int_equal(p.figures.cases, 3);
	assert_int_equal(p.figures.events, 14); /* without the review's own */
	approved = step_named(&p, "order.approved");
	assert_ptr_equal(approved, &p.steps[0]);
	assert_int_equal(approved->wait.count, 2);
	assert_int_equal(approved->wait.median_us, 65 * MINUTE_US);
	assert_int_equal(approved->wait_total_us, 130 * MINUTE_US);
	assert_int_equal(approved->work.median_us, 10 * MINUTE_US);
	assert_int_equal(approved->hour, 10); /* 170 minutes after 8:00 */
	assert_int_equal(approved->hour_total_us, 100 * MINUTE_US);
	assert_int_equal(p.wait_total_us, (130 + 20 + 10) * MINUTE_US);
	assert_int_equal(p.reviewed, 3);
	assert_int_equal(p.first_pass, 2);
	assert_int_equal(p.again, 1);
	assert_int_equal(p.two_eyes, 1);
	assert_int_equal(p.against_rules, 1); /* from draft straight to approved */
	assert_int_equal(p.touches, 2 + 4 + 1);
	assert_int_equal(p.kept[TARGET_CONFIRM].count, 3);
	assert_int_equal(p.kept[TARGET_CONFIRM].late, 1);
	assert_int_equal(p.kept[TARGET_REVIEW].count, 3);
	assert_int_equal(p.kept[TARGET_REVIEW].late, 1);
	assert_int_equal(p.handovers[0].from, ROLE_clerk);
	assert_int_equal(p.handovers[0].to, ROLE_reviewer);
	assert_int_equal(p.handovers[0].wait.count, 3);
	assert_int_equal(p.deviations_len, 2);
	assert_int_equal(p.figures.throughput.median_us, 50 * MINUTE_US);
}

static void a_day_by_hand(void **state)
{
	struct ctx *c = *state;

	a_morning(c);
	by_hand(c);
	assert_true(history_pack_all(c));
	by_hand(c);
	/* what is packed twice would count twice */
	assert_true(history_pack_all(c));
	happens(c, 5004, 300, &clerk, "order.created", NULL, "draft");
	happens(c, 5001, 310, &clerk, "order.cancelled", "approved", "cancelled");
	assert_int_equal(
		figures_of(c, &(struct history_filter){ .from_at = the_day().from_at, .to_at = the_day().to_at })
			.figures.cases,
		4);
}

static void only_whole_orders_of_the_period(void **state)
{
	struct ctx *c = *state;
	struct history_filter f = the_day();
	struct process p;

	a_morning(c);
	f.from_at.us += 9 * HOUR_US; /* 9:00 */
	p = figures_of(c, &f);
	assert_int_equal(p.figures.cases, 2);
	assert_int_equal(p.figures.events, 10);
	f.all_steps = true;
	f.from_at = the_day().from_at;
	assert_int_equal(figures_of(c, &f).figures.events, 15);
	f.channel = "phone";
	assert_int_equal(figures_of(c, &f).figures.cases, 0);
}

/* More than a piece holds, packed in parts: the same as unpacked. */
static void pieces_make_a_whole(void **state)
{
	struct ctx *c = *state;
	struct history_filter f = the_day();
	struct process before, after;
	int64_t pieces = 0;

	for (int i = 0; i < 900; i++) {
		happens(c, 6000 + i, i % 500, &clerk, "order.created", NULL, "draft");
		if (i == 300 || i == 700)
			assert_true(history_pack(c));
		happens(c, 6000 + i, i % 500 + 3, &clerk, "order.submitted", "draft", "awaiting_confirmation");
		happens(c, 6000 + i, i % 500 + 5 + i % 7, &clerk, "order.confirmed", "awaiting_confirmation",
			"in_review");
	}
	before = figures_of(c, &f);
	assert_true(history_pack_all(c));
	after = figures_of(c, &f);
	assert_int_equal(before.figures.cases, 900);
	assert_int_equal(after.figures.cases, 900);
	assert_int_equal(after.figures.events, 2700);
	assert_int_equal(before.figures.throughput.median_us, after.figures.throughput.median_us);
	assert_int_equal(before.figures.variants_len, after.figures.variants_len);
	assert_true(insight_pieces_count(c, &pieces));
	assert_int_equal(pieces, 2);
}

static void promises_by_hand(void **state)
{
	struct date today = world_date("2026-11-24");
	const struct board_due rows[] = { { today, today.day, 1, 3 }, { today, today.day, 0, 1 },
		{ today, INT64_MIN, 0, 2 }, { { today.day - 1 }, today.day, 1, 4 },
		{ { today.day - 1 }, INT64_MIN, 0, 1 } };
	struct service s = service_of(rows, ARRAY_LEN(rows), today);

	(void)state;
	assert_int_equal(s.due, 11);
	assert_int_equal(s.open, 2);
	assert_int_equal(s.received, 8);
	assert_int_equal(s.on_time, 4);
	assert_int_equal(s.in_full, 7);
	assert_int_equal(s.otif, 3);
}

static void the_map_is_drawn(void **state)
{
	struct ctx *c = *state;
	struct history_filter f = the_day();
	struct process p;
	const char *svg;

	a_morning(c);
	p = figures_of(c, &f);
	svg = map_svg(c, &p, 100, "&from=\"<").s;
	assert_non_null(strstr(svg, "viewBox"));
	assert_non_null(strstr(svg, "step=order.approved"));
	assert_non_null(strstr(svg, "class=\"way back\""));
	assert_null(strstr(svg, "\"<"));
	assert_string_equal(map_svg(c, &p, 1, "").s, map_svg(c, &p, 1, "").s);
	c->lang = LANG_ZH;
	assert_string_equal(duration_show(c, 200 * MINUTE_US), "3 小时 20 分");
	assert_string_equal(share_show(c, 3, 400), "< 1 %");
	assert_string_equal(share_show(c, 0, 0), "–");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_TEST(a_day_by_hand),
		WORLD_TEST(only_whole_orders_of_the_period),
		WORLD_TEST(pieces_make_a_whole),
		WORLD_TEST(promises_by_hand),
		WORLD_TEST(the_map_is_drawn),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
