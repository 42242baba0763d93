/* sha256: a thin face on libsodium. */
#include "base/sha256.h"

#include "base/must.h"

void sha256_start(struct sha256 *s)
{
	must(crypto_hash_sha256_init(&s->state) == 0);
}

void sha256_add(struct sha256 *s, const void *data, size_t len)
{
	must(crypto_hash_sha256_update(&s->state, data, len) == 0);
}

void sha256_end(struct sha256 *s, uint8_t out[32])
{
	must(crypto_hash_sha256_final(&s->state, out) == 0);
}

void sha256(const void *data, size_t len, uint8_t out[32])
{
	must(crypto_hash_sha256(out, data, len) == 0);
}

void hex_encode(char *out, const uint8_t *data, size_t len)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < len; i++) {
		out[2 * i] = digits[data[i] >> 4];
		out[2 * i + 1] = digits[data[i] & 15];
	}
	out[2 * len] = '\0';
}

const char *sha256_hex(struct arena *a, const void *data, size_t len)
{
	char *hex = arena_alloc(a, 65);
	uint8_t hash[32];

	sha256(data, len, hash);
	hex_encode(hex, hash, sizeof(hash));
	return hex;
}
