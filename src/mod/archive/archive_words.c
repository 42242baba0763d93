/* archive_words: what a text is found by. Runs of Han give their pairs (and a lone character itself), other words are
 * folded; a name also gives its pinyin initials. The same is done with what is searched for. */
#include "mod/archive/archive.h"

#include "app/pinyin.h"
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

#define WORD_BYTES_MAX 40

struct words {
	struct arena *a;
	const char **at;
	size_t len, cap;
	bool initials; /* a record is found by them too; a question is taken as it is */
};

static void add(struct words *w, const char *word)
{
	if (*word == '\0')
		return;
	if (w->len == w->cap) {
		size_t cap = w->cap == 0 ? 32 : 2 * w->cap;
		const char **more = ARENA_ARRAY(w->a, cap, const char *);
		if (w->len > 0)
			memcpy(more, w->at, w->len * sizeof(*more));
		w->at = more;
		w->cap = cap;
	}
	w->at[w->len++] = word;
}

/* "hfspg" is found by its own endings too. Of a long one only the endings somebody would type: all of them would be the
 * square of its length. */
static void add_endings(struct words *w, const char *initials)
{
	size_t len = strlen(initials);

	for (size_t i = len > WORD_BYTES_MAX ? len - WORD_BYTES_MAX : 0; i + 2 <= len; i++)
		if (((unsigned char)initials[i] & 0xc0) != 0x80)
			add(w, initials + i);
}

static void add_han(struct words *w, const char *s, size_t len)
{
	const char *end = s + len, *first = s, *second, *third;

	if (utf8_count(arena_strndup(w->a, s, len)) == 1) {
		add(w, arena_strndup(w->a, s, len));
		return;
	}
	while (first < end) {
		second = first;
		(void)utf8_next(&second);
		third = second;
		if (second >= end)
			break;
		(void)utf8_next(&third);
		add(w, arena_strndup(w->a, first, (size_t)(third - first)));
		first = second;
	}
	if (!w->initials)
		return;
	add_endings(w, pinyin_initials(w->a, arena_strndup(w->a, s, len)));
}

static bool is_word(uint32_t cp)
{
	return (cp >= '0' && cp <= '9') || (cp >= 'a' && cp <= 'z') || (cp >= 'A' && cp <= 'Z') || cp > 0x7f;
}

static int by_word(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void unique(struct words *w)
{
	size_t n = 0;

	if (w->len == 0)
		return;
	qsort(w->at, w->len, sizeof(*w->at), by_word);
	for (size_t i = 0; i < w->len; i++)
		if (n == 0 || strcmp(w->at[n - 1], w->at[i]) != 0)
			w->at[n++] = w->at[i];
	w->len = n;
}

struct strs archive_words(struct arena *a, const char *text, bool initials)
{
	struct words w = { .a = a, .initials = initials };
	const char *s = text != NULL ? text : "";

	while (*s != '\0') {
		const char *from = s, *next = s;
		bool han = utf8_is_han(utf8_next(&next));
		uint32_t cp;

		for (const char *p = s; *p != '\0'; s = p) {
			cp = utf8_next(&p);
			if (utf8_is_han(cp) != han || (!han && !is_word(cp)))
				break;
		}
		if (s == from)
			s = next;
		else if (han)
			add_han(&w, from, (size_t)(s - from));
		else if (s - from <= WORD_BYTES_MAX)
			add(&w, name_fold(a, arena_strndup(a, from, (size_t)(s - from))));
	}
	unique(&w);
	return (struct strs){ w.at, w.len };
}
