/* people: all customers by what they are called and by their phones, kept like the goods. */
#include "mod/reading/reading_int.h"

#include "gen/reading_sql.h"
#include "mod/reading/reading_row.h"

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

static void add_person(struct people *p, const struct person_row *r, struct arena *own, struct arena *scratch)
{
	uint32_t who = p->len++;
	char *rest = arena_strdup(scratch, r->aliases ? r->aliases : ""), *alias;

	p->all[who] = (struct person){ r->id, arena_strdup(own, r->code) };
	add_name(p, r->name, who);
	add_name(p, r->short_name, who);
	add_name(p, r->contact, who);
	add_phone(p, r->phone, who);
	while ((alias = strsep(&rest, "|")) != NULL)
		add_name(p, alias, who);
}

static bool build(struct ctx *c, struct arena *own, struct kept **out)
{
	struct people *p = ARENA_NEW(own, struct people);
	struct person_row *rows;
	size_t len;

	if (!reading_people(c, &rows, &len))
		return false;
	p->names = names_new(own);
	p->all = ARENA_ARRAY(own, len + 1, struct person);
	p->phones = ARENA_ARRAY(own, len + 1, struct phone);
	for (size_t i = 0; i < len; i++)
		add_person(p, &rows[i], own, c->arena);
	names_finish(p->names);
	*out = &p->kept;
	return true;
}

bool people_take(struct ctx *c, struct people **out)
{
	struct kept *kept;
	int64_t stamp;

	if (!reading_stamp_get(c, "people", &stamp) || !keep_take(c, KEEP_PEOPLE, stamp, build, &kept))
		return false;
	*out = (struct people *)kept;
	return true;
}

void people_leave(struct people *p)
{
	keep_leave(KEEP_PEOPLE, &p->kept);
}
