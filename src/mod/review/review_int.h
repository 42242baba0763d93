/* What the files of this module share. */
#ifndef MOD_REVIEW_INT_H
#define MOD_REVIEW_INT_H

#include "mod/review/review_view.h"
#include "mod/stock/stock.h"

#include <stdlib.h>

extern const char *const review_result_names[];

struct review_override {
	const char *check, *reason;
};
/* One proposed change of a counter-offer. */
struct review_offer {
	int64_t line;
	const char *sku, *unit;
	struct qty quantity;
	struct price price;
};
struct review_decision {
	const char *note;
	struct review_override *overrides;
	size_t overrides_len;
	struct review_offer *lines;
	size_t lines_len;
	struct date delivery_date;
};

/* The five checks as they stand this moment: stock, price, ship_date, credit, duplicate. */
NODISCARD bool review_checks(struct ctx *c, const struct order *o, struct review_check **out, size_t *len);
NODISCARD bool review_checks_read(struct ctx *c, const char *json, struct review_check **out, size_t *len);
/* The floor is for those who review: for others it is taken out of the price check's figures and sentence. */
NODISCARD bool review_hide_floor(struct ctx *c, struct review_check *checks, size_t len);
const char *review_hide_floor_json(struct ctx *c, const char *checks);
enum review_result review_worst(const struct review_check *checks, size_t len);

NODISCARD bool review_approve(struct ctx *c, int64_t id, int64_t version, const struct review_decision *d);
NODISCARD bool review_reject(struct ctx *c, int64_t id, int64_t version, const struct review_decision *d);
NODISCARD bool review_counter(struct ctx *c, int64_t id, int64_t version, const struct review_decision *d);

/* Right after a review was opened: decides it if all checks pass and a rule fits. */
NODISCARD bool review_rule_apply(struct ctx *c, int64_t review_id, const struct review_check *checks, size_t len);
struct done *review_rules_get(struct ctx *c, struct req *r);
struct done *review_rule_post(struct ctx *c, struct req *r);
struct done *review_rule_stop_post(struct ctx *c, struct req *r);
extern const struct field review_rule_in_fields[];
extern const struct view review_rule_view;

extern const struct listen review_listens[];
extern const struct tick review_ticks[];
extern const struct check review_verify[];

#endif
