/* ocel_out: the two forms of OCEL 2.0. */
#ifndef MOD_INSIGHT_OCEL_OUT_H
#define MOD_INSIGHT_OCEL_OUT_H

#include "db/db.h"
#include "mod/insight/ocel.h"

/* file NULL: JSON to standard output; a name that ends in .sqlite, .sqlite3 or .db: SQLite; any other: JSON. A file that
 * is there is not overwritten. */
NODISCARD bool ocel_open(struct ctx *c, struct ocel_sink *s, const char *file);
/* good false: what was written is taken away; gives good, or false with the reason. */
NODISCARD bool ocel_close(struct ocel_sink *s, bool good);

#endif
