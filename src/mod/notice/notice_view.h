/* What pages and answers show of notices. */
#ifndef MOD_NOTICE_VIEW_H
#define MOD_NOTICE_VIEW_H

#include "mod/notice/notice_int.h"

struct notice_item {
	int64_t id;
	const char *about, *channel, *recipient, *subject, *body, *state, *answer;
	int64_t tries, order_id, resend_of;
	const char *number, *customer, *customer_name;
	struct instant created_at, done_at, next_at;
	struct notice_try *list;
	size_t list_len;
	bool may_resend, lost; /* lost: a try whose answer nobody noted */
};
extern const struct field notice_item_fields[];

struct notice_count {
	const char *state;
	int64_t n;
};
extern const struct field notice_count_fields[];

struct notice_tab {
	const char *state, *count;
	bool here;
};

struct notice_list_page {
	struct notice_tab *tabs;
	size_t tabs_len;
	struct notice_item *items;
	size_t items_len;
	const char *next_url, *number;
};

struct notice_broken {
	int64_t n;
	const char *what;
};
extern const struct field notice_broken_fields[];

struct notice_choice {
	bool by_email, by_webhook, by_wecom, by_sms;
	const char *lang;
};
extern const struct field notice_choice_fields[];

/* What one customer gets, and where. */
struct notice_customer_page {
	int64_t id;
	const char *name, *email, *phone;
	struct notice_choice choice;
	bool english, mail_on, sms_on, may_choose, may_set;
	struct notice_endpoint *endpoints;
	size_t endpoints_len;
	const char *made; /* a new secret, shown once */
};

/* One language of a template as it is edited, and how it will look. */
struct notice_side {
	const char *lang, *name, *subject, *body, *brief;
	const char *shown_subject, *shown_body, *shown_brief;
	bool changed;
};
extern const struct field notice_side_fields[];
struct notice_template_page {
	const char *about;
	struct notice_side *sides;
	size_t sides_len;
	const char *names; /* "{customer} {order} ..." */
	bool preview;
};
struct notice_template_row {
	const char *about, *subject;
	bool changed;
};
extern const struct field notice_template_row_fields[];
struct notice_templates_page {
	struct notice_template_row *rows;
	size_t rows_len;
};

#endif
