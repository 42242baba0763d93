/* check: what the modules' recounts share. */
#include "app/app.h"

#include <inttypes.h>

const struct field broken_fields[] = {
	FIELD(struct broken, what, T_none),
	FIELD(struct broken, have, T_none),
	FIELD(struct broken, want, T_none),
	FIELD_END,
};

bool check_rows(struct ctx *c, broken_fn find, bool (*total)(struct ctx *c, int64_t *out), int64_t *counted,
	int64_t *broken, const char **first)
{
	struct broken *rows;
	size_t len;

	if (!find(c, &rows, &len) || !total(c, counted))
		return false;
	*broken = (int64_t)len;
	if (len > 0)
		*first = arena_printf(
			c->arena, "%s: %" PRId64 " instead of %" PRId64, rows[0].what, rows[0].have, rows[0].want);
	return true;
}
