/* What verify recounts of stock, from the raw rows. */
#include "mod/stock/stock_int.h"

#include "gen/stock_sql.h"

const struct field stock_broken_fields[] = {
	FIELD(struct stock_broken, what, T_none),
	FIELD(struct stock_broken, have, T_none),
	FIELD(struct stock_broken, want, T_none),
	FIELD_END,
};

typedef bool (*lots_fn)(struct ctx *c, struct stock_broken **rows, size_t *len);

static bool recount(struct ctx *c, lots_fn find, int64_t *broken, const char **first)
{
	struct stock_broken *rows;
	size_t len;

	if (!find(c, &rows, &len))
		return false;
	*broken = (int64_t)len;
	if (len > 0)
		*first = arena_printf(c->arena, "%s: %s instead of %s", rows[0].what, qty_str(c->arena, rows[0].have),
			qty_str(c->arena, rows[0].want));
	return true;
}

static bool count_lots(struct ctx *c, int64_t *counted, int64_t *broken, const char **first)
{
	return stock_count_lots(c, counted) && recount(c, stock_check_lots, broken, first);
}

static bool count_levels(struct ctx *c, int64_t *counted, int64_t *broken, const char **first)
{
	return stock_count_levels(c, counted) && recount(c, stock_check_levels, broken, first);
}

static bool count_committed(struct ctx *c, int64_t *counted, int64_t *broken, const char **first)
{
	return stock_count_levels(c, counted) && recount(c, stock_check_committed, broken, first);
}

static bool count_bound(struct ctx *c, int64_t *counted, int64_t *broken, const char **first)
{
	return stock_count_levels(c, counted) && recount(c, stock_check_bound, broken, first);
}

static bool count_held(struct ctx *c, int64_t *counted, int64_t *broken, const char **first)
{
	return stock_count_held(c, counted) && recount(c, stock_check_held, broken, first);
}

static bool count_alive(struct ctx *c, int64_t *counted, int64_t *broken, const char **first)
{
	return stock_count_held(c, counted) && recount(c, stock_check_alive, broken, first);
}

const struct check stock_checks[] = {
	{ 1, "lots are their movements", count_lots },
	{ 1, "levels are their lots", count_levels },
	{ 2, "promised is what is reserved", count_committed },
	{ 2, "bound is what lots hold for orders", count_bound },
	{ 2, "order lines hold what they say", count_held },
	{ 2, "only living orders hold goods", count_alive },
	{ 0, NULL, NULL },
};
