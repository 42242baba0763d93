/* insight_pages: what stands on the pages of the process, from its figures. */
#ifndef MOD_INSIGHT_PAGES_H
#define MOD_INSIGHT_PAGES_H

#include "mod/insight/insight_view.h"
#include "mod/insight/tables.h"

/* Each adds its figures, sentences and tables to the page. */
void page_overview(struct ctx *c, const struct process *p, struct insight_page *out, enum role role);
void page_variants(struct ctx *c, const struct process *p, struct insight_page *out);
void page_people(struct ctx *c, const struct process *p, struct insight_page *out);
void page_trend(struct ctx *c, const struct process *before, const struct process *after, struct insight_page *out);
/* The sentence about what is waited for most; NULL if nothing is. */
const char *bottleneck_text(struct ctx *c, const struct process *p, const struct step *s);
/* Orders behind a figure, by address: "/process/orders?show=again" and the filter. */
const char *orders_url(struct ctx *c, const struct insight_page *p, const char *name, const char *value);

#endif
