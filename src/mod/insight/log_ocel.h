/* log_ocel: what the forms of object-centric logs share: objects first, then events, each a step of all its objects of
 * the type that was asked for. */
#ifndef MOD_INSIGHT_LOG_OCEL_H
#define MOD_INSIGHT_LOG_OCEL_H

#include "mod/insight/log_in.h"

struct ocel {
	struct reading *r;
	struct scan scan;
	struct words objects, types;
	struct buf type_of; /* uint32_t per object */
	uint32_t type;      /* the cases */
	/* of the event at hand */
	struct buf activity, at, start, person, role, id;
	struct buf related; /* uint32_t objects of the type, each once */
};

void ocel_object(struct ocel *o, struct piece id, struct piece type);
NODISCARD bool ocel_type_choose(struct ocel *o);
void ocel_event_begin(struct ocel *o);
void ocel_relate(struct ocel *o, struct piece object);
void ocel_attribute(struct ocel *o, const char *name, struct piece value);
/* Adds the event to the log, once for each of its objects. */
NODISCARD bool ocel_event_end(struct ocel *o, size_t line);
void ocel_free(struct ocel *o);

#endif
