/* sse: answers that never end. Each stream has a queue of bytes; while it is empty the connection sleeps in
 * libmicrohttpd, and whoever publishes wakes it. A reader that falls behind by QUEUE_MAX is cut: its browser
 * comes back with Last-Event-ID. */
#include "http/inside.h"

#include <string.h>
#include <sys/socket.h>

#define QUEUE_MAX   ((size_t)256 * 1024)
#define STREAMS_MAX 2000

struct stream {
	struct req *req;
	const void *who;
	struct buf queue; /* malloc: outlives nothing, but is filled by other threads than the request's */
	size_t sent;
	bool asleep, ending;
	struct stream *prev, *next;
};

/* ---- all below with stream_lock held ---- */

static void wake(struct stream *s)
{
	if (!s->asleep)
		return;
	s->asleep = false;
	MHD_resume_connection(s->req->mhd);
}

static void cut(struct stream *s)
{
	s->ending = true;
	shutdown(s->req->conn->fd, SHUT_RDWR);
	wake(s);
}

static void put(struct stream *s, const char *data, size_t len)
{
	if (s->ending)
		return;
	if (s->queue.len - s->sent + len > QUEUE_MAX) {
		cut(s);
		return;
	}
	buf_add(&s->queue, data, len);
	wake(s);
}

static ssize_t take(struct stream *s, char *out, size_t max)
{
	size_t n = s->queue.len - s->sent;

	if (n == 0 && s->ending)
		return MHD_CONTENT_READER_END_OF_STREAM;
	if (n == 0) {
		s->asleep = true;
		MHD_suspend_connection(s->req->mhd);
		return 0;
	}
	n = n < max ? n : max;
	memcpy(out, s->queue.data + s->sent, n);
	s->sent += n;
	if (s->sent == s->queue.len)
		s->queue.len = s->sent = 0;
	return (ssize_t)n;
}

/* ---- */

static ssize_t on_read(void *cls, uint64_t pos, char *out, size_t max)
{
	struct stream *s = cls;
	struct http *h = s->req->http;
	ssize_t n;

	(void)pos;
	pthread_mutex_lock(&h->stream_lock);
	n = take(s, out, max);
	pthread_mutex_unlock(&h->stream_lock);
	return n;
}

struct MHD_Response *stream_response(struct stream *s)
{
	return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 4096, on_read, s, NULL);
}

static bool stream_add(struct http *h, struct stream *s)
{
	bool room;

	pthread_mutex_lock(&h->stream_lock);
	room = h->streams_len < STREAMS_MAX && !h->stopping;
	if (room) {
		h->streams_len++;
		s->next = h->streams;
		if (s->next)
			s->next->prev = s;
		h->streams = s;
	}
	pthread_mutex_unlock(&h->stream_lock);
	return room;
}

void stream_close(struct http *h, struct stream *s)
{
	pthread_mutex_lock(&h->stream_lock);
	if (s->prev)
		s->prev->next = s->next;
	else
		h->streams = s->next;
	if (s->next)
		s->next->prev = s->prev;
	h->streams_len--;
	pthread_mutex_unlock(&h->stream_lock);
	buf_free(&s->queue);
}

struct done *reply_stream(struct req *r, const void *who)
{
	struct done *d = done_new(r, MHD_HTTP_OK, "text/event-stream; charset=utf-8");
	struct stream *s = ARENA_NEW(r->arena, struct stream);

	*s = (struct stream){ .req = r, .who = who };
	buf_init(&s->queue, NULL);
	buf_str(&s->queue, "retry: 3000\n\n");
	if (!stream_add(r->http, s)) {
		buf_free(&s->queue);
		fail(&r->ctx, E_BUSY, T_http_too_many_streams);
		return reply_error(r);
	}
	d->stream = s;
	/* nginx would hold events back to fill its buffer. */
	done_header(r, d, "X-Accel-Buffering", "no");
	return d;
}

/* Every line of data needs its own prefix, or a newline in it would end the event. */
static void write_event(struct buf *b, int64_t id, const char *name, const char *data)
{
	size_t len;

	if (id) {
		buf_str(b, "id: ");
		buf_int(b, id);
		buf_char(b, '\n');
	}
	buf_printf(b, "event: %s\n", name);
	do {
		len = strcspn(data, "\r\n");
		buf_str(b, "data: ");
		buf_add(b, data, len);
		buf_char(b, '\n');
		data += len;
	} while (*data++);
	buf_char(b, '\n');
}

static void publish(struct http *h, bool (*wants)(const void *who, const void *event), const void *event,
	const char *data, size_t len)
{
	pthread_mutex_lock(&h->stream_lock);
	for (struct stream *s = h->streams; s; s = s->next)
		if (!wants || wants(s->who, event))
			put(s, data, len);
	pthread_mutex_unlock(&h->stream_lock);
}

void sse_publish(struct http *h, bool (*wants)(const void *who, const void *event), const void *event, int64_t id,
	const char *name, const char *data)
{
	struct buf b;

	buf_init(&b, NULL);
	write_event(&b, id, name, data);
	publish(h, wants, event, b.data, b.len);
	buf_free(&b);
}

size_t sse_count(struct http *h)
{
	size_t n;

	pthread_mutex_lock(&h->stream_lock);
	n = h->streams_len;
	pthread_mutex_unlock(&h->stream_lock);
	return n;
}

/* A comment now and then shows who is gone, and keeps proxies from closing what looks idle. */
void streams_beat(struct http *h)
{
	publish(h, NULL, NULL, ":\n\n", 3);
}

void streams_end(struct http *h)
{
	pthread_mutex_lock(&h->stream_lock);
	for (struct stream *s = h->streams; s; s = s->next) {
		s->ending = true;
		conn_limit(s->req->conn, STOP_S);
		wake(s);
	}
	pthread_mutex_unlock(&h->stream_lock);
}
