/* Bodies of requests: whatever bytes come, form and multipart readers must neither crash nor read past the
 * end, and what they let through is clean text. The first byte chooses how the rest was sent. */
#include "base/utf8.h"
#include "http/inside.h"

#include <string.h>

struct row {
	const char *sku;
	struct qty quantity;
};
struct sheet {
	const char *name;
	int64_t count;
	bool urgent;
	struct date day;
	struct row *lines;
	size_t lines_len;
};
static const struct field row_fields[] = {
	FIELD(struct row, sku, T_none, .flags = F_REQUIRED),
	FIELD(struct row, quantity, T_none, .flags = F_POSITIVE),
	FIELD_END,
};
static const struct field sheet_fields[] = {
	FIELD(struct sheet, name, T_none, .flags = F_REQUIRED, .max = 20),
	FIELD(struct sheet, count, T_none),
	FIELD(struct sheet, urgent, T_none),
	FIELD(struct sheet, day, T_none),
	FIELD_LIST(struct sheet, lines, row_fields, T_none, .max = 100),
	FIELD_END,
};

static bool read_as(struct ctx *c, uint8_t how, const char *data, size_t len, struct sheet *out)
{
	struct parts parts = { 0 };
	json_t *obj;
	bool good;

	if (how == 'm')
		return parts_multipart(c, "multipart/form-data; boundary=XX", data, len, &parts) &&
		       form_fill(c, sheet_fields, &parts, true, out);
	if (how != 'j')
		return parts_urlencoded(c, data, len, &parts) && form_fill(c, sheet_fields, &parts, how == 'u', out);
	if (!json_read(c, data, len, &obj))
		return false;
	good = json_is_object(obj) && fields_from_json(c, sheet_fields, obj, "", out);
	json_decref(obj);
	return good;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a;
	struct ctx c = { 0 };
	struct sheet out = { 0 };

	if (size == 0)
		return 0;
	a = c.arena = arena_new();
	if (read_as(&c, data[0], (const char *)data + 1, size - 1, &out))
		must(ok(&c) && out.name && utf8_clean(out.name, strlen(out.name)));
	arena_free(a);
	return 0;
}
