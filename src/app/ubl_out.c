#include "app/ubl_out.h"

#include <string.h>

#define NS "urn:oasis:names:specification:ubl:schema:xsd:"

void ubl_open(struct buf *b, const char *kind, const char *customization, const char *profile)
{
	buf_printf(b,
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<%s xmlns=\"" NS "%s-2\" xmlns:cac=\"" NS
		"CommonAggregateComponents-2\" xmlns:cbc=\"" NS "CommonBasicComponents-2\">\n",
		kind, kind);
	ubl_element(b, "CustomizationID", customization);
	ubl_element(b, "ProfileID", profile);
}

void ubl_close(struct buf *b, const char *kind)
{
	buf_printf(b, "</%s>\n", kind);
}

void ubl_element(struct buf *b, const char *name, const char *value)
{
	if (value == NULL || *value == '\0')
		return;
	buf_printf(b, "<cbc:%s>", name);
	buf_html(b, value);
	buf_printf(b, "</cbc:%s>", name);
}

void ubl_number(struct buf *b, const char *name, int64_t value)
{
	buf_printf(b, "<cbc:%s>%" PRId64 "</cbc:%s>", name, value, name);
}

void ubl_party(struct buf *b, const char *kind, const char *id, const char *name)
{
	buf_printf(b, "<cac:%s><cac:Party>", kind);
	if (id != NULL) {
		buf_str(b, "<cac:PartyIdentification>");
		ubl_element(b, "ID", id);
		buf_str(b, "</cac:PartyIdentification>");
	}
	buf_str(b, "<cac:PartyName>");
	ubl_element(b, "Name", name);
	buf_printf(b, "</cac:PartyName></cac:Party></cac:%s>\n", kind);
}

void ubl_item(struct buf *b, const char *name, const char *sku)
{
	buf_str(b, "<cac:Item>");
	ubl_element(b, "Name", name);
	buf_str(b, "<cac:SellersItemIdentification>");
	ubl_element(b, "ID", sku);
	buf_str(b, "</cac:SellersItemIdentification>");
}

void ubl_item_end(struct buf *b)
{
	buf_str(b, "</cac:Item>");
}

const char *ubl_unit(const char *base_unit)
{
	if (base_unit != NULL && strcmp(base_unit, "公斤") == 0)
		return "KGM";
	if (base_unit != NULL && strcmp(base_unit, "克") == 0)
		return "GRM";
	return base_unit != NULL && strcmp(base_unit, "升") == 0 ? "LTR" : "C62";
}
