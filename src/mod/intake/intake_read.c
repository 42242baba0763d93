/* intake_read: from what came in to a proposal: each fragment of the text that names goods is a line, and what was not
 * understood stays visible as one too. */
#include "mod/intake/intake_int.h"

#include "gen/intake_sql.h"

#include <string.h>

/* Words that nothing could be made of, as one open line. */
static void whole_text(struct ctx *c, const struct intake *in, struct intake_line **out, size_t *len)
{
	struct intake_line *l = ARENA_NEW(c->arena, struct intake_line);

	*len = 0;
	if (in->text[strspn(in->text, " \t\r\n")] == '\0')
		return;
	fields_clear(intake_line_fields, l);
	l->raw = in->text;
	l->op = "order";
	l->state = LN_NOTHING;
	l->candidates = "[]";
	*out = l;
	*len = 1;
}

static void number_lines(struct intake_full *f)
{
	for (size_t i = 0; i < f->lines_len; i++) {
		f->lines[i].intake_id = f->in.id;
		f->lines[i].line = (int64_t)i + 1;
	}
}

bool intake_read(struct ctx *c, struct intake_full *f, const struct sheet *sheet)
{
	(void)sheet;
	whole_text(c, &f->in, &f->lines, &f->lines_len);
	number_lines(f);
	return intake_line_clear(c, f->in.id) && intake_line_put(c, f->lines, f->lines_len) &&
	       intake_move(c, f, IE_READ, INT64_MIN, NULL);
}
