/* mail_imap: a mailbox over IMAP. libcurl connects, turns to TLS and signs in; the few commands we need are spoken here, so
 * that a fetch marks nothing as read and a literal is counted, not searched for its end. */
#include "mod/mail/mail_int.h"

#include "app/outbox.h"
#include "app/outside.h"
#include "base/clock.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

#define LINE_MAX_  (64 * 1024)
#define SILENCE_US (30 * SECOND_US)

static bool broken(struct imap *im, const char *why)
{
	if (im->error == NULL)
		im->error = arena_strdup(im->c->arena, why);
	return false;
}

/* Waits until something came, at most half a minute. */
static bool wait_for(struct imap *im, short events)
{
	int64_t until = clock_monotonic_us() + SILENCE_US;
	curl_socket_t s = CURL_SOCKET_BAD;

	curl_easy_getinfo(im->curl, CURLINFO_ACTIVESOCKET, &s);
	if (s == CURL_SOCKET_BAD)
		return broken(im, "the connection is gone");
	while (clock_monotonic_us() < until) {
		struct pollfd p = { s, events, 0 };

		if (workers_stopping(im->c))
			return broken(im, "stopped");
		if (poll(&p, 1, 200) > 0)
			return true;
	}
	return broken(im, "the server says nothing");
}

static bool more(struct imap *im)
{
	char room[16384];
	size_t n = 0;
	CURLcode code;

	if (im->at > 0 && im->at == im->in.len)
		im->at = im->in.len = 0;
	while ((code = curl_easy_recv(im->curl, room, sizeof(room), &n)) == CURLE_AGAIN)
		if (!wait_for(im, POLLIN))
			return false;
	if (code != CURLE_OK || n == 0)
		return broken(im, code != CURLE_OK ? curl_easy_strerror(code) : "the server hung up");
	buf_add(&im->in, room, n);
	return true;
}

static bool take_line(struct imap *im, const char **line)
{
	char *end;

	while ((end = memmem(buf_cstr(&im->in) + im->at, im->in.len - im->at, "\r\n", 2)) == NULL) {
		if (im->in.len - im->at > LINE_MAX_)
			return broken(im, "a line without end");
		if (!more(im))
			return false;
	}
	*line = arena_strndup(im->c->arena, im->in.data + im->at, (size_t)(end - im->in.data) - im->at);
	im->at = (size_t)(end - im->in.data) + 2;
	return true;
}

static bool take_bytes(struct imap *im, size_t n, struct bytes *out)
{
	if (n > MAIL_BYTES_MAX)
		return broken(im, "a literal that is too long");
	while (im->in.len - im->at < n)
		if (!more(im))
			return false;
	*out = (struct bytes){ (const uint8_t *)arena_strndup(im->c->arena, im->in.data + im->at, n), n };
	im->at += n;
	return true;
}

/* "… BODY[] {1234}" goes on with so many bytes. */
static bool literal_len(const char *line, size_t *n)
{
	const char *open = strrchr(line, '{');
	char *end;

	if (open == NULL || open[1] < '0' || open[1] > '9')
		return false;
	*n = strtoul(open + 1, &end, 10);
	return strcmp(end, "}") == 0;
}

static bool say(struct imap *im, const char *text)
{
	size_t len = strlen(text), n;

	while (len > 0) {
		CURLcode code = curl_easy_send(im->curl, text, len, &n);

		if (code == CURLE_AGAIN) {
			if (!wait_for(im, POLLOUT))
				return false;
			continue;
		}
		if (code != CURLE_OK)
			return broken(im, curl_easy_strerror(code));
		text += n;
		len -= n;
	}
	return true;
}

/* One answer with all its literals; the first is handed over. */
static bool take_answer(struct imap *im, const char **line, struct bytes *literal)
{
	const char *rest;
	struct bytes other;
	size_t n;

	*literal = (struct bytes){ NULL, 0 };
	if (!take_line(im, line))
		return false;
	rest = *line;
	for (int i = 0; i < 20 && literal_len(rest, &n); i++) {
		if (!take_bytes(im, n, &other) || !take_line(im, &rest))
			return false;
		*literal = literal->data == NULL ? other : *literal;
		*line = arena_printf(im->c->arena, "%s%s", *line, rest);
	}
	return true;
}

bool imap_ask(struct imap *im, const char *command, imap_heard heard, void *who)
{
	const char *tag = arena_printf(im->c->arena, "h%d ", ++im->tag), *line;
	struct bytes literal;

	im->refused = false;
	if (!say(im, arena_printf(im->c->arena, "%s%s\r\n", tag, command)))
		return false;
	for (;;) {
		if (!take_answer(im, &line, &literal))
			return false;
		if (strncmp(line, "* ", 2) == 0 && heard != NULL)
			heard(who, line + 2, literal);
		if (strncmp(line, tag, strlen(tag)) == 0) {
			im->refused = strncmp(line + strlen(tag), "OK", 2) != 0;
			return !im->refused || broken(im, line + strlen(tag));
		}
	}
}

bool imap_open(struct imap *im, struct ctx *c, const char *url, const char *user, const char *secret)
{
	char why[CURL_ERROR_SIZE] = { 0 };
	CURLcode code;

	*im = (struct imap){ .curl = outside_curl(c, url), .c = c };
	buf_init(&im->in, NULL);
	curl_easy_setopt(im->curl, CURLOPT_PROTOCOLS_STR, "imap,imaps");
	curl_easy_setopt(im->curl, CURLOPT_USERNAME, user);
	curl_easy_setopt(im->curl, CURLOPT_PASSWORD, secret);
	curl_easy_setopt(im->curl, CURLOPT_USE_SSL, (long)CURLUSESSL_TRY);
	curl_easy_setopt(im->curl, CURLOPT_CONNECT_ONLY, 1L);
	curl_easy_setopt(im->curl, CURLOPT_ERRORBUFFER, why);
	code = curl_easy_perform(im->curl);
	curl_easy_setopt(im->curl, CURLOPT_ERRORBUFFER, NULL);
	return code == CURLE_OK || broken(im, *why != '\0' ? why : curl_easy_strerror(code));
}

void imap_close(struct imap *im)
{
	if (im->error == NULL)
		(void)say(im, "h0 LOGOUT\r\n");
	curl_easy_cleanup(im->curl);
	buf_free(&im->in);
}
