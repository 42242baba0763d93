/* What pages and answers show of platforms. */
#ifndef MOD_PLATFORM_VIEW_H
#define MOD_PLATFORM_VIEW_H

#include "mod/platform/platform.h"

struct platform_message {
	const char *hash;
	int64_t intake_id;
};
extern const struct field platform_message_fields[];

/* What a platform is answered. */
struct platform_answer {
	int64_t intake, order;
	const char *state, *number, *order_state;
};
extern const struct field platform_answer_fields[];

struct platform_list_page {
	struct platform *rows;
	size_t rows_len;
	const char *made; /* the secret, shown once */
	const char *made_name;
};

struct platform_page {
	struct platform p;
	struct platform_path {
		const char *name, *label, *value;
	} * paths;
	size_t paths_len;
	const char *sample, *problem, *made;
	struct platform_doc doc;
	bool tried;
};

#endif
