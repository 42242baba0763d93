/* ship_carrier: who carries the goods: own cars, freight lines, express. */
#include "mod/ship/ship_int.h"

#include "gen/ship_sql.h"
#include "mod/catalog/rows.h"

static const char CARRIER_KIND[] = "own_truck";

const struct field carrier_fields[] = {
	FIELD(struct carrier, code, T_carrier_code),
	FIELD(struct carrier, name, T_carrier_name),
	FIELD(struct carrier, kind, T_carrier_kind),
	FIELD(struct carrier, lead_days, T_carrier_lead_days),
	FIELD(struct carrier, cutoff, T_carrier_cutoff),
	FIELD(struct carrier, active, T_carrier_active),
	FIELD_END,
};

const struct field carrier_in_fields[] = {
	FIELD(struct carrier, code, T_carrier_code, .flags = F_REQUIRED, .max = 32),
	FIELD(struct carrier, name, T_carrier_name, .flags = F_REQUIRED, .max = 100),
	FIELD(struct carrier, kind, T_carrier_kind, .max = 32),
	FIELD(struct carrier, lead_days, T_carrier_lead_days, .flags = F_UNSIGNED, .max = 60),
	FIELD(struct carrier, cutoff, T_carrier_cutoff, .max = 5),
	FIELD_END,
};

static void complete(struct ctx *c, struct carrier *k, const char *cutoff_pointer)
{
	int minutes;

	k->kind = k->kind != NULL ? k->kind : CARRIER_KIND;
	k->lead_days = k->lead_days != INT64_MIN ? k->lead_days : 0;
	k->active = true;
	if (k->cutoff != NULL && !clock_parse(k->cutoff, &minutes))
		(void)fail_field(c, cutoff_pointer, E_TYPE, T_carrier_cutoff_bad, k->cutoff);
}

bool carrier_set(struct ctx *c, const struct carrier *in)
{
	struct event ev = { .kind = "carrier.changed", .entity = "carrier" };
	struct carrier k = *in;

	complete(c, &k, "/cutoff");
	ev.data = arena_printf(c->arena, "{\"lead_days\":%" PRId64 "}", k.lead_days);
	return ok(c) && carrier_put(c, &k, 1) && event_add(c, &ev);
}

/* What leaves after the carrier's hour goes with tomorrow's tour. */
static struct date arrival(struct ctx *c, const struct carrier *k)
{
	struct date d = today(c);
	int minutes;

	d.day += (int32_t)k->lead_days;
	if (k->cutoff != NULL && clock_parse(k->cutoff, &minutes) &&
		c->now.us - instant_of(today(c), zone_s(c)).us > minutes * MINUTE_US)
		d.day++;
	return d;
}

bool carrier_check(struct ctx *c, const char *code, struct date *promised_on)
{
	struct carrier k;
	int64_t known;
	bool found;

	*promised_on = DATE_NONE;
	if (!carrier_find(c, code, &k, &found) || !carrier_count(c, &known))
		return false;
	if (found && k.active)
		*promised_on = arrival(c, &k);
	else if (known > 0)
		return fail_field(c, "/carrier", E_UNKNOWN, T_carrier_unknown, code);
	return true;
}

bool ship_import_carriers(struct ctx *c, const struct sheet *s)
{
	struct carrier *rows;
	struct row_index codes;
	void *read;

	if (!rows_read(c, s, carrier_in_fields, sizeof(*rows), &read))
		return false;
	rows = read;
	codes = row_index_of(c->arena, rows, sizeof(*rows), s->rows_len, offsetof(struct carrier, code));
	row_index_unique(c, s, &codes, "code");
	for (size_t i = 0; i < s->rows_len; i++)
		complete(c, &rows[i], row_pointer(c, s, i, "cutoff"));
	return ok(c) && carrier_put(c, rows, s->rows_len) && rows_told(c, "carrier.imported", "carrier", s->rows_len);
}
