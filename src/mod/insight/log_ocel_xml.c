/* log_ocel_xml: OCEL 2.0 in XML, read twice: what the objects are, then the events. */
#include "mod/insight/log_ocel.h"

#include <expat.h>
#include <string.h>

struct ocel_xml {
	struct ocel o;
	XML_Parser parser;
	bool events; /* the second time */
	bool failed, in_event;
	struct buf name, value; /* of the attribute that is open */
	bool in_attribute;
};

static struct piece attribute(const char **atts, const char *name)
{
	for (; *atts != NULL; atts += 2)
		if (strcmp(atts[0], name) == 0)
			return (struct piece){ atts[1], strlen(atts[1]) };
	return (struct piece){ "", 0 };
}

static void put(struct buf *b, struct piece p)
{
	b->len = 0;
	buf_add(b, p.s, p.len);
}

static void event_begins(struct ocel_xml *x, const char **atts)
{
	const struct log_columns *k = x->o.r->columns;

	x->in_event = true;
	ocel_event_begin(&x->o);
	if (k->activity == NULL)
		put(&x->o.activity, attribute(atts, "type"));
	if (k->at == NULL)
		put(&x->o.at, attribute(atts, "time"));
}

static void XMLCALL begins(void *user, const char *name, const char **atts)
{
	struct ocel_xml *x = user;

	if (!x->events) {
		if (strcmp(name, "object") == 0)
			ocel_object(&x->o, attribute(atts, "id"), attribute(atts, "type"));
		return;
	}
	if (strcmp(name, "event") == 0)
		event_begins(x, atts);
	if (x->in_event && strcmp(name, "relationship") == 0)
		ocel_relate(&x->o, attribute(atts, "object-id"));
	if (x->in_event && strcmp(name, "attribute") == 0) {
		put(&x->name, attribute(atts, "name"));
		x->value.len = 0;
		x->in_attribute = true;
	}
}

static void XMLCALL ends(void *user, const char *name)
{
	struct ocel_xml *x = user;

	if (!x->in_event || x->failed)
		return;
	if (x->in_attribute && strcmp(name, "attribute") == 0) {
		ocel_attribute(&x->o, buf_cstr(&x->name), (struct piece){ buf_cstr(&x->value), x->value.len });
		x->in_attribute = false;
	}
	if (strcmp(name, "event") == 0) {
		x->in_event = false;
		x->failed = !ocel_event_end(&x->o, XML_GetCurrentLineNumber(x->parser));
		if (x->failed)
			(void)XML_StopParser(x->parser, XML_FALSE);
	}
}

static void XMLCALL text(void *user, const char *s, int len)
{
	struct ocel_xml *x = user;

	if (x->in_attribute)
		buf_add(&x->value, s, (size_t)len);
}

static void XMLCALL refuse_entity(void *user, const char *name, int is_parameter, const char *value, int len,
	const char *base, const char *system, const char *public, const char *notation)
{
	struct ocel_xml *x = user;

	(void)name, (void)is_parameter, (void)value, (void)len, (void)base, (void)system, (void)public, (void)notation;
	x->failed = !reading_failed(x->o.r, XML_GetCurrentLineNumber(x->parser), T_insight_entity, NULL);
	(void)XML_StopParser(x->parser, XML_FALSE);
}

static bool parse(struct ocel_xml *x)
{
	struct source *s = x->o.r->source;
	enum XML_Status done = XML_STATUS_OK;

	while (done == XML_STATUS_OK && !x->failed && source_peek(s) >= 0) {
		done = XML_Parse(x->parser, (const char *)s->at, (int)(s->stop - s->at), 0);
		s->at = s->stop;
	}
	if (x->failed)
		return false;
	if (done == XML_STATUS_OK)
		done = XML_Parse(x->parser, "", 0, 1);
	return done == XML_STATUS_OK || reading_failed(x->o.r, XML_GetCurrentLineNumber(x->parser), T_insight_bad_xml,
						XML_ErrorString(XML_GetErrorCode(x->parser)));
}

static bool pass(struct ocel_xml *x, bool events)
{
	struct reading *r = x->o.r;
	bool good;

	source_close(r->source);
	if (!source_open(r->c, r->source, r->path, true))
		return false;
	x->events = events;
	x->parser = XML_ParserCreate(NULL);
	if (x->parser == NULL)
		return fail(r->c, E_TOO_LARGE, T_insight_no_memory);
	XML_SetUserData(x->parser, x);
	XML_SetElementHandler(x->parser, begins, ends);
	XML_SetCharacterDataHandler(x->parser, text);
	XML_SetEntityDeclHandler(x->parser, refuse_entity);
	good = parse(x);
	XML_ParserFree(x->parser);
	return good;
}

bool ocel_xml_log(struct reading *r)
{
	struct ocel_xml x = { .o = { .r = r } };
	bool good = pass(&x, false) && ocel_type_choose(&x.o) && pass(&x, true);

	buf_free(&x.name);
	buf_free(&x.value);
	ocel_free(&x.o);
	return good;
}
