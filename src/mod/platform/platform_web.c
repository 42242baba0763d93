/* platform_web: the door for signed documents, and the admin's pages of who may push what. */
#include "mod/platform/platform_view.h"

#include "app/serve.h"
#include "base/sha256.h"
#include "gen/platform_sql.h"
#include "gen/tmpl.h"
#include "http/server.h"
#include "mod/intake/intake.h"

#include <inttypes.h>
#include <string.h>

static const struct view platform_shown = { platform_fields, NULL };
static const struct view answer_shown = { platform_answer_fields, NULL };

/* ---- paths as they are kept ---- */

static bool paths_of(struct ctx *c, const char *json, struct platform_paths *out)
{
	json_t *obj = json_loads(json, 0, NULL);
	bool good = fields_from_json(c, platform_paths_fields, obj, "", out);

	json_decref(obj);
	return good;
}

static const char *paths_json(struct ctx *c, const struct platform_paths *p)
{
	struct buf b;
	struct json j;

	buf_init(&b, c->arena);
	json_start(&j, &b);
	json_obj(&j, NULL);
	fields_to_json(&j, platform_paths_fields, p);
	json_end_obj(&j);
	return buf_cstr(&b);
}

/* ---- the door ---- */

static bool message_known(struct ctx *c, const struct platform *p, const char *id, const char *hash, int64_t *intake_id)
{
	struct platform_message m;
	bool found;

	*intake_id = 0;
	if (!platform_message_find(c, p->id, id, &m, &found))
		return false;
	if (found && strcmp(m.hash, hash) != 0)
		return fail(c, E_CONFLICT, T_platform_other_words);
	*intake_id = found ? m.intake_id : 0;
	return true;
}

static void raw_of(struct ctx *c, const struct platform *p, const struct platform_doc *d, struct bytes body,
	struct intake_raw *raw)
{
	*raw = (struct intake_raw){ .channel = "online",
		.external_id = arena_printf(c->arena, "%s:%s", p->name, d->external_id),
		.sender = d->customer != NULL ? d->customer : p->name,
		.sender_name = p->title,
		.received_at = c->now,
		.subject = arena_printf(c->arena, "%s %s", p->title, d->external_id),
		.content_type = "application/json",
		.filename = arena_printf(c->arena, "%s.json", p->name),
		.bytes = body,
		.delivery_date = date_is(d->day) ? d->day : (struct date){ 0 },
		.address = d->address,
		.remarks = d->remarks };
}

static void doc_of(struct ctx *c, const struct platform_doc *d, struct intake_doc *doc)
{
	struct intake_doc_line *lines = ARENA_ARRAY(c->arena, d->lines_len, struct intake_doc_line);

	for (size_t i = 0; i < d->lines_len; i++)
		lines[i] = (struct intake_doc_line){ d->lines[i].sku, d->lines[i].name, d->lines[i].quantity,
			d->lines[i].unit, d->lines[i].price, d->lines[i].remarks };
	*doc = (struct intake_doc){ lines, d->lines_len };
}

static bool map_body(struct ctx *c, const struct platform *p, struct bytes body, struct platform_doc *d)
{
	struct platform_paths paths;
	json_t *json;
	bool good;

	if (!paths_of(c, p->paths, &paths) || !json_read(c, (const char *)body.data, body.len, &json))
		return false;
	good = platform_map(c, &paths, json, d);
	json_decref(json);
	return good;
}

/* A message on its way in: its signature and its words were looked at before it may wait for the lane. */
struct arrival {
	struct platform p;
	struct webhook s;
	const char *hash;
	struct intake_raw raw;
	struct intake_doc doc;
	int64_t intake_id;
	struct platform_answer answer;
};

static bool arrival_write(struct ctx *c, void *arg)
{
	struct arrival *a = arg;
	int64_t order_id;
	bool existed;

	/* The same message may have come in between. */
	if (!message_known(c, &a->p, a->s.id, a->hash, &a->intake_id))
		return false;
	if (a->intake_id == 0 && (!intake_receive_doc(c, &a->raw, &a->doc, &a->intake_id, &order_id, &existed) ||
					 !platform_message_insert(c, a->p.id, a->s.id, a->hash, a->intake_id, c->now)))
		return false;
	return platform_answer(c, a->intake_id, &a->answer);
}

static bool arrival_look(struct ctx *c, struct arrival *a, struct bytes body)
{
	struct platform_doc d;

	if (!map_body(c, &a->p, body, &d))
		return false;
	raw_of(c, &a->p, &d, body, &a->raw);
	doc_of(c, &d, &a->doc);
	return intake_look_doc(c, &a->raw, &a->doc);
}

static struct done *hook_post(struct ctx *c, struct req *r)
{
	struct arrival a = { .s = { req_header(r, "webhook-id"), req_header(r, "webhook-timestamp"),
				     req_header(r, "webhook-signature") } };
	struct bytes body = req_body(r);
	bool found;

	if (!platform_named(c, req_name(r), &a.p, &found))
		return reply_error(r);
	if (!found || !a.p.active) {
		(void)fail(c, E_NOT_FOUND, T_platform_unknown, req_name(r));
		return reply_error(r);
	}
	if (!platform_signed_by(c, a.p.secret, &a.s, body.data, body.len))
		return reply_error(r);
	actor_as(c, ROLE_system, a.p.name, a.p.title);
	a.hash = sha256_hex(c->arena, body.data, body.len);
	if (!message_known(c, &a.p, a.s.id, a.hash, &a.intake_id) || (a.intake_id == 0 && !arrival_look(c, &a, body)) ||
		!app_write(c, arrival_write, &a))
		return reply_error(r);
	return reply_view(r, &answer_shown, &a.answer);
}

/* ---- the admin ---- */

struct new_in {
	const char *name, *title;
};
static const struct field new_fields[] = {
	FIELD(struct new_in, name, T_platform_name, .flags = F_REQUIRED, .max = 32),
	FIELD(struct new_in, title, T_platform_title, .flags = F_REQUIRED, .max = 80),
	FIELD_END,
};

static const struct platform_paths usual = { .external_id = "order_no",
	.customer = "customer",
	.delivery_date = "delivery_date",
	.address = "address",
	.remarks = "remarks",
	.lines = "items",
	.sku = "sku",
	.name = "name",
	.quantity = "quantity",
	.unit = "unit",
	.price = "price",
	.line_remarks = "remarks" };

struct making {
	const struct new_in *in;
	struct platform made;
};

static bool make_write(struct ctx *c, void *arg)
{
	struct making *m = arg;
	struct platform *p = &m->made;
	struct event ev = { .kind = "platform.created", .entity = "platform" };
	bool found;

	if (!platform_named(c, m->in->name, p, &found))
		return false;
	if (found)
		return fail_field(c, "/name", E_DUPLICATE, T_platform_there, m->in->name);
	*p = (struct platform){ .name = m->in->name,
		.title = m->in->title,
		.secret = webhook_secret_new(c),
		.paths = paths_json(c, &usual),
		.active = true,
		.version = 1,
		.created_at = c->now };
	if (!id_new(c, &p->id) || !platform_insert(c, p->id, p->name, p->title, p->secret, p->paths, c->now))
		return false;
	ev.entity_id = p->id;
	return event_add(c, &ev);
}

static struct done *list_answer(struct ctx *c, struct req *r, const struct platform *made)
{
	struct platform_list_page p = { .made = made != NULL ? made->secret : NULL,
		.made_name = made != NULL ? made->name : NULL };

	if (!platform_list(c, &p.rows, &p.rows_len))
		return reply_error(r);
	return reply_list(r, &platform_shown, p.rows, p.rows_len, 0, NULL, PAGE(tmpl_platform_list), &p);
}

static struct done *list_get(struct ctx *c, struct req *r)
{
	return list_answer(c, r, NULL);
}

/* With its secret, which is told in this answer and nowhere else: not made on the lane, which keeps answers for repeats. */
struct made_view {
	struct platform p;
	const char *secret;
};
static const struct field made_fields[] = {
	FIELD_AS(struct made_view, p.id, "id", T_none),
	FIELD_AS(struct made_view, p.version, "version", T_none),
	FIELD_AS(struct made_view, p.name, "name", T_platform_name),
	FIELD(struct made_view, secret, T_platform_secret),
	FIELD_END,
};
static const struct view made_shown = { made_fields, NULL };

static struct done *made_answer(struct ctx *c, struct req *r, const struct platform *p)
{
	struct made_view v = { *p, p->secret };

	if (req_wants_page(r))
		return list_answer(c, r, p);
	return reply_created(r, &made_shown, &v, "/platforms/%" PRId64, p->id);
}

static struct done *new_post(struct ctx *c, struct req *r)
{
	struct making m = { .in = req_in(r) };
	const char *name = m.in->name;

	if (name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-_")] != '\0') {
		(void)fail_field(c, "/name", E_TYPE, T_platform_bad_name);
		return reply_error(r);
	}
	return app_write(c, make_write, &m) ? made_answer(c, r, &m.made) : reply_error(r);
}

struct secret_change {
	int64_t id;
	struct platform p;
};

static bool secret_write(struct ctx *c, void *arg)
{
	struct secret_change *s = arg;
	struct event ev = { .kind = "platform.secret", .entity = "platform", .entity_id = s->id };

	if (!platform_get(c, s->id, &s->p))
		return false;
	s->p.secret = webhook_secret_new(c);
	return platform_secret_set(c, s->id, s->p.secret) && event_add(c, &ev);
}

static struct done *secret_post(struct ctx *c, struct req *r)
{
	struct secret_change s = { .id = req_id(r) };

	return app_write(c, secret_write, &s) ? made_answer(c, r, &s.p) : reply_error(r);
}

static bool page_make(struct ctx *c, const struct platform *p, struct platform_page *page)
{
	struct platform_paths paths;

	*page = (struct platform_page){ .p = *p };
	if (!paths_of(c, p->paths, &paths))
		return false;
	page->paths = ARENA_ARRAY(c->arena, 16, struct platform_path);
	for (const struct field *f = platform_paths_fields; f->name != NULL; f++)
		page->paths[page->paths_len++] = (struct platform_path){ f->name, text_get(c->lang, f->label),
			*(const char *const *)(const void *)((const char *)&paths + f->offset) };
	return true;
}

static struct done *one_answer(struct ctx *c, struct req *r, struct platform_page *page)
{
	static const struct view shown = { platform_fields, PAGE(tmpl_platform_show) };

	(void)c;
	return reply_view(r, &shown, page);
}

static struct done *one_get(struct ctx *c, struct req *r)
{
	struct platform_page page;
	struct platform p;

	if (!platform_get(c, req_id(r), &p) || !page_make(c, &p, &page))
		return reply_error(r);
	return one_answer(c, r, &page);
}

struct change_in {
	const char *title, *active;
	struct platform_paths paths;
};
static const struct field change_fields[] = {
	FIELD(struct change_in, title, T_platform_title, .max = 80),
	FIELD_JSON(struct change_in, active, T_platform_active), /* a change has to tell "no" from "not said" */
	FIELD_OBJ(struct change_in, paths, platform_paths_fields, T_platform_paths),
	FIELD_END,
};

/* whole: a form brings all its fields, so what it leaves empty is empty; else what is not given stays. */
static void paths_take(struct platform_paths *kept, const struct platform_paths *given, bool whole)
{
	for (const struct field *f = platform_paths_fields; f->name != NULL; f++) {
		const char *const *from = (const void *)((const char *)given + f->offset);
		const char **to = (void *)((char *)kept + f->offset);

		*to = *from != NULL || whole ? *from : *to;
	}
}

static bool change(struct ctx *c, struct platform *p, const struct change_in *in, bool whole)
{
	struct platform_paths paths;

	if (!paths_of(c, p->paths, &paths))
		return false;
	if (whole && in->title == NULL)
		return fail_field(c, "/title", E_REQUIRED, T_err_field_required, text_get(c->lang, T_platform_title));
	paths_take(&paths, &in->paths, whole);
	p->paths = paths_json(c, &paths);
	p->title = in->title != NULL ? in->title : p->title;
	if (in->active != NULL && strcmp(in->active, "null") != 0)
		p->active = strstr(in->active, "true") != NULL || strchr(in->active, '1') != NULL;
	return true;
}

static struct done *change_post(struct ctx *c, struct req *r)
{
	const struct change_in *in = req_in(r);
	struct event ev = { .kind = "platform.changed", .entity = "platform" };
	struct platform p;
	int64_t changed;

	if (!platform_get(c, req_id(r), &p) || !change(c, &p, in, req_wants_page(r)))
		return reply_error(r);
	ev.entity_id = p.id;
	ev.data = p.paths;
	if (!platform_save(c, p.id, req_version(r) != INT64_MIN ? req_version(r) : p.version, p.title, p.paths,
		    p.active, &changed))
		return reply_error(r);
	if (changed != 1) {
		(void)fail(c, E_VERSION, T_platform_changed);
		return reply_error(r);
	}
	p.version++;
	return event_add(c, &ev) ? reply_moved(r, &platform_shown, &p, "/platforms/%" PRId64, p.id) : reply_error(r);
}

struct try_in {
	const char *sample;
};
static const struct field try_fields[] = {
	FIELD(struct try_in, sample, T_platform_sample, .flags = F_REQUIRED | F_LINES, .max = 100000),
	FIELD_END,
};

static const char *problems(struct ctx *c)
{
	struct buf b;

	buf_init(&b, c->arena);
	buf_str(&b, c->err.detail);
	for (const struct field_err *e = c->err.fields; e != NULL; e = e->next)
		buf_printf(&b, " · %s %s", e->pointer, e->detail);
	return buf_cstr(&b);
}

/* Nothing is kept: the page says what would be read, or what is missing. */
static struct done *try_post(struct ctx *c, struct req *r)
{
	static const struct view doc_shown = { platform_doc_fields, NULL };
	const struct try_in *in = req_in(r);
	struct platform_page page;
	struct platform p;

	if (!platform_get(c, req_id(r), &p) || !page_make(c, &p, &page))
		return reply_error(r);
	page.sample = in->sample;
	page.tried = map_body(c, &p, (struct bytes){ (const uint8_t *)in->sample, strlen(in->sample) }, &page.doc);
	if (!req_wants_page(r))
		return page.tried ? reply_view(r, &doc_shown, &page.doc) : reply_error(r);
	if (!page.tried) {
		page.problem = problems(c);
		c->err = (struct err){ 0 };
	}
	return one_answer(c, r, &page);
}

/* ---- records the build reads ---- */

#define IN(f, s) (f), sizeof(s)
static const struct route routes[] = {
	{ POST, "/hooks/orders/:name", RIGHT_none, NULL, 0, hook_post, T_platform_hook, ROUTE_PUBLIC | ROUTE_READS,
		&answer_shown },
	{ GET, "/platforms", RIGHT_people, NULL, 0, list_get, T_platform_list, 0, &platform_shown },
	{ POST, "/platforms", RIGHT_people, IN(new_fields, struct new_in), new_post, T_platform_make, ROUTE_READS,
		&made_shown },
	{ GET, "/platforms/:id", RIGHT_people, NULL, 0, one_get, T_platform_one, 0, &platform_shown },
	{ POST, "/platforms/:id", RIGHT_people, IN(change_fields, struct change_in), change_post, T_platform_change, 0,
		&platform_shown },
	{ POST, "/platforms/:id/secret", RIGHT_people, NULL, 0, secret_post, T_platform_do_secret, ROUTE_READS,
		&made_shown },
	{ POST, "/platforms/:id/try", RIGHT_people, IN(try_fields, struct try_in), try_post, T_platform_do_try,
		ROUTE_READS, NULL },
	ROUTE_END,
};

const struct module platform_module = {
	.name = "platform",
	.routes = routes,
};
