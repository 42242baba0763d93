/* history: packing and unpacking. A piece is written by the machine that reads it: all of ours have the same byte order,
 * and what is packed can always be packed anew from the events. */
#include "mod/insight/history.h"

#include "app/ledger.h"
#include "gen/insight_sql.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define PIECE_STEPS 2048  /* 48 KB */
#define BATCH       2000  /* events a tick packs of each chain: a few ms of the lane */
#define BATCH_FAR   10000 /* when it is far behind, after an import */
#define NEWEST      5000  /* events a page reads beyond what is packed */

/* clang-format off */
const struct field history_event_fields[] = {
	FIELD(struct history_event, seq, T_none),
	FIELD(struct history_event, order_id, T_none),
	FIELD(struct history_event, at, T_none),
	FIELD(struct history_event, actor_id, T_none),
	FIELD(struct history_event, actor, T_none),
	FIELD(struct history_event, role, T_none),
	FIELD(struct history_event, kind, T_none),
	FIELD(struct history_event, from_state, T_none),
	FIELD(struct history_event, to_state, T_none),
	FIELD(struct history_event, channel, T_none),
	FIELD(struct history_event, tier, T_none),
	FIELD_END,
};
const struct field history_piece_fields[] = {
	FIELD(struct history_piece, piece, T_none),
	FIELD(struct history_piece, from_at, T_none),
	FIELD(struct history_piece, to_at, T_none),
	FIELD(struct history_piece, steps, T_none),
	FIELD(struct history_piece, data, T_none),
	FIELD_END,
};
const struct field history_word_fields[] = {
	FIELD(struct history_word, book, T_none),
	FIELD(struct history_word, number, T_none),
	FIELD(struct history_word, word, T_none),
	FIELD_END,
};
const struct field history_chain_fields[] = {
	FIELD(struct history_chain, chain, T_none),
	FIELD(struct history_chain, head, T_none),
	FIELD(struct history_chain, seq, T_none),
	FIELD_END,
};
/* clang-format on */

static const char *const book_names[] = { "kind", "person", "move", "class", NULL };

/* ---- the books ---- */

static bool books_read(struct ctx *c, struct words *books)
{
	struct history_word *rows;
	size_t len;

	for (int i = 0; i < BOOK_COUNT; i++)
		words_init(&books[i], c->arena);
	if (!insight_words(c, &rows, &len))
		return false;
	for (size_t i = 0; i < len; i++) {
		int book = enum_find(book_names, rows[i].book);
		if (book >= 0)
			must(words_add(&books[book], rows[i].word, strlen(rows[i].word)) == rows[i].number);
	}
	return true;
}

static bool books_write(struct ctx *c, const struct words *books, const uint32_t *known)
{
	struct history_word *fresh;
	size_t len = 0, n = 0;

	for (int b = 0; b < BOOK_COUNT; b++)
		n += books[b].len - known[b];
	fresh = ARENA_ARRAY(c->arena, n + 1, struct history_word);
	for (int b = 0; b < BOOK_COUNT; b++)
		for (uint32_t i = known[b]; i < books[b].len; i++)
			fresh[len++] = (struct history_word){ book_names[b], i, words_get(&books[b], i) };
	return len == 0 || insight_word_add(c, fresh, len);
}

/* The 65536th different word of a book has no number of its own any more: it shares the last. */
static uint16_t number_in(struct words *book, const char *word)
{
	uint32_t n = words_add(book, word, strlen(word));

	return n < UINT16_MAX ? (uint16_t)n : UINT16_MAX - 1;
}

static const char *or_none(const char *s)
{
	return s != NULL ? s : "";
}

static struct history_step step_of(struct ctx *c, struct words *books, const struct history_event *e)
{
	return (struct history_step){ .order_id = e->order_id,
		.at = e->at.us,
		.kind = number_in(&books[BOOK_KIND], e->kind),
		.person = number_in(&books[BOOK_PERSON],
			arena_printf(c->arena, "%" PRId64 "\t%s\t%s", e->actor_id, e->role, e->actor)),
		.move = number_in(&books[BOOK_MOVE],
			arena_printf(c->arena, "%s>%s", or_none(e->from_state), or_none(e->to_state))),
		.class = number_in(
			&books[BOOK_CLASS], arena_printf(c->arena, "%s\t%s", or_none(e->channel), or_none(e->tier))) };
}

static size_t steps_of(
	struct ctx *c, struct words *books, const struct history_event *rows, size_t len, struct history_step *out)
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++)
		if (rows[i].order_id != INT64_MIN)
			out[n++] = step_of(c, books, &rows[i]);
	return n;
}

/* ---- packing ---- */

static struct history_piece piece_of(
	struct ctx *c, int64_t number, const struct history_piece *before, const struct history_step *steps, size_t len)
{
	size_t old = before != NULL ? before->data.len : 0, all = old + len * sizeof(*steps);
	uint8_t *data = arena_alloc(c->arena, all + 1);
	struct history_piece p = { number, before != NULL ? before->from_at : (struct instant){ steps[0].at },
		before != NULL ? before->to_at : (struct instant){ steps[0].at }, (int64_t)(all / sizeof(*steps)),
		{ data, all } };

	if (old > 0)
		memcpy(data, before->data.data, old);
	memcpy(data + old, steps, len * sizeof(*steps));
	for (size_t i = 0; i < len; i++) {
		p.from_at.us = steps[i].at < p.from_at.us ? steps[i].at : p.from_at.us;
		p.to_at.us = steps[i].at > p.to_at.us ? steps[i].at : p.to_at.us;
	}
	return p;
}

/* Fills up the piece that still has room, then begins new ones. */
static bool pieces_write(struct ctx *c, const struct history_step *steps, size_t len)
{
	struct history_piece last, p;
	int64_t number;
	bool found;

	if (len == 0)
		return true;
	if (!insight_piece_open(c, &last, &found))
		return false;
	number = found ? last.piece : 1;
	while (len > 0) {
		bool fits = found && last.steps < PIECE_STEPS;
		size_t room = PIECE_STEPS - (fits ? (size_t)last.steps : 0), take = len < room ? len : room;
		number += found && !fits;
		p = piece_of(c, number, fits ? &last : NULL, steps, take);
		if (!insight_piece_put(c, p.piece, p.from_at, p.to_at, p.steps, p.data))
			return false;
		steps += take;
		len -= take;
		last = p;
		found = true;
	}
	return true;
}

static bool chain_pack(struct ctx *c, struct words *books, const struct history_chain *k, bool *more)
{
	struct history_event *rows;
	struct history_step *steps;
	int64_t batch = k->head - k->seq > 2 * BATCH_FAR ? BATCH_FAR : BATCH;
	size_t len, n;

	if (!insight_next(c, k->chain, k->seq, batch, &rows, &len))
		return false;
	if (len == 0)
		return true;
	*more |= len == (size_t)batch;
	steps = ARENA_ARRAY(c->arena, len, struct history_step);
	n = steps_of(c, books, rows, len, steps);
	return pieces_write(c, steps, n) && insight_seen_put(c, k->chain, rows[len - 1].seq);
}

static bool pack(struct ctx *c, bool *more)
{
	struct history_chain *chains;
	struct words books[BOOK_COUNT] = { 0 };
	uint32_t known[BOOK_COUNT];
	size_t len, behind = 0;

	*more = false;
	if (!insight_chains(c, &chains, &len))
		return false;
	for (size_t i = 0; i < len; i++)
		behind += chains[i].head > chains[i].seq;
	if (behind == 0)
		return true;
	if (!books_read(c, books))
		return false;
	for (int b = 0; b < BOOK_COUNT; b++)
		known[b] = books[b].len;
	for (size_t i = 0; i < len; i++)
		if (chains[i].head > chains[i].seq && !chain_pack(c, books, &chains[i], more))
			return false;
	return books_write(c, books, known);
}

bool history_pack(struct ctx *c)
{
	bool more;

	return pack(c, &more);
}

bool history_pack_all(struct ctx *c)
{
	bool more = true;

	while (more)
		if (!pack(c, &more))
			return false;
	return true;
}

/* ---- reading ---- */

struct span {
	const struct history_step *steps;
	size_t len;
};
struct spans {
	struct span *at;
	size_t len, steps;
};

/* What is packed of the time from the first order on, then the newest. */
static bool spans_read(struct ctx *c, const struct history_filter *f, struct history *h, struct spans *out)
{
	struct history_piece *pieces;
	struct history_chain *chains;
	size_t pieces_len, chains_len;

	if (!books_read(c, h->book) || !insight_pieces(c, f->from_at, &pieces, &pieces_len) ||
		!insight_chains(c, &chains, &chains_len))
		return false;
	out->at = ARENA_ARRAY(c->arena, pieces_len + chains_len + 1, struct span);
	for (size_t i = 0; i < pieces_len; i++) {
		size_t len = pieces[i].data.len / sizeof(struct history_step);
		out->at[out->len++] =
			(struct span){ (const struct history_step *)(const void *)pieces[i].data.data, len };
		out->steps += len;
	}
	for (size_t i = 0; i < chains_len; i++) {
		struct history_event *rows;
		struct history_step *steps;
		size_t len;
		if (chains[i].head <= chains[i].seq)
			continue;
		if (!insight_next(c, chains[i].chain, chains[i].seq, NEWEST, &rows, &len))
			return false;
		steps = ARENA_ARRAY(c->arena, len + 1, struct history_step);
		len = steps_of(c, h->book, rows, len, steps);
		out->at[out->len++] = (struct span){ steps, len };
		out->steps += len;
		h->waiting +=
			chains[i].head - chains[i].seq > NEWEST ? (size_t)(chains[i].head - chains[i].seq - NEWEST) : 0;
	}
	return true;
}

/* Orders by their id: open addressing; 0 is no id. */
struct cases {
	int64_t *id;
	uint32_t *item;
	size_t mask;
};

static size_t case_slot(const struct cases *k, int64_t id)
{
	size_t i = (size_t)(((uint64_t)id * UINT64_C(0x9e3779b97f4a7c15)) >> 20) & k->mask;

	while (k->id[i] != 0 && k->id[i] != id)
		i = (i + 1) & k->mask;
	return i;
}

static bool *classes_wanted(struct ctx *c, const struct history_filter *f, const struct words *book)
{
	bool *wanted = ARENA_ARRAY(c->arena, (size_t)book->len + 1, bool);

	for (uint32_t i = 0; i < book->len; i++) {
		const char *word = words_get(book, i), *tab = strchr(word, '\t');
		size_t channel = tab != NULL ? (size_t)(tab - word) : strlen(word);
		bool same_channel = f->channel == NULL ||
				    (strlen(f->channel) == channel && strncmp(f->channel, word, channel) == 0);
		wanted[i] = same_channel && (f->tier == NULL || (tab != NULL && strcmp(tab + 1, f->tier) == 0));
	}
	return wanted;
}

/* An order is in if its entry is in the period; then all its events are. */
static void cases_find(
	struct ctx *c, const struct history_filter *f, struct history *h, const struct spans *s, struct cases *k)
{
	const bool *class = classes_wanted(c, f, &h->book[BOOK_CLASS]);
	size_t room = 1024, made = 0, entered = 0;
	uint32_t created;

	if (!words_find(&h->book[BOOK_KIND], "order.created", strlen("order.created"), &created))
		created = LOG_NONE;
	for (size_t i = 0; i < s->len; i++)
		for (size_t n = 0; n < s->at[i].len; n++)
			entered += s->at[i].steps[n].kind == created;
	while (room < 2 * entered)
		room *= 2;
	k->mask = room - 1;
	k->id = ARENA_ARRAY(c->arena, room, int64_t);
	k->item = ARENA_ARRAY(c->arena, room, uint32_t);
	for (size_t i = 0; i < s->len; i++)
		for (size_t n = 0; n < s->at[i].len; n++) {
			const struct history_step *e = &s->at[i].steps[n];
			size_t slot;
			if (e->kind != created || e->at < f->from_at.us || e->at >= f->to_at.us || !class[e->class])
				continue;
			slot = case_slot(k, e->order_id);
			if (k->id[slot] == 0)
				k->item[slot] = (uint32_t)made++;
			k->id[slot] = e->order_id;
		}
	h->log.items.len = (uint32_t)made;
	h->order_of = ARENA_ARRAY(c->arena, made + 1, int64_t);
	for (size_t i = 0; i <= k->mask; i++)
		if (k->id[i] != 0)
			h->order_of[k->item[i]] = k->id[i];
}

/* The steps of the order itself; what happens to its tasks, papers and parcels goes along with them. */
static bool *kinds_wanted(struct ctx *c, const struct history_filter *f, const struct words *book)
{
	bool *wanted = ARENA_ARRAY(c->arena, (size_t)book->len + 1, bool);

	for (uint32_t i = 0; i < book->len; i++) {
		const char *kind = words_get(book, i);
		wanted[i] = f->all_steps || (strncmp(kind, "order.", 6) == 0 && strcmp(kind, "order.pick_ended") != 0);
	}
	return wanted;
}

/* The case of each step in the order they were read, LOG_NONE: not wanted; and how many steps each case has. */
static uint32_t *cases_count(
	struct ctx *c, const struct history_filter *f, struct history *h, const struct spans *s, const struct cases *k)
{
	const bool *kind = kinds_wanted(c, f, &h->book[BOOK_KIND]);
	uint32_t *item = ARENA_ARRAY(c->arena, s->steps + 1, uint32_t), *to = item;

	h->log.from = ARENA_ARRAY(c->arena, (size_t)h->log.items.len + 2, uint32_t);
	for (size_t i = 0; i < s->len; i++)
		for (size_t n = 0; n < s->at[i].len; n++, to++) {
			const struct history_step *e = &s->at[i].steps[n];
			size_t slot = kind[e->kind] ? case_slot(k, e->order_id) : SIZE_MAX;
			*to = slot == SIZE_MAX || k->id[slot] == 0 ? LOG_NONE : k->item[slot];
			if (*to != LOG_NONE) {
				h->log.from[*to + 1]++;
				h->log.len++;
			}
		}
	for (size_t i = 0; i < h->log.items.len; i++)
		h->log.from[i + 1] += h->log.from[i];
	return item;
}

struct columns {
	uint32_t *activity, *person;
	int64_t *at;
	uint16_t *move;
};

static void step_put(const struct columns *to, uint32_t row, const struct history_step *e)
{
	to->activity[row] = e->kind;
	to->person[row] = e->person;
	to->at[row] = e->at;
	to->move[row] = e->move;
}

static void step_move(const struct columns *k, uint32_t to, uint32_t from)
{
	k->activity[to] = k->activity[from];
	k->person[to] = k->person[from];
	k->at[to] = k->at[from];
	k->move[to] = k->move[from];
}

/* Nearly always they stand in order already; at the same time they stay as they came. */
static void case_sort(const struct columns *k, uint32_t from, uint32_t end)
{
	for (uint32_t i = from + 1; i < end; i++) {
		struct history_step e = { .at = k->at[i],
			.kind = (uint16_t)k->activity[i],
			.person = (uint16_t)k->person[i],
			.move = k->move[i] };
		uint32_t to = i;
		while (to > from && k->at[to - 1] > e.at) {
			step_move(k, to, to - 1);
			to--;
		}
		if (to != i)
			step_put(k, to, &e);
	}
}

/* Straight to where they belong, so that walking a case is walking memory. */
static void steps_take(
	struct ctx *c, const struct history_filter *f, struct history *h, const struct spans *s, const struct cases *k)
{
	const uint32_t *item = cases_count(c, f, h, s, k);
	uint32_t *next = ARENA_ARRAY(c->arena, (size_t)h->log.items.len + 1, uint32_t);
	struct columns to;

	log_reserve(c, &h->log, h->log.len);
	h->moves = ARENA_ARRAY(c->arena, h->log.len + 1, uint16_t);
	to = (struct columns){ u32s(&h->log.activity), u32s(&h->log.person), i64s_of(&h->log.at), h->moves };
	memcpy(next, h->log.from, h->log.items.len * sizeof(*next));
	for (size_t i = 0; i < s->len; i++)
		for (size_t n = 0; n < s->at[i].len; n++, item++)
			if (*item != LOG_NONE)
				step_put(&to, next[*item]++, &s->at[i].steps[n]);
	for (uint32_t i = 0; i < h->log.items.len; i++)
		case_sort(&to, h->log.from[i], h->log.from[i + 1]);
	for (size_t i = 0; i < h->log.len; i++)
		h->log.order[i] = (uint32_t)i;
}

bool history_load(struct ctx *c, const struct history_filter *f, struct history *out)
{
	struct spans spans = { 0 };
	struct cases cases;

	*out = (struct history){ 0 };
	if (!spans_read(c, f, out, &spans))
		return false;
	cases_find(c, f, out, &spans, &cases);
	steps_take(c, f, out, &spans, &cases);
	out->log.activities = out->book[BOOK_KIND];
	out->log.people = out->book[BOOK_PERSON];
	return true;
}

struct history_person *history_people(struct ctx *c, const struct history *h)
{
	const struct words *book = &h->book[BOOK_PERSON];
	struct history_person *all = ARENA_ARRAY(c->arena, (size_t)book->len + 1, struct history_person);

	for (uint32_t i = 0; i < book->len; i++) {
		const char *word = words_get(book, i), *role = strchr(word, '\t'),
			   *name = role != NULL ? strchr(role + 1, '\t') : NULL;
		int number;
		if (name == NULL)
			continue;
		number = enum_find(role_names, arena_strndup(c->arena, role + 1, (size_t)(name - role) - 1));
		all[i] = (struct history_person){ strtoll(word, NULL, 10), number > 0 ? (enum role)number : ROLE_none,
			name + 1 };
	}
	return all;
}
