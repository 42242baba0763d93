/* mail_web: the mailbox and every mail that was fetched from it. */
#include "mod/mail/mail_int.h"

#include "gen/mail_sql.h"
#include "gen/tmpl.h"

static const char *const list_states[] = { "all", "kept", "set_aside", "duplicate", NULL };

struct list_in {
	int state;
};
static const struct field list_fields[] = {
	FIELD_ENUM(struct list_in, state, T_mail_state, list_states),
	FIELD_END,
};
static const struct view mail_answer = { mail_fields, NULL };
static const struct view box_answer = { mail_box_fields, NULL };

static struct done *mails_get(struct ctx *c, struct req *r)
{
	const struct list_in *in = req_in(r);
	struct paging at = req_paging(r);
	struct mail_page p = { .on = *setting_str(c, "mail.url") != '\0' };
	size_t len;
	int64_t next;

	if (!mail_boxes(c, &p.boxes, &p.boxes_len) ||
		!mail_page(c, in->state > 0 ? list_states[in->state] : NULL, at.after_id > 0 ? at.after_id : INT64_MAX,
			at.limit + 1, &p.rows, &len))
		return reply_error(r);
	p.rows_len = len > (size_t)at.limit ? (size_t)at.limit : len;
	next = len > p.rows_len ? p.rows[p.rows_len - 1].id : 0;
	p.next_url = req_next(r, next, NULL);
	return reply_list(r, &mail_answer, p.rows, p.rows_len, next, NULL, PAGE(tmpl_mail_list), &p);
}

static struct done *boxes_get(struct ctx *c, struct req *r)
{
	struct mail_box *rows;
	size_t len;

	return mail_boxes(c, &rows, &len) ? reply_list(r, &box_answer, rows, len, 0, NULL, NULL, NULL) : reply_error(r);
}

const struct route mail_routes[] = {
	{ GET, "/mails", RIGHT_notice, list_fields, sizeof(struct list_in), mails_get, T_mail_list, ROUTE_LIST,
		&mail_answer },
	{ GET, "/mailboxes", RIGHT_notice, NULL, 0, boxes_get, T_mail_boxes, ROUTE_API_ONLY, &box_answer },
	ROUTE_END,
};
