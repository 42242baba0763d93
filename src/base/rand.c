/* rand: libsodium's bytes, or a seeded sequence (splitmix64) for tests. */
#include "base/rand.h"

#include "base/must.h"

#include <sodium.h>
#include <string.h>

static uint64_t seeded_next(struct rng *r)
{
	uint64_t z;

	if (r->state == 0)
		r->state = r->seed;
	z = (r->state += UINT64_C(0x9e3779b97f4a7c15));
	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

void rng_bytes(struct rng *r, void *out, size_t len)
{
	unsigned char *p = out;

	if (r->seed == 0) {
		randombytes_buf(out, len);
		return;
	}
	while (len > 0) {
		uint64_t v = seeded_next(r);
		size_t n = len < sizeof(v) ? len : sizeof(v);
		memcpy(p, &v, n);
		p += n;
		len -= n;
	}
}

uint64_t rng_below(struct rng *r, uint64_t n)
{
	uint64_t v, limit;

	must(n > 0);
	limit = UINT64_MAX - UINT64_MAX % n;
	do
		rng_bytes(r, &v, sizeof(v));
	while (v >= limit);
	return v % n;
}

void rng_hex(struct rng *r, char *out, size_t len)
{
	static const char digits[] = "0123456789abcdef";
	unsigned char b;

	for (size_t i = 0; i < len; i++) {
		rng_bytes(r, &b, 1);
		out[2 * i] = digits[b >> 4];
		out[2 * i + 1] = digits[b & 15];
	}
	out[2 * len] = '\0';
}
