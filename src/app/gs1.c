/* gs1: reading element strings by the dictionary. */
#include "app/gs1.h"

#include "app/sscc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FNC1 '\x1d'

/* ---- one identifier's value ---- */

/* The identifier at s: two to four digits, the shortest that the dictionary has. */
static const struct gs1_ai *ai_at(const char *s, size_t *len)
{
	for (size_t n = 2; n <= 4 && strspn(s, "0123456789") >= n; n++)
		for (const struct gs1_ai *k = gs1_table; k->from != NULL; k++)
			if (strlen(k->from) == n && strncmp(s, k->from, n) >= 0 && strncmp(s, k->to, n) <= 0) {
				*len = n;
				return k;
			}
	return NULL;
}

/* One part of a value, as the dictionary writes it: N6, X..20, [N..12], each with the checks it has to pass. */
struct part {
	char set; /* N, X, Y, Z */
	size_t min, max;
	char checks[64]; /* ",csum,gcppos2," */
};

static const char *part_read(const char *s, struct part *p)
{
	bool optional = *s == '[';
	unsigned n = 0;

	s += optional;
	*p = (struct part){ .set = *s++ };
	if (strncmp(s, "..", 2) == 0)
		n = (unsigned)strtoul(s + 2, NULL, 10);
	else
		n = (unsigned)strtoul(s, NULL, 10), p->min = n;
	p->max = n;
	if (optional)
		p->min = 0;
	else if (p->min == 0)
		p->min = 1;
	s += strspn(s, ".0123456789]");
	n = (unsigned)strcspn(s, " ");
	snprintf(p->checks, sizeof(p->checks), "%.*s,", (int)n, s);
	s += n;
	return s + strspn(s, " ");
}

static bool has_check(const struct part *p, const char *name)
{
	char word[24];

	snprintf(word, sizeof(word), ",%s,", name);
	return strstr(p->checks, word) != NULL;
}

/* Set 82 of the General Specifications, 39 for part numbers, 64 for file-safe text. */
static bool in_set(char set, char ch)
{
	static const char signs[] = "!\"%&'()*+,-./:;<=>?_";
	bool letter = (ch >= 'A' && ch <= 'Z') || (ch >= 'a' && ch <= 'z'), digit = ch >= '0' && ch <= '9';

	switch (set) {
	case 'N': return digit;
	case 'Y': return digit || (ch >= 'A' && ch <= 'Z') || strchr("#-/", ch) != NULL;
	case 'Z': return letter || digit || strchr("-_=", ch) != NULL;
	default: return letter || digit || strchr(signs, ch) != NULL;
	}
}

/* YYMMDD within 49 years before and 50 after now is what readers assume; the day 00 means the last of the month. */
static bool date_of_six(const char *s, struct date *out)
{
	int v[3], last;

	for (int i = 0; i < 3; i++)
		v[i] = (s[2 * i] - '0') * 10 + (s[2 * i + 1] - '0');
	if (v[1] < 1 || v[1] > 12)
		return false;
	v[0] += v[0] > 75 ? 1900 : 2000;
	last = date_make(v[1] == 12 ? v[0] + 1 : v[0], v[1] == 12 ? 1 : v[1] + 1, 1).day - date_make(v[0], v[1], 1).day;
	if (v[2] > last)
		return false;
	*out = date_make(v[0], v[1], v[2] == 0 ? last : v[2]);
	return true;
}

static bool part_fits(const struct part *p, const char *s, size_t len)
{
	struct date d;

	for (size_t i = 0; i < len; i++)
		if (!in_set(p->set, s[i]))
			return false;
	if (len < p->min || len > p->max)
		return false;
	if (len == 0)
		return true;
	if (has_check(p, "csum") && gs1_check_digit(s, len - 1) != s[len - 1])
		return false;
	if (has_check(p, "yymmd0") || has_check(p, "yymmdd"))
		return date_of_six(s, &d) && (has_check(p, "yymmd0") || strncmp(s + 4, "00", 2) != 0);
	return true;
}

/* How long a value of fixed length is; the longest one otherwise. */
static size_t value_max(const struct gs1_ai *k)
{
	size_t n = 0;
	struct part p;

	for (const char *s = k->parts; *s != '\0';) {
		s = part_read(s, &p);
		n += p.max;
	}
	return n;
}

static bool value_fits(const struct gs1_ai *k, const char *value)
{
	size_t left = strlen(value);
	struct part p;

	for (const char *s = k->parts; *s != '\0';) {
		size_t n;
		s = part_read(s, &p);
		n = left < p.max ? left : p.max;
		if (!part_fits(&p, value, n))
			return false;
		value += n;
		left -= n;
	}
	return left == 0;
}

/* ---- what the elements mean here ---- */

static struct qty kilograms(const char *value, char point)
{
	int64_t v = strtoll(value, NULL, 10);

	for (char at = point; at < '3'; at++)
		v *= 10;
	for (char at = point; at > '3'; at--)
		v /= 10;
	return (struct qty){ v };
}

static void take(struct arena *a, struct scan *s, const char *ai, const char *value)
{
	if (strcmp(ai, "01") == 0 || strcmp(ai, "02") == 0)
		s->gtin = *value == '0' ? value + 1 : value;
	else if (strcmp(ai, "00") == 0)
		s->sscc = value;
	else if (strcmp(ai, "10") == 0)
		s->lot = value;
	else if (strcmp(ai, "17") == 0 || (strcmp(ai, "15") == 0 && !date_is(s->expires)))
		(void)date_of_six(value, &s->expires);
	else if (strncmp(ai, "310", 3) == 0)
		s->net_kg = kilograms(value, ai[3]);
	else if (strcmp(ai, "30") == 0 || strcmp(ai, "37") == 0)
		s->count = strtoll(value, NULL, 10);
	if (s->elements_len < GS1_ELEMENTS_MAX)
		s->elements[s->elements_len++] = (struct gs1_element){ arena_strdup(a, ai), value };
}

/* One element at s; NULL and why when it breaks the rules. */
static const char *element(struct arena *a, const char *s, struct scan *out, const char **why)
{
	size_t n, len;
	const struct gs1_ai *k = ai_at(s, &n);
	const char *ai, *value, *end;

	*why = arena_strndup(a, s, strnlen(s, 4));
	if (k == NULL)
		return NULL;
	ai = arena_strndup(a, s, n);
	*why = ai;
	s += n;
	end = strchr(s, FNC1);
	len = end != NULL ? (size_t)(end - s) : strlen(s);
	if (k->fixed && len > value_max(k))
		len = value_max(k);
	value = arena_strndup(a, s, len);
	if (!value_fits(k, value))
		return NULL;
	take(a, out, ai, value);
	s += len;
	return *s == FNC1 ? s + 1 : s;
}

static bool elements(struct arena *a, const char *s, struct scan *out, const char **why)
{
	s += *s == FNC1;
	if (*s == '\0')
		return false;
	while (*s != '\0') {
		s = element(a, s, out, why);
		if (s == NULL)
			return false;
	}
	return true;
}

/* ---- what the scanner says of itself ---- */

static struct scan plain(struct arena *a, const char *text)
{
	return (struct scan){
		.text = arena_strdup(a, text), .expires = DATE_NONE, .net_kg = QTY_NONE, .count = INT64_MIN
	};
}

/* Article numbers of 8, 12, 13 or 14 digits; the fourteenth is a packing level, 0 for the article itself. */
static void take_number(struct scan *s)
{
	size_t len = strlen(s->text);

	if ((len == 8 || len == 12 || len == 13 || len == 14) && gtin_check(s->text))
		s->gtin = len == 14 && *s->text == '0' ? s->text + 1 : s->text;
	else if (len == 18 && gtin_check(s->text))
		s->sscc = s->text;
}

/* ]C1 GS1-128, ]e0 DataBar, ]d2 DataMatrix, ]Q3 QR, ]J1 DotCode carry element strings; ]E0 and ]E4 article numbers. */
static bool carries_elements(const char *id)
{
	return strncmp(id, "]C1", 3) == 0 || strncmp(id, "]e0", 3) == 0 || strncmp(id, "]d2", 3) == 0 ||
	       strncmp(id, "]Q3", 3) == 0 || strncmp(id, "]J1", 3) == 0;
}

/* A scanner that says nothing of itself: a first separator, or a whole string of elements behind a GTIN or an SSCC. */
static bool looks_like_elements(const char *s)
{
	size_t digits = strspn(s, "0123456789");

	return *s == FNC1 ||
	       (digits >= 16 && strlen(s) > 18 && (strncmp(s, "01", 2) == 0 || strncmp(s, "02", 2) == 0)) ||
	       (digits >= 20 && strncmp(s, "00", 2) == 0);
}

/* An article number; a composite symbol carries elements behind it. */
static bool article(struct arena *a, const char *s, struct scan *out, const char **why)
{
	const char *more = strstr(s, "|]e0");

	*out = plain(a, more != NULL ? arena_strndup(a, s, (size_t)(more - s)) : s);
	if (!gtin_check(out->text))
		return false;
	take_number(out);
	return more == NULL || elements(a, more + 4, out, why);
}

bool gs1_scan(struct arena *a, const char *scan, struct scan *out, const char **why)
{
	*why = "";
	*out = plain(a, scan);
	if (*scan == '(')
		return gs1_bracketed(a, scan, out, why);
	if (*scan == ']') {
		if (strlen(scan) < 3)
			return false;
		*out = plain(a, scan + 3);
		if (carries_elements(scan))
			return elements(a, scan + 3, out, why);
		if (strncmp(scan, "]E", 2) == 0)
			return article(a, scan + 3, out, why);
	} else if (looks_like_elements(scan)) {
		return elements(a, scan, out, why);
	}
	take_number(out);
	return true;
}

static const char *unescaped(struct arena *a, const char *s, size_t len)
{
	char *out = arena_alloc(a, len + 1), *at = out;

	for (size_t i = 0; i < len; i++)
		if (s[i] != '\\' || i + 1 == len || s[i + 1] != '(')
			*at++ = s[i];
	return out;
}

bool gs1_bracketed(struct arena *a, const char *text, struct scan *out, const char **why)
{
	*out = plain(a, text);
	*why = "";
	while (*text == '(') {
		size_t n = strspn(text + 1, "0123456789"), known = 0;
		const struct gs1_ai *k = ai_at(text + 1, &known);
		const char *value, *end;

		*why = arena_strndup(a, text + 1, n);
		if (k == NULL || known != n || text[1 + n] != ')')
			return false;
		text += n + 2;
		for (end = text; *end != '\0' && *end != '('; end++)
			end += *end == '\\' && end[1] == '('; /* a bracket of the value itself */
		value = unescaped(a, text, (size_t)(end - text));
		if (!value_fits(k, value))
			return false;
		take(a, out, *why, value);
		text = end;
	}
	return *text == '\0' && out->elements_len > 0;
}

const char *gs1_scale_base(struct arena *a, const char *code)
{
	char *base;

	if (strlen(code) != 13 || code[0] != '2' || !gtin_check(code) || strncmp(code + 7, "00000", 5) == 0)
		return NULL;
	base = arena_strdup(a, code);
	memset(base + 7, '0', 5);
	base[12] = gs1_check_digit(base, 12);
	return base;
}
