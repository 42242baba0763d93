/* catalog_goods: what an order needs to know of its goods, remembered by the connection that writes orders. The catalogue's
 * stamp is read in the same transaction; while it stays, what is remembered is what the tables say. */
#include "gen/catalog_sql.h"
#include "mod/catalog/catalog.h"

#include "base/rand.h"
#include "db/db.h"

#include <string.h>

#define BUCKETS     1024
#define GOODS_MAX   2000       /* then the shelf is cleared: about 2 MB */
#define SHELF_BYTES (8U << 20) /* what was asked for and is not sold leaves its words behind */

struct shelf_item {
	struct goods goods;
	struct shelf_item *next;
};

struct shelf {
	struct arena *arena; /* the shelf's own life */
	struct arena *goods; /* what stands on it, until it is cleared */
	int64_t stamp;
	size_t len;
	struct shelf_item *buckets[BUCKETS];
};

static void shelf_drop(void *kept)
{
	struct shelf *s = kept;

	arena_free(s->goods);
	arena_free(s->arena);
}

static struct shelf *shelf_of(struct ctx *c)
{
	void **kept = db_kept(c->db, shelf_drop);

	if (*kept == NULL) {
		struct arena *a = arena_new();
		struct shelf *s = ARENA_NEW(a, struct shelf);
		s->arena = a;
		s->goods = arena_new();
		*kept = s;
	}
	return *kept;
}

static void clear(struct shelf *s)
{
	arena_reset(s->goods);
	memset(s->buckets, 0, sizeof(s->buckets));
	s->len = 0;
}

/* The shelf as the open transaction may use it: empty if anything in the catalogue changed. */
static bool shelf_open(struct ctx *c, size_t more, struct shelf **out)
{
	struct shelf *s = shelf_of(c);
	int64_t stamp;

	if (!catalog_stamp_get(c, &stamp))
		return false;
	if (s->stamp != stamp || s->len + more > GOODS_MAX || arena_used(s->goods) > SHELF_BYTES)
		clear(s);
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
	struct shelf_item *i = ARENA_NEW(s->goods, struct shelf_item), **at = bucket(s, p->sku);
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

	own.arena = s->goods;
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
