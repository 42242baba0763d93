/* outbox: what has to be done outside the house (a mail, a call of somebody's server) is written down with the change that
 * causes it, and done after the commit by couriers: a row is claimed for a while, carried without any transaction open, and
 * what came of it is noted. A worker killed in between leaves a lease that ends; the row is then carried again, under the
 * same id, which goes along as the peer's idempotency key. Rows for one recipient are carried in their order.
 * Owns: outbox, tick */
#ifndef APP_OUTBOX_H
#define APP_OUTBOX_H

#include "app/app.h"

struct outbox_row {
	int64_t id, event_id;
	const char *kind, *recipient, *payload;
	int64_t attempts; /* with this one */
	struct instant created_at;
};
extern const struct field outbox_row_fields[];

/* What came of a try. */
enum sent {
	SENT_LATER, /* again after a while */
	SENT_YES,
	SENT_NEVER /* no use in trying again */
};
struct sent_how {
	enum sent sent;
	const char *answer; /* in a few words, for people; lives in the arena */
	int64_t wait_s;     /* the peer asked to wait so long */
	bool last;          /* settle is told: it will not be tried again */
};

struct courier {
	const char *kind;
	int threads;
	/* In the transaction that claims the row: what will be needed outside, into *load. NULL: nothing left to do. */
	bool (*load)(struct ctx *c, const struct outbox_row *row, void **load);
	/* Without a database. NULL where load has done it all. */
	void (*carry)(struct ctx *c, const struct outbox_row *row, const void *load, struct sent_how *how);
	/* In the transaction that notes what came of it, while the row is still ours. May be NULL. */
	bool (*settle)(struct ctx *c, const struct outbox_row *row, const void *load, const struct sent_how *how);
};

#define OUTBOX_TRIES 13

/* Seconds to wait after that many tries: 5 s first, then longer and longer, up to a day; a fifth more or less, so that
 * those who failed together do not come back together. */
int64_t outbox_wait_ms(struct ctx *c, int64_t attempts, int64_t first_ms);
/* One row of that courier, if one is due. False: nothing is. For workers and tests. */
bool outbox_carry_one(struct ctx *c, const struct courier *k);
/* Nothing that waits for that recipient will be sent. */
NODISCARD bool outbox_drop(struct ctx *c, const char *kind, const char *recipient, const char *why);

/* Whom these rows went to is forgotten: recipient becomes what payload says; what still waits is given up. */
NODISCARD bool outbox_hide(struct ctx *c, struct outbox_row *rows, size_t len);

struct workers;
struct workers *workers_start(struct app *app);
void workers_stop(struct workers *w);
/* What went wrong, as a line of the log: {"chore":"mail.poll","error":"..."}. */
const char *workers_line(const struct ctx *c, const char *what, const char *name);
void workers_say(const struct ctx *c, const char *what, const char *name);
/* The program ends: a carrier that waits for its peer gives up. */
bool workers_stopping(const struct ctx *c);

#endif
