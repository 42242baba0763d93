/* A JSON body into a table of fields: whatever is let through is written out again as what it is read from next, and no
 * number changes on the way. */
#include "base/ctx.h"
#include "base/field.h"
#include "base/json.h"
#include "base/utf8.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const colours[] = { "red", "green", NULL };

struct row {
	const char *sku;
	struct qty quantity;
	struct price price;
};
struct inner {
	const char *place;
	struct instant at;
};
struct order {
	const char *name, *raw;
	int64_t count;
	bool urgent;
	int colour;
	struct date day;
	struct money total;
	struct inner where;
	struct row *lines;
	size_t lines_len;
};
static const struct field row_fields[] = {
	FIELD(struct row, sku, T_none, .flags = F_REQUIRED, .max = 40),
	FIELD(struct row, quantity, T_none, .flags = F_POSITIVE),
	FIELD(struct row, price, T_none),
	FIELD_END,
};
static const struct field inner_fields[] = {
	FIELD(struct inner, place, T_none),
	FIELD(struct inner, at, T_none),
	FIELD_END,
};
static const struct field order_fields[] = {
	FIELD(struct order, name, T_none, .flags = F_REQUIRED, .max = 20),
	FIELD_JSON(struct order, raw, T_none),
	FIELD(struct order, count, T_none, .max = 1000),
	FIELD(struct order, urgent, T_none),
	FIELD_ENUM(struct order, colour, T_none, colours),
	FIELD(struct order, day, T_none),
	FIELD(struct order, total, T_none),
	FIELD_OBJ(struct order, where, inner_fields, T_none),
	FIELD_LIST(struct order, lines, row_fields, T_none, .max = 100),
	FIELD_END,
};

static bool read(struct ctx *c, const char *data, size_t len, struct order *out)
{
	json_t *obj;
	bool good;

	if (!json_read(c, data, len, &obj))
		return false;
	good = json_is_object(obj) && fields_from_json(c, order_fields, obj, "", out);
	json_decref(obj);
	return good;
}

static const char *written(struct ctx *c, const struct order *o)
{
	struct buf b;
	struct json j;

	buf_init(&b, c->arena);
	json_start(&j, &b);
	json_obj(&j, NULL);
	fields_to_json(&j, order_fields, o);
	json_end_obj(&j);
	return buf_cstr(&b);
}

static void goes_round(struct ctx *c, const struct order *first)
{
	const char *text = written(c, first);
	struct order again;

	must(utf8_clean(first->name, strlen(first->name)) && first->lines_len <= 100);
	must(read(c, text, strlen(text), &again));
	must(strcmp(text, written(c, &again)) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ctx c = { .arena = arena_new() };
	struct order out;

	if (read(&c, (const char *)data, size, &out))
		goes_round(&c, &out);
	else
		must(!ok(&c) || json_valid((const char *)data, size)); /* refused with a reason, or no object */
	arena_free(c.arena);
	return 0;
}
