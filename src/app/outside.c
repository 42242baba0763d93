/* outside: the guard on addresses, HTTP and SMTP. */
#include "app/outside.h"

#include "app/outbox.h"
#include "base/utf8.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- which addresses ---- */

/* An address as 16 bytes; IPv4 as ::ffff:a.b.c.d, also where IPv6 only wraps one (NAT64, 6to4). */
struct place {
	uint8_t at[16];
	int port;
};

static bool wraps_v4(const uint8_t a[16], size_t *at)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff }, nat64[12] = { 0, 0x64, 0xff, 0x9b };

	*at = a[0] == 0x20 && a[1] == 0x02 ? 2 : 12;
	return *at == 2 || memcmp(a, mapped, 12) == 0 || memcmp(a, nat64, 12) == 0;
}

static void map_v4(uint8_t out[16], const uint8_t v4[4])
{
	memset(out, 0, 10);
	out[10] = out[11] = 0xff;
	memcpy(out + 12, v4, 4);
}

static bool place_of(const struct sockaddr *a, struct place *p)
{
	uint8_t v4[4];
	size_t at;

	if (a->sa_family == AF_INET) {
		const struct sockaddr_in *in = (const void *)a;
		memcpy(v4, &in->sin_addr, 4);
		map_v4(p->at, v4);
		p->port = ntohs(in->sin_port);
		return true;
	}
	if (a->sa_family != AF_INET6)
		return false;
	const struct sockaddr_in6 *in = (const void *)a;
	memcpy(p->at, &in->sin6_addr, 16);
	p->port = ntohs(in->sin6_port);
	if (wraps_v4(p->at, &at)) {
		memcpy(v4, p->at + at, 4);
		map_v4(p->at, v4);
	}
	return true;
}

struct net {
	const char *name;
	int bits; /* of the 16 bytes */
};
/* IANA's special-purpose registries: what is not out in the world. */
static const struct net inside_nets[] = { { "0.0.0.0", 8 }, { "10.0.0.0", 8 }, { "100.64.0.0", 10 }, { "127.0.0.0", 8 },
	{ "169.254.0.0", 16 }, { "172.16.0.0", 12 }, { "192.0.0.0", 24 }, { "192.0.2.0", 24 }, { "192.88.99.0", 24 },
	{ "192.168.0.0", 16 }, { "198.18.0.0", 15 }, { "198.51.100.0", 24 }, { "203.0.113.0", 24 }, { "224.0.0.0", 4 },
	{ "240.0.0.0", 4 }, { "::", 96 }, { "100::", 64 }, { "2001::", 23 }, { "2001:db8::", 32 },
	{ "64:ff9b:1::", 48 }, { "fc00::", 7 }, { "fe80::", 10 }, { "fec0::", 10 }, { "ff00::", 8 } };

static bool net_parse(const char *s, uint8_t out[16], bool *v4)
{
	uint8_t four[4];

	*v4 = inet_pton(AF_INET, s, four) == 1;
	if (*v4)
		map_v4(out, four);
	return *v4 || inet_pton(AF_INET6, s, out) == 1;
}

static bool in_net(const uint8_t a[16], const uint8_t net[16], int bits)
{
	for (int i = 0; i < bits; i++)
		if (((a[i / 8] ^ net[i / 8]) >> (7 - i % 8) & 1) != 0)
			return false;
	return true;
}

static bool is_inside(const struct place *p)
{
	uint8_t net[16];
	bool v4;

	for (size_t i = 0; i < ARRAY_LEN(inside_nets); i++)
		if (net_parse(inside_nets[i].name, net, &v4) && in_net(p->at, net, inside_nets[i].bits + (v4 ? 96 : 0)))
			return true;
	return false;
}

/* A word of outside.allow. */
struct allowed {
	uint8_t net[16];
	int bits, port; /* port 0: any */
};

static bool number_parse(const char *s, int most, int *out)
{
	size_t digits = strspn(s, "0123456789");

	if (digits == 0 || digits > 5 || s[digits] != '\0')
		return false;
	*out = (int)strtol(s, NULL, 10);
	return *out <= most;
}

/* Takes what stands behind the address off it; false where that is no port and no number of bits. */
static bool tail_parse(char **host, struct allowed *out)
{
	char *mark;

	if (**host == '[' && (mark = strchr(*host, ']')) != NULL) {
		*mark++ = '\0';
		(*host)++;
		return *mark == '\0' || (*mark == ':' && number_parse(mark + 1, 65535, &out->port));
	}
	if ((mark = strchr(*host, '/')) != NULL) {
		*mark = '\0';
		return number_parse(mark + 1, 128, &out->bits);
	}
	if ((mark = strchr(*host, ':')) == NULL || strchr(mark + 1, ':') != NULL)
		return true;
	*mark = '\0';
	return number_parse(mark + 1, 65535, &out->port);
}

/* "10.0.0.5", "10.0.0.5:8443", "[fd00::1]:8443", "10.0.0.0/8"; what is not wholly one of these allows nothing. */
static bool word_parse(const char *word, size_t len, struct allowed *out)
{
	char room[64] = { 0 }, *host = room;
	bool v4;

	*out = (struct allowed){ .bits = -1 };
	if (len >= sizeof(room))
		return false;
	memcpy(room, word, len);
	if (!tail_parse(&host, out) || !net_parse(host, out->net, &v4) || out->bits > (v4 ? 32 : 128))
		return false;
	out->bits = out->bits < 0 ? 128 : out->bits + (v4 ? 96 : 0);
	return true;
}

/* The next word of the list; NULL at its end. */
static const char *word_next(const char **list, size_t *len)
{
	static const char between[] = " ,\t\r\n";
	const char *word = *list + strspn(*list, between);

	*len = strcspn(word, between);
	*list = word + *len;
	return *len > 0 ? word : NULL;
}

bool outside_address_ok(const struct sockaddr *a, const char *allow)
{
	const char *list = allow != NULL ? allow : "", *word;
	struct allowed w;
	struct place p;
	size_t len;

	if (!place_of(a, &p))
		return false;
	if (!is_inside(&p))
		return true;
	while ((word = word_next(&list, &len)) != NULL)
		if (word_parse(word, len, &w) && (w.port == 0 || w.port == p.port) && in_net(p.at, w.net, w.bits))
			return true;
	return false;
}

bool outside_allow_check(struct ctx *c, const char *pointer, const char *allow)
{
	const char *word;
	struct allowed w;
	size_t len;

	while ((word = word_next(&allow, &len)) != NULL)
		if (!word_parse(word, len, &w))
			(void)fail_field(c, pointer, E_TYPE, T_app_outside_allow, arena_strndup(c->arena, word, len));
	return ok(c);
}

bool outside_url_check(struct ctx *c, const char *pointer, const char *url)
{
	CURLU *u = curl_url();
	char *scheme = NULL, *host = NULL;
	bool good = curl_url_set(u, CURLUPART_URL, url, CURLU_DISALLOW_USER) == CURLUE_OK &&
		    curl_url_get(u, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK &&
		    (strcmp(scheme, "https") == 0 || strcmp(scheme, "http") == 0) &&
		    curl_url_get(u, CURLUPART_HOST, &host, 0) == CURLUE_OK && *host != '\0';

	curl_free(scheme);
	curl_free(host);
	curl_url_cleanup(u);
	return good || fail_field(c, pointer, E_TYPE, T_app_outside_url);
}

/* ---- a call ---- */

struct call {
	const struct ctx *c;
	const char *allow;
	bool guarded, refused;
	struct buf answer;
	struct bytes message; /* SMTP: still to be read */
};

static pthread_once_t curl_once = PTHREAD_ONCE_INIT;

static void curl_start(void)
{
	must(curl_global_init(CURL_GLOBAL_DEFAULT) == 0);
}

static int go_on(void *c, curl_off_t dt, curl_off_t dn, curl_off_t ut, curl_off_t un)
{
	(void)dt, (void)dn, (void)ut, (void)un;
	return workers_stopping(c);
}

CURL *outside_curl(struct ctx *c, const char *url)
{
	CURL *h;

	pthread_once(&curl_once, curl_start);
	h = curl_easy_init();
	must(h != NULL);
	curl_easy_setopt(h, CURLOPT_URL, url);
	curl_easy_setopt(h, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(h, CURLOPT_CONNECTTIMEOUT, 10L);
	curl_easy_setopt(h, CURLOPT_TIMEOUT, 30L);
	curl_easy_setopt(h, CURLOPT_PROXY, "");
	curl_easy_setopt(h, CURLOPT_NOPROGRESS, 0L);
	curl_easy_setopt(h, CURLOPT_XFERINFOFUNCTION, go_on);
	curl_easy_setopt(h, CURLOPT_XFERINFODATA, c);
	return h;
}

static curl_socket_t open_checked(void *arg, curlsocktype purpose, struct curl_sockaddr *a)
{
	struct call *k = arg;

	(void)purpose;
	if (k->guarded && !outside_address_ok(&a->addr, k->allow)) {
		k->refused = true;
		return CURL_SOCKET_BAD;
	}
	return socket(a->family, a->socktype | SOCK_CLOEXEC, a->protocol);
}

/* More than anybody needs to say is not read. */
static size_t take(char *data, size_t size, size_t n, void *arg)
{
	struct call *k = arg;

	if (k->answer.len + size * n > OUTSIDE_ANSWER_MAX)
		return 0;
	buf_add(&k->answer, data, size * n);
	return size * n;
}

static size_t give(char *data, size_t size, size_t n, void *arg)
{
	struct call *k = arg;
	size_t len = size * n < k->message.len ? size * n : k->message.len;

	memcpy(data, k->message.data, len);
	k->message.data += len;
	k->message.len -= len;
	return len;
}

/* What a stranger answered is shown to people: text only. */
static const char *plain(struct ctx *c, const struct buf *b)
{
	const char *s = buf_cstr(b);

	return utf8_clean(s, strlen(s)) ? s : text_get(c->lang, T_app_outside_not_text);
}

static void perform(struct ctx *c, CURL *h, struct call *k, struct outside *out)
{
	char why[CURL_ERROR_SIZE] = { 0 };
	curl_off_t wait = 0;
	CURLcode code;

	buf_init(&k->answer, c->arena);
	curl_easy_setopt(h, CURLOPT_ERRORBUFFER, why);
	curl_easy_setopt(h, CURLOPT_OPENSOCKETFUNCTION, open_checked);
	curl_easy_setopt(h, CURLOPT_OPENSOCKETDATA, k);
	curl_easy_setopt(h, CURLOPT_WRITEFUNCTION, take);
	curl_easy_setopt(h, CURLOPT_WRITEDATA, k);
	code = curl_easy_perform(h);
	*out = (struct outside){ .body = "" };
	curl_easy_getinfo(h, CURLINFO_RESPONSE_CODE, &out->status);
	curl_easy_getinfo(h, CURLINFO_RETRY_AFTER, &wait);
	out->wait_s = wait > 0 ? (wait < 86400 ? wait : 86400) : 0;
	out->refused = k->refused && code != CURLE_OK;
	out->body = plain(c, &k->answer);
	/* An answer longer than we read is an answer all the same. */
	if (code != CURLE_OK && !(code == CURLE_WRITE_ERROR && out->status > 0))
		out->error = out->refused ? text_get(c->lang, T_app_outside_refused)
					  : arena_strdup(c->arena, *why != '\0' ? why : curl_easy_strerror(code));
	curl_easy_cleanup(h);
}

void outside_post(struct ctx *c, const struct outside_post *p, struct outside *out)
{
	CURL *h = outside_curl(c, p->url);
	struct call k = { .c = c, .allow = p->allow, .guarded = true };
	struct curl_slist *heads = NULL;

	heads = curl_slist_append(heads, arena_printf(c->arena, "Content-Type: %s", p->content_type));
	heads = curl_slist_append(heads, "Expect:");
	for (size_t i = 0; p->headers != NULL && p->headers[i] != NULL; i++)
		heads = curl_slist_append(heads, p->headers[i]);
	curl_easy_setopt(h, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(h, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(h, CURLOPT_USERAGENT, "huodan");
	curl_easy_setopt(h, CURLOPT_HTTPHEADER, heads);
	curl_easy_setopt(h, CURLOPT_POST, 1L);
	curl_easy_setopt(h, CURLOPT_POSTFIELDS, p->body.data);
	curl_easy_setopt(h, CURLOPT_POSTFIELDSIZE, (long)p->body.len);
	perform(c, h, &k, out);
	curl_slist_free_all(heads);
}

void outside_mail(struct ctx *c, const struct outside_mail *m, struct outside *out)
{
	CURL *h = outside_curl(c, m->url);
	struct call k = { .c = c, .message = m->message };
	struct curl_slist *to = curl_slist_append(NULL, arena_printf(c->arena, "<%s>", m->to));

	curl_easy_setopt(h, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	curl_easy_setopt(h, CURLOPT_MAIL_FROM, arena_printf(c->arena, "<%s>", m->from));
	curl_easy_setopt(h, CURLOPT_MAIL_RCPT, to);
	if (*m->user != '\0') {
		curl_easy_setopt(h, CURLOPT_USE_SSL, (long)CURLUSESSL_ALL);
		curl_easy_setopt(h, CURLOPT_USERNAME, m->user);
		curl_easy_setopt(h, CURLOPT_PASSWORD, m->secret);
	} else {
		curl_easy_setopt(h, CURLOPT_USE_SSL, (long)CURLUSESSL_TRY);
	}
	curl_easy_setopt(h, CURLOPT_UPLOAD, 1L);
	curl_easy_setopt(h, CURLOPT_READFUNCTION, give);
	curl_easy_setopt(h, CURLOPT_READDATA, &k);
	perform(c, h, &k, out);
	curl_slist_free_all(to);
}
