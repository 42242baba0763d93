/* platform: is it them, and what do they want. */
#include "mod/platform/platform_view.h"

#include "base/utf8.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define LINES_MAX 2000

const struct field platform_fields[] = {
	FIELD(struct platform, id, T_none),
	FIELD(struct platform, version, T_none),
	FIELD(struct platform, name, T_platform_name),
	FIELD(struct platform, title, T_platform_title),
	FIELD(struct platform, secret, T_platform_secret, .flags = F_HIDDEN),
	FIELD_JSON(struct platform, paths, T_platform_paths),
	FIELD(struct platform, active, T_platform_active),
	FIELD(struct platform, created_at, T_none),
	FIELD_END,
};

#define PATH(m, text) FIELD(struct platform_paths, m, text, .max = 200)
const struct field platform_paths_fields[] = {
	PATH(external_id, T_order_external_id),
	PATH(customer, T_order_customer),
	PATH(delivery_date, T_order_delivery_date),
	PATH(address, T_order_address),
	PATH(remarks, T_order_remarks),
	PATH(lines, T_order_lines),
	PATH(sku, T_order_line_sku),
	PATH(name, T_order_line_name),
	PATH(quantity, T_order_line_quantity),
	PATH(unit, T_order_line_unit),
	PATH(price, T_order_line_price),
	PATH(line_remarks, T_order_line_remarks),
	FIELD_END,
};

const struct field platform_line_fields[] = {
	FIELD(struct platform_line, sku, T_order_line_sku),
	FIELD(struct platform_line, name, T_order_line_name),
	FIELD(struct platform_line, quantity, T_order_line_quantity),
	FIELD(struct platform_line, unit, T_order_line_unit),
	FIELD(struct platform_line, price, T_order_line_price),
	FIELD(struct platform_line, remarks, T_order_line_remarks),
	FIELD_END,
};

const struct field platform_doc_fields[] = {
	FIELD(struct platform_doc, external_id, T_order_external_id),
	FIELD(struct platform_doc, customer, T_order_customer),
	FIELD_AS(struct platform_doc, day, "delivery_date", T_order_delivery_date),
	FIELD(struct platform_doc, address, T_order_address),
	FIELD(struct platform_doc, remarks, T_order_remarks),
	FIELD_LIST(struct platform_doc, lines, platform_line_fields, T_order_lines),
	FIELD_END,
};

const struct field platform_message_fields[] = {
	FIELD(struct platform_message, hash, T_none),
	FIELD(struct platform_message, intake_id, T_none),
	FIELD_END,
};

const struct field platform_answer_fields[] = {
	FIELD(struct platform_answer, intake, T_none),
	FIELD(struct platform_answer, state, T_intake_state),
	FIELD(struct platform_answer, order, T_none),
	FIELD(struct platform_answer, number, T_order_number),
	FIELD(struct platform_answer, order_state, T_order_state),
	FIELD_END,
};

/* ---- the signature ---- */

bool platform_signed_by(struct ctx *c, const char *secret, const struct webhook *s, const void *body, size_t len)
{
	if (s->id == NULL || *s->id == '\0' || strlen(s->id) > 200 || s->signature == NULL || s->timestamp == NULL)
		return fail(c, E_UNAUTHORIZED, T_platform_unsigned);
	if (!webhook_fresh(c, s->timestamp))
		return fail(c, E_UNAUTHORIZED, T_platform_too_old);
	return webhook_fits(c, secret, s, (struct bytes){ body, len }) ||
	       fail(c, E_UNAUTHORIZED, T_platform_bad_signature);
}

/* ---- the document by its paths ---- */

static json_t *walk(json_t *at, const char *path)
{
	char part[100];

	while (at != NULL && *path != '\0') {
		size_t n = strcspn(path, ".");
		if (n == 0 || n >= sizeof(part))
			return NULL;
		memcpy(part, path, n);
		part[n] = '\0';
		if (json_is_array(at))
			at = strspn(part, "0123456789") == n ? json_array_get(at, strtoull(part, NULL, 10)) : NULL;
		else
			at = json_object_get(at, part);
		path += n + (path[n] == '.');
	}
	return at;
}

/* What a person would read there; numbers as they would be written. */
static const char *text_of(struct ctx *c, const json_t *v)
{
	char made[64];
	size_t n;

	if (json_is_string(v))
		return *json_string_value(v) != '\0' ? arena_strdup(c->arena, json_string_value(v)) : NULL;
	if (!json_is_number(v))
		return NULL;
	n = json_dumpb(v, made, sizeof(made), JSON_ENCODE_ANY | JSON_REAL_PRECISION(12));
	if (n == 0 || n >= sizeof(made))
		return NULL;
	if (n > 2 && memcmp(made + n - 2, ".0", 2) == 0)
		n -= 2;
	return arena_strndup(c->arena, made, n);
}

static const char *at_path(struct ctx *c, json_t *at, const char *path)
{
	if (path == NULL || *path == '\0')
		return NULL;
	return path[0] == '=' ? path + 1 : text_of(c, walk(at, path));
}

static const char *pointer_of(struct ctx *c, const char *path)
{
	char *p = arena_printf(c->arena, "/%s", path != NULL && path[0] != '=' ? path : "");

	for (char *s = p; *s != '\0'; s++)
		*s = *s == '.' ? '/' : *s;
	return p;
}

/* A day, or a moment on it. */
static bool day_of(struct ctx *c, const char *s, struct date *out)
{
	char ten[11] = { 0 };
	struct instant t;

	if (instant_parse(s, &t)) {
		*out = date_of(t, zone_s(c));
		return true;
	}
	strncpy(ten, s, 10);
	for (char *p = ten; *p != '\0'; p++)
		*p = *p == '/' || *p == '.' ? '-' : *p;
	return date_parse(ten, out);
}

static void line_of(struct ctx *c, const struct platform_paths *p, json_t *at, struct platform_line *l)
{
	*l = (struct platform_line){ at_path(c, at, p->sku), at_path(c, at, p->name), at_path(c, at, p->quantity),
		at_path(c, at, p->unit), at_path(c, at, p->price), at_path(c, at, p->line_remarks) };
}

static bool map_lines(struct ctx *c, const struct platform_paths *p, json_t *body, struct platform_doc *out)
{
	json_t *lines = walk(body, p->lines != NULL ? p->lines : "");

	if (!json_is_array(lines) || json_array_size(lines) == 0)
		return fail_field(
			c, pointer_of(c, p->lines), E_REQUIRED, T_platform_no_lines, p->lines != NULL ? p->lines : "");
	if (json_array_size(lines) > LINES_MAX)
		return fail_field(c, pointer_of(c, p->lines), E_RANGE, T_intake_too_many);
	out->lines_len = json_array_size(lines);
	out->lines = ARENA_ARRAY(c->arena, out->lines_len, struct platform_line);
	for (size_t i = 0; i < out->lines_len; i++) {
		struct platform_line *l = &out->lines[i];
		line_of(c, p, json_array_get(lines, i), l);
		if (l->sku == NULL && l->name == NULL)
			(void)fail_field(c, arena_printf(c->arena, "%s/%zu", pointer_of(c, p->lines), i), E_REQUIRED,
				T_platform_no_goods);
	}
	return ok(c);
}

bool platform_map(struct ctx *c, const struct platform_paths *p, json_t *body, struct platform_doc *out)
{
	const char *day;

	*out = (struct platform_doc){ .external_id = at_path(c, body, p->external_id),
		.customer = at_path(c, body, p->customer),
		.address = at_path(c, body, p->address),
		.remarks = at_path(c, body, p->remarks),
		.delivery_date = at_path(c, body, p->delivery_date),
		.day = DATE_NONE };
	if (out->external_id == NULL || utf8_count(out->external_id) > 80)
		(void)fail_field(c, pointer_of(c, p->external_id), E_REQUIRED, T_platform_no_number,
			p->external_id != NULL ? p->external_id : "");
	day = out->delivery_date;
	if (day != NULL && !day_of(c, day, &out->day))
		(void)fail_field(c, pointer_of(c, p->delivery_date), E_TYPE, T_platform_bad_day, day);
	return map_lines(c, p, body, out);
}
