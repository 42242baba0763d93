/* company: goods, a customer and an approved order, for the tests of what comes after the review. */
#ifndef MOD_SHIP_TEST_COMPANY_H
#define MOD_SHIP_TEST_COMPANY_H

#include "mod/catalog/catalog.h"
#include "mod/catalog/test/world.h"
#include "mod/review/review_int.h"
#include "mod/ship/ship_int.h"

static struct actor clerk = { 11, "chen", "陈", ROLE_clerk, NULL },
		    reviewer = { 12, "zhao", "赵", ROLE_reviewer, NULL },
		    warehouse = { 13, "lin", "林", ROLE_warehouse, NULL };

static void product_with_stock(struct ctx *c, const char *sku)
{
	struct stock_booking b = { .quantity = world_qty("100"),
		.reason = "receipt",
		.warehouse = "main",
		.location = "A1",
		.lot = "L1",
		.expires = DATE_NONE };
	struct product_in in;
	int64_t movement;

	fields_clear(product_new_fields, &in);
	in.sku = in.name = sku;
	in.base_unit = "公斤";
	in.price = world_price("3.33");
	assert_true(product_create(c, &in, &b.product_id));
	assert_true(stock_book(c, &b, &movement));
}

static void customer_with_limit(struct ctx *c, const char *limit)
{
	struct customer_in in;
	int64_t id;

	fields_clear(customer_new_fields, &in);
	in.code = "C1";
	in.name = "江南一中";
	in.email = "buyer@example.com";
	in.credit_limit = world_money(limit);
	in.credit_days = 30;
	assert_true(customer_create(c, &in, &id));
}

/* Two lines, confirmed with the customer and approved by somebody else. */
static void approved_order(struct ctx *c, struct order *o)
{
	struct order_line_in lines[2];
	struct review_decision d = { .delivery_date = DATE_NONE };
	struct order_in in;
	struct review rv;
	bool found;

	for (size_t i = 0; i < 2; i++) {
		fields_clear(order_line_in_fields, &lines[i]);
		lines[i].sku = i == 0 ? "apple" : "pear";
		lines[i].quantity = world_qty(i == 0 ? "10" : "7");
	}
	fields_clear(order_in_fields, &in);
	in.channel = enum_find(order_channel_names, "phone");
	in.customer = "C1";
	in.delivery_date = world_date("2026-11-25");
	in.lines = lines;
	in.lines_len = 2;
	c->actor = &clerk;
	assert_true(order_create(c, &in, o, &found) && order_get_full(c, o->id, o) &&
		    order_move(c, o, OE_SUBMIT, INT64_MIN, NULL));
	o->confirmed_by = clerk.id;
	assert_true(order_move(c, o, OE_CONFIRM, INT64_MIN, NULL) && review_find_open(c, o->id, &rv, &found));
	c->actor = &reviewer;
	assert_true(review_approve(c, rv.id, INT64_MIN, &d));
	c->actor = &warehouse;
}

#endif
