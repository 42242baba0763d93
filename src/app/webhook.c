/* webhook: one signature for all that is signed. */
#include "app/webhook.h"

#include "base/rand.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#define PREFIX       "whsec_"
#define TOLERANCE_S  300
#define SECRET_BYTES 24
#define BASE64       sodium_base64_VARIANT_ORIGINAL

static struct bytes key_of(struct ctx *c, const char *secret)
{
	size_t max = strlen(secret), skip = strlen(PREFIX), len;
	uint8_t *key = arena_alloc(c->arena, max + 1);

	if (strncmp(secret, PREFIX, skip) == 0 &&
		sodium_base642bin(key, max, secret + skip, max - skip, NULL, &len, NULL, BASE64) == 0)
		return (struct bytes){ key, len };
	return (struct bytes){ (const uint8_t *)secret, max };
}

static void add(crypto_auth_hmacsha256_state *st, const char *s)
{
	crypto_auth_hmacsha256_update(st, (const uint8_t *)s, strlen(s));
}

const char *webhook_sign(struct ctx *c, const char *secret, const char *id, const char *timestamp, struct bytes body)
{
	struct bytes key = key_of(c, secret);
	uint8_t mac[crypto_auth_hmacsha256_BYTES];
	char text[sodium_base64_ENCODED_LEN(sizeof(mac), BASE64)];
	crypto_auth_hmacsha256_state st;

	crypto_auth_hmacsha256_init(&st, key.data, key.len);
	add(&st, id);
	add(&st, ".");
	add(&st, timestamp);
	add(&st, ".");
	crypto_auth_hmacsha256_update(&st, body.data, body.len);
	crypto_auth_hmacsha256_final(&st, mac);
	sodium_bin2base64(text, sizeof(text), mac, sizeof(mac), BASE64);
	return arena_printf(c->arena, "v1,%s", text);
}

bool webhook_fits(struct ctx *c, const char *secret, const struct webhook *w, struct bytes body)
{
	const char *want = webhook_sign(c, secret, w->id, w->timestamp, body), *have = w->signature;
	size_t len = strlen(want);

	while (*have != '\0') {
		size_t n = strcspn(have, " ");

		if (n == len && sodium_memcmp(have, want, len) == 0)
			return true;
		have += n + strspn(have + n, " ");
	}
	return false;
}

bool webhook_fresh(const struct ctx *c, const char *timestamp)
{
	int64_t now = c->now.us / SECOND_US, at;
	char *end;

	if (timestamp == NULL || *timestamp < '0' || *timestamp > '9' || strlen(timestamp) > 12)
		return false;
	at = strtoll(timestamp, &end, 10);
	return *end == '\0' && at >= now - TOLERANCE_S && at <= now + TOLERANCE_S;
}

const char *webhook_secret_new(struct ctx *c)
{
	uint8_t key[SECRET_BYTES];
	char text[sodium_base64_ENCODED_LEN(SECRET_BYTES, BASE64)];

	rng_bytes(c->rng, key, sizeof(key));
	sodium_bin2base64(text, sizeof(text), key, sizeof(key), BASE64);
	return arena_printf(c->arena, PREFIX "%s", text);
}
