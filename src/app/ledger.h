/* ledger: what a write connection keeps between its transactions: the block of ids it may give out, and the head of its
 * audit chain. It follows every rollback, so neither an id nor a link of the chain can be used twice.
 * Owns: id_block, series, event, audit_chain */
#ifndef APP_LEDGER_H
#define APP_LEDGER_H

#include "app/app.h"

struct chain_head {
	int64_t chain, seq;
	struct bytes head;
};
extern const struct field chain_head_fields[];

struct event_row {
	int64_t id;
	struct instant at;
	int64_t actor_id;
	const char *actor, *role, *kind, *entity;
	int64_t entity_id, order_id;
	const char *from_state, *to_state, *data;
	int64_t chain, seq;
	struct bytes hash;
};
extern const struct field event_row_fields[];

struct answer {
	struct bytes request;
	int64_t status;
	const char *type, *location;
	struct bytes body;
};
extern const struct field answer_fields[];

/* A line of `huodan export orders`. */
struct export_order {
	int64_t id;
	const char *number, *state, *channel, *customer, *customer_name;
	struct date delivery_date;
	struct instant created_at;
	int64_t line;
	const char *sku, *name;
	struct qty quantity;
	const char *unit;
	struct price price;
	const char *price_unit;
	struct money amount;
};
extern const struct field export_order_fields[];

/* A series of numbers the open transaction has taken from: its row is locked by the first, and written back once. */
#define SERIES_MAX 4
struct series_at {
	char name[24];
	int64_t next;
	bool moved;
};

struct ledger;
struct ledger *ledger_new(int64_t chain);
void ledger_free(struct ledger *l);

/* A request inside a group: mark before it, undo when its savepoint is rolled back. */
struct ledger_mark {
	int64_t id_next, id_end, seq;
	uint8_t head[32];
	size_t heard_len;
	struct series_at series[SERIES_MAX];
	size_t series_len;
};
void ledger_mark(const struct ledger *l, struct ledger_mark *m);
void ledger_undo(struct ledger *l, const struct ledger_mark *m);
/* Before COMMIT: writes the chain's head. */
NODISCARD bool ledger_flush(struct ctx *c, struct ledger *l);
/* The transaction is gone: ids and head are read anew. */
void ledger_forget(struct ledger *l);
/* After COMMIT: hands the group's events to `tell`, in order, and starts anew. */
struct heard {
	int64_t id, order_id, entity_id, actor_id;
	char kind[40], entity[24], to[24];
};
void ledger_committed(struct ledger *l, void (*tell)(void *who, const struct heard *h), void *who);

/* The link after prev: SHA-256 over prev and every column of the row. */
void chain_link(const uint8_t prev[32], const struct event_row *e, uint8_t out[32]);

#endif
