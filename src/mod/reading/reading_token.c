/* The text cut into tokens: of all ways to cut it the cheapest, where what is understood is cheap and what is not is dear. */
#include "mod/reading/reading_int.h"

#include "base/utf8.h"

#include <string.h>
#include <uchar.h>

#define HITS 16

enum cost {
	COST_ALIAS = 8,
	COST_GOODS = 9,
	COST_WORD = 10,
	COST_NUMBER = 12,
	COST_FOOD = 13,
	COST_LETTERS = 40,
	COST_UNKNOWN = 60
};

struct edge {
	struct tok tok;
	uint32_t cost; /* of the whole rest */
};
struct cutter {
	struct reader *r;
	uint32_t from, to;
	struct edge *best; /* of the rest from each place on */
};

/* ---- one edge ---- */

static void offer(struct cutter *k, uint32_t i, const struct tok *tok, uint32_t cost)
{
	struct edge *e = &k->best[i - k->from];

	if (tok->to > k->to)
		return;
	cost += k->best[tok->to - k->from].cost;
	/* Of two that cost the same the longer is the better understood. */
	if (e->cost == UINT32_MAX || cost < e->cost || (cost == e->cost && tok->to > e->tok.to)) {
		e->tok = *tok;
		e->cost = cost;
	}
}

/* ---- signs ---- */

static bool times_stands(const struct rtext *t, uint32_t i)
{
	uint32_t to = i + 1;

	while (is_blank(t->at[to].cp))
		to++;
	return is_digit(t->at[to].cp) && !(i > 0 && t->at[i - 1].cp >= 'a' && t->at[i - 1].cp <= 'z');
}

/* How strongly a sign parts what stands around it: 1 a blank, 2 a comma, 3 a sentence, 4 a line; 0: it is none. */
static int strength_of(const struct rtext *t, uint32_t i)
{
	static const char16_t parts[] = u" \t\r|\x1F\u2022\xB7\u30FB\u25CF\u25A0=~*<>\u2026\u300C\u300D_#\"'\uFE0F";
	static const char16_t commas[] = u",/:-\u3001";
	static const char16_t sentences[] = u"\u3002!;?";
	uint32_t cp = t->at[i].cp;

	if (cp == '\n')
		return 4;
	if (cp == '.') /* a row of them leads from the name to its amount */
		return (i > 0 && t->at[i - 1].cp == '.') || t->at[i + 1].cp == '.' ? 1 : 3;
	if (cp == 'x') /* 洋葱x3袋 */
		return times_stands(t, i) ? 1 : 0;
	for (size_t k = 0; k + 1 < ARRAY_LEN(sentences); k++)
		if (sentences[k] == cp)
			return 3;
	for (size_t k = 0; k + 1 < ARRAY_LEN(commas); k++)
		if (commas[k] == cp)
			return 2;
	for (size_t k = 0; k + 1 < ARRAY_LEN(parts); k++)
		if (parts[k] == cp)
			return 1;
	/* Other pictures part words, no more. */
	return cp >= 0x1F000 || (cp >= 0x2190 && cp <= 0x2BFF) ? 1 : 0;
}

static bool sign_at(const struct rtext *t, uint32_t i, struct tok *tok)
{
	uint32_t cp = t->at[i].cp;

	*tok = (struct tok){ .kind = TOK_SEP, .from = i, .to = i + 1, .colon = cp == ':', .question = cp == '?' };
	if (cp == '(' || cp == '[')
		tok->kind = TOK_OPEN;
	else if (cp == ')' || cp == ']')
		tok->kind = TOK_CLOSE;
	else
		tok->strength = strength_of(t, i);
	return tok->kind != TOK_SEP || tok->strength > 0;
}

/* ---- numbering at the begin of a line: 1. 2、 (3) ① ---- */

static bool line_starts(const struct rtext *t, uint32_t i)
{
	while (i > 0 && is_blank(t->at[i - 1].cp))
		i--;
	return i == 0 || t->at[i - 1].cp == '\n';
}

/* 1.土豆 2.洋葱 in one line: its first is a 1 with the same sign. */
static bool goes_on(const struct rtext *t, uint32_t i)
{
	uint32_t start = i, end = i;

	if (i == 0 || !is_blank(t->at[i - 1].cp) || !is_digit(t->at[i].cp))
		return false;
	while (is_digit(t->at[end].cp))
		end++;
	while (start > 0 && t->at[start - 1].cp != '\n')
		start--;
	while (is_blank(t->at[start].cp))
		start++;
	return t->at[start].cp == '1' && t->at[start + 1].cp == t->at[end].cp && t->at[end].cp != 0x3001;
}

static uint32_t numbering_at(const struct rtext *t, uint32_t i)
{
	uint32_t from = i, digits = 0;
	struct number n;
	bool open = t->at[i].cp == '(';

	if (t->at[i].cp >= 0x2460 && t->at[i].cp <= 0x249B)
		return 1;
	if (!line_starts(t, i) && !goes_on(t, i))
		return 0;
	i += open;
	while (digits < 3 && is_digit(t->at[i].cp)) {
		i++;
		digits++;
	}
	if (digits == 0 && t->at[i].cp >= 0x4E00)
		digits = number_at(t, i, &n);
	i += is_digit(t->at[from + open].cp) ? 0 : digits;
	if (digits == 0 || digits > 3)
		return 0;
	if (open)
		return t->at[i].cp == ')' ? i + 1 - from : 0;
	if (t->at[i].cp == 0x3001 || t->at[i].cp == ')')
		return i + 1 - from;
	return t->at[i].cp == '.' && is_digit(t->at[from].cp) && !is_digit(t->at[i + 1].cp) ? i + 1 - from : 0;
}

/* ---- goods ---- */

static enum how how_of(const struct rtext *t, uint32_t i, uint32_t len)
{
	uint32_t digits = 0;

	for (uint32_t k = i; k < i + len; k++) {
		if (!is_alnum(t->at[k].cp) && t->at[k].cp != '-' && t->at[k].cp != '_')
			return BY_NAME;
		digits += is_digit(t->at[k].cp);
	}
	return digits > 0 ? BY_CODE : BY_NAME;
}

/* Two names may be one as they are compared (Potato, potato): then both goods are offered. A name as it was written
 * counts before a plural. */
static uint32_t *alias_wares(struct arena *a, const struct aliases *known, const struct name_hit *hit, uint32_t *len)
{
	uint32_t *wares = ARENA_ARRAY(a, hit->len, uint32_t);

	*len = 0;
	for (uint32_t j = 0; j < hit->len; j++) {
		uint32_t ware = known->wares[hit->refs[j]];
		bool has = false;

		if (*len > 0 && hit->refs[j] >= known->written && hit->refs[0] < known->written)
			break;
		for (uint32_t i = 0; i < *len; i++)
			has = has || wares[i] == ware;
		if (!has)
			wares[(*len)++] = ware;
	}
	return wares;
}

/* The customer's own names. Who ordered may be one of several, and one of them calls something so: then nobody knows what
 * is meant. */
static void alias_edges(struct cutter *k, uint32_t i, const struct aliases *known, bool doubtful)
{
	struct name_hit hits[HITS];
	uint32_t n = known ? names_at(known->names, &k->r->t, i, hits, HITS) : 0;

	for (uint32_t h = 0; h < n; h++) {
		struct tok tok = {
			.kind = TOK_GOODS, .from = i, .to = i + hits[h].chars, .how = BY_ALIAS, .doubtful = doubtful
		};

		tok.wares = alias_wares(k->r->a, known, &hits[h], &tok.wares_len);
		offer(k, i, &tok, COST_ALIAS);
	}
}

static void goods_edges(struct cutter *k, uint32_t i)
{
	struct name_hit hits[HITS];
	const struct rtext *t = &k->r->t;
	uint32_t n = names_at(k->r->g->names, t, i, hits, HITS);

	for (uint32_t h = 0; h < n; h++) {
		struct tok tok = { .kind = TOK_GOODS,
			.from = i,
			.to = i + hits[h].chars,
			.wares = hits[h].refs,
			.wares_len = hits[h].len,
			.how = how_of(t, i, hits[h].chars) };

		offer(k, i, &tok, COST_GOODS);
	}
	alias_edges(k, i, k->r->maybe, true);
	alias_edges(k, i, k->r->aliases, false);
}

static void food_edges(struct cutter *k, uint32_t i)
{
	struct name_hit hits[HITS];
	uint32_t n = names_at(k->r->g->foods, &k->r->t, i, hits, HITS);

	for (uint32_t h = 0; h < n; h++) {
		struct tok tok = { .kind = TOK_FOOD, .from = i, .to = i + hits[h].chars };

		offer(k, i, &tok, COST_FOOD);
	}
}

/* ---- words ---- */

/* 好, 对, 行 alone are answers; before other characters they are parts of words. */
static bool word_stands(const struct wares *g, const struct rtext *t, uint32_t i, uint32_t len, enum word w)
{
	uint32_t next = t->at[i + len].cp;

	if (w == W_HEAD)
		return false;
	struct name_hit hits[HITS];
	uint32_t n;

	if (len > 1 || w != W_POLITE)
		return true;
	n = names_at(g->names, t, i + 1, hits, HITS); /* 对, 大蒜要十斤 */
	if (n > 0 && hits[n - 1].chars >= 2)
		return true;
	return !(next >= 0x4E00 && next <= 0x9FFF) || next == 0x7684 || next == 0x5440 || next == 0x554A;
}

/* [图片], [语音 12"]; [微笑] and its like say nothing. */
static void sticker_edge(struct cutter *k, uint32_t i)
{
	static const char *const sent[] = { "图片", "语音", "视频", "文件", "照片", "链接", "位置", "小程序",
		"聊天记录", "image", "photo", "voice", "video", "file" };
	const struct rtext *t = &k->r->t;
	struct tok tok = { .kind = TOK_WORD, .from = i, .to = i + 1, .word = W_FILL };
	struct name_hit hit[1];

	if (t->at[i].cp != '[')
		return;
	while (tok.to < k->to && t->at[tok.to].cp != ']' && t->at[tok.to].cp != '\n' && tok.to - i < 24)
		tok.to++;
	if (tok.to >= k->to || t->at[tok.to].cp != ']')
		return;
	for (size_t w = 0; w < ARRAY_LEN(sent); w++)
		tok.word = rtext_has(t, i + 1, sent[w]) ? W_PICTURE : tok.word;
	tok.to++;
	if (tok.word == W_PICTURE ||
		(tok.to - i <= 6 && !is_digit(t->at[i + 1].cp) && !names_at(k->r->g->names, t, i + 1, hit, 1)))
		offer(k, i, &tok, COST_WORD);
}

static void word_edges(struct cutter *k, uint32_t i)
{
	struct name_hit hits[HITS];
	const struct rtext *t = &k->r->t;
	uint32_t n = names_at(k->r->g->words, t, i, hits, HITS), len;

	for (uint32_t h = 0; h < n; h++)
		for (uint32_t j = 0; j < hits[h].len; j++) {
			struct tok tok = {
				.kind = TOK_WORD, .from = i, .to = i + hits[h].chars, .word = word_of(hits[h].refs[j])
			};

			if (word_stands(k->r->g, t, i, hits[h].chars, tok.word))
				offer(k, i, &tok, tok.word == W_MERCY ? COST_WORD - 2 : COST_WORD);
		}
	sticker_edge(k, i);
	len = repeat_at(t, i);
	if (len > 0) {
		struct tok tok = { .kind = TOK_WORD, .from = i, .to = i + len, .word = W_REPEAT };

		offer(k, i, &tok, COST_ALIAS);
	}
}

/* ---- people ---- */

static bool is_ours(const struct reader *r, const struct name_hit *hit)
{
	for (uint32_t j = 0; j < hit->len; j++)
		if (r->customer_id == 0 || r->people->all[hit->refs[j]].id == r->customer_id)
			return true;
	return false;
}

static void person_edges(struct cutter *k, uint32_t i)
{
	struct name_hit hits[HITS];
	uint32_t n = names_at(k->r->people->names, &k->r->t, i, hits, HITS);

	for (uint32_t h = 0; h < n; h++) {
		struct tok tok = { .kind = TOK_PERSON, .from = i, .to = i + hits[h].chars };

		if (hits[h].chars >= 2 && is_ours(k->r, &hits[h]))
			offer(k, i, &tok, COST_WORD);
	}
}

/* ---- numbers, days, prices ---- */

/* 550ml*24, 330ml罐*24, 10根*38g*20: the size of a pack, written as in a catalogue. */
static uint32_t size_at(const struct rtext *t, uint32_t i)
{
	uint32_t from = i, parts = 0, letters = 0, han = 0;

	while (i < t->len && is_digit(t->at[i].cp)) {
		while (is_digit(t->at[i].cp) || (t->at[i].cp == '.' && is_digit(t->at[i + 1].cp)))
			i++;
		parts++;
		for (; t->at[i].cp >= 'a' && t->at[i].cp <= 'z' && !(t->at[i].cp == 'x' && is_digit(t->at[i + 1].cp));
			i++)
			letters++;
		if (t->at[i].cp >= 0x4E00 && t->at[i].cp <= 0x9FFF &&
			(t->at[i + 1].cp == '*' || t->at[i + 1].cp == 'x')) {
			i++;
			han++;
		}
		if ((t->at[i].cp != '*' && t->at[i].cp != 'x') || !is_digit(t->at[i + 1].cp))
			break;
		i++;
	}
	return parts >= 2 && letters > 0 && (han > 0 || parts > 2) ? i - from : 0;
}

static void size_edge(struct cutter *k, uint32_t i)
{
	struct tok tok = { .kind = TOK_NUMBER, .from = i };
	uint32_t len = size_at(&k->r->t, i);

	tok.to = i + len;
	tok.amount.unit_from = tok.amount.unit_to = tok.to;
	if (len > 0)
		offer(k, i, &tok, COST_WORD - 1);
}

static void number_edges(struct cutter *k, uint32_t i)
{
	const struct rtext *t = &k->r->t;
	struct tok tok = { .kind = TOK_AMOUNT, .from = i };
	uint32_t len = amount_at(t, k->r->g, i, &tok.amount);

	if (len > 0) {
		tok.to = i + len;
		offer(k, i, &tok, COST_WORD);
	}
	tok = (struct tok){ .kind = TOK_NUMBER, .from = i };
	len = number_at(t, i, &tok.amount.n);
	if (len > 0) {
		tok.to = i + len;
		tok.amount.unit_from = tok.amount.unit_to = tok.to;
		offer(k, i, &tok, COST_NUMBER);
	}
	tok = (struct tok){ .kind = TOK_QUOTE, .from = i };
	len = quote_at(t, k->r->g, i, &tok.quote);
	if (len > 0) {
		tok.to = i + len;
		offer(k, i, &tok, tok.quote.bare ? COST_WORD + 1 : COST_WORD - 1);
	}
}

static void other_edges(struct cutter *k, uint32_t i)
{
	const struct rtext *t = &k->r->t;
	struct tok tok = { .kind = TOK_WHEN, .from = i };
	uint32_t len = when_at(t, i, k->r->today, k->r->hour, &tok.when);

	if (len > 0) {
		tok.to = i + len;
		offer(k, i, &tok, COST_WORD - 1);
	}
	len = numbering_at(t, i);
	tok = (struct tok){ .kind = TOK_SKIP, .from = i, .to = i + len };
	if (len > 0)
		offer(k, i, &tok, COST_WORD - 2);
	len = skip_at(t, i);
	tok.to = i + len;
	if (len > 0)
		offer(k, i, &tok, COST_WORD);
}

/* ---- the rest ---- */

static void unknown_edge(struct cutter *k, uint32_t i)
{
	const struct rtext *t = &k->r->t;
	struct tok tok = { .kind = TOK_UNKNOWN, .from = i, .to = i + 1 };
	uint32_t cost = COST_UNKNOWN;

	if (word_emoji(t->at[i].cp)) {
		tok.kind = TOK_EMOJI;
		cost = COST_WORD;
	} else if (sign_at(t, i, &tok)) {
		cost = 0;
	} else if (is_alnum(t->at[i].cp) && !is_digit(t->at[i].cp) &&
		   (i == k->from || !is_alnum(t->at[i - 1].cp) || is_digit(t->at[i - 1].cp))) {
		tok = (struct tok){ .kind = TOK_LETTERS, .from = i, .to = i + 1 };
		while (tok.to < k->to &&
			((is_alnum(t->at[tok.to].cp) && !is_digit(t->at[tok.to].cp)) || t->at[tok.to].cp == '\''))
			tok.to++;
		cost = COST_LETTERS;
	} else {
		tok = (struct tok){ .kind = TOK_UNKNOWN, .from = i, .to = i + 1 };
	}
	offer(k, i, &tok, cost);
}

static bool inside_number(const struct rtext *t, uint32_t i)
{
	return i > 0 && is_digit(t->at[i].cp) &&
	       (is_digit(t->at[i - 1].cp) || (t->at[i - 1].cp == '.' && i > 1 && is_digit(t->at[i - 2].cp)));
}

static void edges(struct cutter *k, uint32_t i)
{
	const struct rtext *t = &k->r->t;

	k->best[i - k->from].cost = UINT32_MAX;
	unknown_edge(k, i);
	if (t->at[i].cp == '\n' || is_blank(t->at[i].cp))
		return;
	goods_edges(k, i);
	word_edges(k, i);
	person_edges(k, i);
	if (t->at[i].cp >= 0x4E00)
		food_edges(k, i);
	if (inside_number(t, i))
		return;
	number_edges(k, i);
	size_edge(k, i);
	other_edges(k, i);
}

void reader_tokens(struct reader *r, uint32_t from, uint32_t to)
{
	struct cutter k = { .r = r, .from = from, .to = to };

	k.best = ARENA_ARRAY(r->a, to - from + 1, struct edge);
	for (uint32_t i = to; i-- > from;) {
		if (r->t.at[i].is_void) {
			struct tok tok = { .kind = TOK_SEP, .from = i, .to = i + 1, .strength = 1 };

			k.best[i - from].cost = UINT32_MAX;
			offer(&k, i, &tok, 0);
		} else {
			edges(&k, i);
		}
	}
	r->toks = ARENA_ARRAY(r->a, to - from + 1, struct tok);
	r->toks_len = 0;
	for (uint32_t i = from; i < to; i = r->toks[r->toks_len - 1].to)
		r->toks[r->toks_len++] = k.best[i - from].tok;
	r->toks[r->toks_len] = (struct tok){ .kind = TOK_END, .from = to, .to = to, .strength = 5 };
}
