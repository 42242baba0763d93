/* intake_twin: the same order once more? The same customer, mostly the same goods, within a short time, whichever way it
 * came: phone now and a mail an hour later. */
#include "mod/intake/intake_int.h"

#include "gen/intake_sql.h"

#include <inttypes.h>
#include <string.h>

/* Half of the shorter list in common makes two lists look alike; a list of one or two lines only if all of it is. */
static bool looks_alike(const struct intake_twin *t, int64_t mine)
{
	int64_t shorter = t->lines_n < mine ? t->lines_n : mine;

	return t->same > 0 && (shorter <= 2 ? t->same >= shorter : t->same * 2 >= shorter);
}

static bool may_be_added_to(const char *state)
{
	static const char *const states[] = { "draft", "awaiting_confirmation", "in_review", "approved", NULL };

	return enum_find(states, state) >= 0;
}

static void dress(struct ctx *c, struct intake_twin *t)
{
	bool order = strcmp(t->what, "order") == 0;

	t->channel_text = text_get(c->lang, text_find(arena_printf(c->arena, "order.channel.%s", t->channel)));
	t->state_text = text_get(
		c->lang, text_find(arena_printf(c->arena, order ? "order.state.%s" : "intake.state.%s", t->state)));
	t->url = arena_printf(c->arena, order ? "/orders/%" PRId64 : "/intake/%" PRId64, t->id);
	t->may_add = order && may_be_added_to(t->state);
}

static void keep_alike(
	struct ctx *c, struct intake_twin *out, size_t *n, struct intake_twin *rows, size_t len, int64_t mine)
{
	for (size_t i = 0; i < len; i++)
		if (looks_alike(&rows[i], mine)) {
			out[(*n)++] = rows[i];
			dress(c, &out[*n - 1]);
		}
}

bool intake_twins(struct ctx *c, const struct intake_full *f, struct intake_twin **out, size_t *len)
{
	struct instant since = { f->in.received_at.us - setting_int(c, "intake.twin_hours") * HOUR_US };
	struct intake_twin *orders = NULL, *others = NULL;
	size_t orders_len, others_len;
	int64_t mine = 0;

	*len = 0;
	for (size_t i = 0; i < f->lines_len; i++)
		mine += f->lines[i].sku != NULL && f->lines[i].state != LN_DROPPED;
	if (mine == 0 || f->in.customer_id == INT64_MIN || f->in.state > IN_WAITING)
		return true;
	if (!intake_twin_orders(c, f->in.id, f->in.customer_id, since, f->in.order_id, &orders, &orders_len) ||
		!intake_twin_others(c, f->in.id, f->in.customer_id, since, &others, &others_len))
		return false;
	*out = ARENA_ARRAY(c->arena, orders_len + others_len + 1, struct intake_twin);
	keep_alike(c, *out, len, orders, orders_len, mine);
	keep_alike(c, *out, len, others, others_len, mine);
	return true;
}
