/* demo_after: follow-ups, a case, a return and a payment of the demo company. */
#ifndef MOD_DEMO_AFTER_H
#define MOD_DEMO_AFTER_H

#include "app/app.h"

struct demo_people {
	const struct actor *service, *reviewer;
};

NODISCARD bool demo_after(struct ctx *c, void *people);

#endif
