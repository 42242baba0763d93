/* What the page of scan shows before its script has begun. */
#ifndef MOD_SCAN_VIEW_H
#define MOD_SCAN_VIEW_H

#include <stdint.h>

struct scan_page {
	int64_t me; /* whose scans these are */
	const char *name;
	const char *read_js, *queue_js, *js;
};

#endif
