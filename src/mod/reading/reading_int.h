/* What the files of this module share. */
#ifndef MOD_READING_INT_H
#define MOD_READING_INT_H

#include "mod/reading/reading.h"

extern const struct listen reading_listens[];

struct reading_stamp {
	const char *what; /* goods, people */
	int64_t stamp;
};
extern const struct field reading_stamp_fields[];

#endif
