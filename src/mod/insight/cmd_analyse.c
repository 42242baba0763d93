/* cmd_analyse: the figures of somebody's event log, as JSON. */
#include "app/command.h"

#include "mod/insight/figures.h"

#include <inttypes.h>
#include <stdio.h>

static void to_stdout(void *who, const char *data, size_t len)
{
	(void)who;
	(void)fwrite(data, 1, len, stdout);
}

static bool analyse(struct ctx *c, const struct command_line *l, struct log *g)
{
	const struct log_columns columns = { l->case_id, l->activity, l->time, l->start, l->resource, l->role };
	struct figures f;

	if (!log_read(c, l->args[0], &columns, g))
		return false;
	if (g->skipped > 0)
		fprintf(stderr,
			"huodan: %zu events without case, activity or time were left out, the first in line %zu\n",
			g->skipped, g->skipped_at);
	if (!log_sort(c, g))
		return false;
	figures_make(c, g, &f);
	figures_json(c, &f, to_stdout, NULL);
	(void)putchar('\n');
	return fflush(stdout) == 0 || fail(c, E_NO_SPACE, T_insight_not_written);
}

int cmd_analyse(const struct command_line *l)
{
	struct ctx c = { .arena = arena_new(), .lang = LANG_EN };
	struct log g = { 0 };
	int status = EXIT_DONE;

	if (!analyse(&c, l, &g))
		status = command_failed(c.err.detail);
	log_free(&g);
	arena_free(c.arena);
	return status;
}
