/* ship_docs: the papers of a shipment, filled from what is known of it. */
#include "mod/ship/ship_int.h"

#include "app/doc.h"
#include "app/serve.h"
#include "gen/ship_sql.h"
#include "mod/catalog/catalog.h"
#include "mod/customer/customer.h"

#include <stdlib.h>

/* All a paper may show, read once. */
struct papers {
	struct shipment s;
	struct ship_view v;
	struct order o;
	struct customer who;
	struct stock_place *lots;
	size_t lots_len;
	struct product *products;
	size_t products_len;
	struct product_unit *units;
	size_t units_len;
};

static bool papers_read(struct ctx *c, int64_t id, struct papers *p)
{
	int64_t *ids;

	if (!ship_get(c, id, &p->s) || !ship_view_make(c, &p->s, &p->v) || !order_get_full(c, p->s.order_id, &p->o) ||
		!customer_get(c, p->s.customer_id, &p->who) || !ship_lot_list(c, id, &p->lots, &p->lots_len))
		return false;
	ids = ARENA_ARRAY(c->arena, p->v.lines_len + 1, int64_t);
	for (size_t i = 0; i < p->v.lines_len; i++)
		ids[i] = p->v.lines[i].product_id;
	return product_list_by_id(c, (struct i64s){ ids, p->v.lines_len }, &p->products, &p->products_len) &&
	       product_units(c, (struct i64s){ ids, p->v.lines_len }, &p->units, &p->units_len);
}

static const struct product *product_at(const struct papers *p, int64_t id)
{
	for (size_t i = 0; i < p->products_len; i++)
		if (p->products[i].id == id)
			return &p->products[i];
	return NULL;
}

static const struct order_line *order_line_at(const struct papers *p, int64_t line)
{
	for (size_t i = 0; i < p->o.lines_len; i++)
		if (p->o.lines[i].line == line)
			return &p->o.lines[i];
	return NULL;
}

static void say_product(const struct papers *p, struct doc_line *d, int64_t product_id)
{
	const struct product *k = product_at(p, product_id);

	if (k == NULL)
		return;
	d->sku = k->sku;
	d->barcode = k->barcode;
	d->name = k->name;
	d->spec = k->spec;
	d->origin = k->origin;
	d->unit = d->base_unit = k->base_unit;
}

/* The customer counts in the unit they ordered in, as long as it comes out even; the scale counts in the base
 * unit. */
static void say_quantity(struct doc_line *d, const struct order_line *l, struct qty base)
{
	struct qty in_unit;
	bool exact;

	d->quantity = d->base = base;
	if (l == NULL || !qty_from_base(&in_unit, base, (struct ratio){ l->num, l->den }, &exact) || !exact)
		return;
	d->unit = l->unit;
	d->quantity = in_unit;
}

/* The case is the unit it is usually sold in. */
static const char *split_of(struct ctx *c, const struct papers *p, int64_t product_id, struct qty base)
{
	const struct product *k = product_at(p, product_id);
	const char *unit;
	struct ratio r;

	if (k == NULL)
		return NULL;
	unit = unit_default(k, p->units, p->units_len);
	return unit_ratio(k, p->units, p->units_len, unit, &r) ? unit_split(c, base, r, unit, k->base_unit) : NULL;
}

static const char *joined(struct ctx *c, const char *a, const char *b)
{
	if (b == NULL || *b == '\0')
		return a;
	return a == NULL || strstr(a, b) != NULL ? (a != NULL ? a : b) : arena_printf(c->arena, "%s, %s", a, b);
}

static void say_lots(struct ctx *c, const struct papers *p, struct doc_line *d)
{
	for (size_t i = 0; i < p->lots_len; i++) {
		if (p->lots[i].line != d->line)
			continue;
		d->lot = joined(c, d->lot, p->lots[i].lot);
		d->expires = joined(c, d->expires, p->lots[i].expires);
	}
}

static struct doc_line line_blank(int64_t line)
{
	return (struct doc_line){
		.line = line, .quantity = QTY_NONE, .base = QTY_NONE, .price = PRICE_NONE, .amount = MONEY_NONE
	};
}

/* What the scale said counts; gross and tare stand beside it, so that whoever signs can recount. */
static void say_weight(struct ctx *c, struct doc_line *d, const struct shipment_line *s)
{
	if (!qty_is(s->net))
		return;
	d->base = s->net;
	d->base_unit = text_get(c->lang, T_ship_kg);
	if (qty_is(s->gross) && qty_is(s->tare) && s->tare.milli > 0)
		d->remarks = joined(c,
			text_fill(c->arena, c->lang, T_ship_gross_tare,
				(const char *[]){ qty_str(c->arena, s->gross), qty_str(c->arena, s->tare), NULL }),
			d->remarks);
}

/* Before the dispatch the value is what it would be if it left now. */
static struct money value_of(const struct shipment_line *s, const struct order_line *l)
{
	return money_is(s->amount) || l == NULL ? s->amount : order_leaving(l, s->quantity, s->net);
}

static struct doc_line *goods_lines(struct ctx *c, const struct papers *p, struct money *total)
{
	struct doc_line *out = ARENA_ARRAY(c->arena, p->v.lines_len + 1, struct doc_line);

	*total = (struct money){ 0 };
	for (size_t i = 0; i < p->v.lines_len; i++) {
		const struct shipment_line *s = &p->v.lines[i];
		const struct order_line *l = order_line_at(p, s->line);
		struct doc_line *d = &out[i];

		*d = line_blank(s->line);
		say_product(p, d, s->product_id);
		say_quantity(d, l, s->quantity);
		say_lots(c, p, d);
		d->amount = value_of(s, l);
		if (l != NULL) {
			d->price = l->price;
			d->price_unit = l->price_unit;
			d->remarks = l->remarks;
		}
		say_weight(c, d, s);
		if (!money_is(d->amount) || !money_add(total, *total, d->amount))
			*total = MONEY_NONE;
	}
	return out;
}

static int by_walk(const void *a, const void *b)
{
	const struct stock_place *x = a, *y = b;
	int cmp = strcmp(x->warehouse, y->warehouse);

	cmp = cmp != 0 ? cmp : strcmp(x->location, y->location);
	return cmp != 0 ? cmp : (x->line > y->line) - (x->line < y->line);
}

/* One line per place, in the order they are walked. */
static struct doc_line *pick_lines(struct ctx *c, const struct papers *p)
{
	struct doc_line *out = ARENA_ARRAY(c->arena, p->lots_len + 1, struct doc_line);

	qsort(p->lots, p->lots_len, sizeof(*p->lots), by_walk);
	for (size_t i = 0; i < p->lots_len; i++) {
		const struct stock_place *at = &p->lots[i];
		const struct order_line *l = order_line_at(p, at->line);

		out[i] = line_blank(at->line);
		say_product(p, &out[i], at->product_id);
		say_quantity(&out[i], l, at->quantity);
		out[i].split = split_of(c, p, at->product_id, at->quantity);
		out[i].lot = at->lot;
		out[i].location = at->location;
		out[i].expires = at->expires;
		out[i].remarks = l != NULL ? l->remarks : NULL;
	}
	return out;
}

static const struct doc_line *package_content(struct ctx *c, const struct papers *p, const struct package *k)
{
	struct doc_line *out = ARENA_ARRAY(c->arena, k->lines_len + 1, struct doc_line);

	for (size_t i = 0; i < k->lines_len; i++) {
		const struct order_line *l = order_line_at(p, k->lines[i].line);

		out[i] = line_blank(k->lines[i].line);
		if (l != NULL)
			say_product(p, &out[i], l->product_id);
		say_quantity(&out[i], l, k->lines[i].quantity);
		say_lots(c, p, &out[i]);
	}
	return out;
}

static const struct doc_package *packages_of(struct ctx *c, const struct papers *p)
{
	struct doc_package *out = ARENA_ARRAY(c->arena, p->v.packages_len + 1, struct doc_package);

	for (size_t i = 0; i < p->v.packages_len; i++) {
		const struct package *k = &p->v.packages[i];

		out[i] = (struct doc_package){ k->no, k->sscc, k->weight_kg, package_content(c, p, k), k->lines_len };
	}
	return out;
}

/* What was owed before these goods; nothing is shown where nothing was. */
static struct money debt_before(const struct papers *p)
{
	struct money debt = p->who.credit_receivable, mine;

	if (!ship_is(&p->s, PACKING) && (!money_sub(&mine, p->s.amount, p->s.less) || !money_sub(&debt, debt, mine)))
		return MONEY_NONE;
	return debt.fen > 0 ? debt : MONEY_NONE;
}

static int64_t held_of(const struct crate_held *held, size_t len, const char *crate)
{
	for (size_t i = 0; i < len; i++)
		if (strcmp(held[i].crate, crate) == 0)
			return held[i].count;
	return 0;
}

/* What goes out and came back with these goods, and what is with the customer then. */
static bool say_crates(struct ctx *c, const struct papers *p, struct doc_note *n)
{
	bool packing = ship_is(&p->s, PACKING);
	struct money owed, mine = { 0 };
	struct crate_held *held;
	struct buf b;
	size_t len;

	n->crate_deposit = MONEY_NONE;
	if (!crate_held(c, p->s.customer_id, &held, &len) || !crate_owed(c, p->s.id, &owed))
		return false;
	buf_init(&b, c->arena);
	for (size_t i = 0; i < p->v.crates_len; i++) {
		const struct crate_load *l = &p->v.crates[i];
		int64_t with = held_of(held, len, l->crate) + (packing ? l->count : 0);

		mine.fen += l->deposit.fen;
		buf_printf(&b, "%s%s", i > 0 ? "；" : "",
			text_fill(c->arena, c->lang, T_crate_line,
				(const char *[]){ l->name, arena_printf(c->arena, "%" PRId64, l->count),
					arena_printf(c->arena, "%" PRId64, l->back),
					arena_printf(c->arena, "%" PRId64, with), NULL }));
	}
	n->crates = b.len > 0 ? buf_cstr(&b) : NULL;
	n->crate_deposit = packing ? mine : owed;
	if (money_is(n->previous_debt) && !money_sub(&n->previous_debt, n->previous_debt, owed))
		n->previous_debt = MONEY_NONE;
	if (n->crate_deposit.fen == 0)
		n->crate_deposit = MONEY_NONE;
	if (n->previous_debt.fen <= 0)
		n->previous_debt = MONEY_NONE;
	return true;
}

static bool note_fill(struct ctx *c, const struct papers *p, struct doc_note *n)
{
	const char *reviewer;

	if (!ship_reviewer(c, p->s.order_id, &reviewer))
		return false;
	*n = (struct doc_note){ .number = p->s.number,
		.order_number = p->o.number,
		.date = instant_is(p->s.dispatched_at) ? date_of(p->s.dispatched_at, zone_s(c)) : today(c),
		.company = { setting_str(c, "company.name"), setting_str(c, "company.stall"),
			setting_str(c, "company.phone"), setting_str(c, "company.address") },
		.customer = p->who.name,
		.customer_code = p->who.code,
		.contact = p->who.contact,
		.phone = p->who.phone,
		.address = p->o.address != NULL ? p->o.address : p->who.address,
		.warehouse = p->lots_len > 0 ? p->lots[0].warehouse : NULL,
		.salesperson = p->who.salesperson,
		.reviewer = reviewer,
		.made_by = c->actor->name,
		.carrier = p->v.carrier_name,
		.driver = p->s.driver,
		.tracking_number = p->s.tracking_number,
		.remarks = p->o.remarks,
		.terms = setting_str(c, "note.terms"),
		.packages = packages_of(c, p),
		.packages_len = p->v.packages_len,
		.discount = MONEY_NONE,
		.deposit = MONEY_NONE,
		.previous_debt = debt_before(p),
		.with_prices = true,
		.reprint = p->s.prints };
	n->lines = goods_lines(c, p, &n->total);
	n->lines_len = p->v.lines_len;
	return say_crates(c, p, n);
}

/* ---- the routes ---- */

typedef bool (*doc_fn)(struct ctx *c, const struct doc_note *n, struct buf *pdf);

static struct done *send_pdf(struct ctx *c, struct req *r, const struct doc_note *n, doc_fn make, const char *what)
{
	struct buf pdf;

	buf_init(&pdf, c->arena);
	if (!make(c, n, &pdf))
		return reply_error(r);
	return reply_bytes(
		r, "application/pdf", arena_printf(c->arena, "%s-%s.pdf", n->number, what), pdf.data, pdf.len);
}

static bool count_print(struct ctx *c, void *arg)
{
	return ship_printed(c, *(const int64_t *)arg);
}

/* Counted before it is sent: a second paper of the same goods always says that it is one. */
struct done *ship_delivery_note_get(struct ctx *c, struct req *r)
{
	static const char *const papers[] = { "a4", "241", "241-half", NULL };
	const char *prices = req_query(r, "prices"), *paper = req_query(r, "paper");
	int64_t id = req_id(r);
	struct papers p;
	struct doc_note n;

	if (paper != NULL && enum_find(papers, paper) < 0)
		(void)fail_field(c, "/paper", E_UNKNOWN, T_ship_paper_unknown, "a4, 241, 241-half");
	if (!ok(c) || !papers_read(c, id, &p) || !note_fill(c, &p, &n) || !app_write(c, count_print, &id))
		return reply_error(r);
	n.paper = paper != NULL ? (enum doc_paper)enum_find(papers, paper) : DOC_A4;
	n.with_prices = prices == NULL || strcmp(prices, "0") != 0;
	return send_pdf(c, r, &n, doc_delivery_note, "delivery-note");
}

struct done *ship_pick_list_get(struct ctx *c, struct req *r)
{
	struct papers p;
	struct doc_note n;

	if (!papers_read(c, req_id(r), &p) || !note_fill(c, &p, &n))
		return reply_error(r);
	n.lines = pick_lines(c, &p);
	n.lines_len = p.lots_len;
	return send_pdf(c, r, &n, doc_pick_list, "pick-list");
}

static struct done *plain(struct ctx *c, struct req *r, doc_fn make, const char *what)
{
	struct papers p;
	struct doc_note n;

	if (!papers_read(c, req_id(r), &p) || !note_fill(c, &p, &n))
		return reply_error(r);
	return send_pdf(c, r, &n, make, what);
}

struct done *ship_packing_list_get(struct ctx *c, struct req *r)
{
	return plain(c, r, doc_packing_list, "packing-list");
}

struct done *ship_label_get(struct ctx *c, struct req *r)
{
	return plain(c, r, doc_label, "label");
}
