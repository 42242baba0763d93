/* intake_call: somebody calls. A softphone opens /call?tel=…; the entry page comes up with that customer, so that the clerk
 * has its last orders, usual goods and debts before the first word. */
#include "mod/intake/intake_web.h"

#include "mod/customer/customer.h"

#include <string.h>

struct call_view {
	const char *tel, *customer, *customer_name, *url;
};
static const struct field call_fields[] = {
	FIELD(struct call_view, tel, T_intake_tel),
	FIELD(struct call_view, customer, T_order_customer),
	FIELD(struct call_view, customer_name, T_order_customer_name),
	FIELD(struct call_view, url, T_intake_call_url),
	FIELD_END,
};

const struct field intake_call_fields[] = {
	FIELD(struct intake_call_in, tel, T_intake_tel, .flags = F_REQUIRED, .max = 40),
	FIELD_END,
};

/* A number of several customers, or of none, says nothing: the clerk asks who it is. */
static bool caller(struct ctx *c, struct call_view *v)
{
	struct customer who;
	struct buf url;
	int64_t id;

	if (!intake_sender_customer(c, v->tel, &id))
		return false;
	buf_init(&url, c->arena);
	buf_str(&url, "/orders/new?tel=");
	buf_url(&url, v->tel);
	if (id != INT64_MIN) {
		if (!customer_get(c, id, &who))
			return false;
		v->customer = who.code;
		v->customer_name = who.name;
		buf_str(&url, "&customer=");
		buf_url(&url, who.code);
	}
	v->url = buf_cstr(&url);
	return true;
}

struct done *intake_call_get(struct ctx *c, struct req *r)
{
	static const struct view shown = { call_fields, NULL };
	const struct intake_call_in *in = req_in(r);
	struct call_view v = { .tel = in->tel };

	if (!caller(c, &v))
		return reply_error(r);
	return req_wants_page(r) ? reply_redirect(r, v.url) : reply_view(r, &shown, &v);
}
