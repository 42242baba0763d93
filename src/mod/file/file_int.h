/* What the statements of this module read. */
#ifndef MOD_FILE_INT_H
#define MOD_FILE_INT_H

#include "mod/file/file.h"

struct file_content {
	const char *name, *type, *entity;
	int64_t entity_id;
	struct bytes content;
};
extern const struct field file_content_fields[];

#endif
