/* cmd_serve: serve, work, migrate. */
#include "app/command.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

static atomic_bool stop;

static void on_signal(int signal)
{
	(void)signal;
	atomic_store(&stop, true);
}

static void listen_to_signals(void)
{
	struct sigaction a = { .sa_handler = on_signal };

	sigaction(SIGTERM, &a, NULL);
	sigaction(SIGINT, &a, NULL);
	signal(SIGPIPE, SIG_IGN);
}

static void say_ready(void *who, int port)
{
	const char *listen = who, *colon = strrchr(listen, ':');
	int host = colon != NULL ? (int)(colon - listen) : 0;

	fprintf(stderr, "huodan: ready http://%.*s:%d\n", host > 0 ? host : 9, host > 0 ? listen : "127.0.0.1", port);
}

int cmd_serve(const struct command_line *l)
{
	union {
		const char *from;
		void *to;
	} listen = { .from = l->listen };
	struct serve_options o = {
		.url = l->db, .listen = l->listen, .workers = !l->no_workers, .ready = say_ready, .who = listen.to
	};
	struct buf why;

	buf_init(&why, NULL);
	listen_to_signals();
	if ((l->demo && !demo_load(l->db, &why)) || !serve(&o, &stop, &why))
		return command_failed(buf_cstr(&why));
	return EXIT_DONE;
}

int cmd_work(const struct command_line *l)
{
	struct buf why;

	buf_init(&why, NULL);
	listen_to_signals();
	return work(l->db, &stop, &why) ? EXIT_DONE : command_failed(buf_cstr(&why));
}

int cmd_migrate(const struct command_line *l)
{
	struct local local;
	struct buf why;

	buf_init(&why, NULL);
	if (!local_open(&local, l->db, true, &why))
		return command_failed(buf_cstr(&why));
	local_close(&local);
	printf("the database is up to date\n");
	return EXIT_DONE;
}
