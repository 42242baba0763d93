/* cmd_import: tables from outside, all or nothing, and the demo company. */
#include "app/command.h"

#include "app/sheet.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct import *import_find(const char *kind)
{
	for (size_t m = 0; modules[m] != NULL; m++)
		for (const struct import *i = modules[m]->imports; i != NULL && i->kind != NULL; i++)
			if (strcmp(i->kind, kind) == 0)
				return i;
	return NULL;
}

struct job {
	const struct import *import;
	const char *file;
	const void *data;
	size_t len;
};

static bool import_run(struct ctx *c, void *arg)
{
	const struct job *j = arg;
	struct sheet s;

	return sheet_read(c, j->file, j->data, j->len, &s) && j->import->run(c, &s);
}

/* Every bad cell by its row and column, so that the list can be mended in one go. */
static void print_faults(const struct ctx *c, const char *file)
{
	fprintf(stderr, "huodan: %s: %s\n", file, c->err.detail);
	for (const struct field_err *f = c->err.fields; f != NULL; f = f->next)
		fprintf(stderr, "  %s: %s\n", f->pointer, f->detail);
}

static bool read_all(const char *file, char **data, size_t *len)
{
	FILE *f = fopen(file, "re");
	bool good;

	*data = NULL;
	if (f == NULL)
		return false;
	good = fseek(f, 0, SEEK_END) == 0 && ftell(f) >= 0;
	*len = good ? (size_t)ftell(f) : 0;
	rewind(f);
	*data = malloc(*len + 1);
	good = good && *data != NULL && fread(*data, 1, *len, f) == *len;
	fclose(f);
	return good;
}

int cmd_import(const struct command_line *l)
{
	struct job j = { .import = import_find(l->args[0]), .file = l->args[1] };
	struct local local;
	struct buf why;
	char *data;
	bool fine;

	buf_init(&why, NULL);
	if (j.import == NULL) {
		fprintf(stderr, "huodan: no such kind: %s; see `huodan help import`\n", l->args[0]);
		return EXIT_USAGE;
	}
	if (!read_all(j.file, &data, &j.len))
		return command_failed("cannot read the file");
	j.data = data;
	if (!local_open(&local, l->db, true, &why)) {
		free(data);
		return command_failed(buf_cstr(&why));
	}
	fine = local_write(&local, import_run, &j);
	if (!fine)
		print_faults(&local.ctx, j.file);
	local_close(&local);
	free(data);
	return fine ? EXIT_DONE : EXIT_FAILED;
}

/* ---- the demo company ---- */

static const struct asset *asset_find(const char *path)
{
	for (const struct asset *a = assets; a->path != NULL; a++)
		if (strcmp(a->path, path) == 0)
			return a;
	return NULL;
}

bool demo_import(struct ctx *c, const char *kind)
{
	const struct asset *a = asset_find(arena_printf(c->arena, "demo-%s.csv", kind));
	struct job j = { .import = import_find(kind), .file = kind };

	must(a != NULL && j.import != NULL);
	j.data = a->data;
	j.len = a->len;
	if (import_run(c, &j))
		return true;
	print_faults(c, kind);
	return false;
}
