/* archive: finished orders as records that cannot change, found by every word in them, each provable alone.
 * Clauses 3-5.3, 四.  Owns: archive_record, archive_person, archive_word, archive_key, erasure
 * Uses: order, ship, review, customer, care, returns, task */
#ifndef MOD_ARCHIVE_H
#define MOD_ARCHIVE_H

#include "app/app.h"

/* What a record needs and whether it is there. */
struct archive_item {
	const char *what; /* "delivered", "receipt", "receipt_file", "follow_up", "cases", "returns" */
	bool needed, there;
	const char *note;
};
extern const struct field archive_item_fields[];

/* The order becomes a record; E_CONFLICT naming what is missing. */
NODISCARD bool archive_order(struct ctx *c, int64_t order_id, int64_t version);
/* Words a text is found by: pairs of Han characters, folded words, numbers; with initials the pinyin initials of its Han. */
struct strs archive_words(struct arena *a, const char *text, bool initials);

extern const struct module archive_module;

#endif
