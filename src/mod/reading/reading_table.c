/* Tables: a line with the heads of columns, then a row per line. Cells are parted by tabs, bars or commas. */
#include "mod/reading/reading_int.h"

#include <string.h>

#define COLS_MAX 40

enum column { COL_NONE, COL_NAME, COL_SKU, COL_SPEC, COL_AMOUNT, COL_UNIT, COL_PRICE, COL_REMARK, COL_OTHER };

struct table {
	struct reader *r;
	struct said *s;
	const char *customer;
	uint32_t mark; /* what parts the cells */
	bool wide;     /* ... which is a wide one in the heads: ， */
	enum column columns[COLS_MAX];
	uint32_t unit_from[COLS_MAX], unit_to[COLS_MAX]; /* 件数, 数量(斤): the unit of the column */
	uint32_t len;
};
struct cells {
	uint32_t from[COLS_MAX], to[COLS_MAX];
	uint32_t len;
	bool more; /* than a table has */
};

static bool trim(const struct rtext *t, uint32_t *from, uint32_t *to)
{
	while (*from < *to && (is_blank(t->at[*from].cp) || t->at[*from].cp == '"'))
		(*from)++;
	while (*to > *from && (is_blank(t->at[*to - 1].cp) || t->at[*to - 1].cp == '"'))
		(*to)--;
	return *from < *to;
}

static uint32_t line_end(const struct rtext *t, uint32_t i, uint32_t to)
{
	while (i < to && t->at[i].cp != '\n')
		i++;
	return i;
}

/* A comma may be written wide; one that is not as those of the heads is a part of its cell. */
static bool is_wide(const struct rtext *t, uint32_t i)
{
	return t->at[i + 1].byte - t->at[i].byte > 1;
}

/* Behind a cell in quotation marks; 0 if none begins there, or it does not end before its mark. */
static uint32_t quoted_end(const struct rtext *t, uint32_t from, uint32_t to, uint32_t mark)
{
	uint32_t i = from, next;

	while (i < to && t->at[i].cp == ' ')
		i++;
	if (i >= to || t->at[i].cp != '"' || is_wide(t, i))
		return 0;
	for (i++; i < to; i++)
		if (t->at[i].cp == '"') {
			for (next = i + 1; next < to && t->at[next].cp == ' '; next++)
				;
			if (next == to || t->at[next].cp == mark)
				return next;
			i += t->at[i + 1].cp == '"';
		}
	return 0;
}

static void cut_cells(const struct table *x, uint32_t from, uint32_t to, struct cells *out)
{
	const struct rtext *t = &x->r->t;

	*out = (struct cells){ 0 };
	if (x->mark == '|' && from < to && t->at[from].cp == '|')
		from++;
	for (uint32_t i = from, quoted; i <= to; i++) {
		quoted = i == from ? quoted_end(t, from, to, x->mark) : 0;
		i = quoted ? quoted : i;
		if (i < to && (t->at[i].cp != x->mark || is_wide(t, i) != x->wide))
			continue;
		if (out->len == COLS_MAX) {
			out->more = true;
			return;
		}
		out->from[out->len] = from;
		out->to[out->len] = i;
		trim(t, &out->from[out->len], &out->to[out->len]);
		out->len++;
		from = i + 1;
	}
}

/* ---- heads ---- */

static enum column column_of(const struct rtext *t, uint32_t from, uint32_t to)
{
	static const struct {
		enum column column;
		const char *words[16];
	} heads[] = {
		{ COL_NAME, { "品名", "商品名称", "货品名称", "产品名称", "商品", "名称", "货品", "产品", "品种",
				    "菜名", "菜品", "食材", "物料名称", "product name", "product", "name" } },
		{ COL_NAME, { "item", "description", "物品", "品目", "货名", "原料", "食材名称", "物品名称", "物料" } },
		{ COL_SKU, { "货号", "商品编码", "编码", "条形码", "条码", "sku", "code", "商品编号", "货品编码",
				   "产品编码", "barcode", "商品条码", "item no", "编号", "item code" } },
		{ COL_SPEC, { "规格型号", "规格", "型号", "包装规格", "包装", "spec", "size" } },
		{ COL_AMOUNT, { "订货数量", "订购数量", "采购数量", "需求数量", "需求量", "数量", "件数", "箱数",
				      "袋数", "qty", "quantity", "订单数量", "采购量", "用量", "要货数", "订量" } },
		{ COL_AMOUNT, { "斤数", "桶数", "瓶数", "包数", "盒数", "要货数量", "补货数量", "下单数量", "补货数",
				      "订货量", "重量", "amount" } },
		{ COL_UNIT, { "计量单位", "单位", "unit", "uom" } },
		{ COL_PRICE, { "含税单价", "单价", "价格", "进价", "price", "unit price" } },
		{ COL_REMARK, { "备注", "要求", "说明", "remark", "remarks", "note", "notes", "comment", "其他要求" } },
		{ COL_OTHER, { "序号", "产地", "类别", "分类", "金额", "小计", "品牌", "no", "no.", "#", "total", "序",
				     "大类", "库存", "合计", "日期" } },
	};

	for (size_t k = 0; k < ARRAY_LEN(heads); k++)
		for (size_t w = 0; w < 16 && heads[k].words[w]; w++) {
			uint32_t len = rtext_has(t, from, heads[k].words[w]);

			if (len > 0 && (from + len == to || t->at[from + len].cp == '(' || t->at[from + len].cp == '/'))
				return heads[k].column;
		}
	return COL_NONE;
}

static void column_unit(struct table *x, uint32_t k, uint32_t from, uint32_t to)
{
	const struct rtext *t = &x->r->t;
	uint32_t unit;

	x->unit_from[k] = x->unit_to[k] = from;
	for (uint32_t i = from; i < to; i++) {
		if (i > from && t->at[i - 1].cp != '(' && t->at[i - 1].cp != '/')
			continue;
		unit = unit_at(t, x->r->g, i);
		if (unit > 0 && i + unit <= to && !rtext_has(t, i, "重量")) {
			x->unit_from[k] = i;
			x->unit_to[k] = i + unit;
			return;
		}
	}
}

static bool read_heads(struct table *x, uint32_t from, uint32_t to)
{
	struct cells cells;
	bool name = false, amount = false;

	cut_cells(x, from, to, &cells);
	x->len = cells.len;
	for (uint32_t k = 0; k < cells.len; k++) {
		x->columns[k] = column_of(&x->r->t, cells.from[k], cells.to[k]);
		name = name || x->columns[k] == COL_NAME || x->columns[k] == COL_SKU;
		amount = amount || x->columns[k] == COL_AMOUNT;
		if (x->columns[k] == COL_AMOUNT)
			column_unit(x, k, cells.from[k], cells.to[k]);
	}
	return name && amount;
}

/* ---- rows ---- */

static bool cell_of(
	const struct table *x, const struct cells *c, enum column want, uint32_t *from, uint32_t *to, uint32_t *col)
{
	for (uint32_t k = 0; k < c->len && k < x->len; k++)
		if (x->columns[k] == want && c->from[k] < c->to[k]) {
			*from = c->from[k];
			*to = c->to[k];
			*col = k;
			return true;
		}
	return false;
}

/* The whole cell is a name, else what its tokens say. */
static bool read_name(struct table *x, struct item *it, uint32_t from, uint32_t to)
{
	struct reader *r = x->r;
	struct tok *run;
	size_t n = 0;
	uint32_t open = to;

	for (uint32_t i = from; i < to; i++)
		if (r->t.at[i].cp == '(' && i > from) {
			open = i;
			break;
		}
	reader_tokens(r, from, open);
	run = ARENA_ARRAY(r->a, r->toks_len + 1, struct tok);
	for (size_t k = 0; k < r->toks_len; k++) {
		enum tok_kind kind = r->toks[k].kind;

		if (kind == TOK_WORD && r->toks[k].word == W_TOTAL)
			return false;
		if (kind == TOK_SEP || kind == TOK_SKIP)
			continue;
		run[n] = r->toks[k];
		/* Numbers in a name are its size: 大米25kg. */
		if (kind != TOK_GOODS && kind != TOK_LETTERS && kind != TOK_FOOD && kind != TOK_EMOJI)
			run[n].kind = TOK_UNKNOWN;
		n++;
	}
	if (n == 0)
		return false;
	it->name = name_of(r, run, n);
	it->named = true;
	if (open < to) {
		uint32_t end = r->t.at[to - 1].cp == ')' ? to - 1 : to;

		if (name_narrow(r, &it->name, open + 1, end)) {
			it->name.doubts &= it->name.wares_len == 1 ? ~(unsigned)DOUBT_SHARED : ~0U;
		} else {
			it->remark_from = open + 1;
			it->remark_to = end;
		}
	}
	return true;
}

static bool is_gap(const struct reader *r, const struct tok *t)
{
	return t->kind == TOK_SEP && is_blank(r->t.at[t->from].cp);
}

static void read_amount(
	struct table *x, struct item *it, const struct cells *c, uint32_t from, uint32_t to, uint32_t col)
{
	struct reader *r = x->r;
	uint32_t unit_from, unit_to, unit_col, seen = 0;

	reader_tokens(r, from, to);
	for (size_t k = 0; k < r->toks_len; k++) {
		const struct tok *t = &r->toks[k];

		if (t->kind == TOK_AMOUNT || t->kind == TOK_NUMBER) {
			it->amount = t->amount;
			it->counted = true;
			seen++;
		} else if (!is_gap(r, t) && !(t->kind == TOK_WORD && t->word == W_MERCY)) {
			it->doubts |= DOUBT_UNCLEAR; /* -2件, 2件? */
		}
	}
	it->doubts |= seen > 1 ? DOUBT_UNCLEAR : 0U;
	if (!it->counted || it->amount.unit_from < it->amount.unit_to)
		return;
	if (cell_of(x, c, COL_UNIT, &unit_from, &unit_to, &unit_col)) {
		it->amount.unit_from = unit_from;
		it->amount.unit_to = unit_to;
	} else {
		it->amount.unit_from = x->unit_from[col];
		it->amount.unit_to = x->unit_to[col];
	}
}

/* 件数 and 重量 in one row: which of them is ordered? */
static bool has_other_amount(const struct table *x, const struct cells *c, uint32_t col)
{
	for (uint32_t k = col + 1; k < c->len && k < x->len; k++)
		if (x->columns[k] == COL_AMOUNT && c->from[k] < c->to[k])
			return true;
	return false;
}

/* Something stands where no column is: a comma too many moved the cells. */
static bool has_strays(const struct table *x, const struct cells *c)
{
	for (uint32_t k = x->len; k < c->len; k++)
		if (c->from[k] < c->to[k])
			return true;
	return c->more;
}

/* -, /, 无: nothing is said. */
static bool says_nothing(const struct rtext *t, uint32_t from, uint32_t to)
{
	return to - from == 1 && (!is_alnum(t->at[from].cp) && (t->at[from].cp < 0x80 || rtext_has(t, from, "无")));
}

static void read_spec(struct table *x, struct item *it, uint32_t from, uint32_t to)
{
	if (it->name.wares_len == 0 || says_nothing(&x->r->t, from, to))
		return;
	if (name_narrow(x->r, &it->name, from, to))
		it->name.doubts &= it->name.wares_len == 1 ? ~(unsigned)DOUBT_SHARED : ~0U;
	else
		it->doubts |= DOUBT_UNCLEAR;
}

/* The code is known: what stands in the column of names must be the same goods. */
static bool names_other(struct table *x, const struct item *it, uint32_t from, uint32_t to)
{
	struct item other = { .day = DATE_NONE };
	struct name own = it->name;

	if (says_nothing(&x->r->t, from, to) || name_narrow(x->r, &own, from, to))
		return false;
	if (!read_name(x, &other, from, to))
		return true;
	for (uint32_t i = 0; i < other.name.wares_len; i++)
		if (other.name.wares[i] == it->name.wares[0])
			return false;
	return true;
}

static void read_price(struct table *x, struct item *it, uint32_t from, uint32_t to)
{
	struct reader *r = x->r;

	reader_tokens(r, from, to);
	for (size_t k = 0; k < r->toks_len; k++) {
		const struct tok *t = &r->toks[k];

		if (t->kind == TOK_QUOTE)
			it->quote = t->quote;
		else if (t->kind == TOK_NUMBER && t->amount.n.milli < INT64_C(1000000000))
			it->quote = (struct quote){ .price = { t->amount.n.milli * 10 } };
		it->quoted = it->quoted || t->kind == TOK_QUOTE || t->kind == TOK_NUMBER;
	}
}

static void read_remark(struct table *x, struct item *it, uint32_t from, uint32_t to)
{
	struct reader *r = x->r;

	if (it->name.wares_len > 1 && name_narrow(r, &it->name, from, to) && it->name.wares_len == 1 && to - from >= 2)
		it->name.doubts &= ~(unsigned)DOUBT_SHARED;
	reader_tokens(r, from, to);
	for (size_t k = 0; k < r->toks_len; k++) {
		const struct tok *t = &r->toks[k];

		if (t->kind != TOK_WORD)
			continue;
		it->doubts |= t->word == W_IF ? DOUBT_IF : 0U;
		it->doubts |= t->word == W_UNSURE || (t->word == W_CANCEL && r->toks_len == 1) ? DOUBT_UNCLEAR : 0U;
	}
	if (it->remark_from < it->remark_to) {
		it->remark2_from = from;
		it->remark2_to = to;
	} else {
		it->remark_from = from;
		it->remark_to = to;
	}
}

static void read_row(struct table *x, const struct cells *c, uint32_t line_from, uint32_t line_to)
{
	struct item it = { .day = DATE_NONE, .customer = x->customer };
	uint32_t from, to, col;

	it.from = line_from;
	it.to = line_to;
	trim(&x->r->t, &it.from, &it.to);
	if (cell_of(x, c, COL_SKU, &from, &to, &col) && read_name(x, &it, from, to) && it.name.unknown)
		it.named = false;
	if (cell_of(x, c, COL_NAME, &from, &to, &col)) {
		if (it.named && names_other(x, &it, from, to))
			it.doubts |= DOUBT_UNCLEAR;
		it.named = it.named || read_name(x, &it, from, to);
	}
	if (!it.named)
		return;
	if (cell_of(x, c, COL_AMOUNT, &from, &to, &col)) {
		read_amount(x, &it, c, from, to, col);
		it.doubts |= has_other_amount(x, c, col) ? DOUBT_UNCLEAR : 0U;
	}
	it.doubts |= has_strays(x, c) ? DOUBT_UNCLEAR : 0U;
	if (!it.counted && it.name.unknown)
		return; /* a head between the rows, or a note below them */
	if (cell_of(x, c, COL_SPEC, &from, &to, &col))
		read_spec(x, &it, from, to);
	if (cell_of(x, c, COL_PRICE, &from, &to, &col))
		read_price(x, &it, from, to);
	if (cell_of(x, c, COL_REMARK, &from, &to, &col))
		read_remark(x, &it, from, to);
	if (!it.counted)
		it.dropped = true; /* a row that was left empty */
	else if (it.name.unknown)
		said_span(x->r, &x->s->unclear, &x->s->unclear_len, &x->s->unclear_cap, it.from, it.to);
	said_item(x->r, x->s, &it);
}

static uint32_t filled(const struct cells *c)
{
	uint32_t n = 0;

	for (uint32_t k = 0; k < c->len; k++)
		n += c->from[k] < c->to[k];
	return n;
}

/* Rows until a line that has no cells. */
static uint32_t read_rows(struct table *x, uint32_t i, uint32_t to)
{
	struct cells cells;

	while (i < to) {
		uint32_t end = line_end(&x->r->t, i, to);

		cut_cells(x, i, end, &cells);
		if (filled(&cells) == 1 && cells.len == 1)
			break;
		if (filled(&cells) >= 2)
			read_row(x, &cells, i, end);
		i = end < to ? end + 1 : to;
	}
	return i;
}

static bool find_heads(struct table *x, uint32_t from, uint32_t to)
{
	static const struct {
		uint32_t mark;
		bool wide;
	} marks[] = { { '\t', false }, { '|', false }, { '|', true }, { ',', false }, { ',', true }, { ';', false },
		{ ';', true } };

	for (size_t k = 0; k < ARRAY_LEN(marks); k++) {
		x->mark = marks[k].mark;
		x->wide = marks[k].wide;
		if (read_heads(x, from, to))
			return true;
	}
	return false;
}

bool table_heads(struct reader *r, uint32_t from, uint32_t to)
{
	struct table x = { .r = r };

	return find_heads(&x, from, to);
}

uint32_t reader_table(struct reader *r, struct said *s, uint32_t from, uint32_t to, const char *customer)
{
	struct table x = { .r = r, .s = s, .customer = customer };
	uint32_t end = line_end(&r->t, from, to);

	must(find_heads(&x, from, end));
	return read_rows(&x, end < to ? end + 1 : to, to);
}
