/* pinyingen: makes the table of readings from the character list and our own words.
 *
 *   pinyingen -o DIR CHARS WORDS
 *
 * CHARS has lines `U+897F: xī  # 西`, WORDS has lines `长沙<tab>chang sha`. Writes DIR/pinyin_table.c: both
 * lists without tones, ü as v the way people type it, sorted for binary search. A word of one character
 * replaces its usual reading. */
#include "gen.h"

#include <stdint.h>

struct reading {
	const char *han;
	const char *pinyin;
};

static struct reading *chars, *words;
static size_t chars_len, words_len;

static void add(struct reading **list, size_t *len, const char *han, const char *pinyin)
{
	*list = grow(*list, *len, sizeof(**list));
	(*list)[(*len)++] = (struct reading){ han, pinyin };
}

static int by_han(const void *a, const void *b)
{
	return strcmp(((const struct reading *)a)->han, ((const struct reading *)b)->han);
}

static char *utf8_of(unsigned long cp)
{
	if (cp < 0x10000)
		return format("%c%c%c", (int)(0xE0 | cp >> 12), (int)(0x80 | (cp >> 6 & 63)), (int)(0x80 | (cp & 63)));
	return format("%c%c%c%c", (int)(0xF0 | cp >> 18), (int)(0x80 | (cp >> 12 & 63)), (int)(0x80 | (cp >> 6 & 63)),
		(int)(0x80 | (cp & 63)));
}

/* The plain letter of a marked one at s; its length in bytes goes to *len. */
static char plain(const char *s, size_t *len)
{
	static const char *const marked[] = { "aāáǎà", "eēéěèê", "iīíǐì", "oōóǒò", "uūúǔù", "vǖǘǚǜü", "nńňǹ", "mḿ" };

	*len = 1;
	if ((unsigned char)*s < 0x80)
		return *s;
	*len = (unsigned char)*s >= 0xE0 ? 3 : 2;
	for (size_t i = 0; i < sizeof(marked) / sizeof(*marked); i++)
		for (const char *m = marked[i] + 1; *m; m += (unsigned char)*m >= 0xE0 ? 3 : 2)
			if (memcmp(m, s, *len) == 0)
				return *marked[i];
	return '\0'; /* a combining mark */
}

/* Up to the end of the reading; lists of several readings are not in CHARS. */
static char *without_tones(const char *s, const char *stops)
{
	char *out = calloc(1, strlen(s) + 1), *to = out;
	size_t len;

	for (; *s && strchr(stops, *s) == NULL; s += len) {
		*to = plain(s, &len);
		if (*to != '\0')
			to++;
	}
	return out;
}

static void read_chars(const char *path)
{
	size_t len;
	char *text = slurp(path, &len), *line;

	if (text == NULL)
		die("%s: cannot read", path);
	while ((line = strsep(&text, "\n")) != NULL) {
		char *after;
		unsigned long cp;

		if (strncmp(line, "U+", 2) != 0)
			continue;
		cp = strtoul(line + 2, &after, 16);
		if (cp >= 0x800 && cp < 0x110000 && strncmp(after, ": ", 2) == 0)
			add(&chars, &chars_len, utf8_of(cp), without_tones(after + 2, " ,\r"));
		else
			complain(path, 0, "not a reading: %s", line);
	}
}

static size_t han_count(const char *s)
{
	size_t n = 0;

	for (; *s; s++)
		n += (*s & 0xC0) != 0x80;
	return n;
}

static size_t syllable_count(const char *s)
{
	size_t n = 1;

	for (; *s; s++)
		n += *s == ' ';
	return n;
}

static void read_words(const char *path)
{
	size_t len;
	char *text = slurp(path, &len), *line;

	if (text == NULL)
		die("%s: cannot read", path);
	for (int number = 1; (line = strsep(&text, "\n")) != NULL; number++) {
		char *han = strsep(&line, "\t");

		if (*han == '\0' || *han == '#')
			continue;
		if (line == NULL || han_count(han) != syllable_count(line))
			complain(path, number, "%s needs one syllable per character", han);
		else
			add(&words, &words_len, han, line);
	}
}

static void put_list(FILE *out, const char *name, struct reading *list, size_t len)
{
	qsort(list, len, sizeof(*list), by_han);
	fprintf(out, "const struct pinyin_reading pinyin_%s[] = {\n", name);
	for (size_t i = 0; i < len; i++)
		if (i == 0 || strcmp(list[i].han, list[i - 1].han) != 0)
			fprintf(out, "\t{ \"%s\", \"%s\" },\n", list[i].han, list[i].pinyin);
	fprintf(out, "};\nconst size_t pinyin_%s_len = sizeof(pinyin_%s) / sizeof(*pinyin_%s);\n", name, name, name);
}

int main(int argc, char **argv)
{
	char *data;
	size_t len;
	FILE *out = open_memstream(&data, &len);

	if (argc != 5 || strcmp(argv[1], "-o") != 0 || out == NULL)
		die("usage: pinyingen -o DIR CHARS WORDS");
	read_chars(argv[3]);
	read_words(argv[4]);
	fputs("/* made by pinyingen */\n#include \"app/pinyin.h\"\n\n", out);
	put_list(out, "chars", chars, chars_len);
	put_list(out, "words", words, words_len);
	fclose(out);
	if (gen_errors)
		return 1;
	write_if_changed(format("%s/pinyin_table.c", argv[2]), data, len);
	return 0;
}
