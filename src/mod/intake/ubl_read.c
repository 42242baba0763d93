/* ubl_read: an order as UBL 2.1 XML. */
#include "mod/intake/ubl.h"

#include "base/utf8.h"
#include "mod/intake/intake_int.h"

#include <libxml/parser.h>
#include <libxml/tree.h>
#include <string.h>

#define NS        "urn:oasis:names:specification:ubl:schema:xsd:"
#define LINES_MAX 2000

bool ubl_is_xml(const void *data, size_t len)
{
	const char *s = data;
	size_t at = len >= 3 && memcmp(s, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;

	while (at < len && strchr(" \t\r\n", s[at]) != NULL)
		at++;
	return at + 5 <= len && s[at] == '<' &&
	       (memcmp(s + at, "<?xml", 5) == 0 ||
		       strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ!", s[at + 1]));
}

/* ---- the parser: nothing from outside, no document types, so no entities ---- */

static void refuse_doctype(void *ctx, const xmlChar *name, const xmlChar *external, const xmlChar *system)
{
	xmlParserCtxtPtr p = ctx;

	(void)name, (void)external, (void)system;
	*(bool *)p->_private = true;
	xmlStopParser(p);
}

static bool parse(struct ctx *c, const void *data, size_t len, xmlDocPtr *out)
{
	bool doctype = false;
	xmlParserCtxtPtr p;

	if (len > UBL_BYTES_MAX)
		return fail(c, E_TOO_LARGE, T_ubl_too_large);
	p = xmlNewParserCtxt();
	must(p != NULL);
	p->sax->internalSubset = refuse_doctype;
	p->_private = &doctype;
	*out = xmlCtxtReadMemory(
		p, data, (int)len, NULL, NULL, XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
	xmlFreeParserCtxt(p);
	if (doctype) {
		xmlFreeDoc(*out);
		return fail(c, E_INVALID, T_ubl_doctype);
	}
	return *out != NULL || fail(c, E_INVALID, T_ubl_not_xml);
}

/* ---- finding things by their names ---- */

static bool is_named(const xmlNode *n, const char *name, size_t len)
{
	return n->type == XML_ELEMENT_NODE && strlen((const char *)n->name) == len &&
	       strncmp((const char *)n->name, name, len) == 0 && n->ns != NULL &&
	       strncmp((const char *)n->ns->href, NS, strlen(NS)) == 0;
}

static const xmlNode *sibling(const xmlNode *n, const char *name, size_t len)
{
	while (n != NULL && !is_named(n, name, len))
		n = n->next;
	return n;
}

/* "Party/PartyName/Name": the first of each. */
static const xmlNode *find(const xmlNode *n, const char *path)
{
	while (n != NULL && *path != '\0') {
		size_t len = strcspn(path, "/");
		n = sibling(n->children, path, len);
		path += len + (path[len] == '/');
	}
	return n;
}

static const char *text(struct ctx *c, const xmlNode *n)
{
	xmlChar *all = n != NULL ? xmlNodeGetContent(n) : NULL;
	const char *s = (const char *)all, *end;
	const char *kept = NULL;

	if (s != NULL) {
		s += strspn(s, " \t\r\n");
		end = s + strlen(s);
		while (end > s && strchr(" \t\r\n", end[-1]) != NULL)
			end--;
		if (end > s && utf8_clean(s, (size_t)(end - s)))
			kept = arena_strndup(c->arena, s, utf8_cut(s, (size_t)(end - s), 1000));
	}
	xmlFree(all);
	return kept;
}

static const char *at(struct ctx *c, const xmlNode *n, const char *path)
{
	return text(c, find(n, path));
}

static const char *attribute(struct ctx *c, const xmlNode *n, const char *name)
{
	xmlChar *v = n != NULL ? xmlGetNoNsProp(n, (const xmlChar *)name) : NULL;
	const char *kept = v != NULL ? arena_strdup(c->arena, (const char *)v) : NULL;

	xmlFree(v);
	return kept;
}

/* ---- who, when, where ---- */

/* By whatever it calls itself, the surest first. */
static bool whose(struct ctx *c, const xmlNode *order, struct intake_raw *raw)
{
	static const char *const paths[] = { "BuyerCustomerParty/CustomerAssignedAccountID",
		"BuyerCustomerParty/SupplierAssignedAccountID", "BuyerCustomerParty/Party/PartyIdentification/ID",
		"BuyerCustomerParty/Party/EndpointID", "BuyerCustomerParty/Party/PartyLegalEntity/CompanyID",
		"BuyerCustomerParty/Party/Contact/ElectronicMail", "BuyerCustomerParty/Party/Contact/Telephone",
		"BuyerCustomerParty/Party/PartyName/Name",
		"BuyerCustomerParty/Party/PartyLegalEntity/RegistrationName" };
	int64_t id = INT64_MIN;

	raw->sender_name = at(c, order, "BuyerCustomerParty/Party/PartyName/Name");
	for (size_t i = 0; i < ARRAY_LEN(paths) && id == INT64_MIN; i++) {
		const char *name = at(c, order, paths[i]);
		if (name == NULL)
			continue;
		raw->sender = raw->sender != NULL ? raw->sender : name;
		if (!intake_sender_customer(c, name, &id))
			return false;
	}
	if (id != INT64_MIN)
		raw->customer_id = id;
	return raw->sender != NULL || fail_field(c, "/Order/BuyerCustomerParty", E_REQUIRED, T_ubl_no_buyer);
}

static void when(struct ctx *c, const xmlNode *order, struct intake_raw *raw)
{
	static const char *const paths[] = { "Delivery/RequestedDeliveryPeriod/StartDate",
		"Delivery/RequestedDeliveryPeriod/EndDate", "Delivery/LatestDeliveryDate",
		"OrderLine/LineItem/Delivery/RequestedDeliveryPeriod/StartDate",
		"OrderLine/LineItem/Delivery/RequestedDeliveryPeriod/EndDate" };

	for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
		const char *day = at(c, order, paths[i]);
		if (day != NULL && strlen(day) >= 10 &&
			date_parse(arena_strndup(c->arena, day, 10), &raw->delivery_date))
			return;
	}
	raw->delivery_date = (struct date){ 0 };
}

static const char *where(struct ctx *c, const xmlNode *order)
{
	const xmlNode *a = find(order, "Delivery/DeliveryLocation/Address");
	static const char *const parts[] = { "CountrySubentity", "CityName", "StreetName", "BuildingNumber",
		"AdditionalStreetName" };
	const char *line = at(c, a, "AddressLine/Line");
	struct buf b;

	if (line != NULL || a == NULL)
		return line;
	buf_init(&b, c->arena);
	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		const char *s = at(c, a, parts[i]);
		if (s != NULL)
			buf_printf(&b, "%s%s", b.len > 0 ? " " : "", s);
	}
	return b.len > 0 ? buf_cstr(&b) : NULL;
}

/* ---- lines ---- */

/* "120.0000" is 120. */
static const char *plain_number(struct ctx *c, const char *s)
{
	size_t len = s != NULL ? strlen(s) : 0;

	if (s == NULL || strchr(s, '.') == NULL)
		return s;
	while (len > 0 && s[len - 1] == '0')
		len--;
	len -= len > 0 && s[len - 1] == '.';
	return arena_strndup(c->arena, s, len);
}

static bool in_yuan(struct ctx *c, const xmlNode *price)
{
	const char *currency = attribute(c, price, "currencyID");

	return currency != NULL && strcmp(currency, "CNY") == 0;
}

static bool line_read(struct ctx *c, const xmlNode *line, size_t i, struct intake_doc_line *l)
{
	const xmlNode *item = find(line, "LineItem"), *price = find(item, "Price/PriceAmount");

	*l = (struct intake_doc_line){ .sku = at(c, item, "Item/SellersItemIdentification/ID"),
		.name = at(c, item, "Item/Name"),
		.quantity = plain_number(c, at(c, item, "Quantity")),
		.unit = attribute(c, find(item, "Quantity"), "unitCode"),
		.price = in_yuan(c, price) ? plain_number(c, text(c, price)) : NULL,
		.remarks = at(c, item, "Note") };
	if (l->sku == NULL)
		l->sku = at(c, item, "Item/StandardItemIdentification/ID");
	if (l->sku == NULL)
		l->sku = at(c, item, "Item/BuyersItemIdentification/ID");
	if (l->name == NULL)
		l->name = at(c, item, "Item/Description");
	if (item == NULL || (l->sku == NULL && l->name == NULL))
		return fail_field(
			c, arena_printf(c->arena, "/Order/OrderLine/%zu/LineItem/Item", i), E_REQUIRED, T_ubl_no_goods);
	return l->quantity != NULL || fail_field(c, arena_printf(c->arena, "/Order/OrderLine/%zu/LineItem/Quantity", i),
					      E_REQUIRED, T_ubl_no_quantity);
}

static bool lines_read(struct ctx *c, const xmlNode *order, struct intake_doc *doc)
{
	struct intake_doc_line *lines = ARENA_ARRAY(c->arena, LINES_MAX, struct intake_doc_line);
	const xmlNode *n = sibling(order->children, "OrderLine", 9);

	for (; n != NULL; n = sibling(n->next, "OrderLine", 9)) {
		if (doc->lines_len == LINES_MAX)
			return fail_field(c, "/Order/OrderLine", E_RANGE, T_intake_too_many);
		(void)line_read(c, n, doc->lines_len, &lines[doc->lines_len]);
		doc->lines_len++;
	}
	doc->lines = lines;
	if (doc->lines_len == 0)
		return fail_field(c, "/Order/OrderLine", E_REQUIRED, T_ubl_no_lines);
	return ok(c);
}

static bool order_read(struct ctx *c, const xmlNode *order, struct intake_raw *raw, struct intake_doc *doc)
{
	const char *number;

	if (order == NULL || !is_named(order, "Order", 5))
		return fail(c, E_INVALID, T_ubl_no_order);
	number = at(c, order, "ID");
	if (number == NULL || utf8_count(number) > 80)
		(void)fail_field(c, "/Order/ID", E_REQUIRED, T_ubl_no_number);
	if (!whose(c, order, raw) || !lines_read(c, order, doc))
		return false;
	when(c, order, raw);
	raw->address = where(c, order);
	raw->remarks = at(c, order, "Note");
	raw->external_id = arena_printf(c->arena, "%s:%s", raw->sender, number);
	raw->subject = number;
	return ok(c);
}

bool ubl_order_read(struct ctx *c, const void *data, size_t len, struct intake_raw *raw, struct intake_doc *doc)
{
	xmlDocPtr xml = NULL;
	bool good;

	*doc = (struct intake_doc){ 0 };
	raw->channel = "edi";
	raw->content_type = "application/xml";
	raw->bytes = (struct bytes){ data, len };
	if (!parse(c, data, len, &xml))
		return false;
	good = order_read(c, xmlDocGetRootElement(xml), raw, doc);
	xmlFreeDoc(xml);
	return good;
}
