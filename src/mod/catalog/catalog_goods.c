/* catalog_goods: what an order needs to know of its goods, remembered by the thread that writes orders. The catalogue's
 * stamp is read in the same transaction; while it stays, what is remembered is what the tables say. */
#include "gen/catalog_sql.h"
#include "mod/catalog/catalog.h"

#include "base/rand.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define BUCKETS   1024
#define GOODS_MAX 2000 /* then the shelf is cleared: about 2 MB */

struct shelf_item {
	struct goods goods;
	struct shelf_item *next;
};

struct shelf {
	struct arena *arena;
	uint64_t db;
	int64_t stamp;
	size_t len;
	struct shelf_item *buckets[BUCKETS];
};

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t shelf_key;

static void shelf_free(void *at)
{
	struct shelf *s = at;

	arena_free(s->arena);
	free(s);
}

static void make_key(void)
{
	must(pthread_key_create(&shelf_key, shelf_free) == 0);
}

static struct shelf *my_shelf(void)
{
	struct shelf *s;

	must(pthread_once(&once, make_key) == 0);
	s = pthread_getspecific(shelf_key);
	if (s == NULL) {
		s = calloc(1, sizeof(*s));
		must(s != NULL && pthread_setspecific(shelf_key, s) == 0);
		s->arena = arena_new();
	}
	return s;
}

static void clear(struct shelf *s)
{
	arena_reset(s->arena);
	memset(s->buckets, 0, sizeof(s->buckets));
	s->len = 0;
}

/* The shelf as the open transaction may use it: empty if anything in the catalogue changed. */
static bool shelf_open(struct ctx *c, size_t more, struct shelf **out)
{
	struct shelf *s = my_shelf();
	int64_t stamp;

	if (!catalog_stamp_get(c, &stamp))
		return false;
	if (s->db != db_serial(c->db) || s->stamp != stamp || s->len + more > GOODS_MAX)
		clear(s);
	s->db = db_serial(c->db);
	s->stamp = stamp;
	*out = s;
	return true;
}

static struct shelf_item **bucket(struct shelf *s, const char *sku)
{
	uint32_t h = 2166136261U;

	for (; *sku != '\0'; sku++)
		h = (h ^ (unsigned char)*sku) * 16777619U;
	return &s->buckets[h % BUCKETS];
}

static const struct goods *known(struct shelf *s, const char *sku)
{
	if (sku == NULL)
		return NULL;
	for (struct shelf_item *i = *bucket(s, sku); i != NULL; i = i->next)
		if (strcmp(i->goods.product->sku, sku) == 0)
			return &i->goods;
	return NULL;
}

static void put(struct shelf *s, const struct product *p, const struct product_unit *units, size_t len)
{
	struct shelf_item *i = ARENA_NEW(s->arena, struct shelf_item), **at = bucket(s, p->sku);
	size_t from = 0;

	while (from < len && units[from].product_id != p->id)
		from++;
	i->goods = (struct goods){ .product = p, .units = &units[from] };
	while (from + i->goods.units_len < len && units[from + i->goods.units_len].product_id == p->id)
		i->goods.units_len++;
	i->next = *at;
	*at = i;
	s->len++;
}

/* The rows come straight into the shelf's own memory. */
static bool fetch(struct ctx *c, struct shelf *s, struct strs skus)
{
	struct ctx own = *c;
	struct product *p;
	struct product_unit *units;
	size_t len, units_len;
	int64_t *ids;

	own.arena = s->arena;
	if (!product_find_all(&own, skus, &p, &len)) {
		c->err = own.err;
		return false;
	}
	ids = ARENA_ARRAY(c->arena, len + 1, int64_t);
	for (size_t i = 0; i < len; i++)
		ids[i] = p[i].id;
	if (!product_units(&own, (struct i64s){ ids, len }, &units, &units_len)) {
		c->err = own.err;
		return false;
	}
	for (size_t i = 0; i < len; i++)
		put(s, &p[i], units, units_len);
	return true;
}

bool goods_find_all(struct ctx *c, struct strs skus, struct goods **out)
{
	const char **missing = ARENA_ARRAY(c->arena, skus.len + 1, const char *);
	size_t n = 0;
	struct shelf *s;

	if (!shelf_open(c, skus.len, &s))
		return false;
	for (size_t i = 0; i < skus.len; i++)
		if (skus.at[i] != NULL && known(s, skus.at[i]) == NULL)
			missing[n++] = skus.at[i];
	if (n > 0 && !fetch(c, s, (struct strs){ missing, n }))
		return false;
	*out = ARENA_ARRAY(c->arena, skus.len + 1, struct goods);
	for (size_t i = 0; i < skus.len; i++) {
		const struct goods *g = known(s, skus.at[i]);
		if (g != NULL)
			(*out)[i] = *g;
	}
	return true;
}

/* A number nobody had before: also after a rollback no two states of the catalogue share one. */
bool catalog_touched(struct ctx *c)
{
	int64_t stamp;

	rng_bytes(c->rng, &stamp, sizeof(stamp));
	return catalog_stamp_set(c, stamp == INT64_MIN ? 1 : stamp);
}
