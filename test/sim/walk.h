/* walk: people at work. Each step somebody wants something: mostly what comes next, now and then what nobody should want.
 * What was acknowledged is remembered, and so is what nobody heard an answer to. */
#ifndef TEST_WALK_H
#define TEST_WALK_H

#include "world.h"

#define MEMORY 4000
#define MOVES  64

/* A writing request with a key: repeated, it must be answered in the same way for ever. */
struct memory {
	struct ask ask;
	bool known; /* status and text are what was answered; otherwise nobody knows */
	int64_t order, version;
};

struct tried {
	const char *move;
	int64_t good, refused, later;
};

struct walk {
	struct world *w;
	struct memory *memory;
	size_t len;
	struct tried tried[MOVES];
	int64_t states[16]; /* how often an order was seen in each */
	uint64_t creates;
	bool faulty; /* 503 is an answer that may come */
	bool trace;
	const char *wrong; /* what broke, NULL while all is well */
};
extern const char *const walk_states[];

/* Several people at once: their requests stand in one group. */
void walk_step(struct walk *k);
/* All that nobody heard an answer to is asked again with its key, and some of what was answered. */
void walk_repeat(struct walk *k);
/* Every acknowledged order is there, no order is there twice, none nobody ordered. */
void walk_count(struct walk *k);
/* One order from its entry to the receipt, without faults: the house is open. */
void walk_road(struct walk *k);
void walk_forget(struct walk *k);

#endif
