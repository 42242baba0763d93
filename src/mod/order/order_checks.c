/* order_checks: what verify recounts of orders, from the raw rows. */
#include "mod/order/order_int.h"

#include "gen/order_sql.h"

#include <inttypes.h>
#include <string.h>

static bool check_vector(struct ctx *c, int64_t *counted, int64_t *broken, const char **first)
{
	return check_rows(c, order_check_vector, order_count_all, counted, broken, first);
}

static bool check_totals(struct ctx *c, int64_t *counted, int64_t *broken, const char **first)
{
	return check_rows(c, order_check_totals, order_count_all, counted, broken, first);
}

static bool check_credit_sums(struct ctx *c, int64_t *counted, int64_t *broken, const char **first)
{
	return check_rows(c, order_check_credit, order_count_all, counted, broken, first);
}

static bool check_external(struct ctx *c, int64_t *counted, int64_t *broken, const char **first)
{
	return check_rows(c, order_check_external, order_count_all, counted, broken, first);
}

static bool check_numbers(struct ctx *c, int64_t *counted, int64_t *broken, const char **first)
{
	return check_rows(c, order_check_numbers, order_count_all, counted, broken, first);
}

/* The recorded steps lead from the entry to the state shown, each by a move the table allows. */
static bool steps_lead(const struct order_step *steps, size_t len, const char *state)
{
	const char *now = NULL;

	for (size_t i = 0; i < len; i++) {
		if (now == NULL ? strcmp(steps[i].to_state, "draft") != 0 : !order_step_allowed(now, steps[i].to_state))
			return false;
		if (now != NULL && steps[i].from_state != NULL && strcmp(now, steps[i].from_state) != 0)
			return false;
		now = steps[i].to_state;
	}
	return now != NULL && strcmp(now, state) == 0;
}

/* The amount of goods billed by the scale is what the scale said. */
static bool weighed_right(const struct order_line *l)
{
	struct money worth;

	return !order_line_weighed(l) || (order_line_worth(l, &worth) && worth.fen == l->amount.fen);
}

/* State from decision and lines, credit from the lines, history from the events: all of one order. */
static bool order_holds(const struct order *o, const struct order_step *steps, size_t steps_len)
{
	if (strcmp(order_state_of(o), o->state) != 0 || !steps_lead(steps, steps_len, o->state))
		return false;
	for (size_t i = 0; i < o->lines_len; i++)
		if (!weighed_right(&o->lines[i]))
			return false;
	return o->decision != D_APPROVED || o->credit_held.fen == order_open_value(o).fen;
}

struct page {
	struct order *orders;
	struct order_line *lines;
	struct order_step *steps;
	size_t orders_len, lines_len, steps_len;
};

static bool page_read(struct ctx *c, int64_t after, struct page *p)
{
	int64_t low, high;

	if (!order_check_page(c, after, &p->orders, &p->orders_len))
		return false;
	if (p->orders_len == 0)
		return true;
	low = p->orders[0].id;
	high = p->orders[p->orders_len - 1].id;
	return order_check_lines(c, low, high, &p->lines, &p->lines_len) &&
	       order_check_moves(c, low, high, &p->steps, &p->steps_len);
}

static const char *page_first_broken(struct page *p, int64_t *broken)
{
	const char *first = NULL;
	size_t line = 0, step = 0;

	for (size_t i = 0; i < p->orders_len; i++) {
		struct order *o = &p->orders[i];
		size_t steps = step;
		o->lines = p->lines + line;
		while (line < p->lines_len && p->lines[line].order_id == o->id)
			line++, o->lines_len++;
		while (step < p->steps_len && p->steps[step].order_id == o->id)
			step++;
		if (order_holds(o, p->steps + steps, step - steps))
			continue;
		(*broken)++;
		first = first != NULL ? first : o->number;
	}
	return first;
}

static bool check_history(struct ctx *c, int64_t *counted, int64_t *broken, const char **first)
{
	int64_t after = 0;
	struct page p = { 0 };

	*counted = *broken = 0;
	do {
		const char *bad;
		if (!page_read(c, after, &p))
			return false;
		bad = page_first_broken(&p, broken);
		*first = *first != NULL ? *first : bad;
		*counted += (int64_t)p.orders_len;
		if (p.orders_len > 0)
			after = p.orders[p.orders_len - 1].id;
	} while (p.orders_len > 0);
	return true;
}

const struct check order_checks[] = {
	{ 3, "line quantities", check_vector },
	{ 4, "states reached by allowed moves", check_history },
	{ 5, "totals are the sums of lines", check_totals },
	{ 6, "credit held by open orders", check_credit_sums },
	{ 9, "one order per channel and number", check_external },
	{ 10, "order numbers without gap", check_numbers },
	{ 0, NULL, NULL },
};
