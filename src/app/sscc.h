/* sscc: the number on a package, SSCC-18 of GS1: one digit, the company's prefix, a serial number, a check
 * digit. */
#ifndef APP_SSCC_H
#define APP_SSCC_H

#include "base/ctx.h"

#include <stdint.h>

/* The company's prefix is the setting company.sscc_prefix; the serial comes from `id`, which is never used
 * again. */
const char *sscc_of(struct ctx *c, int64_t id);
/* GS1 modulo 10 over the digits before it: weights 3 and 1 from the right. */
char gs1_check_digit(const char *digits, size_t len);
/* An SSCC from an extension digit, a prefix of 1 to 15 digits and a serial that fits into what is left; false
 * where it does not. */
NODISCARD bool sscc_make(char out[19], char extension, const char *company_prefix, int64_t serial);
/* Whether this is a GTIN (8, 12, 13 or 14 digits) or an SSCC (18) with the right check digit. */
bool gtin_check(const char *s);

#endif
