/* wares: all goods by everything they are called, in this process's memory. Built from the tables page by page; kept until
 * the catalogue's stamp changes. */
#include "mod/reading/reading_int.h"

#include "app/pinyin.h"
#include "base/utf8.h"
#include "gen/reading_sql.h"
#include "mod/catalog/catalog.h"
#include "mod/reading/reading_row.h"

#include <stdlib.h>
#include <string.h>

#define PAGE_ROWS 1000
#define HAN_FIRST 0x4E00
#define HAN_LAST  0x9FFF

const struct field goods_row_fields[] = {
	FIELD(struct goods_row, id, T_none),
	FIELD(struct goods_row, sku, T_none),
	FIELD(struct goods_row, name, T_none),
	FIELD(struct goods_row, spec, T_none),
	FIELD(struct goods_row, origin, T_none),
	FIELD(struct goods_row, base_unit, T_none),
	FIELD(struct goods_row, barcode, T_none),
	FIELD(struct goods_row, integer_only, T_none),
	FIELD(struct goods_row, aliases, T_none),
	FIELD_END,
};
const struct field unit_row_fields[] = {
	FIELD(struct unit_row, product_id, T_none),
	FIELD(struct unit_row, unit, T_none),
	FIELD(struct unit_row, num, T_none),
	FIELD(struct unit_row, den, T_none),
	FIELD(struct unit_row, barcode, T_none),
	FIELD(struct unit_row, default_sales, T_none),
	FIELD_END,
};

/* ---- building ---- */

/* Lists that grow while the build goes on, outside of arenas: those would keep every size they had. */
static void *list_keep(struct arena *a, struct buf *list)
{
	void *kept = arena_alloc(a, list->len + 8);

	must(!list->failed);
	if (list->len > 0)
		memcpy(kept, list->data, list->len);
	buf_free(list);
	return kept;
}

struct builder {
	struct wares *g;
	struct arena *own;     /* what stays */
	struct arena *scratch; /* of a page */
	struct buf strings, wares, units;
	const char *unit_last[64]; /* names of units are few and the same */
	uint32_t unit_offsets[64], unit_count;
};

static uint32_t put_string(struct builder *b, const char *s)
{
	uint32_t off = (uint32_t)b->strings.len;

	buf_add(&b->strings, s, strlen(s) + 1);
	return off;
}

static uint32_t put_unit_name(struct builder *b, const char *s)
{
	for (uint32_t k = 0; k < b->unit_count; k++)
		if (strcmp(b->strings.data + b->unit_offsets[k], s) == 0)
			return b->unit_offsets[k];
	names_add_str(b->g->unit_names, s, 0);
	if (b->unit_count == ARRAY_LEN(b->unit_offsets))
		return put_string(b, s);
	b->unit_offsets[b->unit_count] = put_string(b, s);
	return b->unit_offsets[b->unit_count++];
}

static void add_name(struct builder *b, const char *s, uint32_t ref)
{
	if (s != NULL && *s != '\0')
		names_add_str(b->g->names, s, ref);
}

static void add_names(struct builder *b, const struct goods_row *p, uint32_t ref)
{
	char *rest = arena_strdup(b->scratch, p->aliases ? p->aliases : ""), *alias;

	add_name(b, p->sku, ref);
	add_name(b, p->barcode, ref);
	add_name(b, p->name, ref);
	while ((alias = strsep(&rest, "|")) != NULL)
		add_name(b, alias, ref);
}

/* Name, spec, origin and aliases in one, as they are compared. */
static uint32_t put_all(struct builder *b, const struct goods_row *p)
{
	const char *all = arena_printf(b->scratch, "%s|%s|%s|%s", p->name, p->spec ? p->spec : "",
		p->origin ? p->origin : "", p->aliases ? p->aliases : "");
	struct rtext t = rtext_of(b->scratch, all);
	char utf8[4];
	uint32_t off = (uint32_t)b->strings.len;

	for (uint32_t i = 0; i < t.len; i++)
		if (!is_blank(t.at[i].cp))
			buf_add(&b->strings, utf8, utf8_put(utf8, t.at[i].cp));
	buf_add(&b->strings, "", 1);
	return off;
}

static void add_units(struct builder *b, struct ware *w, const struct unit_row *u, size_t len)
{
	w->units = (uint32_t)(b->units.len / sizeof(struct ware_unit));
	w->usual = w->base;
	for (size_t i = 0; i < len && w->units_len < UINT16_MAX; i++) {
		struct ware_unit one = { put_unit_name(b, u[i].unit), (uint32_t)u[i].num, (uint32_t)u[i].den };

		buf_add(&b->units, &one, sizeof(one));
		w->usual = u[i].default_sales ? one.name : w->usual;
		w->units_len++;
		if (u[i].barcode)
			add_name(b, u[i].barcode, (uint32_t)(b->wares.len / sizeof(struct ware)));
	}
}

static void add_ware(struct builder *b, const struct goods_row *p, const struct unit_row *u, size_t len)
{
	uint32_t ref = (uint32_t)(b->wares.len / sizeof(struct ware));
	struct ware w = { .id = p->id,
		.sku = put_string(b, p->sku),
		.name = put_string(b, p->name),
		.base = put_unit_name(b, p->base_unit),
		.integer_only = p->integer_only,
		.weight = unit_is_weight(p->base_unit) };

	w.all = put_all(b, p);
	add_units(b, &w, u, len);
	add_names(b, p, ref);
	buf_add(&b->wares, &w, sizeof(w));
}

static bool load_page(struct ctx *c, struct builder *b, int64_t *after)
{
	struct goods_row *p;
	struct unit_row *u;
	size_t len, units, at = 0, end;

	if (!reading_goods_page(c, *after, PAGE_ROWS, &p, &len))
		return false;
	if (len == 0) {
		*after = INT64_MAX;
		return true;
	}
	if (!reading_units_page(c, *after, p[len - 1].id, &u, &units))
		return false;
	for (size_t i = 0; i < len; i++) {
		while (at < units && u[at].product_id < p[i].id)
			at++;
		for (end = at; end < units && u[end].product_id == p[i].id; end++)
			;
		add_ware(b, &p[i], u + at, end - at);
		at = end;
	}
	*after = p[len - 1].id;
	return true;
}

/* ---- sounds ---- */

static uint32_t hash_letters(uint32_t h, const char *s)
{
	for (; *s; s++)
		h = (h ^ (unsigned char)*s) * 16777619U;
	return h;
}

static void learn_syllables(struct wares *g, struct arena *own)
{
	g->syllables = ARENA_ARRAY(own, HAN_LAST - HAN_FIRST + 1, uint32_t);
	for (size_t i = 0; i < pinyin_chars_len; i++) {
		const char *s = pinyin_chars[i].han;
		uint32_t cp = utf8_next(&s);

		/* The place in the table: its letters are found there again. */
		if (cp >= HAN_FIRST && cp <= HAN_LAST)
			g->syllables[cp - HAN_FIRST] = (uint32_t)i + 1;
	}
}

static const char *syllable(const struct wares *g, uint32_t cp)
{
	uint32_t k = cp >= HAN_FIRST && cp <= HAN_LAST ? g->syllables[cp - HAN_FIRST] : 0;

	return k ? pinyin_chars[k - 1].pinyin : NULL;
}

uint32_t wares_sound(const struct wares *g, const uint32_t *cps, uint32_t len)
{
	uint32_t h = 2166136261U;

	for (uint32_t i = 0; i < len; i++) {
		const char *s = syllable(g, cps[i]);

		if (s == NULL)
			return 0;
		h = hash_letters(h, s);
	}
	return h ? h : 1;
}

uint32_t sound_of_letters(const char *letters)
{
	uint32_t h = hash_letters(2166136261U, letters);

	return h ? h : 1;
}

static uint32_t initials_of(const struct wares *g, const uint32_t *cps, uint32_t len)
{
	uint32_t h = 2166136261U;

	for (uint32_t i = 0; i < len; i++) {
		const char *s = syllable(g, cps[i]);

		if (s == NULL)
			return 0;
		h = (h ^ (unsigned char)s[0]) * 16777619U;
	}
	return h ? h : 1;
}

static int by_sound(const void *x, const void *y)
{
	const struct sound *a = x, *b = y;

	if (a->hash != b->hash)
		return a->hash < b->hash ? -1 : 1;
	return (a->name > b->name) - (a->name < b->name);
}

static void learn_sounds(struct wares *g, struct arena *own)
{
	uint32_t cps[NAME_CHARS_MAX], n = names_count(g->names);

	g->sounds = ARENA_ARRAY(own, n + 1, struct sound);
	g->initials = ARENA_ARRAY(own, n + 1, struct sound);
	for (uint32_t k = 0; k < n; k++) {
		uint32_t len = names_chars(g->names, k, cps), sound = wares_sound(g, cps, len);

		if (sound == 0 || len < 2)
			continue;
		g->sounds[g->sounds_len++] = (struct sound){ sound, k };
		g->initials[g->initials_len++] = (struct sound){ initials_of(g, cps, len), k };
	}
	if (g->sounds_len > 0) {
		qsort(g->sounds, g->sounds_len, sizeof(*g->sounds), by_sound);
		qsort(g->initials, g->initials_len, sizeof(*g->initials), by_sound);
	}
}

static void finish(struct builder *b)
{
	struct wares *g = b->g;

	g->wares_len = (uint32_t)(b->wares.len / sizeof(struct ware));
	g->strings = list_keep(b->own, &b->strings);
	g->wares = list_keep(b->own, &b->wares);
	g->units = list_keep(b->own, &b->units);
	names_finish(g->names);
	names_finish(g->unit_names);
	learn_syllables(g, b->own);
	learn_sounds(g, b->own);
}

static bool build(struct ctx *c, struct arena *own, struct kept **out)
{
	struct builder b = { .g = ARENA_NEW(own, struct wares), .own = own, .scratch = c->arena };
	int64_t after = INT64_MIN + 1;
	bool good = true;

	b.g->names = names_new(own);
	b.g->unit_names = names_new(own);
	b.g->words = words_new(own);
	b.g->foods = foods_new(own);
	put_string(&b, "");
	while (good && after != INT64_MAX) {
		good = load_page(c, &b, &after);
		if (good)
			arena_reset(b.scratch);
	}
	finish(&b);
	*out = &b.g->kept;
	return good;
}

bool wares_take(struct ctx *c, struct wares **out)
{
	struct kept *kept;
	int64_t stamp;

	if (!catalog_stamp_get(c, &stamp) || !keep_take(c, KEEP_WARES, stamp, build, &kept))
		return false;
	*out = (struct wares *)kept;
	return true;
}

void wares_leave(struct wares *g)
{
	keep_leave(KEEP_WARES, &g->kept);
}

/* ---- asking ---- */

const char *wares_str(const struct wares *g, uint32_t off)
{
	return g->strings + off;
}

static bool gram_ratio(const char *unit, int64_t *grams)
{
	static const struct {
		const char *unit;
		int64_t grams;
	} weights[] = { { "公斤", 1000 }, { "斤", 500 }, { "两", 50 }, { "克", 1 }, { "担", 50000 }, { "吨", 1000000 },
		{ "千克", 1000 }, { "kg", 1000 }, { "g", 1 } };

	for (size_t k = 0; k < ARRAY_LEN(weights); k++)
		if (strcmp(weights[k].unit, unit) == 0) {
			*grams = weights[k].grams;
			return true;
		}
	return false;
}

bool ware_unit_listed(const struct wares *g, const struct ware *w, const char *unit, struct ratio *out)
{
	*out = (struct ratio){ 1, 1 };
	if (strcmp(unit, wares_str(g, w->base)) == 0)
		return true;
	for (uint32_t i = 0; i < w->units_len; i++) {
		const struct ware_unit *u = &g->units[w->units + i];

		if (strcmp(wares_str(g, u->name), unit) == 0) {
			*out = (struct ratio){ u->num, u->den };
			return true;
		}
	}
	return false;
}

bool ware_unit_ratio(const struct wares *g, const struct ware *w, const char *unit, struct ratio *out)
{
	int64_t of_unit, of_base;

	if (ware_unit_listed(g, w, unit, out))
		return true;
	if (gram_ratio(unit, &of_unit) && gram_ratio(wares_str(g, w->base), &of_base)) {
		*out = (struct ratio){ of_unit, of_base };
		return true;
	}
	*out = (struct ratio){ 12, 1 };
	return strcmp(unit, "打") == 0 && !w->weight;
}

/* ---- what a ware's texts say ---- */

static bool digits_stand(const char *s, const char *at, size_t len)
{
	return !((at > s && at[-1] >= '0' && at[-1] <= '9') || (at[len] >= '0' && at[len] <= '9') ||
		 (at > s + 1 && at[-1] == '.') || (at[len] == '.' && at[len + 1] >= '0' && at[len + 1] <= '9'));
}

static bool says_part(const char *all, const char *part, size_t len, bool number)
{
	const char *at = all;

	while ((at = strstr(at, part)) != NULL) {
		if (!number || digits_stand(all, at, len))
			return true;
		at++;
	}
	return false;
}

/* Weights and volumes are written both ways: 454克 and 454g. */
static const char *other_spelling(const char *part)
{
	static const char *const pairs[][2] = { { "克", "g" }, { "公斤", "kg" }, { "千克", "kg" }, { "升", "l" },
		{ "毫升", "ml" }, { "g", "克" }, { "kg", "公斤" }, { "l", "升" }, { "ml", "毫升" } };

	for (size_t k = 0; k < ARRAY_LEN(pairs); k++)
		if (strcmp(pairs[k][0], part) == 0)
			return pairs[k][1];
	return part;
}

static bool is_numeral(uint32_t cp)
{
	return is_digit(cp) || cp == '.';
}

/* A sign between the parts of a size: 330ml*24. */
static bool is_joint(const uint32_t *cps, uint32_t i, uint32_t len)
{
	return cps[i] == '*' || cps[i] == '/' || cps[i] == '-' || cps[i] == '#' || cps[i] == ' ' ||
	       (cps[i] == 'x' && i + 1 < len && is_digit(cps[i + 1]));
}

/* The text whole, or in parts: each number and each run of other characters must be there. */
bool ware_says(const struct wares *g, const struct ware *w, const uint32_t *cps, uint32_t len)
{
	const char *all = wares_str(g, w->all);
	char text[NAME_CHARS_MAX * 4 + 1];
	size_t n = 0;

	if (len == 0 || len > NAME_CHARS_MAX)
		return false;
	for (uint32_t i = 0; i < len; i++)
		n += utf8_put(text + n, cps[i]);
	text[n] = '\0';
	if (says_part(all, text, n, is_digit(cps[0]) || is_digit(cps[len - 1])))
		return true;
	n = 0;
	for (uint32_t i = 0; i < len; i++) {
		bool joint = is_joint(cps, i, len);

		if (!joint)
			n += utf8_put(text + n, cps[i]);
		if (n == 0 || (!joint && i + 1 < len && !is_joint(cps, i + 1, len) &&
				      is_numeral(cps[i]) == is_numeral(cps[i + 1])))
			continue;
		text[n] = '\0';
		if (!says_part(all, text, n, is_digit((unsigned char)text[0])) &&
			!says_part(all, other_spelling(text), strlen(other_spelling(text)), false))
			return false;
		n = 0;
	}
	return true;
}
