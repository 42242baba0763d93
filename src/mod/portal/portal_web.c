/* portal_web: making links, and what customers and drivers do with them. */
#include "mod/portal/portal_int.h"

#include "app/serve.h"
#include "gen/portal_sql.h"
#include "gen/tmpl.h"
#include "mod/care/care.h"
#include "mod/customer/customer.h"
#include "mod/file/file.h"
#include "mod/link/link.h"

#include <inttypes.h>
#include <string.h>

/* ---- making a link; the address is in this answer and nowhere else, so it is not kept for a repeat ---- */

struct making {
	const char *purpose, *token;
	int64_t id;
};

static bool make_write(struct ctx *c, void *arg)
{
	struct making *m = arg;

	struct instant until = { c->now.us + setting_int(c, "link.days") * DAY_US };

	return link_make(c, m->purpose, m->id, until, &m->token);
}

static struct done *made(
	struct ctx *c, struct req *r, const char *purpose, const char *path, int64_t id, int64_t order_id)
{
	static const struct view page = { portal_made_fields, PAGE(tmpl_portal_made) };
	struct making m = { .purpose = purpose, .id = id };
	struct portal_made v = { .order = order_id };
	struct order o;

	if (!order_get(c, order_id, &o) || !app_write(c, make_write, &m))
		return reply_error(r);
	v.number = o.number;
	v.path = arena_printf(c->arena, "%s/%s", path, m.token);
	v.url = link_address(c, r, link_url(c, path, m.token));
	return req_wants_page(r) ? reply_view(r, &page, &v) : reply_created(r, &page, &v, "/orders/%" PRId64, order_id);
}

static struct done *order_link_post(struct ctx *c, struct req *r)
{
	return made(c, r, "order", "/o", req_id(r), req_id(r));
}

static struct done *driver_link_post(struct ctx *c, struct req *r)
{
	struct shipment s;

	if (!ship_get(c, req_id(r), &s))
		return reply_error(r);
	return made(c, r, "driver", "/d", s.id, s.order_id);
}

/* ---- the customer ---- */

static const struct view page_view = { portal_page_fields, PAGE(tmpl_portal_order) };

static bool order_of_link(struct ctx *c, struct req *r, int64_t *order_id)
{
	struct link l;

	if (!link_open(c, req_address(r), "order", req_name(r), &l))
		return false;
	*order_id = l.entity_id;
	return true;
}

static struct done *order_get_page(struct ctx *c, struct req *r)
{
	struct portal_page p;
	int64_t id;

	if (!order_of_link(c, r, &id) || !portal_make(c, id, req_name(r), &p))
		return reply_error(r);
	return reply_view(r, &page_view, &p);
}

static struct done *order_answer(struct ctx *c, struct req *r, int64_t order_id)
{
	struct portal_page p;

	if (!portal_make(c, order_id, req_name(r), &p))
		return reply_error(r);
	return reply_moved(r, &page_view, &p, "/o/%s", req_name(r));
}

/* Recorded by the customer's name, with no rights. */
static bool as_customer(struct ctx *c, int64_t order_id)
{
	struct customer k;
	struct order o;

	if (!order_get(c, order_id, &o) || !customer_get(c, o.customer_id, &k))
		return false;
	actor_as(c, ROLE_none, "customer", k.name);
	return true;
}

struct rate_in {
	int64_t score;
	const char *comment;
};
static const struct field rate_fields[] = {
	FIELD(struct rate_in, score, T_portal_score, .flags = F_REQUIRED | F_POSITIVE, .max = 5),
	FIELD(struct rate_in, comment, T_portal_comment, .max = 1000, .flags = F_LINES),
	FIELD_END,
};

static struct done *rate_post(struct ctx *c, struct req *r)
{
	const struct rate_in *in = req_in(r);
	struct follow_up_in f = {
		.reached = true, .score = in->score, .comment = in->comment, .next_at = INSTANT_NONE
	};
	int64_t id;

	if (!order_of_link(c, r, &id) || !as_customer(c, id) || !follow_up_answer(c, id, &f, "link"))
		return reply_error(r);
	return order_answer(c, r, id);
}

/* What a customer says it is; a refusal and a low score are found by ourselves. */
static const char *const problem_kinds[] = { "other", "quality", "quantity", "damage", "late", "wrong", "price",
	"service", NULL };

struct problem_in {
	int kind;
	int64_t line;
	const char *summary, *detail, *wish;
};
static const struct field problem_fields[] = {
	FIELD_ENUM(struct problem_in, kind, T_portal_kind, problem_kinds),
	FIELD(struct problem_in, line, T_portal_line, .flags = F_POSITIVE, .max = 2000),
	FIELD(struct problem_in, summary, T_portal_problem, .flags = F_REQUIRED, .max = 200),
	FIELD(struct problem_in, detail, T_portal_detail, .max = 2000, .flags = F_LINES),
	FIELD(struct problem_in, wish, T_portal_wish, .max = 200),
	FIELD_END,
};

/* A link gets about: whoever has it fills nobody's desk. */
static bool may_complain(struct ctx *c, int64_t order_id)
{
	int64_t n, most = setting_int(c, "case.per_day");
	struct order o;

	if (!order_get_full(c, order_id, &o))
		return false;
	if (!portal_may_report(c, &o))
		return fail(c, E_CONFLICT, T_portal_no_report, o.number);
	return portal_cases_since(c, order_id, (struct instant){ c->now.us - DAY_US }, &n) &&
	       (n < most || fail(c, E_TOO_MANY, T_portal_enough, setting_str(c, "company.phone")));
}

static struct done *problem_post(struct ctx *c, struct req *r)
{
	const struct problem_in *in = req_in(r);
	struct case_in k = { .origin = in->line > 0 ? 2 : 0,
		.shipment = INT64_MIN,
		.line = in->line,
		.kind = enum_find(case_kinds, problem_kinds[in->kind]),
		.summary = in->summary,
		.detail = in->detail,
		.wish = in->wish };
	const struct upload *files;
	size_t len = req_files(r, &files);
	int64_t id, case_id;

	if (!order_of_link(c, r, &id) || !as_customer(c, id) || !may_complain(c, id))
		return reply_error(r);
	k.order = id;
	if (!case_open(c, &k, "link", &case_id) || !file_keep(c, "case", case_id, files, len))
		return reply_error(r);
	return order_answer(c, r, id);
}

struct sign_in {
	int64_t shipment;
	const char *signer, *note;
	struct receipt_line *lines;
	size_t lines_len;
	struct crate_back_in *crates;
	size_t crates_len;
};
static const struct field sign_line_fields[] = {
	FIELD(struct receipt_line, line, T_portal_line, .flags = F_REQUIRED | F_POSITIVE, .max = 2000),
	FIELD(struct receipt_line, received, T_portal_received, .flags = F_UNSIGNED, .max = QTY_MAX),
	FIELD(struct receipt_line, refused, T_portal_refused, .flags = F_UNSIGNED, .max = QTY_MAX),
	FIELD_END,
};
#define SIGN_FIELDS                                                                                                    \
	FIELD(struct sign_in, signer, T_portal_signer, .flags = F_REQUIRED, .max = 80),                                \
		FIELD(struct sign_in, note, T_portal_comment, .max = 300),                                             \
		FIELD_LIST(struct sign_in, lines, sign_line_fields, T_portal_goods, .flags = F_REQUIRED, .max = 2000)
static const struct field sign_fields[] = {
	FIELD(struct sign_in, shipment, T_portal_shipment, .flags = F_REQUIRED | F_POSITIVE),
	SIGN_FIELDS,
	FIELD_END,
};
/* A driver's link says which shipment it is. */
static const struct field hand_over_fields[] = {
	SIGN_FIELDS,
	FIELD_LIST(struct sign_in, crates, crate_back_fields, T_crate_back_title, .max = 50),
	FIELD_END,
};

static bool sign(struct ctx *c, int64_t shipment, const struct sign_in *in, struct req *r)
{
	struct receipt_in ri = { .signer = in->signer,
		.note = in->note,
		.at = INSTANT_NONE,
		.lines = in->lines,
		.lines_len = in->lines_len,
		.crates = in->crates,
		.crates_len = in->crates_len };
	const struct upload *files;
	size_t len = req_files(r, &files);

	return ship_receive(c, shipment, req_version(r), &ri, files, len);
}

static struct done *sign_post(struct ctx *c, struct req *r)
{
	const struct sign_in *in = req_in(r);
	struct shipment s;
	int64_t id;

	if (!order_of_link(c, r, &id) || !as_customer(c, id) || !ship_get(c, in->shipment, &s))
		return reply_error(r);
	if (s.order_id != id) {
		(void)fail(c, E_NOT_FOUND, T_link_none);
		return reply_error(r);
	}
	return sign(c, s.id, in, r) ? order_answer(c, r, id) : reply_error(r);
}

/* ---- the driver ---- */

static const struct view driver_view = { driver_page_fields, PAGE(tmpl_portal_driver) };

static bool shipment_of_link(struct ctx *c, struct req *r, int64_t *id)
{
	struct link l;

	if (!link_open(c, req_address(r), "driver", req_name(r), &l))
		return false;
	*id = l.entity_id;
	return true;
}

static bool as_driver(struct ctx *c, int64_t id)
{
	struct shipment s;

	if (!ship_get(c, id, &s))
		return false;
	actor_as(c, ROLE_none, "driver", s.driver != NULL ? s.driver : "driver");
	return true;
}

static struct done *driver_get(struct ctx *c, struct req *r)
{
	struct driver_page p;
	int64_t id;

	if (!shipment_of_link(c, r, &id) || !driver_make(c, id, req_name(r), &p))
		return reply_error(r);
	return reply_view(r, &driver_view, &p);
}

static struct done *driver_answer(struct ctx *c, struct req *r, int64_t id)
{
	struct driver_page p;

	if (!driver_make(c, id, req_name(r), &p))
		return reply_error(r);
	return reply_moved(r, &driver_view, &p, "/d/%s", req_name(r));
}

/* What is signed for is over for the driver. */
static bool still_open(struct ctx *c, int64_t id)
{
	struct shipment s;

	return ship_get(c, id, &s) && (!ship_is(&s, DELIVERED) || fail(c, E_CONFLICT, T_portal_over, s.number));
}

static struct done *driver_track_post(struct ctx *c, struct req *r)
{
	int64_t id;

	if (!shipment_of_link(c, r, &id) || !as_driver(c, id) || !still_open(c, id) ||
		!ship_track(c, id, req_in(r), "driver"))
		return reply_error(r);
	return driver_answer(c, r, id);
}

static struct done *driver_receipt_post(struct ctx *c, struct req *r)
{
	int64_t id;

	if (!shipment_of_link(c, r, &id) || !as_driver(c, id) || !sign(c, id, req_in(r), r))
		return reply_error(r);
	return driver_answer(c, r, id);
}

#define IN(f, s) (f), sizeof(s)
const struct route portal_routes[] = {
	{ POST, "/orders/:id/page-link", RIGHT_track, NULL, 0, order_link_post, T_portal_make, ROUTE_READS, NULL },
	{ POST, "/shipments/:id/driver-link", RIGHT_track, NULL, 0, driver_link_post, T_portal_make_driver, ROUTE_READS,
		NULL },
	{ GET, "/o/:name", RIGHT_none, NULL, 0, order_get_page, T_portal_order, ROUTE_PUBLIC, &page_view },
	{ POST, "/o/:name/rate", RIGHT_none, IN(rate_fields, struct rate_in), rate_post, T_portal_do_rate, ROUTE_PUBLIC,
		&page_view },
	{ POST, "/o/:name/problem", RIGHT_none, IN(problem_fields, struct problem_in), problem_post,
		T_portal_do_problem, ROUTE_PUBLIC | ROUTE_FILES, &page_view },
	{ POST, "/o/:name/receipt", RIGHT_none, IN(sign_fields, struct sign_in), sign_post, T_portal_do_sign,
		ROUTE_PUBLIC | ROUTE_FILES | ROUTE_NEEDS_VERSION, &page_view },
	{ GET, "/d/:name", RIGHT_none, NULL, 0, driver_get, T_portal_driver, ROUTE_PUBLIC, &driver_view },
	{ POST, "/d/:name/tracking", RIGHT_none, IN(track_fields, struct track_in), driver_track_post,
		T_portal_do_track, ROUTE_PUBLIC, &driver_view },
	{ POST, "/d/:name/receipt", RIGHT_none, IN(hand_over_fields, struct sign_in), driver_receipt_post,
		T_portal_do_hand_over, ROUTE_PUBLIC | ROUTE_FILES | ROUTE_NEEDS_VERSION, &driver_view },
	ROUTE_END,
};

const struct module portal_module = { .name = "portal", .routes = portal_routes };
