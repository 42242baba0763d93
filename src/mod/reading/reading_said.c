/* The other words of orders: 各, 同上, 照旧, questions, conditions, doubts. */
#include "mod/reading/reading_line.h"

static size_t on_ditto(struct parser *p, size_t k)
{
	if (p->open && !p->cur.counted && p->last_known) {
		p->cur.amount = p->last;
		p->cur.counted = true;
		item_grow(&p->cur, p->toks[k].from, p->toks[k].to);
	}
	return k + 1;
}

static size_t on_each(struct parser *p, size_t k)
{
	size_t next = parser_over_both(p, k + 1);

	if (p->toks[next].kind != TOK_AMOUNT && p->toks[next].kind != TOK_NUMBER)
		return k + 1;
	if (p->toks[next].kind == TOK_NUMBER) {
		struct tok t = p->toks[next];

		parser_apply_each(p, &t);
		return next + 1;
	}
	p->each_wanted = true;
	return next;
}

static size_t on_total(struct parser *p, size_t k)
{
	size_t end = parser_clause_end(p, k);

	if (parser_clause_has_kind(p, k, TOK_GOODS))
		return k + 1;
	parser_item_close(p);
	return end;
}

static size_t on_was(struct parser *p, size_t k)
{
	size_t next = parser_over_both(p, k + 1);

	if (!p->open || !tok_is_count(&p->toks[next]))
		return k + 1;
	p->cur.was = p->toks[next].amount;
	p->cur.had = true;
	if (rtext_has(&p->r->t, p->toks[k].from, "不是")) {
		p->cur.op = OP_SET; /* 不是2件是3件 */
		p->cur.op_said = true;
		p->cur.counted = false;
	}
	item_grow(&p->cur, p->toks[k].from, p->toks[next].to);
	return next + 1;
}

static size_t on_if(struct parser *p, size_t k)
{
	if (p->open && p->gap >= SEP_COMMA && parser_clause_has_kind(p, k, TOK_GOODS))
		parser_item_close(p); /* 要是洋葱便宜就来3袋 is about the onions */
	if (p->open) {
		p->cur.doubts |= DOUBT_IF;
		parser_remark(p, p->toks[k].from, p->toks[k].to);
		if (p->gap >= SEP_COMMA)
			return parser_clause_end(p, k);
	} else {
		p->next_doubts |= DOUBT_IF;
		p->clause_doubts |= DOUBT_IF;
	}
	return k + 1;
}

static size_t on_ask(struct parser *p, size_t k)
{
	size_t end = parser_question_end(p, k);

	p->s->question = true;
	if (!p->open) {
		p->next_doubts |= DOUBT_ASK; /* 能不能送2件土豆 */
		return k + 1;
	}
	/* The goods are ordered and their price is asked; whether there are any is another question. */
	if (p->cur.quoted && tok_is_word(&p->toks[k], W_OK)) {
		p->cur.doubts |= DOUBT_HAGGLE;
	} else if (p->gap == 0 && p->cur.counted) {
		p->cur.doubts |= DOUBT_ASK;
	}
	parser_asked(p, p->toks[k].from, p->toks[end].from);
	return end;
}

static size_t on_wrong(struct parser *p, size_t k)
{
	struct day_said *day = p->s->days_len ? &p->s->days[p->s->days_len - 1] : NULL;

	if (day && day->items == p->s->items_len && !p->open) {
		day->negated = true; /* 周五送, 不对, 周六送 */
	} else if (p->open) {
		p->cur.doubts |= DOUBT_UNCLEAR;
		parser_unclear(p, p->cur.from, p->toks[parser_clause_end(p, k)].from);
	} else if (p->s->items_len > 0) {
		p->s->items[p->s->items_len - 1].doubts |= DOUBT_UNCLEAR;
	}
	return k + 1;
}

static size_t on_unsure(struct parser *p, size_t k)
{
	if (p->open)
		p->cur.doubts |= DOUBT_UNCLEAR;
	if (!tok_is_sep(&p->toks[parser_over_both(p, k + 1)], SEP_COMMA))
		p->next_doubts |= DOUBT_UNCLEAR;
	return k + 1;
}

static bool clause_has_old_day(const struct rtext *t, const struct tok *tok)
{
	for (uint32_t i = tok->from; i < tok->to; i++)
		if (rtext_has(t, i, "前天") || rtext_has(t, i, "上周") || rtext_has(t, i, "前几天"))
			return true;
	return false;
}

static size_t on_repeat(struct parser *p, size_t k)
{
	parser_item_close(p);
	p->s->repeat = true;
	/* Of a day before the last order nobody knows which is meant. */
	p->s->orphan_op = p->s->orphan_op || clause_has_old_day(&p->r->t, &p->toks[k]);
	if (p->s->repeat_to == 0) {
		p->s->repeat_from = p->toks[k].from;
		p->s->repeat_to = p->toks[k].to;
	}
	return k + 1;
}

static size_t on_few(struct parser *p, size_t k)
{
	if (p->open && !p->cur.counted) {
		p->cur.doubts |= DOUBT_ABOUT;
		parser_remark(p, p->toks[k].from, p->toks[k].to);
	} else if (p->next_op_said) {
		p->s->orphan_op = true;
	} else {
		p->next_doubts |= DOUBT_ABOUT;
	}
	return k + 1;
}

/* 大概8点送, 6点左右: so is the hour, not the goods. */
static bool about_when(const struct parser *p, size_t k)
{
	const struct tok *next = &p->toks[parser_over_both(p, k + 1)];

	return (k > 0 && p->toks[k - 1].kind == TOK_WHEN) || next->kind == TOK_WHEN || next->kind == TOK_SKIP;
}

/* 土豆2件，大概吧 is of the goods; 差不多就这些 is of the list. */
static bool about_goods(const struct parser *p, size_t k)
{
	if (p->gap < SEP_COMMA || !p->cur.counted)
		return true;
	for (k++; tok_is_word(&p->toks[k], W_MERCY) ||
		  (tok_is_word(&p->toks[k], W_FILL) && rtext_has(&p->r->t, p->toks[k].from, "吧"));
		k++)
		;
	return p->gap < SEP_SENTENCE && tok_is_sep(&p->toks[k], SEP_COMMA);
}

/* 大概, 可能, 左右 where no amount is right beside it: what is open, the row that waits for its 各, and what the clause
 * names yet. */
static size_t on_about(struct parser *p, size_t k)
{
	bool more = false;

	for (size_t i = k + 1, end = parser_clause_end(p, k); i < end; i++)
		more = more || p->toks[i].kind == TOK_GOODS;
	if (about_when(p, k) && !rtext_has(&p->r->t, p->toks[k].from, "可能"))
		return k + 1;
	if (parser_clause_has(p, k, W_EACH))
		for (size_t i = p->bare_from; i < p->s->items_len; i++)
			p->s->items[i].doubts |= DOUBT_ABOUT;
	if (p->open && about_goods(p, k))
		p->cur.doubts |= DOUBT_ABOUT;
	else if (!p->open && !more && !p->pre_pending && p->s->items_len > 0 && p->gap < SEP_COMMA)
		p->s->items[p->s->items_len - 1].doubts |= DOUBT_ABOUT;
	p->clause_doubts |= DOUBT_ABOUT;
	return k + 1;
}

static size_t on_swap(struct parser *p, size_t k)
{
	if (p->open)
		p->cur.doubts |= DOUBT_UNCLEAR;
	p->next_doubts |= DOUBT_UNCLEAR;
	return k + 1;
}

static size_t on_remark(struct parser *p, size_t k)
{
	const struct tok *t = &p->toks[k];

	if ((!p->open && p->s->items_len == 0) || p->pre_pending)
		return k + 1;
	if (tok_is_word(t, W_REMARK) && p->open && p->cur.name.wares_len > 1 && t->to - t->from >= 2) {
		struct name n = p->cur.name;

		if (name_narrow(p->r, &n, t->from, t->to) && n.wares_len == 1) {
			n.doubts &= ~(unsigned)DOUBT_SHARED; /* 五花肉 带皮 30斤 */
			p->cur.name = n;
			item_grow(&p->cur, t->from, t->to);
			return k + 1;
		}
	}
	if (tok_is_word(t, W_REMARK)) {
		if (p->open || p->gap < SEP_SENTENCE)
			parser_remark(p, t->from, t->to + (tok_is_word(&p->toks[k + 1], W_MERCY) ? 1 : 0));
		return k + 1;
	}
	if (p->open && !p->cur.counted) { /* 土豆要小的2件 */
		size_t end = k + 1;

		while (!tok_is_sep(&p->toks[end], SEP_COMMA) && !tok_is_count(&p->toks[end]))
			end++;
		if (tok_is_count(&p->toks[end])) {
			parser_remark(p, t->from, p->toks[end].from);
			return end;
		}
	}
	return parser_rest_is_remark(p, k) ? parser_take_remark(p, k, k) : k + 1;
}

/* 按昨天的价: a remark; no price is known from it. */
static size_t on_price_word(struct parser *p, size_t k)
{
	parser_remark(p, p->toks[k].from, p->toks[k].to);
	return k + 1;
}

static size_t on_fill(struct parser *p, size_t k)
{
	size_t end;

	if (p->open && !p->cur.counted && rtext_has(&p->r->t, p->toks[k].from, "还有") &&
		tok_is_count(&p->toks[parser_over_both(p, k + 1)]))
		p->cur.doubts |= DOUBT_UNCLEAR; /* 洋葱还有3袋: are there, or are wanted? */
	if (p->open && rtext_has(&p->r->t, p->toks[k].from, "要") && p->toks[k].to - p->toks[k].from == 1) {
		end = parser_wanted(p, k);
		if (end > 0)
			return end;
	}
	return k + 1;
}

size_t parser_on_word(struct parser *p, size_t k)
{
	switch (p->toks[k].word) {
	case W_FILL: return on_fill(p, k);
	case W_AND: p->glued = false; return k + 1;
	case W_ADD: return parser_on_change(p, k, OP_ADD);
	case W_REDUCE: return parser_on_change(p, k, OP_REDUCE);
	case W_CANCEL: return parser_on_cancel(p, k);
	case W_SET: return parser_on_set(p, k);
	case W_SWAP: return on_swap(p, k);
	case W_WAS: return on_was(p, k);
	case W_EACH: return on_each(p, k);
	case W_DITTO: return on_ditto(p, k);
	case W_REPEAT: return on_repeat(p, k);
	case W_ASK:
	case W_OK: return on_ask(p, k);
	case W_IF: return on_if(p, k);
	case W_ABOUT: return on_about(p, k);
	case W_FEW: return on_few(p, k);
	case W_TOTAL: return on_total(p, k);
	case W_REMARK:
	case W_WANT:
	case W_PER: return on_remark(p, k);
	case W_PRICE: return on_price_word(p, k);
	case W_WRONG: return on_wrong(p, k);
	case W_UNSURE: return on_unsure(p, k);
	case W_PICTURE:
		p->s->picture = true;
		parser_unclear(p, p->toks[k].from, p->toks[k].to);
		return k + 1;
	case W_ORDER: p->s->order_word = true; return k + 1;
	case W_POLITE: p->s->polite = true; return k + 1;
	default: return k + 1;
	}
}
