/* core: the routes that belong to no trade: health, metrics, the API's description, the stream of changes. */
#ifndef APP_CORE_H
#define APP_CORE_H

#include "app/app.h"

extern const struct module core_module;

#endif
