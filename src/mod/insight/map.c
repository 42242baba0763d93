/* map: see map.h. One column of boxes; what goes on to the next box is a straight line, what jumps ahead bends to the
 * right, what goes back bends to the left. */
#include "mod/insight/map.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define MIDDLE 460
#define LABEL  110 /* room beside a line for what stands there */
#define PITCH  96
#define HEIGHT 48
#define TOP    16

struct box {
	uint32_t activity;
	size_t count;
	int64_t place; /* where it usually comes: 1/1000 of the way through the order */
	int64_t wait_us;
	int y, half; /* half its width */
};
struct map {
	struct ctx *c;
	const struct process *p;
	const char *query;
	struct buf b;
	struct box *boxes;
	size_t boxes_len;
	size_t *box_of;  /* by activity; SIZE_MAX: not drawn */
	size_t most;     /* of the most frequent way */
	int left, right; /* how far the picture reaches */
};

int map_warmth(int64_t wait_us)
{
	static const int64_t limits[] = { 5 * MINUTE_US, 30 * MINUTE_US, 2 * HOUR_US, 8 * HOUR_US };
	int w = 0;

	while (w < (int)ARRAY_LEN(limits) && wait_us != INT64_MIN && wait_us >= limits[w])
		w++;
	return w;
}

/* ---- what is drawn, and where ---- */

static int64_t *places(struct map *m)
{
	const struct log *g = &m->p->history->log;
	int64_t *sum = ARENA_ARRAY(m->c->arena, (size_t)g->activities.len + 1, int64_t);

	for (uint32_t item = 0; item < g->items.len; item++)
		for (size_t i = 0, len = case_len(g, item); i < len; i++)
			sum[u32s(&g->activity)[case_event(g, item, i)]] += (int64_t)i * 1000;
	return sum;
}

static int by_place(const void *a, const void *b)
{
	const struct box *x = a, *y = b;

	if (x->place != y->place)
		return x->place < y->place ? -1 : 1;
	return (x->activity > y->activity) - (x->activity < y->activity);
}

static int64_t wait_of(const struct process *p, uint32_t activity)
{
	for (size_t i = 0; i < p->steps_len; i++)
		if (p->steps[i].activity == activity)
			return p->steps[i].wait.median_us;
	return INT64_MIN;
}

static void boxes_choose(struct map *m, int64_t detail)
{
	const struct figures *f = &m->p->figures;
	const int64_t *place = places(m);
	size_t upto = 0, n = m->p->history->log.activities.len;

	m->boxes = ARENA_ARRAY(m->c->arena, f->activities_len + 1, struct box);
	m->box_of = ARENA_ARRAY(m->c->arena, n + 1, size_t);
	for (size_t i = 0; i < f->activities_len; i++) {
		const struct tally *t = &f->activities[i];
		/* the frequent ones until they are so much of all that happened */
		if (i > 1 && detail < 100 && upto * 100 >= f->events * (size_t)detail &&
			t->count < f->activities[i - 1].count)
			break;
		upto += t->count;
		m->boxes[m->boxes_len++] = (struct box){ t->activity, t->count, place[t->activity] / (int64_t)t->count,
			wait_of(m->p, t->activity), 0,
			100 + (int)(t->count * 60 / (f->activities[0].count > 0 ? f->activities[0].count : 1)) };
	}
	qsort(m->boxes, m->boxes_len, sizeof(*m->boxes), by_place);
	for (size_t a = 0; a < n; a++)
		m->box_of[a] = SIZE_MAX;
	for (size_t i = 0; i < m->boxes_len; i++) {
		m->boxes[i].y = TOP + (int)i * PITCH;
		m->box_of[m->boxes[i].activity] = i;
	}
}

/* ---- drawing ---- */

static const char *count_text(struct map *m, size_t n)
{
	return arena_printf(m->c->arena, "%zu", n);
}

static const char *name_of(struct map *m, uint32_t activity)
{
	return step_name(m->c, words_get(&m->p->history->log.activities, activity));
}

static void link_begins(struct map *m, uint32_t activity, uint32_t before)
{
	const struct words *w = &m->p->history->log.activities;

	buf_printf(&m->b, "<a href=\"/process/orders?step=");
	buf_url(&m->b, words_get(w, activity));
	if (before != LOG_NONE) {
		buf_str(&m->b, "&amp;before=");
		buf_url(&m->b, words_get(w, before));
	}
	buf_html(&m->b, m->query);
	buf_str(&m->b, "\">");
}

static void box_draw(struct map *m, const struct box *x)
{
	const char *name = name_of(m, x->activity), *wait = duration_show(m->c, x->wait_us);

	link_begins(m, x->activity, LOG_NONE);
	buf_printf(&m->b, "<rect class=\"box w%d\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"4\"/>",
		map_warmth(x->wait_us), MIDDLE - x->half, x->y, 2 * x->half, HEIGHT);
	buf_printf(&m->b, "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">", MIDDLE, x->y + 20);
	buf_html(&m->b, name);
	buf_printf(&m->b, "</text><text class=\"m\" x=\"%d\" y=\"%d\" text-anchor=\"middle\">", MIDDLE, x->y + 38);
	buf_html(&m->b, text_fill(m->c->arena, m->c->lang, T_insight_box,
				(const char *const[]){ count_text(m, x->count), wait, NULL }));
	buf_str(&m->b, "</text></a>");
}

/* 1 to 9 pixels. */
static int thickness(const struct map *m, size_t count)
{
	return 1 + (int)(count * 8 / (m->most > 0 ? m->most : 1));
}

static void label(struct map *m, const struct edge *e, int x, int y, const char *anchor)
{
	link_begins(m, e->to, e->from);
	buf_printf(&m->b, "<text class=\"m\" x=\"%d\" y=\"%d\" text-anchor=\"%s\"><title>", x, y, anchor);
	buf_html(&m->b, name_of(m, e->from));
	buf_str(&m->b, " → ");
	buf_html(&m->b, name_of(m, e->to));
	buf_str(&m->b, "</title>");
	buf_html(&m->b, count_text(m, e->gap.count));
	buf_str(&m->b, " · ");
	buf_html(&m->b, duration_show(m->c, e->gap.median_us));
	buf_str(&m->b, "</text></a>");
}

static void straight(struct map *m, const struct edge *e, const struct box *from, const struct box *to)
{
	buf_printf(&m->b, "<path class=\"way\" stroke-width=\"%d\" marker-end=\"url(#tip)\" d=\"M%d %dV%d\"/>",
		thickness(m, e->gap.count), MIDDLE, from->y + HEIGHT, to->y - 9);
	label(m, e, MIDDLE + 12, (from->y + HEIGHT + to->y) / 2 + 4, "start");
}

/* side 1: ahead on the right; -1: back on the left. */
static void bend(struct map *m, const struct edge *e, const struct box *from, const struct box *to, int side, int out)
{
	int x1 = MIDDLE + side * from->half, x2 = MIDDLE + side * (to->half + 9), y1 = from->y + HEIGHT / 2 + 8,
	    y2 = to->y + HEIGHT / 2 - 8, x = MIDDLE + side * (170 + out);

	if (x - LABEL < m->left)
		m->left = x - LABEL;
	if (x + LABEL > m->right)
		m->right = x + LABEL;
	buf_printf(&m->b,
		"<path class=\"way%s\" stroke-width=\"%d\" marker-end=\"url(#tip)\" d=\"M%d %dC%d %d %d %d %d %dC%d %d "
		"%d %d %d %d\"/>",
		side < 0 ? " back" : "", thickness(m, e->gap.count), x1, y1, x, y1, x, y1, x, (y1 + y2) / 2, x, y2, x,
		y2, x2, y2);
	label(m, e, x + side * 6, (y1 + y2) / 2 + 4, side > 0 ? "start" : "end");
}

static int distance(const struct map *m, const struct edge *e)
{
	return (int)m->box_of[e->to] - (int)m->box_of[e->from];
}

static void ways_draw(struct map *m, int64_t detail)
{
	const struct figures *f = &m->p->figures;
	size_t all = 0, upto = 0;
	int right = 0, left = 0;
	bool *reached = ARENA_ARRAY(m->c->arena, m->boxes_len + 1, bool);

	for (size_t i = 0; i < f->edges_len; i++)
		all += f->edges[i].gap.count;
	m->most = f->edges_len > 0 ? f->edges[0].gap.count : 1;
	for (size_t i = 0; i < f->edges_len; i++) {
		const struct edge *e = &f->edges[i];
		bool drawn = m->box_of[e->from] != SIZE_MAX && m->box_of[e->to] != SIZE_MAX && e->from != e->to;
		bool enough = detail < 100 && upto * 100 >= all * (size_t)detail;
		upto += e->gap.count;
		/* beyond the frequent ways each box keeps the one it is usually reached by */
		if (!drawn || (enough && reached[m->box_of[e->to]]))
			continue;
		reached[m->box_of[e->to]] = true;
		if (distance(m, e) == 1)
			straight(m, e, &m->boxes[m->box_of[e->from]], &m->boxes[m->box_of[e->to]]);
		else if (distance(m, e) > 1)
			bend(m, e, &m->boxes[m->box_of[e->from]], &m->boxes[m->box_of[e->to]], 1,
				26 + 30 * (right++ % 8));
		else
			bend(m, e, &m->boxes[m->box_of[e->from]], &m->boxes[m->box_of[e->to]], -1,
				26 + 30 * (left++ % 6));
	}
}

struct html map_svg(struct ctx *c, const struct process *p, int64_t detail, const char *query)
{
	struct map m = { .c = c, .p = p, .query = query, .left = MIDDLE - 170, .right = MIDDLE + 170 };
	struct buf svg;

	buf_init(&m.b, c->arena);
	buf_init(&svg, c->arena);
	boxes_choose(&m, detail);
	ways_draw(&m, detail);
	for (size_t i = 0; i < m.boxes_len; i++)
		box_draw(&m, &m.boxes[i]);
	buf_printf(&svg,
		"<svg class=\"hd-svg hd-map\" viewBox=\"%d 0 %d %d\" width=\"%d\" role=\"group\" aria-label=\"", m.left,
		m.right - m.left, TOP * 2 + (int)m.boxes_len * PITCH - (PITCH - HEIGHT), m.right - m.left);
	buf_html(&svg, text_get(c->lang, T_insight_map));
	buf_str(&svg, "\"><defs><marker id=\"tip\" markerUnits=\"userSpaceOnUse\" markerWidth=\"12\" "
		      "markerHeight=\"12\" refX=\"4\" "
		      "refY=\"6\" orient=\"auto\"><path class=\"tip\" d=\"M0 0L12 6L0 12Z\"/></marker></defs>");
	buf_add(&svg, m.b.data, m.b.len);
	buf_str(&svg, "</svg>");
	return (struct html){ buf_cstr(&svg) };
}
