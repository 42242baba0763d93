/* sha256: hashes for snapshots, the audit chain, stored files. */
#ifndef BASE_SHA256_H
#define BASE_SHA256_H

#include "base/arena.h"

#include <sodium.h>
#include <stddef.h>
#include <stdint.h>

struct sha256 {
	crypto_hash_sha256_state state;
};

void sha256_start(struct sha256 *s);
void sha256_add(struct sha256 *s, const void *data, size_t len);
void sha256_end(struct sha256 *s, uint8_t out[32]);
void sha256(const void *data, size_t len, uint8_t out[32]);
/* The hash as people read it. */
const char *sha256_hex(struct arena *a, const void *data, size_t len);
/* Lower case; out has 2*len+1 places. */
void hex_encode(char *out, const uint8_t *data, size_t len);

#endif
