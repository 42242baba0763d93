/* gen: what the build's little generators share: reading sources, complaining like a compiler, writing output.
 * They run once per build, so they never free. */
#ifndef TOOLS_GEN_H
#define TOOLS_GEN_H

#include <ctype.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int gen_errors;

__attribute__((format(printf, 3, 4), unused)) static void complain(const char *file, int line, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fprintf(stderr, "%s:%d: ", file, line);
	vfprintf(stderr, fmt, ap);
	fputc('\n', stderr);
	va_end(ap);
	gen_errors++;
}

__attribute__((format(printf, 1, 2), noreturn, unused)) static void die(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	fputc('\n', stderr);
	va_end(ap);
	exit(2);
}

__attribute__((format(printf, 1, 2), unused)) static char *format(const char *fmt, ...)
{
	char *s;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&s, fmt, ap) < 0)
		die("out of memory");
	va_end(ap);
	return s;
}

/* Room for one more element; doubles at powers of two. */
__attribute__((unused)) static void *grow(void *at, size_t len, size_t size)
{
	if ((len & (len - 1)) != 0)
		return at;
	at = reallocarray(at, len ? 2 * len : 1, size);
	if (at == NULL)
		die("out of memory");
	return at;
}

/* The whole file, NUL-terminated; NULL when there is none. */
__attribute__((unused)) static char *slurp(const char *path, size_t *len)
{
	FILE *in = fopen(path, "rb");
	char *data = NULL;
	size_t cap = 0;

	*len = 0;
	if (in == NULL)
		return NULL;
	do {
		cap = cap ? 2 * cap : 65536;
		data = realloc(data, cap);
		if (data == NULL)
			die("out of memory");
		*len += fread(data + *len, 1, cap - *len - 1, in);
	} while (*len == cap - 1);
	if (ferror(in))
		die("%s: cannot read", path);
	fclose(in);
	data[*len] = '\0';
	return data;
}

/* Leaves a file alone that has this content already, so that make rebuilds only what depends on a change. */
__attribute__((unused)) static void write_if_changed(const char *path, const char *data, size_t len)
{
	size_t old_len;
	char *old = slurp(path, &old_len);
	FILE *out;

	if (old && old_len == len && memcmp(old, data, len) == 0)
		return;
	out = fopen(path, "wb");
	if (out == NULL || fwrite(data, 1, len, out) != len || fclose(out) != 0)
		die("%s: cannot write", path);
}

/* A dotted or slashed name as part of a C name: order.confirm → order_confirm. */
__attribute__((unused)) static const char *c_name(const char *s)
{
	char *copy = format("%s", s);

	for (char *p = copy; *p; p++)
		if (!isalnum((unsigned char)*p))
			*p = '_';
	return copy;
}

/* The text as a C string literal; returns the bytes it has in C. */
__attribute__((unused)) static size_t put_literal(FILE *out, const char *s, size_t len)
{
	size_t bytes = 0;

	fputc('"', out);
	for (size_t i = 0; i < len; i++) {
		bytes += s[i] != '\r';
		if (s[i] == '\n')
			fputs("\\n", out);
		else if (s[i] == '\t')
			fputs("\\t", out);
		else if (s[i] == '"' || s[i] == '\\' || s[i] == '?')
			fprintf(out, "\\%c", s[i]);
		else if (s[i] != '\r')
			fputc(s[i], out);
	}
	fputc('"', out);
	return bytes;
}

#endif
