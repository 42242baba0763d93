/* outbox: claiming, carrying, noting what came of it. */
#include "app/outbox.h"

#include "app/serve.h"
#include "base/clock.h"
#include "base/rand.h"
#include "gen/app_sql.h"

#include <inttypes.h>

#define LEASE_US (40 * SECOND_US) /* no carrier takes longer than 30 s (app/outside.c) */

const struct field outbox_row_fields[] = {
	FIELD(struct outbox_row, id, T_none),
	FIELD(struct outbox_row, event_id, T_none),
	FIELD(struct outbox_row, kind, T_none),
	FIELD(struct outbox_row, recipient, T_none),
	FIELD(struct outbox_row, payload, T_none),
	FIELD(struct outbox_row, attempts, T_none),
	FIELD(struct outbox_row, created_at, T_none),
	FIELD_END,
};

bool outbox_add_at(struct ctx *c, const char *kind, int64_t event_id, const char *recipient, const char *payload,
	struct instant at)
{
	int64_t id;

	return id_new(c, &id) && outbox_insert(c, id, kind, event_id, recipient, payload, c->now, at);
}

bool outbox_add(struct ctx *c, const char *kind, int64_t event_id, const char *recipient, const char *payload)
{
	return outbox_add_at(c, kind, event_id, recipient, payload, c->now);
}

bool outbox_drop(struct ctx *c, const char *kind, const char *recipient, const char *why)
{
	return outbox_forget(c, kind, recipient, why, c->now);
}

bool outbox_hide(struct ctx *c, struct outbox_row *rows, size_t len)
{
	for (size_t i = 0; i < len; i++)
		rows[i].created_at = c->now; /* given up now, where it still waits */
	return outbox_rename(c, rows, len);
}

int64_t outbox_wait_ms(struct ctx *c, int64_t attempts, int64_t first_ms)
{
	static const int64_t steps[] = { 1, 6, 24, 120, 360, 720, 1440, 3600, 7200, 10080, 14400, 17280 };
	size_t at = attempts < 1 ? 0 : (size_t)attempts - 1;
	int64_t ms = steps[at < ARRAY_LEN(steps) ? at : ARRAY_LEN(steps) - 1] * first_ms;

	return ms - ms / 5 + (int64_t)rng_below(c->rng, (uint64_t)(ms * 2 / 5 + 1));
}

/* ---- the two transactions around a carrier ---- */

struct trip {
	const struct courier *courier;
	struct outbox_row row;
	bool found;
	void *load;
	struct sent_how how;
};

static bool settle(struct ctx *c, struct trip *t)
{
	const struct sent_how *how = &t->how;
	int64_t wait_ms = outbox_wait_ms(c, t->row.attempts, setting_int(c, "post.first_retry_ms")), changed;
	struct instant next;

	if (how->wait_s * 1000 > wait_ms)
		wait_ms = how->wait_s * 1000;
	next = (struct instant){ c->now.us + wait_ms * 1000 };
	if (how->sent == SENT_YES)
		return outbox_settle(c, t->row.id, t->row.attempts, "done", c->now, NULL, c->now, &changed);
	if (how->last)
		return outbox_settle(c, t->row.id, t->row.attempts, "given_up", c->now, how->answer, c->now, &changed);
	return outbox_settle(c, t->row.id, t->row.attempts, "waiting", next, how->answer, INSTANT_NONE, &changed) &&
	       outbox_hold_back(c, t->row.kind, t->row.recipient, next);
}

static bool note(struct ctx *c, void *arg)
{
	struct trip *t = arg;

	t->how.last = t->how.sent == SENT_NEVER || (t->how.sent == SENT_LATER && t->row.attempts >= OUTBOX_TRIES);
	if (t->courier->settle != NULL && t->load != NULL && !t->courier->settle(c, &t->row, t->load, &t->how))
		return false;
	return settle(c, t);
}

static bool claim(struct ctx *c, void *arg)
{
	struct trip *t = arg;
	const struct courier *k = t->courier;

	t->load = NULL;
	if (!outbox_claim(c, k->kind, c->now, (struct instant){ c->now.us + LEASE_US }, &t->row, &t->found))
		return false;
	if (!t->found)
		return true;
	if (!k->load(c, &t->row, &t->load))
		return false;
	if (k->carry != NULL && t->load != NULL)
		return true;
	t->how = (struct sent_how){ .sent = SENT_YES };
	return settle(c, t);
}

/* A row that cannot even be loaded must not stand in the way of the others for ever. */
static bool set_aside(struct ctx *c, void *arg)
{
	struct trip *t = arg;

	t->load = NULL;
	return outbox_claim(c, t->courier->kind, c->now, c->now, &t->row, &t->found) && (!t->found || note(c, t));
}

static bool again(struct ctx *c)
{
	bool retry = err_retry(c->err.code);

	c->err = (struct err){ 0 };
	c->now = clock_now();
	return retry;
}

bool outbox_carry_one(struct ctx *c, const struct courier *k)
{
	struct trip t = { .courier = k };

	c->now = clock_now();
	if (!app_write(c, claim, &t)) {
		t.how = (struct sent_how){ .sent = SENT_LATER, .answer = c->err.detail };
		return !again(c) && app_write(c, set_aside, &t) && t.found;
	}
	if (!t.found || k->carry == NULL || t.load == NULL)
		return t.found;
	k->carry(c, &t.row, t.load, &t.how);
	c->err = (struct err){ 0 };
	c->now = clock_now();
	if (app_write(c, note, &t))
		return true;
	fprintf(stderr, "{\"outbox\":%" PRId64 ",\"error\":\"%s\"}\n", t.row.id, c->err.detail);
	return false;
}
