/* The grammar of order messages. A line is a name and an amount in either order, with a price and a remark; words before
 * or between them say what is to be done with it. What fits nothing is kept as unclear. */
#include "mod/reading/reading_int.h"

#include <string.h>

#define RUN_TOKENS_MAX 32

enum strength { SEP_BLANK = 1, SEP_COMMA, SEP_SENTENCE, SEP_LINE, SEP_END };

/* Where the sentence of a token begins and its clause ends. */
struct bounds {
	size_t sentence, clause_end;
};
/* What a sentence says of calls and deliveries, as far as it was looked at. */
struct calling {
	size_t sentence;
	bool known, brings, amount;
	bool calls;
	uint32_t to, last_call;
};

struct parser {
	struct reader *r;
	struct said *s;
	const char *customer;
	const struct tok *toks;
	size_t len;
	const struct bounds *bounds; /* of each token */
	struct calling calling;
	struct item cur;
	bool open;         /* cur is being read */
	int gap;           /* the strongest separator since the last token of cur */
	struct amount pre; /* an amount before its name */
	uint32_t pre_from, pre_to;
	bool pre_pending, pre_numbering;
	struct quote pre_quote;
	bool pre_quoted;
	enum op next_op;
	bool next_op_said;
	unsigned next_doubts;
	size_t bare_from;  /* items from here on wait for 各 */
	bool each_wanted;  /* 各 was read, its amount is to come */
	bool each_forward; /* 各2件: the names follow */
	bool each_lines;   /* … in the lines below */
	struct amount each;
	struct amount last; /* for 同上 */
	bool last_known;
	struct name asked; /* 藜蒿多少钱? 先留10斤 */
	bool asked_known;
	bool glued; /* nothing but fillers since cur's name */
	unsigned clause_doubts, past_doubts;
	uint32_t each_from, each_to; /* 各2件 that no names have followed yet */
};

/* ---- lists that grow ---- */

static void *more(struct arena *a, void *at, size_t len, size_t *cap, size_t size)
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
	s->items = more(r->a, s->items, s->items_len, &s->items_cap, sizeof(*s->items));
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
	*list = more(r->a, *list, *len, cap, sizeof(**list));
	(*list)[(*len)++] = (struct span){ from, to };
}

static void unclear(struct parser *p, uint32_t from, uint32_t to)
{
	said_span(p->r, &p->s->unclear, &p->s->unclear_len, &p->s->unclear_cap, from, to);
}

static void asked(struct parser *p, uint32_t from, uint32_t to)
{
	p->s->question = true;
	said_span(p->r, &p->s->asked, &p->s->asked_len, &p->s->asked_cap, from, to);
}

/* ---- looking ahead ---- */

static bool is_word(const struct tok *t, enum word w)
{
	return t->kind == TOK_WORD && t->word == w;
}

static bool is_name(const struct tok *t)
{
	return t->kind == TOK_GOODS || t->kind == TOK_UNKNOWN || t->kind == TOK_LETTERS || t->kind == TOK_EMOJI ||
	       t->kind == TOK_FOOD;
}

static bool is_count(const struct tok *t)
{
	return t->kind == TOK_AMOUNT || t->kind == TOK_NUMBER;
}

static bool is_sep(const struct tok *t, int strength)
{
	return t->kind == TOK_END || (t->kind == TOK_SEP && t->strength >= strength);
}

/* The end of the clause: the next comma or more. */
static size_t clause_end(const struct parser *p, size_t k)
{
	return p->bounds[k].clause_end;
}

static size_t over_fillers(const struct parser *p, size_t k)
{
	while (is_word(&p->toks[k], W_FILL) || is_word(&p->toks[k], W_MERCY))
		k++;
	return k;
}

static size_t over_blanks(const struct parser *p, size_t k)
{
	while (p->toks[k].kind == TOK_SEP && p->toks[k].strength == SEP_BLANK)
		k++;
	return k;
}

static size_t over_both(const struct parser *p, size_t k)
{
	size_t was;

	do {
		was = k;
		k = over_fillers(p, over_blanks(p, k));
	} while (k != was);
	return k;
}

static bool clause_has(const struct parser *p, size_t k, enum word w)
{
	for (size_t end = clause_end(p, k); k < end; k++)
		if (is_word(&p->toks[k], w))
			return true;
	return false;
}

static bool clause_has_kind(const struct parser *p, size_t k, enum tok_kind kind)
{
	for (size_t end = clause_end(p, k); k < end; k++)
		if (p->toks[k].kind == kind)
			return true;
	return false;
}

/* ---- items ---- */

static const struct ware *ware_of(const struct parser *p, const struct name *n)
{
	return n->wares_len ? &p->r->g->wares[n->wares[0]] : NULL;
}

static void item_grow(struct item *it, uint32_t from, uint32_t to)
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
		unclear(p, it->from, it->to);
	if (it->counted)
		p->last = it->amount;
	p->last_known = p->last_known || it->counted;
	said_item(p->r, p->s, it);
	/* A complete item ends the list that 各 reaches back over. */
	if (it->counted || it->op == OP_CANCEL)
		p->bare_from = p->s->items_len;
}

static void item_close(struct parser *p)
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

static void item_open(struct parser *p, const struct name *n)
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

static void pre_drop(struct parser *p)
{
	if (p->pre_pending && says_much(p)) {
		unclear(p, p->pre_from, p->pre_to);
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

static uint32_t word_to(const struct rtext *t, uint32_t from, uint32_t to)
{
	while (to > from && (rtext_has(t, to - 1, "的") || is_blank(t->at[to - 1].cp)))
		to--;
	return to;
}

static void remark(struct parser *p, uint32_t from, uint32_t to)
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

/* ---- names ---- */

/* A run of name tokens with nothing between; Latin words may have a blank between them. */
static size_t run_end(const struct parser *p, size_t k)
{
	size_t end = k;

	while (is_name(&p->toks[end])) {
		const struct tok *next = &p->toks[end + 1];
		bool latin = is_alnum(p->r->t.at[p->toks[end].to - 1].cp);

		end++;
		if (latin && next->kind == TOK_SEP && next->strength == SEP_BLANK && is_name(&p->toks[end + 1]) &&
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
	return clause_has(p, k, W_EACH);
}

/* Somebody orders it: an amount before or behind. */
static bool is_ordered(const struct parser *p, size_t end)
{
	size_t k = over_both(p, end);

	if (p->pre_pending || p->next_op_said || p->each_forward)
		return true;
	if (p->toks[k].kind == TOK_SEP && p->toks[k].strength == SEP_COMMA && !p->toks[k].colon)
		k = over_both(p, k + 1);
	if (is_count(&p->toks[k])) {
		/* ... unless the amount belongs to what follows it */
		size_t next = over_fillers(p, k + 1);

		return !(p->toks[next].kind == TOK_GOODS && k > end + is_word(&p->toks[end], W_MERCY));
	}
	return is_word(&p->toks[k], W_EACH) || is_word(&p->toks[k], W_DITTO) || p->toks[k].kind == TOK_QUOTE ||
	       is_word(&p->toks[k], W_CANCEL) || is_word(&p->toks[k], W_ADD) || is_word(&p->toks[k], W_REDUCE) ||
	       is_word(&p->toks[k], W_SET);
}

/* A short word alone between separators may be goods we do not have; long ones are talk. */
static bool is_alone(const struct parser *p, size_t from, size_t to)
{
	const struct tok *before = from > 0 ? &p->toks[from - 1] : NULL;
	uint32_t len = p->toks[to - 1].to - p->toks[from].from;

	return len >= 2 && len <= 6 && (!before || is_sep(before, SEP_BLANK)) && is_sep(&p->toks[to], SEP_BLANK);
}

/* 豆芽黄豆的5斤绿豆的3斤: behind a name that several goods have, the next may only say which. */
static bool says_which(const struct parser *p, size_t end)
{
	return p->open && p->gap == 0 && (p->cur.name.unknown || p->cur.name.wares_len > 1) &&
	       is_word(&p->toks[end], W_MERCY);
}

static void next_name(struct parser *p, const struct name *n, bool joined)
{
	if (p->open && !p->cur.counted && joined && p->cur.op != OP_CANCEL) {
		/* Two names run into each other: perhaps it is a third that we do not have. */
		p->cur.doubts |= DOUBT_NAME;
		p->next_doubts |= DOUBT_NAME;
	}
	item_close(p);
	item_open(p, n);
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
	bool tail = is_word(&p->toks[end], W_MERCY);

	if (p->open && n.wares_len == 1 && tail && p->gap < SEP_SENTENCE && !is_count(&p->toks[over_both(p, end)]) &&
		name_other(p->r, &it->name, p->toks[k].from, p->toks[end - 1].to)) {
		item_grow(it, p->toks[k].from, p->toks[end - 1].to);
		return end + 1;
	}
	if (!p->open || !it->counted || n.wares_len < 2 || p->pre_pending || p->gap >= SEP_SENTENCE ||
		(p->gap >= SEP_COMMA && !tail) || is_count(&p->toks[over_both(p, end)]) ||
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
	if (is_word(&p->toks[k - 1], W_REMARK)) {
		first = last = k - 1;
	} else if (k > 1 && is_word(&p->toks[k - 1], W_MERCY) && rtext_has(&p->r->t, p->toks[k - 1].from, "的")) {
		last = k - 2;
		first = last;
		while (first > 0 && is_name(&p->toks[first]) && is_name(&p->toks[first - 1]))
			first--;
		if (!is_name(&p->toks[first]))
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

static size_t on_name(struct parser *p, size_t k)
{
	size_t end = run_end(p, k), n = told_which(p, k, end);
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
		pre_drop(p);
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
static bool is_money(struct parser *p, size_t k)
{
	const struct tok *t = &p->toks[k], *next = &p->toks[over_fillers(p, k + 1)];

	if (t->kind != TOK_AMOUNT || !t->amount.money)
		return false;
	if (p->open && !p->cur.counted)
		return !has_unit(p, &p->cur.name, &t->amount);
	/* 三块千张: nobody knows whether that is money, so it is no price of what stands before. */
	return next->kind != TOK_GOODS;
}

static void apply_each(struct parser *p, const struct tok *t)
{
	item_close(p);
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
			unclear(p, it->from, it->to);
	}
	p->last = t->amount;
	p->last_known = true;
	p->bare_from = p->s->items_len;
}

/* The first amount was the size of one of the second: 珍珠米 25公斤 30袋. */
static bool was_spec(struct parser *p, const struct tok *t)
{
	const struct ware *w = ware_of(p, &p->cur.name);
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
static bool is_same(struct parser *p, const struct item *it, const struct amount *other)
{
	const struct ware *w = ware_of(p, &it->name);
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

static void set_amount(struct parser *p, const struct tok *t)
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
	const struct tok *t = &p->toks[k], *next = &p->toks[over_blanks(p, k + 1)];
	struct item *it = &p->cur;

	if (next->kind == TOK_WORD && next->word == W_MERCY)
		next = &p->toks[over_both(p, k + 1)];
	if (next->kind != TOK_AMOUNT || next->from == t->from || is_money(p, (size_t)(next - p->toks)))
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

	pre_drop(p);
	p->pre = t->amount;
	p->pre_from = t->from;
	p->pre_to = t->to;
	p->pre_pending = true;
	p->pre_numbering = t->kind == TOK_NUMBER && (k == 0 || is_sep(&p->toks[k - 1], SEP_LINE));
}

static bool name_follows(const struct parser *p, size_t k)
{
	const struct tok *t = &p->toks[over_fillers(p, k + 1)];

	return t->kind == TOK_GOODS || t->kind == TOK_FOOD || t->kind == TOK_EMOJI || t->kind == TOK_LETTERS ||
	       t->kind == TOK_UNKNOWN;
}

static bool goods_follow(const struct parser *p, size_t k)
{
	const struct tok *t = &p->toks[over_fillers(p, k + 1)];

	return t->kind == TOK_GOODS || t->kind == TOK_FOOD;
}

/* The size behind the amount: 花生油1桶 5L, 水5箱 550的. */
static bool says_size(struct parser *p, size_t k)
{
	const struct tok *t = &p->toks[k];
	struct item *it = &p->cur;
	struct ratio ratio;

	if (it->name.wares_len == 0 || p->gap >= SEP_COMMA ||
		(t->kind == TOK_NUMBER && !is_word(&p->toks[k + 1], W_MERCY)) ||
		(t->kind == TOK_AMOUNT &&
			ware_unit_at(p->r, ware_of(p, &it->name), t->amount.unit_from, t->amount.unit_to, &ratio)) ||
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

	if (name_follows(p, k) || (it->amount_first && p->toks[over_both(p, k + 1)].kind == TOK_GOODS) ||
		(p->gap >= SEP_COMMA && name_follows(p, over_blanks(p, k + 1) - 1))) {
		item_close(p);
		hold_amount(p, k);
	} else if (t->kind == TOK_AMOUNT && p->gap < SEP_COMMA && was_spec(p, t)) {
		set_amount(p, t);
	} else if (is_same(p, it, &t->amount) || says_size(p, k)) {
		item_grow(it, t->from, t->to);
	} else if (it->op == OP_SET && it->had) {
		set_amount(p, t);
	} else {
		it->doubts |= DOUBT_UNCLEAR;
		if (p->gap >= SEP_COMMA)
			unclear(p, t->from, t->to);
		else
			item_grow(it, t->from, t->to);
	}
}

static size_t on_amount(struct parser *p, size_t k)
{
	const struct tok *t = &p->toks[k];

	if (p->each_wanted && t->kind == TOK_AMOUNT) {
		apply_each(p, t);
		return k + 1;
	}
	if (p->open && !p->cur.counted && !(p->gap >= SEP_COMMA && goods_follow(p, k) && p->cur.op != OP_SET)) {
		if (!spec_before(p, k)) {
			set_amount(p, t);
			if (p->gap >= SEP_LINE && p->cur.op != OP_SET && name_follows(p, k))
				p->cur.doubts |= DOUBT_UNCLEAR;
		}
		p->glued = p->gap == 0;
		p->gap = 0;
		return k + 1;
	}
	if (p->open && p->cur.numbering && p->gap < SEP_COMMA && !goods_follow(p, k)) {
		p->cur.numbering = false; /* 1 土豆 20 */
		set_amount(p, t);
		return k + 1;
	}
	if (p->open && p->cur.counted && !p->next_op_said) {
		second_amount(p, k);
		return k + 1;
	}
	item_close(p);
	if (!name_follows(p, k) && p->asked_known && !p->pre_pending) {
		item_open(p, &p->asked);
		p->cur.from = t->from;
		p->cur.to = t->to;
		p->asked_known = false;
		set_amount(p, t);
		return k + 1;
	}
	/* 陆 is a surname, 一 the begin of many words. */
	if (t->kind == TOK_NUMBER && !t->amount.n.ascii && !goods_follow(p, k))
		return k + 1;
	hold_amount(p, k);
	return k + 1;
}

/* ---- prices ---- */

/* The question ends where something is ordered. */
static size_t question_end(const struct parser *p, size_t k)
{
	size_t end = clause_end(p, k);

	for (k++; k < end; k++)
		if (p->toks[k].kind == TOK_GOODS || is_count(&p->toks[k]))
			return k;
	return end;
}

static size_t on_quote(struct parser *p, size_t k)
{
	const struct tok *t = &p->toks[k];
	struct quote q = t->quote;
	size_t end = over_both(p, k + 1);

	if (t->kind == TOK_AMOUNT)
		q = (struct quote){ .price = { t->amount.n.milli * 10 }, .bare = true };
	if (p->open) {
		p->cur.quote = q;
		p->cur.quoted = true;
		item_grow(&p->cur, t->from, t->to);
		/* 85一件行不行: that is haggling */
		if (is_word(&p->toks[end], W_OK) || is_word(&p->toks[end], W_ASK)) {
			p->cur.doubts |= DOUBT_HAGGLE;
			end = question_end(p, end);
			asked(p, t->from, p->toks[end].from);
			return end;
		}
	} else if (goods_follow(p, k)) {
		p->pre_quote = q;
		p->pre_quoted = true;
	}
	return k + 1;
}

/* ---- remarks ---- */

/* From here to the end of the clause nothing is ordered. */
static bool rest_is_remark(const struct parser *p, size_t k)
{
	for (size_t end = clause_end(p, k); k < end; k++)
		if ((p->toks[k].kind == TOK_GOODS && is_count(&p->toks[over_both(p, k + 1)])) ||
			(is_count(&p->toks[k]) && goods_follow(p, k)))
			return false;
	return true;
}

static size_t take_remark(struct parser *p, size_t from, size_t k)
{
	size_t end = clause_end(p, k);

	remark(p, p->toks[from].from, p->toks[end].from);
	return end;
}

/* 要粉壳的, 要500的, 要大的: which one, or how it shall be. Returns the end, 0 if there is no such phrase. */
static size_t wanted(struct parser *p, size_t k)
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
	while (is_name(&p->toks[end]) || p->toks[end].kind == TOK_NUMBER || is_word(&p->toks[end], W_REMARK))
		end++;
	tail = is_word(&p->toks[end], W_MERCY) || (end > first && is_word(&p->toks[end - 1], W_REMARK));
	if (end == first || !tail ||
		(p->toks[first].kind == TOK_GOODS && is_count(&p->toks[over_both(p, end)]) && it->counted))
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
		remark(p, p->toks[k].from, p->toks[end - 1].to + (is_word(&p->toks[end], W_MERCY) ? 1 : 0));
	}
	return is_word(&p->toks[end], W_MERCY) ? end + 1 : end;
}

/* ---- brackets ---- */

static size_t close_of(const struct parser *p, size_t k)
{
	for (; !is_sep(&p->toks[k], SEP_LINE); k++)
		if (p->toks[k].kind == TOK_CLOSE)
			return k;
	return 0;
}

static size_t on_open(struct parser *p, size_t k)
{
	size_t end = close_of(p, k), first = over_both(p, k + 1);
	struct item *it = &p->cur;
	const struct tok *t = &p->toks[first];
	bool alone;

	if (end == 0 || !p->open || end == k + 1)
		return k + 1;
	alone = over_both(p, first + 1) == end;
	item_grow(it, p->toks[k].from, p->toks[end].to);
	if (is_word(t, W_WAS) && is_count(&p->toks[over_both(p, first + 1)])) {
		it->was = p->toks[over_both(p, first + 1)].amount;
		it->had = true;
	} else if (t->kind == TOK_QUOTE && alone) {
		on_quote(p, first);
	} else if (name_narrow(p->r, &it->name, p->toks[k + 1].from, p->toks[end].from)) {
		if (it->name.wares_len == 1)
			it->name.doubts &= ~(unsigned)DOUBT_SHARED;
	} else if (is_count(t) && alone && !it->counted) {
		set_amount(p, t);
	} else if (is_count(t) && alone && is_same(p, it, &t->amount)) {
		it->to = p->toks[end].to;
	} else {
		it->doubts |= is_count(t) && alone ? DOUBT_UNCLEAR : 0;
		it->doubts |= clause_has(p, k, W_IF) ? DOUBT_IF : 0;
		remark(p, p->toks[k + 1].from, p->toks[end].from);
	}
	return end + 1;
}

/* ---- what is to be done ---- */

static size_t over_few(const struct parser *p, size_t k)
{
	while (is_word(&p->toks[k], W_FEW))
		k = over_both(p, k + 1);
	return k;
}

static size_t on_change(struct parser *p, size_t k, enum op op)
{
	size_t next = over_both(p, k + 1);

	if (p->open && !p->cur.counted && p->gap < SEP_COMMA && !p->cur.op_said) {
		p->cur.op = op; /* 牛奶加4箱 */
		p->cur.op_said = true;
		item_grow(&p->cur, p->toks[k].from, p->toks[k].to);
		return k + 1;
	}
	if (!is_count(&p->toks[next]) && !is_name(&p->toks[next]) && !is_word(&p->toks[next], W_EACH) && p->open)
		p->s->orphan_op = true; /* 少一点 */
	if (!p->open && is_sep(&p->toks[over_few(p, next)], SEP_COMMA) && !p->s->items_len) {
		p->s->orphan_op = true;
		p->s->orphan = op;
		unclear(p, p->toks[k].from, p->toks[clause_end(p, k)].from);
	}
	item_close(p);
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
	item_close(p);
	p->next_doubts |= DOUBT_UNCLEAR;
	return k + 1;
}

static size_t on_set(struct parser *p, size_t k)
{
	struct item *it = &p->cur;

	if (p->toks[over_both(p, k + 1)].kind == TOK_GOODS)
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

	return t->kind == TOK_UNKNOWN || t->kind == TOK_LETTERS || is_word(t, W_REMARK) || is_word(t, W_WANT) ||
	       is_word(t, W_COMPLAINT);
}

/* The whole order is taken back. */
static void cancel_without_name(struct parser *p, size_t k)
{
	size_t end = clause_end(p, k);

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

	while (remark_follows(p, end) || is_word(&p->toks[end], W_MERCY))
		end++;
	remark(p, p->toks[k].from, p->toks[end].from);
	return end;
}

/* 香菜不要了; 香菜葱都不要 takes back all that stand before it. */
static size_t cancel_name(struct parser *p, size_t k)
{
	struct item *it = &p->cur;
	size_t next = over_both(p, k + 1);

	if (is_count(&p->toks[next]) && !goods_follow(p, next))
		return not_so_many(p, k, next);
	if (remark_follows(p, k + 1))
		return remark_before_amount(p, k);
	it->op = OP_CANCEL;
	it->op_said = true;
	item_grow(it, p->toks[k].from, p->toks[k].to);
	if (p->s->items_len > p->bare_from && is_word(&p->toks[k - 1], W_FILL))
		for (size_t i = p->bare_from; i < p->s->items_len; i++)
			p->s->items[i].op = OP_CANCEL;
	item_close(p);
	return k + 1;
}

/* 土豆2件，不要蓝月亮: how the goods shall be, or others that are not wanted? */
static bool may_be_goods(const struct parser *p, size_t k)
{
	size_t end = run_end(p, k + 1);

	return p->gap >= SEP_COMMA && end > k + 1 && end == clause_end(p, k) &&
	       p->toks[end - 1].to - p->toks[k + 1].from >= 2;
}

/* 土豆2件，不要蓝月亮了: that is said of what was wanted before. */
static bool is_taken_back(const struct parser *p, size_t k)
{
	size_t end = run_end(p, k + 1);

	return p->gap >= SEP_COMMA && end > k + 1 && is_word(&p->toks[end], W_MERCY) &&
	       rtext_has(&p->r->t, p->toks[end].from, "了") && end + 1 == clause_end(p, k);
}

static size_t on_cancel(struct parser *p, size_t k)
{
	struct item *it = &p->cur;

	if (p->open && !it->counted && p->gap < SEP_COMMA)
		return cancel_name(p, k);
	if (p->open && remark_follows(p, k + 1) && rest_is_remark(p, k) && !is_taken_back(p, k)) {
		if (may_be_goods(p, k))
			unclear(p, p->toks[k].from, p->toks[clause_end(p, k)].from);
		return take_remark(p, k, k);
	}
	if (goods_follow(p, k) || ((!p->open || p->gap >= SEP_COMMA) && is_name(&p->toks[over_both(p, k + 1)]))) {
		item_close(p);
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

/* ---- other words ---- */

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
	size_t next = over_both(p, k + 1);

	if (p->toks[next].kind != TOK_AMOUNT && p->toks[next].kind != TOK_NUMBER)
		return k + 1;
	if (p->toks[next].kind == TOK_NUMBER) {
		struct tok t = p->toks[next];

		apply_each(p, &t);
		return next + 1;
	}
	p->each_wanted = true;
	return next;
}

static size_t on_total(struct parser *p, size_t k)
{
	size_t end = clause_end(p, k);

	if (clause_has_kind(p, k, TOK_GOODS))
		return k + 1;
	item_close(p);
	return end;
}

static size_t on_was(struct parser *p, size_t k)
{
	size_t next = over_both(p, k + 1);

	if (!p->open || !is_count(&p->toks[next]))
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
	if (p->open && p->gap >= SEP_COMMA && clause_has_kind(p, k, TOK_GOODS))
		item_close(p); /* 要是洋葱便宜就来3袋 is about the onions */
	if (p->open) {
		p->cur.doubts |= DOUBT_IF;
		remark(p, p->toks[k].from, p->toks[k].to);
		if (p->gap >= SEP_COMMA)
			return clause_end(p, k);
	} else {
		p->next_doubts |= DOUBT_IF;
		p->clause_doubts |= DOUBT_IF;
	}
	return k + 1;
}

static size_t on_ask(struct parser *p, size_t k)
{
	size_t end = question_end(p, k);

	p->s->question = true;
	if (!p->open) {
		p->next_doubts |= DOUBT_ASK; /* 能不能送2件土豆 */
		return k + 1;
	}
	/* The goods are ordered and their price is asked; whether there are any is another question. */
	if (p->cur.quoted && is_word(&p->toks[k], W_OK)) {
		p->cur.doubts |= DOUBT_HAGGLE;
	} else if (p->gap == 0 && p->cur.counted) {
		p->cur.doubts |= DOUBT_ASK;
	}
	asked(p, p->toks[k].from, p->toks[end].from);
	return end;
}

static size_t on_wrong(struct parser *p, size_t k)
{
	struct day_said *day = p->s->days_len ? &p->s->days[p->s->days_len - 1] : NULL;

	if (day && day->items == p->s->items_len && !p->open) {
		day->negated = true; /* 周五送, 不对, 周六送 */
	} else if (p->open) {
		p->cur.doubts |= DOUBT_UNCLEAR;
		unclear(p, p->cur.from, p->toks[clause_end(p, k)].from);
	} else if (p->s->items_len > 0) {
		p->s->items[p->s->items_len - 1].doubts |= DOUBT_UNCLEAR;
	}
	return k + 1;
}

static size_t on_unsure(struct parser *p, size_t k)
{
	if (p->open)
		p->cur.doubts |= DOUBT_UNCLEAR;
	if (!is_sep(&p->toks[over_both(p, k + 1)], SEP_COMMA))
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
	item_close(p);
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
		remark(p, p->toks[k].from, p->toks[k].to);
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
	const struct tok *next = &p->toks[over_both(p, k + 1)];

	return (k > 0 && p->toks[k - 1].kind == TOK_WHEN) || next->kind == TOK_WHEN || next->kind == TOK_SKIP;
}

/* 大概, 可能, 左右 where no amount is right beside it: what is open, the row that waits for its 各, and what the clause
 * names yet. */
static size_t on_about(struct parser *p, size_t k)
{
	bool more = false;

	for (size_t i = k + 1, end = clause_end(p, k); i < end; i++)
		more = more || p->toks[i].kind == TOK_GOODS;
	if (about_when(p, k) && !rtext_has(&p->r->t, p->toks[k].from, "可能"))
		return k + 1;
	if (clause_has(p, k, W_EACH))
		for (size_t i = p->bare_from; i < p->s->items_len; i++)
			p->s->items[i].doubts |= DOUBT_ABOUT;
	if (p->open && (!p->cur.counted || !more || p->gap < SEP_COMMA))
		p->cur.doubts |= DOUBT_ABOUT;
	else if (!p->open && !more && !p->pre_pending && p->s->items_len > 0)
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
	if (is_word(t, W_REMARK) && p->open && p->cur.name.wares_len > 1 && t->to - t->from >= 2) {
		struct name n = p->cur.name;

		if (name_narrow(p->r, &n, t->from, t->to) && n.wares_len == 1) {
			n.doubts &= ~(unsigned)DOUBT_SHARED; /* 五花肉 带皮 30斤 */
			p->cur.name = n;
			item_grow(&p->cur, t->from, t->to);
			return k + 1;
		}
	}
	if (is_word(t, W_REMARK)) {
		if (p->open || p->gap < SEP_SENTENCE)
			remark(p, t->from, t->to + (is_word(&p->toks[k + 1], W_MERCY) ? 1 : 0));
		return k + 1;
	}
	if (p->open && !p->cur.counted) { /* 土豆要小的2件 */
		size_t end = k + 1;

		while (!is_sep(&p->toks[end], SEP_COMMA) && !is_count(&p->toks[end]))
			end++;
		if (is_count(&p->toks[end])) {
			remark(p, t->from, p->toks[end].from);
			return end;
		}
	}
	return rest_is_remark(p, k) ? take_remark(p, k, k) : k + 1;
}

/* 按昨天的价: a remark; no price is known from it. */
static size_t on_price_word(struct parser *p, size_t k)
{
	remark(p, p->toks[k].from, p->toks[k].to);
	return k + 1;
}

static size_t on_fill(struct parser *p, size_t k)
{
	size_t end;

	if (p->open && !p->cur.counted && rtext_has(&p->r->t, p->toks[k].from, "还有") &&
		is_count(&p->toks[over_both(p, k + 1)]))
		p->cur.doubts |= DOUBT_UNCLEAR; /* 洋葱还有3袋: are there, or are wanted? */
	if (p->open && rtext_has(&p->r->t, p->toks[k].from, "要") && p->toks[k].to - p->toks[k].from == 1) {
		end = wanted(p, k);
		if (end > 0)
			return end;
	}
	return k + 1;
}

static size_t on_word(struct parser *p, size_t k)
{
	switch (p->toks[k].word) {
	case W_FILL: return on_fill(p, k);
	case W_AND: p->glued = false; return k + 1;
	case W_ADD: return on_change(p, k, OP_ADD);
	case W_REDUCE: return on_change(p, k, OP_REDUCE);
	case W_CANCEL: return on_cancel(p, k);
	case W_SET: return on_set(p, k);
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
		unclear(p, p->toks[k].from, p->toks[k].to);
		return k + 1;
	case W_ORDER: p->s->order_word = true; return k + 1;
	case W_POLITE: p->s->polite = true; return k + 1;
	default: return k + 1;
	}
}

/* ---- days ---- */

static bool in_subject(const struct rtext *t, uint32_t i)
{
	while (i > 0 && t->at[i - 1].cp != '\n')
		i--;
	return rtext_has(t, i, "主题:") || rtext_has(t, i, "subject:");
}

static bool has_any(const struct rtext *t, uint32_t i, const char *const *words, size_t len)
{
	for (size_t w = 0; w < len; w++)
		if (rtext_has(t, i, words[w]))
			return true;
	return false;
}

/* Each character is looked at once, however many days the sentence has. */
static void listen_for_calls(struct parser *p, size_t sentence, uint32_t to)
{
	static const char *const calls[] = { "来电", "通知", "回复", "告知", "联系", "回电", "确认", "反馈", "call",
		"confirm", "reply" };
	static const char *const brings[] = { "送", "到货", "要", "配", "deliver" };
	struct calling *c = &p->calling;

	if (!c->known || c->sentence != sentence)
		*c = (struct calling){ .sentence = sentence,
			.known = true,
			.to = p->toks[sentence].from,
			.amount = clause_has_kind(p, sentence, TOK_AMOUNT) };
	for (; c->to < to; c->to++) {
		c->brings = c->brings || has_any(&p->r->t, c->to, brings, ARRAY_LEN(brings));
		if (has_any(&p->r->t, c->to, calls, ARRAY_LEN(calls))) {
			c->calls = true;
			c->last_call = c->to;
		}
	}
}

/* 有缺货请在今晚8点前来电: when to call, not when to deliver. */
static bool is_for_calling(struct parser *p, size_t k)
{
	const struct calling *c = &p->calling;

	listen_for_calls(p, p->bounds[k].sentence, p->toks[clause_end(p, k)].from);
	return c->calls && c->last_call >= p->toks[k].to && !c->brings && !c->amount;
}

static size_t on_when(struct parser *p, size_t k)
{
	const struct tok *t = &p->toks[k];
	struct said *s = p->s;

	if (p->open && p->cur.counted)
		p->gap = p->gap ? p->gap : SEP_BLANK;
	if (t->when.past) {
		if (p->open && !p->cur.counted)
			p->cur.doubts |= p->past_doubts;
		p->clause_doubts |= p->past_doubts; /* 上次那种粉丝来5袋 */
	}
	if (t->when.vague && (rtext_has(&p->r->t, t->from, "每") || rtext_has(&p->r->t, t->from, "天天")))
		p->clause_doubts |= DOUBT_UNCLEAR; /* 每天土豆2件 */
	if (!date_is(t->when.day) || t->when.past || t->when.vague || is_for_calling(p, k))
		return k + 1;
	s->days = more(p->r->a, s->days, s->days_len, &s->days_cap, sizeof(*s->days));
	s->days[s->days_len++] = (struct day_said){ .day = t->when.day,
		.from = t->from,
		.to = t->to,
		.items = s->items_len + (p->open && p->cur.counted),
		.negated =
			is_word(&p->toks[over_both(p, k + 1)], W_CANCEL) || (k > 0 && is_word(&p->toks[k - 1], W_WAS)),
		.moved = k > 0 && is_word(&p->toks[k - 1], W_SET),
		.weak = in_subject(&p->r->t, t->from) };
	if (s->days[s->days_len - 1].moved && !p->open) {
		p->next_op = OP_ORDER; /* it was the day that was changed */
		p->next_op_said = false;
	}
	if (s->days[s->days_len - 1].moved && p->open && p->cur.op == OP_SET)
		p->cur.op = OP_ORDER;
	return k + 1;
}

/* ---- clauses that are no orders ---- */

/* 不要发芽的 is how the goods shall be, not how they were. */
static bool complains(const struct parser *p, size_t k)
{
	for (size_t i = k, end = clause_end(p, k); i < end; i++)
		if (is_word(&p->toks[i], W_COMPLAINT) &&
			!(i > k && (is_word(&p->toks[i - 1], W_CANCEL) || is_word(&p->toks[i - 1], W_WANT))))
			return true;
	return false;
}

/* Talk about what was: payments, complaints, what was wrong. */
static bool is_talk(struct parser *p, size_t k)
{
	bool past = false, change, days = false;

	for (size_t i = k, end = clause_end(p, k); i < end; i++) {
		past = past || (p->toks[i].kind == TOK_WHEN && p->toks[i].when.past);
		days = days || p->toks[i].kind == TOK_WHEN;
	}
	change = clause_has(p, k, W_ADD) || clause_has(p, k, W_CANCEL) || clause_has(p, k, W_SET) ||
		 clause_has(p, k, W_REPEAT) || clause_has(p, k, W_REDUCE);
	if (complains(p, k) && !(change && !past)) {
		p->s->complaint = true;
		return true;
	}
	if (clause_has(p, k, W_PAY) && !clause_has_kind(p, k, TOK_GOODS)) {
		p->s->payment = true;
		return true;
	}
	if (clause_has(p, k, W_VOIDED) && !clause_has_kind(p, k, TOK_GOODS))
		return true;
	if (clause_has(p, k, W_PAY))
		p->clause_doubts |= DOUBT_UNCLEAR; /* 土豆2件的钱转了 */
	p->past_doubts = past && !change ? DOUBT_UNCLEAR : 0;
	return false;
}

static bool ends_with_question(const struct parser *p, size_t k)
{
	size_t end = clause_end(p, k);

	return (p->toks[end].kind == TOK_SEP && p->toks[end].question) ||
	       (end > k && is_word(&p->toks[end - 1], W_MERCY) &&
		       (rtext_has(&p->r->t, p->toks[end - 1].from, "吗") ||
			       rtext_has(&p->r->t, p->toks[end - 1].from, "么")));
}

/* 藜蒿多少钱一斤: names and no amount. The name is remembered: 先留10斤 means it. */
static bool is_question(struct parser *p, size_t k)
{
	size_t end = clause_end(p, k), name = k;
	bool ask = clause_has(p, k, W_ASK) || ends_with_question(p, k);
	bool amount = false;

	for (size_t i = k; i < end; i++)
		amount = amount || (is_count(&p->toks[i]) && !(i > k && is_word(&p->toks[i - 1], W_ASK)));
	p->clause_doubts |= amount && ends_with_question(p, k) && !clause_has(p, k, W_ASK) ? DOUBT_ASK : 0U;
	if (!ask || amount)
		return false;
	while (name < end && p->toks[name].kind != TOK_GOODS)
		name++;
	if (name < end) {
		p->asked = name_of(p->r, &p->toks[name], run_end(p, name) - name);
		p->asked_known = true;
	} else if (p->open && p->cur.counted && p->gap < SEP_SENTENCE && clause_has(p, k, W_OK)) {
		return false;
	}
	asked(p, p->toks[k].from, p->toks[end].from);
	return true;
}

static size_t clause_start(struct parser *p, size_t k)
{
	p->clause_doubts = 0;
	if (is_talk(p, k)) {
		pre_drop(p);
		item_close(p);
		return clause_end(p, k);
	}
	return is_question(p, k) ? clause_end(p, k) : k;
}

/* ---- separators ---- */

static bool amount_alone(const struct parser *p, size_t k)
{
	k = over_both(p, k);
	return is_count(&p->toks[k]) && is_sep(&p->toks[over_both(p, k + 1)], SEP_LINE);
}

static size_t on_sep(struct parser *p, size_t k)
{
	const struct tok *t = &p->toks[k];

	p->gap = t->strength > p->gap ? t->strength : p->gap;
	if (t->strength == SEP_BLANK)
		return k + 1;
	if (t->colon && p->each_forward)
		p->each_lines = is_sep(&p->toks[over_blanks(p, k + 1)], SEP_LINE);
	if (t->question && p->open && p->cur.counted && p->gap == t->strength)
		p->cur.doubts |= DOUBT_ASK;
	if (p->pre_pending && !(t->colon && p->each_forward))
		pre_drop(p);
	p->each_wanted = false;
	if (t->strength >= SEP_SENTENCE || (t->colon && p->open && !p->cur.counted && p->cur.name.unknown)) {
		/* 土豆 / 2件 in two lines */
		if (!(t->strength == SEP_LINE && p->open && !p->cur.counted && amount_alone(p, k + 1)))
			item_close(p);
		if (t->strength == SEP_SENTENCE || (t->strength == SEP_LINE && !p->each_lines))
			p->each_forward = false;
		p->next_op_said = p->next_op_said && t->strength < SEP_LINE;
		p->next_op = p->next_op_said ? p->next_op : OP_ORDER;
		p->next_doubts = 0;
	}
	return clause_start(p, k + 1);
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
	case TOK_EMOJI: return on_name(p, k);
	case TOK_AMOUNT:
	case TOK_NUMBER: return is_money(p, k) ? on_quote(p, k) : on_amount(p, k);
	case TOK_QUOTE: return on_quote(p, k);
	case TOK_WHEN: return on_when(p, k);
	case TOK_WORD: return on_word(p, k);
	case TOK_OPEN: return on_open(p, k);
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
		sentence = is_sep(&r->toks[k], SEP_SENTENCE) ? k + 1 : sentence;
	}
	for (size_t k = len + 1; k-- > 0;) {
		end = is_sep(&r->toks[k], SEP_COMMA) ? k : end;
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
	size_t k = clause_start(&p, 0);

	while (k < p.len) {
		size_t next = step(&p, k);

		k = next > k ? next : k + 1;
	}
	pre_drop(&p);
	item_close(&p);
	if (p.each_from < p.each_to)
		unclear(&p, p.each_from, p.each_to);
}
