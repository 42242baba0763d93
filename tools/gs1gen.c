/* gs1gen: makes the table of GS1 application identifiers from the syntax dictionary.
 *
 *   gs1gen -o DIR gs1-syntax-dictionary.txt
 *
 * A line is an identifier or a range of them, flags, the parts of the value, key=value attributes and # a title. Writes
 * DIR/gs1_table.c in the order of the file. */
#include "gen.h"

static const char *skip(const char *s)
{
	return s + strspn(s, " \t");
}

/* Parts of the value: words that begin with a letter or a bracket, until the attributes. */
static void put_parts(FILE *out, const char *s)
{
	const char *space = "";

	for (s = skip(s); *s != '\0' && *s != '#'; s = skip(s)) {
		size_t n = strcspn(s, " \t");
		if (!strchr("NXYZ[", *s) || memchr(s, '=', n))
			break;
		fprintf(out, "%s%.*s", space, (int)n, s);
		space = " ";
		s += n;
	}
}

static void put_line(FILE *out, const char *path, int number, char *line)
{
	char *hash = strchr(line, '#');
	char from[8], to[8];
	const char *at = line;
	bool fixed;

	if (hash)
		*hash = '\0';
	if (*skip(line) == '\0')
		return;
	if (sscanf(line, "%4[0-9]-%4[0-9]", from, to) != 2) {
		if (sscanf(line, "%4[0-9]", from) != 1) {
			complain(path, number, "no application identifier: %s", line);
			return;
		}
		strcpy(to, from);
	}
	at = skip(line + strspn(line, "0123456789-"));
	fixed = *at == '*';
	at += strspn(at, "*?!\"$%&'()+,-./:;<=>@\\^_`{|}~ \t");
	fprintf(out, "\t{ \"%s\", \"%s\", %s, \"", from, to, fixed ? "true" : "false");
	put_parts(out, at);
	fprintf(out, "\" },\n");
}

int main(int argc, char **argv)
{
	char *data, *text, *line, *rest;
	size_t len;
	FILE *out = open_memstream(&data, &len);
	int number = 0;

	if (argc != 4 || strcmp(argv[1], "-o") != 0 || out == NULL)
		die("usage: gs1gen -o DIR gs1-syntax-dictionary.txt");
	fprintf(out, "/* made from %s, do not edit */\n#include \"app/gs1.h\"\n\nconst struct gs1_ai gs1_table[] = {\n",
		argv[3]);
	text = slurp(argv[3], &len);
	if (text == NULL)
		die("%s: not there", argv[3]);
	for (rest = text; (line = strsep(&rest, "\n")) != NULL;)
		put_line(out, argv[3], ++number, line);
	fprintf(out, "\t{ NULL, NULL, false, NULL },\n};\n");
	fclose(out);
	if (gen_errors)
		die("gs1gen: not the syntax dictionary");
	write_if_changed(format("%s/gs1_table.c", argv[2]), data, len);
	return 0;
}
