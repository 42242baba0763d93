/* xlsx_value: what a cell of an XLSX file shows, from what is stored in it. Pure functions. */
#ifndef APP_XLSX_VALUE_H
#define APP_XLSX_VALUE_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

enum cell_type { CELL_NUMBER, CELL_SHARED, CELL_TEXT, CELL_BOOL, CELL_DATE };
enum shown { SHOWN_NUMBER, SHOWN_DATE, SHOWN_TIME, SHOWN_BOTH };

/* The attribute t; an error cell shows its name and is text. */
enum cell_type cell_type_of(const char *t);
/* "C12" or "$C$12": column 2 from 0, row 12. */
bool cell_place(const char *ref, size_t *col, size_t *row);

enum shown shown_by_id(long id);            /* Excel's own formats */
enum shown shown_by_code(const char *code); /* "yyyy-mm-dd" */

/* Fifteen digits, as Excel counts, without exponent; or the day and time that the number stands for. */
const char *number_shown(struct arena *a, const char *v, enum shown shown, bool date_1904);
/* "2026-11-24T05:00:00" → "2026-11-24 05:00"; midnight is left out. */
const char *iso_shown(struct arena *a, const char *v);
/* _x000D_ and the like are characters that XML cannot hold. */
const char *unescape_x(struct arena *a, const char *s, size_t len);

#endif
