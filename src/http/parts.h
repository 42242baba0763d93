/* parts: a form as names and values, whichever way it was sent. */
#ifndef HTTP_PARTS_H
#define HTTP_PARTS_H

#include "base/ctx.h"
#include "http/http.h"

#include <stddef.h>

#define PARTS_MAX 30000

struct part {
	const char *name, *value;
	bool used;
	size_t order; /* as sent; of equal names the last one counts */
};

struct parts {
	struct part *at; /* sorted by name once read */
	size_t len, cap;
	struct upload *files;
	size_t files_len, files_cap;
};

/* name=value&..., + and %XX decoded; all must be UTF-8. */
NODISCARD bool parts_urlencoded(struct ctx *c, const char *s, size_t len, struct parts *out);
/* multipart/form-data; what has a file name becomes an upload. */
NODISCARD bool parts_multipart(
	struct ctx *c, const char *content_type, const char *data, size_t len, struct parts *out);
/* NULL if not there; marks it used. */
const char *parts_find(const struct parts *p, const char *name);
void parts_add_file(struct ctx *c, struct parts *p, const struct upload *u);
/* %XX decoded into the arena; plus: + is a space. NULL when malformed. */
char *url_decode(struct arena *a, const char *s, size_t len, bool plus);

#endif
