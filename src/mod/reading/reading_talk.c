/* Clauses that order nothing: complaints, payments, what was, questions. */
#include "mod/reading/reading_line.h"

/* 不要发芽的 is how the goods shall be, not how they were. */
static bool complains(const struct parser *p, size_t k)
{
	for (size_t i = k, end = parser_clause_end(p, k); i < end; i++)
		if (tok_is_word(&p->toks[i], W_COMPLAINT) &&
			!(i > k && (tok_is_word(&p->toks[i - 1], W_CANCEL) || tok_is_word(&p->toks[i - 1], W_WANT))))
			return true;
	return false;
}

/* Talk about what was: payments, complaints, what was wrong. */
static bool is_talk(struct parser *p, size_t k)
{
	bool past = false, change, days = false;

	for (size_t i = k, end = parser_clause_end(p, k); i < end; i++) {
		past = past || (p->toks[i].kind == TOK_WHEN && p->toks[i].when.past);
		days = days || p->toks[i].kind == TOK_WHEN;
	}
	change = parser_clause_has(p, k, W_ADD) || parser_clause_has(p, k, W_CANCEL) ||
		 parser_clause_has(p, k, W_SET) || parser_clause_has(p, k, W_REPEAT) ||
		 parser_clause_has(p, k, W_REDUCE);
	if (complains(p, k) && !(change && !past)) {
		p->s->complaint = true;
		return true;
	}
	if (parser_clause_has(p, k, W_PAY) && !parser_clause_has_kind(p, k, TOK_GOODS)) {
		p->s->payment = true;
		return true;
	}
	if (parser_clause_has(p, k, W_VOIDED) && !parser_clause_has_kind(p, k, TOK_GOODS))
		return true;
	if (parser_clause_has(p, k, W_PAY))
		p->clause_doubts |= DOUBT_UNCLEAR; /* 土豆2件的钱转了 */
	p->past_doubts = past && !change ? DOUBT_UNCLEAR : 0;
	return false;
}

static bool ends_with_question(const struct parser *p, size_t k)
{
	size_t end = parser_clause_end(p, k);

	return (p->toks[end].kind == TOK_SEP && p->toks[end].question) ||
	       (end > k && tok_is_word(&p->toks[end - 1], W_MERCY) &&
		       (rtext_has(&p->r->t, p->toks[end - 1].from, "吗") ||
			       rtext_has(&p->r->t, p->toks[end - 1].from, "么")));
}

/* 藜蒿多少钱一斤: names and no amount. The name is remembered: 先留10斤 means it. */
static bool is_question(struct parser *p, size_t k)
{
	size_t end = parser_clause_end(p, k), name = k;
	bool ask = parser_clause_has(p, k, W_ASK) || ends_with_question(p, k);
	bool amount = false;

	for (size_t i = k; i < end; i++)
		amount = amount || (tok_is_count(&p->toks[i]) && !(i > k && tok_is_word(&p->toks[i - 1], W_ASK)));
	p->clause_doubts |= amount && ends_with_question(p, k) && !parser_clause_has(p, k, W_ASK) ? DOUBT_ASK : 0U;
	if (!ask || amount)
		return false;
	while (name < end && p->toks[name].kind != TOK_GOODS)
		name++;
	if (name < end) {
		p->asked = name_of(p->r, &p->toks[name], parser_run_end(p, name) - name);
		p->asked_known = true;
	} else if (p->open && p->cur.counted && p->gap < SEP_SENTENCE && parser_clause_has(p, k, W_OK)) {
		return false;
	}
	parser_asked(p, p->toks[k].from, p->toks[end].from);
	return true;
}

size_t parser_clause_start(struct parser *p, size_t k)
{
	p->clause_doubts = 0;
	if (is_talk(p, k)) {
		parser_pre_drop(p);
		parser_item_close(p);
		return parser_clause_end(p, k);
	}
	return is_question(p, k) ? parser_clause_end(p, k) : k;
}
