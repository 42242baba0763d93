/* crate_web: the kinds, and a customer's crates. */
#include "mod/crate/crate_int.h"

#include "gen/crate_sql.h"
#include "gen/tmpl.h"
#include "mod/customer/customer.h"

#include <inttypes.h>

const char *const crate_whats[] = { "back", "out", "lost", NULL };

#define DEPOSIT_MAX INT64_C(10000000) /* a hundred thousand yuan for one */
#define TARE_MAX    INT64_C(1000000)  /* a ton */

const struct field crate_kind_in_fields[] = {
	FIELD(struct crate_kind, code, T_crate_code, .flags = F_REQUIRED, .max = 16),
	FIELD(struct crate_kind, name, T_crate_name, .flags = F_REQUIRED, .max = 50),
	FIELD(struct crate_kind, form, T_crate_form, .max = 8),
	FIELD(struct crate_kind, tare_kg, T_crate_tare, .flags = F_UNSIGNED, .max = TARE_MAX),
	FIELD(struct crate_kind, deposit, T_crate_deposit, .flags = F_UNSIGNED, .max = DEPOSIT_MAX),
	FIELD(struct crate_kind, active, T_crate_active, .flags = F_REQUIRED),
	FIELD_END,
};

const struct field crate_hand_fields[] = {
	FIELD(struct crate_hand_in, crate, T_crate_code, .flags = F_REQUIRED, .max = 16),
	FIELD(struct crate_hand_in, count, T_crate_count, .flags = F_REQUIRED | F_POSITIVE, .max = 9999),
	FIELD_ENUM(struct crate_hand_in, what, T_crate_what, crate_whats),
	FIELD(struct crate_hand_in, note, T_crate_note, .max = 200),
	FIELD_END,
};

const struct field crate_customer_fields[] = {
	FIELD_AS(struct crate_customer_page, customer_id, "id", T_none),
	FIELD(struct crate_customer_page, customer, T_crate_customer),
	FIELD(struct crate_customer_page, customer_name, T_crate_customer),
	FIELD_LIST(struct crate_customer_page, held, crate_held_fields, T_crate_held),
	FIELD_LIST(struct crate_customer_page, moves, crate_move_fields, T_crate_moves),
	FIELD_END,
};

static const struct view kind_answer = { crate_kind_fields, NULL };
static const struct view customer_answer = { crate_customer_fields, NULL };
static const struct view customer_page = { crate_customer_fields, PAGE(tmpl_crate_customer) };

static struct done *kinds_get(struct ctx *c, struct req *r)
{
	struct crate_kinds_page p;

	if (!crate_kinds(c, true, &p.rows, &p.rows_len))
		return reply_error(r);
	return reply_list(r, &kind_answer, p.rows, p.rows_len, 0, NULL, PAGE(tmpl_crate_kinds), &p);
}

static struct done *kinds_post(struct ctx *c, struct req *r)
{
	const struct crate_kind *in = req_in(r);
	struct crate_kind k;
	bool found;

	if (!crate_kind_set(c, in) || !crate_kind_find(c, in->code, &k, &found))
		return reply_error(r);
	return reply_created(r, &kind_answer, &k, "/crates");
}

static bool page_of(struct ctx *c, struct req *r, struct crate_customer_page *p)
{
	struct paging pg = req_paging(r);
	struct customer who;
	int64_t next = 0;

	if (!customer_get(c, req_id(r), &who) || !crate_held(c, who.id, &p->held, &p->held_len) ||
		!crate_move_page(
			c, who.id, pg.after_id > 0 ? pg.after_id : INT64_MIN, pg.limit + 1, &p->moves, &p->moves_len) ||
		!crate_kinds(c, false, &p->kinds, &p->kinds_len))
		return false;
	if (p->moves_len > (size_t)pg.limit) {
		p->moves_len = (size_t)pg.limit;
		next = p->moves[p->moves_len - 1].id;
	}
	p->customer_id = who.id;
	p->customer = who.code;
	p->customer_name = who.name;
	p->may_lose = may(c, RIGHT_money_edit);
	p->next_url = req_next(r, next, NULL);
	return true;
}

static struct done *customer_crates_get(struct ctx *c, struct req *r)
{
	struct crate_customer_page p = { 0 };

	if (!page_of(c, r, &p))
		return reply_error(r);
	return reply_view(r, req_wants_page(r) ? &customer_page : &customer_answer, &p);
}

static struct done *customer_crates_post(struct ctx *c, struct req *r)
{
	struct crate_customer_page p = { 0 };

	if (!crate_by_hand(c, req_id(r), req_in(r)) || !page_of(c, r, &p))
		return reply_error(r);
	return reply_moved(r, &customer_answer, &p, "/customers/%" PRId64 "/crates", req_id(r));
}

/* ---- a person's facts are erased ---- */

static bool forget_person(struct ctx *c, const struct event *e)
{
	return crate_forget(c, e->entity_id);
}

static const struct listen listens[] = {
	{ "customer.erased", forget_person },
	{ NULL, NULL },
};

#define IN(f, s) (f), sizeof(s)
static const struct route routes[] = {
	{ GET, "/crates", RIGHT_look, NULL, 0, kinds_get, T_crate_kinds, ROUTE_LIST, &kind_answer },
	{ POST, "/crates", RIGHT_catalog_edit, IN(crate_kind_in_fields, struct crate_kind), kinds_post,
		T_crate_kind_set, 0, &kind_answer },
	{ GET, "/customers/:id/crates", RIGHT_look, NULL, 0, customer_crates_get, T_crate_of_customer, 0,
		&customer_answer },
	{ POST, "/customers/:id/crates", RIGHT_crate, IN(crate_hand_fields, struct crate_hand_in), customer_crates_post,
		T_crate_by_hand, 0, &customer_answer },
	ROUTE_END,
};

const struct module crate_module = { .name = "crate", .routes = routes, .listens = listens, .checks = crate_checks };
