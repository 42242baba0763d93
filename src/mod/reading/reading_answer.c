/* The answer: what the message is as a whole, and its lines as a clerk sees them. */
#include "mod/reading/reading_int.h"

#include "gen/reading_sql.h"
#include "mod/reading/reading_row.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CANDIDATES_MAX 8
#define NAME_DOUBTS    (DOUBT_SHARED | DOUBT_INITIALS | DOUBT_ENGLISH | DOUBT_EMOJI | DOUBT_NAME)
#define MILLI          1000

const struct field usual_row_fields[] = { FIELD(struct usual_row, product_id, T_none), FIELD_END };

static const char *const op_names[] = { "order", "add", "reduce", "cancel", "set" };

/* ---- why, in words ---- */

static const char *how_words(const struct reader *r, enum how how)
{
	static const enum text said[] = { [BY_ALIAS] = T_reading_why_alias,
		[BY_CODE] = T_reading_why_code,
		[BY_NAME] = T_reading_why_name,
		[BY_SPEC] = T_reading_why_spec,
		[BY_HISTORY] = T_reading_why_history,
		[BY_SOUND] = T_reading_why_sound,
		[BY_INITIALS] = T_reading_why_initials,
		[BY_ENGLISH] = T_reading_why_english,
		[BY_EMOJI] = T_reading_why_emoji,
		[BY_PART] = T_reading_why_part,
		[BY_NOTHING] = T_reading_why_part };

	return text_get(r->c->lang, said[how]);
}

static const char *doubt_words(const struct reader *r, unsigned doubts)
{
	static const struct {
		unsigned doubt;
		enum text said;
	} all[] = { { DOUBT_NO_UNIT, T_reading_doubt_no_unit }, { DOUBT_BAD_UNIT, T_reading_doubt_bad_unit },
		{ DOUBT_SHARED, T_reading_doubt_shared }, { DOUBT_ABOUT, T_reading_doubt_about },
		{ DOUBT_IF, T_reading_doubt_if }, { DOUBT_HAGGLE, T_reading_doubt_haggle },
		{ DOUBT_WEIGHT, T_reading_doubt_weight }, { DOUBT_PIECE, T_reading_doubt_piece },
		{ DOUBT_NAME, T_reading_doubt_name }, { DOUBT_ASK, T_reading_doubt_ask },
		{ DOUBT_NO_QUANTITY, T_reading_doubt_no_quantity }, { DOUBT_TWICE, T_reading_doubt_twice },
		{ DOUBT_UNCLEAR, T_reading_doubt_unclear } };
	struct buf b;

	buf_init(&b, r->a);
	for (size_t k = 0; k < ARRAY_LEN(all); k++)
		if (doubts & all[k].doubt) {
			buf_str(&b, text_get(r->c->lang, T_reading_and));
			buf_str(&b, text_get(r->c->lang, all[k].said));
		}
	return buf_cstr(&b);
}

/* ---- candidates ---- */

struct answer {
	struct reader *r;
	struct said *s;
	const struct reading_order *last;
	struct reading *out;
	size_t lines_cap;
	const struct usual_row *usual;
	size_t usual_len;
	bool usual_known;
};

static bool load_usual(struct answer *a)
{
	struct usual_row *rows;
	int64_t since;

	if (a->usual_known || a->r->customer_id == 0)
		return true;
	a->usual_known = true;
	if (!reading_usual_since(a->r->c, a->r->customer_id, &since))
		return false;
	if (since == INT64_MIN)
		return true;
	if (!reading_usual(a->r->c, a->r->customer_id, since - 1, &rows, &a->usual_len))
		return false;
	a->usual = rows;
	return true;
}

static bool is_usual(const struct answer *a, const struct ware *w)
{
	for (size_t i = 0; i < a->usual_len; i++)
		if (a->usual[i].product_id == w->id)
			return true;
	for (size_t i = 0; a->last && i < a->last->lines_len; i++)
		if (strcmp(a->last->lines[i].sku, wares_str(a->r->g, w->sku)) == 0)
			return true;
	return false;
}

static const char *percent(struct arena *arena, int n)
{
	return n >= 100 ? "1" : arena_printf(arena, "0.%02d", n);
}

static int sureness(enum how how)
{
	static const int of[] = { [BY_ALIAS] = 99,
		[BY_CODE] = 99,
		[BY_NAME] = 98,
		[BY_SPEC] = 96,
		[BY_HISTORY] = 96,
		[BY_SOUND] = 93,
		[BY_INITIALS] = 55,
		[BY_ENGLISH] = 60,
		[BY_EMOJI] = 55,
		[BY_PART] = 30,
		[BY_NOTHING] = 0 };

	return of[how];
}

/* How sure of one of several: what the customer usually buys stands out, and what is sold in the unit that was said. */
static int score(const struct answer *a, const struct item *it, const struct ware *w)
{
	struct ratio ratio;
	int n = sureness(it->name.how);

	if (it->name.wares_len > 1)
		n = n / 2 + (is_usual(a, w) ? 20 : 0);
	if (it->counted && it->amount.unit_from < it->amount.unit_to &&
		!ware_unit_at(a->r, w, it->amount.unit_from, it->amount.unit_to, &ratio))
		n -= 10;
	return n < 1 ? 1 : n;
}

struct ranked {
	uint32_t ware, place;
	int score;
};

static int by_score(const void *x, const void *y)
{
	const struct ranked *a = x, *b = y;

	if (a->score != b->score)
		return b->score - a->score;
	return (a->place > b->place) - (a->place < b->place);
}

static struct ranked *rank(const struct answer *a, const struct item *it)
{
	struct ranked *list = ARENA_ARRAY(a->r->a, it->name.wares_len + 1, struct ranked);

	for (uint32_t i = 0; i < it->name.wares_len; i++)
		list[i] = (struct ranked){ it->name.wares[i], i, score(a, it, &a->r->g->wares[it->name.wares[i]]) };
	if (it->name.wares_len > 1)
		qsort(list, it->name.wares_len, sizeof(*list), by_score);
	return list;
}

static void put_candidates(const struct answer *a, const struct item *it, const struct ranked *list, unsigned doubts,
	struct reading_line *l)
{
	const struct reader *r = a->r;
	size_t len = it->name.wares_len < CANDIDATES_MAX ? it->name.wares_len : CANDIDATES_MAX;

	l->candidates = ARENA_ARRAY(r->a, len + 1, struct reading_candidate);
	for (size_t i = 0; i < len; i++) {
		const struct ware *w = &r->g->wares[list[i].ware];
		const char *usual =
			it->name.wares_len > 1 && is_usual(a, w) ? text_get(r->c->lang, T_reading_why_usual) : "";

		l->candidates[i] = (struct reading_candidate){ .sku = wares_str(r->g, w->sku),
			.name = wares_str(r->g, w->name),
			.score = percent(r->a, list[i].score),
			.why = arena_printf(r->a, "%s%s%s", how_words(r, it->name.how), usual,
				i == 0 ? doubt_words(r, doubts) : "") };
		l->candidates[i].sku = arena_strdup(r->a, l->candidates[i].sku);
		l->candidates[i].name = arena_strdup(r->a, l->candidates[i].name);
	}
	l->candidates_len = len;
}

/* ---- lines ---- */

static struct reading_line *line_new(struct answer *a)
{
	struct reading *out = a->out;

	if (out->lines_len == a->lines_cap) {
		struct reading_line *more;

		a->lines_cap = a->lines_cap ? a->lines_cap * 2 : 16;
		more = ARENA_ARRAY(a->r->a, a->lines_cap, struct reading_line);
		if (out->lines_len > 0)
			memcpy(more, out->lines, out->lines_len * sizeof(*more));
		out->lines = more;
	}
	out->lines[out->lines_len] = (struct reading_line){
		.quantity = QTY_NONE, .price = PRICE_NONE, .delivery_date = DATE_NONE, .op = "order"
	};
	return &out->lines[out->lines_len++];
}

static const char *remark_of(struct reader *r, const struct item *it)
{
	const char *first, *second;

	if (it->remark_from == it->remark_to)
		return NULL;
	first = rtext_raw(r->a, &r->t, it->remark_from, it->remark_to);
	if (it->remark2_from == it->remark2_to)
		return first;
	second = rtext_raw(r->a, &r->t, it->remark2_from, it->remark2_to);
	return arena_printf(r->a, "%s；%s", first, second);
}

static void put_price(struct reader *r, const struct item *it, const struct ware *w, struct reading_line *l)
{
	struct ratio ratio;

	if (!it->quoted)
		return;
	l->price = it->quote.price;
	if (it->quote.unit_from == it->quote.unit_to)
		return;
	l->price_unit = ware_unit_at(r, w, it->quote.unit_from, it->quote.unit_to, &ratio);
	if (l->price_unit == NULL)
		l->price_unit = rtext_raw(r->a, &r->t, it->quote.unit_from, it->quote.unit_to);
	l->price_unit = arena_strdup(r->a, l->price_unit);
}

static void put_line(struct answer *a, const struct item *it)
{
	struct reader *r = a->r;
	struct ranked *list = rank(a, it);
	const struct ware *w = &r->g->wares[list[0].ware];
	struct reading_line *l = line_new(a);
	unsigned doubts = it->doubts | it->name.doubts | (it->name.wares_len > 1 ? DOUBT_SHARED : 0U);
	struct counted n;

	*l = (struct reading_line){ .raw = rtext_raw(r->a, &r->t, it->from, it->to),
		.start = it->from,
		.end = it->to,
		.op = op_names[it->op],
		.sku = arena_strdup(r->a, wares_str(r->g, w->sku)),
		.quantity = QTY_NONE,
		.price = PRICE_NONE,
		.remark = remark_of(r, it),
		.customer = it->customer,
		.delivery_date = it->day };
	if (it->op == OP_CANCEL) {
		doubts &= NAME_DOUBTS | DOUBT_UNCLEAR | DOUBT_ASK | DOUBT_IF | DOUBT_ABOUT;
	} else if (it->counted) {
		n = amount_count(r, w, &it->amount, &doubts);
		if (n.milli != 0 || !it->amount.n.approx)
			l->quantity = (struct qty){ n.milli };
		l->unit = arena_strdup(r->a, n.unit);
	} else {
		doubts |= DOUBT_NO_QUANTITY;
	}
	put_price(r, it, w, l);
	l->accepted = doubts == 0;
	put_candidates(a, it, list, doubts, l);
	l->confidence = l->candidates[0].score;
	if (!l->accepted && list[0].score > 60)
		l->confidence = "0.60";
}

/* ---- 照旧: the last order with its changes ---- */

static size_t in_order(const struct reader *r, const struct reading_order *o, uint32_t ware)
{
	for (size_t i = 0; i < o->lines_len; i++)
		if (strcmp(o->lines[i].sku, wares_str(r->g, r->g->wares[ware].sku)) == 0)
			return i;
	return SIZE_MAX;
}

/* A name that several goods have means the one that was ordered before. */
static void known_from_order(struct answer *a, struct item *it)
{
	uint32_t *only, kept = 0;

	if (it->name.wares_len < 2 || it->name.unknown)
		return;
	only = ARENA_ARRAY(a->r->a, it->name.wares_len, uint32_t);
	for (uint32_t i = 0; i < it->name.wares_len; i++)
		if (in_order(a->r, a->last, it->name.wares[i]) != SIZE_MAX)
			only[kept++] = it->name.wares[i];
	if (kept != 1)
		return;
	it->name.wares = only;
	it->name.wares_len = 1;
	it->name.how = BY_HISTORY;
	it->name.doubts &= ~(unsigned)DOUBT_SHARED;
}

static bool ware_by_sku(const struct reader *r, const char *sku, uint32_t *out)
{
	struct name_hit hit;

	if (!names_find_str(r->g->names, sku, &hit))
		return false;
	for (uint32_t i = 0; i < hit.len; i++)
		if (strcmp(wares_str(r->g, r->g->wares[hit.refs[i]].sku), sku) == 0) {
			*out = hit.refs[i];
			return true;
		}
	return false;
}

static void line_again(struct answer *a, const struct reading_order_line *was, bool sure)
{
	struct reader *r = a->r;
	struct reading_line *l = line_new(a);
	uint32_t ware = 0;
	struct ratio ratio;
	bool sold = ware_by_sku(r, was->sku, &ware);
	const char *unit = was->unit ? was->unit : sold ? wares_str(r->g, r->g->wares[ware].usual) : "";

	l->raw = rtext_raw(r->a, &r->t, a->s->repeat_from, a->s->repeat_to);
	l->start = a->s->repeat_from;
	l->end = a->s->repeat_to;
	l->sku = was->sku;
	l->quantity = was->quantity;
	l->unit = arena_strdup(r->a, unit);
	l->accepted = sure && sold && ware_unit_ratio(r->g, &r->g->wares[ware], unit, &ratio);
	l->confidence = l->accepted ? "0.96" : "0.50";
	l->candidates = ARENA_NEW(r->a, struct reading_candidate);
	*l->candidates = (struct reading_candidate){ .sku = was->sku,
		.name = sold ? arena_strdup(r->a, wares_str(r->g, r->g->wares[ware].name)) : was->sku,
		.score = l->confidence,
		.why = how_words(r, BY_HISTORY) };
	l->candidates_len = 1;
}

/* A change of one line of the last order. False if it cannot be made without asking. */
static bool change(struct answer *a, struct item *it, struct reading_order_line *was)
{
	const struct ware *w = &a->r->g->wares[it->name.wares[0]];
	unsigned doubts = it->doubts | it->name.doubts;
	struct counted n, old = { .milli = was->quantity.milli, .unit = was->unit };
	int64_t base, old_base, sum;

	if (it->op == OP_CANCEL) {
		was->quantity = QTY_ZERO;
		return (doubts & ~(unsigned)DOUBT_NO_QUANTITY) == 0;
	}
	if (!it->counted || it->op == OP_ORDER)
		return false;
	n = amount_count(a->r, w, &it->amount, &doubts);
	if (doubts != 0 || !counted_base(&n, &base))
		return false;
	if (it->op == OP_SET) {
		was->quantity = (struct qty){ n.milli };
		was->unit = n.unit;
		return true;
	}
	if (!was->unit || !ware_unit_ratio(a->r->g, w, was->unit, &old.ratio) || !counted_base(&old, &old_base))
		return false;
	if (__builtin_add_overflow(old_base, it->op == OP_ADD ? base : -base, &sum) || sum < 0 ||
		__builtin_mul_overflow(sum, old.ratio.den, &sum) || sum % old.ratio.num != 0)
		return false;
	was->quantity = (struct qty){ sum / old.ratio.num };
	return true;
}

/* Two lines of the same goods: which of them a change means, or whether both were wanted, is for a person to say. */
static bool is_doubled(const struct reading_order *o, size_t at)
{
	for (size_t i = 0; i < o->lines_len; i++)
		if (i != at && strcmp(o->lines[i].sku, o->lines[at].sku) == 0)
			return true;
	return false;
}

static void repeat(struct answer *a)
{
	size_t n = a->last->lines_len;
	struct reading_order_line *lines = ARENA_ARRAY(a->r->a, n + 1, struct reading_order_line);
	bool *unsure = ARENA_ARRAY(a->r->a, n + 1, bool);

	memcpy(lines, a->last->lines, n * sizeof(*lines));
	for (size_t i = 0; i < n; i++)
		unsure[i] = is_doubled(a->last, i);
	for (size_t i = 0; i < a->s->items_len; i++) {
		struct item *it = &a->s->items[i];
		size_t at = SIZE_MAX;

		if (it->name.wares_len == 0)
			continue;
		known_from_order(a, it);
		for (uint32_t k = 0; k < it->name.wares_len; k++) {
			size_t one = in_order(a->r, a->last, it->name.wares[k]);

			at = one != SIZE_MAX && at == SIZE_MAX ? one : at;
			if (one != SIZE_MAX && it->name.wares_len > 1)
				unsure[one] = true;
		}
		if (at != SIZE_MAX && it->name.wares_len == 1) {
			it->dropped = !it->name.unknown && !is_doubled(a->last, at) && change(a, it, &lines[at]);
			unsure[at] = unsure[at] || !it->dropped;
		}
		/* What was not ordered cannot be taken back: perhaps something else is meant. */
		if (at == SIZE_MAX && it->op == OP_CANCEL)
			said_span(a->r, &a->s->unclear, &a->s->unclear_len, &a->s->unclear_cap, it->from, it->to);
		it->dropped = it->dropped || it->op == OP_CANCEL || !it->counted;
		it->doubts |= at != SIZE_MAX ? DOUBT_UNCLEAR : 0U;
	}
	for (size_t i = 0; i < n; i++)
		if (lines[i].quantity.milli != 0)
			line_again(a, &lines[i], !unsure[i] && !a->s->orphan_op);
}

/* ---- what the message is ---- */

static bool is_order(const struct item *it)
{
	return it->op == OP_ORDER && it->counted && !it->dropped;
}

static bool is_change(const struct item *it)
{
	return it->op == OP_ADD || it->op == OP_REDUCE || it->op == OP_SET;
}

static const struct item *first_item(const struct said *s)
{
	for (size_t i = 0; i < s->items_len; i++)
		if (!s->items[i].dropped)
			return &s->items[i];
	return NULL;
}

/* 改成10箱: more than before or less? Before: as the text says, else by the last order. */
static bool is_less(struct answer *a, const struct item *it)
{
	const struct ware *w = it->name.wares_len ? &a->r->g->wares[it->name.wares[0]] : NULL;
	unsigned doubts = 0;
	struct counted now, then = { 0 };
	int64_t x, y;
	size_t at = w && a->last ? in_order(a->r, a->last, it->name.wares[0]) : SIZE_MAX;

	if (w == NULL)
		return false;
	now = amount_count(a->r, w, &it->amount, &doubts);
	if (it->had) {
		struct amount was = it->was;

		if (was.unit_from == was.unit_to) {
			was.unit_from = it->amount.unit_from;
			was.unit_to = it->amount.unit_to;
		}
		then = amount_count(a->r, w, &was, &doubts);
	} else if (at != SIZE_MAX && a->last->lines[at].unit &&
		   ware_unit_ratio(a->r->g, w, a->last->lines[at].unit, &then.ratio)) {
		then.milli = a->last->lines[at].quantity.milli;
	} else {
		return false;
	}
	return counted_base(&now, &x) && counted_base(&then, &y) && x < y;
}

static const char *change_intent(struct answer *a, const struct item *first)
{
	switch (first->op) {
	case OP_ADD: return "add";
	case OP_REDUCE: return "reduce";
	case OP_SET: return is_less(a, first) ? "reduce" : "add";
	case OP_CANCEL: return "cancel";
	default: return "new";
	}
}

/* A new order: 再加 is a part of it, 不要 means no line. */
static void as_new(struct said *s)
{
	for (size_t i = 0; i < s->items_len; i++) {
		struct item *it = &s->items[i];

		if (it->op == OP_ADD)
			it->op = OP_ORDER;
		it->dropped = it->dropped || it->op == OP_CANCEL;
		it->doubts |= it->op == OP_REDUCE || it->op == OP_SET ? DOUBT_UNCLEAR : 0U;
		for (size_t j = 0; it->op == OP_CANCEL && it->name.wares_len && j < i; j++)
			if (s->items[j].name.wares_len && s->items[j].name.wares[0] == it->name.wares[0])
				s->items[j].doubts |= DOUBT_UNCLEAR;
	}
}

static void as_change(struct said *s, enum op first)
{
	for (size_t i = 0; i < s->items_len; i++) {
		struct item *it = &s->items[i];

		if (it->op != OP_ORDER)
			continue;
		it->op = first == OP_ADD ? OP_ADD : OP_ORDER;
		it->doubts |= first == OP_ADD ? 0U : DOUBT_UNCLEAR;
	}
}

static bool any(const struct said *s, bool (*what)(const struct item *))
{
	for (size_t i = 0; i < s->items_len; i++)
		if (!s->items[i].dropped && what(&s->items[i]))
			return true;
	return false;
}

static const char *intent_of_nothing(const struct said *s)
{
	if (s->cancel_all)
		return "cancel";
	if (s->payment || s->complaint)
		return "none";
	if (s->orphan_op && s->orphan != OP_ORDER)
		return s->orphan == OP_ADD ? "add" : "reduce";
	if (s->unclear_len > (s->picture ? 1U : 0U) || (s->picture && s->order_word))
		return "new";
	if (s->question)
		return "question";
	return s->order_word && !s->polite ? "new" : "none";
}

static const char *intent_of(struct answer *a)
{
	const struct item *first = first_item(a->s);
	enum op op;

	if (a->s->repeat)
		return "repeat_last";
	if (first == NULL)
		return intent_of_nothing(a->s);
	op = first->op;
	if (op == OP_CANCEL && any(a->s, is_order) && !any(a->s, is_change))
		op = OP_ORDER;
	if (op == OP_ORDER) {
		as_new(a->s);
		return "new";
	}
	as_change(a->s, op);
	return change_intent(a, first);
}

/* ---- names that are mentioned, and what stands there twice ---- */

/* A name without an amount is an offer where goods are ordered, and talk elsewhere. */
static void settle_bare(struct said *s)
{
	bool counted = any(s, is_order) || any(s, is_change);

	for (size_t i = 0; i < s->items_len; i++) {
		struct item *it = &s->items[i];
		bool bare = !it->counted && (it->op == OP_ORDER || is_change(it));

		if (it->negated && !it->counted) {
			it->amount = it->was; /* 土豆不要5件了: five less, or none? */
			it->counted = true;
			it->op = OP_REDUCE;
			it->doubts |= DOUBT_UNCLEAR;
			continue;
		}
		if (!bare)
			continue;
		it->dropped =
			it->dropped || it->name.unknown || ((s->complaint || s->payment || s->question) && !counted);
		for (size_t j = 0; j < s->items_len && !it->dropped; j++)
			it->dropped = s->items[j].counted && s->items[j].name.wares_len && it->name.wares_len &&
				      s->items[j].name.wares[0] == it->name.wares[0];
	}
}

/* 汤圆 and 元宵 are the same goods by two names: whoever writes both wants both. */
static bool same_word(const struct reader *r, const struct name *x, const struct name *y)
{
	if (x->to - x->from != y->to - y->from)
		return false;
	for (uint32_t i = 0; i < x->to - x->from; i++)
		if (r->t.at[x->from + i].cp != r->t.at[y->from + i].cp)
			return false;
	return true;
}

static bool same_goods(const struct reader *r, const struct item *x, const struct item *y)
{
	return !x->name.unknown && !y->name.unknown && same_word(r, &x->name, &y->name) && x->name.wares_len == 1 &&
	       y->name.wares_len == 1 && x->name.wares[0] == y->name.wares[0] && x->op == y->op && x->counted &&
	       y->counted && x->customer == y->customer &&
	       (!date_is(x->day) || !date_is(y->day) || x->day.day == y->day.day);
}

static void find_twice(const struct reader *r, struct said *s)
{
	for (size_t i = 0; i < s->items_len; i++)
		for (size_t j = i + 1; j < s->items_len; j++)
			if (!s->items[i].dropped && !s->items[j].dropped && same_goods(r, &s->items[i], &s->items[j])) {
				s->items[i].doubts |= DOUBT_TWICE;
				s->items[j].doubts |= DOUBT_TWICE;
			}
}

/* ---- days ---- */

/* Days that do not count: 明天不送, 原来周五. */
static size_t days_kept(struct said *s)
{
	size_t n = 0;
	bool moved = false, strong = false, whole = s->cancel_all && s->items_len == 0;

	for (size_t i = 0; i < s->days_len; i++) {
		moved = moved || s->days[i].moved;
		strong = strong || !s->days[i].weak;
	}
	for (size_t i = 0; i < s->days_len; i++) {
		bool only = s->days_len == 1;

		if ((s->days[i].negated && !only && !whole) || (moved && !s->days[i].moved) ||
			(strong && s->days[i].weak))
			continue;
		s->days[n++] = s->days[i];
	}
	return n;
}

static bool all_one(const struct said *s, size_t n)
{
	for (size_t i = 1; i < n; i++)
		if (s->days[i].day.day != s->days[0].day.day)
			return false;
	return n > 0;
}

static void date_items(struct said *s, size_t from, size_t to, struct date day)
{
	for (size_t i = from; i < to && i < s->items_len; i++)
		s->items[i].day = day;
}

/* Each day heads its lines, or stands behind them; else they contradict each other. */
static bool share_days(struct said *s, size_t n)
{
	bool heads = s->days[0].items == 0, tails = s->days[0].items > 0 && s->days[n - 1].items == s->items_len;

	for (size_t i = 1; i < n; i++) {
		heads = heads && s->days[i].items > s->days[i - 1].items && s->days[i].items < s->items_len;
		tails = tails && s->days[i].items > s->days[i - 1].items;
	}
	for (size_t i = 0; heads && i < n; i++)
		date_items(s, s->days[i].items, i + 1 < n ? s->days[i + 1].items : s->items_len, s->days[i].day);
	for (size_t i = 0; !heads && tails && i < n; i++)
		date_items(s, i ? s->days[i - 1].items : 0, s->days[i].items, s->days[i].day);
	return heads || tails;
}

static void settle_days(struct answer *a)
{
	struct said *s = a->s;
	size_t n = days_kept(s);

	a->out->delivery_date = DATE_NONE;
	if (all_one(s, n)) {
		a->out->delivery_date = s->days[0].day;
		return;
	}
	if (n < 2)
		return;
	/* The same day said twice in a row heads one part. */
	for (size_t i = 1; i < n;)
		if (s->days[i].day.day == s->days[i - 1].day.day) {
			memmove(&s->days[i], &s->days[i + 1], (n - i - 1) * sizeof(*s->days));
			n--;
		} else {
			i++;
		}
	if (!share_days(s, n))
		for (size_t i = 0; i < n; i++)
			said_span(a->r, &s->unclear, &s->unclear_len, &s->unclear_cap, s->days[i].from, s->days[i].to);
}

/* ---- all ---- */

static int by_place(const void *x, const void *y)
{
	const struct span *a = x, *b = y;

	return a->from != b->from ? (a->from > b->from) - (a->from < b->from) : (a->to > b->to) - (a->to < b->to);
}

static void put_unresolved(struct answer *a)
{
	struct said *s = a->s;
	struct reading *out = a->out;
	/* A question alone is an answer's business; beside an order it must not be lost. */
	bool with_asked = out->lines_len > 0 || s->unclear_len > 0;
	struct span *all = ARENA_ARRAY(a->r->a, s->unclear_len + s->asked_len + 1, struct span);
	size_t n = s->unclear_len;

	if (n > 0)
		memcpy(all, s->unclear, n * sizeof(*all));
	for (size_t i = 0; with_asked && i < s->asked_len; i++)
		all[n++] = s->asked[i];
	if (n > 1)
		qsort(all, n, sizeof(*all), by_place);
	out->unresolved = ARENA_ARRAY(a->r->a, n + 1, struct reading_span);
	for (size_t i = 0; i < n; i++)
		if (i == 0 || all[i].from >= all[i - 1].to)
			out->unresolved[out->unresolved_len++] =
				(struct reading_span){ rtext_raw(a->r->a, &a->r->t, all[i].from, all[i].to),
					all[i].from, all[i].to };
}

bool reader_answer(struct reader *r, struct said *s, const struct reading_order *last, struct reading *out)
{
	struct answer a = { .r = r, .s = s, .last = last, .out = out };

	for (size_t i = 0; i < s->items_len && !a.usual_known; i++)
		if (s->items[i].name.wares_len > 1 && !load_usual(&a))
			return false;
	if (s->repeat && last != NULL)
		repeat(&a);
	else if (s->repeat)
		said_span(r, &s->unclear, &s->unclear_len, &s->unclear_cap, s->repeat_from, s->repeat_to);
	settle_bare(s);
	out->intent = intent_of(&a);
	settle_days(&a);
	find_twice(r, s);
	for (size_t i = 0; i < s->items_len; i++)
		if (!s->items[i].dropped && s->items[i].name.wares_len > 0) {
			if (s->repeat && s->items[i].op != OP_CANCEL)
				s->items[i].op = OP_ORDER;
			put_line(&a, &s->items[i]);
		}
	put_unresolved(&a);
	return true;
}
