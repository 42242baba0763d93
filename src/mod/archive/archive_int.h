/* What the files of this module share. */
#ifndef MOD_ARCHIVE_INT_H
#define MOD_ARCHIVE_INT_H

#include "mod/archive/archive.h"
#include "mod/order/order_view.h"

struct archive_record {
	int64_t order_id;
	const char *number;
	int64_t customer_id;
	const char *state;
	struct date day;
	const char *record, *sha256;
	int64_t by;
	struct instant at;
};
extern const struct field archive_record_fields[];

struct archive_person {
	int64_t order_id, n;
	const char *field, *salt, *value;
};
extern const struct field archive_person_fields[];

struct archive_word {
	const char *word;
	int64_t order_id;
	bool personal; /* only in what a person said: goes with them */
};
extern const struct field archive_word_fields[];

struct archive_hit {
	int64_t order;
	const char *number, *customer, *customer_name, *state;
	struct date day;
	struct money total;
	struct instant archived_at;
};
extern const struct field archive_hit_fields[];

/* Rows that go into a record and that no other module answers in this form. */
struct archive_review {
	int64_t id;
	const char *state, *decision, *checks, *overrides, *note, *reviewer;
	struct instant decided_at;
};
extern const struct field archive_review_fields[];
struct archive_file {
	int64_t id;
	const char *of, *name, *type;
	struct bytes sha256;
	const char *hex;
};
extern const struct field archive_file_fields[];
struct archive_event {
	int64_t id;
	struct instant at;
	const char *actor, *role, *kind, *entity, *from_state, *to_state;
	int64_t chain, seq;
	struct bytes hash;
};
extern const struct field archive_event_fields[];
struct archive_notice {
	int64_t id;
	const char *kind, *recipient, *state;
	struct instant done_at;
};
extern const struct field archive_notice_fields[];
struct archive_counts {
	int64_t shipments, delivered, signed_n, photos, cases, returns, asked, answered;
	const char *reason;
};
extern const struct field archive_counts_fields[];

NODISCARD bool archive_complete(
	struct ctx *c, const struct order *o, struct archive_item **items, size_t *len, const char **missing);
NODISCARD bool archive_build(struct ctx *c, const struct order *o, struct archive_record *r,
	struct archive_person **people, size_t *people_len, struct archive_word **words, size_t *words_len);

/* Newest first; all words of q. */
NODISCARD bool archive_search(
	struct ctx *c, const char *q, int64_t before, int64_t limit, struct archive_hit **rows, size_t *len);

struct archive_view {
	int64_t order;
	const char *number, *state;
	bool archived, complete, may_archive;
	struct archive_item *items;
	size_t items_len;
	const char *sha256, *record;
	struct instant archived_at;
	struct archive_person *people;
	size_t people_len;
	int64_t version;
	bool erased;
};
extern const struct field archive_view_fields[];

struct archive_list_page {
	struct archive_hit *items;
	size_t items_len;
	const char *q, *next_url, *key;
	struct date from, to;
};

struct erase_page {
	int64_t id;
	const char *code, *name;
	int64_t orders, records, messages, notices, cases, returns, photos;
	const char *obstacle; /* why not now; NULL: nothing is in the way */
	struct instant erased_at;
	const char *reason, *erased_by;
};
extern const struct field erase_page_fields[];

struct archive_key {
	const char *public_key;
	struct bytes secret;
};
extern const struct field archive_key_fields[];
NODISCARD bool archive_key_get(struct ctx *c, struct archive_key *out);
NODISCARD bool archive_proof(struct ctx *c, int64_t order_id, struct buf *out);
/* Why this customer cannot be erased now, NULL if it can. */
NODISCARD bool archive_erase_obstacle(struct ctx *c, int64_t customer_id, const char **why);
NODISCARD bool archive_erase(struct ctx *c, int64_t customer_id, const char *reason);
extern const struct check archive_checks[];
extern const struct listen archive_listens[];
bool archive_due(struct ctx *c);

#endif
