/* What is to be done with a line: added to, taken from, set, swapped, taken back. */
#include "mod/reading/reading_line.h"

static size_t over_few(const struct parser *p, size_t k)
{
	while (tok_is_word(&p->toks[k], W_FEW))
		k = parser_over_both(p, k + 1);
	return k;
}

size_t parser_on_change(struct parser *p, size_t k, enum op op)
{
	size_t next = parser_over_both(p, k + 1);

	if (p->open && !p->cur.counted && p->gap < SEP_COMMA && !p->cur.op_said) {
		p->cur.op = op; /* 牛奶加4箱 */
		p->cur.op_said = true;
		item_grow(&p->cur, p->toks[k].from, p->toks[k].to);
		return k + 1;
	}
	if (!tok_is_count(&p->toks[next]) && !tok_is_name(&p->toks[next]) && !tok_is_word(&p->toks[next], W_EACH) &&
		p->open)
		p->s->orphan_op = true; /* 少一点 */
	if (!p->open && tok_is_sep(&p->toks[over_few(p, next)], SEP_COMMA) && !p->s->items_len) {
		p->s->orphan_op = true;
		p->s->orphan = op;
		parser_unclear(p, p->toks[k].from, p->toks[parser_clause_end(p, k)].from);
	}
	parser_item_close(p);
	p->next_op = op;
	p->next_op_said = true;
	return k + 1;
}

/* 土豆换成红薯: the one goes, the other comes; how much of it is for a person to say. */
static size_t swap(struct parser *p, size_t k)
{
	if (p->open && p->cur.op != OP_CANCEL) {
		p->cur.op = OP_CANCEL;
		p->cur.op_said = true;
		p->cur.doubts |= DOUBT_UNCLEAR;
	}
	parser_item_close(p);
	p->next_doubts |= DOUBT_UNCLEAR;
	return k + 1;
}

size_t parser_on_set(struct parser *p, size_t k)
{
	struct item *it = &p->cur;

	if (p->toks[parser_over_both(p, k + 1)].kind == TOK_GOODS)
		return swap(p, k);
	if (!p->open) {
		p->next_op = OP_SET;
		p->next_op_said = true;
		return k + 1;
	}
	if (it->counted && it->op != OP_CANCEL) {
		it->was = it->amount;
		it->had = true;
		it->counted = false;
	}
	it->op = OP_SET;
	it->op_said = true;
	it->negated = false;
	p->gap = 0;
	item_grow(it, p->toks[k].from, p->toks[k].to);
	return k + 1;
}

static bool remark_follows(const struct parser *p, size_t k)
{
	const struct tok *t = &p->toks[k];

	return t->kind == TOK_UNKNOWN || t->kind == TOK_LETTERS || tok_is_word(t, W_REMARK) || tok_is_word(t, W_WANT) ||
	       tok_is_word(t, W_COMPLAINT);
}

/* The whole order is taken back. */
static void cancel_without_name(struct parser *p, size_t k)
{
	size_t end = parser_clause_end(p, k);

	if (p->toks[end].kind == TOK_SEP && p->s->items_len > 0 && p->s->days_len == 0)
		p->s->orphan_op = true;
	p->s->cancel_all = true;
}

/* 面不要八箱了: less than that, and how much is said next. */
static size_t not_so_many(struct parser *p, size_t k, size_t count)
{
	p->cur.was = p->toks[count].amount;
	p->cur.had = p->cur.negated = true;
	item_grow(&p->cur, p->toks[k].from, p->toks[count].to);
	return count + 1;
}

/* 土豆不要发芽的2件 */
static size_t remark_before_amount(struct parser *p, size_t k)
{
	size_t end = k + 1;

	while (remark_follows(p, end) || tok_is_word(&p->toks[end], W_MERCY))
		end++;
	parser_remark(p, p->toks[k].from, p->toks[end].from);
	return end;
}

/* 香菜不要了; 香菜葱都不要 takes back all that stand before it. */
static size_t cancel_name(struct parser *p, size_t k)
{
	struct item *it = &p->cur;
	size_t next = parser_over_both(p, k + 1);

	if (tok_is_count(&p->toks[next]) && !parser_goods_follow(p, next))
		return not_so_many(p, k, next);
	if (remark_follows(p, k + 1))
		return remark_before_amount(p, k);
	it->op = OP_CANCEL;
	it->op_said = true;
	item_grow(it, p->toks[k].from, p->toks[k].to);
	if (p->s->items_len > p->bare_from && tok_is_word(&p->toks[k - 1], W_FILL))
		for (size_t i = p->bare_from; i < p->s->items_len; i++)
			p->s->items[i].op = OP_CANCEL;
	parser_item_close(p);
	return k + 1;
}

/* 土豆2件，不要蓝月亮: how the goods shall be, or others that are not wanted? */
static bool may_be_goods(const struct parser *p, size_t k)
{
	size_t end = parser_run_end(p, k + 1);

	return p->gap >= SEP_COMMA && end > k + 1 && end == parser_clause_end(p, k) &&
	       p->toks[end - 1].to - p->toks[k + 1].from >= 2;
}

/* 土豆2件，不要蓝月亮了: that is said of what was wanted before. */
static bool is_taken_back(const struct parser *p, size_t k)
{
	size_t end = parser_run_end(p, k + 1);

	return p->gap >= SEP_COMMA && end > k + 1 && tok_is_word(&p->toks[end], W_MERCY) &&
	       rtext_has(&p->r->t, p->toks[end].from, "了") && end + 1 == parser_clause_end(p, k);
}

size_t parser_on_cancel(struct parser *p, size_t k)
{
	struct item *it = &p->cur;

	if (p->open && !it->counted && p->gap < SEP_COMMA)
		return cancel_name(p, k);
	if (p->open && remark_follows(p, k + 1) && parser_rest_is_remark(p, k) && !is_taken_back(p, k)) {
		if (may_be_goods(p, k))
			parser_unclear(p, p->toks[k].from, p->toks[parser_clause_end(p, k)].from);
		return parser_take_remark(p, k, k);
	}
	if (parser_goods_follow(p, k) ||
		((!p->open || p->gap >= SEP_COMMA) && tok_is_name(&p->toks[parser_over_both(p, k + 1)]))) {
		parser_item_close(p);
		p->next_op = OP_CANCEL;
		p->next_op_said = true;
	} else if (p->open && it->counted && p->gap < SEP_COMMA) {
		it->op = OP_CANCEL; /* 土豆4件不要了: all of it, or 4 of it? */
		it->op_said = true;
		it->doubts |= DOUBT_UNCLEAR;
	} else {
		cancel_without_name(p, k);
	}
	return k + 1;
}
