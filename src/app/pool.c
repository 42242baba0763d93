/* pool: a queue, and threads with a reading connection each. */
#include "app/pool.h"

#include "db/db.h"

#include <pthread.h>
#include <stdlib.h>

struct item {
	struct item *next;
	void *what;
};

struct worker {
	struct pool *pool;
	struct db *db;
	pthread_t thread;
};

struct pool {
	pthread_mutex_t lock;
	pthread_cond_t some;
	struct item *first, **last;
	bool stopping;
	void (*work)(struct db *db, void *item);
	struct worker *workers;
	size_t len;
};

static struct item *take(struct pool *p)
{
	struct item *it;

	pthread_mutex_lock(&p->lock);
	while (p->first == NULL && !p->stopping)
		pthread_cond_wait(&p->some, &p->lock);
	it = p->first;
	if (it != NULL) {
		p->first = it->next;
		if (p->first == NULL)
			p->last = &p->first;
	}
	pthread_mutex_unlock(&p->lock);
	return it;
}

static void *run(void *arg)
{
	struct worker *w = arg;
	struct item *it;

	while ((it = take(w->pool)) != NULL) {
		struct buf why;
		buf_init(&why, NULL);
		if (db_broken(w->db) && !db_reopen(w->db, &why))
			buf_free(&why); /* the request will be told that the database is away */
		w->pool->work(w->db, it->what);
		free(it);
	}
	return NULL;
}

bool pool_start(
	struct pool **out, const char *url, size_t threads, void (*work)(struct db *db, void *item), struct buf *why)
{
	struct pool *p = calloc(1, sizeof(*p));

	must(p != NULL && (p->workers = calloc(threads, sizeof(*p->workers))) != NULL);
	pthread_mutex_init(&p->lock, NULL);
	pthread_cond_init(&p->some, NULL);
	p->last = &p->first;
	p->work = work;
	for (; p->len < threads; p->len++) {
		struct worker *w = &p->workers[p->len];
		w->pool = p;
		if (!db_open(&w->db, url, DB_READ, why))
			return false;
		must(pthread_create(&w->thread, NULL, run, w) == 0);
	}
	*out = p;
	return true;
}

void pool_add(struct pool *p, void *what)
{
	struct item *it = malloc(sizeof(*it));

	must(it != NULL);
	*it = (struct item){ NULL, what };
	pthread_mutex_lock(&p->lock);
	*p->last = it;
	p->last = &it->next;
	pthread_cond_signal(&p->some);
	pthread_mutex_unlock(&p->lock);
}

void pool_stop(struct pool *p)
{
	pthread_mutex_lock(&p->lock);
	p->stopping = true;
	pthread_cond_broadcast(&p->some);
	pthread_mutex_unlock(&p->lock);
	for (size_t i = 0; i < p->len; i++) {
		pthread_join(p->workers[i].thread, NULL);
		db_close(p->workers[i].db);
	}
	free(p->workers);
	free(p);
}
