/* fuzz_mail: any bytes are a mail, and whatever its reader answers is taken or refused; and any bytes may be that answer, for
 * the reader may have been taken over. */
#include "mod/mail/mail.h"

#include "base/ctx.h"
#include "base/utf8.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void clean(const char *s)
{
	must(s == NULL || utf8_clean(s, strlen(s)));
}

static void look_at(const struct mail_parsed *p)
{
	clean(p->message_id);
	clean(p->from);
	clean(p->from_name);
	clean(p->subject);
	clean(p->text);
	clean(p->problem);
	must(p->parts_len <= MAIL_PARTS_MAX);
	for (size_t i = 0; i < p->parts_len; i++) {
		const struct sheet *s = p->parts[i].sheet;

		clean(p->parts[i].name);
		must(s == NULL || (s->cols >= 1 && s->cols <= SHEET_COLS_MAX && s->rows_len <= MAIL_ROWS_MAX));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ctx c = { .arena = arena_new() };
	struct mail_parsed p;
	struct buf b;

	buf_init(&b, c.arena);
	mail_parse(&c, data, size, &b);
	must(mail_result_read(&c, buf_cstr(&b), b.len, &p) || b.len > MAIL_JSON_MAX);
	look_at(&p);
	c.err = (struct err){ 0 };
	if (mail_result_read(&c, (const char *)data, size, &p))
		look_at(&p);
	arena_free(c.arena);
	return 0;
}
