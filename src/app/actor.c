/* actor: roles and the one table of rights. */
#include "app/serve.h"

const char *const role_names[] = { "none", "clerk", "reviewer", "warehouse", "service", "admin", "system", NULL };

enum {
	C = 1 << ROLE_clerk,
	R = 1 << ROLE_reviewer,
	W = 1 << ROLE_warehouse,
	S = 1 << ROLE_service,
	A = 1 << ROLE_admin
};

static const unsigned right_roles[RIGHT_COUNT] = {
#define RIGHT(name, roles, text) [RIGHT_##name] = (roles),
#include "app/rights.def"
#undef RIGHT
};

static const enum text right_texts[RIGHT_COUNT] = {
#define RIGHT(name, roles, text) [RIGHT_##name] = (text),
#include "app/rights.def"
#undef RIGHT
};

void actor_as(struct ctx *c, enum role role, const char *login, const char *name)
{
	struct actor *who = ARENA_NEW(c->arena, struct actor);

	*who = (struct actor){ .id = role == ROLE_system ? the_system.id : nobody.id,
		.login = arena_strdup(c->arena, login),
		.name = arena_strdup(c->arena, name),
		.role = role };
	c->actor = who;
}

bool role_may(enum role role, enum right right)
{
	if (role == ROLE_system)
		return true;
	return right > RIGHT_none && right < RIGHT_COUNT && (right_roles[right] & (1U << role)) != 0;
}

enum text right_text(enum right right)
{
	return right_texts[right];
}

bool may(const struct ctx *c, enum right right)
{
	return role_may(c->actor->role, right);
}

bool need(struct ctx *c, enum right right)
{
	return may(c, right) || fail(c, E_FORBIDDEN, T_app_need_right, text_get(c->lang, right_texts[right]));
}
