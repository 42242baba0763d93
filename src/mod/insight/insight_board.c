/* insight_board: today on one screen that everybody sees from afar; and how well the promised days are kept. */
#include "mod/insight/insight_board.h"

#include "gen/insight_sql.h"
#include "gen/tmpl.h"
#include "mod/insight/insight_pages.h"
#include "mod/order/order_view.h"

#include <inttypes.h>
#include <string.h>

#define LATE_SHOWN 8

/* clang-format off */
const struct field insight_order_fields[] = {
	FIELD(struct insight_order, id, T_none),
	FIELD(struct insight_order, number, T_order_number),
	FIELD(struct insight_order, state, T_order_state),
	FIELD(struct insight_order, customer, T_order_customer),
	FIELD(struct insight_order, total, T_order_total),
	FIELD(struct insight_order, created_at, T_order_created_at),
	FIELD(struct insight_order, gap_s, T_insight_gap),
	FIELD(struct insight_order, took_s, T_insight_took),
	FIELD_END,
};
const struct field board_count_fields[] = {
	FIELD(struct board_count, state, T_none),
	FIELD(struct board_count, n, T_none),
	FIELD(struct board_count, late, T_none),
	FIELD_END,
};
const struct field board_truck_fields[] = {
	FIELD(struct board_truck, carrier, T_none),
	FIELD(struct board_truck, packing, T_none),
	FIELD(struct board_truck, gone, T_none),
	FIELD(struct board_truck, packages, T_none),
	FIELD_END,
};
const struct field board_due_fields[] = {
	FIELD(struct board_due, delivery_date, T_none),
	FIELD(struct board_due, received_day, T_none),
	FIELD(struct board_due, in_full, T_none),
	FIELD(struct board_due, n, T_none),
	FIELD_END,
};
const struct field board_late_fields[] = {
	FIELD(struct board_late, id, T_none),
	FIELD(struct board_late, number, T_none),
	FIELD(struct board_late, state, T_none),
	FIELD(struct board_late, customer, T_none),
	FIELD(struct board_late, due_at, T_none),
	FIELD_END,
};
const struct field insight_lines_fields[] = {
	FIELD(struct insight_lines, lines, T_none),
	FIELD(struct insight_lines, filled, T_none),
	FIELD(struct insight_lines, received, T_none),
	FIELD(struct insight_lines, accepted, T_none),
	FIELD_END,
};
const struct field insight_blamed_fields[] = {
	FIELD(struct insight_blamed, who, T_none),
	FIELD(struct insight_blamed, n, T_none),
	FIELD(struct insight_blamed, blamed, T_none),
	FIELD_END,
};
const struct field insight_tier_fields[] = {
	FIELD(struct insight_tier, tier, T_none),
	FIELD_END,
};
const struct field insight_picked_fields[] = {
	FIELD(struct insight_picked, lines, T_none),
	FIELD(struct insight_picked, whole, T_none),
	FIELD_END,
};
/* clang-format on */

struct service service_of(const struct board_due *rows, size_t len, struct date today)
{
	struct service s = { 0 };

	for (size_t i = 0; i < len; i++) {
		bool received = rows[i].received_day != INT64_MIN;
		bool on_time = received && rows[i].received_day <= rows[i].delivery_date.day;
		bool in_full = received && rows[i].in_full != 0;
		s.due += rows[i].n;
		s.open += !received && rows[i].delivery_date.day >= today.day ? rows[i].n : 0;
		s.received += received ? rows[i].n : 0;
		s.on_time += on_time ? rows[i].n : 0;
		s.in_full += in_full ? rows[i].n : 0;
		s.otif += on_time && in_full ? rows[i].n : 0;
	}
	return s;
}

/* ---- how well we keep our word ---- */

static void service_row(struct table *t, enum text label, enum text means, int64_t part, int64_t whole)
{
	struct ctx *c = t->c;

	tab_row(t);
	tab_text(t, text_get(c->lang, label), NULL);
	tab_share(t, part, whole);
	tab_count(t, (size_t)part, NULL);
	tab_count(t, (size_t)whole, NULL);
	tab_text(t, text_get(c->lang, means), NULL);
}

static void days_table(struct ctx *c, const struct board_due *rows, size_t len, struct insight_page *out)
{
	struct table t;

	tab_begin(&t, c, "days", T_insight_days_title, T_none);
	tab_head(&t, T_order_delivery_date, false);
	tab_head(&t, T_insight_due_n, true);
	tab_head(&t, T_insight_received_n, true);
	tab_head(&t, T_insight_on_time, true);
	tab_head(&t, T_insight_in_full, true);
	tab_head(&t, T_insight_otif, true);
	for (int32_t day = out->to.day; day >= out->from.day && day > out->to.day - 62; day--) {
		struct service s = { 0 };
		const char *date = date_str(c->arena, (struct date){ day });
		for (size_t i = 0; i < len; i++)
			if (rows[i].delivery_date.day == day) {
				struct service one = service_of(&rows[i], 1, today(c));
				s = (struct service){ s.due + one.due, s.open + one.open, s.received + one.received,
					s.on_time + one.on_time, s.in_full + one.in_full, s.otif + one.otif };
			}
		if (s.due == 0)
			continue;
		tab_row(&t);
		tab_text(&t, date, arena_printf(c->arena, "/orders?delivery_date=%s", date));
		tab_count(&t, (size_t)s.due, NULL);
		tab_count(&t, (size_t)s.received, NULL);
		tab_share(&t, s.on_time, s.due - s.open);
		tab_share(&t, s.in_full, s.due - s.open);
		tab_share(&t, s.otif, s.due - s.open);
	}
	tab_end(&t, out);
}

static void blamed_rows(struct table *t, enum text kind, const struct insight_blamed *rows, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		tab_row(t);
		tab_text(t, text_get(t->c->lang, kind), NULL);
		tab_text(t, rows[i].who, NULL);
		tab_count(t, (size_t)rows[i].blamed, "/cases");
		if (rows[i].n > 0)
			tab_count(t, (size_t)rows[i].n, NULL);
		else
			tab_text(t, "", NULL);
		tab_share(t, rows[i].blamed, rows[i].n);
	}
}

static bool complaints_table(struct ctx *c, const char *channel, const char *tier, struct insight_page *out)
{
	struct instant from = instant_of(out->from, zone_s(c)),
		       to = instant_of((struct date){ out->to.day + 1 }, zone_s(c));
	struct insight_blamed *carriers, *pickers, *lots;
	size_t carriers_len, pickers_len, lots_len;
	struct table t;

	if (!insight_blamed_carriers(c, out->from, out->to, channel, tier, &carriers, &carriers_len) ||
		!insight_blamed_pickers(c, out->from, out->to, channel, tier, &pickers, &pickers_len) ||
		!insight_blamed_lots(c, from, to, channel, tier, &lots, &lots_len))
		return false;
	tab_begin(&t, c, "complaints", T_insight_complaints, T_insight_complaints_note);
	tab_head(&t, T_insight_blamed_kind, false);
	tab_head(&t, T_insight_blamed_who, false);
	tab_head(&t, T_insight_blamed_n, true);
	tab_head(&t, T_insight_of, true);
	tab_head(&t, T_insight_share, true);
	blamed_rows(&t, T_insight_carrier, carriers, carriers_len);
	blamed_rows(&t, T_insight_picker, pickers, pickers_len);
	blamed_rows(&t, T_insight_lot, lots, lots_len);
	tab_end(&t, out);
	return true;
}

bool page_service(struct ctx *c, const char *channel, const char *tier, struct insight_page *out)
{
	struct board_due *rows;
	struct insight_lines lines;
	struct insight_picked picked;
	struct service s;
	struct table t;
	size_t len;
	int64_t zone_us = zone_s(c) * SECOND_US;
	struct instant from = instant_of(out->from, zone_s(c)),
		       to = instant_of((struct date){ out->to.day + 1 }, zone_s(c));

	if (!insight_due(c, out->from, out->to, zone_us, channel, tier, &rows, &len) ||
		!insight_lines(c, out->from, out->to, channel, tier, &lines) ||
		!insight_picked(c, from, to, channel, tier, &picked))
		return false;
	s = service_of(rows, len, today(c));
	tab_begin(&t, c, "service", T_insight_service, T_insight_service_note);
	tab_head(&t, T_insight_figure, false);
	tab_head(&t, T_insight_share, true);
	tab_head(&t, T_insight_good, true);
	tab_head(&t, T_insight_of, true);
	tab_head(&t, T_insight_means, false);
	service_row(&t, T_insight_otif, T_insight_otif_means, s.otif, s.due - s.open);
	service_row(&t, T_insight_on_time, T_insight_on_time_means, s.on_time, s.due - s.open);
	service_row(&t, T_insight_in_full, T_insight_in_full_means, s.in_full, s.due - s.open);
	service_row(&t, T_insight_fill_rate, T_insight_fill_rate_means, lines.filled, lines.lines);
	service_row(&t, T_insight_accepted, T_insight_accepted_means, lines.accepted, lines.received);
	service_row(&t, T_insight_picked, T_insight_picked_means, picked.whole, picked.lines);
	tab_end(&t, out);
	days_table(c, rows, len, out);
	return complaints_table(c, channel, tier, out);
}

/* ---- the board ---- */

static bool states_make(struct ctx *c, struct board_page *p)
{
	static const char *const order[] = { "draft", "awaiting_confirmation", "in_review", "rejected", "approved",
		"picking", "partly_shipped", "shipped", "partly_delivered" };
	struct board_count *rows;
	size_t len;
	int64_t late = 0;

	if (!board_counts(c, c->now, &rows, &len))
		return false;
	p->states = ARENA_ARRAY(c->arena, ARRAY_LEN(order), struct board_state);
	for (size_t k = 0; k < ARRAY_LEN(order); k++) {
		struct board_state *s = &p->states[p->states_len++];
		*s = (struct board_state){ order[k], order_state_text(c, order[k]), "0", NULL };
		for (size_t i = 0; i < len; i++) {
			if (strcmp(rows[i].state, order[k]) != 0)
				continue;
			s->n = arena_printf(c->arena, "%" PRId64, rows[i].n);
			/* what has left is waited for by others */
			if (rows[i].late > 0 && k < 6) {
				s->late = arena_printf(c->arena, "%" PRId64, rows[i].late);
				late += rows[i].late;
			}
		}
	}
	p->late_n = late > 0 ? arena_printf(c->arena, "%" PRId64, late) : NULL;
	return true;
}

static bool promises_make(struct ctx *c, struct board_page *p)
{
	struct board_due *rows, *week;
	size_t len, week_len;
	struct service day, seven;
	int64_t zone_us = zone_s(c) * SECOND_US;

	if (!insight_due(c, p->day, p->day, zone_us, NULL, NULL, &rows, &len) ||
		!insight_due(c, (struct date){ p->day.day - 7 }, (struct date){ p->day.day - 1 }, zone_us, NULL, NULL,
			&week, &week_len))
		return false;
	day = service_of(rows, len, today(c));
	seven = service_of(week, week_len, today(c));
	p->due_today = arena_printf(c->arena, "%" PRId64, day.due);
	p->open_today = arena_printf(c->arena, "%" PRId64, day.due - day.received);
	p->otif_today = share_show(c, day.otif, day.due - day.open);
	p->otif_week = share_show(c, seven.otif, seven.due - seven.open);
	return true;
}

bool board_make(struct ctx *c, struct board_page *p)
{
	*p = (struct board_page){ .day = today(c), .now = c->now };
	if (!states_make(c, p) || !promises_make(c, p) ||
		!board_trucks(c, instant_of(p->day, zone_s(c)), &p->trucks, &p->trucks_len) ||
		!board_latest(c, c->now, LATE_SHOWN, &p->late, &p->late_len))
		return false;
	for (size_t i = 0; i < p->late_len; i++)
		p->late[i].state_text = order_state_text(c, p->late[i].state);
	return true;
}
