/* From the text to the answer. */
#include "mod/reading/reading_int.h"

#include "base/rand.h"
#include "base/utf8.h"
#include "gen/reading_sql.h"
#include "mod/catalog/catalog.h"
#include "mod/customer/customer.h"

const struct field reading_stamp_fields[] = {
	FIELD(struct reading_stamp, what, T_none),
	FIELD(struct reading_stamp, stamp, T_none),
	FIELD_END,
};

/* A random number, not a count: what was read in a transaction that was rolled back is never taken for the truth of
 * another that follows it. */
static bool stamp(struct ctx *c, const char *what)
{
	int64_t n;

	rng_bytes(c->rng, &n, sizeof(n));
	return reading_stamp_put(c, what, n & INT64_MAX);
}

static bool goods_changed(struct ctx *c, const struct event *e)
{
	(void)e;
	return stamp(c, "goods");
}

static bool people_changed(struct ctx *c, const struct event *e)
{
	(void)e;
	return stamp(c, "people");
}

const struct listen reading_listens[] = {
	{ "product.created", goods_changed },
	{ "product.changed", goods_changed },
	{ "product.imported", goods_changed },
	{ "product.units_imported", goods_changed },
	{ "customer.created", people_changed },
	{ "customer.changed", people_changed },
	{ "customer.imported", people_changed },
	{ NULL, NULL },
};

bool reading_parse(struct ctx *c, const struct reading_in *in, struct reading *out)
{
	struct reading_span *all = ARENA_NEW(c->arena, struct reading_span);

	*all = (struct reading_span){ in->text, 0, (int64_t)utf8_count(in->text) };
	*out = (struct reading){ .customer = in->customer,
		.delivery_date = DATE_NONE,
		.intent = "new",
		.unresolved = all,
		.unresolved_len = 1 };
	return true;
}

bool reading_alias_learn(struct ctx *c, int64_t customer_id, const char *text, int64_t product_id)
{
	struct product p;

	return product_get(c, product_id, &p) && customer_alias_set(c, customer_id, text, p.sku);
}
