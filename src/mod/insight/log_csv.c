/* log_csv: an event per row. Only the cells that are asked for are kept. */
#include "mod/insight/log_in.h"

#include <string.h>
#include <strings.h>

#define CELL_MAX (1024 * 1024)

enum { C_ITEM, C_ACTIVITY, C_AT, C_START, C_PERSON, C_ROLE, C_COUNT };

struct table {
	struct reading *r;
	int separator;
	size_t column[C_COUNT]; /* SIZE_MAX: none */
	struct buf cell[C_COUNT];
	struct words head;
	size_t line; /* the row began here */
};

/* One cell into b (NULL: over it); gives what ended it: the separator, '\n', or -1 at the end of the file. */
static bool cell_read(struct table *t, struct buf *b, int *ended)
{
	struct source *s = t->r->source;
	size_t from = s->line, len = 0;
	bool quoted = source_peek(s) == '"';
	int ch;

	if (quoted)
		(void)source_next(s);
	for (; (ch = source_next(s)) >= 0; len++) {
		if (quoted && ch == '"') {
			if (source_peek(s) != '"') {
				quoted = false;
				continue;
			}
			(void)source_next(s);
		} else if (!quoted && (ch == t->separator || ch == '\n')) {
			break;
		} else if (!quoted && ch == '\r' && (source_peek(s) == '\n' || source_peek(s) < 0)) {
			continue;
		}
		if (len > CELL_MAX)
			return reading_failed(t->r, from, T_insight_cell_large, NULL);
		if (b != NULL)
			buf_char(b, (char)ch);
	}
	*ended = ch;
	return !quoted || reading_failed(t->r, from, T_insight_open_quote, NULL);
}

static bool is_blank(struct source *s)
{
	while (source_peek(s) == '\r')
		(void)source_next(s);
	if (source_peek(s) != '\n')
		return false;
	(void)source_next(s);
	return true;
}

/* The character seen most often outside quotes in the head decides. */
static void separator_find(struct table *t, const struct buf *head)
{
	static const char candidates[] = { ',', ';', '\t', '|' };
	size_t seen[ARRAY_LEN(candidates)] = { 0 }, best = 0;
	bool quoted = false;

	for (size_t i = 0; i < head->len; i++) {
		quoted ^= head->data[i] == '"';
		for (size_t k = 0; !quoted && k < ARRAY_LEN(candidates); k++)
			seen[k] += head->data[i] == candidates[k];
	}
	for (size_t k = 1; k < ARRAY_LEN(candidates); k++)
		best = seen[k] > seen[best] ? k : best;
	t->separator = candidates[best];
}

/* The head as it stands; its quotes decide where it ends. */
static bool head_line(struct table *t, struct buf *head)
{
	struct source *s = t->r->source;
	bool quoted = false;
	int ch;

	while (is_blank(s))
		;
	while ((ch = source_next(s)) >= 0 && (quoted || ch != '\n')) {
		quoted ^= ch == '"';
		if (head->len > CELL_MAX)
			return reading_failed(t->r, 1, T_insight_cell_large, NULL);
		buf_char(head, (char)ch);
	}
	if (head->len >= 5 && head->len < 8 && strncasecmp(head->data, "sep=", 4) == 0) {
		t->separator = head->data[4];
		head->len = 0;
		return head_line(t, head);
	}
	return true;
}

static struct piece trimmed(const char *s, size_t len)
{
	while (len > 0 && (*s == ' ' || *s == '\t' || *s == '\n' || *s == '\r')) {
		s++;
		len--;
	}
	while (len > 0 && (s[len - 1] == ' ' || s[len - 1] == '\t' || s[len - 1] == '\n' || s[len - 1] == '\r'))
		len--;
	return (struct piece){ s, len };
}

/* Column names in their order; a name that is there twice counts the first time. */
static size_t *head_split(struct table *t, const struct buf *head, size_t *columns)
{
	struct buf at, cell;
	size_t i = 0;

	buf_init(&at, t->r->c->arena);
	buf_init(&cell, t->r->c->arena);
	*columns = 0;
	do {
		bool quoted = i < head->len && head->data[i] == '"';
		struct piece name;
		size_t number;

		cell.len = 0;
		for (i += quoted; i < head->len && (quoted || head->data[i] != t->separator); i++) {
			if (quoted && head->data[i] == '"' && (i + 1 >= head->len || head->data[i + 1] != '"'))
				quoted = false;
			else if (quoted && head->data[i] == '"')
				buf_char(&cell, head->data[++i]);
			else
				buf_char(&cell, head->data[i]);
		}
		name = trimmed(buf_cstr(&cell), cell.len);
		number = words_add(&t->head, name.s, name.len);
		buf_add(&at, &number, sizeof(number));
		(*columns)++;
	} while (i++ < head->len);
	return (size_t *)(void *)at.data;
}

/* Exactly, else without regard to capitals. */
static size_t column_find(const struct table *t, const size_t *names, size_t columns, const char *wanted)
{
	for (size_t i = 0; wanted != NULL && i < columns; i++)
		if (strcmp(words_get(&t->head, (uint32_t)names[i]), wanted) == 0)
			return i;
	for (size_t i = 0; wanted != NULL && i < columns; i++)
		if (strcasecmp(words_get(&t->head, (uint32_t)names[i]), wanted) == 0)
			return i;
	return SIZE_MAX;
}

static bool columns_find(struct table *t)
{
	const struct log_columns *k = t->r->columns;
	const struct {
		const char *asked, *usual, *option;
		bool needed;
	} wanted[C_COUNT] = {
		{ k->item, "case:concept:name", "--case", true },
		{ k->activity, "concept:name", "--activity", true },
		{ k->at, "time:timestamp", "--time", true },
		{ k->start, "start_timestamp", "--start", k->start != NULL },
		{ k->person, "org:resource", "--resource", k->person != NULL },
		{ k->role, "org:role", "--role", k->role != NULL },
	};
	struct buf head;
	size_t columns, *names;

	buf_init(&head, t->r->c->arena);
	if (!head_line(t, &head))
		return false;
	if (t->separator == 0)
		separator_find(t, &head);
	names = head_split(t, &head, &columns);
	for (int i = 0; i < C_COUNT; i++) {
		const char *name = wanted[i].asked != NULL ? wanted[i].asked : wanted[i].usual;
		t->column[i] = column_find(t, names, columns, name);
		if (t->column[i] == SIZE_MAX && wanted[i].needed)
			return reading_lacks(t->r, name, wanted[i].option, &t->head);
	}
	return true;
}

/* Two columns may ask for the same cell: it is read into the first and shared. */
static struct buf *cell_of(struct table *t, size_t column)
{
	for (int i = 0; i < C_COUNT; i++)
		if (t->column[i] == column)
			return &t->cell[i];
	return NULL;
}

static struct piece value(struct table *t, int which)
{
	struct buf *b = t->column[which] == SIZE_MAX ? NULL : cell_of(t, t->column[which]);

	return b == NULL ? (struct piece){ 0 } : (struct piece){ buf_cstr(b), b->len };
}

static bool row_read(struct table *t)
{
	struct piece p[C_COUNT];
	int ended = t->separator;

	t->line = t->r->source->line;
	for (int i = 0; i < C_COUNT; i++)
		t->cell[i].len = 0;
	for (size_t column = 0; ended == t->separator; column++)
		if (!cell_read(t, cell_of(t, column), &ended))
			return false;
	for (int i = 0; i < C_COUNT; i++)
		p[i] = value(t, i);
	return reading_event(
		t->r, &p[C_ITEM], &p[C_ACTIVITY], &p[C_AT], &p[C_START], &p[C_PERSON], &p[C_ROLE], t->line);
}

bool csv_log(struct reading *r)
{
	struct table t = { .r = r };
	bool good;

	for (int i = 0; i < C_COUNT; i++)
		buf_init(&t.cell[i], r->c->arena);
	good = columns_find(&t);
	while (good && !r->again && source_peek(r->source) >= 0)
		good = is_blank(r->source) || row_read(&t);
	words_free(&t.head);
	return good;
}
