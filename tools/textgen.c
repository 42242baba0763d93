/* textgen: makes one table of all texts from the text files of the modules.
 *
 *   textgen -o DIR FILE...        FILE: .../zh-CN.txt or .../en.txt
 *
 * A line is `key.name = sentence with {0}`, `#` starts a comment line, \n in a sentence is a newline.
 * Writes DIR/text_keys.h (enum text) and DIR/text_tables.c. A key must stand once in each language and with the same
 * placeholders, or the build fails. With TEXTGEN_LAX=1 such faults are only warned of and the key is its own text. */
#include "gen.h"

enum { ZH, EN, LANGS };
static const char *const lang_files[LANGS] = { "zh-CN.txt", "en.txt" };

struct sentence {
	const char *text;
	const char *file;
	int line;
};

struct key {
	const char *name;
	struct sentence in[LANGS];
};

static struct key *keys;
static size_t keys_len;

/* The key of this name, made if it is new; the list stays sorted. */
static struct key *key_place(const char *name)
{
	size_t lo = 0, hi = keys_len;

	while (lo < hi) {
		size_t mid = (lo + hi) / 2;
		int d = strcmp(keys[mid].name, name);

		if (d == 0)
			return &keys[mid];
		if (d < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	keys = grow(keys, keys_len, sizeof(*keys));
	memmove(&keys[lo + 1], &keys[lo], (keys_len - lo) * sizeof(*keys));
	keys_len++;
	keys[lo] = (struct key){ .name = name };
	return &keys[lo];
}

static bool key_valid(const char *s)
{
	return islower((unsigned char)*s) && s[strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789_.")] == '\0';
}

static void unescape(char *s)
{
	char *to = s;

	for (; *s; s++) {
		if (s[0] == '\\' && s[1] == 'n') {
			*to++ = '\n';
			s++;
		} else {
			*to++ = *s;
		}
	}
	*to = '\0';
}

static char *trim(char *s)
{
	char *end;

	s += strspn(s, " \t");
	end = s + strlen(s);
	while (end > s && isspace((unsigned char)end[-1]))
		*--end = '\0';
	return s;
}

static void read_line(char *s, int lang, const char *file, int line)
{
	char *eq = strchr(s, '='), *name, *text;
	struct key *k;

	if (*trim(s) == '\0' || *trim(s) == '#')
		return;
	if (eq == NULL) {
		complain(file, line, "expected: key.name = sentence");
		return;
	}
	*eq = '\0';
	name = trim(s);
	text = trim(eq + 1);
	unescape(text);
	if (!key_valid(name)) {
		complain(file, line, "key '%s': use a-z 0-9 _ and dots", name);
		return;
	}
	k = key_place(name);
	if (k->in[lang].text)
		complain(file, line, "%s is already at %s:%d", name, k->in[lang].file, k->in[lang].line);
	else
		k->in[lang] = (struct sentence){ text, file, line };
}

static int lang_of(const char *path)
{
	const char *base = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;

	for (int i = 0; i < LANGS; i++)
		if (strcmp(base, lang_files[i]) == 0)
			return i;
	die("%s: a text file is called zh-CN.txt or en.txt", path);
}

static void read_file(const char *path)
{
	size_t len;
	char *s = slurp(path, &len), *next;
	int lang = lang_of(path);

	if (s == NULL)
		die("%s: cannot read", path);
	for (int line = 1; s; s = next, line++) {
		next = strchr(s, '\n');
		if (next)
			*next++ = '\0';
		read_line(s, lang, path, line);
	}
}

/* Bit n: the sentence uses {n}. */
static unsigned placeholders(const char *s)
{
	unsigned set = 0;

	for (; *s; s++)
		if (s[0] == '{' && isdigit((unsigned char)s[1]) && s[2] == '}')
			set |= 1U << (s[1] - '0');
	return set;
}

static void check_key(const struct key *k)
{
	const struct sentence *zh = &k->in[ZH], *en = &k->in[EN];

	if (zh->text == NULL)
		complain(en->file, en->line, "%s is missing in Chinese", k->name);
	else if (en->text == NULL)
		complain(zh->file, zh->line, "%s is missing in English", k->name);
	else if (placeholders(zh->text) != placeholders(en->text))
		complain(en->file, en->line, "%s has other placeholders than %s:%d", k->name, zh->file, zh->line);
}

/* a.b and a_b would be one name in C. */
static void check_c_names(void)
{
	const char **names = calloc(keys_len + 1, sizeof(*names));

	if (names == NULL)
		die("out of memory");
	for (size_t i = 0; i < keys_len; i++)
		names[i] = c_name(keys[i].name);
	for (size_t i = 0; i < keys_len; i++)
		for (size_t j = i + 1; j < keys_len && keys[j].name[0] == keys[i].name[0]; j++)
			if (strcmp(names[i], names[j]) == 0)
				die("keys %s and %s are the same in C: rename one", keys[i].name, keys[j].name);
}

static void write_keys(const char *dir)
{
	char *data;
	size_t len;
	FILE *out = open_memstream(&data, &len);

	fputs("/* made by textgen */\n#ifndef GEN_TEXT_KEYS_H\n#define GEN_TEXT_KEYS_H\n\nenum text {\n\tT_none,\n",
		out);
	for (size_t i = 0; i < keys_len; i++)
		fprintf(out, "\tT_%s,\n", c_name(keys[i].name));
	fputs("\tT_count\n};\n\n#endif\n", out);
	fclose(out);
	write_if_changed(format("%s/text_keys.h", dir), data, len);
}

static void write_sentences(FILE *out, int lang)
{
	for (size_t i = 0; i < keys_len; i++) {
		const char *s = keys[i].in[lang].text ? keys[i].in[lang].text : keys[i].name;

		fprintf(out, "\t\t[T_%s] = ", c_name(keys[i].name));
		put_literal(out, s, strlen(s));
		fputs(",\n", out);
	}
}

static void write_tables(const char *dir)
{
	char *data;
	size_t len;
	FILE *out = open_memstream(&data, &len);

	fputs("/* made by textgen */\n#include \"base/text.h\"\n\n"
	      "extern const char *const text_table[LANG_COUNT][T_count];\n"
	      "extern const char *const text_names[T_count];\n\n"
	      "const char *const text_table[LANG_COUNT][T_count] = {\n\t[LANG_ZH] = {\n\t\t[T_none] = \"\",\n",
		out);
	write_sentences(out, ZH);
	fputs("\t},\n\t[LANG_EN] = {\n\t\t[T_none] = \"\",\n", out);
	write_sentences(out, EN);
	fputs("\t},\n};\n\nconst char *const text_names[T_count] = {\n\t[T_none] = \"\",\n", out);
	for (size_t i = 0; i < keys_len; i++)
		fprintf(out, "\t[T_%s] = \"%s\",\n", c_name(keys[i].name), keys[i].name);
	fputs("};\n", out);
	fclose(out);
	write_if_changed(format("%s/text_tables.c", dir), data, len);
}

int main(int argc, char **argv)
{
	const char *lax = getenv("TEXTGEN_LAX");

	if (argc < 3 || strcmp(argv[1], "-o") != 0)
		die("usage: textgen -o DIR FILE...");
	for (int i = 3; i < argc; i++)
		read_file(argv[i]);
	for (size_t i = 0; i < keys_len; i++)
		check_key(&keys[i]);
	check_c_names();
	if (gen_errors && !(lax && *lax == '1'))
		return 1;
	write_keys(argv[2]);
	write_tables(argv[2]);
	return 0;
}
