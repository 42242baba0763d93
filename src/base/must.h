/* must: what has to hold if our own code is right. Always on, also in production.
 * Never used on input: for that see fail() in err.h. */
#ifndef BASE_MUST_H
#define BASE_MUST_H

#define NODISCARD         __attribute__((warn_unused_result))
#define PRINTF_LIKE(f, a) __attribute__((format(printf, f, a)))
#define ARRAY_LEN(a)      (sizeof(a) / sizeof((a)[0]))
/* A large local that is filled before it is read: hardening would clear it each time. */
#define RAW        __attribute__((uninitialized))
#define must(expr) ((expr) ? (void)0 : must_failed(#expr, __FILE__, __LINE__))

_Noreturn void must_failed(const char *expr, const char *file, int line);

#endif
