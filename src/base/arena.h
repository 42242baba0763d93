/* arena: memory with a lifetime instead of an owner.
 * Everything a request or a job allocates lives in its arena and goes with it; features never free.
 * arena_alloc never returns NULL for reasonable sizes: when memory is out the arena throws by longjmp to
 * the point set with arena_guard(), or aborts where none is set. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/must.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

struct arena;

struct arena *arena_new(void);
void arena_free(struct arena *a);
/* Empties the arena but keeps its first blocks for the next request. */
void arena_reset(struct arena *a);
/* Bytes handed out since the last reset. */
size_t arena_used(const struct arena *a);

/* Where to go when memory is out; NULL takes the guard away. */
void arena_guard(struct arena *a, jmp_buf *guard);

/* Zeroed, aligned for any type. */
void *arena_alloc(struct arena *a, size_t size) __attribute__((malloc, returns_nonnull));
void *arena_array(struct arena *a, size_t count, size_t size) __attribute__((malloc, returns_nonnull));
char *arena_strdup(struct arena *a, const char *s) __attribute__((returns_nonnull));
char *arena_strndup(struct arena *a, const char *s, size_t len) __attribute__((returns_nonnull));
char *arena_printf(struct arena *a, const char *fmt, ...) PRINTF_LIKE(2, 3) __attribute__((returns_nonnull));
char *arena_vprintf(struct arena *a, const char *fmt, va_list ap);

#define ARENA_NEW(a, type)          ((type *)arena_alloc((a), sizeof(type)))
#define ARENA_ARRAY(a, count, type) ((type *)arena_array((a), (count), sizeof(type)))

#endif
