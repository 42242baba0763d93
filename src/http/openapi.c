/* openapi: the document that describes every route, made from the same tables that serve them. */
#include "http/inside.h"

#include <ctype.h>
#include <string.h>

static const char *const method_keys[] = { "get", "post", "put", "delete" };

/* "/orders/:id" → "/orders/{id}" */
static const char *path_key(struct buf *b, const char *path)
{
	b->len = 0;
	for (const char *s = path; *s; s++) {
		if (*s != ':') {
			buf_char(b, *s);
			continue;
		}
		buf_char(b, '{');
		while (s[1] && s[1] != '/')
			buf_char(b, *++s);
		buf_char(b, '}');
	}
	return buf_cstr(b);
}

static void string_schema(struct json *j, const char *type)
{
	json_obj(j, "schema");
	json_str(j, "type", type);
	json_end_obj(j);
}

static void parameter(struct json *j, const char *name, const char *in, const char *type)
{
	json_obj(j, NULL);
	json_str(j, "name", name);
	json_str(j, "in", in);
	json_bool(j, "required", strcmp(in, "path") == 0);
	string_schema(j, type);
	json_end_obj(j);
}

static void path_parameters(struct json *j, const char *path)
{
	char name[64];

	for (const char *s = strchr(path, ':'); s; s = strchr(s, ':')) {
		size_t len = strcspn(++s, "/");

		must(len < sizeof(name));
		memcpy(name, s, len);
		name[len] = '\0';
		parameter(j, name, "path", strcmp(name, "id") == 0 || strcmp(name, "n") == 0 ? "integer" : "string");
	}
}

/* Filters of a list; nested fields do not fit in a query. */
static void query_parameters(struct json *j, const struct route *route)
{
	for (const struct field *f = route->in; route->method == GET && f && f->name; f++)
		if (!(f->flags & (F_HIDDEN | F_READONLY)) && f->type != F_LIST && f->type != F_OBJ)
			parameter(j, f->name, "query",
				f->type == F_INT    ? "integer"
				: f->type == F_BOOL ? "boolean"
						    : "string");
	if (route->flags & ROUTE_LIST) {
		parameter(j, "limit", "query", "integer");
		parameter(j, "cursor", "query", "string");
	}
}

static void head_parameters(struct json *j, const struct route *route)
{
	if (route->method == POST)
		parameter(j, "Idempotency-Key", "header", "string");
	if (route->method != GET)
		parameter(j, "If-Match", "header", "string");
}

static void schema_of(struct json *j, const struct field *f, bool input)
{
	json_obj(j, "schema");
	fields_schema(j, f, input);
	json_end_obj(j);
}

static void request_body(struct json *j, const struct route *route)
{
	if (route->method == GET || !route->in)
		return;
	json_obj(j, "requestBody");
	json_obj(j, "content");
	json_obj(j, "application/json");
	schema_of(j, route->in, true);
	json_end_obj(j);
	if (route->flags & ROUTE_FILES) {
		json_obj(j, "multipart/form-data");
		schema_of(j, route->in, true);
		json_end_obj(j);
	}
	json_end_obj(j);
	json_end_obj(j);
}

static void list_schema(struct json *j, const struct field *item)
{
	json_obj(j, "schema");
	json_str(j, "type", "object");
	json_obj(j, "properties");
	json_obj(j, "items");
	json_str(j, "type", "array");
	json_obj(j, "items");
	fields_schema(j, item, false);
	json_end_obj(j);
	json_end_obj(j);
	json_obj(j, "next_cursor");
	json_raw(j, "type", "[\"string\",\"null\"]");
	json_end_obj(j);
	json_end_obj(j);
	json_end_obj(j);
}

static void good_response(struct json *j, const struct route *route)
{
	json_obj(j, "2XX");
	json_str(j, "description", text_get(LANG_EN, route->title));
	if (route->out) {
		json_obj(j, "content");
		json_obj(j, "application/json");
		if (route->flags & ROUTE_LIST)
			list_schema(j, route->out->fields);
		else
			schema_of(j, route->out->fields, false);
		json_end_obj(j);
		json_end_obj(j);
	}
	json_end_obj(j);
}

static void problem_response(struct json *j, const char *status)
{
	json_obj(j, status);
	json_str(j, "$ref", "#/components/responses/Problem");
	json_end_obj(j);
}

static void responses(struct json *j, const struct route *route)
{
	json_obj(j, "responses");
	good_response(j, route);
	if (!(route->flags & ROUTE_PUBLIC))
		problem_response(j, "401");
	if (route->right)
		problem_response(j, "403");
	if (strchr(route->path, ':'))
		problem_response(j, "404");
	if (route->in)
		problem_response(j, "422");
	if (route->method != GET)
		problem_response(j, "409");
	if (route->flags & ROUTE_NEEDS_VERSION) {
		problem_response(j, "412");
		problem_response(j, "428");
	}
	problem_response(j, "default");
	json_end_obj(j);
}

/* "getOrdersIdCancel": generators of clients want a name for each. */
static void operation_id(struct json *j, const struct route *route)
{
	char name[128];
	size_t len = strlen(method_keys[route->method]);
	bool upper = true;

	memcpy(name, method_keys[route->method], len);
	for (const char *s = route->path; *s && len < sizeof(name) - 1; s++) {
		if (!isalnum((unsigned char)*s))
			upper = true;
		else {
			name[len++] = upper ? (char)toupper((unsigned char)*s) : *s;
			upper = false;
		}
	}
	name[len] = '\0';
	json_str(j, "operationId", name);
}

static void operation(struct json *j, const struct route *route, const char *(*right_roles)(unsigned right))
{
	json_obj(j, method_keys[route->method]);
	json_str(j, "summary", text_get(LANG_EN, route->title));
	json_str(j, "x-summary-zh", text_get(LANG_ZH, route->title));
	operation_id(j, route);
	if (route->right && right_roles)
		json_str(j, "x-roles", right_roles(route->right));
	if (route->flags & ROUTE_PUBLIC)
		json_raw(j, "security", "[]");
	json_arr(j, "parameters");
	path_parameters(j, route->path);
	query_parameters(j, route);
	head_parameters(j, route);
	json_end_arr(j);
	request_body(j, route);
	responses(j, route);
	json_end_obj(j);
}

/* Pages alone are for people. */
static bool described(const struct route *route)
{
	return !(route->flags & ROUTE_PAGE_ONLY);
}

/* Is this the first of the routes with its path? Then it opens the path for all of them. */
static bool first_of_path(const struct route *const *tables, const struct route *route)
{
	for (; *tables; tables++)
		for (const struct route *o = *tables; o->path; o++) {
			if (o == route)
				return true;
			if (described(o) && strcmp(o->path, route->path) == 0)
				return false;
		}
	return true;
}

static void path_item(
	struct json *j, const struct route *const *tables, const char *path, const char *(*right_roles)(unsigned right))
{
	for (; *tables; tables++)
		for (const struct route *o = *tables; o->path; o++)
			if (described(o) && strcmp(o->path, path) == 0)
				operation(j, o, right_roles);
}

static void problem_schema(struct json *j)
{
	static const char *const members[] = { "type", "title", "detail", "code" };

	json_obj(j, "schema");
	json_str(j, "type", "object");
	json_obj(j, "properties");
	for (size_t i = 0; i < ARRAY_LEN(members); i++) {
		json_obj(j, members[i]);
		json_str(j, "type", "string");
		json_end_obj(j);
	}
	json_raw(j, "status", "{\"type\":\"integer\"}");
	json_raw(j, "errors",
		"{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{\"pointer\":{\"type\":"
		"\"string\"},"
		"\"code\":{\"type\":\"string\"},\"detail\":{\"type\":\"string\"}}}}");
	json_end_obj(j);
	json_end_obj(j);
}

static void components(struct json *j)
{
	json_obj(j, "components");
	json_raw(j, "securitySchemes",
		"{\"key\":{\"type\":\"http\",\"scheme\":\"bearer\"},"
		"\"session\":{\"type\":\"apiKey\",\"in\":\"cookie\",\"name\":\"" SESSION_COOKIE "\"}}");
	json_obj(j, "responses");
	json_obj(j, "Problem");
	json_str(j, "description", "RFC 9457 problem");
	json_obj(j, "content");
	json_obj(j, "application/problem+json");
	problem_schema(j);
	json_end_obj(j);
	json_end_obj(j);
	json_end_obj(j);
	json_end_obj(j);
	json_end_obj(j);
}

static void head(struct json *j)
{
	json_str(j, "openapi", "3.1.0");
	json_raw(j, "info", "{\"title\":\"huodan\",\"version\":\"1\"}");
	json_raw(j, "servers", "[{\"url\":\"" API_PREFIX "\"}]");
	json_raw(j, "security", "[{\"key\":[]},{\"session\":[]}]");
}

void openapi_write(struct json *j, const struct route *const *tables, const char *(*right_roles)(unsigned right))
{
	struct buf key;

	buf_init(&key, NULL);
	json_obj(j, NULL);
	head(j);
	json_obj(j, "paths");
	for (const struct route *const *t = tables; *t; t++)
		for (const struct route *route = *t; route->path; route++) {
			if (!described(route) || !first_of_path(tables, route))
				continue;
			json_obj(j, path_key(&key, route->path));
			path_item(j, tables, route->path, right_roles);
			json_end_obj(j);
		}
	json_end_obj(j);
	components(j);
	json_end_obj(j);
	buf_free(&key);
}
