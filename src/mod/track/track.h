/* track: carriers' own messages, checked and counted once; shipments that are late or silent.
 * Clause 3-4.1.  Owns: carrier_event, carrier_call      Uses: ship, task */
#ifndef MOD_TRACK_H
#define MOD_TRACK_H

#include "app/app.h"

/* 快递100's state or status code ("0", "1001", "304") as one of track_names; NULL: it changes nothing. */
const char *track_state_of(const char *code);
/* Standard Webhooks: HMAC-SHA256 over id.timestamp.body, base64, any of several after "v1,". */
bool track_signature_holds(
	const char *secret, const char *id, const char *timestamp, const void *body, size_t len, const char *signature);

extern const struct module track_module;

#endif
