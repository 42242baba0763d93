/* insight: the process seen in its events: what follows what, how long it takes, where it waits, who hands what to
 * whom; as pages, and for the tools of others (huodan analyse, huodan export ocel). Clauses 2.1, 四, 六.
 * Owns: insight_piece, insight_seen, insight_word      Uses: order, review, pick, ship, task, customer, user (reads) */
#ifndef MOD_INSIGHT_H
#define MOD_INSIGHT_H

#include "app/app.h"

extern const struct module insight_module;

#endif
