/* money: booking what is paid, credited and paid back. */
#include "mod/money/money_int.h"

#include "gen/money_sql.h"
#include "mod/customer/customer.h"

#include <inttypes.h>
#include <string.h>

const char *const payment_kinds[] = { "payment", "deposit", "refund", "opening", NULL };

const struct field payment_fields[] = {
	FIELD(struct payment_in, customer, T_money_customer, .flags = F_REQUIRED, .max = 64),
	FIELD_ENUM(struct payment_in, kind, T_money_kind, payment_kinds),
	FIELD(struct payment_in, amount, T_money_amount, .flags = F_REQUIRED | F_POSITIVE, .max = MONEY_MAX),
	FIELD_AS(struct payment_in, day, "date", T_money_day),
	FIELD(struct payment_in, method, T_money_method, .max = 40),
	FIELD(struct payment_in, reference, T_money_reference, .max = 100),
	FIELD(struct payment_in, note, T_money_note, .max = 300),
	FIELD_END,
};

const struct field account_entry_fields[] = {
	FIELD(struct account_entry, id, T_none),
	FIELD(struct account_entry, customer_id, T_none),
	FIELD(struct account_entry, kind, T_money_kind),
	FIELD(struct account_entry, amount, T_money_amount),
	FIELD(struct account_entry, day, T_money_day),
	FIELD(struct account_entry, method, T_money_method),
	FIELD(struct account_entry, reference, T_money_reference),
	FIELD(struct account_entry, note, T_money_note),
	FIELD(struct account_entry, order_id, T_none),
	FIELD(struct account_entry, source, T_none),
	FIELD(struct account_entry, source_id, T_none),
	FIELD(struct account_entry, by, T_none),
	FIELD(struct account_entry, at, T_money_at),
	FIELD_END,
};

const struct field payment_item_fields[] = {
	FIELD(struct payment_item, id, T_none),
	FIELD(struct payment_item, kind, T_money_kind),
	FIELD(struct payment_item, customer, T_money_customer),
	FIELD(struct payment_item, customer_name, T_money_customer),
	FIELD(struct payment_item, amount, T_money_amount),
	FIELD_AS(struct payment_item, day, "date", T_money_day),
	FIELD(struct payment_item, method, T_money_method),
	FIELD(struct payment_item, reference, T_money_reference),
	FIELD(struct payment_item, note, T_money_note),
	FIELD(struct payment_item, who, T_money_who),
	FIELD(struct payment_item, at, T_money_at),
	FIELD_END,
};

static const char *entry_json(struct ctx *c, const struct account_entry *e)
{
	struct buf b;
	struct json j;

	buf_init(&b, c->arena);
	json_start(&j, &b);
	json_obj(&j, NULL);
	json_str(&j, "kind", e->kind);
	json_money(&j, "amount", e->amount);
	json_int(&j, "entry", e->id);
	if (e->source != NULL) /* names a paper; what a person writes stays in the row, where it can be erased */
		json_str(&j, "note", e->note);
	json_end_obj(&j);
	return buf_cstr(&b);
}

/* The row, what it does to the receivables, and the event. */
static bool book(struct ctx *c, struct account_entry *e)
{
	struct event ev = { .kind = arena_printf(c->arena, "money.%s", e->kind),
		.entity = "customer",
		.entity_id = e->customer_id,
		.order_id = e->order_id > 0 ? e->order_id : 0 };

	e->by = c->actor->id;
	e->at = c->now;
	if (!id_new(c, &e->id) || !entry_insert(c, e, 1))
		return false;
	ev.data = entry_json(c, e);
	return (e->amount.fen < 0 ? customer_settle(c, e->customer_id, (struct money){ -e->amount.fen })
				  : customer_charge(c, e->customer_id, e->amount, e->day)) &&
	       event_add(c, &ev);
}

/* Caused by a paper of another module, which causes it once. */
static bool book_once(struct ctx *c, const char *kind, int64_t customer_id, int64_t order_id, const char *source,
	int64_t source_id, struct money amount, const char *note)
{
	struct account_entry e = { .customer_id = customer_id,
		.kind = kind,
		.amount = amount,
		.day = today(c),
		.note = note,
		.order_id = order_id,
		.source = source,
		.source_id = source_id };
	int64_t before;

	if (!entry_of_source(c, source, source_id, &before))
		return false;
	if (before != INT64_MIN)
		return fail(c, E_CONFLICT, T_money_credited_already, note);
	return amount.fen == 0 || book(c, &e);
}

bool money_credit(struct ctx *c, int64_t customer_id, int64_t order_id, const char *source, int64_t source_id,
	struct money amount, const char *note)
{
	struct money less = { -amount.fen };

	return book_once(c, "credit", customer_id, order_id, source, source_id, less, note);
}

bool money_credit_fits(struct ctx *c, struct i64s orders, struct money amount, struct money *sum)
{
	struct order *all;
	struct money before, total = { 0 };

	if (!order_get_all(c, orders, &all) || !entry_credited(c, orders, &before.fen))
		return false;
	for (size_t i = 0; i < orders.len; i++)
		if (!money_add(&total, total, all[i].total))
			return fail(c, E_INVALID, T_err_range);
	if (!money_add(sum, before, amount) || (amount.fen > 0 && money_cmp(*sum, total) > 0))
		return fail_field(c, "/amount", E_RANGE, T_money_more_than_order, money_show(c->arena, total),
			money_show(c->arena, before));
	return true;
}

bool money_charge(struct ctx *c, int64_t customer_id, int64_t order_id, const char *source, int64_t source_id,
	struct money amount, const char *note)
{
	return book_once(c, "charge", customer_id, order_id, source, source_id, amount, note);
}

bool money_book(struct ctx *c, const struct payment_in *in, int64_t *id)
{
	bool out = strcmp(payment_kinds[in->kind], "refund") == 0 || strcmp(payment_kinds[in->kind], "opening") == 0;
	struct account_entry e = { .kind = payment_kinds[in->kind],
		.amount = { out ? in->amount.fen : -in->amount.fen },
		.day = date_is(in->day) ? in->day : today(c),
		.method = in->method,
		.reference = in->reference,
		.note = in->note,
		.order_id = INT64_MIN,
		.source_id = INT64_MIN };
	struct customer who;
	bool found;

	if (!customer_find(c, in->customer, &who, &found))
		return false;
	if (!found)
		return fail_field(c, "/customer", E_UNKNOWN, T_money_unknown_customer, in->customer);
	if (e.day.day > today(c).day)
		return fail_field(c, "/date", E_RANGE, T_money_future);
	e.customer_id = who.id;
	if (!book(c, &e))
		return false;
	*id = e.id;
	return true;
}

/* ---- deposits of crates are owed while the crates are out ---- */

static bool crates_moved(struct ctx *c, const struct event *e)
{
	json_t *data = json_loads(e->data, 0, NULL);
	const char *amount = json_string_value(json_object_get(data, "amount"));
	struct account_entry a = { .customer_id = e->entity_id,
		.kind = "crates",
		.day = today(c),
		.order_id = e->order_id > 0 ? e->order_id : INT64_MIN,
		.source = "crate_move",
		.source_id = json_integer_value(json_object_get(data, "move")) };

	must(amount != NULL && money_parse(amount, &a.amount));
	a.note = arena_printf(c->arena, "%s × %" PRId64, json_string_value(json_object_get(data, "crate")),
		(int64_t)json_integer_value(json_object_get(data, "count")));
	json_decref(data);
	return a.amount.fen == 0 || book(c, &a);
}

const struct listen money_listens[] = {
	{ "crate.moved", crates_moved },
	{ "customer.erased", money_forget },
	{ NULL, NULL },
};

/* ---- verify ---- */

static bool count_owed(struct ctx *c, int64_t *counted, int64_t *broken, const char **first)
{
	return check_rows(c, money_check_owed, entry_count, counted, broken, first);
}

static bool count_numbers(struct ctx *c, int64_t *counted, int64_t *broken, const char **first)
{
	return check_rows(c, statement_check_numbers, statement_count, counted, broken, first);
}

const struct check money_checks[] = {
	{ 10, "statement numbers", count_numbers },
	{ 6, "owed is goods less payments and credits", count_owed },
	{ 0, NULL, NULL },
};
