/* What the files of routes share. */
#ifndef MOD_INTAKE_WEB_H
#define MOD_INTAKE_WEB_H

#include "http/server.h"
#include "mod/intake/intake_view.h"

extern const struct view intake_answer;
/* NULL: INT64_MIN. */
NODISCARD bool intake_customer_named(struct ctx *c, const char *code, int64_t *id);

/* ---- files: intake_file.c ---- */

struct intake_file_in {
	const char *customer, *sender, *sender_name, *external_id;
	bool again;
};

/* A block copied from a spreadsheet: cells parted by tabs. */
struct intake_table_in {
	const char *text, *customer;
};

struct intake_columns_in {
	int64_t head; /* the row of the head as the file counts, 0: none */
	struct intake_column_in {
		int role;
	} * columns;
	size_t columns_len;
};

extern const struct field intake_file_fields[], intake_table_fields[], intake_columns_fields[];
/* What stands in the bytes; slow, so never in a transaction that others wait for. */
NODISCARD bool intake_file_read(
	struct ctx *c, const struct upload *u, struct intake_raw *raw, struct sheet *sheet, struct intake_doc *doc);
struct done *ubl_response_get(struct ctx *c, struct req *r);
struct done *intake_file_post(struct ctx *c, struct req *r);
struct done *intake_preview_post(struct ctx *c, struct req *r);
struct done *intake_table_post(struct ctx *c, struct req *r);
struct done *intake_columns_post(struct ctx *c, struct req *r);

/* ---- calls: intake_call.c ---- */

struct intake_call_in {
	const char *tel;
};
extern const struct field intake_call_fields[];
struct done *intake_call_get(struct ctx *c, struct req *r);

#endif
