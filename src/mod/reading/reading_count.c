/* Amounts and prices: whose they are, before the name or behind it, once or of each. */
#include "mod/reading/reading_line.h"

/* ---- amounts ---- */

static bool has_unit(const struct parser *p, const struct name *n, const struct amount *a)
{
	struct ratio ratio;

	for (uint32_t i = 0; i < n->wares_len; i++)
		if (ware_unit_at(p->r, &p->r->g->wares[n->wares[i]], a->unit_from, a->unit_to, &ratio))
			return true;
	return false;
}

/* 两块: pieces of what has pieces, else money. */
bool parser_is_money(struct parser *p, size_t k)
{
	const struct tok *t = &p->toks[k], *next = &p->toks[parser_over_fillers(p, k + 1)];

	if (t->kind != TOK_AMOUNT || !t->amount.money)
		return false;
	if (p->open && !p->cur.counted)
		return !has_unit(p, &p->cur.name, &t->amount);
	/* 三块千张: nobody knows whether that is money, so it is no price of what stands before. */
	return next->kind != TOK_GOODS;
}

void parser_apply_each(struct parser *p, const struct tok *t)
{
	parser_item_close(p);
	p->each_wanted = false;
	if (p->bare_from == p->s->items_len) {
		p->each = t->amount;
		p->each_forward = true;
		p->each_from = t->from;
		p->each_to = t->to;
		return;
	}
	for (size_t i = p->bare_from; i < p->s->items_len; i++) {
		struct item *it = &p->s->items[i];

		if (it->counted || it->op == OP_CANCEL)
			continue;
		it->amount = t->amount;
		it->counted = true;
		if (it->name.unknown)
			parser_unclear(p, it->from, it->to);
	}
	p->last = t->amount;
	p->last_known = true;
	p->bare_from = p->s->items_len;
}

/* The first amount was the size of one of the second: 珍珠米 25公斤 30袋. */
static bool was_spec(struct parser *p, const struct tok *t)
{
	const struct ware *w = parser_ware_of(p, &p->cur.name);
	unsigned doubts = 0;
	struct counted size, unit;
	int64_t a, b;

	if (w == NULL || t->amount.unit_from == t->amount.unit_to)
		return false;
	size = amount_count(p->r, w, &p->cur.amount, &doubts);
	unit = amount_count(p->r, w, &t->amount, &doubts);
	unit.milli = 1000;
	return doubts == 0 && counted_base(&size, &a) && counted_base(&unit, &b) && a == b;
}

/* The same amount said in another unit: 2件 (40公斤). */
bool parser_is_same(struct parser *p, const struct item *it, const struct amount *other)
{
	const struct ware *w = parser_ware_of(p, &it->name);
	unsigned doubts = 0;
	struct counted one, two;
	int64_t a, b;

	if (w == NULL)
		return false;
	one = amount_count(p->r, w, &it->amount, &doubts);
	two = amount_count(p->r, w, other, &doubts);
	return (doubts & (DOUBT_BAD_UNIT | DOUBT_NO_UNIT | DOUBT_UNCLEAR)) == 0 && counted_base(&one, &a) &&
	       counted_base(&two, &b) && a == b;
}

/* 土豆 洋葱 2件: of both, or has the first none? */
static bool may_be_of_both(const struct parser *p, const struct tok *t)
{
	const struct said *s = p->s;

	return t->from > p->cur.name.to && s->items_len > p->bare_from && !p->cur.amount_first &&
	       p->cur.op == OP_ORDER && is_blank(p->r->t.at[t->from - 1].cp) &&
	       s->items[s->items_len - 1].to + 1 == p->cur.name.from && is_blank(p->r->t.at[p->cur.name.from - 1].cp) &&
	       s->items[s->items_len - 1].op == OP_ORDER;
}

void parser_set_amount(struct parser *p, const struct tok *t)
{
	struct item *it = &p->cur;

	it->doubts |= may_be_of_both(p, t) ? DOUBT_UNCLEAR : 0U;

	it->amount = t->amount;
	it->amount_from = t->from;
	it->amount_to = t->to;
	it->counted = true;
	item_grow(it, t->from, t->to);
	if (t->amount.size_to > t->amount.size_from && it->name.wares_len > 0) {
		/* 两大袋: the size says which, or nobody knows what it says. */
		if (!name_narrow(p->r, &it->name, t->amount.size_from, t->amount.size_to))
			it->doubts |= DOUBT_UNCLEAR;
		else if (it->name.wares_len == 1)
			it->name.doubts &= ~(unsigned)DOUBT_SHARED;
	}
}

/* A number between name and amount tells the size: 可乐500 10箱. */
static bool spec_before(struct parser *p, size_t k)
{
	const struct tok *t = &p->toks[k], *next = &p->toks[parser_over_blanks(p, k + 1)];
	struct item *it = &p->cur;

	if (next->kind == TOK_WORD && next->word == W_MERCY)
		next = &p->toks[parser_over_both(p, k + 1)];
	if (next->kind != TOK_AMOUNT || next->from == t->from || parser_is_money(p, (size_t)(next - p->toks)))
		return false;
	if (t->kind == TOK_AMOUNT) {
		struct name n = it->name;

		/* 500ml*12瓶: 瓶 may be missing in the catalogue's size */
		if (!name_narrow(p->r, &n, t->from, t->to) &&
			!(t->amount.by_to > t->amount.by_from && name_narrow(p->r, &n, t->from, t->amount.by_from)))
			return false;
		it->name = n;
	} else if (!name_narrow(p->r, &it->name, t->from, t->to)) {
		return false;
	}
	if (it->name.wares_len == 1)
		it->name.doubts &= ~(unsigned)DOUBT_SHARED;
	item_grow(it, t->from, t->to);
	return true;
}

static void hold_amount(struct parser *p, size_t k)
{
	const struct tok *t = &p->toks[k];

	parser_pre_drop(p);
	p->pre = t->amount;
	p->pre_from = t->from;
	p->pre_to = t->to;
	p->pre_pending = true;
	p->pre_numbering = t->kind == TOK_NUMBER && (k == 0 || tok_is_sep(&p->toks[k - 1], SEP_LINE));
}

static bool name_follows(const struct parser *p, size_t k)
{
	const struct tok *t = &p->toks[parser_over_fillers(p, k + 1)];

	return t->kind == TOK_GOODS || t->kind == TOK_FOOD || t->kind == TOK_EMOJI || t->kind == TOK_LETTERS ||
	       t->kind == TOK_UNKNOWN;
}

bool parser_goods_follow(const struct parser *p, size_t k)
{
	const struct tok *t = &p->toks[parser_over_fillers(p, k + 1)];

	return t->kind == TOK_GOODS || t->kind == TOK_FOOD;
}

/* The size behind the amount: 花生油1桶 5L, 水5箱 550的. */
static bool says_size(struct parser *p, size_t k)
{
	const struct tok *t = &p->toks[k];
	struct item *it = &p->cur;
	struct ratio ratio;

	if (it->name.wares_len == 0 || p->gap >= SEP_COMMA ||
		(t->kind == TOK_NUMBER && !tok_is_word(&p->toks[k + 1], W_MERCY)) ||
		(t->kind == TOK_AMOUNT && ware_unit_at(p->r, parser_ware_of(p, &it->name), t->amount.unit_from,
						  t->amount.unit_to, &ratio)) ||
		!name_narrow(p->r, &it->name, t->from, t->to))
		return false;
	if (it->name.wares_len == 1)
		it->name.doubts &= ~(unsigned)DOUBT_SHARED;
	return true;
}

/* A second amount behind a complete item. */
static void second_amount(struct parser *p, size_t k)
{
	const struct tok *t = &p->toks[k];
	struct item *it = &p->cur;

	if (name_follows(p, k) || (it->amount_first && p->toks[parser_over_both(p, k + 1)].kind == TOK_GOODS) ||
		(p->gap >= SEP_COMMA && name_follows(p, parser_over_blanks(p, k + 1) - 1))) {
		parser_item_close(p);
		hold_amount(p, k);
	} else if (t->kind == TOK_AMOUNT && p->gap < SEP_COMMA && was_spec(p, t)) {
		parser_set_amount(p, t);
	} else if (parser_is_same(p, it, &t->amount) || says_size(p, k)) {
		item_grow(it, t->from, t->to);
	} else if (it->op == OP_SET && it->had) {
		parser_set_amount(p, t);
	} else {
		it->doubts |= DOUBT_UNCLEAR;
		if (p->gap >= SEP_COMMA)
			parser_unclear(p, t->from, t->to);
		else
			item_grow(it, t->from, t->to);
	}
}

size_t parser_on_amount(struct parser *p, size_t k)
{
	const struct tok *t = &p->toks[k];

	if (p->each_wanted && t->kind == TOK_AMOUNT) {
		parser_apply_each(p, t);
		return k + 1;
	}
	if (p->open && !p->cur.counted && !(p->gap >= SEP_COMMA && parser_goods_follow(p, k) && p->cur.op != OP_SET)) {
		if (!spec_before(p, k)) {
			parser_set_amount(p, t);
			if (p->gap >= SEP_LINE && p->cur.op != OP_SET && name_follows(p, k))
				p->cur.doubts |= DOUBT_UNCLEAR;
		}
		p->glued = p->gap == 0;
		p->gap = 0;
		return k + 1;
	}
	if (p->open && p->cur.numbering && p->gap < SEP_COMMA && !parser_goods_follow(p, k)) {
		p->cur.numbering = false; /* 1 土豆 20 */
		parser_set_amount(p, t);
		return k + 1;
	}
	if (p->open && p->cur.counted && !p->next_op_said) {
		second_amount(p, k);
		return k + 1;
	}
	parser_item_close(p);
	if (!name_follows(p, k) && p->asked_known && !p->pre_pending) {
		parser_item_open(p, &p->asked);
		p->cur.from = t->from;
		p->cur.to = t->to;
		p->asked_known = false;
		parser_set_amount(p, t);
		return k + 1;
	}
	/* 陆 is a surname, 一 the begin of many words. */
	if (t->kind == TOK_NUMBER && !t->amount.n.ascii && !parser_goods_follow(p, k))
		return k + 1;
	hold_amount(p, k);
	return k + 1;
}

/* ---- prices ---- */

/* The question ends where something is ordered. */
size_t parser_question_end(const struct parser *p, size_t k)
{
	size_t end = parser_clause_end(p, k);

	for (k++; k < end; k++)
		if (p->toks[k].kind == TOK_GOODS || tok_is_count(&p->toks[k]))
			return k;
	return end;
}

size_t parser_on_quote(struct parser *p, size_t k)
{
	const struct tok *t = &p->toks[k];
	struct quote q = t->quote;
	size_t end = parser_over_both(p, k + 1);

	/* 大概80块 is no price yet, and nothing costs that much. */
	if (t->kind == TOK_AMOUNT && (t->amount.n.approx || t->amount.n.milli > PRICE_MAX / 10)) {
		p->cur.doubts |= p->open ? DOUBT_UNCLEAR : 0U;
		parser_unclear(p, t->from, t->to);
		return k + 1;
	}
	if (t->kind == TOK_AMOUNT)
		q = (struct quote){ .price = { t->amount.n.milli * 10 }, .bare = true };
	if (p->open) {
		p->cur.quote = q;
		p->cur.quoted = true;
		item_grow(&p->cur, t->from, t->to);
		/* 85一件行不行: that is haggling */
		if (tok_is_word(&p->toks[end], W_OK) || tok_is_word(&p->toks[end], W_ASK)) {
			p->cur.doubts |= DOUBT_HAGGLE;
			end = parser_question_end(p, end);
			parser_asked(p, t->from, p->toks[end].from);
			return end;
		}
	} else if (parser_goods_follow(p, k)) {
		p->pre_quote = q;
		p->pre_quoted = true;
	}
	return k + 1;
}
