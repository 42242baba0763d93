/* command: what is typed after `huodan`. One table has the commands, their options and their help. */
#ifndef APP_COMMAND_H
#define APP_COMMAND_H

#include "app/serve.h"

enum { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };

#define COMMAND_ARGS 4

/* What the command line gave: the words that are no options, and the options by name. */
struct command_line {
	const char *args[COMMAND_ARGS];
	size_t args_len;
	const char *db, *listen, *role, *name, *note, *acks, *proof, *from, *to, *config;
	const char *case_id, *activity, *time, *start, *resource; /* columns of a log */
	bool demo, no_workers;
};

/* Finds the command, reads its options, runs it; the exit status. */
int command_run(int argc, char **argv);
/* Prints "huodan: SENTENCE" and gives EXIT_FAILED. */
int command_failed(const char *sentence);

/* The commands; each gives the exit status. */
int cmd_serve(const struct command_line *l);
int cmd_work(const struct command_line *l);
int cmd_migrate(const struct command_line *l);
int cmd_user(const struct command_line *l);
int cmd_key(const struct command_line *l);
int cmd_import(const struct command_line *l);
int cmd_export(const struct command_line *l);
int cmd_analyse(const struct command_line *l);
int cmd_verify(const struct command_line *l);
int cmd_backup(const struct command_line *l);
int cmd_restore(const struct command_line *l);
int cmd_parse_mail(const struct command_line *l);

/* OCEL 2.0 of the orders that had an event in the period; file NULL: JSON to standard output (mod/insight/ocel.c). */
NODISCARD bool export_ocel(struct ctx *c, const char *file, int64_t from_us, int64_t to_us);

/* The demo company into an empty database: goods, customers, prices, stock, people (mod/user/cmd_user.c). */
NODISCARD bool demo_load(const char *url, struct buf *why);
/* One list of it, and its orders in every state (mod/demo). */
NODISCARD bool demo_import(struct ctx *c, const char *kind);
NODISCARD bool demo_orders(struct local *local);

#endif
