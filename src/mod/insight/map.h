/* map: the process as a picture: steps as boxes in the order they usually come, as wide as they are frequent and as warm as
 * they are waited for; ways as lines as thick as they are frequent, back ways on the left. */
#ifndef MOD_INSIGHT_MAP_H
#define MOD_INSIGHT_MAP_H

#include "app/page.h"
#include "mod/insight/process.h"

/* detail: 1..100, how much of all steps and ways is drawn, the frequent first. query: the filter, for the links. */
struct html map_svg(struct ctx *c, const struct process *p, int64_t detail, const char *query);
/* 0 (no wait to speak of) .. 4, as the boxes are coloured. */
int map_warmth(int64_t wait_us);

#endif
