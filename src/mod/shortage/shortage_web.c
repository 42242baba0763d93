/* Pages and answers of short goods. */
#include "mod/shortage/shortage_view.h"

#include "gen/shortage_sql.h"
#include "gen/tmpl.h"

#include <inttypes.h>

#define LIST_MAX   500
#define LATEST_MAX 10

/* ---- what comes in ---- */

struct look_in {
	struct date day;
	struct qty amount;
	int way;
};
static const struct field look_fields[] = {
	FIELD(struct look_in, day, T_shortage_day),
	FIELD(struct look_in, amount, T_shortage_amount, .flags = F_UNSIGNED, .max = QTY_MAX),
	FIELD_ENUM(struct look_in, way, T_shortage_way, share_way_names),
	FIELD_END,
};
static const struct field line_in_fields[] = {
	FIELD(struct share_line_in, order, T_shortage_order, .flags = F_REQUIRED | F_POSITIVE),
	FIELD(struct share_line_in, line, T_shortage_line, .flags = F_REQUIRED | F_POSITIVE, .max = 2000),
	FIELD(struct share_line_in, quantity, T_shortage_quantity, .flags = F_REQUIRED | F_UNSIGNED, .max = QTY_MAX),
	FIELD_END,
};
static const struct field share_in_fields[] = {
	FIELD(struct share_in, day, T_shortage_day, .flags = F_REQUIRED),
	FIELD_ENUM(struct share_in, way, T_shortage_way, share_way_names, .flags = F_REQUIRED),
	FIELD(struct share_in, amount, T_shortage_amount, .flags = F_UNSIGNED, .max = QTY_MAX),
	FIELD(struct share_in, basis, T_shortage_basis, .flags = F_REQUIRED, .max = 64),
	FIELD_LIST(struct share_in, lines, line_in_fields, T_shortage_lines, .max = 2000),
	FIELD_END,
};

/* ---- what goes out ---- */

static const struct view item_view = { shortage_item_fields, NULL };
static const struct view one_view = { shortage_fields, NULL };
static const struct view share_view = { share_fields, PAGE(tmpl_shortage_share) };

static struct done *list_get(struct ctx *c, struct req *r)
{
	struct shortage_list v = { 0 };

	if (!shortages_now(c, LIST_MAX, &v.rows, &v.rows_len) || !share_latest(c, LATEST_MAX, &v.shares, &v.shares_len))
		return reply_error(r);
	return reply_list(r, &item_view, v.rows, v.rows_len, 0, NULL, PAGE(tmpl_shortage_list), &v);
}

static struct done *one_get(struct ctx *c, struct req *r)
{
	static const struct view page = { shortage_fields, PAGE(tmpl_shortage_one) };
	const struct look_in *in = req_in(r);
	struct shortage_page v = { .by_proportion = in->way == WAY_PROPORTION,
		.by_class = in->way == WAY_CLASS,
		.by_time = in->way == WAY_TIME,
		.way = share_way_names[in->way] };

	if (!shortage_get(
		    c, req_id(r), date_is(in->day) ? in->day : today(c), in->amount, (enum share_way)in->way, &v.s))
		return reply_error(r);
	v.enough = v.s.gap.milli == 0;
	return reply_view(r, req_wants_page(r) ? &page : &one_view, req_wants_page(r) ? (const void *)&v : &v.s);
}

static struct done *share_post(struct ctx *c, struct req *r)
{
	struct share s;
	int64_t id;

	if (!shortage_share(c, req_id(r), req_in(r), &id) || !share_get(c, id, &s))
		return reply_error(r);
	return reply_created(r, &share_view, &s, "/shares/%" PRId64, id);
}

static struct done *share_one_get(struct ctx *c, struct req *r)
{
	struct share s;

	return share_get(c, req_id(r), &s) ? reply_view(r, &share_view, &s) : reply_error(r);
}

/* ---- records the build reads ---- */

#define IN(f, s) (f), sizeof(s)
static const struct route routes[] = {
	{ GET, "/shortages", RIGHT_look, NULL, 0, list_get, T_shortage_list, ROUTE_LIST, &item_view },
	{ GET, "/shortages/:id", RIGHT_look, IN(look_fields, struct look_in), one_get, T_shortage_one, 0, &one_view },
	{ POST, "/shortages/:id/share", RIGHT_shortage_share, IN(share_in_fields, struct share_in), share_post,
		T_shortage_do_share, 0, &share_view },
	{ GET, "/shares/:id", RIGHT_look, NULL, 0, share_one_get, T_shortage_shared, 0, &share_view },
	ROUTE_END,
};

static const struct menu menu[] = {
	{ T_shortage_menu, "/shortages", 45, RIGHT_shortage_share },
	{ T_none, NULL, 0, RIGHT_none },
};

static bool check_sums(struct ctx *c, int64_t *counted, int64_t *broken, const char **first)
{
	*first = "sharings of short goods";
	return share_total(c, counted) && share_check_sums(c, broken);
}

static const struct check checks[] = {
	{ 2, "shares of short goods add up", check_sums },
	{ 0, NULL, NULL },
};

const struct module shortage_module = {
	.name = "shortage",
	.routes = routes,
	.menu = menu,
	.checks = checks,
};
