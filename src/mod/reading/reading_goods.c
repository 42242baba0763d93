/* Which goods a name means: exactly called so, narrowed by what else is said, sounding like it; and what to offer else. */
#include "mod/reading/reading_int.h"

#include "base/utf8.h"

#include <string.h>

#define OFFER_MAX 8

/* Characters of a run, without blanks between Latin words but one. */
static uint32_t run_chars(const struct rtext *t, uint32_t from, uint32_t to, uint32_t *out)
{
	uint32_t n = 0;

	for (uint32_t i = from; i < to && n < NAME_CHARS_MAX; i++)
		if (!is_blank(t->at[i].cp))
			out[n++] = t->at[i].cp;
		else if (n > 0 && out[n - 1] != ' ')
			out[n++] = ' ';
	return n;
}

static bool has(const uint32_t *list, uint32_t len, uint32_t ware)
{
	for (uint32_t i = 0; i < len; i++)
		if (list[i] == ware)
			return true;
	return false;
}

struct offers {
	uint32_t at[OFFER_MAX];
	uint32_t len;
};

static void offer(struct offers *o, const uint32_t *wares, uint32_t len)
{
	for (uint32_t i = 0; i < len && o->len < OFFER_MAX; i++)
		if (!has(o->at, o->len, wares[i]))
			o->at[o->len++] = wares[i];
}

static void take_offers(struct reader *r, const struct offers *o, struct name *n, enum how how)
{
	uint32_t *wares = ARENA_ARRAY(r->a, o->len + 1, uint32_t);

	memcpy(wares, o->at, o->len * sizeof(*wares));
	n->wares = wares;
	n->wares_len = o->len;
	n->how = o->len ? how : BY_NOTHING;
}

/* ---- sounds ---- */

static uint32_t first_sound(const struct sound *s, uint32_t len, uint32_t hash)
{
	uint32_t lo = 0, hi = len;

	while (lo < hi) {
		uint32_t mid = (lo + hi) / 2;

		if (s[mid].hash < hash)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static uint32_t shared_chars(const struct wares *g, uint32_t name, const uint32_t *cps, uint32_t len)
{
	uint32_t own[NAME_CHARS_MAX], n = names_chars(g->names, name, own), same = 0;

	if (n != len)
		return 0;
	for (uint32_t i = 0; i < len; i++)
		same += own[i] == cps[i];
	return same;
}

/* A misspelling: it sounds like a name and has a character of it in place. */
static bool by_sound(struct reader *r, const uint32_t *cps, uint32_t len, struct name *n)
{
	uint32_t hash = len >= 2 ? wares_sound(r->g, cps, len) : 0;
	struct offers near = { 0 }, far = { 0 };
	struct name_hit food;

	if (hash == 0 || names_find(r->g->foods, cps, len, &food))
		return false;
	for (uint32_t k = first_sound(r->g->sounds, r->g->sounds_len, hash);
		k < r->g->sounds_len && r->g->sounds[k].hash == hash; k++) {
		struct name_hit hit = names_nth(r->g->names, r->g->sounds[k].name);

		offer(shared_chars(r->g, r->g->sounds[k].name, cps, len) ? &near : &far, hit.refs, hit.len);
	}
	if (near.len == 0 && far.len == 0)
		return false;
	take_offers(r, near.len ? &near : &far, n, BY_SOUND);
	n->doubts |= near.len ? 0 : DOUBT_NAME;
	return true;
}

/* ---- Latin letters: initials, pinyin, English ---- */

static void letters_of(const uint32_t *cps, uint32_t len, char *out)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < len; i++)
		if (cps[i] < 0x80)
			out[n++] = (char)cps[i];
	out[n] = '\0';
}

static bool by_letters(struct reader *r, const uint32_t *cps, uint32_t len, struct name *n)
{
	char letters[NAME_CHARS_MAX + 1];
	struct offers found = { 0 };
	struct name_hit hit;
	const char *english;
	uint32_t hash;

	letters_of(cps, len, letters);
	english = word_english(letters);
	if (english && names_find_str(r->g->names, english, &hit)) {
		offer(&found, hit.refs, hit.len);
		take_offers(r, &found, n, BY_ENGLISH);
		n->doubts |= DOUBT_ENGLISH;
		return true;
	}
	hash = sound_of_letters(letters);
	for (int face = 0; face < 2; face++) {
		const struct sound *s = face ? r->g->sounds : r->g->initials;
		uint32_t s_len = face ? r->g->sounds_len : r->g->initials_len;

		for (uint32_t k = first_sound(s, s_len, hash); k < s_len && s[k].hash == hash; k++) {
			hit = names_nth(r->g->names, s[k].name);
			offer(&found, hit.refs, hit.len);
		}
	}
	take_offers(r, &found, n, BY_INITIALS);
	n->doubts |= DOUBT_INITIALS;
	return found.len > 0;
}

/* ---- what is like it ---- */

/* Names that begin so, and names with one character less. */
static void look_like(struct reader *r, const uint32_t *cps, uint32_t len, struct offers *o)
{
	uint32_t next = 0, less[NAME_CHARS_MAX];
	struct name_hit hit;

	while (len >= 2 && o->len < OFFER_MAX && names_prefix(r->g->names, cps, len, &next, &hit))
		offer(o, hit.refs, hit.len);
	for (uint32_t skip = 0; skip < len && len >= 3; skip++) {
		for (uint32_t i = 0, n = 0; i < len; i++)
			if (i != skip)
				less[n++] = cps[i];
		if (names_find(r->g->names, less, len - 1, &hit))
			offer(o, hit.refs, hit.len);
	}
}

/* ---- all together ---- */

static bool is_goods(const struct tok *t)
{
	return t->kind == TOK_GOODS;
}

static bool is_dear(const struct tok *t)
{
	return t->kind == TOK_UNKNOWN || t->kind == TOK_LETTERS || t->kind == TOK_FOOD;
}

/* Goods that all names of the run have: 雪岭泉 + 纯净水. */
static void meet(struct reader *r, struct name *n, const uint32_t *wares, uint32_t len)
{
	uint32_t *both = ARENA_ARRAY(r->a, n->wares_len + 1, uint32_t), kept = 0;

	for (uint32_t i = 0; i < n->wares_len; i++)
		if (has(wares, len, n->wares[i]))
			both[kept++] = n->wares[i];
	n->wares = both;
	n->wares_len = kept;
	n->how = BY_SPEC;
}

/* The characters of the name behind those of a word; false if there are too many. */
static bool with_word(struct reader *r, const struct name *n, uint32_t from, uint32_t to, uint32_t *out, uint32_t *len)
{
	uint32_t first = run_chars(&r->t, from, to, out), rest[NAME_CHARS_MAX],
		 more = run_chars(&r->t, n->from, n->to, rest);

	if (first == 0 || first > 4 || first + more > NAME_CHARS_MAX)
		return false;
	memcpy(out + first, rest, more * sizeof(*rest));
	*len = first + more;
	return true;
}

bool name_other(struct reader *r, struct name *n, uint32_t from, uint32_t to)
{
	uint32_t cps[2 * NAME_CHARS_MAX], len;
	struct name_hit hit;
	struct offers both = { 0 };
	bool same = true;

	if (!with_word(r, n, from, to, cps, &len) || !names_find(r->g->names, cps, len, &hit))
		return false;
	for (uint32_t i = 0; i < hit.len; i++)
		same = same && has(n->wares, n->wares_len, hit.refs[i]);
	if (same)
		return false;
	offer(&both, hit.refs, hit.len);
	offer(&both, n->wares, n->wares_len);
	take_offers(r, &both, n, n->how);
	n->doubts |= DOUBT_SHARED;
	return true;
}

bool name_meet(struct reader *r, struct name *n, const struct tok *tok)
{
	struct name both = *n;

	if (n->wares_len < 2 || n->unknown)
		return false;
	meet(r, &both, tok->wares, tok->wares_len);
	if (both.wares_len == 0)
		return false;
	both.doubts &= both.wares_len == 1 ? ~(unsigned)DOUBT_SHARED : ~0U;
	*n = both;
	return true;
}

bool name_narrow(struct reader *r, struct name *n, uint32_t from, uint32_t to)
{
	uint32_t cps[NAME_CHARS_MAX], len = run_chars(&r->t, from, to, cps), kept = 0;
	uint32_t *left = ARENA_ARRAY(r->a, n->wares_len + 1, uint32_t);

	for (uint32_t i = 0; i < n->wares_len; i++)
		if (ware_says(r->g, &r->g->wares[n->wares[i]], cps, len))
			left[kept++] = n->wares[i];
	if (kept == 0)
		return false;
	if (kept < n->wares_len) {
		n->wares = left;
		n->wares_len = kept;
		n->how = n->how < BY_SPEC ? BY_SPEC : n->how;
	}
	return true;
}

/* 1..: a word of two characters or a number says something; one character is too little to be sure. */
static bool narrow_by_rest(struct reader *r, const struct tok *toks, size_t len, struct name *n)
{
	for (size_t k = 0; k < len; k++) {
		uint32_t from = toks[k].from;

		if (is_goods(&toks[k]) || toks[k].kind == TOK_WORD)
			continue;
		while (k + 1 < len && is_dear(&toks[k + 1]))
			k++;
		if (toks[k].to - from < 2 || !name_narrow(r, n, from, toks[k].to))
			return false;
	}
	return true;
}

static void read_goods(struct reader *r, const struct tok *toks, size_t len, struct name *n)
{
	struct offers parts = { 0 };
	bool first = true;

	for (size_t k = 0; k < len; k++) {
		if (!is_goods(&toks[k]))
			continue;
		offer(&parts, toks[k].wares, toks[k].wares_len);
		if (first) {
			n->wares = toks[k].wares;
			n->wares_len = toks[k].wares_len;
			n->how = toks[k].how;
			n->doubts |= toks[k].doubtful ? DOUBT_SHARED : 0U;
		} else {
			meet(r, n, toks[k].wares, toks[k].wares_len);
		}
		first = false;
	}
	if (n->wares_len > 0 && narrow_by_rest(r, toks, len, n))
		return;
	n->unknown = true;
	n->doubts |= DOUBT_NAME;
	take_offers(r, &parts, n, BY_PART);
}

static void read_emoji(struct reader *r, const struct tok *tok, struct name *n)
{
	struct name_hit hit;

	n->doubts |= DOUBT_EMOJI;
	n->unknown = true;
	if (names_find_str(r->g->names, word_emoji(r->t.at[tok->from].cp), &hit)) {
		n->wares = hit.refs;
		n->wares_len = hit.len;
		n->how = BY_EMOJI;
		n->unknown = false;
	}
}

static void read_unknown(struct reader *r, struct name *n, const uint32_t *cps, uint32_t len)
{
	struct offers o = { 0 };

	if (is_alnum(cps[0]) && by_letters(r, cps, len, n))
		return;
	if (!n->unknown && by_sound(r, cps, len, n))
		return;
	n->unknown = true;
	n->doubts |= DOUBT_NAME;
	offer(&o, n->wares, n->wares_len);
	look_like(r, cps, len, &o);
	take_offers(r, &o, n, BY_PART);
}

struct name name_of(struct reader *r, const struct tok *toks, size_t len)
{
	struct name n = { .from = toks[0].from, .to = toks[len - 1].to, .how = BY_NOTHING }, sound;
	uint32_t cps[NAME_CHARS_MAX], chars = run_chars(&r->t, n.from, n.to, cps);
	bool goods = false, dear = false, emoji = false;

	for (size_t k = 0; k < len; k++) {
		goods = goods || is_goods(&toks[k]);
		dear = dear || is_dear(&toks[k]);
		emoji = emoji || toks[k].kind == TOK_EMOJI;
	}
	if (emoji && len == 1) {
		read_emoji(r, toks, &n);
	} else if (goods) {
		read_goods(r, toks, len, &n);
		/* 算米 is 蒜米, though 米 alone is called something. */
		sound = (struct name){ .from = n.from, .to = n.to };
		if (n.unknown && dear && by_sound(r, cps, chars, &sound) && !sound.doubts)
			n = sound;
		else if (n.unknown)
			read_unknown(r, &n, cps, chars);
	} else {
		read_unknown(r, &n, cps, chars);
	}
	if (n.wares_len > 1)
		n.doubts |= DOUBT_SHARED;
	return n;
}
