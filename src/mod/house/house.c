/* house: counting shelves. A count freezes nothing: each line keeps what the books said when it was counted, so the
 * difference is right whatever moved before or after. Goods in a picker's hands cannot be counted and are asked again. */
#include "gen/house_sql.h"
#include "mod/house/house_view.h"

#include "app/settings.h"

#include <inttypes.h>
#include <string.h>

#define LINES_MAX 2000

const struct field count_line_fields[] = {
	FIELD(struct count_line, line, T_house_line),
	FIELD(struct count_line, sku, T_product_sku),
	FIELD(struct count_line, name, T_product_name),
	FIELD(struct count_line, warehouse, T_stock_warehouse),
	FIELD(struct count_line, location, T_stock_location),
	FIELD(struct count_line, lot, T_stock_lot),
	FIELD(struct count_line, expires, T_stock_expires),
	FIELD_AS(struct count_line, base_unit, "unit", T_product_base_unit),
	FIELD(struct count_line, counted, T_house_counted),
	FIELD(struct count_line, who, T_house_counted_by),
	FIELD(struct count_line, again, T_house_again),
	FIELD(struct count_line, seen, T_none, .flags = F_HIDDEN), /* who counts must not know what the books say */
	FIELD(struct count_line, counted_by, T_none, .flags = F_HIDDEN),
	FIELD(struct count_line, count_id, T_none, .flags = F_HIDDEN),
	FIELD(struct count_line, product_id, T_none, .flags = F_HIDDEN),
	FIELD_END,
};

const struct field count_fields[] = {
	FIELD(struct count, id, T_none),
	FIELD(struct count, version, T_none),
	FIELD(struct count, number, T_house_number),
	FIELD(struct count, state, T_house_state),
	FIELD(struct count, warehouse, T_stock_warehouse),
	FIELD(struct count, zone, T_house_zone),
	FIELD(struct count, author, T_house_author),
	FIELD(struct count, created_at, T_house_created_at),
	FIELD(struct count, closed_at, T_house_closed_at),
	FIELD(struct count, lines_n, T_house_lines),
	FIELD(struct count, open_n, T_house_open),
	FIELD_LIST(struct count, lines, count_line_fields, T_house_lines),
	FIELD(struct count, created_by, T_none, .flags = F_HIDDEN),
	FIELD_END,
};

const struct field books_fields[] = {
	FIELD(struct books, on_hand, T_none),
	FIELD(struct books, bound, T_none),
	FIELD_END,
};

bool count_get(struct ctx *c, int64_t id, struct count *out)
{
	return count_by_id(c, id, out) && count_lines_of(c, id, &out->lines, &out->lines_len);
}

/* ---- opening ---- */

/* The first text behind all that begin with zone. */
static const char *zone_end(struct ctx *c, const char *zone)
{
	return zone != NULL ? arena_printf(c->arena, "%s\xf4\x8f\xbf\xbf", zone) : NULL;
}

static bool product_of(struct ctx *c, const char *sku, int64_t *id)
{
	struct product p;
	bool found;

	*id = INT64_MIN;
	if (sku == NULL)
		return true;
	if (!product_find(c, sku, &p, &found))
		return false;
	*id = p.id;
	return found || fail_field(c, "/sku", E_UNKNOWN, T_catalog_no_product, sku);
}

static bool count_told(struct ctx *c, const char *kind, const struct count *k, const char *to)
{
	struct event ev = { .kind = kind, .entity = "count", .entity_id = k->id, .to = to };

	ev.data = arena_printf(c->arena, "{\"number\":\"%s\",\"lines\":%" PRId64 "}", k->number, k->lines_n);
	return event_add(c, &ev);
}

bool count_open(struct ctx *c, const struct count_in *in, struct count *out)
{
	struct count_line *lines;
	const char *number;
	int64_t product, id;
	size_t len;

	if (!product_of(c, in->sku, &product) ||
		!count_lots(c, in->warehouse, in->zone, zone_end(c, in->zone), product, in->oldest, &lines, &len))
		return false;
	if (len == 0)
		return fail(c, E_CONFLICT, T_house_nothing_to_count);
	if (len > LINES_MAX)
		return fail(c, E_CONFLICT, T_house_too_many);
	if (!id_new(c, &id) || !number_new(c, "PD", &number) ||
		!count_insert(c, id, number, in->warehouse, in->zone, c->actor->id, c->now))
		return false;
	for (size_t i = 0; i < len; i++) {
		lines[i].count_id = id;
		lines[i].line = (int64_t)i + 1;
	}
	return count_line_insert(c, lines, len) && count_get(c, id, out) && count_told(c, "count.opened", out, "open");
}

/* ---- counting ---- */

/* Further from the books than the setting allows, in percent of the books; nothing there at all always is. */
static bool is_far(struct ctx *c, struct qty counted, struct qty seen)
{
	int64_t gap = counted.milli > seen.milli ? counted.milli - seen.milli : seen.milli - counted.milli;

	return gap > 0 && (__int128)gap * 100 > (__int128)seen.milli * setting_int(c, "count.far_percent");
}

static bool line_open(struct ctx *c, int64_t id, int64_t line, struct count_line *l)
{
	int64_t touched;
	bool found;

	if (!count_touch(c, id, &touched) || !count_line_of(c, id, line, l, &found))
		return false;
	if (touched != 1)
		return fail(c, E_CONFLICT, T_house_not_open);
	if (!found)
		return fail(c, E_NOT_FOUND, T_house_no_line);
	return !l->again || l->counted_by != c->actor->id || fail(c, E_CONFLICT, T_house_other_person, l->name);
}

bool count_answer(struct ctx *c, int64_t id, int64_t line, struct qty quantity)
{
	struct count_line l;
	struct books b;
	bool found;

	if (!line_open(c, id, line, &l) || !count_books(c, l.product_id, l.warehouse, l.location, l.lot, &b, &found))
		return false;
	if (found && b.bound.milli > 0)
		return fail(c, E_CONFLICT, T_house_in_hands, l.name, l.location);
	if (!found)
		b.on_hand = QTY_ZERO;
	return count_line_answer(
		c, id, line, b.on_hand, quantity, c->actor->id, c->now, !l.again && is_far(c, quantity, b.on_hand));
}

/* ---- closing ---- */

static bool differences_book(struct ctx *c, const struct count *k)
{
	struct stock_found *f = ARENA_ARRAY(c->arena, k->lines_len + 1, struct stock_found);

	for (size_t i = 0; i < k->lines_len; i++) {
		const struct count_line *l = &k->lines[i];
		f[i] = (struct stock_found){ l->product_id, l->warehouse, l->location, l->lot, QTY_ZERO };
		if (!qty_sub(&f[i].difference, l->counted, l->seen))
			return fail(c, E_INVALID, T_err_range);
	}
	return stock_recount(c, f, k->lines_len, k->number);
}

bool count_close(struct ctx *c, int64_t id, int64_t version)
{
	struct count k;
	int64_t ended;

	if (!count_get(c, id, &k))
		return false;
	if (strcmp(k.state, "open") != 0)
		return fail(c, E_CONFLICT, T_house_not_open);
	if (k.open_n > 0)
		return fail(c, E_CONFLICT, T_house_still_open, arena_printf(c->arena, "%" PRId64, k.open_n));
	if (!differences_book(c, &k))
		return false;
	if (!count_end(c, id, version != INT64_MIN ? version : k.version, "closed", c->actor->id, c->now, &ended))
		return false;
	return ended == 1 ? count_told(c, "count.closed", &k, "closed") : fail(c, E_VERSION, T_house_changed);
}

bool count_cancel(struct ctx *c, int64_t id, int64_t version)
{
	struct count k;
	int64_t ended;

	if (!count_by_id(c, id, &k) || !count_end(c, id, version != INT64_MIN ? version : k.version, "cancelled",
					       c->actor->id, c->now, &ended))
		return false;
	if (ended == 1)
		return count_told(c, "count.cancelled", &k, "cancelled");
	return strcmp(k.state, "open") != 0 ? fail(c, E_CONFLICT, T_house_not_open)
					    : fail(c, E_VERSION, T_house_changed);
}
