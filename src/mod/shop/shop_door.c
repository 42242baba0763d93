/* shop_door: how a customer gets in. The clerk makes a link, ends it, sets a password; the customer signs in with it. */
#include "mod/shop/shop_int.h"

#include "app/serve.h"
#include "gen/shop_sql.h"
#include "gen/tmpl.h"
#include "mod/link/link.h"
#include "mod/user/user.h"

#include <inttypes.h>
#include <string.h>

#define SIGNED_IN (12 * HOUR_US)

const struct field shop_login_fields[] = {
	FIELD(struct shop_login, customer_id, T_none),
	FIELD(struct shop_login, password, T_none, .flags = F_HIDDEN),
	FIELD(struct shop_login, set_at, T_none),
	FIELD_END,
};

const struct field shop_link_fields[] = {
	FIELD(struct shop_link, made_at, T_shop_made_at),
	FIELD(struct shop_link, until_at, T_shop_until_at),
	FIELD_END,
};

const struct field shop_door_fields[] = {
	FIELD(struct shop_door, customer, T_none),
	FIELD(struct shop_door, code, T_customer_code),
	FIELD(struct shop_door, name, T_customer_name),
	FIELD(struct shop_door, active, T_customer_active),
	FIELD(struct shop_door, url, T_shop_url),
	FIELD(struct shop_door, path, T_none),
	FIELD(struct shop_door, made_at, T_shop_made_at),
	FIELD(struct shop_door, until_at, T_shop_until_at),
	FIELD(struct shop_door, password_at, T_shop_password_at),
	FIELD_END,
};

const struct view shop_door_view = { shop_door_fields, PAGE(tmpl_shop_door) };

/* ---- the clerk ---- */

static bool door_of(struct ctx *c, int64_t customer_id, struct shop_door *out)
{
	struct shop_login login;
	struct shop_link link;
	struct customer who;
	bool linked, may_sign_in;

	if (!customer_get(c, customer_id, &who) || !shop_link_of(c, customer_id, c->now, &link, &linked) ||
		!shop_login_find(c, customer_id, &login, &may_sign_in))
		return false;
	*out = (struct shop_door){ .customer = who.id,
		.code = who.code,
		.name = who.name,
		.active = who.active,
		.made_at = linked ? link.made_at : INSTANT_NONE,
		.until_at = linked ? link.until_at : INSTANT_NONE,
		.password_at = may_sign_in ? login.set_at : INSTANT_NONE };
	return true;
}

struct done *shop_door_get(struct ctx *c, struct req *r)
{
	struct shop_door d;

	return door_of(c, req_id(r), &d) ? reply_view(r, &shop_door_view, &d) : reply_error(r);
}

static bool tell(struct ctx *c, const char *kind, int64_t customer_id)
{
	struct event ev = { .kind = kind, .entity = "customer", .entity_id = customer_id };

	return event_add(c, &ev);
}

struct making {
	int64_t customer_id;
	const char *token;
};

static bool make_write(struct ctx *c, void *arg)
{
	struct making *m = arg;
	struct instant until = { c->now.us + setting_int(c, "shop.link_days") * DAY_US };
	struct customer who;

	if (!customer_get(c, m->customer_id, &who))
		return false;
	if (!who.active)
		return fail(c, E_CONFLICT, T_order_customer_inactive, who.name);
	return link_revoke(c, SHOP_LINK, who.id) && link_make(c, SHOP_LINK, who.id, until, &m->token) &&
	       tell(c, "shop.link", who.id);
}

/* The address is in this answer and nowhere else, so it is not made on the lane, which keeps answers for repeats. */
struct done *shop_link_post(struct ctx *c, struct req *r)
{
	struct making m = { .customer_id = req_id(r) };
	struct shop_door d;

	if (!app_write(c, make_write, &m) || !door_of(c, m.customer_id, &d))
		return reply_error(r);
	d.path = arena_printf(c->arena, "/shop/%s", m.token);
	d.url = link_address(c, r, link_url(c, "/shop", m.token));
	if (req_wants_page(r))
		return reply_view(r, &shop_door_view, &d);
	return reply_created(r, &shop_door_view, &d, "/customers/%" PRId64 "/shop", d.customer);
}

static struct done *door_answer(struct ctx *c, struct req *r, bool went_well)
{
	struct shop_door d;

	if (!went_well || !door_of(c, req_id(r), &d))
		return reply_error(r);
	return reply_moved(r, &shop_door_view, &d, "/customers/%" PRId64 "/shop", d.customer);
}

/* Whoever is in by the link is out at once; who signs in by password still may. */
struct done *shop_end_post(struct ctx *c, struct req *r)
{
	struct customer who;

	return door_answer(c, r,
		customer_get(c, req_id(r), &who) && link_revoke(c, SHOP_LINK, who.id) && tell(c, "shop.ended", who.id));
}

const struct field shop_password_fields[] = {
	FIELD(struct shop_password_in, password, T_user_password, .flags = F_REQUIRED, .max = 1000),
	FIELD_END,
};

struct new_password {
	int64_t customer_id;
	const char *hash;
};

/* Another password: whoever is signed in with the one before it is out. */
static bool password_write(struct ctx *c, void *arg)
{
	const struct new_password *n = arg;

	return shop_login_put(c, n->customer_id, n->hash, c->actor->id, c->now) &&
	       link_revoke(c, SHOP_SIGNED, n->customer_id) && tell(c, "shop.password", n->customer_id);
}

struct done *shop_password_post(struct ctx *c, struct req *r)
{
	const struct shop_password_in *in = req_in(r);
	struct new_password n = { .customer_id = req_id(r) };
	struct customer who;

	return door_answer(c, r,
		customer_get(c, n.customer_id, &who) && password_hash(c, in->password, &n.hash) &&
			app_write(c, password_write, &n));
}

struct done *shop_no_password_post(struct ctx *c, struct req *r)
{
	struct customer who;
	int64_t dropped;

	return door_answer(c, r,
		customer_get(c, req_id(r), &who) && shop_login_drop(c, who.id, &dropped) &&
			link_revoke(c, SHOP_SIGNED, who.id) && tell(c, "shop.no_password", who.id));
}

/* ---- the customer ---- */

const struct field shop_login_in_fields[] = {
	FIELD(struct shop_login_in, code, T_shop_code, .flags = F_REQUIRED, .max = 64),
	FIELD(struct shop_login_in, password, T_user_password, .flags = F_REQUIRED, .max = 1000),
	FIELD_END,
};

static const struct field who_fields[] = {
	FIELD(struct customer, code, T_customer_code),
	FIELD(struct customer, name, T_customer_name),
	FIELD_END,
};
const struct view shop_login_view = { who_fields, NULL };

struct done *shop_login_get(struct ctx *c, struct req *r)
{
	static const struct view page = { NULL, PAGE(tmpl_shop_login) };
	struct shop_login_page p = { setting_str(c, "company.name"), setting_str(c, "company.phone") };

	return reply_view(r, &page, &p);
}

/* No such customer, none that may sign in, one that was closed: all sound alike and take as long. */
static bool customer_by_password(
	struct ctx *c, const struct shop_login_in *in, const char *address, struct customer *out)
{
	struct shop_login login;
	bool found, may_sign_in = false;

	if (!customer_find(c, in->code, out, &found) || (found && !shop_login_find(c, out->id, &login, &may_sign_in)))
		return false;
	return password_try(c, arena_printf(c->arena, "shop:%s", in->code), in->password,
		may_sign_in && out->active ? login.password : NULL, address);
}

static bool sign_in_write(struct ctx *c, void *arg)
{
	struct making *m = arg;

	return link_make(c, SHOP_SIGNED, m->customer_id, (struct instant){ c->now.us + SIGNED_IN }, &m->token) &&
	       tell(c, "shop.signed_in", m->customer_id);
}

struct done *shop_login_post(struct ctx *c, struct req *r)
{
	const struct shop_login_in *in = req_in(r);
	struct making m = { .customer_id = 0 };
	struct customer who;
	struct done *d;

	if (!req_same_origin(r)) {
		(void)fail(c, E_CSRF, T_app_csrf);
		return reply_error(r);
	}
	if (!customer_by_password(c, in, req_address(r), &who))
		return reply_error(r);
	m.customer_id = who.id;
	if (!app_write(c, sign_in_write, &m))
		return reply_error(r);
	d = reply_moved(r, &shop_login_view, &who, "/shop/me");
	reply_cookie(r, SHOP_COOKIE, m.token, SIGNED_IN / SECOND_US);
	return d;
}

static bool sign_out_write(struct ctx *c, void *arg)
{
	const struct shop *s = arg;

	return link_end(c, s->link_id);
}

struct done *shop_logout_post(struct ctx *c, struct req *r)
{
	struct shop s;
	struct done *d;

	if (!shop_open(c, r, &s) || (s.signed_in && !app_write(c, sign_out_write, &s)))
		return reply_error(r);
	d = reply_moved(r, &shop_login_view, &s.who, "/shop");
	if (s.signed_in)
		reply_cookie(r, SHOP_COOKIE, "", 0);
	return d;
}
