/* file: photos and scans that go with something; kept in the transaction of what they show.
 * Clauses 3-5.2, 四.  Owns: attachment      Uses: - */
#ifndef MOD_FILE_H
#define MOD_FILE_H

#include "app/app.h"

struct file {
	int64_t id;
	const char *entity; /* "case", "return" ... what it goes with */
	int64_t entity_id;
	const char *name, *type, *sha256;
	int64_t size;
	struct instant at;
};
extern const struct field file_fields[];

/* What was uploaded, cleaned (app/photo.h, for a request before it comes to the write lane); empty file fields of a form are nothing. */
NODISCARD bool file_keep(struct ctx *c, const char *entity, int64_t entity_id, const struct upload *files, size_t len);
NODISCARD bool file_list(struct ctx *c, const char *entity, int64_t entity_id, struct file **out, size_t *len);
/* The photos of these are gone for good; their hashes may stand elsewhere. */
NODISCARD bool file_forget(struct ctx *c, const char *entity, struct i64s entity_ids);
/* Of that entity, so that a link to one thing never opens the photos of another. */
struct done *file_reply(struct ctx *c, struct req *r, const char *entity, int64_t entity_id, int64_t id);

extern const struct module file_module;

#endif
