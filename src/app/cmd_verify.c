/* cmd_verify: recounts what must hold, copies the database, puts a copy in place. */
#include "app/command.h"

#include "app/proof.h"

#include "db/db.h"
#include "gen/app_sql.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

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
	int64_t made;
	bool fine;

	if (!db_begin(c) || !schema_there(c, &made)) {
		printf("FAILED     %s\n", c->err.detail);
		return false;
	}
	if (made == 0) {
		printf("FAILED     there are no tables yet: huodan migrate makes them\n");
		db_rollback(c);
		return false;
	}
	fine = check_all(c);
	fine = (l->acks == NULL || check_acks(c, l->acks)) && fine;
	db_rollback(c);
	return fine;
}

#define PROOF_BYTES_MAX ((size_t)64 * 1024 * 1024)

static bool file_read(const char *path, struct buf *out)
{
	FILE *f = fopen(path, "re");
	char block[65536];
	size_t n;
	bool fine;

	if (f == NULL)
		return false;
	while ((n = fread(block, 1, sizeof(block), f)) > 0 && out->len < PROOF_BYTES_MAX)
		buf_add(out, block, n);
	fine = !ferror(f) && feof(f) && !out->failed;
	return fclose(f) == 0 && fine;
}

static int verify_proof(const char *path)
{
	struct ctx c = { .arena = arena_new(), .lang = LANG_EN };
	struct buf file, report;
	int status = EXIT_DONE;

	buf_init(&file, c.arena);
	buf_init(&report, c.arena);
	if (!file_read(path, &file))
		status = command_failed("cannot read the proof");
	else if (!proof_check(&c, file.data, file.len, &report))
		status = EXIT_FAILED;
	printf("%s", buf_cstr(&report));
	arena_free(c.arena);
	return status;
}

int cmd_verify(const struct command_line *l)
{
	struct local local;
	struct buf why;
	bool fine;

	if (l->proof != NULL)
		return verify_proof(l->proof);
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

int cmd_restore(const struct command_line *l)
{
	struct buf why;
	int left = EXIT_DONE;

	buf_init(&why, NULL);
	if (db_restore(l->db, l->args[0], &why))
		printf("restored\n");
	else
		left = command_failed(buf_cstr(&why));
	buf_free(&why);
	return left;
}
