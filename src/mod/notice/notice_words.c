/* notice_words: what is said. A template is text with {names} in it; a name stands for one fact of the order and nothing
 * else, so that what an admin writes can never do anything. */
#include "mod/notice/notice_int.h"

#include "gen/notice_sql.h"
#include "mod/confirm/confirm.h"
#include "mod/link/link.h"

#include <string.h>

#define LINK_DAYS 30
#define LINES_MAX 60 /* of goods in one message */

enum name {
	N_CUSTOMER,
	N_CONTACT,
	N_ORDER,
	N_DELIVERY_DATE,
	N_TOTAL,
	N_ADDRESS,
	N_GOODS,
	N_SHIPMENT,
	N_CARRIER,
	N_TRACKING_NUMBER,
	N_DRIVER,
	N_PROMISED_ON,
	N_SIGNER,
	N_NOTE,
	N_LINK,
	N_COMPANY,
	N_COMPANY_PHONE,
	N_CHANGE
};
const char *const notice_names[] = { "customer", "contact", "order", "delivery_date", "total", "address", "goods",
	"shipment", "carrier", "tracking_number", "driver", "promised_on", "signer", "note", "link", "company",
	"company_phone", "change", NULL };

const struct field notice_words_fields[] = {
	FIELD(struct notice_words, about, T_notice_about),
	FIELD(struct notice_words, lang, T_notice_lang),
	FIELD(struct notice_words, subject, T_notice_subject),
	FIELD(struct notice_words, body, T_notice_body),
	FIELD(struct notice_words, brief, T_notice_brief),
	FIELD(struct notice_words, changed, T_notice_changed),
	FIELD_END,
};

const struct field notice_goods_fields[] = {
	FIELD(struct notice_goods, name, T_none),
	FIELD(struct notice_goods, unit, T_none),
	FIELD(struct notice_goods, quantity, T_none),
	FIELD_END,
};

bool notice_about_known(const char *about)
{
	return about != NULL && enum_find(notice_abouts, about) >= 0;
}

static const char *own_words(struct ctx *c, const char *about, const char *part, const char *lang)
{
	return text_get(lang_parse(lang), text_find(arena_printf(c->arena, "notice.words.%s.%s", about, part)));
}

bool notice_words_of(struct ctx *c, const char *about, const char *lang, struct notice_words *out)
{
	bool found;

	if (!notice_template_find(c, about, lang, out, &found))
		return false;
	if (!found)
		*out = (struct notice_words){ .about = about,
			.lang = lang,
			.subject = own_words(c, about, "subject", lang),
			.body = own_words(c, about, "body", lang),
			.brief = own_words(c, about, "brief", lang) };
	return true;
}

/* ---- filling ---- */

/* The index of the {name} that begins here, its length with the braces; -1: it is no name of ours. */
static int name_at(const char *s, size_t *len)
{
	size_t n = strspn(s + 1, "abcdefghijklmnopqrstuvwxyz_");

	*len = n + 2;
	if (*s != '{' || n == 0 || s[n + 1] != '}')
		return -1;
	for (int i = 0; notice_names[i] != NULL; i++)
		if (strlen(notice_names[i]) == n && memcmp(notice_names[i], s + 1, n) == 0)
			return i;
	return -1;
}

const char *notice_unknown(struct ctx *c, const char *template)
{
	size_t len;

	for (const char *s = template; (s = strchr(s, '{')) != NULL; s++)
		if (name_at(s, &len) < 0)
			return arena_strndup(c->arena, s, strcspn(s, "} \n") + (s[strcspn(s, "} \n")] == '}'));
	return NULL;
}

static void fill_line(struct buf *b, const char *s, size_t line, const struct notice_values *v)
{
	size_t before = b->len, named = 0, known = 0, len;

	for (size_t i = 0; i < line;) {
		int name = name_at(s + i, &len);

		if (name < 0) {
			buf_char(b, s[i++]);
			continue;
		}
		named++;
		if (v->at[name] != NULL && *v->at[name] != '\0') {
			known++;
			buf_str(b, v->at[name]);
		}
		i += len;
	}
	if (named > 0 && known == 0 && b->len > 0)
		b->len = before;
	else if (s[line] == '\n')
		buf_char(b, '\n');
}

const char *notice_fill(struct ctx *c, const char *template, const struct notice_values *v)
{
	struct buf b;

	buf_init(&b, c->arena);
	for (const char *s = template; *s != '\0';) {
		size_t line = strcspn(s, "\n");

		fill_line(&b, s, line, v);
		s += line + (s[line] == '\n');
	}
	if (b.data != NULL)
		b.data[b.len] = '\0';
	return buf_cstr(&b);
}

/* ---- what the names stand for ---- */

static bool goods_text(struct ctx *c, const struct notice_subject *s, const char **out)
{
	struct notice_goods *g;
	size_t len;
	struct buf b;

	if (!(s->shipment != NULL ? notice_goods_shipped(c, s->shipment_id, &g, &len)
				  : notice_goods_ordered(c, s->order_id, &g, &len)))
		return false;
	buf_init(&b, c->arena);
	for (size_t i = 0; i < len && i < LINES_MAX; i++)
		buf_printf(
			&b, "%s  %s %s %s", i > 0 ? "\n" : "", g[i].name, qty_str(c->arena, g[i].quantity), g[i].unit);
	if (len > LINES_MAX)
		buf_str(&b, "\n  …");
	*out = buf_cstr(&b);
	return true;
}

/* The address where this order can be confirmed, unless a clerk has given one away already: a new one would end it. */
static bool confirm_text(struct ctx *c, const struct notice_subject *s, const char **out)
{
	struct confirm_link l;
	int64_t given;

	if (!notice_confirm_links(c, s->order_id, &given))
		return false;
	return given > 0 || confirm_make(c, s->order_id, out, &l);
}

static bool link_text(struct ctx *c, const struct notice_subject *s, const char *about, const char **out)
{
	const char *token;

	*out = NULL;
	if (*setting_str(c, "company.web") == '\0')
		return true;
	if (strcmp(about, "confirm_request") == 0)
		return confirm_text(c, s, out);
	if (!link_make(c, "order", s->order_id, (struct instant){ c->now.us + LINK_DAYS * DAY_US }, &token))
		return false;
	*out = link_url(c, ORDER_LINK_PATH, token);
	return true;
}

const char *notice_change(struct ctx *c, const struct notice_subject *s)
{
	json_t *o = s->event_data != NULL ? json_loads(s->event_data, 0, NULL) : NULL;
	const char *said = json_string_value(json_object_get(o, "reason"));

	said = said != NULL ? arena_strdup(c->arena, said) : NULL;
	json_decref(o);
	return said;
}

bool notice_values_plain(struct ctx *c, const struct notice_subject *s, struct notice_values *v)
{
	*v = (struct notice_values){ 0 };
	v->at[N_CUSTOMER] = s->customer;
	v->at[N_CONTACT] = s->contact;
	v->at[N_ORDER] = s->number;
	v->at[N_DELIVERY_DATE] = date_is(s->delivery_date) ? date_str(c->arena, s->delivery_date) : NULL;
	v->at[N_TOTAL] = money_show(c->arena, s->total);
	v->at[N_ADDRESS] = s->address;
	v->at[N_SHIPMENT] = s->shipment;
	v->at[N_CARRIER] = s->carrier;
	v->at[N_TRACKING_NUMBER] = s->tracking_number;
	v->at[N_DRIVER] = s->driver;
	v->at[N_PROMISED_ON] = date_is(s->promised_on) ? date_str(c->arena, s->promised_on) : NULL;
	v->at[N_SIGNER] = s->signer;
	v->at[N_NOTE] = s->note;
	v->at[N_COMPANY] = setting_str(c, "company.name");
	v->at[N_COMPANY_PHONE] = setting_str(c, "company.phone");
	v->at[N_CHANGE] = notice_change(c, s);
	return goods_text(c, s, &v->at[N_GOODS]);
}

bool notice_values_of(struct ctx *c, const struct notice_subject *s, const char *about, struct notice_values *v)
{
	return notice_values_plain(c, s, v) && link_text(c, s, about, &v->at[N_LINK]);
}

/* For the preview of a house that has no order yet. */
void notice_values_sample(struct ctx *c, struct notice_values *v)
{
	*v = (struct notice_values){ { "江南一中食堂", "吴秀兰", "SO20261124-001", "2026-11-25", "2,892.60",
		"江南路 18 号后门", "  黄心土豆 12 件\n  青椒 5 袋", "FH20261124-001", "顺丰速运", "SF1234567890123",
		"老周", "2026-11-25", "吴秀兰", "大雾封路", NULL, setting_str(c, "company.name"),
		setting_str(c, "company.phone"), "黄心土豆 12 → 8 件" } };
}
