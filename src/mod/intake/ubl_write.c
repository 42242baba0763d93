/* ubl_write: what a customer's system is answered: received, accepted, rejected, or accepted with changes. */
#include "mod/intake/ubl.h"

#include "app/ubl_out.h"
#include "gen/intake_sql.h"
#include "mod/customer/customer.h"

#include <inttypes.h>
#include <string.h>

bool ubl_response_code(struct ctx *c, const struct order *o, const char **code)
{
	const char *last;

	if (!intake_last_decision(c, o->id, &last))
		return false;
	switch (o->decision) {
	case D_REJECTED:
	case D_CANCELLED: *code = "RE"; break;
	case D_APPROVED:
	case D_COMPLETED:
	case D_ARCHIVED: *code = "AP"; break;
	case D_AWAITING_CONFIRMATION: *code = last != NULL && strcmp(last, "order.countered") == 0 ? "CA" : "AB"; break;
	default: *code = "AB"; break;
	}
	return true;
}

/* Of a line: accepted, changed, not accepted, delivered already; at receipt nothing is said of it yet. */
static const char *line_code(const struct order_line *l, const char *code)
{
	if (l->delivered.milli > 0 && l->delivered.milli == l->ordered.milli)
		return "42";
	return strcmp(code, "RE") == 0 ? "7" : strcmp(code, "CA") == 0 ? "3" : "5";
}

static void line_write(struct ctx *c, struct buf *b, const struct order_line *l, const char *code, const char *unit)
{
	buf_str(b, "<cac:OrderLine><cac:LineItem>");
	ubl_number(b, "ID", l->line);
	ubl_element(b, "Note", arena_printf(c->arena, "%s %s", qty_str(c->arena, l->quantity), l->unit));
	ubl_element(b, "LineStatusCode", line_code(l, code));
	buf_printf(b, "<cbc:Quantity unitCode=\"%s\">%s</cbc:Quantity>", unit, qty_str(c->arena, l->ordered));
	buf_printf(b, "<cbc:LineExtensionAmount currencyID=\"CNY\">%s</cbc:LineExtensionAmount>",
		money_str(c->arena, l->amount));
	ubl_item(b, l->name, l->sku);
	ubl_item_end(b);
	buf_str(b, "</cac:LineItem><cac:OrderLineReference>");
	ubl_number(b, "LineID", l->line);
	buf_str(b, "</cac:OrderLineReference></cac:OrderLine>\n");
}

static bool base_units(struct ctx *c, const struct order *o, struct intake_base **out, size_t *len)
{
	int64_t *ids = ARENA_ARRAY(c->arena, o->lines_len + 1, int64_t);

	for (size_t i = 0; i < o->lines_len; i++)
		ids[i] = o->lines[i].product_id;
	return intake_base_units(c, (struct i64s){ ids, o->lines_len }, out, len);
}

static void head_write(struct ctx *c, struct buf *b, const struct order *o, const char *code)
{
	ubl_open(b, "OrderResponse", "urn:fdc:peppol.eu:poacc:trns:order_response:3",
		"urn:fdc:peppol.eu:poacc:bis:ordering:3");
	ubl_element(b, "ID", arena_printf(c->arena, "%s-%" PRId64, o->number, o->version));
	ubl_element(b, "SalesOrderID", o->number);
	ubl_element(b, "IssueDate", date_str(c->arena, today(c)));
	ubl_element(b, "OrderResponseCode", code);
	ubl_element(b, "DocumentCurrencyCode", "CNY");
	buf_str(b, "\n<cac:OrderReference>");
	ubl_element(b, "ID", order_their_number(o));
	buf_str(b, "</cac:OrderReference>\n");
}

bool ubl_response_write(struct ctx *c, const struct order *o, struct buf *out)
{
	struct intake_base *bases;
	struct customer who;
	const char *code;
	size_t len;

	if (!ubl_response_code(c, o, &code) || !customer_get(c, o->customer_id, &who) ||
		!base_units(c, o, &bases, &len))
		return false;
	head_write(c, out, o, code);
	ubl_party(out, "SellerSupplierParty", NULL, setting_str(c, "company.name"));
	ubl_party(out, "BuyerCustomerParty", who.code, who.name);
	buf_str(out, "<cac:Delivery><cac:PromisedDeliveryPeriod>");
	ubl_element(out, "StartDate", date_str(c->arena, o->delivery_date));
	ubl_element(out, "EndDate", date_str(c->arena, o->delivery_date));
	buf_str(out, "</cac:PromisedDeliveryPeriod></cac:Delivery>\n");
	for (size_t i = 0; i < o->lines_len && strcmp(code, "AB") != 0; i++) {
		const char *unit = "C62";
		for (size_t k = 0; k < len; k++)
			if (bases[k].id == o->lines[i].product_id)
				unit = ubl_unit(bases[k].base_unit);
		line_write(c, out, &o->lines[i], code, unit);
	}
	ubl_close(out, "OrderResponse");
	return true;
}
