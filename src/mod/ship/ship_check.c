/* ship_check: recounts for `huodan verify`. */
#include "mod/ship/ship_int.h"

#include "gen/ship_sql.h"

static bool count_bills(struct ctx *c, int64_t *counted, int64_t *broken, const char **first)
{
	return check_rows(c, ship_check_bill, ship_count_all, counted, broken, first);
}

static bool count_issues(struct ctx *c, int64_t *counted, int64_t *broken, const char **first)
{
	return check_rows(c, ship_check_issue, ship_count_all, counted, broken, first);
}

static bool count_notices(struct ctx *c, int64_t *counted, int64_t *broken, const char **first)
{
	return check_rows(c, ship_check_notice, ship_count_all, counted, broken, first);
}

static bool count_packed(struct ctx *c, int64_t *counted, int64_t *broken, const char **first)
{
	return check_rows(c, ship_check_packed, ship_count_all, counted, broken, first);
}

static bool count_weights(struct ctx *c, int64_t *counted, int64_t *broken, const char **first)
{
	return check_rows(c, ship_check_weights, ship_weight_count, counted, broken, first);
}

static bool count_numbers(struct ctx *c, int64_t *counted, int64_t *broken, const char **first)
{
	return check_rows(c, ship_check_numbers, ship_count_all, counted, broken, first);
}

const struct check ship_checks[] = {
	{ 3, "packages hold what was picked", count_packed },
	{ 3, "weights are what the scale said", count_weights },
	{ 6, "owed for what left and was not refused", count_bills },
	{ 8, "one stock issue per dispatched shipment", count_issues },
	{ 8, "one notice per recipient", count_notices },
	{ 10, "shipment numbers", count_numbers },
	{ 0, NULL, NULL },
};
