#include "mod/catalog/catalog_keys.h"

#include "app/pinyin.h"
#include "gen/catalog_sql.h"

#include <stdlib.h>
#include <string.h>

const struct field product_key_fields[] = { FIELD(struct product_key, key, T_none),
	FIELD(struct product_key, product_id, T_none), FIELD(struct product_key, rank, T_none), FIELD_END };

const struct field product_barcode_fields[] = { FIELD(struct product_barcode, product_id, T_none),
	FIELD(struct product_barcode, unit, T_none), FIELD_END };

struct key_list {
	struct product_key *at;
	size_t len, cap;
};

/* The last code point there is comes after everything that begins with q. */
const char *key_end(struct arena *a, const char *q)
{
	return arena_printf(a, "%s\xF4\x8F\xBF\xBF", q);
}

/* `key` is folded already; what it was made with may go. */
static void add(struct arena *a, struct key_list *l, int64_t product_id, const char *key, enum key_rank rank)
{
	if (*key == '\0')
		return;
	if (l->len == l->cap) {
		struct product_key *more = ARENA_ARRAY(a, l->cap ? l->cap * 2 : 64, struct product_key);

		if (l->len > 0)
			memcpy(more, l->at, l->len * sizeof(*more));
		l->at = more;
		l->cap = l->cap ? l->cap * 2 : 64;
	}
	l->at[l->len++] = (struct product_key){ arena_strdup(a, key), product_id, rank };
}

/* Han is the name itself; letters are initials where the initials of the name end so, else pinyin. */
static enum key_rank rank_of(const char *key, const char *initials)
{
	size_t n = strlen(key), of = strlen(initials);

	if ((unsigned char)*key >= 0x80)
		return KEY_NAME;
	return n <= of && strcmp(initials + of - n, key) == 0 ? KEY_INITIALS : KEY_PINYIN;
}

/* Where keys are made; emptied after every product, so that a large import stays small. */
struct maker {
	struct arena *keep, *scratch;
	struct key_list *list;
	int64_t product_id;
};

static void add_code(const struct maker *m, const char *code)
{
	if (code)
		add(m->keep, m->list, m->product_id, name_fold(m->scratch, code), KEY_CODE);
}

static void add_name(const struct maker *m, const char *name)
{
	const char **keys, *initials = pinyin_initials(m->scratch, name);
	size_t n = name_keys(m->scratch, name, &keys);

	for (size_t i = 0; i < n; i++)
		add(m->keep, m->list, m->product_id, keys[i], rank_of(keys[i], initials));
}

static void add_product(const struct maker *m, const struct product *p)
{
	char *rest = arena_strdup(m->scratch, p->aliases ? p->aliases : ""), *alias;

	add_code(m, p->sku);
	add_code(m, p->barcode);
	add_name(m, p->name);
	while ((alias = strsep(&rest, "|")))
		add_name(m, alias);
}

static void add_products(struct arena *a, struct key_list *l, const struct product *p, size_t len)
{
	struct maker m = { .keep = a, .scratch = arena_new(), .list = l };

	for (size_t i = 0; i < len; i++) {
		m.product_id = p[i].id;
		if (p[i].active)
			add_product(&m, &p[i]);
		arena_reset(m.scratch);
	}
	arena_free(m.scratch);
}

/* The best rank of a key comes first and stays; in order the tree of keys is filled from left to right. */
static int by_key(const void *x, const void *y)
{
	const struct product_key *a = x, *b = y;
	int d = strcmp(a->key, b->key);

	if (d == 0)
		d = (a->product_id > b->product_id) - (a->product_id < b->product_id);
	return d ? d : (a->rank > b->rank) - (a->rank < b->rank);
}

static int by_id(const void *x, const void *y)
{
	const int64_t *a = x, *b = y;

	return (*a > *b) - (*a < *b);
}

static bool add_unit_barcodes(struct ctx *c, struct key_list *l, struct i64s sold)
{
	struct product_unit *u;
	size_t len;

	if (!product_units(c, sold, &u, &len))
		return false;
	for (size_t i = 0; i < len; i++)
		if (u[i].barcode)
			add(c->arena, l, u[i].product_id, name_fold(c->arena, u[i].barcode), KEY_CODE);
	return true;
}

bool product_keys_write(struct ctx *c, const struct product *p, size_t len)
{
	int64_t *all = ARENA_ARRAY(c->arena, len + 1, int64_t), *sold = ARENA_ARRAY(c->arena, len + 1, int64_t);
	struct key_list l = { 0 };
	size_t n = 0;

	for (size_t i = 0; i < len; i++) {
		all[i] = p[i].id;
		if (p[i].active)
			sold[n++] = p[i].id;
	}
	add_products(c->arena, &l, p, len);
	qsort(all, len, sizeof(*all), by_id);
	if (!product_key_delete(c, (struct i64s){ all, len }) || !add_unit_barcodes(c, &l, (struct i64s){ sold, n }))
		return false;
	if (l.len > 0)
		qsort(l.at, l.len, sizeof(*l.at), by_key);
	return product_key_put(c, l.at, l.len);
}
