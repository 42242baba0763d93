/* mail_result: the parent's side of a parse. What comes back is checked like any stranger's JSON. */
#include "mod/mail/mail_int.h"

#include "base/json.h"
#include "base/utf8.h"

#include <string.h>

static const char *str_of(struct ctx *c, const json_t *o, const char *name, size_t max)
{
	const char *s = json_string_value(json_object_get(o, name));

	return s != NULL && *s != '\0' ? mail_clean(c, s, strlen(s), max) : NULL;
}

/* A number or address that goes into headers and keys: one line, no blanks at its ends. */
static const char *word_of(struct ctx *c, const json_t *o, const char *name)
{
	const char *s = str_of(c, o, name, 300);

	return s != NULL && s[strcspn(s, "\n\t")] == '\0' ? s : NULL;
}

static const char *line_of(struct ctx *c, const json_t *o, const char *name, size_t max)
{
	const char *s = str_of(c, o, name, max);
	char *line = s != NULL ? arena_strdup(c->arena, s) : NULL;

	for (char *p = line; p != NULL && *p != '\0'; p++)
		if (*p == '\n' || *p == '\t')
			*p = ' ';
	return line;
}

static const char *const *cells_of(struct ctx *c, const json_t *list, size_t cols)
{
	const char **cells = ARENA_ARRAY(c->arena, cols, const char *);

	for (size_t i = 0; i < cols; i++) {
		const char *s = json_string_value(json_array_get(list, i));
		cells[i] = s != NULL ? mail_clean(c, s, strlen(s), 2000) : "";
	}
	return cells;
}

static const struct sheet *sheet_of(struct ctx *c, const json_t *o)
{
	const json_t *head = json_object_get(o, "head"), *rows = json_object_get(o, "rows");
	struct sheet *s = ARENA_NEW(c->arena, struct sheet);
	struct sheet_row *r;

	s->cols = json_array_size(head);
	if (s->cols == 0 || s->cols > SHEET_COLS_MAX || json_array_size(rows) > MAIL_ROWS_MAX)
		return NULL;
	s->head = cells_of(c, head, s->cols);
	s->head_number = (size_t)json_integer_value(json_object_get(o, "head_number"));
	s->rows_len = json_array_size(rows);
	s->rows = r = ARENA_ARRAY(c->arena, s->rows_len + 1, struct sheet_row);
	for (size_t i = 0; i < s->rows_len; i++) {
		const json_t *row = json_array_get(rows, i);
		r[i].number = (size_t)json_integer_value(json_object_get(row, "number"));
		r[i].cells = cells_of(c, json_object_get(row, "cells"), s->cols);
	}
	return s;
}

static void parts_of(struct ctx *c, const json_t *list, struct mail_parsed *out)
{
	size_t n = json_array_size(list);

	n = n < MAIL_PARTS_MAX ? n : MAIL_PARTS_MAX;
	out->parts = ARENA_ARRAY(c->arena, n + 1, struct mail_part);
	for (; out->parts_len < n; out->parts_len++) {
		const json_t *o = json_array_get(list, out->parts_len), *sheet = json_object_get(o, "sheet");
		const json_t *size = json_object_get(o, "size");

		out->parts[out->parts_len] = (struct mail_part){ .name = line_of(c, o, "name", 200),
			.type = line_of(c, o, "type", 100),
			.sha256 = line_of(c, o, "sha256", 64),
			.problem = line_of(c, o, "problem", 300),
			.size = json_is_integer(size) ? json_integer_value(size) : 0,
			.sheet = json_is_object(sheet) ? sheet_of(c, sheet) : NULL };
	}
}

static void references_of(struct ctx *c, const json_t *list, struct mail_parsed *out)
{
	size_t n = json_array_size(list);
	const char **all = ARENA_ARRAY(c->arena, n + 1, const char *);

	for (size_t i = 0; i < n && out->references_len < 50; i++) {
		const char *s = json_string_value(json_array_get(list, i));
		if (s != NULL && *s != '\0' && strlen(s) < 300)
			all[out->references_len++] = arena_strdup(c->arena, s);
	}
	out->references = all;
}

bool mail_result_read(struct ctx *c, const char *json, size_t len, struct mail_parsed *out)
{
	json_t *o = len <= MAIL_JSON_MAX ? json_loadb(json, len, JSON_REJECT_DUPLICATES, NULL) : NULL;
	const json_t *date = json_object_get(o, "date");
	int64_t seconds = json_is_integer(date) ? json_integer_value(date) : -1;

	*out = (struct mail_parsed){ .date = INSTANT_NONE };
	if (!json_is_object(o)) {
		json_decref(o);
		return fail(c, E_INVALID, T_mail_no_answer);
	}
	out->message_id = word_of(c, o, "message_id");
	out->in_reply_to = word_of(c, o, "in_reply_to");
	references_of(c, json_object_get(o, "references"), out);
	out->from = word_of(c, o, "from");
	out->from_name = line_of(c, o, "from_name", 200);
	out->subject = line_of(c, o, "subject", 500);
	out->text = str_of(c, o, "text", MAIL_TEXT_MAX);
	if (seconds > 0 && seconds < INT64_C(4102444800)) /* this century */
		out->date = (struct instant){ seconds * SECOND_US };
	out->automatic = json_is_true(json_object_get(o, "automatic"));
	parts_of(c, json_object_get(o, "parts"), out);
	out->problem = line_of(c, o, "problem", 300);
	json_decref(o);
	return true;
}
