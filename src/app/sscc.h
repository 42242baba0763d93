/* sscc: the number on a package, SSCC-18 of GS1: one digit, the company's prefix, a serial number, a check
 * digit. */
#ifndef APP_SSCC_H
#define APP_SSCC_H

#include "base/ctx.h"

/* The company's prefix is the setting company.sscc_prefix; the serial comes from `id`, which is never used
 * again. */
const char *sscc_of(struct ctx *c, int64_t id);
/* GS1 modulo 10 over the digits before it: weights 3 and 1 from the right. */
char gs1_check_digit(const char *digits, size_t len);

#endif
