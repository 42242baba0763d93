/* Names of goods in a message: a run of words, which of several is meant, what stands before it. */
#include "mod/reading/reading_line.h"

#define RUN_TOKENS_MAX 32

/* A run of name tokens with nothing between; Latin words may have a blank between them. */
size_t parser_run_end(const struct parser *p, size_t k)
{
	size_t end = k;

	while (tok_is_name(&p->toks[end])) {
		const struct tok *next = &p->toks[end + 1];
		bool latin = is_alnum(p->r->t.at[p->toks[end].to - 1].cp);

		end++;
		if (latin && next->kind == TOK_SEP && next->strength == SEP_BLANK && tok_is_name(&p->toks[end + 1]) &&
			is_alnum(p->r->t.at[p->toks[end + 1].from].cp) &&
			!is_digit(p->r->t.at[p->toks[end + 1].from].cp) && p->toks[end].to - p->toks[end].from == 1)
			end++;
	}
	return end;
}

static size_t run_tokens(const struct parser *p, size_t from, size_t to, struct tok *out)
{
	size_t n = 0;

	for (size_t k = from; k < to; k++)
		if (p->toks[k].kind != TOK_SEP)
			out[n++] = p->toks[k];
	return n;
}

/* 土豆 洋葱 各5件: names in a row, each for itself. */
static bool each_follows(const struct parser *p, size_t k)
{
	return parser_clause_has(p, k, W_EACH);
}

/* Somebody orders it: an amount before or behind. */
static bool is_ordered(const struct parser *p, size_t end)
{
	size_t k = parser_over_both(p, end);

	if (p->pre_pending || p->next_op_said || p->each_forward)
		return true;
	if (p->toks[k].kind == TOK_SEP && p->toks[k].strength == SEP_COMMA && !p->toks[k].colon)
		k = parser_over_both(p, k + 1);
	if (tok_is_count(&p->toks[k])) {
		/* ... unless the amount belongs to what follows it */
		size_t next = parser_over_fillers(p, k + 1);

		return !(p->toks[next].kind == TOK_GOODS && k > end + tok_is_word(&p->toks[end], W_MERCY));
	}
	return tok_is_word(&p->toks[k], W_EACH) || tok_is_word(&p->toks[k], W_DITTO) || p->toks[k].kind == TOK_QUOTE ||
	       tok_is_word(&p->toks[k], W_CANCEL) || tok_is_word(&p->toks[k], W_ADD) ||
	       tok_is_word(&p->toks[k], W_REDUCE) || tok_is_word(&p->toks[k], W_SET);
}

/* A short word alone between separators may be goods we do not have; long ones are talk. */
static bool is_alone(const struct parser *p, size_t from, size_t to)
{
	const struct tok *before = from > 0 ? &p->toks[from - 1] : NULL;
	uint32_t len = p->toks[to - 1].to - p->toks[from].from;

	return len >= 2 && len <= 6 && (!before || tok_is_sep(before, SEP_BLANK)) &&
	       tok_is_sep(&p->toks[to], SEP_BLANK);
}

/* 豆芽黄豆的5斤绿豆的3斤: behind a name that several goods have, the next may only say which. */
static bool says_which(const struct parser *p, size_t end)
{
	return p->open && p->gap == 0 && (p->cur.name.unknown || p->cur.name.wares_len > 1) &&
	       tok_is_word(&p->toks[end], W_MERCY);
}

static void next_name(struct parser *p, const struct name *n, bool joined)
{
	if (p->open && !p->cur.counted && joined && p->cur.op != OP_CANCEL) {
		/* Two names run into each other: perhaps it is a third that we do not have. */
		p->cur.doubts |= DOUBT_NAME;
		p->next_doubts |= DOUBT_NAME;
	}
	parser_item_close(p);
	parser_item_open(p, n);
}

static size_t on_names_each(struct parser *p, size_t k, size_t end)
{
	for (; k < end; k++) {
		struct name n;

		if (p->toks[k].kind != TOK_GOODS)
			continue;
		n = name_of(p->r, &p->toks[k], 1);
		next_name(p, &n, false);
	}
	return end;
}

static bool all_goods(const struct parser *p, size_t k, size_t end)
{
	for (; k < end; k++)
		if (p->toks[k].kind != TOK_GOODS)
			return false;
	return true;
}

/* 香蕉3箱 国产的; 鸡腿4件 琵琶腿; 豆芽5斤, 绿豆的: said behind the amount which of several is meant. */
static size_t told_which(struct parser *p, size_t k, size_t end)
{
	struct item *it = &p->cur;
	struct name n = it->name;
	bool tail = tok_is_word(&p->toks[end], W_MERCY);

	if (p->open && n.wares_len == 1 && tail && p->gap < SEP_SENTENCE &&
		!tok_is_count(&p->toks[parser_over_both(p, end)]) &&
		name_other(p->r, &it->name, p->toks[k].from, p->toks[end - 1].to)) {
		item_grow(it, p->toks[k].from, p->toks[end - 1].to);
		return end + 1;
	}
	if (!p->open || !it->counted || n.wares_len < 2 || p->pre_pending || p->gap >= SEP_SENTENCE ||
		(p->gap >= SEP_COMMA && !tail) || tok_is_count(&p->toks[parser_over_both(p, end)]) ||
		p->toks[end - 1].to - p->toks[k].from < 2)
		return 0;
	if (!(end - k == 1 && p->toks[k].kind == TOK_GOODS && name_meet(p->r, &n, &p->toks[k])) &&
		!name_narrow(p->r, &n, p->toks[k].from, p->toks[end - 1].to))
		return 0;
	n.doubts &= n.wares_len == 1 ? ~(unsigned)DOUBT_SHARED : ~0U;
	it->name = n;
	item_grow(it, p->toks[k].from, p->toks[end - 1].to);
	return tail ? end + 1 : end;
}

/* 黄皮的洋葱, 小的土豆: a word before the name may make it another's, or is not understood. */
static void word_before(struct parser *p, size_t k, struct name *n)
{
	size_t last = k, first;
	uint32_t from, to;

	if (k == 0 || n->unknown)
		return;
	if (tok_is_word(&p->toks[k - 1], W_REMARK)) {
		first = last = k - 1;
	} else if (k > 1 && tok_is_word(&p->toks[k - 1], W_MERCY) && rtext_has(&p->r->t, p->toks[k - 1].from, "的")) {
		last = k - 2;
		first = last;
		while (first > 0 && tok_is_name(&p->toks[first]) && tok_is_name(&p->toks[first - 1]))
			first--;
		if (!tok_is_name(&p->toks[first]))
			return;
	} else {
		return;
	}
	from = p->toks[first].from;
	to = word_to(&p->r->t, from, p->toks[last].to);
	if (name_other(p->r, n, from, to) || p->toks[last].kind == TOK_WORD || to - from > 6)
		return;
	if (!name_narrow(p->r, n, from, to) && !rtext_has(&p->r->t, to - 1, "用"))
		n->doubts |= DOUBT_NAME;
	else if (n->wares_len == 1 && to - from >= 2)
		n->doubts &= ~(unsigned)DOUBT_SHARED;
}

size_t parser_on_name(struct parser *p, size_t k)
{
	size_t end = parser_run_end(p, k), n = told_which(p, k, end);
	struct tok *run = ARENA_ARRAY(p->r->a, end - k, struct tok);
	struct name name;
	bool joined = p->open && p->gap == 0 && p->glued;

	if (n > 0)
		return n;
	if (end - k > 1 && all_goods(p, k, end) && (each_follows(p, end) || !is_ordered(p, end))) {
		name = name_of(p->r, &p->toks[k], end - k);
		if (name.unknown)
			return on_names_each(p, k, end);
	}
	n = run_tokens(p, k, end, run);
	if (n > RUN_TOKENS_MAX) { /* talk */
		parser_pre_drop(p);
		return end;
	}
	name = name_of(p->r, run, n);
	if (name.unknown && !is_ordered(p, end)) {
		/* Talk; it does not belong to the item before, but what comes is not glued to it either. */
		if (!is_alone(p, k, end) || p->s->items_len == 0 || p->r->mail) {
			p->glued = false;
			if (name.wares_len == 0 || !is_alone(p, k, end))
				return end;
		}
	}
	if (p->open && p->cur.counted && p->cur.name.unknown && name.unknown && p->gap == 0 && !p->pre_pending)
		return end; /* prose goes on */
	if (says_which(p, end))
		p->next_doubts |= DOUBT_UNCLEAR;
	word_before(p, k, &name);
	next_name(p, &name, joined);
	return end;
}
