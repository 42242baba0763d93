/* intake_page: the side by side page: the queue, the words with each fragment marked, and what was made of them. */
#include "mod/intake/intake_view.h"

#include "base/utf8.h"
#include "gen/intake_sql.h"
#include "mod/catalog/catalog.h"
#include "mod/customer/customer.h"
#include "mod/intake/intake_table.h"
#include "mod/order/order_view.h"
#include "mod/price/price.h"
#include "mod/stock/stock.h"

#include <inttypes.h>
#include <string.h>

#define RAIL_MAX    60
#define CHOICES_MAX 9

/* ---- the queue ---- */

/* "4 sure · 1 to look at", or the first words where there are no lines. */
static const char *item_note(struct ctx *c, const struct intake_item *i)
{
	if (i->problem != NULL)
		return i->problem;
	if (i->sure_n + i->look_n + i->nothing_n == 0)
		return i->begins;
	return text_fill(c->arena, c->lang, T_intake_note,
		(const char *const[]){ arena_printf(c->arena, "%" PRId64, i->sure_n),
			arena_printf(c->arena, "%" PRId64, i->look_n), arena_printf(c->arena, "%" PRId64, i->nothing_n),
			NULL });
}

static const char *channel_text(struct ctx *c, const char *channel)
{
	return text_get(c->lang, text_find(arena_printf(c->arena, "order.channel.%s", channel)));
}

void intake_items_dress(struct ctx *c, struct intake_item *rows, size_t len, int64_t here)
{
	for (size_t k = 0; k < len; k++) {
		struct intake_item *i = &rows[k];
		i->channel_text = channel_text(c, i->channel);
		i->title = i->customer_name != NULL ? i->customer_name
			   : i->sender_name != NULL ? i->sender_name
			   : i->sender != NULL      ? i->sender
						    : text_get(c->lang, T_intake_unknown);
		i->note = item_note(c, i);
		i->here = i->id == here;
	}
}

bool intake_next_of(struct ctx *c, const struct intake *in, int64_t *next)
{
	struct instant fresh = { c->now.us - 15 * MINUTE_US };

	if (!intake_next(c, in->received_at, in->id, c->actor->id, fresh, next))
		return false;
	if (*next == INT64_MIN && !intake_next(c, (struct instant){ INT64_MIN + 1 }, 0, c->actor->id, fresh, next))
		return false;
	*next = *next == INT64_MIN || *next == in->id ? 0 : *next;
	return true;
}

/* ---- the words, marked ---- */

static const char *frag_class(const struct intake_line *l)
{
	switch ((enum line_state)l->state) {
	case LN_ACCEPTED:
	case LN_TAKEN: return "hd-frag";
	case LN_LOOK: return "hd-frag is-unsure";
	case LN_NOTHING: return "hd-frag is-open";
	default: return "hd-frag is-out";
	}
}

static const char *skip(const char *s, int64_t chars)
{
	while (chars-- > 0 && *s != '\0')
		(void)utf8_next(&s);
	return s;
}

static int by_start(const void *a, const void *b)
{
	const struct intake_line *x = *(const struct intake_line *const *)a, *y = *(const struct intake_line *const *)b;

	return (x->start_at > y->start_at) - (x->start_at < y->start_at);
}

static void mark(struct ctx *c, struct buf *b, const char **at, int64_t *pos, const struct intake_line *l)
{
	const char *start = skip(*at, l->start_at - *pos), *end = skip(start, l->end_at - l->start_at);

	buf_html(b, arena_strndup(c->arena, *at, (size_t)(start - *at)));
	buf_printf(b, "<span class=\"%s\" data-mark=\"%" PRId64 "\">", frag_class(l), l->line);
	buf_html(b, arena_strndup(c->arena, start, (size_t)(end - start)));
	buf_printf(b, "<sup>%" PRId64 "</sup></span>", l->line);
	*at = end;
	*pos = l->end_at;
}

static struct html marked(struct ctx *c, const struct intake_full *f)
{
	const struct intake_line **by = ARENA_ARRAY(c->arena, f->lines_len + 1, const struct intake_line *);
	const char *at = f->in.text;
	int64_t pos = 0;
	size_t n = 0;
	struct buf b;

	buf_init(&b, c->arena);
	for (size_t i = 0; i < f->lines_len; i++)
		if (f->lines[i].start_at != INT64_MIN && f->lines[i].end_at > f->lines[i].start_at)
			by[n++] = &f->lines[i];
	qsort(by, n, sizeof(*by), by_start);
	for (size_t i = 0; i < n; i++)
		if (by[i]->start_at >= pos)
			mark(c, &b, &at, &pos, by[i]);
	buf_html(&b, at);
	return (struct html){ buf_cstr(&b) };
}

/* ---- goods, prices, stock of all lines at once ---- */

struct shelf {
	struct product *products;
	size_t products_len;
	struct product_unit *units;
	size_t units_len;
	struct stock_free *stock;
	size_t stock_len;
};

static bool shelf_read(struct ctx *c, const struct intake_full *f, struct date on, struct shelf *g)
{
	const char **skus = ARENA_ARRAY(c->arena, f->lines_len * (CHOICES_MAX + 1) + 1, const char *);
	int64_t *ids;
	size_t n = 0;

	for (size_t i = 0; i < f->lines_len; i++) {
		json_t *list = json_loads(f->lines[i].candidates, 0, NULL), *k;
		size_t at;
		if (f->lines[i].sku != NULL)
			skus[n++] = f->lines[i].sku;
		json_array_foreach(list, at, k)
		{
			const char *sku = json_string_value(json_object_get(k, "sku"));
			if (sku != NULL && at < CHOICES_MAX)
				skus[n++] = arena_strdup(c->arena, sku);
		}
		json_decref(list);
	}
	if (n == 0)
		return true;
	if (!product_find_all(c, (struct strs){ skus, n }, &g->products, &g->products_len))
		return false;
	ids = ARENA_ARRAY(c->arena, g->products_len + 1, int64_t);
	for (size_t i = 0; i < g->products_len; i++)
		ids[i] = g->products[i].id;
	return product_units(c, (struct i64s){ ids, g->products_len }, &g->units, &g->units_len) &&
	       stock_free_all(c, (struct i64s){ ids, g->products_len }, on, &g->stock, &g->stock_len);
}

static const struct product *product_of(const struct shelf *g, const char *sku)
{
	for (size_t i = 0; sku != NULL && i < g->products_len; i++)
		if (strcmp(g->products[i].sku, sku) == 0)
			return &g->products[i];
	return NULL;
}

static const struct product_unit *units_of(const struct shelf *g, int64_t product_id, size_t *len)
{
	const struct product_unit *first = NULL;

	*len = 0;
	for (size_t i = 0; i < g->units_len; i++)
		if (g->units[i].product_id == product_id) {
			first = first != NULL ? first : &g->units[i];
			(*len)++;
		}
	return first;
}

static struct qty free_of(const struct shelf *g, int64_t product_id)
{
	for (size_t i = 0; i < g->stock_len; i++)
		if (g->stock[i].product_id == product_id)
			return g->stock[i].available;
	return QTY_ZERO;
}

/* ---- one line ---- */

static void row_choices(struct ctx *c, const struct shelf *g, struct intake_show *s)
{
	json_t *list = json_loads(s->l.candidates, 0, NULL), *k;
	size_t at;

	s->choices = ARENA_ARRAY(c->arena, json_array_size(list) + 1, struct intake_choice);
	json_array_foreach(list, at, k)
	{
		const char *sku = json_string_value(json_object_get(k, "sku"));
		const char *why = json_string_value(json_object_get(k, "why"));
		const struct product *p = product_of(g, sku);
		if (p == NULL || !p->active || s->choices_len == CHOICES_MAX)
			continue;
		s->choices[s->choices_len] = (struct intake_choice){ .sku = p->sku,
			.name = p->name,
			.spec = p->spec,
			.why = arena_strdup(c->arena, why != NULL ? why : ""),
			.key = s->choices_len + 1,
			.first = s->l.sku != NULL ? strcmp(s->l.sku, p->sku) == 0 : s->choices_len == 0 };
		s->choices_len++;
	}
	json_decref(list);
}

static void row_units(
	struct ctx *c, const struct product *p, const struct product_unit *u, size_t len, struct intake_show *s)
{
	bool here = false;

	s->units = ARENA_ARRAY(c->arena, len + 2, struct intake_unit);
	for (size_t i = 0; i < len; i++) {
		bool is = s->l.unit != NULL && strcmp(u[i].unit, s->l.unit) == 0;
		s->units[s->units_len++] = (struct intake_unit){ u[i].unit, is };
		here = here || is;
	}
	if (p != NULL && s->units_len == 0)
		s->units[s->units_len++] = (struct intake_unit){ p->base_unit, true };
	if (!here && s->l.unit != NULL)
		s->units[s->units_len++] = (struct intake_unit){ s->l.unit, true };
}

static const char *verdict(struct ctx *c, const struct intake_line *l)
{
	return text_get(c->lang, text_find(arena_printf(c->arena, "intake.line.%s", line_state_names[l->state])));
}

static void row_start(struct ctx *c, const struct shelf *g, const struct intake_line *l, struct intake_show *s)
{
	const struct product *p = product_of(g, l->sku);
	size_t len = 0;
	const struct product_unit *u = p != NULL ? units_of(g, p->id, &len) : NULL;

	*s = (struct intake_show){ .l = *l, .price = PRICE_NONE, .available = QTY_NONE, .amount = MONEY_NONE };
	s->name = p != NULL ? p->name : NULL;
	s->spec = p != NULL ? p->spec : NULL;
	s->sure = line_counts(l);
	s->look = l->state == LN_LOOK;
	s->nothing = l->state == LN_NOTHING;
	s->out = !line_is_open(l) && !line_counts(l);
	s->verdict = verdict(c, l);
	if (strcmp(l->op, "order") != 0)
		s->op_text = text_get(c->lang, text_find(arena_printf(c->arena, "intake.op_%s", l->op)));
	if (line_is_open(l))
		row_choices(c, g, s);
	row_units(c, p, u, len, s);
}

static void row_money(struct ctx *c, const struct shelf *g, const struct price_question *q,
	const struct price_answer *a, struct intake_show *s)
{
	struct ratio unit;

	s->price = s->l.price_taken ? s->l.price : a->price;
	s->price_unit = a->price_unit;
	s->source = s->l.price_taken ? text_get(c->lang, T_intake_price_taken) : order_source_text(c, a->source);
	if (price_is(s->l.price) && price_cmp(s->l.price, a->price) != 0)
		s->said_price = arena_printf(c->arena, "%s%s%s", price_str(c->arena, s->l.price),
			s->l.price_unit != NULL ? "/" : "", s->l.price_unit != NULL ? s->l.price_unit : "");
	if (!money_of(&s->amount, s->price, q->base, a->price_ratio))
		s->amount = MONEY_NONE;
	s->available = free_of(g, q->product->id);
	s->short_of = qty_cmp(s->available, q->base) < 0;
	if (!unit_ratio(q->product, q->units, q->units_len, s->l.unit, &unit) ||
		!qty_from_base(&s->available, s->available, unit, NULL))
		s->available = QTY_NONE;
}

/* Priced are the lines whose goods, unit and quantity are all known. */
static bool rows_price(
	struct ctx *c, const struct shelf *g, const struct customer *who, struct date on, struct intake_page *p)
{
	struct price_question *q = ARENA_ARRAY(c->arena, p->rows_len + 1, struct price_question);
	struct price_answer *a = ARENA_ARRAY(c->arena, p->rows_len + 1, struct price_answer);
	size_t *of = ARENA_ARRAY(c->arena, p->rows_len + 1, size_t), n = 0;

	for (size_t i = 0; i < p->rows_len; i++) {
		const struct intake_line *l = &p->rows[i].l;
		const struct product *x = product_of(g, l->sku);
		struct ratio r, per;
		if (x == NULL || l->unit == NULL || !qty_is(l->quantity) || p->rows[i].out)
			continue;
		q[n] = (struct price_question){ .product = x };
		q[n].units = units_of(g, x->id, &q[n].units_len);
		if (!unit_ratio(x, q[n].units, q[n].units_len, l->unit, &r) ||
			!qty_to_base(&q[n].base, l->quantity, r, NULL) ||
			!unit_ratio(x, q[n].units, q[n].units_len, x->price_unit, &per))
			continue;
		of[n++] = i;
	}
	if (n > 0 && !price_all(c, who, on, q, n, a))
		return false;
	for (size_t i = 0; i < n; i++)
		row_money(c, g, &q[i], &a[i], &p->rows[of[i]]);
	return true;
}

/* ---- what is open ---- */

static void open_add(struct ctx *c, struct intake_page *p, struct buf *b, const char *what)
{
	if (b->len > 0)
		buf_str(b, text_get(c->lang, T_intake_comma));
	buf_str(b, what);
	p->open_n++;
}

static void count_rows(struct ctx *c, struct intake_page *p)
{
	struct buf b;

	buf_init(&b, c->arena);
	p->total = (struct money){ 0 };
	for (size_t i = 0; i < p->rows_len; i++) {
		const struct intake_show *s = &p->rows[i];
		p->sure_n += s->sure;
		p->look_n += s->look;
		p->nothing_n += s->nothing;
		if (s->sure && money_is(s->amount) && !money_add(&p->total, p->total, s->amount))
			p->total = MONEY_NONE;
		p->changes = p->changes || (s->sure && strcmp(s->l.op, "order") != 0 && strcmp(s->l.op, "add") != 0);
		if (s->look || s->nothing)
			open_add(c, p, &b,
				text_fill(c->arena, c->lang, T_intake_line_n,
					(const char *const[]){ arena_printf(c->arena, "%" PRId64, s->l.line), NULL }));
	}
	if (p->v.customer == NULL)
		open_add(c, p, &b, text_get(c->lang, T_order_customer));
	if (!date_is(p->v.delivery_date))
		open_add(c, p, &b, text_get(c->lang, T_order_delivery_date));
	if (p->twins_open)
		open_add(c, p, &b, text_get(c->lang, T_intake_twins));
	p->open_what = buf_cstr(&b);
}

static void page_words(struct ctx *c, const struct intake *in, struct intake_page *p)
{
	p->channel_text = channel_text(c, in->channel);
	p->state_text =
		text_get(c->lang, text_find(arena_printf(c->arena, "intake.state.%s", intake_state_names[in->state])));
	p->title = p->v.customer_name != NULL ? p->v.customer_name
		   : in->sender_name != NULL  ? in->sender_name
		   : in->sender != NULL       ? in->sender
					      : text_get(c->lang, T_intake_unknown);
	if (in->intent != NULL)
		p->intent_text = text_get(c->lang, text_find(arena_printf(c->arena, "intake.intent_%s", in->intent)));
	p->next_day = (struct date){ today(c).day + 1 };
	p->may_work = may(c, RIGHT_order_edit);
	p->live = in->state <= IN_WAITING && p->may_work;
	p->can_reopen = in->state == IN_NOT_AN_ORDER && p->may_work;
	p->twins_open = p->v.twins_len > 0 && in->kept_reason == NULL;
}

/* ---- the columns of a table ---- */

static void column_make(struct ctx *c, const struct table *t, size_t k, struct intake_column *out)
{
	const struct table_row *first = (size_t)(t->head + 1) < t->rows_len ? &t->rows[t->head + 1] : NULL;

	out->letter = arena_printf(c->arena, "%c", (char)('A' + k % 26));
	out->head = t->head >= 0 && k < t->rows[t->head].len ? t->rows[t->head].cells[k] : NULL;
	out->sample = first != NULL && k < first->len ? first->cells[k] : NULL;
	out->roles = ARENA_ARRAY(c->arena, COL_ROLES, struct intake_role);
	out->roles_len = COL_ROLES;
	for (size_t i = 0; i < COL_ROLES; i++)
		out->roles[i] = (struct intake_role){ column_role_names[i],
			text_get(c->lang, text_find(arena_printf(c->arena, "intake.column.%s", column_role_names[i]))),
			t->roles[k] == i };
}

static void page_columns(struct ctx *c, const struct intake *in, struct intake_page *p)
{
	struct table t;

	if (in->columns == NULL || !table_find(c, in->text, &t) || !table_columns_set(c, in->columns, &t))
		return;
	p->is_table = true;
	p->head_row = t.head + 1;
	p->cols = ARENA_ARRAY(c->arena, t.cols, struct intake_column);
	p->cols_len = t.cols;
	for (size_t k = 0; k < t.cols; k++)
		column_make(c, &t, k, &p->cols[k]);
}

bool intake_page_make(struct ctx *c, const struct intake_full *f, struct intake_page *p)
{
	struct date on = date_is(f->in.delivery_date) ? f->in.delivery_date : (struct date){ today(c).day + 1 };
	struct customer who = { 0 };
	struct shelf g = { 0 };
	int64_t there;

	*p = (struct intake_page){ 0 };
	if (!intake_view_make(c, f, &p->v) || !shelf_read(c, f, on, &g) || !intake_bytes_there(c, f->in.id, &there) ||
		(f->in.customer_id != INT64_MIN && !customer_get(c, f->in.customer_id, &who)) ||
		!intake_sender_orders(c, f->in.sender, f->in.channel, &p->sender_orders) ||
		!intake_page_open(c, NULL, INT64_MIN, INT64_MIN + 1, 0, RAIL_MAX, &p->rail, &p->rail_len) ||
		!intake_next_of(c, &f->in, &p->next))
		return false;
	p->has_bytes = there > 0;
	intake_items_dress(c, p->rail, p->rail_len, f->in.id);
	page_words(c, &f->in, p);
	p->rows_len = f->lines_len;
	p->rows = ARENA_ARRAY(c->arena, f->lines_len + 1, struct intake_show);
	for (size_t i = 0; i < f->lines_len; i++)
		row_start(c, &g, &f->lines[i], &p->rows[i]);
	if (!rows_price(c, &g, who.id != 0 ? &who : NULL, on, p))
		return false;
	p->marked = marked(c, f);
	page_columns(c, &f->in, p);
	count_rows(c, p);
	return true;
}
