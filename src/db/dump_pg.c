/* dump_pg: copies of a PostgreSQL database by its own programs, pg_dump and pg_restore. What they need to connect goes by
 * the environment, so that no password stands in the list of processes. */
#include "db/engine.h"

#include <errno.h>
#include <libpq-fe.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static bool env_from(const char *url)
{
	PQconninfoOption *all = PQconninfoParse(url, NULL);
	bool fine = all != NULL;

	for (const PQconninfoOption *o = all; fine && o->keyword != NULL; o++)
		if (o->envvar != NULL && o->val != NULL)
			fine = setenv(o->envvar, o->val, 1) == 0;
	PQconninfoFree(all);
	return fine;
}

static bool ran(const char *url, char *const argv[], struct buf *why)
{
	int status, failed;
	pid_t pid;

	failed = env_from(url) ? posix_spawnp(&pid, argv[0], NULL, NULL, argv, environ) : EINVAL;
	if (failed != 0) {
		buf_printf(why, "%s: %s", argv[0], strerror(failed));
		return false;
	}
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return false;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return true;
	buf_printf(why, "%s failed", argv[0]);
	return false;
}

static char *writable(const char *s)
{
	char *copy = strdup(s);

	must(copy != NULL);
	return copy;
}

bool pg_backup_file(struct ctx *c, const char *path)
{
	const char *part = arena_printf(c->arena, "%s.part", path);
	char *argv[] = { writable("pg_dump"), writable("--format=custom"), writable("--no-owner"),
		writable(arena_printf(c->arena, "--file=%s", part)), NULL };
	struct buf why;
	bool fine;

	buf_init(&why, c->arena);
	fine = ran(c->db->url, argv, &why) && rename(part, path) == 0;
	for (char **a = argv; *a != NULL; a++)
		free(*a);
	if (!fine)
		unlink(part);
	return fine || db_failed(c, E_BUSY, "backup", buf_cstr(&why));
}

/* A database that has tables is not written over. */
static bool is_empty(const char *url, struct buf *why)
{
	PGconn *conn = PQconnectdb(url);
	PGresult *r = PQexec(conn,
		"SELECT 1 FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
		"WHERE c.relkind = 'r' AND n.nspname = ANY (current_schemas(false)) LIMIT 1");
	bool known = PQresultStatus(r) == PGRES_TUPLES_OK, empty = known && PQntuples(r) == 0;

	if (!known)
		buf_str(why, PQerrorMessage(conn));
	else if (!empty)
		buf_str(why, "there is a database already; restore never overwrites");
	PQclear(r);
	PQfinish(conn);
	return empty;
}

bool pg_restore_file(const char *url, const char *path, struct buf *why)
{
	char *argv[] = { writable("pg_restore"), writable("--single-transaction"), writable("--exit-on-error"),
		writable("--no-owner"), NULL, writable(path), NULL };
	PQconninfoOption *all = PQconninfoParse(url, NULL);
	bool fine;

	for (const PQconninfoOption *o = all; o != NULL && o->keyword != NULL; o++)
		if (strcmp(o->keyword, "dbname") == 0 && o->val != NULL && argv[4] == NULL)
			must(asprintf(&argv[4], "--dbname=%s", o->val) > 0);
	PQconninfoFree(all);
	if (argv[4] == NULL)
		argv[4] = writable("--dbname=huodan");
	fine = is_empty(url, why) && ran(url, argv, why);
	for (char **a = argv; *a != NULL; a++)
		free(*a);
	return fine;
}
