/* ledger: ids, numbers, events and their chain. */
#include "app/ledger.h"

#include "base/sha256.h"
#include "db/db.h"
#include "gen/app_sql.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define ID_BLOCK 1000

struct ledger {
	int64_t chain, seq;
	uint8_t head[32];
	bool loaded; /* head and seq are those of the open transaction */
	int64_t id_next, id_end;
	struct heard *heard;
	size_t heard_len, heard_cap;
	struct series_at series[SERIES_MAX];
	size_t series_len;
};

const struct field chain_head_fields[] = {
	FIELD(struct chain_head, chain, T_none),
	FIELD(struct chain_head, seq, T_none),
	FIELD(struct chain_head, head, T_none),
	FIELD_END,
};

const struct field event_row_fields[] = {
	FIELD(struct event_row, id, T_event_id),
	FIELD(struct event_row, at, T_event_at),
	FIELD(struct event_row, actor_id, T_event_actor_id),
	FIELD(struct event_row, actor, T_event_actor),
	FIELD(struct event_row, role, T_event_role),
	FIELD(struct event_row, kind, T_event_kind),
	FIELD(struct event_row, entity, T_event_entity),
	FIELD(struct event_row, entity_id, T_event_entity_id),
	FIELD(struct event_row, order_id, T_event_order),
	FIELD(struct event_row, from_state, T_event_from),
	FIELD(struct event_row, to_state, T_event_to),
	FIELD_JSON(struct event_row, data, T_event_data),
	FIELD(struct event_row, chain, T_event_chain, .flags = F_HIDDEN),
	FIELD(struct event_row, seq, T_event_seq, .flags = F_HIDDEN),
	FIELD(struct event_row, hash, T_event_hash, .flags = F_HIDDEN),
	FIELD_END,
};

const struct field answer_fields[] = {
	FIELD(struct answer, request, T_none),
	FIELD(struct answer, status, T_none),
	FIELD(struct answer, type, T_none),
	FIELD(struct answer, location, T_none),
	FIELD(struct answer, body, T_none),
	FIELD_END,
};

struct ledger *ledger_new(int64_t chain)
{
	struct ledger *l = calloc(1, sizeof(*l));

	must(l != NULL);
	l->chain = chain;
	return l;
}

void ledger_free(struct ledger *l)
{
	if (l == NULL)
		return;
	free(l->heard);
	free(l);
}

static struct ledger *ledger_of(struct ctx *c)
{
	struct ledger *l = *db_user(c->db);

	must(l != NULL); /* a reading connection has none: it cannot write */
	return l;
}

void ledger_mark(const struct ledger *l, struct ledger_mark *m)
{
	m->id_next = l->id_next;
	m->id_end = l->id_end;
	m->seq = l->loaded ? l->seq : -1;
	memcpy(m->head, l->head, sizeof(m->head));
	m->heard_len = l->heard_len;
	memcpy(m->series, l->series, sizeof(m->series));
	m->series_len = l->series_len;
}

void ledger_undo(struct ledger *l, const struct ledger_mark *m)
{
	l->id_next = m->id_next;
	l->id_end = m->id_end;
	l->loaded = m->seq >= 0;
	l->seq = m->seq;
	memcpy(l->head, m->head, sizeof(l->head));
	l->heard_len = m->heard_len;
	memcpy(l->series, m->series, sizeof(l->series));
	l->series_len = m->series_len;
}

void ledger_forget(struct ledger *l)
{
	l->loaded = false;
	l->id_next = l->id_end = 0;
	l->heard_len = 0;
	l->series_len = 0;
}

bool ledger_flush(struct ctx *c, struct ledger *l)
{
	for (size_t i = 0; i < l->series_len; i++)
		if (l->series[i].moved && !series_set(c, l->series[i].name, l->series[i].next))
			return false;
	return !l->loaded || chain_advance(c, l->chain, l->seq, (struct bytes){ l->head, sizeof(l->head) });
}

void ledger_committed(struct ledger *l, void (*tell)(void *who, const struct heard *h), void *who)
{
	for (size_t i = 0; tell != NULL && i < l->heard_len; i++)
		tell(who, &l->heard[i]);
	l->heard_len = 0;
	l->series_len = 0;
	l->loaded = false;
}

bool id_new(struct ctx *c, int64_t *out)
{
	struct ledger *l = ledger_of(c);

	if (l->id_next == l->id_end) {
		if (!id_block_take(c, ID_BLOCK, &l->id_end))
			return false;
		l->id_next = l->id_end - ID_BLOCK;
	}
	*out = l->id_next++;
	return true;
}

static struct series_at *series_find(struct ledger *l, const char *series)
{
	for (size_t i = 0; i < l->series_len; i++)
		if (strcmp(l->series[i].name, series) == 0)
			return &l->series[i];
	return NULL;
}

static const char *series_of_day(struct ctx *c, const char *kind)
{
	int y, m, d;

	date_ymd(today(c), &y, &m, &d);
	return arena_printf(c->arena, "%s%04d%02d%02d", kind, y, m, d);
}

bool number_new(struct ctx *c, const char *kind, const char **out)
{
	struct ledger *l = ledger_of(c);
	const char *series = series_of_day(c, kind);
	struct series_at *s = series_find(l, series);
	int64_t n;

	if (s != NULL) {
		n = s->next++;
		s->moved = true;
	} else if (!series_take(c, series, &n)) {
		return false;
	} else if (l->series_len < SERIES_MAX && strlen(series) < sizeof(s->name)) {
		s = &l->series[l->series_len++];
		*s = (struct series_at){ .next = n + 1 };
		memcpy(s->name, series, strlen(series));
	}
	*out = arena_printf(c->arena, "%s-%03" PRId64, series, n);
	return true;
}

/* The head is read once per transaction; on PostgreSQL its row stays locked until the end. */
static bool chain_load(struct ctx *c, struct ledger *l)
{
	struct chain_head h;
	bool found;

	if (l->loaded)
		return true;
	if (!chain_find(c, l->chain, &h, &found))
		return false;
	memset(l->head, 0, sizeof(l->head));
	l->seq = 0;
	if (!found && !chain_start(c, l->chain, (struct bytes){ l->head, sizeof(l->head) }))
		return false;
	if (found && h.head.len == sizeof(l->head)) {
		memcpy(l->head, h.head.data, sizeof(l->head));
		l->seq = h.seq;
	}
	l->loaded = true;
	return true;
}

static void link_str(struct sha256 *s, const char *v)
{
	static const uint8_t absent = 0xff;

	if (v == NULL)
		sha256_add(s, &absent, 1);
	else
		sha256_add(s, v, strlen(v) + 1);
}

static void link_int(struct sha256 *s, int64_t v)
{
	uint8_t b[8];

	for (int i = 0; i < 8; i++)
		b[i] = (uint8_t)((uint64_t)v >> (56 - 8 * i));
	sha256_add(s, b, sizeof(b));
}

void chain_link(const uint8_t prev[32], const struct event_row *e, uint8_t out[32])
{
	struct sha256 s;

	sha256_start(&s);
	sha256_add(&s, prev, 32);
	link_int(&s, e->chain);
	link_int(&s, e->seq);
	link_int(&s, e->id);
	link_int(&s, e->at.us);
	link_int(&s, e->actor_id);
	link_str(&s, e->actor);
	link_str(&s, e->role);
	link_str(&s, e->kind);
	link_str(&s, e->entity);
	link_int(&s, e->entity_id);
	link_int(&s, e->order_id);
	link_str(&s, e->from_state);
	link_str(&s, e->to_state);
	link_str(&s, e->data);
	sha256_end(&s, out);
}

static void hear(struct ledger *l, const struct event_row *e)
{
	struct heard *h;

	if (l->heard_len == l->heard_cap) {
		size_t cap = l->heard_cap == 0 ? 64 : l->heard_cap * 2;
		struct heard *more = realloc(l->heard, cap * sizeof(*more));
		if (more == NULL)
			return; /* a live notice is lost, never a record */
		l->heard = more;
		l->heard_cap = cap;
	}
	h = &l->heard[l->heard_len++];
	*h = (struct heard){ .id = e->id, .entity_id = e->entity_id, .order_id = e->order_id, .actor_id = e->actor_id };
	strncpy(h->kind, e->kind, sizeof(h->kind) - 1);
	strncpy(h->entity, e->entity, sizeof(h->entity) - 1);
	strncpy(h->to, e->to_state != NULL ? e->to_state : "", sizeof(h->to) - 1);
}

static bool tell_modules(struct ctx *c, const struct event *e)
{
	for (size_t m = 0; modules[m] != NULL; m++)
		for (const struct listen *l = modules[m]->listens; l != NULL && l->kind != NULL; l++)
			if (strcmp(l->kind, e->kind) == 0 && !l->heard(c, e))
				return false;
	return true;
}

bool event_add(struct ctx *c, struct event *e)
{
	struct ledger *l = ledger_of(c);
	struct event_row row = {
		.at = c->now,
		.actor_id = c->actor->id,
		.actor = c->actor->name,
		.role = role_names[c->actor->role],
		.kind = e->kind,
		.entity = e->entity,
		.entity_id = e->entity_id,
		.order_id = e->order_id != 0 ? e->order_id : INT64_MIN,
		.from_state = e->from,
		.to_state = e->to,
		.data = e->data != NULL ? e->data : "{}",
		.chain = l->chain,
	};
	uint8_t hash[32];

	if (!chain_load(c, l) || !id_new(c, &row.id))
		return false;
	row.seq = l->seq + 1;
	chain_link(l->head, &row, hash);
	row.hash = (struct bytes){ hash, sizeof(hash) };
	if (!event_insert(c, &row, 1))
		return false;
	memcpy(l->head, hash, sizeof(hash));
	l->seq = row.seq;
	hear(l, &row);
	e->id = row.id;
	return tell_modules(c, e);
}

bool attempt(struct ctx *c, bool (*fn)(struct ctx *c, void *arg), void *arg)
{
	struct ledger *l = ledger_of(c);
	struct ledger_mark before;

	if (!db_savepoint(c))
		return false;
	ledger_mark(l, &before);
	if (fn(c, arg) && db_release(c))
		return true;
	db_rollback_to(c);
	ledger_undo(l, &before);
	return false;
}
