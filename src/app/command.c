/* command: finding a command, reading its options, helping. */
#include "app/command.h"

#include <errno.h>
#include <ini.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum option {
	O_DB = 1,
	O_LISTEN = 2,
	O_DEMO = 4,
	O_NO_WORKERS = 8,
	O_ROLE = 16,
	O_NAME = 32,
	O_NOTE = 64,
	O_ACKS = 128,
	O_PERIOD = 256,
	O_COLUMNS = 512,
	O_FILE = 1024 /* no option: one word more may follow */,
};

struct command {
	const char *name, *sub; /* "user" "add" */
	unsigned options;
	size_t args; /* words it needs */
	const char *usage, *help;
	int (*run)(const struct command_line *l);
};

static int cmd_help(const struct command_line *l);

static const struct command commands[] = {
	{ "serve", NULL, O_DB | O_LISTEN | O_DEMO | O_NO_WORKERS, 0,
		"[--db URL] [--listen HOST:PORT] [--demo] [--no-workers]",
		"Runs the server. Prints `huodan: ready ADDRESS` when it can be used; port 0 picks a free "
		"one.\n"
		"--demo loads the demo company into an empty database. SIGTERM finishes what was accepted.",
		cmd_serve },
	{ "work", NULL, O_DB, 0, "[--db URL]", "Runs the background workers alone, for several nodes.", cmd_work },
	{ "migrate", NULL, O_DB, 0, "[--db URL]", "Brings the database to this version; refuses a newer one.",
		cmd_migrate },
	{ "user", "add", O_DB | O_ROLE | O_NAME, 1,
		"LOGIN --role clerk|reviewer|warehouse|service|admin [--name N] [--db URL]",
		"Adds a person; the password is read from standard input.", cmd_user },
	{ "key", "add", O_DB | O_NOTE, 1, "LOGIN [--note N] [--db URL]",
		"Makes an API key for that person and prints it, once.", cmd_key },
	{ "import", NULL, O_DB, 2, "KIND FILE [--db URL]",
		"Reads products, units, customers, customer_aliases, prices, stock, carriers, employees or orders\n"
		"from a CSV or XLSX file: all or nothing, errors by row and column.",
		cmd_import },
	{ "export", NULL, O_DB | O_PERIOD | O_FILE, 1, "KIND [FILE] [--from DATE] [--to DATE] [--db URL]",
		"Writes orders (CSV), events or audit (one JSON object a line) to standard output. `ocel` is all "
		"orders with\n"
		"their events and objects as OCEL 2.0 for process analysis: JSON to standard output or into FILE, "
		"SQLite if\n"
		"its name ends in .sqlite, .sqlite3 or .db; a file that is there is not overwritten.",
		cmd_export },
	{ "analyse", NULL, O_COLUMNS | O_ROLE, 1,
		"LOG [--case C] [--activity A] [--time T] [--start S] [--resource R] [--role R]",
		"Reads an event log (CSV, XES, OCEL in JSON, XML, SQLite; packed with gzip or not) "
		"and "
		"prints\n"
		"its figures as JSON: variants, what follows what with the median time between, start, end, throughput "
		"and\n"
		"rework. Without options the columns are case:concept:name, concept:name and time:timestamp; in OCEL "
		"--case\n"
		"is a type of object, \"order\" if not said. Needs no database.",
		cmd_analyse },
	{ "verify", NULL, O_DB | O_ACKS, 0, "[--acks FILE] [--db URL] | --proof FILE",
		"Recounts every invariant from the raw rows and checks the audit chain. With --acks each order id in "
		"FILE\n"
		"(one a line) must be there once. Exit 1 and the row's name if anything is broken.\n"
		"With --proof one archived record is checked from its file alone; no database is opened.",
		cmd_verify },
	{ "backup", NULL, O_DB, 1, "FILE [--db URL]", "Makes a consistent copy while the server runs.", cmd_backup },
	{ "restore", NULL, O_DB, 1, "FILE [--db URL]", "Puts a copy in place; refuses to overwrite.", cmd_restore },
	{ "parse-mail", NULL, 0, 0, "",
		"Reads a mail from standard input and prints what it says as JSON; workers run it, one process a mail.",
		cmd_parse_mail },
	{ "help", NULL, 0, 0, "[COMMAND]", "Explains the commands.", cmd_help },
};

int command_failed(const char *sentence)
{
	fprintf(stderr, "huodan: %s\n", sentence);
	return EXIT_FAILED;
}

static int usage(const char *sentence, const char *word)
{
	fprintf(stderr, "huodan: %s%s; see `huodan help`\n", sentence, word);
	return EXIT_USAGE;
}

static void print_usage(FILE *out, const struct command *k)
{
	fprintf(out, "  huodan %s%s%s %s\n", k->name, k->sub != NULL ? " " : "", k->sub != NULL ? k->sub : "",
		k->usage);
}

static int cmd_help(const struct command_line *l)
{
	bool any = false;

	for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
		if (l->args_len > 0 && strcmp(commands[i].name, l->args[0]) != 0)
			continue;
		if (l->args_len > 0 || !any)
			printf("%s", any || l->args_len > 0
					     ? ""
					     : "huodan 货单: the orders of a wholesale market, in one program.\n\n");
		print_usage(stdout, &commands[i]);
		if (l->args_len > 0)
			printf("\n%s\n", commands[i].help);
		any = true;
	}
	if (!any)
		return usage("no such command: ", l->args[0]);
	if (l->args_len == 0)
		printf("\nSettings come from options, then HUODAN_DB and HUODAN_LISTEN, then huodan.conf (db, "
		       "listen).\n"
		       "URL is sqlite:PATH or postgresql://...\n");
	return EXIT_DONE;
}

/* ---- settings: options, then environment, then the file ---- */

static int from_file(void *user, const char *section, const char *name, const char *value)
{
	struct command_line *l = user;

	(void)section;
	if (strcmp(name, "db") == 0 && l->db == NULL)
		l->db = strdup(value);
	if (strcmp(name, "listen") == 0 && l->listen == NULL)
		l->listen = strdup(value);
	return 1;
}

static void make_folder(char *path)
{
	for (char *p = path + 1; *p != '\0'; p++)
		if (*p == '/') {
			*p = '\0';
			if (mkdir(path, 0700) != 0 && errno != EEXIST)
				fprintf(stderr, "huodan: cannot make the folder %s\n", path);
			*p = '/';
		}
}

/* Under the service's state folder, or the person's own (XDG). */
static const char *default_db(void)
{
	static char url[4096];
	const char *state = getenv("STATE_DIRECTORY"), *xdg = getenv("XDG_STATE_HOME"), *home = getenv("HOME");

	if (state != NULL)
		(void)snprintf(url, sizeof(url), "sqlite:%s/huodan.db", state);
	else if (xdg != NULL && *xdg == '/')
		(void)snprintf(url, sizeof(url), "sqlite:%s/huodan/huodan.db", xdg);
	else
		(void)snprintf(url, sizeof(url), "sqlite:%s/.local/state/huodan/huodan.db",
			home != NULL ? home : "/var/lib/huodan");
	make_folder(url + strlen("sqlite:"));
	return url;
}

static void settle(struct command_line *l)
{
	const char *file = getenv("HUODAN_CONFIG");

	if (l->db == NULL)
		l->db = getenv("HUODAN_DB");
	if (l->listen == NULL)
		l->listen = getenv("HUODAN_LISTEN");
	(void)ini_parse(file != NULL ? file : "/etc/huodan/huodan.conf", from_file, l);
	if (l->db == NULL)
		l->db = default_db();
	if (l->listen == NULL)
		l->listen = "127.0.0.1:8080";
}

/* ---- reading the line ---- */

static const struct {
	const char *name;
	enum option option;
	size_t offset;
	bool flag;
} options[] = {
	{ "--db", O_DB, offsetof(struct command_line, db), false },
	{ "--listen", O_LISTEN, offsetof(struct command_line, listen), false },
	{ "--role", O_ROLE, offsetof(struct command_line, role), false },
	{ "--name", O_NAME, offsetof(struct command_line, name), false },
	{ "--note", O_NOTE, offsetof(struct command_line, note), false },
	{ "--acks", O_ACKS, offsetof(struct command_line, acks), false },
	{ "--proof", O_ACKS, offsetof(struct command_line, proof), false },
	{ "--from", O_PERIOD, offsetof(struct command_line, from), false },
	{ "--to", O_PERIOD, offsetof(struct command_line, to), false },
	{ "--case", O_COLUMNS, offsetof(struct command_line, case_id), false },
	{ "--activity", O_COLUMNS, offsetof(struct command_line, activity), false },
	{ "--time", O_COLUMNS, offsetof(struct command_line, time), false },
	{ "--start", O_COLUMNS, offsetof(struct command_line, start), false },
	{ "--resource", O_COLUMNS, offsetof(struct command_line, resource), false },
	{ "--demo", O_DEMO, offsetof(struct command_line, demo), true },
	{ "--no-workers", O_NO_WORKERS, offsetof(struct command_line, no_workers), true },
};

/* One option at argv[*i]; false if the command does not know it or its value is missing. */
static bool option_read(const struct command *k, struct command_line *l, int argc, char **argv, int *i)
{
	for (size_t o = 0; o < ARRAY_LEN(options); o++) {
		if (strcmp(options[o].name, argv[*i]) != 0 || (k->options & options[o].option) == 0)
			continue;
		if (options[o].flag) {
			*(bool *)((char *)l + options[o].offset) = true;
			return true;
		}
		if (*i + 1 >= argc)
			return false;
		*(const char **)((char *)l + options[o].offset) = argv[++*i];
		return true;
	}
	return false;
}

static const struct command *command_find(int argc, char **argv, int *next)
{
	for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
		const struct command *k = &commands[i];
		if (strcmp(k->name, argv[1]) != 0 || (k->sub != NULL && (argc < 3 || strcmp(k->sub, argv[2]) != 0)))
			continue;
		*next = k->sub != NULL ? 3 : 2;
		return k;
	}
	return NULL;
}

int command_run(int argc, char **argv)
{
	struct command_line l = { 0 };
	const struct command *k;
	int next;

	if (argc < 2)
		return usage("a command is missing", "");
	k = command_find(argc, argv, &next);
	if (k == NULL)
		return usage("no such command: ", argv[1]);
	for (int i = next; i < argc; i++) {
		if (argv[i][0] == '-' && argv[i][1] != '\0') {
			if (!option_read(k, &l, argc, argv, &i))
				return usage("unknown option or missing value: ", argv[i]);
		} else if (l.args_len == COMMAND_ARGS) {
			return usage("too many words: ", argv[i]);
		} else {
			l.args[l.args_len++] = argv[i];
		}
	}
	if (l.args_len < k->args || (l.args_len > k->args + ((k->options & O_FILE) != 0) && k->run != cmd_help))
		return usage("wrong number of words for ", k->name);
	if ((k->options & O_DB) != 0)
		settle(&l);
	return k->run(&l);
}
