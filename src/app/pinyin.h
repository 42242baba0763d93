/* pinyin: how a name is typed. A clerk who looks for 西红柿 types xhs, xihongshi, hongshi or 红柿.
 * Readings come from data/pinyin: one per character, and words in which it is another (长沙, 银行, 厦门). */
#ifndef APP_PINYIN_H
#define APP_PINYIN_H

#include <stddef.h>

struct arena;

#define NAME_KEYS_MAX      24
#define NAME_KEY_BYTES_MAX 60

/* "xihongshi". Other characters: ASCII in lower case (full-width too), blanks and all else left out. ü is v.
 */
const char *pinyin_full(struct arena *a, const char *han);
/* "xhs" */
const char *pinyin_initials(struct arena *a, const char *han);
/* The form of a search text that a key can start with: lower case, half-width, no blanks; Han stays Han. */
const char *name_fold(struct arena *a, const char *s);
/* Every key under which prefix search finds the name: from each Han character and each word on, the rest
 * itself, its initials and its pinyin. Folded, each once, at most NAME_KEY_BYTES_MAX long and NAME_KEYS_MAX
 * of them. */
size_t name_keys(struct arena *a, const char *name, const char ***keys);

/* The tables made by tools/pinyingen, sorted by bytes; the syllables of a word are separated by blanks. */
struct pinyin_reading {
	const char *han;
	const char *pinyin;
};
extern const struct pinyin_reading pinyin_chars[], pinyin_words[];
extern const size_t pinyin_chars_len, pinyin_words_len;

#endif
