/* intake_file: order lists as files. Reading one takes long and its bytes are anybody's, so it happens before the
 * transaction, on the reading pool; what cannot be read is an answer, and is kept only where somebody says so. */
#include "mod/intake/intake_web.h"

#include "app/serve.h"
#include "base/utf8.h"
#include "gen/intake_sql.h"
#include "gen/tmpl.h"
#include "mod/intake/intake_table.h"
#include "mod/intake/ubl.h"

#include <inttypes.h>
#include <string.h>

const struct field intake_file_fields[] = {
	FIELD(struct intake_file_in, customer, T_order_customer, .max = 64),
	FIELD(struct intake_file_in, sender, T_intake_sender, .max = 200),
	FIELD(struct intake_file_in, sender_name, T_intake_sender_name, .max = 200),
	FIELD(struct intake_file_in, external_id, T_order_external_id, .max = 200),
	FIELD(struct intake_file_in, again, T_intake_again),
	FIELD_END,
};

/* ---- what a file is, by its bytes ---- */

static bool begins(const struct upload *u, const char *with)
{
	size_t n = strlen(with);

	return u->len >= n && memcmp(u->data, with, n) == 0;
}

static bool is_picture_or_paper(const struct upload *u)
{
	return begins(u, "%PDF") || begins(u, "\x89PNG") || begins(u, "\xff\xd8\xff") || begins(u, "GIF8");
}

/* Words in UTF-8 without the marks of a table. */
static bool is_words(const struct upload *u)
{
	const char *dot = u->name != NULL ? strrchr(u->name, '.') : NULL;

	return dot != NULL && strcmp(dot, ".txt") == 0 && utf8_clean(u->data, u->len);
}

bool intake_file_read(
	struct ctx *c, const struct upload *u, struct intake_raw *raw, struct sheet *sheet, struct intake_doc *doc)
{
	*doc = (struct intake_doc){ 0 };
	raw->content_type = u->type != NULL && *u->type != '\0' ? u->type : "application/octet-stream";
	raw->filename = u->name != NULL && *u->name != '\0' ? u->name : NULL;
	raw->bytes = (struct bytes){ (const uint8_t *)u->data, u->len };
	if (u->len == 0)
		return fail_field(c, "/file", E_REQUIRED, T_intake_file_empty);
	if (ubl_is_xml(u->data, u->len))
		return ubl_order_read(c, u->data, u->len, raw, doc);
	if (is_words(u)) {
		raw->text = arena_strndup(c->arena, u->data, u->len);
		return true;
	}
	if (is_picture_or_paper(u)) {
		raw->problem = text_get(c->lang, T_intake_look_yourself);
		return true;
	}
	if (!sheet_read(c, raw->filename != NULL ? raw->filename : "list", u->data, u->len, sheet))
		return false;
	raw->sheet = sheet;
	return true;
}

/* ---- taking one in ---- */

struct receive {
	struct intake_raw raw;
	struct intake_doc doc; /* no lines: it is no document that says exactly what it wants */
	struct intake_view v;
	bool existed;
};

static bool receive_write(struct ctx *c, void *arg)
{
	struct receive *w = arg;
	int64_t id, order_id;
	struct intake_full f;
	bool taken = w->doc.lines_len > 0 ? intake_receive_doc(c, &w->raw, &w->doc, &id, &order_id, &w->existed)
					  : intake_receive(c, &w->raw, &id, &w->existed);

	return taken && intake_get(c, id, &f) && intake_view_make(c, &f, &w->v);
}

static bool receive_look(struct ctx *c, struct receive *w)
{
	return w->doc.lines_len > 0 ? intake_look_doc(c, &w->raw, &w->doc) : intake_look(c, &w->raw);
}

/* Programs repeat a request with the same key: then it is the same file, or not the same request. */
static bool key_of(struct ctx *c, struct req *r, const struct intake_file_in *in, struct receive *w)
{
	const char *key = req_header(r, "Idempotency-Key");

	w->raw.external_id = in->external_id;
	if (in->external_id == NULL && key != NULL && *key != '\0')
		w->raw.external_id = arena_printf(c->arena, "key:%" PRId64 ":%s", c->actor->id, key);
	w->raw.again = in->again;
	return true;
}

static bool one_file(struct ctx *c, struct req *r, const struct upload **file)
{
	if (req_files(r, file) == 1)
		return true;
	return fail_field(c, "/file", E_REQUIRED, T_intake_one_file);
}

struct done *intake_file_post(struct ctx *c, struct req *r)
{
	const struct intake_file_in *in = req_in(r);
	const struct upload *file;
	struct sheet sheet;
	struct receive w = { .raw = { .channel = "file", .received_at = INSTANT_NONE, .order_id = INT64_MIN } };

	w.raw.sender = in->sender;
	w.raw.sender_name = in->sender_name;
	if (!one_file(c, r, &file) || !intake_customer_named(c, in->customer, &w.raw.customer_id) ||
		!key_of(c, r, in, &w) || !intake_file_read(c, file, &w.raw, &sheet, &w.doc) || !receive_look(c, &w) ||
		!app_write(c, receive_write, &w))
		return reply_error(r);
	if (w.existed)
		return reply_moved(r, &intake_answer, &w.v, "/intake/%" PRId64, w.v.id);
	return reply_created(r, &intake_answer, &w.v, "/intake/%" PRId64, w.v.id);
}

/* ---- what would be read, nothing kept ---- */

static struct done *preview(struct ctx *c, struct req *r, struct intake_full *f, const struct sheet *sheet)
{
	struct intake_view v;

	f->in.state = IN_NEW;
	if (!intake_propose(c, f, sheet) || !intake_view_make(c, f, &v))
		return reply_error(r);
	return reply_view(r, &intake_answer, &v);
}

static void preview_start(struct ctx *c, struct intake_full *f)
{
	*f = (struct intake_full){ 0 };
	fields_clear(intake_fields, &f->in);
	f->in.channel = "file";
	f->in.content_type = "text/plain";
	f->in.text = "";
	f->in.hash = "";
	f->in.received_at = c->now;
}

struct done *intake_preview_post(struct ctx *c, struct req *r)
{
	const struct intake_file_in *in = req_in(r);
	const struct upload *file;
	struct intake_raw raw = { .channel = "file" };
	struct intake_full f;
	struct intake_doc doc;
	struct sheet sheet;

	preview_start(c, &f);
	if (!one_file(c, r, &file) || !intake_customer_named(c, in->customer, &f.in.customer_id) ||
		!intake_file_read(c, file, &raw, &sheet, &doc))
		return reply_error(r);
	f.in.text = doc.lines_len > 0 ? intake_doc_text(c, &doc) : raw.text != NULL ? raw.text : "";
	f.in.problem = raw.problem;
	return preview(c, r, &f, raw.sheet);
}

const struct field intake_table_fields[] = {
	FIELD(struct intake_table_in, text, T_intake_text, .flags = F_REQUIRED | F_LINES, .max = 200000),
	FIELD(struct intake_table_in, customer, T_order_customer, .max = 64),
	FIELD_END,
};

struct done *intake_table_post(struct ctx *c, struct req *r)
{
	const struct intake_table_in *in = req_in(r);
	struct intake_full f;

	preview_start(c, &f);
	f.in.text = in->text;
	if (!intake_customer_named(c, in->customer, &f.in.customer_id))
		return reply_error(r);
	return preview(c, r, &f, NULL);
}

/* ---- the clerk says what the columns are ---- */

static const struct field column_in_fields[] = {
	FIELD_ENUM(struct intake_column_in, role, T_intake_column, column_role_names, .flags = F_REQUIRED),
	FIELD_END,
};
const struct field intake_columns_fields[] = {
	FIELD(struct intake_columns_in, head, T_intake_head_row, .flags = F_REQUIRED | F_UNSIGNED,
		.max = TABLE_ROWS_MAX),
	FIELD_LIST(struct intake_columns_in, columns, column_in_fields, T_intake_columns, .flags = F_REQUIRED,
		.max = TABLE_COLS_MAX),
	FIELD_END,
};

static bool one_of_each(struct ctx *c, const struct intake_columns_in *in)
{
	size_t n[COL_ROLES] = { 0 };

	for (size_t k = 0; k < in->columns_len; k++)
		if (in->columns[k].role != COL_OTHER && ++n[in->columns[k].role] > 1)
			(void)fail_field(
				c, arena_printf(c->arena, "/columns/%zu/role", k), E_DUPLICATE, T_intake_column_twice);
	if (n[COL_NAME] + n[COL_SKU] == 0)
		(void)fail_field(c, "/columns", E_REQUIRED, T_intake_no_goods_column);
	return ok(c);
}

static bool columns_set(struct ctx *c, struct intake_full *f, int64_t version, const struct intake_columns_in *in)
{
	struct table t;

	if (!table_find(c, f->in.text, &t))
		return fail(c, E_CONFLICT, T_intake_no_table);
	if (in->head > (int64_t)t.rows_len)
		return fail_field(c, "/head", E_RANGE, T_intake_no_such_line);
	t.head = in->head - 1;
	for (size_t k = 0; k < in->columns_len; k++)
		t.roles[k] = (enum column_role)in->columns[k].role;
	f->in.columns = table_columns_json(c, &t);
	if (f->in.customer_id != INT64_MIN && t.head >= 0 &&
		!intake_columns_put(c, f->in.customer_id, table_head_key(c, &t), f->in.columns))
		return false;
	return intake_read(c, f, version);
}

struct done *intake_columns_post(struct ctx *c, struct req *r)
{
	const struct intake_columns_in *in = req_in(r);
	struct intake_full f;
	struct intake_view v;

	if (!one_of_each(c, in) || !intake_get(c, req_id(r), &f) || !columns_set(c, &f, req_version(r), in) ||
		!intake_view_make(c, &f, &v))
		return reply_error(r);
	return reply_moved(r, &intake_answer, &v, "/intake/%" PRId64, f.in.id);
}

/* ---- the answer to a document ---- */

struct done *ubl_response_get(struct ctx *c, struct req *r)
{
	struct order o;
	struct buf b;

	buf_init(&b, c->arena);
	if (!order_get_full(c, req_id(r), &o) || !ubl_response_write(c, &o, &b))
		return reply_error(r);
	return reply_bytes(r, "application/xml; charset=utf-8", arena_printf(c->arena, "%s-response.xml", o.number),
		buf_cstr(&b), b.len);
}
