/* arena: a chain of blocks; the newest one is filled from its start. */
#include "base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK_MIN 16384

struct block {
	struct block *next;
	size_t cap, used;
	alignas(max_align_t) unsigned char bytes[];
};

struct arena {
	struct block *first, *now;
	size_t used;
	jmp_buf *guard;
};

static _Noreturn void out_of_memory(struct arena *a)
{
	if (a != NULL && a->guard != NULL)
		longjmp(*a->guard, 1);
	fprintf(stderr, "huodan: out of memory\n");
	abort();
}

static struct block *block_new(struct arena *a, size_t size)
{
	size_t cap = size > BLOCK_MIN ? size : BLOCK_MIN;
	struct block *b = malloc(sizeof(*b) + cap);

	if (b == NULL)
		out_of_memory(a);
	b->next = NULL;
	b->cap = cap;
	b->used = 0;
	return b;
}

struct arena *arena_new(void)
{
	struct arena *a = calloc(1, sizeof(*a));

	if (a == NULL)
		out_of_memory(NULL);
	a->first = a->now = block_new(a, BLOCK_MIN);
	return a;
}

static void blocks_free(struct block *b)
{
	while (b != NULL) {
		struct block *next = b->next;
		free(b);
		b = next;
	}
}

void arena_free(struct arena *a)
{
	if (a == NULL)
		return;
	blocks_free(a->first);
	free(a);
}

void arena_reset(struct arena *a)
{
	blocks_free(a->first->next);
	a->first->next = NULL;
	a->first->used = 0;
	a->now = a->first;
	a->used = 0;
}

size_t arena_used(const struct arena *a)
{
	return a->used;
}

void arena_guard(struct arena *a, jmp_buf *guard)
{
	a->guard = guard;
}

/* Bytes that the caller fills. */
static void *take(struct arena *a, size_t size)
{
	size_t need = (size + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
	struct block *b = a->now;
	void *p;

	if (need < size || need > PTRDIFF_MAX - sizeof(*b))
		out_of_memory(a);
	if (b->cap - b->used < need) {
		b->next = block_new(a, need);
		b = a->now = b->next;
	}
	p = b->bytes + b->used;
	b->used += need;
	a->used += need;
	return p;
}

void *arena_alloc(struct arena *a, size_t size)
{
	return memset(take(a, size), 0, size);
}

void *arena_array(struct arena *a, size_t count, size_t size)
{
	size_t total;

	if (__builtin_mul_overflow(count, size, &total))
		out_of_memory(a);
	return arena_alloc(a, total);
}

char *arena_strndup(struct arena *a, const char *s, size_t len)
{
	char *p = take(a, len + 1);

	memcpy(p, s, len);
	p[len] = '\0';
	return p;
}

char *arena_strdup(struct arena *a, const char *s)
{
	return arena_strndup(a, s, strlen(s));
}

char *arena_vprintf(struct arena *a, const char *fmt, va_list ap)
{
	RAW char text[256]; /* most are short, and are formatted once */
	va_list again;
	int len;
	char *p;

	va_copy(again, ap);
	len = vsnprintf(text, sizeof(text), fmt, again);
	va_end(again);
	must(len >= 0);
	if ((size_t)len < sizeof(text))
		return arena_strndup(a, text, (size_t)len);
	p = take(a, (size_t)len + 1);
	(void)vsnprintf(p, (size_t)len + 1, fmt, ap);
	return p;
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list ap;
	char *p;

	va_start(ap, fmt);
	p = arena_vprintf(a, fmt, ap);
	va_end(ap);
	return p;
}
