/* field: one table per struct drives all its faces: SQL row → struct, JSON in and out, forms, CSV, OpenAPI, labels.
 *
 *   static const struct field customer_fields[] = {
 *   	FIELD(struct customer, code, T_customer_code, .max = 32, .flags = F_REQUIRED),
 *   	FIELD(struct customer, credit_limit, T_customer_credit_limit),
 *   	FIELD_ENUM(struct order, state, T_order_state, order_state_names),
 *   	FIELD_LIST(struct order, lines, order_line_fields, T_order_lines, .max = 2000),
 *   	FIELD_END
 *   };
 *
 * The type tag comes from the member itself. Absent numbers are INT64_MIN / NONE, absent strings NULL.
 * A list member `lines` is a pointer and has a sibling `size_t lines_len`. */
#ifndef BASE_FIELD_H
#define BASE_FIELD_H

#include "base/buf.h"
#include "base/json.h"
#include "base/money.h"
#include "base/text.h"
#include "base/when.h"

#include <stddef.h>

struct ctx;

enum field_type {
	F_STR,   /* const char * */
	F_INT,   /* int64_t */
	F_BOOL,  /* bool; INTEGER 0/1 in SQL */
	F_MONEY, /* struct money */
	F_PRICE, /* struct price */
	F_QTY,   /* struct qty */
	F_TIME,  /* struct instant; BIGINT µs in SQL, RFC 3339 outside */
	F_DATE,  /* struct date; TEXT YYYY-MM-DD everywhere */
	F_ENUM,  /* int; its name everywhere outside C */
	F_LIST,  /* pointer + _len of structs with their own table */
	F_OBJ,   /* an embedded struct with its own table */
	F_JSON,  /* const char * that is JSON already (facts, data); any JSON value as input */
	F_BYTES, /* struct bytes; BLOB in SQL, hexadecimal outside */
};

enum {
	F_REQUIRED = 1,  /* input: must be there and not empty */
	F_READONLY = 2,  /* never input: refused when sent */
	F_HIDDEN = 4,    /* row only: not in JSON, CSV or OpenAPI (hashes, floor prices, ids of others) */
	F_POSITIVE = 8,  /* input numbers: > 0 */
	F_UNSIGNED = 16, /* input numbers: >= 0 */
	F_LINES = 32,    /* strings: newlines allowed (remarks) */
	F_SPARSE = 128,  /* quantities: left out of answers while zero or none */
	F_SCAN = 64,     /* strings: the group separator of a scanner, 0x1D, allowed */
};

struct bytes {
	const uint8_t *data;
	size_t len;
};

/* Lists given to a query: IN (:list). */
struct strs {
	const char *const *at;
	size_t len;
};
struct i64s {
	const int64_t *at;
	size_t len;
};

struct field {
	const char *name;
	enum text label;
	enum field_type type;
	unsigned flags;
	size_t offset;
	size_t len_offset;        /* F_LIST */
	size_t size;              /* F_LIST, F_OBJ: of one element */
	int64_t max;              /* F_STR: code points (0: 200); F_LIST: elements; numbers: the value in its unit */
	const struct field *sub;  /* F_LIST, F_OBJ */
	const char *const *names; /* F_ENUM: NULL-terminated, index = value */
};

#define FIELD_TYPE_OF(m)                                                                                               \
	_Generic((m), const char *: F_STR, char *: F_STR, int64_t: F_INT, bool: F_BOOL, struct money: F_MONEY, \
		struct price: F_PRICE, struct qty: F_QTY, struct instant: F_TIME, struct date: F_DATE, struct bytes: F_BYTES)
#define FIELD(S, m, text, ...)                                                                                         \
	{                                                                                                              \
		.name = #m, .label = (text), .type = FIELD_TYPE_OF(((S *)0)->m), .offset = offsetof(S, m), __VA_ARGS__ \
	}
/* The name outside differs from the member's. */
#define FIELD_AS(S, m, outside, text, ...)                                                                             \
	{                                                                                                              \
		.name = (outside), .label = (text), .type = FIELD_TYPE_OF(((S *)0)->m), .offset = offsetof(S, m),      \
		__VA_ARGS__                                                                                            \
	}
#define FIELD_ENUM(S, m, text, list, ...)                                                                              \
	{                                                                                                              \
		.name = #m, .label = (text), .type = F_ENUM, .offset = offsetof(S, m), .names = (list), __VA_ARGS__    \
	}
#define FIELD_JSON(S, m, text, ...)                                                                                    \
	{                                                                                                              \
		.name = #m, .label = (text), .type = F_JSON, .offset = offsetof(S, m), __VA_ARGS__                     \
	}
#define FIELD_LIST(S, m, table, text, ...)                                                                             \
	{                                                                                                              \
		.name = #m, .label = (text), .type = F_LIST, .offset = offsetof(S, m),                                 \
		.len_offset = offsetof(S, m##_len), .size = sizeof(*((S *)0)->m), .sub = (table), __VA_ARGS__          \
	}
#define FIELD_OBJ(S, m, table, text, ...)                                                                              \
	{                                                                                                              \
		.name = #m, .label = (text), .type = F_OBJ, .offset = offsetof(S, m), .size = sizeof(((S *)0)->m),     \
		.sub = (table), __VA_ARGS__                                                                            \
	}
#define FIELD_END                                                                                                      \
	{                                                                                                              \
		.name = NULL                                                                                           \
	}

/* All members to "not given". */
void fields_clear(const struct field *f, void *out);
/* JSON object → struct; every bad field becomes a fail_field() under `pointer` ("" at the top). False if any was bad. */
NODISCARD bool fields_from_json(struct ctx *c, const struct field *f, json_t *obj, const char *pointer, void *out);
/* One value given as text (a form, CSV or XLSX cell) → its member. Empty means not given. */
NODISCARD bool field_from_text(struct ctx *c, const struct field *f, const char *text, const char *pointer, void *out);
/* Struct → members of the JSON object that is open in j. F_HIDDEN fields are left out. */
void fields_to_json(struct json *j, const struct field *f, const void *in);
/* One member as people read it in lists, CSV and templates; never NULL. */
const char *field_text(struct ctx *c, const struct field *f, const void *in);
const struct field *field_find(const struct field *f, const char *name);
/* The JSON Schema of the table, for OpenAPI; input leaves out F_READONLY and names what is required. */
void fields_schema(struct json *j, const struct field *f, bool input);
/* The index of name in a NULL-terminated list, -1 if it is not there. */
int enum_find(const char *const *names, const char *name);

#endif
