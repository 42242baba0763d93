/* limit: the least that can take an order and keep it: libmicrohttpd, jansson, SQLite with the same settings and the same
 * grouping, and nothing but the order's rows. What huodan is measured against, in the same run.
 *   limit DATABASE PORT */
#include <jansson.h>
#include <microhttpd.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define GROUP_MAX 256

struct job {
	struct MHD_Connection *connection;
	char *body;
	size_t len;
	bool done;
	struct job *next;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t some = PTHREAD_COND_INITIALIZER;
static struct job *first, **last = &first;
static sqlite3 *db;
static sqlite3_stmt *put_order, *put_line;
static sqlite3_int64 next_id = 1;

static void must(bool good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "limit: %s: %s\n", what, db ? sqlite3_errmsg(db) : "");
	exit(1);
}

static void run(const char *sql)
{
	must(sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK, sql);
}

static void put_text(sqlite3_stmt *s, int at, json_t *o, const char *key)
{
	const char *text = json_string_value(json_object_get(o, key));

	sqlite3_bind_text(s, at, text ? text : "", -1, SQLITE_TRANSIENT);
}

static void step(sqlite3_stmt *s)
{
	must(sqlite3_step(s) == SQLITE_DONE, "insert");
	sqlite3_reset(s);
}

static void write_order(const struct job *j)
{
	json_t *o = json_loadb(j->body, j->len, 0, NULL), *lines = json_object_get(o, "lines"), *line;
	size_t i;

	sqlite3_bind_int64(put_order, 1, next_id);
	put_text(put_order, 2, o, "customer");
	put_text(put_order, 3, o, "delivery_date");
	step(put_order);
	json_array_foreach(lines, i, line)
	{
		sqlite3_bind_int64(put_line, 1, next_id);
		sqlite3_bind_int64(put_line, 2, (sqlite3_int64)i + 1);
		put_text(put_line, 3, line, "sku");
		put_text(put_line, 4, line, "quantity");
		step(put_line);
	}
	next_id++;
	json_decref(o);
}

static struct job *take(void)
{
	struct job *group = NULL, **end = &group;

	pthread_mutex_lock(&lock);
	while (!first)
		pthread_cond_wait(&some, &lock);
	for (int n = 0; first && n < GROUP_MAX; n++) {
		*end = first;
		end = &first->next;
		first = first->next;
	}
	*end = NULL;
	if (!first)
		last = &first;
	pthread_mutex_unlock(&lock);
	return group;
}

static void *writer(void *arg)
{
	(void)arg;
	for (;;) {
		struct job *group = take();
		run("BEGIN IMMEDIATE");
		for (struct job *j = group; j; j = j->next)
			write_order(j);
		run("COMMIT");
		for (struct job *j = group, *next; j; j = next) {
			next = j->next;
			j->done = true;
			MHD_resume_connection(j->connection);
		}
	}
	return NULL;
}

static enum MHD_Result answer(struct MHD_Connection *connection)
{
	static char text[] = "{\"id\":1,\"state\":\"draft\"}";
	struct MHD_Response *r = MHD_create_response_from_buffer(sizeof(text) - 1, text, MHD_RESPMEM_PERSISTENT);
	enum MHD_Result result = MHD_queue_response(connection, 201, r);

	MHD_destroy_response(r);
	return result;
}

static enum MHD_Result handle(void *cls, struct MHD_Connection *connection, const char *url, const char *method,
	const char *version, const char *data, size_t *size, void **state)
{
	struct job *j = *state;

	(void)cls, (void)url, (void)method, (void)version;
	if (!j) {
		*state = calloc(1, sizeof(*j));
		return *state ? MHD_YES : MHD_NO;
	}
	if (*size > 0) {
		j->body = realloc(j->body, j->len + *size);
		memcpy(j->body + j->len, data, *size);
		j->len += *size;
		*size = 0;
		return MHD_YES;
	}
	if (j->done)
		return answer(connection);
	j->connection = connection;
	j->next = NULL;
	MHD_suspend_connection(connection);
	pthread_mutex_lock(&lock);
	*last = j;
	last = &j->next;
	pthread_cond_signal(&some);
	pthread_mutex_unlock(&lock);
	return MHD_YES;
}

static void over(void *cls, struct MHD_Connection *connection, void **state, enum MHD_RequestTerminationCode code)
{
	struct job *j = *state;

	(void)cls, (void)connection, (void)code;
	if (j)
		free(j->body);
	free(j);
}

int main(int argc, char **argv)
{
	pthread_t thread;

	must(argc == 3, "usage: limit DATABASE PORT");
	must(sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0) == SQLITE_OK, "config"); /* as the server does */
	must(sqlite3_open(argv[1], &db) == SQLITE_OK, "open");
	run("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=10000;"
	    "CREATE TABLE orders (id INTEGER PRIMARY KEY, customer TEXT, delivery_date TEXT) STRICT;"
	    "CREATE TABLE order_line (order_id INTEGER, line INTEGER, sku TEXT, quantity TEXT, PRIMARY KEY (order_id, "
	    "line)) "
	    "STRICT, WITHOUT ROWID");
	must(sqlite3_prepare_v2(db, "INSERT INTO orders VALUES (?, ?, ?)", -1, &put_order, NULL) == SQLITE_OK,
		"prepare");
	must(sqlite3_prepare_v2(db, "INSERT INTO order_line VALUES (?, ?, ?, ?)", -1, &put_line, NULL) == SQLITE_OK,
		"prepare");
	must(pthread_create(&thread, NULL, writer, NULL) == 0, "thread");
	must(MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME, (unsigned short)atoi(argv[2]),
		     NULL, NULL, handle, NULL, MHD_OPTION_THREAD_POOL_SIZE, 2U, MHD_OPTION_CONNECTION_LIMIT, 2000U,
		     MHD_OPTION_NOTIFY_COMPLETED, over, NULL, MHD_OPTION_END) != NULL,
		"listen");
	pause();
	return 0;
}
