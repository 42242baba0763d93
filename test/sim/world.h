/* world: the whole server in one thread: real routes, rights, rules and lane over the simulated disk. Its clock stands still
 * between two steps; all chance comes from one seed. */
#ifndef TEST_WORLD_H
#define TEST_WORLD_H

#include "disk.h"
#include "fake.h"

#include "app/serve.h"

#define PEOPLE 7 /* two clerks and two reviewers, so that four eyes can be kept and broken */

/* One request of somebody, and what became of it. */
struct ask {
	int who; /* of the people; -1: nobody */
	char method[8], target[160], key[48], body[6000];
	const char *move; /* for the table of what was tried */
	int status;       /* 0: never answered, the power went */
	char *text;       /* what was answered; the caller frees it */
	struct req *r;
};

struct world {
	struct app app;
	struct http *http;
	struct db *reader;
	struct arena *arena;
	char keys[PEOPLE][96];
	enum role roles[PEOPLE];
	struct rng rng;
	uint64_t asked;
};

/* Once per process: a company with people, goods, customers and stock, as an image of its disk. */
struct disk_image *world_found(struct world *w);
/* From here on clock and chance are this seed's. */
void world_seed(struct world *w, uint64_t seed);
/* The server starts, as after a reboot. False when the disk would not let it. */
bool world_open(struct world *w);
void world_close(struct world *w);

uint64_t below(struct world *w, uint64_t n);
bool chance_of(struct world *w, int percent);
void world_wait(struct world *w, int64_t us);

/* A request arrives; reading ones are answered at once, writing ones wait for the lane. */
void world_send(struct world *w, struct ask *a);
/* The lane takes what waits as one group. */
void world_step(struct world *w);
void world_take(struct world *w, struct ask *a);
/* All of it for one reading request; NULL unless it is answered with 200. */
json_t *world_get(struct world *w, int who, const char *target, ...) PRINTF_LIKE(3, 4);
/* The periodic work of all modules, each in the lane. */
void world_tick(struct world *w);
/* Every invariant; false with the name of the broken one. */
bool world_verify(struct world *w, const char **what);

#endif
