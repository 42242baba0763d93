/* head: a second look at the request head, before anything else happens.
 * libmicrohttpd 0.9.75 takes heads that a proxy in front may read differently (two lengths, bare line feeds,
 * folded lines), which is how requests are smuggled. Whatever could be read in two ways is refused and the
 * connection closed. */
#include "http/inside.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

struct walk {
	struct req *r;
	const char *next; /* where the next line must start */
	const char *fault;
	int hosts, lengths, codings;
	bool chunked;
};

static bool token(const char *s, size_t len)
{
	if (len == 0)
		return false;
	for (size_t i = 0; i < len; i++)
		if (!isalnum((unsigned char)s[i]) && (s[i] == '\0' || !strchr("!#$%&'*+-.^_`|~", s[i])))
			return false;
	return true;
}

static bool visible(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (((unsigned char)s[i] < ' ' && s[i] != '\t') || s[i] == 0x7f)
			return false;
	return true;
}

static bool is(const char *name, size_t len, const char *what)
{
	return len == strlen(what) && strncasecmp(name, what, len) == 0;
}

static bool length_ok(const char *s)
{
	size_t digits = strspn(s, "0123456789");

	return digits > 0 && digits <= 18 && s[digits] == '\0';
}

static bool host_ok(const char *s)
{
	return s[strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_:[]%")] == '\0';
}

static const char *meaning(struct walk *w, const char *key, size_t key_len, const char *value)
{
	if (is(key, key_len, "Host"))
		return ++w->hosts > 1 || !host_ok(value) ? "Host" : NULL;
	if (is(key, key_len, "Content-Length"))
		return ++w->lengths > 1 || !length_ok(value) ? "Content-Length" : NULL;
	if (is(key, key_len, "Transfer-Encoding")) {
		w->chunked = strcasecmp(value, "chunked") == 0;
		return ++w->codings > 1 || !w->chunked ? "Transfer-Encoding" : NULL;
	}
	return NULL;
}

/* libmicrohttpd cuts the head into strings where it lies, so that what it skipped between two lines can still
 * be seen: CR LF became two NULs. A bare LF leaves one, and a folded line was moved elsewhere. */
static bool line_end(const char *end)
{
	return end[0] == '\0' && end[1] == '\0';
}

static enum MHD_Result walk_line(
	void *cls, enum MHD_ValueKind kind, const char *key, size_t key_len, const char *value, size_t value_len)
{
	struct walk *w = cls;

	(void)kind;
	if (!value)
		w->fault = "header";
	else if (key != w->next || !line_end(value + value_len))
		w->fault = "line";
	else if (!token(key, key_len))
		w->fault = "name";
	else if (!visible(value, value_len))
		w->fault = "value";
	else
		w->fault = meaning(w, key, key_len, value);
	w->next = value + value_len + 2;
	return w->fault ? MHD_NO : MHD_YES;
}

static const char *whole(const struct walk *w, const char *version)
{
	if (w->codings && w->lengths)
		return "Content-Length, Transfer-Encoding";
	if (w->codings && strcmp(version, "HTTP/1.1") != 0)
		return "Transfer-Encoding";
	if (w->hosts == 0 && strcmp(version, "HTTP/1.1") == 0)
		return "Host";
	return NULL;
}

/* The head ends with an empty line of CR LF, and every byte of it was accounted for. */
static bool all_seen(const struct walk *w)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(w->r->mhd, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);

	return line_end(w->next) && (size_t)(w->next + 2 - w->r->raw_method) == info->header_size;
}

/* One space between the words of the first line. libmicrohttpd decodes the target in place, our copy has its
 * length. */
static bool words_follow(const struct req *r, const char *version)
{
	return r->raw_target == r->raw_method + strlen(r->raw_method) + 1 &&
	       version == r->raw_target + strlen(r->target) + 1;
}

static const char *first_line(const struct req *r, const char *version)
{
	if (strcmp(version, "HTTP/1.1") != 0 && strcmp(version, "HTTP/1.0") != 0)
		return "version";
	if (!token(r->method_name, strlen(r->method_name)))
		return "method";
	if (!words_follow(r, version))
		return "space";
	return line_end(version + strlen(version)) ? NULL : "line";
}

bool head_check(struct req *r, const char *version)
{
	struct walk w = { .r = r, .next = version + strlen(version) + 2, .fault = first_line(r, version) };

	if (!w.fault)
		MHD_get_connection_values_n(r->mhd, MHD_HEADER_KIND, walk_line, &w);
	if (!w.fault)
		w.fault = all_seen(&w) ? whole(&w, version) : "line";
	return w.fault ? fail(&r->ctx, E_BAD_REQUEST, T_http_bad_head, w.fault) : true;
}
