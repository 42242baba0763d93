/* platform: systems that push their own order documents, signed, mapped by paths that an admin edits.
 * Clause 3-1.1.  Owns: platform, platform_message      Uses: intake, order */
#ifndef MOD_PLATFORM_H
#define MOD_PLATFORM_H

#include "app/webhook.h"

/* Where in the document things stand: "order.no", "items.0.sku"; "=text" is the text itself. In lines the paths start at
 * the line. */
struct platform_paths {
	const char *external_id, *customer, *delivery_date, *address, *remarks, *lines;
	const char *sku, *name, *quantity, *unit, *price, *line_remarks;
};
extern const struct field platform_paths_fields[];

struct platform {
	int64_t id, version;
	const char *name, *title, *secret, *paths; /* paths: JSON of struct platform_paths */
	bool active;
	struct instant created_at;
};
extern const struct field platform_fields[];

/* Is this body signed with this secret, within five minutes of now? E_UNAUTHORIZED. */
NODISCARD bool platform_signed_by(
	struct ctx *c, const char *secret, const struct webhook *s, const void *body, size_t len);

/* What the document says, by the paths. Bad fields are named by the path they should stand at. */
struct platform_line {
	const char *sku, *name, *quantity, *unit, *price, *remarks;
};
extern const struct field platform_line_fields[];
struct platform_doc {
	const char *external_id, *customer, *delivery_date, *address, *remarks;
	struct platform_line *lines;
	size_t lines_len;
	struct date day;
};
extern const struct field platform_doc_fields[];
NODISCARD bool platform_map(struct ctx *c, const struct platform_paths *p, json_t *body, struct platform_doc *out);

extern const struct module platform_module;

#endif
