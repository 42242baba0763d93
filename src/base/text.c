/* text: looks sentences up in the tables made from the text files. */
#include "base/text.h"

#include "base/arena.h"
#include "base/buf.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

extern const char *const text_table[LANG_COUNT][T_count];
extern const char *const text_names[T_count];

const char *text_get(enum lang lang, enum text key)
{
	const char *s = text_table[lang][key];

	return s != NULL ? s : "";
}

const char *text_fill(struct arena *a, enum lang lang, enum text key, const char *const *args)
{
	const char *s = text_get(lang, key);
	size_t n = 0;
	struct buf b;

	while (args != NULL && args[n] != NULL)
		n++;
	buf_init(&b, a);
	for (; *s != '\0'; s++) {
		if (s[0] == '{' && s[1] >= '0' && s[1] <= '9' && s[2] == '}') {
			size_t i = (size_t)(s[1] - '0');
			buf_str(&b, i < n ? args[i] : "");
			s += 2;
		} else {
			buf_char(&b, *s);
		}
	}
	return buf_cstr(&b);
}

static int by_name(const void *name, const void *entry)
{
	return strcmp(name, *(const char *const *)entry);
}

/* The names are sorted by the generator, T_none first. */
enum text text_find(const char *name)
{
	const char *const *hit = bsearch(name, text_names + 1, T_count - 1, sizeof(text_names[0]), by_name);

	return hit != NULL ? (enum text)(hit - text_names) : T_none;
}

const char *lang_tag(enum lang lang)
{
	return lang == LANG_EN ? "en" : "zh-CN";
}

enum lang lang_parse(const char *s)
{
	const char *en, *zh;

	if (s == NULL)
		return LANG_ZH;
	en = strcasestr(s, "en");
	zh = strcasestr(s, "zh");
	return en != NULL && (zh == NULL || en < zh) ? LANG_EN : LANG_ZH;
}
