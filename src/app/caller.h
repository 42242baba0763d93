/* caller: who asks, and whether that person or program may. A session is looked up for every request; an API key is
 * remembered for a second, so that a platform that sends thousands of orders costs one look a second, and a key that
 * was taken back stops within one. */
#ifndef APP_CALLER_H
#define APP_CALLER_H

#include "app/app.h"
#include "http/server.h"

#include <pthread.h>

#define CALLERS 256

struct caller_slot {
	uint8_t hash[32]; /* of the key */
	struct instant until;
	int64_t id;
	enum role role;
	char login[65], name[256];
};
struct callers {
	pthread_mutex_t lock;
	struct caller_slot slots[CALLERS];
};
void callers_init(struct callers *k);

/* Fills c->actor if the request's key was seen within the last second; touches no database. */
bool caller_recall(struct ctx *c, struct req *r);
/* Fills c->actor, and says whether it may use the route: 401, 403, a forged form, and only then what is wrong with the
 * input. */
NODISCARD bool caller_allowed(struct ctx *c, struct req *r);

#endif
