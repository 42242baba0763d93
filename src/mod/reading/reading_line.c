/* The grammar of order messages. A line is a name and an amount in either order, with a price and a remark; words before
 * or between them say what is to be done with it. What fits nothing is kept as unclear. */
#include "mod/reading/reading_line.h"

/* ---- separators ---- */

static bool amount_alone(const struct parser *p, size_t k)
{
	k = parser_over_both(p, k);
	return tok_is_count(&p->toks[k]) && tok_is_sep(&p->toks[parser_over_both(p, k + 1)], SEP_LINE);
}

static size_t on_sep(struct parser *p, size_t k)
{
	const struct tok *t = &p->toks[k];

	p->gap = t->strength > p->gap ? t->strength : p->gap;
	if (t->strength == SEP_BLANK)
		return k + 1;
	if (t->colon && p->each_forward)
		p->each_lines = tok_is_sep(&p->toks[parser_over_blanks(p, k + 1)], SEP_LINE);
	if (t->question && p->open && p->cur.counted && p->gap == t->strength)
		p->cur.doubts |= DOUBT_ASK;
	if (p->pre_pending && !(t->colon && p->each_forward))
		parser_pre_drop(p);
	p->each_wanted = false;
	if (t->strength >= SEP_SENTENCE || (t->colon && p->open && !p->cur.counted && p->cur.name.unknown)) {
		/* 土豆 / 2件 in two lines */
		if (!(t->strength == SEP_LINE && p->open && !p->cur.counted && amount_alone(p, k + 1)))
			parser_item_close(p);
		if (t->strength == SEP_SENTENCE || (t->strength == SEP_LINE && !p->each_lines))
			p->each_forward = false;
		p->next_op_said = p->next_op_said && t->strength < SEP_LINE;
		p->next_op = p->next_op_said ? p->next_op : OP_ORDER;
		p->next_doubts = 0;
	}
	return parser_clause_start(p, k + 1);
}

/* ---- the walk ---- */

static size_t step(struct parser *p, size_t k)
{
	const struct tok *t = &p->toks[k];

	switch (t->kind) {
	case TOK_SEP: return on_sep(p, k);
	case TOK_GOODS:
	case TOK_UNKNOWN:
	case TOK_FOOD:
	case TOK_LETTERS:
	case TOK_EMOJI: return parser_on_name(p, k);
	case TOK_AMOUNT:
	case TOK_NUMBER: return parser_is_money(p, k) ? parser_on_quote(p, k) : parser_on_amount(p, k);
	case TOK_QUOTE: return parser_on_quote(p, k);
	case TOK_WHEN: return parser_on_when(p, k);
	case TOK_WORD: return parser_on_word(p, k);
	case TOK_OPEN: return parser_on_open(p, k);
	case TOK_SKIP:
	case TOK_PERSON:
	case TOK_CLOSE:
	default: return k + 1;
	}
}

static const struct bounds *bounds_of(struct reader *r)
{
	size_t len = r->toks_len, sentence = 0, end = len;
	struct bounds *all = ARENA_ARRAY(r->a, len + 1, struct bounds);

	for (size_t k = 0; k <= len; k++) {
		all[k].sentence = sentence;
		sentence = tok_is_sep(&r->toks[k], SEP_SENTENCE) ? k + 1 : sentence;
	}
	for (size_t k = len + 1; k-- > 0;) {
		end = tok_is_sep(&r->toks[k], SEP_COMMA) ? k : end;
		all[k].clause_end = end;
	}
	return all;
}

void reader_lines(struct reader *r, struct said *s, const char *customer)
{
	struct parser p = { .r = r,
		.s = s,
		.customer = customer,
		.toks = r->toks,
		.len = r->toks_len,
		.bounds = bounds_of(r),
		.bare_from = s->items_len };
	size_t k = parser_clause_start(&p, 0);

	while (k < p.len) {
		size_t next = step(&p, k);

		k = next > k ? next : k + 1;
	}
	parser_pre_drop(&p);
	parser_item_close(&p);
	if (p.each_from < p.each_to)
		parser_unclear(&p, p.each_from, p.each_to);
}
