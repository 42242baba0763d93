/* modules: the list, from modules.def, and what belongs to no module. */
#include "app/app.h"
#include "app/core.h"

#define MODULE(name) extern const struct module name##_module;
#include "modules.def"
#undef MODULE

const struct module *const modules[] = { &core_module,
#define MODULE(name) &name##_module,
#include "modules.def"
#undef MODULE
	NULL };
