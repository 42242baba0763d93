/* insight: the module's record. */
#include "mod/insight/insight.h"

const struct module insight_module = {
	.name = "insight",
};
