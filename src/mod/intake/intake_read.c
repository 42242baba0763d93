/* intake_read: from what came in to a proposal: each fragment of the text that names goods is a line, and what was not
 * understood stays visible as one too. */
#include "mod/intake/intake_int.h"

#include "base/utf8.h"
#include "gen/intake_sql.h"
#include "mod/customer/customer.h"
#include "mod/intake/intake_table.h"
#include "mod/reading/reading.h"

#include <stdlib.h>
#include <string.h>

/* ---- what the words called the goods ---- */

static bool is_numeral(uint32_t cp)
{
	static const uint32_t han[] = { 0x4e00, 0x4e8c, 0x4e24, 0x4e09, 0x56db, 0x4e94, 0x516d, 0x4e03, 0x516b, 0x4e5d,
		0x5341, 0x767e, 0x534a }; /* 一 二 两 三 四 五 六 七 八 九 十 百 半 */

	if ((cp >= '0' && cp <= '9') || (cp >= 0xff10 && cp <= 0xff19))
		return true;
	for (size_t i = 0; i < ARRAY_LEN(han); i++)
		if (cp == han[i])
			return true;
	return false;
}

static bool is_blank_or_mark(uint32_t cp)
{
	return cp == ' ' || cp == '\t' || cp == ',' || cp == '.' || cp == ':' || cp == 0xff0c || cp == 0x3001 ||
	       cp == 0x3002 || cp == 0xff1a || cp == '-' || cp == '*' || cp == 'x';
}

/* "鸡蛋2板" calls it 鸡蛋, "2板鸡蛋" too: the piece before the number, or the one after its unit. */
static const char *called(struct ctx *c, const char *raw, const char *unit)
{
	const char *s = raw, *number = NULL, *end;
	const char *at_unit;

	while (*s != '\0' && number == NULL) {
		const char *before = s;
		if (is_numeral(utf8_next(&s)))
			number = before;
	}
	end = number != NULL ? number : raw + strlen(raw);
	if (number == raw) {
		at_unit = unit != NULL ? strstr(raw, unit) : NULL;
		if (at_unit == NULL)
			return NULL;
		raw = at_unit + strlen(unit);
		end = raw + strlen(raw);
	}
	for (const char *p = raw; p < end && is_blank_or_mark(utf8_next(&p));)
		raw = p;
	while (end > raw && strchr(" \t,.:-*x", end[-1]) != NULL)
		end--;
	return end > raw && (size_t)(end - raw) <= 60 ? arena_strndup(c->arena, raw, (size_t)(end - raw)) : NULL;
}

/* ---- reading's answer as our lines ---- */

/* "0.97" in percent, without a fraction ever being a double. */
static int64_t percent(const char *s)
{
	struct price p;

	return s != NULL && price_parse(s, &p) ? p.e4 / 100 : INT64_MIN;
}

static const char *candidates_json(struct ctx *c, const struct reading_line *r)
{
	struct buf b;
	struct json j;

	buf_init(&b, c->arena);
	json_start(&j, &b);
	json_arr(&j, NULL);
	for (size_t i = 0; i < r->candidates_len && i < 9; i++) {
		json_obj(&j, NULL);
		json_str(&j, "sku", r->candidates[i].sku);
		json_str(&j, "score", r->candidates[i].score);
		json_str(&j, "why", r->candidates[i].why);
		json_end_obj(&j);
	}
	json_end_arr(&j);
	return buf_cstr(&b);
}

static void line_from(struct ctx *c, const struct reading_line *r, struct intake_line *l)
{
	fields_clear(intake_line_fields, l);
	l->raw = r->raw;
	l->start_at = r->start;
	l->end_at = r->end;
	l->op = r->op != NULL ? r->op : "order";
	l->sku = r->sku;
	l->called = called(c, r->raw, r->unit);
	l->quantity = r->quantity;
	l->unit = r->unit;
	l->price = r->price;
	l->price_unit = r->price_unit;
	l->remarks = r->remark;
	l->confidence = percent(r->confidence);
	l->why = r->candidates_len > 0 ? r->candidates[0].why : NULL;
	l->state = r->accepted ? LN_ACCEPTED : r->sku != NULL || r->candidates_len > 0 ? LN_LOOK : LN_NOTHING;
	l->candidates = candidates_json(c, r);
	l->customer = r->customer;
	l->delivery_date = r->delivery_date;
}

static void span_from(struct ctx *c, const struct reading_span *s, struct intake_line *l)
{
	fields_clear(intake_line_fields, l);
	l->raw = s->raw;
	l->start_at = s->start;
	l->end_at = s->end;
	l->op = "order";
	l->called = called(c, s->raw, NULL);
	l->state = LN_NOTHING;
	l->candidates = "[]";
}

static int by_start(const void *a, const void *b)
{
	const struct intake_line *x = a, *y = b;

	return (x->start_at > y->start_at) - (x->start_at < y->start_at);
}

static bool lines_from(struct ctx *c, const struct reading *r, struct intake_full *f)
{
	size_t n = r->lines_len + r->unresolved_len;

	if (n > INTAKE_LINES_MAX)
		return fail(c, E_TOO_LARGE, T_intake_too_many);
	f->lines = ARENA_ARRAY(c->arena, n + 1, struct intake_line);
	f->lines_len = n;
	for (size_t i = 0; i < r->lines_len; i++)
		line_from(c, &r->lines[i], &f->lines[i]);
	for (size_t i = 0; i < r->unresolved_len; i++)
		span_from(c, &r->unresolved[i], &f->lines[r->lines_len + i]);
	qsort(f->lines, n, sizeof(*f->lines), by_start);
	return true;
}

/* ---- who, when, what for ---- */

static bool code_of(struct ctx *c, int64_t customer_id, const char **code)
{
	struct customer who;

	*code = NULL;
	if (customer_id == INT64_MIN)
		return true;
	if (!customer_get(c, customer_id, &who))
		return false;
	*code = who.code;
	return true;
}

static bool ask(struct ctx *c, const struct intake *in, const char *text, struct reading *r)
{
	struct reading_in q = { .text = text,
		.channel = strcmp(in->channel, "phone") == 0 ? "phone_note" : in->channel,
		.received_at = in->received_at };

	return code_of(c, in->customer_id, &q.customer) && reading_parse(c, &q, r);
}

static bool head_from(struct ctx *c, const struct reading *r, struct intake *in)
{
	in->intent = r->intent;
	if (!date_is(in->delivery_date) && date_is(r->delivery_date) && r->delivery_date.day >= today(c).day)
		in->delivery_date = r->delivery_date;
	if (in->customer_id == INT64_MIN && r->customer != NULL)
		return intake_customer_by_code(c, r->customer, &in->customer_id);
	return true;
}

static bool read_text(struct ctx *c, struct intake_full *f)
{
	struct reading r;

	return ask(c, &f->in, f->in.text, &r) && head_from(c, &r, &f->in) && lines_from(c, &r, f);
}

/* ---- a table ---- */

/* What the clerk said of these columns, now or of an earlier list with this head. */
static bool columns_of(struct ctx *c, struct intake *in, struct table *t)
{
	const char *known = NULL;

	table_guess(c, t);
	if (in->columns != NULL && table_columns_set(c, in->columns, t))
		return true;
	if (in->customer_id != INT64_MIN && *table_head_key(c, t) != '\0' &&
		!intake_columns_of(c, in->customer_id, table_head_key(c, t), &known))
		return false;
	if (known != NULL) {
		int64_t head = t->head;
		if (table_columns_set(c, known, t))
			t->head = head; /* the head is where it is today */
	}
	in->columns = table_columns_json(c, t);
	return true;
}

/* The rows of the plain table that characters of its text stand in, asked for in rising order. */
struct cursor {
	const char *plain;
	const int64_t *at;
	size_t len, line;
	int64_t pos;
};

static int64_t row_at(struct cursor *k, int64_t pos)
{
	for (; k->pos < pos && *k->plain != '\0'; k->pos++)
		k->line += utf8_next(&k->plain) == '\n';
	return k->line < k->len ? k->at[k->line] : -1;
}

static const char *row_raw(struct ctx *c, const struct table_row *row)
{
	struct buf b;

	buf_init(&b, c->arena);
	for (size_t k = 0; k < row->len; k++)
		if (*row->cells[k] != '\0')
			buf_printf(&b, "%s%s", b.len > 0 ? " " : "", row->cells[k]);
	return buf_cstr(&b);
}

/* Row and column of what is not clear: the goods, or how much of them. */
void intake_place(struct ctx *c, const struct table *t, int64_t i, struct intake_line *l)
{
	const struct table_row *row = &t->rows[i];
	const char *name = table_cell(t, row, COL_NAME);
	bool goods = l->sku != NULL;

	l->raw = row_raw(c, row);
	l->start_at = row->start;
	l->end_at = row->end;
	l->place = table_place(c, t, row, goods && l->state == LN_LOOK ? COL_QUANTITY : COL_NAME);
	l->called = *name != '\0' ? name : l->called;
}

/* A row of goods that the reading passed over is not lost. */
static void rows_left(struct ctx *c, const struct table *t, const bool *seen, struct intake_full *f)
{
	struct intake_line *all = ARENA_ARRAY(c->arena, f->lines_len + t->rows_len + 1, struct intake_line);

	if (f->lines_len > 0)
		memcpy(all, f->lines, f->lines_len * sizeof(*all));
	f->lines = all;
	for (size_t i = 0; i < t->rows_len; i++) {
		const char *quantity = table_cell(t, &t->rows[i], COL_QUANTITY);
		struct intake_line *l = &all[f->lines_len];
		if (seen[i] || !table_row_counts(t, i) || *quantity == '\0' || f->lines_len >= INTAKE_LINES_MAX)
			continue;
		fields_clear(intake_line_fields, l);
		l->op = "order";
		l->candidates = "[]";
		l->state = LN_NOTHING;
		intake_place(c, t, (int64_t)i, l);
		f->lines_len++;
	}
	qsort(f->lines, f->lines_len, sizeof(*f->lines), by_start);
}

static void lines_join(struct ctx *c, struct intake_full *f, const struct intake_line *more, size_t len)
{
	struct intake_line *all = ARENA_ARRAY(c->arena, f->lines_len + len + 1, struct intake_line);

	if (f->lines_len > 0)
		memcpy(all, f->lines, f->lines_len * sizeof(*all));
	if (len > 0)
		memcpy(all + f->lines_len, more, len * sizeof(*all));
	f->lines = all;
	f->lines_len += len;
}

static bool read_table(struct ctx *c, struct intake_full *f, struct table *t)
{
	const char *plain;
	struct reading r = { .delivery_date = DATE_NONE };
	struct intake_line *exact;
	int64_t *at;
	size_t at_len, exact_len;
	bool *seen = ARENA_ARRAY(c->arena, t->rows_len + 1, bool);
	struct cursor k;

	if (!columns_of(c, &f->in, t) || !intake_exact(c, &f->in, t, seen, &exact, &exact_len))
		return false;
	plain = table_plain(c, t, f->in.text, seen, &at, &at_len);
	/* Where every row named itself there is nothing to read. */
	if (at_len > 1 && (!ask(c, &f->in, plain, &r) || !head_from(c, &r, &f->in)))
		return false;
	if (!lines_from(c, &r, f))
		return false;
	k = (struct cursor){ plain, at, at_len, 0, 0 };
	for (size_t i = 0; i < f->lines_len; i++) {
		int64_t row = row_at(&k, f->lines[i].start_at);
		if (row >= 0) {
			intake_place(c, t, row, &f->lines[i]);
			seen[row] = true;
		} else {
			f->lines[i].start_at = f->lines[i].end_at = INT64_MIN;
		}
	}
	lines_join(c, f, exact, exact_len);
	rows_left(c, t, seen, f);
	return true;
}

/* ---- both ---- */

static bool sheet_text(struct ctx *c, struct intake *in, const struct sheet *sheet)
{
	const char *text;

	if (sheet == NULL)
		return true;
	if (!table_text(c, sheet, &text))
		return false;
	in->text = *in->text == '\0' ? text : arena_printf(c->arena, "%s\n\n%s", in->text, text);
	return true;
}

bool intake_propose(struct ctx *c, struct intake_full *f, const struct sheet *sheet)
{
	struct table t;
	bool good;

	f->lines_len = 0;
	if (!sheet_text(c, &f->in, sheet))
		return false;
	good = table_find(c, f->in.text, &t) ? read_table(c, f, &t) : read_text(c, f);
	for (size_t i = 0; i < f->lines_len; i++) {
		f->lines[i].intake_id = f->in.id;
		f->lines[i].line = (int64_t)i + 1;
	}
	return good;
}

bool intake_read(struct ctx *c, struct intake_full *f, int64_t version)
{
	return intake_propose(c, f, NULL) && intake_line_clear(c, f->in.id) &&
	       intake_line_put(c, f->lines, f->lines_len) && intake_move(c, f, IE_READ, version, NULL);
}
