/* log_xes: traces with events, each with typed attributes. Attributes of attributes and defaults for whole logs say
 * nothing about one event and are passed over. */
#include "mod/insight/log_in.h"

#include <expat.h>
#include <string.h>

enum { X_ITEM, X_ACTIVITY, X_AT, X_START, X_PERSON, X_ROLE, X_COUNT };

struct xes {
	struct reading *r;
	XML_Parser parser;
	int depth, trace_depth, event_depth; /* 0: not inside */
	const char *key[X_COUNT];
	bool in_trace[X_COUNT], in_event[X_COUNT]; /* where to look for it */
	struct buf value[X_COUNT];
	struct words seen;
	size_t traces, events;
	bool failed, is_log, item_of_trace; /* the trace has the name of the case, so no event may give another */
};

static const char *attribute(const char **atts, const char *name)
{
	for (; *atts != NULL; atts += 2)
		if (strcmp(atts[0], name) == 0)
			return atts[1];
	return NULL;
}

static const char *local_name(const char *name)
{
	const char *colon = strrchr(name, ':');

	return colon != NULL ? colon + 1 : name;
}

static void keep(struct xes *x, const char *key, const char *text, const bool *here)
{
	for (int i = 0; i < X_COUNT; i++)
		if (here[i] && strcmp(x->key[i], key) == 0 &&
			(i != X_ITEM || x->event_depth == 0 || !x->item_of_trace)) {
			x->item_of_trace |= i == X_ITEM && x->event_depth == 0;
			x->value[i].len = 0;
			buf_str(&x->value[i], text);
		}
}

/* Names for the complaint that one is missing; a log has few of them, a bad one may have many. */
static void remember(struct xes *x, const char *prefix, const char *key)
{
	struct buf b;

	if (x->seen.len > 200 || x->events > 10000)
		return;
	buf_init(&b, NULL);
	buf_printf(&b, "%s%s", prefix, key);
	(void)words_add(&x->seen, buf_cstr(&b), b.len);
	buf_free(&b);
}

static void trace_begins(struct xes *x)
{
	x->trace_depth = x->depth;
	x->traces++;
	x->item_of_trace = false;
	for (int i = 0; i < X_COUNT; i++)
		x->value[i].len = 0;
	/* A trace without a name is called by its place. */
	if (x->r->columns->item == NULL)
		buf_printf(&x->value[X_ITEM], "%zu", x->traces);
}

static void event_begins(struct xes *x)
{
	x->event_depth = x->depth;
	x->events++;
	for (int i = 0; i < X_COUNT; i++)
		if (!x->in_trace[i] || (i == X_ITEM && !x->item_of_trace && x->r->columns->item != NULL))
			x->value[i].len = 0;
}

static void XMLCALL begins(void *user, const char *name, const char **atts)
{
	struct xes *x = user;
	const char *key, *text;

	if (x->failed || x->r->is_ocel)
		return;
	name = local_name(name);
	x->depth++;
	if (x->depth == 1)
		x->is_log = strcmp(name, "log") == 0;
	if (x->depth == 2 && (strcmp(name, "object-types") == 0 || strcmp(name, "event-types") == 0)) {
		x->r->is_ocel = true;
		(void)XML_StopParser(x->parser, XML_FALSE);
		return;
	}
	if (x->trace_depth == 0 && strcmp(name, "trace") == 0) {
		trace_begins(x);
		return;
	}
	if (x->trace_depth != 0 && x->event_depth == 0 && strcmp(name, "event") == 0) {
		event_begins(x);
		return;
	}
	key = attribute(atts, "key");
	text = attribute(atts, "value");
	if (key == NULL || text == NULL || x->trace_depth == 0)
		return;
	if (x->event_depth != 0 && x->depth == x->event_depth + 1) {
		remember(x, "", key);
		keep(x, key, text, x->in_event);
	} else if (x->event_depth == 0 && x->depth == x->trace_depth + 1) {
		remember(x, "case:", key);
		keep(x, key, text, x->in_trace);
	}
}

static void XMLCALL ends(void *user, const char *name)
{
	struct xes *x = user;
	struct piece p[X_COUNT];

	(void)name;
	if (x->failed || x->r->is_ocel)
		return;
	if (x->depth == x->event_depth) {
		x->event_depth = 0;
		for (int i = 0; i < X_COUNT; i++)
			p[i] = (struct piece){ buf_cstr(&x->value[i]), x->value[i].len };
		x->failed = !reading_event(x->r, &p[X_ITEM], &p[X_ACTIVITY], &p[X_AT], &p[X_START], &p[X_PERSON],
			&p[X_ROLE], XML_GetCurrentLineNumber(x->parser));
		if (x->failed || x->r->again)
			(void)XML_StopParser(x->parser, XML_FALSE);
	} else if (x->depth == x->trace_depth) {
		x->trace_depth = 0;
	}
	x->depth--;
}

/* Names inside the file stand for text that somebody made up: no log needs them, and they can grow without end. */
static void XMLCALL refuse_entity(void *user, const char *name, int is_parameter, const char *value, int len,
	const char *base, const char *system, const char *public, const char *notation)
{
	struct xes *x = user;

	(void)name, (void)is_parameter, (void)value, (void)len, (void)base, (void)system, (void)public, (void)notation;
	x->failed = !reading_failed(x->r, XML_GetCurrentLineNumber(x->parser), T_insight_entity, NULL);
	(void)XML_StopParser(x->parser, XML_FALSE);
}

/* case:x is x of the trace, x alone is looked for in the event; the case alone also in the trace. */
static void places(struct xes *x)
{
	const struct log_columns *k = x->r->columns;
	const char *asked[X_COUNT] = { k->item, k->activity, k->at, k->start, k->person, k->role };
	static const char *const usual[X_COUNT] = { "case:concept:name", "concept:name", "time:timestamp",
		"start_timestamp", "org:resource", "org:role" };

	for (int i = 0; i < X_COUNT; i++) {
		const char *name = asked[i] != NULL ? asked[i] : usual[i];
		bool trace = strncmp(name, "case:", 5) == 0;

		x->key[i] = trace ? name + 5 : name;
		x->in_trace[i] = trace || i == X_ITEM;
		x->in_event[i] = !trace;
		buf_init(&x->value[i], x->r->c->arena);
	}
}

static bool parse(struct xes *x)
{
	struct source *s = x->r->source;

	while (source_peek(s) >= 0) {
		int len = (int)(s->stop - s->at);
		enum XML_Status done = XML_Parse(x->parser, (const char *)s->at, len, 0);
		s->at = s->stop;
		if (x->failed || x->r->again || x->r->is_ocel)
			return !x->failed;
		if (done != XML_STATUS_OK)
			return reading_failed(x->r, XML_GetCurrentLineNumber(x->parser), T_insight_bad_xml,
				XML_ErrorString(XML_GetErrorCode(x->parser)));
	}
	if (XML_Parse(x->parser, "", 0, 1) != XML_STATUS_OK)
		return reading_failed(x->r, XML_GetCurrentLineNumber(x->parser), T_insight_bad_xml,
			XML_ErrorString(XML_GetErrorCode(x->parser)));
	return x->is_log || reading_failed(x->r, 1, T_insight_no_xes, NULL);
}

/* An attribute that no event had at all is a wrong name, not a gap. */
static bool all_there(struct xes *x)
{
	static const char *const options[X_COUNT] = { "--case", "--activity", "--time", "--start", "--resource",
		"--role" };
	const struct log_columns *k = x->r->columns;
	const char *asked[X_COUNT] = { k->item, k->activity, k->at, k->start, k->person, k->role };

	for (int i = 0; i < X_COUNT && x->events > 0; i++) {
		bool needed = i == X_ACTIVITY || i == X_AT || asked[i] != NULL, there = false;
		uint32_t at;
		struct buf name;

		buf_init(&name, x->r->c->arena);
		buf_printf(&name, "case:%s", x->key[i]);
		there = (x->in_event[i] && words_find(&x->seen, x->key[i], strlen(x->key[i]), &at)) ||
			(x->in_trace[i] && words_find(&x->seen, buf_cstr(&name), name.len, &at));
		if (needed && !there && x->r->log->skipped == x->events)
			return reading_lacks(x->r, asked[i] != NULL ? asked[i] : x->key[i], options[i], &x->seen);
		if (asked[i] != NULL && !there && x->seen.len <= 200)
			return reading_lacks(x->r, asked[i], options[i], &x->seen);
	}
	return true;
}

bool xes_log(struct reading *r)
{
	struct xes x = { .r = r, .parser = XML_ParserCreate(NULL) };
	bool good;

	if (x.parser == NULL)
		return fail(r->c, E_TOO_LARGE, T_insight_no_memory);
	places(&x);
	XML_SetUserData(x.parser, &x);
	XML_SetElementHandler(x.parser, begins, ends);
	XML_SetEntityDeclHandler(x.parser, refuse_entity);
	good = parse(&x) && (r->again || r->is_ocel || all_there(&x));
	XML_ParserFree(x.parser);
	words_free(&x.seen);
	return good;
}
