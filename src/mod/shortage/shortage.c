/* shortage: what is short, what could be given to whom, and giving it. */
#include "mod/shortage/shortage_view.h"

#include "base/sha256.h"
#include "gen/shortage_sql.h"
#include "mod/notice/notice.h"
#include "mod/order/order.h"
#include "mod/pick/pick.h"
#include "mod/stock/stock.h"
#include "mod/task/task.h"

#include <inttypes.h>
#include <string.h>

const struct field short_line_fields[] = {
	FIELD_AS(struct short_line, order_id, "order", T_shortage_order),
	FIELD(struct short_line, line, T_shortage_line),
	FIELD(struct short_line, number, T_shortage_order),
	FIELD(struct short_line, customer, T_shortage_customer),
	FIELD(struct short_line, tier, T_shortage_tier),
	FIELD(struct short_line, approved_at, T_shortage_approved_at),
	FIELD(struct short_line, unit, T_none, .flags = F_HIDDEN),
	FIELD(struct short_line, num, T_none, .flags = F_HIDDEN),
	FIELD(struct short_line, den, T_none, .flags = F_HIDDEN),
	FIELD(struct short_line, asked, T_none, .flags = F_HIDDEN),
	FIELD(struct short_line, wanted, T_shortage_wanted),
	FIELD(struct short_line, held, T_shortage_held),
	FIELD(struct short_line, lacking, T_shortage_lacking),
	FIELD(struct short_line, proportion, T_shortage_ways_proportion),
	FIELD_AS(struct short_line, by_class, "class", T_shortage_ways_class),
	FIELD_AS(struct short_line, by_time, "time", T_shortage_ways_time),
	FIELD_END,
};

#define GOODS                                                                                                          \
	FIELD(struct shortage, id, T_none), FIELD(struct shortage, sku, T_product_sku),                                \
		FIELD(struct shortage, name, T_product_name), FIELD(struct shortage, base_unit, T_product_base_unit),  \
		FIELD(struct shortage, day, T_shortage_day), FIELD(struct shortage, orders_n, T_shortage_orders),      \
		FIELD(struct shortage, wanted, T_shortage_wanted), FIELD(struct shortage, held, T_shortage_held),      \
		FIELD(struct shortage, lacking, T_shortage_lacking),                                                   \
		FIELD(struct shortage, in_review, T_shortage_in_review),                                               \
		FIELD(struct shortage, most, T_shortage_most), FIELD(struct shortage, doubtful, T_shortage_doubtful),  \
		FIELD(struct shortage, amount, T_shortage_amount), FIELD(struct shortage, gap, T_shortage_gap)

const struct field shortage_item_fields[] = { GOODS, FIELD_END };

const struct field shortage_fields[] = {
	GOODS,
	FIELD_ENUM(struct shortage, way, T_shortage_way, share_way_names),
	FIELD(struct shortage, basis, T_shortage_basis),
	FIELD_LIST(struct shortage, lines, short_line_fields, T_shortage_lines),
	FIELD_END,
};

const struct field share_line_fields[] = {
	FIELD(struct share_line, share_id, T_none, .flags = F_HIDDEN),
	FIELD_AS(struct share_line, order_id, "order", T_shortage_order),
	FIELD(struct share_line, line, T_shortage_line),
	FIELD(struct share_line, number, T_shortage_order),
	FIELD(struct share_line, customer, T_shortage_customer),
	FIELD(struct share_line, tier, T_shortage_tier),
	FIELD(struct share_line, wanted, T_shortage_wanted),
	FIELD(struct share_line, before, T_shortage_before),
	FIELD(struct share_line, share, T_shortage_share),
	FIELD_END,
};

const struct field share_fields[] = {
	FIELD(struct share, id, T_none),
	FIELD_AS(struct share, product_id, "product", T_product_name),
	FIELD(struct share, sku, T_product_sku),
	FIELD(struct share, name, T_product_name),
	FIELD(struct share, base_unit, T_product_base_unit),
	FIELD(struct share, day, T_shortage_day),
	FIELD(struct share, way, T_shortage_way),
	FIELD(struct share, corrected, T_shortage_corrected),
	FIELD(struct share, amount, T_shortage_amount),
	FIELD(struct share, given, T_shortage_given),
	FIELD(struct share, at, T_shortage_at),
	FIELD(struct share, who, T_shortage_who),
	FIELD_LIST(struct share, lines, share_line_fields, T_shortage_lines),
	FIELD_END,
};

/* ---- the preview ---- */

/* Orders that want it, each once. */
static struct i64s orders_of(struct ctx *c, const struct shortage *s)
{
	int64_t *ids = ARENA_ARRAY(c->arena, s->lines_len + 1, int64_t);
	size_t n = 0;

	for (size_t i = 0; i < s->lines_len; i++)
		if (n == 0 || ids[n - 1] != s->lines[i].order_id)
			ids[n++] = s->lines[i].order_id;
	return (struct i64s){ ids, n };
}

static void add_up(struct shortage *s)
{
	int64_t doubted = 0, free;

	s->held = s->lacking = s->wanted = QTY_ZERO;
	for (size_t i = 0; i < s->lines_len; i++) {
		struct short_line *l = &s->lines[i];
		l->wanted.milli = l->held.milli + l->lacking.milli;
		s->held.milli += l->held.milli;
		s->lacking.milli += l->lacking.milli;
		s->wanted.milli += l->wanted.milli;
		doubted += l->asked != 0 ? l->lacking.milli : 0;
	}
	free = s->most.milli > s->held.milli ? s->most.milli - s->held.milli : 0;
	s->doubtful.milli = doubted < free ? doubted : free;
}

/* All that a preview is computed from; whoever commits names it, and it must still be so. */
static const char *basis_of(struct ctx *c, const struct shortage *s)
{
	struct buf b;
	uint8_t hash[32];
	char *hex = arena_alloc(c->arena, 33);

	buf_init(&b, c->arena);
	buf_printf(&b, "%" PRId64 " %" PRId64 " %" PRId64 " %d\n", s->most.milli, s->doubtful.milli, s->id, s->day.day);
	for (size_t i = 0; i < s->lines_len; i++)
		buf_printf(&b, "%" PRId64 "/%" PRId64 " %s %" PRId64 " %" PRId64 "\n", s->lines[i].order_id,
			s->lines[i].line, s->lines[i].tier != NULL ? s->lines[i].tier : "", s->lines[i].held.milli,
			s->lines[i].lacking.milli);
	sha256(b.data, b.len, hash);
	hex_encode(hex, hash, 16);
	return hex;
}

/* What a pick has bound and what nobody lacks takes no part. */
static size_t drop_settled(struct short_line *l, size_t len)
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++)
		if (l[i].held.milli + l[i].lacking.milli > 0)
			l[n++] = l[i];
	return n;
}

static bool read_lines(struct ctx *c, struct shortage *s)
{
	if (!shortage_lines(c, s->id, s->day, &s->lines, &s->lines_len))
		return false;
	s->lines_len = drop_settled(s->lines, s->lines_len);
	return true;
}

static void choose(struct shortage *s)
{
	for (size_t i = 0; i < s->lines_len; i++) {
		struct short_line *l = &s->lines[i];
		l->chosen = s->way == WAY_TIME ? l->by_time : s->way == WAY_CLASS ? l->by_class : l->proportion;
	}
}

static bool in_whole(struct ctx *c, const struct shortage *s, struct qty q, const char *pointer)
{
	return !s->integer_only || qty_whole(q) ||
	       fail_field(c, pointer, E_RANGE, T_order_quantity_whole, s->name, s->base_unit);
}

static bool read_amount(struct ctx *c, struct shortage *s, struct qty amount)
{
	s->amount = qty_is(amount) ? amount : (struct qty){ s->most.milli - s->doubtful.milli };
	if (qty_cmp(s->amount, s->most) > 0)
		return fail_field(
			c, "/amount", E_RANGE, T_shortage_more_than_there, qty_str(c->arena, s->most), s->base_unit);
	s->gap.milli = s->wanted.milli > s->amount.milli ? s->wanted.milli - s->amount.milli : 0;
	return !qty_is(amount) || in_whole(c, s, amount, "/amount");
}

static bool work_out(struct ctx *c, struct shortage *s, struct qty amount)
{
	struct i64s orders = orders_of(c, s);

	s->orders_n = (int64_t)orders.len;
	if (!stock_shareable(c, s->id, s->day, orders, &s->most) ||
		!shortage_in_review(c, s->id, s->day, &s->in_review.milli))
		return false;
	add_up(s);
	s->basis = basis_of(c, s);
	if (!read_amount(c, s, amount))
		return false;
	shortage_ways(c->arena, s->lines, s->lines_len, s->amount);
	choose(s);
	return true;
}

static bool goods_named(struct ctx *c, int64_t product_id, struct date day, enum share_way way, struct shortage *s)
{
	struct product p;

	if (!product_get(c, product_id, &p))
		return false;
	*s = (struct shortage){ .id = p.id,
		.sku = p.sku,
		.name = p.name,
		.base_unit = p.base_unit,
		.integer_only = p.integer_only,
		.day = day,
		.way = (int)way };
	return true;
}

bool shortage_get(
	struct ctx *c, int64_t product_id, struct date day, struct qty amount, enum share_way way, struct shortage *out)
{
	return goods_named(c, product_id, day, way, out) && read_lines(c, out) && work_out(c, out, amount);
}

/* ---- the list ---- */

static struct stock_free *free_of(struct stock_free *f, size_t len, int64_t product_id)
{
	for (size_t i = 0; i < len; i++)
		if (f[i].product_id == product_id)
			return &f[i];
	return NULL;
}

static void row_add_up(struct shortage *s, const struct stock_free *f)
{
	int64_t free = f == NULL ? 0 : f->on_hand.milli - f->quarantined.milli - f->expired.milli - f->committed.milli;

	s->wanted.milli = s->held.milli + s->lacking.milli;
	s->most.milli = free + s->held.milli > 0 ? free + s->held.milli : 0;
	if (free < s->doubtful.milli)
		s->doubtful.milli = free > 0 ? free : 0;
	s->amount.milli = s->most.milli - s->doubtful.milli;
	s->gap.milli = s->wanted.milli > s->amount.milli ? s->wanted.milli - s->amount.milli : 0;
}

/* Rows of one day: what is free of all their products is read at once. */
static bool day_add_up(struct ctx *c, struct shortage *rows, size_t len)
{
	int64_t *ids = ARENA_ARRAY(c->arena, len, int64_t);
	struct stock_free *f;
	size_t f_len;

	for (size_t i = 0; i < len; i++)
		ids[i] = rows[i].id;
	if (!stock_free_all(c, (struct i64s){ ids, len }, rows[0].day, &f, &f_len))
		return false;
	for (size_t i = 0; i < len; i++)
		row_add_up(&rows[i], free_of(f, f_len, rows[i].id));
	return true;
}

bool shortages_now(struct ctx *c, int64_t limit, struct shortage **out, size_t *len)
{
	struct shortage *rows;
	size_t all, kept = 0;

	if (!shortage_list(c, limit, &rows, &all))
		return false;
	for (size_t from = 0, n; from < all; from += n) {
		for (n = 1; from + n < all && rows[from + n].day.day == rows[from].day.day;)
			n++;
		if (!day_add_up(c, &rows[from], n))
			return false;
	}
	for (size_t i = 0; i < all; i++)
		if (rows[i].wanted.milli + rows[i].in_review.milli > rows[i].amount.milli)
			rows[kept++] = rows[i];
	*out = rows;
	*len = kept;
	return true;
}

/* ---- the commit ---- */

static struct short_line *line_named(struct shortage *s, const struct share_line_in *in)
{
	for (size_t i = 0; i < s->lines_len; i++)
		if (s->lines[i].order_id == in->order && s->lines[i].line == in->line)
			return &s->lines[i];
	return NULL;
}

static bool correct(struct ctx *c, struct shortage *s, const struct share_line_in *in, size_t i, bool *corrected)
{
	struct short_line *l = line_named(s, in);

	if (l == NULL)
		return fail_field(c, arena_printf(c->arena, "/lines/%zu/order", i), E_UNKNOWN, T_shortage_not_affected);
	if (qty_cmp(in->quantity, l->wanted) > 0)
		return fail_field(c, arena_printf(c->arena, "/lines/%zu/quantity", i), E_RANGE,
			T_shortage_more_than_wanted, l->customer, qty_str(c->arena, l->wanted), s->base_unit);
	if (!in_whole(c, s, in->quantity, arena_printf(c->arena, "/lines/%zu/quantity", i)))
		return false;
	*corrected = *corrected || qty_cmp(in->quantity, l->chosen) != 0;
	l->chosen = in->quantity;
	return true;
}

static bool correct_all(
	struct ctx *c, struct shortage *s, const struct share_in *in, bool *corrected, struct qty *given)
{
	*corrected = false;
	*given = QTY_ZERO;
	for (size_t i = 0; i < in->lines_len; i++)
		(void)correct(c, s, &in->lines[i], i, corrected);
	if (!ok(c))
		return false;
	for (size_t i = 0; i < s->lines_len; i++)
		given->milli += s->lines[i].chosen.milli;
	if (qty_cmp(*given, s->amount) > 0)
		return fail_field(c, "/lines", E_RANGE, T_shortage_sum_too_large, qty_str(c->arena, *given),
			s->base_unit, qty_str(c->arena, s->amount));
	return true;
}

static bool same_orders(struct i64s a, struct i64s b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len * sizeof(*a.at)) == 0);
}

/* Orders are locked before stock, as everywhere; what was read before that is read again, and nobody may have come in between
 * whose order is not locked. */
static bool read_locked(struct ctx *c, const struct share_in *in, struct shortage *s, struct order **orders)
{
	struct i64s locked;

	if (!read_lines(c, s))
		return false;
	if (s->lines_len == 0)
		return fail(c, E_CONFLICT, T_shortage_nobody_wants, s->name);
	locked = orders_of(c, s);
	if (!order_get_all(c, locked, orders) || !stock_lock(c, s->id) || !read_lines(c, s) ||
		!work_out(c, s, in->amount))
		return false;
	return (strcmp(s->basis, in->basis) == 0 && same_orders(locked, orders_of(c, s))) ||
	       fail(c, E_VERSION, T_shortage_changed_meanwhile, s->name);
}

static bool hold_shares(struct ctx *c, const struct shortage *s)
{
	struct stock_portion *p = ARENA_ARRAY(c->arena, s->lines_len, struct stock_portion);

	for (size_t i = 0; i < s->lines_len; i++)
		p[i] = (struct stock_portion){ s->lines[i].order_id, s->lines[i].line, s->lines[i].chosen };
	return stock_share(c, s->id, s->day, p, s->lines_len);
}

static bool write_share(struct ctx *c, const struct shortage *s, bool corrected, struct qty given, int64_t id)
{
	struct share_line *l = ARENA_ARRAY(c->arena, s->lines_len, struct share_line);

	for (size_t i = 0; i < s->lines_len; i++)
		l[i] = (struct share_line){ .share_id = id,
			.order_id = s->lines[i].order_id,
			.line = s->lines[i].line,
			.wanted = s->lines[i].wanted,
			.before = s->lines[i].held,
			.share = s->lines[i].chosen };
	return share_insert(c, id, s->id, s->day, share_way_names[s->way], corrected, s->amount, given, c->now,
		       c->actor->id) &&
	       share_line_insert(c, l, s->lines_len);
}

/* ---- what it means for each order ---- */

static struct order *order_of(struct order *orders, int64_t id)
{
	while (orders->id != id)
		orders++;
	return orders;
}

/* "大白菜 10 → 6 公斤": the same in every language. */
static void say_share(struct ctx *c, struct buf *b, const struct shortage *s, const struct short_line *l)
{
	buf_printf(b, "%s%s %s → %s %s", b->len > 0 ? "，" : "", s->name, qty_str(c->arena, l->wanted),
		qty_str(c->arena, l->chosen), s->base_unit);
}

/* The lines of one order from `from` on; returns how many. Orders nothing changes for make no change. */
static size_t change_of(
	struct ctx *c, const struct shortage *s, size_t from, struct order *orders, struct order_change *ch)
{
	int64_t order_id = s->lines[from].order_id;
	struct order_delta *d = ARENA_ARRAY(c->arena, s->lines_len - from, struct order_delta);
	bool is_short = false;
	size_t n = 0;
	struct buf b;

	buf_init(&b, c->arena);
	*ch = (struct order_change){ .o = order_of(orders, order_id), .d = d };
	for (; from + n < s->lines_len && s->lines[from + n].order_id == order_id; n++) {
		const struct short_line *l = &s->lines[from + n];
		int64_t more = l->chosen.milli - l->held.milli;
		if (more > 0)
			d[ch->len++] = (struct order_delta){ l->line, ST_NOWHERE, ST_RESERVED, { more }, QTY_ZERO };
		if (more < 0)
			d[ch->len++] = (struct order_delta){ l->line, ST_RESERVED, ST_NOWHERE, { -more }, QTY_ZERO };
		is_short = is_short || qty_cmp(l->chosen, l->wanted) < 0;
		say_share(c, &b, s, l);
	}
	ch->doubtful = is_short;
	ch->kind = is_short ? "order.shared_short" : "order.shared";
	ch->data = json_reason(c->arena, buf_cstr(&b));
	return n;
}

static void say_lacks(struct ctx *c, const struct order *o, struct buf *b)
{
	for (size_t i = 0; i < o->lines_len; i++) {
		const struct order_line *l = &o->lines[i];
		struct qty in_unit, lacks = order_line_lacks(l);
		bool exact = false;

		if (lacks.milli > 0 && qty_from_base(&in_unit, lacks, (struct ratio){ l->num, l->den }, &exact))
			buf_printf(b, "%s%s %s%s %s", b->len > 0 ? "，" : "", l->name, exact ? "" : "≈ ",
				qty_str(c->arena, in_unit), l->unit);
	}
}

/* What is still missing goes back to the clerk in the words of now: wait, split, cut. */
static bool to_the_clerk(struct ctx *c, const struct order *o)
{
	struct buf b;

	buf_init(&b, c->arena);
	say_lacks(c, o, &b);
	return task_close(c, "shortage", "order", o->id, "shared") &&
	       (b.len == 0 || pick_shortage_open(c, o, buf_cstr(&b)));
}

static bool tell_orders(struct ctx *c, const struct shortage *s, struct order *orders)
{
	struct order_change *ch = ARENA_ARRAY(c->arena, s->lines_len, struct order_change);
	size_t n = 0;

	for (size_t from = 0; from < s->lines_len;) {
		from += change_of(c, s, from, orders, &ch[n]);
		n += ch[n].len > 0 || ch[n].doubtful;
	}
	if (!order_progress_all(c, ch, n))
		return false;
	for (size_t i = 0; i < n; i++)
		if (!to_the_clerk(c, ch[i].o))
			return false;
	return true;
}

static bool tell_share(struct ctx *c, const struct shortage *s, struct qty given, int64_t id)
{
	struct event ev = { .kind = "share.committed", .entity = "share", .entity_id = id };
	struct buf b;
	struct json j;

	buf_init(&b, c->arena);
	json_start(&j, &b);
	json_obj(&j, NULL);
	json_str(&j, "sku", s->sku);
	json_date(&j, "day", s->day);
	json_str(&j, "way", share_way_names[s->way]);
	json_qty(&j, "amount", s->amount);
	json_qty(&j, "given", given);
	json_end_obj(&j);
	ev.data = buf_cstr(&b);
	return event_add(c, &ev);
}

bool shortage_share(struct ctx *c, int64_t product_id, const struct share_in *in, int64_t *id)
{
	enum share_way way = (enum share_way)in->way;
	struct shortage s;
	struct order *orders;
	struct qty given;
	bool corrected;

	return goods_named(c, product_id, in->day, way, &s) && read_locked(c, in, &s, &orders) &&
	       correct_all(c, &s, in, &corrected, &given) && id_new(c, id) && hold_shares(c, &s) &&
	       write_share(c, &s, corrected, given, *id) && tell_orders(c, &s, orders) && tell_share(c, &s, given, *id);
}

bool share_get(struct ctx *c, int64_t id, struct share *out)
{
	return share_by_id(c, id, out) && share_lines_of(c, id, &out->lines, &out->lines_len);
}
