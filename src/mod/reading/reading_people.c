/* people: all customers by what they are called and by their phones, kept like the goods. */
#include "mod/reading/reading_int.h"

#include "gen/reading_sql.h"
#include "mod/reading/reading_row.h"

#include <pthread.h>
#include <string.h>

const struct field person_row_fields[] = {
	FIELD(struct person_row, id, T_none),
	FIELD(struct person_row, code, T_none),
	FIELD(struct person_row, name, T_none),
	FIELD(struct person_row, short_name, T_none),
	FIELD(struct person_row, contact, T_none),
	FIELD(struct person_row, phone, T_none),
	FIELD(struct person_row, aliases, T_none),
	FIELD_END,
};

static void add_phone(struct people *p, const char *phone, uint32_t who)
{
	struct phone *to = &p->phones[p->phones_len];
	size_t n = 0;

	for (const char *s = phone ? phone : ""; *s && n < sizeof(to->digits) - 1; s++)
		if (*s >= '0' && *s <= '9')
			to->digits[n++] = *s;
	to->who = who;
	p->phones_len += n > 0;
}

static void add_name(struct people *p, const char *s, uint32_t who)
{
	if (s != NULL && *s != '\0')
		names_add_str(p->names, s, who);
}

static void add_person(struct people *p, const struct person_row *r, struct arena *scratch)
{
	uint32_t who = p->len++;
	char *rest = arena_strdup(scratch, r->aliases ? r->aliases : ""), *alias;

	p->all[who] = (struct person){ r->id, arena_strdup(p->arena, r->code) };
	add_name(p, r->name, who);
	add_name(p, r->short_name, who);
	add_name(p, r->contact, who);
	add_phone(p, r->phone, who);
	while ((alias = strsep(&rest, "|")) != NULL)
		add_name(p, alias, who);
}

static bool build(struct ctx *c, struct people **out)
{
	struct person_row *rows;
	size_t len;
	struct arena *a;
	struct people *p;

	if (!reading_people(c, &rows, &len))
		return false;
	a = arena_new();
	p = ARENA_NEW(a, struct people);
	*p = (struct people){ .arena = a, .names = names_new(a), .users = 1 };
	p->all = ARENA_ARRAY(a, len + 1, struct person);
	p->phones = ARENA_ARRAY(a, len + 1, struct phone);
	for (size_t i = 0; i < len; i++)
		add_person(p, &rows[i], c->arena);
	names_finish(p->names);
	*out = p;
	return true;
}

struct keeper {
	pthread_mutex_t lock;
	struct people *kept;
};

static struct keeper *keeper(void)
{
	static struct keeper k = { .lock = PTHREAD_MUTEX_INITIALIZER };

	return &k;
}

static void drop(struct people *p)
{
	if (p != NULL && --p->users == 0)
		arena_free(p->arena);
}

static bool renew(struct ctx *c, struct keeper *k, int64_t stamp)
{
	struct people *made;

	if (!build(c, &made))
		return false;
	drop(k->kept);
	made->stamp = stamp;
	k->kept = made;
	return true;
}

bool people_take(struct ctx *c, struct people **out)
{
	struct keeper *k = keeper();
	int64_t stamp;
	bool good = true;

	if (!reading_stamp_get(c, "people", &stamp))
		return false;
	if (c->app == NULL || stamp == INT64_MIN)
		return build(c, out);
	pthread_mutex_lock(&k->lock);
	if (k->kept == NULL || k->kept->stamp != stamp)
		good = renew(c, k, stamp);
	if (good)
		k->kept->users++;
	*out = k->kept;
	pthread_mutex_unlock(&k->lock);
	return good;
}

void people_leave(struct people *p)
{
	struct keeper *k = keeper();

	pthread_mutex_lock(&k->lock);
	drop(p);
	pthread_mutex_unlock(&k->lock);
}
