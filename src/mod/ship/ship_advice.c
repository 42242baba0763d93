/* ship_advice: what left the house, for the customer's own system: a UBL 2.1 despatch advice (domain 4.9). */
#include "mod/ship/ship_int.h"

#include "app/serve.h"
#include "app/ubl_out.h"
#include "gen/ship_sql.h"
#include "mod/customer/customer.h"

static void head_write(struct ctx *c, struct buf *b, const struct shipment *s, const struct order *o)
{
	ubl_open(b, "DespatchAdvice", "urn:fdc:peppol.eu:poacc:trns:despatch_advice:3",
		"urn:fdc:peppol.eu:poacc:bis:despatch_advice:3");
	ubl_element(b, "ID", s->number);
	ubl_element(b, "IssueDate", date_str(c->arena, date_of(s->dispatched_at, zone_s(c))));
	buf_str(b, "\n<cac:OrderReference>");
	ubl_element(b, "ID", order_their_number(o));
	ubl_element(b, "SalesOrderID", o->number);
	buf_str(b, "</cac:OrderReference>\n");
}

static void kilos(struct ctx *c, struct buf *b, const char *name, struct qty kg)
{
	if (qty_is(kg))
		buf_printf(b, "<cbc:%s unitCode=\"KGM\">%s</cbc:%s>", name, qty_str(c->arena, kg), name);
}

static void weight_write(struct ctx *c, struct buf *b, const struct ship_view *v)
{
	int64_t milli = 0;

	for (size_t i = 0; i < v->packages_len; i++)
		if (!qty_is(v->packages[i].weight_kg) ||
			__builtin_add_overflow(milli, v->packages[i].weight_kg.milli, &milli))
			return; /* one that was not weighed: nothing is known of the whole */
	if (milli > 0)
		kilos(c, b, "GrossWeightMeasure", (struct qty){ milli });
}

static void carrier_write(struct buf *b, const struct shipment *s, const struct ship_view *v)
{
	const char *name = v->carrier_name != NULL ? v->carrier_name : s->carrier;

	buf_str(b, "<cac:Consignment>");
	ubl_element(b, "ID", s->tracking_number != NULL ? s->tracking_number : s->number);
	if (name != NULL) {
		buf_str(b, "<cac:CarrierParty><cac:PartyName>");
		ubl_element(b, "Name", name);
		buf_str(b, "</cac:PartyName></cac:CarrierParty>");
	}
	buf_str(b, "</cac:Consignment>\n");
}

static void delivery_write(struct ctx *c, struct buf *b, const struct shipment *s, const struct ship_view *v)
{
	buf_str(b, "<cac:Delivery>");
	ubl_element(b, "TrackingID", s->tracking_number);
	if (v->address != NULL) {
		buf_str(b, "<cac:DeliveryAddress><cac:AddressLine>");
		ubl_element(b, "Line", v->address);
		buf_str(b, "</cac:AddressLine></cac:DeliveryAddress>");
	}
	buf_str(b, "<cac:Despatch>");
	ubl_element(b, "ActualDespatchDate", date_str(c->arena, date_of(s->dispatched_at, zone_s(c))));
	buf_str(b, "</cac:Despatch></cac:Delivery>\n");
}

static void shipment_write(struct ctx *c, struct buf *b, const struct shipment *s, const struct ship_view *v)
{
	buf_str(b, "<cac:Shipment>");
	ubl_element(b, "ID", s->number);
	weight_write(c, b, v);
	ubl_number(b, "TotalTransportHandlingUnitQuantity", (int64_t)v->packages_len);
	carrier_write(b, s, v);
	delivery_write(c, b, s, v);
	for (size_t i = 0; i < v->packages_len; i++) {
		buf_str(b, "<cac:TransportHandlingUnit>");
		ubl_element(b, "ID", v->packages[i].sscc);
		buf_str(b, "</cac:TransportHandlingUnit>\n");
	}
	buf_str(b, "</cac:Shipment>\n");
}

static void lots_write(struct buf *b, int64_t line, const struct stock_place *lots, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (lots[i].line != line || lots[i].lot == NULL || *lots[i].lot == '\0')
			continue;
		buf_str(b, "<cac:ItemInstance><cac:LotIdentification>");
		ubl_element(b, "LotNumberID", lots[i].lot);
		ubl_element(b, "ExpiryDate", lots[i].expires);
		buf_str(b, "</cac:LotIdentification></cac:ItemInstance>");
	}
}

/* What the scale said of one line, by which it is billed. */
static void line_weight(struct ctx *c, struct buf *b, const struct shipment_line *l)
{
	if (!qty_is(l->net))
		return;
	buf_str(b, "<cac:Shipment>");
	ubl_number(b, "ID", l->line);
	kilos(c, b, "GrossWeightMeasure", l->gross);
	kilos(c, b, "NetWeightMeasure", l->net);
	buf_str(b, "</cac:Shipment>");
}

/* Quantities are told in base units, which have codes that everybody knows. */
static void line_write(
	struct ctx *c, struct buf *b, const struct shipment_line *l, const struct stock_place *lots, size_t lots_len)
{
	buf_str(b, "<cac:DespatchLine>");
	ubl_number(b, "ID", l->line);
	buf_printf(b, "<cbc:DeliveredQuantity unitCode=\"%s\">%s</cbc:DeliveredQuantity>", ubl_unit(l->unit),
		qty_str(c->arena, l->quantity));
	buf_str(b, "<cac:OrderLineReference>");
	ubl_number(b, "LineID", l->line);
	buf_str(b, "</cac:OrderLineReference>");
	ubl_item(b, l->name, l->sku);
	lots_write(b, l->line, lots, lots_len);
	ubl_item_end(b);
	line_weight(c, b, l);
	buf_str(b, "</cac:DespatchLine>\n");
}

static bool advice_write(struct ctx *c, const struct shipment *s, struct buf *b)
{
	struct stock_place *lots;
	struct customer who;
	struct ship_view v;
	struct order o;
	size_t len;

	if (!ship_view_make(c, s, &v) || !order_get(c, s->order_id, &o) || !customer_get(c, s->customer_id, &who) ||
		!ship_lot_list(c, s->id, &lots, &len))
		return false;
	head_write(c, b, s, &o);
	ubl_party(b, "DespatchSupplierParty", NULL, setting_str(c, "company.name"));
	ubl_party(b, "DeliveryCustomerParty", who.code, who.name);
	shipment_write(c, b, s, &v);
	for (size_t i = 0; i < v.lines_len; i++)
		line_write(c, b, &v.lines[i], lots, len);
	ubl_close(b, "DespatchAdvice");
	return true;
}

struct done *ship_advice_get(struct ctx *c, struct req *r)
{
	struct shipment s;
	struct buf b;

	buf_init(&b, c->arena);
	if (!ship_get(c, req_id(r), &s))
		return reply_error(r);
	if (!instant_is(s.dispatched_at)) {
		(void)fail(c, E_CONFLICT, T_ship_no_advice, s.number, ship_state_text(c, s.state));
		return reply_error(r);
	}
	if (!advice_write(c, &s, &b))
		return reply_error(r);
	return reply_bytes(r, "application/xml; charset=utf-8", arena_printf(c->arena, "%s-despatch.xml", s.number),
		buf_cstr(&b), b.len);
}
