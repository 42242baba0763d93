/* sscc: package numbers. */
#include "app/sscc.h"

#include "app/app.h"

#include <inttypes.h>
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
	s = arena_printf(c->arena, "0%s%0*" PRId64 "?", prefix, room, id % wrap);
	s[SSCC_DIGITS] = gs1_check_digit(s, SSCC_DIGITS);
	return s;
}
