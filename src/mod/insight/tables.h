/* tables: building the tables of the pages, cell by cell; and sending one as a file. */
#ifndef MOD_INSIGHT_TABLES_H
#define MOD_INSIGHT_TABLES_H

#include "mod/insight/insight_view.h"

struct table {
	struct ctx *c;
	struct insight_table out;
	struct buf heads, rows, cells;
	size_t row_begin;
};
void tab_begin(struct table *t, struct ctx *c, const char *name, enum text title, enum text note);
void tab_head(struct table *t, enum text label, bool num);
void tab_row(struct table *t);
void tab_text(struct table *t, const char *text, const char *url);
void tab_count(struct table *t, size_t n, const char *url);
void tab_time(struct table *t, int64_t us);
void tab_share(struct table *t, int64_t part, int64_t whole);
/* Puts it on the page. */
void tab_end(struct table *t, struct insight_page *p);

/* format "csv" or "xlsx" */
struct done *tab_send(struct ctx *c, struct req *r, const struct insight_table *t, const char *format);

#endif
