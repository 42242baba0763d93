/* holidaygen: makes the table of holidays and make-up days from the yearly files.
 *
 *   holidaygen -o DIR YEAR.json...
 *
 * A file's "days" are objects with name, date and isOffDay, in this order. Writes DIR/calendar_table.c,
 * sorted by date. */
#include "gen.h"

struct day {
	int ymd;
	bool off;
	const char *name;
};

static struct day *days;
static size_t days_len;

/* Behind "key": from s on, NULL if there is none. */
static char *value_of(char *s, const char *key)
{
	s = s ? strstr(s, format("\"%s\":", key)) : NULL;
	return s ? s + strlen(key) + 3 + strspn(s + strlen(key) + 3, " ") : NULL;
}

static char *string_of(char *s)
{
	return *s == '"' ? strndup(s + 1, strcspn(s + 1, "\"")) : NULL;
}

static void read_year(const char *path)
{
	size_t len;
	char *at = slurp(path, &len);

	at = value_of(at, "days");
	while ((at = value_of(at, "name")) != NULL) {
		char *name = string_of(at), *date = value_of(at, "date"), *off = value_of(date, "isOffDay");
		int y, m, d;

		if (!name || !off || sscanf(date, "\"%4d-%2d-%2d\"", &y, &m, &d) != 3) {
			complain(path, 0, "not a day: %.60s", at);
			return;
		}
		days = grow(days, days_len, sizeof(*days));
		days[days_len++] = (struct day){ (y * 100 + m) * 100 + d, *off == 't', name };
	}
}

static int by_ymd(const void *a, const void *b)
{
	return ((const struct day *)a)->ymd - ((const struct day *)b)->ymd;
}

int main(int argc, char **argv)
{
	char *data;
	size_t len;
	FILE *out = open_memstream(&data, &len);

	if (argc < 4 || strcmp(argv[1], "-o") != 0 || out == NULL)
		die("usage: holidaygen -o DIR YEAR.json...");
	for (int i = 3; i < argc; i++)
		read_year(argv[i]);
	if (days_len == 0 || gen_errors)
		die("holidaygen: no days");
	qsort(days, days_len, sizeof(*days), by_ymd);
	fputs("/* made by holidaygen */\n#include \"app/calendar.h\"\n\nconst struct calendar_day "
	      "calendar_days[] = {\n",
		out);
	for (size_t i = 0; i < days_len; i++)
		fprintf(out, "\t{ %d, %s, \"%s\" },\n", days[i].ymd, days[i].off ? "true" : "false", days[i].name);
	fputs("};\nconst size_t calendar_days_len = sizeof(calendar_days) / sizeof(*calendar_days);\n", out);
	fclose(out);
	write_if_changed(format("%s/calendar_table.c", argv[2]), data, len);
	return 0;
}
