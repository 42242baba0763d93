/* outside: calls out of the house, over libcurl. Only workers make them, never a request or a transaction.
 * An address somebody typed in must not reach what only this machine can reach: whatever its name resolves to, a connection
 * to a loopback, private, link-local or reserved address is refused unless outside.allow names it. The check is made on the
 * very address that is connected to, so a name that changes its mind gains nothing; redirects are not followed and no
 * proxy is asked. */
#ifndef APP_OUTSIDE_H
#define APP_OUTSIDE_H

#include "app/app.h"

#include <curl/curl.h>
#include <sys/socket.h>

#define OUTSIDE_ANSWER_MAX (64 * 1024)

/* What was answered, or why nothing was. */
struct outside {
	long status;       /* HTTP or SMTP; 0: it never came to an answer */
	int64_t wait_s;    /* Retry-After, 0 if none */
	const char *body;  /* never NULL */
	const char *error; /* NULL: answered */
	bool refused;      /* by our own guard: no use in trying again */
};

struct outside_post {
	const char *url, *content_type;
	const char *const *headers; /* "Name: value", NULL-terminated; may be NULL */
	struct bytes body;
	const char *allow; /* the setting outside.allow */
};
void outside_post(struct ctx *c, const struct outside_post *p, struct outside *out);

struct outside_mail {
	const char *url, *user, *secret;
	const char *from, *to;
	struct bytes message; /* RFC 5322, CRLF */
};
void outside_mail(struct ctx *c, const struct outside_mail *m, struct outside *out);

/* A handle with the limits of all calls: 10 s to connect, 30 s in all, ended when the program ends. */
CURL *outside_curl(struct ctx *c, const char *url);

/* Is this an address people may make us call? http or https, a host, no login in it. */
NODISCARD bool outside_url_check(struct ctx *c, const char *pointer, const char *url);
/* May this address be connected to? allow: words ADDRESS, ADDRESS:PORT or NET/BITS. */
bool outside_address_ok(const struct sockaddr *a, const char *allow);
/* Is every word of it one of these? What is not is named. */
bool outside_allow_check(struct ctx *c, const char *pointer, const char *allow);

#endif
