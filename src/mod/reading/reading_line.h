/* What the files of the grammar share: the walk over the tokens of one part of a message. A line is a name and an amount in
 * either order, with a price and a remark; words before or between them say what is to be done with it.
 * parser_on_…() reads what stands at k and returns where to go on. */
#ifndef MOD_READING_LINE_H
#define MOD_READING_LINE_H

#include "mod/reading/reading_int.h"

enum strength { SEP_BLANK = 1, SEP_COMMA, SEP_SENTENCE, SEP_LINE, SEP_END };

/* Where the sentence of a token begins and its clause ends. */
struct bounds {
	size_t sentence, clause_end;
};
/* What a sentence says of calls and deliveries, as far as it was looked at. */
struct calling {
	size_t sentence;
	bool known, brings, amount;
	bool calls;
	uint32_t to, last_call;
};

struct parser {
	struct reader *r;
	struct said *s;
	const char *customer;
	const struct tok *toks;
	size_t len;
	const struct bounds *bounds; /* of each token */
	struct calling calling;
	struct item cur;
	bool open;         /* cur is being read */
	int gap;           /* the strongest separator since the last token of cur */
	struct amount pre; /* an amount before its name */
	uint32_t pre_from, pre_to;
	bool pre_pending, pre_numbering;
	struct quote pre_quote;
	bool pre_quoted;
	enum op next_op;
	bool next_op_said;
	unsigned next_doubts;
	size_t bare_from;  /* items from here on wait for 各 */
	bool each_wanted;  /* 各 was read, its amount is to come */
	bool each_forward; /* 各2件: the names follow */
	bool each_lines;   /* … in the lines below */
	struct amount each;
	struct amount last; /* for 同上 */
	bool last_known;
	struct name asked; /* 藜蒿多少钱? 先留10斤 */
	bool asked_known;
	bool glued; /* nothing but fillers since cur's name */
	unsigned clause_doubts, past_doubts;
	uint32_t each_from, each_to; /* 各2件 that no names have followed yet */
};

/* ---- reading_ahead.c ---- */

bool tok_is_word(const struct tok *t, enum word w);
bool tok_is_name(const struct tok *t);
bool tok_is_count(const struct tok *t);
bool tok_is_sep(const struct tok *t, int strength);
/* The next comma or more. */
size_t parser_clause_end(const struct parser *p, size_t k);
/* The first token that is no filler, no blank, neither of them. */
size_t parser_over_fillers(const struct parser *p, size_t k);
size_t parser_over_blanks(const struct parser *p, size_t k);
size_t parser_over_both(const struct parser *p, size_t k);
bool parser_clause_has(const struct parser *p, size_t k, enum word w);
bool parser_clause_has_kind(const struct parser *p, size_t k, enum tok_kind kind);

/* ---- reading_item.c ---- */

/* A list with place for one more. */
void *list_more(struct arena *a, void *at, size_t len, size_t *cap, size_t size);
/* Kept in sight: not understood; asked and not ordered. */
void parser_unclear(struct parser *p, uint32_t from, uint32_t to);
void parser_asked(struct parser *p, uint32_t from, uint32_t to);
const struct ware *parser_ware_of(const struct parser *p, const struct name *n);
void item_grow(struct item *it, uint32_t from, uint32_t to);
void parser_item_close(struct parser *p);
void parser_item_open(struct parser *p, const struct name *n);
/* The amount that waited for a name gets none. */
void parser_pre_drop(struct parser *p);
/* Without the 的 and the blanks behind it. */
uint32_t word_to(const struct rtext *t, uint32_t from, uint32_t to);
void parser_remark(struct parser *p, uint32_t from, uint32_t to);

/* ---- reading_called.c ---- */

/* A run of name tokens with nothing between. */
size_t parser_run_end(const struct parser *p, size_t k);
size_t parser_on_name(struct parser *p, size_t k);

/* ---- reading_count.c ---- */

bool parser_is_money(struct parser *p, size_t k);
void parser_apply_each(struct parser *p, const struct tok *t);
/* The same amount said in another unit. */
bool parser_is_same(struct parser *p, const struct item *it, const struct amount *other);
void parser_set_amount(struct parser *p, const struct tok *t);
bool parser_goods_follow(const struct parser *p, size_t k);
size_t parser_on_amount(struct parser *p, size_t k);
/* The question ends where something is ordered. */
size_t parser_question_end(const struct parser *p, size_t k);
size_t parser_on_quote(struct parser *p, size_t k);

/* ---- reading_remark.c ---- */

/* From here to the end of the clause nothing is ordered. */
bool parser_rest_is_remark(const struct parser *p, size_t k);
size_t parser_take_remark(struct parser *p, size_t from, size_t k);
/* 要粉壳的: the end of such a phrase, 0 if there is none. */
size_t parser_wanted(struct parser *p, size_t k);
size_t parser_on_open(struct parser *p, size_t k);

/* ---- reading_change.c ---- */

size_t parser_on_change(struct parser *p, size_t k, enum op op);
size_t parser_on_set(struct parser *p, size_t k);
size_t parser_on_cancel(struct parser *p, size_t k);

/* ---- reading_said.c ---- */

size_t parser_on_word(struct parser *p, size_t k);

/* ---- reading_day.c ---- */

size_t parser_on_when(struct parser *p, size_t k);

/* ---- reading_talk.c ---- */

/* Where reading goes on: behind a clause that orders nothing. */
size_t parser_clause_start(struct parser *p, size_t k);

#endif
