/* How the goods shall be: 杀好, 要大的, and what stands in brackets. */
#include "mod/reading/reading_line.h"

/* ---- remarks ---- */

/* From here to the end of the clause nothing is ordered. */
bool parser_rest_is_remark(const struct parser *p, size_t k)
{
	for (size_t end = parser_clause_end(p, k); k < end; k++)
		if ((p->toks[k].kind == TOK_GOODS && tok_is_count(&p->toks[parser_over_both(p, k + 1)])) ||
			(tok_is_count(&p->toks[k]) && parser_goods_follow(p, k)))
			return false;
	return true;
}

size_t parser_take_remark(struct parser *p, size_t from, size_t k)
{
	size_t end = parser_clause_end(p, k);

	parser_remark(p, p->toks[from].from, p->toks[end].from);
	return end;
}

/* 要粉壳的, 要500的, 要大的: which one, or how it shall be. Returns the end, 0 if there is no such phrase. */
size_t parser_wanted(struct parser *p, size_t k)
{
	size_t first = k + 1, end = first;
	struct item *it = &p->cur;
	struct name n = it->name;
	uint32_t to;
	bool tail;

	if (p->toks[first].kind == TOK_GOODS && !it->counted && name_meet(p->r, &it->name, &p->toks[first])) {
		item_grow(it, p->toks[k].from, p->toks[first].to); /* 大米要丝苗米5袋 */
		return first + 1;
	}
	while (tok_is_name(&p->toks[end]) || p->toks[end].kind == TOK_NUMBER || tok_is_word(&p->toks[end], W_REMARK))
		end++;
	tail = tok_is_word(&p->toks[end], W_MERCY) || (end > first && tok_is_word(&p->toks[end - 1], W_REMARK));
	if (end == first || !tail ||
		(p->toks[first].kind == TOK_GOODS && tok_is_count(&p->toks[parser_over_both(p, end)]) && it->counted))
		return 0;
	to = p->toks[end - 1].to;
	to -= to - p->toks[first].from > 1 && rtext_has(&p->r->t, to - 1, "的");
	if (n.wares_len > 1 && name_narrow(p->r, &n, p->toks[first].from, to)) {
		/* One character is a hint: the best stands first, a person decides. */
		n.doubts |= DOUBT_SHARED;
		if (n.wares_len == 1 && to - p->toks[first].from >= 2)
			n.doubts &= ~(unsigned)DOUBT_SHARED;
		it->name = n;
		item_grow(it, p->toks[k].from, p->toks[end - 1].to);
	} else {
		parser_remark(p, p->toks[k].from, p->toks[end - 1].to + (tok_is_word(&p->toks[end], W_MERCY) ? 1 : 0));
	}
	return tok_is_word(&p->toks[end], W_MERCY) ? end + 1 : end;
}

/* ---- brackets ---- */

static size_t close_of(const struct parser *p, size_t k)
{
	for (; !tok_is_sep(&p->toks[k], SEP_LINE); k++)
		if (p->toks[k].kind == TOK_CLOSE)
			return k;
	return 0;
}

size_t parser_on_open(struct parser *p, size_t k)
{
	size_t end = close_of(p, k), first = parser_over_both(p, k + 1);
	struct item *it = &p->cur;
	const struct tok *t = &p->toks[first];
	bool alone;

	if (end == 0 || !p->open || end == k + 1)
		return k + 1;
	alone = parser_over_both(p, first + 1) == end;
	item_grow(it, p->toks[k].from, p->toks[end].to);
	if (tok_is_word(t, W_WAS) && tok_is_count(&p->toks[parser_over_both(p, first + 1)])) {
		it->was = p->toks[parser_over_both(p, first + 1)].amount;
		it->had = true;
	} else if (t->kind == TOK_QUOTE && alone) {
		parser_on_quote(p, first);
	} else if (name_narrow(p->r, &it->name, p->toks[k + 1].from, p->toks[end].from)) {
		if (it->name.wares_len == 1)
			it->name.doubts &= ~(unsigned)DOUBT_SHARED;
	} else if (tok_is_count(t) && alone && !it->counted) {
		parser_set_amount(p, t);
	} else if (tok_is_count(t) && alone && parser_is_same(p, it, &t->amount)) {
		it->to = p->toks[end].to;
	} else {
		it->doubts |= tok_is_count(t) && alone ? DOUBT_UNCLEAR : 0;
		it->doubts |= parser_clause_has(p, k, W_IF) ? DOUBT_IF : 0;
		parser_remark(p, p->toks[k + 1].from, p->toks[end].from);
	}
	return end + 1;
}
