/* ship_check: recounts for `huodan verify`. */
#include "mod/ship/ship_int.h"

#include "gen/ship_sql.h"

typedef bool (*broken_fn)(struct ctx *c, struct order_broken **rows, size_t *len);

static bool recount(struct ctx *c, broken_fn find, int64_t *counted, int64_t *broken, const char **first)
{
	struct order_broken *rows;
	size_t len;

	if (!find(c, &rows, &len) || !ship_count_all(c, counted))
		return false;
	*broken = (int64_t)len;
	*first =
		len > 0 ? arena_printf(c->arena, "%s: %" PRId64 " / %" PRId64, rows[0].what, rows[0].have, rows[0].want)
			: NULL;
	return true;
}

static bool count_bills(struct ctx *c, int64_t *counted, int64_t *broken, const char **first)
{
	return recount(c, ship_check_bill, counted, broken, first);
}

static bool count_issues(struct ctx *c, int64_t *counted, int64_t *broken, const char **first)
{
	return recount(c, ship_check_issue, counted, broken, first);
}

static bool count_notices(struct ctx *c, int64_t *counted, int64_t *broken, const char **first)
{
	return recount(c, ship_check_notice, counted, broken, first);
}

static bool count_packed(struct ctx *c, int64_t *counted, int64_t *broken, const char **first)
{
	return recount(c, ship_check_packed, counted, broken, first);
}

static bool count_numbers(struct ctx *c, int64_t *counted, int64_t *broken, const char **first)
{
	return recount(c, ship_check_numbers, counted, broken, first);
}

const struct check ship_checks[] = {
	{ 3, "packages hold what was picked", count_packed },
	{ 6, "owed for what left and was not refused", count_bills },
	{ 8, "one stock issue per dispatched shipment", count_issues },
	{ 8, "one notice per recipient", count_notices },
	{ 10, "shipment numbers", count_numbers },
	{ 0, NULL, NULL },
};
