/* conn: who is connected, how many from one address, and until when.
 * libmicrohttpd's own timeout starts anew with every byte, so a client that drips one now and then lives for
 * ever. Here a connection has a deadline for each stage of its life, and a sweeper that shuts down whoever
 * passed it. */
#include "base/clock.h"
#include "http/inside.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#define PEERS        16384 /* a power of two, above the most connections there can be */
#define PER_PEER_MAX 512
#define BEAT_S       15

struct peer {
	unsigned char key[16];
	unsigned count;
	struct peer *next;
};

struct peers {
	struct peer *buckets[PEERS];
};

struct peers *peers_new(struct arena *a)
{
	return ARENA_NEW(a, struct peers);
}

/* IPv4 as it is; IPv6 by network, because one household has 2^64 addresses. */
static void key_of(const struct sockaddr *addr, unsigned char key[16])
{
	memset(key, 0, 16);
	if (addr->sa_family == AF_INET) {
		memcpy(key, &((const struct sockaddr_in *)(const void *)addr)->sin_addr, 4);
		key[15] = 4;
	} else if (addr->sa_family == AF_INET6) {
		const struct in6_addr *a = &((const struct sockaddr_in6 *)(const void *)addr)->sin6_addr;

		memcpy(key, IN6_IS_ADDR_V4MAPPED(a) ? a->s6_addr + 12 : a->s6_addr, IN6_IS_ADDR_V4MAPPED(a) ? 4 : 8);
		key[15] = IN6_IS_ADDR_V4MAPPED(a) ? 4 : 6;
	}
}

static bool is_local(const struct sockaddr *addr, const unsigned char key[16])
{
	if (key[15] == 4)
		return key[0] == 127;
	return addr->sa_family == AF_INET6 &&
	       IN6_IS_ADDR_LOOPBACK(&((const struct sockaddr_in6 *)(const void *)addr)->sin6_addr);
}

static struct peer **peer_at(struct peers *p, const unsigned char key[16])
{
	uint32_t hash = 2166136261;
	struct peer **at;

	for (int i = 0; i < 16; i++)
		hash = (hash ^ key[i]) * 16777619;
	at = &p->buckets[(hash ^ hash >> 16) % PEERS];
	while (*at && memcmp((*at)->key, key, 16) != 0)
		at = &(*at)->next;
	return at;
}

static void peer_count(struct peers *p, const unsigned char key[16])
{
	struct peer **at = peer_at(p, key);

	if (!*at) {
		*at = calloc(1, sizeof(**at));
		if (!*at)
			return;
		memcpy((*at)->key, key, 16);
	}
	(*at)->count++;
}

static void peer_forget(struct peers *p, const unsigned char key[16])
{
	struct peer **at = peer_at(p, key), *gone = *at;

	if (gone && --gone->count == 0) {
		*at = gone->next;
		free(gone);
	}
}

bool conn_admit(struct http *h, const struct sockaddr *addr)
{
	unsigned char key[16];
	struct peer *p;
	bool room;

	key_of(addr, key);
	if (is_local(addr, key))
		return true;
	pthread_mutex_lock(&h->lock);
	p = *peer_at(h->peers, key);
	room = !p || p->count < PER_PEER_MAX;
	pthread_mutex_unlock(&h->lock);
	return room;
}

static void write_address(struct conn *k, const struct sockaddr *addr)
{
	if (addr->sa_family == AF_INET6 && k->key[15] == 6)
		inet_ntop(AF_INET6, &((const struct sockaddr_in6 *)(const void *)addr)->sin6_addr, k->address,
			sizeof(k->address));
	else
		inet_ntop(AF_INET, k->key, k->address, sizeof(k->address));
}

struct conn *conn_open(struct http *h, int fd, const struct sockaddr *addr)
{
	struct conn *k = calloc(1, sizeof(*k));

	if (!k)
		return NULL;
	k->fd = fd;
	key_of(addr, k->key);
	k->local = is_local(addr, k->key);
	write_address(k, addr);
	conn_limit(k, HEAD_S);
	pthread_mutex_lock(&h->lock);
	peer_count(h->peers, k->key);
	k->next = h->conns;
	if (k->next)
		k->next->prev = k;
	h->conns = k;
	pthread_mutex_unlock(&h->lock);
	return k;
}

/* Called before the descriptor is closed, so that the sweeper never shuts down somebody else's. */
void conn_close(struct http *h, struct conn *k)
{
	pthread_mutex_lock(&h->lock);
	peer_forget(h->peers, k->key);
	if (k->prev)
		k->prev->next = k->next;
	else
		h->conns = k->next;
	if (k->next)
		k->next->prev = k->prev;
	pthread_mutex_unlock(&h->lock);
	free(k);
}

/* 0 seconds: no limit, while the app works on it. */
void conn_limit(struct conn *k, int seconds)
{
	k->deadline = seconds ? clock_monotonic_us() + seconds * SECOND_US : NO_DEADLINE;
}

/* At the end: whoever is still sending or reading gets this long. */
void conns_hurry(struct http *h, int seconds)
{
	int64_t last = clock_monotonic_us() + seconds * SECOND_US;

	pthread_mutex_lock(&h->lock);
	for (struct conn *k = h->conns; k; k = k->next)
		if (k->deadline != NO_DEADLINE && k->deadline > last)
			k->deadline = last;
	pthread_mutex_unlock(&h->lock);
}

static void sweep(struct http *h, int64_t now)
{
	for (struct conn *k = h->conns; k; k = k->next)
		if (k->deadline < now) {
			k->deadline = NO_DEADLINE;
			shutdown(k->fd, SHUT_RDWR);
		}
}

void *conn_sweep(void *http)
{
	struct http *h = http;
	int beat = 0;

	pthread_mutex_lock(&h->lock);
	while (h->sweeping) {
		struct timespec until;

		sweep(h, clock_monotonic_us());
		clock_gettime(CLOCK_MONOTONIC, &until);
		until.tv_sec++;
		pthread_cond_timedwait(&h->tick, &h->lock, &until);
		if (++beat < BEAT_S)
			continue;
		beat = 0;
		pthread_mutex_unlock(&h->lock);
		streams_beat(h);
		pthread_mutex_lock(&h->lock);
	}
	pthread_mutex_unlock(&h->lock);
	return NULL;
}
