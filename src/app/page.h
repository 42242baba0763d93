/* page: what templates are made of, and the frame every page stands in.
 * Templates never call these by name: tmplgen writes the calls, and _Generic picks by the member's own type. */
#ifndef APP_PAGE_H
#define APP_PAGE_H

#include "app/app.h"
#include "base/buf.h"
#include "base/money.h"

/* Markup made by our own code (charts, marked search hits): goes out as it is. */
struct html {
	const char *s;
};

/* ---- {{member}}: escaped, in the caller's language; what is not given writes nothing ---- */
void put_str(struct buf *b, struct ctx *c, const char *s);
void put_int(struct buf *b, struct ctx *c, int64_t n);
void put_size(struct buf *b, struct ctx *c, size_t n);
void put_bool(struct buf *b, struct ctx *c, bool yes);
void put_money(struct buf *b, struct ctx *c, struct money m); /* "2892.60", as inputs want it */
void put_price(struct buf *b, struct ctx *c, struct price p);
void put_qty(struct buf *b, struct ctx *c, struct qty q);
void put_instant(struct buf *b, struct ctx *c, struct instant t); /* today "04:12", else "11-24 04:12" */
void put_date(struct buf *b, struct ctx *c, struct date d);       /* "11-26 周四", "11-26 Thu" */

#define PUT(b, c, x)                                                                                                   \
	_Generic((x), const char *: put_str, char *: put_str, bool: put_bool, int: put_int, int64_t: put_int, \
		size_t: put_size, struct money: put_money, struct price: put_price, struct qty: put_qty, \
		struct instant: put_instant, struct date: put_date)((b), (c), (x))

/* ---- the same as strings, for the placeholders of a text ---- */
const char *show_str(struct ctx *c, const char *s);
const char *show_int(struct ctx *c, int64_t n);
const char *show_size(struct ctx *c, size_t n);
const char *show_money(struct ctx *c, struct money m); /* "2,892.60" */
const char *show_price(struct ctx *c, struct price p);
const char *show_qty(struct ctx *c, struct qty q);
const char *show_instant(struct ctx *c, struct instant t);
const char *show_date(struct ctx *c, struct date d);

#define SHOW(c, x)                                                                                                     \
	_Generic((x), const char *: show_str, char *: show_str, int: show_int, int64_t: show_int, size_t: show_size, \
		struct money: show_money, struct price: show_price, struct qty: show_qty, \
		struct instant: show_instant, struct date: show_date)((c), (x))

/* ---- {{#if member}}: nonzero, given, not empty ---- */
bool given_ptr(const void *p);
bool given_str(const char *s);
bool given_int(int64_t n);
bool given_size(size_t n);
bool given_html(struct html h);

#define GIVEN(x)                                                                                                       \
	_Generic((x), const char *: given_str, char *: given_str, bool: given_int, int: given_int, int64_t: given_int, \
		size_t: given_size, struct money: money_is, struct price: price_is, struct qty: qty_is, \
		struct instant: instant_is, struct date: date_is, struct html: given_html, default: given_ptr)(x)

/* ---- {{word member}} ---- */
void put_money_show(struct buf *b, struct ctx *c, struct money m);  /* money: "2,892.60" */
void put_ago(struct buf *b, struct ctx *c, struct instant t);       /* ago: "8 分前" */
void put_due(struct buf *b, struct ctx *c, struct instant t);       /* due: "还剩 8 分", "超时 26 分" */
void put_due_class(struct buf *b, struct ctx *c, struct instant t); /* lateness: "hd-bad", "hd-warn" or nothing */
void put_iso_instant(struct buf *b, struct ctx *c, struct instant t);
void put_iso_date(struct buf *b, struct ctx *c, struct date d);
#define put_iso(b, c, x) /* iso: as <time datetime> and inputs want it */                                              \
	_Generic((x), struct instant : put_iso_instant, struct date : put_iso_date)((b), (c), (x))
void put_url(struct buf *b, struct ctx *c, const char *s);     /* url: one part of an address */
void put_lines(struct buf *b, struct ctx *c, const char *s);   /* lines: text with its line breaks */
void put_trusted(struct buf *b, struct ctx *c, struct html h); /* html */
void put_text(struct buf *b, struct ctx *c, enum text key, const char *const *args); /* t */
/* word: the text whose key is prefix.value; the value itself where there is none. */
void put_word(struct buf *b, struct ctx *c, const char *prefix, const char *value);
/* csrf: the session's token and a fresh idempotency key, hidden in a form. */
void put_csrf(struct buf *b, struct ctx *c);

/* ---- the frame ---- */

struct page_menu {
	const char *label, *path;
	bool here;
	int place;
};

struct page_frame {
	const char *title; /* of the route */
	const char *lang;  /* "zh-CN" */
	const char *css, *tabler, *theme_js, *js, *keys_js, *live_js;
	const char *name, *role; /* who is signed in; NULL on public pages */
	const char *path;        /* where to come back to after changing the language */
	const char *query;       /* what was searched for */
	struct instant now;
	int zone;
	bool phone; /* stands alone and stays on the phone: no menu, a manifest */
	const struct page_menu *menu;
	size_t menu_len;
	struct html body;
};

struct page_error {
	const char *hint; /* what to do now */
	int status;
	const char *code, *title, *detail;
	const struct page_error_field {
		const char *pointer, *detail;
	} * fields;
	size_t fields_len;
	bool sign_in; /* signing in would help */
};

/* The two hooks of the web layer. Strangers get the same frame without the menu. */
void page_layout(struct buf *b, struct ctx *c, struct req *r, page_fn page, const void *data);
void page_error(struct buf *b, struct ctx *c, struct req *r);

#endif
