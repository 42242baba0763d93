/* cmd_user: people and keys from the command line, and the people of the demo company. */
#include "app/command.h"

#include "app/sheet.h"
#include "mod/user/user.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define DEMO_PASSWORD "huodan2026"

struct add {
	struct user_in in;
	const char *hash;
	struct user made;
};

static bool add_one(struct ctx *c, void *arg)
{
	struct add *a = arg;

	return user_add(c, &a->in, a->hash, &a->made);
}

static int told(struct local *local, bool fine)
{
	const struct err *e = &local->ctx.err;

	if (!fine)
		(void)command_failed(e->fields != NULL ? e->fields->detail : e->detail);
	local_close(local);
	return fine ? EXIT_DONE : EXIT_FAILED;
}

/* The first line of standard input, without its end. */
static bool read_password(char *out, size_t size)
{
	if (fgets(out, (int)size, stdin) == NULL)
		return false;
	out[strcspn(out, "\r\n")] = '\0';
	return true;
}

int cmd_user(const struct command_line *l)
{
	struct add a = { .in = { .login = l->args[0],
				 .name = l->name,
				 .role = l->role != NULL ? enum_find(role_names, l->role) : -1 } };
	char password[1024];
	struct local local;
	struct buf why;

	buf_init(&why, NULL);
	if (a.in.role <= ROLE_none || a.in.role >= ROLE_system) {
		fprintf(stderr, "huodan: --role is clerk, reviewer, warehouse, service or admin\n");
		return EXIT_USAGE;
	}
	if (!read_password(password, sizeof(password)))
		return command_failed("the password is read from standard input");
	if (!local_open(&local, l->db, true, &why))
		return command_failed(buf_cstr(&why));
	local.ctx.lang = LANG_EN;
	return told(&local, password_hash(&local.ctx, password, &a.hash) && local_write(&local, add_one, &a));
}

struct make_key {
	const char *login, *note;
	struct api_key made;
};

static bool key_one(struct ctx *c, void *arg)
{
	struct make_key *k = arg;
	struct user u;
	bool found;

	if (!user_find(c, k->login, &u, &found))
		return false;
	return found ? user_key_add(c, u.id, k->note, &k->made) : fail(c, E_NOT_FOUND, T_user_no_such_login, k->login);
}

int cmd_key(const struct command_line *l)
{
	struct make_key k = { .login = l->args[0], .note = l->note };
	struct local local;
	struct buf why;
	bool fine;

	buf_init(&why, NULL);
	if (!local_open(&local, l->db, true, &why))
		return command_failed(buf_cstr(&why));
	local.ctx.lang = LANG_EN;
	fine = local_write(&local, key_one, &k);
	if (fine)
		printf("%s\n", k.made.key);
	return told(&local, fine);
}

/* ---- the demo company ---- */

struct demo_people {
	const char *hash;
};

/* People and lists in one transaction: a demo company is whole or not there. */
static bool demo_company(struct ctx *c, void *arg)
{
	static const char *const kinds[] = { "products", "units", "customers", "customer_aliases", "prices", "stock",
		"carriers" };
	static const char *const logins[][3] = {
#include "mod/user/demo_people.def"
	};
	const struct demo_people *d = arg;
	struct user made;

	for (size_t i = 0; i < ARRAY_LEN(logins); i++) {
		struct user_in in = {
			.login = logins[i][0], .name = logins[i][1], .role = enum_find(role_names, logins[i][2])
		};
		if (!user_add(c, &in, d->hash, &made))
			return false;
	}
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (!demo_import(c, kinds[i]))
			return false;
	return true;
}

static void say_logins(void)
{
	fprintf(stderr, "demo logins, password " DEMO_PASSWORD ":\n"
			"  mei.fang    clerk      订单处理\n"
			"  qiao.ling   reviewer   审核\n"
			"  cheng.lei   warehouse  仓库\n"
			"  ye.qin      service    客服\n"
			"  fang.ming   admin      管理员\n");
}

bool demo_load(const char *url, struct buf *why)
{
	struct demo_people people = { NULL };
	struct local local;
	int64_t n = 0;
	struct user somebody;
	bool fine, ours;

	if (!local_open(&local, url, true, why))
		return false;
	fine = user_count(&local.ctx, &n);
	if (fine && n == 0)
		fine = password_hash(&local.ctx, DEMO_PASSWORD, &people.hash) &&
		       local_write(&local, demo_company, &people) && demo_orders(&local);
	if (!fine)
		buf_printf(why, "the demo company could not be loaded: %s",
			local.ctx.err.detail != NULL ? local.ctx.err.detail : "");
	else if (user_find(&local.ctx, "mei.fang", &somebody, &ours) && ours)
		say_logins();
	local_close(&local);
	return fine;
}
