/* track: carriers' own messages, checked and counted once; shipments that are late or silent.
 * Clause 3-4.1.  Owns: carrier_event, carrier_call      Uses: ship, task */
#ifndef MOD_TRACK_H
#define MOD_TRACK_H

#include "app/app.h"

/* 快递100's state or status code ("0", "1001", "304") as one of track_names; NULL: it changes nothing. */
const char *track_state_of(const char *code);

extern const struct module track_module;

#endif
