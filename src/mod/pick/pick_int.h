/* What the files of this module share. */
#ifndef MOD_PICK_INT_H
#define MOD_PICK_INT_H

#include "mod/crate/crate.h"
#include "mod/pick/pick.h"

struct wave {
	int64_t id, picks_n, open_n, done_n;
	const char *number, *state;
	struct instant created_at;
	struct pick *picks;
	size_t picks_len;
};
extern const struct field wave_fields[];

/* An approved order as the warehouse sees it before it is picked. */
struct pick_order {
	int64_t id, confirmed;
	const char *number, *customer, *remarks;
	struct date delivery_date;
	struct money total;
};
extern const struct field pick_order_fields[];

struct pick_lack {
	int64_t order_id, line, product_id;
	struct date delivery_date;
	struct qty quantity;
};
extern const struct field pick_lack_fields[];

/* ---- what comes in ---- */
struct short_in {
	int64_t line;
	struct qty quantity; /* in the ordered unit */
	const char *reason;
};
struct confirm_in {
	struct short_in *shorts;
	size_t shorts_len;
};
struct answer_in {
	struct qty quantity;
	const char *lot, *scan, *reason;
	bool if_open;                         /* not where somebody else answered meanwhile */
	struct qty gross_kg, tare_kg, net_kg; /* tare: of one crate; NONE: not given */
	int64_t crates;                       /* INT64_MIN: not given */
	const char *weight_reason, *crate;
};
enum shortage_decision { SD_CUT, SD_WAIT, SD_SPLIT };

NODISCARD bool pick_confirm_stock(struct ctx *c, int64_t order_id, const struct confirm_in *in);
NODISCARD bool pick_settle_shortage(struct ctx *c, int64_t order_id, enum shortage_decision d);
NODISCARD bool wave_release(struct ctx *c, const int64_t *orders, size_t len, struct wave *out);
NODISCARD bool wave_get(struct ctx *c, int64_t id, struct wave *out);
/* pick_weigh.c: puts on the line what the scale said, or says what is wrong with it. */
struct scan;
NODISCARD bool pick_weigh(struct ctx *c, struct pick_line *l, const struct answer_in *in, const struct scan *s);
/* Kilograms that `quantity` of the line should weigh, and how many percent it may be off. */
struct qty pick_nominal(const struct pick_line *l, struct qty quantity);
int64_t pick_tolerance(struct ctx *c, const struct pick_line *l);
NODISCARD bool pick_answer(struct ctx *c, int64_t pick_id, int64_t line, const struct answer_in *in);
NODISCARD bool pick_done(struct ctx *c, int64_t pick_id);
NODISCARD bool pick_cancel(struct ctx *c, int64_t pick_id, const char *reason);

extern const struct listen pick_listens[];
extern const struct tick pick_ticks[];
extern const struct check pick_checks[];

/* ---- pages ---- */
struct picks_page {
	struct pick_order *to_confirm, *to_wave;
	size_t to_confirm_len, to_wave_len;
	struct pick *open;
	size_t open_len;
};
struct pick_page {
	struct pick p;
	struct pick_line *now; /* the next one not answered; NULL: all are */
	struct qty now_kg;     /* what it should weigh; NONE: not billed by the scale */
	int64_t tolerance;     /* percent */
	struct pick_crate {
		const char *code, *name;
		struct qty tare_kg;
		bool chosen;
	} * kinds; /* of crates it may stand in */
	size_t kinds_len;
	int64_t answered, all;
	bool open;
};
struct waves_page {
	struct wave *rows;
	size_t rows_len;
	const char *next_url;
};

#endif
