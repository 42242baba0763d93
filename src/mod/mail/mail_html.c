/* mail_html: HTML as a person reads it. No tree is built: tags are walked over, and what is hidden or struck out is left out
 * up to its own end tag. */
#include "mod/mail/mail_int.h"

#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define TAG_MAX 16

struct reader {
	struct buf out;
	char skip[TAG_MAX]; /* the tag whose end is waited for; "": none */
	int depth;          /* of that tag in itself */
	bool blank;         /* a blank is owed */
	size_t cells;       /* in this row */
};

/* A line ends, but no line is empty twice. */
static void new_line(struct reader *r)
{
	while (r->out.len > 0 && strchr(" \t", r->out.data[r->out.len - 1]) != NULL)
		r->out.len--;
	if (r->out.len > 0 && r->out.data[r->out.len - 1] != '\n')
		buf_char(&r->out, '\n');
	r->blank = false;
}

static void put_char(struct reader *r, uint32_t cp)
{
	char bytes[4];

	if (cp == ' ' || cp == '\t' || cp == '\n' || cp == '\r' || cp == '\f' || cp == 0xa0 || cp == 0x3000) {
		r->blank = true;
		return;
	}
	if (cp < ' ' || cp == 0x7f || (cp >= 0x200b && cp <= 0x200f) || cp == 0xfeff || cp == 0xad)
		return;
	if (r->blank && r->out.len > 0 && strchr("\n\t", r->out.data[r->out.len - 1]) == NULL)
		buf_char(&r->out, ' ');
	r->blank = false;
	buf_add(&r->out, bytes, utf8_put(bytes, cp));
}

/* ---- &names; ---- */

static const struct {
	const char *name;
	uint32_t cp;
} entities[] = { { "nbsp", ' ' }, { "amp", '&' }, { "lt", '<' }, { "gt", '>' }, { "quot", '"' }, { "apos", '\'' },
	{ "ensp", ' ' }, { "emsp", ' ' }, { "thinsp", ' ' }, { "times", 0xd7 }, { "yen", 0xa5 }, { "middot", 0xb7 },
	{ "ndash", 0x2013 }, { "mdash", 0x2014 }, { "hellip", 0x2026 }, { "ldquo", 0x201c }, { "rdquo", 0x201d },
	{ "lsquo", 0x2018 }, { "rsquo", 0x2019 }, { "frac12", 0xbd }, { "frac14", 0xbc }, { "deg", 0xb0 },
	{ "plusmn", 0xb1 }, { "copy", 0xa9 }, { "reg", 0xae }, { "trade", 0x2122 }, { "bull", 0x2022 },
	{ "divide", 0xf7 }, { "shy", 0xad }, { "zwnj", 0x200c } };

static uint32_t numbered(const char *s, const char **end)
{
	bool hex = s[0] == 'x' || s[0] == 'X';
	char *stop;
	unsigned long n = strtoul(s + hex, &stop, hex ? 16 : 10);

	*end = stop;
	return n == 0 || n > 0x10ffff || (n >= 0xd800 && n <= 0xdfff) ? 0xfffd : (uint32_t)n;
}

static uint32_t entity(const char **at)
{
	const char *s = *at + 1, *end = s;
	uint32_t cp = 0;

	if (*s == '#' && ((s[1] >= '0' && s[1] <= '9') || s[1] == 'x' || s[1] == 'X'))
		cp = numbered(s + 1, &end);
	for (size_t i = 0; cp == 0 && i < ARRAY_LEN(entities); i++) {
		size_t len = strlen(entities[i].name);

		if (strncmp(s, entities[i].name, len) == 0) {
			cp = entities[i].cp;
			end = s + len;
		}
	}
	if (cp == 0) {
		*at = s;
		return '&';
	}
	*at = end + (*end == ';');
	return cp;
}

/* ---- tags ---- */

static bool is_one_of(const char *name, const char *words)
{
	size_t len = strlen(name);

	for (const char *w = words; *w != '\0'; w += strcspn(w, " ") + (w[strcspn(w, " ")] == ' '))
		if (strcspn(w, " ") == len && memcmp(w, name, len) == 0)
			return true;
	return false;
}

/* Attributes, blanks out, small letters: "style=display:none;font-size:0". */
static bool says(const char *attributes, const char *what)
{
	return strstr(attributes, what) != NULL;
}

static bool is_hidden(const char *name, const char *attributes)
{
	return is_one_of(name, "script style head title template noscript del s strike select textarea object svg") ||
	       says(attributes, "display:none") || says(attributes, "visibility:hidden") ||
	       says(attributes, "line-through") || says(attributes, "font-size:0;") ||
	       says(attributes, "font-size:0\"") || says(attributes, "font-size:0px") ||
	       says(attributes, "mso-hide:all") || says(attributes, "\"hidden") || strcmp(attributes, "hidden") == 0 ||
	       says(attributes, " hidden");
}

static bool is_void(const char *name)
{
	return is_one_of(name, "br hr img input meta link col area base wbr source embed");
}

static void tag_open(struct reader *r, const char *name, const char *attributes, bool closed)
{
	if (r->skip[0] != '\0') {
		r->depth += strcmp(name, r->skip) == 0 && !closed;
		return;
	}
	if (!is_void(name) && !closed && is_hidden(name, attributes)) {
		snprintf(r->skip, sizeof(r->skip), "%s", name);
		r->depth = 1;
		return;
	}
	if (is_one_of(name, "td th")) {
		r->blank = false;
		if (r->cells++ > 0)
			buf_char(&r->out, '\t');
	} else if (is_one_of(name,
			   "br hr tr p div li table ul ol h1 h2 h3 h4 h5 h6 pre blockquote body section article")) {
		new_line(r);
		r->cells = 0;
	}
}

static void tag_close(struct reader *r, const char *name)
{
	if (r->skip[0] != '\0') {
		if (strcmp(name, r->skip) == 0 && --r->depth == 0)
			r->skip[0] = '\0';
		return;
	}
	if (is_one_of(name, "tr p div li table ul ol h1 h2 h3 h4 h5 h6 pre blockquote")) {
		new_line(r);
		r->cells = 0;
	}
}

/* To the > that ends the tag; one inside quotes does not. */
static const char *tag_end(const char *s)
{
	char quote = '\0';

	for (; *s != '\0'; s++) {
		if (quote != '\0')
			quote = *s == quote ? '\0' : quote;
		else if (*s == '"' || *s == '\'')
			quote = *s;
		else if (*s == '>')
			return s;
	}
	return s;
}

static const char *attributes_of(struct ctx *c, const char *s, const char *end)
{
	char *out = arena_alloc(c->arena, (size_t)(end - s) + 2), *to = out;
	bool in_value = false;

	for (; s < end; s++) {
		if (*s == '"' || *s == '\'')
			in_value = !in_value;
		if (!in_value || strchr(" \t\r\n", *s) == NULL)
			*to++ = *s >= 'A' && *s <= 'Z' ? (char)(*s + 32) : *s;
	}
	return out;
}

static const char *tag(struct ctx *c, struct reader *r, const char *s)
{
	bool close = s[1] == '/';
	const char *from = s + 1 + close, *end;
	char name[TAG_MAX] = { 0 };
	size_t len = 0;

	if (strncmp(s, "<!--", 4) == 0) {
		end = strstr(s + 4, "-->");
		return end != NULL ? end + 3 : s + strlen(s);
	}
	for (; from[len] != '\0' && strchr(" \t\r\n/>", from[len]) == NULL && len + 1 < TAG_MAX; len++)
		name[len] = from[len] >= 'A' && from[len] <= 'Z' ? (char)(from[len] + 32) : from[len];
	end = tag_end(from);
	if (close)
		tag_close(r, name);
	else
		tag_open(r, name, attributes_of(c, from + len, end), end > s && end[-1] == '/');
	return *end == '>' ? end + 1 : end;
}

/* What is inside these is no HTML: a < in a script begins no tag. */
static const char *raw_end(const struct reader *r, const char *s)
{
	const char *end = s;
	size_t len = strlen(r->skip);

	if (!is_one_of(r->skip, "script style title textarea"))
		return s;
	while ((end = strstr(end, "</")) != NULL && strncasecmp(end + 2, r->skip, len) != 0)
		end++;
	return end != NULL ? end : s + strlen(s);
}

static bool is_tag(const char *s)
{
	char next = s[1] == '/' ? s[2] : s[1];

	return (next >= 'a' && next <= 'z') || (next >= 'A' && next <= 'Z') || next == '!' || next == '?';
}

const char *mail_html_text(struct ctx *c, const char *html)
{
	struct reader r = { .depth = 0 };

	buf_init(&r.out, c->arena);
	for (const char *s = html; *s != '\0' && r.out.len < MAIL_TEXT_MAX;) {
		if (*s == '<' && is_tag(s)) {
			s = raw_end(&r, tag(c, &r, s));
			continue;
		}
		uint32_t cp = *s == '&' ? entity(&s) : utf8_next(&s);
		if (r.skip[0] == '\0')
			put_char(&r, cp);
	}
	new_line(&r);
	if (r.out.data != NULL)
		r.out.data[r.out.len] = '\0';
	return buf_cstr(&r.out);
}
