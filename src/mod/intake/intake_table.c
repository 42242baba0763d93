/* intake_table: which column of an order list says what. */
#include "mod/intake/intake_table.h"

#include "app/pinyin.h"
#include "base/buf.h"
#include "base/field.h"
#include "base/json.h"
#include "base/utf8.h"

#include <stdio.h>
#include <string.h>

const char *const column_role_names[] = { "other", "sku", "name", "spec", "quantity", "unit", "price", "remark", NULL };

/* ---- words of a head, folded; the longest that fits wins ---- */

static const struct {
	const char *word;
	enum column_role role;
} words[] = {
	{ "品名", COL_NAME },
	{ "名称", COL_NAME },
	{ "品项", COL_NAME },
	{ "商品", COL_NAME },
	{ "产品", COL_NAME },
	{ "货品", COL_NAME },
	{ "菜名", COL_NAME },
	{ "菜品", COL_NAME },
	{ "货名", COL_NAME },
	{ "物料", COL_NAME },
	{ "食材", COL_NAME },
	{ "原料", COL_NAME },
	{ "物品", COL_NAME },
	{ "item", COL_NAME },
	{ "items", COL_NAME },
	{ "itemname", COL_NAME },
	{ "name", COL_NAME },
	{ "product", COL_NAME },
	{ "productname", COL_NAME },
	{ "goods", COL_NAME },
	{ "description", COL_NAME },
	{ "article", COL_NAME },
	{ "货号", COL_SKU },
	{ "编码", COL_SKU },
	{ "编号", COL_SKU },
	{ "代码", COL_SKU },
	{ "商品编码", COL_SKU },
	{ "商品编号", COL_SKU },
	{ "产品编码", COL_SKU },
	{ "产品编号", COL_SKU },
	{ "物料编码", COL_SKU },
	{ "条码", COL_SKU },
	{ "条形码", COL_SKU },
	{ "商品条码", COL_SKU },
	{ "sku", COL_SKU },
	{ "code", COL_SKU },
	{ "itemcode", COL_SKU },
	{ "itemno", COL_SKU },
	{ "itemnumber", COL_SKU },
	{ "productcode", COL_SKU },
	{ "barcode", COL_SKU },
	{ "ean", COL_SKU },
	{ "gtin", COL_SKU },
	{ "规格", COL_SPEC },
	{ "型号", COL_SPEC },
	{ "包装", COL_SPEC },
	{ "规格型号", COL_SPEC },
	{ "商品规格", COL_SPEC },
	{ "spec", COL_SPEC },
	{ "size", COL_SPEC },
	{ "packing", COL_SPEC },
	{ "数量", COL_QUANTITY },
	{ "订量", COL_QUANTITY },
	{ "订货量", COL_QUANTITY },
	{ "订货数", COL_QUANTITY },
	{ "订购数", COL_QUANTITY },
	{ "订购量", COL_QUANTITY },
	{ "采购量", COL_QUANTITY },
	{ "采购数", COL_QUANTITY },
	{ "采购数量", COL_QUANTITY },
	{ "订货数量", COL_QUANTITY },
	{ "商品数量", COL_QUANTITY },
	{ "需求", COL_QUANTITY },
	{ "需求量", COL_QUANTITY },
	{ "要货", COL_QUANTITY },
	{ "要货量", COL_QUANTITY },
	{ "用量", COL_QUANTITY },
	{ "件数", COL_QUANTITY },
	{ "箱数", COL_QUANTITY },
	{ "斤数", COL_QUANTITY },
	{ "重量", COL_QUANTITY },
	{ "qty", COL_QUANTITY },
	{ "quantity", COL_QUANTITY },
	{ "count", COL_QUANTITY },
	{ "ordered", COL_QUANTITY },
	{ "orderqty", COL_QUANTITY },
	{ "单位", COL_UNIT },
	{ "计量单位", COL_UNIT },
	{ "unit", COL_UNIT },
	{ "uom", COL_UNIT },
	{ "units", COL_UNIT },
	{ "单价", COL_PRICE },
	{ "价格", COL_PRICE },
	{ "进价", COL_PRICE },
	{ "含税单价", COL_PRICE },
	{ "price", COL_PRICE },
	{ "unitprice", COL_PRICE },
	{ "备注", COL_REMARK },
	{ "说明", COL_REMARK },
	{ "要求", COL_REMARK },
	{ "特殊要求", COL_REMARK },
	{ "remark", COL_REMARK },
	{ "remarks", COL_REMARK },
	{ "note", COL_REMARK },
	{ "notes", COL_REMARK },
	{ "comment", COL_REMARK },
	{ "金额", COL_OTHER },
	{ "小计", COL_OTHER },
	{ "序号", COL_OTHER },
	{ "行号", COL_OTHER },
	{ "no", COL_OTHER },
	{ "类别", COL_OTHER },
	{ "分类", COL_OTHER },
	{ "品类", COL_OTHER },
	{ "category", COL_OTHER },
	{ "amount", COL_OTHER },
	{ "subtotal", COL_OTHER },
	{ "total", COL_OTHER },
	{ "客户", COL_OTHER },
	{ "日期", COL_OTHER },
};

/* What a head's cell means, with how sure that is: the whole cell 3, a Chinese word inside it 2, nothing 0. */
static int meaning(struct ctx *c, const char *cell, enum column_role *role)
{
	const char *key = name_fold(c->arena, cell);
	size_t best = 0;
	int sure = 0;

	*role = COL_OTHER;
	if (utf8_count(key) > 16)
		return 0;
	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		size_t len = strlen(words[i].word);
		bool whole = strcmp(key, words[i].word) == 0;
		bool inside = (unsigned char)words[i].word[0] >= 0x80 && strstr(key, words[i].word) != NULL;
		if ((!whole && !inside) || (!whole && len <= best))
			continue;
		*role = words[i].role;
		best = len;
		sure = whole ? 3 : 2;
		if (whole)
			return 3;
	}
	return sure;
}

/* ---- sheet → text ---- */

/* A cell stays a cell: what would part it becomes a blank. */
static void cell_add(struct buf *b, const char *s)
{
	for (; *s != '\0'; s++)
		buf_char(b, *s == '\t' || *s == '\n' || *s == '\r' ? ' ' : *s);
}

static void row_add(struct buf *b, const char *const *cells, size_t cols)
{
	while (cols > 0 && *cells[cols - 1] == '\0')
		cols--;
	for (size_t i = 0; i < cols; i++) {
		if (i > 0)
			buf_char(b, '\t');
		cell_add(b, cells[i]);
	}
	buf_str(b, cols <= 1 ? "\t\n" : "\n");
}

bool table_text(struct ctx *c, const struct sheet *s, const char **out)
{
	size_t number = 1;
	struct buf b;

	if (s->rows_len > TABLE_ROWS_MAX)
		return fail(c, E_TOO_LARGE, T_intake_list_too_long, arena_printf(c->arena, "%d", TABLE_ROWS_MAX));
	if (s->cols > TABLE_COLS_MAX)
		return fail(c, E_TOO_LARGE, T_intake_list_too_wide, arena_printf(c->arena, "%d", TABLE_COLS_MAX));
	buf_init(&b, c->arena);
	/* Empty rows count, so that a row's number is the file's; a huge gap does not. */
	for (; number < s->head_number && number < TABLE_ROWS_MAX; number++)
		buf_str(&b, "\t\n");
	row_add(&b, s->head, s->cols);
	number = s->head_number;
	for (size_t i = 0; i < s->rows_len; i++) {
		for (number++; number < s->rows[i].number && number < s->head_number + TABLE_ROWS_MAX; number++)
			buf_str(&b, "\t\n");
		number = s->rows[i].number;
		row_add(&b, s->rows[i].cells, s->cols);
	}
	*out = buf_cstr(&b);
	return true;
}

/* ---- text → table ---- */

static void row_split(struct ctx *c, const char *line, size_t len, struct table_row *row)
{
	const char *end = line + len;

	while (row->len < TABLE_COLS_MAX) {
		const char *tab = memchr(line, '\t', (size_t)(end - line));
		const char *stop = tab != NULL ? tab : end;
		while (line < stop && *line == ' ')
			line++;
		while (stop > line && (stop[-1] == ' ' || stop[-1] == '\r'))
			stop--;
		row->cells[row->len++] = arena_strndup(c->arena, line, (size_t)(stop - line));
		if (tab == NULL)
			break;
		line = tab + 1;
	}
}

static size_t lines_of(const char *text)
{
	size_t n = 1;

	for (; (text = strchr(text, '\n')) != NULL; text++)
		n++;
	return n;
}

/* From the first line with a tab to the last one. */
bool table_find(struct ctx *c, const char *text, struct table *out)
{
	size_t lines = lines_of(text), tabs = 0, last = 0;
	int64_t pos = 0;

	*out = (struct table){ .head = -1 };
	if (strchr(text, '\t') == NULL || lines > TABLE_ROWS_MAX * 2)
		return false;
	out->rows = ARENA_ARRAY(c->arena, lines, struct table_row);
	for (const char *at = text; at != NULL && *at != '\0';) {
		const char *end = strchr(at, '\n');
		size_t len = end != NULL ? (size_t)(end - at) : strlen(at);
		int64_t chars = (int64_t)utf8_count(arena_strndup(c->arena, at, len));
		bool tab = memchr(at, '\t', len) != NULL;
		if (tab || tabs > 0) {
			struct table_row *row = &out->rows[out->rows_len++];
			*row = (struct table_row){ .number = out->rows_len, .start = pos, .end = pos + chars };
			row_split(c, at, len, row);
			out->cols = row->len > out->cols ? row->len : out->cols;
			tabs += tab;
			last = tab ? out->rows_len : last;
		}
		pos += chars + 1;
		at = end != NULL ? end + 1 : NULL;
	}
	out->rows_len = last;
	return tabs >= 2;
}

/* ---- guessing ---- */

static const char *at(const struct table_row *row, size_t col)
{
	return col < row->len ? row->cells[col] : "";
}

/* How much a row looks like a head: its known words, each role once. */
static int head_merit(struct ctx *c, const struct table *t, size_t i, enum column_role *roles)
{
	bool seen[COL_ROLES] = { false };
	int merit = 0;

	for (size_t k = 0; k < t->cols; k++) {
		enum column_role role;
		int sure = meaning(c, at(&t->rows[i], k), &role);
		roles[k] = COL_OTHER;
		if (sure == 0 || (role != COL_OTHER && seen[role]))
			continue;
		roles[k] = role;
		seen[role] = true;
		merit += sure;
	}
	return seen[COL_NAME] || seen[COL_SKU] || seen[COL_QUANTITY] ? merit : 0;
}

static bool is_number(const char *s)
{
	return *s != '\0' && s[strspn(s, "0123456789.")] == '\0';
}

static bool has_digit(const char *s)
{
	return strpbrk(s, "0123456789") != NULL;
}

static bool has_han(const char *s)
{
	while (*s != '\0')
		if (utf8_is_han(utf8_next(&s)))
			return true;
	return false;
}

/* Without a head: the column with most Chinese words is the goods, the one after it with most numbers how much. */
static void guess_by_cells(struct table *t)
{
	size_t han[TABLE_COLS_MAX] = { 0 }, num[TABLE_COLS_MAX] = { 0 }, name = 0, quantity = SIZE_MAX;

	for (size_t i = 0; i < t->rows_len; i++)
		for (size_t k = 0; k < t->cols; k++) {
			const char *s = at(&t->rows[i], k);
			han[k] += has_han(s) && !is_number(s);
			num[k] += has_digit(s);
		}
	for (size_t k = 1; k < t->cols; k++)
		name = han[k] > han[name] ? k : name;
	for (size_t k = name + 1; k < t->cols; k++)
		if (num[k] > 0 && (quantity == SIZE_MAX || num[k] > num[quantity]))
			quantity = k;
	for (size_t k = 0; k < name && quantity == SIZE_MAX; k++)
		quantity = num[k] > 0 ? k : quantity;
	t->roles[name] = COL_NAME;
	if (quantity != SIZE_MAX)
		t->roles[quantity] = COL_QUANTITY;
	for (size_t k = quantity != SIZE_MAX ? quantity + 1 : t->cols; k < t->cols; k++)
		if (t->roles[k] == COL_OTHER && han[k] > 0) {
			t->roles[k] = COL_REMARK;
			break;
		}
}

/* The head names no goods but the rows do: whatever Chinese column is left is them. */
static void find_name(struct table *t)
{
	for (size_t k = 0; k < t->cols; k++)
		if (t->roles[k] == COL_NAME || t->roles[k] == COL_SKU)
			return;
	for (size_t k = 0; k < t->cols; k++)
		if (t->roles[k] == COL_OTHER && t->head + 1 < (int64_t)t->rows_len &&
			has_han(at(&t->rows[t->head + 1], k))) {
			t->roles[k] = COL_NAME;
			return;
		}
}

#define HEAD_ROWS 30

void table_guess(struct ctx *c, struct table *t)
{
	enum column_role roles[TABLE_COLS_MAX];
	int best = 3; /* one whole word is not a head yet */

	t->head = -1;
	memset(t->roles, 0, sizeof(t->roles));
	for (size_t i = 0; i < t->rows_len && i < HEAD_ROWS; i++) {
		int merit = head_merit(c, t, i, roles);
		if (merit <= best)
			continue;
		best = merit;
		t->head = (int64_t)i;
		memcpy(t->roles, roles, sizeof(roles));
	}
	if (t->head < 0)
		guess_by_cells(t);
	else
		find_name(t);
}

const char *table_columns_json(struct ctx *c, const struct table *t)
{
	struct buf b;
	struct json j;

	buf_init(&b, c->arena);
	json_start(&j, &b);
	json_obj(&j, NULL);
	json_int(&j, "head", t->head);
	json_arr(&j, "roles");
	for (size_t k = 0; k < t->cols; k++)
		json_str(&j, NULL, column_role_names[t->roles[k]]);
	json_end_arr(&j);
	json_end_obj(&j);
	return buf_cstr(&b);
}

bool table_columns_set(struct ctx *c, const char *json, struct table *t)
{
	json_t *all = json_loads(json, 0, NULL), *roles = json_object_get(all, "roles"), *r;
	json_int_t head = json_integer_value(json_object_get(all, "head"));
	bool good = json_is_array(roles) && head >= -1 && head < (json_int_t)t->rows_len;
	size_t k;

	(void)c;
	if (good) {
		t->head = head;
		memset(t->roles, 0, sizeof(t->roles));
	}
	json_array_foreach(roles, k, r)
	{
		int role = json_is_string(r) ? enum_find(column_role_names, json_string_value(r)) : -1;
		if (good && role >= 0 && k < TABLE_COLS_MAX)
			t->roles[k] = (enum column_role)role;
	}
	json_decref(all);
	return good;
}

const char *table_head_key(struct ctx *c, const struct table *t)
{
	struct buf b;

	buf_init(&b, c->arena);
	for (size_t k = 0; t->head >= 0 && k < t->cols; k++)
		buf_printf(&b, "%s|", name_fold(c->arena, at(&t->rows[t->head], k)));
	return arena_strndup(c->arena, buf_cstr(&b), utf8_cut(buf_cstr(&b), b.len, 500));
}

/* ---- rows ---- */

const char *table_cell(const struct table *t, const struct table_row *row, enum column_role role)
{
	for (size_t k = 0; k < t->cols; k++)
		if (t->roles[k] == role)
			return at(row, k);
	return "";
}

/* What may stand behind the word in its cell: marks and the sum itself. */
static bool is_sum(const char *s)
{
	static const char marks[] = " 0123456789.,:：¥￥元";

	while (*s != '\0') {
		const char *before = s;
		if (utf8_next(&s) != 0x3000 && memmem(marks, strlen(marks), before, (size_t)(s - before)) == NULL)
			return false;
	}
	return true;
}

/* The cell is the word; goods may be called by a name that only begins with it. */
static bool is_total(const char *s)
{
	static const char *const totals[] = { "合计", "总计", "小计", "共计", "总共", "合计金额", "总金额", "本页小计",
		"total", "grand total", "subtotal", "sum" };

	s += strspn(s, " ");
	for (size_t i = 0; i < ARRAY_LEN(totals); i++)
		if (strncasecmp(s, totals[i], strlen(totals[i])) == 0 && is_sum(s + strlen(totals[i])))
			return true;
	return false;
}

static bool has_total(const struct table_row *row)
{
	for (size_t k = 0; k < row->len; k++)
		if (is_total(row->cells[k]))
			return true;
	return false;
}

bool table_row_counts(const struct table *t, size_t i)
{
	const struct table_row *row = &t->rows[i];
	const char *sku = table_cell(t, row, COL_SKU), *name = table_cell(t, row, COL_NAME);

	if ((int64_t)i <= t->head)
		return false;
	return (*sku != '\0' && !is_total(sku)) || (*name != '\0' && !is_total(name));
}

const char *table_place(struct ctx *c, const struct table *t, const struct table_row *row, enum column_role role)
{
	size_t col = 0;

	for (size_t k = 0; k < t->cols; k++)
		if (t->roles[k] == role)
			col = k;
	if (col < 26)
		return arena_printf(c->arena, "%c%zu", (char)('A' + col), row->number);
	return arena_printf(c->arena, "%c%c%zu", (char)('A' + col / 26 - 1), (char)('A' + col % 26), row->number);
}

/* A head that names its unit ("件数", "数量(斤)") says something that the plain word does not. */
static const char *quantity_head(const struct table *t)
{
	const char *own = t->head >= 0 ? table_cell(t, &t->rows[t->head], COL_QUANTITY) : "";

	return *own != '\0' ? own : "数量";
}

struct plain {
	struct ctx *c;
	struct buf b;
	int64_t *at;
	size_t len;
};

static void plain_end(struct plain *p, int64_t row)
{
	buf_char(&p->b, '\n');
	p->at[p->len++] = row;
}

static void plain_row(struct plain *p, const struct table *t, size_t i)
{
	static const enum column_role order[] = { COL_SKU, COL_NAME, COL_SPEC, COL_QUANTITY, COL_UNIT, COL_PRICE,
		COL_REMARK };

	for (size_t k = 0; k < ARRAY_LEN(order); k++) {
		if (k > 0)
			buf_char(&p->b, '\t');
		buf_str(&p->b, table_cell(t, &t->rows[i], order[k]));
	}
	plain_end(p, (int64_t)i);
}

/* What stands above the head or below the goods is words: for whom, for when. */
static void plain_words(struct plain *p, const struct table *t, size_t i)
{
	size_t said = 0;

	for (size_t k = 0; k < t->rows[i].len; k++) {
		const char *s = t->rows[i].cells[k];
		/* A merged cell counts for each of its columns. */
		if (*s == '\0' || (k > 0 && strcmp(s, t->rows[i].cells[k - 1]) == 0))
			continue;
		buf_printf(&p->b, "%s%s", said++ > 0 ? "  " : "", s);
	}
	if (said > 0)
		plain_end(p, -1);
}

/* The words around the table, a mail's text, stay in front of it. */
static void plain_around(struct plain *p, const struct table *t, const char *text)
{
	int64_t left = t->rows[0].start;

	while (left-- > 0 && *text != '\0') {
		const char *before = text;
		(void)utf8_next(&text);
		buf_add(&p->b, before, (size_t)(text - before));
		if (*before == '\n')
			p->at[p->len++] = -1;
	}
}

const char *table_plain(struct ctx *c, const struct table *t, const char *text, const bool *leave_out,
	int64_t **at_rows, size_t *at_len)
{
	struct plain p = { .c = c };

	buf_init(&p.b, c->arena);
	p.at = ARENA_ARRAY(c->arena, lines_of(text) + t->rows_len + 2, int64_t);
	plain_around(&p, t, text);
	for (int64_t i = 0; i < t->head; i++)
		plain_words(&p, t, (size_t)i);
	buf_printf(&p.b, "货号\t品名\t规格\t%s\t单位\t单价\t备注", quantity_head(t));
	plain_end(&p, -1);
	for (size_t i = (size_t)(t->head + 1); i < t->rows_len; i++)
		if (table_row_counts(t, i) && (leave_out == NULL || !leave_out[i]))
			plain_row(&p, t, i);
	for (size_t i = (size_t)(t->head + 1); i < t->rows_len; i++)
		if (!table_row_counts(t, i) && !has_total(&t->rows[i]))
			plain_words(&p, t, i);
	*at_rows = p.at;
	*at_len = p.len;
	return buf_cstr(&p.b);
}
