/* json: an append writer for answers, and a capped strict reader for requests.
 * The writer keeps track of commas; it cannot fail on its own (the buffer remembers). */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include "base/buf.h"
#include "base/money.h"
#include "base/when.h"

#include <jansson.h>

struct ctx;

#define JSON_DEPTH_MAX 16
#define JSON_BODY_MAX  (4 * 1024 * 1024)

struct json {
	struct buf *b;
	bool comma; /* the next value needs one */
};

void json_start(struct json *j, struct buf *b);
/* key NULL inside arrays and at the top. */
void json_obj(struct json *j, const char *key);
void json_end_obj(struct json *j);
void json_arr(struct json *j, const char *key);
void json_end_arr(struct json *j);
void json_str(struct json *j, const char *key, const char *s); /* NULL: null */
void json_int(struct json *j, const char *key, int64_t n);     /* INT64_MIN: null */
void json_bool(struct json *j, const char *key, bool v);
void json_nil(struct json *j, const char *key);
/* These need a buffer in an arena. */
void json_money(struct json *j, const char *key, struct money m);
void json_price(struct json *j, const char *key, struct price p);
void json_qty(struct json *j, const char *key, struct qty q);
void json_instant(struct json *j, const char *key, struct instant t);
void json_date(struct json *j, const char *key, struct date d);
void json_raw(struct json *j, const char *key, const char *value); /* already JSON */

/* Reads a whole document: UTF-8, no duplicate keys, depth and size capped; E_BAD_REQUEST or E_TOO_LARGE otherwise.
 * The tree is freed with json_decref() by the caller (reading a body does it, see http/form.h). */
/* {"reason":"..."}, what an event says of why; NULL without one. */
const char *json_reason(struct arena *a, const char *reason);
/* ["a","b"] of names that end with NULL. */
const char *json_names(struct arena *a, const char *const *names);
/* What jansson holds, as text in the arena. */
const char *json_text(struct arena *a, const json_t *v);
NODISCARD bool json_read(struct ctx *c, const char *data, size_t len, json_t **out);
/* Would json_read take it? For text that is kept and sent out again as it is. */
bool json_valid(const char *data, size_t len);

#endif
