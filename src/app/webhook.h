/* webhook: messages signed as Standard Webhooks say: HMAC-SHA256 over "id.timestamp.body", base64, behind "v1,". */
#ifndef APP_WEBHOOK_H
#define APP_WEBHOOK_H

#include "app/app.h"

/* The three headers of a message. */
struct webhook {
	const char *id, *timestamp, *signature; /* timestamp: seconds since 1970 */
};

/* secret: "whsec_" and the key in base64; anything else is the key itself. */
const char *webhook_sign(struct ctx *c, const char *secret, const char *id, const char *timestamp, struct bytes body);
/* Is one of its signatures ours? There may be several, so that a secret can be changed without a gap. */
bool webhook_fits(struct ctx *c, const char *secret, const struct webhook *w, struct bytes body);
/* Within five minutes of now, so that nobody sends an old message again. */
bool webhook_fresh(const struct ctx *c, const char *timestamp);
const char *webhook_secret_new(struct ctx *c);

#endif
