/* field: what the tables of fields do. One function per face, one switch per type. */
#include "base/field.h"

#include "base/ctx.h"
#include "base/sha256.h"
#include "base/utf8.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define STR_MAX  200
#define LIST_MAX 2000

#define MEMBER(type, base, f)       (*(type *)((char *)(base) + (f)->offset))
#define CONST_MEMBER(type, base, f) (*(const type *)((const char *)(base) + (f)->offset))

int enum_find(const char *const *names, const char *name)
{
	for (int i = 0; names[i] != NULL; i++)
		if (strcmp(names[i], name) == 0)
			return i;
	return -1;
}

const struct field *field_find(const struct field *f, const char *name)
{
	for (; f->name != NULL; f++)
		if (strcmp(f->name, name) == 0)
			return f;
	return NULL;
}

static void clear_one(const struct field *f, void *out)
{
	switch (f->type) {
	case F_STR:
	case F_JSON: MEMBER(const char *, out, f) = NULL; break;
	case F_INT:
	case F_MONEY:
	case F_PRICE:
	case F_QTY:
	case F_TIME: MEMBER(int64_t, out, f) = INT64_MIN; break;
	case F_BOOL: MEMBER(bool, out, f) = false; break;
	case F_DATE: MEMBER(struct date, out, f) = DATE_NONE; break;
	case F_ENUM: MEMBER(int, out, f) = 0; break;
	case F_BYTES: MEMBER(struct bytes, out, f) = (struct bytes){ NULL, 0 }; break;
	case F_LIST:
		MEMBER(void *, out, f) = NULL;
		*(size_t *)((char *)out + f->len_offset) = 0;
		break;
	case F_OBJ: fields_clear(f->sub, (char *)out + f->offset); break;
	}
}

void fields_clear(const struct field *f, void *out)
{
	for (; f->name != NULL; f++)
		clear_one(f, out);
}

/* ---- input: every fault is named at its field, and the others are still looked at ---- */

static const char *label(const struct ctx *c, const struct field *f)
{
	const char *s = text_get(c->lang, f->label);

	return s[0] != '\0' ? s : f->name;
}

static bool bad(struct ctx *c, const struct field *f, const char *pointer, enum err_code code, enum text text)
{
	return fail_field(c, pointer, code, text, label(c, f));
}

/* A scanner's separators are no text, but what stands between them has to be. */
static bool text_clean(const struct field *f, const char *s)
{
	for (size_t n; (f->flags & F_SCAN) != 0 && s[n = strcspn(s, "\x1d")] != '\0'; s += n + 1)
		if (!utf8_clean(s, n))
			return false;
	return utf8_clean(s, strlen(s));
}

static bool str_check(struct ctx *c, const struct field *f, const char *s, const char *pointer)
{
	int64_t max = f->max > 0 ? f->max : STR_MAX;

	if (!text_clean(f, s) || (strpbrk(s, "\r\n") != NULL && (f->flags & F_LINES) == 0))
		return bad(c, f, pointer, E_ENCODING, T_err_field_encoding);
	if (utf8_count(s) > (size_t)max)
		return fail_field(c, pointer, E_TOO_LONG, T_err_field_too_long, label(c, f),
			arena_printf(c->arena, "%" PRId64, max));
	return true;
}

static bool number_check(struct ctx *c, const struct field *f, int64_t v, const char *pointer)
{
	if ((f->flags & F_POSITIVE) != 0 && v <= 0)
		return bad(c, f, pointer, E_RANGE, T_err_field_positive);
	if ((f->flags & F_UNSIGNED) != 0 && v < 0)
		return bad(c, f, pointer, E_RANGE, T_err_field_unsigned);
	if (f->max > 0 && (v > f->max || v < -f->max))
		return bad(c, f, pointer, E_RANGE, T_err_field_range);
	return true;
}

static bool default_range(const struct field *f, int64_t v)
{
	int64_t max = f->type == F_MONEY   ? MONEY_MAX
		      : f->type == F_PRICE ? PRICE_MAX
		      : f->type == F_QTY   ? QTY_MAX
					   : INT64_MAX;

	return v <= max && v >= -max;
}

/* Text of a number, date, moment or name, as forms, files and JSON strings give it. */
static bool parse_text(const struct field *f, const char *s, void *out)
{
	char *end;
	int i;

	switch (f->type) {
	case F_MONEY: return money_parse(s, &MEMBER(struct money, out, f));
	case F_PRICE: return price_parse(s, &MEMBER(struct price, out, f));
	case F_QTY: return qty_parse(s, &MEMBER(struct qty, out, f));
	case F_TIME: return instant_parse(s, &MEMBER(struct instant, out, f));
	case F_DATE: return date_parse(s, &MEMBER(struct date, out, f));
	case F_INT: MEMBER(int64_t, out, f) = strtoll(s, &end, 10); return *end == '\0' && end != s && strlen(s) < 19;
	case F_BOOL:
		MEMBER(bool, out, f) = strcmp(s, "1") == 0 || strcmp(s, "true") == 0 || strcmp(s, "on") == 0;
		return MEMBER(bool, out, f) || strcmp(s, "0") == 0 || strcmp(s, "false") == 0;
	case F_ENUM:
		i = enum_find(f->names, s);
		MEMBER(int, out, f) = i < 0 ? 0 : i;
		return i >= 0;
	default: return false;
	}
}

static enum text wrong_text(const struct field *f)
{
	switch (f->type) {
	case F_MONEY: return T_err_field_money;
	case F_PRICE: return T_err_field_price;
	case F_QTY: return T_err_field_qty;
	case F_DATE: return T_err_field_date;
	case F_TIME: return T_err_field_time;
	case F_ENUM: return T_err_field_enum;
	default: return T_err_field_type;
	}
}

static bool is_number(const struct field *f)
{
	return f->type == F_INT || f->type == F_MONEY || f->type == F_PRICE || f->type == F_QTY;
}

static bool scalar_from_text(struct ctx *c, const struct field *f, const char *s, const char *pointer, void *out)
{
	if (!parse_text(f, s, out)) {
		clear_one(f, out);
		return bad(c, f, pointer, f->type == F_ENUM ? E_UNKNOWN : E_TYPE, wrong_text(f));
	}
	if (!is_number(f))
		return true;
	if (!default_range(f, MEMBER(int64_t, out, f)))
		return bad(c, f, pointer, E_RANGE, T_err_field_range);
	return number_check(c, f, MEMBER(int64_t, out, f), pointer);
}

bool field_from_text(struct ctx *c, const struct field *f, const char *text, const char *pointer, void *out)
{
	clear_one(f, out);
	if (text == NULL || *text == '\0')
		return (f->flags & F_REQUIRED) == 0 || bad(c, f, pointer, E_REQUIRED, T_err_field_required);
	if (f->type == F_STR || f->type == F_JSON) {
		if (!str_check(c, f, text, pointer))
			return false;
		if (f->type == F_JSON && !json_valid(text, strlen(text)))
			return bad(c, f, pointer, E_TYPE, T_err_field_type);
		MEMBER(const char *, out, f) = arena_strdup(c->arena, text);
		return true;
	}
	return scalar_from_text(c, f, text, pointer, out);
}

/* A JSON integer for a decimal; fractions never: a double is not money (contract 2). */
static bool scalar_from_json(struct ctx *c, const struct field *f, json_t *v, const char *pointer, void *out)
{
	if (json_is_real(v) && is_number(f))
		return bad(c, f, pointer, E_FRACTION, T_err_field_fraction);
	if (json_is_integer(v) && is_number(f))
		return scalar_from_text(
			c, f, arena_printf(c->arena, "%" JSON_INTEGER_FORMAT, json_integer_value(v)), pointer, out);
	if (json_is_boolean(v) && f->type == F_BOOL) {
		MEMBER(bool, out, f) = json_is_true(v);
		return true;
	}
	if (json_is_string(v) && f->type != F_INT && f->type != F_BOOL)
		return scalar_from_text(c, f, json_string_value(v), pointer, out);
	return bad(c, f, pointer, E_TYPE, wrong_text(f));
}

static bool list_from_json(struct ctx *c, const struct field *f, json_t *v, const char *pointer, void *out)
{
	size_t n = json_array_size(v);
	int64_t max = f->max > 0 ? f->max : LIST_MAX;
	char *rows;

	if (!json_is_array(v))
		return bad(c, f, pointer, E_TYPE, T_err_field_list);
	if (n == 0 && (f->flags & F_REQUIRED) != 0)
		return bad(c, f, pointer, E_REQUIRED, T_err_field_required);
	if (n > (size_t)max)
		return fail_field(c, pointer, E_TOO_LONG, T_err_field_too_many, label(c, f),
			arena_printf(c->arena, "%" PRId64, max));
	rows = arena_array(c->arena, n, f->size);
	MEMBER(void *, out, f) = rows;
	*(size_t *)((char *)out + f->len_offset) = n;
	for (size_t i = 0; i < n; i++)
		if (!fields_from_json(c, f->sub, json_array_get(v, i), arena_printf(c->arena, "%s/%zu", pointer, i),
			    rows + i * f->size))
			continue; /* its faults are named; the others are still looked at */
	return ok(c);
}

static bool raw_from_json(struct ctx *c, const struct field *f, json_t *v, void *out)
{
	MEMBER(const char *, out, f) = json_text(c->arena, v);
	return true;
}

static bool str_from_json(struct ctx *c, const struct field *f, json_t *v, const char *pointer, void *out)
{
	const char *s = json_string_value(v);

	if (s == NULL || strlen(s) != json_string_length(v))
		return bad(c, f, pointer, s == NULL ? E_TYPE : E_ENCODING,
			s == NULL ? T_err_field_string : T_err_field_encoding);
	if (*s == '\0' && (f->flags & F_REQUIRED) != 0)
		return bad(c, f, pointer, E_REQUIRED, T_err_field_required);
	MEMBER(const char *, out, f) = *s != '\0' ? arena_strdup(c->arena, s) : NULL;
	return str_check(c, f, s, pointer);
}

static bool one_from_json(struct ctx *c, const struct field *f, json_t *v, const char *pointer, void *out)
{
	bool given = v != NULL && !json_is_null(v);

	if ((f->flags & (F_READONLY | F_HIDDEN)) != 0)
		return !given || bad(c, f, pointer, E_UNKNOWN_FIELD, T_err_field_readonly);
	if (!given)
		return (f->flags & F_REQUIRED) == 0 || bad(c, f, pointer, E_REQUIRED, T_err_field_required);
	switch (f->type) {
	case F_STR: return str_from_json(c, f, v, pointer, out);
	case F_JSON: return raw_from_json(c, f, v, out);
	case F_LIST: return list_from_json(c, f, v, pointer, out);
	case F_OBJ: return fields_from_json(c, f->sub, v, pointer, (char *)out + f->offset);
	default: return scalar_from_json(c, f, v, pointer, out);
	}
}

/* The names of our fields need no escaping in a pointer. */
static const char *pointer_of(struct ctx *c, const char *pointer, const struct field *f)
{
	size_t n = strlen(pointer), m = strlen(f->name);
	char *text = arena_alloc(c->arena, n + m + 2);

	memcpy(text, pointer, n);
	text[n] = '/';
	memcpy(text + n + 1, f->name, m);
	return text;
}

/* A member's name as part of a JSON pointer (RFC 6901). */
static const char *pointer_to(struct ctx *c, const char *pointer, const char *name)
{
	struct buf b;

	buf_init(&b, c->arena);
	buf_str(&b, pointer);
	buf_char(&b, '/');
	for (; *name != '\0'; name++) {
		if (*name == '~' || *name == '/')
			buf_str(&b, *name == '~' ? "~0" : "~1");
		else
			buf_char(&b, *name);
	}
	return buf_cstr(&b);
}

static void unknown_members(struct ctx *c, const struct field *f, json_t *obj, const char *pointer)
{
	const char *name;
	json_t *v;

	json_object_foreach(obj, name, v)
	{
		if (field_find(f, name) != NULL || (*pointer == '\0' && strcmp(name, "version") == 0))
			continue;
		(void)fail_field(c, pointer_to(c, pointer, name), E_UNKNOWN_FIELD, T_err_field_unknown, name);
	}
}

bool fields_from_json(struct ctx *c, const struct field *f, json_t *obj, const char *pointer, void *out)
{
	fields_clear(f, out);
	if (!json_is_object(obj))
		return fail_field(c, pointer, E_TYPE, T_err_field_object);
	for (const struct field *k = f; k->name != NULL; k++)
		(void)one_from_json(c, k, json_object_get(obj, k->name), pointer_of(c, pointer, k), out);
	unknown_members(c, f, obj, pointer);
	return ok(c);
}

/* ---- output ---- */

static const char *hex_of(struct arena *a, struct bytes b)
{
	char *s = arena_alloc(a, 2 * b.len + 1);

	hex_encode(s, b.data, b.len);
	return s;
}

static void list_to_json(struct json *j, const struct field *f, const void *in)
{
	const char *rows = CONST_MEMBER(char *, in, f);
	size_t n = *(const size_t *)((const char *)in + f->len_offset);

	json_arr(j, f->name);
	for (size_t i = 0; i < n; i++) {
		json_obj(j, NULL);
		fields_to_json(j, f->sub, rows + i * f->size);
		json_end_obj(j);
	}
	json_end_arr(j);
}

static bool is_nothing(struct qty q)
{
	return !qty_is(q) || q.milli == 0;
}

static void one_to_json(struct json *j, const struct field *f, const void *in)
{
	const char *s;

	switch (f->type) {
	case F_STR: json_str(j, f->name, CONST_MEMBER(char *, in, f)); break;
	case F_INT: json_int(j, f->name, CONST_MEMBER(int64_t, in, f)); break;
	case F_BOOL: json_bool(j, f->name, CONST_MEMBER(bool, in, f)); break;
	case F_MONEY: json_money(j, f->name, CONST_MEMBER(struct money, in, f)); break;
	case F_PRICE: json_price(j, f->name, CONST_MEMBER(struct price, in, f)); break;
	case F_QTY:
		if ((f->flags & F_SPARSE) != 0 && is_nothing(CONST_MEMBER(struct qty, in, f)))
			break;
		json_qty(j, f->name, CONST_MEMBER(struct qty, in, f));
		break;
	case F_TIME: json_instant(j, f->name, CONST_MEMBER(struct instant, in, f)); break;
	case F_DATE: json_date(j, f->name, CONST_MEMBER(struct date, in, f)); break;
	case F_ENUM: json_str(j, f->name, f->names[CONST_MEMBER(int, in, f)]); break;
	case F_BYTES: json_str(j, f->name, hex_of(j->b->arena, CONST_MEMBER(struct bytes, in, f))); break;
	case F_LIST: list_to_json(j, f, in); break;
	case F_JSON:
		s = CONST_MEMBER(char *, in, f);
		json_raw(j, f->name, s != NULL ? s : "null");
		break;
	case F_OBJ:
		json_obj(j, f->name);
		fields_to_json(j, f->sub, (const char *)in + f->offset);
		json_end_obj(j);
		break;
	}
}

void fields_to_json(struct json *j, const struct field *f, const void *in)
{
	for (; f->name != NULL; f++)
		if ((f->flags & F_HIDDEN) == 0)
			one_to_json(j, f, in);
}

const char *field_text(struct ctx *c, const struct field *f, const void *in)
{
	int64_t n;
	const char *s;

	switch (f->type) {
	case F_STR:
	case F_JSON: s = CONST_MEMBER(char *, in, f); return s != NULL ? s : "";
	case F_INT:
		n = CONST_MEMBER(int64_t, in, f);
		return n == INT64_MIN ? "" : arena_printf(c->arena, "%" PRId64, n);
	case F_BOOL: return CONST_MEMBER(bool, in, f) ? "1" : "0";
	case F_MONEY: return money_str(c->arena, CONST_MEMBER(struct money, in, f));
	case F_PRICE: return price_str(c->arena, CONST_MEMBER(struct price, in, f));
	case F_QTY: return qty_str(c->arena, CONST_MEMBER(struct qty, in, f));
	case F_TIME: return instant_str(c->arena, CONST_MEMBER(struct instant, in, f));
	case F_DATE: return date_str(c->arena, CONST_MEMBER(struct date, in, f));
	case F_ENUM: return f->names[CONST_MEMBER(int, in, f)];
	case F_BYTES: return hex_of(c->arena, CONST_MEMBER(struct bytes, in, f));
	default: return "";
	}
}

/* ---- JSON Schema ---- */

static void schema_type(struct json *j, const struct field *f)
{
	static const char *const patterns[] = { [F_MONEY] = "^-?[0-9]+(\\.[0-9]{1,2})?$",
		[F_PRICE] = "^-?[0-9]+(\\.[0-9]{1,4})?$",
		[F_QTY] = "^-?[0-9]+(\\.[0-9]{1,3})?$" };
	bool decimal = f->type == F_MONEY || f->type == F_PRICE || f->type == F_QTY;

	if (f->type == F_JSON)
		return;
	json_str(j, "type", f->type == F_INT ? "integer" : f->type == F_BOOL ? "boolean" : "string");
	if (decimal)
		json_str(j, "pattern", patterns[f->type]);
	if (f->type == F_TIME || f->type == F_DATE)
		json_str(j, "format", f->type == F_TIME ? "date-time" : "date");
	if (f->type == F_STR)
		json_int(j, "maxLength", f->max > 0 ? f->max : STR_MAX);
	if (f->type != F_ENUM)
		return;
	json_arr(j, "enum");
	for (const char *const *n = f->names; *n != NULL; n++)
		json_str(j, NULL, *n);
	json_end_arr(j);
}

static void schema_one(struct json *j, const struct field *f, bool input)
{
	json_obj(j, f->name);
	if (f->label != T_none)
		json_str(j, "title", text_get(LANG_EN, f->label));
	if (f->type == F_LIST) {
		json_str(j, "type", "array");
		json_int(j, "maxItems", f->max > 0 ? f->max : LIST_MAX);
		json_obj(j, "items");
		fields_schema(j, f->sub, input);
		json_end_obj(j);
	} else if (f->type == F_OBJ) {
		fields_schema(j, f->sub, input);
	} else {
		schema_type(j, f);
	}
	json_end_obj(j);
}

void fields_schema(struct json *j, const struct field *f, bool input)
{
	unsigned skip = input ? F_READONLY | F_HIDDEN : F_HIDDEN;

	json_str(j, "type", "object");
	json_obj(j, "properties");
	for (const struct field *k = f; k->name != NULL; k++)
		if ((k->flags & skip) == 0)
			schema_one(j, k, input);
	json_end_obj(j);
	if (!input)
		return;
	json_arr(j, "required");
	for (const struct field *k = f; k->name != NULL; k++)
		if ((k->flags & F_REQUIRED) != 0 && (k->flags & skip) == 0)
			json_str(j, NULL, k->name);
	json_end_arr(j);
}
