/* check: what the modules' recounts share. */
#include "app/app.h"

#include <inttypes.h>
#include <string.h>

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

const struct field check_step_fields[] = {
	FIELD(struct check_step, id, T_none),
	FIELD(struct check_step, number, T_none),
	FIELD(struct check_step, state, T_none),
	FIELD(struct check_step, from_state, T_none),
	FIELD(struct check_step, to_state, T_none),
	FIELD_END,
};

bool check_steps(struct ctx *c, bool (*find)(struct ctx *c, struct check_step **rows, size_t *len),
	const char *const *begins, bool (*allowed)(const char *from, const char *to), int64_t *broken,
	const char **first)
{
	struct check_step *s;
	size_t len;

	if (!find(c, &s, &len))
		return false;
	*broken = 0;
	for (size_t i = 0; i < len; i++) {
		bool starts = i == 0 || s[i - 1].id != s[i].id, ends = i + 1 == len || s[i + 1].id != s[i].id;
		bool fine = starts ? enum_find(begins, s[i].to_state) >= 0
				   : strcmp(s[i - 1].to_state, s[i].from_state) == 0 &&
					     allowed(s[i].from_state, s[i].to_state);
		if (fine && (!ends || strcmp(s[i].to_state, s[i].state) == 0))
			continue;
		(*broken)++;
		*first = *first != NULL ? *first : s[i].number;
	}
	return true;
}
