/* pinyin: see pinyin.h. A name is first cut into units, one per character, and everything is made from those.
 */
#include "app/pinyin.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/utf8.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#define WORD_CHARS_MAX 6

struct unit {
	char text[5];         /* the folded character */
	const char *syllable; /* NULL where there is no reading */
	size_t syllable_len;
	bool starts; /* a Han character or the first of an ASCII word: people begin to type here */
};

static const char *reading(const struct pinyin_reading *list, size_t len, const char *han, size_t han_len)
{
	size_t lo = 0, hi = len;

	while (lo < hi) {
		size_t mid = (lo + hi) / 2;
		int d = strncmp(list[mid].han, han, han_len);

		if (d == 0)
			d = list[mid].han[han_len] != '\0';
		if (d == 0)
			return list[mid].pinyin;
		if (d < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return NULL;
}

/* Bytes of the first n characters, 0 if there are not so many. */
static size_t chars_bytes(const char *s, size_t n)
{
	const char *at = s;

	while (n-- > 0)
		if (utf8_next(&at) == 0)
			return 0;
	return (size_t)(at - s);
}

/* The longest word that begins at s, else the character itself. */
static const char *reading_at(const char *s)
{
	const char *found;
	size_t len;

	for (size_t n = WORD_CHARS_MAX; n >= 1; n--) {
		len = chars_bytes(s, n);
		found = len ? reading(pinyin_words, pinyin_words_len, s, len) : NULL;
		if (found != NULL)
			return found;
	}
	return reading(pinyin_chars, pinyin_chars_len, s, chars_bytes(s, 1));
}

/* Full-width forms become ASCII, upper case lower, blanks 0. */
static uint32_t fold(uint32_t cp)
{
	if (cp >= 0xFF01 && cp <= 0xFF5E)
		cp -= 0xFF01 - '!';
	if (cp <= ' ' || cp == 0xA0 || cp == 0x3000 || cp == 0xFFFD)
		return 0;
	return cp < 0x80 ? (uint32_t)tolower((int)cp) : cp;
}

static bool is_alnum(const struct unit *u)
{
	return isalnum((unsigned char)u->text[0]);
}

/* The next syllable of a word's reading, and behind it. */
static const char *take_syllable(struct unit *u, const char *s)
{
	u->syllable = s;
	u->syllable_len = strcspn(s, " ");
	s += u->syllable_len;
	return *s == ' ' ? s + 1 : NULL;
}

static size_t cut(struct arena *a, const char *s, struct unit **out)
{
	struct unit *units = ARENA_ARRAY(a, strlen(s) + 1, struct unit);
	const char *rest = NULL; /* of the word we are in */
	size_t len = 0;
	bool gap = true;

	while (*s) {
		const char *at = s;
		uint32_t cp = fold(utf8_next(&s));
		struct unit *u = &units[len];

		if (cp != 0) {
			utf8_put(u->text, cp);
			if (rest == NULL && cp >= 0x80)
				rest = reading_at(at);
			if (rest != NULL)
				rest = take_syllable(u, rest);
			u->starts = utf8_is_han(cp) || (is_alnum(u) && (gap || len == 0 || !is_alnum(u - 1)));
			len++;
		}
		gap = cp == 0;
	}
	*out = units;
	return len;
}

enum face { FACE_SELF, FACE_INITIALS, FACE_PINYIN, FACES };

static void put_unit(struct buf *b, const struct unit *u, enum face face)
{
	if (face == FACE_SELF)
		buf_str(b, u->text);
	else if (u->syllable != NULL)
		buf_add(b, u->syllable, face == FACE_INITIALS ? 1 : u->syllable_len);
	else if ((unsigned char)u->text[0] < 0x80)
		buf_str(b, u->text);
}

/* At most max bytes, ending with a whole unit. */
static const char *spell(struct arena *a, const struct unit *units, size_t len, enum face face, size_t max)
{
	struct buf b;

	buf_init(&b, a);
	for (size_t i = 0; i < len; i++) {
		size_t before = b.len;

		put_unit(&b, &units[i], face);
		if (b.len > max) {
			b.data[before] = '\0';
			break;
		}
	}
	return b.data ? b.data : "";
}

static const char *spell_all(struct arena *a, const char *s, enum face face)
{
	struct unit *units;
	size_t len = cut(a, s, &units);

	return spell(a, units, len, face, SIZE_MAX);
}

const char *pinyin_full(struct arena *a, const char *han)
{
	return spell_all(a, han, FACE_PINYIN);
}

const char *pinyin_initials(struct arena *a, const char *han)
{
	return spell_all(a, han, FACE_INITIALS);
}

const char *name_fold(struct arena *a, const char *s)
{
	return spell_all(a, s, FACE_SELF);
}

static void key_add(const char **keys, size_t *len, const char *key)
{
	for (size_t i = 0; i < *len; i++)
		if (strcmp(keys[i], key) == 0)
			return;
	if (*key != '\0' && *len < NAME_KEYS_MAX)
		keys[(*len)++] = key;
}

size_t name_keys(struct arena *a, const char *name, const char ***keys)
{
	struct unit *units;
	size_t units_len = cut(a, name, &units), len = 0;

	*keys = ARENA_ARRAY(a, NAME_KEYS_MAX, const char *);
	for (size_t i = 0; i < units_len && len < NAME_KEYS_MAX; i++)
		for (enum face face = 0; units[i].starts && face < FACES; face++)
			key_add(*keys, &len, spell(a, units + i, units_len - i, face, NAME_KEY_BYTES_MAX));
	return len;
}
