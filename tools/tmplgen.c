/* tmplgen: turns templates into C, so that a page with a wrong name in it does not build.
 *
 *   tmplgen -o DIR FILE...        FILE: src/mod/order/view/show.html or src/app/view/error.html
 *
 * Writes DIR/tmpl.h (a prototype each: tmpl_order_show) and DIR/<module>_tmpl.c. What a template may say stands in
 * STYLE.md, "Web"; the macros and functions it is made of are in app/page.h. #line points the C compiler at the HTML. */
#include "gen.h"

enum { DEPTH = 32, WORDS = 16, MODULES = 64 };

struct module {
	const char *name;
	FILE *out;
	char *data;
	size_t len;
};

/* An open {{#block}}: what its end must be called, and for each what it runs over. */
struct block {
	const char *kind;
	const char *name; /* each: the loop's variable */
	const char *len;  /* each: C expression */
	int line;
	bool has_else;
};

struct template
{
	const char *file;
	const char *at; /* where we read */
	int line;
	int said_line; /* the #line given last */
	FILE *out;
	struct block blocks[DEPTH];
	int depth;
};

/* What stands between {{ and }}. */
struct words {
	char *at[WORDS];
	size_t len;
};

/* They never move: the streams write into them. */
static struct module modules[MODULES];
static size_t modules_len;

/* ---- names ---- */

static struct module *module_of(const char *name)
{
	for (size_t i = 0; i < modules_len; i++)
		if (strcmp(modules[i].name, name) == 0)
			return &modules[i];
	if (modules_len == MODULES)
		die("more than %d modules", MODULES);
	struct module *m = &modules[modules_len++];
	*m = (struct module){ .name = name };
	return m;
}

/* src/mod/order/view/show.html → order, show */
static void split_path(const char *path, char **module, char **page)
{
	const char *view = strstr(path, "/view/");
	const char *dot = strrchr(path, '.');
	const char *start = view;

	if (view == NULL || dot == NULL || dot < view + 6)
		die("%s: a template is called .../MODULE/view/PAGE.html", path);
	while (start > path && start[-1] != '/')
		start--;
	*module = strndup(start, (size_t)(view - start));
	*page = strndup(view + 6, (size_t)(dot - view - 6));
}

static bool is_path(const char *s)
{
	return (isalpha((unsigned char)*s) || *s == '_') &&
	       s[strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.->")] == '\0';
}

static const struct block *loop_named(const struct template *t, const char *s, size_t len)
{
	for (int i = t->depth; i-- > 0;)
		if (t->blocks[i].name && strlen(t->blocks[i].name) == len && strncmp(t->blocks[i].name, s, len) == 0)
			return &t->blocks[i];
	return NULL;
}

/* The C expression of a member path: order.number is v->order.number, and l.sku is l->sku inside {{#each … as l}}. */
static const char *expr(struct template *t, const char *path)
{
	size_t head = strcspn(path, ".-");

	if (!is_path(path)) {
		complain(t->file, t->line, "'%s' is no member path", path);
		return "0";
	}
	if (loop_named(t, path, head) == NULL)
		return format("v->%s", path);
	if (path[head] == '\0')
		return format("(*%s)", path);
	return format("%.*s->%s", (int)head, path, path + head + (path[head] == '.' ? 1 : 2));
}

/* ---- output ---- */

/* One statement; a compiler error in it names the template's line. */
__attribute__((format(printf, 2, 3))) static void put(struct template *t, const char *fmt, ...)
{
	va_list ap;

	if (t->said_line != t->line)
		fprintf(t->out, "#line %d \"%s\"\n", t->line, t->file);
	va_start(ap, fmt);
	vfprintf(t->out, fmt, ap);
	va_end(ap);
	fputc('\n', t->out);
	t->said_line = t->line + 1;
}

static void put_html(struct template *t, const char *s, size_t len)
{
	if (len == 0)
		return;
	fputs("\tbuf_add(b, ", t->out);
	fprintf(t->out, ", %zu);\n", put_literal(t->out, s, len));
	t->said_line = 0;
}

static void push(struct template *t, const char *kind, const char *name, const char *len)
{
	if (t->depth == DEPTH)
		die("%s:%d: nested too deeply", t->file, t->line);
	t->blocks[t->depth++] = (struct block){ kind, name, len, t->line, false };
}

/* ---- tags: w->at[0] is the word after {{, n counts the words ---- */

static void tag_if(struct template *t, const struct words *w)
{
	put(t, "\tif (%sGIVEN(%s)) {", strcmp(w->at[0], "#not") == 0 ? "!" : "", expr(t, w->at[1]));
	push(t, w->at[0] + 1, NULL, NULL);
}

static void tag_may(struct template *t, const struct words *w)
{
	put(t, "\tif (may(c, RIGHT_%s)) {", w->at[1]);
	push(t, "may", NULL, NULL);
}

static void tag_each(struct template *t, const struct words *w)
{
	const char *list = expr(t, w->at[1]);

	if (strcmp(w->at[2], "as") != 0 || !is_path(w->at[3])) {
		complain(t->file, t->line, "expected: {{#each lines as l}}");
		return;
	}
	put(t, "\tfor (size_t %s_at = 0; %s_at < %s_len; %s_at++) { const __auto_type %s = &%s[%s_at]; (void)%s;",
		w->at[3], w->at[3], list, w->at[3], w->at[3], list, w->at[3], w->at[3]);
	push(t, "each", w->at[3], format("%s_len", list));
}

static void tag_else(struct template *t, const struct words *w)
{
	struct block *top = t->depth ? &t->blocks[t->depth - 1] : NULL;

	(void)w;
	if (top == NULL || top->has_else) {
		complain(t->file, t->line, "{{else}} without its {{#if}}");
		return;
	}
	top->has_else = true;
	if (top->len)
		put(t, "\t} if (%s == 0) {", top->len);
	else
		put(t, "\t} else {");
	top->name = NULL;
}

static void tag_end(struct template *t, const struct words *w)
{
	if (t->depth == 0 || strcmp(t->blocks[t->depth - 1].kind, w->at[0] + 1) != 0) {
		complain(t->file, t->line, "{{%s}} ends nothing that is open", w->at[0]);
		return;
	}
	t->depth--;
	put(t, "\t}");
}

static void tag_text(struct template *t, const struct words *w)
{
	char *args = strdup("");

	for (size_t i = 2; i < w->len; i++)
		args = format("%sSHOW(c, %s), ", args, expr(t, w->at[i]));
	put(t, "\tput_text(b, c, T_%s, (const char *const[]){ %sNULL });", c_name(w->at[1]), args);
}

/* {{word order.state state}}: the text whose key ends with the value: order.state.draft */
static void tag_word(struct template *t, const struct words *w)
{
	put(t, "\tput_word(b, c, \"%s\", %s);", w->at[1], expr(t, w->at[2]));
}

static void tag_partial(struct template *t, const struct words *w)
{
	const char *arg = w->len < 3 ? "v" : format("&%s", expr(t, w->at[2]));

	put(t, "\ttmpl_%s(b, c, %s);", c_name(w->at[1]), arg);
}

/* {{index l}} counts from 0 (names of fields), {{count l}} from 1 (for people). */
static void tag_index(struct template *t, const struct words *w)
{
	if (loop_named(t, w->at[1], strlen(w->at[1])) == NULL)
		complain(t->file, t->line, "%s is no loop", w->at[1]);
	put(t, "\tbuf_int(b, (int64_t)%s_at%s);", w->at[1], strcmp(w->at[0], "count") == 0 ? " + 1" : "");
}

/* {{money total}}: words that write one member in their own way. False: no such word. */
static bool put_member(struct template *t, const struct words *w)
{
	static const char *const fn[][2] = {
		{ "money", "put_money_show" },
		{ "ago", "put_ago" },
		{ "time", "put_instant" },
		{ "date", "put_date" },
		{ "html", "put_trusted" },
		{ "url", "put_url" },
		{ "iso", "put_iso" },
		{ "lines", "put_lines" },
		{ "due", "put_due" },
		{ "lateness", "put_due_class" },
	};

	for (size_t i = 0; i < sizeof(fn) / sizeof(fn[0]); i++) {
		if (strcmp(fn[i][0], w->at[0]) == 0) {
			put(t, "\t%s(b, c, %s);", fn[i][1], expr(t, w->at[1]));
			return true;
		}
	}
	return false;
}

static const struct tag {
	const char *name;
	size_t words_min, words_max;
	void (*run)(struct template *t, const struct words *w);
} tags[] = {
	{ "#if", 2, 2, tag_if },
	{ "#not", 2, 2, tag_if },
	{ "#may", 2, 2, tag_may },
	{ "#each", 4, 4, tag_each },
	{ "else", 1, 1, tag_else },
	{ "/if", 1, 1, tag_end },
	{ "/not", 1, 1, tag_end },
	{ "/may", 1, 1, tag_end },
	{ "/each", 1, 1, tag_end },
	{ "t", 2, WORDS, tag_text },
	{ "word", 3, 3, tag_word },
	{ ">", 2, 3, tag_partial },
	{ "index", 2, 2, tag_index },
	{ "count", 2, 2, tag_index },
};

static void split_words(char *s, struct words *w)
{
	w->len = 0;
	for (s = strtok(s, " \t\n"); s && w->len < WORDS; s = strtok(NULL, " \t\n"))
		w->at[w->len++] = s;
}

static void run_tag(struct template *t, char *inside)
{
	struct words words, *w = &words;

	split_words(inside, w);
	if (w->len == 0 || w->at[0][0] == '!')
		return;
	for (size_t i = 0; i < sizeof(tags) / sizeof(tags[0]); i++) {
		if (strcmp(tags[i].name, w->at[0]) != 0 || (w->len == 1 && tags[i].words_min > 1))
			continue;
		if (w->len < tags[i].words_min || w->len > tags[i].words_max)
			complain(t->file, t->line, "{{%s …}} has too few or too many words", w->at[0]);
		else
			tags[i].run(t, w);
		return;
	}
	if (w->len == 1 && strcmp(w->at[0], "csrf") == 0)
		put(t, "\tput_csrf(b, c);");
	else if (w->len == 1 && !strchr("#/>", w->at[0][0]))
		put(t, "\tPUT(b, c, %s);", expr(t, w->at[0]));
	else if (w->len != 2 || !put_member(t, w))
		complain(t->file, t->line, "{{%s}} is not known; see STYLE.md, Web", w->at[0]);
}

/* ---- reading ---- */

static bool is_block(const char *tag)
{
	return strchr("#/!", *tag) != NULL || strncmp(tag, "else}}", 6) == 0;
}

/* A block tag alone on its line takes the line with it: the page has no holes where the logic was. */
/* The first line is {{view}}, so there is always a character before. */
static size_t html_before(const struct template *t, const char *open, const char *end, size_t *skip)
{
	const char *start = open, *rest = end;

	*skip = 0;
	while (start > t->at && (start[-1] == ' ' || start[-1] == '\t'))
		start--;
	rest += strspn(rest, " \t");
	if (is_block(open + 2) && start[-1] == '\n' && *rest == '\n') {
		*skip = (size_t)(rest + 1 - end);
		return (size_t)(start - t->at);
	}
	return (size_t)(open - t->at);
}

static void count_lines(struct template *t, const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		t->line += s[i] == '\n';
}

static void run_body(struct template *t)
{
	const char *open, *end;
	size_t html, skip;

	while ((open = strstr(t->at, "{{")) != NULL) {
		end = strstr(open, "}}");
		if (end == NULL) {
			complain(t->file, t->line, "{{ without }}");
			return;
		}
		html = html_before(t, open, end + 2, &skip);
		put_html(t, t->at, html);
		count_lines(t, t->at, (size_t)(open - t->at));
		run_tag(t, strndup(open + 2, (size_t)(end - open - 2)));
		count_lines(t, open, (size_t)(end + 2 + skip - open));
		t->at = end + 2 + skip;
	}
	put_html(t, t->at, strlen(t->at));
	if (t->depth)
		complain(t->file, t->blocks[t->depth - 1].line, "{{#%s}} is never ended", t->blocks[t->depth - 1].kind);
}

/* {{view struct order_page "mod/order/order_view.h"}} → the type, and the header to include */
static char *read_head(struct template *t, char **header)
{
	char *type = NULL;
	int used = 0;

	*header = NULL;
	if (sscanf(t->at, "{{view %m[a-z0-9_ ] \"%m[^\"]\"}} %n", &type, header, &used) != 2 || used == 0)
		die("%s:1: the first line is {{view struct NAME \"HEADER\"}}", t->file);
	count_lines(t, t->at, (size_t)used);
	t->at += used;
	for (char *end = type + strlen(type); end > type && end[-1] == ' ';)
		*--end = '\0';
	return type;
}

static void run_file(const char *file, FILE *header)
{
	struct template t = { .file = file, .line = 1 };
	char *module, *page, *type, *include;
	size_t len;
	struct module *m;

	split_path(file, &module, &page);
	t.at = slurp(file, &len);
	if (t.at == NULL)
		die("%s: cannot read", file);
	m = module_of(module);
	if (m->out == NULL) {
		m->out = open_memstream(&m->data, &m->len);
		fputs("/* made by tmplgen */\n#include \"app/page.h\"\n#include \"gen/tmpl.h\"\n", m->out);
	}
	t.out = m->out;
	type = read_head(&t, &include);
	fprintf(header, "%s;\nvoid tmpl_%s_%s(struct buf *b, struct ctx *c, const %s *v);\n",
		strncmp(type, "struct ", 7) == 0 ? type : "", module, c_name(page), type);
	fprintf(t.out,
		"\n#line 1 \"%s\"\n#include \"%s\"\n\nvoid tmpl_%s_%s(struct buf *b, struct ctx *c, const %s *v)\n"
		"{\n\t(void)c;\n\t(void)v;\n",
		file, include, module, c_name(page), type);
	run_body(&t);
	fputs("}\n", t.out);
}

int main(int argc, char **argv)
{
	char *data;
	size_t len;
	FILE *header = open_memstream(&data, &len);

	if (argc < 3 || strcmp(argv[1], "-o") != 0)
		die("usage: tmplgen -o DIR FILE...");
	fputs("/* made by tmplgen */\n#ifndef GEN_TMPL_H\n#define GEN_TMPL_H\n\nstruct buf;\nstruct ctx;\n", header);
	for (int i = 3; i < argc; i++)
		run_file(argv[i], header);
	fputs("\n#endif\n", header);
	fclose(header);
	if (gen_errors)
		return 1;
	write_if_changed(format("%s/tmpl.h", argv[2]), data, len);
	for (size_t i = 0; i < modules_len; i++) {
		fclose(modules[i].out);
		write_if_changed(format("%s/%s_tmpl.c", argv[2], modules[i].name), modules[i].data, modules[i].len);
	}
	return 0;
}
