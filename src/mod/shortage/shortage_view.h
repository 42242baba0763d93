/* What pages and answers show of short goods. */
#ifndef MOD_SHORTAGE_VIEW_H
#define MOD_SHORTAGE_VIEW_H

#include "mod/shortage/shortage.h"

struct shortage_list {
	struct shortage *rows;
	size_t rows_len;
	struct share *shares; /* the latest */
	size_t shares_len;
};
struct shortage_page {
	struct shortage s;
	bool enough, by_proportion, by_class, by_time;
	const char *way;
};

#endif
