/* process: what the history of orders says about how we work: where they wait, who works and who waits for whom, what goes
 * round again, what is late against its target, what departs from the rules. */
#ifndef MOD_INSIGHT_PROCESS_H
#define MOD_INSIGHT_PROCESS_H

#include "mod/insight/figures.h"
#include "mod/insight/history.h"

/* The time before a step is work when the same person did the step before it, else the order waited for it. */
struct step {
	uint32_t activity;
	size_t count;
	struct spread wait, work;
	int64_t wait_total_us, work_total_us;
	int hour;              /* in which hour of the day the longest waits began, -1: none */
	int64_t hour_total_us; /* waiting that began in it */
	enum role role;        /* who does it most */
};
struct role_part {
	enum role role;
	size_t steps;
	struct spread wait, work;
	int64_t wait_total_us, work_total_us;
};
struct handover {
	enum role from, to;
	struct spread wait;
};
struct person_part {
	const struct history_person *person;
	size_t steps;
	struct spread work;
};
/* What has a target time. */
enum target { TARGET_CONFIRM, TARGET_REVIEW, TARGET_COUNT };
struct kept {
	int64_t target_us;
	size_t count, late;
	struct spread took;
};
/* Orders that went another way than the straight one, by what made them. */
struct deviation {
	uint32_t activity;
	size_t cases;
};

/* What is noted of an order, as bits. */
enum mark {
	MARK_LATE_CONFIRM = 1,
	MARK_LATE_REVIEW = 2,
	MARK_AGAIN = 4, /* read back to the customer more than once */
	MARK_NOT_FIRST = 8,
	MARK_TWO_EYES = 16,
	MARK_AGAINST = 32,
};

/* What a page needs; the figures of the log are always made. */
enum part { PART_STEPS = 1, PART_PEOPLE = 2, PART_ORDERS = 4, PART_ALL = 7 };

struct process {
	const struct history *history;
	struct figures figures;
	struct history_person *people;
	struct step *steps; /* the longest waiting first */
	size_t steps_len;
	struct role_part *roles;
	size_t roles_len;
	struct handover *handovers;
	size_t handovers_len;
	struct person_part *persons;
	size_t persons_len;
	struct kept kept[TARGET_COUNT];
	struct deviation *deviations;
	size_t deviations_len;
	int64_t wait_total_us;
	int64_t *spare;              /* as many values as there are events */
	size_t reviewed, first_pass; /* orders decided, of these approved at the first time */
	size_t two_eyes;             /* entered or confirmed, and approved, by the same person */
	size_t touches;              /* how often somebody took an order in hand */
	uint8_t *marks;              /* of each case */
	size_t again;
	size_t against_rules; /* orders with a change of state the table of states does not have */
};

/* parts: of enum part; targets in µs. */
void process_make(struct ctx *c, const struct history *h, unsigned parts, const int64_t targets[TARGET_COUNT],
	struct process *out);

/* The name of a kind of event in the reader's language. */
const char *step_name(struct ctx *c, const char *kind);
/* "3 小时 20 分", "3 h 20 min" */
const char *duration_show(struct ctx *c, int64_t us);
/* "76 %"; "–" of nothing */
const char *share_show(struct ctx *c, int64_t part, int64_t whole);

#endif
