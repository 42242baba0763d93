/* cmd_verify: recounts what must hold, copies the database, puts a copy in place. */
#include "app/command.h"

#include "db/db.h"
#include "gen/app_sql.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool check_one(struct ctx *c, const struct check *k)
{
	int64_t counted = 0, broken = 0;
	const char *first = NULL;

	if (!k->count(c, &counted, &broken, &first)) {
		printf("FAILED %2d  %-34s %s\n", k->invariant, k->name, c->err.detail);
		return false;
	}
	printf("%s %2d  %-34s %" PRId64 " counted", broken == 0 ? "ok    " : "BROKEN", k->invariant, k->name, counted);
	if (broken > 0)
		printf(", %" PRId64 " wrong, first: %s", broken, first != NULL ? first : "?");
	printf("\n");
	return broken == 0;
}

static bool check_all(struct ctx *c)
{
	bool fine = true;

	for (size_t m = 0; modules[m] != NULL; m++)
		for (const struct check *k = modules[m]->checks; k != NULL && k->name != NULL; k++) {
			c->err = (struct err){ 0 };
			fine = check_one(c, k) && fine;
		}
	return fine;
}

/* Every acknowledged order is there once: an id is a primary key, so to be there is to be there once. */
static bool check_acks(struct ctx *c, const char *file)
{
	FILE *f = fopen(file, "re");
	char line[64];
	int64_t n = 0, there;

	if (f == NULL) {
		printf("FAILED     acks: cannot read %s\n", file);
		return false;
	}
	while (fgets(line, sizeof(line), f) != NULL) {
		char *end;
		int64_t id = strtoll(line, &end, 10);
		if (end == line)
			continue;
		n++;
		if (!order_is_there(c, id, &there) || there != 1) {
			printf("BROKEN     acknowledged orders: %" PRId64 " is missing\n", id);
			fclose(f);
			return false;
		}
	}
	fclose(f);
	printf("ok         acknowledged orders                %" PRId64 " counted\n", n);
	return true;
}

static bool verify(struct ctx *c, const struct command_line *l)
{
	bool fine;

	if (!db_begin(c)) {
		printf("FAILED     %s\n", c->err.detail);
		return false;
	}
	fine = check_all(c);
	fine = (l->acks == NULL || check_acks(c, l->acks)) && fine;
	db_rollback(c);
	return fine;
}

int cmd_verify(const struct command_line *l)
{
	struct local local;
	struct buf why;
	bool fine;

	buf_init(&why, NULL);
	if (!local_open(&local, l->db, false, &why))
		return command_failed(buf_cstr(&why));
	local.ctx.lang = LANG_EN;
	fine = verify(&local.ctx, l);
	local_close(&local);
	return fine ? EXIT_DONE : EXIT_FAILED;
}

int cmd_backup(const struct command_line *l)
{
	struct local local;
	struct buf why;
	bool fine;

	buf_init(&why, NULL);
	if (!local_open(&local, l->db, false, &why))
		return command_failed(buf_cstr(&why));
	local.ctx.lang = LANG_EN;
	fine = db_backup(&local.ctx, l->args[0]);
	if (!fine)
		(void)command_failed(local.ctx.err.detail);
	local_close(&local);
	return fine ? EXIT_DONE : EXIT_FAILED;
}

static bool copy_bytes(FILE *from, FILE *to)
{
	char block[65536];
	size_t n;

	while ((n = fread(block, 1, sizeof(block), from)) > 0)
		if (fwrite(block, 1, n, to) != n)
			return false;
	return !ferror(from) && fflush(to) == 0 && fsync(fileno(to)) == 0;
}

int cmd_restore(const struct command_line *l)
{
	const char *path = strncmp(l->db, "sqlite:", 7) == 0 ? l->db + 7 : NULL;
	FILE *from, *to;
	bool fine;

	if (path == NULL)
		return command_failed("restore puts SQLite files in place; for PostgreSQL use pg_restore");
	if (access(path, F_OK) == 0)
		return command_failed("there is a database already; restore never overwrites");
	from = fopen(l->args[0], "re");
	if (from == NULL)
		return command_failed("cannot read the copy");
	to = fopen(path, "wxe");
	fine = to != NULL && copy_bytes(from, to);
	fclose(from);
	if (to != NULL)
		fine = fclose(to) == 0 && fine;
	if (!fine) {
		if (to != NULL)
			unlink(path);
		return command_failed("could not write the database");
	}
	printf("restored to %s\n", path);
	return EXIT_DONE;
}
