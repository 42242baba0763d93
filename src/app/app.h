/* app: what every module needs and none of them owns. */
#ifndef APP_APP_H
#define APP_APP_H

#include "base/ctx.h"
#include "base/field.h"
#include "db/migrate.h"
#include "http/http.h"

/* ---- who asks: one table of rights (rights.def) makes the permission page, OpenAPI and the route × role test ---- */
enum role { ROLE_none, ROLE_clerk, ROLE_reviewer, ROLE_warehouse, ROLE_service, ROLE_admin, ROLE_system, ROLE_COUNT };
extern const char *const role_names[]; /* "none", "clerk", ... NULL-terminated */
enum right {
	RIGHT_none,
#define RIGHT(name, roles, text) RIGHT_##name,
#include "app/rights.def"
#undef RIGHT
	RIGHT_COUNT
};
struct actor {
	int64_t id; /* 0: nobody; 1: the system itself */
	const char *login;
	const char *name;
	enum role role;
	const char *csrf; /* of the browser's session; NULL with an API key */
};
/* The rest of this request is done by somebody without an account, who is recorded by that name: with ROLE_none somebody
 * outside, with ROLE_system the system for him. */
void actor_as(struct ctx *c, enum role role, const char *login, const char *name);
bool role_may(enum role role, enum right right);
enum text right_text(enum right right);
bool may(const struct ctx *c, enum right right);
NODISCARD bool need(struct ctx *c, enum right right); /* E_FORBIDDEN */

/* ---- ids: one space for all tables, taken in blocks ---- */
NODISCARD bool id_new(struct ctx *c, int64_t *out);
/* The next number of a kind of paper on this day, without gap, taken in this transaction: "SO" → "SO20261124-001". */
NODISCARD bool number_new(struct ctx *c, const char *kind, const char **out);

/* ---- settings: a row each, with a default in settings.def ---- */
const char *setting_str(struct ctx *c, const char *name);
int64_t setting_int(struct ctx *c, const char *name);
int zone_s(const struct ctx *c); /* the company's zone, seconds east */
struct date today(const struct ctx *c);

/* ---- events: every change writes one, in its own transaction; it is the audit entry too (hash chain) ---- */
struct event {
	const char *kind;   /* "order.approved" */
	const char *entity; /* "order" */
	int64_t entity_id;
	int64_t order_id;      /* the order whose timeline shows it; 0: none */
	const char *from, *to; /* states, NULL if none */
	const char *data;      /* JSON object, NULL: {} */
	/* filled by event_add */
	int64_t id;
};
/* Writes it and calls, in this transaction, every module that listens to its kind. */
NODISCARD bool event_add(struct ctx *c, struct event *e);

/* fn alone is taken back where a rule refuses it; what this transaction did before stays. False: c->err says why. */
NODISCARD bool attempt(struct ctx *c, bool (*fn)(struct ctx *c, void *arg), void *arg);

/* ---- outbox: effects outside, written with the change, done by the workers after the commit (app/outbox.h) ---- */
NODISCARD bool outbox_add(
	struct ctx *c, const char *kind, int64_t event_id, const char *recipient, const char *payload);
/* Not before that moment. */
NODISCARD bool outbox_add_at(struct ctx *c, const char *kind, int64_t event_id, const char *recipient,
	const char *payload, struct instant at);

/* ---- module: the one record a feature registers in modules.def ---- */
struct listen {
	const char *kind;
	bool (*heard)(struct ctx *c, const struct event *e);
};
struct menu {
	enum text label;
	const char *path;
	int place;
	enum right right;
};
struct check {
	int invariant;
	const char *name;
	bool (*count)(struct ctx *c, int64_t *counted, int64_t *broken, const char **first);
};
/* A row that verify found wrong: which one, what it says and what it should say. */
struct broken {
	const char *what;
	int64_t have, want;
};
extern const struct field broken_fields[];
/* A check that lists what is wrong; `total` says how many there are. */
typedef bool (*broken_fn)(struct ctx *c, struct broken **rows, size_t *len);
NODISCARD bool check_rows(struct ctx *c, broken_fn find, bool (*total)(struct ctx *c, int64_t *out), int64_t *counted,
	int64_t *broken, const char **first);
/* The recorded steps of papers, those of one after the other: each begins as it may, moves as the table allows and ends in
 * the state it has. */
struct check_step {
	int64_t id;
	const char *number, *state, *from_state, *to_state;
};
extern const struct field check_step_fields[];
NODISCARD bool check_steps(struct ctx *c, bool (*find)(struct ctx *c, struct check_step **rows, size_t *len),
	const char *const *begins, bool (*allowed)(const char *from, const char *to), int64_t *broken,
	const char **first);
/* Periodic work by the workers, every `every_s` seconds, in one write transaction of its own. */
struct tick {
	const char *name;
	int every_s;
	bool (*run)(struct ctx *c);
};
/* What `huodan import KIND` brings in; all or nothing, bad cells as fields /rows/N/column. */
struct sheet;
struct import {
	const char *kind;
	bool (*run)(struct ctx *c, const struct sheet *s);
};
/* Work that talks to the network now and then: no transaction is open while it runs, it takes its own by app_write().
 * One node does it at a time; a node that dies gives it up after lease_s. False: c->err says why, in the log. */
struct chore {
	const char *name;
	int every_s, lease_s;
	bool (*run)(struct ctx *c);
};
/* How people and programs are known; the user module has it. found false: nobody, an old session, a revoked key. */
struct auth {
	bool (*session)(struct ctx *c, const char *token, struct actor *out, enum lang *lang, bool *found);
	bool (*key)(struct ctx *c, const char *token, struct actor *out, enum lang *lang, bool *found);
};
/* Input with these fields whose form is bad already: `look` adds what the database says against the rest, so that one
 * answer names all. It must bear members that are not there. */
struct look {
	const struct field *in;
	void (*look)(struct ctx *c, const void *in);
};
struct courier;
struct module {
	const char *name;
	const struct route *routes;   /* ends with ROUTE_END */
	const struct listen *listens; /* ends with kind NULL */
	const struct menu *menu;      /* ends with path NULL */
	const struct check *checks;   /* for verify; ends with name NULL */
	const struct tick *ticks;     /* ends with name NULL */
	const struct auth *auth;
	const struct import *imports;   /* ends with kind NULL */
	const struct look *looks;       /* ends with in NULL */
	const struct chore *chores;     /* ends with name NULL */
	const struct courier *couriers; /* who does the outbox's work, app/outbox.h; ends with kind NULL */
};
extern const struct module *const modules[]; /* NULL-terminated, in the order of modules.def */

#endif
