/* fake: requests without a socket. What libmicrohttpd would have read is given, everything behind it is the
 * real thing: routes, tables of fields, rights, handlers, answers. For the simulation and the fuzzers. */
#ifndef TEST_FAKE_H
#define TEST_FAKE_H

#include "http/inside.h"

/* A server that never listens. */
struct http *fake_http(const struct route *const *tables, const struct http_hooks *hooks);
void fake_http_free(struct http *h);

struct fake_ask {
	const char *method, *target;
	struct header *headers;
	const char *body;
	size_t len;
};
/* Read, routed and checked as on_head and on_end in http/server.c do; an error is in its ctx. NULL route: no such path. */
struct req *fake_req(struct http *h, const struct fake_ask *ask, uint64_t seed);
/* Its answer was sent. */
bool fake_answered(const struct req *r);
void fake_req_free(struct req *r);

#endif
