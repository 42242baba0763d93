/* names: a set of words with what each stands for. Built once; then the words that begin at a place of a text are found
 * in one walk: a rolling hash per length, and most places end after two characters, because no word begins so. */
#include "mod/reading/reading_int.h"

#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

#define LONG_CHARS 8

struct entry {
	uint32_t word, ref; /* place in chars */
};
struct names {
	struct arena *arena;
	struct buf list, adding; /* until names_finish: the words, and an entry for each */
	uint32_t *chars;         /* the words one after the other, each behind its length */
	struct entry *entries;
	uint32_t entries_len;
	/* after names_finish */
	struct known {
		uint32_t at, refs;
		uint32_t hash;
	} * words;
	uint32_t words_len;
	uint32_t *refs;
	uint32_t *slots;
	uint32_t slots_mask;
	uint32_t longest;
	uint8_t *bloom; /* of the first two characters, and of the first ones of long words; bloom_mask + 1 bits */
	uint32_t bloom_mask;
};

static uint32_t mix(uint32_t h, uint32_t cp)
{
	h = (h ^ cp) * 0x01000193;
	return h ^ (h >> 15);
}

struct names *names_new(struct arena *keep)
{
	struct names *n = ARENA_NEW(keep, struct names);

	n->arena = keep;
	buf_init(&n->list, NULL);
	buf_init(&n->adding, NULL);
	return n;
}

void names_add(struct names *n, const uint32_t *cps, uint32_t len, uint32_t ref)
{
	struct entry e = { (uint32_t)(n->list.len / sizeof(uint32_t)), ref };
	uint32_t word[NAME_CHARS_MAX + 1] = { len };

	if (len == 0 || len > NAME_CHARS_MAX)
		return;
	for (uint32_t i = 0; i < len; i++)
		word[i + 1] = cps[i];
	buf_add(&n->list, word, (len + 1) * sizeof(*word));
	buf_add(&n->adding, &e, sizeof(e));
}

void names_add_str(struct names *n, const char *s, uint32_t ref)
{
	uint32_t cps[NAME_CHARS_MAX + 1], len = rtext_fold_name(s, cps, NAME_CHARS_MAX + 1);

	names_add(n, cps, len, ref);
}

static int by_word(const uint32_t *a, const uint32_t *b)
{
	uint32_t len = a[0] < b[0] ? a[0] : b[0];

	for (uint32_t i = 1; i <= len; i++)
		if (a[i] != b[i])
			return a[i] < b[i] ? -1 : 1;
	return (a[0] > b[0]) - (a[0] < b[0]);
}

static int by_entry(const void *x, const void *y, void *chars)
{
	const struct entry *a = x, *b = y;
	int d = by_word((uint32_t *)chars + a->word, (uint32_t *)chars + b->word);

	return d ? d : (a->ref > b->ref) - (a->ref < b->ref);
}

static uint32_t hash_of(const uint32_t *word)
{
	uint32_t h = 0;

	for (uint32_t i = 1; i <= word[0]; i++)
		h = mix(h, word[i]);
	return h;
}

static void slot_put(struct names *n, uint32_t k)
{
	uint32_t s = n->words[k].hash & n->slots_mask;

	while (n->slots[s])
		s = (s + 1) & n->slots_mask;
	n->slots[s] = k + 1;
}

static void bloom_set(struct names *n, uint32_t hash)
{
	uint32_t h = hash & n->bloom_mask;

	n->bloom[h / 8] |= (uint8_t)(1U << (h % 8));
}

static bool bloom_is(const struct names *n, uint32_t hash)
{
	uint32_t h = hash & n->bloom_mask;

	return n->bloom[h / 8] >> (h % 8) & 1;
}

/* Few words are long: the walk goes on behind so many characters only where one begins so. */
static void bloom_put(struct names *n, const uint32_t *word)
{
	uint32_t h = 0;

	bloom_set(n, mix(mix(0, word[1]), word[0] > 1 ? word[2] : 0));
	for (uint32_t i = 1; i <= word[0] && i <= LONG_CHARS; i++)
		h = mix(h, word[i]);
	if (word[0] > LONG_CHARS)
		bloom_set(n, h);
}

static bool bloom_has(const struct names *n, uint32_t first, uint32_t second)
{
	return bloom_is(n, mix(mix(0, first), second));
}

/* Each word once, its refs in a row behind those of the word before. */
static void unite(struct names *n)
{
	const uint32_t *before = NULL;
	uint32_t refs = 0;

	for (uint32_t i = 0; i < n->entries_len; i++) {
		const uint32_t *word = n->chars + n->entries[i].word;

		if (!before || by_word(before, word) != 0)
			n->words[n->words_len++] = (struct known){ n->entries[i].word, refs, hash_of(word) };
		else if (n->refs[refs - 1] == n->entries[i].ref)
			continue;
		n->refs[refs++] = n->entries[i].ref;
		before = word;
		n->longest = word[0] > n->longest ? word[0] : n->longest;
	}
	n->words[n->words_len].refs = refs;
}

static uint32_t words_count(const struct names *n)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < n->entries_len; i++)
		count += i == 0 || by_word(n->chars + n->entries[i - 1].word, n->chars + n->entries[i].word) != 0;
	return count;
}

/* The words move from the growing list to their place. */
static void names_settle(struct names *n)
{
	n->chars = arena_alloc(n->arena, n->list.len + 8);
	n->entries = (struct entry *)(void *)n->adding.data;
	n->entries_len = (uint32_t)(n->adding.len / sizeof(struct entry));
	if (n->entries_len == 0)
		return;
	memcpy(n->chars, n->list.data, n->list.len);
	buf_free(&n->list);
	qsort_r(n->entries, n->entries_len, sizeof(*n->entries), by_entry, n->chars);
}

void names_finish(struct names *n)
{
	uint32_t count, slots = 16;

	must(!n->list.failed && !n->adding.failed);
	names_settle(n);
	count = words_count(n);
	while (slots < count * 2)
		slots *= 2;
	n->words = ARENA_ARRAY(n->arena, count + 1, struct known);
	n->refs = ARENA_ARRAY(n->arena, n->entries_len + 1, uint32_t);
	unite(n);
	buf_free(&n->adding);
	n->entries = NULL;
	n->slots_mask = slots - 1;
	n->bloom_mask = slots * 8 - 1;
	n->slots = ARENA_ARRAY(n->arena, slots, uint32_t);
	n->bloom = ARENA_ARRAY(n->arena, slots, uint8_t);
	for (uint32_t k = 0; k < n->words_len; k++) {
		slot_put(n, k);
		bloom_put(n, n->chars + n->words[k].at);
	}
}

uint32_t names_count(const struct names *n)
{
	return n->words_len;
}

struct name_hit names_nth(const struct names *n, uint32_t k)
{
	return (struct name_hit){ n->refs + n->words[k].refs, n->words[k + 1].refs - n->words[k].refs,
		n->chars[n->words[k].at] };
}

uint32_t names_chars(const struct names *n, uint32_t k, uint32_t *out)
{
	const uint32_t *word = n->chars + n->words[k].at;

	for (uint32_t i = 0; i < word[0]; i++)
		out[i] = word[i + 1];
	return word[0];
}

static bool same(const uint32_t *word, const uint32_t *cps, uint32_t len)
{
	if (word[0] != len)
		return false;
	for (uint32_t i = 0; i < len; i++)
		if (word[i + 1] != cps[i])
			return false;
	return true;
}

static bool find(const struct names *n, uint32_t hash, const uint32_t *cps, uint32_t len, struct name_hit *out)
{
	for (uint32_t s = hash & n->slots_mask; n->slots[s]; s = (s + 1) & n->slots_mask) {
		uint32_t k = n->slots[s] - 1;

		if (n->words[k].hash == hash && same(n->chars + n->words[k].at, cps, len)) {
			*out = names_nth(n, k);
			return true;
		}
	}
	return false;
}

bool names_find(const struct names *n, const uint32_t *cps, uint32_t len, struct name_hit *out)
{
	uint32_t h = 0;

	for (uint32_t i = 0; i < len; i++)
		h = mix(h, cps[i]);
	return len > 0 && len <= n->longest && find(n, h, cps, len, out);
}

bool names_find_str(const struct names *n, const char *s, struct name_hit *out)
{
	uint32_t cps[NAME_CHARS_MAX + 1], len = rtext_fold_name(s, cps, NAME_CHARS_MAX + 1);

	return len <= NAME_CHARS_MAX && names_find(n, cps, len, out);
}

/* A word in Latin letters ends where its letters end, a number where its digits do. */
static bool cut(const struct rtext *t, uint32_t i)
{
	uint32_t a = i > 0 ? t->at[i - 1].cp : 0, b = t->at[i].cp;

	if (i == 0 || i >= t->len)
		return true;
	if (is_digit(a) && (is_digit(b) || (b == '.' && is_digit(t->at[i + 1].cp))))
		return false;
	if (is_digit(b) && (a == '.' && i > 1 && is_digit(t->at[i - 2].cp)))
		return false;
	return !(is_alnum(a) && is_alnum(b)) || is_digit(a) != is_digit(b);
}

uint32_t names_at(const struct names *n, const struct rtext *t, uint32_t i, struct name_hit *out, uint32_t max)
{
	uint32_t cps[NAME_CHARS_MAX], len = 0, found = 0, h = 0, at = i;
	struct name_hit hit;

	if (n->words_len == 0 || i >= t->len || !cut(t, i) ||
		!(bloom_has(n, t->at[i].cp, 0) || bloom_has(n, t->at[i].cp, t->at[i + 1].cp)))
		return 0;
	while (len < n->longest && at < t->len && t->at[at].cp != '\n' && found < max) {
		uint32_t cp = t->at[at].cp == '\t' ? ' ' : t->at[at].cp;

		cps[len++] = cp;
		h = mix(h, cp);
		at++;
		while (cp == ' ' && at < t->len && is_blank(t->at[at].cp))
			at++;
		if (find(n, h, cps, len, &hit) && cut(t, at)) {
			hit.chars = at - i;
			out[found++] = hit;
		}
		if (len == LONG_CHARS && !bloom_is(n, h))
			break;
	}
	return found;
}

bool names_prefix(const struct names *n, const uint32_t *cps, uint32_t len, uint32_t *next, struct name_hit *out)
{
	uint32_t want[NAME_CHARS_MAX + 1] = { len };
	uint32_t lo = 0, hi = n->words_len;
	const uint32_t *word;

	for (uint32_t i = 0; i < len; i++)
		want[i + 1] = cps[i];
	while (lo < hi) {
		uint32_t mid = (lo + hi) / 2;

		if (by_word(n->chars + n->words[mid].at, want) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	lo += *next;
	if (lo >= n->words_len)
		return false;
	word = n->chars + n->words[lo].at;
	if (word[0] < len || memcmp(word + 1, want + 1, len * sizeof(*word)) != 0)
		return false;
	(*next)++;
	*out = names_nth(n, lo);
	return true;
}
