/* Who orders: the account that sent it, else phones and names in the text. A message may order for several: then each part
 * begins with a name, a colon or a dash. */
#include "mod/reading/reading_int.h"

#include "gen/reading_sql.h"
#include "mod/customer/customer.h"
#include "mod/reading/reading_row.h"

#include <string.h>

#define HITS      8
#define PARTS_MAX 40

const struct field alias_row_fields[] = {
	FIELD(struct alias_row, alias, T_none),
	FIELD(struct alias_row, product_id, T_none),
	FIELD_END,
};

/* ---- what the customer calls our goods ---- */

static int by_id(const void *key, const void *at)
{
	int64_t id = *(const int64_t *)key, own = ((const struct ware *)at)->id;

	return (id > own) - (id < own);
}

/* Goods stand in the order of their ids. SIZE_MAX: not sold any more. */
static size_t ware_of(const struct wares *g, int64_t id)
{
	size_t lo = 0, hi = g->wares_len;

	while (lo < hi) {
		size_t mid = (lo + hi) / 2;

		if (by_id(&id, &g->wares[mid]) > 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < g->wares_len && g->wares[lo].id == id ? lo : SIZE_MAX;
}

/* English words are said of one and of many. */
static void add_plural(struct names *n, const char *alias, uint32_t ref)
{
	uint32_t cps[NAME_CHARS_MAX + 1], len = rtext_fold_name(alias, cps, NAME_CHARS_MAX);

	if (len < 3 || len == NAME_CHARS_MAX || !is_alnum(cps[len - 1]) || is_digit(cps[len - 1]))
		return;
	if (cps[len - 1] == 's') {
		names_add(n, cps, len - 1, ref);
		if (len > 4 && cps[len - 2] == 'e' && cps[len - 3] == 'o')
			names_add(n, cps, len - 2, ref);
		return;
	}
	cps[len] = 's';
	names_add(n, cps, len + 1, ref);
}

/* Wares by place, first as they were written and then in the plural; a name that is not sold any more is left out. */
static struct aliases *aliases_of(struct reader *r, const struct alias_row *rows, size_t len)
{
	struct aliases *all = ARENA_NEW(r->a, struct aliases);

	all->names = names_new(r->a);
	all->wares = ARENA_ARRAY(r->a, 2 * len + 1, uint32_t);
	all->written = (uint32_t)len;
	for (uint32_t i = 0; i < len; i++) {
		size_t ware = ware_of(r->g, rows[i].product_id);

		all->wares[i] = all->wares[len + i] = (uint32_t)ware;
		if (ware == SIZE_MAX)
			continue;
		names_add_str(all->names, rows[i].alias, i);
		add_plural(all->names, rows[i].alias, (uint32_t)len + i);
	}
	names_finish(all->names);
	return all;
}

bool reader_aliases(struct reader *r, int64_t customer_id)
{
	struct alias_row *rows;
	size_t len;

	r->aliases = NULL;
	if (customer_id == 0)
		return true;
	if (!reading_aliases(r->c, customer_id, &rows, &len))
		return false;
	r->aliases = aliases_of(r, rows, len);
	return true;
}

/* What any of those who may have ordered calls our goods. */
static bool maybe_aliases(struct reader *r, const uint32_t *who, uint32_t who_len)
{
	int64_t *ids = ARENA_ARRAY(r->a, who_len + 1, int64_t);
	struct alias_row *rows;
	size_t len;

	for (uint32_t i = 0; i < who_len; i++)
		ids[i] = r->people->all[who[i]].id;
	if (!reading_aliases_of(r->c, (struct i64s){ ids, who_len }, &rows, &len))
		return false;
	r->maybe = aliases_of(r, rows, len);
	return true;
}

/* ---- mentions ---- */

/* Nobody yet, some of whom it is one, or contradictory. */
struct guess {
	uint32_t who[HITS];
	uint32_t len;
	bool any, torn;
};

static void guess_meet(struct guess *g, const uint32_t *who, uint32_t len)
{
	uint32_t kept = 0, before[HITS], before_len = g->len;

	memcpy(before, g->who, sizeof(before));
	if (!g->any) {
		g->len = len < HITS ? len : HITS;
		memcpy(g->who, who, g->len * sizeof(*who));
		g->any = true;
		return;
	}
	for (uint32_t i = 0; i < g->len; i++)
		for (uint32_t j = 0; j < len; j++)
			if (g->who[i] == who[j]) {
				g->who[kept++] = who[j];
				break;
			}
	if (kept > 0) {
		g->len = kept;
		return;
	}
	/* Two that contradict each other: it may be any of them. */
	g->torn = true;
	memcpy(g->who, before, sizeof(before));
	g->len = before_len;
	for (uint32_t j = 0; j < len && g->len < HITS; j++)
		g->who[g->len++] = who[j];
}

static bool any_before(const struct rtext *t, uint32_t i)
{
	static const char *const lead[] = { "我是", "这里是", "这边是", "我们是", "是", "给", "替", "帮", "代", "这里",
		"hi", "from", "客户:", "客户", "单位:", "我" };

	if (i == 0 || t->at[i - 1].cp < 0x4E00 || t->at[i - 1].cp > 0x9FFF)
		return !(i > 0 && is_alnum(t->at[i - 1].cp) && is_alnum(t->at[i].cp));
	for (size_t k = 0; k < ARRAY_LEN(lead); k++)
		for (uint32_t back = 1; back <= 3 && back <= i; back++)
			if (rtext_has(t, i - back, lead[k]) == back)
				return true;
	return false;
}

static bool any_behind(const struct rtext *t, uint32_t i)
{
	static const char *const tail[] = { "来电", "打来", "电话", "来微信", "微信", "说", "要", "订", "的", "店",
		"家", "这边", "老板", "报", "明", "今", "后天", "下单", "代", "采购", "食堂", "那边", "加", "补",
		"不要", "取消", "改", "减", "再", "师傅", "大姐", "姐", "哥", "经理", "老师", "总", "请", "发来", "(",
		"厨房", "后厨", "里" };

	if (i >= t->len || t->at[i].cp < 0x4E00 || t->at[i].cp > 0x9FFF)
		return true;
	for (size_t k = 0; k < ARRAY_LEN(tail); k++)
		if (rtext_has(t, i, tail[k]))
			return true;
	return false;
}

/* A name that goods have too, before an amount, is of the goods. */
static bool is_goods(const struct reader *r, uint32_t i, uint32_t to)
{
	struct name_hit hits[HITS];
	struct amount amount;
	uint32_t n = names_at(r->g->names, &r->t, i, hits, HITS);

	while (to < r->t.len && is_blank(r->t.at[to].cp))
		to++;
	return (n > 0 && hits[n - 1].chars >= to - i) || amount_at(&r->t, r->g, to, &amount) > 0;
}

/* The longest name at i that stands as one; another mention right behind it is a boundary too. */
static uint32_t mention_at(const struct reader *r, uint32_t i, struct name_hit *out)
{
	struct name_hit hits[HITS], next[HITS];
	uint32_t n;

	if (r->t.at[i].is_void || !any_before(&r->t, i))
		return 0;
	n = names_at(r->people->names, &r->t, i, hits, HITS);
	while (n > 0) {
		uint32_t to = i + hits[n - 1].chars;

		*out = hits[--n];
		if (out->chars >= 2 &&
			(any_behind(&r->t, to) || names_at(r->people->names, &r->t, to, next, HITS) > 0) &&
			!is_goods(r, i, to))
			return out->chars;
	}
	return 0;
}

static uint32_t phone_owner(const struct reader *r, uint32_t i, uint32_t *who)
{
	char digits[16];
	uint32_t len = phone_at(&r->t, i, digits), found = 0;

	for (uint32_t k = 0; len > 0 && k < r->people->phones_len; k++)
		if (strcmp(r->people->phones[k].digits, digits) == 0) {
			*who = r->people->phones[k].who;
			found++;
		}
	return found == 1 ? len : 0;
}

static void look_around(const struct reader *r, struct guess *g)
{
	struct guess by_phone = { 0 };
	struct name_hit hit;
	uint32_t who, len;

	for (uint32_t i = 0; i < r->t.len; i++) {
		if (r->t.at[i].is_void)
			continue;
		if (phone_owner(r, i, &who))
			guess_meet(&by_phone, &who, 1);
		len = mention_at(r, i, &hit);
		if (len > 0) {
			guess_meet(g, hit.refs, hit.len);
			i += len - 1;
		}
	}
	/* A phone is surer than a name, but not against it. */
	if (by_phone.any && g->any)
		guess_meet(g, by_phone.who, by_phone.len);
	else if (by_phone.any)
		*g = by_phone;
}

/* ---- parts ---- */

static uint32_t blanks(const struct rtext *t, uint32_t i)
{
	uint32_t from = i;

	while (i < t->len && is_blank(t->at[i].cp))
		i++;
	return i - from;
}

/* 陈记——, 湘里人家:, 【好再来】 at the begin of a line, of exactly one customer. */
static uint32_t head_at(const struct reader *r, uint32_t i, uint32_t *who)
{
	struct name_hit hits[HITS];
	uint32_t from = i, n, to;

	i += blanks(&r->t, i);
	if (r->t.at[i].cp == '[' || r->t.at[i].cp == '#')
		i++;
	n = names_at(r->people->names, &r->t, i, hits, HITS);
	while (n > 0) {
		n--;
		to = i + hits[n].chars;
		to += rtext_has(&r->t, to, "要") + rtext_has(&r->t, to, "的");
		to += blanks(&r->t, to);
		if (hits[n].len == 1 && hits[n].chars >= 2 &&
			(r->t.at[to].cp == ':' || r->t.at[to].cp == '-' || r->t.at[to].cp == ']' ||
				r->t.at[to].cp == '\n')) {
			*who = hits[n].refs[0];
			return to + 1 - from;
		}
	}
	return 0;
}

static bool line_starts(const struct rtext *t, uint32_t i)
{
	return i == 0 || t->at[i - 1].cp == '\n' || t->at[i - 1].cp == ';' || t->at[i - 1].cp == 0x3002;
}

/* What is known of the customers by heart may go when the message is read; the answer stays. */
static const char *code_of(const struct reader *r, uint32_t who)
{
	return arena_strdup(r->a, r->people->all[who].code);
}

static size_t find_parts(const struct reader *r, struct part *parts)
{
	size_t n = 0, different = 0;
	uint32_t who, len;

	for (uint32_t i = 0; i < r->t.len && n < PARTS_MAX; i++) {
		if (r->t.at[i].is_void || !line_starts(&r->t, i))
			continue;
		len = head_at(r, i, &who);
		if (len == 0)
			continue;
		parts[n] = (struct part){ i + len, r->t.len, r->people->all[who].id, code_of(r, who) };
		if (n > 0) {
			parts[n - 1].to = i;
			different += parts[n].customer_id != parts[n - 1].customer_id;
		}
		n++;
	}
	return different > 0 ? n : 0;
}

static void whole(struct reader *r, struct part **parts, size_t *len)
{
	*parts = ARENA_NEW(r->a, struct part);
	**parts = (struct part){ .to = r->t.len };
	*len = 1;
}

static bool account(struct reader *r)
{
	struct customer u;
	bool found;

	if (!customer_find(r->c, r->in->customer, &u, &found))
		return false;
	if (!found)
		return fail_field(r->c, "/customer", E_UNKNOWN, T_reading_no_customer, r->in->customer);
	r->customer_id = u.id;
	r->customer = u.code;
	return true;
}

bool reader_customer(struct reader *r, struct part **parts, size_t *len)
{
	struct part *found = ARENA_ARRAY(r->a, PARTS_MAX + 2, struct part);
	struct guess g = { 0 };

	if (r->in->customer != NULL && !account(r))
		return false;
	*len = find_parts(r, found + 1);
	if (*len > 0) {
		/* What stands before the first name is of nobody: the greeting, the day. */
		found[0] = (struct part){ .to = found[1].from };
		*parts = found;
		++*len;
		return true;
	}
	whole(r, parts, len);
	if (r->customer_id != 0)
		return true;
	look_around(r, &g);
	if (g.len == 1 && !g.torn) {
		r->customer_id = r->people->all[g.who[0]].id;
		r->customer = code_of(r, g.who[0]);
	}
	return r->customer_id != 0 || g.len == 0 || maybe_aliases(r, g.who, g.len);
}
