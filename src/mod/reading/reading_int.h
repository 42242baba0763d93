/* What the files of this module share. A message goes through them in this order: text (what counts and what is void),
 * token (numbers, units, dates, prices, goods, words), line (the grammar), intent. */
#ifndef MOD_READING_INT_H
#define MOD_READING_INT_H

#include "mod/reading/reading.h"

extern const struct listen reading_listens[];

/* ---- text: characters as they are compared ---- */

/* Half-width, lower case, simplified; where it stood in the raw text. */
struct rchar {
	uint32_t cp, byte;
	bool is_void; /* quoted mail, signatures, heads of mails: not the customer's order */
};
struct rtext {
	const char *s;
	struct rchar *at; /* ends with cp 0 */
	uint32_t len;
};
struct rtext rtext_of(struct arena *a, const char *s);
/* The same for a name: blanks between letters become one, all others go. */
uint32_t rtext_fold_name(const char *s, uint32_t *out, uint32_t max);
const char *rtext_raw(struct arena *a, const struct rtext *t, uint32_t from, uint32_t to);
/* Marks what does not count. */
void rtext_void(struct rtext *t, bool mail);
bool is_blank(uint32_t cp);
bool is_alnum(uint32_t cp);
bool is_digit(uint32_t cp);
/* The text at i begins with this word. */
uint32_t rtext_has(const struct rtext *t, uint32_t i, const char *word);

/* ---- names: many words, each with what it stands for; all that begin at a place are found in one walk ---- */

#define NAME_CHARS_MAX 128 /* the catalogue's names have up to 100 */

struct names;
struct name_hit {
	const uint32_t *refs; /* what is called so, ascending */
	uint32_t len;
	uint32_t chars;
};
struct names *names_new(struct arena *keep);
void names_add(struct names *n, const uint32_t *cps, uint32_t len, uint32_t ref);
void names_add_str(struct names *n, const char *s, uint32_t ref);
void names_finish(struct names *n);
/* Every name that begins at i, the longest last; at most max. */
uint32_t names_at(const struct names *n, const struct rtext *t, uint32_t i, struct name_hit *out, uint32_t max);
bool names_find(const struct names *n, const uint32_t *cps, uint32_t len, struct name_hit *out);
bool names_find_str(const struct names *n, const char *s, struct name_hit *out);
/* The names that begin with these characters, in order; *next goes from 0. */
bool names_prefix(const struct names *n, const uint32_t *cps, uint32_t len, uint32_t *next, struct name_hit *out);
uint32_t names_count(const struct names *n);
/* Name k as characters. */
uint32_t names_chars(const struct names *n, uint32_t k, uint32_t *out);
struct name_hit names_nth(const struct names *n, uint32_t k);

/* ---- numbers and amounts ---- */

/* value in thousandths. */
struct number {
	int64_t milli;
	bool exact;  /* it comes out in thousandths */
	bool approx; /* 十来, 两三, 3-5, 几 */
	bool ascii;  /* ends with an ASCII digit */
};
/* Length of the number at i, 0 if there is none. */
uint32_t number_at(const struct rtext *t, uint32_t i, struct number *out);

/* 0..9 of 3, 三, 叁; -1: no digit. */
int digit_of(uint32_t cp);

struct amount {
	struct number n;
	uint32_t unit_from, unit_to; /* in the text; equal: no unit */
	struct number by;            /* 12×5: the second factor */
	bool times;
	uint32_t by_from, by_to;
	uint32_t size_from, size_to; /* 两大袋: 大袋 */
	bool money;                  /* 两块: may be a price */
};
struct wares;
/* An amount with a unit; 0 if there is none. */
uint32_t amount_at(const struct rtext *t, const struct wares *g, uint32_t i, struct amount *out);
uint32_t unit_at(const struct rtext *t, const struct wares *g, uint32_t i);
/* The word itself, then what it may be called in the catalogue, the likeliest first; ends with NULL. */
const char *const *unit_options(struct arena *a, const struct rtext *t, uint32_t from, uint32_t to);
bool unit_is_weight(const char *unit);

/* ---- prices ---- */

struct quote {
	struct price price;
	uint32_t unit_from, unit_to;
	bool bare; /* 两块: a number and 块, nothing more */
};
uint32_t quote_at(const struct rtext *t, const struct wares *g, uint32_t i, struct quote *out);

/* ---- days ---- */

struct when {
	struct date day; /* NONE: a time of day alone, or a day nobody can tell */
	bool evening, dawn, past, vague;
};
uint32_t when_at(const struct rtext *t, uint32_t i, struct date today, int hour, struct when *out);

/* ---- what is no quantity: phones, plates, addresses, order numbers, links ---- */

uint32_t skip_at(const struct rtext *t, uint32_t i);
/* Digits of a phone number that begins at i; 0 if none does. */
uint32_t phone_at(const struct rtext *t, uint32_t i, char digits[16]);

/* ---- words of the trade ---- */

enum word {
	W_NONE,
	W_FILL,      /* 那个, 给我, 要 */
	W_AND,       /* 和, 跟 */
	W_ADD,       /* 再加 */
	W_REDUCE,    /* 减, 少 */
	W_CANCEL,    /* 不要 */
	W_SET,       /* 改成 */
	W_WAS,       /* 原来 */
	W_EACH,      /* 各 */
	W_DITTO,     /* 同上 */
	W_REPEAT,    /* 照旧 */
	W_KEEP,      /* 其它不变 */
	W_ALL,       /* 全部 */
	W_ASK,       /* 多少钱 */
	W_OK,        /* 行不行 */
	W_IF,        /* 便宜的话 */
	W_ABOUT,     /* 大概, 左右 */
	W_FEW,       /* 一点 */
	W_PAY,       /* 货款 */
	W_COMPLAINT, /* 烂了 */
	W_POLITE,    /* 谢谢 */
	W_TOTAL,     /* 合计 */
	W_REMARK,    /* 杀好 */
	W_WANT,      /* 要, 不要太: begins a remark */
	W_PER,       /* 每条 */
	W_PRICE,     /* 按昨天的价 */
	W_PICTURE,   /* [图片] */
	W_WRONG,     /* 不对, 哦不 */
	W_UNSURE,    /* 好像, 或者 */
	W_HEAD,      /* 品名, 数量: heads of columns */
	W_MERCY,     /* 的, 了: never alone */
	W_SWAP,      /* 换 */
	W_VOIDED,    /* 发错了 */
	W_ORDER      /* 单子, 订单, 货: the order itself */
};
struct names *words_new(struct arena *keep);
enum word word_of(uint32_t ref);
/* The Chinese name of an emoji or an English word, to offer; NULL if there is none. */
const char *word_emoji(uint32_t cp);
const char *word_english(const char *word);
/* Goods of the trade that are no misspelling of others though they sound like them. */
struct names *foods_new(struct arena *keep);
uint32_t repeat_at(const struct rtext *t, uint32_t i);

/* ---- what is known by heart ---- */

/* The begin of it; everything else is in its arena too. */
struct kept {
	struct arena *arena;
	int64_t stamp;
	int users; /* who reads it now, and the keeper */
};
enum keep { KEEP_WARES, KEEP_PEOPLE };
/* Makes it in `own`; c->arena is for the time being. */
typedef bool keep_build(struct ctx *c, struct arena *own, struct kept **out);
/* What this process keeps, made anew where the stamp changed; give it back with keep_leave(). */
NODISCARD bool keep_take(struct ctx *c, enum keep what, int64_t stamp, keep_build *make, struct kept **out);
void keep_leave(enum keep what, struct kept *kept);

/* ---- goods ---- */

struct ware_unit {
	uint32_t name; /* string */
	uint32_t num, den;
};
struct ware {
	int64_t id;
	uint32_t sku, name, all; /* strings; all: folded name, spec, origin, aliases */
	uint32_t units, usual, base;
	uint16_t units_len;
	bool integer_only, weight; /* base unit is a weight */
};
struct wares {
	struct kept kept;
	char *strings;
	struct ware *wares;
	uint32_t wares_len;
	struct ware_unit *units;
	struct names *names, *words, *foods, *unit_names;
	uint32_t *syllables; /* of U+4E00..U+9FFF: the place in the table of readings, from 1 */
	struct sound {
		uint32_t hash, name;
	} * sounds, *initials;
	uint32_t sounds_len, initials_len;
};
NODISCARD bool wares_take(struct ctx *c, struct wares **out);
void wares_leave(struct wares *g);
const char *wares_str(const struct wares *g, uint32_t off);
/* Pinyin of characters without tones as one number; 0 where one of them has none. */
uint32_t wares_sound(const struct wares *g, const uint32_t *cps, uint32_t len);
uint32_t sound_of_letters(const char *letters);
/* A unit of the ware that is called so: its base units. What everybody knows (斤, 打) need not be listed. */
bool ware_unit_listed(const struct wares *g, const struct ware *w, const char *unit, struct ratio *out);
bool ware_unit_ratio(const struct wares *g, const struct ware *w, const char *unit, struct ratio *out);
/* The ware's spec, name, origin or aliases have this text: whole numbers and words of two characters at least. */
bool ware_says(const struct wares *g, const struct ware *w, const uint32_t *cps, uint32_t len);

/* ---- customers ---- */

struct person {
	int64_t id;
	const char *code;
};
struct people {
	struct kept kept;
	struct person *all;
	uint32_t len;
	struct names *names;
	struct phone {
		char digits[16];
		uint32_t who;
	} * phones;
	uint32_t phones_len;
};
NODISCARD bool people_take(struct ctx *c, struct people **out);
void people_leave(struct people *p);

/* ---- tokens ---- */

enum tok_kind {
	TOK_UNKNOWN,
	TOK_SEP,
	TOK_GOODS,
	TOK_FOOD, /* known not to be ours */
	TOK_AMOUNT,
	TOK_NUMBER,
	TOK_QUOTE,
	TOK_WHEN,
	TOK_WORD,
	TOK_SKIP,
	TOK_PERSON,
	TOK_LETTERS, /* an unknown word in Latin letters */
	TOK_EMOJI,
	TOK_OPEN,
	TOK_CLOSE,
	TOK_END
};
/* How a name was understood, the surest first. */
enum how {
	BY_ALIAS,
	BY_CODE,
	BY_NAME,
	BY_SPEC,
	BY_HISTORY,
	BY_SOUND,
	BY_INITIALS,
	BY_ENGLISH,
	BY_EMOJI,
	BY_PART,
	BY_NOTHING
};
struct tok {
	enum tok_kind kind;
	uint32_t from, to;
	enum word word;
	int strength; /* TOK_SEP: 1 blank, 2 comma, 3 sentence, 4 line */
	bool colon, question;
	bool doubtful; /* a name of one of those who may have ordered */
	enum how how;
	const uint32_t *wares;
	uint32_t wares_len;
	struct amount amount;
	struct quote quote;
	struct when when;
};

/* What customers call our goods. The names refer to places in wares; those from `written` on were not written so but in
 * the singular or the plural. */
struct aliases {
	struct names *names;
	uint32_t *wares;
	uint32_t written;
};

/* What is known while one message is read. */
struct reader {
	struct ctx *c;
	struct arena *a;
	const struct reading_in *in;
	struct rtext t;
	const struct wares *g;
	const struct people *people;
	struct aliases *aliases; /* of the customer whose part is read; may be NULL */
	struct aliases *maybe;   /* the names of all who may have ordered, where that is not known */
	struct date today;
	int hour;
	int64_t customer_id; /* 0: not known */
	const char *customer;
	bool mail, note;
	struct tok *toks;
	uint32_t toks_len;
	uint32_t unit_from,
		unit_to; /* the unit that was asked for last, of ware after ware, and what it may be called */
	const char *const *unit_options;
};
/* The text between from and to as tokens, closed by TOK_END. */
void reader_tokens(struct reader *r, uint32_t from, uint32_t to);
/* The customer's own names for goods. */
NODISCARD bool reader_aliases(struct reader *r, int64_t customer_id);

/* ---- who orders ---- */

struct part {
	uint32_t from, to;
	int64_t customer_id; /* 0: that of the message */
	const char *customer;
};
/* Who ordered, by the account or by the text; several parts where the message orders for several. */
NODISCARD bool reader_customer(struct reader *r, struct part **parts, size_t *len);

/* ---- names of goods ---- */

enum doubt {
	DOUBT_NO_UNIT = 1,
	DOUBT_BAD_UNIT = 2,
	DOUBT_SHARED = 4, /* several goods are called so */
	DOUBT_INITIALS = 8,
	DOUBT_ENGLISH = 16,
	DOUBT_EMOJI = 32,
	DOUBT_ABOUT = 64, /* 十来斤 */
	DOUBT_IF = 128,   /* 便宜的话 */
	DOUBT_HAGGLE = 256,
	DOUBT_WEIGHT = 512, /* kilograms of what is counted */
	DOUBT_PIECE = 1024, /* half a piece */
	DOUBT_NAME = 2048,  /* a part of the name is not understood */
	DOUBT_ASK = 4096,   /* it was a question */
	DOUBT_NO_QUANTITY = 8192,
	DOUBT_TWICE = 16384,  /* it stands there twice */
	DOUBT_UNCLEAR = 32768 /* the sentence can be read in two ways */
};

struct name {
	uint32_t from, to;
	const uint32_t *wares; /* the best first */
	uint32_t wares_len;
	enum how how;
	unsigned doubts;
	bool unknown; /* nothing is called so: the wares are only like it */
};
/* A run of tokens without anything between them. */
struct name name_of(struct reader *r, const struct tok *toks, size_t len);
/* Keeps the wares whose texts say this; false if none does. */
bool name_narrow(struct reader *r, struct name *n, uint32_t from, uint32_t to);

/* 洋葱, 黄皮的: with this word before it the name is another's. Then both are offered. */
bool name_other(struct reader *r, struct name *n, uint32_t from, uint32_t to);
/* Of several goods those that are called so too: 大米, 丝苗米的. */
bool name_meet(struct reader *r, struct name *n, const struct tok *tok);

/* ---- the grammar ---- */

enum op { OP_ORDER, OP_ADD, OP_REDUCE, OP_CANCEL, OP_SET };

struct item {
	uint32_t from, to;
	struct name name;
	bool named, counted, had, quoted, op_said, negated, numbering, amount_first;
	struct amount amount, was;
	uint32_t amount_from, amount_to; /* where the amount stands */
	struct quote quote;
	enum op op;
	unsigned doubts;
	uint32_t remark_from, remark_to, remark2_from, remark2_to;
	struct date day;
	const char *customer;
	bool dropped;
};
struct day_said {
	struct date day;
	uint32_t from, to;
	size_t items; /* before it */
	bool negated, moved;
	bool weak; /* in the subject of a mail */
};
struct span {
	uint32_t from, to;
};
/* What a text says, before it is known what it means as a whole. */
struct said {
	struct item *items;
	size_t items_len, items_cap;
	struct day_said *days;
	size_t days_len, days_cap;
	struct span *unclear; /* not understood */
	size_t unclear_len, unclear_cap;
	struct span *asked;
	size_t asked_len, asked_cap;
	bool repeat, question, payment, complaint, polite, picture, cancel_all, orphan_op, order_word;
	uint32_t repeat_from, repeat_to;
	enum op orphan; /* 明天少送点 */
};
/* Reads one part of the text; adds to what was said before. */
void reader_lines(struct reader *r, struct said *s, const char *customer);
/* The line has the heads of a table. */
bool table_heads(struct reader *r, uint32_t from, uint32_t to);
/* The table whose heads stand at `from`; returns where it ends. */
uint32_t reader_table(struct reader *r, struct said *s, uint32_t from, uint32_t to, const char *customer);
void said_item(struct reader *r, struct said *s, const struct item *it);
void said_span(struct reader *r, struct span **list, size_t *len, size_t *cap, uint32_t from, uint32_t to);

/* An amount in a unit of the ware. */
struct counted {
	int64_t milli;
	const char *unit;
	struct ratio ratio;
};
/* Adds what is doubtful; the unit is the usual one where none was said or the ware has no such unit. */
struct counted amount_count(struct reader *r, const struct ware *w, const struct amount *a, unsigned *doubts);
/* Thousandths of the base unit; false where it does not come out. */
bool counted_base(const struct counted *n, int64_t *milli);
/* The ware is sold in the unit that stands at from..to. */
const char *ware_unit_at(struct reader *r, const struct ware *w, uint32_t from, uint32_t to, struct ratio *out);

/* ---- the answer ---- */

NODISCARD bool reader_answer(struct reader *r, struct said *s, const struct reading_order *last, struct reading *out);

#endif
