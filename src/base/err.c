/* err: the first failure of a request, told in the caller's language. */
#include "base/err.h"

#include "base/ctx.h"

#include <string.h>

static const struct {
	const char *name;
	int status;
	bool retry;
	enum text title;
} codes[E_COUNT] = {
	[E_NONE] = { "NONE", 200, false, T_none },
#define ERR(code, http_status, again, text) [E_##code] = { #code, (http_status), (again), (text) },
#include "base/err.def"
#undef ERR
};

bool fail_with(struct ctx *c, enum err_code code, enum text text, const char *const *args)
{
	if (c->err.code != E_NONE)
		return false;
	c->err.code = code;
	c->err.detail = text_fill(c->arena, c->lang, text, args);
	return false;
}

bool fail_field_with(struct ctx *c, const char *pointer, enum err_code code, enum text text, const char *const *args)
{
	struct field_err *f;

	if (c->err.fields_len >= FIELD_ERRS_MAX)
		return false;
	f = ARENA_NEW(c->arena, struct field_err);
	if (c->err.code == E_NONE) {
		c->err.code = codes[code].status == 422 || code == E_FORBIDDEN ? E_INVALID : code;
		c->err.detail = text_get(c->lang, T_err_invalid_detail);
	}
	f->pointer = arena_strdup(c->arena, pointer);
	f->code = code;
	f->detail = text_fill(c->arena, c->lang, text, args);
	if (c->err.fields_tail == NULL)
		c->err.fields_tail = &c->err.fields;
	*c->err.fields_tail = f;
	c->err.fields_tail = &f->next;
	c->err.fields_len++;
	return false;
}

bool err_names(const struct err *e, const char *pointer)
{
	for (const struct field_err *f = e->fields; f != NULL; f = f->next)
		if (strcmp(f->pointer, pointer) == 0)
			return true;
	return false;
}

void err_add_fields(struct ctx *c, const struct err *more)
{
	for (const struct field_err *f = more->fields, *next; f != NULL; f = next) {
		struct field_err *copy = ARENA_NEW(c->arena, struct field_err);
		next = f->next;
		if (err_names(&c->err, f->pointer))
			continue;
		*copy = *f;
		copy->next = NULL;
		*(c->err.fields_tail != NULL ? c->err.fields_tail : &c->err.fields) = copy;
		c->err.fields_tail = &copy->next;
		c->err.fields_len++;
	}
}

bool ok(const struct ctx *c)
{
	return c->err.code == E_NONE;
}

int err_status(enum err_code code)
{
	return codes[code].status;
}

const char *err_name(enum err_code code)
{
	return codes[code].name;
}

bool err_retry(enum err_code code)
{
	return codes[code].retry;
}

enum text err_title(enum err_code code)
{
	return codes[code].title;
}
