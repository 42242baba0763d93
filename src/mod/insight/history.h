/* history: the events of all orders, packed so that a page may read a million of them at once. A tick packs what is
 * new; whoever reads also takes the newest ones that are not packed yet. */
#ifndef MOD_INSIGHT_HISTORY_H
#define MOD_INSIGHT_HISTORY_H

#include "app/app.h"
#include "mod/insight/log.h"

/* An event as it is kept. Numbers are those of the books. */
struct history_step {
	int64_t order_id, at; /* µs */
	uint16_t kind, person, move, class;
};

/* What a tick or a page reads of an event and its order. */
struct history_event {
	int64_t seq, order_id;
	struct instant at;
	int64_t actor_id;
	const char *actor, *role, *kind, *from_state, *to_state, *channel, *tier;
};
struct history_piece {
	int64_t piece;
	struct instant from_at, to_at;
	int64_t steps;
	struct bytes data;
};
struct history_word {
	const char *book;
	int64_t number;
	const char *word;
};
struct history_chain {
	int64_t chain, head, seq; /* its last event, and how far it was read */
};
extern const struct field history_event_fields[], history_piece_fields[], history_word_fields[], history_chain_fields[];

enum book { BOOK_KIND, BOOK_PERSON, BOOK_MOVE, BOOK_CLASS, BOOK_COUNT };

/* Which orders a page is about: those entered from from_at until before to_at. */
struct history_filter {
	struct instant from_at, to_at;
	const char *channel, *tier; /* NULL: all */
	bool all_steps;             /* also what goes along with a step: tasks, papers, tracking */
};

/* The orders as cases of a log; people and activities have the numbers of their books. */
struct history {
	struct log log;
	struct words book[BOOK_COUNT];
	uint16_t *moves;   /* of each event, in the numbers of its book */
	int64_t *order_of; /* the order of each case */
	size_t waiting;    /* events that are neither packed nor here */
};
/* "17\tclerk\t梅芳" taken apart. */
struct history_person {
	int64_t id;
	enum role role;
	const char *name;
};
struct history_person *history_people(struct ctx *c, const struct history *h);

NODISCARD bool history_load(struct ctx *c, const struct history_filter *f, struct history *out);
/* A tick's work: packs the next events of each chain. */
NODISCARD bool history_pack(struct ctx *c);
/* All of them at once, for tests and after an import. */
NODISCARD bool history_pack_all(struct ctx *c);

#endif
