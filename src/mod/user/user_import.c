/* user_import: employees from a list. They get a random password; an admin sets a real one, or each asks for it. */
#include "mod/user/user_int.h"

#include "app/sheet.h"

#include <string.h>

static int column(const struct sheet *s, const char *name)
{
	for (size_t i = 0; i < s->cols; i++)
		if (strcmp(s->head[i], name) == 0)
			return (int)i;
	return -1;
}

bool user_import_with(struct ctx *c, const struct sheet *s, const char *hash)
{
	int login = column(s, "login"), name = column(s, "name"), role = column(s, "role");
	struct user made;

	if (login < 0 || name < 0 || role < 0)
		return fail(c, E_INVALID, T_user_import_columns);
	for (size_t i = 0; i < s->rows_len; i++) {
		const struct sheet_row *row = &s->rows[i];
		struct user_in in = { .login = row->cells[login],
			.name = row->cells[name],
			.role = enum_find(role_names, row->cells[role]) };
		if (in.role <= ROLE_none || in.role >= ROLE_system || *in.login == '\0')
			(void)fail_field(
				c, arena_printf(c->arena, "/rows/%zu/role", row->number), E_UNKNOWN, T_user_no_role);
		else if (!user_add(c, &in, hash, &made))
			return false;
	}
	return ok(c);
}

/* "!" is no argon2id string, so nobody can sign in until a password is set. */
static bool import_employees(struct ctx *c, const struct sheet *s)
{
	return user_import_with(c, s, "!");
}

const struct import user_imports[] = {
	{ "employees", import_employees },
	{ NULL, NULL },
};
