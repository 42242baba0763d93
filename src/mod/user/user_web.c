/* user_web: signing in and out, one's own page, and the admin's pages of people, keys, settings and rights. */
#include "mod/user/user_int.h"

#include "app/outside.h"
#include "app/serve.h"
#include "app/settings.h"
#include "base/utf8.h"
#include "gen/app_sql.h"
#include "gen/tmpl.h"
#include "gen/user_sql.h"

#include <inttypes.h>
#include <string.h>

/* ---- signing in ---- */

static const struct field login_fields[] = {
	FIELD(struct login_in, login, T_user_login, .flags = F_REQUIRED, .max = 64),
	FIELD(struct login_in, password, T_user_password, .flags = F_REQUIRED, .max = 1000),
	FIELD(struct login_in, next, T_none, .max = 500),
	FIELD_END,
};

const struct field me_fields[] = {
	FIELD(struct me_page, id, T_none),
	FIELD(struct me_page, login, T_user_login),
	FIELD(struct me_page, name, T_user_name),
	FIELD(struct me_page, role, T_user_role),
	FIELD(struct me_page, lang, T_user_lang),
	FIELD(struct me_page, csrf, T_none),
	FIELD_END,
};
static const struct view me_answer = { me_fields, NULL };

/* Only a path of our own: "//elsewhere" and "/\elsewhere" are other sites to a browser. */
static const char *safe_path(const char *next)
{
	/* Browsers leave tabs and line ends out of an address, so "/<TAB>/elsewhere" is another site too. */
	for (const char *p = next; p != NULL && *p != '\0'; p++)
		if ((unsigned char)*p <= ' ')
			return "/";
	return next != NULL && next[0] == '/' && next[1] != '/' && next[1] != '\\' ? next : "/";
}

static struct done *login_get(struct ctx *c, struct req *r)
{
	static const struct view page = { NULL, PAGE(tmpl_user_login) };
	struct login_page p = { .next = safe_path(req_query(r, "next")) };

	(void)c;
	return reply_view(r, &page, &p);
}

static struct done *session_post(struct ctx *c, struct req *r)
{
	const struct login_in *in = req_in(r);
	const char *agent = req_header(r, "User-Agent");
	struct opened o = { .address = req_address(r),
		.agent = agent != NULL ? arena_strndup(c->arena, agent, utf8_cut(agent, strlen(agent), 200)) : "" };
	struct me_page me;
	struct done *d;

	if (!req_same_origin(r)) {
		(void)fail(c, E_CSRF, T_app_csrf);
		return reply_error(r);
	}
	if (!login_check(c, in, o.address, &o.user) || !session_open(c, &o))
		return reply_error(r);
	me = (struct me_page){ .id = o.user.id,
		.login = o.user.login,
		.name = o.user.name,
		.role = o.user.role,
		.lang = o.user.lang,
		.csrf = o.csrf };
	d = reply_moved(r, &me_answer, &me, "%s", safe_path(in->next));
	reply_cookie(r, SESSION_COOKIE, o.token, SESSION_WHOLE / SECOND_US);
	return d;
}

static struct done *logout_post(struct ctx *c, struct req *r)
{
	const char *token = req_cookie(r, SESSION_COOKIE);
	struct me_page me = { .id = INT64_MIN };
	uint8_t hash[32];
	struct done *d;

	if (token != NULL) {
		token_hash(token, hash);
		if (!session_end(c, (struct bytes){ hash, 32 }))
			return reply_error(r);
	}
	d = reply_moved(r, &me_answer, &me, "/login");
	reply_cookie(r, SESSION_COOKIE, "", 0);
	return d;
}

static struct done *me_get(struct ctx *c, struct req *r)
{
	static const struct view page = { me_fields, PAGE(tmpl_user_me) };
	struct me_page me = { .id = c->actor->id,
		.login = c->actor->login,
		.name = c->actor->name,
		.role = role_names[c->actor->role],
		.lang = lang_tag(c->lang),
		.csrf = c->actor->csrf };

	if (!session_list(c, c->actor->id, &me.sessions, &me.sessions_len))
		return reply_error(r);
	return reply_view(r, &page, &me);
}

struct lang_in {
	const char *lang, *back;
};
static const struct field lang_fields[] = {
	FIELD(struct lang_in, lang, T_user_lang, .flags = F_REQUIRED, .max = 8),
	FIELD(struct lang_in, back, T_none, .max = 500),
	FIELD_END,
};

/* A person's choice is remembered with the account; of whoever has none, a customer at a link too, the browser remembers it. */
static struct done *language_post(struct ctx *c, struct req *r)
{
	const struct lang_in *in = req_in(r);
	struct me_page me = { .id = c->actor->id,
		.login = c->actor->login,
		.name = c->actor->name,
		.role = role_names[c->actor->role],
		.lang = lang_tag(lang_parse(in->lang)),
		.csrf = c->actor->csrf };
	struct done *d;

	if (!req_same_origin(r)) {
		(void)fail(c, E_CSRF, T_app_csrf);
		return reply_error(r);
	}
	if (c->actor->id > 0 && !user_lang_set(c, c->actor->id, me.lang))
		return reply_error(r);
	d = reply_moved(r, &me_answer, &me, "%s", safe_path(in->back));
	reply_cookie(r, LANG_COOKIE, me.lang, 365 * DAY_US / SECOND_US);
	return d;
}

struct password_in {
	const char *old, *password;
};
static const struct field password_fields[] = {
	FIELD(struct password_in, old, T_user_password_old, .flags = F_REQUIRED, .max = 1000),
	FIELD(struct password_in, password, T_user_password, .flags = F_REQUIRED, .max = 1000),
	FIELD_END,
};

struct new_password {
	int64_t user_id;
	const char *hash;
};

static bool set_password(struct ctx *c, void *arg)
{
	const struct new_password *n = arg;
	struct event ev = { .kind = "user.password_changed", .entity = "user", .entity_id = n->user_id };

	return user_password_set(c, n->user_id, n->hash) && session_end_all(c, n->user_id) && event_add(c, &ev);
}

static struct done *my_password_post(struct ctx *c, struct req *r)
{
	const struct password_in *in = req_in(r);
	struct new_password n = { .user_id = c->actor->id };
	struct me_page me = { .id = c->actor->id, .login = c->actor->login };
	struct user u;
	bool fits;

	if (!user_by_id(c, c->actor->id, &u) || !password_fits(c, in->old, u.password, &fits))
		return reply_error(r);
	if (!fits) {
		(void)fail_field(c, "/old", E_UNKNOWN, T_user_wrong_password);
		return reply_error(r);
	}
	if (!password_hash(c, in->password, &n.hash) || !app_write(c, set_password, &n))
		return reply_error(r);
	return reply_moved(r, &me_answer, &me, "/login");
}

/* ---- people ---- */

static const struct field person_new_fields[] = {
	FIELD(struct user_in, login, T_user_login, .flags = F_REQUIRED, .max = 64),
	FIELD(struct user_in, name, T_user_name, .max = 80),
	FIELD(struct user_in, password, T_user_password, .flags = F_REQUIRED, .max = 1000),
	FIELD_ENUM(struct user_in, role, T_user_role, role_names, .flags = F_REQUIRED),
	FIELD_END,
};
static const struct view person_answer = { user_fields, NULL };

static bool role_is_given(struct ctx *c, int role)
{
	return (role > ROLE_none && role < ROLE_system) || fail_field(c, "/role", E_UNKNOWN, T_user_no_role);
}

static struct done *people_get(struct ctx *c, struct req *r)
{
	struct people_page p;

	if (!user_list(c, &p.people, &p.people_len))
		return reply_error(r);
	return reply_list(r, &person_answer, p.people, p.people_len, 0, NULL, PAGE(tmpl_user_people), &p);
}

struct new_person {
	const struct user_in *in;
	const char *hash;
	struct user made;
};

static bool add_person(struct ctx *c, void *arg)
{
	struct new_person *n = arg;

	return user_add(c, n->in, n->hash, &n->made);
}

static struct done *people_post(struct ctx *c, struct req *r)
{
	struct new_person n = { .in = req_in(r) };

	if (!role_is_given(c, n.in->role) || !password_hash(c, n.in->password, &n.hash) ||
		!app_write(c, add_person, &n))
		return reply_error(r);
	return reply_created(r, &person_answer, &n.made, "/people/%" PRId64, n.made.id);
}

static struct done *person_get(struct ctx *c, struct req *r)
{
	static const struct view page = { user_fields, PAGE(tmpl_user_person) };
	struct person_page p;

	if (!user_by_id(c, req_id(r), &p.u))
		return reply_error(r);
	return reply_view(r, req_wants_page(r) ? &page : &person_answer, &p.u);
}

struct person_in {
	const char *name;
	int role;
	bool active;
};
static const struct field person_fields[] = {
	FIELD(struct person_in, name, T_user_name, .flags = F_REQUIRED, .max = 80),
	FIELD_ENUM(struct person_in, role, T_user_role, role_names, .flags = F_REQUIRED),
	FIELD(struct person_in, active, T_user_active, .flags = F_REQUIRED),
	FIELD_END,
};

/* A company always has somebody who can let people in. */
static bool an_admin_stays(struct ctx *c, int64_t id, const struct person_in *in)
{
	struct user *admins;
	size_t len;

	if (in->active && in->role == ROLE_admin)
		return true;
	if (!user_admins(c, &admins, &len))
		return false;
	return len != 1 || admins[0].id != id || fail(c, E_CONFLICT, T_user_last_admin);
}

/* Whoever is closed out is out at once, on every node. */
static struct done *person_post(struct ctx *c, struct req *r)
{
	const struct person_in *in = req_in(r);
	struct event ev = {
		.kind = "user.changed", .entity = "user", .entity_id = req_id(r), .to = in->active ? "active" : "closed"
	};
	struct user u;
	int64_t changed;

	if (!role_is_given(c, in->role) || !user_by_id(c, req_id(r), &u) || !an_admin_stays(c, u.id, in))
		return reply_error(r);
	if (!user_save(c, u.id, req_version(r) != INT64_MIN ? req_version(r) : u.version, in->name,
		    role_names[in->role], in->active, &changed))
		return reply_error(r);
	if (changed != 1) {
		(void)fail(c, E_VERSION, T_user_changed_by_other);
		return reply_error(r);
	}
	if ((!in->active && !session_end_all(c, u.id)) || !event_add(c, &ev) || !user_by_id(c, u.id, &u))
		return reply_error(r);
	return reply_moved(r, &person_answer, &u, "/people");
}

static const struct field reset_fields[] = {
	FIELD(struct password_in, password, T_user_password, .flags = F_REQUIRED, .max = 1000),
	FIELD_END,
};

static struct done *person_password_post(struct ctx *c, struct req *r)
{
	const struct password_in *in = req_in(r);
	struct new_password n = { .user_id = req_id(r) };
	struct user u;

	if (!user_by_id(c, n.user_id, &u) || !password_hash(c, in->password, &n.hash) ||
		!app_write(c, set_password, &n))
		return reply_error(r);
	return reply_moved(r, &person_answer, &u, "/people");
}

/* ---- keys ---- */

struct key_in {
	const char *login, *note;
};
static const struct field key_fields[] = {
	FIELD(struct key_in, login, T_user_login, .flags = F_REQUIRED, .max = 64),
	FIELD(struct key_in, note, T_user_key_note, .max = 100),
	FIELD_END,
};
static const struct view key_answer = { api_key_fields, NULL };

static struct done *keys_get(struct ctx *c, struct req *r)
{
	struct keys_page p = { 0 };

	if (!key_list(c, &p.keys, &p.keys_len) || !user_list(c, &p.people, &p.people_len))
		return reply_error(r);
	return reply_list(r, &key_answer, p.keys, p.keys_len, 0, NULL, PAGE(tmpl_user_keys), &p);
}

struct new_key {
	int64_t user_id;
	const char *note;
	struct api_key made;
};

static bool add_key(struct ctx *c, void *arg)
{
	struct new_key *n = arg;

	return user_key_add(c, n->user_id, n->note, &n->made);
}

/* The key itself is in this answer and nowhere else, so it is not made on the lane, which keeps answers for repeats. */
static struct done *keys_post(struct ctx *c, struct req *r)
{
	const struct key_in *in = req_in(r);
	struct new_key n = { .note = in->note };
	struct keys_page p = { 0 };
	struct user u;
	bool found;

	if (!user_by_login(c, in->login, &u, &found))
		return reply_error(r);
	if (!found) {
		(void)fail_field(c, "/login", E_UNKNOWN, T_user_no_such_login, in->login);
		return reply_error(r);
	}
	n.user_id = u.id;
	if (!app_write(c, add_key, &n))
		return reply_error(r);
	if (!req_wants_page(r))
		return reply_created(r, &key_answer, &n.made, "/keys");
	p.made = n.made.key;
	if (!key_list(c, &p.keys, &p.keys_len) || !user_list(c, &p.people, &p.people_len))
		return reply_error(r);
	return reply_list(r, &key_answer, p.keys, p.keys_len, 0, NULL, PAGE(tmpl_user_keys), &p);
}

static struct done *key_revoke_post(struct ctx *c, struct req *r)
{
	struct event ev = { .kind = "key.revoked", .entity = "api_key", .entity_id = req_id(r) };
	struct api_key k = { .id = req_id(r), .user_id = INT64_MIN, .created_at = INSTANT_NONE, .revoked_at = c->now };
	int64_t changed;

	if (!key_revoke(c, req_id(r), c->now, &changed))
		return reply_error(r);
	if (changed == 0) {
		(void)fail(c, E_NOT_FOUND, T_user_no_such_key);
		return reply_error(r);
	}
	return event_add(c, &ev) ? reply_moved(r, &key_answer, &k, "/keys") : reply_error(r);
}

/* ---- settings and rights ---- */

const struct field setting_row_fields[] = {
	FIELD(struct setting_row, name, T_user_setting),
	FIELD(struct setting_row, value, T_user_setting_value),
	FIELD(struct setting_row, label, T_user_setting_label),
	FIELD_END,
};
static const struct view setting_answer = { setting_row_fields, NULL };

static struct done *settings_get(struct ctx *c, struct req *r)
{
	struct settings_page p = { 0 };
	size_t n = 0;

	while (settings[n].name != NULL)
		n++;
	p.rows = ARENA_ARRAY(c->arena, n, struct setting_row);
	for (; p.rows_len < n; p.rows_len++) {
		const struct setting *s = &settings[p.rows_len];
		const char *value = setting_str(c, s->name);
		p.rows[p.rows_len] = (struct setting_row){ s->name, s->secret ? "" : value, text_get(c->lang, s->text),
			strcmp(value, s->value) != 0, s->secret };
	}
	return reply_list(r, &setting_answer, p.rows, p.rows_len, 0, NULL, PAGE(tmpl_user_settings), &p);
}

struct setting_in {
	const char *name, *value;
};
static const struct field setting_in_fields[] = {
	FIELD(struct setting_in, name, T_user_setting, .flags = F_REQUIRED, .max = 64),
	FIELD(struct setting_in, value, T_user_setting_value, .max = 500),
	FIELD_END,
};

static const struct setting *setting_known(const char *name)
{
	for (const struct setting *s = settings; s->name != NULL; s++)
		if (strcmp(s->name, name) == 0)
			return s;
	return NULL;
}

static struct done *settings_post(struct ctx *c, struct req *r)
{
	const struct setting_in *in = req_in(r);
	const struct setting *s = setting_known(in->name);
	const char *value = in->value != NULL ? in->value : "";
	struct setting_row row = { in->name, value, "", true, s != NULL && s->secret };
	int minutes;

	if (s == NULL)
		(void)fail_field(c, "/name", E_UNKNOWN, T_user_no_setting, in->name);
	else if (*value == '\0' && *s->value != '\0')
		(void)fail_field(c, "/value", E_REQUIRED, T_user_setting_empty);
	else if (clock_parse(s->value, &minutes) && !clock_parse(value, &minutes))
		(void)fail_field(c, "/value", E_TYPE, T_user_setting_clock);
	else if (*s->value != '\0' && strspn(s->value, "0123456789") == strlen(s->value) &&
		 strspn(value, "0123456789") != strlen(value))
		(void)fail_field(c, "/value", E_TYPE, T_user_setting_number);
	else if (strcmp(s->name, "outside.allow") == 0)
		(void)outside_allow_check(c, "/value", value);
	if (!ok(c) || !setting_set(c, in->name, value))
		return reply_error(r);
	if (row.secret)
		row.value = "";
	return reply_moved(r, &setting_answer, &row, "/settings");
}

static struct done *rights_get(struct ctx *c, struct req *r)
{
	static const struct view page = { NULL, PAGE(tmpl_user_rights) };
	struct rights_page p = { .rows = ARENA_ARRAY(c->arena, RIGHT_COUNT, struct right_row) };

	for (int right = RIGHT_none + 1; right < RIGHT_COUNT; right++)
		p.rows[p.rows_len++] = (struct right_row){ text_get(c->lang, right_text((enum right)right)),
			role_may(ROLE_clerk, (enum right)right), role_may(ROLE_reviewer, (enum right)right),
			role_may(ROLE_warehouse, (enum right)right), role_may(ROLE_service, (enum right)right),
			role_may(ROLE_admin, (enum right)right) };
	return reply_view(r, &page, &p);
}

/* ---- periodic: sessions and tries that are over ---- */

static bool sweep(struct ctx *c)
{
	return session_sweep(c, c->now, (struct instant){ c->now.us - SESSION_IDLE }) &&
	       try_sweep(c, (struct instant){ c->now.us - DAY_US });
}

static const struct tick ticks[] = {
	{ "user.sweep", 300, sweep },
	{ NULL, 0, NULL },
};

#define IN(f, s) (f), sizeof(s)
static const struct route routes[] = {
	{ GET, "/login", RIGHT_none, NULL, 0, login_get, T_user_sign_in, ROUTE_PUBLIC | ROUTE_PAGE_ONLY, NULL },
	{ POST, "/session", RIGHT_none, IN(login_fields, struct login_in), session_post, T_user_sign_in,
		ROUTE_PUBLIC | ROUTE_READS, &me_answer },
	{ DELETE, "/session", RIGHT_none, NULL, 0, logout_post, T_user_sign_out, ROUTE_SELF, NULL },
	{ POST, "/logout", RIGHT_none, NULL, 0, logout_post, T_user_sign_out, ROUTE_SELF, NULL },
	{ POST, "/language", RIGHT_none, IN(lang_fields, struct lang_in), language_post, T_user_lang, ROUTE_PUBLIC,
		&me_answer },
	{ GET, "/me", RIGHT_none, NULL, 0, me_get, T_user_me, ROUTE_SELF, &me_answer },
	{ POST, "/me/password", RIGHT_none, IN(password_fields, struct password_in), my_password_post,
		T_user_password_change, ROUTE_SELF | ROUTE_READS, NULL },
	{ GET, "/people", RIGHT_people, NULL, 0, people_get, T_user_people, 0, &person_answer },
	{ POST, "/people", RIGHT_people, IN(person_new_fields, struct user_in), people_post, T_user_add, ROUTE_READS,
		&person_answer },
	{ GET, "/people/:id", RIGHT_people, NULL, 0, person_get, T_user_person, 0, &person_answer },
	{ POST, "/people/:id", RIGHT_people, IN(person_fields, struct person_in), person_post, T_user_change, 0,
		&person_answer },
	{ POST, "/people/:id/password", RIGHT_people, IN(reset_fields, struct password_in), person_password_post,
		T_user_password_change, ROUTE_READS, &person_answer },
	{ GET, "/keys", RIGHT_people, NULL, 0, keys_get, T_user_keys, 0, &key_answer },
	{ POST, "/keys", RIGHT_people, IN(key_fields, struct key_in), keys_post, T_user_key_make, ROUTE_READS,
		&key_answer },
	{ POST, "/keys/:id/revoke", RIGHT_people, NULL, 0, key_revoke_post, T_user_key_revoke, 0, &key_answer },
	{ GET, "/settings", RIGHT_people, NULL, 0, settings_get, T_user_settings, 0, &setting_answer },
	{ POST, "/settings", RIGHT_people, IN(setting_in_fields, struct setting_in), settings_post, T_user_settings, 0,
		&setting_answer },
	{ GET, "/rights", RIGHT_people, NULL, 0, rights_get, T_user_rights, ROUTE_PAGE_ONLY, NULL },
	ROUTE_END,
};

static const struct menu menu[] = {
	{ T_user_people, "/people", 95, RIGHT_people },
	{ T_none, NULL, 0, RIGHT_none },
};

extern const struct import user_imports[];

const struct module user_module = {
	.name = "user",
	.routes = routes,
	.menu = menu,
	.ticks = ticks,
	.auth = &user_auth,
	.imports = user_imports,
};
