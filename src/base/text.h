/* text: every sentence a person sees, in every language huodan speaks.
 * The keys come from the text files of all modules (src/<part>/text/{zh-CN,en}.txt); a key that one language lacks
 * fails the build. Placeholders are {0} {1} ... and always strings. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include "gen/text_keys.h" /* enum text { T_none, T_order_confirm, ... T_count }; */

struct arena;

enum lang { LANG_ZH, LANG_EN, LANG_COUNT };

/* The raw text; never NULL. */
const char *text_get(enum lang lang, enum text key);
/* The text with its placeholders filled; args end with NULL. Lives in the arena. */
const char *text_fill(struct arena *a, enum lang lang, enum text key, const char *const *args);
/* The key with this name ("order.confirm"), T_none if there is none. */
enum text text_find(const char *name);
/* "zh-CN" or "en" */
const char *lang_tag(enum lang lang);
/* Reads an Accept-Language header or a stored tag; falls back to Chinese. */
enum lang lang_parse(const char *s);

#endif
