/* sqlfile: a SQLite file made for others or by others, beside the company's own database: event logs to and from
 * other programs. Its tables are theirs, so its SQL is made where they are known. */
#ifndef DB_SQLFILE_H
#define DB_SQLFILE_H

#include "base/ctx.h"

#include <stdint.h>

struct sqlfile;

/* make: a new file that must not be there yet, written in one transaction; else one is read. */
NODISCARD bool sqlfile_open(struct ctx *c, const char *path, bool make, struct sqlfile **out);
/* With the values ?1, ?2 ... as text, NULL as NULL; each row goes to `row`, which may be NULL. */
typedef bool (*sqlfile_row)(void *who, const char *const *cells, size_t len);
NODISCARD bool sqlfile_run(struct ctx *c, struct sqlfile *f, const char *sql, const char *const *values, size_t len,
	sqlfile_row row, void *who);
/* A new file is complete only when this was true. */
NODISCARD bool sqlfile_finish(struct ctx *c, struct sqlfile *f);
void sqlfile_close(struct sqlfile *f);
/* A name as SQL wants it, whatever stands in it. */
const char *sqlfile_name(struct ctx *c, const char *name);

#endif
