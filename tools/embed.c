/* embed: puts files into the program, so that one binary is all there is to install.
 *
 *   embed assets -o DIR FOLDER              every file of FOLDER → DIR/assets.c, served under /ui/;
 *                                          demo-*.csv stay inside: no path of a request is called so
 *   embed migrations -o DIR MODULE=FILE...  numbered SQL files (001.sql), grouped by module → DIR/migrations.c
 */
#include "gen.h"

#include <dirent.h>
#include <stdint.h>

static const struct {
	const char *ending, *type;
} types[] = {
	{ ".css", "text/css; charset=utf-8" },
	{ ".js", "text/javascript; charset=utf-8" },
	{ ".svg", "image/svg+xml" },
	{ ".csv", "text/csv; charset=utf-8" },
	{ ".png", "image/png" },
	{ ".woff2", "font/woff2" },
	{ ".webmanifest", "application/manifest+json" },
};

static const char *type_of(const char *name)
{
	const char *dot = strrchr(name, '.');

	for (size_t i = 0; dot && i < sizeof(types) / sizeof(types[0]); i++)
		if (strcmp(dot, types[i].ending) == 0)
			return types[i].type;
	die("%s: no media type known for this ending", name);
}

/* FNV-1a: tells one build's file from the next one's; nobody attacks it. */
static uint64_t hash_of(const char *data, size_t len)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < len; i++)
		h = (h ^ (unsigned char)data[i]) * UINT64_C(0x100000001b3);
	return h;
}

static void put_bytes(FILE *out, const char *data, size_t len)
{
	for (size_t i = 0; i < len; i++)
		fprintf(out, "%s%u,", i % 24 == 0 ? "\n\t" : "", (unsigned)(unsigned char)data[i]);
}

static int is_file(const struct dirent *e)
{
	return e->d_name[0] != '.';
}

static void embed_assets(FILE *out, const char *folder)
{
	struct dirent **names;
	int n = scandir(folder, &names, is_file, alphasort);
	char *list = strdup("");

	if (n < 0)
		die("%s: cannot read", folder);
	fputs("#include \"http/server.h\"\n", out);
	for (int i = 0; i < n; i++) {
		const char *name = names[i]->d_name;
		size_t len;
		char *data = slurp(format("%s/%s", folder, name), &len);

		if (data == NULL)
			die("%s/%s: cannot read", folder, name);
		fprintf(out, "\nstatic const unsigned char file%d[] = {", i);
		put_bytes(out, data, len);
		fputs("0\n};\n", out);
		list = format("%s\t{ \"%s%s\", \"%s\", \"%016jx\", file%d, %zu },\n", list,
			strncmp(name, "demo-", 5) == 0 ? "" : "/ui/", name, type_of(name),
			(uintmax_t)hash_of(data, len), i, len);
	}
	fprintf(out, "\nconst struct asset assets[] = {\n%s\t{ .path = NULL },\n};\n", list);
}

/* ---- migrations ---- */

struct source {
	const char *module, *file;
	int version;
};

static struct source read_source(char *arg)
{
	char *eq = strchr(arg, '=');
	const char *base;

	if (eq == NULL)
		die("%s: expected MODULE=FILE", arg);
	*eq = '\0';
	base = strrchr(eq + 1, '/') ? strrchr(eq + 1, '/') + 1 : eq + 1;
	if (!isdigit((unsigned char)*base) || strcmp(base + strspn(base, "0123456789"), ".sql") != 0)
		die("%s: a migration is called 001.sql, 002.sql ...", eq + 1);
	return (struct source){ arg, eq + 1, atoi(base) };
}

static void put_sql(FILE *out, const char *file)
{
	size_t len;
	char *sql = slurp(file, &len);

	if (sql == NULL)
		die("%s: cannot read", file);
	for (char *line = sql; *line;) {
		size_t n = strcspn(line, "\n");

		fputs("\n\t\t", out);
		put_literal(out, line, n + (line[n] == '\n'));
		line += n + (line[n] == '\n');
	}
}

/* A module's files come one after the other, in order; a gap would be a lost migration. */
static size_t embed_module(FILE *out, const struct source *s, size_t left)
{
	size_t n = 0;

	fprintf(out, "\nstatic const struct migration %s_migrations[] = {\n", s->module);
	for (; n < left && strcmp(s[n].module, s->module) == 0; n++) {
		if (s[n].version != (int)n + 1)
			complain(s[n].file, 1, "migration %zu of %s is missing", n + 1, s->module);
		fprintf(out, "\t{ %d,", s[n].version);
		put_sql(out, s[n].file);
		fputs(" },\n", out);
	}
	fputs("};\n", out);
	return n;
}

static void embed_migrations(FILE *out, char **args, size_t len)
{
	struct source *sources = calloc(len + 1, sizeof(*sources));
	char *list = strdup("");

	if (sources == NULL)
		die("out of memory");
	for (size_t i = 0; i < len; i++)
		sources[i] = read_source(args[i]);
	fputs("#include \"db/migrate.h\"\n", out);
	for (size_t i = 0; i < len;) {
		const char *module = sources[i].module;
		size_t n = embed_module(out, &sources[i], len - i);

		list = format("%s\t{ \"%s\", %s_migrations, %zu },\n", list, module, module, n);
		i += n;
	}
	fprintf(out, "\nconst struct migration_set migration_sets[] = {\n%s\t{ .module = NULL },\n};\n", list);
}

int main(int argc, char **argv)
{
	char *data;
	size_t len;
	FILE *out = open_memstream(&data, &len);

	if (argc < 4 || strcmp(argv[2], "-o") != 0)
		die("usage: embed assets|migrations -o DIR ...");
	fputs("/* made by embed */\n", out);
	if (strcmp(argv[1], "assets") == 0 && argc == 5)
		embed_assets(out, argv[4]);
	else if (strcmp(argv[1], "migrations") == 0)
		embed_migrations(out, argv + 4, (size_t)argc - 4);
	else
		die("usage: embed assets|migrations -o DIR ...");
	fclose(out);
	if (gen_errors)
		return 1;
	write_if_changed(format("%s/%s.c", argv[3], argv[1]), data, len);
	return 0;
}
