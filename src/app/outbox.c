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

/* mine false: the lease ended meanwhile and the row is another's; nothing of this trip counts. */
static bool settle(struct ctx *c, struct trip *t, bool *mine)
{
	const struct sent_how *how = &t->how;
	int64_t wait_ms = outbox_wait_ms(c, t->row.attempts, setting_int(c, "post.first_retry_ms")), changed;
	bool over = how->sent == SENT_YES || how->last;
	struct instant next;

	if (how->wait_s * 1000 > wait_ms)
		wait_ms = how->wait_s * 1000;
	next = (struct instant){ c->now.us + wait_ms * 1000 };
	if (!outbox_settle(c, t->row.id, t->row.attempts,
		    over ? how->sent == SENT_YES ? "done" : "given_up" : "waiting", over ? c->now : next,
		    how->sent == SENT_YES ? NULL : how->answer, over ? c->now : INSTANT_NONE, &changed))
		return false;
	*mine = changed > 0;
	return over || !*mine || outbox_hold_back(c, t->row.kind, t->row.recipient, next);
}

static bool note(struct ctx *c, void *arg)
{
	struct trip *t = arg;
	bool mine;

	t->how.last = t->how.sent == SENT_NEVER || (t->how.sent == SENT_LATER && t->row.attempts >= OUTBOX_TRIES);
	if (!settle(c, t, &mine))
		return false;
	return !mine || t->courier->settle == NULL || t->load == NULL ||
	       t->courier->settle(c, &t->row, t->load, &t->how);
}

static bool claim(struct ctx *c, void *arg)
{
	struct trip *t = arg;
	const struct courier *k = t->courier;
	bool mine;

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
	return settle(c, t, &mine);
}

/* A row that cannot even be loaded must not stand in the way of the others for ever. Its claim was rolled back with the
 * loading; where another worker has it by now, it is that one's. */
static bool set_aside(struct ctx *c, void *arg)
{
	struct trip *t = arg;
	int64_t changed;

	t->load = NULL;
	return outbox_claim_again(c, t->row.id, t->row.attempts, c->now, &changed) && (changed == 0 || note(c, t));
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
		return !again(c) && t.found && app_write(c, set_aside, &t);
	}
	if (!t.found || k->carry == NULL || t.load == NULL)
		return t.found;
	k->carry(c, &t.row, t.load, &t.how);
	c->err = (struct err){ 0 };
	c->now = clock_now();
	if (app_write(c, note, &t))
		return true;
	workers_say(c, "outbox", arena_printf(c->arena, "%" PRId64, t.row.id));
	return false;
}
