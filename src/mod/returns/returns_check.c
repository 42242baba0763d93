/* returns_check: recounts for `huodan verify`. */
#include "mod/returns/returns_int.h"

#include "gen/returns_sql.h"

static bool count_lines(struct ctx *c, int64_t *counted, int64_t *broken, const char **first)
{
	return check_rows(c, return_check_lines, return_count_all, counted, broken, first);
}

static bool count_inspected(struct ctx *c, int64_t *counted, int64_t *broken, const char **first)
{
	return check_rows(c, return_check_inspected, return_count_all, counted, broken, first);
}

static bool count_stock(struct ctx *c, int64_t *counted, int64_t *broken, const char **first)
{
	return check_rows(c, return_check_stock, return_count_all, counted, broken, first);
}

static bool count_numbers(struct ctx *c, int64_t *counted, int64_t *broken, const char **first)
{
	return check_rows(c, return_check_numbers, return_count_all, counted, broken, first);
}

static bool count_credits(struct ctx *c, int64_t *counted, int64_t *broken, const char **first)
{
	return check_rows(c, return_check_credits, return_count_all, counted, broken, first);
}

static bool count_door(struct ctx *c, int64_t *counted, int64_t *broken, const char **first)
{
	return check_rows(c, return_check_door, return_count_all, counted, broken, first);
}

static bool count_charges(struct ctx *c, int64_t *counted, int64_t *broken, const char **first)
{
	return check_rows(c, return_check_charges, return_count_all, counted, broken, first);
}

static bool count_steps(struct ctx *c, int64_t *counted, int64_t *broken, const char **first)
{
	static const char *const begins[] = { "requested", "awaiting", NULL };

	return return_count_all(c, counted) &&
	       check_steps(c, return_check_steps, begins, return_step_allowed, broken, first);
}

const struct check return_checks[] = {
	{ 3, "lines count what comes back", count_lines },
	{ 3, "inspected is what was received", count_inspected },
	{ 1, "returned goods are in the books once", count_stock },
	{ 4, "returns moved as allowed", count_steps },
	{ 3, "what was refused came back or is answered for", count_door },
	{ 6, "returns are credited once", count_credits },
	{ 6, "refused goods that were kept are charged once", count_charges },
	{ 10, "return numbers", count_numbers },
	{ 0, NULL, NULL },
};
