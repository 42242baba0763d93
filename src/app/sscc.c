/* sscc: package numbers. */
#include "app/sscc.h"

#include "app/app.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define SSCC_DIGITS 17 /* without the check digit */

char gs1_check_digit(const char *digits, size_t len)
{
	int sum = 0;

	for (size_t i = 0; i < len; i++)
		sum += (digits[len - 1 - i] - '0') * (i % 2 == 0 ? 3 : 1);
	return (char)('0' + (10 - sum % 10) % 10);
}

/* The admin types the prefix: what is not a digit is left out, and GS1 prefixes have at most 12. */
static const char *prefix_of(struct ctx *c)
{
	const char *s = setting_str(c, "company.sscc_prefix");
	char *out = arena_alloc(c->arena, 13);
	size_t n = 0;

	for (; *s != '\0' && n < 12; s++)
		if (*s >= '0' && *s <= '9')
			out[n++] = *s;
	return out;
}

const char *sscc_of(struct ctx *c, int64_t id)
{
	const char *prefix = prefix_of(c);
	int room = SSCC_DIGITS - 1 - (int)strlen(prefix);
	int64_t wrap = 1;
	char *s;

	for (int i = 0; i < room; i++)
		wrap *= 10;
	/* Ids beyond the room of the prefix go on with the next extension digit. */
	s = arena_printf(c->arena, "%d%s%0*" PRId64 "?", (int)(id / wrap % 10), prefix, room, id % wrap);
	s[SSCC_DIGITS] = gs1_check_digit(s, SSCC_DIGITS);
	return s;
}

static bool all_digits(const char *s, size_t len)
{
	return strspn(s, "0123456789") == len && len > 0;
}

bool sscc_make(char out[19], char extension, const char *company_prefix, int64_t serial)
{
	size_t prefix = strlen(company_prefix);
	size_t room = SSCC_DIGITS - 1 - prefix;
	char digits[24];
	int len;

	if (prefix >= SSCC_DIGITS - 1 || !all_digits(company_prefix, prefix) || serial < 0 || extension < '0' ||
		extension > '9')
		return false;
	len = snprintf(digits, sizeof(digits), "%0*" PRId64, (int)room, serial);
	if ((size_t)len != room)
		return false;
	out[0] = extension;
	memcpy(out + 1, company_prefix, prefix);
	memcpy(out + 1 + prefix, digits, room);
	out[SSCC_DIGITS] = gs1_check_digit(out, SSCC_DIGITS);
	out[SSCC_DIGITS + 1] = '\0';
	return true;
}

bool gtin_check(const char *s)
{
	size_t len = strlen(s);

	if ((len != 8 && len != 12 && len != 13 && len != 14 && len != 18) || !all_digits(s, len))
		return false;
	return s[len - 1] == gs1_check_digit(s, len - 1);
}
