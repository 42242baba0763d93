/* core: routes without a trade, and what verify asks of the audit chain. */
#include "app/core.h"

#include "app/serve.h"
#include "gen/app_sql.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct done *healthz(struct ctx *c, struct req *r)
{
	struct buf b;

	buf_init(&b, c->arena);
	buf_str(&b, "{\"status\":\"ok\"}");
	return reply_json(r, &b);
}

static struct done *readyz(struct ctx *c, struct req *r)
{
	int64_t at;
	struct buf b;

	if (!database_alive(c, &at))
		return reply_error(r);
	buf_init(&b, c->arena);
	buf_str(&b, "{\"status\":\"ready\"}");
	return reply_json(r, &b);
}

static int64_t resident_bytes(void)
{
	long pages = 0;
	FILE *f = fopen("/proc/self/statm", "re");

	if (f == NULL)
		return 0;
	if (fscanf(f, "%*d %ld", &pages) != 1)
		pages = 0;
	fclose(f);
	return pages * sysconf(_SC_PAGESIZE);
}

static void metric(struct buf *b, const char *name, const char *type, const char *help, int64_t value)
{
	buf_printf(b, "# HELP %s %s\n# TYPE %s %s\n%s %" PRId64 "\n", name, help, name, type, name, value);
}

static struct done *metrics(struct ctx *c, struct req *r)
{
	struct app *app = c->app;
	size_t waiting = 0;
	struct buf b;

	buf_init(&b, c->arena);
	for (size_t i = 0; i < app->lanes_len; i++)
		waiting += lane_waiting(app->lanes[i]);
	metric(&b, "huodan_requests_total", "counter", "Requests answered.", atomic_load(&app->requests));
	metric(&b, "huodan_errors_total", "counter", "Requests answered with 5xx.", atomic_load(&app->errors));
	metric(&b, "huodan_lane_waiting", "gauge", "Writing requests that wait for their turn.", (int64_t)waiting);
	metric(&b, "huodan_streams", "gauge", "Open event streams.", (int64_t)sse_count(app->http));
	metric(&b, "huodan_resident_bytes", "gauge", "Memory in use.", resident_bytes());
	metric(&b, "huodan_uptime_seconds", "gauge", "Since the start.", (c->now.us - app->started.us) / SECOND_US);
	return reply_bytes(r, "text/plain; version=0.0.4; charset=utf-8", NULL, buf_cstr(&b), b.len);
}

static const char *roles_of(unsigned right)
{
	static _Thread_local char names[128];
	size_t len = 0;

	names[0] = '\0';
	for (int role = ROLE_clerk; role < ROLE_system; role++)
		if (role_may((enum role)role, (enum right)right))
			len += (size_t)snprintf(
				names + len, sizeof(names) - len, "%s%s", len > 0 ? ", " : "", role_names[role]);
	return names;
}

static struct done *openapi(struct ctx *c, struct req *r)
{
	const struct route *tables[64];
	size_t n = 0;
	struct buf b;
	struct json j;

	for (size_t i = 0; modules[i] != NULL && n < ARRAY_LEN(tables) - 1; i++)
		if (modules[i]->routes != NULL)
			tables[n++] = modules[i]->routes;
	tables[n] = NULL;
	buf_init(&b, c->arena);
	json_start(&j, &b);
	openapi_write(&j, tables, roles_of);
	return reply_json(r, &b);
}

static struct done *events(struct ctx *c, struct req *r)
{
	return reply_stream(r, c->actor);
}

static const struct route routes[] = {
	{ GET, "/healthz", RIGHT_none, NULL, 0, healthz, T_app_healthz, ROUTE_PUBLIC, NULL },
	{ GET, "/readyz", RIGHT_none, NULL, 0, readyz, T_app_readyz, ROUTE_PUBLIC, NULL },
	{ GET, "/metrics", RIGHT_none, NULL, 0, metrics, T_app_metrics, ROUTE_PUBLIC, NULL },
	{ GET, "/openapi.json", RIGHT_none, NULL, 0, openapi, T_app_openapi, ROUTE_PUBLIC | ROUTE_API_ONLY, NULL },
	{ GET, "/events", RIGHT_none, NULL, 0, events, T_app_events, ROUTE_SELF | ROUTE_API_ONLY, NULL },
	ROUTE_END,
};

/* ---- verify 11: the audit chain from its first entry to its last ---- */

static bool chain_verify(
	struct ctx *c, const struct chain_head *h, int64_t *counted, int64_t *broken, const char **first)
{
	uint8_t head[32] = { 0 }, want[32];
	int64_t seq = 0;
	struct event_row *rows;
	size_t len;

	do {
		if (!event_chain_page(c, h->chain, seq, &rows, &len))
			return false;
		for (size_t i = 0; i < len; i++) {
			chain_link(head, &rows[i], want);
			if (rows[i].seq != seq + 1 || rows[i].hash.len != 32 ||
				memcmp(rows[i].hash.data, want, 32) != 0) {
				(*broken)++;
				*first = arena_printf(c->arena, "event %" PRId64, rows[i].id);
				return true;
			}
			memcpy(head, want, 32);
			seq = rows[i].seq;
		}
		*counted += (int64_t)len;
	} while (len > 0);
	if (h->seq != seq || h->head.len != 32 || memcmp(h->head.data, head, 32) != 0) {
		(*broken)++;
		*first = arena_printf(c->arena, "head of chain %" PRId64 ": entries are missing at its end", h->chain);
	}
	return true;
}

static bool audit_verify(struct ctx *c, int64_t *counted, int64_t *broken, const char **first)
{
	struct chain_head *heads;
	int64_t all;
	size_t len;

	*counted = *broken = 0;
	if (!chain_all(c, &heads, &len) || !event_count(c, &all))
		return false;
	for (size_t i = 0; i < len; i++)
		if (!chain_verify(c, &heads[i], counted, broken, first))
			return false;
	if (*broken == 0 && *counted != all) {
		*broken = all - *counted;
		*first = "events outside every chain";
	}
	return true;
}

static const struct check checks[] = {
	{ 11, "audit chain", audit_verify },
	{ 0, NULL, NULL },
};

/* Stored answers are for retries of the same minute or day, not for ever. */
static bool answers_forget(struct ctx *c)
{
	int64_t gone;

	return answer_forget(c, (struct instant){ c->now.us - 3 * DAY_US }, 2000, &gone);
}

static const struct tick ticks[] = {
	{ "answers.forget", 60, answers_forget },
	{ NULL, 0, NULL },
};

const struct module core_module = {
	.name = "core",
	.routes = routes,
	.checks = checks,
	.ticks = ticks,
};
