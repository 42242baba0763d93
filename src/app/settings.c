/* settings: a row each where an admin has changed one, the default of settings.def otherwise. */
#include "app/settings.h"

#include "app/serve.h"
#include "db/db.h"
#include "gen/app_sql.h"

#include <stdlib.h>
#include <string.h>

const struct setting settings[] = {
#define SETTING(name, value, text) { (name), (value), (text), false },
#define SECRET(name, text)         { (name), "", (text), true },
#include "app/settings.def"
#undef SETTING
#undef SECRET
	{ NULL, NULL, T_none, false },
};

static const struct setting *setting_of(const char *name)
{
	for (const struct setting *s = settings; s->name != NULL; s++)
		if (strcmp(s->name, name) == 0)
			return s;
	must(!"a setting that settings.def does not know");
	return NULL;
}

/* A setting never fails a request: without a database, or with a broken one, the default holds. */
const char *setting_str(struct ctx *c, const char *name)
{
	struct ctx probe = *c;
	const char *value = NULL;

	if (c->db == NULL || !setting_find(&probe, name, &value) || value == NULL)
		return setting_of(name)->value;
	return value;
}

int64_t setting_int(struct ctx *c, const char *name)
{
	return strtoll(setting_str(c, name), NULL, 10);
}

bool setting_set(struct ctx *c, const char *name, const char *value)
{
	struct event ev = { .kind = "setting.changed", .entity = "setting" };
	struct buf b;
	struct json j;

	buf_init(&b, c->arena);
	json_start(&j, &b);
	json_obj(&j, NULL);
	json_str(&j, "name", name);
	json_str(&j, "value", setting_of(name)->secret ? "***" : value);
	json_end_obj(&j);
	ev.data = buf_cstr(&b);
	return setting_put(c, name, value) && event_add(c, &ev);
}

/* China has one zone; where huodan serves elsewhere it is set once and read at start. */
int zone_s(const struct ctx *c)
{
	return c->app != NULL ? c->app->zone_s : 8 * 3600;
}

struct date today(const struct ctx *c)
{
	return date_of(c->now, zone_s(c));
}
