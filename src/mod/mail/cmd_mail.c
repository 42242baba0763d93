/* cmd_mail: `huodan parse-mail`, the process that reads what strangers sent; and how a worker runs it. */
#include "mod/mail/mail_int.h"

#include "app/command.h"
#include "app/outbox.h"
#include "base/clock.h"
#include "base/rand.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define CHILD_CPU_S   10
#define CHILD_TIME_US (20 * SECOND_US)
#define CHILD_MEMORY  ((rlim_t)768 * 1024 * 1024)

/* ---- the child ---- */

static void limit(int what, rlim_t most)
{
	struct rlimit r = { most, most };

	must(setrlimit((__rlimit_resource_t)what, &r) == 0);
}

/* It opens nothing and writes nothing but its answer. The sanitizers need their shadow memory. */
static void limit_all(void)
{
	limit(RLIMIT_CPU, CHILD_CPU_S);
	limit(RLIMIT_CORE, 0);
	limit(RLIMIT_FSIZE, 0);
#ifndef __SANITIZE_ADDRESS__
	limit(RLIMIT_AS, CHILD_MEMORY);
#endif
}

static bool read_all(int fd, struct buf *in)
{
	char room[65536];
	ssize_t n;

	while ((n = read(fd, room, sizeof(room))) > 0 && in->len <= MAIL_BYTES_MAX)
		buf_add(in, room, (size_t)n);
	return n == 0;
}

static bool write_all(int fd, const char *s, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, s, len);
		if (n < 0)
			return false;
		s += n;
		len -= (size_t)n;
	}
	return true;
}

int cmd_parse_mail(const struct command_line *l)
{
	struct rng rng = { 0 };
	struct ctx c = { .arena = arena_new(), .actor = &the_system, .rng = &rng, .now = clock_now() };
	struct buf in, out;

	(void)l;
	limit_all();
	buf_init(&in, NULL);
	buf_init(&out, c.arena);
	if (!read_all(STDIN_FILENO, &in))
		return command_failed("standard input cannot be read");
	mail_parse(&c, buf_cstr(&in), in.len, &out);
	buf_free(&in);
	/* What it and the libraries hold goes with the process; nothing else may run or be written at its end. */
	_exit(write_all(STDOUT_FILENO, buf_cstr(&out), out.len) ? EXIT_DONE : EXIT_FAILED);
}

/* ---- the parent ---- */

struct child {
	pid_t pid;
	int to, from;
};

static bool child_start(struct child *k)
{
	char *const argv[] = { (char[]){ "huodan" }, (char[]){ "parse-mail" }, NULL };
	char *const none[] = { NULL };
	int in[2], out[2];
	posix_spawn_file_actions_t todo;
	int bad;

	if (pipe2(in, O_CLOEXEC) != 0)
		return false;
	if (pipe2(out, O_CLOEXEC) != 0) {
		close(in[0]);
		close(in[1]);
		return false;
	}
	posix_spawn_file_actions_init(&todo);
	posix_spawn_file_actions_adddup2(&todo, in[0], STDIN_FILENO);
	posix_spawn_file_actions_adddup2(&todo, out[1], STDOUT_FILENO);
	posix_spawn_file_actions_addclosefrom_np(&todo, 3);
	bad = posix_spawn(&k->pid, "/proc/self/exe", &todo, NULL, argv, none);
	posix_spawn_file_actions_destroy(&todo);
	close(in[0]);
	close(out[1]);
	k->to = in[1];
	k->from = out[0];
	fcntl(k->to, F_SETFL, O_NONBLOCK);
	fcntl(k->from, F_SETFL, O_NONBLOCK);
	if (bad != 0) {
		close(k->to);
		close(k->from);
	}
	return bad == 0;
}

static void feed(struct child *k, struct bytes *raw)
{
	ssize_t n = raw->len > 0 ? write(k->to, raw->data, raw->len) : 0;

	if (n > 0) {
		raw->data += n;
		raw->len -= (size_t)n;
	}
	if (raw->len == 0 || (n < 0 && errno != EAGAIN)) {
		close(k->to);
		k->to = -1;
	}
}

/* False at the end, or when there is more than any mail has to say. */
static bool hear(struct child *k, struct buf *out)
{
	char room[65536];
	ssize_t n = read(k->from, room, sizeof(room));

	if (n > 0)
		buf_add(out, room, (size_t)n);
	return (n > 0 && out->len <= MAIL_JSON_MAX) || (n < 0 && errno == EAGAIN);
}

static void talk(struct ctx *c, struct child *k, struct bytes raw, struct buf *out)
{
	int64_t until = clock_monotonic_us() + CHILD_TIME_US;

	while (clock_monotonic_us() < until && !workers_stopping(c)) {
		struct pollfd fds[2] = { { k->from, POLLIN, 0 }, { k->to, POLLOUT, 0 } };

		if (poll(fds, k->to >= 0 ? 2 : 1, 200) <= 0)
			continue;
		if (k->to >= 0 && fds[1].revents != 0)
			feed(k, &raw);
		if (fds[0].revents != 0 && !hear(k, out))
			return;
	}
}

static bool child_end(struct child *k)
{
	int status = 0;

	if (k->to >= 0)
		close(k->to);
	close(k->from);
	/* It has closed its answer, or it is not worth waiting for. */
	if (waitpid(k->pid, &status, WNOHANG) == 0) {
		struct timespec pause = { 0, 50 * 1000 * 1000 };
		nanosleep(&pause, NULL);
		kill(k->pid, SIGKILL);
		waitpid(k->pid, &status, 0);
	}
	return WIFEXITED(status) && WEXITSTATUS(status) == EXIT_DONE;
}

void mail_parse_apart(struct ctx *c, struct bytes raw, struct mail_parsed *out)
{
	struct child k;
	struct buf said;

	*out = (struct mail_parsed){ .date = INSTANT_NONE, .automatic = true };
	buf_init(&said, NULL);
	if (!child_start(&k)) {
		out->problem = text_get(c->lang, T_mail_no_child);
		return;
	}
	talk(c, &k, raw, &said);
	if (!child_end(&k) || !mail_result_read(c, buf_cstr(&said), said.len, out)) {
		c->err = (struct err){ 0 };
		*out = (struct mail_parsed){ .date = INSTANT_NONE, .automatic = true };
		out->problem = text_get(c->lang, T_mail_child_broke);
	}
	buf_free(&said);
}
