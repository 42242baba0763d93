/* insight_pages: figures on top, plain sentences below, then the tables; each figure leads to its orders. */
#include "mod/insight/insight_pages.h"

#include <inttypes.h>
#include <string.h>

#define SAY(c, key, ...)                                                                                               \
	text_fill((c)->arena, (c)->lang, (key), (const char *const[]){ __VA_ARGS__ __VA_OPT__(, ) NULL })
#define WAYS_SHOWN     200
#define VARIANTS_SHOWN 100

static const char *number(struct ctx *c, size_t n)
{
	return arena_printf(c->arena, "%zu", n);
}

static const char *encoded(struct ctx *c, const char *s)
{
	struct buf b;

	buf_init(&b, c->arena);
	buf_url(&b, s);
	return buf_cstr(&b);
}

const char *orders_url(struct ctx *c, const struct insight_page *p, const char *name, const char *value)
{
	return arena_printf(c->arena, "/process/orders?%s=%s%s", name, encoded(c, value), p->query);
}

static const char *step_url(struct ctx *c, const struct insight_page *p, const struct process *x, uint32_t activity)
{
	return orders_url(c, p, "step", words_get(&x->history->log.activities, activity));
}

static const char *activity_text(struct ctx *c, const struct process *p, uint32_t activity)
{
	return step_name(c, words_get(&p->history->log.activities, activity));
}

static const char *role_text(struct ctx *c, enum role role)
{
	return text_get(c->lang, text_find(arena_printf(c->arena, "role.%s", role_names[role])));
}

/* ---- figures on top ---- */

static void tile(struct insight_page *out, struct ctx *c, enum text label, const char *value, const char *note,
	const char *url, const char *mood)
{
	if (out->tiles == NULL)
		out->tiles = ARENA_ARRAY(c->arena, 12, struct insight_tile);
	out->tiles[out->tiles_len++] =
		(struct insight_tile){ text_get(c->lang, label), value, note, url, mood != NULL ? mood : "" };
}

/* Tenths, without a double: 34 of 10 is "3.4". */
static const char *ratio(struct ctx *c, size_t n, size_t of)
{
	size_t tenths = of == 0 ? 0 : (n * 10 + of / 2) / of;

	return of == 0 ? "–" : arena_printf(c->arena, "%zu.%zu", tenths / 10, tenths % 10);
}

static void kept_tile(struct ctx *c, const struct process *p, struct insight_page *out, enum target t)
{
	const struct kept *k = &p->kept[t];
	bool review = t == TARGET_REVIEW;

	tile(out, c, review ? T_insight_review_kept : T_insight_confirm_kept,
		share_show(c, (int64_t)(k->count - k->late), (int64_t)k->count),
		SAY(c, T_insight_late_of, number(c, k->late), duration_show(c, k->target_us)),
		orders_url(c, out, "show", review ? "late_review" : "late_confirm"),
		k->late * 10 > k->count ? "hd-bad" : NULL);
}

static void tiles_make(struct ctx *c, const struct process *p, struct insight_page *out)
{
	const struct figures *f = &p->figures;

	tile(out, c, T_insight_orders, number(c, f->cases), SAY(c, T_insight_steps_n, number(c, f->events)),
		orders_url(c, out, "show", "all"), NULL);
	tile(out, c, T_insight_throughput, duration_show(c, f->throughput.median_us),
		SAY(c, T_insight_ninety, duration_show(c, f->throughput.p90_us)), orders_url(c, out, "show", "all"),
		NULL);
	kept_tile(c, p, out, TARGET_CONFIRM);
	kept_tile(c, p, out, TARGET_REVIEW);
	tile(out, c, T_insight_first_pass, share_show(c, (int64_t)p->first_pass, (int64_t)p->reviewed),
		SAY(c, T_insight_n_orders, number(c, p->reviewed)), orders_url(c, out, "show", "not_first"), NULL);
	tile(out, c, T_insight_again, share_show(c, (int64_t)p->again, (int64_t)f->cases),
		SAY(c, T_insight_n_orders, number(c, p->again)), orders_url(c, out, "show", "again"), NULL);
	tile(out, c, T_insight_touches, ratio(c, p->touches, f->cases), text_get(c->lang, T_insight_per_order),
		orders_url(c, out, "show", "all"), NULL);
	tile(out, c, T_insight_two_eyes, number(c, p->two_eyes + p->against_rules),
		SAY(c, T_insight_against_n, number(c, p->two_eyes), number(c, p->against_rules)),
		orders_url(c, out, "show", "against"), p->two_eyes + p->against_rules > 0 ? "hd-bad" : "hd-ok");
}

/* ---- sentences ---- */

const char *bottleneck_text(struct ctx *c, const struct process *p, const struct step *s)
{
	const char *hour = arena_printf(c->arena, "%d:00", s->hour),
		   *next = arena_printf(c->arena, "%d:00", s->hour + 1);

	if (s->wait.count == 0 || s->wait_total_us == 0)
		return NULL;
	return SAY(c, T_insight_bottleneck, activity_text(c, p, s->activity), duration_show(c, s->wait.mean_us),
		duration_show(c, s->wait.median_us), share_show(c, s->wait_total_us, p->wait_total_us),
		share_show(c, s->hour_total_us, s->wait_total_us), hour, next, role_text(c, s->role));
}

static bool is_in(const struct step *s, enum role role)
{
	return role == ROLE_none || s->role == role;
}

static void sentences_make(struct ctx *c, const struct process *p, struct insight_page *out, enum role role)
{
	out->sentences = ARENA_ARRAY(c->arena, 3, struct insight_sentence);
	for (size_t i = 0; i < p->steps_len && out->sentences_len < 3; i++) {
		const char *text = is_in(&p->steps[i], role) ? bottleneck_text(c, p, &p->steps[i]) : NULL;
		if (text != NULL)
			out->sentences[out->sentences_len++] =
				(struct insight_sentence){ text, step_url(c, out, p, p->steps[i].activity),
					map_warmth(p->steps[i].wait.mean_us) >= 3 ? "is-bad" : "" };
	}
}

/* ---- tables ---- */

static void steps_table(struct ctx *c, const struct process *p, struct insight_page *out, enum role role)
{
	struct table t;

	tab_begin(&t, c, "steps", T_insight_steps, T_insight_steps_note);
	tab_head(&t, T_insight_step, false);
	tab_head(&t, T_insight_role, false);
	tab_head(&t, T_insight_count, true);
	tab_head(&t, T_insight_wait_median, true);
	tab_head(&t, T_insight_wait_p90, true);
	tab_head(&t, T_insight_wait_mean, true);
	tab_head(&t, T_insight_wait_share, true);
	tab_head(&t, T_insight_work_median, true);
	for (size_t i = 0; i < p->steps_len; i++) {
		const struct step *s = &p->steps[i];
		if (!is_in(s, role))
			continue;
		tab_row(&t);
		tab_text(&t, activity_text(c, p, s->activity), step_url(c, out, p, s->activity));
		tab_text(&t, role_text(c, s->role), NULL);
		tab_count(&t, s->count, NULL);
		tab_time(&t, s->wait.median_us);
		tab_time(&t, s->wait.p90_us);
		tab_time(&t, s->wait.mean_us);
		tab_share(&t, s->wait_total_us, p->wait_total_us);
		tab_time(&t, s->work.median_us);
	}
	tab_end(&t, out);
}

static void ways_table(struct ctx *c, const struct process *p, struct insight_page *out)
{
	const struct words *w = &p->history->log.activities;
	struct table t;

	tab_begin(&t, c, "ways", T_insight_ways, T_none);
	tab_head(&t, T_insight_from, false);
	tab_head(&t, T_insight_to, false);
	tab_head(&t, T_insight_count, true);
	tab_head(&t, T_insight_median, true);
	tab_head(&t, T_insight_p90, true);
	for (size_t i = 0; i < p->figures.edges_len && i < WAYS_SHOWN; i++) {
		const struct edge *e = &p->figures.edges[i];
		tab_row(&t);
		tab_text(&t, activity_text(c, p, e->from), NULL);
		tab_text(&t, activity_text(c, p, e->to),
			arena_printf(c->arena, "/process/orders?step=%s&before=%s%s", encoded(c, words_get(w, e->to)),
				encoded(c, words_get(w, e->from)), out->query));
		tab_count(&t, e->gap.count, NULL);
		tab_time(&t, e->gap.median_us);
		tab_time(&t, e->gap.p90_us);
	}
	tab_end(&t, out);
}

void page_overview(struct ctx *c, const struct process *p, struct insight_page *out, enum role role)
{
	tiles_make(c, p, out);
	sentences_make(c, p, out, role);
	out->has_detail = true;
	if (p->figures.cases > 0)
		out->map = map_svg(c, p, out->detail, out->query);
	steps_table(c, p, out, role);
	ways_table(c, p, out);
}

static const char *way_text(struct ctx *c, const struct process *p, uint32_t item)
{
	const struct log *g = &p->history->log;
	struct buf b;

	buf_init(&b, c->arena);
	for (size_t i = 0; i < case_len(g, item) && i < 60; i++) {
		buf_str(&b, i > 0 ? " → " : "");
		buf_str(&b, activity_text(c, p, u32s(&g->activity)[case_event(g, item, i)]));
	}
	if (case_len(g, item) > 60)
		buf_str(&b, " …");
	return buf_cstr(&b);
}

static void deviations_table(struct ctx *c, const struct process *p, struct insight_page *out)
{
	struct table t;

	tab_begin(&t, c, "deviations", T_insight_deviations, T_insight_deviations_note);
	tab_head(&t, T_insight_step, false);
	tab_head(&t, T_insight_orders, true);
	tab_head(&t, T_insight_share, true);
	for (size_t i = 0; i < p->deviations_len; i++) {
		tab_row(&t);
		tab_text(&t, activity_text(c, p, p->deviations[i].activity),
			step_url(c, out, p, p->deviations[i].activity));
		tab_count(&t, p->deviations[i].cases, NULL);
		tab_share(&t, (int64_t)p->deviations[i].cases, (int64_t)p->figures.cases);
	}
	tab_row(&t);
	tab_text(&t, text_get(c->lang, T_insight_against_rules), orders_url(c, out, "show", "against"));
	tab_count(&t, p->against_rules, NULL);
	tab_share(&t, (int64_t)p->against_rules, (int64_t)p->figures.cases);
	tab_end(&t, out);
}

static void rework_table(struct ctx *c, const struct process *p, struct insight_page *out)
{
	struct table t;

	tab_begin(&t, c, "rework", T_insight_rework, T_insight_rework_note);
	tab_head(&t, T_insight_step, false);
	tab_head(&t, T_insight_orders, true);
	tab_head(&t, T_insight_share, true);
	for (size_t i = 0; i < p->figures.rework_len; i++) {
		tab_row(&t);
		tab_text(&t, activity_text(c, p, p->figures.rework[i].activity),
			step_url(c, out, p, p->figures.rework[i].activity));
		tab_count(&t, p->figures.rework[i].count, NULL);
		tab_share(&t, (int64_t)p->figures.rework[i].count, (int64_t)p->figures.cases);
	}
	tab_end(&t, out);
}

void page_variants(struct ctx *c, const struct process *p, struct insight_page *out)
{
	struct table t;

	tab_begin(&t, c, "variants", T_insight_variants, T_insight_variants_note);
	tab_head(&t, T_insight_orders, true);
	tab_head(&t, T_insight_share, true);
	tab_head(&t, T_insight_way, false);
	for (size_t i = 0; i < p->figures.variants_len && i < VARIANTS_SHOWN; i++) {
		const struct variant *v = &p->figures.variants[i];
		tab_row(&t);
		tab_count(&t, v->count, orders_url(c, out, "variant", number(c, i + 1)));
		tab_share(&t, (int64_t)v->count, (int64_t)p->figures.cases);
		tab_text(&t, way_text(c, p, v->item), NULL);
	}
	tab_end(&t, out);
	deviations_table(c, p, out);
	rework_table(c, p, out);
}

void page_people(struct ctx *c, const struct process *p, struct insight_page *out)
{
	struct table t;

	tab_begin(&t, c, "roles", T_insight_roles, T_insight_roles_note);
	tab_head(&t, T_insight_role, false);
	tab_head(&t, T_insight_steps_count, true);
	tab_head(&t, T_insight_wait_median, true);
	tab_head(&t, T_insight_wait_mean, true);
	tab_head(&t, T_insight_wait_share, true);
	tab_head(&t, T_insight_work_median, true);
	tab_head(&t, T_insight_work_mean, true);
	for (size_t i = 0; i < p->roles_len; i++) {
		const struct role_part *r = &p->roles[i];
		tab_row(&t);
		tab_text(&t, role_text(c, r->role), NULL);
		tab_count(&t, r->steps, NULL);
		tab_time(&t, r->wait.median_us);
		tab_time(&t, r->wait.mean_us);
		tab_share(&t, r->wait_total_us, p->wait_total_us);
		tab_time(&t, r->work.median_us);
		tab_time(&t, r->work.mean_us);
	}
	tab_end(&t, out);
	tab_begin(&t, c, "handovers", T_insight_handovers, T_none);
	tab_head(&t, T_insight_from, false);
	tab_head(&t, T_insight_to, false);
	tab_head(&t, T_insight_count, true);
	tab_head(&t, T_insight_wait_median, true);
	tab_head(&t, T_insight_wait_p90, true);
	for (size_t i = 0; i < p->handovers_len; i++) {
		const struct handover *h = &p->handovers[i];
		tab_row(&t);
		tab_text(&t, role_text(c, h->from), NULL);
		tab_text(&t, role_text(c, h->to), NULL);
		tab_count(&t, h->wait.count, NULL);
		tab_time(&t, h->wait.median_us);
		tab_time(&t, h->wait.p90_us);
	}
	tab_end(&t, out);
	tab_begin(&t, c, "persons", T_insight_persons, T_none);
	tab_head(&t, T_insight_person, false);
	tab_head(&t, T_insight_role, false);
	tab_head(&t, T_insight_steps_count, true);
	tab_head(&t, T_insight_work_median, true);
	for (size_t i = 0; i < p->persons_len; i++) {
		const struct person_part *s = &p->persons[i];
		tab_row(&t);
		tab_text(&t, s->person->name, NULL);
		tab_text(&t, role_text(c, s->person->role), NULL);
		tab_count(&t, s->steps, NULL);
		tab_time(&t, s->work.median_us);
	}
	tab_end(&t, out);
}

/* ---- before and after ---- */

static void change(struct table *t, int64_t before, int64_t after)
{
	struct ctx *c = t->c;

	if (before <= 0 || after < 0)
		tab_text(t, "–", NULL);
	else
		tab_text(t,
			arena_printf(c->arena, "%s%" PRId64 " %%", after > before ? "+" : "",
				(int64_t)(((__int128)after - before) * 100 / before)),
			NULL);
}

static void trend_times(struct table *t, enum text what, const char *of, int64_t before, int64_t after)
{
	tab_row(t);
	tab_text(t, SAY(t->c, what, of), NULL);
	tab_time(t, before);
	tab_time(t, after);
	change(t, before, after);
}

static void trend_share(struct table *t, enum text what, size_t a, size_t of_a, size_t b, size_t of_b)
{
	tab_row(t);
	tab_text(t, SAY(t->c, what, ""), NULL);
	tab_share(t, (int64_t)a, (int64_t)of_a);
	tab_share(t, (int64_t)b, (int64_t)of_b);
	change(t, of_a == 0 ? 0 : (int64_t)(a * 10000 / of_a), of_b == 0 ? -1 : (int64_t)(b * 10000 / of_b));
}

static const struct step *step_find(const struct process *p, const char *kind)
{
	for (size_t i = 0; i < p->steps_len; i++)
		if (strcmp(words_get(&p->history->log.activities, p->steps[i].activity), kind) == 0)
			return &p->steps[i];
	return NULL;
}

static void trend_steps(struct table *t, const struct process *a, const struct process *b)
{
	for (size_t i = 0; i < a->steps_len; i++) {
		const char *kind = words_get(&a->history->log.activities, a->steps[i].activity);
		const struct step *after = step_find(b, kind);
		if (a->steps[i].wait.count > 0)
			trend_times(t, T_insight_trend_wait, step_name(t->c, kind), a->steps[i].wait.median_us,
				after != NULL ? after->wait.median_us : INT64_MIN);
	}
}

void page_trend(struct ctx *c, const struct process *a, const struct process *b, struct insight_page *out)
{
	struct table t;

	tab_begin(&t, c, "trend", T_insight_trend, T_insight_trend_note);
	tab_head(&t, T_insight_figure, false);
	tab_head(&t, T_insight_before, true);
	tab_head(&t, T_insight_after, true);
	tab_head(&t, T_insight_change, true);
	tab_row(&t);
	tab_text(&t, text_get(c->lang, T_insight_orders), NULL);
	tab_count(&t, a->figures.cases, NULL);
	tab_count(&t, b->figures.cases, NULL);
	change(&t, (int64_t)a->figures.cases, (int64_t)b->figures.cases);
	trend_times(&t, T_insight_trend_median, "", a->figures.throughput.median_us, b->figures.throughput.median_us);
	trend_times(&t, T_insight_trend_ninety, "", a->figures.throughput.p90_us, b->figures.throughput.p90_us);
	trend_share(&t, T_insight_first_pass, a->first_pass, a->reviewed, b->first_pass, b->reviewed);
	trend_share(&t, T_insight_again, a->again, a->figures.cases, b->again, b->figures.cases);
	for (int k = 0; k < TARGET_COUNT; k++)
		trend_share(&t, k == TARGET_REVIEW ? T_insight_review_kept : T_insight_confirm_kept,
			a->kept[k].count - a->kept[k].late, a->kept[k].count, b->kept[k].count - b->kept[k].late,
			b->kept[k].count);
	trend_steps(&t, a, b);
	tab_end(&t, out);
}
