/* settings: what an admin may change, from one list. */
#ifndef APP_SETTINGS_H
#define APP_SETTINGS_H

#include "app/app.h"

struct setting {
	const char *name, *value; /* the default */
	enum text text;
	bool secret; /* never shown, and not in the ledger either */
};
extern const struct setting settings[]; /* ends with name NULL */

NODISCARD bool setting_set(struct ctx *c, const char *name, const char *value);

#endif
