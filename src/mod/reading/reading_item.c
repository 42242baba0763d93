/* Lines as they are being read: opened with a name, grown with what belongs to it, kept when they are complete. */
#include "mod/reading/reading_line.h"

#include <string.h>

/* ---- lists that grow ---- */

void *list_more(struct arena *a, void *at, size_t len, size_t *cap, size_t size)
{
	void *bigger;

	if (len < *cap)
		return at;
	*cap = *cap ? *cap * 2 : 16;
	bigger = arena_alloc(a, *cap * size);
	if (len > 0)
		memcpy(bigger, at, len * size);
	return bigger;
}

void said_item(struct reader *r, struct said *s, const struct item *it)
{
	s->items = list_more(r->a, s->items, s->items_len, &s->items_cap, sizeof(*s->items));
	s->items[s->items_len++] = *it;
}

void said_span(struct reader *r, struct span **list, size_t *len, size_t *cap, uint32_t from, uint32_t to)
{
	while (from < to && (is_blank(r->t.at[from].cp) || r->t.at[from].cp == ',' || r->t.at[from].cp == '\n'))
		from++;
	while (to > from && (is_blank(r->t.at[to - 1].cp) || r->t.at[to - 1].cp == ',' || r->t.at[to - 1].cp == '\n'))
		to--;
	if (from == to || (*len > 0 && (*list)[*len - 1].from == from && (*list)[*len - 1].to >= to))
		return;
	*list = list_more(r->a, *list, *len, cap, sizeof(**list));
	(*list)[(*len)++] = (struct span){ from, to };
}

void parser_unclear(struct parser *p, uint32_t from, uint32_t to)
{
	said_span(p->r, &p->s->unclear, &p->s->unclear_len, &p->s->unclear_cap, from, to);
}

void parser_asked(struct parser *p, uint32_t from, uint32_t to)
{
	p->s->question = true;
	said_span(p->r, &p->s->asked, &p->s->asked_len, &p->s->asked_cap, from, to);
}

/* ---- items ---- */

const struct ware *parser_ware_of(const struct parser *p, const struct name *n)
{
	return n->wares_len ? &p->r->g->wares[n->wares[0]] : NULL;
}

void item_grow(struct item *it, uint32_t from, uint32_t to)
{
	it->from = from < it->from ? from : it->from;
	it->to = to > it->to ? to : it->to;
}

static bool in_list(const struct parser *p, const struct item *it)
{
	uint32_t len = it->name.to - it->name.from;

	return len <= 8 && (p->s->items_len > 0 || p->r->mail == false);
}

/* What is done with an item that is complete, or will not become so. */
static void item_keep(struct parser *p, struct item *it)
{
	struct name size = it->name;

	it->customer = p->customer;
	if (!it->counted && p->each_forward && it->op != OP_CANCEL) {
		it->amount = p->each;
		it->counted = true;
		p->each_to = p->each_from;
	}
	/* 长粒香米25kg: that is the size of its bag; how many are wanted? */
	if (it->counted && it->amount_from < it->amount_to && is_alnum(p->r->t.at[it->amount_to - 1].cp) &&
		it->amount.unit_from < it->amount.unit_to && name_narrow(p->r, &size, it->amount_from, it->amount_to))
		it->doubts |= DOUBT_UNCLEAR;
	/* What is taken back and not known must be seen too: it may be among the goods. */
	if (it->name.unknown && (it->op == OP_CANCEL || it->counted || in_list(p, it)))
		parser_unclear(p, it->from, it->to);
	if (it->counted)
		p->last = it->amount;
	p->last_known = p->last_known || it->counted;
	said_item(p->r, p->s, it);
	/* A complete item ends the list that 各 reaches back over. */
	if (it->counted || it->op == OP_CANCEL)
		p->bare_from = p->s->items_len;
}

void parser_item_close(struct parser *p)
{
	if (!p->open)
		return;
	p->open = false;
	/* An unknown word that nobody orders anything of is talk. */
	if (p->cur.name.unknown && !p->cur.counted && !p->cur.op_said && p->cur.name.wares_len == 0 &&
		!p->each_forward && p->cur.dropped)
		return;
	item_keep(p, &p->cur);
}

void parser_item_open(struct parser *p, const struct name *n)
{
	p->cur = (struct item){ .from = n->from,
		.to = n->to,
		.name = *n,
		.named = true,
		.op = p->next_op,
		.op_said = p->next_op_said,
		.doubts = p->next_doubts | p->clause_doubts,
		.day = DATE_NONE };
	p->open = true;
	p->gap = 0;
	p->glued = true;
	p->next_op = OP_ORDER;
	p->next_op_said = false;
	p->next_doubts = 0;
	if (p->pre_pending) {
		/* 土豆 2件 洋葱: after a name without an amount, whose is it? */
		const struct item *before = p->s->items_len ? &p->s->items[p->s->items_len - 1] : NULL;

		if (p->pre_to < n->from && before &&
			(p->s->items_len > p->bare_from || (before->amount_first && (before->doubts & DOUBT_UNCLEAR))))
			p->cur.doubts |= DOUBT_UNCLEAR;
		p->cur.amount = p->pre;
		p->cur.counted = true;
		p->cur.numbering = p->pre_numbering;
		p->cur.amount_first = true;
		item_grow(&p->cur, p->pre_from, p->pre_to);
		p->pre_pending = false;
	}
	if (p->pre_quoted) {
		p->cur.quote = p->pre_quote;
		p->cur.quoted = true;
		p->pre_quoted = false;
	}
}

/* 一 and its like alone are no amounts. */
static bool says_much(const struct parser *p)
{
	return p->pre.unit_from < p->pre.unit_to || p->pre.n.ascii || p->pre.times;
}

void parser_pre_drop(struct parser *p)
{
	if (p->pre_pending && says_much(p)) {
		parser_unclear(p, p->pre_from, p->pre_to);
		p->s->orphan_op = p->s->orphan_op || p->next_op_said;
	}
	p->pre_pending = false;
}

/* 要黄皮的, 小的: the word without what stands around it. */
static uint32_t word_from(const struct rtext *t, uint32_t from, uint32_t to)
{
	while (from < to && (rtext_has(t, from, "要") || rtext_has(t, from, "是") || is_blank(t->at[from].cp)))
		from++;
	return from;
}

uint32_t word_to(const struct rtext *t, uint32_t from, uint32_t to)
{
	while (to > from && (rtext_has(t, to - 1, "的") || is_blank(t->at[to - 1].cp)))
		to--;
	return to;
}

void parser_remark(struct parser *p, uint32_t from, uint32_t to)
{
	struct item *it = p->open ? &p->cur : p->s->items_len ? &p->s->items[p->s->items_len - 1] : NULL;

	while (to > from && is_blank(p->r->t.at[to - 1].cp))
		to--;
	if (it == NULL || from >= to)
		return;
	if (it->op != OP_CANCEL)
		(void)name_other(p->r, &it->name, word_from(&p->r->t, from, to), word_to(&p->r->t, from, to));
	item_grow(it, from, to);
	if (it->remark_to == it->remark_from) {
		it->remark_from = from;
		it->remark_to = to;
	} else if (from >= it->remark_to && from - it->remark_to <= 2) {
		it->remark_to = to;
	} else {
		it->remark2_from = from;
		it->remark2_to = to;
	}
}
