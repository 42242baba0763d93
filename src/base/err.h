/* err: a failure is a sentence for the user and a code for programs.
 * fail() returns false, so reporting and leaving are one line; the first error of a request wins.
 * The list of codes is err.def: the HTTP status, the problem type and the docs page are made from it. */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include "base/must.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>

struct ctx;

enum err_code {
	E_NONE,
#define ERR(code, status, retry, title) E_##code,
#include "base/err.def"
#undef ERR
	E_COUNT
};

/* One bad input field, RFC 9457 extension member "errors". */
struct field_err {
	const char *pointer; /* JSON pointer, "/lines/3/quantity" counts from 0 */
	enum err_code code;  /* E_REQUIRED, E_RANGE, ... */
	const char *detail;  /* in the caller's language */
	struct field_err *next;
};

#define FIELD_ERRS_MAX 1000 /* more are not named: nobody reads them */
struct err {
	enum err_code code;       /* E_NONE: all is well */
	const char *detail;       /* in the caller's language */
	struct field_err *fields; /* in the order they were found */
	struct field_err **fields_tail;
	size_t fields_len;
};

/* Sets c->err unless it is set already; args fill {0} {1} ... of the text and are all strings.
 * Always false:  return fail(c, E_CONFLICT, T_stock_only_left, qty_str(c->arena, left), sku); */
#define fail(c, code, text, ...)                                                                                       \
	fail_with((c), (code), (text), (const char *const[]){ __VA_ARGS__ __VA_OPT__(, ) NULL })
bool fail_with(struct ctx *c, enum err_code code, enum text text, const char *const *args);

/* Adds one bad field and makes the whole request E_INVALID; go on checking the others, then ask ok(c). */
#define fail_field(c, pointer, code, text, ...)                                                                        \
	fail_field_with((c), (pointer), (code), (text), (const char *const[]){ __VA_ARGS__ __VA_OPT__(, ) NULL })
bool fail_field_with(struct ctx *c, const char *pointer, enum err_code code, enum text text, const char *const *args);

/* True while nothing has failed. */
bool ok(const struct ctx *c);
bool err_names(const struct err *e, const char *pointer);
/* Adds the bad fields of another look at the same input, but none that is named already. */
void err_add_fields(struct ctx *c, const struct err *more);

int err_status(enum err_code code);       /* HTTP status */
const char *err_name(enum err_code code); /* "NOT_FOUND" */
bool err_retry(enum err_code code);       /* worth the same request again */
enum text err_title(enum err_code code);

#endif
