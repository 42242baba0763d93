/* What the files of this module share. */
#ifndef MOD_SHOP_INT_H
#define MOD_SHOP_INT_H

#include "mod/customer/customer.h"
#include "mod/order/order.h"
#include "mod/shop/shop.h"

#define SHOP_COOKIE "huodan_shop"
#define SHOP_LINK   "shop"         /* the purpose of the link a clerk gives away */
#define SHOP_SIGNED "shop.session" /* and of the one that signing in opens for a while */

/* ---- who came in ---- */

struct shop {
	struct customer who;
	int64_t link_id;
	const char *at; /* where this visit's pages are: "/shop/TOKEN", "/shop/me" */
	bool signed_in;
};
/* By the address, or by the cookie of who signed in. A customer that was closed comes in no more. */
NODISCARD bool shop_open(struct ctx *c, struct req *r, struct shop *out);

struct shop_login {
	int64_t customer_id;
	const char *password;
	struct instant set_at;
};
extern const struct field shop_login_fields[];
struct shop_link {
	struct instant made_at, until_at;
};
extern const struct field shop_link_fields[];

/* ---- goods as the customer sees them ---- */

struct shop_unit {
	const char *unit;
	bool chosen;
};
extern const struct field shop_unit_fields[];

/* More is known of a product than a customer may see; what is not here does not leave the house. */
struct shop_good {
	int64_t n; /* its row in the form */
	const char *sku, *name, *spec, *origin;
	struct price price;
	const char *price_unit, *price_words;
	const char *stock; /* plenty, little, none */
	struct shop_unit *units;
	size_t units_len;
	const char *unit, *holds; /* holds: "1 件 = 20 公斤"; NULL: it is counted in it */
	struct qty quantity;
	const char *last; /* "2 件 · 11-20": what was taken the last time */
	const char *problem;
};
extern const struct field shop_good_fields[];

/* What is asked for: goods by number, with what the row says already. */
struct shop_want {
	const char *sku, *unit;
	struct qty quantity;
	const char *last, *problem;
};
/* In the order asked for, three queries however many; what is not sold is left out unless it is in the basket. */
NODISCARD bool shop_goods(struct ctx *c, const struct shop *s, struct date on, const struct shop_want *want, size_t len,
	struct shop_good **out, size_t *out_len);

/* ---- days and places ---- */

#define SHOP_DAYS 14
struct shop_day {
	struct date day;
	const char *words;
	bool chosen;
};
extern const struct field shop_day_fields[];
/* The first day that can still be promised: the cut-offs are those of the review. */
struct date shop_first_day(struct ctx *c);
NODISCARD bool shop_day_check(struct ctx *c, struct date day);

struct shop_place {
	int64_t id; /* 0: the customer's own address */
	const char *words;
	bool chosen;
};
extern const struct field shop_place_fields[];
NODISCARD bool shop_places(struct ctx *c, const struct shop *s, int64_t chosen, struct shop_place **out, size_t *len,
	const char **address);

/* ---- what is sent ---- */

struct shop_line_in {
	const char *sku, *unit;
	struct qty quantity;
	struct price price; /* as it was shown; NONE: whatever it is */
};
struct shop_in {
	struct date delivery_date;
	int64_t place;
	const char *remarks, *q, *after;
	bool again; /* another order, though it looks like one that is here */
	bool whole; /* the price list, not what was searched for */
	struct shop_line_in *lines;
	size_t lines_len;
};
extern const struct field shop_basket_fields[], shop_send_fields[];

/* The rows with a quantity, at the customer's prices of that day; what is wrong is named by the field of the form. */
struct shop_quote {
	struct order_line *lines;
	size_t *row; /* of the form, per line */
	size_t lines_len;
	struct money total;
	const char *address;
};
NODISCARD bool shop_quote(struct ctx *c, const struct shop *s, const struct shop_in *in, struct shop_quote *out);

struct shop_sent {
	int64_t id, order_id;
	const char *hash;
	struct instant received_at;
};
extern const struct field shop_sent_fields[];
/* Once per key; NULL: a new one. From a reading handler. E_CONFLICT: a price is another than was seen, or it looks like an
 * order of today. id: of what stands in the inbox. */
NODISCARD bool shop_send(struct ctx *c, const struct shop *s, const struct shop_in *in, const char *key, int64_t *id);

/* ---- pages ---- */

struct shop_order {
	int64_t id;
	const char *number, *state;
	struct date delivery_date;
	struct money total;
	struct instant created_at;
	int64_t lines_n;
	const char *at; /* of the visit, for its buttons */
};
extern const struct field shop_order_fields[];

struct shop_page {
	const char *at, *company, *company_phone, *customer_name, *remarks, *q, *next, *problem;
	bool signed_in;
	struct date delivery_date;
	struct shop_good *basket, *usual, *found;
	size_t basket_len, usual_len, found_len;
	struct shop_day *days;
	size_t days_len;
	struct shop_place *places;
	size_t places_len;
	struct shop_order *orders;
	size_t orders_len;
};
extern const struct field shop_page_fields[];

struct shop_check_line {
	int64_t n;
	const char *sku, *name, *unit, *price_unit, *price_words, *stock;
	struct qty quantity;
	struct price price, was; /* was: as it was shown before, where that is another */
	struct money amount;
};
extern const struct field shop_check_line_fields[];
struct shop_check {
	const char *at, *company, *company_phone, *customer_name, *address, *remarks, *twin;
	bool signed_in, changed;
	int64_t place;
	struct date delivery_date;
	struct shop_check_line *lines;
	size_t lines_len;
	struct money total;
};
extern const struct field shop_quote_fields[];

struct shop_sent_page {
	const char *at, *company, *company_phone, *customer_name, *number, *state;
	bool signed_in;
	int64_t id;
	struct date delivery_date;
	struct money total;
	int64_t lines_n;
};
extern const struct field shop_sent_page_fields[];

struct shop_orders_page {
	const char *at, *company, *company_phone, *customer_name, *next_url;
	bool signed_in;
	struct shop_order *rows;
	size_t rows_len;
};

struct shop_login_page {
	const char *company, *company_phone;
};

/* The clerk's page: how this customer gets in. */
struct shop_door {
	int64_t customer;
	const char *code, *name, *url, *path;
	struct instant made_at, until_at, password_at;
	bool active;
};
extern const struct field shop_door_fields[];

struct done *shop_door_get(struct ctx *c, struct req *r);
struct done *shop_link_post(struct ctx *c, struct req *r);
struct done *shop_end_post(struct ctx *c, struct req *r);
struct done *shop_password_post(struct ctx *c, struct req *r);
struct done *shop_no_password_post(struct ctx *c, struct req *r);
struct done *shop_login_get(struct ctx *c, struct req *r);
struct done *shop_login_post(struct ctx *c, struct req *r);
struct done *shop_logout_post(struct ctx *c, struct req *r);
struct shop_password_in {
	const char *password;
};
struct shop_login_in {
	const char *code, *password;
};
extern const struct field shop_password_fields[], shop_login_in_fields[];
extern const struct view shop_door_view, shop_login_view;

#endif
