/* returns_check: recounts for `huodan verify`. */
#include "mod/returns/returns_int.h"

#include "gen/returns_sql.h"

#include <inttypes.h>
#include <string.h>

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

/* The recorded steps of every return lead to its state by moves of the table. */
static bool count_steps(struct ctx *c, int64_t *counted, int64_t *broken, const char **first)
{
	struct return_step *s;
	size_t len;

	if (!return_check_steps(c, &s, &len) || !return_count_all(c, counted))
		return false;
	*broken = 0;
	for (size_t i = 0; i < len; i++) {
		bool starts = i == 0 || s[i - 1].id != s[i].id, ends = i + 1 == len || s[i + 1].id != s[i].id;
		bool fine = starts ? strcmp(s[i].to_state, "requested") == 0 || strcmp(s[i].to_state, "awaiting") == 0
				   : strcmp(s[i - 1].to_state, s[i].from_state) == 0 &&
					     return_step_allowed(s[i].from_state, s[i].to_state);
		if (fine && (!ends || strcmp(s[i].to_state, s[i].state) == 0))
			continue;
		(*broken)++;
		*first = *first != NULL ? *first : s[i].number;
	}
	return true;
}

const struct check return_checks[] = {
	{ 3, "lines count what comes back", count_lines },
	{ 3, "inspected is what was received", count_inspected },
	{ 1, "returned goods are in the books once", count_stock },
	{ 4, "returns moved as allowed", count_steps },
	{ 6, "returns are credited once", count_credits },
	{ 10, "return numbers", count_numbers },
	{ 0, NULL, NULL },
};
