/* From the text to the answer. */
#include "mod/reading/reading_int.h"

#include "base/rand.h"
#include "base/utf8.h"
#include "gen/reading_sql.h"
#include "mod/catalog/catalog.h"
#include "mod/customer/customer.h"
#include "mod/reading/reading_row.h"

#include <string.h>

/* ---- what this process knows of the customers by heart is old now ---- */

/* A random number, not a count: what was read in a transaction that was rolled back is never taken for the truth of
 * another that follows it. */
static bool people_changed(struct ctx *c, const struct event *e)
{
	int64_t n;

	(void)e;
	rng_bytes(c->rng, &n, sizeof(n));
	return reading_stamp_put(c, "people", n & INT64_MAX);
}

const struct listen reading_listens[] = {
	{ "customer.created", people_changed },
	{ "customer.changed", people_changed },
	{ "customer.imported", people_changed },
	{ "customer.erased", people_changed },
	{ NULL, NULL },
};

/* ---- the order before ---- */

const struct field last_row_fields[] = {
	FIELD(struct last_row, id, T_none),
	FIELD(struct last_row, confirmed_at, T_none),
	FIELD_END,
};
const struct field last_line_row_fields[] = {
	FIELD(struct last_line_row, sku, T_none),
	FIELD(struct last_line_row, quantity, T_none),
	FIELD(struct last_line_row, unit, T_none),
	FIELD_END,
};

static const struct reading_order *last_given(const struct reading_in *in, struct instant before)
{
	const struct reading_order *last = NULL;

	for (size_t i = 0; i < in->history_len; i++) {
		const struct reading_order *o = &in->history[i];

		if (o->confirmed_at.us < before.us && (last == NULL || o->confirmed_at.us > last->confirmed_at.us))
			last = o;
	}
	return last;
}

static bool last_stored(struct reader *r, struct instant before, const struct reading_order **out)
{
	struct reading_order *o = ARENA_NEW(r->a, struct reading_order);
	struct last_line_row *rows;
	struct last_row last;
	bool found;

	*out = NULL;
	if (r->customer_id == 0)
		return true;
	if (!reading_last_order(r->c, r->customer_id, before, &last, &found))
		return false;
	if (!found)
		return true;
	if (!reading_last_lines(r->c, last.id, &rows, &o->lines_len))
		return false;
	o->confirmed_at = last.confirmed_at;
	o->lines = ARENA_ARRAY(r->a, o->lines_len + 1, struct reading_order_line);
	for (size_t i = 0; i < o->lines_len; i++)
		o->lines[i] = (struct reading_order_line){ rows[i].sku, rows[i].quantity, rows[i].unit };
	*out = o;
	return true;
}

/* Where several may have ordered nobody knows whose last order is meant. */
static bool last_order(struct reader *r, bool several, struct instant before, const struct reading_order **out)
{
	*out = NULL;
	if (several)
		return true;
	if (r->in->history == NULL)
		return last_stored(r, before, out);
	*out = last_given(r->in, before);
	return true;
}

/* ---- reading ---- */

static uint32_t line_end(const struct rtext *t, uint32_t i, uint32_t to)
{
	while (i < to && t->at[i].cp != '\n')
		i++;
	return i;
}

static void read_free(struct reader *r, struct said *s, uint32_t from, uint32_t to, const char *customer)
{
	if (from >= to)
		return;
	reader_tokens(r, from, to);
	reader_lines(r, s, customer);
}

/* Tables where they stand, everything else as people write; what stands before a table is read before it. */
static void read_part(struct reader *r, struct said *s, uint32_t from, uint32_t to, const char *customer)
{
	uint32_t start = from;

	for (uint32_t at = from; at < to;) {
		uint32_t end = line_end(&r->t, at, to);

		if (!r->t.at[at].is_void && table_heads(r, at, end)) {
			read_free(r, s, start, at, customer);
			start = end = reader_table(r, s, at, to, customer);
		} else {
			end += end < to;
		}
		at = end;
	}
	read_free(r, s, start, to, customer);
}

static bool read_all(struct reader *r, struct said *s, struct reading *out)
{
	const struct reading_order *last;
	struct part *parts;
	size_t len;
	int64_t who;

	if (!reader_customer(r, &parts, &len))
		return false;
	for (size_t i = 0; i < len; i++) {
		who = parts[i].customer_id ? parts[i].customer_id : r->customer_id;
		if (!reader_aliases(r, who))
			return false;
		read_part(r, s, parts[i].from, parts[i].to, parts[i].customer);
	}
	out->customer = len > 1 ? NULL : r->customer;
	if (!last_order(r, len > 1 || r->maybe != NULL,
		    r->in->received_at.us == INT64_MIN ? r->c->now : r->in->received_at, &last))
		return false;
	return reader_answer(r, s, last, out);
}

static bool channel_is(const struct reading_in *in, const char *channel)
{
	return in->channel != NULL && strcmp(in->channel, channel) == 0;
}

static bool read_message(struct ctx *c, const struct reading_in *in, const struct wares *g, const struct people *people,
	struct reading *out)
{
	struct instant at = instant_is(in->received_at) ? in->received_at : c->now;
	struct said s = { 0 };
	struct reader r = { .c = c, .a = c->arena, .in = in, .g = g, .people = people };

	*out = (struct reading){ .delivery_date = DATE_NONE, .intent = "none" };
	r.today = date_of(at, zone_s(c));
	r.hour = (int)((at.us / SECOND_US + zone_s(c)) % 86400 / 3600);
	r.mail = channel_is(in, "email");
	r.note = channel_is(in, "phone_note") || channel_is(in, "phone");
	r.t = rtext_of(r.a, in->text);
	rtext_void(&r.t, r.mail);
	return read_all(&r, &s, out);
}

bool reading_parse(struct ctx *c, const struct reading_in *in, struct reading *out)
{
	struct people *people;
	struct wares *g;
	bool good;

	if (!wares_take(c, &g))
		return false;
	if (!people_take(c, &people)) {
		wares_leave(g);
		return false;
	}
	good = read_message(c, in, g, people, out);
	people_leave(people);
	wares_leave(g);
	return good;
}

bool reading_alias_learn(struct ctx *c, int64_t customer_id, const char *text, int64_t product_id)
{
	struct product p;

	return product_get(c, product_id, &p) && customer_alias_set(c, customer_id, text, p.sku);
}
