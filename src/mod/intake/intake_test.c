/* Order lists are understood by their heads, whatever the head is called; what comes in is kept once. */
#include "mod/catalog/test/world.h"

#include "base/utf8.h"
#include "mod/catalog/catalog.h"
#include "mod/customer/customer.h"
#include "mod/intake/intake_int.h"
#include "mod/intake/intake_table.h"

static struct table guessed(struct ctx *c, const char *csv)
{
	struct sheet s = world_sheet(c, csv);
	const char *text;
	struct table t;

	assert_true(table_text(c, &s, &text));
	assert_true(table_find(c, text, &t));
	table_guess(c, &t);
	return t;
}

static void says(const struct table *t, size_t row, enum column_role role, const char *want)
{
	assert_string_equal(table_cell(t, &t->rows[row], role), want);
}

static void heads_are_found_under_titles(void **state)
{
	struct ctx *c = *state;
	struct table t =
		guessed(c, "育芳实验小学订货单,,,\n送货日期：11月25日,,联系人：周,\n品名,规格,件数,备注\n土豆,,3,\n"
			   "西红柿,,2,要红透的\n,,,\n牛奶,250ml*24,8,\n合计,,13,\n");

	assert_int_equal(t.head, 2);
	assert_int_equal(t.roles[0], COL_NAME);
	assert_int_equal(t.roles[1], COL_SPEC);
	assert_int_equal(t.roles[2], COL_QUANTITY);
	assert_int_equal(t.roles[3], COL_REMARK);
	says(&t, 4, COL_REMARK, "要红透的");
	assert_true(table_row_counts(&t, 3));
	assert_false(table_row_counts(&t, 5)); /* empty */
	assert_false(table_row_counts(&t, 7)); /* the total */
	assert_int_equal(t.rows[6].number, 7);
	assert_string_equal(table_place(c, &t, &t.rows[6], COL_QUANTITY), "C7");
}

/* Only a cell that is the word makes a row of sums, and only where no goods stand beside it. */
static void goods_may_be_called_like_a_total(void **state)
{
	struct ctx *c = *state;
	struct table t = guessed(c,
		"货号,品名,数量,备注\n,Total 洗衣液,3,\n,合计牌酱油,2,\n,小计蔬菜,1,\n,土豆,4,小计\n"
		"S1,合计,5,\n,Summer 葡萄,1,\n,合计：,15,\n,总计 15,,\n,Grand Total:,15,\n,小计　,1,\n合计,,15,\n");

	for (size_t i = 1; i <= 6; i++)
		if (!table_row_counts(&t, i))
			fail_msg("row %zu is goods", i);
	for (size_t i = 7; i < t.rows_len; i++)
		if (table_row_counts(&t, i))
			fail_msg("row %zu is a sum", i);
	assert_int_equal(t.rows_len, 12);
}

static void heads_in_english(void **state)
{
	struct ctx *c = *state;
	struct table t = guessed(
		c, "No.;Item Code;Description;Qty;UOM;Unit Price;Amount;Notes\n1;SC0101;Potato;2;case;3.20;6.40;big\n");

	assert_int_equal(t.head, 0);
	says(&t, 1, COL_SKU, "SC0101");
	says(&t, 1, COL_NAME, "Potato");
	says(&t, 1, COL_QUANTITY, "2");
	says(&t, 1, COL_UNIT, "case");
	says(&t, 1, COL_PRICE, "3.20");
	says(&t, 1, COL_REMARK, "big");
}

static void the_amount_is_not_the_quantity(void **state)
{
	struct ctx *c = *state;
	struct table t = guessed(c, "序号,商品名称,订货数量(件),含税单价,金额\n1,土豆,3,2.00,6.00\n");

	says(&t, 1, COL_NAME, "土豆");
	says(&t, 1, COL_QUANTITY, "3");
	says(&t, 1, COL_PRICE, "2.00");
	assert_int_equal(t.roles[4], COL_OTHER);
}

static void without_a_head_the_cells_tell(void **state)
{
	struct ctx *c = *state;
	struct table t = guessed(c, "1\t土豆\t3件\t\n2\t西红柿\t2箱\t红的\n3\t胡萝卜\t10斤\t\n");

	assert_int_equal(t.head, -1);
	says(&t, 0, COL_NAME, "土豆");
	says(&t, 0, COL_QUANTITY, "3件");
	says(&t, 1, COL_REMARK, "红的");
	assert_true(table_row_counts(&t, 0));
}

static void columns_go_out_and_come_back(void **state)
{
	struct ctx *c = *state;
	struct table t = guessed(c, "品名,数量,什么\n土豆,3,x\n"), u = t;

	t.roles[2] = COL_REMARK;
	assert_true(table_columns_set(c, table_columns_json(c, &t), &u));
	assert_int_equal(u.roles[2], COL_REMARK);
	assert_int_equal(u.head, 0);
	assert_false(table_columns_set(c, "{\"head\":99,\"roles\":[]}", &u));
	assert_false(table_columns_set(c, "nonsense", &u));
	assert_string_equal(table_head_key(c, &t), "品名|数量|什么|");
}

/* What a list is remembered by is written to a database that takes whole characters only. */
static void a_long_head_is_cut_between_characters(void **state)
{
	struct ctx *c = *state;
	struct buf csv;
	struct table t;
	const char *key;

	buf_init(&csv, c->arena);
	buf_str(&csv, "品名,数量");
	for (int i = 0; i < 50; i++)
		buf_str(&csv, ",很长的一列");
	buf_str(&csv, "\n土豆,3\n");
	t = guessed(c, buf_cstr(&csv));
	key = table_head_key(c, &t);
	assert_true(strlen(key) > 490 && strlen(key) <= 500);
	assert_true(utf8_clean(key, strlen(key)));
}

static void words_are_no_table(void **state)
{
	struct ctx *c = *state;
	struct table t;

	assert_false(table_find(c, "土豆2件\n青椒1件", &t));
	assert_false(table_find(c, "一个\t空格", &t));
	assert_false(table_find(c, "", &t));
}

static void the_plain_table_knows_its_rows(void **state)
{
	struct ctx *c = *state;
	struct sheet s = world_sheet(c, "订单,\n件数,货名\n3,土豆\n合计,\n");
	const char *text, *plain;
	struct table t;
	int64_t *at;
	size_t len;

	assert_true(table_text(c, &s, &text));
	assert_true(table_find(c, text, &t));
	table_guess(c, &t);
	plain = table_plain(c, &t, text, NULL, &at, &len);
	assert_string_equal(plain, "订单\n货号\t品名\t规格\t件数\t单位\t单价\t备注\n\t土豆\t\t3\t\t\t\n");
	assert_int_equal(len, 3);
	assert_int_equal(at[0], -1);
	assert_int_equal(at[2], 2);
}

/* ---- once ---- */

static struct intake_raw words(const char *text, const char *sender)
{
	return (struct intake_raw){ .channel = "chat",
		.text = text,
		.sender = sender,
		.received_at = INSTANT_NONE,
		.customer_id = INT64_MIN,
		.order_id = INT64_MIN };
}

static void the_same_words_are_kept_once_a_day(void **state)
{
	struct ctx *c = *state;
	struct intake_raw raw = words("照旧", "wx1");
	int64_t first, id;
	bool existed;

	assert_true(intake_receive(c, &raw, &first, &existed));
	assert_false(existed);
	assert_true(intake_receive(c, &raw, &id, &existed));
	assert_true(existed);
	assert_int_equal(first, id);
	raw.sender = "wx2";
	assert_true(intake_receive(c, &raw, &id, &existed));
	assert_false(existed);
	raw.sender = "wx1";
	raw.received_at.us = c->now.us + DAY_US;
	assert_true(intake_receive(c, &raw, &id, &existed));
	assert_false(existed);
	raw.received_at.us = c->now.us;
	raw.again = true;
	assert_true(intake_receive(c, &raw, &id, &existed));
	assert_false(existed);
}

static void a_number_of_its_own_counts_more(void **state)
{
	struct ctx *c = *state;
	struct intake_raw raw = words("照旧", "wx1");
	int64_t first, id;
	bool existed;

	raw.external_id = "m1";
	assert_true(intake_receive(c, &raw, &first, &existed));
	raw.external_id = "m2";
	assert_true(intake_receive(c, &raw, &id, &existed));
	assert_false(existed);
	raw.external_id = "m1";
	raw.text = "other words";
	assert_true(intake_receive(c, &raw, &id, &existed));
	assert_true(existed && id == first);
}

static void what_cannot_be_read_says_why(void **state)
{
	struct ctx *c = *state;
	struct intake_raw raw = words(NULL, "wx1");
	struct intake_full f;
	int64_t id;
	bool existed;

	raw.bytes = (struct bytes){ (const uint8_t *)"%PDF-1.7", 8 };
	raw.problem = "a paper";
	assert_true(intake_receive(c, &raw, &id, &existed));
	assert_true(intake_get(c, id, &f));
	assert_int_equal(f.in.state, IN_NEW);
	assert_string_equal(f.in.problem, "a paper");
	assert_int_equal(f.lines_len, 0);
}

static int64_t potatoes_for(struct ctx *c, const char *customer)
{
	struct product_in potato;
	struct customer_in who;
	int64_t id;

	fields_clear(product_new_fields, &potato);
	potato.sku = "P1";
	potato.name = "黄心土豆";
	potato.base_unit = "公斤";
	assert_true(price_parse("2.00", &potato.price));
	assert_true(product_create(c, &potato, &id));
	fields_clear(customer_new_fields, &who);
	who.code = customer;
	who.name = "江南食堂";
	assert_true(customer_create(c, &who, &id));
	return id;
}

static void a_document_comes(
	struct ctx *c, int64_t customer_id, const struct intake_doc *doc, struct intake_full *f, int64_t *order_id)
{
	static struct actor clerk = { 8, "mei.fang", "梅芳", ROLE_clerk, NULL };
	struct intake_raw raw = words(NULL, "edi");
	int64_t id;
	bool existed;

	c->actor = &clerk;
	raw.channel = "edi";
	raw.external_id = "D1";
	raw.customer_id = customer_id;
	raw.delivery_date = (struct date){ today(c).day + 1 };
	assert_true(intake_receive_doc(c, &raw, doc, &id, order_id, &existed));
	assert_false(existed);
	assert_true(intake_get(c, id, f));
}

static void a_plain_document_is_an_order(void **state)
{
	static const struct intake_doc_line line = { .sku = "P1", .quantity = "3", .unit = "公斤" };
	struct ctx *c = *state;
	struct intake_full f;
	int64_t order_id;

	a_document_comes(c, potatoes_for(c, "C1"), &(struct intake_doc){ &line, 1 }, &f, &order_id);
	assert_int_equal(f.in.state, IN_ORDERED);
	assert_true(order_id > 0);
	assert_null(f.in.problem);
}

/* Half of it may not have been read: a person looks first. */
static void a_document_too_long_to_read_is_no_order(void **state)
{
	struct ctx *c = *state;
	struct intake_doc_line *lines = ARENA_ARRAY(c->arena, 500, struct intake_doc_line);
	char *note = arena_alloc(c->arena, 601);
	struct intake_full f;
	int64_t order_id;

	memset(note, 'x', 600);
	for (size_t i = 0; i < 500; i++)
		lines[i] = (struct intake_doc_line){ .sku = "P1", .quantity = "3", .unit = "公斤", .remarks = note };
	a_document_comes(c, potatoes_for(c, "C1"), &(struct intake_doc){ lines, 500 }, &f, &order_id);
	assert_int_equal(f.in.state, IN_PROPOSED);
	assert_int_equal(order_id, INT64_MIN);
	assert_non_null(strstr(f.in.problem, "too long"));
	assert_true(strlen(f.in.text) <= 200000 && f.in.text[strlen(f.in.text) - 1] == '\n');
	assert_in_range(f.lines_len, 300, 499);
	assert_string_equal(f.lines[f.lines_len - 1].remarks, note); /* no row is cut in its middle */
}

/* The rules refuse the order, not what came in. */
static void a_document_refused_by_a_rule_is_kept(void **state)
{
	static const struct intake_doc_line line = { .sku = "P1", .quantity = "3", .unit = "公斤" };
	struct ctx *c = *state;
	int64_t who = potatoes_for(c, "C1"), order_id;
	struct customer_in gone;
	struct intake_full f;

	fields_clear(customer_change_fields, &gone);
	gone.active = "false";
	assert_true(customer_change(c, who, INT64_MIN, &gone, false));
	a_document_comes(c, who, &(struct intake_doc){ &line, 1 }, &f, &order_id);
	assert_int_equal(f.in.state, IN_PROPOSED);
	assert_int_equal(order_id, INT64_MIN);
	assert_non_null(strstr(f.in.problem, "江南食堂"));
	assert_int_equal(f.lines_len, 1);
}

/* ---- putting two together ---- */

struct listening {
	int64_t id;
	int heard;
};

static void hear_joined(void *who, const struct heard *h)
{
	struct listening *l = who;

	l->heard += strcmp(h->kind, "intake.joined") == 0 && h->entity_id == l->id;
}

static void what_was_joined_is_on_record(void **state)
{
	static struct actor clerk = { 8, "mei.fang", "梅芳", ROLE_clerk, NULL };
	struct ctx *c = *state;
	struct intake_raw raw = words("喵喵喵4个", "wx1");
	struct intake_full f;
	struct listening l = { 0 };
	int64_t id;
	bool existed;

	c->actor = &clerk;
	assert_true(intake_receive(c, &raw, &l.id, &existed));
	raw.sender = "wx2";
	assert_true(intake_receive(c, &raw, &id, &existed));
	assert_true(intake_get(c, id, &f));
	assert_true(intake_join(c, &f, INT64_MIN, l.id, true, "two parts"));
	ledger_committed(*db_user(c->db), hear_joined, &l);
	assert_int_equal(l.heard, 1);
	assert_true(intake_get(c, l.id, &f));
	assert_int_equal(f.lines_len, 2);
}

/* ---- life: every state × every move ---- */

static void moves_are_those_of_the_table(void **state)
{
	static const bool allowed[6][IE_COUNT] = {
		[IN_NEW] = { [IE_READ] = true,
			[IE_CLAIM] = true,
			[IE_WAIT] = true,
			[IE_MERGE] = true,
			[IE_DISMISS] = true },
		[IN_PROPOSED] = { [IE_READ] = true,
			[IE_CLAIM] = true,
			[IE_WAIT] = true,
			[IE_MERGE] = true,
			[IE_DISMISS] = true },
		[IN_WAITING] = { [IE_READ] = true,
			[IE_CLAIM] = true,
			[IE_RESUME] = true,
			[IE_MERGE] = true,
			[IE_DISMISS] = true },
		[IN_NOT_AN_ORDER] = { [IE_REOPEN] = true },
	};
	struct ctx *c = *state;
	struct actor clerk = { 8, "mei.fang", "梅芳", ROLE_clerk, NULL };
	struct intake_raw raw = words("照旧", "wx1");
	int64_t id;
	bool existed;

	c->actor = &clerk;
	assert_true(intake_receive(c, &raw, &id, &existed));
	for (int from = IN_NEW; from <= IN_NOT_AN_ORDER; from++)
		for (int e = 0; e < IE_COUNT; e++) {
			struct intake_full f;
			assert_true(intake_get(c, id, &f));
			f.in.state = from;
			if (e == IE_RELEASE || e == IE_ORDER) /* guarded: nobody works on it, and a line is open */
				refused(c, intake_move(c, &f, (enum intake_event)e, INT64_MIN, NULL), E_CONFLICT);
			else if (allowed[from][e])
				assert_true(intake_move(c, &f, (enum intake_event)e, INT64_MIN, NULL));
			else
				refused(c, intake_move(c, &f, (enum intake_event)e, INT64_MIN, NULL), E_CONFLICT);
			if (e == IE_CLAIM && allowed[from][e])
				assert_true(intake_move(c, &f, IE_RELEASE, INT64_MIN, NULL));
		}
}

/* A customer and one product to order. */
static int64_t a_customer_of_potatoes(struct ctx *c)
{
	static const struct actor clerk = { .id = 8, .login = "mei.fang", .name = "梅芳", .role = ROLE_clerk };
	struct product_in p;
	struct customer_in k;
	int64_t id;

	fields_clear(product_new_fields, &p);
	p.sku = "SC0101";
	p.name = "黄心土豆";
	p.base_unit = "公斤";
	p.price.e4 = 20000;
	assert_true(product_create(c, &p, &id));
	fields_clear(customer_new_fields, &k);
	k.code = "C006";
	k.name = "江南食堂";
	assert_true(customer_create(c, &k, &id));
	c->actor = &clerk;
	return id;
}

static int64_t order_by_doc(
	struct ctx *c, int64_t customer_id, const char *number, size_t lines_len, const char *remark)
{
	struct intake_doc_line *lines = ARENA_ARRAY(c->arena, lines_len, struct intake_doc_line);
	struct intake_doc doc = { lines, lines_len };
	struct intake_raw raw = { .channel = "online",
		.external_id = number,
		.customer_id = customer_id,
		.delivery_date = { today(c).day + 1 } };
	int64_t id, order_id;
	bool existed;

	for (size_t i = 0; i < lines_len; i++)
		lines[i] = (struct intake_doc_line){
			.sku = "SC0101", .name = "黄心土豆", .quantity = "2", .unit = "公斤", .remarks = remark
		};
	assert_true(intake_receive_doc(c, &raw, &doc, &id, &order_id, &existed));
	return order_id;
}

/* 1500 remarks of 180 bytes are more text than is read: an order of the first thousand lines would be wrong and look right. */
static void a_document_that_is_cut_is_no_order(void **state)
{
	struct ctx *c = *state;
	int64_t customer_id = a_customer_of_potatoes(c);

	assert_int_equal(order_by_doc(c, customer_id, "p:2", 1500,
				 "要大的要大的要大的要大的要大的要大的要大的要大的要大的要大的要大的要大的要大的要大的"
				 "要大的要大的"
				 "要大的要大的要大的要大的"),
		INT64_MIN);
}

static void what_the_sender_calls_another_order_is_one(void **state)
{
	struct ctx *c = *state;
	int64_t customer_id = a_customer_of_potatoes(c), id, order_id;
	struct intake_doc_line line = { .sku = "SC0101", .name = "黄心土豆", .quantity = "2", .unit = "公斤" };
	struct intake_doc doc = { &line, 1 };
	struct intake_raw raw = { .channel = "online",
		.external_id = "p:3",
		.customer_id = customer_id,
		.delivery_date = { today(c).day + 1 },
		.kept_reason = "另外一单" };
	bool existed;

	assert_int_not_equal(order_by_doc(c, customer_id, "p:1", 1, NULL), INT64_MIN);
	assert_int_equal(order_by_doc(c, customer_id, "p:2", 1, NULL), INT64_MIN);
	assert_true(intake_receive_doc(c, &raw, &doc, &id, &order_id, &existed));
	assert_int_not_equal(order_id, INT64_MIN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_TEST(heads_are_found_under_titles),
		WORLD_TEST(goods_may_be_called_like_a_total),
		WORLD_TEST(heads_in_english),
		WORLD_TEST(the_amount_is_not_the_quantity),
		WORLD_TEST(without_a_head_the_cells_tell),
		WORLD_TEST(columns_go_out_and_come_back),
		WORLD_TEST(a_long_head_is_cut_between_characters),
		WORLD_TEST(words_are_no_table),
		WORLD_TEST(the_plain_table_knows_its_rows),
		WORLD_TEST(the_same_words_are_kept_once_a_day),
		WORLD_TEST(a_number_of_its_own_counts_more),
		WORLD_TEST(what_cannot_be_read_says_why),
		WORLD_TEST(a_plain_document_is_an_order),
		WORLD_TEST(a_document_too_long_to_read_is_no_order),
		WORLD_TEST(a_document_refused_by_a_rule_is_kept),
		WORLD_TEST(what_was_joined_is_on_record),
		WORLD_TEST(moves_are_those_of_the_table),
		WORLD_TEST(a_document_that_is_cut_is_no_order),
		WORLD_TEST(what_the_sender_calls_another_order_is_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
