/* rand: random bytes through ctx, so that a seed can decide them in tests. */
#ifndef BASE_RAND_H
#define BASE_RAND_H

#include <stddef.h>
#include <stdint.h>

struct rng {
	uint64_t seed; /* 0: the system's randomness (libsodium) */
	uint64_t state;
};

void rng_bytes(struct rng *r, void *out, size_t len);
uint64_t rng_below(struct rng *r, uint64_t n); /* 0 .. n-1, n > 0 */
/* len bytes as lower-case hexadecimal; out has 2*len+1 places. */
void rng_hex(struct rng *r, char *out, size_t len);

#endif
