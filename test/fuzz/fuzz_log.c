/* fuzz_log: any bytes are read as an event log or refused with a sentence; what was read has figures. */
#include "mod/insight/figures.h"

#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void nowhere(void *who, const char *data, size_t len)
{
	(void)data;
	*(size_t *)who += len;
}

/* The figures of all cases add up to the events that were read. */
static void look_at(struct ctx *c, struct log *g)
{
	struct figures f;
	size_t events = 0, cases = 0, written = 0;

	must(log_sort(c, g));
	figures_make(c, g, &f);
	for (size_t i = 0; i < f.edges_len; i++)
		events += f.edges[i].gap.count;
	for (size_t i = 0; i < f.variants_len; i++)
		cases += f.variants[i].count;
	must(events + f.cases == g->len && cases == f.cases);
	figures_json(c, &f, nowhere, &written);
	must(written > 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct log_columns ways[] = { { 0 }, { .item = "c", .activity = "a", .at = "t", .person = "p" } };
	struct ctx c = { .arena = arena_new() };
	struct log g;
	char path[32];
	int fd = memfd_create("log", 0);

	must(fd >= 0 && (size == 0 || write(fd, data, size) == (ssize_t)size));
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	for (size_t i = 0; i < ARRAY_LEN(ways); i++) {
		c.err = (struct err){ 0 };
		if (log_read(&c, path, &ways[i], &g))
			look_at(&c, &g);
		else
			must(c.err.code != E_NONE);
		log_free(&g);
	}
	close(fd);
	arena_free(c.arena);
	return 0;
}
