/* Days of delivery, and those that are none. */
#include "mod/reading/reading_line.h"

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
			.amount = parser_clause_has_kind(p, sentence, TOK_AMOUNT) };
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

	listen_for_calls(p, p->bounds[k].sentence, p->toks[parser_clause_end(p, k)].from);
	return c->calls && c->last_call >= p->toks[k].to && !c->brings && !c->amount;
}

size_t parser_on_when(struct parser *p, size_t k)
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
	s->days = list_more(p->r->a, s->days, s->days_len, &s->days_cap, sizeof(*s->days));
	s->days[s->days_len++] = (struct day_said){ .day = t->when.day,
		.from = t->from,
		.to = t->to,
		.items = s->items_len + (p->open && p->cur.counted),
		.negated = tok_is_word(&p->toks[parser_over_both(p, k + 1)], W_CANCEL) ||
			   (k > 0 && tok_is_word(&p->toks[k - 1], W_WAS)),
		.moved = k > 0 && tok_is_word(&p->toks[k - 1], W_SET),
		.weak = in_subject(&p->r->t, t->from) };
	if (s->days[s->days_len - 1].moved && !p->open) {
		p->next_op = OP_ORDER; /* it was the day that was changed */
		p->next_op_said = false;
	}
	if (s->days[s->days_len - 1].moved && p->open && p->cur.op == OP_SET)
		p->cur.op = OP_ORDER;
	return k + 1;
}
