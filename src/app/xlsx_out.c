/* xlsx_out: libxlsxwriter writes to a file by name only, so it gets one that is in memory. */
#include "app/xlsx_out.h"

#include "base/ctx.h"
#include "base/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xlsxwriter.h>

#define NAME_MAX_SHEET 28

/* Digits with at most one dot, and few enough for a double to hold them exactly. */
static bool is_number(const char *s)
{
	const char *from = s + (*s == '-');
	size_t digits = strspn(from, "0123456789"),
	       rest = from[digits] == '.' ? strspn(from + digits + 1, "0123456789") : 0;
	size_t len = digits + (rest > 0 ? rest + 1 : 0);

	return digits > 0 && len <= 15 && from[len] == '\0' && (digits == 1 || *from != '0');
}

static void cell_write(lxw_worksheet *sheet, size_t row, size_t col, const char *s, lxw_format *head)
{
	if (s == NULL || *s == '\0')
		return;
	if (row > 0 && is_number(s))
		(void)worksheet_write_number(sheet, (lxw_row_t)row, (lxw_col_t)col, strtod(s, NULL), NULL);
	else
		(void)worksheet_write_string(sheet, (lxw_row_t)row, (lxw_col_t)col, s, row == 0 ? head : NULL);
}

/* Excel refuses some signs in the name of a sheet, and more than 31 of any. */
static const char *sheet_name(struct ctx *c, const char *title)
{
	char *name = arena_strndup(c->arena, title, utf8_cut(title, strlen(title), NAME_MAX_SHEET));

	for (char *s = name; *s != '\0'; s++)
		if (strchr("[]:*?/\\'", *s) != NULL)
			*s = ' ';
	return name;
}

static bool bytes_of(struct ctx *c, int fd, struct buf *out)
{
	char part[16384];
	ssize_t got;

	if (lseek(fd, 0, SEEK_SET) != 0)
		return fail(c, E_BUSY, T_app_not_saved);
	while ((got = read(fd, part, sizeof(part))) > 0)
		buf_add(out, part, (size_t)got);
	return (got == 0 && out->len > 0) || fail(c, E_BUSY, T_app_not_saved);
}

bool xlsx_write(
	struct ctx *c, const char *title, size_t rows, size_t cols, xlsx_cell cell, const void *who, struct buf *out)
{
	int fd = memfd_create("xlsx", MFD_CLOEXEC);
	lxw_workbook *book;
	lxw_worksheet *sheet;
	lxw_format *bold;
	bool good;

	if (fd < 0)
		return fail(c, E_BUSY, T_app_not_saved);
	book = workbook_new(arena_printf(c->arena, "/proc/self/fd/%d", fd));
	sheet = workbook_add_worksheet(book, sheet_name(c, title));
	bold = workbook_add_format(book);
	format_set_bold(bold);
	worksheet_freeze_panes(sheet, 1, 0);
	(void)worksheet_set_column(sheet, 0, (lxw_col_t)(cols > 0 ? cols - 1 : 0), 18, NULL);
	for (size_t row = 0; row < rows; row++)
		for (size_t col = 0; col < cols; col++)
			cell_write(sheet, row, col, cell(who, row, col), bold);
	good = workbook_close(book) == LXW_NO_ERROR || fail(c, E_BUSY, T_app_not_saved);
	good = good && bytes_of(c, fd, out);
	(void)close(fd);
	return good;
}
