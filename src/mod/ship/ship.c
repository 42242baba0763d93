/* ship: the goods at the packing table become packages. */
#include "mod/ship/ship_int.h"

#include "app/sscc.h"
#include "gen/ship_sql.h"

const struct field shipment_fields[] = {
	FIELD(struct shipment, id, T_none),
	FIELD(struct shipment, version, T_none),
	FIELD(struct shipment, number, T_none),
	FIELD(struct shipment, order_id, T_none),
	FIELD(struct shipment, customer_id, T_none),
	FIELD(struct shipment, pick_id, T_none),
	FIELD(struct shipment, state, T_none),
	FIELD(struct shipment, carrier, T_none),
	FIELD(struct shipment, service, T_none),
	FIELD(struct shipment, tracking_number, T_none),
	FIELD(struct shipment, driver, T_none),
	FIELD(struct shipment, amount, T_none),
	FIELD(struct shipment, less, T_none),
	FIELD(struct shipment, prints, T_none),
	FIELD(struct shipment, created_at, T_none),
	FIELD(struct shipment, dispatched_at, T_none),
	FIELD(struct shipment, promised_on, T_none),
	FIELD(struct shipment, track_state, T_none),
	FIELD(struct shipment, track_at, T_none),
	FIELD(struct shipment, receipt_signer, T_none),
	FIELD(struct shipment, receipt_note, T_none),
	FIELD(struct shipment, receipt_at, T_none),
	FIELD_END,
};

const struct field shipment_line_fields[] = {
	FIELD(struct shipment_line, shipment_id, T_none, .flags = F_HIDDEN),
	FIELD(struct shipment_line, line, T_ship_line),
	FIELD(struct shipment_line, product_id, T_none, .flags = F_HIDDEN),
	FIELD(struct shipment_line, sku, T_ship_sku),
	FIELD(struct shipment_line, name, T_ship_name),
	FIELD(struct shipment_line, quantity, T_ship_quantity),
	FIELD(struct shipment_line, unit, T_ship_unit),
	FIELD(struct shipment_line, packed, T_ship_packed),
	FIELD(struct shipment_line, received, T_ship_received),
	FIELD(struct shipment_line, refused, T_ship_refused),
	FIELD(struct shipment_line, amount, T_ship_amount),
	FIELD_AS(struct shipment_line, net, "net_kg", T_ship_net, .flags = F_SPARSE),
	FIELD_AS(struct shipment_line, gross, "gross_kg", T_ship_gross, .flags = F_SPARSE),
	FIELD_AS(struct shipment_line, tare, "tare_kg", T_ship_tare, .flags = F_SPARSE),
	FIELD(struct shipment_line, net, T_none, .flags = F_HIDDEN),
	FIELD(struct shipment_line, gross, T_none, .flags = F_HIDDEN),
	FIELD(struct shipment_line, tare, T_none, .flags = F_HIDDEN),
	FIELD_END,
};

const struct field ship_lot_fields[] = {
	FIELD(struct ship_lot, shipment_id, T_none),
	FIELD(struct ship_lot, line, T_none),
	FIELD(struct ship_lot, product_id, T_none),
	FIELD(struct ship_lot, warehouse, T_none),
	FIELD(struct ship_lot, location, T_none),
	FIELD(struct ship_lot, lot, T_none),
	FIELD(struct ship_lot, quantity, T_none),
	FIELD_END,
};

static const struct field pack_line_fields[] = {
	FIELD(struct pack_line, line, T_ship_line, .flags = F_REQUIRED | F_POSITIVE, .max = 2000),
	FIELD(struct pack_line, quantity, T_ship_quantity, .flags = F_UNSIGNED, .max = QTY_MAX),
	FIELD_END,
};
const struct field pack_fields[] = {
	FIELD_LIST(struct pack_in, lines, pack_line_fields, T_ship_lines, .flags = F_REQUIRED, .max = 2000),
	FIELD(struct pack_in, weight_kg, T_ship_weight, .flags = F_POSITIVE, .max = QTY_MAX),
	FIELD_END,
};

const struct field load_fields[] = {
	FIELD(struct load_in, crate, T_crate_code, .flags = F_REQUIRED, .max = 16),
	FIELD(struct load_in, count, T_crate_count, .flags = F_REQUIRED | F_UNSIGNED, .max = 9999),
	FIELD_END,
};

bool ship_get(struct ctx *c, int64_t id, struct shipment *out)
{
	return ship_by_id(c, id, out);
}

bool ship_lines(struct ctx *c, int64_t id, struct shipment_line **out, size_t *len)
{
	return ship_line_list(c, id, out, len);
}

bool ship_is(const struct shipment *s, const char *state)
{
	return strcmp(s->state, state) == 0;
}

struct shipment_line *ship_line_of(struct shipment_line *lines, size_t len, int64_t line)
{
	for (size_t i = 0; i < len; i++)
		if (lines[i].line == line)
			return &lines[i];
	return NULL;
}

const char *ship_state_text(struct ctx *c, const char *state)
{
	enum text key = text_find(arena_printf(c->arena, "ship.state.%s", state));

	return key != T_none ? text_get(c->lang, key) : state;
}

bool ship_take_up(struct ctx *c, int64_t id, int64_t version, struct shipment *out)
{
	if (!ship_lock(c, id, out))
		return false;
	return version == INT64_MIN || version == out->version || fail(c, E_VERSION, T_ship_changed, out->number);
}

bool ship_store(struct ctx *c, struct shipment *s, const char *to, const char *kind, const char *data)
{
	struct event ev = { .kind = kind,
		.entity = "shipment",
		.entity_id = s->id,
		.order_id = s->order_id,
		.from = s->state,
		.to = to,
		.data = data };

	s->state = to;
	s->version++;
	return ship_save(c, s, 1) && event_add(c, &ev);
}

/* ---- from the pick ---- */

/* Not known as soon as one of them is not. */
static struct qty both(struct qty a, struct qty b)
{
	return qty_is(a) && qty_is(b) ? (struct qty){ a.milli + b.milli } : QTY_NONE;
}

/* The places of one order line become one line of the shipment. */
static size_t gather_lines(
	struct ctx *c, int64_t id, const struct ship_take *takes, size_t len, struct shipment_line **out)
{
	struct shipment_line *lines = ARENA_ARRAY(c->arena, len, struct shipment_line), *l;
	size_t n = 0;

	for (size_t i = 0; i < len; i++) {
		l = ship_line_of(lines, n, takes[i].line);
		if (l == NULL) {
			l = &lines[n++];
			*l = (struct shipment_line){ .shipment_id = id,
				.line = takes[i].line,
				.product_id = takes[i].product_id,
				.net = takes[i].net,
				.gross = takes[i].gross,
				.tare = takes[i].tare };
		} else {
			l->net = both(l->net, takes[i].net);
			l->gross = both(l->gross, takes[i].gross);
			l->tare = both(l->tare, takes[i].tare);
		}
		l->quantity.milli += takes[i].quantity.milli;
	}
	*out = lines;
	return n;
}

static bool write_takes(struct ctx *c, int64_t id, const struct ship_take *takes, size_t len)
{
	struct ship_lot *lots = ARENA_ARRAY(c->arena, len, struct ship_lot);
	struct shipment_line *lines;
	size_t n = gather_lines(c, id, takes, len, &lines);

	for (size_t i = 0; i < len; i++)
		lots[i] = (struct ship_lot){ id, takes[i].line, takes[i].product_id, takes[i].warehouse,
			takes[i].location, takes[i].lot, takes[i].quantity };
	return ship_line_insert(c, lines, n) && ship_lot_put(c, lots, len);
}

bool ship_open(struct ctx *c, int64_t order_id, int64_t pick_id, const struct ship_take *takes, size_t len,
	int64_t *shipment_id)
{
	struct event ev = { .kind = "shipment.opened", .entity = "shipment", .order_id = order_id, .to = PACKING };
	const char *number;
	struct order o;

	if (len == 0)
		return fail(c, E_CONFLICT, T_ship_nothing_picked);
	if (!order_get(c, order_id, &o) || !id_new(c, shipment_id) || !number_new(c, "FH", &number))
		return false;
	ev.entity_id = *shipment_id;
	ev.data = arena_printf(c->arena, "{\"number\":\"%s\"}", number);
	return ship_insert(c, *shipment_id, number, order_id, o.customer_id, pick_id, c->actor->id, c->now) &&
	       write_takes(c, *shipment_id, takes, len) && event_add(c, &ev);
}

/* ---- packing ---- */

static bool is_packing(struct ctx *c, const struct shipment *s)
{
	return ship_is(s, PACKING) || fail(c, E_CONFLICT, T_ship_not_packing, s->number, ship_state_text(c, s->state));
}

static void pack_check(struct ctx *c, const struct pack_line *in, size_t i, const struct shipment_line *l)
{
	int64_t left = l != NULL ? l->quantity.milli - l->packed.milli : 0;

	if (l == NULL)
		(void)fail_field(c, arena_printf(c->arena, "/lines/%zu/line", i), E_UNKNOWN, T_ship_no_line,
			arena_printf(c->arena, "%" PRId64, in->line));
	else if (in->quantity.milli > left)
		(void)fail_field(c, arena_printf(c->arena, "/lines/%zu/quantity", i), E_RANGE, T_ship_over_picked,
			l->name, qty_str(c->arena, (struct qty){ left }), l->unit);
}

/* Adds what is to go into the package to each line's packed; a form also sends the lines that get nothing. */
static bool pack_lines(struct ctx *c, const struct pack_in *in, int64_t package_id, struct shipment_line *lines,
	size_t len, struct package_line *put, size_t *n)
{
	*n = 0;
	for (size_t i = 0; i < in->lines_len; i++) {
		const struct pack_line *p = &in->lines[i];
		struct shipment_line *l = ship_line_of(lines, len, p->line);

		if (!qty_is(p->quantity) || p->quantity.milli == 0)
			continue;
		pack_check(c, p, i, l);
		for (size_t k = 0; k < *n; k++)
			if (put[k].line == p->line)
				(void)fail_field(c, arena_printf(c->arena, "/lines/%zu/line", i), E_DUPLICATE,
					T_ship_line_twice);
		if (l == NULL)
			continue;
		l->packed.milli += p->quantity.milli;
		put[(*n)++] = (struct package_line){ package_id, p->line, l->name, l->unit, p->quantity };
	}
	if (*n == 0 && ok(c))
		(void)fail_field(c, "/lines", E_REQUIRED, T_ship_empty_package);
	return ok(c);
}

/* The same goods on the order: from picked to packed, or back. */
static bool tell_order(struct ctx *c, const struct shipment *s, const struct package_line *put, size_t n, bool back)
{
	struct order_delta *d = ARENA_ARRAY(c->arena, n, struct order_delta);
	const char *data = arena_printf(c->arena, "{\"shipment\":\"%s\"}", s->number);

	for (size_t i = 0; i < n; i++)
		d[i] = (struct order_delta){ put[i].line, back ? ST_PACKED : ST_PICKED, back ? ST_PICKED : ST_PACKED,
			put[i].quantity, QTY_ZERO };
	return order_progress(c, s->order_id, d, n, back ? "order.unpacked" : "order.packed", data);
}

bool ship_pack(struct ctx *c, int64_t id, int64_t version, const struct pack_in *in, struct package *out)
{
	struct shipment s;
	struct shipment_line *lines;
	size_t len;

	*out = (struct package){ .weight_kg = in->weight_kg,
		.lines = ARENA_ARRAY(c->arena, in->lines_len + 1, struct package_line) };
	if (!ship_take_up(c, id, version, &s) || !is_packing(c, &s) || !ship_line_list(c, id, &lines, &len) ||
		!id_new(c, &out->package) || !package_last_no(c, id, &out->no) ||
		!pack_lines(c, in, out->package, lines, len, out->lines, &out->lines_len))
		return false;
	out->no++;
	out->sscc = sscc_of(c, out->package);
	return package_insert(c, out->package, id, out->no, out->sscc, in->weight_kg, c->actor->id, c->now) &&
	       package_line_insert(c, out->lines, out->lines_len) && ship_line_save(c, lines, len) &&
	       tell_order(c, &s, out->lines, out->lines_len, false) &&
	       ship_store(c, &s, PACKING, "shipment.packed", arena_printf(c->arena, "{\"sscc\":\"%s\"}", out->sscc));
}

/* What lies in this package, out of all the shipment's. */
static bool package_content(struct ctx *c, int64_t id, int64_t package_id, struct package_line **out, size_t *n)
{
	struct package_line *all;
	size_t len;

	*n = 0;
	if (!package_line_list(c, id, &all, &len))
		return false;
	for (size_t i = 0; i < len; i++)
		if (all[i].package_id == package_id)
			all[(*n)++] = all[i];
	*out = all;
	return *n > 0 || fail(c, E_NOT_FOUND, T_ship_no_package);
}

bool ship_unpack(struct ctx *c, int64_t id, int64_t version, int64_t package_id)
{
	struct shipment s;
	struct shipment_line *lines;
	struct package_line *put;
	size_t len, n;
	int64_t gone;

	if (!ship_take_up(c, id, version, &s) || !package_content(c, id, package_id, &put, &n) || !is_packing(c, &s) ||
		!ship_line_list(c, id, &lines, &len))
		return false;
	for (size_t i = 0; i < n; i++)
		ship_line_of(lines, len, put[i].line)->packed.milli -= put[i].quantity.milli;
	return package_line_drop(c, package_id) && package_drop(c, package_id, id, &gone) &&
	       ship_line_save(c, lines, len) && tell_order(c, &s, put, n, true) &&
	       ship_store(c, &s, PACKING, "shipment.unpacked",
		       arena_printf(c->arena, "{\"package\":%" PRId64 "}", package_id));
}

/* ---- crates ---- */

static const char *load_json(struct ctx *c, const struct load_in *in)
{
	struct buf b;
	struct json j;

	buf_init(&b, c->arena);
	json_start(&j, &b);
	json_obj(&j, NULL);
	json_str(&j, "crate", in->crate);
	json_int(&j, "count", in->count);
	json_end_obj(&j);
	return buf_cstr(&b);
}

bool ship_load(struct ctx *c, int64_t id, int64_t version, const struct load_in *in)
{
	struct crate_kind k;
	struct shipment s;

	if (!ship_take_up(c, id, version, &s) || !is_packing(c, &s) || !crate_kind_get(c, in->crate, "/crate", &k))
		return false;
	return crate_load_set(c, id, in->crate, in->count) &&
	       ship_store(c, &s, PACKING, "shipment.loaded", load_json(c, in));
}
