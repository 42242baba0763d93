/* insight_board: the board on the wall, and how well the promised days are kept. */
#ifndef MOD_INSIGHT_BOARD_H
#define MOD_INSIGHT_BOARD_H

#include "mod/insight/insight_view.h"

NODISCARD bool board_make(struct ctx *c, struct board_page *p);
/* On time, in full, filled, accepted, picked: of the orders due from p->from to p->to. */
NODISCARD bool page_service(struct ctx *c, const char *channel, const char *tier, struct insight_page *p);

#endif
