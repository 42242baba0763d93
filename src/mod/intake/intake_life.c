/* intake_life: the table of what may become of a thing that came in, and the one function that makes it so. */
#include "mod/intake/intake_int.h"

#include "gen/intake_sql.h"

#include <string.h>

const char *const intake_event_names[] = { "read", "claim", "release", "wait", "resume", "order", "merge", "dismiss",
	"reopen", NULL };

static const char *const event_kinds[IE_COUNT] = {
	"intake.proposed",
	"intake.claimed",
	"intake.released",
	"intake.waiting",
	"intake.resumed",
	"intake.ordered",
	"intake.merged",
	"intake.dismissed",
	"intake.reopened",
};

#define CLAIM_US (15 * MINUTE_US) /* then whoever comes may go on */

/* ---- guards ---- */

bool line_is_open(const struct intake_line *l)
{
	return l->state == LN_LOOK || l->state == LN_NOTHING;
}

bool line_counts(const struct intake_line *l)
{
	return l->state == LN_ACCEPTED || l->state == LN_TAKEN;
}

static bool nobody_else_works(struct ctx *c, const struct intake_full *f)
{
	const struct intake *in = &f->in;

	if (in->worker_id == INT64_MIN || in->worker_id == c->actor->id || in->worker_at.us + CLAIM_US < c->now.us)
		return true;
	return fail(c, E_CONFLICT, T_intake_taken);
}

static bool mine(struct ctx *c, const struct intake_full *f)
{
	return f->in.worker_id == c->actor->id || fail(c, E_CONFLICT, T_intake_not_yours);
}

/* What is not settled never becomes an order silently. */
bool intake_settled(struct ctx *c, const struct intake_full *f)
{
	size_t counts = 0;

	for (size_t i = 0; i < f->lines_len; i++) {
		if (line_is_open(&f->lines[i]))
			return fail(c, E_CONFLICT, T_intake_line_open, f->lines[i].raw);
		counts += line_counts(&f->lines[i]);
	}
	return counts > 0 || fail(c, E_CONFLICT, T_intake_no_lines);
}

static bool nothing_open(struct ctx *c, const struct intake_full *f)
{
	return nobody_else_works(c, f) && intake_settled(c, f);
}

/* ---- effects ---- */

static void take(struct ctx *c, struct intake *in)
{
	in->worker_id = c->actor->id;
	in->worker_at = c->now;
}

static void let_go(struct ctx *c, struct intake *in)
{
	(void)c;
	in->worker_id = INT64_MIN;
	in->worker_at = INSTANT_NONE;
}

static void decide(struct ctx *c, struct intake *in)
{
	in->decided_by = c->actor->id;
	in->decided_at = c->now;
	let_go(c, in);
}

static void undecide(struct ctx *c, struct intake *in)
{
	(void)c;
	in->decided_by = INT64_MIN;
	in->decided_at = INSTANT_NONE;
	in->reason = NULL;
}

/* ---- the table. from is a set of states; a move that stays has to = STAY ---- */

#define FROM(s) (1U << (s))
#define STAY    (-1)
static const unsigned OPEN = FROM(IN_NEW) | FROM(IN_PROPOSED);
static const unsigned LIVE = FROM(IN_NEW) | FROM(IN_PROPOSED) | FROM(IN_WAITING);

struct move {
	unsigned from;
	enum intake_event event;
	int to;
	bool (*only_if)(struct ctx *c, const struct intake_full *f);
	void (*then)(struct ctx *c, struct intake *in);
};

/* clang-format off */
static const struct move moves[] = {
	/* from                  event        to               only if            then */
	{ LIVE,                  IE_READ,     IN_PROPOSED,     nobody_else_works, NULL },
	{ LIVE,                  IE_CLAIM,    STAY,            nobody_else_works, take },
	{ LIVE,                  IE_RELEASE,  STAY,            mine,              let_go },
	{ OPEN,                  IE_WAIT,     IN_WAITING,      nobody_else_works, let_go },
	{ FROM(IN_WAITING),      IE_RESUME,   IN_PROPOSED,     NULL,              NULL },
	{ LIVE,                  IE_ORDER,    IN_ORDERED,      nothing_open,      decide },
	{ LIVE,                  IE_MERGE,    IN_MERGED,       nobody_else_works, decide },
	{ LIVE,                  IE_DISMISS,  IN_NOT_AN_ORDER, nobody_else_works, decide },
	{ FROM(IN_NOT_AN_ORDER), IE_REOPEN,   IN_PROPOSED,     NULL,              undecide },
};
/* clang-format on */

static const struct move *move_find(int state, enum intake_event e)
{
	for (size_t i = 0; i < ARRAY_LEN(moves); i++)
		if (moves[i].event == e && (moves[i].from & FROM(state)) != 0)
			return &moves[i];
	return NULL;
}

static const char *state_text(struct ctx *c, int state)
{
	return text_get(c->lang, text_find(arena_printf(c->arena, "intake.state.%s", intake_state_names[state])));
}

/* Who works on it is no change of what it says: its version stays. */
static bool worker_changes(struct ctx *c, struct intake *in, const struct move *m, struct event *ev)
{
	int64_t before = in->worker_id;

	m->then(c, in);
	if (!intake_work(c, in->id, in->worker_id, in->worker_at))
		return false;
	return in->worker_id == before || event_add(c, ev);
}

bool intake_move(struct ctx *c, struct intake_full *f, enum intake_event e, int64_t version, const char *reason)
{
	struct intake *in = &f->in;
	const struct move *m = move_find(in->state, e);
	struct event ev = { .kind = event_kinds[e],
		.entity = "intake",
		.entity_id = in->id,
		.order_id = in->order_id != INT64_MIN ? in->order_id : 0,
		.data = json_reason(c->arena, reason) };

	if (m == NULL)
		return fail(c, E_CONFLICT, T_intake_wrong_state, state_text(c, in->state));
	/* Reading decides nothing: whoever hands something over may have it read. */
	if (e != IE_READ && !need(c, RIGHT_order_edit))
		return false;
	if (version != INT64_MIN && version != in->version)
		return fail(c, E_VERSION, T_intake_changed);
	if (m->only_if != NULL && !m->only_if(c, f))
		return false;
	if (m->to != STAY) {
		ev.from = intake_state_names[in->state];
		in->state = m->to;
		ev.to = intake_state_names[in->state];
	}
	if (reason != NULL)
		in->reason = reason;
	if (m->to == STAY)
		return worker_changes(c, in, m, &ev);
	if (m->then != NULL)
		m->then(c, in);
	return intake_store(c, in) && event_add(c, &ev);
}

const char *const *intake_actions(struct ctx *c, const struct intake_full *f)
{
	const char **names = ARENA_ARRAY(c->arena, ARRAY_LEN(moves) + 1, const char *);
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(moves); i++) {
		struct ctx probe = *c; /* a guard's refusal is not this request's error */
		if ((moves[i].from & FROM(f->in.state)) == 0 || !may(c, RIGHT_order_edit))
			continue;
		if (moves[i].only_if == NULL || moves[i].only_if(&probe, f))
			names[n++] = intake_event_names[moves[i].event];
	}
	return names;
}
