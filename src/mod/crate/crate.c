/* crate: what goes out, what comes back, and the balance between. */
#include "mod/crate/crate_int.h"

#include "gen/crate_sql.h"
#include "mod/customer/customer.h"

#include <inttypes.h>
#include <string.h>

const struct field crate_kind_fields[] = {
	FIELD(struct crate_kind, code, T_crate_code),
	FIELD(struct crate_kind, name, T_crate_name),
	FIELD(struct crate_kind, form, T_crate_form),
	FIELD(struct crate_kind, tare_kg, T_crate_tare),
	FIELD(struct crate_kind, deposit, T_crate_deposit),
	FIELD(struct crate_kind, active, T_crate_active),
	FIELD(struct crate_kind, out, T_crate_with_customers),
	FIELD_END,
};

const struct field crate_load_fields[] = {
	FIELD(struct crate_load, crate, T_crate_code),
	FIELD(struct crate_load, name, T_crate_name),
	FIELD(struct crate_load, count, T_crate_count),
	FIELD(struct crate_load, back, T_crate_back),
	FIELD(struct crate_load, deposit, T_crate_deposit),
	FIELD(struct crate_load, shipment_id, T_none, .flags = F_HIDDEN),
	FIELD_END,
};

const struct field crate_held_fields[] = {
	FIELD(struct crate_held, crate, T_crate_code),
	FIELD(struct crate_held, name, T_crate_name),
	FIELD(struct crate_held, count, T_crate_count),
	FIELD(struct crate_held, amount, T_crate_deposit),
	FIELD(struct crate_held, customer_id, T_none, .flags = F_HIDDEN),
	FIELD_END,
};

const struct field crate_move_fields[] = {
	FIELD(struct crate_move, id, T_none),
	FIELD(struct crate_move, at, T_crate_at),
	FIELD(struct crate_move, what, T_crate_what),
	FIELD(struct crate_move, crate, T_crate_code),
	FIELD(struct crate_move, name, T_crate_name),
	FIELD(struct crate_move, count, T_crate_count),
	FIELD(struct crate_move, amount, T_crate_deposit),
	FIELD(struct crate_move, number, T_crate_shipment),
	FIELD(struct crate_move, note, T_crate_note),
	FIELD(struct crate_move, who, T_crate_who),
	FIELD(struct crate_move, booked, T_none, .flags = F_HIDDEN),
	FIELD(struct crate_move, customer_id, T_none, .flags = F_HIDDEN),
	FIELD(struct crate_move, shipment_id, T_none, .flags = F_HIDDEN),
	FIELD(struct crate_move, moved_by, T_none, .flags = F_HIDDEN),
	FIELD_END,
};

const struct field crate_back_fields[] = {
	FIELD(struct crate_back_in, crate, T_crate_code, .flags = F_REQUIRED, .max = 16),
	FIELD(struct crate_back_in, count, T_crate_count, .flags = F_UNSIGNED, .max = 9999),
	FIELD_END,
};

/* ---- kinds ---- */

bool crate_kinds(struct ctx *c, bool all, struct crate_kind **out, size_t *len)
{
	return crate_kind_list(c, all, out, len);
}

bool crate_kind_get(struct ctx *c, const char *code, const char *pointer, struct crate_kind *out)
{
	bool found;

	if (!crate_kind_find(c, code, out, &found))
		return false;
	return (found && out->active) || fail_field(c, pointer, E_UNKNOWN, T_crate_unknown, code);
}

static const char *const forms[] = { "crate", "pallet", NULL };

bool crate_kind_set(struct ctx *c, const struct crate_kind *in)
{
	struct event ev = { .kind = "crate.kind_set", .entity = "crate" };
	struct crate_kind k = *in;
	struct buf b;
	struct json j;

	k.form = k.form != NULL ? k.form : "crate";
	if (enum_find(forms, k.form) < 0)
		return fail_field(c, "/form", E_UNKNOWN, T_crate_form_unknown);
	k.tare_kg = qty_is(k.tare_kg) ? k.tare_kg : QTY_ZERO;
	k.deposit = money_is(k.deposit) ? k.deposit : (struct money){ 0 };
	buf_init(&b, c->arena);
	json_start(&j, &b);
	json_obj(&j, NULL);
	fields_to_json(&j, crate_kind_fields, &k);
	json_end_obj(&j);
	ev.data = buf_cstr(&b);
	return crate_kind_put(c, &k, 1) && event_add(c, &ev);
}

/* ---- what stands on a shipment ---- */

bool crate_loads(struct ctx *c, int64_t shipment_id, struct crate_load **out, size_t *len)
{
	return crate_load_list(c, shipment_id, out, len);
}

bool crate_load_set(struct ctx *c, int64_t shipment_id, const char *crate, int64_t count)
{
	return count > 0 ? crate_load_put(c, shipment_id, crate, count) : crate_load_drop(c, shipment_id, crate);
}

bool crate_load_add(struct ctx *c, const struct crate_load *l, size_t len)
{
	return crate_load_more(c, l, len);
}

bool crate_held(struct ctx *c, int64_t customer_id, struct crate_held **out, size_t *len)
{
	return crate_held_list(c, customer_id, out, len);
}

bool crate_owed(struct ctx *c, int64_t shipment_id, struct money *out)
{
	return crate_owed_of(c, shipment_id, &out->fen);
}

/* ---- moves ---- */

static const char *move_json(struct ctx *c, const struct crate_move *m)
{
	struct buf b;
	struct json j;

	buf_init(&b, c->arena);
	json_start(&j, &b);
	json_obj(&j, NULL);
	json_int(&j, "move", m->id);
	json_str(&j, "what", m->what);
	json_str(&j, "crate", m->crate);
	json_int(&j, "count", m->count);
	json_money(&j, "amount", m->booked);
	json_str(&j, "note", m->note);
	json_end_obj(&j);
	return buf_cstr(&b);
}

/* The move, the balance, and the event by which the account hears of the deposit. */
static bool move(struct ctx *c, const struct crate_way *w, struct crate_move *m)
{
	struct event ev = {
		.kind = "crate.moved", .entity = "customer", .entity_id = w->customer_id, .order_id = w->order_id
	};

	m->customer_id = w->customer_id;
	m->shipment_id = w->shipment_id;
	m->note = w->note;
	m->moved_by = c->actor->id;
	m->at = c->now;
	if (!id_new(c, &m->id))
		return false;
	ev.data = move_json(c, m);
	return crate_move_insert(c, m, 1) && crate_balance_move(c, m, 1) && event_add(c, &ev);
}

/* Rows are taken in the order every rule takes them: the customer's before those of its crates. */
static bool take_customer(struct ctx *c, int64_t customer_id)
{
	return customer_credit_move(c, customer_id, (struct money){ 0 }, (struct money){ 0 });
}

static bool out(struct ctx *c, const struct crate_way *w, const char *crate, int64_t count, struct money deposit)
{
	struct crate_move m = { .crate = crate, .what = "out", .count = count, .amount = deposit, .booked = deposit };

	return move(c, w, &m);
}

bool crate_leave(struct ctx *c, const struct crate_way *w)
{
	struct crate_load *loads;
	size_t len;

	if (!crate_load_list(c, w->shipment_id, &loads, &len))
		return false;
	if (len > 0 && !take_customer(c, w->customer_id))
		return false;
	for (size_t i = 0; i < len; i++)
		if (!out(c, w, loads[i].crate, loads[i].count, loads[i].deposit))
			return false;
	return true;
}

/* Crates that came over the counter meanwhile do not come back a second time. */
static bool ungo(
	struct ctx *c, const struct crate_way *w, const struct crate_move *gone, const struct crate_held *h, size_t len)
{
	struct crate_move m = { .crate = gone->crate,
		.what = "undo",
		.count = -gone->count,
		.amount = { -gone->amount.fen },
		.booked = { -gone->booked.fen } };
	int64_t have = 0;

	for (size_t i = 0; i < len; i++)
		if (strcmp(h[i].crate, gone->crate) == 0)
			have = h[i].count;
	if (have < gone->count)
		return fail(c, E_CONFLICT, T_crate_came_back, gone->crate, arena_printf(c->arena, "%" PRId64, have),
			arena_printf(c->arena, "%" PRId64, gone->count));
	return move(c, w, &m);
}

bool crate_unleave(struct ctx *c, const struct crate_way *w)
{
	struct crate_held *held;
	struct crate_move *gone;
	size_t len, held_len;

	if (!crate_gone_list(c, w->shipment_id, &gone, &len))
		return false;
	if (len == 0)
		return true;
	if (!take_customer(c, w->customer_id) || !crate_held(c, w->customer_id, &held, &held_len))
		return false;
	for (size_t i = 0; i < len; i++)
		if (!ungo(c, w, &gone[i], held, held_len))
			return false;
	return true;
}

/* Off the balance: no more than is on it, the deposit by its share, so that the last crate takes the last fen. */
static bool come(
	struct ctx *c, const struct crate_way *w, const struct crate_back_in *in, bool lost, const char *pointer)
{
	struct crate_held have = { 0 };
	struct crate_move m = { .crate = in->crate, .what = lost ? "lost" : "back", .count = -in->count };
	struct money part;
	bool found;

	if (!crate_balance_of(c, w->customer_id, in->crate, &have, &found))
		return false;
	if (!found || in->count > have.count)
		return fail_field(c, arena_printf(c->arena, "%s/count", pointer), E_RANGE, T_crate_too_many, in->crate,
			arena_printf(c->arena, "%" PRId64, have.count));
	must(money_share(&part, have.amount, (struct qty){ in->count }, (struct qty){ have.count }));
	m.amount = (struct money){ -part.fen };
	m.booked = lost ? (struct money){ 0 } : m.amount;
	return move(c, w, &m);
}

bool crate_back(struct ctx *c, const struct crate_way *w, const struct crate_back_in *in, size_t len)
{
	if (len > 0 && !take_customer(c, w->customer_id))
		return false;
	for (size_t i = 0; i < len; i++) {
		const char *pointer = arena_printf(c->arena, "/crates/%zu", i);

		if (in[i].count > 0 && !come(c, w, &in[i], false, pointer))
			return false;
	}
	return true;
}

bool crate_by_hand(struct ctx *c, int64_t customer_id, const struct crate_hand_in *in)
{
	struct crate_way w = { .customer_id = customer_id, .shipment_id = INT64_MIN, .note = in->note };
	struct crate_back_in back = { in->crate, in->count };
	struct crate_kind k;
	struct customer who;

	if (in->what == CRATE_LOST && !need(c, RIGHT_money_edit))
		return false;
	if (!customer_get(c, customer_id, &who) || !take_customer(c, customer_id))
		return false;
	if (in->what != CRATE_OUT)
		return come(c, &w, &back, in->what == CRATE_LOST, "");
	return crate_kind_get(c, in->crate, "/crate", &k) &&
	       out(c, &w, in->crate, in->count, (struct money){ k.deposit.fen * in->count });
}

/* ---- verify ---- */

static bool count_balance(struct ctx *c, int64_t *counted, int64_t *broken, const char **first)
{
	return check_rows(c, crate_check_balance, crate_move_count, counted, broken, first);
}

static bool count_loads(struct ctx *c, int64_t *counted, int64_t *broken, const char **first)
{
	return check_rows(c, crate_check_loads, crate_move_count, counted, broken, first);
}

static bool count_money(struct ctx *c, int64_t *counted, int64_t *broken, const char **first)
{
	return check_rows(c, crate_check_money, crate_move_count, counted, broken, first);
}

const struct check crate_checks[] = {
	{ 3, "crates of a customer are the sum of its moves", count_balance },
	{ 6, "crates went out with their shipments", count_loads },
	{ 6, "deposits of crates stand on the account", count_money },
	{ 0, NULL, NULL },
};
