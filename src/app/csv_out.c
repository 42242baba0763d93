/* csv_out: see csv_out.h. */
#include "app/csv_out.h"

#include <string.h>

void csv_begin(struct csv *csv, struct buf *b, bool bom)
{
	*csv = (struct csv){ .b = b };
	if (bom)
		buf_str(b, "\xEF\xBB\xBF");
}

/* A plain decimal such as -12.50: the only text with a sign that is no formula. */
static bool is_number(const char *s)
{
	size_t whole;

	if (*s == '-' || *s == '+')
		s++;
	whole = strspn(s, "0123456789");
	s += whole;
	if (*s == '.')
		s += 1 + strspn(s + 1, "0123456789");
	return whole > 0 && *s == '\0';
}

/* Spreadsheets also take the full-width signs for a formula. */
static bool is_formula(const char *s)
{
	static const char *const wide[] = { "＝", "＋", "－", "＠" };

	if (is_number(s))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(wide); i++)
		if (strncmp(s, wide[i], strlen(wide[i])) == 0)
			return true;
	return *s != '\0' && strchr("=+-@\t\r\n", *s) != NULL;
}

static void quoted(struct buf *b, const char *s)
{
	buf_char(b, '"');
	if (is_formula(s))
		buf_char(b, '\'');
	for (; *s; s++) {
		if (*s == '"')
			buf_char(b, '"');
		buf_char(b, *s);
	}
	buf_char(b, '"');
}

void csv_cell(struct csv *csv, const char *s)
{
	if (csv->comma)
		buf_char(csv->b, ',');
	csv->comma = true;
	if (s == NULL)
		return;
	if (is_formula(s) || strpbrk(s, ",;\"\t\r\n") != NULL || *s == ' ')
		quoted(csv->b, s);
	else
		buf_str(csv->b, s);
}

void csv_end_row(struct csv *csv)
{
	buf_str(csv->b, "\r\n");
	csv->comma = false;
}

void csv_row(struct csv *csv, const char *const *cells, size_t len)
{
	for (size_t i = 0; i < len; i++)
		csv_cell(csv, cells[i]);
	csv_end_row(csv);
}
