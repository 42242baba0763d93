/* process: one walk over the sorted history for each question. */
#include "mod/insight/process.h"

#include "mod/order/order.h"
#include "mod/order/order_view.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ---- values by group: counted, laid side by side, measured ---- */

struct groups {
	size_t *len;    /* values of each group */
	int64_t *total; /* µs */
	struct spread *spread;
};
/* The group and value of each event; SIZE_MAX: none. */
typedef size_t (*group_fn)(const struct process *p, uint32_t before, uint32_t after, int64_t *value);

static struct groups group_by(struct ctx *c, const struct process *p, size_t groups, group_fn group)
{
	const struct log *g = &p->history->log;
	struct groups r = { ARENA_ARRAY(c->arena, groups + 1, size_t), ARENA_ARRAY(c->arena, groups + 1, int64_t),
		ARENA_ARRAY(c->arena, groups + 1, struct spread) };
	int64_t *values = p->spare, value;
	size_t *next = ARENA_ARRAY(c->arena, groups + 1, size_t), at = 0, n;

	for (int pass = 0; pass < 2; pass++) {
		for (uint32_t item = 0; item < g->items.len; item++)
			for (size_t i = 1; i < case_len(g, item); i++) {
				n = group(p, case_event(g, item, i - 1), case_event(g, item, i), &value);
				if (n == SIZE_MAX)
					continue;
				if (pass == 1)
					values[next[n]++] = value;
				else
					r.total[n] += value;
				r.len[n] += pass == 0;
			}
		for (size_t k = 0; pass == 0 && k < groups; at += r.len[k++])
			next[k] = at;
	}
	for (size_t k = 0; k < groups; k++)
		r.spread[k] = spread_of(values + next[k] - r.len[k], r.len[k]);
	return r;
}

static uint32_t activity_of(const struct process *p, uint32_t event)
{
	return u32s(&p->history->log.activity)[event];
}

static const struct history_person *person_of(const struct process *p, uint32_t event)
{
	return &p->people[u32s(&p->history->log.person)[event]];
}

static bool is_work(const struct process *p, uint32_t before, uint32_t after)
{
	return person_of(p, before)->id == person_of(p, after)->id;
}

static size_t waits_by_step(const struct process *p, uint32_t before, uint32_t after, int64_t *value)
{
	*value = log_gap(&p->history->log, before, after);
	return is_work(p, before, after) ? SIZE_MAX : activity_of(p, after);
}

static size_t work_by_step(const struct process *p, uint32_t before, uint32_t after, int64_t *value)
{
	*value = log_gap(&p->history->log, before, after);
	return is_work(p, before, after) ? activity_of(p, after) : SIZE_MAX;
}

static size_t waits_by_role(const struct process *p, uint32_t before, uint32_t after, int64_t *value)
{
	*value = log_gap(&p->history->log, before, after);
	return is_work(p, before, after) ? SIZE_MAX : (size_t)person_of(p, after)->role;
}

static size_t work_by_role(const struct process *p, uint32_t before, uint32_t after, int64_t *value)
{
	*value = log_gap(&p->history->log, before, after);
	return is_work(p, before, after) ? (size_t)person_of(p, after)->role : SIZE_MAX;
}

static size_t handovers_by_roles(const struct process *p, uint32_t before, uint32_t after, int64_t *value)
{
	enum role from = person_of(p, before)->role, to = person_of(p, after)->role;

	*value = log_gap(&p->history->log, before, after);
	return from == to ? SIZE_MAX : (size_t)from * ROLE_COUNT + (size_t)to;
}

static size_t work_by_person(const struct process *p, uint32_t before, uint32_t after, int64_t *value)
{
	*value = log_gap(&p->history->log, before, after);
	return is_work(p, before, after) ? u32s(&p->history->log.person)[after] : SIZE_MAX;
}

/* ---- steps ---- */

static int by_wait(const void *a, const void *b)
{
	const struct step *x = a, *y = b;

	if (x->wait_total_us != y->wait_total_us)
		return x->wait_total_us < y->wait_total_us ? 1 : -1;
	return (x->activity > y->activity) - (x->activity < y->activity);
}

/* When the waiting for each step began, by hour of the company's day. */
static int64_t *hours_of(struct ctx *c, const struct process *p)
{
	const struct log *g = &p->history->log;
	int64_t *hours = ARENA_ARRAY(c->arena, (size_t)(g->activities.len + 1) * 24, int64_t);
	int64_t zone_us = zone_s(c) * SECOND_US;

	for (uint32_t item = 0; item < g->items.len; item++)
		for (size_t i = 1; i < case_len(g, item); i++) {
			uint32_t before = case_event(g, item, i - 1), after = case_event(g, item, i);
			int64_t hour = (i64s_of(&g->at)[before] + zone_us) / HOUR_US % 24;
			if (!is_work(p, before, after) && hour >= 0)
				hours[(size_t)activity_of(p, after) * 24 + (size_t)hour] += log_gap(g, before, after);
		}
	return hours;
}

static size_t *roles_of_steps(struct ctx *c, const struct process *p)
{
	const struct log *g = &p->history->log;
	size_t *counts = ARENA_ARRAY(c->arena, (size_t)(g->activities.len + 1) * ROLE_COUNT, size_t);

	for (size_t i = 0; i < g->len; i++)
		counts[(size_t)u32s(&g->activity)[i] * ROLE_COUNT + (size_t)person_of(p, (uint32_t)i)->role]++;
	return counts;
}

static void steps_make(struct ctx *c, struct process *p)
{
	size_t n = p->history->log.activities.len;
	struct groups waits = group_by(c, p, n, waits_by_step), work = group_by(c, p, n, work_by_step);
	const int64_t *hours = hours_of(c, p);
	const size_t *roles = roles_of_steps(c, p);

	p->steps = ARENA_ARRAY(c->arena, n + 1, struct step);
	for (size_t i = 0; i < p->figures.activities_len; i++) {
		uint32_t a = p->figures.activities[i].activity;
		struct step s = { a, p->figures.activities[i].count, waits.spread[a], work.spread[a], waits.total[a],
			work.total[a], -1, 0, ROLE_none };
		for (int h = 0; h < 24; h++)
			if (hours[(size_t)a * 24 + (size_t)h] > s.hour_total_us) {
				s.hour = h;
				s.hour_total_us = hours[(size_t)a * 24 + (size_t)h];
			}
		for (int r = 1; r < ROLE_COUNT; r++)
			if (roles[(size_t)a * ROLE_COUNT + (size_t)r] > roles[(size_t)a * ROLE_COUNT + (size_t)s.role])
				s.role = (enum role)r;
		p->wait_total_us += s.wait_total_us;
		p->steps[p->steps_len++] = s;
	}
	qsort(p->steps, p->steps_len, sizeof(*p->steps), by_wait);
}

/* ---- roles, hand-overs, persons ---- */

static void roles_make(struct ctx *c, struct process *p)
{
	const struct log *g = &p->history->log;
	struct groups waits = group_by(c, p, ROLE_COUNT, waits_by_role),
		      work = group_by(c, p, ROLE_COUNT, work_by_role);
	size_t counts[ROLE_COUNT] = { 0 };

	for (size_t i = 0; i < g->len; i++)
		counts[person_of(p, (uint32_t)i)->role]++;
	p->roles = ARENA_ARRAY(c->arena, ROLE_COUNT, struct role_part);
	for (int r = 0; r < ROLE_COUNT; r++)
		if (counts[r] > 0)
			p->roles[p->roles_len++] = (struct role_part){ (enum role)r, counts[r], waits.spread[r],
				work.spread[r], waits.total[r], work.total[r] };
}

static int by_handover(const void *a, const void *b)
{
	const struct handover *x = a, *y = b;

	return (x->wait.count < y->wait.count) - (x->wait.count > y->wait.count);
}

static void handovers_make(struct ctx *c, struct process *p)
{
	struct groups found = group_by(c, p, (size_t)ROLE_COUNT * ROLE_COUNT, handovers_by_roles);

	p->handovers = ARENA_ARRAY(c->arena, (size_t)ROLE_COUNT * ROLE_COUNT, struct handover);
	for (int from = 0; from < ROLE_COUNT; from++)
		for (int to = 0; to < ROLE_COUNT; to++)
			if (found.len[from * ROLE_COUNT + to] > 0)
				p->handovers[p->handovers_len++] = (struct handover){ (enum role)from, (enum role)to,
					found.spread[from * ROLE_COUNT + to] };
	qsort(p->handovers, p->handovers_len, sizeof(*p->handovers), by_handover);
}

static int by_steps(const void *a, const void *b)
{
	const struct person_part *x = a, *y = b;

	return (x->steps < y->steps) - (x->steps > y->steps);
}

static void persons_make(struct ctx *c, struct process *p)
{
	const struct log *g = &p->history->log;
	size_t n = g->people.len, *counts = ARENA_ARRAY(c->arena, n + 1, size_t);
	struct groups work = group_by(c, p, n, work_by_person);

	for (size_t i = 0; i < g->len; i++)
		counts[u32s(&g->person)[i]]++;
	p->persons = ARENA_ARRAY(c->arena, n + 1, struct person_part);
	for (size_t i = 0; i < n; i++)
		if (counts[i] > 0)
			p->persons[p->persons_len++] = (struct person_part){ &p->people[i], counts[i], work.spread[i] };
	qsort(p->persons, p->persons_len, sizeof(*p->persons), by_steps);
}

/* ---- what each order says ---- */

/* The kinds of events that mean something here, as numbers of the book. */
struct kinds {
	uint32_t created, submitted, confirmed, approved, rejected, countered;
};

static uint32_t kind_number(const struct process *p, const char *kind)
{
	uint32_t n;

	return words_find(&p->history->book[BOOK_KIND], kind, strlen(kind), &n) ? n : LOG_NONE;
}

static struct kinds kinds_of(const struct process *p)
{
	return (struct kinds){ kind_number(p, "order.created"), kind_number(p, "order.submitted"),
		kind_number(p, "order.confirmed"), kind_number(p, "order.approved"), kind_number(p, "order.rejected"),
		kind_number(p, "order.countered") };
}

/* An event may tell of states that are not the order's: a task is open, then done. */
static bool is_order_state(const char *state)
{
	static const char *const states[] = { "draft", "awaiting_confirmation", "in_review", "rejected", "approved",
		"picking", "partly_shipped", "shipped", "partly_delivered", "delivered", "completed", "cancelled",
		"archived", NULL };

	return enum_find(states, state) >= 0;
}

/* Which changes of state the table does not have. */
static bool *moves_forbidden(struct ctx *c, const struct process *p)
{
	const struct words *book = &p->history->book[BOOK_MOVE];
	bool *bad = ARENA_ARRAY(c->arena, (size_t)book->len + 1, bool);

	for (uint32_t i = 0; i < book->len; i++) {
		const char *word = words_get(book, i), *to = strchr(word, '>');
		const char *from = arena_strndup(c->arena, word, to != NULL ? (size_t)(to - word) : 0);
		bool is_state =
			to != NULL && to[1] != '\0' && *from != '\0' && is_order_state(from) && is_order_state(to + 1);
		bad[i] = is_state && !order_step_allowed(from, to + 1);
	}
	return bad;
}

/* Times from one step to the next decision, for what has a target. */
struct clocks {
	int64_t *took[TARGET_COUNT];
	size_t len[TARGET_COUNT];
	int64_t since[TARGET_COUNT]; /* INT64_MIN: it does not run */
	unsigned marks;              /* of the order at hand */
};

static void clock_stop(struct process *p, struct clocks *k, enum target t, int64_t at)
{
	int64_t took;

	if (k->since[t] == INT64_MIN)
		return;
	took = at - k->since[t];
	k->took[t][k->len[t]++] = took;
	if (took > p->kept[t].target_us) {
		p->kept[t].late++;
		k->marks |= t == TARGET_CONFIRM ? MARK_LATE_CONFIRM : MARK_LATE_REVIEW;
	}
	k->since[t] = INT64_MIN;
}

struct walk {
	struct process *p;
	struct kinds kinds;
	const bool *forbidden;
	struct clocks clocks;
	/* of the order at hand */
	int64_t entered_by, confirmed_by;
	size_t submitted;
	bool decided;
};

static void event_see(struct walk *w, uint32_t e)
{
	const struct log *g = &w->p->history->log;
	uint32_t a = activity_of(w->p, e);
	int64_t at = i64s_of(&g->at)[e], who = person_of(w->p, e)->id;
	bool decision = a == w->kinds.approved || a == w->kinds.rejected || a == w->kinds.countered;

	if (a == w->kinds.created)
		w->entered_by = who;
	if (a == w->kinds.submitted) {
		w->clocks.since[TARGET_CONFIRM] = at;
		w->clocks.marks |= ++w->submitted > 1 ? MARK_AGAIN : 0;
	}
	if (a == w->kinds.confirmed) {
		w->confirmed_by = who;
		clock_stop(w->p, &w->clocks, TARGET_CONFIRM, at);
		w->clocks.since[TARGET_REVIEW] = at;
	}
	if (decision) {
		clock_stop(w->p, &w->clocks, TARGET_REVIEW, at);
		w->p->reviewed += !w->decided;
		w->p->first_pass += !w->decided && a == w->kinds.approved;
		w->clocks.marks |= !w->decided && a != w->kinds.approved ? MARK_NOT_FIRST : 0;
		w->decided = true;
	}
	if (a == w->kinds.approved && (who == w->entered_by || who == w->confirmed_by))
		w->clocks.marks |= MARK_TWO_EYES;
	w->clocks.marks |= w->forbidden[w->p->history->moves[e]] ? MARK_AGAINST : 0;
}

static void case_see(struct walk *w, uint32_t item)
{
	const struct log *g = &w->p->history->log;

	w->entered_by = w->confirmed_by = 0;
	w->submitted = 0;
	w->decided = false;
	w->clocks.marks = 0;
	for (int t = 0; t < TARGET_COUNT; t++)
		w->clocks.since[t] = INT64_MIN;
	for (size_t i = 0; i < case_len(g, item); i++) {
		uint32_t e = case_event(g, item, i);
		w->p->touches += person_of(w->p, e)->role != ROLE_system &&
				 (i == 0 || !is_work(w->p, case_event(g, item, i - 1), e));
		event_see(w, e);
	}
	w->p->marks[item] = (uint8_t)w->clocks.marks;
	w->p->again += (w->clocks.marks & MARK_AGAIN) != 0;
	w->p->two_eyes += (w->clocks.marks & MARK_TWO_EYES) != 0;
	w->p->against_rules += (w->clocks.marks & MARK_AGAINST) != 0;
}

static size_t times_done(const struct process *p, uint32_t activity)
{
	for (size_t i = 0; i < p->figures.activities_len; i++)
		if (p->figures.activities[i].activity == activity)
			return p->figures.activities[i].count;
	return 0;
}

static void orders_see(struct ctx *c, struct process *p, const int64_t targets[TARGET_COUNT])
{
	const struct log *g = &p->history->log;
	struct walk w = { .p = p, .kinds = kinds_of(p), .forbidden = moves_forbidden(c, p) };

	p->marks = ARENA_ARRAY(c->arena, (size_t)g->items.len + 1, uint8_t);
	for (int t = 0; t < TARGET_COUNT; t++)
		p->kept[t].target_us = targets[t];
	/* each has at most as many values as steps that start its clock */
	w.clocks.took[TARGET_CONFIRM] = p->spare;
	w.clocks.took[TARGET_REVIEW] = p->spare + times_done(p, w.kinds.submitted);
	for (uint32_t item = 0; item < g->items.len; item++)
		case_see(&w, item);
	for (int t = 0; t < TARGET_COUNT; t++) {
		p->kept[t].count = w.clocks.len[t];
		p->kept[t].took = spread_of(w.clocks.took[t], w.clocks.len[t]);
	}
}

/* ---- away from the straight road ---- */

static bool is_straight(const char *kind)
{
	static const char *const road[] = { "order.created", "order.submitted", "order.confirmed", "order.approved",
		"order.stock_confirmed", "order.pick_released", "order.picked", "order.packed", "order.dispatched",
		"order.received", "order.followed_up", "order.completed", "order.archived", "order.put_away", NULL };

	return strncmp(kind, "order.", 6) != 0 || enum_find(road, kind) >= 0;
}

static int by_cases(const void *a, const void *b)
{
	const struct deviation *x = a, *y = b;

	return (x->cases < y->cases) - (x->cases > y->cases);
}

static void deviations_make(struct ctx *c, struct process *p)
{
	const struct log *g = &p->history->log;
	size_t n = g->activities.len, *cases = ARENA_ARRAY(c->arena, n + 1, size_t);
	uint32_t *seen = ARENA_ARRAY(c->arena, n + 1, uint32_t);

	for (uint32_t item = 0; item < g->items.len; item++)
		for (size_t i = 0; i < case_len(g, item); i++) {
			uint32_t a = activity_of(p, case_event(g, item, i));
			cases[a] += seen[a] != item + 1;
			seen[a] = item + 1;
		}
	p->deviations = ARENA_ARRAY(c->arena, n + 1, struct deviation);
	for (uint32_t a = 0; a < n; a++)
		if (cases[a] > 0 && !is_straight(words_get(&g->activities, a)))
			p->deviations[p->deviations_len++] = (struct deviation){ a, cases[a] };
	qsort(p->deviations, p->deviations_len, sizeof(*p->deviations), by_cases);
}

void process_make(struct ctx *c, const struct history *h, unsigned parts, const int64_t targets[TARGET_COUNT],
	struct process *out)
{
	*out = (struct process){ .history = h, .people = history_people(c, h) };
	figures_make(c, &h->log, &out->figures);
	if (parts == 0)
		return;
	out->spare = ARENA_ARRAY(c->arena, h->log.len + 1, int64_t);
	if ((parts & (PART_STEPS | PART_PEOPLE)) != 0)
		steps_make(c, out);
	if ((parts & PART_PEOPLE) != 0) {
		roles_make(c, out);
		handovers_make(c, out);
		persons_make(c, out);
	}
	if ((parts & PART_ORDERS) != 0) {
		orders_see(c, out, targets);
		deviations_make(c, out);
	}
}

/* ---- in the reader's words ---- */

const char *step_name(struct ctx *c, const char *kind)
{
	enum text key = text_find(arena_printf(c->arena, "insight.step.%s", kind));

	if (key == T_none)
		key = text_find(arena_printf(c->arena, "event.%s", kind));
	return key != T_none ? text_get(c->lang, key) : kind;
}

static const char *filled(struct ctx *c, enum text key, int64_t a, int64_t b)
{
	const char *const args[] = { arena_printf(c->arena, "%" PRId64, a), arena_printf(c->arena, "%" PRId64, b),
		NULL };

	return text_fill(c->arena, c->lang, key, args);
}

const char *duration_show(struct ctx *c, int64_t us)
{
	int64_t s = us / SECOND_US, min = (us + MINUTE_US / 2) / MINUTE_US, h = (us + HOUR_US / 2) / HOUR_US;

	if (us == INT64_MIN)
		return "–";
	if (s < 90)
		return filled(c, T_insight_seconds, s, 0);
	if (min < 60)
		return filled(c, T_insight_minutes, min, 0);
	if (min < 24 * 60)
		return min % 60 == 0 ? filled(c, T_insight_hours, min / 60, 0)
				     : filled(c, T_insight_hours_minutes, min / 60, min % 60);
	return h % 24 == 0 ? filled(c, T_insight_days, h / 24, 0) : filled(c, T_insight_days_hours, h / 24, h % 24);
}

const char *share_show(struct ctx *c, int64_t part, int64_t whole)
{
	if (whole <= 0)
		return "–";
	if (part * 100 < whole && part > 0)
		return "< 1 %";
	return arena_printf(
		c->arena, "%" PRId64 " %%", (int64_t)(((__int128)part * 200 + whole) / (2 * (__int128)whole)));
}
