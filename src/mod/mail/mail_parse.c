/* mail_parse: what the bytes of a mail say, as JSON. Runs in the child process: GMime takes the mail apart, the texts become
 * UTF-8, tables that came with it are read. */
#include "mod/mail/mail_int.h"

#include "base/sha256.h"

#include <ctype.h>
#include <gmime/gmime.h>
#include <string.h>
#include <strings.h>

#define DEPTH_MAX 30

/* What is gathered on the walk through the parts. */
struct gathered {
	struct ctx *c;
	struct buf plain, html;
	struct json parts;
	struct buf parts_text;
	size_t parts_len;
	const char *problem;
};

/* ---- labels that lie: in encoded words and parameters GB2312 and GBK always mean GB18030 ---- */

static size_t label_at(const char *s, size_t len, const char **instead)
{
	static const struct {
		const char *is, *means;
	} labels[] = { { "=?gb2312?", "=?gb18030?" }, { "=?gbk?", "=?gb18030?" }, { "=?x-gbk?", "=?gb18030?" },
		{ "=?cp936?", "=?gb18030?" }, { "*=gb2312'", "*=gb18030'" }, { "*=gbk'", "*=gb18030'" },
		{ "*0*=gb2312'", "*0*=gb18030'" }, { "*0*=gbk'", "*0*=gb18030'" }, { "=?big5?", "=?big5-hkscs?" } };

	for (size_t i = 0; i < ARRAY_LEN(labels); i++) {
		size_t n = strlen(labels[i].is);

		if (n <= len && strncasecmp(s, labels[i].is, n) == 0) {
			*instead = labels[i].means;
			return n;
		}
	}
	return 0;
}

static void relabel(struct buf *out, const char *data, size_t len)
{
	const char *instead;

	for (size_t i = 0; i < len;) {
		size_t n = data[i] == '=' || data[i] == '*' ? label_at(data + i, len - i, &instead) : 0;

		if (n == 0) {
			size_t run = 1;
			while (i + run < len && data[i + run] != '=' && data[i + run] != '*')
				run++;
			buf_add(out, data + i, run);
			i += run;
			continue;
		}
		buf_str(out, instead);
		i += n;
	}
}

/* ---- parts ---- */

static struct bytes stream_bytes(struct ctx *c, GMimeStream *mem)
{
	GByteArray *bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(mem));
	struct bytes out = { (const uint8_t *)"", 0 };

	if (bytes->len > 0)
		out = (struct bytes){ (const uint8_t *)arena_strndup(c->arena, (const char *)bytes->data, bytes->len),
			bytes->len };
	g_object_unref(mem);
	return out;
}

static int digit_64(uint8_t b)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *at = b != 0 ? strchr(digits, b) : NULL;

	return at != NULL ? (int)(at - digits) : -1;
}

/* Senders forget the padding at the end; what came before it still counts. */
static struct bytes plain_of_64(struct ctx *c, struct bytes coded)
{
	uint8_t *out = arena_alloc(c->arena, coded.len + 1);
	uint32_t bits = 0;
	size_t len = 0;
	int n = 0;

	for (size_t i = 0; i < coded.len; i++) {
		int d = digit_64(coded.data[i]);

		if (d < 0)
			continue;
		bits = bits << 6 | (uint32_t)d;
		n += 6;
		if (n >= 8) {
			n -= 8;
			out[len++] = (uint8_t)(bits >> n);
		}
	}
	return (struct bytes){ out, len };
}

static struct bytes content_of(struct ctx *c, GMimePart *part)
{
	GMimeDataWrapper *w = g_mime_part_get_content(part);
	GMimeStream *mem;

	if (w == NULL)
		return (struct bytes){ (const uint8_t *)"", 0 };
	mem = g_mime_stream_mem_new();
	if (g_mime_data_wrapper_get_encoding(w) != GMIME_CONTENT_ENCODING_BASE64) {
		g_mime_data_wrapper_write_to_stream(w, mem);
		return stream_bytes(c, mem);
	}
	g_mime_stream_reset(g_mime_data_wrapper_get_stream(w));
	g_mime_stream_write_to_stream(g_mime_data_wrapper_get_stream(w), mem);
	return plain_of_64(c, stream_bytes(c, mem));
}

static const char *clean_name(struct ctx *c, const char *s)
{
	return s != NULL && *s != '\0' ? mail_text(c, NULL, s, strlen(s)) : NULL;
}

static bool ends_in(const char *s, const char *end)
{
	size_t n = s != NULL ? strlen(s) : 0, m = strlen(end);

	return n >= m && strcasecmp(s + n - m, end) == 0;
}

static bool is_table(const char *name, const char *type)
{
	return ends_in(name, ".csv") || ends_in(name, ".tsv") || ends_in(name, ".xlsx") || ends_in(name, ".xls") ||
	       strcmp(type, "text/csv") == 0 || strstr(type, "spreadsheetml") != NULL;
}

static void put_cells(struct json *j, const char *key, const char *const *cells, size_t n)
{
	json_arr(j, key);
	for (size_t i = 0; i < n; i++)
		json_str(j, NULL, cells[i]);
	json_end_arr(j);
}

static void put_sheet(struct json *j, const struct sheet *s)
{
	json_obj(j, "sheet");
	json_int(j, "head_number", (int64_t)s->head_number);
	put_cells(j, "head", s->head, s->cols);
	json_arr(j, "rows");
	for (size_t i = 0; i < s->rows_len; i++) {
		json_obj(j, NULL);
		json_int(j, "number", (int64_t)s->rows[i].number);
		put_cells(j, "cells", s->rows[i].cells, s->cols);
		json_end_obj(j);
	}
	json_end_arr(j);
	json_end_obj(j);
}

static void table_of(struct gathered *g, const char *name, struct bytes content)
{
	struct ctx *c = g->c;
	struct sheet s;

	if (sheet_read(c, name != NULL ? name : "table.csv", content.data, content.len, &s) &&
		s.rows_len <= MAIL_ROWS_MAX)
		put_sheet(&g->parts, &s);
	else
		json_str(&g->parts, "problem", ok(c) ? text_get(c->lang, T_mail_table_long) : c->err.detail);
	c->err = (struct err){ 0 };
}

static void attached(struct gathered *g, const char *name, const char *type, struct bytes content)
{
	uint8_t hash[32];
	char hex[65];

	if (g->parts_len >= MAIL_PARTS_MAX) {
		g->problem = text_get(g->c->lang, T_mail_many_parts);
		return;
	}
	g->parts_len++;
	sha256(content.data, content.len, hash);
	hex_encode(hex, hash, sizeof(hash));
	json_obj(&g->parts, NULL);
	json_str(&g->parts, "name", name);
	json_str(&g->parts, "type", type);
	json_int(&g->parts, "size", (int64_t)content.len);
	json_str(&g->parts, "sha256", hex);
	if (is_table(name, type))
		table_of(g, name, content);
	json_end_obj(&g->parts);
}

static void append(struct buf *b, const char *text)
{
	if (b->len > 0 && b->data[b->len - 1] != '\n')
		buf_char(b, '\n');
	buf_str(b, text);
}

/* Plain text a mail program shows with the others, or a file. */
static bool is_shown(GMimeObject *o, const char *name)
{
	const char *how = g_mime_object_get_disposition(o);

	return (how == NULL || strcasecmp(how, "attachment") != 0) && name == NULL;
}

static void leaf(struct gathered *g, GMimePart *part)
{
	struct ctx *c = g->c;
	GMimeContentType *t = g_mime_object_get_content_type(GMIME_OBJECT(part));
	const char *name = clean_name(c, g_mime_part_get_filename(part));
	const char *label = t != NULL ? g_mime_content_type_get_parameter(t, "charset") : NULL;
	bool plain = t == NULL || g_mime_content_type_is_type(t, "text", "plain");
	bool html = t != NULL && g_mime_content_type_is_type(t, "text", "html");
	struct bytes content = content_of(c, part);
	char *type = t != NULL ? g_mime_content_type_get_mime_type(t) : NULL;

	if ((plain || html) && is_shown(GMIME_OBJECT(part), name))
		append(plain ? &g->plain : &g->html, mail_text(c, label, (const char *)content.data, content.len));
	else
		attached(g, name, type != NULL ? mail_clean(c, type, strlen(type), 200) : "application/octet-stream",
			content);
	g_free(type);
}

static void walk(struct gathered *g, GMimeObject *o, int depth);

/* A mail inside a mail is a file, unless there is nothing else to read. */
static void message_inside(struct gathered *g, GMimeMessagePart *p, int depth)
{
	GMimeMessage *m = g_mime_message_part_get_message(p);
	struct bytes none = { (const uint8_t *)"", 0 };

	attached(g, "message.eml", "message/rfc822", none);
	if (m != NULL && g->plain.len == 0 && g->html.len == 0)
		walk(g, g_mime_message_get_mime_part(m), depth + 1);
}

static void walk(struct gathered *g, GMimeObject *o, int depth)
{
	if (o == NULL)
		return;
	if (depth > DEPTH_MAX) {
		g->problem = text_get(g->c->lang, T_mail_deep);
		return;
	}
	if (GMIME_IS_MULTIPART(o)) {
		int n = g_mime_multipart_get_count(GMIME_MULTIPART(o));
		for (int i = 0; i < n && i < 10 * MAIL_PARTS_MAX; i++)
			walk(g, g_mime_multipart_get_part(GMIME_MULTIPART(o), i), depth + 1);
	} else if (GMIME_IS_MESSAGE_PART(o)) {
		message_inside(g, GMIME_MESSAGE_PART(o), depth);
	} else if (GMIME_IS_PART(o)) {
		leaf(g, GMIME_PART(o));
	}
}

/* ---- the head ---- */

static const char *header(GMimeMessage *m, const char *name)
{
	return g_mime_object_get_header(GMIME_OBJECT(m), name);
}

static bool header_has(GMimeMessage *m, const char *name, const char *word)
{
	const char *value = header(m, name);

	return value != NULL && strcasestr(value, word) != NULL;
}

static bool is_automatic(GMimeMessage *m)
{
	const char *sent = header(m, "Auto-Submitted"), *path = header(m, "Return-Path");

	return (sent != NULL && strcasecmp(sent, "no") != 0) || header(m, "List-Id") != NULL ||
	       header_has(m, "Precedence", "bulk") || header_has(m, "Precedence", "junk") ||
	       header_has(m, "Precedence", "list") || header_has(m, "From", "mailer-daemon") ||
	       header_has(m, "Content-Type", "multipart/report") || (path != NULL && strncmp(path, "<>", 2) == 0);
}

static void put_from(struct ctx *c, struct json *j, GMimeMessage *m)
{
	InternetAddressList *from = g_mime_message_get_from(m);
	InternetAddress *a = from != NULL && internet_address_list_length(from) > 0
				     ? internet_address_list_get_address(from, 0)
				     : NULL;
	const char *address = a != NULL && INTERNET_ADDRESS_IS_MAILBOX(a)
				      ? internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(a))
				      : NULL;

	json_str(j, "from", clean_name(c, address));
	json_str(j, "from_name", a != NULL ? clean_name(c, internet_address_get_name(a)) : NULL);
}

static void put_references(struct ctx *c, struct json *j, GMimeMessage *m)
{
	const char *answers = header(m, "In-Reply-To"), *before = header(m, "References");
	GMimeReferences *r = answers != NULL ? g_mime_references_parse(NULL, answers) : NULL;
	const char *first =
		r != NULL && g_mime_references_length(r) > 0 ? g_mime_references_get_message_id(r, 0) : NULL;

	json_str(j, "in_reply_to", clean_name(c, first));
	if (r != NULL)
		g_mime_references_free(r);
	json_arr(j, "references");
	r = before != NULL ? g_mime_references_parse(NULL, before) : NULL;
	for (int i = 0; r != NULL && i < g_mime_references_length(r) && i < 50; i++)
		json_str(j, NULL, clean_name(c, g_mime_references_get_message_id(r, i)));
	if (r != NULL)
		g_mime_references_free(r);
	json_end_arr(j);
}

static void put_date(struct json *j, GMimeMessage *m)
{
	GDateTime *date = g_mime_message_get_date(m);

	json_int(j, "date", date != NULL ? g_date_time_to_unix(date) : INT64_MIN);
}

static void put_head(struct ctx *c, struct json *j, GMimeMessage *m)
{
	json_str(j, "message_id", clean_name(c, g_mime_message_get_message_id(m)));
	put_from(c, j, m);
	json_str(j, "subject", clean_name(c, g_mime_message_get_subject(m)));
	put_references(c, j, m);
	put_date(j, m);
	json_bool(j, "automatic", is_automatic(m));
}

static bool is_blank(const char *s)
{
	return s[strspn(s, " \t\r\n")] == '\0';
}

static void put_body(struct ctx *c, struct json *j, struct gathered *g, GMimeMessage *m)
{
	buf_init(&g->plain, c->arena);
	buf_init(&g->html, c->arena);
	buf_init(&g->parts_text, c->arena);
	json_start(&g->parts, &g->parts_text);
	json_arr(&g->parts, NULL);
	walk(g, g_mime_message_get_mime_part(m), 0);
	json_end_arr(&g->parts);
	json_str(
		j, "text", is_blank(buf_cstr(&g->plain)) ? mail_html_text(c, buf_cstr(&g->html)) : buf_cstr(&g->plain));
	json_raw(j, "parts", buf_cstr(&g->parts_text));
	json_str(j, "problem", g->problem);
}

static GMimeMessage *message_of(const struct buf *raw)
{
	static const char *charsets[] = { "utf-8", "gb18030", "big5-hkscs", "iso-8859-1", NULL };
	GMimeParserOptions *options = g_mime_parser_options_new();
	GMimeStream *mem = g_mime_stream_mem_new_with_buffer(buf_cstr(raw), raw->len);
	GMimeParser *parser = g_mime_parser_new_with_stream(mem);
	GMimeMessage *m;

	g_mime_parser_options_set_fallback_charsets(options, charsets);
	m = g_mime_parser_construct_message(parser, options);
	g_object_unref(parser);
	g_object_unref(mem);
	g_mime_parser_options_free(options);
	return m;
}

void mail_parse(struct ctx *c, const void *data, size_t len, struct buf *out)
{
	struct gathered g = { .c = c };
	GMimeMessage *m;
	struct buf raw;
	struct json j;

	g_mime_init();
	buf_init(&raw, c->arena);
	relabel(&raw, data, len);
	m = message_of(&raw);
	json_start(&j, out);
	json_obj(&j, NULL);
	if (m != NULL) {
		put_head(c, &j, m);
		put_body(c, &j, &g, m);
		g_object_unref(m);
	} else {
		json_str(&j, "problem", text_get(c->lang, T_mail_no_mail));
	}
	json_end_obj(&j);
}
