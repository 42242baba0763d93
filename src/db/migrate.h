/* migrate: brings a database to the version of this program.
 * Every module has numbered migrations. What was applied is written down with a checksum, so that a migration
 * changed afterwards, or a database newer than the program, is noticed before anything is touched. Owns:
 * schema_version */
#ifndef DB_MIGRATE_H
#define DB_MIGRATE_H

#include "db/db.h"

struct migration {
	int version;     /* 1, 2, 3 ... */
	const char *sql; /* from migrate/NNN.sql */
};
struct migration_set {
	const char *module;
	const struct migration *list;
	size_t len;
};
/* Embedded by the build; ends with module NULL. */
extern const struct migration_set migration_sets[];

/* In the order of the sets (up to len or a module NULL), every migration in a transaction of its own. */
NODISCARD bool migrate_run(struct ctx *c, const struct migration_set *sets, size_t len);

/* The same text for PostgreSQL: INTEGER, BLOB and TEXT become its types, STRICT and WITHOUT ROWID go. */
const char *migrate_for_pg(struct arena *a, const char *sql);

#endif
